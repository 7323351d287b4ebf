"""The ways to a real Docker Engine: contexts, the environment, and ssh by a real sshd.

Environment: as docker_case.py says.
"""
import hashlib
import itertools
import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from docker_case import Case


class ReachCase(Case):
    def reach(self, status, backend, env):
        """A list; "docker" is the backend that nobody wrote down, where nothing is written down."""
        nowhere = {"NUBE_CONFIG": os.path.join(self.home, "none.ini")} if backend == "docker" else {}
        return self.nube("-b", backend, "-o", "id", "node", "list", status=status, env={**self.env, **nowhere, **env})

    def listed(self, backend="docker", **env):
        """Ids of the nodes there."""
        return self.reach(0, backend, env).out.split()

    def refused(self, status, backend="docker", **env):
        return self.reach(status, backend, env).err

    def context(self, name, host, tls=None, skip=False, config=None):
        """A context as `docker context create` stores it; tls: a folder of certificates."""
        base = os.path.join(config or os.path.join(self.home, ".docker"), "contexts")
        hex_name = hashlib.sha256(name.encode()).hexdigest()
        meta = os.path.join(base, "meta", hex_name)
        os.makedirs(meta)
        with open(os.path.join(meta, "meta.json"), "w") as f:
            json.dump({"Name": name, "Metadata": {}, "Endpoints": {
                "docker": {"Host": host, "SkipTLSVerify": skip}}}, f)
        if tls:
            shutil.copytree(tls, os.path.join(base, "tls", hex_name, "docker"))

    def in_use(self, name, config=None):
        config = config or os.path.join(self.home, ".docker")
        os.makedirs(config, exist_ok=True)
        with open(os.path.join(config, "config.json"), "w") as f:
            json.dump({"currentContext": name}, f)

    def material(self, client="certs", ca="certs"):
        """A folder with the key and certificate of one client and the CA of the same or another."""
        d = os.path.join(self.home, f"{client}-{ca}")
        if not os.path.exists(d):
            shutil.copytree(os.path.join(self.engine, client), d)
            shutil.copy(os.path.join(self.engine, ca, "ca.pem"), d)
        return d


