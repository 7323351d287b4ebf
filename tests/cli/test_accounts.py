#!/usr/bin/env python3
"""Accounts of the command: import from other tools, search, questions on a terminal, changes that are cut off. NUBE=path of the command."""
import hashlib
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import tempfile
import unittest

NUBE = os.environ.get("NUBE", "nube")
WHERE = ["--driver-path", os.environ.get("NUBE_DRIVERS", ""), "--service-path", os.environ.get("NUBE_SERVICES", "")]
FILES = {
    ".aws/config": "[default]\nregion = us-east-1\n[profile prod]\nregion = eu-west-1\n[sso-session one]\n[profile  role]\n",
    ".aws/credentials": "[default]\naws_access_key_id = AKIA\naws_secret_access_key = hush-hush\n[ prod ]\n",
    ".config/openstack/clouds.yaml": "clouds:\n  devstack:\n    auth: {password: hush-hush}\n  default: {}\n",
    ".docker/contexts/meta/1f/meta.json": '{"Name": "prod", "Endpoints": {}}',
}


class Accounts(unittest.TestCase):
    def setUp(self):
        home = tempfile.TemporaryDirectory(prefix="nube-accounts-")
        self.addCleanup(home.cleanup)
        self.home = home.name
        self.env = {"HOME": self.home, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "AWS_EC2_METADATA_DISABLED": "true",
                    **{n: v for n, v in os.environ.items() if n.startswith(("ASAN_", "UBSAN_", "LSAN_", "LD_"))}}
        self.ini = os.path.join(self.home, ".config/nube/backends.ini")

    def put(self, files):
        for name, text in files.items():
            path = os.path.join(self.home, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)

    def nube(self, *args, status=0, env=None, before=()):
        done = subprocess.run([*before, NUBE, *args, *WHERE], env={**self.env, **(env or {})}, capture_output=True, text=True,
                              timeout=60, stdin=subprocess.DEVNULL)
        if status is not None:
            self.assertEqual(done.returncode, status, done)
        return done

    def found(self, **more):
        """What import shows, but for a Docker engine that this machine may have."""
        rows = json.loads(self.nube("backend", "import", "-o", "json", **more).stdout)
        found = {r["name"]: r for r in rows if r["name"] != "docker"}
        self.assertEqual(len(found), len([r for r in rows if r["name"] != "docker"]), rows)
        return found

    def names(self):
        return [b["name"] for b in json.loads(self.nube("backend", "list", "-o", "json").stdout)]

    def at_terminal(self, *args, answers=(), status=0):
        pid, fd = pty.fork()
        if pid == 0:
            os.execve(NUBE, [NUBE, *args, *WHERE], self.env)
        shown, answers = b"", list(answers)
        while True:
            if not select.select([fd], [], [], 60)[0]:
                os.kill(pid, signal.SIGKILL)
            try:
                piece = os.read(fd, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
            if answers and answers[0][0] in shown:
                os.write(fd, answers.pop(0)[1])
        os.close(fd)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), status, shown)
        return shown.decode()


