#!/usr/bin/env python3
"""The audit log: every call that changes something, and nothing else, one line of JSON each."""
import json
import os
import signal
import stat
import subprocess
import time
import unittest

import clitest
import jsonschema

simtest = clitest.simtest


class Audit(clitest.CloudCase):
    def setUp(self):
        super().setUp()
        self.log = self.path(".local/state/nube/audit.log")

    def lines(self, path=None):
        if not os.path.exists(path or self.log):
            return []
        with open(path or self.log, encoding="utf-8") as f:
            return [json.loads(line) for line in f]

    def words(self):
        return [(r["verb"], r["outcome"]) for r in self.lines()]

    def test_what_changes_something_is_written_down(self):
        node = self.create("--wait", name="web")
        self.nube("node", "list")
        self.nube("node", "show", "web")
        self.nube("node", "stop", "web", "--wait")
        self.nube("node", "destroy", "web", "--yes")
        self.assertEqual(self.words(), [("node create", "done"), ("node stop", "done"), ("node destroy", "done")])
        with open(os.path.join(clitest.SOURCE, "docs", "schema", "audit.json"), encoding="utf-8") as f:
            schema = json.load(f)
        asked = {r["request_id"] for r in self.sim.requests()}
        for line in self.lines():
            jsonschema.validate(line, schema)
            self.assertEqual(set(line), set(schema["properties"]))
            self.assertEqual((line["id"], line["backend"], line["provider"], line["undo"]), (node["id"], "aws", "ec2", False))
            self.assertIn(line["request_id"], asked, "the provider's own")
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(stat.S_IMODE(os.stat(self.log).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(self.log)).st_mode), 0o700)

    def test_a_refusal_is_written_down_with_the_providers_word(self):
        self.nube(*["node", "create", "--size", "t3.micro", "--image", "ami-0123456789abcdef0", "--name", "x"], status=5)
        line = self.lines()[0]
        self.assertEqual((line["outcome"], line["name"], line["id"]), ("not_found", "x", None))
        self.assertTrue(line["message"])

    def test_what_nobody_can_tell_is_called_that(self):
        self.sim.fault("RunInstances", "reset-after")
        self.nube("node", "create", "--size", "t3.micro", "--name", "x", "--image", self.image_id, status=1)
        self.assertEqual(self.words(), [("node create", "outcome_unknown")])

    def test_what_ctrl_c_cut_off_is_written_down(self):
        self.sim.fault("RunInstances", "latency", ms=60000)
        process = subprocess.Popen([os.environ["NUBE"], "node", "create", "--size", "t3.micro", "--image", self.image_id, "--name", "x"],
                                   env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        limit = time.monotonic() + 60
        while not self.sim.requests("RunInstances") and time.monotonic() < limit:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
        self.assertEqual(self.words(), [("node create", "outcome_unknown")], error)

    def test_nothing_is_written_of_what_changes_nothing(self):
        self.nube("node", "list")
        self.nube("node", "create", "--size", "t3.micro", "--image", self.image_id, "--name", "x", "--dry-run")
        self.nube("node", "stop", "nothing", status=5)
        self.nube("raw", "GET", "/", "--query", "Action=DescribeRegions", status=None)
        self.assertFalse(os.path.exists(self.log))

    def test_lines_are_added_never_taken_away(self):
        os.makedirs(os.path.dirname(self.log))
        with open(self.log, "w", encoding="utf-8") as f:
            f.write('{"before": true}\n')
        self.create("--wait", name="web")
        self.nube("node", "stop", "web")
        self.assertEqual(len(self.lines()), 3)
        self.assertEqual(self.lines()[0], {"before": True})

    def test_many_at_once_do_not_mix(self):
        line = [os.environ["NUBE"], "node", "create", "--size", "t3.micro", "--image", self.image_id, "-q", "--name"]
        several = [subprocess.Popen([*line, f"n{i}"], env=self.env, stdout=subprocess.DEVNULL) for i in range(8)]
        self.assertEqual([p.wait(120) for p in several], [0] * 8)
        self.assertEqual(sorted(r["name"] for r in self.lines()), [f"n{i}" for i in range(8)])

    def test_where_it_is_and_how_it_is_switched_off(self):
        self.nube("key", "create", "a", env={"XDG_STATE_HOME": self.path("state")})
        self.assertEqual(len(self.lines(self.path("state/nube/audit.log"))), 1)
        self.nube("key", "create", "b", env={"NUBE_AUDIT": self.path("mine/own.log")})
        self.assertEqual(self.lines(self.path("mine/own.log"))[0]["name"], "b")
        self.nube("key", "create", "c", env={"NUBE_AUDIT": "off"})
        self.assertFalse(os.path.exists(self.log))

    def test_a_log_that_cannot_be_written_is_a_notice(self):
        done = self.nube("key", "create", "a", "-o", "id", env={"NUBE_AUDIT": "/dev/full"})
        self.assertIn("audit log /dev/full cannot be written", done.err)
        self.assertTrue(done.out.strip())
        done = self.nube("node", "create", "--count", "2", "--size", "t3.micro", "--image", self.image_id, "--name", "n",
                         env={"NUBE_AUDIT": self.home})
        self.assertEqual(done.err.count("audit log"), 1, done)
        self.assertEqual(self.nube("key", "create", "q", "-q", env={"NUBE_AUDIT": "/dev/full"}).err, "")

    def test_no_secret_is_in_it(self):
        self.nube("key", "create", "a")
        self.nube("key", "delete", "a", "--yes")
        self.add("bad", secret="wrong-secret-0123456789")
        self.nube("node", "create", "-b", "bad", "--size", "t3.micro", "--image", self.image_id, "--name", "x", status=4)
        with open(self.log, encoding="utf-8") as f:
            text = f.read()
        for secret in (simtest.SECRET, "wrong-secret", "BEGIN"):
            self.assertNotIn(secret, text)
        self.assertEqual(self.lines()[-1]["outcome"], "auth")


if __name__ == "__main__":
    unittest.main()
