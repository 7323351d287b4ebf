"""100,000 instances: every one once, by pages; one by id as quickly as among few; memory and time within bounds."""
import os
import re
import time
import unittest
import xml.parsers.expat

import simtest

N = 100000


class Scale(unittest.TestCase):
    """On the Release build where there is one: it is about time."""

    @classmethod
    def setUpClass(cls):
        binary = os.environ.get("NUBE_SIM_RELEASE") or None
        cls.measured = binary is not None
        seed = {"instances": {"count": N, "name": "node-{n}", "tags": {"role": "worker"}, "per_reservation": 10}}
        started = time.monotonic()
        cls.sim = simtest.Sim(seed=seed, binary=binary)
        cls.started = time.monotonic() - started
        cls.client = simtest.Client(cls.sim)

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.sim.close()

    def cpu(self):
        with open(f"/proc/{self.sim.process.pid}/stat") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_every_instance_once_and_no_bottleneck(self):
        ids, token, parsing, octets, before = set(), None, 0, 0, self.cpu()
        for _ in range(N // 1000 + 1):
            r = self.client.call("DescribeInstances", {"MaxResults": 1000, **({"NextToken": token} if token else {})})
            self.assertEqual(r.status, 200)
            octets += len(r.body)
            started = time.process_time()
            xml.parsers.expat.ParserCreate().Parse(r.body, True)  # the least that any client does
            parsing += time.process_time() - started
            ids.update(re.findall(rb"<instanceId>(i-[0-9a-f]{17})</instanceId>", r.body))
            found = re.search(rb"<nextToken>([^<]+)<", r.body)
            token = found and found[1].decode()
            if not token:
                break
        self.assertIsNone(token)
        self.assertEqual(len(ids), N)
        serving = self.cpu() - before
        print(f"started in {self.started:.2f} s; {octets >> 20} MiB: served in {serving:.2f} s of CPU, "
              f"parsed by expat in {parsing:.2f} s")
        if self.measured:
            self.assertLess(serving, parsing)

    def test_one_by_id(self):
        r = self.client.ok("DescribeInstances", {"MaxResults": 5, "Filter.1.Name": "tag:Name",
                                                 "Filter.1.Value.1": f"node-{N - 1}"})
        one = r.one("reservationSet/item/instancesSet/item/instanceId")
        before, turns = self.cpu(), 500
        for _ in range(turns):
            self.client.ok("DescribeInstances", {"InstanceId.1": one})
        each = (self.cpu() - before) / turns
        if self.measured:
            self.assertLess(each, 0.001)

    def test_memory(self):
        with open(f"/proc/{self.sim.process.pid}/status") as f:
            kib = int(re.search(r"VmRSS:\s+(\d+)", f.read())[1])
        print(f"{kib >> 10} MiB for {N} instances and their volumes")
        if self.measured:
            self.assertLess(kib, 400 << 10)


if __name__ == "__main__":
    simtest.main()
