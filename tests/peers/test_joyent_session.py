#!/usr/bin/env python3
"""The whole session of py-smartdc's README, as examples/smartdc.c has it, against a CloudAPI of its time.

The machine's address is this host's, in the world of ssh_case.py: a real sshd runs the command, whose pkgin says what
the README's does. Where nobody lets in, that is said, and the session goes on.
"""
import json
import os
import subprocess
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import ssh_case
from ssh_case import sh

KEY = os.path.join(os.environ["NUBE_TEST_SOURCE"], "tests", "unit", "vectors", "joyent", "rsa2048.pkcs8.pem")
MD5 = "23:c7:c0:a8:64:95:b0:5d:63:04:94:c4:46:85:36:db"


def dataset(number, name, version):
    return {"id": f"1fc068b0-13b0-11e2-9f4e-2f3f6a96d90{number}", "urn": f"sdc:sdc:{name}:{version}", "name": name,
            "os": "smartos", "type": "smartmachine", "default": number == 1, "version": version, "requirements": {}}


class CloudApi(BaseHTTPRequestHandler):
    """One machine, which is provisioned and stopped after a look or two. Version 7: datasets with URNs."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body=None):
        text = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Api-Version", "7.1.0")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def machine(self):
        s = self.server
        return {"id": "m1", "name": s.made["name"], "type": "smartmachine", "state": s.state, "ips": ["127.0.0.1"],
                "dataset": s.made["dataset"], "memory": 1024, "disk": 30720, "metadata": {}, "tags": {}}

    def handle_one(self):
        s, length = self.server, int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        what = f"{self.command} {self.path}"
        s.seen.append(what)
        if 'Signature keyId="/test/keys/test_key",algorithm="rsa-sha256"' not in self.headers.get("Authorization", ""):
            return self.answer(401, {"code": "InvalidCredentials", "message": "no"})
        fixed = {
            "GET /my/keys": [{"name": "test_key", "fingerprint": MD5, "key": "ssh-rsa AAAAB3NzaC1yc2E= t"}],
            "GET /my/datacenters": {"us-east-1": f"http://127.0.0.1:{s.server_address[1]}/east"},
            "GET /east/my/packages": [{"name": "Large 16GB", "memory": 16384, "disk": 491520, "default": False},
                                      {"name": "Small 1GB", "memory": 1024, "disk": 30720, "default": "true"}],
            "GET /east/my/datasets": [dataset(1, "smartos64", "1.9.0"), dataset(2, "smartos64", "1.10.1"),
                                      dataset(3, "nodejs", "3.0.0")],
        }
        one = dataset(2, "smartos64", "1.10.1")
        fixed["GET /east/my/datasets/" + one["id"]] = one
        if what in fixed:
            return self.answer(200, fixed[what])
        if what == "POST /east/my/machines":
            s.made, s.state = json.loads(body), "provisioning"
            return self.answer(201, self.machine())
        if what == "GET /east/my/machines/m1":
            s.state = {"provisioning2": "running", "stopping": "stopped"}.get(s.state, s.state)
            reply = self.machine()
            reply["state"] = reply["state"].rstrip("2")
            s.state += "2" if s.state == "provisioning" else ""
            return self.answer(200, reply)
        if what == "POST /east/my/machines/m1?action=stop":
            s.state = "stopping"
            return self.answer(202)
        if what == "DELETE /east/my/machines/m1" and s.state == "stopped":
            return self.answer(204)
        return self.answer(404, {"code": "ResourceNotFound", "message": what})

    do_GET = do_POST = do_DELETE = handle_one


world = None


def setUpModule():
    global world
    world = ssh_case.World(nodes=1)
    sh("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/usr/local/sbin")
    with open("/usr/local/sbin/pkgin", "w", encoding="ascii") as f:
        f.write("#!/bin/sh\n[ \"$*\" = ls ] && printf 'zip-3.0nb1           Create zip files\\nlibsaml-2.4   The SAML library\\n'\n")
    os.chmod("/usr/local/sbin/pkgin", 0o755)
    with open(world.path("home", ".ssh", "known_hosts"), "a", encoding="ascii") as f:
        f.write("127.0.0.1 " + world.read("host.pub"))


def tearDownModule():
    world.close()


class Session(unittest.TestCase):
    def session(self, ssh_config):
        world.write("home/.ssh/config", ssh_config, 0o600)
        server = ThreadingHTTPServer(("127.0.0.1", 0), CloudApi)
        server.seen, server.state, server.made = [], "", {}
        self.addCleanup(server.server_close)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        env = world.env(**{k: v for k, v in os.environ.items() if k.startswith("NUBE_")})
        r = subprocess.run([os.environ["SMARTDC"], "us-east-1", f"endpoint=http://127.0.0.1:{server.server_address[1]}",
                            "key_id=/test/keys/test_key", f"key_file={KEY}", "agent=no"],
                           capture_output=True, text=True, env=env, timeout=120)
        self.assertEqual(r.returncode, 0, r.stderr + r.stdout)
        lines = r.stdout.splitlines()
        self.assertEqual(lines[:4], [f"key test_key {MD5}", "default package: Small 1GB",
                                     "newest smartos64: smartos64@1.10.1", "machine test-machine is provisioning"])
        self.assertEqual(lines[-1], "machine test-machine is deleted")
        self.assertEqual(server.made, {"name": "test-machine", "dataset": dataset(2, "smartos64", "1.10.1")["id"],
                                       "package": "Small 1GB"})
        self.assertEqual(server.seen[-1], "DELETE /east/my/machines/m1")
        return lines[4:-1]

    def test_readme(self):
        self.assertEqual(self.session(f"Host 127.0.0.1\n  User root\n  IdentityFile {world.path('root')}\n"),
                         ["package zip-3.0nb1: Create zip files", "package libsaml-2.4: The SAML library"])

    def test_a_machine_that_lets_nobody_in_does_not_stay(self):
        said, = self.session("")
        self.assertRegex(said, r"^no packages: 127\.0\.0\.1 port 22 ")


if __name__ == "__main__":
    ssh_case.main()
