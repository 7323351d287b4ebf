"""The nube command's EC2 driver beside boto3: the same bytes give the same fields, and botocore accepts its signatures.

Environment: NUBE, NUBE_DRIVERS and NUBE_SERVICES say where the command, its drivers and its
services are; NUBE_EC2_SAMPLE: another DescribeInstances reply than ec2/instances.xml.
Status 77: there is no boto3 to compare with.
"""
import gzip
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import unittest
import urllib.parse

try:
    import boto3
    import botocore.auth
    import botocore.awsrequest
    import botocore.config
    import botocore.credentials
except ImportError:
    # Debian's boto3 is for Debian's Python, which need not be the first on the path.
    if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("skipped: there is no boto3 (Debian: python3-boto3)")
    sys.exit(77)

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLE = os.environ.get("NUBE_EC2_SAMPLE") or os.path.join(HERE, "ec2", "instances.xml")
KEY, SECRET, TOKEN, REGION = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "tok/en+=", "eu-west-1"
PAGE = 4


def reservations(text):
    """The elements of reservationSet as text, and what is around them."""
    before, rest = text.split("<reservationSet>", 1)
    body, after = rest.split("</reservationSet>", 1)
    found, depth, start = [], 0, 0
    for m in re.finditer("<(/?)item>", body):
        if not m.group(1):
            start = start if depth else m.start()
            depth += 1
        else:
            depth -= 1
            if not depth:
                found.append(body[start:m.end()])
    return before, found, after