class Import(Accounts):
    def test_everything_is_found_once_and_named_apart(self):
        self.put(FILES)
        found = self.found()
        self.assertEqual({n: (r["provider"], r["reference"]) for n, r in found.items()}, {
            "ec2-default": ("ec2", "profile=default"), "ec2-prod": ("ec2", "profile=prod"), "role": ("ec2", "profile=role"),
            "devstack": ("openstack", "cloud=devstack"), "openstack-default": ("openstack", "cloud=default"),
            "docker-prod": ("docker", "context=prod")})
        self.assertFalse(os.path.exists(self.ini))
        self.assertIn("nothing was added", self.nube("backend", "import").stderr)

    def test_triton_profiles_and_hosts_of_ssh(self):
        self.put({".triton/profiles.d/east.json": '{"url": "https://x", "account": "me", "keyId": "aa:bb"}',
                  ".ssh/config": "Host web db\n  User ops\nHost *.lan\n"})
        self.assertEqual({n: (r["provider"], r["reference"]) for n, r in self.found().items()},
                         {"east": ("joyent", "profile=east"), "baremetal": ("bare_metal", "")})
        self.nube("backend", "import", "baremetal")
        self.assertEqual(self.nube("node", "list", "-o", "id").stdout, "db\nweb\n")

    def test_by_reference_and_never_twice(self):
        self.put(FILES)
        self.nube("backend", "import", "ec2-prod", "devstack")
        self.assertEqual(self.names(), ["ec2-prod", "devstack"])
        self.assertIn("there already", self.nube("backend", "import", "devstack").stderr)
        self.nube("backend", "import", "--all")
        self.assertEqual(len(self.names()), len(set(self.names())))
        self.assertTrue(set(self.found()) <= set(self.names()))
        with open(self.ini, encoding="utf-8") as f:
            self.assertNotIn("hush", f.read())
        self.assertEqual({r["backend"] for r in self.found().values()}, set(self.found()))

    def test_a_name_that_is_taken(self):
        self.put(FILES)
        self.nube("backend", "add", "role", "docker", "host=unix:///x")
        self.nube("backend", "import", "role")
        self.assertEqual(self.names(), ["role", "ec2-role"])

    def test_one_wrong_name_adds_nothing(self):
        self.put(FILES)
        done = self.nube("backend", "import", "devstack", "ec2-prd", status=5)
        self.assertIn('did you mean "ec2-prod"?', done.stderr)
        self.assertEqual(self.names(), [])
        self.nube("backend", "import", "--all", "devstack", status=2)

    def test_variables(self):
        self.assertEqual(self.found(), {})
        self.nube("backend", "import", "x", status=5)
        found = self.found(env={"AWS_ACCESS_KEY_ID": "AKIA", "OS_AUTH_URL": "https://k"})
        self.assertEqual({n: (r["reference"], r["where"]) for n, r in found.items()},
                         {"ec2": ("", "AWS_ACCESS_KEY_ID"), "openstack": ("", "OS_AUTH_URL")})
        self.put({"other/c.yaml": "clouds: {far: {}}", "d [x]/contexts/meta/a/meta.json": '{"Name": "boxed"}', **FILES})
        found = self.found(env={"OS_CLIENT_CONFIG_FILE": self.home + "/other/c.yaml", "DOCKER_CONFIG": self.home + "/d [x]",
                                "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"})
        self.assertEqual(set(found), {"far", "boxed"})

    def test_what_cannot_be_read_is_told_and_the_rest_is_found(self):
        self.put({**FILES, ".config/openstack/clouds.yaml": "clouds: [", ".docker/contexts/meta/2/meta.json": "{"})
        done = self.nube("backend", "import", "-o", "json")
        self.assertIn("clouds.yaml", done.stderr)
        self.assertIn("meta/2/meta.json", done.stderr)
        self.assertIn("ec2-prod", done.stdout)

    def test_a_terminal_is_asked(self):
        self.put(FILES)
        shown = self.at_terminal("backend", "import", answers=[(b"Which?", b"devstack, ec2-prod\n")])
        self.assertIn("devstack: added", shown)
        self.assertEqual(self.names(), ["devstack", "ec2-prod"])
        shown = self.at_terminal("backend", "import", answers=[(b"Which?", b"\n")])
        self.assertIn("nothing was added", shown)
        self.at_terminal("backend", "import", answers=[(b"Which?", b"999\n")], status=5)
        self.at_terminal("backend", "import", answers=[(b"Which?", b"\x03")], status=130)

    def test_without_a_backend_they_are_asked(self):
        """Nothing answers at what these name, so that nothing leaves this machine."""
        where = ".docker/contexts/meta/%s/meta.json" % hashlib.sha256(b"one").hexdigest()
        self.put({where: '{"Name": "one", "Endpoints": {"docker": {"Host": "unix:///nonexistent/one.sock"}}}'})
        done = self.nube("node", "list", "-b", "one", status=1)
        self.assertIn("one: node list", done.stderr)
        self.assertIn("/nonexistent/one.sock", done.stderr)
        done = self.nube("node", "list", status=None)
        self.assertIn("/nonexistent/one.sock", done.stderr)
        self.assertIn("no backend is configured, so what other tools have", done.stderr)


