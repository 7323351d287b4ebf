"""The nube command chooses: names, patterns, sizes, key files, stars, many nodes at once. Environment: as test_nube."""
import os
import pty
import select
import signal
import subprocess

import simtest
from test_nube import LAUNCH, NubeCase


class Terminal(NubeCase):
    def at_terminal(self, *args, answers=(), status=0):
        line = [os.environ["NUBE"], "--driver-path", os.environ["NUBE_DRIVERS"], "--service-path",
                os.environ["NUBE_SERVICES"], *args]
        pid, fd = pty.fork()
        if pid == 0:
            os.execve(line[0], line, {**self.env, "LC_ALL": "C.UTF-8"})
        shown, answers = b"", list(answers)
        while True:
            if not select.select([fd], [], [], 60)[0]:
                os.kill(pid, signal.SIGKILL)
            try:
                piece = os.read(fd, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
            if answers and answers[0][0] in shown:
                os.write(fd, answers.pop(0)[1])
        os.close(fd)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), status, shown)
        return shown.decode()


class Nodes(Terminal):
    seed = {"instances": {"count": 3, "name": "tmp-{n}", "tags": {"env": "dev"}}}

    def states(self):
        return {n["name"]: n["state"] for n in self.nube("-o", "json", "node", "list").json()}

    def test_search(self):
        found = self.nube("-o", "json", "node", "search", "MP-2").json()
        self.assertEqual([n["name"] for n in found], ["tmp-2"])
        self.assertEqual(self.nube("-o", "json", "node", "search", "zzz").json(), [])
        self.nube("node", "search", status=2)

    def test_changes_by_tag(self):
        self.create("--wait", name="other")
        self.assertIn("--yes", self.nube("node", "stop", "--tag", "env=dev", status=2).err)
        self.assertEqual(set(self.states().values()), {"running"})
        done = self.nube("node", "stop", "--tag", "env=dev", "--yes", "--wait")
        self.assertEqual(len(done.out.splitlines()), 3)
        states = self.states()
        self.assertEqual(states.pop("other"), "running")
        self.assertEqual(set(states.values()), {"stopped"})
        self.nube("node", "start", "--tag", "env=none", "--yes", status=5)
        self.nube("node", "start", "other", "--tag", "env=dev", "--yes", status=2)
        self.nube("node", "start", status=2)

    def test_a_terminal_sees_the_list_before_it_is_asked(self):
        self.create("--wait", name="other")
        shown = self.at_terminal("node", "destroy", "--search", "tmp-", answers=[(b"3 nodes? [y/N]", b"n\n")], status=1)
        self.assertLess(shown.index("tmp-1 ("), shown.index("Destroy these 3 nodes?"))
        self.assertNotIn("other", shown)
        self.assertEqual(len(self.states()), 4)
        self.at_terminal("node", "destroy", "--search", "tmp-", answers=[(b"3 nodes? [y/N]", b"y\n")])
        self.assertEqual({n for n, s in self.states().items() if s != "terminated"}, {"other"})

    def test_one_backend_that_fails_is_partial(self):
        self.add("bad", key="AKIAWRONG")
        done = self.nube("node", "stop", "--search", "tmp-", "--yes", status=3)
        self.assertEqual(len(done.out.splitlines()), 3)
        self.assertIn("bad", done.err)
        self.nube("node", "list", status=3)

    def test_an_ambiguous_name_is_refused(self):
        self.create(name="twin")
        self.create(name="twin")
        done = self.nube("node", "destroy", "twin", "--yes", status=6)
        self.assertIn("i-", done.err)
        self.assertEqual(self.asked("TerminateInstances"), 0)


class Creating(Terminal):
    def test_names_and_patterns(self):
        name = "debian-12-amd64-20250316-2053"
        done = self.nube(*LAUNCH, "--name", "a", "--image", name)
        self.assertIn("image %s is %s" % (name, self.image_id), done.err)
        done = self.nube(*LAUNCH, "--name", "b", "--image", "debian-12-amd64-*")
        self.assertIn("is " + self.image_id, done.err)
        self.assertEqual({n["image"] for n in self.nube("-o", "json", "node", "list").json()}, {self.image_id})
        asked = self.asked("DescribeImages")
        self.create(name="c")
        self.assertEqual(self.asked("DescribeImages"), asked, "an id is not looked up")
        self.nube(*LAUNCH, "--image", "nosuch", status=5)
        self.assertEqual(self.asked("RunInstances"), 3)

    def test_what_was_chosen_is_said(self):
        done = self.nube("node", "create", "--name", "a", "--image", self.image_id)
        self.assertIn("size t3.micro was chosen at aws; another: --size", done.err)
        self.assertNotIn("was chosen", self.nube("-q", "node", "create", "--name", "b", "--image", self.image_id).err)

    def test_key_files_are_imported_once(self):
        own = os.path.join(self.home, "own")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", own], check=True, timeout=30)
        for name in ("a", "b"):
            self.create("--key", own + ".pub", name=name)
        self.assertEqual(self.asked("ImportKeyPair"), 1)
        keys = {tuple(n["keys"]) for n in self.nube("-o", "json", "node", "list").json()}
        self.assertEqual(len(keys), 1)
        self.assertTrue(keys.pop()[0].startswith("own-"))
        self.nube(*LAUNCH, "--image", self.image_id, "--key", "/nonexistent/k.pub", status=2)
        self.assertEqual(self.asked("RunInstances"), 2)

    def test_many_are_made_and_waited_for_together(self):
        self.sim.set(pending_ms=1500)
        done = self.nube(*LAUNCH, "--name", "n", "--image", self.image_id, "--count", "3", "--wait")
        actions = [r["action"] for r in self.sim.requests()]
        last = len(actions) - 1 - actions[::-1].index("RunInstances")
        self.assertEqual(actions[:last].count("RunInstances"), 2)
        self.assertEqual(done.out.count("running"), 3)
        self.assertIn("n-3", done.err)
        self.assertRegex(done.err, r"running after \d+s")
        self.assertNotIn("\x1b", done.err)

    def test_ctrl_c_ends_the_wait_and_leaves_the_node(self):
        self.sim.set(pending_ms=600000)
        shown = self.at_terminal(*LAUNCH, "--name", "web", "--image", self.image_id, "--wait",
                                 answers=[(b"pending", b"\x03")], status=130)
        self.assertRegex(shown, r"this exists: web \(i-[0-9a-f]+\)")
        self.assertEqual([n["state"] for n in self.nube("-o", "json", "node", "list").json()], ["pending"])

    def test_a_wait_that_fails_still_prints_the_node(self):
        self.sim.set(fail_launches=1, pending_ms=500)
        done = self.nube("-o", "id", *LAUNCH, "--name", "web", "--image", self.image_id, "--wait", status=7)
        self.assertRegex(done.out, r"^i-[0-9a-f]+\n$")


