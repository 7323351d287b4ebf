"""What the tests of the nube command against a real, private Docker Engine share.

Environment: NUBE, NUBE_DRIVERS and NUBE_SERVICES say where the command, its
drivers and its services are; DOCKERTEST_DIR is the engine's directory with
docker.sock, port, certs/ and bad-certs/; LIFE is the C program built from life.c.
Nothing is skipped: without them it fails.
"""
import base64
import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

IMAGE = "dockertest/busybox:1.35"
REGISTRY = "127.0.0.1:5000"
PULLED = REGISTRY + "/dockertest/pulled:1"
BROKEN = REGISTRY + "/dockertest/broken:1"


def wanted(name):
    value = os.environ.get(name)
    if not value or not os.path.exists(value):
        raise AssertionError(f"{name} must name something that exists, is {value!r}")
    return os.path.abspath(value)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("docker", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Done:
    def __init__(self, process, seconds):
        self.status = process.returncode
        self.out = process.stdout
        self.err = process.stderr
        self.seconds = seconds

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"status {self.status}\n--- out\n{self.out}\n--- err\n{self.err}"


class Nube(unittest.TestCase):
    """A fresh home for the command."""

    def setUp(self):
        self.command = [wanted("NUBE"), "--driver-path", wanted("NUBE_DRIVERS"),
                        "--service-path", wanted("NUBE_SERVICES")]
        self.home = tempfile.mkdtemp(prefix="nube-test-")
        self.addCleanup(shutil.rmtree, self.home)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("DOCKER_", "NUBE"))}
        self.env.update(HOME=self.home, XDG_CONFIG_HOME=os.path.join(self.home, "config"))

    def nube(self, *args, status=0, env=None, stdin=subprocess.DEVNULL):
        before = time.monotonic()
        p = subprocess.run(self.command + list(args), env=env or self.env, timeout=60,
                           stdin=stdin, capture_output=True, text=True)
        done = Done(p, time.monotonic() - before)
        if status is not None:
            self.assertEqual(done.status, status, f"nube {' '.join(args)}: {done}")
        return done

    def add(self, name, *options):
        self.nube("backend", "add", name, "docker", *options)

    def talk(self, path, method, target, body=None):
        """Status and document (or text) of a request without the command's help."""
        c = UnixConnection(path)
        try:
            c.request(method, target, json.dumps(body) if body is not None else None,
                      {"Content-Type": "application/json"})
            r = c.getresponse()
            text = r.read()
        finally:
            c.close()
        try:
            return r.status, json.loads(text) if text else None
        except ValueError:
            return r.status, text.decode()


class Case(Nube):
    """A backend "dk" for the engine; every container it leaves is removed."""

    def setUp(self):
        super().setUp()
        self.engine = wanted("DOCKERTEST_DIR")
        self.socket = os.path.join(self.engine, "docker.sock")
        with open(os.path.join(self.engine, "port")) as f:
            self.tls = "tcp://127.0.0.1:" + f.read().strip()
        self.sweep()
        self.addCleanup(self.sweep)
        self.add("dk", "host=unix://" + self.socket)

    def certificates(self, name):
        d = os.path.join(self.engine, name)
        return ("ca_file=" + os.path.join(self.engine, "certs/ca.pem"),
                f"cert_file={d}/cert.pem", f"key_file={d}/key.pem")

    def api(self, method, path, body=None):
        return self.talk(self.socket, method, path, body)

    def sweep(self):
        for c in self.api("GET", "/containers/json?all=1")[1]:
            self.api("DELETE", f"/containers/{c['Id']}?force=1&v=1")

    def containers(self):
        return sorted(n[1:] for c in self.api("GET", "/containers/json?all=1")[1]
                      for n in c["Names"])

    def create(self, name, *options, command=("sleep", "600")):
        return self.nube("-b", "dk", "-o", "json", "node", "create", "-n", name, "-i", IMAGE,
                         "--wait", *options, "--", *command).json()[0]

    def state(self, name):
        node = self.nube("-b", "dk", "-o", "json", "node", "show", name).json()[0]
        return node["state"]

    def inspect(self, name):
        status, doc = self.api("GET", f"/containers/{name}/json")
        self.assertEqual(status, 200, doc)
        return doc

    def docker(self, *args):
        """What the docker command says of the same engine."""
        p = subprocess.run(["docker", "-H", "unix://" + self.socket, *args], env=self.env,
                           capture_output=True, text=True, timeout=60)
        self.assertEqual(p.returncode, 0, p.stderr)
        return p.stdout

    def life(self, *options, image=IMAGE):
        """The whole life of a node by the C program life.c; what it says."""
        p = subprocess.run([wanted("LIFE"), wanted("NUBE_DRIVERS"), wanted("NUBE_SERVICES"), image,
                            *options], env=self.env, capture_output=True, text=True, timeout=120)
        self.assertEqual(p.returncode, 0, p.stdout + p.stderr)
        self.assertIn("run: status 3, out\\n on one stream, err\\n on the other", p.stdout)
        self.assertEqual(self.containers(), [])
        return p.stdout


class WithRegistry(Case):
    """No image of the registry, and none that a test made as nube/..., stays with the engine."""

    def setUp(self):
        super().setUp()
        self.forget()
        self.addCleanup(self.forget)

    def forget(self):
        self.sweep()
        for name in self.images():
            if name.startswith((REGISTRY, "nube/")):
                self.api("DELETE", f"/images/{name}?force=1")

    def images(self):
        return {t for i in self.api("GET", "/images/json")[1] for t in i["RepoTags"] or []}

    def login(self, **config):
        os.makedirs(os.path.join(self.home, ".docker"), exist_ok=True)
        with open(os.path.join(self.home, ".docker/config.json"), "w") as f:
            json.dump(config, f)

    def stored(self, password, user="tester"):
        auth = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.login(auths={REGISTRY: {"auth": auth}})
