"""What the tests of the OpenStack driver against OpenStack's own services share.

Environment: NUBE, NUBE_DRIVERS and NUBE_SERVICES say where the command, its drivers and its
services are, CALL and WALK the programs made of call.c and walk.c; OPENSTACKTEST_DIR is the
directory of openstack-up. Nothing is skipped: without them it fails.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    import keystoneauth1.identity
    import keystoneauth1.session
    import novaclient.client
except ImportError:
    # Debian's client is for Debian's Python, which need not be the first on the path.
    if sys.executable == "/usr/bin/python3":
        raise
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

BULK = 500
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f test"


def wanted(name):
    value = os.environ.get(name)
    if not value or not os.path.exists(value):
        raise AssertionError(f"{name} must name something that exists, is {value!r}")
    return os.path.abspath(value)


class Done:
    def __init__(self, process):
        self.status, self.out, self.err = process.returncode, process.stdout, process.stderr

    def json(self):
        return json.loads(self.out)

    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def __str__(self):
        return f"status {self.status}\n--- out\n{self.out}\n--- err\n{self.err}"


class Case(unittest.TestCase):
    """A home without accounts, and the clouds of the peer; servers that a test makes are gone after it."""

    def setUp(self):
        self.peer = wanted("OPENSTACKTEST_DIR")
        self.tools = [wanted("NUBE_DRIVERS"), wanted("NUBE_SERVICES")]
        self.home = tempfile.mkdtemp(prefix="nube-test-")
        self.addCleanup(shutil.rmtree, self.home)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("OS_", "NUBE", "XDG_"))}
        self.env.update(HOME=self.home, OS_CLIENT_CONFIG_FILE=os.path.join(self.peer, "clouds.yaml"))
        with open(os.path.join(self.peer, "clouds.yaml"), encoding="utf-8") as f:
            self.auth_url = re.search("auth_url: (.*)", f.read()).group(1)
        self.image = self.named("image list", "raw-tiny")["id"]

    def run_(self, argv, cloud, status):
        p = subprocess.run(argv, env={**self.env, "OS_CLOUD": cloud}, timeout=180, stdin=subprocess.DEVNULL,
                           capture_output=True, text=True)
        done = Done(p)
        if status is not None:
            self.assertEqual(done.status, status, f"{' '.join(argv[3:])}: {done}")
        return done

    def nube(self, *args, status=0, cloud="demo"):
        """The command, for the account that the peer's clouds.yaml describes."""
        return self.run_([wanted("NUBE"), "--driver-path", self.tools[0], "--service-path", self.tools[1],
                          "-b", "openstack", *args], cloud, status)

    def call(self, op, *args, options=(), status=0, cloud="demo"):
        """One operation of the library."""
        return self.run_([wanted("CALL"), *self.tools, "openstack", op, *options, "--", *args], cloud, status)

    def named(self, op, name, cloud="demo"):
        found = [x for x in self.call(op, cloud=cloud).lines() if x["name"] == name]
        self.assertEqual(len(found), 1, f"{name}: {found}")
        return found[0]

    def create(self, name, *more, cloud="demo", network="none"):
        done = self.nube("-o", "json", "node", "create", "-n", name, "-i", self.image, "-s", "1", "--wait",
                         "--set", "network=" + network, *more, cloud=cloud)
        node = done.json()[0]
        self.addCleanup(self.nube, "node", "destroy", node["id"], "--yes", "--wait", status=None, cloud=cloud)
        return node

    def show(self, name, cloud="demo"):
        return self.nube("-o", "json", "node", "show", name, cloud=cloud).json()[0]

    def session(self, user="demo", password="demo-secret"):
        return keystoneauth1.session.Session(auth=keystoneauth1.identity.v3.Password(
            auth_url=self.auth_url, username=user, password=password, project_name=user,
            user_domain_name="Default", project_domain_name="Default"))

    def nova(self):
        """Nova's own client."""
        return novaclient.client.Client("2.46", session=self.session())

    def throttle(self, text):
        with open(os.path.join(self.peer, "throttle"), "w", encoding="utf-8") as f:
            f.write(text + "\n")
