"""CloudAPI of nube-sim over the wire: who is let in, versions, machines and what belongs to them, errors."""
import base64
import hashlib
import re
import time

import cloudapi
import simtest
from cloudapi import EXTERNAL, FABRIC, IMAGES


class Signatures(cloudapi.Case):
    kinds = ("rsa", "ecdsa", "ecdsa384", "ecdsa521", "ed25519")

    def test_each_kind_of_key(self):
        for kind in self.kinds:
            self.assertEqual(len(self.connect(kind).ok("GET", "/keys")), len(self.kinds))
        date = "Tue, 22 Dec 2015 12:23:12 GMT"
        for kind, algorithm in (("rsa", "rsa-sha1"), ("rsa", "rsa-sha512"), ("ecdsa384", "ecdsa-sha512")):
            client = self.connect(kind)
            client.authorization = lambda m, t, d, c=client, a=algorithm: cloudapi.Client.authorization(c, m, t, d, a, "date")
            client.ok("GET", "/keys")
        client = self.connect("ecdsa384")
        header = client.authorization("GET", "/demo/keys", date).replace("ecdsa-sha256", "ecdsa-sha384")
        self.refused(client.call("GET", "/keys", authorization=header), 400, "InvalidHeader")

    def test_the_legacy_layout(self):
        key = self.keys["rsa"]
        date = cloudapi.email.utils.formatdate(usegmt=True)
        header = f'Signature keyId="/demo/keys/rsa",algorithm="rsa-sha256" {key.sign(date)}'
        self.assertEqual(self.client.call("GET", "/keys", headers={"Date": date}, authorization=header).status, 200)

    def test_who_is_not_let_in(self):
        c = self.client
        none = self.refused(c.call("GET", "/keys", signed=False), 401, "InvalidCredentials")
        self.assertIn("authenticated requests", none.json["message"])
        self.refused(self.connect(key_id="/demo/keys/nobody").call("GET", "/keys"), 401, "InvalidCredentials")
        self.refused(self.connect(key_id="/nobody/keys/rsa").call("GET", "/keys"), 401, "InvalidCredentials")
        self.refused(self.connect(key_id="/demo/rsa").call("GET", "/keys"), 401, "InvalidCredentials")
        self.refused(self.connect("ecdsa", key_id="/demo/keys/rsa").call("GET", "/keys"), 401, "InvalidCredentials")
        self.refused(c.call("GET", "/keys", skew=-400), 400, "InvalidHeader")
        self.refused(c.call("GET", "/keys", skew=400), 400, "InvalidHeader")
        self.refused(c.call("GET", "/keys", authorization="Signature nonsense"), 400, "InvalidHeader")
        good = c.authorization("GET", "/demo/keys", "Tue, 22 Dec 2015 12:23:12 GMT")
        self.refused(c.call("GET", "/keys", authorization=good), 401, "InvalidCredentials")
        why = [r["why"] for r in self.sim.requests("ListKeys") if r["status"] == 401]
        self.assertTrue(any("(request-target): get /demo/keys" in w for w in why if w), why)
        self.refused(self.connect(login="other", key_id="/demo/keys/rsa").call("GET", "/keys"), 403, "NotAuthorized")
        self.sim.control("seed", {"accounts": {"login": "demo", "disabled": True}})
        self.refused(c.call("GET", "/keys"), 403, "NotAuthorized")

    def test_users_of_an_account(self):
        bob = f"/demo/users/bob/keys/{self.keys['rsa'].print}"
        self.connect(key_id=bob).ok("GET", "/machines")
        self.refused(self.connect(key_id=bob, version="~7.1").call("GET", "/machines"), 401, "InvalidCredentials")
        self.assertEqual([u["login"] for u in self.client.ok("GET", "/users")], ["bob"])
        self.assertEqual(len(self.client.ok("GET", "/users/bob/keys")), len(self.kinds))

    def test_the_clock_of_the_provider(self):
        self.sim.set(clock_offset_ms=3600000)
        self.refused(self.client.call("GET", "/keys"), 400, "InvalidHeader")
        self.client.ok("GET", "/keys", skew=3600)

    def test_digest(self):
        good = base64.b64encode(hashlib.md5(b'{"name": "x"}').digest()).decode()
        self.refused(self.client.call("POST", "/keys", {"name": "x"}, headers={"Content-MD5": good}), 409, "MissingParameter")
        self.refused(self.client.call("POST", "/keys", {"name": "y"}, headers={"Content-MD5": good}), 400, "BadDigest")


