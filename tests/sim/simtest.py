"""What the tests of nube-sim share: a simulator of their own, and a client that signs by itself.

Environment: NUBE_SIM is the command.
"""
import datetime
import hashlib
import hmac
import http.client
import json
import os
import re
import select
import subprocess
import tempfile
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
NAMES = {"ec2": "2016-11-15", "sts": "2011-06-15"}


def command():
    path = os.environ.get("NUBE_SIM")
    if not path or not os.path.exists(path):
        raise AssertionError(f"NUBE_SIM must name the command, is {path!r}")
    return os.path.abspath(path)


class Sim:
    """A running simulator; it ends when this process does."""

    def __init__(self, *args, seed=None, binary=None, provider="ec2"):
        line = [binary or command(), "--provider", provider, "--until-eof", *args]
        self.seed = None
        if seed is not None:
            self.seed = tempfile.NamedTemporaryFile("w", suffix=".json")
            json.dump(seed, self.seed)
            self.seed.flush()
            line += ["--seed", self.seed.name]
        self.process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        if not select.select([self.process.stdout], [], [], 60)[0]:
            raise AssertionError("no ready line within a minute")
        ready = self.process.stdout.readline().split()
        if len(ready) != 2 or ready[0] != "ready":
            raise AssertionError(f"not ready: {ready} {self.process.communicate(timeout=20)[1]}")
        self.url = ready[1]
        self.port = urllib.parse.urlsplit(self.url).port

    def close(self):
        """Ends it; a report of a sanitizer or any other word on standard error is a failure."""
        if not self.process.stdin.closed:
            self.process.stdin.close()
        error = self.process.stderr.read()
        status = self.process.wait(30)
        self.process.stdout.close()
        self.process.stderr.close()
        if self.seed:
            self.seed.close()
        if status or error:
            raise AssertionError(f"nube-sim ended with {status}: {error}")

    def control(self, path, body=None, method=None, status=200):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            c.request(method or ("GET" if body is None else "POST"), "/_nube-sim/" + path,
                      None if body is None else json.dumps(body))
            r = c.getresponse()
            text = r.read()
        finally:
            c.close()
        if r.status != status:
            raise AssertionError(f"{path}: {r.status} {text}")
        return json.loads(text)

    def fault(self, action, kind, **more):
        return self.control("faults", {"action": action, "kind": kind, **more})

    def set(self, **settings):
        return self.control("settings", settings)

    def advance(self, ms):
        return self.control("clock", {"advance_ms": ms})

    def requests(self, action=None):
        return self.control("requests" + (f"?action={action}" if action else ""))


class Reply:
    def __init__(self, response, body):
        self.status, self.body = response.status, body
        self.headers = {k.lower(): v for k, v in response.getheaders()}

    @property
    def xml(self):
        """The document without its namespace."""
        return ElementTree.fromstring(re.sub(rb' xmlns="[^"]*"', b"", self.body, count=1))

    def all(self, path):
        return [e.text or "" for e in self.xml.findall(path)]

    def one(self, path):
        found = self.all(path)
        if len(found) != 1:
            raise AssertionError(f"{path}: {found} in {self.body}")
        return found[0]

    @property
    def code(self):
        """The error's code, None for a success."""
        return next((e.findtext("Code") for e in self.xml.iter("Error")), None)

    @property
    def message(self):
        return next((e.findtext("Message") for e in self.xml.iter("Error")), None)

    def __str__(self):
        return f"{self.status} {self.body.decode('utf-8', 'replace')}"


def encode(params):
    return urllib.parse.urlencode(params, quote_via=urllib.parse.quote, safe="-_.~")


class Client:
    """Signs with what it is given; every part can be made wrong."""

    def __init__(self, sim, key=KEY, secret=SECRET, token=None, region="us-east-1"):
        self.sim, self.key, self.secret, self.token, self.region = sim, key, secret, token, region
        self.connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=30)

    def close(self):
        self.connection.close()

    def sign(self, method, path, query, headers, body, service, when):
        names = ";".join(sorted(k.lower() for k in headers))
        lines = "".join(f"{k}:{headers[n]}\n" for k, n in sorted((n.lower(), n) for n in headers))
        text = "\n".join([method, path, query, lines, names, hashlib.sha256(body).hexdigest()])
        scope = f"{when[:8]}/{self.region}/{service}/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", when, scope, hashlib.sha256(text.encode()).hexdigest()])
        key = b"AWS4" + self.secret.encode()
        for part in [*scope.split("/"), text]:
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return (f"AWS4-HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders={names}, "
                f"Signature={key.hex()}")

    def call(self, action, params=None, service="ec2", method="POST", path="/", skew=0, headers=None,
             unsigned=None, signed=True):
        fields = encode({"Action": action, "Version": NAMES[service], **(params or {})})
        query, body = (fields, b"") if method == "GET" else ("", fields.encode())
        query = "&".join(sorted(query.split("&")))
        now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=skew)
        when = now.strftime("%Y%m%dT%H%M%SZ")
        head = {"Host": f"127.0.0.1:{self.sim.port}", "X-Amz-Date": when, **(headers or {})}
        if method == "POST":
            head["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        if self.token:
            head["X-Amz-Security-Token"] = self.token
        if signed:
            authorization = self.sign(method, path, query, head, body, service, when)
            head = {**head, "Authorization": authorization}
        self.connection.request(method, path + ("?" + query if query else ""), body,
                                {**head, **(unsigned or {})})
        response = self.connection.getresponse()
        return Reply(response, response.read())

    def ok(self, action, params=None, **more):
        reply = self.call(action, params, **more)
        if reply.status != 200:
            raise AssertionError(f"{action}: {reply}")
        return reply

    def image(self, name="debian-12-amd64*"):
        """The newest image of a name."""
        r = self.ok("DescribeImages", {"Filter.1.Name": "name", "Filter.1.Value.1": name})
        return max(r.xml.findall("imagesSet/item"), key=lambda e: e.findtext("creationDate")).findtext("imageId")

    def run(self, count=1, **params):
        r = self.ok("RunInstances", {"ImageId": self.image(), "InstanceType": "t3.micro", "MinCount": 1,
                                     "MaxCount": count, **params})
        ids = r.all("instancesSet/item/instanceId")
        return ids if count > 1 else ids[0]

    def states(self, *ids):
        r = self.ok("DescribeInstances", {f"InstanceId.{n + 1}": i for n, i in enumerate(ids)})
        return r.all("reservationSet/item/instancesSet/item/instanceState/name")


class Case(unittest.TestCase):
    """A simulator and a client for each test."""

    args, seed = (), None

    def setUp(self):
        self.sim = Sim(*self.args, seed=self.seed)
        self.addCleanup(self.sim.close)
        self.client = self.connect()

    def connect(self, **how):
        client = Client(self.sim, **how)
        self.addCleanup(client.close)
        return client

    def refused(self, reply, status, code):
        self.assertEqual((reply.status, reply.code), (status, code), reply)
        return reply


SKIPPED = 77  # what ctest takes for "skipped"


def main():
    """Runs the tests; one that was skipped is told to ctest, with its reason."""
    result = unittest.main(exit=False).result
    for test, reason in result.skipped:
        print(f"SKIP {test}: {reason}")
    raise SystemExit(not result.wasSuccessful() or (SKIPPED if result.skipped else 0))
