#!/usr/bin/env python3
"""Which certificates an account trusts: its own ca_path is all of them, whatever the environment names. NUBE=path of the command."""
import http.server
import os
import ssl
import subprocess
import tempfile
import threading
import unittest

NUBE = os.environ.get("NUBE", "nube")
WHERE = ["--driver-path", os.environ.get("NUBE_DRIVERS", ""), "--service-path", os.environ.get("NUBE_SERVICES", "")]
REPLY = b'<DescribeInstancesResponse xmlns="x"><requestId>r</requestId><reservationSet/></DescribeInstancesResponse>'


class NoInstances(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(REPLY)))
        self.end_headers()
        self.wfile.write(REPLY)

    def log_message(self, *_):
        pass


def certificate(to):
    """A certificate of its own for 127.0.0.1, and a directory with its hash link beside an empty one."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{to}/key.pem", "-out", f"{to}/cert.pem",
                    "-days", "2", "-subj", "/CN=t", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    os.mkdir(f"{to}/good")
    os.mkdir(f"{to}/empty")
    os.link(f"{to}/cert.pem", f"{to}/good/cert.pem")
    subprocess.run(["openssl", "rehash", f"{to}/good"], check=True, capture_output=True)


class Trust(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = tempfile.TemporaryDirectory(prefix="nube-trust-")
        certificate(cls.dir.name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{cls.dir.name}/cert.pem", f"{cls.dir.name}/key.pem")
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), NoInstances)
        cls.server.socket = context.wrap_socket(cls.server.socket, server_side=True)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        cls.dir.cleanup()

    def list(self, bundle, *options):
        home = tempfile.mkdtemp(dir=self.dir.name)
        env = {"HOME": home, "PATH": os.environ["PATH"], "AWS_CA_BUNDLE": f"{self.dir.name}/{bundle}"}
        env.update({k: v for k, v in os.environ.items() if k.startswith(("ASAN_", "UBSAN_", "LSAN_", "LD_"))})
        url = f"https://127.0.0.1:{self.server.server_address[1]}"
        words = ["backend", "add", "it", "ec2", f"endpoint={url}", "region=r", "key=AKIAEXAMPLE", "secret=s" * 8, "retries=0", *options]
        added = subprocess.run([NUBE, *WHERE, *words], env=env, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(added.returncode, 0, added)
        return subprocess.run([NUBE, *WHERE, "-o", "id", "node", "list"], env=env, capture_output=True, text=True, timeout=60, check=False)

    def test_the_bundle_of_the_environment_is_trusted(self):
        done = self.list("cert.pem")
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)

    def test_an_own_directory_is_enough(self):
        done = self.list("no-such.pem", f"ca_path={self.dir.name}/good")
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)

    def test_an_own_directory_is_all(self):
        done = self.list("cert.pem", f"ca_path={self.dir.name}/empty")
        self.assertNotEqual(done.returncode, 0, done)
        self.assertIn("certificate", done.stderr)


unittest.main()
