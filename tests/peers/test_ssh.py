"""nube node run, probe and ssh against real SSH servers: keys, passwords, host keys, ways there and what fails.

The machines are those of ssh_case.py.
"""
import os
import re
import socket
import stat
import subprocess
import threading
import time
import unittest

import ssh_case
from ssh_case import BASTION, DROPBEAR_PORT, INNER, PASSPHRASE, PASSWORD, SHUT, SILENT, sh

world = None


def setUpModule():
    global world
    world = ssh_case.World()


def tearDownModule():
    world.close()


class Case(unittest.TestCase):
    def run_on(self, *options, node="web", command=("true",), status=0, key="ed25519", env=None, stdin=None):
        keys = ["-i", world.path(key)] if key else []
        done = world.nube("node", "run", node, "-u", "admin", *keys, *options, "--", *command, env=env, stdin=stdin)
        if status is not None:
            self.assertEqual(done.status, status, done)
        return done

    def fails(self, *options, kind, text, status=255, **more):
        """Not run, with that class and text."""
        done = self.run_on(*options, "-o", "json", status=status, **more)
        self.assertIn(f'"class":"{kind}"', done.err, done)
        self.assertRegex(done.err, text)
        return done

    def known(self, *lines):
        path = world.write(f"known-{self.id().rsplit('.', 1)[1]}", "".join(line + "\n" for line in lines), 0o600)
        return ["--known-hosts", path]


