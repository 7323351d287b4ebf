"""Debian's python3-libcloud against the simulator: nodes, sizes, images, locations, keys, tags, groups."""
import cloudapi
import foreign
import simtest

try:
    from libcloud.compute.base import NodeState
    from libcloud.compute.providers import get_driver
    from libcloud.common.types import InvalidCredsError
except ImportError as e:
    get_driver, reason = None, str(e)


class Libcloud(simtest.Case):
    def setUp(self):
        if not get_driver:
            foreign.missing("python3-libcloud", reason)
        super().setUp()
        self.driver = self.make()

    def make(self, key=simtest.KEY, secret=simtest.SECRET, **more):
        return get_driver("ec2")(key, secret, region="us-east-1", secure=False, host="127.0.0.1", port=self.sim.port,
                                 signature_version="4", **more)

    def image(self):
        return self.driver.list_images(ex_owner="136693071363")[0]

    def node(self, **more):
        size = next(s for s in self.driver.list_sizes() if s.id == "t3.micro")
        return self.driver.create_node(name="web <1> é", image=self.image(), size=size, **more)

    def state(self, node):
        return next(n for n in self.driver.list_nodes(ex_node_ids=[node.id])).state

    def test_life_of_a_node(self):
        node = self.node()
        listed = self.driver.list_nodes()
        self.assertEqual([(n.id, n.name, n.state) for n in listed], [(node.id, "web <1> é", NodeState.RUNNING)])
        self.assertTrue(listed[0].public_ips and listed[0].private_ips)
        self.assertTrue(self.driver.reboot_node(node))
        self.assertTrue(self.driver.stop_node(node))
        self.assertEqual(self.driver.list_nodes()[0].extra["status"], "stopped")
        self.assertTrue(self.driver.start_node(node))
        self.assertEqual(self.state(node), NodeState.RUNNING)
        self.assertTrue(self.driver.destroy_node(node))
        self.assertEqual(self.state(node), NodeState.TERMINATED)

    def test_images_sizes_locations(self):
        self.assertIn("debian-12", self.image().name)
        self.assertEqual(self.driver.get_image(self.image().id).id, self.image().id)
        self.assertEqual([x.availability_zone.name for x in self.driver.list_locations()],
                         ["us-east-1a", "us-east-1b", "us-east-1c"])
        node = self.node(location=self.driver.list_locations()[1])
        self.assertEqual(self.driver.list_nodes()[0].extra["availability"], "us-east-1b")
        image = self.driver.create_image(node, "mine")
        self.assertEqual([i.id for i in self.driver.list_images(ex_owner="self")], [image.id])
        self.assertTrue(self.driver.delete_image(image))

    def test_keys(self):
        key = self.driver.create_key_pair("ops")
        self.assertIn("RSA PRIVATE KEY", key.private_key)
        self.assertEqual([(k.name, k.fingerprint) for k in self.driver.list_key_pairs()], [("ops", key.fingerprint)])
        self.assertEqual(self.node(ex_keyname="ops").extra["key_name"], "ops")
        self.assertTrue(self.driver.delete_key_pair(key))
        self.assertEqual(self.driver.list_key_pairs(), [])

    def test_tags(self):
        node = self.node()
        self.assertTrue(self.driver.ex_create_tags(node, {"env": "test & <prod>"}))
        self.assertEqual(self.driver.ex_describe_tags(node), {"Name": "web <1> é", "env": "test & <prod>"})
        self.assertTrue(self.driver.ex_delete_tags(node, {"env": "test & <prod>"}))
        self.assertEqual(self.driver.ex_describe_tags(node), {"Name": "web <1> é"})

    def test_groups_and_volumes(self):
        group = self.driver.ex_create_security_group("web", "for the web")["group_id"]
        self.assertTrue(self.driver.ex_authorize_security_group_ingress(group, 80, 80, cidr_ips=["0.0.0.0/0"]))
        self.assertIn("web", self.driver.ex_list_security_groups())
        node = self.node(ex_security_groups=["web"])
        self.assertEqual(self.driver.list_nodes()[0].extra["groups"], [{"group_id": group, "group_name": "web"}])
        volume = self.driver.create_volume(5, "data", location=self.driver.list_locations()[0])
        self.assertTrue(self.driver.attach_volume(node, volume, "/dev/sdf"))
        self.assertEqual(len(self.driver.list_volumes(node)), 2)

    def test_resize(self):
        node = self.node()
        self.driver.stop_node(node)
        self.assertTrue(self.driver.ex_change_node_size(node, next(s for s in self.driver.list_sizes() if s.id == "t3.small")))
        self.assertEqual(self.driver.list_nodes()[0].extra["instance_type"], "t3.small")

    def test_wrong_secret(self):
        with self.assertRaises(InvalidCredsError):
            self.make(secret="wrong").list_nodes()


class Joyent(cloudapi.Case):
    """libcloud's Joyent driver speaks ~6.5, with a password."""

    def setUp(self):
        if not get_driver:
            foreign.missing("python3-libcloud", reason)
        super().setUp()
        driver = get_driver("joyent")
        driver.connectionCls.allow_insecure = True
        self.driver = driver("demo", "secret", secure=False)
        self.driver.connection.connect(host="127.0.0.1", port=self.sim.port)

    def test_life_of_a_machine(self):
        image = next(i for i in self.driver.list_images() if i.extra["default"])
        size = next(s for s in self.driver.list_sizes() if s.name == "sdc_128")
        node = self.driver.create_node(name="old", size=size, image=image)
        self.assertEqual(node.state, NodeState.PENDING)
        listed = self.driver.list_nodes()
        self.assertEqual([(n.id, n.name, n.state) for n in listed], [(node.id, "old", NodeState.RUNNING)])
        self.assertTrue(self.driver.reboot_node(node))
        self.assertTrue(self.driver.stop_node(node))
        self.assertTrue(self.driver.start_node(node))
        self.assertTrue(self.driver.stop_node(node))
        self.assertTrue(self.driver.destroy_node(self.driver.ex_get_node(node.id)))
        self.assertEqual(self.driver.list_nodes(), [])

    def test_a_wrong_password(self):
        self.driver.connection.key = "wrong"
        self.assertRaises(InvalidCredsError, self.driver.list_nodes)


if __name__ == "__main__":
    simtest.main()
