"""Who may call: signatures, clocks, sessions, regions, permissions, STS and the metadata service."""
import http.client
import json

import simtest


class Signatures(simtest.Case):
    seed = {"credentials": [{"access_key": "AKIDPLAIN", "secret_key": "plain"},
                            {"access_key": "AKIDLESS", "secret_key": "less", "user": "less", "deny": ["ec2:Run*"]},
                            {"access_key": "AKIDREAD", "secret_key": "read", "allow": ["Describe*"]},
                            {"access_key": "ASIATEMP", "secret_key": "temp", "token": "tok",
                             "expires": "2099-01-01T00:00:00Z"},
                            {"access_key": "ASIAOLD", "secret_key": "old", "token": "tok",
                             "expires": "2020-01-01T00:00:00Z"}]}

    def why(self):
        return self.sim.requests()[-1]["why"]

    def test_what_is_refused_and_why(self):
        cases = [(dict(key="AKIDNOBODY"), 401, "AuthFailure", "there is no access key"),
                 (dict(secret="wrong"), 401, "AuthFailure", "signature does not match"),
                 (dict(token="extra"), 401, "AuthFailure", "token is not this key's"),
                 (dict(key="ASIATEMP", secret="temp"), 401, "AuthFailure", "no session token"),
                 (dict(key="ASIATEMP", secret="temp", token="other"), 401, "AuthFailure", "token is not"),
                 (dict(key="ASIAOLD", secret="old", token="tok"), 400, "RequestExpired", "session has expired"),
                 (dict(region="ap-east-1"), 401, "AuthFailure", "ap-east-1 is not opted in"),
                 (dict(region="xx-nowhere-1"), 401, "AuthFailure", "no region")]
        for how, status, code, why in cases:
            self.refused(self.connect(**how).call("DescribeRegions"), status, code)
            self.assertIn(why, self.why())
        self.connect(key="ASIATEMP", secret="temp", token="tok").ok("DescribeRegions")

    def test_sts_has_its_own_codes(self):
        cases = [(dict(key="AKIDNOBODY"), 403, "InvalidClientTokenId"),
                 (dict(secret="wrong"), 403, "SignatureDoesNotMatch"),
                 (dict(key="ASIAOLD", secret="old", token="tok"), 403, "ExpiredToken"),
                 (dict(region="ap-east-1"), 403, "RegionDisabledException")]
        for how, status, code in cases:
            r = self.refused(self.connect(**how).call("GetCallerIdentity", service="sts"), status, code)
            self.assertEqual(r.xml.tag, "ErrorResponse")

    def test_clock(self):
        self.client.ok("DescribeRegions", skew=-200)
        self.client.ok("DescribeRegions", skew=200)
        for skew in [-400, 400]:
            r = self.refused(self.client.call("DescribeRegions", skew=skew), 401, "AuthFailure")
            self.assertIn("clock is off", self.why())
            self.assertIn("date", r.headers)
        self.refused(self.client.call("GetCallerIdentity", service="sts", skew=400), 403, "SignatureDoesNotMatch")
        self.sim.set(skew_code="RequestTimeTooSkewed")
        self.refused(self.client.call("DescribeRegions", skew=400), 403, "RequestTimeTooSkewed")
        # A provider whose clock is an hour ahead: it says so in Date, and takes what goes by it.
        self.sim.set(clock_offset_ms=3600000)
        r = self.client.call("DescribeRegions")
        self.assertEqual(r.status, 403)
        self.client.ok("DescribeRegions", skew=3600)

    def test_incomplete(self):
        self.refused(self.client.call("DescribeRegions", signed=False), 403, "MissingAuthenticationToken")
        for authorization in ["AWS4-HMAC-SHA256 Credential=x", "Basic eDp5"]:
            self.refused(self.client.call("DescribeRegions", signed=False, headers={"Authorization": authorization}),
                         400, "IncompleteSignature")
        # What is sent unsigned can be changed on the way: refused.
        self.refused(self.client.call("DescribeRegions", unsigned={"X-Amz-Security-Token": "x"}), 401, "AuthFailure")
        self.refused(self.client.call("GetCallerIdentity", service="sts", headers={"X-Amz-Date": "20200101T000000Z"}),
                     400, "IncompleteSignature")

    def test_the_service_is_in_the_scope(self):
        other = self.connect()
        sign = other.sign
        other.sign = lambda m, p, q, h, b, s, w: sign(m, p, q, h, b, "s3", w)
        self.refused(other.call("DescribeRegions"), 401, "AuthFailure")
        self.assertIn("signed for the service", self.why())

    def test_permissions(self):
        less = self.connect(key="AKIDLESS", secret="less")
        less.ok("DescribeRegions")
        r = self.refused(less.call("RunInstances", {"MinCount": 1, "MaxCount": 1, "ImageId": "ami-1"}),
                         403, "UnauthorizedOperation")
        self.assertIn("user/less is not authorized to perform: ec2:RunInstances", r.message)
        self.assertRegex(r.message, "Encoded authorization failure message: [0-9a-f]{100}")
        read = self.connect(key="AKIDREAD", secret="read")
        read.ok("DescribeRegions")
        self.refused(read.call("CreateKeyPair", {"KeyName": "k"}), 403, "UnauthorizedOperation")
        self.refused(read.call("GetSessionToken", service="sts"), 403, "AccessDenied")

    def test_dry_run(self):
        self.refused(self.client.call("DescribeRegions", {"DryRun": "true"}), 412, "DryRunOperation")
        self.refused(self.connect(key="AKIDLESS", secret="less").call("RunInstances", {"DryRun": "true"}),
                     403, "UnauthorizedOperation")


