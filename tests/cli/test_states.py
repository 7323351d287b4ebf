#!/usr/bin/env python3
"""driver states: the graph is what the table says, Graphviz reads it, and docs/states is drawn from it."""
import json
import os
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import clitest

clitest.need("dot")
NUBE, DRIVERS = os.environ["NUBE"], os.environ["NUBE_DRIVERS"]
FOLDER = os.path.join(clitest.SOURCE, "docs", "states")


def nube(*words):
    return subprocess.run([NUBE, "--driver-path", DRIVERS, *words], check=True, capture_output=True, text=True, timeout=60).stdout


def drawn(path):
    """What a picture says, wherever it is in it: fonts move things."""
    with open(path, encoding="utf-8") as f:
        root = ElementTree.fromstring(f.read())
    return sorted((g.get("class"), g.findtext("{*}title"), [t.text for t in g.findall("{*}text")]) for g in root.iter("{http://www.w3.org/2000/svg}g"))


class States(unittest.TestCase):
    def drivers(self):
        return [d["driver"] for d in json.loads(nube("-o", "json", "driver", "list"))]

    def test_the_table(self):
        for driver in self.drivers():
            rows = json.loads(nube("-o", "json", "driver", "states", driver))
            shown = json.loads(nube("-o", "json", "driver", "show", driver))[0]["states"]
            self.assertEqual([(r["provider_state"], r["state"], r["allows"].split(",") if r["allows"] else []) for r in rows],
                             [(s["provider_state"], s["state"], s["allows"] or []) for s in shown])

    def test_the_graph_has_each_action_where_the_table_allows_it(self):
        for driver in self.drivers():
            rows = json.loads(nube("-o", "json", "driver", "states", driver))
            dot = nube("driver", "states", driver, "--dot")
            subprocess.run(["dot", "-Tcanon"], input=dot, text=True, check=True, capture_output=True, timeout=60)
            edges = {(a, word) for a, _, label in re.findall(r"^  (\w+) -> (\w+) \[label=\"(.*)\"\]", dot, re.M) for word in label.split(", ")}
            moving = {"start", "stop", "reboot", "suspend", "resume", "rebuild", "destroy"}
            allowed = {(r["state"], word) for r in rows for word in (r["allows"] or "").split(",") if word in moving}
            self.assertEqual(edges, allowed, driver)
            for r in rows:
                self.assertRegex(dot, r'(?m)^  %s \[label="[^"]*\\n%s(\\n|")' % (r["state"], re.escape(r["provider_state"])))

    def test_the_drawings_are_current(self):
        with tempfile.TemporaryDirectory() as made:
            subprocess.run([os.path.join(clitest.SOURCE, "scripts", "state-diagrams"), NUBE, DRIVERS, made], check=True, timeout=120)
            self.assertEqual(sorted(os.listdir(FOLDER)), sorted(os.listdir(made)), "run scripts/state-diagrams")
            for name in os.listdir(made):
                self.assertEqual(drawn(os.path.join(FOLDER, name)), drawn(os.path.join(made, name)),
                                 f"docs/states/{name} is out of date: run scripts/state-diagrams")

    def test_an_unknown_driver(self):
        done = subprocess.run([NUBE, "--driver-path", DRIVERS, "driver", "states", "ec3"], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (5, ""))
        self.assertIn('did you mean "ec2"?', done.stderr)

    def test_a_graph_has_no_other_form(self):
        done = subprocess.run([NUBE, "--driver-path", DRIVERS, "driver", "states", "ec2", "--dot", "-o", "json"], capture_output=True,
                              text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (2, ""))


if __name__ == "__main__":
    unittest.main()
