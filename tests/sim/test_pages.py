"""Pages: opaque tokens, short and empty pages, what may not be combined, filters."""
import simtest

IDS = "reservationSet/item/instancesSet/item/instanceId"


class Pages(simtest.Case):
    seed = {"instances": [{"count": 23, "name": "n-{n}", "tags": {"parity": "{n}"}, "per_reservation": 2},
                          {"count": 2, "state": "stopped", "type": "m5.large"}]}

    def walk(self, size, action="DescribeInstances", path=IDS, **params):
        """All pages: the ids of each."""
        pages, token = [], None
        while True:
            ask = {"MaxResults": size, **params, **({"NextToken": token} if token else {})}
            r = self.client.ok(action, ask)
            pages.append(r.all(path))
            token = (r.all("nextToken") or [None])[0]
            if not token:
                return pages
            self.assertLess(len(pages), 200)

    def flat(self, pages):
        ids = [i for page in pages for i in page]
        self.assertEqual(len(ids), len(set(ids)))
        return ids

    def test_every_instance_once(self):
        whole = self.client.ok("DescribeInstances").all(IDS)
        self.assertEqual(len(whole), 25)
        for size in [5, 7, 24, 25, 26, 1000]:
            self.assertEqual(self.flat(self.walk(size)), whole, size)

    def test_a_full_last_page_has_a_token(self):
        self.assertEqual([len(p) for p in self.walk(5)], [5, 5, 5, 5, 5, 0])
        self.assertEqual([len(p) for p in self.walk(7)], [7, 7, 7, 4])
        self.sim.set(page_trailing_token=False)
        self.assertEqual([len(p) for p in self.walk(5)], [5, 5, 5, 5, 5])

    def test_short_and_empty_pages(self):
        self.sim.set(page_cap=3, page_empty_every=2)
        pages = self.walk(10)
        self.assertEqual([len(p) for p in pages[:4]], [3, 0, 3, 0])
        self.assertEqual(len(self.flat(pages)), 25)

    def test_a_reservation_may_be_split(self):
        r = self.client.ok("DescribeInstances", {"MaxResults": 5})
        first = r.all("reservationSet/item/reservationId")
        self.assertEqual(len(first), 3)
        r = self.client.ok("DescribeInstances", {"MaxResults": 5, "NextToken": r.one("nextToken")})
        self.assertEqual(r.all("reservationSet/item/reservationId")[0], first[-1])

    def test_deletions_between_pages_lose_nothing(self):
        self.sim.set(keep_terminated_ms=1)
        r = self.client.ok("DescribeInstances", {"MaxResults": 10})
        gone, left = r.all(IDS), self.client.ok("DescribeInstances").all(IDS)[10:]
        self.client.ok("TerminateInstances", {f"InstanceId.{n + 1}": i for n, i in enumerate(gone)})
        self.sim.advance(10)
        rest = self.client.ok("DescribeInstances", {"MaxResults": 1000, "NextToken": r.one("nextToken")})
        self.assertEqual(rest.all(IDS), left)

    def test_tokens_are_opaque_and_sealed(self):
        token = self.client.ok("DescribeInstances", {"MaxResults": 5}).one("nextToken")
        self.assertNotIn(token, [self.client.ok("DescribeInstances", {"MaxResults": 6}).one("nextToken")])
        for bad in ["x", token[:-4] + "AAAA", "A" + token[1:] if token[0] != "A" else "B" + token[1:]]:
            self.refused(self.client.call("DescribeInstances", {"MaxResults": 5, "NextToken": bad}),
                         400, "InvalidNextToken")
        other = {"MaxResults": 5, "NextToken": token, "Filter.1.Name": "image-id", "Filter.1.Value.1": "*"}
        self.refused(self.client.call("DescribeInstances", other), 400, "InvalidNextToken")
        self.refused(self.client.call("DescribeInstances", {"NextToken": ""}), 400, "InvalidParameterValue")

    def test_a_repeating_token_on_demand(self):
        self.sim.set(page_repeat_token=True)
        first = self.client.ok("DescribeInstances", {"MaxResults": 5}).one("nextToken")
        again = self.client.ok("DescribeInstances", {"MaxResults": 5, "NextToken": first}).one("nextToken")
        self.assertEqual(first, again)

    def test_limits(self):
        for action, low, high in [("DescribeInstances", 5, 1000), ("DescribeInstanceTypes", 5, 100),
                                  ("DescribeSecurityGroups", 5, 1000)]:
            for size in [low - 1, high + 1]:
                self.refused(self.client.call(action, {"MaxResults": size}), 400, "InvalidParameterValue")
            self.client.ok(action, {"MaxResults": low})
        i = self.client.ok("DescribeInstances").all(IDS)[0]
        self.refused(self.client.call("DescribeInstances", {"InstanceId.1": i, "MaxResults": 5}),
                     400, "InvalidParameterCombination")
        self.refused(self.client.call("DescribeKeyPairs", {"MaxResults": 5}), 400, "UnknownParameter")

    def test_other_lists(self):
        for action, path in [("DescribeInstanceTypes", "instanceTypeSet/item/instanceType"),
                             ("DescribeInstanceTypeOfferings", "instanceTypeOfferingSet/item/instanceType"),
                             ("DescribeImages", "imagesSet/item/imageId"), ("DescribeVolumes", "volumeSet/item/volumeId")]:
            self.assertEqual(self.flat(self.walk(7, action, path)), self.client.ok(action).all(path), action)
        tags = self.client.ok("DescribeTags")
        key = "tagSet/item/resourceId"
        paged = [i for page in self.walk(6, "DescribeTags", key) for i in page]
        self.assertEqual(paged, tags.all(key))
        self.assertEqual(len(paged), 46)

    def filtered(self, *pairs):
        ask = {}
        for n, (name, *values) in enumerate(pairs, 1):
            ask[f"Filter.{n}.Name"] = name
            ask.update({f"Filter.{n}.Value.{k}": v for k, v in enumerate(values, 1)})
        return len(self.client.ok("DescribeInstances", ask).all(IDS))

    def test_filters(self):
        for count, *pairs in [(2, ("instance-state-name", "stopped")), (25, ("instance-state-name", "stopped", "running")),
                              (1, ("tag:Name", "n-7")), (11, ("tag:Name", "n-1*")), (10, ("tag:Name", "n-?")),
                              (0, ("tag:Name", "N-1")), (23, ("tag-key", "parity")), (2, ("instance-type", "m5.*")),
                              (1, ("instance-type", "t3.micro"), ("tag:parity", "3")), (25, ("group-name", "default")),
                              (0, ("instance-id", "i-0")), (25, ("availability-zone", "us-east-1?")), (25, ("instance-state-code", "16", "80"))]:
            self.assertEqual(self.filtered(*pairs), count, pairs)
        i = self.client.ok("DescribeInstances").all(IDS)[3]
        self.assertEqual(self.filtered(("instance-id", i, "i-0123")), 1)
        self.refused(self.client.call("DescribeInstances", {"Filter.1.Name": "nothing", "Filter.1.Value.1": "x"}),
                     400, "InvalidParameterValue")
        self.refused(self.client.call("DescribeInstances", {"Filter.1.Name": "image-id"}), 400, "InvalidParameterValue")

    def test_filtered_pages(self):
        pages = self.walk(5, **{"Filter.1.Name": "tag:Name", "Filter.1.Value.1": "n-1*"})
        self.assertEqual([len(p) for p in pages], [5, 5, 1])


if __name__ == "__main__":
    simtest.main()