class Versions(cloudapi.Case):
    def test_the_newest_of_the_range(self):
        for asked, given in (("~9||~8", "9.0.0"), ("~8||~7", "8.0.0"), ("~7.2", "7.2.0"), ("~6.5", "6.5.0"), (None, "9.0.0")):
            reply = self.connect(version=asked).call("GET", "")
            self.assertEqual(reply.headers["api-version"], given)
        self.refused(self.connect(version="~10").call("GET", ""), 400, "InvalidVersion")

    def test_which_headers_are_read(self):
        c = self.connect(version=None)
        self.assertEqual(c.call("GET", "", headers={"X-Api-Version": "~6.5"}).headers["api-version"], "6.5.0")
        self.assertEqual(c.call("GET", "", headers={"Api-Version": "~6.5"}).headers["api-version"], "9.0.0")
        self.sim.set(old_header=True)
        self.assertEqual(c.call("GET", "", headers={"Api-Version": "~6.5"}).headers["api-version"], "6.5.0")

    def test_ping_needs_no_signature(self):
        self.client.login = "--ping"
        reply = self.client.call("GET", "", signed=False)
        self.assertEqual(reply.json["ping"], "pong")
        self.assertIn("9.0.0", reply.json["cloudapi"]["versions"])
        self.assertEqual(reply.headers["triton-datacenter-name"], "us-sim-1")

    def test_6_5_takes_a_password_and_has_its_own_shapes(self):
        c = self.connect(version="~6.5")
        basic = {"authorization": "Basic " + base64.b64encode(b"demo:secret").decode()}
        c.ok("GET", "/machines", **basic)
        wrong = "Basic " + base64.b64encode(b"demo:wrong").decode()
        self.refused(c.call("GET", "/machines", authorization=wrong), 401, "InvalidCredentials")
        self.refused(self.client.call("GET", "/machines", **basic), 400, "InvalidHeader")
        small = c.ok("GET", "/packages", name="sdc_128", **basic)[0]
        self.assertNotIn("id", small)
        self.assertIs(small["default"], True)
        urns = {d["urn"]: d for d in c.ok("GET", "/datasets", **basic)}
        self.assertIs(urns["sdc:sdc:base-64:13.4.0"]["default"], True)
        self.refused(c.call("GET", "/images", **basic), 404, "ResourceNotFound")
        made = c.ok("POST", "/machines", {"dataset": "nodejs"}, 201, **basic)
        self.assertEqual((made["dataset"], made["package"]), ("sdc:sdc:nodejs:1.4.0", "sdc_128"))
        self.assertFalse({"image", "networks", "brand", "nics", "compute_node"} & set(made))

    def test_what_each_version_adds(self):
        machine = self.client.create()["id"]
        fields = {v: set(self.connect(version=v).ok("GET", f"/machines/{machine}")) for v in ("~6.5", "~7.0", "~7.1", "~8", "~9")}
        self.assertEqual(fields["~7.0"] - fields["~6.5"], {"image", "firewall_enabled", "compute_node"})
        self.assertEqual(fields["~7.1"] - fields["~7.0"], {"networks", "primaryIp"})
        self.assertEqual(fields["~8"] - fields["~7.1"], {"brand", "dns_names", "deletion_protection"})
        self.assertEqual(fields["~7.1"] - fields["~8"], {"dataset"})
        self.assertEqual(fields["~9"] - fields["~8"], {"nics"})
        types = {v: self.connect(version=v).ok("GET", f"/images/{IMAGES['ubuntu']}")["type"] for v in ("~7.3", "~8")}
        self.assertEqual(types, {"~7.3": "virtualmachine", "~8": "zvol"})
        self.refused(self.client.call("GET", "/datasets"), 404, "ResourceNotFound")