class Backends(Accounts):
    def test_search(self):
        for name, provider in (("Front", "docker"), ("back", "ec2_us_east"), ("other", "docker")):
            self.nube("backend", "add", name, provider)
        for term, names in (("fronT", ["Front"]), ("EC2_US", ["back"]), ("docker", ["Front", "other"]), ("no-such", [])):
            rows = json.loads(self.nube("backend", "search", term, "-o", "json").stdout)
            self.assertEqual([r["name"] for r in rows], names)
        one = self.nube("backend", "list", "-o", "id").stdout.split()[1]
        self.assertIn("back", self.nube("backend", "search", one[3:20].swapcase()).stdout)
        self.nube("backend", "search", status=2)

    def test_a_driver_stands_for_all_its_providers(self):
        for name, provider in (("a", "ec2"), ("b", "ec2_us_east"), ("c", "docker")):
            self.nube("backend", "add", name, provider, "endpoint=http://127.0.0.1:1", "retries=0", *(
                [] if provider == "docker" else ["key=x", "secret=y", "region=us-east-1"][:2 + (provider == "ec2")]),
                status=None)
        for wanted, names in (("ec2", {"a", "b"}), ("ec2_us_east", {"b"})):
            rows = json.loads(self.nube("backend", "check", wanted, "-o", "json", status=None).stdout)
            self.assertEqual({r["backend"] for r in rows}, names)

    def test_what_is_missing_is_asked_for_and_a_secret_is_not_echoed(self):
        self.at_terminal("backend", "add", answers=[(b"Name", b"mine\n"), (b"Provider", b"docker\n")])
        shown = self.at_terminal("backend", "add", "cloud", "ec2", "key=AKIA", "region=us-east-1",
                                 answers=[(b"secret (", b"hush-hush\n")])
        self.assertNotIn("hush", shown)
        self.assertEqual(self.names(), ["mine", "cloud"])
        with open(self.ini, encoding="utf-8") as f:
            self.assertIn("secret = hush-hush\n", f.read())
        self.assertNotIn("hush", self.nube("backend", "show", "cloud").stdout)
        self.at_terminal("backend", "add", "profiled", "ec2", "profile=x")
        self.at_terminal("backend", "add", answers=[(b"Name", b"\x03")], status=130)
        for words in ([], ["x"]):
            self.assertIn("an argument is missing", self.nube("backend", "add", *words, status=2).stderr)

    def test_verbs_that_find_nothing_or_are_wrong(self):
        self.nube("backend", "add", "one", "docker")
        for words in (["show", "x"], ["rename", "x", "y"], ["enable", "x"], ["disable", "x"], ["remove", "x", "--yes"]):
            self.assertIn('"x"', self.nube("backend", *words, status=5).stderr)
        self.nube("backend", "add", "one", "docker", status=7)
        self.nube("backend", "add", "two", "docker", "nonsense=1", status=2)
        self.nube("backend", "remove", "one", status=2)
        self.assertEqual(self.names(), ["one"])

    def test_many_at_once_lose_nothing(self):
        line = ["backend", "add"]
        many = [subprocess.Popen([NUBE, *line, "n%d" % i, "docker", *WHERE], env=self.env, stdout=subprocess.DEVNULL) for i in range(12)]
        self.assertEqual([p.wait(60) for p in many], [0] * 12)
        self.assertEqual(set(self.names()), {"n%d" % i for i in range(12)})

    def test_killed_at_each_step_the_file_is_the_old_or_the_new_one(self):
        strace = shutil.which("strace")
        works = strace and subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True, timeout=60).returncode == 0
        if not works:
            self.skipTest("strace is not installed, or may not trace here")
        self.nube("backend", "add", "one", "docker")
        for number, call in enumerate(("flock", "fchmod", "fsync", "rename")):
            with open(self.ini, encoding="utf-8") as f:
                old = f.read()
            done = self.nube("backend", "add", "killed%d" % number, "docker", status=None, before=[
                strace, "-f", "-o", "/dev/null", "-e", "trace=%s" % call, "-e", "inject=%s:signal=KILL" % call])
            self.assertEqual((done.returncode, done.stdout), (-9, ""), call)
            with open(self.ini, encoding="utf-8") as f:
                now = f.read()
            self.assertTrue(now == old or ("killed%d" % number in now and now.startswith(old)), call)
            self.nube("backend", "add", "after-%s" % call, "docker")
            self.assertIn("after-" + call, self.names())


if __name__ == "__main__":
    unittest.main()
