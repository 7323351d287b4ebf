#!/usr/bin/env python3
"""The fault server itself: each way to misbehave is what the tests think it is."""
import gzip
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

FAULTD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "faultd.py")


class Faultd:
    def __init__(self, routes, *args):
        self.process = subprocess.Popen([sys.executable, FAULTD, "-", *args], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(json.dumps({"routes": routes}) + "\n")
        self.process.stdin.flush()
        word, port = self.process.stdout.readline().split()
        assert word == "ready"
        self.port = int(port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.status = self.process.wait(5)
        self.process.stdout.close()

    def get(self, path, method="GET", body=None, headers=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            c.request(method, path, body, headers or {})
            r = c.getresponse()
            return r.status, r.read(), dict(r.getheaders())
        finally:
            c.close()

    def stats(self):
        return json.loads(self.get("/_stats")[1])

    def raw(self, path):
        with socket.create_connection(("127.0.0.1", self.port), 10) as s:
            s.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            data = b""
            while piece := s.recv(65536):
                data += piece
            return data


def route(path, *replies, **more):
    return {"path": path, "replies": list(replies), **more}


class Test(unittest.TestCase):
    def test_replies_in_turn_then_the_last(self):
        with Faultd([route("/a", {"status": 503, "times": 2, "headers": {"Retry-After": "1"}}, {"json": [1]})]) as f:
            self.assertEqual([f.get("/a")[0] for _ in range(4)], [503, 503, 200, 200])
            self.assertEqual(f.stats()["paths"], {"GET /a": 4})
            f.get("/_reset")
            self.assertEqual(f.stats()["paths"], {})
            self.assertEqual(f.get("/b")[0], 404)
        self.assertEqual(f.status, 0)

    def test_pages_hold_each_item_once(self):
        for style in ("marker", "link", "none"):
            spec = {"count": 25, "page": 10, "key": "things" if style == "marker" else "", "style": style}
            with Faultd([route("/l", {"list": spec})]) as f:
                seen, url = [], "/l"
                while url:
                    _, body, headers = f.get(url)
                    page = json.loads(body)
                    seen += page["things"] if style == "marker" else page
                    if style == "marker":
                        url = f"/l?marker={page['next']}" if "next" in page else None
                    else:
                        link = headers.get("Link")
                        url = link[1:link.index(">")] if link else None
                self.assertEqual([i["id"] for i in seen], [str(i) for i in range(25)])

    def test_a_page_that_names_itself(self):
        spec = {"count": 25, "page": 10, "key": "t", "repeat_at": 1}
        with Faultd([route("/l", {"list": spec})]) as f:
            self.assertEqual(json.loads(f.get("/l?marker=10")[1])["next"], "10")

    def test_cuts(self):
        with Faultd([route("/cut", {"body": "x" * 1000, "cut": 100}),
                     route("/rst", {"body": "x" * 1000, "cut": 100, "reset": True}),
                     route("/after", {"close": "after"}), route("/before", {"close": "before"}),
                     route("/short", {"body": "x", "length": 9}),
                     route("/chunks", {"body": "x" * 9, "chunked": "cut", "drip": [4, 0]}),
                     route("/bad", {"body": "x", "chunked": "bad"})]) as f:
            for path in ("/cut", "/short", "/chunks"):
                with self.assertRaises(http.client.IncompleteRead, msg=path):
                    f.get(path)
            self.assertTrue(f.raw("/chunks").endswith(b"\r\n1\r\nx\r\n"))
            self.assertIn(b"\r\n\r\nzz\r\nx", f.raw("/bad"))
            self.assertEqual(f.raw("/after"), b"")
            self.assertEqual(f.raw("/before"), b"")
            with self.assertRaises((ConnectionResetError, http.client.IncompleteRead)):
                f.get("/rst")

    def test_codings_and_heads(self):
        with Faultd([route("/gz", {"body": "hello", "gzip": True}), route("/wrong", {"body": "hello", "gzip": "wrong"}),
                     route("/many", {"many_headers": 1000}), route("/interim", {"interim": [103], "body": "x"}),
                     route("/html", {"status": 500, "type": "text/html", "body": "<html>"})]) as f:
            self.assertEqual(gzip.decompress(f.get("/gz")[1]), b"hello")
            self.assertEqual(f.get("/wrong")[1:][0], b"hello")
            with socket.create_connection(("127.0.0.1", f.port)) as s:
                s.sendall(b"GET /many HTTP/1.1\r\n\r\n")
                data = b""
                while b"X-Many-999" not in data:
                    data += s.recv(65536)
            with socket.create_connection(("127.0.0.1", f.port)) as s:
                s.sendall(b"GET /interim HTTP/1.1\r\n\r\n")
                self.assertTrue(s.recv(65536).startswith(b"HTTP/1.1 103 "))
            self.assertEqual(f.get("/html")[2]["Content-Type"], "text/html")

    def test_large_bodies_are_cheap_to_make(self):
        with Faultd([route("/fill", {"fill": 5 << 30}), route("/values", {"values": 2500, "chunked": True})]) as f:
            c = http.client.HTTPConnection("127.0.0.1", f.port, timeout=10)
            c.request("GET", "/fill")
            r = c.getresponse()
            self.assertEqual(r.getheader("Content-Length"), str(5 << 30))
            self.assertEqual(len(r.read(50 << 20)), 50 << 20)
            c.close()
            lines = f.get("/values")[1].splitlines()
            self.assertEqual(json.loads(lines[2499]), {"i": 2499})

    def test_tokens(self):
        with Faultd([route("/login", {"gives_token": ["t", 2, 0], "json": {"token": "{token}"}}),
                     route("/x", {"token": "t", "body": "in"})]) as f:
            self.assertEqual(f.get("/x")[0], 401)
            token = json.loads(f.get("/login")[1])["token"]
            good = {"X-Auth-Token": token}
            self.assertEqual([f.get("/x", headers=good)[0] for _ in range(3)], [200, 200, 401])
            f.get("/login")
            self.assertEqual(f.get("/x", headers=good)[0], 401)
            self.assertEqual(f.stats()["tokens"], {"t": 2})

    def test_requests_are_recorded(self):
        with tempfile.TemporaryDirectory() as d:
            with Faultd([route("/e*", {"echo": True})], "--log", f"{d}/log") as f:
                seen = json.loads(f.get("/echo?a=b", "POST", iter([b"one", b"two"]))[1])
                self.assertEqual((seen["method"], seen["path"], seen["query"], seen["body"]),
                                 ("POST", "/echo", {"a": "b"}, "onetwo"))
                self.assertIn("POST", f.get("/_log")[1].decode())
            with open(f"{d}/log", encoding="utf-8") as log:
                self.assertEqual(json.loads(log.readline())["size"], 6)

    def test_silence_holds_nobody_else_up(self):
        with Faultd([route("/never", {"never": True}), route("/slow", {"delay": 0.3})]) as f:
            with socket.create_connection(("127.0.0.1", f.port)) as s:
                s.sendall(b"GET /never HTTP/1.1\r\n\r\n")
                threads = [threading.Thread(target=f.get, args=("/slow",)) for _ in range(48)]
                start = time.monotonic()
                for t in threads:
                    t.start()
                for t in threads:
                    t.join()
                self.assertGreaterEqual(f.stats()["parallel"], 40)
                self.assertLess(time.monotonic() - start, 48 * 0.3 / 2)
                s.settimeout(0.1)
                self.assertRaises(TimeoutError, s.recv, 1)
        self.assertEqual(f.status, 0)

    def test_sockets_upgrades_and_tunnels(self):
        with tempfile.TemporaryDirectory() as d, \
                Faultd([route("/up", {"upgrade": True})], "--unix", f"{d}/s") as f, \
                Faultd([route("*", {"tunnel": True}, method="CONNECT")]) as proxy, \
                Faultd([route("/far", {"body": "far"})]) as far:
            self.assertEqual(f.port, 0)
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(f"{d}/s")
                s.sendall(b"GET /up HTTP/1.1\r\nUpgrade: tcp\r\n\r\n")
                self.assertIn(b" 101 ", s.recv(65536))
                s.sendall(b"ping")
                self.assertEqual(s.recv(100), b"ping")
            c = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=10)
            c.set_tunnel("127.0.0.1", far.port)
            c.request("GET", "/far")
            self.assertEqual(c.getresponse().read(), b"far")
            c.close()


if __name__ == "__main__":
    unittest.main()
