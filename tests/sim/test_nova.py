"""Nova: lives, states that take time, microversions, pages, filters, faults, quotas, keys; and Rackspace's dress."""
import base64

import ostest
import simtest

STATES = {"os-stop": "SHUTOFF", "os-start": "ACTIVE", "pause": "PAUSED", "unpause": "ACTIVE", "suspend": "SUSPENDED",
          "resume": "ACTIVE", "shelve": "SHELVED_OFFLOADED", "unshelve": "ACTIVE"}


class Lives(ostest.Case):
    def test_states_take_the_time_they_are_told_to(self):
        self.sim.set(build_ms=5000, stop_ms=3000, delete_ms=2000)
        server = self.server_of(self.client.create(metadata={"k": "v é"}))
        shown = self.client.show(server)
        self.assertEqual((shown["status"], shown["OS-EXT-STS:task_state"], shown["addresses"], shown["hostId"]),
                         ("BUILD", "spawning", {}, ""))
        self.refused(self.client.act(server, "os-stop"), 409, "conflictingRequest", "while it is in vm_state building")
        self.sim.advance(5000)
        shown = self.client.show(server)
        self.assertEqual((shown["status"], shown["OS-EXT-STS:power_state"], shown["metadata"]), ("ACTIVE", 1, {"k": "v é"}))
        self.assertEqual(self.client.act(server, "os-stop").status, 202)
        shown = self.client.show(server)
        self.assertEqual((shown["status"], shown["OS-EXT-STS:task_state"]), ("ACTIVE", "powering-off"))
        self.refused(self.client.act(server, "reboot", {"type": "HARD"}), 409, text="task_state powering-off")
        self.sim.advance(3000)
        self.assertEqual(self.client.show(server)["status"], "SHUTOFF")
        self.assertEqual(self.client.nova("DELETE", f"/servers/{server}").status, 204)
        self.assertEqual(self.client.show(server)["OS-EXT-STS:task_state"], "deleting")
        self.sim.advance(2000)
        self.refused(self.client.nova("GET", f"/servers/{server}"), 404, "itemNotFound", f"Instance {server} could not")

    def test_each_has_its_own_time(self):
        self.sim.set(build_ms=5000)
        soon = self.client.server("soon")
        self.sim.set(build_ms=9000)
        late = self.client.server("late")
        for advance, wanted in ((0, ["BUILD", "BUILD"]), (6000, ["ACTIVE", "BUILD"]), (3000, ["ACTIVE", "ACTIVE"])):
            self.sim.advance(advance)
            self.assertEqual([self.client.show(s)["status"] for s in (soon, late)], wanted)

    def server_of(self, reply):
        self.assertEqual(reply.status, 202, reply)
        made = reply.json["server"]
        self.assertEqual(sorted(made), ["OS-DCF:diskConfig", "adminPass", "id", "links", "security_groups"])
        self.assertTrue(reply.headers["location"].endswith("/servers/" + made["id"]))
        return made["id"]

    def test_actions_and_their_statuses(self):
        server = self.client.server()
        for action, state in STATES.items():
            reply = self.client.act(server, action)
            self.assertEqual((reply.status, reply.body), (202, b""), action)
            self.assertEqual(self.client.show(server)["status"], state)
        self.assertEqual(self.client.act(server, "resize", {"flavorRef": "2"}).status, 202)
        self.assertEqual(self.client.show(server)["status"], "VERIFY_RESIZE")
        self.assertEqual(self.client.act(server, "confirmResize").status, 204)
        self.client.show(server)
        self.refused(self.client.act(server, "resize", {"flavorRef": "2"}), 400, "badRequest", "must change flavor")
        self.client.act(server, "resize", {"flavorRef": "3"})
        self.client.show(server)
        self.client.act(server, "revertResize")
        self.assertEqual(self.client.show(server)["flavor"]["id"], "2")
        reply = self.client.act(server, "rescue")
        self.assertEqual((reply.status, list(reply.json)), (200, ["adminPass"]))
        self.assertEqual(self.client.show(server)["status"], "RESCUE")
        self.client.act(server, "unrescue")
        self.client.show(server)
        reply = self.client.act(server, "rebuild", {"imageRef": self.client.image("needs-2g"), "name": "new"})
        self.assertEqual((reply.status, reply.json["server"]["status"]), (202, "REBUILD"))
        self.assertEqual(self.client.show(server)["name"], "new")
        self.assertEqual(self.client.act(server, "lock").status, 202)
        self.refused(self.client.act(server, "os-stop"), 409, text=f"Instance {server} is locked")
        self.client.act(server, "unlock")
        self.refused(self.client.act(server, "nosuch"), 400, "badRequest", "There is no such action: nosuch")
        self.refused(self.client.nova("POST", f"/servers/{server}/action", {"pause": None, "lock": None}), 400)
        self.refused(self.client.act(server, "migrate"), 403, "forbidden")
        log = self.client.act(server, "os-getConsoleOutput", {"length": 1}).json["output"]
        self.assertEqual(log, "new login: ")
        events = self.client.nova("GET", f"/servers/{server}/os-instance-actions").json["instanceActions"]
        self.assertEqual((events[0]["action"], events[-1]["action"]), ("unlock", "create"))

    def test_builds_that_fail(self):
        self.sim.set(fail_builds=1)
        for flavor in ("1", "9f1e6e2c-0000-4000-8000-000000000002"):
            server = self.client.server(flavorRef=flavor)
            shown = self.client.show(server)
            self.assertEqual((shown["status"], shown["fault"]["code"], "progress" in shown), ("ERROR", 500, False))
            self.assertIn("No valid host was found.", shown["fault"]["message"])
        self.assertEqual(self.client.show(self.client.server())["status"], "ACTIVE")

    def test_a_fresh_server_may_not_be_found(self):
        self.sim.set(visible_after_requests=2)
        server = self.client.server()
        self.assertEqual([self.client.nova("GET", f"/servers/{server}").status for _ in range(3)], [404, 404, 200])

    def test_several_at_once(self):
        reply = self.client.create(min_count=3, return_reservation_id=True)
        reservation = reply.json["reservation_id"]
        found = self.client.nova("GET", f"/servers?reservation_id={reservation}").json["servers"]
        self.assertEqual([s["name"] for s in found], ["web-3", "web-2", "web-1"])

    def test_a_status_on_demand(self):
        server = self.client.server()
        for status in ("MIGRATING", "UNKNOWN", "SOFT_DELETED", "WHAT"):
            self.sim.control("server", {"id": server, "status": status})
            self.assertEqual(self.client.show(server)["status"], status)
        self.sim.control("server", {"id": server, "status": None})
        self.assertEqual(self.client.show(server)["status"], "ACTIVE")

    def test_snapshots(self):
        server = self.client.server()
        self.sim.set(image_ms=4000)
        reply = self.client.act(server, "createImage", {"name": "shot"})
        self.assertEqual((reply.status, reply.body), (202, b""))
        image = reply.headers["location"].rsplit("/", 1)[1]
        self.assertEqual(self.client.glance("GET", f"/images/{image}").json["status"], "queued")
        self.assertEqual(self.client.show(server)["OS-EXT-STS:task_state"], "image_snapshot")
        self.refused(self.client.create(imageRef=image), 400, text="is not active")
        self.sim.advance(4000)
        shown = self.client.glance("GET", f"/images/{image}").json
        self.assertEqual((shown["status"], shown["image_type"], shown["visibility"]), ("active", "snapshot", "private"))
        self.assertIn("image_id", self.client.act(server, "createImage", {"name": "s2"}, micro="2.45").json)


