"""Instances: their life, RunInstances and its client token, attributes, what is refused."""
import base64

import simtest


class Life(simtest.Case):
    def act(self, action, *ids, **more):
        return self.client.call(action, {**{f"InstanceId.{n + 1}": i for n, i in enumerate(ids)}, **more})

    def change(self, r):
        return (r.one("instancesSet/item/previousState/name"), r.one("instancesSet/item/currentState/name"))

    def test_from_launch_to_end(self):
        i = self.client.run()
        self.assertEqual(self.client.states(i), ["running"])
        self.assertEqual(self.change(self.act("StopInstances", i)), ("running", "stopping"))
        self.assertEqual(self.client.states(i), ["stopped"])
        self.assertEqual(self.change(self.act("StopInstances", i)), ("stopped", "stopped"))
        self.assertEqual(self.change(self.act("StartInstances", i)), ("stopped", "pending"))
        self.assertEqual(self.client.states(i), ["running"])
        self.assertEqual(self.act("RebootInstances", i).one("return"), "true")
        self.assertEqual(self.client.states(i), ["running"])
        self.assertEqual(self.change(self.act("TerminateInstances", i)), ("running", "shutting-down"))
        self.assertEqual(self.client.states(i), ["terminated"])
        self.assertEqual(self.change(self.act("TerminateInstances", i)), ("terminated", "terminated"))
        self.refused(self.act("StartInstances", i), 400, "IncorrectInstanceState")
        self.sim.advance(3700000)
        self.refused(self.act("DescribeInstances", i), 400, "InvalidInstanceID.NotFound")
        self.assertEqual(self.sim.control("")["volumes"], 0)

    def test_states_take_time(self):
        self.sim.set(pending_ms=60000, stopping_ms=60000, shutting_down_ms=60000)
        i = self.client.run()
        self.assertEqual(self.client.states(i), ["pending"])
        self.refused(self.act("StopInstances", i), 400, "IncorrectInstanceState")
        self.sim.advance(60001)
        self.assertEqual(self.client.states(i), ["running"])
        self.act("StopInstances", i)
        self.assertEqual(self.client.states(i), ["stopping"])
        self.refused(self.act("StartInstances", i), 400, "IncorrectInstanceState")
        self.sim.advance(60001)
        self.assertEqual(self.client.states(i), ["stopped"])
        self.act("TerminateInstances", i)
        self.assertEqual(self.client.states(i), ["shutting-down"])

    def test_addresses_come_and_go(self):
        def ips(i):
            r = self.client.ok("DescribeInstances", {"InstanceId.1": i})
            at = "reservationSet/item/instancesSet/item/"
            return r.all(at + "ipAddress"), r.all(at + "privateIpAddress")
        i = self.client.run()
        public, private = ips(i)
        self.act("StopInstances", i)
        self.assertEqual(ips(i), ([], private))
        self.act("StartInstances", i)
        self.assertNotIn(ips(i)[0], ([], public))
        address = self.client.ok("AllocateAddress", {"Domain": "vpc"})
        self.client.ok("AssociateAddress", {"AllocationId": address.one("allocationId"), "InstanceId": i})
        self.assertEqual(ips(i)[0], [address.one("publicIp")])
        self.act("StopInstances", i)
        self.assertEqual(ips(i)[0], [address.one("publicIp")])
        self.refused(self.client.call("ReleaseAddress", {"AllocationId": address.one("allocationId")}),
                     400, "InvalidIPAddress.InUse")
        self.act("TerminateInstances", i)
        self.assertEqual(ips(i), ([], []))
        self.client.ok("ReleaseAddress", {"AllocationId": address.one("allocationId")})

    def test_all_or_nothing(self):
        i, k = self.client.run(2)
        r = self.refused(self.act("StopInstances", i, "i-0123"), 400, "InvalidInstanceID.NotFound")
        self.assertIn("i-0123", r.message)
        self.refused(self.act("StopInstances", i, "x-0123"), 400, "InvalidInstanceID.Malformed")
        self.client.ok("ModifyInstanceAttribute", {"InstanceId": k, "DisableApiTermination.Value": "true"})
        r = self.refused(self.act("TerminateInstances", i, k), 400, "OperationNotPermitted")
        self.assertIn("may not be terminated", r.message)
        self.assertEqual(self.client.states(i, k), ["running", "running"])
        self.refused(self.act("StopInstances"), 400, "MissingParameter")

    def test_instance_store_cannot_stop(self):
        self.sim.control("seed", {"images": {"id": "ami-1", "name": "old", "instance_store": True}})
        i = self.client.run(ImageId="ami-1")
        self.refused(self.act("StopInstances", i), 400, "UnsupportedOperation")
        j = self.client.run()
        self.refused(self.act("StopInstances", j, Hibernate="true"), 400, "UnsupportedHibernationConfiguration")

    def test_console_and_status(self):
        self.sim.set(pending_ms=1000, status_ms=5000, console_ms=2000)
        i = self.client.run()
        self.assertEqual(self.client.ok("GetConsoleOutput", {"InstanceId": i}).all("output"), [])
        self.assertEqual(self.client.ok("DescribeInstanceStatus").all("instanceStatusSet/item"), [])
        self.assertEqual(self.client.ok("DescribeInstanceStatus", {"IncludeAllInstances": "true"})
                         .one("instanceStatusSet/item/instanceStatus/status"), "not-applicable")
        self.sim.advance(3000)
        text = base64.b64decode(self.client.ok("GetConsoleOutput", {"InstanceId": i}).one("output"))
        self.assertIn(i.encode(), text)
        status = "instanceStatusSet/item/systemStatus/status"
        self.assertEqual(self.client.ok("DescribeInstanceStatus").one(status), "initializing")
        self.sim.advance(3000)
        self.assertEqual(self.client.ok("DescribeInstanceStatus").one(status), "ok")

    def test_attributes(self):
        i = self.client.run()
        def get(name):
            return self.client.ok("DescribeInstanceAttribute", {"InstanceId": i, "Attribute": name}).all(name + "/value")
        def modify(**values):
            return self.client.call("ModifyInstanceAttribute", {"InstanceId": i, **{k.replace("_", "."): v for k, v in values.items()}})
        self.assertEqual(get("instanceType"), ["t3.micro"])
        self.assertEqual(get("userData"), [])
        self.refused(modify(InstanceType_Value="t3.small"), 400, "IncorrectInstanceState")
        self.act("StopInstances", i)
        self.refused(modify(InstanceType_Value="x9.huge"), 400, "InvalidInstanceAttributeValue")
        self.refused(modify(InstanceType_Value="t4g.micro"), 400, "InvalidParameterCombination")
        self.assertEqual(modify(InstanceType_Value="t3.small").one("return"), "true")
        self.assertEqual(get("instanceType"), ["t3.small"])
        self.assertEqual(modify(UserData_Value="aGk=").status, 200)
        self.assertEqual(get("userData"), ["aGk="])
        self.refused(modify(InstanceType_Value="t3.small", SourceDestCheck_Value="true"), 400, "InvalidParameterCombination")
        self.refused(modify(), 400, "MissingParameter")
        self.assertEqual(modify(Attribute="sourceDestCheck", Value="false").status, 200)
        self.assertEqual(get("sourceDestCheck"), ["false"])


