"""Faults on demand, the log, settings, reset and clock; keep-alive, chunks and gzip."""
import gzip
import http.client
import socket
import threading
import time

import simtest


class Faults(simtest.Case):
    def count(self):
        return self.sim.control("")["instances"]

    def test_latency_waits_without_holding_up_others(self):
        self.sim.fault("DescribeRegions", "latency", ms=600)
        slow, took, started = self.connect(), [], time.monotonic()

        def ask():
            slow.ok("DescribeRegions")
            took.append(time.monotonic() - started)

        thread = threading.Thread(target=ask)
        thread.start()
        while not self.sim.requests("DescribeRegions"):
            pass
        self.client.ok("DescribeKeyPairs")
        self.assertFalse(took)
        thread.join(20)
        self.assertGreaterEqual(took[0], 0.6)

    def test_errors_by_code_have_their_status(self):
        for code, status in [("InternalError", 500), ("Unavailable", 503), ("RequestLimitExceeded", 503),
                             ("InsufficientInstanceCapacity", 500), ("AuthFailure", 401),
                             ("UnauthorizedOperation", 403), ("InvalidAMIID.NotFound", 400)]:
            self.sim.fault("DescribeRegions", "error", code=code, message="of the <test>")
            r = self.client.call("DescribeRegions")
            self.refused(r, status, code)
            self.assertEqual(r.message, "of the <test>")
            self.assertTrue(r.one("RequestID"))
            self.client.ok("DescribeRegions")
        self.sim.fault("GetCallerIdentity", "error", status=500)
        r = self.client.call("GetCallerIdentity", service="sts")
        self.assertEqual((r.status, r.xml.tag, r.code), (500, "ErrorResponse", "InternalError"))

    def test_not_carried_out_unless_told(self):
        image = self.client.image()
        launch = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"}
        for kind in ["error", "html", "empty"]:
            before = self.count()
            self.sim.fault("RunInstances", kind, status=503)
            self.assertEqual(self.client.call("RunInstances", launch).status, 503)
            self.assertEqual(self.count(), before)
            self.sim.fault("RunInstances", kind, status=503, carried_out=True)
            self.assertEqual(self.client.call("RunInstances", launch).status, 503)
            self.assertEqual(self.count(), before + 1)

    def test_html_and_empty(self):
        self.sim.fault("*", "html", status=502)
        r = self.client.call("DescribeRegions")
        self.assertEqual((r.status, r.headers["content-type"]), (502, "text/html"))
        self.assertIn(b"<html>", r.body)
        self.sim.fault("*", "html", status=200)
        self.assertEqual(self.client.call("DescribeRegions").status, 200)
        self.sim.fault("*", "empty", status=500)
        r = self.client.call("DescribeRegions")
        self.assertEqual((r.status, r.body), (500, b""))

    def test_truncated(self):
        for chunked in [True, False]:
            self.sim.set(chunked=chunked)
            self.sim.fault("DescribeRegions", "truncate")
            with self.assertRaises(http.client.IncompleteRead) as caught:
                self.connect().call("DescribeRegions")
            self.assertTrue(caught.exception.partial.startswith(b"<?xml"))

    def test_resets_before_and_after(self):
        launch = {"ImageId": self.client.image(), "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro",
                  "ClientToken": "once"}
        self.sim.fault("RunInstances", "reset-before")
        with self.assertRaises(ConnectionError):
            self.connect().call("RunInstances", launch)
        self.assertEqual(self.count(), 0)
        self.sim.fault("RunInstances", "reset-after")
        with self.assertRaises(ConnectionError):
            self.connect().call("RunInstances", launch)
        self.assertEqual(self.count(), 1)
        # The same token: the instance that is there, and no other.
        self.connect().ok("RunInstances", launch)
        self.assertEqual(self.count(), 1)
        self.assertEqual([r["fault"] for r in self.sim.requests("RunInstances")],
                         ["reset-before", "reset-after", None])

    def test_a_reset_is_one(self):
        self.sim.fault("*", "reset-before")
        with socket.create_connection(("127.0.0.1", self.sim.port), 10) as s:
            s.sendall(b"GET /?Action=X HTTP/1.1\r\nHost: x\r\n\r\n")
            with self.assertRaises(ConnectionResetError):
                while s.recv(1000):
                    pass

    def test_close(self):
        self.client.ok("DescribeRegions")
        self.sim.fault("*", "close")
        self.assertEqual(self.client.ok("DescribeRegions").headers["connection"], "close")

    def test_skip_count_and_patterns(self):
        self.sim.control("faults", [{"action": "Describe*", "kind": "error", "status": 500, "skip": 2, "count": 2}])
        self.client.ok("GetCallerIdentity", service="sts")  # does not match
        self.assertEqual([self.client.call("DescribeRegions").status for _ in range(5)], [200, 200, 500, 500, 200])
        self.sim.fault("*", "error", status=500, count=100)
        self.sim.control("faults", method="DELETE")
        self.client.ok("DescribeRegions")

    def test_faults_that_are_wrong(self):
        for body, words in [([{"kind": "nothing"}], "there is no fault"), ({"kind": "error"}, "needs a code"),
                            ({"kind": "html", "status": 99}, "from 200 to 599"), ({"kind": "html", "x": 1}, "no \"x\""),
                            ([{"kind": "close"}, 7], "is an object"), ({}, "needs a kind"),
                            ({"kind": "error", "code": "x" * 100}, "too long")]:
            self.assertIn(words, self.sim.control("faults", body, status=400)["error"])
        self.assertEqual(self.sim.control("faults"), [])


