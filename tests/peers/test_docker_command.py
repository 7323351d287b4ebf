"""What a person sees of the nube command at a terminal, against a real, private Docker Engine."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unittest

from docker_case import Case, IMAGE

ADDRESS = re.compile(r"\b172\.\d+\.\d+\.\d+(?=[ ,]|$)", re.M)


class Terminal(Case):
    def at(self, columns, *args, answer=None, at=b"[y/N]", status=0):
        """What is shown on a terminal so wide, standard error with it; `answer` is typed at a question."""
        reader, writer = os.pipe()
        pid, fd = pty.fork()
        if pid == 0:
            os.close(writer)
            os.read(reader, 1)  # until the width is set
            os.execve(self.command[0], self.command + list(args), {**self.env, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"})
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.close(reader)
        os.close(writer)
        shown = b""
        while True:
            try:
                piece = os.read(fd, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
            if answer is not None and at in shown:
                os.write(fd, answer)
                answer = None
        os.close(fd)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        text = shown.decode().replace("\r\n", "\n")
        self.assertEqual(code, status, text)
        return text

    def test_a_narrow_table_cuts_no_address_and_marks_its_cuts(self):
        node = self.create("one")
        address = node["private_ips"][0]
        for columns in (120, 80, 60, 40):
            text = self.at(columns, "node", "list")
            self.assertEqual(ADDRESS.findall(text), [address], text)
            for line in text.splitlines():
                if not line.startswith("left out"):
                    self.assertLessEqual(len(line), columns, text)
            row = text.splitlines()[-1]
            self.assertIn(" running ", row)
            self.assertRegex(row, r"(^| )one ")
            if node["id"][:12] not in row:
                self.assertRegex(row, node["id"][:4] + r"\w*…$")
        self.assertIn("…", self.at(70, "node", "list"))
        self.assertIn("left out, for the terminal is narrow: created, image", self.at(40, "node", "list"))
        wide = self.at(40, "node", "list", "-o", "wide")
        self.assertIn(node["id"], wide)
        self.assertNotIn("…", wide)

    def test_a_shell_in_a_container(self):
        self.create("one")
        self.assertIn("42\n", self.at(80, "node", "ssh", "one", answer=b"echo $((40+2)); exit 3\n", at=b"#", status=3))
        self.assertIn("hi there\n", self.at(80, "node", "ssh", "one", "--", "echo", "hi there"))

    def test_an_empty_list_says_so(self):
        self.assertEqual(self.at(80, "node", "list"), "no nodes\n")
        self.assertEqual(self.at(80, "node", "list", "-q"), "")
        self.assertEqual(self.nube("node", "list").err, "", "not where nobody looks")

    def test_destroy_takes_the_short_id_of_a_table_and_no_other_beginning(self):
        node = self.create("one")
        for text in (node["id"][:11], node["id"][:13], "on"):
            self.nube("node", "destroy", text, "--yes", status=5)
        self.nube("node", "destroy", node["id"][:12], "--yes")
        self.assertEqual(self.nube("-o", "id", "node", "list").out, "")

    def test_questions_say_name_and_short_id(self):
        node = self.create("one")
        text = self.at(120, "node", "destroy", "one", answer=b"n\n", status=1)
        self.assertIn(f"Destroy node one ({node['id'][:12]}) at dk?", text)
        self.assertNotIn(node["id"], text)
        self.assertEqual(self.containers(), ["one"])

    def test_control_c_at_a_question_is_130(self):
        self.create("one")
        for words in (["node", "destroy", "one"], ["image", "delete", IMAGE], ["backend", "remove", "dk"]):
            self.assertIn("nothing was changed", self.at(120, *words, answer=b"\x03", status=130))
        self.assertEqual(self.containers(), ["one"])


class Words(Case):
    def test_a_word_that_is_no_state_changes_nothing(self):
        self.create("one")
        done = self.nube("node", "stop", "one", "--wait=off", status=2)
        self.assertIn('"off" is no state', done.err)
        self.assertEqual(self.state("one"), "running")
        self.assertEqual(self.nube("node", "wait", "one", "--until", "off", status=2).out, "")
        self.nube("node", "stop", "one", "--wait=exited", "--set", "timeout=1")

    def test_a_closed_output_is_nobody_elses_descriptor(self):
        p = subprocess.run(["sh", "-c", 'exec "$0" "$@" <&- >&-', *self.command, "raw", "GET", "version"], env=self.env,
                           stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual((p.returncode, p.stderr), (1, "nube: standard output: Bad file descriptor\n"))

    def test_what_is_gone_is_waited_for(self):
        node = self.create("one-more")
        self.assertEqual(self.nube("node", "wait", "one", "--gone").out, "one: gone\n")
        for text in ("one-more", node["id"][:12]):
            done = self.nube("node", "wait", text, "--gone", "--deadline", "1s", status=9)
            self.assertEqual(done.out, "")
        self.add("dead", "host=unix:///nonexistent/docker.sock")
        self.nube("node", "wait", "one", "--gone", status=1)

    def test_errors_name_what_was_typed(self):
        node = self.create("one")
        short = f"one ({node['id'][:12]})"
        for words, status in ((["start", "one"], 7), (["wait", "one", "--until", "stopped", "--deadline", "1s"], 9)):
            done = self.nube("node", *words, status=status)
            self.assertIn(short, done.err)
            self.assertNotIn(node["id"], done.err)
        done = self.nube("-o", "json", "node", "start", "one", status=7)
        self.assertIn(node["id"], done.err, "programs get the id")

    def test_a_disabled_backend_is_said_to_be_disabled(self):
        self.add("dead", "host=unix:///nonexistent/docker.sock")
        self.nube("backend", "disable", "dead")
        done = self.nube("node", "stop", "dead/web-3", status=5)
        self.assertIn('backend "dead" is disabled', done.err)
        self.assertIn('nube backend enable "dead"', done.err)
        self.nube("backend", "enable", "dead")
        done = self.nube("-b", "dk", "node", "stop", "dead/web-3", status=5)
        self.assertIn("not among those of -b", done.err)

    def test_an_image_is_called_as_it_was_named(self):
        self.nube("image", "tag", IMAGE, "my/bb:1")
        self.assertEqual(self.nube("image", "delete", "my/bb:1", "--yes").out, "my/bb:1: untagged\n")
        self.assertEqual(self.api("GET", f"/images/{IMAGE}/json")[0], 200)

    def test_the_first_is_the_first_that_is_shown(self):
        for backend in ("b-two", "a-one"):
            self.add(backend, "host=unix://" + self.socket)
        for name in ("web-b", "web-a"):
            self.create(name)
        shown = self.nube("-o", "csv", "--columns", "backend,name", "node", "list").out.splitlines()[1]
        self.assertEqual(shown, "a-one,web-a")
        done = self.nube("--first", "-o", "csv", "--columns", "backend,name", "node", "show", "web")
        self.assertEqual(done.out.splitlines()[1], shown)


if __name__ == "__main__":
    unittest.main()