class Sts(simtest.Case):
    ROLE = "arn:aws:iam::210987654321:role/ops"
    seed = {"roles": [{"arn": ROLE}, {"arn": ROLE + "-x", "external_id": "ext", "deny": ["TerminateInstances"]},
                      {"arn": ROLE + "-m", "mfa_serial": "arn:aws:iam::123456789012:mfa/me", "mfa_code": "654321"}]}

    def assume(self, arn=ROLE, status=200, code=None, **more):
        r = self.client.call("AssumeRole", {"RoleArn": arn, "RoleSessionName": "s-1", **more}, service="sts")
        if code:
            return self.refused(r, status, code)
        self.assertEqual(r.status, 200, r)
        at = "AssumeRoleResult/Credentials/"
        return self.connect(key=r.one(at + "AccessKeyId"), secret=r.one(at + "SecretAccessKey"),
                            token=r.one(at + "SessionToken"))

    def test_a_role_is_another_account(self):
        mine = self.client.run()
        role = self.assume()
        self.assertEqual(role.ok("GetCallerIdentity", service="sts").one("GetCallerIdentityResult/Arn"),
                         "arn:aws:sts::210987654321:assumed-role/ops/s-1")
        self.assertEqual(role.ok("DescribeInstances").all("reservationSet/item"), [])
        self.refused(role.call("TerminateInstances", {"InstanceId.1": mine}), 400, "InvalidInstanceID.NotFound")
        theirs = role.run()
        self.assertEqual(role.states(theirs), ["running"])

    def test_it_expires(self):
        role = self.assume(DurationSeconds=900)
        role.ok("DescribeRegions")
        self.sim.advance(880000)
        role.ok("DescribeRegions")
        self.sim.advance(21000)
        self.refused(role.call("DescribeRegions"), 400, "RequestExpired")
        self.refused(role.call("GetCallerIdentity", service="sts"), 403, "ExpiredToken")

    def test_conditions(self):
        self.assume(self.ROLE + "-none", 403, "AccessDenied")
        self.assume(self.ROLE + "-x", 403, "AccessDenied")
        self.assume(self.ROLE + "-x", 403, "AccessDenied", ExternalId="other")
        limited = self.assume(self.ROLE + "-x", ExternalId="ext")
        self.refused(limited.call("TerminateInstances", {"InstanceId.1": "i-1"}), 403, "UnauthorizedOperation")
        serial = "arn:aws:iam::123456789012:mfa/me"
        self.assume(self.ROLE + "-m", 403, "AccessDenied")
        self.assume(self.ROLE + "-m", 403, "AccessDenied", SerialNumber=serial, TokenCode="111111")
        self.assume(self.ROLE + "-m", SerialNumber=serial, TokenCode="654321")
        self.assume(self.ROLE, 400, "ValidationError", DurationSeconds=899)
        self.assume(self.ROLE, 400, "ValidationError", RoleSessionName="a b")

    def test_web_identity_needs_no_signature(self):
        ask = {"RoleArn": self.ROLE, "RoleSessionName": "web", "WebIdentityToken": "a.b.c"}
        r = self.client.call("AssumeRoleWithWebIdentity", ask, service="sts", signed=False)
        self.assertTrue(r.one("AssumeRoleWithWebIdentityResult/Credentials/SessionToken"))
        self.refused(self.client.call("AssumeRoleWithWebIdentity", {**ask, "WebIdentityToken": "expired"},
                                      service="sts", signed=False), 400, "ExpiredTokenException")