class Contexts(ReachCase):
    def test_a_context_with_certificates(self):
        node = self.create("one")
        self.context("secure", self.tls, self.material())
        self.add("ctx", "context=secure")
        self.assertEqual(self.listed("ctx"), [node["id"]])

    def test_the_docker_command_made_the_context(self):
        node = self.create("one")
        d = self.material()
        subprocess.run(["docker", "context", "create", "made", "--docker",
                        f"host={self.tls},ca={d}/ca.pem,cert={d}/cert.pem,key={d}/key.pem"],
                       env=self.env, check=True, capture_output=True, timeout=60)
        subprocess.run(["docker", "context", "use", "made"], env=self.env, check=True,
                       capture_output=True, timeout=60)
        self.assertEqual(self.listed(), [node["id"]])

    def test_what_beats_what_is_as_with_the_docker_command(self):
        places = {n: os.path.join(self.home, n + ".sock") for n in ("host", "named", "used")}
        for name in ("named", "used"):
            self.context(name, "unix://" + places[name])
        hosts = (None, "unix://" + places["host"])
        for host, named, used in itertools.product(hosts, (None, "named"), (None, "used")):
            if not (host or named or used):
                continue  # the engine of this machine, if it has one
            with self.subTest(host=host, named=named, used=used):
                if used:
                    self.in_use(used)
                elif os.path.exists(os.path.join(self.home, ".docker/config.json")):
                    os.unlink(os.path.join(self.home, ".docker/config.json"))
                env = {k: v for k, v in (("DOCKER_HOST", host), ("DOCKER_CONTEXT", named)) if v}
                said = self.refused(1, **env)
                theirs = subprocess.run(["docker", "ps"], env=dict(self.env, **env), text=True,
                                        capture_output=True, timeout=60).stderr
                asked = lambda text: [n for n, p in places.items() if p in text]
                self.assertEqual(asked(said), asked(theirs), said + theirs)
                self.assertEqual(len(asked(said)), 1, said)

    def test_what_a_backend_writes_down_beats_the_environment(self):
        node = self.create("one")
        self.context("plain", "unix://" + self.socket)
        self.context("dead", "unix:///nonexistent/docker.sock")
        self.add("ctx", "context=plain")
        self.assertEqual(self.listed("ctx", DOCKER_HOST="unix:///nonexistent/docker.sock"),
                         [node["id"]])
        self.assertEqual(self.listed("dk", DOCKER_CONTEXT="dead"), [node["id"]])

    def test_the_context_called_default_is_no_file(self):
        self.in_use("default")
        self.assertNotIn("context", self.refused(None))

    def test_contexts_are_in_the_directory_that_is_named(self):
        node = self.create("one")
        there = os.path.join(self.home, "elsewhere")
        self.context("plain", "unix://" + self.socket, config=there)
        self.in_use("plain", config=there)
        self.assertEqual(self.listed(DOCKER_CONFIG=there), [node["id"]])
        self.assertIn("plain", self.refused(2, DOCKER_CONTEXT="plain"))

    def test_a_strangers_certificate_in_a_context_is_4(self):
        self.context("bad", self.tls, self.material(client="bad-certs"))
        self.add("ctx", "context=bad")
        self.assertIn("certificate", self.refused(4, "ctx"))

    def test_an_engine_that_the_contexts_ca_does_not_know_is_refused(self):
        self.context("other", self.tls, self.material(ca="bad-certs"))
        self.add("ctx", "context=other")
        self.assertIn("certificate", self.refused(1, "ctx"))

    def test_no_verification_is_not_a_contexts_to_decide(self):
        node = self.create("one")
        self.context("open", self.tls, self.material(ca="bad-certs"), skip=True)
        self.add("ctx", "context=open")
        self.assertIn("verify=no", self.refused(2, "ctx"))
        self.add("meant", "context=open", "verify=no")
        self.assertEqual(self.listed("meant"), [node["id"]])

    def test_a_context_that_is_not_there_is_2(self):
        self.add("ctx", "context=nowhere")
        self.assertIn("nowhere", self.refused(2, "ctx"))


class Environment(ReachCase):
    def test_docker_host(self):
        node = self.create("one")
        self.assertEqual(self.listed(DOCKER_HOST="unix://" + self.socket), [node["id"]])

    def test_tls_by_the_environment(self):
        node = self.create("one")
        env = {"DOCKER_HOST": self.tls, "DOCKER_TLS_VERIFY": "1"}
        self.assertEqual(self.listed(DOCKER_CERT_PATH=self.material(), **env), [node["id"]])
        self.refused(4, DOCKER_CERT_PATH=self.material(client="bad-certs"), **env)
        self.refused(1, DOCKER_CERT_PATH=self.material(ca="bad-certs"), **env)
        nothing = os.path.join(self.home, "none")
        said = self.refused(2, DOCKER_CERT_PATH=nothing, **env)
        self.assertIn("DOCKER_CERT_PATH", said)
        self.assertIn(nothing, said)

    def test_certificates_are_in_the_configuration_by_default(self):
        node = self.create("one")
        shutil.copytree(os.path.join(self.engine, "certs"), os.path.join(self.home, ".docker"))
        self.assertEqual(self.listed(DOCKER_HOST=self.tls, DOCKER_TLS_VERIFY="1"), [node["id"]])

    def test_tls_without_verification_is_a_decision_of_the_backend(self):
        self.assertIn("verify=no", self.refused(2, DOCKER_HOST=self.tls, DOCKER_TLS="1",
                                                DOCKER_CERT_PATH=self.material()))

    def test_a_written_host_takes_no_certificates_from_the_environment(self):
        self.add("tls", "host=" + self.tls)
        said = self.refused(None, "tls", DOCKER_TLS_VERIFY="1", DOCKER_CERT_PATH=self.material())
        self.assertIn("speaks TLS", said)