class Machines(cloudapi.Case):
    def test_a_whole_life(self):
        c = self.client
        made = c.create(name="web-1", **{"metadata.foo": "bar", "tag.role": "web", "tag.n": 3, "metadata.root_pw": "x"})
        self.assertEqual((made["state"], made["ips"], made["networks"], made["compute_node"]), ("provisioning", [], [], None))
        machine = made["id"]
        shown = c.ok("GET", f"/machines/{machine}")
        self.assertEqual((shown["state"], shown["tags"]), ("running", {"role": "web", "n": 3}))
        self.assertEqual((shown["metadata"]["foo"], "root_pw" in shown["metadata"]), ("bar", False))
        self.assertRegex(shown["primaryIp"], r"^203\.0\.113\.\d+$")
        self.assertEqual(shown["nics"][0]["network"], EXTERNAL)
        c.act(machine, "stop")
        self.assertEqual(c.state(machine), "stopped")
        self.refused(c.call("POST", f"/machines/{machine}", action="stop"), 409, "InvalidState")
        c.act(machine, "start")
        c.act(machine, "reboot")
        self.assertEqual(c.state(machine), "running")
        c.act(machine, "rename", name="web-2")
        c.act(machine, "resize", package="g4-highcpu-1G")
        c.act(machine, "enable_firewall")
        shown = c.ok("GET", f"/machines/{machine}")
        self.assertEqual((shown["name"], shown["memory"], shown["firewall_enabled"]), ("web-2", 1024, True))
        audit = [a["action"] for a in c.ok("GET", f"/machines/{machine}/audit")]
        self.assertEqual(audit, ["enable_firewall", "resize", "rename", "reboot", "start", "stop", "provision"])
        c.ok("DELETE", f"/machines/{machine}", status=204)
        gone = c.call("GET", f"/machines/{machine}")
        self.assertEqual((gone.status, gone.json["state"], gone.json["package"]), (410, "deleted", ""))
        self.assertEqual(c.call("DELETE", f"/machines/{machine}").status, 410)
        self.assertEqual(c.ok("GET", "/machines"), [])

    def test_states_take_time(self):
        c = self.client
        self.sim.set(provisioning_ms=60000, stopping_ms=60000, starting_ms=60000, rebooting_ms=60000, deleting_ms=60000,
                     reboot_state="ready", dhcp_ms=30000)
        machine = c.create()["id"]
        self.assertEqual(c.state(machine), "provisioning")
        self.sim.advance(60001)
        self.assertEqual(c.ok("GET", f"/machines/{machine}")["ips"], ["dhcp"])
        self.sim.advance(30001)
        self.assertRegex(c.ok("GET", f"/machines/{machine}")["ips"][0], r"^203\.")
        for action, during, after in (("stop", "stopping", "stopped"), ("start", "stopped", "running"),
                                      ("reboot", "ready", "running")):
            c.act(machine, action)
            self.assertEqual(c.state(machine), during)
            self.sim.advance(60001)
            self.assertEqual(c.state(machine), after)
        c.ok("DELETE", f"/machines/{machine}", status=204)
        c.ok("DELETE", f"/machines/{machine}", status=204)
        self.assertEqual(c.state(machine), "stopping")
        self.sim.advance(60001)
        self.assertEqual(c.call("GET", f"/machines/{machine}").status, 410)
        self.sim.advance(3600001)
        self.refused(c.call("GET", f"/machines/{machine}"), 404, "ResourceNotFound")

    def test_a_create_that_fails(self):
        self.sim.set(fail_creates=1)
        first, second = self.client.create()["id"], self.client.create()["id"]
        self.assertEqual((self.client.state(first), self.client.state(second)), ("failed", "running"))
        self.assertEqual(self.client.ok("GET", f"/machines/{first}/audit")[0]["success"], "no")

    def test_what_a_create_must_say(self):
        c = self.client
        whole = {"image": IMAGES["debian"], "package": "sdc_128"}
        for body, status, code in (
                ({"package": "sdc_128"}, 409, "MissingParameter"), ({"image": IMAGES["debian"]}, 409, "MissingParameter"),
                ({**whole, "image": EXTERNAL}, 404, "ResourceNotFound"), ({**whole, "package": "none"}, 404, "ResourceNotFound"),
                ({**whole, "package": "retired"}, 409, "InvalidArgument"), ({**whole, "name": "-x"}, 409, "InvalidArgument"),
                ({**whole, "image": IMAGES["ubuntu"]}, 409, "InvalidArgument"),
                ({**whole, "networks": ["x"]}, 409, "InvalidArgument"),
                ({**whole, "networks": [EXTERNAL, {"ipv4_uuid": FABRIC}]}, 409, "InvalidArgument")):
            self.refused(c.call("POST", "/machines", body), status, code)
        c.create(name="one")
        taken = self.refused(c.call("POST", "/machines", {**whole, "name": "one"}), 409, "ValidationFailed")
        self.assertEqual(taken.json["errors"][0]["field"], "alias")
        self.sim.set(machine_limit=1)
        self.refused(c.call("POST", "/machines", whole), 403, "QuotaExceeded")

    def test_networks_of_a_machine(self):
        made = self.client.create(networks=[{"ipv4_uuid": EXTERNAL}, {"ipv4_uuid": FABRIC}])["id"]
        shown = self.client.ok("GET", f"/machines/{made}")
        self.assertEqual(shown["networks"], [EXTERNAL, FABRIC])
        self.assertRegex(shown["ips"][1], r"^192\.168\.128\.")
        self.assertEqual([n["primary"] for n in self.client.ok("GET", f"/machines/{made}/nics")], [True, False])

    def test_credentials_only_for_who_asks(self):
        made = self.client.create(image=IMAGES["nodejs"])
        password = made["metadata"]["credentials"]["root"]
        path = f"/machines/{made['id']}"
        self.assertNotIn("credentials", self.client.ok("GET", path)["metadata"])
        self.assertEqual(self.client.ok("GET", path, credentials="true")["metadata"]["credentials"]["root"], password)

    def test_protection(self):
        machine = self.client.create(deletion_protection=True)["id"]
        self.refused(self.client.call("DELETE", f"/machines/{machine}"), 409, "CannotDestroyMachineError")
        self.client.act(machine, "disable_deletion_protection")
        self.client.ok("DELETE", f"/machines/{machine}", status=204)

    def test_before_8_only_what_is_stopped_can_be_deleted(self):
        old = self.connect(version="~7")
        machine = old.create()["id"]
        self.refused(old.call("DELETE", f"/machines/{machine}"), 409, "InvalidState")
        old.act(machine, "stop")
        old.ok("DELETE", f"/machines/{machine}", status=204)

    def test_actions_that_are_none(self):
        machine = self.client.create()["id"]
        self.refused(self.client.call("POST", f"/machines/{machine}"), 409, "MissingParameter")
        self.refused(self.client.call("POST", f"/machines/{machine}", action="dance"), 409, "InvalidArgument")
        self.refused(self.client.call("POST", f"/machines/{machine}", action="resize"), 409, "MissingParameter")
        self.refused(self.client.call("GET", "/machines/17"), 409, "InvalidArgument")
        self.refused(self.client.call("GET", f"/machines/{EXTERNAL}"), 404, "ResourceNotFound")
        self.refused(self.connect(login="other").call("GET", f"/machines/{machine}"), 404, "ResourceNotFound")
        self.refused(self.client.call("PUT", "/machines"), 405, "BadMethod")
        self.refused(self.client.call("GET", "/nothing/at/all"), 404, "ResourceNotFound")
        kvm = self.client.create(image=IMAGES["ubuntu"], package="k4-highcpu-kvm-1G")
        self.assertEqual((kvm["brand"], kvm["type"]), ("kvm", "virtualmachine"))
        self.refused(self.client.call("POST", f"/machines/{kvm['id']}", action="resize", package="Large 16GB"), 409, "InvalidArgument")


