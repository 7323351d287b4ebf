"""Logins of the OpenStack driver at the real Keystone, versions of the real Nova, long lists, and Nova's own client beside it."""
import json
import os
import subprocess
import sys
import time
import unittest

from openstack_case import BULK, Case, KEY, wanted

# Every task and status that Nova's own code knows; its modules change the process they are loaded in.
WORDS = """
import json
from nova.api.openstack import common
from nova.objects import fields
print(json.dumps(list(fields.InstanceTaskState.ALL) + [s for t in common._STATE_MAP.values() for s in t.values()]))
"""


class Logins(Case):
    def test_an_application_credential(self):
        self.assertEqual(len(self.call("node list", "name=bulk-0001", cloud="demo-app").lines()), 1)

    def test_an_address_without_a_version_and_no_project(self):
        base = self.auth_url[:-3]
        self.call("check", options=["auth_url=" + base, "username=tiny", "password=demo-secret"])
        done = self.call("check", options=["auth_url=" + base, "username=demo", "password=demo-secret"], status=2)
        self.assertIn("demo2", done.err, "a user of two projects is asked which")

    def test_a_region_is_chosen(self):
        self.assertEqual(len(self.call("node list", "name=bulk-0001", options=["cloud=demo", "region=RegionTwo"]).lines()),
                         1)
        refused = self.call("check", options=["cloud=demo", "region=x"], status=2)
        self.assertIn("RegionOne RegionTwo", refused.err)

    def test_a_token_that_is_given(self):
        token = self.session().get_token()
        self.call("check", options=["auth_url=" + self.auth_url, "token=" + token])
        self.call("check", options=["auth_url=" + self.auth_url, "token=" + token[:-4] + "AAAA"], status=4)

    def test_versions_are_asked_once_a_day(self):
        root = "> GET " + self.session().get_endpoint(service_type="compute").rstrip("/") + "/ "
        fresh = os.path.join(self.home, "fresh")
        os.mkdir(fresh)
        self.env["HOME"] = fresh
        self.assertIn(root, self.nube("--debug", "location", "list").err)
        self.assertNotIn(root, self.nube("--debug", "location", "list").err)

    def test_every_version_gives_the_same_nodes(self):
        node = self.create("versions", "--tag", "a=b")
        self.nube("node", "wait", node["id"], "--until", "running")
        seen = []
        for version in ("2.1", "2.26", "2.46", "2.47", "2.90", "latest"):
            shown = self.call("node get", "id=" + node["id"],
                              options=["cloud=demo", "compute_api_version=" + version]).lines()[0]
            seen.append([shown[k] for k in ("id", "name", "state", "image", "location", "created")])
            if version in ("2.47", "2.90", "latest"):
                self.assertEqual((shown["size"], shown["profile"]), (None, {"ram": 512, "cores": 1, "disk": 1}))
            else:
                self.assertEqual(shown["size"], "1")
            self.assertEqual(shown["tags"], {} if version == "2.1" else {"a": "b"})
        self.assertEqual(seen, [seen[0]] * len(seen))
        done = self.call("check", options=["cloud=demo", "compute_api_version=2.999"], status=10)
        self.assertIn("maximum is 2.", done.err)

    def keystone(self, method, path, body=None):
        admin = self.session("admin", "admin-secret")
        text = admin.request(self.auth_url + path, method, json=body).content
        return json.loads(text) if text else None

    def walker(self):
        """A user of the project, whose tokens a test may take away."""
        user = self.keystone("POST", "/users", {"user": {
            "name": f"walker-{os.getpid()}", "password": "walk-secret", "domain_id": "default"}})["user"]["id"]
        self.addCleanup(self.keystone, "DELETE", "/users/" + user)
        project = self.session().get_project_id()
        role = self.keystone("GET", "/roles?name=member")["roles"][0]["id"]
        self.keystone("PUT", f"/projects/{project}/users/{user}/roles/{role}")
        return user, project

    def test_a_token_that_is_revoked_in_the_middle_of_lists(self):
        user, project = self.walker()
        p = subprocess.Popen([wanted("WALK"), *self.tools, "openstack", "32", "40", "auth_url=" + self.auth_url,
                              "user_id=" + user, "password=walk-secret", "project_id=" + project, "page_size=100"],
                             env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            self.assertEqual(p.stdout.readline(), "pause\n")
            time.sleep(1.1)  # Keystone's revocations count in seconds
            self.keystone("PATCH", "/users/" + user, {"user": {"password": "walk-secret"}})
            time.sleep(1.5)  # and Nova believes a token for one
            out, _ = p.communicate("go\n", timeout=170)
        finally:
            p.kill()
            p.wait()
        lines = out.split()
        self.assertEqual(p.returncode, 0, out)
        self.assertEqual(lines[-4:], ["failures", "0", "logins", "2"], "one login more, whatever was in flight")
        self.assertEqual(set(lines[:32]), {lines[0]})
        self.assertGreaterEqual(int(lines[0]), BULK)


class Beside(Case):
    """What Nova's own client says of the same things."""

    def test_five_hundred_servers(self):
        theirs = {s.id: s.name for s in self.nova().servers.list(limit=-1)}
        ours = self.nube("-o", "json", "node", "list").json()
        self.assertGreaterEqual(len(ours), BULK)
        self.assertEqual({n["id"]: n["name"] for n in ours}, theirs)
        self.assertEqual(len(ours), len(theirs), "no server is listed twice")

    def test_every_field_that_both_show(self):
        self.call("key import", "name=t-beside", "public_key=" + KEY)
        self.addCleanup(self.call, "key delete", "id=t-beside", status=None)
        node = self.create("beside", "--tag", "role=web", "--set", "metadata=a=b", "--key", "t-beside",
                           "--set", "description=of a test", network="auto")
        ours = self.show("beside")
        theirs = self.nova().servers.get(node["id"]).to_dict()
        pairs = [("id", "id"), ("name", "name"), ("raw_state", "status"), ("owner_id", "tenant_id"),
                 ("created", "created"), ("location", "OS-EXT-AZ:availability_zone"), ("metadata", "metadata")]
        for mine, other in pairs:
            self.assertEqual(ours[mine], theirs[other], mine)
        extra = [("updated", "updated"), ("host_id", "hostId"), ("user_id", "user_id"),
                 ("description", "description"), ("launched_at", "OS-SRV-USG:launched_at")]
        for mine, other in extra:
            self.assertEqual(ours["extra"][mine], theirs[other], mine)
        self.assertEqual((ours["image"], ours["size"]), (theirs["image"]["id"], theirs["flavor"]["id"]))
        self.assertEqual(ours["keys"], [theirs["key_name"]])
        self.assertEqual(ours["firewalls"], [g["name"] for g in theirs["security_groups"]])
        self.assertEqual([f"{k}={v}" for k, v in ours["tags"].items()], theirs["tags"])
        addresses = [(net, a["addr"], a["OS-EXT-IPS:type"], a["OS-EXT-IPS-MAC:mac_addr"])
                     for net, each in theirs["addresses"].items() for a in each]
        self.assertEqual([(a["network"], a["value"], a["kind"], a["mac"]) for a in ours["addresses"]], addresses)

    def test_every_task_of_this_nova_has_a_state(self):
        said = subprocess.run([sys.executable, "-W", "ignore", "-c", WORDS], check=True, capture_output=True, text=True)
        words = [w for w in json.loads(said.stdout) if not w.startswith("image_")]
        self.assertIn("powering-off", words)
        driver = self.run_([wanted("NUBE"), "--driver-path", self.tools[0], "-o", "json", "driver", "show",
                            "openstack"], "demo", 0).json()[0]
        known = {s["provider_state"].lower() for s in driver["states"]}
        self.assertEqual({w for w in words if w.lower() not in known}, set(), "T-13")


if __name__ == "__main__":
    unittest.main()
