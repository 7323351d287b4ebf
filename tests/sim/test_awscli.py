"""Debian's awscli against the simulator: what a person types."""
import json
import os
import subprocess

import foreign
import simtest

AWS = "/usr/bin/aws"  # Debian's, whatever else is in the PATH


class AwsCli(simtest.Case):
    def setUp(self):
        if not os.path.exists(AWS):
            foreign.missing("awscli", f"there is no {AWS}")
        super().setUp()
        self.home = foreign.scratch(self)
        self.env = foreign.environment(self.home, AWS_ACCESS_KEY_ID=simtest.KEY, AWS_SECRET_ACCESS_KEY=simtest.SECRET,
                                       AWS_PAGER="")

    def aws(self, *words, status=0, **env):
        r = subprocess.run([AWS, "--endpoint-url", self.sim.url, "--output", "json", *words], capture_output=True,
                           text=True, timeout=120, env={**self.env, **env})
        self.assertEqual(r.returncode, status, r.stderr)
        return json.loads(r.stdout) if status == 0 and r.stdout else r.stderr

    def test_life_of_an_instance(self):
        image = self.aws("ec2", "describe-images", "--owners", "136693071363", "--filters", "Name=architecture,Values=x86_64",
                         "--query", "sort_by(Images, &CreationDate)[-1].ImageId")
        self.aws("ec2", "create-key-pair", "--key-name", "ops")
        made = self.aws("ec2", "run-instances", "--image-id", image, "--instance-type", "t3.micro", "--key-name", "ops",
                        "--user-data", "#!/bin/sh", "--tag-specifications", "ResourceType=instance,Tags=[{Key=Name,Value=é}]")
        i = made["Instances"][0]["InstanceId"]
        self.aws("ec2", "wait", "instance-running", "--instance-ids", i)
        for verb in ["stop-instances", "start-instances", "terminate-instances"]:
            self.aws("ec2", verb, "--instance-ids", i)
            state = self.aws("ec2", "describe-instances", "--instance-ids", i, "--query",
                             "Reservations[].Instances[].[State.Name,Tags[0].Value,KeyName]")
            self.assertEqual(state, [[{"stop": "stopped", "start": "running", "terminate": "terminated"}[verb.split("-")[0]], "é", "ops"]])

    def test_pages_types_tags(self):
        self.sim.control("seed", {"instances": {"count": 12, "name": "n-{n}"}})
        names = self.aws("ec2", "describe-tags", "--page-size", "5", "--query", "Tags[].Value")
        self.assertEqual(len(names), 12)
        ids = self.aws("ec2", "describe-instances", "--page-size", "5", "--query", "Reservations[].Instances[].InstanceId")
        self.assertEqual(len(set(ids)), 12)
        types = self.aws("ec2", "describe-instance-types", "--filters", "Name=free-tier-eligible,Values=true",
                         "--query", "InstanceTypes[].InstanceType")
        self.assertEqual(sorted(types), ["t2.micro", "t3.micro"])

    def test_a_role(self):
        arn = "arn:aws:iam::210987654321:role/ops"
        self.sim.control("seed", {"roles": {"arn": arn, "external_id": "ext"}})
        keys = self.aws("sts", "assume-role", "--role-arn", arn, "--role-session-name", "me", "--external-id", "ext")["Credentials"]
        who = self.aws("sts", "get-caller-identity", AWS_ACCESS_KEY_ID=keys["AccessKeyId"],
                       AWS_SECRET_ACCESS_KEY=keys["SecretAccessKey"], AWS_SESSION_TOKEN=keys["SessionToken"])
        self.assertEqual(who["Arn"], "arn:aws:sts::210987654321:assumed-role/ops/me")

    def test_errors(self):
        self.assertIn("(InvalidInstanceID.NotFound)", self.aws("ec2", "describe-instances", "--instance-ids", "i-0123", status=254))
        self.assertIn("(AuthFailure)", self.aws("ec2", "describe-regions", status=254, AWS_SECRET_ACCESS_KEY="wrong"))
        self.assertIn("(DryRunOperation)", self.aws("ec2", "describe-regions", "--dry-run", status=254))


if __name__ == "__main__":
    simtest.main()