class Keys(Case):
    def test_key_of_each_type_and_format(self):
        for key in ("ed25519", "rsa", "p256", "p384", "p521", "pem", "pkcs8"):
            with self.subTest(key):
                self.assertEqual(self.run_on(key=key, command=["id", "-un"]).out, "admin\n")

    def test_key_as_text(self):
        done = self.run_on("--set", "key=" + world.read("rsa"), key=None, command=["echo", "in"])
        self.assertEqual(done.out, "in\n")

    def test_encrypted_keys_with_their_passphrase(self):
        for key in ("locked", "locked-pem"):
            with self.subTest(key):
                self.run_on("--passphrase-from", "env:PHRASE", key=key, env={"PHRASE": PASSPHRASE})

    def test_encrypted_key_without_or_with_a_wrong_passphrase(self):
        self.fails(key="locked", kind="auth", text="encrypted and its passphrase is missing")
        self.fails("--passphrase-from", "env:PHRASE", key="locked", env={"PHRASE": "no-" + PASSPHRASE}, kind="auth",
                   text="encrypted and its passphrase is wrong")

    def test_passphrase_is_asked_for_on_the_terminal(self):
        line = ["node", "run", "web", "-u", "admin", "-i", world.path("locked"), "--", "echo", "in"]
        for typed, status in (("no-" + PASSPHRASE, PASSPHRASE), 0), (("a", "b", "c"), 255):
            with self.subTest(status):
                done = world.nube_at_terminal(*line, typed=typed)
                self.assertEqual(done.status, status, done)
                self.assertIn("Passphrase of private key " + world.path("locked"), done.out)
                self.assertNotIn(PASSPHRASE, done.out)

    def test_one_answer_is_enough_for_many(self):
        line = ["node", "run", "n-1", "n-2", "n-3", "n-4", "-u", "admin", "-i", world.path("locked"), "--", "echo", "in"]
        done = world.nube_at_terminal(*line, typed=[PASSPHRASE])
        self.assertEqual((done.status, done.out.count("in\r\n"), done.out.count("Passphrase of")), (0, 4, 1), done)

    def test_decrypting_does_not_outlast_the_deadline(self):
        sh("ssh-keygen", "-q", "-t", "ed25519", "-a", "250", "-N", PASSPHRASE, "-f", world.path("slow"))
        with open(world.path("admin/.ssh/authorized_keys"), "a") as f:
            f.write(world.read("slow.pub"))
        self.fails("--passphrase-from", "env:PHRASE", "--deadline", "500ms", key="slow", env={"PHRASE": PASSPHRASE}, kind="deadline",
                   text=r"the deadline passed after 0\.[5-9] s: .* has not said whether admin may log in")
        self.run_on("--passphrase-from", "env:PHRASE", key="slow", env={"PHRASE": PASSPHRASE})

    def test_a_key_that_takes_hours_to_decrypt_is_refused(self):
        with open(world.path("locked")) as f:
            lines = f.read().split("\n")
        import base64
        body = bytearray(base64.b64decode("".join(lines[1:-2])))
        at = body.index(b"bcrypt") + len("bcrypt") + 4 + 4 + 16  # the salt's length and the salt
        body[at:at + 4] = (0x7fffffff).to_bytes(4, "big")
        text = "\n".join(re.findall(".{1,70}", base64.b64encode(body).decode()))
        world.write("endless", f"{lines[0]}\n{text}\n{lines[-2]}\n", 0o600)
        done = self.fails("--passphrase-from", "env:PHRASE", key="endless", env={"PHRASE": PASSPHRASE}, kind="usage",
                          text="would take minutes to decrypt")
        self.assertLess(done.seconds, 10)

    def test_certificate_beside_the_key_and_by_name(self):
        self.assertEqual(self.run_on(key="certified", command=["id", "-un"]).out, "admin\n")
        os.rename(world.path("certified-cert.pub"), world.path("elsewhere.pub"))
        self.addCleanup(os.rename, world.path("elsewhere.pub"), world.path("certified-cert.pub"))
        self.fails(key="certified", kind="auth", text="does not let admin in")
        self.run_on("--set", "certificate=" + world.path("elsewhere.pub"), key="certified")

    def test_wrong_key_is_an_authentication_failure(self):
        self.fails(key="stranger", kind="auth", text="does not let admin in: tried key .*stranger.*public keys")
        done = world.nube("node", "probe", "web", "-u", "admin", "-i", world.path("stranger"))
        self.assertEqual(done.status, 4, done)
        self.assertNotIn("nube backend show", done.err, "the account is not to blame")

    def test_no_such_key_and_no_key_at_all(self):
        self.fails(key="nowhere", kind="usage", text="private key .*nowhere No such file")
        world.write("garbage", "no key\n", 0o600)
        self.fails(key="garbage", kind="usage", text="garbage is in no format of private keys")
        os.mkfifo(world.path("fifo"), 0o600)
        self.addCleanup(os.remove, world.path("fifo"))
        self.assertLess(self.fails(key="fifo", kind="usage", text="private key .*fifo").seconds, 10)

    def test_password(self):
        self.run_on("--password-from", "env:WORD", key=None, env={"WORD": PASSWORD})
        self.fails("--password-from", "env:WORD", key=None, env={"WORD": "wrong-" + PASSWORD}, kind="auth",
                   text="does not let admin in: tried the password")

    def test_nothing_else_is_offered_beside_a_given_key_or_password(self):
        before = len(world.read("sshd.log"))
        agent = Agent(self, "ed25519")
        self.run_on("--password-from", "env:WORD", key=None, env={"WORD": PASSWORD, **agent.env})
        self.fails(key="stranger", env=agent.env, kind="auth", text="tried key")
        log = world.read("sshd.log")[before:]
        self.assertNotIn("Accepted publickey", log)


class Agent:
    """An ssh-agent with keys; it ends with the test."""

    def __init__(self, case, *keys, add=()):
        self.socket = world.path("agent-" + case.id().rsplit(".", 1)[1][-30:])
        self.process = subprocess.Popen(["ssh-agent", "-D", "-a", self.socket], stdout=subprocess.DEVNULL)
        case.addCleanup(self.stop)
        until = time.monotonic() + 10
        while not os.path.exists(self.socket):
            assert time.monotonic() < until, "no ssh-agent"
        self.env = {"SSH_AUTH_SOCK": self.socket}
        for key in keys:
            sh("ssh-add", "-q", *add, world.path(key), env={**os.environ, **self.env})

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


class Agents(Case):
    def test_agent(self):
        agent = Agent(self, "stranger", "rsa")
        self.assertEqual(self.run_on(key=None, env=agent.env, command=["id", "-un"]).out, "admin\n")

    def test_agent_that_is_silent_does_not_outlast_the_deadline(self):
        path = world.path("mute")
        with socket.socket(socket.AF_UNIX) as mute:
            mute.bind(path)
            mute.listen()
            done = self.fails("--deadline", "1s", key=None, env={"SSH_AUTH_SOCK": path}, kind="deadline", text="ssh-agent waits")
        self.assertLess(done.seconds, 5)

    def test_agent_that_is_not_there_is_passed_over(self):
        self.fails(key=None, env={"SSH_AUTH_SOCK": "/nonexistent"}, kind="auth", text="ssh-agent .does not answer")


