"""The Rackspace driver against OpenStack's own Nova, by the API of before versions that Rackspace's is made of.

Identity v2.0 and Rackspace's additions are not there: the token is Keystone's own, and what only Rackspace has is
left to the records.
"""
import time
import unittest

from openstack_case import Case, KEY, wanted


class Legacy(Case):
    def setUp(self):
        super().setUp()
        session = self.session()
        url = session.get_endpoint(service_type="compute_legacy", interface="public", region_name="RegionOne")
        self.assertIn("/v2/" + session.get_project_id(), url)
        self.account = ["endpoint=" + url, "token=" + session.get_token()]

    def rack(self, op, *args, status=0, more=()):
        """One operation of the driver, by the library."""
        return self.run_([wanted("CALL"), *self.tools, "rackspace:lon", op, *self.account, *more, "--", *args], "demo", status)

    def create(self, name):
        node = self.rack("node create", "name=" + name, "image=" + self.image, "size=1", "file=/etc/motd=hello").lines()[0]["id"]
        self.addCleanup(self.rack, "node destroy", "id=" + node, status=None)
        self.until(node, "ACTIVE")
        return node

    def until(self, node, raw):
        end = time.monotonic() + 60
        while True:
            shown = self.rack("node get", "id=" + node).lines()[0]
            if shown["raw_state"] == raw:
                return shown
            self.assertNotEqual(shown["state"], "error", shown)
            self.assertLess(time.monotonic(), end, shown)
            time.sleep(0.1)

    def test_a_life(self):
        node = self.create("t-rack")
        shown = self.until(node, "ACTIVE")
        self.assertEqual([shown[k] for k in ("name", "image", "size", "location", "tags")],
                         ["t-rack", self.image, "1", "LON", {}])
        for op, raw in (("node stop", "SHUTOFF"), ("node start", "ACTIVE"), ("node reboot", "ACTIVE")):
            self.rack(op, "id=" + node)
            self.until(node, raw)
        self.rack("node rename", "id=" + node, "name=t-rack-2")
        self.rack("node metadata", "id=" + node, "metadata=a=b")
        self.rack("node resize", "id=" + node, "size=2")
        shown = self.until(node, "ACTIVE")
        self.assertEqual([shown[k] for k in ("name", "size", "metadata")], ["t-rack-2", "2", {"a": "b"}])
        self.rack("node rebuild", "id=" + node, "image=" + self.image)
        self.until(node, "ACTIVE")
        for action in ("lock", "unlock"):
            self.rack("node action", "action=" + action, "id=" + node)
        self.assertIn("http", self.rack("node action", "action=console_url", "id=" + node).out)
        actions = [a.action for a in self.nova().instance_action.list(node)]
        self.assertEqual(actions[::-1][:7], ["create", "stop", "start", "reboot", "resize", "confirmResize", "rebuild"])
        self.rack("node destroy", "id=" + node)

    def test_the_smallest_size_is_chosen(self):
        made = self.rack("node create", "name=t-rack-auto", "image=" + self.image).lines()[0]
        self.addCleanup(self.rack, "node destroy", "id=" + made["id"], status=None)
        self.assertEqual(made["size"], "1")

    def test_images_are_those_that_Glance_has(self):
        theirs = {i["id"]: i["name"] for i in self.call("image list").lines()}
        ours = {i["id"]: i["name"] for i in self.rack("image list").lines()}
        self.assertEqual(ours, theirs)
        self.assertEqual([i["id"] for i in self.rack("image list", more=["page_size=2"]).lines()], list(ours))
        self.assertEqual(self.rack("image get", "id=" + self.image).lines()[0]["name"], "raw-tiny")
        self.assertLessEqual({"raw-tiny", "qcow2-tiny"}, {i["name"] for i in self.rack("image search", "term=TINY").lines()})

    def test_a_cloud_whose_images_are_asked_of_Nova(self):
        """As HP's had to be, by the OpenStack driver; whatever the newest version of Nova."""
        by_nova = ["cloud=demo", "image_service=compute"]
        theirs = {i["id"] for i in self.call("image list").lines()}
        self.assertEqual({i["id"] for i in self.call("image list", options=by_nova).lines()}, theirs)
        self.assertEqual(self.call("image get", "id=" + self.image, options=by_nova).lines()[0]["name"], "raw-tiny")

    def test_an_image_of_a_node(self):
        node = self.create("t-rack-image")
        made = self.rack("image create", "node=" + node, "name=t-rack-gold").lines()[0]
        self.addCleanup(self.rack, "image delete", "id=" + made["id"], status=None)
        self.assertEqual([made["name"], made["extra"]["node"]], ["t-rack-gold", node])
        self.rack("image delete", "id=" + made["id"])

    def test_pages_and_filters_of_nodes(self):
        whole = sorted(n["id"] for n in self.rack("node list").lines())
        pages = sorted(n["id"] for n in self.rack("node list", more=["page_size=90"]).lines())
        self.assertEqual(pages, whole)
        self.assertEqual(sorted(n["id"] for n in self.call("node list").lines()), whole)
        states = {n["raw_state"] for n in self.rack("node list", "state=running").lines()}
        self.assertEqual(states, {"ACTIVE"})
        self.assertEqual([n["name"] for n in self.rack("node list", "name=bulk-0001").lines()], ["bulk-0001"])

    def test_keys(self):
        for name in ("t-rack-key", "t-rack-made"):
            self.addCleanup(self.rack, "key delete", "id=" + name, status=None)
        self.rack("key import", "name=t-rack-key", "public_key=" + KEY)
        self.rack("key import", "name=t-rack-key", "public_key=" + KEY, status=7)
        self.assertIn("BEGIN", self.rack("key create", "name=t-rack-made").lines()[0]["private_key"])
        self.assertLessEqual({"t-rack-key", "t-rack-made"}, {k["name"] for k in self.rack("key list").lines()})
        self.rack("key delete", "id=t-rack-key")
        self.rack("key get", "id=t-rack-key", status=5)

    def test_faults(self):
        self.rack("node get", "id=00000000-0000-0000-0000-000000000000", status=5)
        self.rack("node create", "name=n", "image=" + self.image, "size=nosuch", status=5)
        self.account[1] = "token=nobody"
        self.rack("node list", status=4)


if __name__ == "__main__":
    unittest.main()
