#!/usr/bin/env python3
"""The command without a network: usage errors, help, man page, output that cannot be written. NUBE=path of the command."""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

NUBE = os.environ.get("NUBE", "nube")
HOME = tempfile.mkdtemp(prefix="nube-cli-")


def tearDownModule():
    shutil.rmtree(HOME)


def run(*args, DOCKER_HOST=None, **more):
    env = {"HOME": HOME, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    if DOCKER_HOST:
        env["DOCKER_HOST"] = DOCKER_HOST
    for name, value in os.environ.items():
        if name.startswith(("ASAN_", "UBSAN_", "LSAN_", "LD_")):
            env[name] = value
    more.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([NUBE, *args], capture_output=True, text=True, env=env, timeout=60, **more)


def verbs():
    """Every noun and verb that the overview and the nouns' help name."""
    found = []
    for noun in re.findall(r"^  (\w+) +\S", run("--help").stdout.split("\nOptions")[0], re.M):
        lines = re.findall(r"^  nube (\w+) (\w*)", run("help", noun).stdout, re.M)
        found += [(n, v) for n, v in lines if v] or [(noun, "")]
    return found


class Usage(unittest.TestCase):
    def wrong(self, text, *args, status=2):
        done = run(*args)
        self.assertEqual((done.returncode, done.stdout), (status, ""), done)
        self.assertIn(text, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

    def test_nothing(self):
        done = run()
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("Usage: nube NOUN VERB", done.stderr)

    def test_did_you_mean(self):
        self.wrong('did you mean "node"?', "nod", "list")
        self.wrong('did you mean "node list"?', "node", "lsit")
        self.wrong("did you mean --state?", "node", "list", "--stat", "running")
        self.wrong("did you mean --output?", "--outptu", "json")
        self.wrong("unknown noun", "zzzzzzz")

    def test_missing_and_surplus(self):
        self.wrong("an argument is missing: nube node stop NODE...", "node", "stop")
        self.wrong('unexpected argument "c"', "node", "rename", "a", "b", "c")
        self.wrong('unexpected argument "-x"', "node", "rename", "a", "b", "--", "-x")
        self.wrong("--output needs a value", "node", "list", "-o")
        self.wrong("--dry-run takes no value", "node", "list", "--dry-run=1")

    def test_values(self):
        self.wrong("--deadline takes a time", "node", "list", "--deadline", "soon")
        self.wrong("--output takes table", "node", "list", "-o", "xml")
        self.wrong("--tag takes KEY=VALUE", "node", "list", "--tag", "prod")
        self.wrong("--count takes a number", "node", "create", "--image", "i", "--count", "0")
        self.wrong("an image is needed", "node", "create")
        self.wrong("give one of --until", "node", "wait", "n", "--until", "running", "--gone")

    def test_columns(self):
        self.wrong('no column "nmae"; did you mean "name"?', "node", "list", "--columns", "id,nmae")
        self.wrong('no column "password"', "node", "list", "--columns", "password")

    def test_destructive_verbs_need_yes_without_a_terminal(self):
        for words in (["node", "destroy", "x"], ["image", "delete", "x"], ["backend", "remove", "x"]):
            self.wrong("give --yes", *words)

    def test_run_fails_as_ssh_does(self):
        self.wrong("a command is needed", "node", "run", "x", status=255)
        self.wrong("an argument is missing", "node", "run", "--", "true", status=255)

    def test_error_as_json(self):
        done = run("node", "stop", "-o", "json")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        error = json.loads(done.stderr)
        self.assertEqual((error["class"], error["verb"]), ("usage", "node stop"))
        self.assertIn("missing", error["message"])

    def test_error_text_cannot_drive_the_terminal(self):
        done = run("\x1b]0;owned\x07", "list")
        self.assertNotIn("\x1b", done.stderr)
        self.assertNotIn("\x07", done.stderr)

    def test_options_anywhere(self):
        for words in (["-b", "none", "node", "stop"], ["node", "-bnone", "stop"], ["node", "stop", "--backend=none"]):
            self.wrong("an argument is missing", *words)


class Help(unittest.TestCase):
    def test_version(self):
        done = run("--version")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"^nube \d+\.\d+\.\d+\n$")

    def test_every_verb(self):
        found = verbs()
        self.assertIn(("node", "create"), found)
        self.assertIn(("raw", ""), found)
        for noun, verb in found:
            words = [w for w in (noun, verb) if w]
            done = run("help", *words)
            self.assertEqual((done.returncode, done.stderr), (0, ""), words)
            self.assertTrue(done.stdout.startswith("Usage: nube " + " ".join(words)), done.stdout)
            self.assertIn("--deadline TIME", done.stdout)
            self.assertEqual(done.stdout, run(*words, "--help").stdout)

    def test_flags_are_told(self):
        wanted = {
            "node create": "name image size location key user-data tag count set wait",
            "node list": "search name id state tag image location address filter",
            "node wait": "until while gone",
            "node console": "tail follow timestamps since",
            "raw": "query header body",
            "image create": "node file name",
        }
        for words, flags in wanted.items():
            text = run("help", *words.split()).stdout
            for flag in flags.split():
                self.assertRegex(text, r"--%s\b" % flag, words)

    def test_unknown(self):
        done = run("help", "node", "creat")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn('did you mean "create"?', done.stderr)

    def test_man_page(self):
        text = run("help", "--man").stdout
        self.assertTrue(text.startswith('.TH NUBE 1'))
        for noun, verb in verbs():
            self.assertIn(("\n.SS %s %s" % (noun, verb)).rstrip(), text)
        for line in text.splitlines():
            if line[:1] in ".'":
                self.assertRegex(line, r"^\.(TH|SH|SS|TP|PP|br)\b", line)


class Failures(unittest.TestCase):
    """T-02: no verb says that it went well when it did not."""
    LOCAL = {("provider", "list"), ("driver", "list"), ("backend", "list")}  # they only print
    MORE = {("node", "resize"): ["--size", "s"], ("node", "wait"): ["--gone"]}

    def words(self, noun, verb):
        """An example of the verb, as its first line of help has it."""
        line = re.match(r"Usage: nube (.*) \[options\]", run("help", *[w for w in (noun, verb) if w]).stdout)[1]
        line = re.sub(r"(?<=\w)\|\w+|\[.*?\](\.\.\.)?", "", line).split(" | ")[0]
        fixed = {"METHOD": "GET", "PATH": "/", "COMMAND...": "true", "PROVIDER": "nosuch", "FILE": __file__}
        return [fixed.get(w, "x" if w.isupper() or w.endswith("...") else w) for w in line.split()]

    def test_T02_every_verb_exits_non_zero(self):
        dead = ["-b", "docker", "--yes", "--deadline", "20s", "--driver-path", os.environ["NUBE_DRIVERS"],
                "--service-path", os.environ["NUBE_SERVICES"]]
        for noun, verb in verbs():
            if (noun, verb) in self.LOCAL or noun == "help":
                continue
            words = self.words(noun, verb) + self.MORE.get((noun, verb), [])
            at = words.index("--") if "--" in words else len(words)
            local = noun in ("driver", "backend")
            done = run(*words[:at], *([] if local else dead), *words[at:], DOCKER_HOST="unix:///nonexistent/docker.sock")
            self.assertNotEqual(done.returncode, 0, words)
            if not local:
                self.assertRegex(done.stderr, "/nonexistent/docker.sock|does not offer", words)
                self.assertEqual(done.returncode, 255 if verb == "run" else 10 if "offer" in done.stderr else 1, words)
                self.assertEqual(done.stdout, "", words)
            self.assertRegex(done.stderr + done.stdout, r"\w", words)

    def test_T02_what_cannot_be_printed_is_no_success(self):
        for words in self.LOCAL:
            with open("/dev/full", "w") as full:
                done = subprocess.run([NUBE, *words, "-o", "json"], stdout=full, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual(done.returncode, 1, words)


class Addresses(unittest.TestCase):
    def test_T33_a_host_is_taken_as_it_is(self):
        """A proxy that is not there is all that is asked: no name is looked up."""
        where = ["--driver-path", os.environ["NUBE_DRIVERS"], "--service-path", os.environ["NUBE_SERVICES"],
                 "--config", os.path.join(HOME, "addresses.ini")]
        for host, url in (("https://test.tp", "https://test.tp"), ("tcp://tcp.tcp:99", "http://tcp.tcp:99"),
                          ("test.tp", "http://test.tp:2375"), ("http://[::1]:2375", "http://[::1]:2375"),
                          ("tcp://ttp:2375/base/", "http://ttp:2375/base")):
            name = "b" + re.sub(r"\W", "", host)
            self.assertEqual(run("backend", "add", name, "docker", "host=" + host, "proxy=http://127.0.0.1:1",
                                 "retries=0", *where).returncode, 0)
            done = run("-b", name, "node", "list", "--debug", *where)
            self.assertIn("> GET %s/_ping" % url, done.stderr)
            self.assertEqual(done.returncode, 1)


class Output(unittest.TestCase):
    def test_full_device(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([NUBE, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("standard output: No space left on device", done.stderr)

    def closed_pipe(self, **more):
        reader, writer = os.pipe()
        os.close(reader)
        try:
            return subprocess.run([NUBE, "--help"], stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60, **more)
        finally:
            os.close(writer)

    def test_closed_pipe(self):
        done = self.closed_pipe(restore_signals=True)
        self.assertEqual((done.returncode, done.stderr), (-signal.SIGPIPE, ""))
        done = self.closed_pipe(restore_signals=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("Broken pipe", done.stderr)


if __name__ == "__main__":
    unittest.main()
