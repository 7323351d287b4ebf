"""Bare hosts: the driver and the keys of one's own against real SSH servers, and a management controller of the DMTF's shape.

The machines are those of ssh_case.py.  What shuts a machine down is replaced before anything runs.
"""
import base64
import http.server
import json
import os
import ssl
import stat
import subprocess
import threading
import unittest

import ssh_case
from ssh_case import PASSWORD, SHUT, sh

world = None
SYSTEM = "/redfish/v1/Systems/437XR1138R2"


def setUpModule():
    global world
    world = ssh_case.World(nodes=20)
    fake = world.write("fake-power", f"#!/bin/sh\necho \"$(basename $0) $* by $(id -un)\" >>{world.path('power')}\n", 0o755)
    world.write("power", "", 0o666)
    sh("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/usr/local/sbin")
    for name in ("shutdown", "poweroff", "reboot", "halt"):
        os.symlink(fake, f"/usr/local/sbin/{name}")  # a small machine has none of them
        for where in ("/sbin", "/usr/sbin"):
            if os.path.exists(f"{where}/{name}"):
                sh("mount", "--bind", fake, f"{where}/{name}")
    sh("shutdown", "-h", "now", env={"PATH": "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"})
    assert world.read("power") == "shutdown -h now by root\n", "what shuts down is not replaced"


def tearDownModule():
    world.close()


class Case(unittest.TestCase):
    def setUp(self):
        world.write("power", "", 0o666)
        self.name = self.id().rsplit(".", 1)[1]

    def nube(self, *args, status=0, **more):
        done = world.nube(*args, **more)
        self.assertEqual(done.status, status, done)
        return done

    def backend(self, *options, user="root", key="root"):
        """An account of this test's own."""
        keys = [f"key_file={world.path(key)}", f"user={user}"] if key else []
        self.nube("backend", "add", self.name, "bare_metal", *keys, *options)
        return ["-b", self.name]

    def power(self):
        """What was switched; it happens a second after the answer."""
        for _ in range(100):
            if world.read("power"):
                break
            threading.Event().wait(0.1)
        return world.read("power")


class Hosts(Case):
    def test_list_says_nothing_to_the_hosts_unless_told(self):
        b = self.backend(f"hosts=web={world.web},shut={SHUT}")
        rows = {n["name"]: n for n in self.nube("node", "list", *b, "-o", "json").json()}
        self.assertEqual({n["raw_state"] for n in rows.values()}, {"not asked"})
        rows = {n["name"]: n for n in self.nube("node", "list", *b, "--filter", "probe=yes", "-o", "json").json()}
        self.assertEqual([rows["web"]["state"], rows["shut"]["state"], rows["shut"]["raw_state"]], ["running", "unknown", "unreachable"])
        self.assertIn("firewall", rows["shut"]["extra"]["failure"])

    def test_facts_are_those_of_the_machine(self):
        b = self.backend(f"host=web={world.web}")
        node = self.nube("node", "show", "web", *b, "-o", "json").json()[0]
        self.assertEqual(node["extra"]["kernel"], os.uname().release)
        self.assertEqual(node["profile"]["cores"], os.sysconf("SC_NPROCESSORS_ONLN"))
        self.assertEqual(node["profile"]["ram"], os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20)
        self.assertEqual(node["size"].split("-")[0], os.uname().machine)
        self.assertEqual(node["auth"]["username"], "root")

    def test_all_are_asked_at_once(self):
        b = self.backend("hosts=" + ",".join(world.addresses))
        one = self.nube("node", "show", world.addresses[0], *b).seconds
        all_of_them = self.nube("node", "list", *b, "--filter", "probe=yes", "-o", "json")
        self.assertEqual({n["state"] for n in all_of_them.json()}, {"running"})
        self.assertLess(all_of_them.seconds, max(len(world.addresses) * one * 0.8, 5), "one after the other?")

    def test_ssh_config_names_hosts(self):
        config = world.write("config-hosts", f"Host front\n  HostName {world.web}\n  User admin\n  IdentityFile {world.path('ed25519')}\n"
                             "Host *.example.com\n  User nobody\n")
        b = self.backend(f"ssh_config={config}", "ssh_hosts=yes", f"hosts_file={world.path('none')}", key=None)
        self.assertEqual(self.nube("node", "list", *b, "-o", "id").out, "front\n")
        self.assertEqual(self.nube("node", "run", "front", *b, "--", "id -un").out, "admin\n")

    def test_check_names_the_host_that_does_not_answer(self):
        self.backend(f"hosts=web={world.web},shut={SHUT}")
        self.assertIn("shut: ", self.nube("backend", "check", self.name, status=1).out)


