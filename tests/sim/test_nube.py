"""The nube command against nube-sim's EC2: whole lives, pages, faults and refusals.

Environment: NUBE, NUBE_DRIVERS, NUBE_SERVICES, and that of simtest.
"""
import os
import subprocess

import nubetest
import simtest

LAUNCH = ["node", "create", "--size", "t3.micro"]


class NubeCase(nubetest.Command, simtest.Case):
    def setUp(self):
        super().setUp()
        self.set_up_command()
        self.add("aws")
        self.image_id = self.client.image()

    def add(self, name, *options, key=simtest.KEY, secret=simtest.SECRET, region="us-east-1"):
        self.nube("backend", "add", name, "ec2", f"key={key}", f"secret={secret}", f"region={region}",
                  f"endpoint={self.sim.url}", f"sts_endpoint={self.sim.url}", *options)

    def create(self, *more, name="web"):
        return self.nube("-o", "json", *LAUNCH, "--name", name, "--image", self.image_id, *more).json()[0]

    def asked(self, action):
        return len(self.sim.requests(action))


class Lives(NubeCase):
    def test_a_nodes_whole_life(self):
        node = self.create("--wait", "--tag", "role=front")
        self.assertEqual((node["name"], node["state"], node["image"]), ("web", "running", self.image_id))
        self.assertEqual(self.client.states(node["id"]), ["running"])
        self.nube("node", "stop", "web", "--wait")
        self.assertEqual(self.client.states(node["id"]), ["stopped"])
        self.nube("node", "resize", "web", "--size", "t3.large")
        self.nube("node", "start", "web", "--wait")
        self.nube("node", "reboot", "web")
        self.nube("node", "rename", "web", "www")
        self.nube("node", "tag", "www", "tier=1", "--remove", "role")
        shown = self.nube("-o", "json", "node", "show", "www").json()[0]
        self.assertEqual((shown["size"], shown["tags"]), ("t3.large", {"Name": "www", "tier": "1"}))
        self.assertIn("Linux version", self.nube("node", "console", "www").out)
        self.nube("node", "destroy", "www", "--yes", "--wait")
        self.assertEqual(self.client.states(node["id"]), ["terminated"])

    def test_waiting_takes_the_time_that_it_takes(self):
        self.sim.set(pending_ms=1500, stopping_ms=1000)
        node = self.create("--wait")
        self.assertEqual(node["state"], "running")
        self.nube("node", "stop", "web", "--wait")
        self.assertEqual(self.client.states(node["id"]), ["stopped"])

    def test_a_launch_that_fails_ends_the_wait(self):
        self.sim.set(fail_launches=1, pending_ms=500)
        done = self.nube(*LAUNCH, "--name", "web", "--image", self.image_id, "--wait", status=None)
        self.assertEqual(done.status, 7, done)
        self.assertIn("terminated", done.err)

    def test_keys(self):
        path = os.path.join(self.home, "key.pem")
        self.nube("key", "create", "laptop", "--file", path)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        public = subprocess.run(["ssh-keygen", "-y", "-f", path], capture_output=True, text=True, timeout=30)
        self.assertTrue(public.stdout.startswith("ssh-rsa "), public)
        self.nube("key", "create", "laptop", "--file", path, status=2)
        printed = self.nube("key", "create", "other", "--set", "type=ed25519").out
        self.assertTrue(printed.startswith("-----BEGIN OPENSSH PRIVATE KEY-----\n"), printed)
        own = os.path.join(self.home, "own")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", own], check=True, timeout=30)
        self.assertIn("private key", self.nube("key", "import", "mine", own, status=2).err)
        self.nube("key", "import", "mine", own + ".pub")
        told = subprocess.run(["ssh-keygen", "-l", "-f", own + ".pub"], capture_output=True, text=True, timeout=30)
        shown = self.nube("-o", "json", "key", "show", "mine").json()[0]
        self.assertIn(told.stdout.split()[1], shown["fingerprints"])
        self.nube("key", "delete", "mine", "other", "laptop", "--yes")
        self.assertEqual(self.nube("-o", "json", "key", "list").json(), [])

    def test_firewalls(self):
        self.nube("firewall", "create", "web", "--description", "the web")
        for network in ("192.0.2.0/24", "198.51.100.7/32"):
            self.nube("firewall", "rule", "add", "web", "--port", "443", "--peer", network)
        rules = self.nube("-o", "json", "firewall", "show", "web").json()[0]["extra"]
        self.assertIn("in tcp 443 192.0.2.0/24", rules.values())
        self.nube("firewall", "rule", "remove", "web", "--port", "443", "--peer", "192.0.2.0/24")
        rules = self.nube("-o", "json", "firewall", "show", "web").json()[0]["extra"]
        self.assertNotIn("in tcp 443 192.0.2.0/24", rules.values())
        self.assertIn("in tcp 443 198.51.100.7/32", rules.values())
        self.nube("firewall", "delete", "web", "--yes")
        self.nube("firewall", "show", "web", status=5)

    def test_an_image_of_a_node(self):
        self.create("--wait")
        image = self.nube("-o", "yaml", "image", "create", "--node", "web", "--name", "shot").out
        self.assertIn("shot", image)
        listed = self.nube("-o", "json", "image", "list").json()
        self.assertEqual([i["name"] for i in listed], ["shot"])
        self.nube("image", "delete", listed[0]["id"], "--yes")
        self.assertEqual(self.nube("-o", "json", "image", "list").json(), [])


