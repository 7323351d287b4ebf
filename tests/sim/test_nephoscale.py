"""NephoScale's simulator over the wire: records in the provider's shape, jobs, keys, addresses, envelopes; libcloud."""
import base64
import http.client
import json
import os
import subprocess
import tempfile
import unittest
import urllib.parse

import foreign
import simtest

try:
    import libcloud.security
    from libcloud.compute.base import NodeState
    from libcloud.compute.providers import get_driver
except ImportError as e:
    get_driver, reason = None, str(e)

HERE = os.path.dirname(os.path.abspath(__file__))
DEDICATED = {"service_types": [{"id": 245, "sku": "D1", "description": "Dedicated server", "ram": 16384, "storage": 500,
                                "billable_type": 2}]}


class Case(unittest.TestCase):
    seed = None

    def setUp(self):
        self.sim = simtest.Sim(provider="nephoscale", seed=self.seed)
        self.addCleanup(self.sim.close)

    def call(self, method, path, user="sim:sim-password", **fields):
        """The reply's status and envelope."""
        c = http.client.HTTPConnection("127.0.0.1", self.sim.port, timeout=30)
        self.addCleanup(c.close)
        head = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
        if user:
            head["Authorization"] = "Basic " + base64.b64encode(user.encode()).decode()
        c.request(method, path, urllib.parse.urlencode(fields) if fields else None, head)
        r = c.getresponse()
        return r.status, json.loads(r.read())

    def ok(self, method, path, status=200, **fields):
        got, body = self.call(method, path, **fields)
        self.assertEqual((got, body["success"], body["response"], body["subcode"]), (status, True, status, 0), body)
        return body

    def data(self, path):
        return self.ok("GET", path)["data"]

    def refused(self, status, part, method, path, **fields):
        got, body = self.call(method, path, **fields)
        self.assertEqual((got, body["success"], body["response"], body["data"]), (status, False, status, []), body)
        self.assertNotEqual(body["subcode"], 0)
        self.assertIn(part, body["message"])

    def console_key(self):
        return self.ok("POST", "/key/password/", 201, name="console", password="p4ss")["data"]["id"]

    def create(self, kind="cloud", **fields):
        if kind == "cloud":
            fields.setdefault("console_key", self.console_key())
        wanted = {"name": "web-1", "image": 55, "service_type": 221, **fields}
        return self.ok("POST", f"/server/{kind}/", 202, **wanted)["data"]


class Catalogue(Case):
    def test_what_mist_printed(self):
        """The listings in mist.client's documentation, made of the provider's own records."""
        with open(os.path.join(HERE, "vectors", "nephoscale-listings.json"), encoding="utf-8") as f:
            want = json.load(f)
        extra = ("architecture", "billable_type", "cores", "disks", "pcpus", "storage", "uri")
        self.assertEqual([{"id": str(x["id"]), "name": x["friendly_name"], "star": True, "extra": {k: x.get(k) for k in extra}}
                          for x in self.data("/image/server/")], want["images"])
        self.assertEqual([{"id": str(x["id"]), "name": f"{x['sku']['name']} - {x['sku']['description']}", "ram": x["ram"],
                           "disk": x["storage"], "bandwidth": None, "price": None, "driver": "NephoScale"}
                          for x in self.data("/server/type/cloud/") + self.data("/server/type/dedicated/")], want["sizes"])
        self.assertEqual([{"id": str(x["id"]), "name": x["name"], "country": "US"} for x in self.data("/datacenter/zone/")],
                         want["locations"])

    def test_one_is_a_list_of_one(self):
        self.assertEqual([x["friendly_name"] for x in self.data("/image/server/51/")], ["Linux Debian Server 6.0.3 64-bit"])
        self.assertEqual([x["ram"] for x in self.data("/server/type/cloud/219/")], [512])
        self.assertEqual([x["id"] for x in self.data("/server/type/cloud/?sort=ram")], [219, 221])
        self.refused(404, "not found", "GET", "/image/server/999/")
        self.refused(404, "not found", "GET", "/server/type/dedicated/219/")

    def test_who_calls(self):
        for user in (None, "sim:wrong", "other:sim-password"):
            self.refused(401, "Authentication failed", "GET", "/image/server/", user=user)
        self.sim.set(username="me", password="secret")
        self.assertEqual(self.call("GET", "/image/server/", user="me:secret")[0], 200)

    def test_paths_end_in_a_slash(self):
        c = http.client.HTTPConnection("127.0.0.1", self.sim.port, timeout=30)
        c.request("GET", "/image/server")
        self.assertEqual(c.getresponse().status, 404)
        c.close()


