"""Glance's images, data, members and pages; Neutron's networks, ports, floating IPs and security groups."""
import ostest
import simtest

PATCH = {"Content-Type": "application/openstack-images-v2.1-json-patch"}


class Glance(ostest.Case):
    def make(self, **more):
        reply = self.client.glance("POST", "/images", {"name": "mine", "disk_format": "raw", "container_format": "bare", **more})
        self.assertEqual(reply.status, 201, reply)
        return reply.json["id"]

    def test_pages_by_a_relative_link(self):
        self.sim.control("seed", {"images": {"count": 60, "name": "i-{n}"}})
        path, names, pages = "/v2/images?name=in:i-7,i-8", [], 0
        self.assertEqual([i["name"] for i in self.client.raw("GET", "/RegionOne/image" + path).json["images"]], ["i-8", "i-7"])
        path = "/v2/images"
        while path:
            reply = self.client.raw("GET", "/RegionOne/image" + path).json
            names += [i["name"] for i in reply["images"]]
            path = reply.get("next")
            pages += 1
        self.assertEqual((len(set(names)), pages), (63, 3))
        self.assertEqual(self.client.glance("GET", "/images?marker=none").status, 404)

    def test_data(self):
        image = self.make()
        shown = self.client.glance("GET", f"/images/{image}").json
        self.assertEqual((shown["status"], shown["size"], shown["visibility"]), ("queued", None, "shared"))
        self.assertEqual(self.client.glance("GET", f"/images/{image}/file").status, 204)
        octets = {"Content-Type": "application/octet-stream"}
        self.assertEqual(self.client.glance("PUT", f"/images/{image}/file", b"data", {"Content-Type": "text/plain"}).status, 415)
        self.assertEqual(self.client.glance("PUT", f"/images/{image}/file", b"\x00data", octets).status, 204)
        self.refused(self.client.glance("PUT", f"/images/{image}/file", b"data", octets), 409)
        self.assertEqual(self.client.glance("GET", f"/images/{image}/file").body, b"\x00data")
        self.assertEqual(self.client.glance("POST", f"/images/{image}/actions/deactivate").status, 204)
        self.assertEqual(self.client.glance("GET", f"/images/{image}/file").status, 403)

    def test_changes(self):
        image = self.make(os_distro="own")
        step = [{"op": "add", "path": "/a", "value": "b"}, {"op": "remove", "path": "/os_distro"}]
        reply = self.client.glance("PATCH", f"/images/{image}", step)
        self.assertEqual((reply.status, reply.headers["accept-patch"]), (415, PATCH["Content-Type"]))
        shown = self.client.glance("PATCH", f"/images/{image}", step, PATCH).json
        self.assertEqual((shown["a"], "os_distro" in shown), ("b", False))
        public = [{"op": "replace", "path": "/visibility", "value": "public"}]
        self.assertEqual(self.client.glance("PATCH", f"/images/{image}", public, PATCH).status, 403)
        self.assertEqual(self.client.glance("DELETE", f"/images/{self.client.image()}").status, 403)
        self.client.glance("PATCH", f"/images/{image}", [{"op": "replace", "path": "/protected", "value": True}], PATCH)
        self.refused(self.client.glance("DELETE", f"/images/{image}"), 403, text="is protected")
        reply = self.client.glance("GET", "/images/none")
        self.assertEqual((reply.status, reply.json["code"]), (404, "404 Not Found"))

    def test_members(self):
        image, other = self.make(), self.other("tiny")
        tiny = next(t for t in self.sim.control("tokens")["tokens"] if t["user"] == "tiny")
        project = other.raw("GET", "/v3/auth/projects").json["projects"][0]["id"]
        self.assertEqual((tiny["project"], other.glance("GET", f"/images/{image}").status), ("tiny", 404))
        self.assertEqual(self.client.glance("POST", f"/images/{image}/members", {"member": project}).json["status"], "pending")
        self.assertEqual(self.client.glance("POST", f"/images/{image}/members", {"member": project}).status, 409)
        self.assertEqual(other.glance("GET", f"/images/{image}").status, 200)
        names = [i["name"] for i in other.glance("GET", "/images").json["images"]]
        self.assertNotIn("mine", names)
        self.assertEqual(self.client.glance("PUT", f"/images/{image}/members/{project}", {"status": "accepted"}).status, 403)
        self.assertEqual(other.glance("PUT", f"/images/{image}/members/{project}", {"status": "accepted"}).status, 200)
        self.assertIn("mine", [i["name"] for i in other.glance("GET", "/images").json["images"]])
        self.assertEqual(self.client.glance("DELETE", f"/images/{image}/members/{project}").status, 204)
        self.assertEqual(other.glance("GET", f"/images/{image}").status, 404)


