"""npm's @aws-sdk/client-ec2 against the simulator: pages, credentials, retries.

It is installed into NUBE_SIM_NODE, a directory of the build, when the registry can be reached.
"""
import json
import os
import shutil
import subprocess
import unittest

import foreign
import simtest

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "node")


class Node(simtest.Case):
    @classmethod
    def setUpClass(cls):
        cls.dir = os.path.abspath(os.environ["NUBE_SIM_NODE"])
        if not shutil.which("node") or not shutil.which("npm"):
            foreign.missing("@aws-sdk/client-ec2", "node and npm are not installed")
        r = subprocess.run([os.path.join(HERE, "install"), cls.dir], capture_output=True, text=True, timeout=170)
        if r.returncode:
            # The registry is somebody else's: not to reach it is no fault here.
            raise unittest.SkipTest("npm could not install @aws-sdk/client-ec2: " + " ".join(r.stderr.split())[-300:])
        shutil.copy(os.path.join(HERE, "client.js"), cls.dir)

    def node(self, part, **env):
        home = foreign.scratch(self)
        more = {"SIM_URL": self.sim.url, "SIM_KEY": simtest.KEY, "SIM_SECRET": simtest.SECRET, **env}
        r = subprocess.run(["node", "client.js", part], cwd=self.dir, capture_output=True, text=True, timeout=120,
                           env={**foreign.environment(home), **more})
        self.assertEqual(r.returncode, 0, r.stderr)
        return json.loads(r.stdout)

    def test_life_and_pages(self):
        self.sim.set(page_empty_every=2)
        r = self.node("life")
        self.assertEqual([i for page in r["pages"] for i in page], r["made"])
        self.assertIn([], r["pages"])
        self.assertEqual(r["names"], ["é <&>"])
        self.assertEqual(len(r["types"]), len(set(r["types"])))
        self.assertGreater(len(r["types"]), 30)
        self.assertEqual(r["states"], ["stopped", "running", "terminated"])
        self.assertEqual(r["key"], "-----BEGIN OPENSSH PRIVATE KEY-----")

    def test_credentials(self):
        role = "arn:aws:iam::210987654321:role/ops"
        self.sim.control("seed", {"roles": {"arn": role}})
        self.assertEqual(self.node("role", SIM_ROLE=role), "arn:aws:sts::210987654321:assumed-role/ops/node")
        arn = "arn:aws:sts::123456789012:assumed-role/sim-role/i-00000000000000001"
        self.assertEqual(self.node("chain", AWS_EC2_METADATA_DISABLED="",
                                   AWS_EC2_METADATA_SERVICE_ENDPOINT=self.sim.url), arn)
        self.assertEqual(self.node("chain", AWS_CONTAINER_CREDENTIALS_FULL_URI=self.sim.url + "/credentials"), arn)
        self.assertEqual(self.node("wrong"), "AuthFailure")

    def test_retries(self):
        self.sim.control("faults", [{"action": "DescribeRegions", "kind": "error", "status": 503},
                                    {"action": "DescribeRegions", "kind": "reset-before"}])
        self.assertGreater(self.node("faults"), 10)
        self.assertEqual(len(self.sim.requests("DescribeRegions")), 3)


if __name__ == "__main__":
    simtest.main()
