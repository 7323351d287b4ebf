"""What the tests of the simulated OpenStack and Rackspace share: a plain client, with a token of its own."""
import http.client
import json
import unittest

import simtest

PASSWORD, API_KEY = "secret", "0123456789abcdef0123456789abcdef"


class Reply:
    def __init__(self, response, body):
        self.status, self.body = response.status, body
        self.headers = {k.lower(): v for k, v in response.getheaders()}
        self.vary = response.headers.get_all("Vary") or []

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def fault(self):
        """The one key of a fault, and its message."""
        (key, value), = self.json.items()
        return key, value["message"]

    def __str__(self):
        return f"{self.status} {self.body.decode('utf-8', 'replace')[:2000]}"


def v3(user="demo", password=PASSWORD, project="demo", **identity):
    domain = {"name": "Default"}
    auth = {"identity": identity or {"methods": ["password"], "password": {
        "user": {"name": user, "domain": domain, "password": password}}}}
    if project:
        auth["scope"] = {"project": {"name": project, "domain": domain}}
    return {"auth": auth}


class Client:
    """Sends what it is told to; paths begin behind the region's service."""

    def __init__(self, sim, token=None, root="/RegionOne", micro=None):
        self.sim, self.token, self.root, self.micro = sim, token, root, micro
        self.connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=60)

    def close(self):
        self.connection.close()

    def raw(self, method, path, body=None, headers=None):
        head = {"Accept": "application/json", **(headers or {})}
        if self.token and "X-Auth-Token" not in head:
            head["X-Auth-Token"] = self.token
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            head.setdefault("Content-Type", "application/json")
        if isinstance(body, str):
            body = body.encode()
        if self.micro and "OpenStack-API-Version" not in head:
            head["OpenStack-API-Version"] = f"compute {self.micro}"
        self.connection.request(method, path, body, {k: v for k, v in head.items() if v is not None})
        response = self.connection.getresponse()
        return Reply(response, response.read())

    def login(self, body=None):
        reply = self.raw("POST", "/v3/auth/tokens", body or v3())
        if reply.status != 201:
            raise AssertionError(f"login: {reply}")
        self.token = reply.headers["x-subject-token"]
        return reply

    def nova(self, method, path, body=None, micro=None, **headers):
        head = {"OpenStack-API-Version": f"compute {micro}"} if micro else None
        return self.raw(method, f"{self.root}/compute/v2.1{path}", body, {**(head or {}), **headers})

    def glance(self, method, path, body=None, headers=None):
        return self.raw(method, f"{self.root}/image/v2{path}", body, headers)

    def neutron(self, method, path, body=None):
        return self.raw(method, f"{self.root}/network/v2.0{path}", body)

    def image(self, name="cirros-0.6.2-x86_64-disk"):
        return self.glance("GET", f"/images?name={name}").json["images"][0]["id"]

    def network(self, name="private"):
        return self.neutron("GET", f"/networks?name={name}").json["networks"][0]["id"]

    def create(self, name="web", **more):
        body = {"name": name, "flavorRef": "1", "imageRef": self.image(), **more}
        return self.nova("POST", "/servers", {"server": body})

    def server(self, name="web", **more):
        reply = self.create(name, **more)
        if reply.status != 202:
            raise AssertionError(f"create: {reply}")
        return reply.json["server"]["id"]

    def show(self, server, micro=None):
        return self.nova("GET", f"/servers/{server}", micro=micro).json["server"]

    def act(self, server, action, args=None, micro=None):
        return self.nova("POST", f"/servers/{server}/action", {action: args}, micro=micro)


class Case(unittest.TestCase):
    """A simulator and a client with a token for each test."""

    provider, args, seed = "openstack", (), None

    def setUp(self):
        self.sim = simtest.Sim(*self.args, provider=self.provider, seed=self.seed)
        self.addCleanup(self.sim.close)
        if self.provider == "openstack":
            self.client = self.connect()
            self.client.login()

    def connect(self, **how):
        client = Client(self.sim, **how)
        self.addCleanup(client.close)
        return client

    def other(self, user, project=None):
        client = self.connect()
        client.login(v3(user, project=project or user))
        return client

    def refused(self, reply, status, key=None, text=None):
        self.assertEqual(reply.status, status, reply)
        if key:
            self.assertEqual(reply.fault[0], key, reply)
        if text:
            self.assertIn(text, reply.body.decode())
        return reply