class Servers(Case):
    seed = DEDICATED

    def servers(self, path="/server/cloud/"):
        return self.data(path)

    def test_life(self):
        job = self.create()
        self.assertEqual(sorted(job), ["id", "resource_type", "uri"])
        self.assertEqual((job["resource_type"], job["uri"]), ("/job", f"https://api.nephoscale.com/job/{job['id']}/"))
        self.assertEqual(self.data(f"/job/{job['id']}/")[0]["state"], "finished")
        server = self.servers()[0]
        self.assertEqual((server["name"], server["hostname"], server["power_status"], server["memory"]),
                         ("web-1", "web-1", "on", 1024))
        self.assertEqual((server["image"]["id"], server["service_type"]["id"], server["zone"]["name"]), (55, 221, "SJC-1"))
        self.assertRegex(server["create_time"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
        self.assertEqual(server["ipaddresses"].split(", "), ["198.51.100.4", "10.128.0.4"])
        self.assertFalse(server["uri"].endswith(f"/{server['id']}/"))  # as in NephoScale's own records
        at = f"/server/cloud/{server['id']}/"
        self.assertEqual(self.data(at), [server])
        self.refused(409, "powered on", "POST", at + "initiator/start/")
        self.ok("POST", at + "initiator/stop/", 202)
        self.assertEqual(self.data(at)[0]["power_status"], "off")
        self.refused(409, "powered off", "POST", at + "initiator/restart/")
        self.ok("POST", at + "initiator/start/", 202)
        self.ok("POST", at + "initiator/restart/", 202)
        self.assertEqual(self.data(at)[0]["power_status"], "on")
        self.ok("PUT", at, 202, name="db_1", hostname="db-1")
        self.ok("POST", at, 202, _method="PUT", name="db_2")
        self.assertEqual([(x["name"], x["hostname"]) for x in self.servers()], [("db_2", "db-1")])
        self.ok("DELETE", at, 202)
        self.assertEqual(self.servers(), [])
        self.refused(404, "not found", "GET", at)

    def test_a_new_server_is_nowhere_at_first(self):
        self.sim.set(create_ms=60000, action_ms=60000, delete_ms=60000)
        job = self.create()
        self.assertEqual((self.servers(), self.data(f"/job/{job['id']}/")[0]["state"]), ([], "running"))
        self.sim.advance(60000)
        server = self.servers()[0]
        at = f"/server/cloud/{server['id']}/"
        self.ok("POST", at + "initiator/stop/", 202)
        self.assertEqual(self.data(at)[0]["power_status"], "on")
        self.sim.advance(60000)
        self.assertEqual(self.data(at)[0]["power_status"], "off")
        self.ok("DELETE", at, 202)
        self.assertEqual(len(self.servers()), 1)
        self.sim.advance(60000)
        self.assertEqual(self.servers(), [])

    def test_a_creation_may_end_in_nothing(self):
        self.sim.set(fail_creates=1)
        job = self.create()
        self.assertEqual((self.servers(), self.data(f"/job/{job['id']}/")[0]["state"]), ([], "failed"))
        self.create()
        self.create()  # names are not unique
        self.assertEqual([x["name"] for x in self.servers()], ["web-1", "web-1"])

    def test_dedicated(self):
        self.refused(400, "service_type", "POST", "/server/dedicated/", name="m", image=55, service_type=221)
        self.create("dedicated", name="metal-1", service_type=245, zone=87729)
        self.create()
        metal = self.servers("/server/dedicated/")[0]
        self.assertEqual((metal["name"], metal["zone"]["id"], metal["service_type"]["billable_type"]), ("metal-1", 87729, 2))
        self.assertEqual([x["name"] for x in self.servers("/server/")], ["metal-1", "web-1"])
        self.refused(404, "not found", "GET", f"/server/cloud/{metal['id']}/")
        self.ok("DELETE", f"/server/dedicated/{metal['id']}/", 202)
        self.assertEqual(self.servers("/server/dedicated/"), [])

    def test_what_is_refused(self):
        key = self.console_key()
        good = {"name": "web-1", "image": 55, "service_type": 221, "console_key": key}
        for part, bad in [("name is required", {"name": ""}), ("begin with a letter", {"name": "1web"}),
                          ("not allowed", {"name": "we b"}), ("too long", {"name": "w" * 65}),
                          ("hostname is too long", {"hostname": "w" * 16}), ("hostname has", {"hostname": "w_b"}),
                          ("image", {"image": 1}), ("service_type", {"service_type": 1}), ("zone", {"zone": 1}),
                          ("server_key", {"server_key": key}), ("console_key", {"console_key": ""}),
                          ("console_key", {"console_key": 1}), ("networks is required", {"ips": "198.51.100.9"})]:
            with self.subTest(part=part, bad=bad):
                self.refused(400, part, "POST", "/server/cloud/", **{**good, **bad})
        self.assertEqual(self.servers(), [])
        self.sim.set(server_limit=1)
        self.create()
        self.refused(403, "limit", "POST", "/server/cloud/", **good)

    def test_addresses(self):
        public, private = self.data("/network/domain/")
        self.assertEqual([(x["name"], x["domain_type"]) for x in (public, private)],
                         [("default_public_network", 0), ("default_private_network", 1)])
        networks = f"{public['id']},{private['id']}"
        self.create(ips="198.51.100.9,10.128.0.7", networks=networks)
        self.assertEqual(self.servers()[0]["ipaddresses"], "198.51.100.9, 10.128.0.7")
        key = self.console_key()
        wanted = {"name": "x", "image": 55, "service_type": 221, "console_key": key}
        self.refused(409, "assigned", "POST", "/server/cloud/", ips="198.51.100.9", networks=public["id"], **wanted)
        self.refused(400, "not of network", "POST", "/server/cloud/", ips="10.128.0.8", networks=public["id"], **wanted)
        cidr = self.data("/network/cidr/ipv4/?ip_type=0&fields=ipaddress_list_unassigned")[0]
        self.assertNotIn("198.51.100.9", cidr["ipaddress_list_unassigned"])
        at = f"/network/cidr/ipv4/{cidr['id']}/"
        self.ok("POST", at, _method="PUT", ipaddress="198.51.100.4", reserved="true")
        self.ok("POST", at, _method="PUT", ipaddress="198.51.100.5", reserved="true", server=self.servers()[0]["id"])
        self.assertIn("198.51.100.5", self.servers()[0]["ipaddresses"])
        self.ok("POST", at, _method="PUT", ipaddress="198.51.100.5", reserved="false")
        self.assertNotIn("198.51.100.5", self.servers()[0]["ipaddresses"])
        self.create()
        self.assertTrue(self.servers()[1]["ipaddresses"].startswith("198.51.100.5, "))  # .4 is reserved
        self.refused(404, "not found", "POST", at, _method="PUT", ipaddress="10.128.0.5", reserved="true")


class Keys(Case):
    def test_groups_and_types(self):
        ssh = self.ok("POST", "/key/sshrsa/", 201, name="me", public_key="ssh-rsa AAAAB3 me")["data"]["id"]
        password = self.ok("POST", "/key/password/", 201, name="c", password="p4ss")["data"]["id"]
        login = self.ok("POST", "/key/password/", 201, name="s", password="p5ss", key_group=1)["data"]["id"]
        rows = self.data("/key/")
        self.assertEqual([(x["id"], x["key_type"], x["key_group"]) for x in rows], [(ssh, 2, 1), (password, 1, 4), (login, 1, 1)])
        self.assertFalse(any("public_key" in x or "password" in x for x in rows))
        self.assertEqual([x["public_key"] for x in self.data("/key/sshrsa/")], ["ssh-rsa AAAAB3 me"])
        self.assertEqual([x["password"] for x in self.data("/key/password/")], ["p4ss", "p5ss"])
        self.refused(400, "SSH RSA", "POST", "/key/sshrsa/", name="x", public_key="ssh-ed25519 AAAA")
        self.refused(400, "password is required", "POST", "/key/password/", name="x")
        self.refused(400, "key_group", "POST", "/key/password/", name="x", password="p", key_group=2)
        self.refused(404, "not found", "DELETE", f"/key/password/{ssh}/")
        self.ok("DELETE", f"/key/sshrsa/{ssh}/")
        self.assertEqual(self.data("/key/sshrsa/"), [])


class Envelopes(Case):
    seed = {"zones": [{"id": 90000, "name": "LAX-1", "activated": False}],
            "servers": [{"name": "old", "power_status": "unknown", "id": 90001}],
            "keys": [{"name": "k", "public_key": "ssh-rsa AAAA k"}]}

    def test_variants(self):
        self.assertEqual(self.ok("GET", "/server/dedicated/")["data"], [])
        self.sim.set(omit_empty="true", single_object="true", errors_in_200="true")
        self.assertNotIn("data", self.ok("GET", "/server/dedicated/"))
        self.assertEqual(self.data("/server/cloud/90001/")["power_status"], "unknown")
        status, body = self.call("GET", "/server/cloud/1/")
        self.assertEqual((status, body["success"], body["response"]), (200, False, 404))
        self.assertEqual(self.call("GET", "/server/cloud/", user="a:b")[0], 401)

    def test_faults_and_seed(self):
        self.assertEqual([x.get("activated") for x in self.data("/datacenter/zone/")], [None, None, False])
        self.sim.fault("server list", "error", status=503, message="later")
        self.refused(503, "later", "GET", "/server/cloud/")
        self.assertEqual(len(self.data("/server/cloud/")), 1)
        self.assertEqual(self.sim.control("")["servers"], 1)
        self.sim.control("seed", {"servers": [{"name": "x", "image": 1}]}, status=400)
        self.sim.control("reset", {})
        self.assertEqual([x["name"] for x in self.data("/server/")], ["old"])


class Libcloud(Case):
    """Debian's libcloud, whose driver was written for the service itself; it speaks TLS only."""

    def setUp(self):
        if not get_driver:
            foreign.missing("python3-libcloud", reason)
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)
        cert, key = os.path.join(self.dir.name, "cert"), os.path.join(self.dir.name, "key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "2", "-keyout", key, "-out", cert],
                       check=True, capture_output=True)
        self.sim = simtest.Sim("--tls-cert", cert, "--tls-key", key, provider="nephoscale")
        self.addCleanup(self.sim.close)
        libcloud.security.CA_CERTS_PATH = cert
        self.driver = self.make()

    def make(self, password="sim-password"):
        driver = get_driver("nephoscale")("sim", password, host="127.0.0.1", port=self.sim.port)
        driver._get_size_price = lambda size_id: 0  # its table ends before these sizes, and None does not sort
        return driver

    def test_life(self):
        driver = self.driver
        self.assertEqual([x.name for x in driver.list_locations()], ["SJC-1", "RIC-1"])
        image = next(x for x in driver.list_images() if str(x.id) == "55")
        size = next(x for x in driver.list_sizes() if str(x.id) == "221")
        console = driver.ex_create_keypair("console", key_group=4)
        server_key = driver.ex_create_keypair("me", public_key="ssh-rsa AAAAB3 me")
        self.assertTrue(console and server_key)
        driver.create_node("lib-1", size, image, server_key=server_key, console_key=console)
        node = driver.list_nodes()[0]
        self.assertEqual((node.name, node.state, len(node.public_ips), len(node.private_ips)), ("lib-1", NodeState.RUNNING, 1, 1))
        self.assertTrue(driver.stop_node(node) and driver.start_node(node) and driver.reboot_node(node))
        self.assertTrue(driver.rename_node(node, "lib-2", hostname="lib-2"))
        self.assertEqual([x.name for x in driver.list_nodes()], ["lib-2"])
        self.assertEqual([x.name for x in driver.ex_list_keypairs(ssh=True)], ["me"])
        self.assertTrue(driver.destroy_node(node))
        self.assertEqual(driver.list_nodes(), [])

    def test_wrong_password(self):
        with self.assertRaisesRegex(Exception, "(?i)auth|cred"):
            self.make("wrong").list_nodes()


if __name__ == "__main__":
    simtest.main()
