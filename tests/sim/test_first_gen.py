"""Rackspace's first generation: JSON, XML that its schemas accept, states, sharing, limits, faults."""
import os
import re
import shutil
import subprocess
import time
import xml.etree.ElementTree as ElementTree

import foreign
import ostest
import simtest

XSD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "xsd", "api.xsd")
BASE = "/v1.0/123456"


class FirstGen(ostest.Case):
    provider = "rackspace-first-gen"

    def setUp(self):
        super().setUp()
        self.client = self.connect()
        r = self.client.raw("GET", "/v1.0", headers={"X-Auth-User": "demo", "X-Auth-Key": ostest.API_KEY})
        self.assertEqual((r.status, r.body), (204, b""))
        self.client.token = r.headers["x-auth-token"]
        self.assertEqual(r.headers["x-server-management-url"], self.sim.url + BASE)

    def call(self, method, path, body=None, status=200, **headers):
        r = self.client.raw(method, BASE + path, body, headers)
        self.assertEqual(r.status, status, r)
        return r.json if r.body and r.headers["content-type"] == "application/json" else r

    def make(self, name="web", **more):
        body = {"server": {"name": name, "imageId": 1, "flavorId": 1, **more}}
        return self.call("POST", "/servers", body, 202)["server"]

    def status(self, server):
        return self.call("GET", f"/servers/{server}")["server"]["status"]

    def act(self, server, action, args=None, status=202):
        return self.call("POST", f"/servers/{server}/action", {action: args}, status)


