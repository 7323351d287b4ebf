"""Debian's python3-libcloud against the simulators: its drivers of OpenStack and of both of Rackspace's generations."""
import foreign
import ostest
import simtest

try:
    from libcloud.compute.base import NodeState, NodeImage
    from libcloud.compute.providers import get_driver
    from libcloud.common.types import InvalidCredsError
    import libcloud.compute.drivers.openstack
except ImportError as e:
    get_driver, reason = None, str(e)


class LibcloudCase(ostest.Case):
    def setUp(self):
        if not get_driver:
            foreign.missing("python3-libcloud", reason)
        super().setUp()

    def node(self, driver, **more):
        """A server of the first size and of Debian, as it is after a moment."""
        size = driver.list_sizes()[0]
        image = next(i for i in driver.list_images() if "debian" in i.name.lower())
        made = driver.create_node(name="web é", image=image, size=size, **more)
        return next(n for n in driver.list_nodes() if n.id == made.id)

    def state(self, driver, node):
        return next(n for n in driver.list_nodes() if n.id == node.id).state


class OpenStack(LibcloudCase):
    def make(self, version="3.x_password", user="demo", password=ostest.PASSWORD, **more):
        return get_driver("openstack")(user, password, ex_force_auth_url=self.sim.url, ex_force_auth_version=version,
                                       ex_tenant_name="demo", ex_domain_name="Default",
                                       ex_force_service_region="RegionOne", api_version="2.2", **more)

    def test_life_of_a_node(self):
        driver = self.make()
        node = self.node(driver, ex_metadata={"role": "front"})
        self.assertEqual((node.name, node.state, node.extra["metadata"]), ("web é", NodeState.RUNNING, {"role": "front"}))
        self.assertTrue(node.private_ips)
        self.assertTrue(driver.reboot_node(node))
        for verb, state in ((driver.stop_node, NodeState.STOPPED), (driver.start_node, NodeState.RUNNING),
                            (driver.ex_pause_node, NodeState.UNKNOWN), (driver.ex_unpause_node, NodeState.RUNNING),
                            (driver.ex_suspend_node, NodeState.SUSPENDED), (driver.ex_resume_node, NodeState.RUNNING)):
            self.assertTrue(verb(node))
            self.assertEqual(self.state(driver, node), state)
        self.assertTrue(driver.ex_resize(node, driver.list_sizes()[1]))
        self.assertTrue(driver.ex_confirm_resize(node))
        self.assertIn("login:", driver.ex_get_console_output(node)["output"])
        self.assertTrue(driver.ex_rebuild(node, driver.list_images()[0]))
        driver.ex_set_metadata(node, {"a": "b"})
        self.assertEqual(driver.ex_get_metadata(node), {"a": "b"})
        self.assertTrue(driver.destroy_node(node))
        self.assertEqual(driver.list_nodes(), [])

    def test_images_sizes_and_pages(self):
        driver = self.make()
        self.sim.control("seed", {"images": {"count": 60, "name": "i-{n}"}, "servers": {"count": 60, "name": "n-{n}"}})
        self.sim.set(page_max=25)
        self.assertEqual(len({i.id for i in driver.list_images()}), 63)
        self.assertEqual(len({n.id for n in driver.list_nodes()}), 60)
        size = next(s for s in driver.list_sizes() if s.name == "g1.large")
        self.assertEqual(driver.ex_get_size_extra_specs(size.id)["hw:cpu_policy"], "dedicated")
        node = driver.list_nodes()[0]
        image = driver.create_image(node, "shot")
        self.assertEqual(driver.get_image(image.id).name, "shot")
        self.assertTrue(driver.delete_image(image))

    def test_keys_groups_addresses(self):
        driver = self.make()
        key = driver.create_key_pair("ops")
        self.assertIn("RSA PRIVATE KEY", key.private_key)
        self.assertEqual([k.fingerprint for k in driver.list_key_pairs()], [key.fingerprint])
        group = driver.ex_create_security_group("web", "the web")
        rule = driver.ex_create_security_group_rule(group, "tcp", 80, 80, cidr="0.0.0.0/0")
        self.assertTrue(driver.ex_delete_security_group_rule(rule))
        node = self.node(driver, ex_keyname="ops", ex_security_groups=[group],
                         networks=[n for n in driver.ex_list_networks() if n.name == "private"])
        self.assertEqual(node.extra["key_name"], "ops")
        pool = driver.ex_list_floating_ip_pools()[0]
        address = pool.create_floating_ip()
        self.assertTrue(driver.ex_attach_floating_ip_to_node(node, address))
        self.assertIn(address.ip_address, driver.list_nodes()[0].public_ips)
        self.assertEqual([p.extra["device_id"] for p in driver.ex_list_ports()], [node.id])
        self.assertTrue(driver.delete_key_pair(key))

    def test_logins(self):
        self.assertEqual(self.make("2.0_password").list_nodes(), [])
        with self.assertRaises(InvalidCredsError):
            self.make(password="wrong").list_nodes()
        self.sim.control("seed", {"users": {"name": "demo", "api_key": "k3y"}})
        self.assertEqual(self.make("2.0_apikey", password="k3y").list_nodes(), [])


