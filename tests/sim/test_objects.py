"""Keys with their fingerprints, tags, security groups, images, volumes, snapshots, places."""
import base64
import hashlib
import os
import subprocess
import tempfile

import simtest


def run(*line, data=None):
    return subprocess.run(line, input=data, capture_output=True, check=True, timeout=60).stdout


def colons(digest):
    return ":".join(f"{b:02x}" for b in digest)


class Keys(simtest.Case):
    def keygen(self, kind):
        with tempfile.TemporaryDirectory() as d:
            path = os.path.join(d, "k")
            run("ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "me@here", "-f", path)
            with open(path + ".pub") as f:
                public = f.read().strip()
            der = None
            if kind == "rsa":
                pem = run("ssh-keygen", "-e", "-m", "PKCS8", "-f", path + ".pub")
                der = run("openssl", "pkey", "-pubin", "-outform", "DER", data=pem)
            return public, der

    def create(self, kind):
        r = self.client.ok("CreateKeyPair", {"KeyName": "k-" + kind, "KeyType": kind})
        with tempfile.NamedTemporaryFile("w") as f:
            os.chmod(f.name, 0o600)
            f.write(r.one("keyMaterial"))
            f.flush()
            public = run("ssh-keygen", "-y", "-f", f.name).decode().split()
        return r, public

    def test_created_rsa(self):
        r, public = self.create("rsa")
        der = run("openssl", "pkcs8", "-topk8", "-nocrypt", "-outform", "DER", data=r.one("keyMaterial").encode())
        self.assertEqual(r.one("keyFingerprint"), colons(hashlib.sha1(der).digest()))
        self.assertTrue(r.one("keyMaterial").startswith("-----BEGIN RSA PRIVATE KEY-----\n"))
        listed = self.client.ok("DescribeKeyPairs", {"IncludePublicKey": "true"})
        self.assertEqual(listed.one("keySet/item/publicKey").split()[:2], public[:2])

    def test_created_ed25519(self):
        r, public = self.create("ed25519")
        digest = hashlib.sha256(base64.b64decode(public[1])).digest()
        self.assertEqual(r.one("keyFingerprint"), base64.b64encode(digest).decode())
        self.assertEqual(self.client.ok("DescribeKeyPairs").one("keySet/item/keyType"), "ed25519")

    def test_imported(self):
        for kind in ["rsa", "ed25519"]:
            public, der = self.keygen(kind)
            r = self.client.ok("ImportKeyPair", {"KeyName": kind, "PublicKeyMaterial": base64.b64encode(public.encode()).decode()})
            digest = hashlib.sha256(base64.b64decode(public.split()[1])).digest()
            want = colons(hashlib.md5(der).digest()) if der else base64.b64encode(digest).decode()
            self.assertEqual(r.one("keyFingerprint"), want)
        self.assertEqual(self.client.ok("DescribeKeyPairs").all("keySet/item/keyName"), ["rsa", "ed25519"])

    def test_refused(self):
        self.create("ed25519")
        self.refused(self.client.call("CreateKeyPair", {"KeyName": "k-ed25519"}), 400, "InvalidKeyPair.Duplicate")
        self.refused(self.client.call("CreateKeyPair", {"KeyName": "x", "KeyType": "dsa"}), 400, "InvalidParameterValue")
        self.refused(self.client.call("CreateKeyPair"), 400, "MissingParameter")
        for line in ["", "ssh-dss AAAA", "ssh-rsa AAAA", "ssh-ed25519 " + base64.b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0\xff").decode()]:
            material = base64.b64encode(line.encode()).decode()
            self.refused(self.client.call("ImportKeyPair", {"KeyName": "x", "PublicKeyMaterial": material}), 400, "InvalidKey.Format")
        self.refused(self.client.call("ImportKeyPair", {"KeyName": "x", "PublicKeyMaterial": "%"}), 400, "InvalidParameterValue")

    def test_deleted(self):
        r, _ = self.create("ed25519")
        self.assertEqual(self.client.ok("DeleteKeyPair", {"KeyPairId": r.one("keyPairId")}).one("return"), "true")
        self.client.ok("DeleteKeyPair", {"KeyName": "never was"})
        self.refused(self.client.call("DescribeKeyPairs", {"KeyName.1": "k-ed25519"}), 400, "InvalidKeyPair.NotFound")


class Tags(simtest.Case):
    def test_life(self):
        i, k = self.client.run(2)
        self.client.ok("CreateTags", {"ResourceId.1": i, "ResourceId.2": k, "Tag.1.Key": "a", "Tag.1.Value": "1",
                                      "Tag.2.Key": "b", "Tag.2.Value": ""})
        r = self.client.ok("DescribeTags", {"Filter.1.Name": "resource-id", "Filter.1.Value.1": i})
        self.assertEqual(sorted(zip(r.all("tagSet/item/key"), r.all("tagSet/item/value"))), [("a", "1"), ("b", "")])
        self.assertEqual(set(r.all("tagSet/item/resourceType")), {"instance"})
        self.client.ok("DeleteTags", {"ResourceId.1": i, "Tag.1.Key": "a", "Tag.1.Value": "other"})
        self.client.ok("DeleteTags", {"ResourceId.1": i, "Tag.1.Key": "b"})
        r = self.client.ok("DescribeTags", {"Filter.1.Name": "resource-id", "Filter.1.Value.1": i})
        self.assertEqual(r.all("tagSet/item/key"), ["a"])

    def test_limits(self):
        i = self.client.run()
        for key, value, code in [("k" * 129, "", "InvalidParameterValue"), ("k", "v" * 257, "InvalidParameterValue"),
                                 ("aws:x", "", "InvalidParameterValue"), ("é" * 128, "é" * 256, None)]:
            r = self.client.call("CreateTags", {"ResourceId.1": i, "Tag.1.Key": key, "Tag.1.Value": value})
            self.assertEqual(r.code, code, key)
        many = {f"Tag.{n}.{w}": str(n) for n in range(1, 51) for w in ("Key", "Value")}
        self.refused(self.client.call("CreateTags", {"ResourceId.1": i, **many}), 400, "TagLimitExceeded")
        self.refused(self.client.call("CreateTags", {"ResourceId.1": "vol-0", "Tag.1.Key": "a"}), 400, "InvalidVolume.NotFound")
        self.refused(self.client.call("CreateTags", {"ResourceId.1": i}), 400, "MissingParameter")


class Groups(simtest.Case):
    def setUp(self):
        super().setUp()
        self.group = self.client.ok("CreateSecurityGroup", {"GroupName": "web", "GroupDescription": "w"}).one("groupId")

    def rule(self, verb, **more):
        return self.client.call(verb, {"GroupId": self.group, "IpPermissions.1.IpProtocol": "tcp",
                                       "IpPermissions.1.FromPort": 80, "IpPermissions.1.ToPort": 80,
                                       "IpPermissions.1.IpRanges.1.CidrIp": "10.0.0.0/8", **more})

    def permissions(self):
        r = self.client.ok("DescribeSecurityGroups", {"GroupId.1": self.group})
        return [(e.findtext("ipProtocol"), e.findtext("fromPort"), [c.text for c in e.findall("ipRanges/item/cidrIp")],
                 [c.text for c in e.findall("ipv6Ranges/item/cidrIpv6")])
                for e in r.xml.findall("securityGroupInfo/item/ipPermissions/item")]

    def test_rules(self):
        r = self.rule("AuthorizeSecurityGroupIngress", **{"IpPermissions.1.Ipv6Ranges.1.CidrIpv6": "::/0"})
        self.assertEqual(len(r.all("securityGroupRuleSet/item")), 2)
        self.assertEqual(self.permissions(), [("tcp", "80", ["10.0.0.0/8"], ["::/0"])])
        self.refused(self.rule("AuthorizeSecurityGroupIngress"), 400, "InvalidPermission.Duplicate")
        self.assertEqual(self.rule("RevokeSecurityGroupIngress").one("return"), "true")
        self.refused(self.rule("RevokeSecurityGroupIngress"), 400, "InvalidPermission.NotFound")
        self.client.ok("RevokeSecurityGroupIngress", {"GroupId": self.group, "SecurityGroupRuleId.1":
                                                      r.all("securityGroupRuleSet/item/securityGroupRuleId")[1]})
        self.assertEqual(self.permissions(), [])
        flat = {"GroupName": "web", "IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "CidrIp": "0.0.0.0/0"}
        self.client.ok("AuthorizeSecurityGroupIngress", flat)
        self.assertEqual(self.permissions(), [("udp", "53", ["0.0.0.0/0"], [])])

    def test_refused(self):
        for more, code in [({"IpPermissions.1.IpRanges.1.CidrIp": "10.0.0.0/33"}, "InvalidParameterValue"),
                           ({"IpPermissions.1.IpRanges.1.CidrIp": "x"}, "InvalidParameterValue"),
                           ({"IpPermissions.1.ToPort": 79}, "InvalidParameterValue"),
                           ({"IpPermissions.1.IpProtocol": "carrier-pigeon"}, "InvalidPermission.Malformed"),
                           ({"IpPermissions.1.Groups.1.GroupId": "sg-0"}, "InvalidGroup.NotFound"), ({"GroupId": "sg-0"}, "InvalidGroup.NotFound")]:
            self.refused(self.rule("AuthorizeSecurityGroupIngress", **more), 400, code)
        self.assertEqual(self.permissions(), [])
        self.refused(self.client.call("CreateSecurityGroup", {"GroupName": "web", "GroupDescription": "w"}), 400, "InvalidGroup.Duplicate")

    def test_one_in_use_stays(self):
        i = self.client.run(**{"SecurityGroupId.1": self.group})
        self.refused(self.client.call("DeleteSecurityGroup", {"GroupId": self.group}), 400, "DependencyViolation")
        self.client.ok("TerminateInstances", {"InstanceId.1": i})
        self.client.ok("DeleteSecurityGroup", {"GroupName": "web"})
        self.refused(self.client.call("DescribeSecurityGroups", {"GroupName.1": "web"}), 400, "InvalidGroup.NotFound")
        self.refused(self.client.call("DeleteSecurityGroup", {"GroupName": "default"}), 400, "CannotDelete")


class Images(simtest.Case):
    def test_owners_and_filters(self):
        names = lambda **ask: self.client.ok("DescribeImages", ask).all("imagesSet/item/name")
        self.assertEqual(names(**{"Owner.1": "self"}), [])
        self.assertTrue(all("al2023" in n or "Windows" in n for n in names(**{"Owner.1": "amazon"})))
        self.assertEqual(len(names(**{"Owner.1": "136693071363", "Filter.1.Name": "architecture", "Filter.1.Value.1": "arm64"})), 1)
        self.assertEqual(len(names(**{"ExecutableBy.1": "all"})), len(names()))
        self.refused(self.client.call("DescribeImages", {"ImageId.1": "ami-0"}), 400, "InvalidAMIID.NotFound")
        self.refused(self.client.call("DescribeImages", {"ImageId.1": "x"}), 400, "InvalidAMIID.Malformed")

    def test_made_of_an_instance(self):
        self.sim.set(image_ms=60000)
        i = self.client.run()
        image = self.client.ok("CreateImage", {"InstanceId": i, "Name": "mine", "Description": "d"}).one("imageId")
        state = lambda: self.client.ok("DescribeImages", {"ImageId.1": image}).one("imagesSet/item/imageState")
        self.assertEqual(state(), "pending")
        launch = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"}
        self.refused(self.client.call("RunInstances", launch), 400, "InvalidAMIID.Unavailable")
        self.sim.advance(61000)
        self.assertEqual(state(), "available")
        self.client.ok("RunInstances", launch)
        self.refused(self.client.call("CreateImage", {"InstanceId": i, "Name": "mine"}), 400, "InvalidAMIName.Duplicate")
        self.refused(self.client.call("CreateImage", {"InstanceId": i, "Name": "%"}), 400, "InvalidAMIName.Malformed")

    def test_deregister_with_and_without_its_snapshots(self):
        i = self.client.run()
        mine = {"Owner.1": "self"}
        for also in ["false", "true"]:
            image = self.client.ok("CreateImage", {"InstanceId": i, "Name": "image " + also}).one("imageId")
            snapshot = self.client.ok("DescribeImages", mine).one("imagesSet/item/blockDeviceMapping/item/ebs/snapshotId")
            self.refused(self.client.call("DeleteSnapshot", {"SnapshotId": snapshot}), 400, "InvalidSnapshot.InUse")
            r = self.client.ok("DeregisterImage", {"ImageId": image, "DeleteAssociatedSnapshots": also})
            self.assertEqual(r.all("deleteSnapshotResultSet/item/returnCode"), ["success"] if also == "true" else [])
            left = self.client.ok("DescribeSnapshots", mine).all("snapshotSet/item/snapshotId")
            self.assertEqual(snapshot in left, also == "false")
        self.refused(self.client.call("DeregisterImage", {"ImageId": self.client.image()}), 401, "AuthFailure")

    def test_sharing(self):
        self.sim.control("seed", {"credentials": [{"access_key": "AKIDB", "secret_key": "b", "account": "222222222222"}]})
        other = self.connect(key="AKIDB", secret="b")
        image = self.client.ok("CreateImage", {"InstanceId": self.client.run(), "Name": "mine"}).one("imageId")
        launch = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"}
        self.refused(other.call("RunInstances", launch), 401, "AuthFailure")
        self.client.ok("ModifyImageAttribute", {"ImageId": image, "LaunchPermission.Add.1.UserId": "222222222222"})
        self.assertEqual(other.ok("DescribeImages", {"ExecutableBy.1": "self"}).all("imagesSet/item/imageId"), [image])
        other.ok("RunInstances", launch)
        self.client.ok("ModifyImageAttribute", {"ImageId": image, "LaunchPermission.Remove.1.UserId": "222222222222"})
        self.refused(other.call("RunInstances", launch), 401, "AuthFailure")

    def test_copied_to_another_region_once(self):
        image = self.client.image()
        west = self.connect(region="eu-west-1")
        ask = {"SourceImageId": image, "SourceRegion": "us-east-1", "Name": "copy", "ClientToken": "t"}
        self.assertEqual(west.ok("CopyImage", ask).one("imageId"), west.ok("CopyImage", ask).one("imageId"))
        self.assertEqual(west.ok("DescribeImages", {"Owner.1": "self"}).all("imagesSet/item/name"), ["copy"])

    def test_a_date_may_be_missing(self):
        self.sim.control("seed", {"images": {"id": "ami-1", "name": "old", "created": None}})
        r = self.client.ok("DescribeImages", {"ImageId.1": "ami-1"})
        self.assertEqual(r.all("imagesSet/item/creationDate"), [])


class Types(simtest.Case):
    def test_more_by_seed(self):
        before = len(self.client.ok("DescribeInstanceTypes").all("instanceTypeSet/item"))
        self.sim.control("seed", {"instance_types": {"name": "z{n}.big", "vcpus": 8, "memory_mib": 999, "count": 200}})
        self.assertEqual(len(self.client.ok("DescribeInstanceTypes").all("instanceTypeSet/item")), before + 200)
        r = self.client.ok("DescribeInstanceTypes", {"InstanceType.1": "z199.big"})
        self.assertEqual(r.one("instanceTypeSet/item/memoryInfo/sizeInMiB"), "999")
        self.client.run(InstanceType="z0.big")
        self.refused(self.client.call("DescribeInstanceTypes", {"InstanceType.1": "z"}), 400, "InvalidInstanceType")
        self.assertIn("type's name", self.sim.control("seed", {"instance_types": {"name": "t3.micro"}}, status=400)["error"])


class Places(simtest.Case):
    def test_regions(self):
        usable = self.client.ok("DescribeRegions").all("regionInfo/item/regionName")
        every = self.client.ok("DescribeRegions", {"AllRegions": "true"}).all("regionInfo/item/regionName")
        self.assertIn("us-east-1", usable)
        self.assertNotIn("ap-east-1", usable)
        self.assertIn("ap-east-1", every)
        self.assertNotIn("cn-north-1", every)
        china = self.connect(region="cn-north-1").ok("DescribeRegions")
        self.assertEqual(china.all("regionInfo/item/regionEndpoint")[0], "ec2.cn-north-1.amazonaws.com.cn")
        self.refused(self.client.call("DescribeRegions", {"RegionName.1": "x"}), 400, "InvalidParameterValue")

    def test_zones(self):
        r = self.client.ok("DescribeAvailabilityZones")
        self.assertEqual(r.all("availabilityZoneInfo/item/zoneName"), ["us-east-1a", "us-east-1b", "us-east-1c"])
        self.assertEqual(r.all("availabilityZoneInfo/item/zoneId")[0], "use1-az1")
        every = self.client.ok("DescribeAvailabilityZones", {"AllAvailabilityZones": "true"})
        self.assertIn("local-zone", every.all("availabilityZoneInfo/item/zoneType"))
        one = self.client.ok("DescribeAvailabilityZones", {"ZoneName.1": "us-east-1b"})
        self.assertEqual(one.one("availabilityZoneInfo/item/zoneId"), "use1-az2")
        self.refused(self.client.call("DescribeAvailabilityZones", {"ZoneName.1": "x"}), 400, "InvalidParameterValue")

    def test_regions_are_apart(self):
        i = self.client.run()
        west = self.connect(region="eu-west-1")
        self.refused(west.call("DescribeInstances", {"InstanceId.1": i}), 400, "InvalidInstanceID.NotFound")
        self.assertTrue(west.run())

    def test_a_region_can_be_opted_in(self):
        self.sim.control("seed", {"regions": [{"name": "ap-east-1", "opt_in": "opted-in"}, {"name": "xx-lab-1"}]})
        self.connect(region="ap-east-1").ok("DescribeInstances")
        self.connect(region="xx-lab-1").ok("DescribeInstances")


class Volumes(simtest.Case):
    def test_life(self):
        ask = {"AvailabilityZone": "us-east-1a", "Size": 5, "VolumeType": "gp3", "ClientToken": "v"}
        volume = self.client.ok("CreateVolume", ask).one("volumeId")
        self.assertEqual(self.client.ok("CreateVolume", ask).one("volumeId"), volume)
        i = self.client.run()
        self.client.ok("AttachVolume", {"VolumeId": volume, "InstanceId": i, "Device": "/dev/sdf"})
        self.refused(self.client.call("DeleteVolume", {"VolumeId": volume}), 400, "VolumeInUse")
        snapshot = self.client.ok("CreateSnapshot", {"VolumeId": volume}).one("snapshotId")
        self.assertEqual(self.client.ok("DescribeSnapshots", {"SnapshotId.1": snapshot}).one("snapshotSet/item/status"), "completed")
        self.client.ok("DetachVolume", {"VolumeId": volume})
        self.client.ok("DeleteVolume", {"VolumeId": volume})
        self.refused(self.client.call("DeleteVolume", {"VolumeId": volume}), 400, "InvalidVolume.NotFound")
        self.client.ok("DeleteSnapshot", {"SnapshotId": snapshot})
        self.refused(self.client.call("CreateVolume", {"AvailabilityZone": "x", "Size": 1}), 400, "InvalidZone.NotFound")
        self.refused(self.client.call("CreateVolume", {"AvailabilityZone": "us-east-1a"}), 400, "InvalidParameterValue")


if __name__ == "__main__":
    simtest.main()
