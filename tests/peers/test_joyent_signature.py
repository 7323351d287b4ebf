#!/usr/bin/env python3
"""The Joyent driver's signatures before npm's http-signature, for every kind of key, its formats, and ssh-agent.

It is installed into NUBE_SIGNATURE_NODE, a directory of the build, when the registry can be reached.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "signature")
VECTORS = os.path.join(os.environ["NUBE_TEST_SOURCE"], "tests", "unit", "vectors", "joyent")
KINDS = [("rsa", ["-t", "rsa", "-b", "2048"]), ("rsa3072", ["-t", "rsa", "-b", "3072"]),
         ("p256", ["-t", "ecdsa", "-b", "256"]), ("p384", ["-t", "ecdsa", "-b", "384"]),
         ("p521", ["-t", "ecdsa", "-b", "521"]), ("ed25519", ["-t", "ed25519"])]


def installed():
    """The directory with npm's modules; a skip that says why when there is none."""
    where = os.path.abspath(os.environ["NUBE_SIGNATURE_NODE"])
    if not shutil.which("node") or not shutil.which("npm"):
        if os.environ.get("NUBE_ALL_INSTALLED"):
            raise AssertionError("node and npm are not installed; scripts/install-deps should have installed them")
        raise unittest.SkipTest("node and npm are not installed")
    r = subprocess.run([os.path.join(HERE, "install"), where], capture_output=True, text=True, timeout=170)
    if r.returncode:
        # The registry is somebody else's: not to reach it is no fault here.
        raise unittest.SkipTest("npm could not install http-signature: " + " ".join(r.stderr.split())[-300:])
    shutil.copy(os.path.join(HERE, "oracle.js"), where)
    return where


