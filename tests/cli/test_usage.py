#!/usr/bin/env python3
"""The command without a network: usage errors, help, man page, output that cannot be written. NUBE=path of the command."""
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

NUBE = os.environ.get("NUBE", "nube")
HOME = tempfile.mkdtemp(prefix="nube-cli-")
WHERE = ["--driver-path", os.environ.get("NUBE_DRIVERS", ""), "--service-path", os.environ.get("NUBE_SERVICES", "")]


def tearDownModule():
    shutil.rmtree(HOME)


def run(*args, DOCKER_HOST=None, COLUMNS=None, **more):
    env = {"HOME": HOME, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    if COLUMNS:
        env["COLUMNS"] = COLUMNS
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
        self.wrong("see: nube help key", "key", "tty")

    def test_words_of_other_tools(self):
        for words, meant in (("node rm", "node destroy"), ("node delete", "node destroy"), ("image rm", "image delete"),
                             ("backend delete", "backend remove"), ("node logs", "node console"),
                             ("node exec", "node run"), ("node ps", "node list"),
                             ("node inspect", "node show"), ("key get", "key show"), ("ps", "node list"),
                             ("ls", "node list"), ("instances", "node")):
            self.wrong('did you mean "%s"?' % meant, *words.split())

    def test_providers_and_drivers_are_suggested(self):
        self.wrong('did you mean "docker"?', "-b", "dockr", "node", "list", *WHERE, status=5)
        self.wrong('did you mean "docker"?', "backend", "add", "x", "dockr", *WHERE, status=5)
        self.wrong('did you mean "docker"?', "driver", "show", "dockr", *WHERE, status=5)

    def test_an_unknown_backend_is_not_found_everywhere(self):
        self.wrong('"zzzz"', "-b", "zzzz", "node", "list", *WHERE, status=5)
        self.wrong('"zzzz"', "backend", "enable", "zzzz", *WHERE, status=5)

    def test_an_argument_has_one_prefix(self):
        done = run("-b", "docker", "node", "create", "-i", "x", "--set", "key=1", *WHERE)
        self.assertEqual((done.returncode, done.stderr.count("node create")), (10, 1), done.stderr)
        self.assertNotIn("did you mean", done.stderr)

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
        self.wrong("there are: backend, name", "node", "list", "--columns", "qqqqqqqq")

    def test_columns_are_obeyed_or_refused(self):
        self.wrong("no columns", "node", "stop", "x", "--columns", "name")
        self.wrong("no columns", "driver", "show", "docker", "--columns", "title", *WHERE)
        self.wrong("is for -o table, wide and csv", "node", "list", "-o", "yaml", "--columns", "name")
        self.wrong('no column "nam"', "node", "stop", "x", "-o", "csv", "--columns", "nam")
        done = run("driver", "list", "--columns", " Driver,VERSION", *WHERE)
        self.assertEqual((done.returncode, done.stdout.split()[:2]), (0, ["DRIVER", "VERSION"]), done)
        done = run("-b", "docker", "node", "list", "-o", "csv", "--columns", "Raw State,raw-state,tags.A b", *WHERE,
                   DOCKER_HOST="unix:///nonexistent/docker.sock")
        self.assertEqual(done.stdout, "raw_state,raw_state,tags.A b\n", done)

    def test_destructive_verbs_need_yes_without_a_terminal(self):
        for words in (["node", "destroy", "x"], ["image", "delete", "x"], ["backend", "remove", "x"]):
            self.wrong("give --yes", *words)

    def test_run_fails_as_ssh_does(self):
        self.wrong("a command is needed", "node", "run", "x", status=255)
        self.wrong("name nodes, or choose them", "node", "run", "--", "true", status=255)

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


class States(unittest.TestCase):
    """Words that are no state: refused before anything is asked; nothing answers here."""

    def test_refused(self):
        for words in (["wait", "n", "--until", "runing"], ["wait", "n", "--while", "running,soon"],
                      ["stop", "n", "--wait=off"], ["create", "-i", "x", "--wait=up"], ["destroy", "n", "--yes", "--wait=x"]):
            done = run("-b", "docker", "node", *words, *WHERE, DOCKER_HOST="unix:///nonexistent/docker.sock")
            self.assertEqual((done.returncode, done.stdout), (2, ""), done)
            self.assertIn("is no state of a node", done.stderr)
            self.assertNotIn("/nonexistent", done.stderr)

    def test_the_drivers_own_words_are_known(self):
        done = run("-b", "docker", "node", "wait", "n", "--until", "Exited, stopped", *WHERE,
                   DOCKER_HOST="unix:///nonexistent/docker.sock")
        self.assertIn("/nonexistent/docker.sock", done.stderr)


class Backends(unittest.TestCase):
    def setUp(self):
        self.config = ["--config", os.path.join(tempfile.mkdtemp(dir=HOME), "b.ini"), *WHERE]
        for name in ("one", "two"):
            self.nube("backend", "add", name, "docker", "host=unix:///nonexistent/" + name)

    def nube(self, *args, status=0):
        done = run(*args, *self.config)
        self.assertEqual(done.returncode, status, done)
        return done

    def test_a_provider_means_its_accounts(self):
        done = self.nube("-b", "docker", "node", "list", status=1)
        self.assertIn("/nonexistent/one", done.stderr)
        self.assertIn("/nonexistent/two", done.stderr)
        self.nube("backend", "disable", "one")
        self.assertNotIn("/nonexistent/one", self.nube("-b", "docker", "node", "list", status=1).stderr)
        self.nube("backend", "disable", "two")
        self.assertIn("disabled", self.nube("-b", "docker", "node", "list", status=2).stderr)
        self.nube("backend", "add", "docker", "docker", "host=unix:///nonexistent/three")
        done = self.nube("-b", "docker", "node", "list", status=1)
        self.assertEqual(re.findall("/nonexistent/(\\w+)", done.stderr), ["three"], "a name goes before")

    def test_hints_name_accounts_only(self):
        self.assertIn('nube backend show "one"', self.nube("-b", "one", "node", "list", status=1).stderr)
        done = run("-b", "docker", "node", "list", *WHERE, DOCKER_HOST="unix:///nonexistent/docker.sock")
        self.assertNotIn("nube backend show", done.stderr)
        self.assertIn("nube backend add NAME docker", done.stderr)

    def test_an_empty_list_for_programs_even_when_it_failed(self):
        done = self.nube("node", "list", "-o", "json", "-b", "one", status=1)
        self.assertEqual(json.loads(done.stdout), [])
        self.assertEqual(json.loads(done.stderr)["class"], "connect")
        self.assertEqual(self.nube("node", "list", "-o", "yaml", "-b", "one", status=1).stdout, "[]\n")
        self.assertEqual(self.nube("node", "list", "-b", "one", status=1).stdout, "")

    def test_without_HOME(self):
        env = {"PATH": os.environ["PATH"], **{k: v for k, v in os.environ.items() if k.startswith(("LD_", "ASAN_"))}}
        done = subprocess.run([NUBE, "-o", "json", "backend", "list"], env=env, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)


class Streams(unittest.TestCase):
    def closed(self, fds, *args):
        """A run with these descriptors closed; what is left of its output."""
        script = 'exec "$0" "$@" ' + " ".join("%d>&-" % fd for fd in fds)
        return subprocess.run(["sh", "-c", script, NUBE, *args], capture_output=True, text=True, timeout=60,
                              env={"HOME": HOME, "PATH": os.environ["PATH"]})

    def test_closed_descriptors(self):
        config = os.path.join(tempfile.mkdtemp(dir=HOME), "b.ini")
        add = ["backend", "add", "x", "docker", "host=unix:///nonexistent/x", "--config", config, *WHERE]
        self.assertEqual(self.closed([0, 1, 2], *add).returncode, 1, "its sentence was lost")
        with open(config, encoding="utf-8") as f:
            self.assertNotIn("x: added", f.read())
        self.assertEqual(self.closed([2], "node", "stop").returncode, 2)
        self.assertEqual(self.closed([0], "--version").returncode, 0)

    def test_a_message_is_one_write(self):
        """Each write into a socket of packets is a packet."""
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, its:
            for words, lines in ((["-b", "docker", "node", "list", *WHERE], 2), (["node", "stop"], 1), (["node"], 20)):
                subprocess.run([NUBE, *words], stderr=its, stdout=subprocess.DEVNULL, timeout=60,
                               env={"HOME": HOME, "PATH": os.environ["PATH"], "DOCKER_HOST": "unix:///nonexistent/d"})
                packet = ours.recv(1 << 16).decode()
                self.assertTrue(packet.endswith("\n"), packet)
                self.assertGreaterEqual(packet.count("\n"), lines, packet)
                self.assertRaises(BlockingIOError, ours.recv, 1, socket.MSG_DONTWAIT)


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

    def test_lists_name_their_columns(self):
        self.assertIn("Columns: backend, name, state, image, addresses, created, id;", run("help", "node", "list").stdout)
        self.assertIn("Columns: provider, title, driver.", run("help", "provider", "list").stdout)

    def test_lines_fit(self):
        for noun, verb in verbs():
            for line in run("help", *[w for w in (noun, verb) if w]).stdout.splitlines()[1:]:
                self.assertLessEqual(len(line), 80, (noun, verb))

    def test_driver_show_has_all_in_80_columns(self):
        text = run("driver", "show", "docker", *WHERE).stdout
        self.assertLessEqual(max(map(len, text.splitlines()[4:])), 80)
        flat = " ".join(text.split())
        for words in ("one of GET|HEAD|POST|PUT|DELETE; default GET", "node list --search TEXT",
                      "default unix:///var/run/docker.sock", "exited stopped allows start"):
            self.assertIn(words, flat)

    def test_unknown(self):
        done = run("help", "node", "creat")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn('did you mean "create"?', done.stderr)

    def test_examples(self):
        """Each verb has one, and it is a command line that is understood."""
        for noun, verb in verbs():
            text = run("help", *[w for w in (noun, verb) if w], COLUMNS="1000").stdout
            found = re.findall(r"^Example: (.*)$", text, re.M)
            self.assertTrue(found, (noun, verb))
            for line in found:
                if "<(" in line or line.startswith("printf"):
                    continue
                words = shlex.split(re.split(r" [|>]", line)[0])
                self.assertEqual(words[:3] if verb else words[:2], ["nube", noun, verb] if verb else ["nube", noun])
                at = words.index("--") if "--" in words else len(words)
                done = run(*words[1:at], "--help", *words[at:])
                self.assertEqual(done.returncode, 0, done)

    def test_man_page(self):
        text = run("help", "--man").stdout
        self.assertTrue(text.startswith('.TH NUBE 1'))
        self.assertIn("\n.SH EXIT STATUS\n.TP\n\\fB0\\fR\nall done\n", text)
        for name in ("NUBE_CONFIG", "XDG_CONFIG_HOME", "HOME", "DOCKER_HOST, AWS_PROFILE, ..."):
            self.assertIn("\\fB%s\\fR\n" % name, text.split(".SH ENVIRONMENT")[1])
        for noun, verb in verbs():
            self.assertIn("\\fBnube %s %s" % (noun, verb) if verb else "\\fBnube " + noun, text)
            self.assertIn(".BR nube\\-%s (1)" % noun, text)
            page = run("help", noun, "--man").stdout
            self.assertTrue(page.startswith(".TH NUBE-%s 1" % noun.upper()))
            self.assertIn(("\n.SS %s %s" % (noun, verb)).rstrip(), page)
            text += page
        for line in text.splitlines():
            if line[:1] in ".'":
                self.assertRegex(line, r"^\.(TH|SH|SS|TP|PP|RS|RE|nf|fi|br|BR)\b", line)

    def test_man_pages_are_clean_for_both_formatters(self):
        """Lint of mandoc, but for the date, which would be the day of the build; warnings of groff."""
        pages = {"nube": run("help", "--man").stdout}
        pages.update({noun: run("help", noun, "--man").stdout for noun, verb in verbs()})
        for name, page in pages.items():
            path = os.path.join(HOME, name + ".1")
            with open(path, "w", encoding="utf-8") as f:
                f.write(page)
            lint = subprocess.run(["mandoc", "-Tlint", "-W", "warning", path], capture_output=True, text=True, timeout=60)
            self.assertEqual([x for x in lint.stdout.splitlines() if "missing date" not in x], [], name)
            shown = subprocess.run(["man", "--warnings", "-l", path], capture_output=True, text=True, timeout=60,
                                   env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "MANWIDTH": "80", "HOME": HOME})
            self.assertEqual((shown.returncode, shown.stderr), (0, ""), name)
            self.assertIn("EXIT STATUS", shown.stdout)
            for line in shown.stdout.splitlines():
                if "Example" not in line and "nube" not in line:
                    self.assertLessEqual(len(line), 80, (name, line))