class Server(http.server.ThreadingHTTPServer):
    """DescribeInstances from the sample, in pages; remembers whose signatures were wrong."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        with open(SAMPLE, encoding="utf-8") as f:
            self.before, self.found, self.after = reservations(f.read())
        self.size = max(PAGE, len(self.found) // 5)
        self.wrong, self.requests = [], 0

    def page(self, token):
        at = int(token.split("/")[1]) if token else 0
        more = at + self.size < len(self.found)
        next_token = f"<nextToken>t+/{at + self.size}</nextToken>" if more else ""
        return (self.before + "<reservationSet>" + "".join(self.found[at:at + self.size]) + "</reservationSet>" +
                next_token + self.after)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def expected(self, body):
        """The Authorization header as botocore makes it for what was sent."""
        names = re.search("SignedHeaders=([^,]*)", self.headers["Authorization"]).group(1).split(";")
        request = botocore.awsrequest.AWSRequest("POST", f"http://{self.headers['Host']}{self.path}", data=body,
                                                 headers={n: self.headers[n] for n in names if n != "host"})
        signer = botocore.auth.SigV4Auth(botocore.credentials.Credentials(KEY, SECRET, TOKEN), "ec2", REGION)
        request.context["timestamp"] = self.headers["X-Amz-Date"]
        to_sign = signer.string_to_sign(request, signer.canonical_request(request))
        signature = signer.signature(to_sign, request)
        return (f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, SignedHeaders={';'.join(names)}, "
                f"Signature={signature}"), names

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        header, names = self.expected(body)
        self.server.requests += 1
        if header != self.headers["Authorization"] or "x-amz-security-token" not in names:
            self.server.wrong.append((header, self.headers["Authorization"]))
        form = dict(urllib.parse.parse_qsl(body.decode(), strict_parsing=True))
        reply = self.server.page(form.get("NextToken")).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml;charset=UTF-8")
        if "gzip" in (self.headers["Accept-Encoding"] or ""):
            reply = gzip.compress(reply)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)


# Our extra value: boto3's member, by its way from the instance.
EXTRA = {
    "vpc_id": "VpcId", "subnet_id": "SubnetId", "architecture": "Architecture", "root_device_type": "RootDeviceType",
    "platform": "Platform", "platform_details": "PlatformDetails",
    "lifecycle": "InstanceLifecycle", "spot_request_id": "SpotInstanceRequestId", "reason": "StateTransitionReason",
    "state_reason.code": "StateReason.Code", "state_reason.message": "StateReason.Message",
    "instance_profile": "IamInstanceProfile.Arn", "tenancy": "Placement.Tenancy",
    "placement_group": "Placement.GroupName", "host_id": "Placement.HostId", "monitoring": "Monitoring.State",
    "virtualization": "VirtualizationType", "launch_index": "AmiLaunchIndex",
    "client_token": "ClientToken", "ebs_optimized": "EbsOptimized", "source_dest_check": "SourceDestCheck",
    "hibernation": "HibernationOptions.Configured", "metadata_tokens": "MetadataOptions.HttpTokens",
}
# What is not told when it is so.
USUAL = {"root_device_type": "ebs", "tenancy": "default", "monitoring": "disabled", "virtualization": "hvm", "launch_index": 0,
         "ebs_optimized": False, "source_dest_check": True, "hibernation": False}


def member(thing, way):
    for word in way.split("."):
        thing = (thing or {}).get(word)
    return None if thing == "" else thing


def addresses(i):
    found = {i.get(n) for n in ("PublicIpAddress", "PrivateIpAddress", "Ipv6Address", "PublicDnsName",
                                "PrivateDnsName")}
    for nic in i.get("NetworkInterfaces", []):
        found |= {a["Ipv6Address"] for a in nic.get("Ipv6Addresses", [])}
        for a in nic.get("PrivateIpAddresses", []):
            found |= {a.get("PrivateIpAddress"), (a.get("Association") or {}).get("PublicIp")}
    return sorted(found - {None, ""})


def by_boto3(i, r):
    """The node that boto3's parse of an instance makes, in the form of nube's JSON."""
    tags = {t["Key"]: t["Value"] for t in i.get("Tags", [])}
    extra = {ours: member(i, theirs) for ours, theirs in EXTRA.items()}
    extra["reservation_id"], extra["requester_id"] = r.get("ReservationId"), r.get("RequesterId")
    extra["volumes"] = ",".join(b["Ebs"]["VolumeId"] for b in i.get("BlockDeviceMappings", []) if "Ebs" in b) or None
    extra["interfaces"] = ",".join(n["NetworkInterfaceId"] for n in i.get("NetworkInterfaces", [])) or None
    return {
        "id": i["InstanceId"], "name": tags.get("Name") or None, "raw_state": i["State"]["Name"],
        "state": {"shutting-down": "stopping"}.get(i["State"]["Name"], i["State"]["Name"]),
        "addresses": addresses(i), "image": i["ImageId"], "size": i["InstanceType"],
        "location": i["Placement"]["AvailabilityZone"], "keys": [i["KeyName"]] if i.get("KeyName") else [],
        "owner_id": r["OwnerId"], "firewalls": sorted(g["GroupId"] for g in i.get("SecurityGroups", [])),
        "created": i["LaunchTime"].strftime("%Y-%m-%dT%H:%M:%SZ"), "tags": tags,
        "extra": {k: v for k, v in extra.items() if v is not None and (k not in USUAL or v != USUAL[k])},
    }


class Fields(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        self.server = Server()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def by_nube(self):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "NUBE"))}
        env.update(AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=SECRET, AWS_SESSION_TOKEN=TOKEN, AWS_REGION=REGION,
                   AWS_ENDPOINT_URL_EC2=self.url, HOME="/nonexistent")
        command = [os.environ["NUBE"], "--driver-path", os.environ["NUBE_DRIVERS"], "--service-path",
                   os.environ["NUBE_SERVICES"], "node", "list", "-b", "ec2", "-o", "json"]
        p = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        self.assertEqual(p.returncode, 0, p.stderr)
        return {n["id"]: n for n in json.loads(p.stdout)}

    def by_boto3(self):
        client = boto3.client("ec2", region_name=REGION, endpoint_url=self.url, aws_access_key_id=KEY,
                              aws_secret_access_key=SECRET, aws_session_token=TOKEN,
                              config=botocore.config.Config(proxies={}))
        return {i["InstanceId"]: by_boto3(i, r) for page in client.get_paginator("describe_instances").paginate()
                for r in page["Reservations"] for i in r["Instances"]}

    def test_every_field_of_every_instance(self):
        ours = self.by_nube()
        self.assertEqual(self.server.wrong, [])
        self.assertGreater(self.server.requests, 1)
        theirs = self.by_boto3()
        self.assertGreater(len(theirs), 10)
        self.assertEqual(sorted(ours), sorted(theirs))
        for i, wanted in theirs.items():
            node = dict(ours[i])
            node["addresses"] = sorted(a["value"] for a in node["addresses"])
            self.assertEqual({k: node[k] for k in wanted}, wanted)


if __name__ == "__main__":
    unittest.main()
