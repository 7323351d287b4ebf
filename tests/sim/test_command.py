"""nube-sim as a command: help, usage, the ready line, TLS, and every way to end it."""
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import unittest

import simtest


def run(*args, **how):
    return subprocess.run([simtest.command(), *args], capture_output=True, text=True, timeout=60, **how)


class Usage(unittest.TestCase):
    def test_help(self):
        r = run("--help")
        self.assertEqual((r.returncode, r.stderr), (0, ""))
        for word in ["--seed FILE", "--tls-cert FILE", "reset-before", "visible_after_requests", "Exit status"]:
            self.assertIn(word, r.stdout)
        self.assertEqual(run("-h").stdout, r.stdout)
        self.assertRegex(run("--version").stdout, r"^nube-sim \d+\.\d+\.\d+\n$")

    def test_man_page(self):
        page = run("--man").stdout
        self.assertTrue(page.startswith(".TH NUBE-SIM 1 "))
        r = subprocess.run(["man", "--warnings", "-l", "-"], input=page, capture_output=True, text=True,
                           timeout=60) if os.path.exists("/usr/bin/man") else None
        if r:
            self.assertEqual(r.stderr, "")

    def test_wrong_usage(self):
        for args, words in [([], "which provider"), (["--provider", "x"], "no such provider"),
                            (["--nothing"], "no such option"), (["--provider"], "needs a value"),
                            (["--provider", "ec2", "--port", "x"], "--port takes a number"),
                            (["--provider", "ec2", "--port", "65536"], "--port takes a number"),
                            (["--provider", "ec2", "--set", "nothing=1"], "no setting \"nothing\""),
                            (["--provider", "ec2", "--set", "gzip=perhaps"], "\"perhaps\""),
                            (["--provider", "ec2", "--tls-cert", "x"], "go together"),
                            (["--help=no"], "takes no value")]:
            r = run(*args)
            self.assertEqual((r.returncode, r.stdout), (2, ""), args)
            self.assertIn(words, r.stderr)
            self.assertEqual(r.stderr.count("\n"), 1)

    def test_what_cannot_be_done(self):
        with tempfile.NamedTemporaryFile("w") as bad, socket.socket() as taken:
            bad.write('{"instances": [{"nonsense": 1}]}')
            bad.flush()
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            for args, words in [(["--seed", "/nonexistent"], "No such file"),
                                (["--seed", bad.name], "has no \"nonsense\""),
                                (["--listen", "nowhere"], "not an IPv4 or IPv6 address"),
                                (["--port", str(taken.getsockname()[1])], "cannot listen"),
                                (["--tls-cert", bad.name, "--tls-key", bad.name], "certificate")]:
                r = run("--provider", "ec2", *args)
                self.assertEqual(r.returncode, 1, args)
                self.assertIn(words, r.stderr)

    def test_seeds_that_are_wrong(self):
        for seed, words in [("[]", "JSON object"), ("{", "not JSON"), ("{} x", "after its end"),
                            ('{"nothing": 1}', "no \"nothing\""),
                            ('{"credentials": [{"access_key": "x"}]}', "secret_key"),
                            ('{"roles": [{"arn": "x"}]}', "arn:aws:iam"),
                            ('{"instances": [{"region": "x"}]}', "no such region"),
                            ('{"instances": [{"type": "x"}]}', "no instance type"),
                            ('{"instances": [{"image": "ami-1"}]}', "no image"),
                            ('{"instances": [{"state": "asleep"}]}', "no state"),
                            ('{"instances": [{"id": "i-1"}, {"id": "i-1"}]}', "instance's id"),
                            ('{"keys": [{"name": "k", "public_key": "ssh-dss AAAA"}]}', "OpenSSH"),
                            ('{"settings": {"gzip": "perhaps"}}', "no setting")]:
            r = run("--provider", "ec2", "--seed", "-", input=seed)
            self.assertEqual(r.returncode, 1, seed)
            self.assertIn(words, r.stderr)
        for provider, seed, words in [("openstack", '{"instances": []}', "instances"),
                                      ("openstack", '{"servers": {"flavour": "1"}}', "servers: flavour"),
                                      ("openstack", '{"servers": {"flavor": "x"}}', "no such flavor: x"),
                                      ("openstack", '{"images": {"region": "x"}}', "no such region: x"),
                                      ("rackspace", '{"users": {"name": "u", "projects": ["x"]}}', "no such project: x"),
                                      ("openstack", '{"keys": {"name": "k", "public_key": "ssh-dss AAAA"}}', "OpenSSH"),
                                      ("rackspace-first-gen", '{"servers": {"status": "x"}}', "status x"),
                                      ("rackspace-first-gen", '{"images": []}', "images")]:
            r = run("--provider", provider, "--seed", "-", input=seed)
            self.assertEqual(r.returncode, 1, seed)
            self.assertIn(words, r.stderr)