class HostKeys(Case):
    def test_unknown_is_refused_with_its_fingerprint(self):
        print_ = sh("ssh-keygen", "-lf", world.path("host.pub")).split()[1]
        done = self.fails(*self.known(), kind="tls", text="its host key is not known .ssh-ed25519 " + re.escape(print_))
        self.assertIn('"provider_code":"ssh host_key"', done.err)

    def test_accept_new_keeps_it_and_refuses_another_later(self):
        known = self.known()
        self.run_on(*known, "--host-key", "accept-new")
        self.run_on(*known)
        with open(known[1]) as f:
            self.assertIn(world.read("host.pub").split()[1], f.read())
        self.assertEqual(stat.S_IMODE(os.stat(known[1]).st_mode) & 0o022, 0)

    def test_T36_a_changed_key_is_refused_loudly_whatever_the_policy(self):
        known = self.known(f"{world.web} {world.read('host2.pub')}")
        for policy in ("strict", "accept-new"):
            with self.subTest(policy):
                before = len(world.read("sshd.log"))
                self.fails(*known, "--host-key", policy, kind="tls", text="ITS HOST KEY HAS CHANGED.*ssh-keygen -R")
                self.assertNotIn("publickey", world.read("sshd.log")[before:], "no credential was shown")
        with open(known[1]) as f:
            self.assertNotIn(world.read("host.pub").split()[1], f.read())

    def test_a_file_that_is_none_is_refused(self):
        os.mkfifo(world.path("known-fifo"))
        self.assertLess(self.fails("--known-hosts", world.path("known-fifo"), kind="usage", text="known-fifo is not a regular file").seconds, 10)

    def test_hashed_and_other_kinds(self):
        known = self.known(f"{world.web} {world.read('host.pub')}")
        sh("ssh-keygen", "-q", "-H", "-f", known[1])
        with open(known[1]) as f:
            self.assertTrue(f.read().startswith("|1|"))
        self.run_on(*known)
        self.fails(*self.known(f"{world.web} {world.read('rsa.pub')}"), "--host-key", "accept-new", kind="tls", text="ANOTHER KIND OF HOST KEY|HAS CHANGED")
        self.fails(*self.known(f"@revoked {world.web} {world.read('host.pub')}"), kind="tls", text="HOST KEY|host key")

    def test_fingerprint(self):
        for form in ("sha256", "md5"):
            print_ = sh("ssh-keygen", "-lf", world.path("host.pub"), "-E", form).split()[1]
            self.run_on(*self.known(), "--host-key", print_)
        self.fails(*self.known(), "--host-key", sh("ssh-keygen", "-lf", world.path("host2.pub")).split()[1], kind="tls",
                   text="DOES NOT HAVE THE HOST KEY")