class Json(FirstGen):
    def test_life_of_a_server(self):
        self.sim.set(build_ms=60000)
        files = [{"path": "/etc/banner.txt", "contents": "aGVsbG8="}]
        made = self.make(metadata={"My Server Name": "Apache1"}, personality=files)
        self.assertEqual((made["status"], made["progress"], made["metadata"]), ("BUILD", 0, {"My Server Name": "Apache1"}))
        self.assertTrue(made["adminPass"] and made["addresses"]["public"] and made["addresses"]["private"])
        self.assertRegex(made["hostId"], "^[0-9a-f]{32}$")
        self.act(made["id"], "reboot", {"type": "HARD"}, 409)
        self.sim.advance(60000)
        shown = self.call("GET", f"/servers/{made['id']}")["server"]
        self.assertEqual((shown["status"], "adminPass" in shown), ("ACTIVE", False))
        self.sim.set(reboot_ms=1000)
        self.act(made["id"], "reboot", {"type": "HARD"})
        self.assertEqual(self.status(made["id"]), "HARD_REBOOT")
        self.sim.advance(1000)
        self.call("PUT", f"/servers/{made['id']}", {"server": {"name": "www"}}, 204)
        self.assertEqual([s["name"] for s in self.call("GET", "/servers")["servers"]], ["www"])
        self.call("DELETE", f"/servers/{made['id']}", status=204)
        self.call("GET", f"/servers/{made['id']}", status=404)

    def test_resize_goes_through_its_states(self):
        self.sim.set(resize_ms=3000)
        server = self.make()["id"]
        self.act(server, "resize", {"flavorId": 2})
        seen = []
        for _ in range(4):
            seen.append(self.status(server))
            self.sim.advance(1000)
        self.assertEqual(seen, ["QUEUE_RESIZE", "PREP_RESIZE", "RESIZE", "VERIFY_RESIZE"])
        self.act(server, "revertResize")
        self.assertEqual(self.call("GET", f"/servers/{server}")["server"]["flavorId"], 1)
        self.sim.set(resize_ms=0)
        self.act(server, "resize", {"flavorId": 2})
        self.act(server, "confirmResize", status=204)
        self.assertEqual(self.call("GET", f"/servers/{server}")["server"]["flavorId"], 2)
        self.act(server, "resize", {"flavorId": 2}, 403)

    def test_images_end_with_their_server(self):
        server = self.make()["id"]
        self.sim.set(image_ms=3000)
        made = self.call("POST", "/images", {"image": {"serverId": server, "name": "shot"}}, 202)["image"]
        self.assertEqual((made["status"], made["serverId"]), ("QUEUED", server))
        self.sim.advance(2000)
        self.assertEqual(self.call("GET", f"/images/{made['id']}")["image"]["status"], "SAVING")
        self.sim.advance(1000)
        self.assertEqual(self.call("GET", f"/images/{made['id']}")["image"]["status"], "ACTIVE")
        self.act(server, "rebuild", {"imageId": made["id"]})
        self.assertEqual(self.call("GET", f"/servers/{server}")["server"]["imageId"], made["id"])
        self.call("DELETE", f"/servers/{server}", status=204)
        self.call("GET", f"/images/{made['id']}", status=404)

    def test_shared_addresses(self):
        one, two = self.make("one"), self.make("two")
        group = self.call("POST", "/shared_ip_groups", {"sharedIpGroup": {"name": "g", "server": one["id"]}}, 201)
        group = group["sharedIpGroup"]["id"]
        self.call("POST", "/shared_ip_groups", {"sharedIpGroup": {"name": "g", "server": [1, 2]}}, 400)
        address = one["addresses"]["public"][0]
        path = f"/servers/{two['id']}/ips/public/{address}"
        self.call("PUT", path, {"shareIp": {"sharedIpGroupId": group, "configureServer": True}}, 202)
        self.assertIn(address, self.call("GET", f"/servers/{two['id']}/ips/public")["public"])
        self.call("DELETE", path, status=202)
        self.assertNotIn(address, self.call("GET", f"/servers/{two['id']}/ips")["addresses"]["public"])
        self.call("DELETE", f"/shared_ip_groups/{group}", status=204)

    def test_backup_schedules(self):
        path = f"/servers/{self.make()['id']}/backup_schedule"
        self.assertEqual(self.call("GET", path)["backupSchedule"]["enabled"], False)
        wanted = {"enabled": True, "weekly": "THURSDAY", "daily": "H_0400_0600"}
        self.call("POST", path, {"backupSchedule": wanted}, 204)
        self.assertEqual(self.call("GET", path)["backupSchedule"], wanted)
        self.call("POST", path, {"backupSchedule": {**wanted, "daily": "NOON"}}, 400)
        self.call("DELETE", path, status=204)
        self.assertEqual(self.call("GET", path)["backupSchedule"]["enabled"], False)

    def test_pages_and_changes(self):
        self.sim.control("seed", {"servers": {"count": 2500, "name": "n-{n}"}})
        ids = []
        while True:
            page = self.call("GET", f"/servers/detail?limit=1000&offset={len(ids)}")["servers"]
            if not page:
                break
            ids += [s["id"] for s in page]
        self.assertEqual((len(ids), len(set(ids))), (2500, 2500))
        self.assertEqual(len(self.call("GET", "/servers")["servers"]), 1000)
        since = "/servers/detail?changes-since=" + str(int(time.time()) + 100)
        self.call("GET", since, status=304)
        self.sim.advance(200000)
        self.call("DELETE", f"/servers/{ids[7]}", status=204)
        self.assertEqual([(s["id"], s["status"]) for s in self.call("GET", since)["servers"]], [(ids[7], "DELETED")])

    def test_limits_and_refusals(self):
        self.assertEqual(self.call("GET", "/limits")["limits"]["absolute"]["maxIPGroups"], 50)
        self.sim.set(ram_limit=256)
        self.make()
        over = self.call("POST", "/servers", {"server": {"name": "x", "imageId": 1, "flavorId": 1}}, 413)
        self.assertIn("RAM limit", over["overLimit"]["message"])
        self.sim.set(ram_limit=0, throttle_rate=1, throttle_burst=1)
        self.call("GET", "/flavors")
        r = self.client.raw("GET", BASE + "/flavors")
        self.assertEqual((r.status, r.headers["retry-after"]), (413, "1"))
        self.assertRegex(r.json["overLimit"]["retryAfter"], r"^\d{4}-\d\d-\d\dT[\d:]{8}Z$")
        self.sim.set(throttle_rate=0)
        self.call("POST", "/servers", {"server": {"name": "x", "imageId": 99, "flavorId": 1}}, 400)
        six = {str(i): "v" for i in range(6)}
        self.call("POST", "/servers", {"server": {"name": "x", "imageId": 1, "flavorId": 1, "metadata": six}}, 413)
        self.call("PATCH", "/servers", {}, 405)
        self.call("POST", "/servers", "x", 415, **{"Content-Type": "text/plain"})

    def test_tokens(self):
        r = self.client.raw("GET", "/v1.0", headers={"X-Auth-User": "demo", "X-Auth-Key": "wrong"})
        self.assertEqual(r.status, 401)
        r = self.client.raw("POST", "/v1.1/auth", {"credentials": {"username": "demo", "key": ostest.API_KEY}})
        self.assertEqual(r.json["auth"]["serviceCatalog"]["cloudServers"][0]["publicURL"], self.sim.url + BASE)
        self.call("GET", "/servers")
        self.sim.control("tokens", {"revoke": "demo"})
        self.call("GET", "/servers", status=401)

    def test_faults_on_demand(self):
        self.sim.fault("servers.reboot", "error", code="serverCapacityUnavailable")
        server = self.make()["id"]
        fault = self.act(server, "reboot", {"type": "SOFT"}, 503)
        self.assertEqual(list(fault), ["serverCapacityUnavailable"])
        self.act(server, "reboot", {"type": "SOFT"})