class Versions(ostest.Case):
    def test_headers_and_limits(self):
        reply = self.client.nova("GET", "/servers")
        self.assertEqual((reply.headers["openstack-api-version"], reply.headers["x-openstack-nova-api-version"]),
                         ("compute 2.1", "2.1"))
        self.assertEqual(reply.vary, ["OpenStack-API-Version", "X-OpenStack-Nova-API-Version"])
        self.assertEqual(self.client.nova("GET", "/servers", micro="latest").headers["openstack-api-version"], "compute 2.93")
        old = self.client.nova("GET", "/servers", **{"X-OpenStack-Nova-API-Version": "2.5"})
        self.assertEqual(old.headers["x-openstack-nova-api-version"], "2.5")
        self.refused(self.client.nova("GET", "/servers", micro="2.999"), 406, "computeFault",
                     "Version 2.999 is not supported by the API. Minimum is 2.1 and maximum is 2.93.")
        self.refused(self.client.nova("GET", "/servers", micro="abc"), 400, "badRequest", "Must be of format")
        self.sim.set(compute_max="2.60")
        self.refused(self.client.nova("GET", "/servers", micro="2.61"), 406)
        self.assertEqual(self.client.raw("GET", "/RegionOne/compute/").json["versions"][1]["version"], "2.60")
        self.client.token = None
        self.assertEqual(self.client.nova("GET", "/").json["version"]["id"], "v2.1")

    def test_what_follows_from_them(self):
        server = self.client.server()
        self.assertIn("id", self.client.show(server, "2.46")["flavor"])
        self.assertEqual(self.client.show(server, "2.47")["flavor"]["original_name"], "m1.tiny")
        for member, since in [("locked", 9), ("description", 19), ("tags", 26), ("locked_reason", 73),
                              ("OS-EXT-SRV-ATTR:hostname", 90)]:
            self.assertNotIn(member, self.client.show(server, f"2.{since - 1}"))
            self.assertIn(member, self.client.show(server, f"2.{since}"))
        flavor = "/flavors/9f1e6e2c-0000-4000-8000-000000000001"
        self.assertNotIn("extra_specs", self.client.nova("GET", flavor, micro="2.60").json["flavor"])
        self.assertEqual(self.client.nova("GET", flavor, micro="2.61").json["flavor"]["extra_specs"]["hw:cpu_policy"],
                         "dedicated")
        self.assertEqual([self.client.nova("GET", flavor, micro=m).json["flavor"]["swap"] for m in ("2.74", "2.75")], ["", 0])
        self.assertEqual(self.client.nova("GET", "/images", micro="2.35").status, 200)
        self.refused(self.client.nova("GET", "/images", micro="2.36"), 404, "itemNotFound")
        self.refused(self.client.nova("GET", f"/servers/{server}/tags", micro="2.25"), 404)
        body = {"server": {"name": "x", "flavorRef": "1", "imageRef": self.client.image()}}
        self.refused(self.client.nova("POST", "/servers", body, micro="2.37"), 400, text="'networks' is a required property")
        body["server"]["networks"] = "none"
        bare = self.client.nova("POST", "/servers", body, micro="2.37").json["server"]["id"]
        self.assertEqual(self.client.show(bare)["addresses"], {})
        self.refused(self.client.nova("POST", "/servers", body), 400)
        statuses = []
        for micro in ("2.1", "2.2"):
            statuses.append(self.client.nova("POST", "/os-keypairs", {"keypair": {"name": "k"}}, micro=micro).status)
            statuses.append(self.client.nova("DELETE", "/os-keypairs/k", micro=micro).status)
        self.assertEqual(statuses, [200, 202, 201, 204])
        self.refused(self.client.nova("POST", "/os-keypairs", {"keypair": {"name": "k"}}, micro="2.92"), 400)

    def test_tags(self):
        server = self.client.server()
        self.client.show(server)
        put = self.client.nova("PUT", f"/servers/{server}/tags/a", micro="2.26")
        self.assertEqual((put.status, put.body), (201, b""))
        self.client.nova("PUT", f"/servers/{server}/tags", {"tags": ["b", "c"]}, micro="2.26")
        self.assertEqual(self.client.nova("GET", f"/servers/{server}/tags", micro="2.26").json, {"tags": ["b", "c"]})
        found = self.client.nova("GET", "/servers?tags=b,c", micro="2.26").json["servers"]
        self.assertEqual([s["id"] for s in found], [server])
        self.assertEqual(self.client.nova("GET", "/servers?tags=a", micro="2.26").json["servers"], [])
        self.assertEqual(self.client.nova("DELETE", f"/servers/{server}/tags/b", micro="2.26").status, 204)


