#!/usr/bin/env python3
"""Completion in bash, zsh and fish: what a person sees who presses Tab, and what the shell then reads of the line."""
import os
import re
import stat
import subprocess
import time
import unittest

import clitest

clitest.need("bash", "zsh", "fish")

START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source <(nube completion bash)"),
    "zsh": (["zsh", "-f", "-i"], "autoload -Uz compinit; compinit -D -u; source <(nube completion zsh)"),
    "fish": (["fish", "--no-config", "-i"], "nube completion fish | source"),
}
HOSTILE = "x$(touch PWNED)`touch PWNED`;'y\"&z"


class Answers(clitest.CloudCase):
    """What the scripts are told."""

    def asked(self, *words, env=None):
        lines = self.nube("completion", "words", "--", *words, env=env).out.splitlines()
        return lines[0], [line.split("\t")[0] for line in lines[1:]]

    def words(self, *words, **more):
        kind, found = self.asked(*words, **more)
        self.assertEqual(kind, "words")
        return found

    def test_verbs_and_flags_are_those_of_help(self):
        nouns = re.findall(r"^  (\w+) +\S", self.nube("--help").out.split("\nOptions")[0], re.M)
        self.assertEqual(self.words(""), nouns)
        for noun in nouns:
            verbs = [v for n, v in re.findall(r"^  nube (\w+) (\w*)", self.nube("help", noun).out, re.M) if v]
            if verbs:
                self.assertEqual(self.words(noun, ""), verbs)
            for verb in verbs:
                flags = set(re.findall(r"^ +(?:-\w, )?(--[\w-]+)", self.nube("help", noun, verb).out, re.M))
                self.assertEqual(set(self.words(noun, verb, "--")), flags, (noun, verb))

    def test_values(self):
        self.assertEqual(self.words("node", "list", "--state", "sto"), ["stopping", "stopped"])
        self.assertEqual(self.words("node", "list", "--state=runn"), ["--state=running"])
        self.assertEqual(self.words("node", "wait", "x", "--until", "running,susp"), ["running,suspended"])
        self.assertEqual(self.words("node", "list", "-o", "y"), ["yaml"])
        self.assertEqual(self.words("node", "list", "--columns", "name,raw"), ["name,raw_state"])
        self.assertEqual(self.words("-b", "a"), ["aws"])
        self.assertEqual(self.words("-ba", "node", "li"), ["list"])
        self.assertIn("region=", self.words("backend", "add", "x", "ec2", ""))
        self.assertEqual(self.words("driver", "show", "e"), ["ec2"])
        self.assertEqual(self.words("backend", "add", "x", "ec2_us_e"), ["ec2_us_east"])
        self.assertIn("protect", self.words("node", "action", "x", ""))
        self.assertEqual(self.words("node", "list", "--filter", "sta"), ["state="])
        self.assertEqual(self.asked("key", "import", "n", "")[0], "files")
        self.assertEqual(self.asked("node", "list", "--record", "")[0], "dirs")
        self.assertEqual(self.words("node", "run", "x", "--", "l"), [])

    def test_names_of_every_kind(self):
        self.named("web", "worker")
        self.nube("key", "create", "laptop")
        self.nube("firewall", "create", "front")
        self.assertEqual(self.words("node", "stop", "w"), ["web", "worker"])
        self.assertEqual(self.words("node", "stop", "web", "wo"), ["worker"])
        self.assertEqual(self.words("key", "delete", "l"), ["laptop"])
        self.assertEqual(self.words("node", "create", "--key", "l"), ["laptop"])
        self.assertEqual(self.words("firewall", "show", "f"), ["front"])
        self.assertIn("t3.micro", self.words("node", "create", "--size", "t3"))
        self.assertEqual(self.words("node", "create", "--location=us-east-1a"), ["--location=us-east-1a"])
        node = self.nube("-o", "json", "node", "list").json()[0]
        self.assertEqual(self.words("node", "stop", node["id"][:-1]), [node["id"]], "ids where no name begins so")

    def test_they_are_kept_a_while_and_no_longer(self):
        self.named("web")
        self.words("node", "stop", "w")
        asked = self.asked_of("DescribeInstances")
        self.assertEqual(self.words("node", "stop", "w"), ["web"])
        self.assertEqual(self.asked_of("DescribeInstances"), asked, "from the cache")
        folder = self.path(".cache/nube/names")
        for name in os.listdir(folder):
            self.assertEqual(stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode), 0o600)
            os.utime(os.path.join(folder, name), (time.time() - 31, time.time() - 31))
        self.client.run(**{"TagSpecification.1.ResourceType": "instance", "TagSpecification.1.Tag.1.Key": "Name",
                           "TagSpecification.1.Tag.1.Value": "wide"})
        self.assertEqual(sorted(self.words("node", "stop", "w")), ["web", "wide"])
        self.named("wood")
        self.assertEqual(sorted(self.words("node", "stop", "w")), ["web", "wide", "wood"], "what we made ourselves is seen at once")

    def asked_of(self, action):
        return len(self.sim.requests(action))

    def test_a_backend_that_does_not_answer_leaves_what_is_known(self):
        self.named("web")
        self.words("node", "stop", "w")
        folder = self.path(".cache/nube/names")
        for name in os.listdir(folder):
            os.utime(os.path.join(folder, name), (1, 1))
        self.sim.fault("DescribeInstances", "error", code="UnauthorizedOperation", count=100)
        self.assertEqual(self.words("node", "stop", "w"), ["web"])

    def test_nothing_is_asked_of_a_person_and_nothing_told(self):
        self.add("broken", secret="wrong")
        done = self.nube("completion", "words", "--", "node", "stop", "w")
        self.assertEqual((done.out, done.err), ("words\n", ""))
        self.assertEqual(self.nube("completion", "words", "--", "-b", "nothing", "node", "stop", "").err, "")

    def test_a_code_is_not_asked_for(self):
        self.nube("backend", "remove", "aws", "--yes")
        os.mkdir(self.path(".aws"))
        self.write(".aws/credentials", f"[base]\naws_access_key_id = {clitest.simtest.KEY}\naws_secret_access_key = {clitest.simtest.SECRET}\n")
        self.write(".aws/config", "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n"
                   "mfa_serial = arn:aws:iam::123456789012:mfa/me\n")
        self.nube("backend", "add", "role", "ec2", "profile=role", "region=us-east-1", f"endpoint={self.sim.url}", f"sts_endpoint={self.sim.url}")
        t = self.terminal([os.environ["NUBE"], "node", "list"])
        t.expect(lambda text: "mfa/me" in text or "MFA" in text)
        t = self.terminal([os.environ["NUBE"], "completion", "words", "--", "node", "stop", "w"])
        self.assertEqual(t.end(10).split(), ["words"])
        self.assertEqual(t.process.wait(30), 0)

    def test_a_name_that_is_none_may_have_meant_another(self):
        self.named("web1", "database")
        self.nube("key", "create", "laptop")
        self.assertIn('nothing is called "databse"; did you mean "database"?', self.nube("node", "stop", "databse", status=5).err)
        self.assertIn('did you mean "laptop"?', self.nube("key", "show", "latpop", status=5).err)
        done = self.nube("node", "stop", "zzzzzz", status=5)
        self.assertIn('nothing is called "zzzzzz"; see: nube node list', done.err)
        self.assertEqual(done.err.count("\n"), 1, done)
        done = self.nube("node", "stop", "wbe1", "database", "dbtabase", status=5)
        self.assertEqual(done.err.count("did you mean"), 2, done)

    def test_names_that_cannot_be_typed_are_left_out(self):
        for name in ("we\nb", "we\x7fb", "we\u009bb"):
            self.client.run(**{"TagSpecification.1.ResourceType": "instance", "TagSpecification.1.Tag.1.Key": "Name",
                               "TagSpecification.1.Tag.1.Value": name})
        self.named("web")
        self.assertEqual(self.words("node", "stop", "we"), ["web"])

    def test_an_unknown_shell(self):
        self.assertIn("bash, zsh and fish", self.nube("completion", "tcsh", status=2).err)