class Wire(simtest.Case):
    def test_keep_alive(self):
        for _ in range(5):
            self.client.ok("DescribeRegions")
        self.assertEqual(len({r["connection"] for r in self.sim.requests("DescribeRegions")}), 1)

    def test_gzip_when_asked(self):
        plain = self.client.ok("DescribeInstanceTypes")
        packed = self.client.ok("DescribeInstanceTypes", unsigned={"Accept-Encoding": "gzip"})
        self.assertNotIn("content-encoding", plain.headers)
        self.assertEqual(packed.headers["content-encoding"], "gzip")
        unpacked = gzip.decompress(packed.body)
        self.assertLess(len(packed.body), len(unpacked) / 4)
        cut = lambda b: b[b.index(b"<instanceTypeSet>"):]
        self.assertEqual(cut(unpacked), cut(plain.body))
        self.sim.set(gzip=False)
        r = self.client.ok("DescribeInstanceTypes", unsigned={"Accept-Encoding": "gzip"})
        self.assertNotIn("content-encoding", r.headers)

    def test_chunks_or_a_length(self):
        self.assertEqual(self.client.ok("DescribeInstanceTypes").headers.get("transfer-encoding"), "chunked")
        self.sim.set(chunked=False)
        r = self.client.ok("DescribeInstanceTypes")
        self.assertEqual(int(r.headers["content-length"]), len(r.body))

    def test_get_and_any_path(self):
        self.client.ok("DescribeRegions", method="GET")
        self.client.ok("DescribeRegions", path="/services/Cloud/")

    def test_too_large(self):
        c = http.client.HTTPConnection("127.0.0.1", self.sim.port, timeout=30)
        self.addCleanup(c.close)
        c.request("POST", "/", b"x" * (17 << 20))
        self.assertEqual(c.getresponse().status, 413)
        self.client.ok("DescribeRegions")

    def test_garbage_is_survived(self):
        for data in [b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                     b"POST /?%%%=%zz&&&=&A HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                     b"Content-Length: 7\r\n\r\n%=&%41%", b"GET /latest/meta-data/%00 HTTP/1.1\r\nHost: x\r\n\r\n",
                     b"GET /v2/credentials/%41%4 HTTP/1.1\r\nHost: x\r\n\r\n"]:
            with socket.create_connection(("127.0.0.1", self.sim.port), 10) as s:
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
                while s.recv(65536):
                    pass
        self.client.ok("DescribeRegions")


class Control(simtest.Case):
    seed = {"instances": [{"count": 3}], "settings": {"pending_ms": 5}}

    def test_reset_goes_back_to_the_seed(self):
        self.client.run(2)
        self.sim.fault("*", "close", count=9)
        self.sim.advance(1000)
        self.assertEqual(self.sim.control("")["instances"], 5)
        back = self.sim.control("reset", {})
        self.assertEqual((back["instances"], back["faults"]), (3, 0))
        self.assertEqual(self.sim.control("clock")["advanced_ms"], 0)
        self.client.ok("DescribeInstances")

    def test_seed_adds(self):
        self.assertEqual(self.sim.control("seed", {"instances": {"count": 4}})["instances"], 7)
        self.assertIn("no instance type", self.sim.control("seed", {"instances": {"type": "x"}}, status=400)["error"])

    def test_settings(self):
        self.assertEqual(self.sim.set(page_cap=7)["page_cap"], 7)
        self.assertEqual(self.sim.control("settings")["pending_ms"], 5)
        self.assertIn("no setting", self.sim.control("settings", {"page_cap": "x"}, status=400)["error"])

    def test_the_log(self):
        self.sim.set(log_size=3)
        for _ in range(4):
            self.client.ok("DescribeRegions")
        self.client.call("DescribeInstances", {"InstanceId.1": "i-123"})
        log = self.sim.requests()
        self.assertEqual([r["action"] for r in log], ["DescribeRegions"] * 2 + ["DescribeInstances"])
        last = log[-1]
        self.assertEqual((last["code"], last["status"], last["who"], last["params"]["InstanceId.1"]),
                         ("InvalidInstanceID.NotFound", 400, simtest.KEY, "i-123"))
        self.assertTrue(last["request_id"])
        self.assertEqual(self.sim.control("requests", method="DELETE"), [])

    def test_what_is_not_there(self):
        self.sim.control("nothing", status=404)
        self.sim.control("stop", status=405)
        c = http.client.HTTPConnection("127.0.0.1", self.sim.port, timeout=30)
        self.addCleanup(c.close)
        c.request("POST", "/_nube-sim/faults", b"{")
        self.assertEqual(c.getresponse().status, 400)


if __name__ == "__main__":
    simtest.main()