class Launch(simtest.Case):
    def launch(self, **params):
        return self.client.call("RunInstances", {"ImageId": self.client.image(), "InstanceType": "t3.micro",
                                                 "MinCount": 1, "MaxCount": 1, **params})

    def test_what_is_wrong_is_named(self):
        for params, status, code in [
                ({"ImageId": "ami-0"}, 400, "InvalidAMIID.NotFound"),
                ({"ImageId": "x"}, 400, "InvalidAMIID.Malformed"),
                ({"InstanceType": "x9.huge"}, 400, "InvalidParameterValue"),
                ({"InstanceType": "t4g.micro"}, 400, "InvalidParameterValue"),
                ({"KeyName": "none"}, 400, "InvalidKeyPair.NotFound"),
                ({"SecurityGroupId.1": "sg-0"}, 400, "InvalidGroup.NotFound"),
                ({"SubnetId": "subnet-0"}, 400, "InvalidSubnetID.NotFound"),
                ({"Placement.AvailabilityZone": "us-east-1z"}, 400, "InvalidParameterValue"),
                ({"UserData": "%%%"}, 400, "InvalidUserData.Malformed"),
                ({"UserData": base64.b64encode(b"x" * 16385).decode()}, 400, "InvalidParameterValue"),
                ({"MinCount": 2}, 400, "InvalidParameterValue"),
                ({"MaxCount": "many"}, 400, "InvalidParameterValue"),
                ({"Nonsense": 1}, 400, "UnknownParameter"),
                ({"TagSpecification.1.ResourceType": "instance", "TagSpecification.1.Tag.1.Key": "aws:x"}, 400, "InvalidParameterValue"),
                ({"BlockDeviceMapping.1.DeviceName": "/dev/xvda", "BlockDeviceMapping.1.Ebs.VolumeSize": 1}, 400, "InvalidBlockDeviceMapping"),
                ({"SecurityGroupId.2": "sg-0"}, 400, "InvalidParameterValue"),
                ({"EbsOptimized": "yes"}, 400, "InvalidParameterValue"),
                ({"MetadataOptions.HttpTokens": "sometimes"}, 400, "InvalidParameterValue"),
                ({"ClientToken": "x" * 65}, 400, "InvalidParameterValue")]:
            with self.subTest(params=params):
                self.refused(self.launch(**params), status, code)
        self.assertEqual(self.sim.control("")["instances"], 0)
        r = self.client.call("RunInstances", {"ImageId": "ami-1", "MinCount": 1})
        self.assertIn("MaxCount", self.refused(r, 400, "MissingParameter").message)

    def test_all_that_is_asked_is_there(self):
        self.client.ok("CreateKeyPair", {"KeyName": "ops", "KeyType": "ed25519"})
        group = self.client.ok("CreateSecurityGroup", {"GroupName": "web", "GroupDescription": "w"}).one("groupId")
        subnets = self.client.ok("DescribeSubnets", {"Filter.1.Name": "availability-zone", "Filter.1.Value.1": "us-east-1b"})
        r = self.launch(**{
            "KeyName": "ops", "SecurityGroupId.1": group, "SubnetId": subnets.one("subnetSet/item/subnetId"),
            "UserData": "aGk=", "Monitoring.Enabled": "true", "MetadataOptions.HttpTokens": "required",
            "BlockDeviceMapping.1.DeviceName": "/dev/xvda", "BlockDeviceMapping.1.Ebs.VolumeSize": 20,
            "BlockDeviceMapping.2.DeviceName": "/dev/sdf", "BlockDeviceMapping.2.Ebs.VolumeSize": 5,
            "BlockDeviceMapping.2.Ebs.DeleteOnTermination": "false",
            "TagSpecification.1.ResourceType": "instance", "TagSpecification.1.Tag.1.Key": "Name",
            "TagSpecification.1.Tag.1.Value": "é <&>", "TagSpecification.2.ResourceType": "volume",
            "TagSpecification.2.Tag.1.Key": "disk", "TagSpecification.2.Tag.1.Value": "yes",
            "InstanceMarketOptions.MarketType": "spot", "IamInstanceProfile.Name": "prof"})
        at = "instancesSet/item/"
        for path, value in [("keyName", "ops"), ("placement/availabilityZone", "us-east-1b"), ("groupSet/item/groupId", group),
                            ("monitoring/state", "enabled"), ("metadataOptions/httpTokens", "required"),
                            ("tagSet/item/value", "é <&>"), ("instanceLifecycle", "spot"), ("instanceState/code", "0"),
                            ("iamInstanceProfile/arn", "arn:aws:iam::123456789012:instance-profile/prof")]:
            self.assertEqual(r.one(at + path), value, path)
        i = r.one(at + "instanceId")
        volumes = self.client.ok("DescribeVolumes", {"Filter.1.Name": "tag:disk", "Filter.1.Value.1": "yes"})
        self.assertEqual(sorted(volumes.all("volumeSet/item/size")), ["20", "5"])
        self.client.ok("TerminateInstances", {"InstanceId.1": i})
        left = self.client.ok("DescribeVolumes")
        self.assertEqual((left.all("volumeSet/item/size"), left.all("volumeSet/item/status")), (["5"], ["available"]))

    def test_client_token(self):
        first = self.launch(ClientToken="t1", MinCount=2, MaxCount=2)
        again = self.launch(ClientToken="t1", MinCount=2, MaxCount=2)
        ids = "instancesSet/item/instanceId"
        self.assertEqual((first.one("reservationId"), first.all(ids)), (again.one("reservationId"), again.all(ids)))
        self.assertEqual(self.sim.control("")["instances"], 2)
        self.refused(self.launch(ClientToken="t1", MinCount=2, MaxCount=3), 400, "IdempotentParameterMismatch")
        self.assertEqual(self.launch(ClientToken="t2").status, 200)
        self.assertEqual(self.client.ok("DescribeInstances", {"Filter.1.Name": "client-token", "Filter.1.Value.1": "t2"})
                         .one("reservationSet/item/instancesSet/item/clientToken"), "t2")
        self.client.ok("TerminateInstances", {"InstanceId.1": first.all(ids)[0]})
        self.refused(self.launch(ClientToken="t1", MinCount=2, MaxCount=2), 400, "IdempotentInstanceTerminated")

    def test_limits_and_failures(self):
        self.sim.set(instance_limit=3)
        self.assertEqual(len(self.launch(MinCount=1, MaxCount=5).all("instancesSet/item")), 3)
        self.refused(self.launch(), 400, "InstanceLimitExceeded")
        self.sim.set(instance_limit=0, vcpu_limit=6)
        self.refused(self.launch(), 400, "VcpuLimitExceeded")
        self.sim.set(vcpu_limit=0, fail_launches=1)
        i = self.launch().one("instancesSet/item/instanceId")
        r = self.client.ok("DescribeInstances", {"InstanceId.1": i})
        self.assertEqual(r.one("reservationSet/item/instancesSet/item/instanceState/name"), "terminated")
        self.assertEqual(r.one("reservationSet/item/instancesSet/item/stateReason/code"), "Server.InternalError")
        self.assertEqual(self.client.states(self.client.run()), ["running"])

    def test_fresh_ids_are_not_found_at_first(self):
        self.sim.set(visible_after_requests=2)
        i = self.client.run()
        ask = {"InstanceId.1": i}
        self.refused(self.client.call("DescribeInstances", ask), 400, "InvalidInstanceID.NotFound")
        tag = {"ResourceId.1": i, "Tag.1.Key": "a", "Tag.1.Value": "b"}
        self.refused(self.client.call("CreateTags", tag), 400, "InvalidInstanceID.NotFound")
        self.client.ok("CreateTags", tag)
        self.sim.set(visible_after_requests=0, visible_after_ms=60000)
        i = self.client.run()
        listed = self.client.ok("DescribeInstances").all("reservationSet/item/instancesSet/item/instanceId")
        self.assertNotIn(i, listed)
        self.sim.advance(61000)
        self.assertEqual(self.client.states(i), ["running"])

    def test_throttling(self):
        self.sim.set(throttle_rate=1, throttle_burst=2)
        codes = [self.client.call("DescribeRegions").code for _ in range(4)]
        self.assertEqual(codes[:2], [None, None])
        self.refused(self.client.call("DescribeRegions"), 503, "RequestLimitExceeded")
        self.client.ok("DescribeKeyPairs")  # another action has another bucket
        self.sim.advance(2000)
        self.client.ok("DescribeRegions")

    def test_actions_that_are_not(self):
        self.refused(self.client.call("Nothing"), 400, "InvalidAction")
        self.refused(self.client.call(""), 400, "MissingAction")
        self.refused(self.client.call("DescribeRegions", {"Version": "1"}), 400, "InvalidAction")


if __name__ == "__main__":
    simtest.main()
