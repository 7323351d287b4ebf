"""What the tests of CloudAPI share: keys made here, and a client that signs with the openssl command."""
import email.utils
import http.client
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse

import simtest

KINDS = {"rsa": ["-t", "rsa", "-b", "2048"], "ecdsa": ["-t", "ecdsa", "-b", "256"],
         "ecdsa384": ["-t", "ecdsa", "-b", "384"], "ecdsa521": ["-t", "ecdsa", "-b", "521"], "ed25519": ["-t", "ed25519"]}
IMAGES = {"base": "2b683a82-a066-11e3-97ab-2faa44700001", "nodejs": "1f6a4e72-a066-11e3-97ab-2faa44700003",
          "debian": "c2c31b00-a066-11e3-97ab-2faa44700004", "ubuntu": "7b5981c4-a066-11e3-97ab-2faa44700005"}
EXTERNAL = "a9c130da-e3ba-40e9-8b18-112aba200001"
FABRIC = "45607081-4cd2-45c8-baf7-79da76000001"


def run(*line, data=None):
    done = subprocess.run(line, input=data, capture_output=True, timeout=60, check=False)
    if done.returncode:
        raise AssertionError(f"{line}: {done.stderr.decode()}")
    return done.stdout


class Key:
    """A pair of its own; `path` is the private key in PEM, which openssl and node read."""

    def __init__(self, home, kind):
        self.kind, self.path = kind, os.path.join(home, f"id_{kind}")
        if kind == "ed25519":
            run("openssl", "genpkey", "-algorithm", "ed25519", "-out", self.path)
            der = run("openssl", "pkey", "-in", self.path, "-pubout", "-outform", "DER")
            blob = b"".join(len(p).to_bytes(4, "big") + p for p in (b"ssh-ed25519", der[-32:]))
            self.line = "ssh-ed25519 " + run("openssl", "base64", "-A", data=blob).decode() + " test"
            with open(self.path + ".pub", "w", encoding="ascii") as f:
                f.write(self.line + "\n")
        else:
            run("ssh-keygen", "-q", "-N", "", "-C", "test", "-m", "PEM", *KINDS[kind], "-f", self.path)
            with open(self.path + ".pub", encoding="ascii") as f:
                self.line = f.read().strip()
        os.chmod(self.path, 0o600)
        self.print = run("ssh-keygen", "-E", "md5", "-lf", self.path + ".pub").decode().split()[1][len("MD5:"):]

    def sign(self, text, digest="sha256"):
        if self.kind != "ed25519":
            raw = run("openssl", "dgst", "-" + digest, "-sign", self.path, "-binary", data=text.encode())
        else:
            with tempfile.NamedTemporaryFile() as f:
                f.write(text.encode())
                f.flush()
                raw = run("openssl", "pkeyutl", "-sign", "-inkey", self.path, "-rawin", "-in", f.name)
        return run("openssl", "base64", "-A", data=raw).decode()


class Reply:
    def __init__(self, response, body):
        self.status, self.body = response.status, body
        self.headers = {k.lower(): v for k, v in response.getheaders()}

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    @property
    def code(self):
        return self.json.get("code") if self.status >= 300 and isinstance(self.json, dict) else None

    def __str__(self):
        return f"{self.status} {self.body.decode('utf-8', 'replace')}"


class Client:
    """Signs with what it is given; every part can be made wrong."""

    def __init__(self, sim, key, login="demo", version="~9||~8", key_id=None):
        self.sim, self.key, self.login, self.version = sim, key, login, version
        self.key_id = key_id or f"/{login}/keys/{key.print}"
        self.connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=30)

    def close(self):
        self.connection.close()

    def authorization(self, method, target, date, algorithm=None, headers="(request-target) date"):
        algorithm = algorithm or {"rsa": "rsa-sha256", "ed25519": "ed25519-sha512"}.get(self.key.kind, "ecdsa-sha256")
        lines = {"(request-target)": f"(request-target): {method.lower()} {target}", "date": f"date: {date}"}
        signature = self.key.sign("\n".join(lines[h] for h in headers.split()), algorithm.split("-")[1])
        return f'Signature keyId="{self.key_id}",algorithm="{algorithm}",headers="{headers}",signature="{signature}"'

    def call(self, method, path, body=None, headers=None, skew=0, signed=True, authorization=None, **query):
        target = f"/{self.login}{path}" + ("?" + urllib.parse.urlencode(query) if query else "")
        date = email.utils.formatdate(time.time() + skew, usegmt=True)
        head = {"Date": date, "Accept": "application/json"}
        if self.version:
            head["Accept-Version"] = self.version
        if signed:
            head["Authorization"] = authorization or self.authorization(method, target, date)
        if body is not None:
            head["Content-Type"] = "application/json"
        self.connection.request(method, target, None if body is None else json.dumps(body), {**head, **(headers or {})})
        response = self.connection.getresponse()
        return Reply(response, response.read())

    def ok(self, method, path, body=None, status=200, **more):
        reply = self.call(method, path, body, **more)
        if reply.status != status:
            raise AssertionError(f"{method} {path}: {reply}")
        return reply.json if reply.headers.get("content-type") == "application/json" else reply.body.decode()

    def create(self, **more):
        return self.ok("POST", "/machines", {"image": IMAGES["debian"], "package": "sdc_128", **more}, 201)

    def state(self, machine):
        reply = self.call("GET", f"/machines/{machine}")
        return reply.json["state"]

    def act(self, machine, action, status=202, **more):
        return self.ok("POST", f"/machines/{machine}", more or None, status, action=action)


class Case(unittest.TestCase):
    """A simulator whose account "demo" has a key of each kind, and a client with the first."""

    args, kinds = (), ("rsa",)

    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.mkdtemp(prefix="nube-sim-test-")
        cls.keys = {kind: Key(cls.home, kind) for kind in cls.kinds}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.home)

    def setUp(self):
        keys = [{"name": kind, "key": key.line} for kind, key in self.keys.items()]
        users = [{"login": "bob", "keys": [{"name": "bob-" + k["name"], "key": k["key"]} for k in keys]}]
        other = {"login": "other", "keys": [{"name": "other", "key": keys[0]["key"]}]}
        self.sim = simtest.Sim(*self.args, provider="joyent",
                               seed={"accounts": [{"login": "demo", "keys": keys, "users": users}, other]})
        self.addCleanup(self.sim.close)
        self.client = self.connect()

    def connect(self, kind=None, **how):
        client = Client(self.sim, self.keys[kind or self.kinds[0]], **how)
        self.addCleanup(client.close)
        return client

    def refused(self, reply, status, code):
        self.assertEqual((reply.status, reply.code), (status, code), reply)
        return reply