class Commands(Case):
    def test_status_and_both_streams(self):
        done = self.run_on(command=["sh", "-c", "echo out; echo err >&2; exit 42"], status=42)
        self.assertEqual((done.out, done.err), ("out\n", "err\n"))

    def test_T37_answer_has_status_and_streams_apart_and_no_key_is_written(self):
        before = set(os.listdir("/tmp"))
        done = self.run_on("--set", "key=" + world.read("ed25519"), "-o", "json", key=None, command=["echo a; echo b >&2; exit 3"], status=3)
        answer = done.json()[0]
        self.assertEqual((answer["status"], answer["stdout"], answer["stderr"]), (3, "a\n", "b\n"))
        for name in set(os.listdir("/tmp")) - before:
            if os.path.isfile("/tmp/" + name):
                with open("/tmp/" + name, errors="replace") as f:
                    self.assertNotIn("PRIVATE KEY", f.read())

    def test_one_word_is_a_line_for_the_shell_and_several_are_themselves(self):
        self.assertEqual(self.run_on(command=["echo a; echo b"]).out, "a\nb\n")
        words = ["$HOME", "a b", "it's", "*", "", "-n", "\\"]
        self.assertEqual(self.run_on(command=["printf", "%s|", *words]).out, "|".join(words) + "|")

    def test_signal(self):
        self.assertEqual(self.run_on("-o", "json", command=["kill -KILL $$"], status=137).json()[0]["status"], 137)

    def test_ten_megabytes_whole_and_in_order(self):
        done = self.run_on(command=["i=0; while [ $i -lt 160 ]; do head -c 65536 /dev/zero | tr '\\0' $((i % 10)); i=$((i+1)); done; echo end >&2"])
        self.assertEqual(done.raw, b"".join(b"%d" % (i % 10) * 65536 for i in range(160)))
        self.assertEqual(done.err, "end\n")

    def test_more_than_is_kept_is_an_error(self):
        self.fails(kind="too_large", text="more than 16 MiB", command=["head -c 20000000 /dev/zero"])

    def test_standard_input(self):
        data = os.urandom(3000000)
        self.assertEqual(self.run_on("--stdin", command=["cat"], stdin=data).raw, data)
        self.assertEqual(self.run_on(command=["cat; echo over"]).out, "over\n")

    def test_script_is_sent_over_and_leaves_nothing_behind(self):
        script = world.write("script", '#!/bin/sh\necho "$0" "$@"; exit 7\n')
        done = self.run_on("--script", "@" + script, command=["a b", "c"], status=7)
        self.assertRegex(done.out, r"^/tmp/tmp\.\S+ a b c\n$")
        self.assertFalse(os.path.exists(done.out.split()[0]))

    def test_deadline_ends_the_command(self):
        mark = "86399.25"
        done = self.fails("--deadline", "1s", kind="deadline", text="the deadline passed after [0-9.]+ s; the command on .* had begun, and was ended",
                          command=["sleep " + mark])
        self.assertLess(done.seconds, 5)
        until = time.monotonic() + 10
        while self.runs(mark):
            self.assertLess(time.monotonic(), until, "the command goes on")
            time.sleep(0.05)

    def test_deadline_ends_the_command_of_root_too(self):
        mark = "86399.75"
        done = world.nube("node", "run", "web", "-u", "root", "-i", world.path("root"), "--deadline", "3s", "--", "sleep " + mark)
        self.assertEqual(done.status, 255, done)
        self.assertRegex(done.err, "had begun, and was (ended|sent TERM)")
        until = time.monotonic() + 10
        while "was ended" in done.err and self.runs(mark):
            self.assertLess(time.monotonic(), until, f"the command goes on: {done}")
            time.sleep(0.05)

    def test_what_is_ended_is_that_command_and_nothing_else(self):
        """The deadline passes at every moment of a login of root; all other processes stay."""
        bystander = world.start("sleep", "86398", log="bystander")
        marks = []
        for ms in range(30, 330, 10):
            mark = f"86397.{ms}"
            done = world.nube("node", "run", "web", "-u", "root", "-i", world.path("root"), "--deadline", f"{ms}ms", "--", "sleep " + mark)
            if "was sent TERM" not in done.err:  # it does not say that it has ended
                marks.append(mark)
        until = time.monotonic() + 20
        while any(self.runs(mark) for mark in marks):
            self.assertLess(time.monotonic(), until, "a command goes on that was said to have ended")
            time.sleep(0.05)
        self.assertIsNone(bystander.poll())
        self.assertEqual([p.args for p in world.running if p.poll() is not None], [])

    def runs(self, mark):
        return any(words == ["sleep", mark] for words in processes().values())



