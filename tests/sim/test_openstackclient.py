"""Debian's python3-openstackclient against the simulator: what a person types."""
import json
import os
import subprocess
import sys
import tempfile

import foreign
import ostest
import simtest

try:
    from openstackclient import shell
except ImportError as e:
    shell, reason = None, str(e)

OPENSTACK = "/usr/bin/openstack"  # Debian's, whatever else is in the PATH
IMAGE = "debian-12-genericcloud-amd64"


def run_forked(line, env, out, err):
    """The child: its streams are the files, and it ends here."""
    code = 70
    try:
        os.environ.clear()
        os.environ.update(env)
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        code = shell.main(line)
    except SystemExit as e:
        code = e.code if isinstance(e.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class OpenStackClient(ostest.Case):
    def setUp(self):
        if not shell:
            foreign.missing("python3-openstackclient", reason)
        super().setUp()
        self.home = foreign.scratch(self)
        self.env = {**foreign.environment(self.home), "OS_AUTH_URL": self.sim.url, "OS_USERNAME": "demo",
                    "OS_PASSWORD": ostest.PASSWORD, "OS_PROJECT_NAME": "demo", "OS_USER_DOMAIN_NAME": "Default",
                    "OS_PROJECT_DOMAIN_NAME": "Default", "OS_REGION_NAME": "RegionOne",
                    "OS_IDENTITY_API_VERSION": "3"}

    def openstack(self, *words, status=0, shown=True, **env):
        """What a command prints, as JSON; the error text of one that fails.

        It runs in a fork of this process: the client's imports take longer than everything else.
        """
        line = [*words, *(["-f", "json"] if shown and not status else [])]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if not child:
                run_forked(line, {**self.env, **env}, out, err)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            said, told = (f.seek(0) or f.read().decode() for f in (out, err))
        self.assertEqual(code, status, f"{words}\n{said}\n{told}")
        if status:
            return told
        text = said.strip()
        return json.loads(text[text.index(next(c for c in text if c in "[{")):]) if shown and text else text

    def test_the_command_itself(self):
        r = subprocess.run([OPENSTACK, "server", "list", "-f", "json"], capture_output=True, text=True, timeout=120, env=self.env)
        self.assertEqual((r.returncode, r.stdout.strip()), (0, "[]"), r.stderr)

    def status(self):
        return self.openstack("server", "show", "web")["status"]

    def test_life_of_a_server(self):
        self.sim.set(build_ms=1500)
        made = self.openstack("server", "create", "--flavor", "m1.tiny", "--image", IMAGE, "--property", "role=é",
                              "--availability-zone", "az1", "--wait", "web")
        self.assertEqual((made["status"], made["OS-EXT-AZ:availability_zone"]), ("ACTIVE", "az1"))
        listed = self.openstack("server", "list", "--name", "^we")
        self.assertEqual([(s["Name"], s["Image"], s["Flavor"]) for s in listed], [("web", IMAGE, "m1.tiny")])
        for verb, state in [("stop", "SHUTOFF"), ("start", "ACTIVE"), ("pause", "PAUSED"), ("unpause", "ACTIVE"),
                            ("suspend", "SUSPENDED"), ("resume", "ACTIVE"), ("shelve", "SHELVED_OFFLOADED"),
                            ("unshelve", "ACTIVE"), ("rescue", "RESCUE"), ("unrescue", "ACTIVE")]:
            self.openstack("server", verb, "web", shown=False)
            self.assertEqual(self.status(), state, verb)
        self.openstack("server", "reboot", "--hard", "--wait", "web", shown=False)
        self.openstack("server", "delete", "--wait", "web", shown=False)
        self.assertEqual(self.openstack("server", "list"), [])

    def test_resize_rebuild_image(self):
        self.openstack("server", "create", "--flavor", "m1.tiny", "--image", IMAGE, "--wait", "web")
        self.openstack("server", "resize", "--flavor", "m1.small", "--wait", "web", shown=False)
        self.assertEqual(self.status(), "VERIFY_RESIZE")
        self.openstack("server", "resize", "confirm", "web", shown=False)
        self.assertIn("m1.small", self.openstack("server", "show", "web")["flavor"])
        self.openstack("server", "rebuild", "--image", "cirros-0.6.2-x86_64-disk", "--wait", "web", shown=False)
        made = self.openstack("server", "image", "create", "--name", "shot", "--wait", "web")
        self.assertEqual(made["status"], "active")
        self.assertIn("login:", self.openstack("console", "log", "show", "web", shown=False))
        self.assertIn("/console?token=", self.openstack("console", "url", "show", "web")["url"])
        self.openstack("server", "set", "--name", "www", "--property", "a=b", "web", shown=False)
        shown = self.openstack("server", "show", "www", OS_COMPUTE_API_VERSION="2.61")
        self.assertEqual((shown["properties"], shown["flavor"]["original_name"]), ({"a": "b"}, "m1.small"))

    def test_keys_groups_addresses(self):
        made = self.openstack("keypair", "create", "ops", shown=False)
        self.assertIn("BEGIN RSA PRIVATE KEY", made)
        self.openstack("security", "group", "create", "web")
        self.openstack("security", "group", "rule", "create", "--protocol", "tcp", "--dst-port", "80:81", "--remote-ip", "0.0.0.0/0", "web")
        rules = self.openstack("security", "group", "rule", "list", "web")
        self.assertIn(("tcp", "80:81"), [(r["IP Protocol"], r["Port Range"]) for r in rules])
        self.openstack("server", "create", "--flavor", "m1.tiny", "--image", IMAGE, "--key-name", "ops",
                       "--security-group", "web", "--network", "private", "--wait", "web")
        address = self.openstack("floating", "ip", "create", "public")["floating_ip_address"]
        self.openstack("server", "add", "floating", "ip", "web", address, shown=False)
        shown = self.openstack("server", "show", "web")
        self.assertIn(address, shown["addresses"]["private"])
        self.assertEqual((shown["key_name"], shown["security_groups"]), ("ops", [{"name": "web"}]))
        self.openstack("server", "remove", "floating", "ip", "web", address, shown=False)
        self.openstack("floating", "ip", "delete", address, shown=False)
        self.assertIn("in use", self.openstack("security", "group", "delete", "web", status=1))

    def test_images(self):
        path = os.path.join(self.home, "disk")
        with open(path, "wb") as f:
            f.write(b"\x00disk\xff" * 1000)
        self.openstack("image", "create", "--disk-format", "raw", "--file", path, "--property", "os_distro=own",
                       "--tag", "t1", "mine")
        made = self.openstack("image", "show", "mine")
        self.assertEqual((made["status"], made["size"]), ("active", 6000))
        self.openstack("image", "save", "--file", path + ".back", "mine", shown=False)
        with open(path + ".back", "rb") as f:
            self.assertEqual(f.read(), b"\x00disk\xff" * 1000)
        self.openstack("image", "set", "--property", "a=b", "--min-ram", "512", "mine", shown=False)
        shown = self.openstack("image", "show", "mine")
        self.assertEqual((shown["min_ram"], shown["properties"]["a"], shown["tags"]), (512, "b", ["t1"]))
        demo2 = self.openstack("project", "list", "--my-projects")
        other = next(p["ID"] for p in demo2 if p["Name"] == "demo2")
        self.openstack("image", "add", "project", "mine", other)
        self.openstack("image", "set", "--accept", made["id"], shown=False, OS_PROJECT_NAME="demo2")
        self.assertIn("mine", [i["Name"] for i in self.openstack("image", "list", OS_PROJECT_NAME="demo2")])
        self.openstack("image", "delete", "mine", shown=False)
        self.assertIn("No Image found", self.openstack("image", "show", "mine", status=1))

    def test_what_there_is(self):
        self.sim.control("seed", {"servers": {"count": 25, "name": "n-{n}"}})
        self.sim.set(page_max=10)
        self.assertEqual(len(self.openstack("server", "list", "--limit", "-1")), 25)
        self.assertEqual([z["Zone Name"] for z in self.openstack("availability", "zone", "list", "--compute")],
                         ["nova", "az1", "az2"])
        self.assertIn("m1.tiny", [f["Name"] for f in self.openstack("flavor", "list")])
        limits = self.openstack("limits", "show", "--absolute")
        self.assertIn({"Name": "totalInstancesUsed", "Value": 25}, limits)
        types = [e["Type"] for e in self.openstack("catalog", "list")]
        self.assertEqual(types, ["identity", "compute", "compute_legacy", "image", "network"])

    def test_credentials(self):
        made = self.openstack("application", "credential", "create", "--secret", "s3", "mine")
        none = dict.fromkeys(("OS_USERNAME", "OS_PASSWORD", "OS_PROJECT_NAME", "OS_USER_DOMAIN_NAME",
                              "OS_PROJECT_DOMAIN_NAME"), "")
        self.openstack("server", "list", **none, OS_AUTH_TYPE="v3applicationcredential",
                       OS_APPLICATION_CREDENTIAL_ID=made["id"], OS_APPLICATION_CREDENTIAL_SECRET="s3")
        self.openstack("flavor", "list", OS_REGION_NAME="RegionTwo")
        self.assertIn("HTTP 401", self.openstack("server", "list", status=1, OS_PASSWORD="wrong"))
        token = self.openstack("token", "issue")["id"]
        self.openstack("token", "revoke", token, shown=False)

    def test_errors(self):
        self.assertIn("No server with a name or ID", self.openstack("server", "show", "none", status=1))
        self.assertIn("No valid host", str(self.impossible()))
        tiny = {"OS_USERNAME": "tiny", "OS_PROJECT_NAME": "tiny"}
        self.openstack("server", "create", "--flavor", "m1.tiny", "--image", IMAGE, "one", **tiny)
        self.assertIn("Quota exceeded for instances: Requested 1, but already used 1 of 1 instances",
                      self.openstack("server", "create", "--flavor", "m1.tiny", "--image", IMAGE, "two", status=1, **tiny))

    def impossible(self):
        self.openstack("server", "create", "--flavor", "x1.impossible", "--image", IMAGE, "web")
        return self.openstack("server", "show", "web")["fault"]


if __name__ == "__main__":
    simtest.main()