class Lists(ostest.Case):
    seed = {"servers": [{"count": 250, "name": "n-{n}", "metadata": {"k": "{n}"}},
                        {"name": "off", "status": "SHUTOFF", "zone": "az1", "flavor": "m1.small"}]}

    def pages(self, path):
        names, links = [], 0
        while path:
            reply = self.client.raw("GET", path)
            self.assertEqual(reply.status, 200, reply)
            names += [s["name"] for s in reply.json["servers"]]
            link = reply.json.get("servers_links")
            path = link[0]["href"].removeprefix(self.sim.url) if link else None
            links += 1
        return names, links

    def test_pages_newest_first_and_a_full_last_one_has_a_link(self):
        names, pages = self.pages("/RegionOne/compute/v2.1/servers?limit=251")
        self.assertEqual((names[0], names[-1], len(names), pages), ("off", "n-1", 251, 2))
        self.sim.set(page_max=100)
        names, pages = self.pages("/RegionOne/compute/v2.1/servers/detail?name=n-&status=ACTIVE")
        self.assertEqual((len(set(names)), pages), (250, 3))
        self.sim.set(page_repeat_link=True)
        one = self.client.nova("GET", "/servers?limit=5").json["servers_links"][0]["href"]
        self.assertEqual(self.client.raw("GET", one.removeprefix(self.sim.url)).json["servers_links"][0]["href"], one)

    def test_markers_and_limits(self):
        self.refused(self.client.nova("GET", "/servers?marker=none"), 400, "badRequest", "marker [none] not found")
        self.refused(self.client.nova("GET", "/servers?limit=x"), 400)
        flavors = self.client.nova("GET", "/flavors?limit=2").json
        self.assertEqual((len(flavors["flavors"]), flavors["flavors_links"][0]["rel"]), (2, "next"))
        for i in range(3):
            self.client.nova("POST", "/os-keypairs", {"keypair": {"name": f"k{i}"}})
        keys = self.client.nova("GET", "/os-keypairs?limit=2", micro="2.35").json
        self.assertIn("marker=k1", keys["keypairs_links"][0]["href"])
        keys = self.client.nova("GET", "/os-keypairs?limit=2&marker=k1", micro="2.35").json
        self.assertEqual([k["keypair"]["name"] for k in keys["keypairs"]], ["k2"])

    def test_filters(self):
        def found(query):
            return [s["name"] for s in self.client.nova("GET", "/servers?" + query).json["servers"]]
        self.assertEqual(found("name=^n-1$"), ["n-1"])
        self.assertEqual(found("status=SHUTOFF"), ["off"])
        self.assertEqual(found("status=NONSENSE"), [])
        self.assertEqual((found("flavor=2"), found("availability_zone=az1")), (["off"], ["off"]))
        self.assertEqual(found("sort_key=display_name&sort_dir=asc&limit=2"), ["n-1", "n-10"])
        self.assertEqual(len(found("no_such=1")), 251)
        self.refused(self.client.nova("GET", "/servers?all_tenants=1"), 403, "forbidden")
        admin = self.other("admin")
        self.assertEqual(len(admin.nova("GET", "/servers?all_tenants=1").json["servers"]), 251)
        self.assertEqual(len(admin.nova("GET", "/servers").json["servers"]), 0)

    def test_changes_since_tells_what_is_gone(self):
        gone = self.client.nova("GET", "/servers?status=SHUTOFF").json["servers"][0]["id"]
        self.sim.advance(100000)
        self.client.nova("DELETE", f"/servers/{gone}")
        since = self.sim.control("clock")["now"][:19] + "Z"
        changed = self.client.nova("GET", f"/servers/detail?changes-since={since}").json["servers"]
        self.assertEqual([(s["id"], s["status"]) for s in changed], [(gone, "DELETED")])
        self.assertEqual(self.client.nova("GET", "/servers?status=SHUTOFF").json["servers"], [])