class Manual(unittest.TestCase):
    """What docs/nube-sim.md shows works."""

    def setUp(self):
        with open(os.path.join(os.environ["NUBE_TEST_SOURCE"], "docs", "nube-sim.md"), encoding="utf-8") as f:
            self.text = f.read()

    def part(self, provider):
        """What the manual says of a provider, and the provider as it says."""
        title = {"ec2": "EC2", "openstack": "OpenStack", "joyent": "CloudAPI", "nephoscale": "NephoScale"}[provider]
        text = re.search(rf"^## {title}$(.*?)(?=^## |\Z)", self.text, re.M | re.S)[1]
        seed = json.loads(re.search(r"```json\n(.*?)```", text, re.S)[1])
        sim = simtest.Sim(provider=provider, seed=seed)
        self.addCleanup(sim.close)
        return text, sim, seed

    def test_its_seeds(self):
        for provider, wanted in [("ec2", {"instances": 100001, "keys": 1}), ("openstack", {"servers": 100001, "keys": 1}),
                                 ("joyent", {"accounts": 2, "machines": 2501, "networks": 3}),
                                 ("nephoscale", {"servers": 10, "images": 9, "keys": 2})]:
            _, sim, seed = self.part(provider)
            there = sim.control("")
            self.assertEqual({name: there[name] for name in wanted}, wanted)
            for name, value in seed.get("settings", {}).items():
                self.assertEqual(sim.control("settings")[name], value)

    def test_its_faults_and_settings_are_there(self):
        for provider, least in (("ec2", 8), ("openstack", 8), ("joyent", 7), ("nephoscale", 4)):
            text, sim, _ = self.part(provider)
            for line in re.findall(r"^curl -d '(.*?)'", self.text, re.M):
                sim.control("faults", json.loads(line))
            known = sim.control("settings")
            named = re.findall(r"\| ((?:`[a-z_0-9]+`(?:, )?)+) \|$", text, re.M)
            for name in re.findall(r"`([a-z_0-9]+)`", " ".join(named)):
                self.assertIn(name, known)
            self.assertGreater(len(named), least)


class Life(unittest.TestCase):
    def test_signals_and_control_end_it(self):
        for end in [signal.SIGTERM, signal.SIGINT, "control", "eof"]:
            sim = simtest.Sim()
            self.assertEqual(sim.control("")["provider"], "ec2")
            if end == "control":
                sim.control("stop", {})
            elif end != "eof":
                sim.process.send_signal(end)
            if end != "eof":
                self.assertEqual(sim.process.wait(20), 0, end)
            sim.close()
            with self.assertRaises(OSError):
                socket.create_connection(("127.0.0.1", sim.port), 5)

    def test_it_ends_with_replies_that_wait(self):
        sim = simtest.Sim("--set", "latency_ms=60000")
        with socket.create_connection(("127.0.0.1", sim.port), 5) as s:
            s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            while not sim.requests():
                pass
            sim.process.send_signal(signal.SIGTERM)
            self.assertEqual(sim.process.wait(20), 0)
        sim.close()

    def test_loopback_only(self):
        sim = simtest.Sim()
        self.addCleanup(sim.close)
        with open("/proc/net/tcp") as f:
            mine = [w[1] for w in (line.split() for line in f) if w[1].endswith(f":{sim.port:04X}") and w[3] == "0A"]
        self.assertEqual(mine, [f"0100007F:{sim.port:04X}"])

    def test_random_makes_runs_alike(self):
        ids = []
        for seed in ["7", "7", "8"]:
            sim = simtest.Sim("--random", seed)
            client = simtest.Client(sim)
            ids.append(client.run())
            client.close()
            sim.close()
        self.assertEqual(ids[0], ids[1])
        self.assertNotEqual(ids[0], ids[2])

    def test_tls(self):
        with tempfile.TemporaryDirectory() as d:
            cert, key = os.path.join(d, "cert"), os.path.join(d, "key")
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                            "-nodes", "-keyout", key, "-out", cert, "-days", "1", "-subj", "/CN=localhost",
                            "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True, timeout=60)
            sim = simtest.Sim("--tls-cert", cert, "--tls-key", key)
            self.addCleanup(sim.close)
            self.assertTrue(sim.url.startswith("https://127.0.0.1:"))
            context = ssl.create_default_context(cafile=cert)
            with socket.create_connection(("127.0.0.1", sim.port), 10) as s, \
                    context.wrap_socket(s, server_hostname="127.0.0.1") as tls:
                tls.sendall(b"GET /_nube-sim/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                data = b""
                while piece := tls.recv(65536):
                    data += piece
            self.assertIn(b'"provider": "ec2"', data)


if __name__ == "__main__":
    simtest.main()
