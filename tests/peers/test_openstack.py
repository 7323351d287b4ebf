"""The OpenStack driver against OpenStack's own services: what nodes are made of, their lives, and what goes wrong."""
import json
import os
import tempfile
import time
import unittest

from openstack_case import Case, KEY


class Catalogue(Case):
    def test_images_sizes_zones_and_regions(self):
        images = {i["name"]: i for i in self.call("image list").lines()}
        self.assertLessEqual({"raw-tiny", "qcow2-tiny", "needs-2g", "demo-private", "queued-no-data"}, set(images))
        self.assertEqual((images["raw-tiny"]["public"], images["demo-private"]["public"]), (True, False))
        self.assertEqual((images["raw-tiny"]["state"], images["queued-no-data"]["state"]), ("active", "queued"))
        sizes = {s["name"]: s for s in self.call("size list").lines()}
        self.assertEqual([sizes["m1.small"][k] for k in ("id", "ram", "disk", "cores", "price")],
                         ["2", 2048, 20, 1, None])
        zones = self.call("location list").lines()
        self.assertEqual([(z["id"], z["kind"], z["parent"]) for z in zones],
                         [("az1", "zone", "RegionOne"), ("az2", "zone", "RegionOne")])
        regions = [r["id"] for r in self.call("location list", "kind=region").lines()]
        self.assertEqual(sorted(regions), ["RegionOne", "RegionTwo"])

    def test_pages_of_images_are_followed(self):
        whole = [i["id"] for i in self.call("image list").lines()]
        self.assertEqual([i["id"] for i in self.call("image list", options=["cloud=demo", "page_size=2"]).lines()],
                         whole)

    def test_a_search_finds_parts_of_names(self):
        found = {i["name"] for i in self.call("image search", "term=TINY").lines()}
        self.assertLessEqual({"raw-tiny", "qcow2-tiny"}, found)
        self.assertNotIn("needs-2g", found)

    def test_keys_are_imported_made_and_deleted(self):
        for name in ("t-imported", "t-made"):
            self.addCleanup(self.call, "key delete", "id=" + name, status=None)
        made = self.call("key import", "name=t-imported", "public_key=" + KEY).lines()[0]
        self.assertIn("SHA256:", " ".join(made["fingerprints"]))
        again = self.call("key import", "name=t-imported", "public_key=" + KEY, status=7)
        self.assertIn("already exists", again.err)
        self.assertIn("BEGIN", self.call("key create", "name=t-made").lines()[0]["private_key"])
        listed = {k["name"]: k for k in self.call("key list").lines()}
        self.assertEqual(listed["t-imported"]["public_key"].split()[:2], KEY.split()[:2])
        theirs = {k.name: k for k in self.nova().keypairs.list()}
        for name in ("t-imported", "t-made"):
            self.assertIn(theirs[name].fingerprint, listed[name]["fingerprints"])
            self.assertEqual(theirs[name].type, listed[name]["extra"]["key_type"])
        self.call("key delete", "id=t-imported")
        self.call("key get", "id=t-imported", status=5)
        self.assertIn("fingerprint", self.call("key import", "name=t-bad", "public_key=nothing", status=2).err)

    def test_firewalls_and_their_rules(self):
        group = self.call("firewall create", "name=t-web", "description=for tests").lines()[0]
        self.addCleanup(self.call, "firewall delete", "id=" + group["id"], status=None)
        rule = ["id=" + group["id"], "port=8000-8080", "peer=203.0.113.0/24"]
        self.call("firewall rule add", *rule)
        self.assertIn("exists", self.call("firewall rule add", *rule, status=7).err)
        texts = self.rules(group["id"])
        self.assertTrue([t for t in texts if t.startswith("in tcp 8000-8080 203.0.113.0/24 [")], texts)
        self.call("firewall rule remove", *rule)
        self.assertFalse([t for t in self.rules(group["id"]) if "8000" in t])
        self.call("firewall rule remove", *rule, status=5)
        self.call("firewall delete", "id=" + group["id"])
        self.assertNotIn(group["id"], [g["id"] for g in self.call("firewall list").lines()])

    def rules(self, group):
        extra = self.call("firewall list", "id=" + group).lines()[0]["extra"]
        return [v for k, v in extra.items() if k.startswith("rule.")]


