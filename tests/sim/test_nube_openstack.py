"""The nube command against nube-sim's OpenStack: whole lives, pages, tokens that end, limits, refusals, lost answers."""
import os
import subprocess

import nubetest
import ostest
import simtest

IMAGE = "debian-12-genericcloud-amd64"


class NubeCase(nubetest.Command, ostest.Case):
    def setUp(self):
        super().setUp()
        self.set_up_command()
        self.add("os")
        self.image_id = self.client.image(IMAGE)

    def add(self, name, *options, user="demo", password=ostest.PASSWORD, project="demo"):
        self.nube("backend", "add", name, "openstack", f"auth_url={self.sim.url}", f"username={user}",
                  f"password={password}", f"project={project}", *options)

    def create(self, *more, name="web", status=0):
        done = self.nube("-o", "json", "node", "create", "--size", "1", "--name", name, "--image", self.image_id, *more,
                         status=status)
        return done.json()[0] if status == 0 else done

    def state(self, node):
        return self.client.show(node["id"])["status"]

    def asked(self, action):
        return len(self.sim.requests(action))

    def count(self):
        return self.sim.control("")["servers"]


class Lives(NubeCase):
    def test_a_nodes_whole_life(self):
        self.sim.set(build_ms=1000, stop_ms=500, reboot_ms=500, resize_ms=500, delete_ms=500)
        node = self.create("--wait", "--tag", "role=front")
        self.assertEqual((node["name"], node["image"], node["size"]), ("web", self.image_id, "1"))
        self.assertTrue(node["auth"]["password"])
        shown = self.nube("-o", "json", "node", "show", "web").json()[0]
        self.assertEqual((shown["state"], shown["private_ips"], shown["auth"]), ("running", ["10.20.0.3"], None))
        for verb, state in (("stop", "SHUTOFF"), ("start", "ACTIVE"), ("reboot", "ACTIVE"), ("suspend", "SUSPENDED"),
                            ("resume", "ACTIVE")):
            self.nube("node", verb, "web", "--wait")
            self.assertEqual(self.state(node), state, verb)
        self.nube("node", "resize", "web", "--size", "2", "--wait")
        self.assertIn(self.state(node), ("ACTIVE", "VERIFY_RESIZE"))
        self.nube("node", "rename", "web", "www")
        self.assertEqual(self.client.show(node["id"])["name"], "www")
        self.assertIn("Linux version", self.nube("node", "console", "www").out)
        self.nube("node", "destroy", "www", "--yes", "--wait")
        self.refused(self.client.nova("GET", f"/servers/{node['id']}"), 404)

    def test_a_fresh_node_that_is_not_seen_yet_is_waited_for(self):
        self.sim.set(visible_after_requests=3, build_ms=500)
        node = self.create("--wait")
        self.assertEqual((node["state"], node["private_ips"]), ("running", ["10.20.0.3"]))
        self.sim.set(visible_after_requests=3)
        self.assertEqual(self.create(name="two")["state"], "pending")

    def test_tags_and_metadata(self):
        node = self.create("--wait", "--tag", "role=front")
        self.nube("node", "tag", "web", "tier=1", "--remove", "role")
        shown = self.nube("-o", "json", "node", "show", "web").json()[0]
        self.assertEqual(shown["tags"], {"tier": "1"})
        found = self.nube("-o", "json", "node", "list", "--tag", "tier=1").json()
        self.assertEqual([n["id"] for n in found], [node["id"]])

    def test_a_build_that_fails_ends_the_wait(self):
        self.sim.set(fail_builds=1, build_ms=500)
        done = self.create("--wait", status=None)
        self.assertNotEqual(done.status, 0)
        self.assertIn("No valid host was found", done.err)

    def test_keys(self):
        path = os.path.join(self.home, "key.pem")
        self.nube("key", "create", "laptop", "--file", path)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        own = os.path.join(self.home, "own")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", own], check=True, timeout=30)
        self.nube("key", "import", "mine", own + ".pub")
        told = subprocess.run(["ssh-keygen", "-l", "-E", "md5", "-f", own + ".pub"], capture_output=True, text=True, timeout=30)
        shown = self.nube("-o", "json", "key", "show", "mine").json()[0]
        self.assertIn(told.stdout.split()[1].removeprefix("MD5:"), str(shown["fingerprints"]))
        self.assertEqual(self.create("--key", "mine", "--wait")["keys"], ["mine"])
        self.nube("key", "delete", "mine", "laptop", "--yes")
        self.assertEqual(self.nube("-o", "json", "key", "list").json(), [])

    def test_firewalls(self):
        self.nube("firewall", "create", "web", "--description", "the web")
        self.nube("firewall", "rule", "add", "web", "--port", "443", "--peer", "192.0.2.0/24")
        rules = self.nube("-o", "json", "firewall", "show", "web").json()[0]["extra"]
        self.assertIn("in tcp 443 192.0.2.0/24", str(rules.values()))
        self.nube("firewall", "rule", "remove", "web", "--port", "443", "--peer", "192.0.2.0/24")
        rules = self.nube("-o", "json", "firewall", "show", "web").json()[0]["extra"]
        self.assertNotIn("in tcp 443 192.0.2.0/24", str(rules.values()))
        self.nube("firewall", "delete", "web", "--yes")
        self.nube("firewall", "show", "web", status=5)

    def test_images_sizes_locations(self):
        self.sim.control("seed", {"images": {"count": 60, "name": "i-{n}"}})
        self.create("--wait")
        self.sim.set(image_ms=500)
        self.nube("image", "create", "--node", "web", "--name", "shot")
        names = [i["name"] for i in self.nube("-o", "json", "image", "list").json()]
        self.assertEqual((len(names), len(set(names)), "shot" in names), (64, 64, True))
        sizes = self.nube("-o", "json", "size", "list").json()
        self.assertIn(("m1.tiny", 512), [(s["name"], s["ram"]) for s in sizes])
        places = [p["name"] for p in self.nube("-o", "json", "location", "list").json()]
        self.assertIn("az1", places)

    def test_actions_of_its_own(self):
        node = self.create("--wait")
        for action, state in (("pause", "PAUSED"), ("unpause", "ACTIVE"), ("shelve", "SHELVED_OFFLOADED"),
                              ("unshelve", "ACTIVE"), ("rescue", "RESCUE"), ("unrescue", "ACTIVE")):
            self.nube("node", "action", "web", action)
            self.assertEqual(self.state(node), state, action)


