"""Requests that make no sense to the simulated OpenStack and Rackspace: each is answered, and none ends the simulator."""
import copy
import json
import random

import ostest
import simtest

ODD = [None, 0, -1, 1 << 62, "", "x", "a" * 300, [], {}, [None], [{}], True, {"": None}, "../..", "é\u0001", 1.5]
ROUNDS = 25


def paths_of(value, at=()):
    """Every place in a JSON value, the whole first."""
    yield at
    if isinstance(value, (dict, list)):
        for key, inner in (value.items() if isinstance(value, dict) else enumerate(value)):
            yield from paths_of(inner, at + (key,))


def odd(rng, body):
    """The body with one place of it replaced or taken out."""
    at = rng.choice(list(paths_of(body)))
    if not at:
        return rng.choice(ODD)
    body = copy.deepcopy(body)
    place = body
    for key in at[:-1]:
        place = place[key]
    if rng.random() < 0.3:
        del place[at[-1]]
    else:
        place[at[-1]] = rng.choice(ODD)
    return body


class OddCase(ostest.Case):
    def exchanges(self):
        raise NotImplementedError

    def test_every_one_is_answered(self):
        rng = random.Random(7)
        for method, path, body in self.exchanges():
            for _ in range(ROUNDS if body is not None else 3):
                sent = None if body is None else json.dumps(odd(rng, body))
                bad = rng.random() < 0.1
                head = {"Content-Type": "application/json"} if sent is not None else {}
                if "/image/v2/images/" in path and method == "PATCH":
                    head["Content-Type"] = "application/openstack-images-v2.1-json-patch"
                odd_path = path + (rng.choice(["/", "/%00", "/x/y/z", "?limit=-1", "?marker=", "?name=["]) if bad else "")
                reply = self.client.raw(method, odd_path, sent, head)
                self.assertLess(reply.status, 600)
                self.assertNotEqual(reply.status, 500, (method, odd_path, sent, str(reply)))
        self.assertIn("provider", self.sim.control(""))


class OpenStack(OddCase):
    def exchanges(self):
        c, region = self.client, "/RegionOne"
        image, network, server = c.image(), c.network(), c.server()
        port = c.neutron("GET", "/ports").json["ports"][0]["id"]
        own = c.glance("POST", "/images", {"name": "own"}).json["id"]
        group = c.neutron("GET", "/security-groups").json["security_groups"][0]["id"]
        nova, action = region + "/compute/v2.1", region + f"/compute/v2.1/servers/{server}/action"
        user = next(t["user"] for t in self.sim.control("tokens")["tokens"])
        yield "POST", "/v3/auth/tokens", ostest.v3(user)
        yield "POST", "/v3/auth/tokens", ostest.v3(project=None, methods=["application_credential"],
                                                   application_credential={"id": "x", "secret": "y", "user": {"name": "z"}})
        yield "POST", "/v2.0/tokens", {"auth": {"passwordCredentials": {"username": "demo", "password": "x"}, "tenantName": "demo"}}
        yield "POST", f"/v3/users/{user}/application_credentials", {"application_credential": {"name": "n", "expires_at": "x"}}
        yield "POST", nova + "/servers", {"server": {
            "name": "web", "imageRef": image, "flavorRef": "1", "metadata": {"k": "v"}, "networks": [{"uuid": network}],
            "security_groups": [{"name": "default"}], "min_count": 1, "max_count": 1, "personality": [
                {"path": "/p", "contents": "aGk="}], "user_data": "aGk=", "block_device_mapping_v2": [{}]}}
        yield "PUT", nova + f"/servers/{server}", {"server": {"name": "new", "accessIPv4": "1.2.3.4"}}
        for body in ({"reboot": {"type": "HARD"}}, {"resize": {"flavorRef": "2"}}, {"rebuild": {"imageRef": image, "metadata": {"a": "b"}}},
                     {"createImage": {"name": "n", "metadata": {}}}, {"rescue": {"adminPass": "p", "rescue_image_ref": image}},
                     {"addSecurityGroup": {"name": "default"}}, {"addFloatingIp": {"address": "1.2.3.4"}},
                     {"os-getConsoleOutput": {"length": 3}}, {"os-getVNCConsole": {"type": "novnc"}}, {"lock": {"locked_reason": "r"}},
                     {"os-resetState": {"state": "error"}}, {"unlock": None}, {"unrescue": None}):
            yield "POST", action, body
        yield "POST", nova + f"/servers/{server}/metadata", {"metadata": {"a": "b"}}
        yield "PUT", nova + f"/servers/{server}/metadata", {"metadata": {"a": "b"}}
        yield "PUT", nova + f"/servers/{server}/metadata/a", {"meta": {"a": "b"}}
        self.client.micro = "2.61"
        yield "PUT", nova + f"/servers/{server}/tags", {"tags": ["a", "b"]}
        yield "POST", nova + f"/servers/{server}/remote-consoles", {"remote_console": {"protocol": "vnc", "type": "novnc"}}
        self.client.micro = None
        yield "POST", nova + f"/servers/{server}/os-interface", {"interfaceAttachment": {"net_id": network, "port_id": port}}
        yield "POST", nova + "/os-keypairs", {"keypair": {"name": "k", "public_key": "ssh-rsa AAAA"}}
        yield "POST", nova + "/os-security-groups", {"security_group": {"name": "g", "description": "d"}}
        yield "POST", nova + "/os-security-group-rules", {"security_group_rule": {
            "parent_group_id": group, "ip_protocol": "tcp", "from_port": 1, "to_port": 2, "cidr": "0.0.0.0/0", "group_id": group}}
        yield "POST", nova + "/os-floating-ips", {"pool": "public"}
        yield "POST", region + "/image/v2/images", {"name": "n", "tags": ["a"], "visibility": "private", "min_disk": 1,
                                                    "protected": False, "disk_format": "raw", "os_hidden": False, "x": "y"}
        yield "PATCH", region + f"/image/v2/images/{own}", [{"op": "add", "path": "/tags", "value": ["a"]},
                                                            {"op": "replace", "path": "/min_ram", "value": 1}]
        yield "POST", region + f"/image/v2/images/{own}/members", {"member": "p"}
        yield "PUT", region + f"/image/v2/images/{own}/members/p", {"status": "accepted"}
        net = region + "/network/v2.0"
        yield "POST", net + "/networks", {"network": {"name": "n", "shared": True}}
        yield "POST", net + "/subnets", {"subnet": {"network_id": network, "cidr": "10.0.0.0/8"}}
        yield "POST", net + "/ports", {"port": {"network_id": network, "name": "p"}}
        yield "PUT", net + f"/ports/{port}", {"port": {"name": "p"}}
        yield "POST", net + "/floatingips", {"floatingip": {"floating_network_id": c.network("public"), "port_id": port}}
        yield "POST", net + "/security-groups", {"security_group": {"name": "g", "description": "d"}}
        yield "POST", net + "/security-group-rules", {"security_group_rule": {
            "security_group_id": group, "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 1,
            "port_range_max": 2, "remote_ip_prefix": "10.0.0.0/8", "remote_group_id": group}}
        yield "POST", net + "/routers", {"router": {"name": "r", "external_gateway_info": {"network_id": network}}}
        for path in ("/servers/detail", "/flavors", "/os-keypairs", "/limits", "/servers/x", "/images/detail"):
            yield "GET", nova + path, None
        for path in ("/", "//", "/x", "/RegionOne", "/RegionOne/", "/RegionOne/compute", "/RegionOne/compute/servers/x/action", "/RegionOne/image/x", "/RegionOne/none/v2", "/v3/x", "/identity/v3",
                     "/RegionNine/compute/v2.1/servers", region + "/image/v2/images", net + "/ports", net + "/none"):
            yield "GET", path, None