class Signatures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        where = installed()
        cls.home = tempfile.mkdtemp(prefix="nube-signature-")
        cls.addClassCleanup(shutil.rmtree, cls.home)
        os.mkdir(os.path.join(cls.home, ".ssh"), 0o700)
        for name, kind in KINDS:
            subprocess.run(["ssh-keygen", "-q", *kind, "-N", "", "-C", "t", "-f", cls.path(name)], check=True)
        public = [cls.path(name) + ".pub" for name, _ in KINDS]
        public += [os.path.join(VECTORS, f) for f in ("rsa2048.pub", "ecdsa256.pub", "ecdsa384.pub",
                                                      "ed25519.pkcs8.pub", "ed25519.openssh.pub")]
        cls.oracle = subprocess.Popen(["node", "oracle.js", *public], cwd=where, stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.end, cls.oracle)
        cls.port = cls.oracle.stdout.readline().split()[1]

    @staticmethod
    def end(process):
        process.stdin.close()
        process.wait(20)
        process.stdout.close()

    @classmethod
    def path(cls, name):
        return os.path.join(cls.home, name)

    def nube(self, *options, env=None, code=0):
        more = {"HOME": self.home, "NUBE_DRIVER_PATH": os.environ["NUBE_DRIVERS"],
                "NUBE_SERVICE_PATH": os.environ["NUBE_SERVICES"],
                "NUBE_CONFIG": os.path.join(self.home, "backends.ini"), **(env or {})}
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SSH_", "TRITON_", "SDC_"))}
        base = [os.environ["NUBE"], "raw", "GET", "machines", "--set", "query=tag.role=a b", "-b", "cloud"]
        subprocess.run([os.environ["NUBE"], "backend", "remove", "cloud", "--yes"], capture_output=True,
                       env={**kept, **more}, timeout=60)
        subprocess.run([os.environ["NUBE"], "backend", "add", "cloud", "joyent",
                        f"endpoint=http://127.0.0.1:{self.port}", "account=demo", *options],
                       capture_output=True, env={**kept, **more}, check=True, timeout=60)
        r = subprocess.run(base, capture_output=True, text=True, env={**kept, **more}, timeout=60)
        self.assertEqual(r.returncode, code, r.stderr)
        return json.loads(r.stdout) if code == 0 else r.stderr

    def fingerprint(self, name, form):
        out = subprocess.run(["ssh-keygen", "-lf", self.path(name) + ".pub", "-E", form], capture_output=True,
                             text=True, check=True).stdout
        return out.split()[1]

    def test_every_kind_of_key(self):
        algorithms = {"rsa": "RSA-SHA256", "rsa3072": "RSA-SHA256", "p256": "ECDSA-SHA256", "p384": "ECDSA-SHA256",
                      "p521": "ECDSA-SHA256", "ed25519": "ED25519-SHA512"}
        for name, _ in KINDS:
            with self.subTest(key=name):
                r = self.nube(f"key_id={name}", f"key_file={self.path(name)}", "agent=no")
                self.assertEqual((r["layout"], r["algorithm"]), ("1.x", algorithms[name]))
                self.assertTrue(r["signed"].startswith("(request-target): get /my/machines?tag.role=a%20b\ndate: "))

    def test_every_format(self):
        files = ["rsa2048.pkcs1.pem", "rsa2048.pkcs8.pem", "rsa2048.openssh", "rsa2048.pkcs1.enc.pem",
                 "rsa2048.pkcs8.enc.pem", "rsa2048.openssh.enc", "ecdsa256.sec1.pem", "ecdsa384.sec1.pem",
                 "ed25519.pkcs8.pem", "ed25519.openssh"]
        for file in files:
            with self.subTest(file=file):
                copy = os.path.join(self.home, "copy")  # no public half beside it: the key itself tells its fingerprint
                shutil.copy(os.path.join(VECTORS, file), copy)
                name = file.split(".")[0] if not file.startswith("ed") else file.rsplit(".pem", 1)[0]
                r = self.nube(f"key_id={name}", f"key_file={copy}", "key_passphrase=correct-horse", "agent=no")
                self.assertEqual(r["layout"], "1.x")

    def test_names_of_a_key(self):
        md5, sha = self.fingerprint("ed25519", "md5"), self.fingerprint("ed25519", "sha256")
        on_the_wire = "/demo/keys/" + md5[4:]
        for key_id, want in [(md5, on_the_wire), (md5[4:], on_the_wire), (sha, on_the_wire),
                             ("/demo/keys/ed25519", "/demo/keys/ed25519"),
                             ("/demo/users/bob/keys/ed25519", "/demo/users/bob/keys/ed25519")]:
            with self.subTest(key_id=key_id):
                r = self.nube(f"key_id={key_id}", f"key_file={self.path('ed25519')}", "agent=no")
                self.assertEqual(r["keyId"], want)

    def test_first_layout(self):
        """RSA only: the parser of its time knows nothing else."""
        r = self.nube("key_id=rsa", f"key_file={self.path('rsa')}", "agent=no", "api_version=~6.5")
        self.assertEqual((r["layout"], r["algorithm"]), ("0.9", "RSA-SHA256"))

    def test_another_key_is_refused(self):
        message = self.nube("key_id=rsa3072", f"key_file={self.path('rsa')}", "agent=no", code=4)
        self.assertIn("check account, user, key_id and the key", message)

    def test_agent(self):
        sock = os.path.join(self.home, "agent")
        agent = subprocess.Popen(["ssh-agent", "-D", "-a", sock], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
        self.addCleanup(agent.stdout.close)
        self.addCleanup(agent.stdin.close)
        self.addCleanup(agent.wait)
        self.addCleanup(agent.terminate)
        agent.stdout.readline()
        env = {"SSH_AUTH_SOCK": sock}
        for name, _ in KINDS:
            subprocess.run(["ssh-add", "-q", self.path(name)], env={**os.environ, **env}, check=True, capture_output=True)
        want = {"rsa": "RSA-SHA256", "p256": "ECDSA-SHA256", "p521": "ECDSA-SHA512", "ed25519": "ED25519-SHA512"}
        for name, algorithm in want.items():
            for form in ("md5", "sha256"):
                with self.subTest(key=name, form=form):
                    r = self.nube("key_id=" + self.fingerprint(name, form), env=env)
                    self.assertEqual(r["algorithm"], algorithm)
                    self.assertEqual(r["keyId"], "/demo/keys/" + self.fingerprint(name, "md5")[4:])
        # The agent's only hash for this one is none of CloudAPI's.
        self.assertIn("sha384", self.nube("key_id=" + self.fingerprint("p384", "md5"), env=env, code=10))


if __name__ == "__main__":
    program = unittest.main(exit=False)
    if program.result.skipped and not program.result.failures and not program.result.errors:
        sys.exit(77)
    sys.exit(not program.result.wasSuccessful())