class Adopting(Case):
    def test_adopted_by_many_at_once_and_forgotten(self):
        path = world.write("hosts-adopt", "# mine\nold host=198.51.100.9 # do not touch", 0o600)
        b = self.backend(f"hosts_file={path}")
        threads = [threading.Thread(target=self.nube, args=("node", "create", *b, "--name", f"n{i}", "--set", f"host={world.web}"))
                   for i in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        names = sorted(self.nube("node", "list", *b, "-o", "id").out.split())
        self.assertEqual(names, sorted([f"n{i}" for i in range(8)] + ["old"]))
        self.nube("node", "rename", "n3", "three", *b)
        self.nube("node", "destroy", *[f"n{i}" for i in range(8) if i != 3], "--yes", *b)
        self.assertEqual(world.read("hosts-adopt"), f"# mine\nold host=198.51.100.9 # do not touch\nthree host={world.web}\n")

    def test_what_does_not_answer_is_not_adopted(self):
        b = self.backend(f"hosts_file={world.path('hosts-dead')}")
        done = self.nube("node", "create", *b, "--name", "x", "--set", f"host={SHUT}", status=1)
        self.assertIn("firewall", done.err)
        self.assertFalse(os.path.exists(world.path("hosts-dead")))
        self.nube("node", "create", *b, "--name", "x", "--set", f"host={SHUT}", "--set", "probe=no")
        self.assertIn("there is a host x already", self.nube("node", "create", *b, "--name", "x", status=7).err)


class Power(Case):
    def test_stop_and_reboot_by_root(self):
        b = self.backend(f"host=web={world.web}")
        self.nube("node", "stop", "web", *b)
        self.assertEqual(self.power(), "shutdown -h now by root\n")
        world.write("power", "", 0o666)
        self.nube("node", "reboot", "web", *b)
        self.assertEqual(self.power(), "shutdown -r now by root\n")

    def test_sudo_that_asks_is_refused_with_what_to_do(self):
        sh("mount", "--bind", world.write("sudoers", "Defaults secure_path=/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin\n"
                                            "root ALL=(ALL:ALL) ALL\nadmin ALL=(ALL) ALL\n", 0o440), "/etc/sudoers")
        b = self.backend(f"host=web={world.web}", user="admin", key="ed25519")
        done = self.nube("node", "stop", "web", *b, status=4)
        self.assertIn("sudo_password", done.err)
        self.assertEqual(world.read("power"), "")
        self.nube("backend", "remove", self.name, "--yes")
        b = self.backend(f"host=web={world.web}", f"sudo_password={PASSWORD}", user="admin", key="ed25519")
        self.nube("node", "stop", "web", *b)
        self.assertEqual(self.power(), "shutdown -h now by root\n")


class Controller(Case):
    """A management controller with one system, its account and its certificate."""

    def setUp(self):
        super().setUp()
        self.power_state, self.resets = "On", []
        case = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, status, body):
                text = json.dumps(body).encode() if body is not None else b""
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def let_in(self):
                good = "Basic " + base64.b64encode(b"admin:of the bmc").decode()
                if self.headers.get("Authorization") == good:
                    return True
                self.answer(401, {"error": {"code": "Base.1.8.InsufficientPrivilege", "message": "There are insufficient privileges."}})
                return False

            def do_GET(self):
                if not self.let_in():
                    return
                if self.path == "/redfish/v1/Systems":
                    self.answer(200, {"Members": [{"@odata.id": SYSTEM}], "Members@odata.count": 1})
                else:
                    self.answer(200, {"@odata.id": SYSTEM, "PowerState": case.power_state, "Actions": {"#ComputerSystem.Reset": {
                        "target": SYSTEM + "/Actions/ComputerSystem.Reset",
                        "ResetType@Redfish.AllowableValues": ["On", "ForceOff", "ForceRestart"]}}})

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.let_in():
                    case.resets.append((self.path, body["ResetType"]))
                    case.power_state = "Off" if body["ResetType"] == "ForceOff" else "On"
                    self.answer(204, None)

            def log_message(self, *_):
                pass

        sh("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=bmc", "-addext", "subjectAltName=IP:127.0.0.1",
           "-days", "2", "-keyout", world.path("bmc.key"), "-out", world.path("bmc.pem"))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(world.path("bmc.pem"), world.path("bmc.key"))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def controlled(self, host, password="of the bmc", more=()):
        return self.backend(f"host=web={host}", f"bmc=https://127.0.0.1:{self.server.server_address[1]}", "bmc_user=admin",
                            f"bmc_password={password}", *more)

    def test_switched_off_on_and_reset(self):
        b = self.controlled(world.web, more=[f"ca_file={world.path('bmc.pem')}"])
        self.nube("node", "stop", "web", "--set", "force=yes", *b)
        self.nube("node", "reboot", "web", "--set", "hard=yes", *b)
        self.nube("backend", "remove", self.name, "--yes")
        b = self.controlled(SHUT, more=[f"ca_file={world.path('bmc.pem')}"])
        self.power_state = "Off"
        self.nube("node", "start", "web", *b)
        self.assertEqual([r for _, r in self.resets], ["ForceOff", "ForceRestart", "On"])
        self.assertEqual({p for p, _ in self.resets}, {SYSTEM + "/Actions/ComputerSystem.Reset"})
        self.assertEqual(world.read("power"), "")

    def test_a_silent_host_that_is_off_is_stopped(self):
        b = self.controlled(SHUT, more=[f"ca_file={world.path('bmc.pem')}"])
        self.power_state = "Off"
        self.assertEqual(self.nube("node", "show", "web", *b, "-o", "json").json()[0]["state"], "stopped")
        self.power_state = "On"
        self.assertEqual(self.nube("node", "show", "web", *b, "-o", "json").json()[0]["raw_state"], "powered on")

    def test_its_certificate_is_verified_and_its_refusal_told(self):
        b = self.controlled(world.web)
        self.assertIn("certificate", self.nube("node", "reboot", "web", "--set", "hard=yes", *b, status=1).err)
        self.nube("backend", "remove", self.name, "--yes")
        b = self.controlled(world.web, password="wrong", more=["verify=no"])
        self.assertIn("insufficient privileges", self.nube("node", "reboot", "web", "--set", "hard=yes", *b, status=4).err)
        self.assertEqual(self.resets, [])


