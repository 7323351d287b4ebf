#!/usr/bin/env python3
"""What -o json prints of every kind is what docs/schema says, and docs/schema is what the tables say."""
import json
import os
import subprocess
import tempfile
import unittest

import clitest
import jsonschema

FOLDER = os.path.join(clitest.SOURCE, "docs", "schema")


def schema(name):
    with open(os.path.join(FOLDER, name + ".json"), encoding="utf-8") as f:
        return json.load(f)


class Schemas(clitest.CloudCase):
    def valid(self, name, objects):
        self.assertTrue(objects, f"nothing to look at for {name}")
        s = schema(name)
        jsonschema.Draft202012Validator.check_schema(s)
        for o in objects:
            jsonschema.Draft202012Validator(s).validate(o)
            self.assertLessEqual(set(s["required"]), set(o), name)
            self.assertLessEqual(set(o), set(s["properties"]), name)

    def listed(self, name, *words, status=0):
        done = self.nube("-o", "json", *words, status=status)
        self.valid(name, done.json())
        lines = self.nube("-o", "ndjson", *words, status=status).out.splitlines()
        self.valid(name, [json.loads(line) for line in lines])

    def test_objects(self):
        self.create("--wait", "--tag", "role=front", "--tag", "empty=", name="web")
        self.nube("key", "create", "laptop", "--file", self.path("k"))
        self.nube("firewall", "create", "fw", "--description", "d")
        self.listed("node", "node", "list")
        self.listed("node", "node", "show", "web")
        self.listed("image", "image", "search", "debian")
        self.listed("size", "size", "list")
        self.listed("location", "location", "list")
        self.listed("key", "key", "list")
        self.listed("firewall", "firewall", "list")

    def test_what_a_create_alone_has(self):
        self.valid("key", self.nube("-o", "json", "key", "create", "k").json())

    def test_records(self):
        self.listed("provider", "provider", "list")
        self.listed("driver", "driver", "list")
        self.listed("driver_details", "driver", "show", "ec2")
        self.listed("driver_state", "driver", "states", "ec2")
        self.listed("backend", "backend", "list")
        self.listed("backend_details", "backend", "show", "aws")
        self.listed("check", "backend", "check")
        self.create("--wait", name="web")
        self.valid("change", self.nube("-o", "json", "node", "stop", "web", "--wait").json())

    def test_errors(self):
        for words in (["node", "show", "nothing"], ["node", "stop"], ["node", "create", "--image", "ami-0"]):
            done = self.nube("-o", "json", *words, status=None)
            self.assertNotEqual(done.status, 0)
            self.valid("error", [json.loads(done.err)])

    def test_they_refuse_what_is_wrong(self):
        self.create("--wait", name="web")
        node = self.nube("-o", "json", "node", "list").json()[0]
        for member, value in (("state", "up"), ("name", 3), ("addresses", None), ("actions", ["fly"]), ("tags", {"a": 1})):
            with self.assertRaises(jsonschema.ValidationError, msg=member):
                jsonschema.validate({**node, member: value}, schema("node"))
        del node["state"]
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.validate(node, schema("node"))

    def test_the_committed_ones_are_current(self):
        with tempfile.TemporaryDirectory() as made:
            subprocess.run([os.path.join(clitest.SOURCE, "scripts", "schemas"), os.environ["NUBE"], made], check=True, timeout=60)
            self.assertEqual(sorted(os.listdir(made)), sorted(os.listdir(FOLDER)))
            for name in os.listdir(made):
                with open(os.path.join(made, name), encoding="utf-8") as f:
                    self.assertEqual(json.load(f), schema(name[:-5]), f"{name} is out of date: run scripts/schemas NUBE")
        self.assertIn("there are: node, image", self.nube("help", "--schema", "nod", status=2).err)


if __name__ == "__main__":
    unittest.main()