class Owners(NubeCase):
    seed = {"images": [{"id": "ami-00000001", "name": "app-1", "owner": "111111111111", "public": True},
                       {"id": "ami-00000002", "name": "app-2", "owner": "222222222222", "public": True},
                       {"id": "ami-00000003", "name": "lone-1", "owner": "222222222222", "public": True},
                       {"id": "ami-00000004", "name": "own-1", "owner": "123456789012", "public": False},
                       {"id": "ami-00000005", "name": "own-2", "owner": "222222222222", "public": True}]}

    def test_a_pattern_never_chooses_among_several_owners(self):
        for more in ((), ("--first",)):
            done = self.nube(*more, *LAUNCH, "--image", "app-*", status=6)
            self.assertIn("several owners", done.err)
            self.assertIn("ami-00000002", done.err)
        self.assertEqual(self.asked("RunInstances"), 0)

    def test_ones_own_go_before_those_of_others(self):
        self.assertIn("is ami-00000004", self.nube(*LAUNCH, "--image", "own-*").err)
        self.assertIn("is ami-00000003", self.nube(*LAUNCH, "--image", "lone-*").err)


class Images(NubeCase):
    def test_natural_form_and_wait(self):
        self.create("--wait")
        done = self.nube("-o", "json", "image", "create", "web", "--name", "shot", "--wait").json()[0]
        self.assertEqual((done["name"], done["state"]), ("shot", "available"))
        self.nube("image", "create", "--name", "x", status=2)
        self.nube("image", "create", "web", "--node", "web", "--name", "x", status=2)
        self.nube("image", "create", "nosuch", "--name", "x", status=5)

    def test_stars(self):
        self.create("--wait")
        for name in ("aaa", "zzz"):
            self.nube("image", "create", "web", "--name", name, "--wait")
        listed = lambda: [(i["name"], i["star"]) for i in self.nube("-o", "json", "image", "list").json()]
        self.assertEqual([n for n, s in listed()], ["aaa", "zzz"])
        self.nube("image", "star", "zzz")
        self.assertEqual(listed()[0], ("zzz", True))
        self.nube("backend", "rename", "aws", "renamed")
        self.assertEqual(listed()[0], ("zzz", True))
        self.nube("image", "unstar", "zzz")
        self.assertEqual(listed()[1], ("zzz", False))
        self.nube("image", "star", "nosuch", status=5)


class Sizes(NubeCase):
    def test_by_need(self):
        rows = self.nube("-o", "json", "size", "list", "--min-ram", "4G", "--min-cores", "4", "--sort", "ram").json()
        self.assertTrue(rows)
        self.assertTrue(all(r["ram"] >= 4096 and r["cores"] >= 4 for r in rows))
        self.assertEqual([r["ram"] for r in rows], sorted(r["ram"] for r in rows))
        self.assertEqual(self.nube("-o", "json", "size", "list", "--max-price", "1").json(), [])
        for words in (["--sort", "colour"], ["--min-ram", "much"], ["--min-cores", "4G"], ["--max-price", "-1"]):
            self.nube("size", "list", *words, status=2)
        self.add("bad", key="AKIAWRONG")
        self.nube("size", "list", "--sort", "price", "--filter", "max_age=0", status=3)

    def test_those_without_come_last(self):
        rows = self.nube("-o", "json", "size", "list", "--sort", "disk").json()
        disks = [r["disk"] for r in rows]
        known = [d for d in disks if d is not None]
        self.assertTrue(0 < len(known) < len(disks))
        self.assertEqual(disks, sorted(known) + [None] * (len(disks) - len(known)))

    def test_show(self):
        self.assertEqual(self.nube("-o", "json", "size", "show", "t3.micro").json()[0]["ram"], 1024)
        self.nube("size", "show", "nosuch", status=5)
        self.nube("size", "show", status=2)

    def test_what_this_provider_does_not_offer(self):
        self.create()
        for words in (["node", "rebuild", "web", "-i", self.image_id, "--yes"], ["node", "metadata", "web", "a=b"],
                      ["snapshot", "list", "web"], ["snapshot", "create", "web"],
                      ["snapshot", "restore", "web", "s", "--yes"], ["snapshot", "delete", "web", "s", "--yes"]):
            self.nube(*words, status=10)
        for words in (["node", "rebuild", "web", "--yes"], ["node", "rebuild", "web", "-i", "x"], ["node", "metadata", "web"],
                      ["snapshot", "delete", "web", "s"]):
            self.nube(*words, status=2)


if __name__ == "__main__":
    simtest.main()
