"""The nube command against nube-sim's two generations of Rackspace: lives, pages, tokens that end, limits, refusals."""
import os
import unittest

import nubetest
import ostest
import simtest

IMAGE, SIZE = "1d3ea64f-1ead-4042-8cb6-8ceb523b6149", "general1-1"


class RackCase(nubetest.Command, ostest.Case):
    driver = None
    login = "/v2.0"

    def setUp(self):
        if not os.path.exists(os.path.join(os.environ["NUBE_DRIVERS"], self.driver + ".so")):
            raise unittest.SkipTest(f"the {self.driver} driver is not built")
        super().setUp()
        self.set_up_command()
        self.add("rack")

    def add(self, name, *options, key="demo", secret=ostest.API_KEY):
        self.nube("backend", "add", name, self.driver, f"username={key}", f"api_key={secret}",
                  f"auth_url={self.sim.url}{self.login}", *options)

    def asked(self, action):
        return len(self.sim.requests(action))

    def count(self):
        return self.sim.control("")["servers"]

    def shown(self, name="web"):
        return self.nube("-o", "json", "node", "show", name).json()[0]


class NextGen(RackCase):
    provider, driver = "rackspace", "rackspace"

    def create(self, *more, name="web", status=0):
        return self.nube("-o", "json", "node", "create", "--name", name, "--image", IMAGE, "--size", SIZE, *more, status=status)

    def test_a_nodes_whole_life(self):
        self.sim.set(build_ms=1000, reboot_ms=500, resize_ms=500)
        node = self.create("--wait").json()[0]
        self.assertTrue(node["auth"]["password"])
        shown = self.shown()
        self.assertEqual((shown["state"], len(shown["public_ips"]), len(shown["private_ips"])), ("running", 2, 1))
        for verb, state in (("stop", "stopped"), ("start", "running"), ("reboot", "running")):
            self.nube("node", verb, "web", "--wait")
            self.assertEqual(self.shown()["state"], state, verb)
        self.nube("node", "resize", "web", "--size", "general1-2", "--wait")
        self.assertEqual(self.shown()["size"], "general1-2")
        self.nube("node", "rename", "web", "www")
        self.nube("image", "create", "--node", "www", "--name", "shot")
        self.assertIn("shot", [i["name"] for i in self.nube("-o", "json", "image", "list").json()])
        self.nube("node", "destroy", "www", "--yes", "--wait")
        self.assertEqual(self.count(), 0)

    def test_regions(self):
        self.add("iad", "region=IAD")
        self.nube("-b", "iad", "node", "list")
        self.assertTrue(self.sim.requests("servers.detail")[-1]["path"].startswith("/IAD/compute/v2/123456/"))
        self.add("lon", "region=LON")  # an account of the United States
        done = self.nube("-b", "lon", "node", "list", status=None)
        self.assertNotEqual(done.status, 0)
        self.assertIn("DFW", done.err)

    def test_pages_and_a_token_revoked_among_them(self):
        self.sim.control("seed", {"servers": {"count": 2500, "name": "n-{n}"}})
        self.sim.set(page_max=100, revoke_after=7, reuse_tokens=False)
        ids = self.nube("-o", "id", "node", "list").out.split()
        self.assertEqual((len(ids), len(set(ids))), (2500, 2500))
        self.assertEqual(self.asked("login"), 2)

    def test_a_413_with_a_time_is_waited_out_and_one_without_is_not(self):
        self.sim.fault("servers.detail", "error", status=413)
        self.nube("node", "list")
        self.assertEqual([r["status"] for r in self.sim.requests("servers.detail")], [413, 200])
        self.sim.set(quota_instances=0)
        done = self.create(status=8)
        self.assertIn("Quota exceeded", done.err)
        self.assertEqual(self.asked("servers.create"), 1)

    def test_refusals(self):
        self.add("wrong", secret="no")
        self.nube("-b", "wrong", "node", "list", status=4)

    def test_a_second_factor(self):
        line = ["backend", "add", "careful", self.driver, "username=careful", "password=secret",
                f"auth_url={self.sim.url}{self.login}"]
        self.nube(*line, "passcode=123456")
        self.nube("-b", "careful", "node", "list")

    def test_lost_answers(self):
        self.sim.fault("servers.create", "reset-after")
        done = self.create(status=1)
        self.assertIn("may have been carried out: look before trying again", done.err)
        self.assertEqual((self.count(), self.asked("servers.create")), (1, 1))


class FirstGen(RackCase):
    provider, driver, login = "rackspace-first-gen", "rackspace_first_gen", "/v1.0"

    def create(self, *more, name="web", status=0):
        return self.nube("-o", "json", "node", "create", "--name", name, "--image", "103", "--size", "1", *more, status=status)

    def test_a_nodes_whole_life(self):
        self.sim.set(build_ms=1000, reboot_ms=500, resize_ms=900, image_ms=900)
        node = self.create("--wait").json()[0]
        self.assertTrue(node["auth"]["password"] and node["public_ips"] and node["private_ips"])
        self.nube("node", "reboot", "web", "--wait")
        self.nube("node", "resize", "web", "--size", "2", "--wait")
        self.assertEqual((self.shown()["state"], self.shown()["size"]), ("running", "2"))
        self.nube("node", "stop", "web", status=10)
        self.assertEqual(self.count(), 1)
        self.nube("node", "rename", "web", "www")
        self.nube("image", "create", "--node", "www", "--name", "shot")
        self.assertIn("shot", [i["name"] for i in self.nube("-o", "json", "image", "list").json()])
        self.nube("node", "destroy", "www", "--yes")
        self.assertEqual(self.count(), 0)
        self.assertNotIn("shot", [i["name"] for i in self.nube("-o", "json", "image", "list").json()])

    def test_pages_and_a_token_revoked(self):
        self.sim.control("seed", {"servers": {"count": 2500, "name": "n-{n}"}})
        ids = self.nube("-o", "id", "node", "list").out.split()
        self.assertEqual((len(ids), len(set(ids))), (2500, 2500))
        self.nube("-b", "rack", "size", "list")

    def test_limits_and_refusals(self):
        self.sim.fault("servers.detail", "error", code="overLimit")
        self.nube("node", "list")
        self.assertEqual([r["status"] for r in self.sim.requests("servers.detail")], [413, 200])
        self.add("wrong", secret="no")
        self.nube("-b", "wrong", "node", "list", status=4)

    def test_lost_answers(self):
        self.sim.fault("servers.create", "reset-after")
        done = self.create(status=1)
        self.assertIn("may have been carried out: look before trying again", done.err)
        self.assertEqual((self.count(), self.asked("servers.create")), (1, 1))


del RackCase

if __name__ == "__main__":
    simtest.main()