class LifeCycle(Case):
    def test_from_create_to_destroy(self):
        node = self.create("life", "--set", "metadata=a=1", "--tag", "role=web")
        self.assertTrue(node["auth"]["password"])
        shown = self.show("life")
        self.assertEqual((shown["state"], shown["raw_state"], shown["image"], shown["size"]),
                         ("running", "ACTIVE", self.image, "1"))
        self.assertEqual((shown["metadata"], shown["tags"]), ({"a": "1"}, {"role": "web"}))
        self.assertIsNone(shown["auth"], "the password is shown once")
        for verb, raw in (("stop", "SHUTOFF"), ("start", "ACTIVE"), ("suspend", "SUSPENDED"), ("resume", "ACTIVE")):
            self.nube("node", verb, "life", "--wait")
            self.assertEqual(self.show("life")["raw_state"], raw, verb)
        actions = [a.action for a in self.nova().instance_action.list(node["id"])]
        self.assertEqual(actions[:4], ["resume", "suspend", "start", "stop"])
        self.nube("node", "destroy", "life", "--yes", "--wait")
        self.nube("node", "show", node["id"], status=5)

    def test_reboots_soft_and_hard(self):
        node = self.create("reboots")
        self.nube("node", "reboot", "reboots", "--wait")
        self.assertEqual(self.show("reboots")["raw_state"], "ACTIVE")
        self.nube("node", "reboot", "reboots", "--set", "hard=yes", "--wait")
        self.assertEqual(self.show("reboots")["raw_state"], "ACTIVE")
        self.assertEqual([a.action for a in self.nova().instance_action.list(node["id"])],
                         ["reboot", "reboot", "create"])

    def test_resize_is_confirmed_or_reverted(self):
        self.create("sizes")
        self.nube("node", "resize", "sizes", "-s", "2", "--wait")
        self.assertEqual([self.show("sizes")[k] for k in ("size", "raw_state")], ["2", "ACTIVE"])
        self.nube("node", "resize", "sizes", "-s", "1", "--set", "confirm=no")
        shown = self.show("sizes")
        self.assertEqual((shown["size"], shown["raw_state"], shown["state"]), ("1", "VERIFY_RESIZE", "updating"))
        self.nube("node", "action", "sizes", "revert_resize")
        self.nube("node", "wait", "sizes", "--until", "running")
        self.assertEqual(self.show("sizes")["size"], "2")
        same = self.nube("node", "resize", "sizes", "-s", "2", status=2)
        self.assertIn("must change flavor", same.err)

    def test_rebuild_rename_labels_console(self):
        node = self.create("labels", "--tag", "role=web", "--tag", "keep=1")
        other = self.named("image list", "qcow2-tiny")["id"]
        rebuilt = self.call("node rebuild", "id=" + node["id"], "image=" + other).lines()[0]
        self.assertTrue(rebuilt["auth"]["password"])
        self.nube("node", "wait", node["id"], "--until", "running")
        self.nube("node", "rename", "labels", "other name")
        self.call("node metadata", "id=" + node["id"], "metadata=x=y", "metadata=z=1")
        self.call("node metadata", "id=" + node["id"], "metadata=x=2", "remove=z")
        self.call("node tag", "id=" + node["id"], "tag=role=db", "tag=new=", "remove=nothing")
        shown = self.show("other name")
        self.assertEqual((shown["image"], shown["metadata"]), (other, {"x": "2"}))
        self.assertEqual(shown["tags"], {"role": "db", "keep": "1", "new": ""})
        listed = self.nube("-o", "json", "node", "list", "--tag", "role=db").json()
        self.assertEqual([n["id"] for n in listed], [node["id"]])
        self.assertIn("console", self.nube("node", "console", "other name").out)
        self.assertEqual(len(self.nube("node", "console", "other name", "--tail", "1").out.splitlines()), 1)

    def test_the_same_by_the_commands_verbs(self):
        node = self.create("verbs")
        self.nube("node", "rebuild", "verbs", "--image", "qcow2-tiny", "--yes", "--wait")
        self.nube("node", "metadata", "verbs", "x=y", "z=1")
        self.nube("node", "metadata", "verbs", "--remove", "z")
        self.nube("node", "tag", "verbs", "role=db")
        shown = self.show("verbs")
        self.assertEqual((shown["image"], shown["metadata"], shown["tags"]),
                         (self.named("image list", "qcow2-tiny")["id"], {"x": "y"}, {"role": "db"}))
        self.addCleanup(self.call, "key delete", "id=t-verb", status=None)
        with tempfile.NamedTemporaryFile("w", suffix=".pub") as f:
            f.write(KEY + "\n")
            f.flush()
            self.nube("key", "import", "t-verb", f.name)
        self.assertIn("t-verb", self.nube("key", "list", "-o", "csv").out)
        self.nube("key", "delete", "t-verb", "--yes")
        self.nube("firewall", "create", "t-verbs")
        self.nube("firewall", "rule", "add", "t-verbs", "--port", "443", "--peer", "0.0.0.0/0")
        self.assertIn("443", self.nube("firewall", "show", "t-verbs").out)
        self.nube("firewall", "rule", "remove", "t-verbs", "--port", "443", "--peer", "0.0.0.0/0")
        self.assertNotIn("443", self.nube("firewall", "show", "t-verbs").out)
        self.nube("firewall", "delete", "t-verbs", "--yes")
        self.assertEqual(node["name"], "verbs")

    def test_actions_of_novas_own(self):
        self.create("acts")
        for action, raw in (("pause", "PAUSED"), ("unpause", "ACTIVE"), ("shelve", "SHELVED_OFFLOADED"),
                            ("unshelve", "ACTIVE"), ("rescue", "RESCUE"), ("unrescue", "ACTIVE")):
            self.nube("node", "action", "acts", action)
            self.nube("node", "wait", "acts", "--until", raw)
        self.nube("node", "action", "acts", "lock")
        self.assertIn("unlock", self.nube("node", "stop", "acts", status=7).err)
        self.nube("node", "action", "acts", "unlock")
        self.assertTrue(self.nube("node", "action", "acts", "console_url").out.startswith("http"))

    def test_floating_addresses(self):
        self.create("floats", network="auto")
        address = self.nube("node", "action", "floats", "add_floating_ip").out.strip()
        self.addCleanup(self.nube, "node", "action", "floats", "remove_floating_ip", address, "--set",
                        "release=yes", status=None)
        for _ in range(100):
            shown = self.show("floats")
            if [a for a in shown["addresses"] if a["kind"] == "floating"]:
                break
            time.sleep(0.1)
        self.assertEqual(shown["public_ips"], [address])
        self.assertTrue(shown["private_ips"][0].startswith("10.20."))
        self.nube("node", "action", "floats", "remove_floating_ip", address, "--set", "release=yes")

    def test_images_are_made_shared_and_deleted(self):
        self.create("model")
        made = self.nube("-o", "json", "image", "create", "--node", "model", "-n", "t-snap").json()[0]
        self.addCleanup(self.call, "image delete", "id=" + made["id"], status=None)
        for _ in range(100):
            image = self.call("image get", "id=" + made["id"]).lines()[0]
            if image["state"] == "active":
                break
            time.sleep(0.1)
        self.assertEqual((image["state"], image["extra"]["image_type"]), ("active", "snapshot"))
        tiny = self.session("tiny").get_project_id()
        listed = lambda: [i["id"] for i in self.call("image list", cloud="tiny").lines()]
        act = lambda *a, **k: self.call("image action", *a, "id=" + made["id"], **k)
        act("action=visibility", "visibility=shared")
        act("action=share", "project=" + tiny)
        self.assertEqual(act("action=members").out, tiny + " pending\n")
        act("action=accept", cloud="tiny")
        self.assertEqual(act("action=members").out, tiny + " accepted\n")
        self.assertIn(made["id"], listed())
        act("action=unshare", "project=" + tiny)
        self.assertNotIn(made["id"], listed())
        self.call("image delete", "id=" + made["id"])
        self.call("image get", "id=" + made["id"], status=5)

    def test_an_image_from_a_file(self):
        path = os.path.join(self.home, "disk.raw")
        with open(path, "wb") as f:
            f.write(b"\0" * 100000)
        made = self.nube("-o", "json", "image", "create", "--file", path, "-n", "t-file", "--set",
                         "disk_format=raw").json()[0]
        self.addCleanup(self.call, "image delete", "id=" + made["id"], status=None)
        self.assertEqual((made["state"], made["extra"]["size"]), ("active", 100000))

    def test_several_at_once(self):
        made = self.call("node create", "name=t-two", "image=" + self.image, "size=1", "network=none",
                         "count=2").lines()
        for node in made:
            self.addCleanup(self.call, "node destroy", "id=" + node["id"], status=None)
        self.assertEqual(sorted(n["name"] for n in made), ["t-two-1", "t-two-2"])

    def test_only_the_image_is_needed(self):
        image = self.named("image list", "needs-2g")["id"]
        node = self.call("node create", "image=" + image, "network=none").lines()[0]
        self.addCleanup(self.call, "node destroy", "id=" + node["id"], status=None)
        self.assertEqual(node["size"], "2", "the smallest that has the 2 GB that the image asks for")


