#!/usr/bin/env python3
"""Every output form, read by a reader of that form, and tables as a person sees them in a terminal."""
import csv
import io
import json
import os
import unittest

import clitest
import yaml

FORMS = ("table", "wide", "json", "ndjson", "yaml", "csv", "id")
GREEN, BLUE = "\x1b[32m", "\x1b[34m"


class Output(clitest.CloudCase):
    def screen(self, *words, columns=120, env=None):
        t = self.terminal([os.environ["NUBE"], *words], env, columns=columns)
        return t.end().replace("\r", "")

    def test_the_forms_say_the_same(self):
        self.create("--wait", "--tag", "note=a, \"b\": c", "--tag", "yes=no", name="web 1")
        self.named("db")
        nodes = self.nube("-o", "json", "node", "list").json()
        self.assertEqual([n["name"] for n in nodes], ["db", "web 1"])
        self.assertEqual([json.loads(line) for line in sorted(self.nube("-o", "ndjson", "node", "list").out.splitlines(), key=lambda x: json.loads(x)["name"])], nodes)
        self.assertEqual(yaml.safe_load(self.nube("-o", "yaml", "node", "list").out), yaml.safe_load(json.dumps(nodes)))
        rows = list(csv.DictReader(io.StringIO(self.nube("-o", "csv", "node", "list", "--columns", "name,id,tags.note,raw_state").out)))
        self.assertEqual(rows, [{"name": n["name"], "id": n["id"], "tags.note": n["tags"].get("note", ""), "raw_state": n["raw_state"]} for n in nodes])
        self.assertEqual(self.nube("-o", "id", "node", "list").out.split(), [n["id"] for n in nodes])
        table = self.nube("node", "list", "--columns", "name,tags.note").out.splitlines()
        self.assertEqual(table[0].split(), ["NAME", "TAGS.NOTE"])
        self.assertIn("web 1 a, \"b\": c", table[2])
        for form in FORMS:
            for words in (["size", "list"], ["location", "list"], ["provider", "list"], ["driver", "list"], ["backend", "list"]):
                self.assertTrue(self.nube("-o", form, *words).out, (form, words))

    def test_filters(self):
        self.create("--wait", "--tag", "role=front", name="web")
        self.named("db")
        for given, found in (("name=web", ["web"]), ("tag=role=front", ["web"]), ("state=running", ["db", "web"]), ("state=stopped", [])):
            rows = self.nube("-o", "json", "node", "list", "--filter", given).json()
            self.assertEqual([n["name"] for n in rows], found, given)
        self.assertIn("is not offered", self.nube("node", "list", "--filter", "colour=red", status=10).err)

    def test_colours_on_a_terminal_only(self):
        self.named("web", "off")
        self.nube("node", "stop", "off", "--wait")
        shown = self.screen("node", "list")
        self.assertIn(GREEN + "running", shown)
        self.assertIn(BLUE + "stopped", shown)
        self.assertNotIn("\x1b", self.nube("node", "list").out, "in a pipe")
        for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": ""}):
            self.assertNotIn("\x1b", self.screen("node", "list", env=env), env)
        self.assertIn(GREEN, self.screen("node", "list", env={"NO_COLOR": ""}), "an empty one says nothing")
        self.assertIn(GREEN + "ok", self.screen("backend", "check"))
        self.assertNotIn("\x1b", self.screen("node", "list", "-o", "csv"))

    def test_a_table_fits_the_terminal(self):
        self.named("a-name-that-goes-on-" + "x" * 60, "web")
        for columns in (60, 80, 132):
            shown = self.screen("node", "list", columns=columns, env={"NO_COLOR": "1"})
            self.assertLessEqual(max(len(line) for line in shown.splitlines() if not line.startswith("left out")), columns, shown)
            self.assertIn("…", shown)
        self.assertIn("left out, for the terminal is narrow", self.screen("node", "list", columns=60))
        wide = self.screen("node", "list", "-o", "wide", columns=60)
        self.assertIn("x" * 60, wide.replace("\n", ""))

    def test_colours_do_not_shift_columns(self):
        self.named("web")
        plain = self.screen("node", "list", env={"NO_COLOR": "1"})
        self.assertEqual(self.screen("node", "list").replace(GREEN, "").replace("\x1b[0m", ""), plain)

    def test_did_you_mean_a_format(self):
        self.assertIn('did you mean "json"?', self.nube("node", "list", "-o", "jsn", status=2).err)


if __name__ == "__main__":
    unittest.main()
