"""Debian's python3-openstacksdk against the simulator: waiting, floating addresses, images, pages, a token that ends."""
import foreign
import ostest
import simtest

try:
    import openstack
except ImportError as e:
    openstack, reason = None, str(e)


class Sdk(ostest.Case):
    def setUp(self):
        if not openstack:
            foreign.missing("python3-openstacksdk", reason)
        super().setUp()
        self.cloud = self.connect_sdk()

    def connect_sdk(self, **more):
        return openstack.connection.Connection(
            auth={"auth_url": self.sim.url, "username": "demo", "password": ostest.PASSWORD, "project_name": "demo",
                  "user_domain_name": "Default", "project_domain_name": "Default"},
            region_name="RegionOne", **more)

    def test_a_server_with_a_floating_address(self):
        self.sim.set(build_ms=1000)
        server = self.cloud.create_server("web", image="cirros-0.6.2-x86_64-disk", flavor="m1.tiny", network="private",
                                          auto_ip=False, wait=True, timeout=60)
        self.assertEqual((server.status, server.private_v4), ("ACTIVE", "10.20.0.3"))
        address = self.cloud.create_floating_ip(network="public", server=server, wait=True, timeout=60)
        self.assertEqual(self.cloud.get_server("web").public_v4, address.floating_ip_address)
        self.cloud.compute.stop_server(server)
        server = self.cloud.compute.wait_for_server(server, status="SHUTOFF", interval=1, wait=60)
        self.cloud.compute.set_server_metadata(server, role="front")
        self.assertEqual(self.cloud.compute.get_server(server.id).metadata, {"role": "front"})
        self.assertTrue(self.cloud.delete_server("web", wait=True, timeout=60))

    def test_pages(self):
        self.sim.control("seed", {"servers": {"count": 250, "name": "n-{n}"}, "images": {"count": 60, "name": "i-{n}"}})
        self.sim.set(page_max=100)
        self.assertEqual(len({s.id for s in self.cloud.compute.servers()}), 250)
        self.assertEqual(len({i.id for i in self.cloud.image.images()}), 63)

    def test_a_token_that_ends_is_replaced(self):
        list(self.cloud.compute.flavors())
        self.sim.control("tokens", {"revoke": "demo"})
        self.assertEqual(len(list(self.cloud.compute.flavors())), 7)
        self.sim.advance(7200 * 1000)
        self.assertEqual(len(list(self.cloud.compute.flavors())), 7)

    def test_microversions_and_errors(self):
        server = self.cloud.create_server("web", image="cirros-0.6.2-x86_64-disk", flavor="m1.tiny", network="private",
                                          wait=True, timeout=60)
        self.assertEqual(server.flavor.original_name, "m1.tiny")
        cloud = self.connect_sdk(compute_default_microversion="2.61")
        server.add_tag(cloud.compute, "blue")
        self.assertEqual(self.cloud.compute.get_server(server.id).tags, ["blue"])
        with self.assertRaises(openstack.exceptions.ConflictException):
            self.cloud.compute.start_server(server)
        with self.assertRaises(openstack.exceptions.ResourceNotFound):
            self.cloud.compute.get_server("nosuch")


if __name__ == "__main__":
    simtest.main()