class Lists(NubeCase):
    seed = {"instances": {"count": 2500, "name": "n-{n}", "tags": {"parity": "{n}"}, "per_reservation": 7}}

    def test_T26_a_request_a_page_and_every_node_once(self):
        ids = self.nube("-o", "id", "node", "list").out.split()
        self.assertEqual((len(ids), len(set(ids))), (2500, 2500))
        self.assertEqual([r["action"] for r in self.sim.requests()[-4:]].count("DescribeInstances"), 3)
        self.assertEqual(self.asked("DescribeAddresses"), 0)

    def test_short_and_empty_pages_are_no_end(self):
        self.sim.set(page_cap=400, page_empty_every=2)
        self.assertEqual(len(self.nube("-o", "id", "node", "list").out.split()), 2500)

    def test_T35_a_page_that_names_itself_as_the_next_is_an_error(self):
        self.sim.set(page_repeat_token=True, page_cap=100)
        done = self.nube("-o", "id", "node", "list", status=1)
        self.assertIn("page", done.err)

    def test_filters_are_the_servers(self):
        found = self.nube("-o", "json", "node", "list", "--tag", "parity=17").json()
        self.assertEqual([n["name"] for n in found], ["n-17"])
        self.assertEqual(self.asked("DescribeInstances"), 1)

    def test_a_cut_page_comes_again_without_doubles(self):
        self.sim.fault("DescribeInstances", "truncate", skip=1)
        ids = self.nube("-o", "id", "node", "list").out.split()
        self.assertEqual((len(ids), len(set(ids))), (2500, 2500))


class Trouble(NubeCase):
    def count(self):
        return self.sim.control("")["instances"]

    def test_a_lost_answer_with_a_client_token_makes_exactly_one(self):
        for number, kind in enumerate(("reset-after", "close", "truncate")):
            self.sim.fault("RunInstances", kind, carried_out=True)
            self.create("--set", f"client_token=once-{number}", name=f"n{number}")
            self.assertEqual(self.count(), number + 1, kind)

    def test_a_lost_answer_without_one_is_unknown_and_says_how_to_find_out(self):
        self.sim.fault("RunInstances", "reset-after")
        done = self.nube(*LAUNCH, "--name", "web", "--image", self.image_id, status=1)
        self.assertIn("may have been carried out: look before trying again", done.err)
        self.assertEqual(self.count(), 1)
        self.assertEqual(self.asked("RunInstances"), 1)

    def test_a_fresh_node_that_is_not_found_yet_is_waited_for(self):
        self.sim.set(visible_after_requests=3)
        self.assertEqual(self.create("--wait")["state"], "running")

    def test_throttles_are_waited_out(self):
        self.sim.fault("DescribeInstances", "error", code="RequestLimitExceeded", count=2)
        self.nube("node", "list")
        self.assertEqual(self.asked("DescribeInstances"), 3)

    def test_a_page_for_people_is_told_as_one(self):
        self.sim.fault("DescribeInstances", "html", status=200, count=9)
        done = self.nube("node", "list", status=1)
        self.assertNotIn("<html>", done.err)

    def test_a_clock_that_is_off_is_corrected(self):
        self.sim.set(clock_offset_ms=-3600000)
        self.nube("node", "list")
        self.assertEqual(self.asked("DescribeInstances"), 2)


class Refusals(NubeCase):
    seed = {"credentials": [{"access_key": "AKIDLESS", "secret_key": "less", "user": "less", "deny": ["ec2:Run*"]},
                            {"access_key": "ASIAOLD", "secret_key": "old", "token": "tok",
                             "expires": "2020-01-01T00:00:00Z"}]}

    def refused(self, backend, *words):
        return self.nube("-b", backend, *(words or ("node", "list")), status=4).err

    def test_five_causes_five_messages(self):
        self.add("wrong", secret="no")
        self.add("expired", "token=tok", key="ASIAOLD", secret="old")
        self.add("region", region="ap-east-1")
        self.add("less", key="AKIDLESS", secret="less")
        said = [self.refused("wrong"), self.refused("expired"), self.refused("region"),
                self.refused("less", *LAUNCH, "--image", self.image_id)]
        # A server whose Date is right and whose patience is not: the correction does not help.
        self.sim.set(skew_limit_s=-1)
        said.append(self.refused("aws"))
        for text, part in zip(said, ("secret", "expired", "ap-east-1", "not authorized", "clock")):
            self.assertIn(part, text)
        causes = {text.split(" (AuthFailure")[0].split(": ", 2)[2] for text in said}
        self.assertEqual(len(causes), 5, "\n".join(said))


if __name__ == "__main__":
    simtest.unittest.main()