class Sshd:
    """An sshd on loopback with keys of its own; whom it knows gets `enter` and nothing else."""

    def __init__(self, case):
        self.dir = tempfile.mkdtemp(prefix="nube-sshd-")
        case.addCleanup(shutil.rmtree, self.dir)
        self.user = pwd.getpwuid(os.getuid()).pw_name
        for key in ("host", "user", "stranger"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.path(key)],
                           check=True, timeout=60)
        with open(self.path("user.pub")) as f:
            self.write("keys", f'command="{self.path("enter")}",restrict {f.read()}')
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.write("config", f"ListenAddress 127.0.0.1:{self.port}\nPidFile none\n"
                   f"HostKey {self.path('host')}\nAuthorizedKeysFile {self.path('keys')}\n"
                   "StrictModes no\nUsePAM no\nPermitRootLogin yes\n"
                   "PasswordAuthentication no\nKbdInteractiveAuthentication no\n")
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)  # where it leaves its rights behind
        self.log = open(self.path("log"), "w")
        self.daemon = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", self.path("config")],
                                       stdin=subprocess.DEVNULL, stderr=self.log)
        case.addCleanup(self.stop)
        self.wait(self.listens, "it does not listen")

    def stop(self):
        self.daemon.terminate()
        self.daemon.wait(timeout=30)
        self.log.close()

    def wait(self, condition, otherwise):
        until = time.monotonic() + 10
        while not condition():
            if time.monotonic() > until or self.daemon.poll() is not None:
                with open(self.path("log")) as f:
                    raise AssertionError(f"sshd: {otherwise}\n{f.read()}")
            time.sleep(0.02)

    def listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
            return True
        except OSError:
            return False

    def sessions(self):
        """Its processes, one for every connection that has not ended."""
        with open(f"/proc/{self.daemon.pid}/task/{self.daemon.pid}/children") as f:
            return f.read().split()

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text, mode=0o600):
        with open(self.path(name), "w") as f:
            f.write(text)
        os.chmod(self.path(name), mode)

    def client(self, key="user", known="host"):
        """A folder with an ssh of this key and known host: ssh itself does not look at HOME."""
        with open(self.path(known + ".pub")) as f:
            self.write("known", f"[127.0.0.1]:{self.port} {f.read()}")
        self.write("ssh-config", f"IdentityFile {self.path(key)}\nIdentitiesOnly yes\n"
                   f"UserKnownHostsFile {self.path('known')}\nGlobalKnownHostsFile /dev/null\n")
        os.makedirs(self.path("bin"), exist_ok=True)
        ssh = shutil.which("ssh", path="/usr/bin:/bin")
        self.write("bin/ssh", "#!/bin/sh\n"
                   f"echo $$ >>{self.path('pids')}\n"
                   f"exec {ssh} -F {self.path('ssh-config')} \"$@\"\n", 0o755)
        return self.path("bin")

    def near(self):
        """The ssh processes that were started and still run."""
        if not os.path.exists(self.path("pids")):
            return []
        with open(self.path("pids")) as f:
            return [p for p in f.read().split() if os.path.exists("/proc/" + p)]