class Refusals(ostest.Case):
    def test_creates(self):
        data = base64.b64encode(b"#!/bin/sh").decode()
        self.client.server(user_data=data, key_name=None)
        for more, text in [({"flavorRef": "nosuch"}, "Flavor nosuch could not be found."),
                           ({"imageRef": "nosuch"}, "Can not find requested image"),
                           ({"key_name": "nosuch"}, "Invalid key_name provided."),
                           ({"availability_zone": "nosuch"}, "The requested availability zone is not available"),
                           ({"security_groups": [{"name": "nosuch"}]}, "Unable to find security_group"),
                           ({"networks": [{"uuid": "nosuch"}]}, "Network nosuch could not be found."),
                           ({"imageRef": self.client.image("needs-2g")}, "Flavor's memory is too small"),
                           ({"user_data": "no!"}, "is not a 'base64'"), ({"bogus": 1}, "'bogus' was unexpected"),
                           ({"metadata": {"k": 1}}, "is not of type 'string'"), ({"name": ""}, "is too short")]:
            self.refused(self.client.create(**more), 400, "badRequest", text)
        self.assertEqual(self.sim.control("")["servers"], 1)
        reader = self.other("reader", "demo")
        self.refused(reader.create(), 403, "forbidden", "Policy doesn't allow os_compute_api:servers:create")

    def test_shapes(self):
        raw = self.client.raw
        self.refused(self.client.nova("GET", "/servers/nosuch"), 404, "itemNotFound", "Instance nosuch could not be found.")
        reply = self.client.nova("GET", "/nosuch")
        self.assertEqual((reply.status, reply.json["code"]), (404, "404 Not Found"))
        self.assertIn("<br /><br />", reply.json["message"])
        self.assertEqual(self.client.nova("PUT", "/servers").status, 404)  # not 405
        html = raw("GET", "/RegionOne/compute/v2.1/nosuch", headers={"Accept": "*/*"})
        self.assertTrue(html.headers["content-type"].startswith("text/html"))
        self.refused(raw("POST", "/RegionOne/compute/v2.1/servers", "<a/>", {"Content-Type": "application/xml"}), 415,
                     "badMediaType", "Unsupported Content-Type")
        self.refused(raw("POST", "/RegionOne/compute/v2.1/servers", "{", {"Content-Type": "application/json"}), 400,
                     "badRequest", "Malformed request body")
        self.client.token = "no"
        self.refused(self.client.nova("GET", "/servers"), 401, "error")
        self.assertEqual(self.client.neutron("GET", "/networks").json["error"]["code"], 401)
        glance = self.client.glance("GET", "/images")
        self.assertEqual((glance.status, glance.json["title"]), (401, "Unauthorized"))

    def test_bodies_bookmarks_and_versions_that_are_not_there(self):
        large = self.refused(self.client.create(user_data="x" * 120000), 413)
        self.assertEqual(large.json["code"], "413 Request Entity Too Large")
        server = self.client.server()
        mark = next(x["href"] for x in self.client.show(server)["links"] if x["rel"] == "bookmark").removeprefix(self.sim.url)
        choice = self.client.raw("GET", mark)
        self.assertEqual(choice.status, 300)
        right = choice.json["choices"][0]["links"][0]["href"].removeprefix(self.sim.url)
        self.assertEqual(self.client.raw("GET", right).json["server"]["id"], server)
        self.assertEqual(self.client.raw("GET", "/RegionOne/image/v1/images").status, 300)
        self.assertEqual(self.client.raw("GET", "/RegionOne/compute/v9/servers").status, 404)

    def test_quotas(self):
        tiny = self.other("tiny")
        server = tiny.server()
        self.refused(tiny.create(), 403, "forbidden",
                     "Quota exceeded for instances: Requested 1, but already used 1 of 1 instances")
        tiny.nova("POST", "/os-keypairs", {"keypair": {"name": "a"}})
        self.refused(tiny.nova("POST", "/os-keypairs", {"keypair": {"name": "b"}}), 403, "forbidden",
                     "Quota exceeded, too many key pairs.")
        used = tiny.nova("GET", "/limits").json["limits"]["absolute"]
        self.assertEqual((used["maxTotalInstances"], used["totalInstancesUsed"], used["totalRAMUsed"]), (1, 1, 512))
        tiny.nova("DELETE", f"/servers/{server}")
        tiny.server()

    def test_throttles(self):
        self.sim.set(throttle_rate=1, throttle_burst=2, retry_after="7")
        for status, key in ((429, "overLimit"), (413, "overLimit"), (503, "serviceUnavailable")):
            self.sim.set(throttle_status=status)
            replies = [self.client.nova("GET", "/flavors") for _ in range(3)]
            self.refused(replies[-1], status, key)
            self.assertEqual(replies[-1].headers["retry-after"], "7")

    def test_faults_on_demand(self):
        server = "s-1"
        self.sim.control("seed", {"servers": {"id": server}})
        self.sim.fault("servers.stop", "error", code="overLimit")
        self.sim.fault("images.*", "error", status=503)
        self.sim.fault("networks.list", "error", code="NetworkInUse", status=409)
        reply = self.refused(self.client.act(server, "os-stop"), 413, "overLimit")
        self.assertEqual(reply.json["overLimit"]["retryAfter"], "1")
        self.assertEqual(self.client.act(server, "os-stop").status, 202)
        reply = self.client.glance("GET", "/images")
        self.assertEqual((reply.status, reply.headers["retry-after"]), (503, "1"))
        self.assertEqual(self.client.neutron("GET", "/networks").json["NeutronError"]["type"], "NetworkInUse")