class FirstGen(OddCase):
    provider = "rackspace-first-gen"

    def exchanges(self):
        self.client = self.connect()
        base, key = "/v1.0/123456", {"X-Auth-User": "demo", "X-Auth-Key": ostest.API_KEY}
        self.client.token = self.client.raw("GET", "/v1.0", headers=key).headers["x-auth-token"]
        server = {"name": "web", "imageId": 1, "flavorId": 1, "metadata": {"a": "b"}, "sharedIpGroupId": 0,
                  "personality": [{"path": "/p", "contents": "aGk="}]}
        made = self.client.raw("POST", base + "/servers", {"server": server}).json["server"]["id"]
        yield "POST", "/v1.1/auth", {"credentials": {"username": "demo", "key": "x"}}
        yield "POST", "/v2.0/tokens", {"auth": {"RAX-KSKEY:apiKeyCredentials": {"username": "demo", "apiKey": "x"}}}
        yield "POST", base + "/servers", {"server": server}
        yield "PUT", base + f"/servers/{made}", {"server": {"name": "n", "adminPass": "p"}}
        for body in ({"reboot": {"type": "HARD"}}, {"resize": {"flavorId": 2}}, {"rebuild": {"imageId": 1}}, {"confirmResize": None}):
            yield "POST", base + f"/servers/{made}/action", body
        yield "POST", base + f"/servers/{made}/backup_schedule", {"backupSchedule": {"enabled": True, "weekly": "SUNDAY"}}
        yield "POST", base + "/images", {"image": {"serverId": made, "name": "n"}}
        yield "POST", base + "/shared_ip_groups", {"sharedIpGroup": {"name": "g", "server": made}}
        yield "PUT", base + f"/servers/{made}/ips/public/67.23.10.132", {"shareIp": {"sharedIpGroupId": 1, "configureServer": True}}
        for path in ("/", "/v1.0", "/v1.0/", "/v1.0/x", base, base + "/", base + "/servers/0", base + "/servers/x.xml", base + "/limits"):
            yield "GET", path, None

    def test_xml_that_is_none(self):
        list(self.exchanges())
        for body in ("", "<", "<server", "<server/>", "<a><b/></a>", "<server name='x'><metadata/></server>", "\x00",
                     "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><server name='&e;'/>"):
            reply = self.client.raw("POST", "/v1.0/123456/servers", body, {"Content-Type": "application/xml"})
            self.assertEqual(reply.status, 400, body)
            self.assertNotIn("root:", reply.body.decode())


del OddCase

if __name__ == "__main__":
    simtest.main()
