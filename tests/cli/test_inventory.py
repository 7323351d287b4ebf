#!/usr/bin/env python3
"""nube inventory, read by the tools it is for: Ansible, OpenSSH, Prometheus, glibc's hosts file."""
import json
import os
import re
import subprocess
import unittest

import clitest

clitest.need("ansible-inventory", "ansible", "ssh", "promtool", "getent", "unshare")

NASTY = 'evil" \\ {{ lookup("pipe", "touch PWNED") }}\nHost *\n  ProxyCommand touch PWNED'


class Inventory(clitest.CloudCase):
    def tool(self, *argv, status=0, cwd=None):
        done = subprocess.run(argv, env={**self.env, "ANSIBLE_LOCALHOST_WARNING": "False"}, capture_output=True, text=True,
                              timeout=120, stdin=subprocess.DEVNULL, cwd=cwd or self.home)
        if status is not None:
            self.assertEqual(done.returncode, status, done)
        return done

    def foreign(self, name, **tags):
        """A node made by another client, which may call it anything."""
        words = {}
        for i, (key, value) in enumerate({"Name": name, **tags}.items()):
            words[f"TagSpecification.1.Tag.{i + 1}.Key"], words[f"TagSpecification.1.Tag.{i + 1}.Value"] = key, value
        node = self.client.run(**{"TagSpecification.1.ResourceType": "instance", **words})
        self.nube("node", "wait", node)

    def addresses(self):
        return {n["name"]: (n["public_ips"] or [None])[0] for n in self.nube("-o", "json", "node", "list").json()}

    def ansible(self, *options):
        script = self.write("hosts.sh", '#!/bin/sh\nexec "%s" inventory --ansible %s "$@"\n' %
                            (os.environ["NUBE"], " ".join(options)), 0o755)
        return script

    def test_ansible(self):
        self.create("--wait", "--tag", "role=front", name="web")
        self.named("db 1")
        done = self.tool("ansible-inventory", "-i", self.ansible("--user", "admin"), "--list")
        self.assertNotIn("WARNING", done.stderr)
        inventory = json.loads(done.stdout)
        at = self.addresses()
        variables = inventory["_meta"]["hostvars"]
        self.assertEqual({h: v["ansible_host"] for h, v in variables.items()}, {"web": at["web"], "db-1": at["db 1"]})
        self.assertEqual(variables["db-1"]["nube_name"], "db 1")
        self.assertEqual(variables["web"]["nube_tags"]["role"], "front")
        self.assertEqual(variables["web"]["ansible_user"], "admin")
        self.assertEqual(inventory["tag_role_front"]["hosts"], ["web"])
        self.assertEqual(sorted(inventory["backend_aws"]["hosts"]), ["db-1", "web"])
        self.assertEqual(sorted(inventory["state_running"]["hosts"]), ["db-1", "web"])
        graph = self.tool("ansible-inventory", "-i", self.ansible(), "--graph").stdout
        self.assertIn("@backend_aws:", graph)

    def test_ansible_evaluates_nothing_of_a_name(self):
        self.foreign(NASTY, **{"note": "{{ lookup('pipe', 'touch PWNED') }}", "{{ 7 * 7 }}": "x"})
        self.create("--wait", name="plain")
        done = self.tool("ansible", "-i", self.ansible(), "-c", "local", "all", "-m", "debug", "-a", "var=nube_tags,nube_name")
        self.assertFalse(os.path.exists(self.path("PWNED")), done)
        self.assertIn("touch PWNED", done.stdout)
        self.assertNotIn("49", done.stdout)
        inventory = json.loads(self.tool("ansible-inventory", "-i", self.ansible(), "--list").stdout)
        names = [v["nube_name"] for v in inventory["_meta"]["hostvars"].values()]
        self.assertIn({"__ansible_unsafe": NASTY}, names, "as Ansible itself writes what it must not evaluate")

    def resolve(self, config, host):
        done = self.tool("ssh", "-G", "-F", config, host)
        return dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)

    def test_ssh_config(self):
        self.named("web", "db 1")
        self.foreign(NASTY)
        config = self.write("ssh.conf", self.nube("inventory", "--ssh-config", "--user", "admin").out)
        at = self.addresses()
        self.assertEqual(self.resolve(config, "web")["hostname"], at["web"])
        self.assertEqual(self.resolve(config, "db-1")["hostname"], at["db 1"])
        other = self.resolve(config, "elsewhere.example")
        self.assertEqual(other["hostname"], "elsewhere.example")
        self.assertNotIn("proxycommand", other)
        self.assertEqual(self.resolve(config, "web")["user"], "admin")
        with open(config, encoding="utf-8") as f:
            hosts = re.findall(r"^Host (.*)$", f.read(), re.M)
        self.assertEqual(len(hosts), 3)
        for host in hosts:
            self.assertRegex(host, r"^[a-z0-9][a-z0-9.-]*$")
        evil = next(h for h in hosts if h.startswith("evil"))
        self.assertEqual(self.resolve(config, evil)["hostname"], at[NASTY])

    def test_prometheus(self):
        self.create("--wait", "--tag", "role=front", "--tag", "a-b=1", "--tag", "a_b=2", name="web")
        self.foreign(NASTY)
        self.write("targets.json", self.nube("inventory", "--prometheus-sd", "--port", "9256").out)
        config = self.write("prometheus.yml", "scrape_configs:\n  - job_name: nodes\n    file_sd_configs:\n      - files: [targets.json]\n"
                            "    relabel_configs:\n      - source_labels: [__meta_nube_name]\n        target_label: instance\n")
        self.tool("promtool", "check", "config", config)
        done = self.tool("promtool", "check", "service-discovery", "--timeout", "10s", config, "nodes")
        found = json.loads(done.stdout[done.stdout.index("["):])
        targets = {t["discoveredLabels"]["__meta_nube_name"]: t["discoveredLabels"] for t in found}
        self.assertEqual(set(targets), {"web", NASTY})
        self.assertIn("web", [t["labels"]["instance"] for t in found])
        labels = targets["web"]
        self.assertEqual(labels["__address__"], self.addresses()["web"] + ":9256")
        self.assertEqual((labels["__meta_nube_tag_role"], labels["__meta_nube_backend"], labels["__meta_nube_state"]),
                         ("front", "aws", "running"))
        self.assertEqual(labels["__meta_nube_tag_a_b"], "1", "the first of two that are one")

    def hosts(self, path, *names):
        script = 'mount --bind "$0" /etc/hosts && for n; do getent hosts "$n"; done'
        user = [] if os.getuid() == 0 else ["-r"]
        return self.tool("unshare", *user, "-m", "sh", "-c", script, path, *names, status=None).stdout.split("\n")

    def test_hosts(self):
        self.named("web", "db 1", "localhost", "10.9.8.7")
        self.foreign(NASTY)
        path = self.write("hosts", self.nube("inventory", "--hosts").out, 0o644)
        at = self.addresses()
        lines = self.hosts(path, "web", "db-1")
        self.assertEqual([line.split()[:2] for line in lines if line], [[at["web"], "web"], [at["db 1"], "db-1"]])
        with open(path, encoding="utf-8") as f:
            text = f.read()
        self.assertEqual(len(text.splitlines()), 5)
        names = [line.split()[1] for line in text.splitlines()]
        self.assertNotIn("localhost", names)
        self.assertNotIn("10.9.8.7", names)
        self.assertEqual(len(set(names)), 5)

    def test_names_are_unique_and_do_not_depend_on_others_order(self):
        self.named("web", "Web", "WEB!", "db")
        ids = {n["name"]: n["id"] for n in self.nube("-o", "json", "node", "list").json()}
        at = self.addresses()
        by_name = {line.split()[1]: line.split()[0] for line in self.nube("inventory", "--hosts").out.splitlines()}
        self.assertEqual(by_name, {"db": at["db"], **{"web-" + ids[n]: at[n] for n in ("web", "Web", "WEB!")}})
        self.add("again")
        both = [line.split()[1] for line in self.nube("inventory", "--hosts").out.splitlines()]
        self.assertEqual(len(set(both)), 8, "one account twice")
        self.assertIn("db-" + ids["db"], both)

    def test_what_has_no_address_is_left_out_and_said(self):
        self.named("web", "off")
        self.nube("node", "stop", "off", "--wait")
        self.nube("node", "destroy", self.named("dead")[0], "--yes", "--wait")
        public = {n["name"] for n in self.nube("-o", "json", "node", "list").json() if n["public_ips"]}
        done = self.nube("inventory", "--hosts", "--state", "running")
        self.assertEqual([line.split()[1] for line in done.out.splitlines()], ["web"])
        self.assertIn("web", public)
        self.assertNotIn("dead", self.nube("inventory", "--hosts").err)

    def test_private(self):
        self.named("web")
        node = self.nube("-o", "json", "node", "list").json()[0]
        self.assertEqual(self.nube("inventory", "--hosts").out.split()[0], node["public_ips"][0])
        self.assertEqual(self.nube("inventory", "--hosts", "--private").out.split()[0], node["private_ips"][0])

    def test_refusals(self):
        self.assertIn("give one of --ansible", self.nube("inventory", status=2).err)
        self.assertIn("give one of --ansible", self.nube("inventory", "--hosts", "--ansible", status=2).err)
        self.assertIn("--port takes", self.nube("inventory", "--prometheus-sd", "--port", "x", status=2).err)
        self.assertIn("no login name", self.nube("inventory", "--ssh-config", "--user", "-oProxyCommand=x", status=2).err)
        self.assertIn("--output is for lists", self.nube("inventory", "--hosts", "-o", "json", status=2).err)

    def test_when_a_backend_fails_the_rest_is_printed(self):
        self.named("web")
        self.add("bad", secret="wrong")
        done = self.nube("inventory", "--hosts", status=3)
        self.assertEqual(len(done.out.splitlines()), 1)
        self.assertIn("bad", done.err)

    def test_nothing_is_something_that_can_be_read(self):
        self.assertEqual(self.tool("ansible-inventory", "-i", self.ansible(), "--list").returncode, 0)
        self.assertEqual(json.loads(self.nube("inventory", "--prometheus-sd").out), [])
        self.assertEqual(self.nube("inventory", "--hosts").out, "")


if __name__ == "__main__":
    unittest.main()