class Failures(unittest.TestCase):
    """T-02: no verb says that it went well when it did not."""
    LOCAL = {("provider", "list"), ("driver", "list"), ("backend", "list"), ("backend", "search"),
             ("backend", "import"), ("key", "own")}  # they only print
    WELL = {("key", "generate"), ("key", "add")}  # nothing is in their way
    OWN = {("key", verb) for verb in ("default", "rename", "forget", "associate", "disassociate")}  # of a key that is not there
    MORE = {("node", "resize"): ["--size", "s"], ("node", "rebuild"): ["--image", "i"], ("node", "metadata"): ["a=b"], ("node", "wait"): ["--gone"]}

    def words(self, noun, verb):
        """An example of the verb, as its first line of help has it."""
        line = re.match(r"Usage: nube (.*) \[options\]", run("help", *[w for w in (noun, verb) if w]).stdout)[1]
        line = re.sub(r"\[.*?\](\.\.\.)?", "", line).split(" | ")[0]
        fixed = {"METHOD": "GET", "PATH": "/", "COMMAND...": "true", "PROVIDER": "nosuch", "FILE": __file__}
        return [fixed.get(w, w.split("|")[0] if "|" in w else "x" if w.isupper() or w.endswith("...") else w) for w in line.split()]

    def test_T02_every_verb_exits_non_zero(self):
        dead = ["-b", "docker", "--yes", "--deadline", "20s", *WHERE]
        for noun, verb in verbs():
            if (noun, verb) in self.LOCAL | self.WELL or noun in ("help", "completion"):
                continue
            words = self.words(noun, verb) + self.MORE.get((noun, verb), [])
            at = words.index("--") if "--" in words else len(words)
            local = noun in ("driver", "backend") or (noun, verb) in self.OWN
            done = run(*words[:at], *([] if local else dead), *words[at:], DOCKER_HOST="unix:///nonexistent/docker.sock")
            self.assertNotEqual(done.returncode, 0, words)
            if done.returncode == 10:
                self.assertIn("does not offer", done.stderr, words)
            elif not local:
                self.assertIn("/nonexistent/docker.sock", done.stderr, words)
                self.assertEqual((done.returncode, done.stdout), (255 if verb in ("run", "ssh") else 1, ""), words)
            self.assertRegex(done.stderr + done.stdout, r"\w", words)

    def test_T02_what_cannot_be_printed_is_no_success(self):
        for words in self.LOCAL:
            with open("/dev/full", "w") as full:
                done = subprocess.run([NUBE, *words, *(["x"] if "search" in words else []), "-o", "json"], stdout=full, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual(done.returncode, 1, words)


class Addresses(unittest.TestCase):
    def test_T33_a_host_is_taken_as_it_is(self):
        """A proxy that is not there is all that is asked: no name is looked up."""
        where = ["--config", os.path.join(tempfile.mkdtemp(dir=HOME), "b.ini"), *WHERE]
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
