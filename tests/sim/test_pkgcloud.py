"""npm's pkgcloud against the simulated OpenStack and Rackspace: Keystone v3, v2.0 in two steps, API keys; servers.

It is installed beside NUBE_SIM_NODE, a directory of the build, when the registry can be reached.
"""
import json
import os
import shutil
import subprocess
import unittest

import foreign
import ostest
import simtest

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)))


class Pkgcloud(ostest.Case):
    @classmethod
    def setUpClass(cls):
        cls.dir = os.path.abspath(os.environ["NUBE_SIM_NODE"]) + "-pkgcloud"
        if not shutil.which("node") or not shutil.which("npm"):
            foreign.missing("pkgcloud", "node and npm are not installed")
        r = subprocess.run([os.path.join(HERE, "node", "install"), cls.dir, os.path.join(HERE, "pkgcloud")],
                           capture_output=True, text=True, timeout=170)
        if r.returncode:
            # The registry is somebody else's: not to reach it is no fault here.
            raise unittest.SkipTest("npm could not install pkgcloud: " + " ".join(r.stderr.split())[-300:])
        shutil.copy(os.path.join(HERE, "pkgcloud", "client.js"), cls.dir)

    def node(self, client, part, secret=ostest.PASSWORD):
        home = foreign.scratch(self)
        r = subprocess.run(["node", "--no-deprecation", "client.js", client, part], cwd=self.dir, capture_output=True,
                           text=True, timeout=120,
                           env={**foreign.environment(home), "SIM_URL": self.sim.url, "SIM_SECRET": secret})
        self.assertEqual(r.returncode, 0, r.stderr)
        return json.loads(r.stdout)


class OpenStack(Pkgcloud):
    def lives(self, r):
        self.assertEqual([name for name, _ in r["list"]], ["web é"])
        self.assertEqual((r["resized"], r["left"]), (r["wanted"], 0))

    def test_a_life_by_v3(self):
        self.lives(self.node("openstack", "life"))

    def test_a_life_by_v2_in_two_steps(self):
        self.lives(self.node("keystone2", "life"))
        self.assertEqual(len(self.sim.requests("tenants.list")), 1)

    def test_keys_groups_addresses(self):
        r = self.node("openstack", "extras")
        self.assertEqual(r, {"key": "-----BEGIN RSA PRIVATE KEY-----", "keys": 1, "rules": 1, "pool": "public"})

    def test_wrong_password(self):
        self.assertEqual(self.node("openstack", "wrong", "no"), 401)


class Rackspace(Pkgcloud):
    provider = "rackspace"

    def test_a_life(self):
        r = self.node("rackspace", "life", ostest.API_KEY)
        self.assertEqual(r["list"][0][0], "web é")
        self.assertEqual((r["resized"], r["left"]), (r["wanted"], 0))
        self.assertEqual(set(r["addresses"]), {"public", "private"})

    def test_networks(self):
        self.assertEqual(self.node("rackspace", "networks", ostest.API_KEY), ["public", "private", "isolated"])

    def test_wrong_key(self):
        self.assertEqual(self.node("rackspace", "wrong", "no"), 401)


class Hp(Pkgcloud):
    provider = "hpcloud"

    def test_a_life(self):
        r = self.node("hp", "life")
        self.assertEqual((r["list"][0][0], r["resized"], r["left"]), ("web é", r["wanted"], 0))


del Pkgcloud

if __name__ == "__main__":
    simtest.main()