class Neutron(ostest.Case):
    def wrong(self, reply, status, kind):
        self.assertEqual((reply.status, reply.json["NeutronError"]["type"]), (status, kind), reply)

    def test_networks(self):
        made = self.client.neutron("POST", "/networks", {"network": {"name": "own"}}).json["network"]
        subnet = {"subnet": {"network_id": made["id"], "ip_version": 4, "cidr": "192.168.9.0/24"}}
        self.assertEqual(self.client.neutron("POST", "/subnets", subnet).json["subnet"]["gateway_ip"], "192.168.9.1")
        server = self.client.server(networks=[{"uuid": made["id"]}])
        self.assertEqual(self.client.show(server)["addresses"]["own"][0]["addr"], "192.168.9.3")
        self.wrong(self.client.neutron("DELETE", f"/networks/{made['id']}"), 409, "NetworkInUse")
        self.client.nova("DELETE", f"/servers/{server}")
        self.client.nova("GET", "/servers")
        self.assertEqual(self.client.neutron("DELETE", f"/networks/{made['id']}").status, 204)
        self.wrong(self.client.neutron("GET", f"/networks/{made['id']}"), 404, "NetworkNotFound")
        self.wrong(self.client.neutron("POST", "/networks", {"network": {"bogus": 1}}), 400, "HTTPBadRequest")
        page = self.client.neutron("GET", "/networks?limit=1").json
        self.assertEqual((len(page["networks"]), page["networks_links"][0]["rel"]), (1, "next"))
        self.sim.set(network_page_max=1)
        path, names, rels = "/RegionOne/network/v2.0/networks", [], []
        while path:
            page = self.client.raw("GET", path).json
            names += [n["name"] for n in page["networks"]]
            links = {x["rel"]: x["href"] for x in page.get("networks_links", [])}
            rels.append(sorted(links))
            path = links.get("next", "").removeprefix(self.sim.url)
        self.assertEqual((names, rels), (["private", "public"], [["next", "previous"]] * 2 + [[]]))

    def test_floating_addresses(self):
        self.sim.set(floating_ms=1000)
        server = self.client.server()
        port = self.client.neutron("GET", f"/ports?device_id={server}").json["ports"][0]
        body = {"floatingip": {"floating_network_id": self.client.network("public"), "port_id": port["id"]}}
        made = self.client.neutron("POST", "/floatingips", body).json["floatingip"]
        self.assertEqual((made["status"], made["fixed_ip_address"]), ("ACTIVE", port["fixed_ips"][0]["ip_address"]))
        kinds = [a["OS-EXT-IPS:type"] for a in self.client.show(server)["addresses"]["private"]]
        self.assertEqual(kinds, ["fixed"])  # Nova is told a moment later
        self.sim.advance(1000)
        shown = self.client.show(server)["addresses"]["private"][1]
        self.assertEqual((shown["OS-EXT-IPS:type"], shown["addr"]), ("floating", made["floating_ip_address"]))
        self.client.neutron("PUT", f"/floatingips/{made['id']}", {"floatingip": {"port_id": None}})
        self.assertEqual(len(self.client.show(server)["addresses"]["private"]), 1)
        self.assertEqual(self.client.act(server, "addFloatingIp", {"address": made["floating_ip_address"]}).status, 202)
        self.refused(self.client.act(server, "addFloatingIp", {"address": "1.2.3.4"}, "2.44"), 400, text="no such action")
        self.client.nova("DELETE", f"/servers/{server}")
        self.client.nova("GET", "/servers")
        left = self.client.neutron("GET", f"/floatingips/{made['id']}").json["floatingip"]
        self.assertEqual((left["status"], left["port_id"]), ("DOWN", None))
        body["floatingip"]["floating_network_id"] = self.client.network("private")
        self.assertEqual(self.client.neutron("POST", "/floatingips", body).status, 400)
        tiny = self.other("tiny")
        body = {"floatingip": {"floating_network_id": self.client.network("public")}}
        tiny.neutron("POST", "/floatingips", body)
        self.wrong(tiny.neutron("POST", "/floatingips", body), 409, "OverQuota")

    def test_security_groups_by_both_doors(self):
        group = self.client.neutron("POST", "/security-groups", {"security_group": {"name": "web"}}).json["security_group"]
        self.assertEqual(len(group["security_group_rules"]), 2)
        rule = {"security_group_rule": {"security_group_id": group["id"], "direction": "ingress", "protocol": "tcp",
                                        "port_range_min": 443, "port_range_max": 443, "remote_ip_prefix": "192.0.2.0/24"}}
        self.assertEqual(self.client.neutron("POST", "/security-group-rules", rule).status, 201)
        self.wrong(self.client.neutron("POST", "/security-group-rules", rule), 409, "SecurityGroupRuleExists")
        proxy = self.client.nova("GET", f"/os-security-groups/{group['id']}").json["security_group"]["rules"]
        self.assertEqual([(r["ip_protocol"], r["from_port"], r["ip_range"]["cidr"]) for r in proxy], [("tcp", 443, "192.0.2.0/24")])
        server = self.client.server()
        self.assertEqual(self.client.act(server, "addSecurityGroup", {"name": "web"}).status, 202)
        self.refused(self.client.act(server, "addSecurityGroup", {"name": "web"}), 400, "badRequest", "already associated")
        self.wrong(self.client.neutron("DELETE", f"/security-groups/{group['id']}"), 409, "SecurityGroupInUse")
        self.client.act(server, "removeSecurityGroup", {"name": "web"})
        self.assertEqual(self.client.nova("DELETE", f"/os-security-groups/{group['id']}").status, 202)
        self.wrong(self.client.neutron("GET", f"/security-groups/{group['id']}"), 404, "SecurityGroupNotFound")


if __name__ == "__main__":
    simtest.main()
