#!/usr/bin/env python3
"""mist.io's documented listings of NephoScale, from records as the provider has them. NUBE=path of the command.

samples/nephoscale-listings.json is what mist.client's documentation shows; each of its fields is compared whole.
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
FAULTD = os.path.join(HERE, "..", "support", "faultd.py")
with open(os.path.join(HERE, "samples", "nephoscale-listings.json"), encoding="utf-8") as f:
    WANTED = json.load(f)
API = "https://api.nephoscale.com"


def image(number, name, architecture):
    return {"id": number, "friendly_name": name, "architecture": architecture, "base_type": "linux",
            "deployable_type": "both", "is_active": True, "is_default": False, "max_cpu": 16, "max_memory": 128,
            "create_time": "2012-05-03 12:00:00", "uri": f"{API}/image/server/{number}/"}


def size(number, sku, text, ram):
    return {"id": number, "friendly_name": f"{sku} - {text}", "sku": {"name": sku, "description": text}, "ram": ram,
            "storage": 25, "vcpus": 1, "billable_type": 1, "uri": f"{API}/server/type/cloud/{number}/"}


def zone(number, name, code):
    center = {"id": number + 1, "name": name, "airport_code": code, "uri": f"{API}/datacenter/{number + 1}/"}
    return {"id": number, "name": name, "uri": f"{API}/datacenter/zone/{number}/", "datacenter": center}


RECORDS = {
    "/image/server/": [
        image(3, "Linux CentOS 5.5 32-bit", "x86"), image(5, "Linux CentOS 5.5 64-bit", "x86_64"),
        image(23, "Linux Debian Server 5.05 32-bit", "x86"), image(43, "Linux Ubuntu Server 10.04 LTS 32-bit", "x86"),
        image(45, "Linux CentOS 5.7 32-bit", "x86"), image(49, "Linux Ubuntu Server 10.04 LTS 64-bit", "x86_64"),
        image(51, "Linux Debian Server 6.0.3 64-bit", "x86_64"), image(55, "Linux Debian 5.0.9 64-bit", "x86_64")],
    "/server/type/cloud/": [size(219, "CS05-SSD", "0.5GB, 1Core, 25GB, 10 Gbps", 512),
                            size(221, "CS1-SSD", "1GB, 1Core, 25GB, 10 Gbps", 1024)],
    "/server/type/dedicated/": [],
    "/datacenter/zone/": [zone(86945, "SJC-1", "SJC"), zone(87729, "RIC-1", "RIC")],
}


def route(path, rows):
    body = {"success": True, "total_count": len(rows), "subcode": 0, "response": 200,
            "message": "Your request was processed successfully.", "data": rows}
    return {"method": "GET", "path": path, "replies": [{"json": body}]}


class Listings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scenario = json.dumps({"routes": [route(*item) for item in RECORDS.items()]})
        cls.server = subprocess.Popen([sys.executable, FAULTD, scenario], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)
        cls.home = tempfile.TemporaryDirectory(prefix="nube-cli-")
        port = cls.server.stdout.readline().split()[-1]
        cls.nube("backend", "add", "nepho", "nephoscale", "key=me", "secret=geheim", f"endpoint=http://127.0.0.1:{port}")

    @classmethod
    def tearDownClass(cls):
        cls.server.communicate("")
        cls.home.cleanup()

    @classmethod
    def nube(cls, *args):
        env = {"HOME": cls.home.name, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        env.update((k, v) for k, v in os.environ.items() if k.startswith(("ASAN_", "UBSAN_", "LSAN_", "LD_")))
        where = ["--driver-path", os.environ["NUBE_DRIVERS"], "--service-path", os.environ["NUBE_SERVICES"]]
        done = subprocess.run([os.environ["NUBE"], *where, *args], capture_output=True, text=True, env=env, timeout=60,
                              check=False)
        if done.returncode:
            raise AssertionError(f"nube {' '.join(args)}: {done.stderr}")
        return done.stdout

    def listed(self, *args):
        return json.loads(self.nube(*args, "-b", "nepho", "-o", "json"))

    def same(self, got, wanted):
        """The command sorts by name, the documentation does not."""
        got.sort(key=lambda row: int(row["id"]))
        self.assertEqual([{name: row.get(name, "(absent)") for name in wanted[0]} for row in got],
                         sorted(wanted, key=lambda row: int(row["id"])))

    def test_images(self):
        self.same(self.listed("image", "list"), WANTED["images"])

    def test_image_search(self):
        self.same(self.listed("image", "search", "Debian"), [i for i in WANTED["images"] if i["id"] in ("23", "51", "55")])

    def test_sizes(self):
        self.same(self.listed("size", "list"), WANTED["sizes"])

    def test_locations(self):
        self.same(self.listed("location", "list"), WANTED["locations"])


if __name__ == "__main__":
    unittest.main()
