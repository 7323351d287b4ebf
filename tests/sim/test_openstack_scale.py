"""100,000 servers of OpenStack: every one once, by pages; one by id as quickly as among few; memory and time bounds."""
import json
import os
import re
import time
import unittest

import ostest
import simtest

N = 100000


class Scale(unittest.TestCase):
    """On the Release build where there is one: it is about time."""

    @classmethod
    def setUpClass(cls):
        binary = os.environ.get("NUBE_SIM_RELEASE") or None
        cls.measured = binary is not None
        seed = {"servers": {"count": N, "name": "node-{n}", "metadata": {"role": "worker"}}}
        started = time.monotonic()
        cls.sim = simtest.Sim(seed=seed, binary=binary, provider="openstack")
        cls.started = time.monotonic() - started
        cls.client = ostest.Client(cls.sim)
        cls.client.login()

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.sim.close()

    def cpu(self):
        with open(f"/proc/{self.sim.process.pid}/stat") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_every_server_once_and_no_bottleneck(self):
        ids, path, parsing, octets, before = set(), "/RegionOne/compute/v2.1/servers/detail", 0, 0, self.cpu()
        while path:
            r = self.client.raw("GET", path)
            self.assertEqual(r.status, 200)
            octets += len(r.body)
            started = time.process_time()
            page = json.loads(r.body)
            parsing += time.process_time() - started
            ids.update(s["id"] for s in page["servers"])
            links = page.get("servers_links")
            path = links[0]["href"].removeprefix(self.sim.url) if links else None
        self.assertEqual(len(ids), N)
        serving = self.cpu() - before
        print(f"started in {self.started:.2f} s; {octets >> 20} MiB: served in {serving:.2f} s of CPU, "
              f"parsed by Python's json in {parsing:.2f} s")
        if self.measured:
            self.assertLess(serving, parsing)

    def test_one_by_id(self):
        one = self.client.nova("GET", f"/servers?name=^node-{N}$").json["servers"][0]["id"]
        before, turns = self.cpu(), 500
        for _ in range(turns):
            self.client.show(one)
        each = (self.cpu() - before) / turns
        if self.measured:
            self.assertLess(each, 0.001)

    def test_memory(self):
        with open(f"/proc/{self.sim.process.pid}/status") as f:
            kib = int(re.search(r"VmRSS:\s+(\d+)", f.read())[1])
        print(f"{kib >> 10} MiB for {N} servers and their ports")
        if self.measured:
            self.assertLess(kib, 400 << 10)


if __name__ == "__main__":
    simtest.main()