class Lists(cloudapi.Case):
    def setUp(self):
        super().setUp()
        self.sim.control("seed", {"machines": [
            {"name": "web-{n}", "count": 5, "tags": {"role": "web"}, "package": "g4-highcpu-1G"},
            {"name": "db", "state": "stopped", "tags": {"role": "db"}, "image": IMAGES["nodejs"], "brand": "joyent"},
            {"name": "vm", "brand": "kvm", "image": IMAGES["ubuntu"], "ips": ["dhcp"]},
            {"name": "broken", "state": "failed"}, {"name": "box", "docker": True},
            {"name": "gone", "state": "deleted", "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())},
            {"name": "theirs", "account": "other"}]})

    def names(self, **query):
        return [m["name"] for m in self.client.ok("GET", "/machines", **query)]

    def test_every_filter(self):
        webs = [f"web-{n}" for n in range(1, 6)]
        alive = [*webs, "db", "vm", "broken", "box"]
        for query, wanted in (
                ({}, alive), ({"name": "web-3"}, ["web-3"]), ({"state": "stopped"}, ["db"]),
                ({"state": "running"}, [*webs, "vm", "box"]), ({"state": "active"}, [*webs, "vm", "box"]),
                ({"state": "destroyed"}, ["gone"]), ({"tombstone": "true"}, [*alive, "gone"]),
                ({"image": IMAGES["ubuntu"]}, ["vm"]), ({"brand": "kvm"}, ["vm"]), ({"type": "virtualmachine"}, ["vm"]),
                ({"memory": 1024}, webs), ({"docker": "true"}, ["box"]), ({"docker": "false"}, [n for n in alive if n != "box"]),
                ({"tag.role": "db"}, ["db"]), ({"tag.role": "*"}, [*webs, "db"]), ({"tags": "*"}, [*webs, "db"]),
                ({"tag.role": "web", "name": "db"}, [])):
            self.assertEqual(self.names(**query), wanted, query)
        for state in ("deleted", "failed", "nonsense"):
            self.refused(self.client.call("GET", "/machines", state=state), 409, "InvalidArgument")
        self.assertEqual(self.client.ok("GET", "/machines", name="vm")[0]["ips"], ["dhcp"])
        old = self.connect(version="~7")
        self.assertEqual([m["name"] for m in old.ok("GET", "/machines", dataset="sdc:nodejs:1.4.0")], ["db"])

    def test_pages_and_their_counts(self):
        pages = [self.client.call("GET", "/machines", limit=4, offset=offset) for offset in (0, 4, 8, 12)]
        self.assertEqual([len(p.json) for p in pages], [4, 4, 1, 0])
        self.assertEqual([p.headers["x-resource-count"] for p in pages], ["4", "4", "1", "0"])
        self.assertEqual({p.headers["x-query-limit"] for p in pages}, {"4"})
        self.assertEqual(len({m["id"] for p in pages for m in p.json}), 9)
        head = self.client.call("HEAD", "/machines", **{"tag.role": "web"})
        self.assertEqual((head.status, head.headers["x-resource-count"], head.body), (200, "5", b""))
        self.assertEqual(self.client.call("GET", "/machines").headers["x-query-limit"], "1000")
        for bad in ("0", "1001", "x"):
            self.refused(self.client.call("GET", "/machines", limit=bad), 409, "InvalidArgument")
        self.sim.set(page_headers=False, ignore_offset=True)
        again = self.client.call("GET", "/machines", limit=4, offset=4)
        self.assertEqual(again.json, pages[0].json)
        self.assertNotIn("x-resource-count", again.headers)

    def test_a_thousand_at_most(self):
        self.sim.control("seed", {"machines": [{"name": "n-{n}", "count": 1100}]})
        self.assertEqual(self.client.call("HEAD", "/machines").headers["x-resource-count"], "1000")
        self.assertEqual(len(self.client.ok("GET", "/machines", offset=1000)), 109)


class Parts(cloudapi.Case):
    def test_metadata(self):
        c = self.client
        path = f"/machines/{c.create(**{'metadata.a': '1'})['id']}/metadata"
        merged = c.ok("POST", path, {"b": "two", "admin_pw": "x", "credentials": {"root": "x"}})
        self.assertEqual({k: v for k, v in merged.items() if k != "root_authorized_keys"}, {"a": "1", "b": "two"})
        self.assertEqual(c.ok("GET", path + "/b"), "two")
        self.assertEqual(c.call("GET", path + "/b", headers={"Accept": "*/*"}).body, b"two")
        c.ok("DELETE", path + "/b", status=204)
        self.refused(c.call("GET", path + "/b"), 404, "ResourceNotFound")
        self.refused(c.call("DELETE", path + "/credentials"), 409, "InvalidArgument")
        self.assertIn("credentials", c.ok("GET", path, credentials="true"))
        c.ok("DELETE", path, status=204)
        self.assertEqual(c.ok("GET", path), {})

    def test_tags(self):
        c = self.client
        path = f"/machines/{c.create(**{'tag.a': 'x'})['id']}/tags"
        self.assertEqual(c.ok("POST", path, {"b c": True, "n": 3}), {"a": "x", "b c": True, "n": 3})
        self.assertEqual(c.ok("GET", path + "/b%20c"), True)
        self.assertEqual(c.ok("GET", path + "/n", headers={"Accept": "text/plain"}), "3")
        self.assertEqual(c.ok("PUT", path, {"z": "y"}), {"z": "y"})
        c.ok("DELETE", path + "/z", status=204)
        self.refused(c.call("DELETE", path + "/z"), 404, "ResourceNotFound")
        c.ok("POST", path, {"q": "1"})
        c.ok("DELETE", path, status=204)
        self.assertEqual(c.ok("GET", path), {})

    def test_snapshots(self):
        c = self.client
        self.sim.set(snapshot_ms=60000)
        machine = c.create()["id"]
        path = f"/machines/{machine}/snapshots"
        self.assertEqual(c.ok("POST", path, {"name": "s 1"}, 201)["state"], "queued")
        self.assertEqual(c.ok("GET", path + "/s%201")["state"], "queued")
        self.sim.advance(60001)
        self.assertEqual([(s["name"], s["state"]) for s in c.ok("GET", path)], [("s 1", "created")])
        self.refused(c.call("POST", path, {"name": "s 1"}), 409, "InvalidArgument")
        self.refused(c.call("POST", path + "/s%201"), 409, "InvalidState")
        c.act(machine, "stop")
        c.ok("POST", path + "/s%201", status=202)
        self.assertEqual(c.state(machine), "running")
        c.ok("DELETE", path + "/s%201", status=204)
        self.refused(c.call("GET", path + "/s%201"), 404, "ResourceNotFound")
        kvm = c.create(image=IMAGES["ubuntu"], package="k4-highcpu-kvm-1G")["id"]
        self.refused(c.call("POST", f"/machines/{kvm}/snapshots", {}), 409, "InvalidArgument")

    def test_an_image_of_a_machine(self):
        c = self.client
        self.sim.set(image_ms=60000)
        machine = c.create()["id"]
        body = {"machine": machine, "name": "mine", "version": "1.0.0"}
        self.refused(c.call("POST", "/images", body), 409, "InvalidState")
        c.act(machine, "stop")
        self.refused(c.call("POST", "/images", {**body, "name": None}), 409, "MissingParameter")
        made = c.ok("POST", "/images", body, 201)
        self.assertEqual((made["state"], made["os"], made["public"]), ("creating", "linux", False))
        self.assertEqual(c.ok("GET", "/images", name="mine"), [])
        self.assertEqual(len(c.ok("GET", "/images", name="mine", state="all")), 1)
        self.sim.advance(60001)
        self.assertEqual(c.ok("GET", f"/images/{made['id']}")["state"], "active")
        self.refused(self.connect(login="other").call("GET", f"/images/{made['id']}"), 404, "ResourceNotFound")
        c.ok("POST", f"/images/{made['id']}", {"description": "d"}, action="update")
        self.refused(c.call("POST", f"/images/{made['id']}"), 409, "MissingParameter")
        c.ok("DELETE", f"/images/{made['id']}", status=204)
        self.refused(c.call("DELETE", f"/images/{IMAGES['debian']}"), 400, "NotImageOwner")

    def test_keys(self):
        c = self.client
        line = cloudapi.Key(self.home, "ecdsa521").line
        self.refused(c.call("POST", "/keys", {"name": "x"}), 409, "MissingParameter")
        self.refused(c.call("POST", "/keys", {"key": "ssh-rsa nonsense"}), 409, "InvalidArgument")
        made = c.ok("POST", "/keys", {"key": line}, 201)
        self.assertEqual(made["name"], made["fingerprint"])
        self.assertRegex(made["fingerprint"], r"^([0-9a-f]{2}:){15}[0-9a-f]{2}$")
        self.refused(c.call("POST", "/keys", {"name": "y", "key": line}), 409, "InvalidArgument")
        self.assertEqual(c.ok("GET", f"/keys/{made['name']}")["key"], line)
        c.ok("DELETE", f"/keys/{made['name']}", status=204)
        self.refused(c.call("GET", f"/keys/{made['name']}"), 404, "ResourceNotFound")

    def test_places(self):
        c = self.client
        centers = c.ok("GET", "/datacenters")
        self.assertEqual(centers["us-sim-1"], self.sim.url)
        moved = self.refused(c.call("GET", "/datacenters/us-sim-1"), 302, "ResourceMoved")
        self.assertEqual(moved.headers["location"], self.sim.url)
        self.assertEqual({n["name"]: n["public"] for n in c.ok("GET", "/networks")}, {"external": True, "My-Fabric-Network": False})
        self.assertEqual(c.ok("GET", "/packages/Large%2016GB")["memory"], 16384)
        self.assertEqual([p["name"] for p in c.ok("GET", "/packages", name="*highcpu*", memory=1024)],
                         ["g4-highcpu-1G", "k4-highcpu-kvm-1G"])
        self.assertEqual(c.ok("GET", "/config"), {"default_network": EXTERNAL})
        c.ok("PUT", "/config", {"default_network": FABRIC})
        machine = c.create()["id"]
        self.assertEqual(c.ok("GET", f"/machines/{machine}")["networks"], [FABRIC])

    def test_rules(self):
        c = self.client
        self.refused(c.call("POST", "/fwrules", {"rule": "nonsense"}), 409, "InvalidArgument")
        rule = c.ok("POST", "/fwrules", {"rule": "FROM any TO all vms ALLOW tcp PORT 22"}, 201)
        self.assertIs(rule["enabled"], False)
        self.assertIs(c.ok("POST", f"/fwrules/{rule['id']}/enable")["enabled"], True)
        self.assertEqual([r["id"] for r in c.ok("GET", "/fwrules")], [rule["id"]])
        c.ok("DELETE", f"/fwrules/{rule['id']}", status=204)
        self.assertEqual(c.ok("GET", "/fwrules"), [])


class Trouble(cloudapi.Case):
    def test_throttling(self):
        for status, code in ((429, "TooManyRequestsError"), (420, "RequestThrottled")):
            self.sim.set(throttle_rate=1, throttle_burst=1, throttle_status=status)
            replies = [self.client.call("GET", "") for _ in range(3)]
            self.refused(replies[-1], status, code)
            self.assertIn("request rate of 1 r/s", replies[-1].json["message"])
            self.sim.advance(5000)
            self.client.ok("GET", "")

    def test_faults_by_the_control_endpoint(self):
        for code, status in (("RequestThrottled", 429), ("InternalError", 500), ("ServiceUnavailable", 503), ("InvalidVersion", 400)):
            self.sim.fault("GetAccount", "error", code=code)
            self.refused(self.client.call("GET", ""), status, code)
        for status, code in ((420, "RequestThrottled"), (449, "InvalidVersion"), (503, "ServiceUnavailable")):
            self.sim.fault("GetAccount", "error", status=status)
            self.refused(self.client.call("GET", ""), status, code)
        self.sim.fault("CreateMachine", "error", code="InternalError", carried_out=True)
        reply = self.client.call("POST", "/machines", {"image": IMAGES["debian"], "package": "sdc_128"})
        self.refused(reply, 500, "InternalError")
        self.assertEqual(len(self.client.ok("GET", "/machines")), 1)

    def test_bodies(self):
        big = {"key": "x" * 100001}
        self.refused(self.client.call("POST", "/keys", big), 413, "RequestTooLarge")
        c = self.client
        c.connection.request("POST", "/demo/keys", "{nonsense", {
            "Date": (date := cloudapi.email.utils.formatdate(usegmt=True)), "Content-Type": "application/json",
            "Authorization": c.authorization("POST", "/demo/keys", date)})
        response = c.connection.getresponse()
        self.refused(cloudapi.Reply(response, response.read()), 400, "InvalidContent")

    def test_seeds_are_checked(self):
        for seed in ({"machine": []}, {"machines": {"nam": "x"}}, {"machines": {"image": "none"}}, {"accounts": {"login": None}},
                     {"accounts": {"login": "demo", "keys": {"key": "nonsense"}}}, {"images": {"id": "17", "name": "x"}}):
            error = self.sim.control("seed", seed, status=400)["error"]
            self.assertTrue(re.search(r"\w", error), seed)


if __name__ == "__main__":
    simtest.main()
