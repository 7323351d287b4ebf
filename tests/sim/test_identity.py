"""Keystone v3 and v2.0: scopes, credentials, expiry, revocation, the catalogue, refusals; Rackspace's extensions."""
import socket

import ostest
import simtest
from ostest import v3

APP = "5e1f0000000000000000000000000001"


class V3(ostest.Case):
    def login(self, body=None, status=201, **how):
        reply = self.client.raw("POST", "/v3/auth/tokens", body or v3(**how), {"X-Auth-Token": None})
        self.assertEqual(reply.status, status, reply)
        return reply

    def why(self):
        return self.sim.requests("login")[-1]["why"]

    def test_a_token_and_its_catalogue(self):
        reply = self.login()
        token = reply.json["token"]
        self.assertEqual((token["project"]["name"], token["user"]["domain"]["id"], token["methods"]),
                         ("demo", "default", ["password"]))
        self.assertGreater(len(reply.headers["x-subject-token"]), 180)
        self.assertRegex(token["expires_at"], r"^\d{4}-\d\d-\d\dT[\d:]{8}\.000000Z$")
        urls = {(e["region"], s["type"]): e["url"] for s in token["catalog"] for e in s["endpoints"]}
        self.assertEqual(urls["RegionTwo", "compute"], self.sim.url + "/RegionTwo/compute/v2.1")
        self.assertNotIn("catalog", self.client.raw("POST", "/v3/auth/tokens?nocatalog", v3()).json["token"])

    def test_scopes(self):
        unscoped = self.login(project=None)
        self.assertNotIn("project", unscoped.json["token"])
        loose = self.connect(token=unscoped.headers["x-subject-token"])
        self.assertEqual(loose.raw("GET", "/v3/auth/catalog").status, 403)
        self.assertEqual([p["name"] for p in loose.raw("GET", "/v3/auth/projects").json["projects"]], ["demo", "demo2"])
        self.assertEqual(loose.nova("GET", "/flavors").status, 200)  # success there proves no project
        body = v3(methods=["token"], token={"id": loose.token}, project="demo2")
        self.sim.advance(5000)
        scoped = self.login(body).json["token"]
        self.assertEqual((scoped["project"]["name"], scoped["methods"]), ("demo2", ["password", "token"]))
        self.assertEqual(scoped["expires_at"], unscoped.json["token"]["expires_at"])  # not prolonged
        system = v3("admin", project=None)
        system["auth"]["scope"] = {"system": {"all": True}}
        self.login(system)
        self.sim.control("seed", {"users": {"name": "fixed", "projects": ["demo"], "default_project": "demo"}})
        self.assertEqual(self.login(user="fixed", project=None).json["token"]["project"]["name"], "demo")
        none = v3("fixed", project=None)
        none["auth"]["scope"] = "unscoped"
        self.assertNotIn("project", self.login(none).json["token"])

    def test_one_message_for_every_refusal_and_the_log_says_which(self):
        for how, why in [({"password": "no"}, "password is wrong"), ({"user": "nobody"}, "no such user"),
                         ({"user": "disabled"}, "disabled"), ({"project": "none"}, "no such project"),
                         ({"project": "tiny"}, "no role in the project")]:
            reply = self.login(status=401, **how)
            self.assertEqual(reply.fault, ("error", "The request you have made requires authentication."))
            self.assertIn("Keystone uri=", reply.headers["www-authenticate"])
            self.assertIn(why, self.why())
        self.assertIn("identity", self.login(v3(methods=["magic"]), 401).json["error"])
        dump = self.login({"auth": {}}, 400)
        self.assertGreater(len(dump.fault[1]), 2500)
        self.assertIn("valid JSON", str(self.client.raw("POST", "/v3/auth/tokens", "{", {"Content-Type": "application/json"})))
        self.assertEqual(self.client.raw("POST", "/v3/auth/tokens", "<a/>", {"Content-Type": "text/xml"}).status, 400)

    def test_application_credentials(self):
        app = {"methods": ["application_credential"], "application_credential": {"id": APP, "secret": "app-secret"}}
        token = self.login(v3(project=None, **app)).json["token"]
        self.assertEqual((token["application_credential"]["name"], token["project"]["name"]), ("demo-app", "demo"))
        self.login(v3(project="demo", **app), 401)  # they cannot request a scope
        named = {"name": "demo-app", "secret": "app-secret", "user": {"name": "demo", "domain": {"name": "Default"}}}
        self.login(v3(project=None, methods=app["methods"], application_credential=named))
        wrong = {"id": APP, "secret": "no"}
        self.login(v3(project=None, methods=app["methods"], application_credential=wrong), 401)
        self.sim.control("seed", {"credentials": {"id": "old", "secret": "s", "expires": "2020-01-01T00:00:00Z"}})
        old = {"id": "old", "secret": "s"}
        self.login(v3(project=None, methods=app["methods"], application_credential=old), 401)

    def test_tokens_end(self):
        head = {"X-Subject-Token": self.client.token}
        self.assertEqual(self.client.raw("GET", "/v3/auth/tokens", headers=head).status, 200)
        self.assertEqual(self.client.raw("HEAD", "/v3/auth/tokens", headers=head).body, b"")
        self.assertEqual(self.client.raw("DELETE", "/v3/auth/tokens", headers=head).status, 204)
        reply = self.client.nova("GET", "/servers")
        self.assertEqual((reply.status, reply.json["error"]["title"]), (401, "Unauthorized"))
        self.client.login()
        self.sim.advance(3600 * 1000)
        self.assertEqual(self.client.nova("GET", "/servers").status, 401)
        self.client.login()
        self.sim.control("tokens", {"revoke": "demo"})
        self.assertEqual(self.client.glance("GET", "/images").status, 401)
        self.client.login()
        self.sim.set(revoke_after=2)
        self.assertEqual([self.client.nova("GET", "/servers").status for _ in range(3)], [200, 401, 401])
        self.client.login()
        self.assertEqual(self.client.nova("GET", "/servers").status, 200)

    def test_nothing_follows_a_head(self):
        head = f"Host: x\r\nX-Auth-Token: {self.client.token}\r\nX-Subject-Token: {self.client.token}\r\n"
        with socket.create_connection(("127.0.0.1", self.sim.port), 20) as s:
            s.sendall(f"HEAD /v3/auth/tokens HTTP/1.1\r\n{head}\r\n"
                      f"GET /v3 HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode())
            said = b"".join(iter(lambda: s.recv(65536), b""))
        _, _, rest = said.partition(b"\r\n\r\n")
        self.assertTrue(rest.startswith(b"HTTP/1.1 200 OK"), rest[:100])

    def test_versions(self):
        reply = self.client.raw("GET", "/")
        self.assertEqual((reply.status, [v["id"] for v in reply.json["versions"]["values"]]), (300, ["v3.14", "v2.0"]))
        self.assertEqual(self.client.raw("GET", "/v3").json["version"]["id"], "v3.14")
        self.sim.set(identity_v2=False)
        reply = self.client.raw("GET", "/v2.0")
        self.assertEqual((reply.status, reply.headers["content-type"]), (404, "text/html; charset=utf-8"))


class V2(ostest.Case):
    def login(self, status=200, tenant=None, **credentials):
        body = {"auth": {**credentials, **({"tenantName": tenant} if tenant else {})}}
        reply = self.client.raw("POST", "/v2.0/tokens", body, {"X-Auth-Token": None})
        self.assertEqual(reply.status, status, reply)
        return reply.json

    def test_passwords_and_access_keys(self):
        password = {"username": "demo", "password": "secret"}
        access = self.login(passwordCredentials=password, tenant="demo")["access"]
        self.assertEqual(access["token"]["tenant"]["name"], "demo")
        compute = next(s for s in access["serviceCatalog"] if s["type"] == "compute")
        self.assertEqual(compute["endpoints"][0]["publicURL"], self.sim.url + "/RegionOne/compute/v2.1")
        loose = self.login(passwordCredentials=password)["access"]
        self.assertEqual(loose["serviceCatalog"], [])
        self.login(token={"id": loose["token"]["id"]}, tenant="demo2")
        self.login(401, passwordCredentials={**password, "password": "no"}, tenant="demo")
        keys = {"accessKey": "DEMOACCESSKEY0000000", "secretKey": "0123456789abcdef0123456789abcdef01234567"}
        self.login(apiAccessKeyCredentials=keys, tenant="demo")
        self.client.token = access["token"]["id"]
        legacy = f"/RegionOne/compute/v2/{access['token']['tenant']['id']}/servers"
        self.assertEqual(self.client.raw("GET", legacy).status, 200)
        self.assertEqual(self.client.raw("DELETE", f"/v2.0/tokens/{self.client.token}").status, 204)
        self.assertEqual(self.client.raw("GET", legacy).status, 401)


class Rackspace(ostest.Case):
    provider = "rackspace"

    def login(self, status=200, headers=None, **auth):
        reply = self.client.raw("POST", "/v2.0/tokens", {"auth": auth}, headers)
        self.assertEqual(reply.status, status, reply)
        return reply

    def setUp(self):
        super().setUp()
        self.client = self.connect()
        self.key = {"RAX-KSKEY:apiKeyCredentials": {"username": "demo", "apiKey": ostest.API_KEY}}

    def test_api_keys(self):
        access = self.login(**self.key).json["access"]
        self.assertEqual((access["token"]["RAX-AUTH:authenticatedBy"], access["user"]["RAX-AUTH:defaultRegion"]),
                         (["APIKEY"], "DFW"))
        names = {s["name"]: s for s in access["serviceCatalog"]}
        regions = [e["region"] for e in names["cloudServersOpenStack"]["endpoints"]]
        self.assertEqual(regions, ["DFW", "ORD", "IAD", "SYD", "HKG"])
        self.sim.set(market="uk")
        uk = {s["name"]: s for s in self.login(**self.key).json["access"]["serviceCatalog"]}
        self.assertEqual([e["region"] for e in uk["cloudServersOpenStack"]["endpoints"]], ["LON"])
        self.assertNotIn("region", names["cloudServers"]["endpoints"][0])
        again = self.login(**self.key).json["access"]["token"]["id"]
        self.assertEqual(again, access["token"]["id"])  # the same until an hour before its end
        self.sim.advance(86400 * 1000 - 3000 * 1000)
        self.assertNotEqual(self.login(**self.key).json["access"]["token"]["id"], again)
        wrong = {"RAX-KSKEY:apiKeyCredentials": {"username": "demo", "apiKey": "no"}}
        self.assertEqual(self.login(401, **wrong).fault[0], "unauthorized")
        self.login(400, tenantId="123456", tenantName="123456", **self.key)
        self.login(401, tenantId="999", **self.key)
        self.assertEqual(self.client.raw("POST", "/v3/auth/tokens", v3()).status, 404)

    def test_a_second_factor(self):
        password = {"passwordCredentials": {"username": "careful", "password": "secret"}}
        reply = self.login(401, **password)
        self.assertRegex(reply.headers["www-authenticate"], r"^OS-MF sessionId='[0-9a-f]{32}', factor='PASSCODE'$")
        session = {"X-SessionId": reply.headers["www-authenticate"].split("'")[1]}
        self.login(401, session, **{"RAX-AUTH:passcodeCredentials": {"passcode": "000000"}})
        self.login(200, session, **{"RAX-AUTH:passcodeCredentials": {"passcode": "123456"}})
        self.login(**{"RAX-KSKEY:apiKeyCredentials": {"username": "careful",
                                                      "apiKey": "fedcba9876543210fedcba9876543210"}})

    def test_disabled_users(self):
        self.sim.control("seed", {"users": {"name": "demo", "enabled": False}})
        self.assertEqual(self.login(403, **self.key).fault[0], "userDisabled")


if __name__ == "__main__":
    simtest.main()