class Logins(NubeCase):
    def test_ways_to_log_in(self):
        self.nube("backend", "add", "app", "openstack", f"auth_url={self.sim.url}/v3",
                  "application_credential_id=5e1f0000000000000000000000000001", "application_credential_secret=app-secret")
        self.nube("backend", "add", "two", "openstack", f"auth_url={self.sim.url}/v2.0", "username=demo",
                  "password=secret", "project=demo")
        self.add("other", "region=RegionTwo")
        for name in ("app", "two", "other"):
            self.nube("-b", name, "node", "list")
        self.assertTrue(self.sim.requests("servers.detail")[-1]["path"].startswith("/RegionTwo/compute/"))

    def test_refusals(self):
        for name, how in (("wrong", {"password": "no"}), ("disabled", {"user": "disabled"}), ("none", {"project": "none"})):
            self.add(name, **how)
            self.nube("-b", name, "node", "list", status=4)
        self.add("nowhere", "region=Nowhere")
        done = self.nube("-b", "nowhere", "node", "list", status=None)
        self.assertNotEqual(done.status, 0)
        self.assertIn("Nowhere", done.err)
        self.add("reader", user="reader")
        done = self.nube("-b", "reader", "node", "create", "--size", "1", "--image", self.image_id, "--name", "x", status=4)
        self.assertIn("Policy doesn't allow", done.err)


class Lists(NubeCase):
    seed = {"servers": {"count": 2500, "name": "n-{n}"}}

    def test_T26_a_request_a_page_and_every_node_once(self):
        ids = self.nube("-o", "id", "node", "list").out.split()
        self.assertEqual((len(ids), len(set(ids))), (2500, 2500))
        self.assertEqual(self.asked("servers.detail"), 3)

    def test_pages_that_are_exactly_full(self):
        self.sim.set(page_max=500)
        ids = self.nube("-o", "id", "node", "list").out.split()
        self.assertEqual((len(ids), len(set(ids))), (2500, 2500))
        self.assertEqual(self.asked("servers.detail"), 6)  # a full last page has a link

    def test_T35_a_page_that_names_itself_as_the_next_is_an_error(self):
        self.sim.set(page_repeat_link=True, page_max=100)
        done = self.nube("-o", "id", "node", "list", status=1)
        self.assertIn("page", done.err)

    def test_a_cut_page_comes_again_without_doubles(self):
        self.sim.fault("servers.detail", "truncate", skip=1)
        ids = self.nube("-o", "id", "node", "list").out.split()
        self.assertEqual((len(ids), len(set(ids))), (2500, 2500))

    def test_a_token_revoked_in_the_middle_of_a_page_walk(self):
        self.sim.set(page_max=100)
        self.nube("node", "list", "--limit", "1", status=None)
        before = self.asked("login")
        self.sim.set(revoke_after=7)
        ids = self.nube("-o", "id", "node", "list").out.split()
        self.assertEqual((len(ids), len(set(ids))), (2500, 2500))
        self.assertEqual([r["status"] for r in self.sim.requests("servers.detail")].count(401), 1)
        self.assertLessEqual(self.asked("login") - before, 2)  # the first, and one more

    def test_a_token_revoked_with_many_calls_in_flight(self):
        """Stops of sixty nodes at once, each answered late: one more login, and none fails or is done twice."""
        names = [f"n-{i}" for i in range(1, 61)]
        ids = [s["id"] for s in self.client.nova("GET", "/servers?name=^n-[1-5]?[0-9]$").json["servers"]]
        before = self.asked("login")
        self.sim.set(revoke_after=len(ids) + 20)
        self.sim.fault("servers.stop", "latency", count=1000, ms=100)
        self.nube("node", "stop", *ids)
        self.client.login()
        left = self.client.nova("GET", "/servers?name=^n-[1-5]?[0-9]$&status=ACTIVE").json["servers"]
        self.assertEqual((len(names), left), (60, []))
        stops = [r["status"] for r in self.sim.requests("servers.stop")]
        self.assertEqual((stops.count(202), stops.count(409)), (len(ids), 0))
        self.assertEqual(self.asked("login") - before, 3)  # the command's first, its second, and the test's own


