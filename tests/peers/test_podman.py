"""The nube command against Podman's Docker-compatible service, in namespaces of its own.

Environment: NUBE, NUBE_DRIVERS and NUBE_SERVICES as docker_case.py says.  Podman changes no
interface, mount or storage of this machine; where it cannot be started that way, or cannot start
a container, that is a skip which says why.
"""
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
import unittest

from docker_case import Nube

IMAGE = "localhost/nube/busybox:1"
BUSYBOX = next((p for p in ("/bin/busybox", "/usr/bin/busybox") if os.path.exists(p)), None)
# No other limits than the caller has, since a sandbox may not let them be raised.
CONTAINERS_CONF = """[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
"""
# What it writes outside its own folder is forgotten with the namespaces.
APART = """for d in /run /var/lib/cni /var/lib/containers; do
  [ ! -d $d ] || mount -t tmpfs -o mode=755 tmpfs $d || exit
done
exec "$@"
"""


def root_archive(path):
    """A tar archive of a root directory with nothing but busybox under its names."""
    with tarfile.open(path, "w") as tar:
        tar.add(BUSYBOX, "bin/busybox")
        for name in ("cat", "echo", "ps", "sh", "sleep"):
            link = tarfile.TarInfo("bin/" + name)
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)


class Service:
    """`podman system service` on a socket, with storage of its own; ends with close()."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="nube-podman-")
        self.process = None
        self.socket = self.path("sock")
        with open(self.path("containers.conf"), "w") as f:
            f.write(CONTAINERS_CONF)
        self.env = dict(os.environ, CONTAINERS_CONF=self.path("containers.conf"), HOME=self.dir)
        self.env.pop("XDG_RUNTIME_DIR", None)
        self.inside = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child",
                       "--mount-proc", "sh", "-c", APART, "sh", "podman", "--root",
                       self.path("root"), "--runroot", self.path("run"), "--tmpdir", self.path("tmp"), "--storage-driver", "vfs"]

    def path(self, name):
        return os.path.join(self.dir, name)

    def podman(self, *args):
        return subprocess.run(self.inside + list(args), env=self.env, capture_output=True,
                              stdin=subprocess.DEVNULL, text=True, timeout=120)

    def why_not(self):
        """Imports the image and starts the service; what is in the way, None when nothing is."""
        root_archive(self.path("root.tar"))
        p = self.podman("import", "--change", 'CMD ["/bin/sleep","600"]', "--change",
                        "ENV PATH=/bin", self.path("root.tar"), IMAGE)
        if p.returncode:
            return "podman cannot import an image here: " + p.stderr.strip()[-300:]
        log = open(self.path("log"), "w")
        self.process = subprocess.Popen(
            self.inside + ["system", "service", "-t", "0", "unix://" + self.socket], env=self.env,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()
        until = time.monotonic() + 30
        while not os.path.exists(self.socket):
            if self.process.poll() is not None or time.monotonic() > until:
                with open(self.path("log")) as f:
                    return "podman's service does not start here: " + f.read().strip()[-300:]
            time.sleep(0.05)
        return None

    def close(self):
        if self.process:
            self.process.kill()  # unshare heeds no other signal, and takes the namespaces along
            self.process.wait(timeout=30)
        # what runs in a mount namespace that is gone leaves no mount here
        shutil.rmtree(self.dir, ignore_errors=True)


service = None


def setUpModule():
    global service
    if not shutil.which("podman") or not BUSYBOX:
        raise unittest.SkipTest("podman or busybox is not installed: see scripts/install-deps")
    if os.geteuid() != 0:
        raise unittest.SkipTest("podman is started in namespaces of its own: only root may do that")
    service = Service()
    unittest.addModuleCleanup(service.close)
    reason = service.why_not()
    if reason:
        raise unittest.SkipTest(reason)


class Podman(Nube):
    def setUp(self):
        super().setUp()
        self.add("pd", "host=unix://" + service.socket)
        self.sweep()
        self.addCleanup(self.sweep)

    def pd(self, *args, **more):
        return self.nube("-b", "pd", "-o", "json", *args, **more)

    def refused(self, status, *args):
        return json.loads(self.pd(*args, status=status).err)["message"]

    def api(self, method, path):
        return self.talk(service.socket, method, path)

    def sweep(self):
        for c in self.api("GET", "/containers/json?all=1")[1]:
            self.api("DELETE", f"/containers/{c['Id']}?force=1&v=1")

    def names(self):
        return sorted(n["name"] for n in self.pd("node", "list").json())

    def create(self, name, *options, start="no", command=()):
        return self.pd("node", "create", "-n", name, "-i", IMAGE, "--set", "start=" + start,
                       *options, "--", *command).json()[0]


class WithoutStarting(Podman):
    def test_the_account_is_good(self):
        checked = self.nube("-o", "json", "backend", "check", "pd").json()[0]
        self.assertEqual(checked["status"], "ok", checked)

    def test_it_is_a_location_with_sizes(self):
        name = self.api("GET", "/info")[1]["Name"]
        for _ in range(2):  # the ID that it gives is another every time
            rows = self.pd("location", "list").json()
            self.assertEqual([(r["id"], r["name"]) for r in rows], [(name, name)])
        self.assertIn("nano", [s["id"] for s in self.pd("size", "list").json()])

    def test_the_image_is_listed_and_shown(self):
        there = self.api("GET", f"/images/{IMAGE}/json")[1]["Id"].replace("sha256:", "")
        listed = {i["name"]: i["id"] for i in self.pd("image", "list").json()}
        self.assertEqual(listed[IMAGE].replace("sha256:", ""), there)
        self.assertEqual(self.pd("image", "show", IMAGE).json()[0]["os"], "linux")

    def test_create_list_rename_destroy(self):
        node = self.create("one", "--tag", "role=web", "--set", "memory=64MiB")
        self.assertEqual((node["name"], node["state"], node["image"], node["tags"]["role"]),
                         ("one", "stopped", IMAGE, "web"))
        self.assertIn("start", node["actions"])
        there = self.api("GET", "/containers/one/json")[1]
        self.assertEqual((there["Id"], there["HostConfig"]["Memory"]), (node["id"], 64 << 20))
        self.assertEqual([n["id"] for n in self.pd("node", "list", "--tag", "role=web").json()],
                         [node["id"]])
        self.assertEqual(self.pd("node", "list", "--tag", "role=db").json(), [])
        self.pd("node", "rename", "one", "uno")
        self.assertEqual(self.names(), ["uno"])
        self.pd("node", "destroy", "uno", "--yes")
        self.assertEqual(self.api("GET", "/containers/json?all=1")[1], [])

    def test_what_is_not_there_is_5(self):
        self.assertIn("nosuch", self.refused(5, "node", "show", "nosuch"))
        self.assertIn("nosuch", self.refused(5, "raw", "GET", "containers/nosuch/json"))
        self.assertIn("nosuch", self.refused(5, "node", "create", "-n", "one", "-i",
                                             "localhost/nosuch:1", "--set", "pull=never"))
        self.assertEqual(self.names(), [])

    def test_a_taken_name_is_7(self):
        self.create("one")
        self.assertIn("one", self.refused(7, "node", "create", "-n", "one", "-i", IMAGE, "--set",
                                          "start=no"))

    def test_an_archive_is_imported_under_its_name(self):
        made = self.pd("image", "create", "-n", "localhost/nube/import:2", "--file",
                       service.path("root.tar"), "--set", 'change=CMD ["/bin/ps"]').json()[0]
        self.assertEqual(made["name"], "localhost/nube/import:2")
        there = self.api("GET", "/images/localhost/nube/import:2/json")[1]
        self.assertEqual(there["Config"]["Cmd"], ["/bin/ps"])
        self.pd("image", "delete", "localhost/nube/import:2", "--yes")
        self.assertEqual(self.api("GET", "/images/localhost/nube/import:2/json")[0], 404)

    def test_a_node_is_committed_and_tagged(self):
        self.create("one")
        mine = ("localhost/nube/commit:1", "localhost/nube/commit:2")
        self.pd("image", "create", "--node", "one", "-n", mine[0], "--set",
                'change=CMD ["/bin/ps"]')
        self.pd("image", "tag", *mine)
        there = [self.api("GET", f"/images/{n}/json")[1] for n in mine]
        self.assertEqual([t["Config"]["Cmd"] for t in there], [["/bin/ps"]] * 2)
        self.pd("image", "delete", *mine, "--yes")
        self.assertEqual(self.api("GET", f"/images/{mine[0]}/json")[0], 404)


class Started(Podman):
    @classmethod
    def setUpClass(cls):
        p = service.podman("run", "--rm", "--network", "none", IMAGE, "/bin/echo", "started")
        if p.stdout != "started\n":
            raise unittest.SkipTest("podman cannot start a container here: "
                                    + p.stderr.strip()[-300:])

    def test_a_life(self):
        node = self.create("one", "--set", "network=none", start="yes",
                           command=("sh", "-c", "echo a; echo b >&2; exec sleep 600"))
        self.assertEqual(node["state"], "running")
        done = self.nube("-b", "pd", "node", "run", "one", "--", "sh", "-c",
                         "echo out; echo err >&2; exit 3", status=3)
        self.assertEqual((done.out, done.err), ("out\n", "err\n"))
        self.assertIn("PID", self.nube("-b", "pd", "node", "action", "one", "top").out)
        for verb, state, more in (("suspend", "paused", ()), ("resume", "running", ()),
                                  ("reboot", "running", ("--set", "timeout=1")),
                                  ("stop", "stopped", ("--set", "timeout=1")),
                                  ("start", "running", ())):
            self.pd("node", verb, "one", "--wait", *more)
            self.assertEqual(self.pd("node", "show", "one").json()[0]["state"], state, verb)
        self.pd("node", "destroy", "one", "--yes")
        self.assertEqual(self.names(), [])

    def test_the_log_and_the_end(self):
        self.create("one", "--set", "network=none", start="yes",
                    command=("sh", "-c", "echo a; echo b >&2; exit 4"))
        self.pd("node", "wait", "one", "--until", "stopped")
        done = self.nube("-b", "pd", "node", "console", "one")
        self.assertEqual((done.out, done.err), ("a\n", "b\n"))
        self.assertEqual(self.pd("node", "show", "one").json()[0]["extra"]["exit_code"], 4)

    def test_what_did_not_start_is_removed_again(self):
        self.assertIn("/no/such", json.loads(self.pd(
            "node", "create", "-n", "one", "-i", IMAGE, "--set", "network=none", "--", "/no/such",
            status=1).err)["message"])
        self.assertEqual(self.names(), [])

    def test_limits_that_this_podman_cannot_change_are_10(self):
        if self.api("POST", "/containers/nosuch/update")[1] != "Not Found\n":
            self.skipTest("this podman can change limits")
        self.create("one", "--set", "network=none", start="yes")
        self.assertIn("no such part", self.refused(10, "node", "resize", "one", "--set",
                                                   "memory=96MiB"))


if __name__ == "__main__":
    unittest.main(verbosity=2)  # says why it skips
