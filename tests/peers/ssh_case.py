"""A small world of machines for the tests of SSH: real sshd and Dropbear on addresses of network namespaces.

The test starts itself again in namespaces of its own (net, mount, pid), so that addresses, users, firewalls and
services are its own and end with it.  Nodes are those of nube-sim, whose public addresses are on the loopback
interface there.  Environment: NUBE, NUBE_SIM, NUBE_DRIVERS, NUBE_SERVICES are the command, the simulator and
the folders of modules.
"""
import json
import os
import pty
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

INSIDE = "NUBE_SSH_WORLD"
KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
PASSWORD = "correct-horse-battery"
PASSPHRASE = "opens-sesame-wide"
SILENT, SHUT, BASTION, INNER = "203.0.113.66", "203.0.113.67", "10.9.0.2", "10.99.0.1"
DROPBEAR_PORT = 2222


def why_not():
    """What is missing for a world; None: nothing."""
    for tool in ("/usr/sbin/sshd", "/usr/sbin/dropbear", "ssh-keygen", "ssh-agent", "unshare", "nsenter", "ip", "iptables"):
        if not shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            return f"no {tool}: install openssh-server, dropbear-bin, util-linux, iproute2 and iptables"
    if os.geteuid():
        return "machines in namespaces need root"
    probe = subprocess.run(["unshare", "--net", "--mount", "--pid", "--fork", "true"], capture_output=True, text=True, timeout=30)
    return f"no namespaces here: {probe.stderr.strip()}" if probe.returncode else None


def main():
    """As unittest.main(), in a world of its own."""
    if os.environ.get(INSIDE):
        unittest.main()
    reason = why_not()
    if reason:
        print(f"SKIP: {reason}")
        sys.exit(77)
    line = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", sys.executable, *sys.argv]
    os.environ[INSIDE] = "1"
    os.execvp(line[0], line)


def sh(*words, **more):
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=60, **more).stdout