class Failures(Case):
    def test_a_build_that_fails_is_told(self):
        done = self.nube("-o", "json", "node", "create", "-n", "impossible", "-i", self.image, "-s", "99",
                         "--set", "network=none", "--wait", status=None)
        self.addCleanup(self.nube, "node", "destroy", "impossible", "--yes", status=None)
        self.assertNotEqual(done.status, 0, "T-18: a create that failed afterwards is a failure")
        self.assertIn("ERROR", done.err)
        self.assertIn("No valid host", done.err)
        shown = self.show("impossible")
        self.assertEqual((shown["state"], shown["raw_state"]), ("error", "ERROR"))
        self.assertIn("No valid host", shown["extra"]["fault.message"])

    def test_a_quota_is_8_and_says_which(self):
        self.create("tiny-1", cloud="tiny")
        done = self.nube("node", "create", "-n", "tiny-2", "-i", self.image, "-s", "1", "--set", "network=none",
                         status=8, cloud="tiny")
        self.assertIn("Quota exceeded for instances: Requested 1, but already used 1 of 1", done.err)

    def test_what_is_not_there_is_5(self):
        self.nube("node", "show", "nosuch", status=5)
        self.call("node get", "id=00000000-0000-0000-0000-000000000000", status=5)
        self.call("image get", "id=nosuch", status=5)
        for argument in ("image=00000000-0000-0000-0000-000000000000", "size=nosuch", "key=nosuch", "location=nosuch",
                         "firewall=nosuch"):
            name = argument.split("=")[0]
            args = [a for a in ("image=" + self.image, "size=1", "network=auto") if not a.startswith(name)]
            self.call("node create", *args, argument, status=5)

    def test_a_wrong_password_is_4(self):
        options = ["auth_url=" + self.auth_url, "username=demo", "password=wrong-one", "project=demo"]
        done = self.call("node list", options=options, status=4)
        self.assertEqual(done.out, "", "T-01")
        self.assertIn("check user, password", done.err)
        self.assertNotIn("wrong-one", done.err)

    def test_a_read_only_user_is_told_so(self):
        options = ["auth_url=" + self.auth_url, "username=reader", "password=demo-secret", "project=demo"]
        done = self.call("node create", "image=" + self.image, "size=1", options=options, status=None)
        self.assertEqual(json.loads(done.err)["class"], "forbidden", done)

    def test_a_wrong_state_is_7(self):
        node = self.create("wrong-state")
        done = self.call("node resume", "id=" + node["id"], status=7)
        self.assertIn("while it is in vm_state active", done.err)

    def test_limits_of_rate_are_waited_out(self):
        self.call("location list")
        for status in (429, 413, 503):
            self.throttle(f"1 {status} 2")
            before = time.monotonic()
            self.call("location list")
            self.assertGreaterEqual(time.monotonic() - before, 1.9, f"Retry-After of a {status} is obeyed")

    def test_a_limit_of_rate_that_is_too_long_for_the_deadline(self):
        self.call("location list")
        self.throttle("1 429 30")
        before = time.monotonic()
        done = self.nube("--deadline", "5s", "location", "list", status=8)
        self.assertLess(time.monotonic() - before, 4, done)


if __name__ == "__main__":
    unittest.main()