@unittest.skipUnless(os.access("/usr/sbin/sshd", os.X_OK), "no sshd: install openssh-server")
class Ssh(ReachCase):
    def setUp(self):
        super().setUp()
        self.sshd = Sshd(self)
        self.sshd.write("enter", f"#!/bin/sh\nexport DOCKER_HOST=unix://{self.socket} "
                        f"DOCKER_CONFIG={self.sshd.dir}\n"
                        f"echo \"$SSH_ORIGINAL_COMMAND\" >>{self.sshd.path('asked')}\n"
                        "exec sh -c \"$SSH_ORIGINAL_COMMAND\"\n", 0o755)
        self.env["PATH"] = self.sshd.client() + ":" + self.env["PATH"]
        self.host = f"ssh://{self.sshd.user}@127.0.0.1:{self.sshd.port}"
        self.add("far", "host=" + self.host)

    def over(self):
        """No process is left, on neither side; the far one sees the end a moment later."""
        self.assertEqual(self.sshd.near(), [])
        self.sshd.wait(lambda: not self.sshd.sessions(), "a session goes on")

    def test_a_life_from_the_command(self):
        node = self.nube("-b", "far", "-o", "json", "node", "create", "-n", "one", "-i",
                         "dockertest/sleeper:latest", "--wait").json()[0]
        self.assertEqual(self.inspect("one")["Id"], node["id"])
        done = self.nube("-b", "far", "node", "run", "one", "--", "sh", "-c",
                         "yes abcdefg | head -c 1000000; echo err >&2; exit 3", status=3)
        self.assertEqual((len(done.out), done.err), (1000000, "err\n"))
        self.nube("-b", "far", "node", "stop", "one", "--wait")
        self.assertEqual(self.inspect("one")["State"]["Status"], "exited")
        self.nube("-b", "far", "node", "destroy", "one", "--yes")
        self.assertEqual(self.containers(), [])
        with open(self.sshd.path("asked")) as f:
            self.assertEqual({line.strip() for line in f}, {"docker system dial-stdio"})
        self.over()

    def test_a_whole_life_from_c(self):
        self.life("host=" + self.host)
        self.over()

    def test_a_context_and_the_environment_may_name_it(self):
        node = self.create("one")
        self.context("far", self.host)
        self.assertEqual(self.listed(DOCKER_CONTEXT="far"), [node["id"]])
        self.assertEqual(self.listed(DOCKER_HOST=self.host), [node["id"]])

    def test_a_socket_may_be_named(self):
        node = self.create("one")
        self.add("there", f"host={self.host}{self.socket}")
        self.assertEqual(self.listed("there"), [node["id"]])
        with open(self.sshd.path("asked")) as f:
            self.assertIn(f"--host unix://{self.socket} system dial-stdio", f.read())

    def test_a_follower_that_is_cut_leaves_no_process(self):
        self.create("one", command=("sh", "-c", "echo first; exec sleep 600"))
        done = self.nube("-b", "far", "--deadline", "2s", "node", "console", "one", "-f", status=9)
        self.assertEqual(done.out, "first\n")
        self.assertLess(done.seconds, 10)
        self.over()

    def told(self, *words):
        """Told at once, in the words of ssh or of the far side, and nothing is left running."""
        done = self.nube("-b", "far", "node", "list", status=None)
        self.assertNotIn(done.status, (0, 9), done)
        for word in words:
            self.assertIn(word, done.err)
        self.assertEqual(done.out, "")
        self.over()

    def test_a_key_that_is_not_allowed(self):
        self.sshd.client(key="stranger")
        self.told("Permission denied")
        self.assertFalse(os.path.exists(self.sshd.path("asked")))

    def test_a_host_key_that_is_not_the_known_one(self):
        self.sshd.client(known="stranger")
        self.told("Host key verification failed")

    def test_a_host_that_nobody_knows(self):
        self.sshd.client()
        self.sshd.write("known", "")
        self.told("Host key verification failed")
        with open(self.sshd.path("known")) as f:
            self.assertEqual(f.read(), "", "a key was accepted that nobody vouched for")

    def test_no_docker_command_there(self):
        self.sshd.write("enter", "#!/bin/sh\necho 'sh: docker: not found' >&2\nexit 127\n", 0o755)
        self.told("docker: not found")

    def test_no_sshd_there(self):
        self.sshd.stop()
        done = self.nube("-b", "far", "node", "list", status=1)
        self.assertIn("Connection refused", done.err)
        self.assertEqual(self.sshd.near(), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)  # says why it skips