class Rackspace(ostest.Case):
    provider = "rackspace"

    def setUp(self):
        super().setUp()
        self.client = self.connect()
        key = {"auth": {"RAX-KSKEY:apiKeyCredentials": {"username": "demo", "apiKey": ostest.API_KEY}}}
        self.client.token = self.client.raw("POST", "/v2.0/tokens", key).json["access"]["token"]["id"]

    def call(self, method, path, body=None, status=200):
        reply = self.client.raw(method, "/DFW/compute/v2/123456" + path, body)
        self.assertEqual(reply.status, status, reply)
        self.assertIn("Repose", reply.headers["via"])
        return reply

    def make(self, **more):
        body = {"name": "web", "imageRef": "1d3ea64f-1ead-4042-8cb6-8ceb523b6149", "flavorRef": "general1-1", **more}
        return self.call("POST", "/servers", {"server": body}, 202).json["server"]

    def test_servers(self):
        made = self.make()
        self.assertEqual(sorted(made), ["OS-DCF:diskConfig", "adminPass", "id", "links"])
        shown = self.call("GET", f"/servers/{made['id']}").json["server"]
        versions = {label: [a["version"] for a in addresses] for label, addresses in shown["addresses"].items()}
        self.assertEqual(versions, {"public": [4, 6], "private": [4]})
        reply = self.call("POST", f"/servers/{made['id']}/action", {"rescue": "none"})
        self.assertIn("adminPass", reply.json)
        self.call("POST", "/os-keypairs", {"keypair": {"name": "k"}})
        self.call("DELETE", "/os-keypairs/k", status=202)
        specs = self.call("GET", "/flavors/general1-1").json["flavor"]["OS-FLV-WITH-EXT-SPECS:extra_specs"]
        self.assertEqual(specs["class"], "general1")
        images = self.call("GET", "/images/detail?type=BASE").json["images"]
        self.assertEqual({i["metadata"]["os_distro"] for i in images}, {"debian", "ubuntu"})
        self.assertEqual(self.client.raw("GET", "/ORD/compute/v2/123456/servers").json, {"servers": []})

    def test_networks(self):
        network = self.call("POST", "/os-networksv2", {"network": {"label": "own", "cidr": "192.168.0.0/24"}}).json["network"]
        server = self.make(networks=[{"uuid": network["id"]}])["id"]
        self.assertEqual(list(self.call("GET", f"/servers/{server}/ips").json["addresses"]), ["own"])
        self.call("DELETE", f"/os-networksv2/{network['id']}", status=409)
        public = {"virtual_interface": {"network_id": "00000000-0000-0000-0000-000000000000"}}
        made = self.call("POST", f"/servers/{server}/os-virtual-interfacesv2", public).json["virtual_interfaces"][0]
        self.assertEqual(made["ip_addresses"][0]["network_label"], "public")
        self.call("POST", f"/servers/{server}/os-virtual-interfacesv2", public, 400)
        self.call("DELETE", f"/servers/{server}/os-virtual-interfacesv2/{made['id']}")
        self.call("DELETE", f"/servers/{server}", status=204)
        self.call("GET", f"/servers/{server}", status=404)
        self.call("DELETE", f"/os-networksv2/{network['id']}", status=202)

    def test_limits(self):
        self.sim.set(throttle_rate=1, throttle_burst=1)
        self.call("GET", "/limits")
        reply = self.call("GET", "/limits", status=413)
        self.assertEqual((reply.headers["retry-after"], sorted(reply.json["overLimit"])),
                         ("1", ["code", "details", "message", "retryAt"]))
        self.sim.set(throttle_rate=0, quota_instances=0, cached_203=True)
        body = {"server": {"name": "x", "imageRef": "1d3ea64f-1ead-4042-8cb6-8ceb523b6149", "flavorRef": "2"}}
        self.assertIn("Quota exceeded for instances", str(self.call("POST", "/servers", body, 413)))
        self.call("GET", "/limits", status=203)