class Shells(clitest.CloudCase):
    def setUp(self):
        super().setUp()
        self.named("web", "db 1")
        self.client.run(**{"TagSpecification.1.ResourceType": "instance", "TagSpecification.1.Tag.1.Key": "Name",
                           "TagSpecification.1.Tag.1.Value": HOSTILE})
        self.write("printargs", "#!/bin/sh\nfor a; do printf '<%s>' \"$a\"; done; echo :end\n", 0o755)

    def shell(self, name, prepare=None, env=None, argv=None):
        start = START[name]
        t = self.terminal(argv or start[0], {"PS1": "ready> ", "HISTFILE": "", "fish_greeting": "", **(env or {})}, cwd=self.home)
        t.type((prepare or start[1]) + "; printf '%s-%s\\n' all set\n")
        t.expect("all-set")
        return t

    def line(self, shell, typed, done, then=""):
        """Types, presses Tab, and gives the words that the shell then reads."""
        t = shell
        t.text = ""
        t.type(typed + "\t" + then)
        t.expect(lambda text: done in plain(text))
        t.type("\x01" + self.path("printargs") + " \n")
        t.expect(":end")
        return re.findall(r"<([^\n]*?)>(?=<|:end)", re.sub(r"\r", "", plain(t.text)).split(self.path("printargs"))[-1])

    def completes(self, name, **more):
        t = self.shell(name, **more)
        self.assertEqual(self.line(t, "nube node sto", "stop"), ["nube", "node", "stop"])
        self.assertEqual(self.line(t, "nube node stop we", "web"), ["nube", "node", "stop", "web"])
        self.assertEqual(self.line(t, "nube node stop db", "1"), ["nube", "node", "stop", "db 1"])
        self.assertEqual(self.line(t, "nube node list --state=runn", "running"), ["nube", "node", "list", "--state=running"])
        self.assertEqual(self.line(t, "nube node list -o nd", "ndjson"), ["nube", "node", "list", "-o", "ndjson"])
        self.assertEqual(self.line(t, "nube key import k printa", "printargs"), ["nube", "key", "import", "k", "printargs"])
        return t

    def hostile(self, t):
        self.assertEqual(self.line(t, "nube node stop x", "PWNED"), ["nube", "node", "stop", HOSTILE])
        self.assertFalse(os.path.exists(self.path("PWNED")), "a node's name was run")

    def test_bash(self):
        t = self.completes("bash")
        self.hostile(t)
        self.assertEqual(self.line(t, 'nube node stop "db', "1"), ["nube", "node", "stop", "db 1"])
        self.assertEqual(self.line(t, "nube node stop we\t\"x", '"x"', '"'), ["nube", "node", "stop", "web", "x"], "a name that a quote would not hold")
        self.assertFalse(os.path.exists(self.path("PWNED")), "a node's name was run")
        t.text = ""
        t.type("nube node re\t\t")
        t.expect(lambda text: all(word in plain(text) for word in ("reboot", "rename", "resize", "resume")))

    def test_zsh(self):
        self.hostile(self.completes("zsh"))

    def test_fish(self):
        self.hostile(self.completes("fish"))

    def test_fish_says_what_things_are(self):
        done = subprocess.run(["fish", "--no-config", "-c", "nube completion fish | source; complete -C 'nube node st'"], env=self.env,
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.stdout, "start\tstart nodes\nstop\tstop nodes; never destroys\n")

    def test_installed_where_the_shells_look(self):
        prefix = self.path("root")
        subprocess.run(["cmake", "--install", os.environ["NUBE_BUILD"], "--prefix", prefix], check=True, capture_output=True, timeout=120)
        share = os.path.join(prefix, "share")
        env = {"XDG_DATA_DIRS": share + ":/usr/local/share:/usr/share"}
        t = self.shell("bash", "source /usr/share/bash-completion/bash_completion", env)
        self.assertEqual(self.line(t, "nube node stop we", "web"), ["nube", "node", "stop", "web"])
        t = self.shell("zsh", f"fpath=({share}/zsh/site-functions $fpath); autoload -Uz compinit; compinit -D -u")
        self.assertEqual(self.line(t, "nube node stop we", "web"), ["nube", "node", "stop", "web"])
        t = self.shell("fish", "true", env, ["fish", "-i"])
        self.assertEqual(self.line(t, "nube node stop we", "web"), ["nube", "node", "stop", "web"])


def plain(text):
    """What was shown, without the terminal's own sequences."""
    text = re.sub(r"\x1b\[[0-9;?>=]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b[()][A-Za-z0-9]|\x1b[=>78kMc]", "", text)
    return text.replace("\x0f", "").replace("\x07", "").replace("\u23ce", "")


if __name__ == "__main__":
    unittest.main()
