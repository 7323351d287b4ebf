#!/usr/bin/env python3
"""Accounts at Rackspace as a person has them, over records of what it answers: NUBE=path of the command."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

NUBE = os.environ.get("NUBE", "nube")
CASSETTES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cassettes")
WHERE = ["--driver-path", os.environ.get("NUBE_DRIVERS", ""), "--service-path", os.environ.get("NUBE_SERVICES", "")]
KEY = "0123456789abcdef0123456789abcdef"


class Case(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="nube-cli-")

    def tearDown(self):
        shutil.rmtree(self.home)

    def run_nube(self, *args, cassette=None):
        env = {"HOME": self.home, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        for name, value in os.environ.items():
            if name.startswith(("ASAN_", "UBSAN_", "LSAN_", "LD_")):
                env[name] = value
        replay = ["--replay", os.path.join(CASSETTES, cassette)] if cassette else []
        done = subprocess.run([NUBE, *WHERE, *replay, *args], capture_output=True, text=True, env=env, timeout=60,
                              stdin=subprocess.DEVNULL)
        self.assertNotIn(KEY, done.stdout + done.stderr)
        return done

    def good(self, *args, **more):
        done = self.run_nube(*args, **more)
        self.assertEqual(done.returncode, 0, done)
        return done.stdout

    def listed(self, cassette):
        return json.loads(self.good("node", "list", "-o", "json", cassette=cassette))


class London(Case):
    """mist.client's example: add_backend(provider="rackspace:lon", title="My Rack London", key=..., secret=...)."""

    def setUp(self):
        super().setUp()
        self.good("backend", "add", "My Rack London", "rackspace:lon", "key=demo", "secret=" + KEY)

    def test_the_account_is_there(self):
        row = json.loads(self.good("backend", "list", "-o", "json"))[0]
        self.assertEqual((row["name"], row["provider"]), ("My Rack London", "rackspace:lon"))

    def test_nodes_are_listed_by_its_name_alone(self):
        broken, web = self.listed("rackspace")
        self.assertEqual([web["name"], web["state"], web["raw_state"]], ["web", "running", "ACTIVE"])
        self.assertEqual(web["public_ips"], ["67.23.10.132", "2001:4801:7808:52::2"])
        self.assertEqual(web["private_ips"], ["10.176.42.16"])
        self.assertEqual([web["size"], web["location"], web["backend"], web["provider"]],
                         ["general1-1", "LON", "My Rack London", "rackspace:lon"])
        self.assertIn("stop", web["actions"])
        self.assertNotIn("suspend", web["actions"])
        self.assertNotIn("tag", web["actions"])
        self.assertEqual([broken["state"], broken["extra"]["fault.message"]], ["error", "Could not find image"])

    def test_a_table(self):
        out = self.good("node", "list", cassette="rackspace")
        self.assertIn("My Rack London", out)
        self.assertIn("67.23.10.132", out)

    def test_an_account_of_the_other_half_is_told(self):
        self.good("backend", "add", "Dallas", "rackspace:dfw", "key=demo", "secret=" + KEY)
        done = self.run_nube("node", "list", "-b", "Dallas", cassette="rackspace")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no cloudServersOpenStack in DFW; its regions: LON", done.stderr)

    def test_a_create_with_a_key_of_its_own_is_refused(self):
        """There are no tags in which it could be kept."""
        done = self.run_nube("node", "create", "--image", "70a599e0-31e7-49b7-b260-868f441e862b", "--set", "client_token=abc", "-b", "My Rack London",
                             cassette="rackspace")
        self.assertEqual(done.returncode, 10, done)

    def test_the_password_of_a_rescue_is_shown_since_nothing_else_tells_it(self):
        for how in ([], ["-o", "json"]):
            self.assertIn("m7UKdGiKFpqM", self.good("node", "action", "web", "rescue", *how, cassette="rackspace"))

    def test_a_dry_run_shows_what_would_be_sent_without_the_key(self):
        done = self.run_nube("node", "create", "--dry-run", "--name", "n", "--image", "70a599e0-31e7-49b7-b260-868f441e862b", "--size", "2", "--set",
                             "network=ServiceNet", "-b", "My Rack London", cassette="rackspace")
        self.assertIn("11111111-1111-1111-1111-111111111111", done.stdout, done)


class FirstGeneration(Case):
    def setUp(self):
        super().setUp()
        self.added = self.run_nube("backend", "add", "Old", "rackspace_first_gen:us", "key=demo", "secret=" + KEY)
        self.assertEqual(self.added.returncode, 0, self.added)

    def test_it_says_that_it_has_ended(self):
        self.assertIn("rackspace_first_gen:us (Rackspace US (OLD)) is retired", self.added.stderr)

    def test_nodes(self):
        nodes = self.listed("rackspace_first_gen")
        self.assertEqual([n["id"] for n in nodes], ["1234", "5678"])
        self.assertEqual(nodes[0]["metadata"], {"Server Label": "Web Head 1", "Image Version": "2.1"})
        self.assertEqual([nodes[1]["public_ips"], nodes[1]["private_ips"]], [["67.23.10.133"], ["10.176.42.17"]])
        self.assertEqual(sorted(nodes[1]["actions"]), ["create_image", "destroy", "reboot", "rebuild", "rename", "resize"])

    def test_T34_no_start_no_stop_no_keys(self):
        for words in (("node", "stop", "1234", "--yes"), ("node", "start", "1234"), ("key", "list", "-b", "Old"),
                      ("node", "create", "-b", "Old", "--image", "1", "--key", "ops")):
            done = self.run_nube(*words, cassette="rackspace_first_gen")
            self.assertEqual(done.returncode, 10, done)


class Retired(Case):
    def test_hp(self):
        done = self.run_nube("backend", "add", "HP", "hpcloud:region-a.geo-1", "username=u", "password=" + KEY,
                             "tenant_name=t")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("hpcloud:region-a.geo-1 (HP Helion Cloud - US West) is retired", done.stderr)

    def test_what_lives_says_nothing(self):
        done = self.run_nube("backend", "add", "R", "rackspace:lon", "key=u", "secret=" + KEY)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