def processes():
    """The words of every process here."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", errors="replace") as f:
                found[pid] = f.read().rstrip("\0").split("\0")
        except OSError:
            pass
    return found


class Ways(Case):
    def test_address_of_the_node_and_user_of_its_image(self):
        done = world.nube("node", "run", "web", "-i", world.path("ed25519"), "--", "id", "-un")
        self.assertEqual((done.status, done.out), (0, "admin\n"), done)

    def test_users_of_the_image_one_after_the_other(self):
        done = world.nube("node", "run", "web", "-i", world.path("root"), "--", "id", "-un")
        self.assertEqual((done.status, done.out), (0, "root\n"), done)

    def test_addresses_by_wish(self):
        private = next(n for n in world.nube("node", "list", "-o", "json").json() if n["name"] == "web")["private_ips"][0]
        self.fails("--address", "private", "--set", "connect_timeout=300ms", kind="connect", text=re.escape(private))
        self.run_on("--address", "ipv6,public")
        self.fails("--address", "ipv6", kind="not_found", text="no address that is ipv6")

    def test_refused_port_names_the_firewall(self):
        done = self.fails("--address", SHUT, kind="connect", text=f"{SHUT} port 22 refused the connection.*firewall")
        self.assertLess(done.seconds, 5)

    def test_filtered_port_names_the_firewall_within_its_time(self):
        done = self.fails("--address", SILENT, "--set", "connect_timeout=500ms", kind="connect", text=f"{SILENT} port 22 does not answer: a firewall")
        self.assertLess(done.seconds, 5)
        done = self.fails("--address", SILENT, "--deadline", "500ms", kind="deadline", text="does not answer: a firewall")
        self.assertLess(done.seconds, 5)

    def test_what_speaks_no_ssh(self):
        with socket.socket() as mute:
            mute.bind((world.web, 0))
            mute.listen()
            port = str(mute.getsockname()[1])
            self.fails("-p", port, "--set", "connect_timeout=500ms", kind="connect", text="does not speak SSH")
        server = socket.create_server((world.web, 0))
        self.addCleanup(server.close)

        def answer():
            try:
                while True:
                    with server.accept()[0] as peer:
                        peer.recv(100)
                        peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" + b"x" * 70000)
            except OSError:
                pass
        threading.Thread(target=answer, daemon=True).start()
        self.fails("-p", str(server.getsockname()[1]), "--deadline", "20s", kind="transport", text="ended the connection before it was known")

    def test_names_and_addresses_of_both_families(self):
        host = world.read("host.pub")
        known = self.known(f"twice.example {host}", f"fd00::22 {host}")
        self.assertEqual(self.run_on(*known, "--address", "twice.example", command=["echo in"]).out, "in\n")
        self.assertEqual(self.run_on(*known, "--address", "twice.example", "-o", "json").json()[0]["address"], world.web)
        self.assertTrue(self.run_on(*known, "--address", "fd00::22", command=["echo $SSH_CLIENT"]).out.startswith("fd00::22 "))

    def test_names_that_nobody_knows_or_answers_for(self):
        done = self.fails("--address", "silent.example", "--deadline", "700ms", kind="deadline", text="name servers are silent")
        self.assertLess(done.seconds, 5)
        done = self.fails("--address", "silent.example", "--set", "connect_timeout=700ms", kind="connect", text="name servers are silent")
        self.assertLess(done.seconds, 5)
        world.write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        self.addCleanup(world.write, "resolv.conf", world.resolv)
        self.fails("--address", "nobody.invalid", kind="connect", text="the address of nobody.invalid cannot be found")

    def test_a_connection_cut_anywhere_is_an_error(self):
        for octets in (0, 100, 1500, 2500, 4000, 100000):
            with self.subTest(octets):
                done = self.through(octets)
                self.assertRegex(done.err, '"class":"(transport|outcome_unknown)"', done)
                if octets > 10000:
                    self.assertRegex(done.err, '"class":"outcome_unknown".*look before trying again', done)

    def test_a_changed_octet_anywhere_is_an_error(self):
        for at in (1, 60, 1300, 2500, 5000):
            with self.subTest(at):
                done = self.through(1 << 30, flip=at)
                self.assertRegex(done.err, '"class":"(transport|outcome_unknown|tls|connect|deadline|auth|protocol)"', done)

    def through(self, octets, flip=-1):
        port = self.cutter(octets, flip)
        known = self.known(f"[{world.web}]:{port} {world.read('host.pub')}")
        return self.run_on("-p", str(port), *known, "-o", "json", "--deadline", "10s", "--set", "connect_timeout=700ms",
                           command=["head -c 200000 /dev/zero"], status=255)

    def cutter(self, octets, flip):
        """A port of the machine behind which the server says so much and no more, with one octet of it changed."""
        server = socket.create_server((world.web, 0))
        self.addCleanup(server.close)

        def pump(one, other, left, flip):
            try:
                while left > 0 and (part := bytearray(one.recv(min(4096, left)))):
                    if 0 <= flip < len(part):
                        part[flip] ^= 0x55
                    flip -= len(part)
                    other.sendall(part)
                    left -= len(part)
            except OSError:
                pass
            for s in (one, other):
                try:
                    s.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

        def both(near, far):
            back = threading.Thread(target=pump, args=(far, near, octets, flip))
            back.start()
            pump(near, far, 1 << 30, -1)
            back.join()
            near.close()
            far.close()

        def serve():
            try:
                while True:
                    near = server.accept()[0]
                    far = socket.create_connection((world.web, 22))
                    threading.Thread(target=both, args=(near, far), daemon=True).start()
            except OSError:
                pass
        threading.Thread(target=serve, daemon=True).start()
        return server.getsockname()[1]

    def test_jump(self):
        self.fails("--address", INNER, "--set", "connect_timeout=500ms", kind="connect", text=re.escape(INNER))
        done = self.run_on("--address", INNER, "-J", "admin@" + BASTION, command=["echo $SSH_CLIENT; exit 9"], status=9)
        self.assertTrue(done.out.startswith(INNER + " "), done)
        self.assertEqual(len(self.run_on("--address", INNER, "-J", "admin@" + BASTION, command=["head -c 10000000 /dev/zero"]).raw), 10000000)

    def test_jump_verifies_both_and_says_which_failed(self):
        self.fails("--address", INNER, "-J", "admin@" + BASTION, *self.known(f"{BASTION} {world.read('host.pub')}"), kind="tls", text=INNER)
        self.fails("--address", INNER, "-J", "admin@" + BASTION, *self.known(f"{INNER} {world.read('host2.pub')}"), kind="tls", text=BASTION)
        self.fails("--address", INNER, "-p", "23", "-J", "admin@" + BASTION, kind="connect", text=f"{BASTION} cannot reach {INNER} port 23")

    def test_the_password_stays_at_its_machine(self):
        self.fails("--address", INNER, "-J", "admin@" + BASTION, "--password-from", "env:WORD", key=None, env={"WORD": PASSWORD}, kind="auth",
                   text=f"{BASTION} .*nothing of that to offer")

    def test_dropbear(self):
        bear = ["-p", str(DROPBEAR_PORT)]
        for key in ("ed25519", "rsa", "p256"):
            with self.subTest(key):
                done = self.run_on(*bear, key=key, command=["echo out; echo err >&2; exit 42"], status=42)
                self.assertEqual((done.out, done.err), ("out\n", "err\n"))
        self.run_on(*bear, "--password-from", "env:WORD", key=None, env={"WORD": PASSWORD})
        self.fails(*bear, key="stranger", kind="auth", text="does not let admin in")
        self.assertEqual(len(self.run_on(*bear, command=["head -c 10000000 /dev/zero"]).raw), 10000000)


class Config(Case):
    def configured(self, text, *options, node="web", command=("id", "-un"), status=0):
        path = world.write(f"config-{self.id().rsplit('.', 1)[1]}", text, 0o600)
        done = world.nube("node", "run", node, "--ssh-config", path, *options, "--", *command)
        self.assertEqual(done.status, status, done)
        return done

    def test_host_with_user_port_key_and_known_name(self):
        done = self.configured(f"Host {world.web}\n  User root\n  IdentityFile {world.path('root')}\n")
        self.assertEqual(done.out, "root\n")
        known = world.write("known-alias", f"somewhere {world.read('host.pub')}", 0o600)
        self.configured(f"Host front.example\n HostName {world.web}\n HostKeyAlias somewhere\n UserKnownHostsFile {known}\n"
                        f" User admin\n IdentityFile {world.path('nokey')}\n IdentityFile {world.path('rsa')}\n", "--address", "front.example")

    def test_match_and_include_and_order(self):
        world.write("included", f"IdentityFile {world.path('ed25519')}\n", 0o600)
        text = (f"Host other\n User nobody\nMatch host {world.web} user admin\n Include {world.path('includ')}*\n"
                f"Host *\n User root\n IdentityFile {world.path('root')}\n")
        self.assertEqual(self.configured(text, "-u", "admin").out, "admin\n")
        self.assertEqual(self.configured(text).out, "root\n")

    def test_jump_of_the_configuration(self):
        done = self.configured(f"Host inner.example\n HostName {INNER}\n ProxyJump way\nHost way\n HostName {BASTION}\n"
                               f"Host *\n User admin\n IdentityFile {world.path('ed25519')}\n", "--address", "inner.example", command=["echo $SSH_CLIENT"])
        self.assertTrue(done.out.startswith(INNER + " "), done)

    def test_what_is_not_understood_is_refused_where_it_applies(self):
        done = self.configured(f"Host {world.web}\n ProxyCommand nc %h %p\n", status=255)
        self.assertRegex(done.err, r"config-\S+ line 2: ProxyCommand is not run here: write it as ProxyJump")
        done = self.configured("Match exec true\n User root\n", status=255)
        self.assertRegex(done.err, "line 1: Match is understood with")
        self.configured(f"Host elsewhere\n ProxyCommand nc\nMatch originalhost elsewhere exec false\n User x\n"
                        f"Host *\n User admin\n IdentityFile {world.path('ed25519')}\n")

    def test_host_key_algorithms(self):
        done = self.configured("HostKeyAlgorithms rsa-sha2-512\n", "-u", "admin", status=255)
        self.assertRegex(done.err, "no match|No match|kex|ended the connection")


class Many(Case):
    def test_fifty_hosts_in_about_the_time_of_one(self):
        done = world.nube("node", "run", "--tag", "role=many", "-u", "admin", "-i", world.path("ed25519"), "-o", "json", "--", "sleep 2; hostname; exit 0")
        answers = done.json()
        self.assertEqual((done.status, len(answers), {a["status"] for a in answers}), (0, 50, {0}), done)
        self.assertLess(done.seconds, 30, "one after the other they would take 100 s")

    def test_fifty_behind_one_bastion(self):
        done = world.nube("node", "run", "--tag", "role=many", "-u", "admin", "-i", world.path("ed25519"), "-J", "admin@" + BASTION,
                          "--address", INNER, "-o", "json", "--", "echo $SSH_CLIENT", timeout=120)
        answers = done.json()
        self.assertEqual((done.status, len(answers)), (0, 50), done)
        self.assertTrue(all(a["stdout"].startswith(INNER) for a in answers), done)
        dropped = len(re.findall("(?i)drop connection", world.read("bastion.log")))
        self.assertLess(dropped, 5, "we come in crowds: sshd counts a moment behind us, but no more than that")

    def test_fifty_probes(self):
        done = world.nube("node", "probe", "--tag", "role=many", "-u", "admin", "-i", world.path("ed25519"), "-o", "json", "--via", "ssh")
        nodes = done.json()
        self.assertEqual((done.status, len(nodes)), (0, 50), done)
        extra = nodes[0]["extra"]
        self.assertEqual((extra["os"], extra["ssh.stage"]) if "ssh.stage" in extra else (extra["os"], extra["ssh"]["stage"]), ("Linux", "done"))

    def test_status_of_each_and_the_largest_as_ours(self):
        names = ["n-1", "n-2", "n-3"]
        addresses = {n["name"]: n["public_ips"][0] for n in world.nube("node", "list", "-o", "json").json()}
        script = "case $SSH_CONNECTION in *' %s '*) exit 5;; *' %s '*) exit 4;; esac" % (addresses["n-1"], addresses["n-2"])
        done = world.nube("node", "run", *names, "-u", "admin", "-i", world.path("ed25519"), "-o", "json", "--", script)
        self.assertEqual(done.status, 5, done)
        self.assertEqual({a["node"]: a["status"] for a in done.json()}, {"n-1": 5, "n-2": 4, "n-3": 0})
        done = world.nube("node", "run", *names, "-u", "admin", "-i", world.path("ed25519"), "--", script)
        self.assertEqual(done.status, 5, done)
        self.assertIn("n-1: status 5", done.err)


class Probes(Case):
    def probe(self, *options, status=0):
        done = world.nube("node", "probe", "web", "--via", "ssh", "-u", "admin", "-i", world.path("ed25519"), "-o", "json", *options)
        self.assertEqual(done.status, status, done)
        return done

    def test_measures(self):
        extra = flat(self.probe().json()[0]["extra"])
        self.assertEqual(extra["ssh.address"], world.web)
        self.assertEqual((extra["ssh.user"], extra["ssh.port"], extra["kernel"]), ("admin", 22, os.uname().release))
        self.assertLessEqual(extra["ssh.rtt_min_ms"], extra["ssh.rtt_avg_ms"])
        self.assertLessEqual(extra["ssh.rtt_avg_ms"], extra["ssh.rtt_max_ms"])
        self.assertEqual(extra["cores"], os.cpu_count())
        with open("/proc/meminfo") as f:
            self.assertEqual(extra["memory"], int(re.search(r"MemTotal:\s+(\d+)", f.read())[1]) * 1024)
        with open("/proc/uptime") as f:
            self.assertAlmostEqual(extra["uptime_seconds"], float(f.read().split()[0]), delta=30)
        self.assertGreater(extra["disks.0.size"], 0)
        self.assertIn("load_15", extra)

    def test_names_the_stage(self):
        for options, stage, status in ((["--address", SHUT], "connect", 1), (["--known-hosts", "/dev/null"], "host_key", 1),
                                       (["-u", "nobody"], "auth", 4)):
            with self.subTest(stage):
                self.assertIn(f'"provider_code":"ssh {stage}"', self.probe(*options, status=status).err)


def flat(extra, front=""):
    """Dotted names, however they are nested."""
    out = {}
    for name, value in extra.items():
        out.update(flat(value, front + name + ".") if isinstance(value, dict) else {front + name: value})
    return out


class Interactive(Case):
    def test_ssh_is_executed_with_host_user_port_and_key(self):
        done = world.nube("node", "ssh", "web", "-u", "admin", "-i", world.path("ed25519"), "--known-hosts", world.path("home/.ssh/known_hosts"),
                          "--ssh-config", "/dev/null", "--", "echo $USER; exit 6")
        self.assertEqual((done.status, done.out), (6, "admin\n"), done)

    def test_no_secret_goes_on_its_command_line(self):
        done = world.nube("node", "ssh", "web", "--password-from", "env:WORD", "--dry-run", env={"WORD": PASSWORD})
        self.assertEqual(done.status, 255, done)
        self.assertIn("cannot be handed to ssh", done.err)


class Secrets(Case):
    """Secrets of all kinds are in no log, process list, record or error."""

    def watched(self, *args, env):
        """The command's words, and those of every process while it ran."""
        seen, over = set(), threading.Event()

        def look():
            while not over.is_set():
                for pid in filter(str.isdigit, os.listdir("/proc")):
                    try:
                        with open(f"/proc/{pid}/cmdline", errors="replace") as f:
                            seen.add(f.read())
                    except OSError:
                        pass
        thread = threading.Thread(target=look)
        thread.start()
        done = world.nube(*args, env=env)
        over.set()
        thread.join()
        return done, "\n".join(seen)

    def test_passwords_passphrases_and_keys(self):
        text = world.read("rsa")
        for options, env, word in (
                (["--password-from", "env:WORD"], {"WORD": PASSWORD}, PASSWORD),
                (["--password-from", "env:WORD"], {"WORD": "wrong-" + PASSWORD}, PASSWORD),
                (["-i", world.path("locked"), "--passphrase-from", "env:PHRASE"], {"PHRASE": PASSPHRASE}, PASSPHRASE),
                (["-i", world.path("locked"), "--passphrase-from", "env:PHRASE"], {"PHRASE": "wrong-" + PASSPHRASE}, PASSPHRASE)):
            record = world.path("record-%d" % time.monotonic_ns())
            done, processes = self.watched("node", "run", "web", "-u", "admin", *options, "--debug", "--record", record, "--", "echo", "hi", env=env)
            for name in os.listdir(record):
                with open(os.path.join(record, name)) as f:
                    self.assertNotIn(word, f.read())
            self.assertNotIn(word, done.out + done.err)
            self.assertNotIn(word, processes)
        done = self.run_on("--set", "key=" + text, "--debug", key=None)
        self.assertNotIn(text.split("\n")[3], done.err)

    def test_a_secret_in_the_command_itself_is_not_logged(self):
        record = world.path("record-own")
        done = self.run_on("--password-from", "env:WORD", "--debug", "--record", record, key=None, env={"WORD": PASSWORD}, command=["test", PASSWORD])
        self.assertRegex(done.err, r"> ssh \S+: test \*\*\*")
        self.assertNotIn(PASSWORD, done.err)
        for name in os.listdir(record):
            with open(os.path.join(record, name)) as f:
                self.assertNotIn(PASSWORD, f.read())


if __name__ == "__main__":
    ssh_case.main()