class Xml(FirstGen):
    """Everything that is served as XML, by the schemas."""

    def setUp(self):
        if not shutil.which("xmllint"):
            foreign.missing("xmllint", "libxml2-utils is not installed")
        super().setUp()

    def valid(self, reply):
        self.assertEqual(reply.headers["content-type"], "application/xml", reply)
        r = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", XSD, "-"], input=reply.body,
                           capture_output=True, timeout=60)
        self.assertEqual(r.returncode, 0, f"{reply}\n{r.stderr.decode()}")
        return ElementTree.fromstring(re.sub(rb' xmlns="[^"]*"', b"", reply.body))

    def xml(self, method, path, body=None, status=200):
        reply = self.client.raw(method, BASE + path, body, {"Accept": "application/xml",
                                                             "Content-Type": "application/xml"})
        self.assertEqual(reply.status, status, reply)
        return self.valid(reply) if reply.body else None

    def test_servers_and_what_belongs_to_them(self):
        made = self.xml("POST", "/servers", '<server xmlns="http://docs.rackspacecloud.com/servers/api/v1.0" '
                        'name="a &lt;b&gt; &quot;é" imageId="1" flavorId="1"><metadata><meta key="k&amp;">v é</meta>'
                        '</metadata><personality><file path="/p">aGVsbG8=</file></personality></server>', 202)
        self.assertEqual((made.get("name"), made.get("status")), ('a <b> "é', "BUILD"))
        self.assertEqual([(m.get("key"), m.text) for m in made.findall("metadata/meta")], [("k&", "v é")])
        server = made.get("id")
        self.assertEqual(self.xml("GET", f"/servers/{server}").get("status"), "ACTIVE")
        for path in ("/servers", "/servers/detail", f"/servers/{server}/ips", f"/servers/{server}/ips/public",
                     f"/servers/{server}/ips/private", f"/servers/{server}/backup_schedule"):
            self.xml("GET", path)
        self.xml("POST", f"/servers/{server}/action", '<reboot type="HARD"/>', 202)
        self.xml("POST", f"/servers/{server}/action", '<resize flavorId="2"/>', 202)
        self.xml("POST", f"/servers/{server}/action", "<confirmResize/>", 204)
        self.assertEqual(self.xml("GET", f"/servers/{server}").get("flavorId"), "2")
        self.xml("POST", f"/servers/{server}/backup_schedule", '<backupSchedule enabled="true" weekly="SUNDAY"/>', 204)
        group = self.xml("POST", "/shared_ip_groups", f'<sharedIpGroup name="g"><server id="{server}"/></sharedIpGroup>', 201)
        self.assertEqual(group.find("servers/server").get("id"), server)
        for path in ("/shared_ip_groups", "/shared_ip_groups/detail", f"/shared_ip_groups/{group.get('id')}"):
            self.xml("GET", path)
        self.xml("POST", "/images", f'<image name="shot" serverId="{server}"/>', 202)
        self.assertEqual(len(self.xml("GET", "/images/detail")), 4)

    def test_the_rest(self):
        for path in ("/flavors", "/flavors/detail", "/flavors/1", "/images", "/images/1", "/limits"):
            self.xml("GET", path)
        self.valid(self.client.raw("GET", "/v1.0/", headers={"Accept": "application/xml"}))
        self.valid(self.client.raw("GET", BASE + "/flavors/detail.xml"))  # the suffix wins

    def test_every_status_of_the_schema_that_servers_have(self):
        for status in ("SUSPENDED", "ERROR", "RESCUE", "UNKNOWN", "RESTORING", "QUEUE_MOVE"):
            self.sim.control("seed", {"servers": {"name": status, "status": status}})
        self.sim.set(**dict.fromkeys(("reboot_ms", "rebuild_ms", "resize_ms", "password_ms"), 60000))
        for body in ('<reboot type="SOFT"/>', '<rebuild imageId="1"/>', '<resize flavorId="2"/>'):
            self.xml("POST", f"/servers/{self.make()['id']}/action", body, 202)
        self.call("PUT", f"/servers/{self.make()['id']}", {"server": {"adminPass": "x"}}, 204)
        seen = {s.get("status") for s in self.xml("GET", "/servers/detail")}
        self.assertLessEqual({"REBOOT", "REBUILD", "QUEUE_RESIZE", "PASSWORD", "QUEUE_MOVE"}, seen)

    def test_faults(self):
        for fault in ("badRequest", "unauthorized", "itemNotFound", "badMethod", "buildInProgress", "overLimit",
                      "resizeNotAllowed", "badMediaType", "notImplemented", "serviceUnavailable", "cloudServersFault",
                      "serverCapacityUnavailable", "backupOrResizeInProgress"):
            self.sim.fault("limits", "error", code=fault)
            reply = self.client.raw("GET", BASE + "/limits.xml")
            self.assertEqual(self.valid(reply).tag, fault)
        self.xml("GET", "/servers/1", status=404)


if __name__ == "__main__":
    simtest.main()