class Rackspace(LibcloudCase):
    provider = "rackspace"

    def make(self, key=ostest.API_KEY, **more):
        return get_driver("rackspace")("demo", key, region="dfw", ex_force_auth_url=self.sim.url,
                                       ex_force_auth_version="2.0_apikey", **more)

    def test_life_of_a_node(self):
        driver = self.make()
        node = self.node(driver)
        self.assertEqual((node.state, len(node.public_ips), len(node.private_ips)), (NodeState.RUNNING, 2, 1))
        self.assertTrue(driver.reboot_node(node))
        self.assertTrue(driver.ex_resize(node, driver.list_sizes()[1]))
        self.assertEqual(driver.ex_get_node_details(node.id).extra["vm_state"], "resized")
        self.assertTrue(driver.ex_confirm_resize(node))
        self.assertTrue(driver.ex_rescue(node))
        self.assertTrue(driver.ex_unrescue(node))
        image = driver.create_image(node, "shot")
        self.assertEqual(image.extra["metadata"]["image_type"], "snapshot")
        self.assertTrue(driver.destroy_node(node))
        self.assertEqual(driver.list_nodes(), [])

    def test_networks_and_keys(self):
        driver = self.make()
        network = driver.ex_create_network("isolated", "192.168.3.0/24")
        self.assertEqual([n.name for n in driver.ex_list_networks()], ["public", "private", "isolated"])
        node = self.node(driver, networks=[network])
        self.assertEqual(node.private_ips, ["192.168.3.3"])
        self.assertTrue(driver.destroy_node(node))
        driver.list_nodes()
        self.assertTrue(driver.ex_delete_network(network))
        key = driver.create_key_pair("ops")
        self.assertTrue(driver.delete_key_pair(key))

    def test_wrong_key(self):
        with self.assertRaises(InvalidCredsError):
            self.make(key="wrong").list_nodes()


class FirstGen(LibcloudCase):
    provider = "rackspace-first-gen"

    def make(self, **more):
        return get_driver("rackspace_first_gen")("demo", ostest.API_KEY, region="us", ex_force_auth_url=self.sim.url,
                                                 ex_force_auth_version="2.0_apikey", **more)

    def test_life_of_a_node(self):
        driver = self.make()
        node = self.node(driver, ex_metadata={"role": "front"}, ex_files={"/etc/motd": "hello"})
        self.assertEqual((node.state, len(node.public_ips), len(node.private_ips)), (NodeState.RUNNING, 1, 1))
        self.assertEqual(node.extra["metadata"], {"role": "front"})
        self.assertTrue(driver.reboot_node(node))
        self.assertTrue(driver.ex_resize(node, driver.list_sizes()[1]))
        self.assertEqual(self.state(driver, node), NodeState.RUNNING)
        self.assertTrue(driver.ex_confirm_resize(node))
        self.assertTrue(driver.ex_set_server_name(node, "www"))
        self.assertTrue(driver.ex_rebuild(node.id, "1"))
        self.assertEqual(driver.create_image(node, "shot").extra["serverId"], node.id)
        self.assertTrue(driver.destroy_node(node))
        self.assertEqual(driver.list_nodes(), [])

    def test_groups_addresses_limits(self):
        driver = self.make()
        one, two = self.node(driver), self.node(driver)
        group = driver.ex_create_ip_group("g", one.id)
        self.assertEqual(driver.ex_list_ip_groups(details=True)[0].servers, [one.id])
        self.assertTrue(driver.ex_share_ip(group.id, two.id, one.public_ips[0]))
        self.assertIn(one.public_ips[0], driver.ex_list_ip_addresses(two.id).public_addresses)
        self.assertTrue(driver.ex_unshare_ip(two.id, one.public_ips[0]))
        self.assertTrue(driver.ex_delete_ip_group(group.id))
        self.assertEqual(driver.ex_limits()["absolute"]["maxIPGroups"], "50")


if __name__ == "__main__":
    simtest.main()