class World:
    """What stays the same for all tests of a module; it ends with the namespaces."""

    def __init__(self, nodes=50):
        self.dir = tempfile.mkdtemp(prefix="nube-ssh-")
        os.chmod(self.dir, 0o755)
        self.running = []
        self.addresses = []
        self.make_keys()
        self.make_users()
        self.start_sim(nodes)
        self.make_network()
        self.start_servers()

    def close(self):
        for process in reversed(self.running):
            process.terminate()
        for process in reversed(self.running):
            process.wait(timeout=30)
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def write(self, name, text, mode=0o644):
        with open(self.path(name), "w") as f:
            f.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def read(self, name):
        with open(self.path(name)) as f:
            return f.read()

    def start(self, *words, log, **more):
        with open(self.path(log), "a") as f:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=f, stderr=f, **more)
        self.running.append(process)
        return process

    # ---- keys and users ----------------------------------------------------------------

    def make_keys(self):
        def keygen(name, *kind, passphrase=""):
            sh("ssh-keygen", "-q", *kind, "-N", passphrase, "-C", name, "-f", self.path(name))
        for name, *kind in (("ed25519", "-t", "ed25519"), ("rsa", "-t", "rsa", "-b", "2048"), ("p256", "-t", "ecdsa", "-b", "256"),
                            ("p384", "-t", "ecdsa", "-b", "384"), ("p521", "-t", "ecdsa", "-b", "521"),
                            ("pem", "-t", "rsa", "-b", "2048", "-m", "PEM"), ("pkcs8", "-t", "ecdsa", "-b", "256", "-m", "PKCS8")):
            keygen(name, *kind)
        keygen("locked", "-t", "ed25519", passphrase=PASSPHRASE)
        keygen("locked-pem", "-t", "rsa", "-b", "2048", "-m", "PEM", passphrase=PASSPHRASE)
        for name in ("stranger", "certified", "ca", "host", "host2", "root"):
            keygen(name, "-t", "ed25519")
        self.accepted = ["ed25519", "rsa", "p256", "p384", "p521", "pem", "pkcs8", "locked", "locked-pem"]
        sh("ssh-keygen", "-q", "-s", self.path("ca"), "-I", "test", "-n", "admin", self.path("certified.pub"))
        sh("dropbearkey", "-t", "ed25519", "-f", self.path("dropbear-host"))

    def make_users(self):
        """One more user, and a password for it, in files that are only seen here."""
        home = self.path("admin")
        os.makedirs(home + "/.ssh")
        with open(home + "/.ssh/authorized_keys", "w") as f:
            f.write("".join(self.read(k + ".pub") for k in self.accepted))
        os.makedirs(self.path("rootkeys"))
        self.write("rootkeys/authorized_keys", self.read("root.pub"))
        for part in (home, home + "/.ssh", home + "/.ssh/authorized_keys"):
            os.chown(part, 4242, 4242)
            os.chmod(part, 0o700 if os.path.isdir(part) else 0o600)
        hashed = sh("openssl", "passwd", "-6", "-stdin", input=PASSWORD + "\n").strip()
        for name, line in (("passwd", f"admin:x:4242:4242::{home}:/bin/sh\n"), ("group", "admin:x:4242:\n"),
                           ("shadow", f"admin:{hashed}:19000:0:99999:7:::\n")):
            with open("/etc/" + name) as f:
                text = re.sub(r"(?m)^admin:.*\n", "", f.read())
            self.write(name, text + line, 0o640 if name == "shadow" else 0o644)
            sh("mount", "--bind", self.path(name), "/etc/" + name)
        self.resolv = f"nameserver {SILENT}\n"
        for name, text in (("resolv.conf", self.resolv), ("hosts", "127.0.0.1 localhost\n"), ("nsswitch.conf", "hosts: files dns\n")):
            if os.path.exists("/etc/" + name):
                sh("mount", "--bind", self.write(name, text), os.path.realpath("/etc/" + name))
        sh("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
        os.makedirs("/run/sshd")

    # ---- the provider and its network ----------------------------------------------------

    def start_sim(self, nodes):
        sh("ip", "link", "set", "lo", "up")
        seed = {"images": [{"id": "ami-1", "name": "debian-12-of-ours"}],
                "instances": [{"name": "web", "image": "ami-1", "tags": {"role": "front"}},
                              {"name": "n-{n}", "count": nodes, "tags": {"role": "many"}}]}
        with open(self.path("sim.err"), "w") as errors:
            self.sim = subprocess.Popen([os.environ["NUBE_SIM"], "--provider", "ec2", "--until-eof", "--seed",
                                         self.write("seed.json", json.dumps(seed))],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True)
        self.running.append(self.sim)
        self.url = self.sim.stdout.readline().split()[1]

    def make_network(self):
        """A bastion has a namespace of its own, and behind it a machine that is not seen from here."""
        for address in (SILENT, SHUT):
            sh("ip", "address", "add", address + "/32", "dev", "lo")
        sh("iptables", "-A", "INPUT", "-d", SILENT, "-j", "DROP")
        sh("iptables", "-A", "INPUT", "-p", "tcp", "--syn", "-d", SHUT, "-j", "REJECT", "--reject-with", "tcp-reset")
        self.behind = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        self.running.append(self.behind)
        own = os.readlink("/proc/self/ns/net")
        until = time.monotonic() + 10
        while os.readlink(f"/proc/{self.behind.pid}/ns/net") == own:
            assert time.monotonic() < until, "no namespace for the bastion"
        sh("ip", "link", "add", "to-bastion", "type", "veth", "peer", "name", "outside")
        sh("ip", "link", "set", "outside", "netns", str(self.behind.pid))
        sh("ip", "address", "add", "10.9.0.1/24", "dev", "to-bastion")
        sh("ip", "link", "set", "to-bastion", "up")
        inside = ["nsenter", "-t", str(self.behind.pid), "-n"]
        for words in ("link set lo up", f"address add {BASTION}/24 dev outside", "link set outside up", f"address add {INNER}/32 dev lo"):
            sh(*inside, "ip", *words.split())

    def add_address(self, address):
        sh("ip", "address", "add", address + "/32", "dev", "lo")
        self.addresses.append(address)

    # ---- servers ---------------------------------------------------------------------------

    def config(self, name, listen, host="host", more="MaxStartups 500\n"):
        return self.write(name, f"{listen}PidFile none\nHostKey {self.path(host)}\nStrictModes no\nUsePAM no\n"
                          f"TrustedUserCAKeys {self.path('ca.pub')}\nPermitRootLogin yes\n"
                          f"PasswordAuthentication yes\nLogLevel VERBOSE\n{more}"
                          f"Match User root\nAuthorizedKeysFile {self.path('rootkeys/authorized_keys')}\n")

    def start_servers(self):
        self.nube("backend", "add", "cloud", "ec2", f"key={KEY}", f"secret={SECRET}", "region=us-east-1", f"endpoint={self.url}")
        done = self.nube("node", "list", "-o", "json")
        nodes = done.json()
        assert nodes, done
        for node in nodes:
            self.add_address(node["public_ips"][0])
        self.web = next(n for n in nodes if n["name"] == "web")["public_ips"][0]
        sh("ip", "address", "add", "fd00::22/128", "dev", "lo", "nodad")
        self.write("hosts", f"127.0.0.1 localhost\n{SHUT} twice.example\n{self.web} twice.example\n")
        self.sshd = self.start("/usr/sbin/sshd", "-D", "-e", "-f", self.config("config", ""), log="sshd.log")
        inside = ["nsenter", "-t", str(self.behind.pid), "-n"]
        self.start(*inside, "/usr/sbin/sshd", "-D", "-e", "-f", self.config("bastion", f"ListenAddress {BASTION}\n", more=""), log="bastion.log")
        self.start(*inside, "/usr/sbin/sshd", "-D", "-e", "-f", self.config("inner", f"ListenAddress {INNER}\n", "host2"), log="inner.log")
        self.start("/usr/sbin/dropbear", "-F", "-E", "-p", f"{self.web}:{DROPBEAR_PORT}", "-r", self.path("dropbear-host"), log="dropbear.log")
        for address, port in ((self.web, 22), (self.web, DROPBEAR_PORT), (BASTION, 22), (self.addresses[-1], 22)):
            self.wait_for(address, port)
        self.know()

    def wait_for(self, address, port):
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection((address, port), timeout=5).close()
                return
            except OSError:
                assert time.monotonic() < until, f"nothing listens at {address} port {port}:\n{self.read('sshd.log')}"
                time.sleep(0.05)

    def know(self):
        """A home whose known_hosts has every machine of this world."""
        os.makedirs(self.path("home", ".ssh"), exist_ok=True)
        os.chmod(self.path("home"), 0o700)
        host, host2 = self.read("host.pub"), self.read("host2.pub")
        bear = re.search(r"ssh-ed25519 \S+", sh("dropbearkey", "-y", "-f", self.path("dropbear-host")))[0]
        known = "".join(f"{a} {host}" for a in [*self.addresses, BASTION]) + f"{INNER} {host2}[{self.web}]:{DROPBEAR_PORT} {bear}\n"
        self.write("home/.ssh/known_hosts", known, 0o600)

    # ---- the command --------------------------------------------------------------------------

    def env(self, **more):
        keep = {n: v for n, v in os.environ.items() if n.startswith(("ASAN_", "UBSAN_", "LSAN_", "TSAN_"))}
        return {"HOME": self.path("home"), "PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true", "USER": "someone",
                "LOGNAME": "someone", **keep, **more}

    def line(self, *args):
        return [os.environ["NUBE"], "--driver-path", os.environ["NUBE_DRIVERS"], "--service-path", os.environ["NUBE_SERVICES"],
                "--config", self.path("backends.ini"), *args]

    def nube_at_terminal(self, *args, typed):
        """With a terminal, at which a line is typed whenever a question stands there."""
        began, text, typed = time.monotonic(), "", list(typed)
        pid, terminal = pty.fork()
        if not pid:
            os.execve(os.environ["NUBE"], self.line(*args), self.env())
        while True:
            assert time.monotonic() < began + 60, text
            if not select.select([terminal], [], [], 1)[0]:
                continue
            try:
                part = os.read(terminal, 4096).decode("utf-8", "replace")
            except OSError:
                break
            text += part
            if part.endswith(": ") and typed:
                os.write(terminal, typed.pop(0).encode() + b"\n")
        os.close(terminal)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return Done(subprocess.CompletedProcess(args, status, text.encode(), b""), time.monotonic() - began)

    def nube(self, *args, env=None, timeout=120, stdin=None):
        os.makedirs(self.path("home"), exist_ok=True)
        began = time.monotonic()
        done = subprocess.run(self.line(*args), env=self.env(**(env or {})), capture_output=True, timeout=timeout, input=stdin or b"")
        return Done(done, time.monotonic() - began)


class Done:
    def __init__(self, process, seconds):
        self.status, self.seconds = process.returncode, seconds
        self.raw, self.out, self.err = process.stdout, process.stdout.decode("utf-8", "replace"), process.stderr.decode()

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"{self.status} after {self.seconds:.2f} s\n{self.out[:2000]}\n{self.err}"