class Hp(ostest.Case):
    """HP's dress: the catalogue by name, numbers for ids, the task in the status."""
    provider = "hpcloud"

    def test_it(self):
        self.client = self.connect()
        keys = {"accessKey": "DEMOACCESSKEY0000000", "secretKey": "0123456789abcdef0123456789abcdef01234567"}
        wrong = self.client.raw("POST", "/v2.0/tokens", {"auth": {"passwordCredentials": {"username": "demo", "password": "no"}}})
        self.assertEqual((wrong.status, wrong.json["unauthorized"]["details"]), (401, "Invalid credentials"))
        body = {"auth": {"apiAccessKeyCredentials": keys, "tenantName": "demo-Project1"}}
        reply = self.client.raw("POST", "/v2.0/tokens", body)
        self.assertIn(b'"http:\\/\\/', reply.body)
        access = reply.json["access"]
        compute = next(s for s in access["serviceCatalog"] if (s["type"], s["name"]) == ("compute", "Compute"))
        urls = {e["region"]: e["publicURL"] for e in compute["endpoints"]}
        base = urls["region-b.geo-1"].removeprefix(self.sim.url)
        self.client.token = access["token"]["id"]
        image = self.client.raw("GET", base + "/images").json["images"][-1]["id"]
        self.sim.set(build_ms=1000)
        made = self.client.raw("POST", base + "/servers", {"server": {"name": "a: b +", "imageRef": image, "flavorRef": "1"}})
        server = made.json["server"]
        self.assertEqual((made.status, type(server["id"]), server["status"]), (202, int, "BUILD(spawning)"))
        self.assertTrue(server["adminPass"])
        self.sim.advance(1000)
        shown = self.client.raw("GET", f"{base}/servers/{server['id']}").json["server"]
        self.assertEqual((shown["status"], list(shown["addresses"])), ("ACTIVE", ["private"]))
        self.assertEqual(self.client.raw("DELETE", f"{base}/servers/{server['id']}").status, 204)
        self.assertEqual(self.client.raw("GET", f"{base}/servers/{server['id']}").fault,
                         ("itemNotFound", "The resource could not be found."))


if __name__ == "__main__":
    simtest.main()
