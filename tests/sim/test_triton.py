"""Triton's own commands against CloudAPI of nube-sim, and our driver beside them: it must give the same values.

triton and smartdc are npm's; they are installed into NUBE_SIM_TRITON, a directory of the build, when the registry can be
reached. Environment: that of test_nube too.
"""
import json
import os
import shutil
import subprocess
import unittest

import cloudapi
import foreign
import simtest

HERE = os.path.dirname(os.path.abspath(__file__))


class TritonCase(cloudapi.Case):
    kinds = ("rsa", "ecdsa", "ed25519")

    @classmethod
    def setUpClass(cls):
        cls.dir = os.path.abspath(os.environ["NUBE_SIM_TRITON"])
        if not shutil.which("node") or not shutil.which("npm"):
            foreign.missing("npm's triton", "node and npm are not installed")
        r = subprocess.run([os.path.join(HERE, "node", "install"), cls.dir, os.path.join(HERE, "triton")],
                           capture_output=True, text=True, timeout=170, check=False)
        if r.returncode:
            # The registry is somebody else's: not to reach it is no fault here.
            raise unittest.SkipTest("npm could not install triton: " + " ".join(r.stderr.split())[-300:])
        super().setUpClass()

    def setUp(self):
        super().setUp()
        self.user = foreign.scratch(self)
        self.kind = "rsa"

    def env(self):
        """A person whose one key is of that kind; it is found by its fingerprint."""
        ssh = os.path.join(self.user, ".ssh")
        os.makedirs(ssh, exist_ok=True)
        for suffix in ("", ".pub"):
            shutil.copy(self.keys[self.kind].path + suffix, ssh)
        kept = {k: v for k, v in foreign.environment(self.user).items() if not k.startswith(("TRITON_", "SDC_", "SSH_"))}
        for prefix in ("TRITON_", "SDC_"):
            kept.update({prefix + "URL": self.sim.url, prefix + "ACCOUNT": "demo", prefix + "KEY_ID": self.keys[self.kind].print})
        return kept

    def run_node(self, script, *args, status=0):
        r = subprocess.run(["node", os.path.join(self.dir, "node_modules", script), *args], capture_output=True, text=True,
                           timeout=120, env=self.env(), stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(r.returncode, status, f"{script} {args}: {r.stdout}{r.stderr}")
        return r.stdout if not status else r.stderr

    def triton(self, *args, status=0):
        return self.run_node("triton/bin/triton", *args, status=status)

    def lines(self, *args):
        """Its lists are one JSON object a line."""
        return [json.loads(line) for line in self.triton(*args, "-j").splitlines()]

    def create(self, name="web-1", *more):
        self.triton("inst", "create", "-w", "-n", name, "-t", "role=web", "-m", "foo=bar", *more, "debian-12", "sdc_128")
        return json.loads(self.triton("inst", "get", name))


class Command(TritonCase):
    """triton speaks ~9||~8."""

    def test_a_machines_whole_life(self):
        self.sim.set(provisioning_ms=1000, stopping_ms=500)
        made = self.create()
        self.assertEqual((made["state"], made["tags"], made["metadata"]["foo"]), ("running", {"role": "web"}, "bar"))
        self.assertEqual([m["name"] for m in self.lines("inst", "list")], ["web-1"])
        self.triton("inst", "stop", "-w", "web-1")
        self.triton("inst", "start", "-w", "web-1")
        self.triton("inst", "reboot", "-w", "web-1")
        self.triton("inst", "rename", "-w", "web-1", "web-2")
        self.triton("inst", "resize", "-w", "web-2", "g4-highcpu-1G")
        self.triton("inst", "enable-firewall", "-w", "web-2")
        self.triton("inst", "enable-deletion-protection", "-w", "web-2")
        self.assertIn("deletion_protection", self.triton("inst", "delete", "-f", "-w", "web-2", status=1))
        self.triton("inst", "disable-deletion-protection", "-w", "web-2")
        shown = json.loads(self.triton("inst", "get", "web-2"))
        self.assertEqual((shown["package"], shown["firewall_enabled"]), ("g4-highcpu-1G", True))
        self.assertEqual(len(self.lines("inst", "audit", "web-2")), 9)
        self.triton("inst", "delete", "-f", "-w", "web-2")
        self.assertEqual(self.lines("inst", "list"), [])
        self.assertEqual(self.client.call("GET", f"/machines/{made['id']}").json["state"], "deleted")

    def test_tags_and_metadata(self):
        self.create()
        self.triton("inst", "tag", "set", "-w", "web-1", "n=3", "canary=true")
        self.assertEqual(json.loads(self.triton("inst", "tag", "list", "web-1")), {"role": "web", "n": 3, "canary": True})
        self.triton("inst", "tag", "delete", "-w", "web-1", "n")
        self.triton("inst", "tag", "replace-all", "-w", "web-1", "only=this")
        self.assertEqual(self.triton("inst", "tag", "get", "web-1", "only").strip(), "this")
        self.triton("inst", "metadata", "set", "-w", "web-1", "foo=baz")
        self.assertEqual(self.triton("inst", "metadata", "get", "web-1", "foo").strip(), "baz")

    def test_snapshots_and_images(self):
        self.sim.set(snapshot_ms=500, image_ms=500)
        self.create()
        self.triton("inst", "snapshot", "create", "-w", "-n", "s1", "web-1")
        self.assertEqual([(s["name"], s["state"]) for s in self.lines("inst", "snapshot", "list", "web-1")], [("s1", "created")])
        self.triton("inst", "stop", "-w", "web-1")
        self.triton("inst", "start", "--snapshot=s1", "-w", "web-1")
        self.triton("inst", "snapshot", "delete", "-f", "-w", "web-1", "s1")
        self.triton("inst", "stop", "-w", "web-1")
        self.triton("image", "create", "-w", "web-1", "mine", "1.0.0")
        self.assertEqual([i["version"] for i in self.lines("image", "list", "name=mine")], ["1.0.0"])
        self.triton("image", "delete", "-f", "mine")

    def test_what_there_is(self):
        self.assertEqual({p["name"] for p in self.lines("package", "list")} & {"sdc_128", "Large 16GB"}, {"sdc_128", "Large 16GB"})
        self.assertEqual({n["name"] for n in self.lines("network", "list")}, {"external", "My-Fabric-Network"})
        self.assertEqual({k["name"] for k in self.lines("key", "list")}, set(self.kinds))
        self.assertEqual(json.loads(self.triton("datacenters", "-j"))["us-sim-1"], self.sim.url)
        self.assertIn("demo", self.triton("account", "get"))
        self.triton("fwrule", "create", "FROM any TO all vms ALLOW tcp PORT 22")
        self.assertEqual(len(self.lines("fwrule", "list")), 1)

    def test_each_kind_of_key(self):
        for self.kind in self.kinds:
            shutil.rmtree(os.path.join(self.user, ".ssh"), ignore_errors=True)
            self.assertEqual(self.lines("inst", "list"), [])

    def test_what_is_refused(self):
        self.sim.control("seed", {"accounts": {"login": "demo", "disabled": True}})
        self.assertIn("disabled", self.triton("inst", "list", status=1))


class Smartdc(TritonCase):
    """The tools before triton, which speak ~8||~7 or ~7."""

    def sdc(self, verb, *args):
        out = self.run_node(f"smartdc/bin/sdc-{verb}", *args)
        return json.loads(out) if out.strip() else None

    def test_a_machines_life(self):
        self.sim.set(versions="7.0.0 7.1.0 7.2.0 7.3.0")
        made = self.sdc("createmachine", "--name", "a", "--image", cloudapi.IMAGES["debian"], "--package", "sdc_128")
        self.assertEqual((made["state"], made["dataset"]), ("provisioning", "sdc:sdc:debian-12:20240726"))
        self.sdc("stopmachine", made["id"])
        self.assertEqual([m["state"] for m in self.sdc("listmachines")], ["stopped"])
        self.sdc("startmachine", made["id"])
        self.sdc("addmachinetags", "--tag", "a=b", made["id"])
        self.assertEqual(self.sdc("listmachinetags", made["id"]), {"a": "b"})
        self.sdc("createmachinesnapshot", "--name", "s", made["id"])
        self.assertEqual([s["name"] for s in self.sdc("listmachinesnapshots", made["id"])], ["s"])
        self.sdc("stopmachine", made["id"])
        self.sdc("deletemachine", made["id"])
        self.assertEqual(self.sdc("listmachines"), [])


class Ours(TritonCase):
    """What triton shows of machines and what they are made of, and what our driver gives."""

    def setUp(self):
        super().setUp()
        if not os.path.exists(os.path.join(os.environ["NUBE_DRIVERS"], "joyent.so")):
            raise unittest.SkipTest("the driver joyent is not built")
        key = self.keys["rsa"]
        self.nube("backend", "add", "tri", "joyent", "account=demo", f"key_id={key.print}", f"key_file={key.path}",
                  f"endpoint={self.sim.url}")

    def nube(self, *args):
        env = {"HOME": self.user, "PATH": os.environ["PATH"],
               **{n: v for n, v in os.environ.items() if n.startswith(("ASAN_", "UBSAN_", "LSAN_"))}}
        line = [os.environ["NUBE"], "--driver-path", os.environ["NUBE_DRIVERS"], "--service-path", os.environ["NUBE_SERVICES"]]
        r = subprocess.run([*line, *args], capture_output=True, text=True, timeout=120, env=env, stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(r.returncode, 0, f"{args}: {r.stderr}")
        return r.stdout

    def listed(self, noun):
        return {row["id"]: row for row in json.loads(self.nube(noun, "list", "-b", "tri", "-o", "json"))}

    def test_machines_of_both(self):
        self.create("web-1")
        self.nube("node", "create", "-b", "tri", "--name", "web-2", "--image", cloudapi.IMAGES["debian"], "--size", "sdc_128", "--wait")
        theirs = {m["id"]: m for m in self.lines("inst", "list")}
        ours = self.listed("node")
        self.assertEqual(set(ours), set(theirs))
        for machine, them in theirs.items():
            us, whole = ours[machine], json.loads(self.triton("inst", "get", machine))
            self.assertEqual((us["name"], us["raw_state"], us["image"]), (them["name"], them["state"], them["image"]))
            self.assertEqual(us["public_ips"] + us["private_ips"], whole["ips"])
            self.assertEqual(us["profile"]["ram"], whole["memory"])
            self.assertEqual(us["created"], whole["created"].split(".")[0] + "Z")
            self.assertEqual(us["tags"], {k: str(v) for k, v in whole["tags"].items()})

    def test_what_machines_are_made_of(self):
        for noun, words in (("image", ("image", "list")), ("size", ("package", "list"))):
            theirs = {row["id"]: row["name"] for row in self.lines(*words)}
            ours = self.listed(noun)
            self.assertEqual(set(ours), set(theirs))
            for row, name in theirs.items():
                self.assertIn(name, ours[row]["name"])
        theirs = {p["id"]: p["memory"] for p in self.lines("package", "list")}
        self.assertEqual({i: s["ram"] for i, s in self.listed("size").items()}, theirs)


if __name__ == "__main__":
    simtest.main()