class Keys(Case):
    """authorized_keys of the user admin, which every test gives back as it was."""

    def setUp(self):
        super().setUp()
        self.path = world.path("admin", ".ssh", "authorized_keys")
        self.before = world.read("admin/.ssh/authorized_keys")
        self.addCleanup(self.put, self.before)
        self.web = self.backend(f"host=web={world.web}", user="admin", key="ed25519")

    def put(self, text):
        with open(self.path, "w") as f:
            f.write(text)
        os.chown(self.path, 4242, 4242)
        os.chmod(self.path, 0o600)

    def lines(self):
        return world.read("admin/.ssh/authorized_keys")

    def test_twice_is_one_line_and_the_rest_stays(self):
        odd = self.before + "# a comment\nrestrict,command=\"echo 'no shell'\" " + world.read("stranger.pub").rstrip("\n")
        self.put(odd)
        os.chmod(self.path, 0o640)
        key = world.read("ca.pub")
        for _ in range(2):
            self.nube("key", "import", "guest", world.path("ca.pub"), *self.web)
        self.assertEqual(self.lines(), odd + "\n" + " ".join(key.split()[:2]) + " guest\n")
        st = os.stat(self.path)
        self.assertEqual((stat.S_IMODE(st.st_mode), st.st_uid, st.st_gid), (0o640, 4242, 4242))
        self.nube("key", "delete", "guest", "--yes", *self.web)
        self.assertEqual(self.lines(), odd + "\n")
        self.assertEqual(os.listdir(os.path.dirname(self.path)), ["authorized_keys"])

    def test_a_symbolic_link_stays_one(self):
        real = world.path("admin", "keys")
        os.rename(self.path, real)
        os.symlink("../keys", self.path)
        try:
            self.nube("key", "import", "guest", world.path("ca.pub"), *self.web)
            self.assertTrue(os.path.islink(self.path))
            self.assertIn("guest", self.lines())
        finally:
            os.unlink(self.path)
            os.rename(real, self.path)

    def test_pairs_at_the_same_time_lose_neither(self):
        names = [f"pair{i}" for i in range(6)]
        for name in names:
            sh("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", world.path(name))
        threads = [threading.Thread(target=self.nube, args=("key", "associate", world.path(n + ".pub"), "web", *self.web)) for n in names * 2]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        for name in names:
            self.assertEqual(self.lines().count(world.read(name + ".pub").split()[1]), 1, name)
        self.assertTrue(self.lines().startswith(self.before))

    def test_a_key_that_is_associated_is_used_without_being_told(self):
        for kind in ("ed25519", "rsa"):
            own = f"own-{kind}"
            self.nube("key", "generate", own, "--type", kind)
            file = next(k["file"] for k in self.nube("key", "own", "-o", "json").json() if k["name"] == own)
            self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
            with open(file + ".pub") as f:
                self.assertEqual(sh("ssh-keygen", "-y", "-f", file).split()[:2], f.read().split()[:2])
            self.nube("key", "associate", own, "cloud/" + self.cloud_id(), "-u", "admin", "-i", world.path("ed25519"))
            done = self.nube("node", "run", "cloud/" + self.cloud_id(), "--", "id -un")
            self.assertEqual(done.out, "admin\n")
            self.nube("key", "rename", own, own + "-2")
            argv = self.nube("node", "run", "cloud/" + self.cloud_id(), "--debug", "--", "id -un")
            self.assertEqual(argv.out, "admin\n")
            self.nube("key", "disassociate", own + "-2", "cloud/" + self.cloud_id())
            self.assertNotIn(own, self.lines())
            self.assertNotIn("admin\n", world.nube("node", "run", "cloud/" + self.cloud_id(), "--", "id -un").out)

    def cloud_id(self):
        nodes = self.nube("node", "list", "-b", "cloud", "-o", "json").json()
        return next(n["id"] for n in nodes if n["name"] == "web")

    def test_an_encrypted_key_of_ones_own_is_one_that_ssh_opens(self):
        path = world.path("home", "own-locked")
        sh("ssh-keygen", "-q", "-t", "ed25519", "-N", "opens-sesame", "-f", path)
        self.nube("key", "add", "locked", path)
        self.assertIn("there is a key locked already", self.nube("key", "add", "locked", path, status=7).err)
        self.assertEqual(subprocess.run(["ssh-keygen", "-y", "-P", "wrong", "-f", path], capture_output=True, timeout=30).returncode, 255)
        self.nube("key", "forget", "locked")
        self.assertTrue(os.path.exists(path))


if __name__ == "__main__":
    ssh_case.main()
