"""nube node deploy: nodes of nube-sim whose addresses real SSH servers have, each way it can end.

The machines are those of ssh_case.py; a new node's address is given to the loopback interface a
moment after the node is there, as a machine that starts.
"""
import threading
import time
import unittest

import ssh_case
from ssh_case import PASSWORD, sh

world = None


def setUpModule():
    global world
    world = ssh_case.World(nodes=1)


def tearDownModule():
    world.close()


class Deploy(unittest.TestCase):
    def setUp(self):
        self.over = threading.Event()
        self.threads = []
        self.addCleanup(self.stop)

    def stop(self):
        self.over.set()
        for t in self.threads:
            t.join()

    def start_machines(self, after):
        """Nodes that come up get their address so much later."""
        def look():
            seen = set()
            while not self.over.is_set():
                for node in world.nube("node", "list", "-o", "json").json():
                    for address in node["public_ips"]:
                        if address not in world.addresses and address not in seen:
                            seen.add(address)
                            timer = threading.Timer(after, world.add_address, [address])
                            timer.start()
                            self.threads.append(timer)
                self.over.wait(0.2)
        thread = threading.Thread(target=look)
        thread.start()
        self.threads.append(thread)

    def deploy(self, *options, status=0, name="made", key="ed25519", user="admin", tail=(), deadline="60s"):
        keys = ["--identity", world.path(key)] if key else []
        done = world.nube("node", "deploy", "-n", name, "-i", "ami-1", "-s", "t3.micro", "-u", user, *keys, "--host-key", "accept-new",
                          "--deadline", deadline, *options, *(["--", *tail] if tail else []))
        self.assertEqual(done.status, status, done)
        return done

    def node(self, name):
        return next((n for n in world.nube("node", "list", "-o", "json").json() if n["name"] == name), None)

    def test_create_wait_and_script(self):
        self.start_machines(after=1.5)
        script = world.write("setup", '#!/bin/sh\necho "here $1"; echo noise >&2; touch "$HOME/made-$1"\n')
        done = self.deploy("--script", script, name="whole", tail=["it"])
        self.assertIn("here it\n", done.out)
        self.assertIn("noise\n", done.err)
        self.assertIn("name: whole", done.out)
        self.assertEqual(self.node("whole")["state"], "running")
        self.assertEqual(world.read("admin/made-it"), "")
        self.assertGreater(done.seconds, 1.4, "it cannot have been reached before it was there")

    def test_a_command_and_nothing_at_all(self):
        self.start_machines(after=0)
        self.assertIn("admin\n", self.deploy(name="plain", tail=["id -un"]).out)
        self.deploy(name="bare")

    def test_data_has_the_node_alone_on_standard_output(self):
        self.start_machines(after=0)
        done = self.deploy("-o", "json", name="data", tail=["echo spoken"])
        self.assertEqual(done.json()[0]["name"], "data")
        self.assertIn("spoken\n", done.err)

    def test_keep(self):
        self.start_machines(after=0)
        done = self.deploy(name="kept", tail=["echo before; exit 3"], status=1)
        self.assertRegex(done.err, r"ended with status 3; it was kept")
        self.assertRegex(done.err, "this exists: ")
        self.assertIn("before\n", done.out)
        self.assertEqual(self.node("kept")["state"], "running")

    def test_stop(self):
        self.start_machines(after=0)
        done = self.deploy("--on-failure", "stop", name="stopped", tail=["false"], status=1)
        self.assertRegex(done.err, "ended with status 1; it was stopped")
        self.assertIn(self.node("stopped")["state"], ("stopping", "stopped"))

    def test_destroy(self):
        self.start_machines(after=0)
        done = self.deploy("--on-failure", "destroy", name="gone", tail=["false"], status=1)
        self.assertRegex(done.err, "ended with status 1; it was destroyed")
        self.assertNotIn("this exists", done.err)
        self.assertNotIn("name: gone", done.out)
        node = self.node("gone")
        self.assertTrue(node is None or node["state"] in ("terminated", "stopping"), node)

    def test_never_reached_within_the_deadline(self):
        done = self.deploy("--on-failure", "destroy", name="silent", tail=["true"], status=9, deadline="4s")
        self.assertRegex(done.err, "the deadline passed, waiting for SSH: .*port 22.*it was destroyed")
        self.assertLess(done.seconds, 15)

    def test_the_host_key_is_asked_about_before_anything_is_made(self):
        done = world.nube("node", "deploy", "-n", "never", "-i", "ami-1", "--", "true")
        self.assertEqual(done.status, 2, done)
        self.assertIn("accept-new", done.err)
        self.assertIsNone(self.node("never"))

    def test_a_wrong_fingerprint_ends_it_at_once(self):
        self.start_machines(after=0)
        other = sh("ssh-keygen", "-lf", world.path("host2.pub")).split()[1]
        done = self.deploy("--host-key", other, name="false", tail=["true"], status=1)
        self.assertIn("DOES NOT HAVE THE HOST KEY", done.err)
        self.assertLess(done.seconds, 20)

    def test_password(self):
        self.start_machines(after=0)
        world.write("word", PASSWORD + "\n", 0o600)
        done = self.deploy("--password-from", "file:" + world.path("word"), key=None, name="worded", tail=["id -un"])
        self.assertIn("admin\n", done.out)

    def test_nothing_is_made_in_a_dry_run(self):
        done = self.deploy("--dry-run", name="dry", tail=["true"])
        self.assertIn("RunInstances", done.out)
        self.assertIsNone(self.node("dry"))


if __name__ == "__main__":
    ssh_case.main()