class Metadata(simtest.Case):
    def ask(self, path, method="GET", **headers):
        c = http.client.HTTPConnection("127.0.0.1", self.sim.port, timeout=30)
        try:
            c.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
            r = c.getresponse()
            return r.status, r.read().decode()
        finally:
            c.close()

    def token(self, ttl="21600"):
        return self.ask("/latest/api/token", "PUT", x_aws_ec2_metadata_token_ttl_seconds=ttl)

    def test_version_2(self):
        base = "/latest/meta-data/iam/security-credentials/"
        self.assertEqual(self.ask(base)[0], 401)
        self.assertEqual([self.token(ttl)[0] for ttl in ["0", "21601", "x"]], [400] * 3)
        status, token = self.token("60")
        self.assertEqual(status, 200)
        self.assertEqual(self.ask(base, x_aws_ec2_metadata_token=token), (200, "sim-role"))
        keys = json.loads(self.ask(base + "sim-role", x_aws_ec2_metadata_token=token)[1])
        self.assertEqual(keys["Code"], "Success")
        role = self.connect(key=keys["AccessKeyId"], secret=keys["SecretAccessKey"], token=keys["Token"])
        role.ok("DescribeRegions")
        self.assertEqual(self.ask("/latest/meta-data/placement/region", x_aws_ec2_metadata_token=token),
                         (200, "us-east-1"))
        self.assertEqual(self.ask("/latest/nothing", x_aws_ec2_metadata_token=token)[0], 404)
        self.sim.advance(61000)
        self.assertEqual(self.ask(base, x_aws_ec2_metadata_token=token)[0], 401)

    def test_version_1_when_allowed(self):
        self.sim.set(imds_v1=True, role="other", region="eu-west-1")
        self.assertEqual(self.ask("/latest/meta-data/iam/security-credentials/"), (200, "other"))
        self.assertEqual(self.ask("/latest/meta-data/placement/availability-zone"), (200, "eu-west-1a"))
        self.sim.set(imds_down=True)
        self.assertEqual(self.token()[0], 503)

    def test_container(self):
        keys = json.loads(self.ask("/credentials")[1])
        self.connect(key=keys["AccessKeyId"], secret=keys["SecretAccessKey"], token=keys["Token"]).ok("DescribeRegions")
        self.sim.set(container_token="Bearer x", credentials_s=1000)
        self.assertEqual(self.ask("/v2/credentials/abc")[0], 401)
        status, text = self.ask("/v2/credentials/abc", Authorization="Bearer x")
        self.assertEqual(status, 200)
        self.assertTrue(json.loads(text)["Expiration"].endswith("Z"))


if __name__ == "__main__":
    simtest.main()
