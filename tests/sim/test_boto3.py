"""Debian's python3-boto3 against the simulator: life of an instance, pages, keys, waiters, retries, credentials."""
import base64
import hashlib
import os
import unittest.mock

import foreign
import simtest

try:
    import boto3
    import botocore.config
    import botocore.exceptions
except ImportError as e:
    boto3, reason = None, str(e)


class Boto3(simtest.Case):
    def setUp(self):
        if not boto3:
            foreign.missing("python3-boto3", reason)
        super().setUp()
        home = foreign.scratch(self)
        patch = unittest.mock.patch.dict(os.environ, foreign.environment(home), clear=True)
        patch.start()
        self.addCleanup(patch.stop)
        self.home = home
        self.ec2 = self.make("ec2")

    def make(self, service, key=simtest.KEY, secret=simtest.SECRET, token=None, region="us-east-1", **config):
        client = boto3.session.Session().client(
            service, region, endpoint_url=self.sim.url, aws_access_key_id=key, aws_secret_access_key=secret,
            aws_session_token=token, config=botocore.config.Config(**config))
        self.addCleanup(client.close)
        return client

    def launch(self, count=1, **more):
        images = self.ec2.describe_images(Owners=["136693071363"], Filters=[{"Name": "architecture", "Values": ["x86_64"]}])
        image = max(images["Images"], key=lambda i: i["CreationDate"])["ImageId"]
        r = self.ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=count, MaxCount=count, **more)
        return [i["InstanceId"] for i in r["Instances"]]

    def code(self, call, *args, **kwargs):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call(*args, **kwargs)
        return caught.exception.response["Error"]["Code"]

    def test_life_of_an_instance(self):
        i, = self.launch(TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "é <&>"}]}],
                         UserData="#!/bin/sh\n", MetadataOptions={"HttpTokens": "required"})
        for action, waiter in [(None, "instance_running"), (self.ec2.stop_instances, "instance_stopped"),
                               (self.ec2.start_instances, "instance_running"), (self.ec2.terminate_instances, "instance_terminated")]:
            if action:
                action(InstanceIds=[i])
            self.ec2.get_waiter(waiter).wait(InstanceIds=[i], WaiterConfig={"Delay": 1})
        found = self.ec2.describe_instances(InstanceIds=[i])["Reservations"][0]["Instances"][0]
        self.assertEqual(found["Tags"], [{"Key": "Name", "Value": "é <&>"}])
        self.assertEqual(found["StateReason"]["Code"], "Client.UserInitiatedShutdown")

    def test_pages(self):
        ids = self.launch(23)
        self.sim.set(page_cap=4, page_empty_every=3)
        pages = self.ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 10})
        found = [i["InstanceId"] for p in pages for r in p["Reservations"] for i in r["Instances"]]
        self.assertEqual(found, ids)
        self.sim.set(page_cap=0, page_empty_every=0)
        types = [t["InstanceType"] for p in self.ec2.get_paginator("describe_instance_types").paginate(MaxResults=7)
                 for t in p["InstanceTypes"]]
        self.assertEqual(len(types), len(set(types)))
        self.assertGreater(len(types), 30)

    def test_keys_tags_groups_volumes(self):
        key = self.ec2.create_key_pair(KeyName="k", KeyType="ed25519")
        self.assertIn("OPENSSH PRIVATE KEY", key["KeyMaterial"])
        public = self.ec2.describe_key_pairs(IncludePublicKey=True)["KeyPairs"][0]["PublicKey"]
        blob = base64.b64decode(public.split()[1])
        self.assertEqual(key["KeyFingerprint"], base64.b64encode(hashlib.sha256(blob).digest()).decode())
        self.ec2.import_key_pair(KeyName="again", PublicKeyMaterial=public.encode())
        group = self.ec2.create_security_group(GroupName="g", Description="d")["GroupId"]
        rule = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "ssh"}]}]
        self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rule)
        permission = self.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
        self.assertEqual(permission[0]["IpRanges"], rule[0]["IpRanges"])
        i, = self.launch(KeyName="k", SecurityGroupIds=[group])
        self.ec2.create_tags(Resources=[i], Tags=[{"Key": "a", "Value": ""}])
        tags = self.ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [i]}])["Tags"]
        self.assertEqual([(t["Key"], t["Value"]) for t in tags], [("a", "")])
        volume = self.ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
        self.ec2.get_waiter("volume_available").wait(VolumeIds=[volume], WaiterConfig={"Delay": 1})
        self.assertEqual(self.code(self.ec2.delete_security_group, GroupId=group), "DependencyViolation")

    def test_console_is_base64(self):
        i, = self.launch()
        self.ec2.describe_instances()
        self.assertIn(i, self.ec2.get_console_output(InstanceId=i)["Output"])

    def test_retries_meet_the_faults(self):
        i, = self.launch()
        for kind, more in [("error", {"status": 500}), ("error", {"code": "RequestLimitExceeded"}), ("html", {"status": 502}),
                           ("reset-before", {}), ("reset-after", {}), ("empty", {"status": 503})]:
            self.sim.fault("DescribeInstances", kind, **more)
            self.assertEqual(self.ec2.describe_instances()["Reservations"][0]["Instances"][0]["InstanceId"], i)
            self.assertEqual(self.sim.control("faults"), [])

    def test_a_lost_answer_and_its_token(self):
        # botocore makes a client token by itself and keeps it when it tries again.
        self.sim.fault("RunInstances", "reset-after")
        ids = self.launch()
        self.assertEqual(self.sim.control("")["instances"], 1)
        self.assertEqual([i["InstanceId"] for r in self.ec2.describe_instances()["Reservations"] for i in r["Instances"]], ids)

    def test_errors(self):
        self.assertEqual(self.code(self.ec2.describe_instances, InstanceIds=["i-0123"]), "InvalidInstanceID.NotFound")
        self.assertEqual(self.code(self.ec2.describe_instances, DryRun=True), "DryRunOperation")
        self.assertEqual(self.code(self.make("ec2", secret="x").describe_regions), "AuthFailure")
        self.assertEqual(self.code(self.make("ec2", region="ap-east-1").describe_regions), "AuthFailure")
        self.assertEqual(self.code(self.make("sts", key="x").get_caller_identity), "InvalidClientTokenId")

    def test_roles(self):
        self.sim.control("seed", {"roles": {"arn": "arn:aws:iam::210987654321:role/ops"}})
        sts = self.make("sts")
        keys = sts.assume_role(RoleArn="arn:aws:iam::210987654321:role/ops", RoleSessionName="me")["Credentials"]
        other = self.make("sts", keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        self.assertEqual(other.get_caller_identity()["Account"], "210987654321")
        self.assertEqual(sts.get_caller_identity()["Account"], "123456789012")

    def chain(self, **environ):
        """A client that finds its credentials by itself."""
        with unittest.mock.patch.dict(os.environ, environ):
            session = boto3.session.Session()
            client = session.client("sts", "us-east-1", endpoint_url=self.sim.url)
            self.addCleanup(client.close)
            return client.get_caller_identity()["Arn"]

    def test_the_metadata_service_and_the_container(self):
        arn = "arn:aws:sts::123456789012:assumed-role/sim-role/i-00000000000000001"
        self.assertEqual(self.chain(AWS_EC2_METADATA_DISABLED="false", AWS_EC2_METADATA_SERVICE_ENDPOINT=self.sim.url), arn)
        self.assertTrue(any(r["method"] == "PUT" for r in self.sim.requests("imds")))
        self.sim.set(container_token="secret")
        self.assertEqual(self.chain(AWS_CONTAINER_CREDENTIALS_FULL_URI=self.sim.url + "/credentials",
                                    AWS_CONTAINER_AUTHORIZATION_TOKEN="secret"), arn)


if __name__ == "__main__":
    simtest.main()