class Trouble(NubeCase):
    def test_retry_after_is_obeyed(self):
        for status in (429, 413, 503):
            self.sim.control("requests", method="DELETE")
            self.sim.set(retry_after="2")
            self.sim.fault("servers.detail", "error", status=status)
            self.nube("node", "list")
            seen = self.sim.requests("servers.detail")
            self.assertEqual([r["status"] for r in seen], [status, 200])
            times = [r["time"][17:23] for r in seen]
            self.assertGreaterEqual((float(times[1]) - float(times[0])) % 60, 1.9, (status, times))

    def test_a_body_that_is_too_large_is_not_tried_again(self):
        self.sim.set(retry_after="")
        self.sim.fault("servers.create", "error", status=413, count=9)
        self.create(status=None)
        self.assertEqual(self.asked("servers.create"), 1)

    def test_a_lost_answer_is_unknown_and_says_how_to_find_out(self):
        for number, kind in enumerate(("reset-after", "truncate")):
            self.sim.fault("servers.create", kind)
            done = self.create(name=f"n{number}", status=1)
            self.assertIn("may have been carried out: look before trying again", done.err)
            self.assertEqual((self.count(), self.asked("servers.create")), (number + 1, number + 1), kind)

    def test_an_error_that_lies_makes_no_second_node(self):
        for number, status in enumerate((500, 502, 504)):
            self.sim.fault("servers.create", "error", status=status, carried_out=True)
            done = self.create(name=f"n{number}", status=None)
            self.assertEqual((self.count(), done.status == 0), (number + 1, False), (status, done))

    def test_a_page_for_people_is_told_as_one(self):
        self.sim.fault("servers.detail", "html", status=200, count=9)
        done = self.nube("node", "list", status=1)
        self.assertNotIn("<html>", done.err)

    def test_quotas_are_told_as_such(self):
        self.add("tiny", user="tiny", project="tiny")
        line = ["-b", "tiny", "node", "create", "--size", "1", "--image", self.image_id, "--name"]
        self.nube(*line, "one")
        done = self.nube(*line, "two", status=8)
        self.assertIn("Quota exceeded for instances: Requested 1, but already used 1 of 1 instances", done.err)

    def test_states_that_forbid(self):
        self.sim.set(build_ms=600000)
        self.create()
        done = self.nube("node", "stop", "web", status=7)
        self.assertIn("web", done.err)


class Hp(nubetest.Command, ostest.Case):
    """HP's numbers for ids, states with the task in brackets, and services found by their names."""
    provider = "hpcloud"

    def test_a_nodes_whole_life(self):
        self.set_up_command()
        self.nube("backend", "add", "hp", "hpcloud:region-b.geo-1", f"auth_url={self.sim.url}/v2.0", "username=demo",
                  f"password={ostest.PASSWORD}", "project=demo-Project1")
        self.sim.set(build_ms=1000, stop_ms=500)
        image = self.nube("-o", "json", "image", "list", "--name", "cirros-0.6.2-x86_64-disk").json()[0]["id"]
        self.nube("node", "create", "--size", "1", "--image", image, "--name", "web", "--wait")
        node = self.nube("-o", "json", "node", "list").json()[0]
        self.assertEqual((node["state"], node["private_ips"]), ("running", ["10.20.0.3"]))
        self.assertTrue(node["id"].isdigit())
        self.nube("node", "stop", "web", "--wait")
        self.assertEqual(self.nube("-o", "json", "node", "list").json()[0]["state"], "stopped")
        self.nube("node", "destroy", "web", "--yes", "--wait")
        self.assertTrue(self.sim.requests("servers.create")[0]["path"].startswith("/region-b.geo-1/compute/v2/"))


if __name__ == "__main__":
    simtest.main()
