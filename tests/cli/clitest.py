"""What the tests of the command at a simulated cloud share: the command's own environment, and a real terminal.

Environment: NUBE, NUBE_DRIVERS, NUBE_SERVICES, NUBE_SIM, NUBE_TEST_SOURCE.
"""
import fcntl
import os
import pty
import select
import shutil
import struct
import subprocess
import sys
import termios
import time

SOURCE = os.environ["NUBE_TEST_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests", "sim"))
import simtest  # noqa: E402
from test_nube import NubeCase  # noqa: E402

__all__ = ["CloudCase", "Terminal", "need", "simtest", "SOURCE"]


def need(*programs):
    """The test's peers; a machine without one cannot pass."""
    for name in programs:
        if not shutil.which(name):
            raise AssertionError(f"{name} is not installed: run scripts/install-deps")


class Terminal:
    """A program in a terminal of its own: what it shows, and what is typed."""

    def __init__(self, argv, env, columns=100, rows=30, cwd=None):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, env=env, cwd=cwd, close_fds=True,
                                        preexec_fn=lambda: (os.setsid(), fcntl.ioctl(0, termios.TIOCSCTTY, 0)))
        os.close(slave)
        self.text = ""

    def type(self, text):
        os.write(self.master, text.encode())

    def read(self, seconds):
        """What comes within that time; False at the end."""
        if not select.select([self.master], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            data = b""
        self.text += data.decode("utf-8", "replace")
        return bool(data)

    def expect(self, found, seconds=30):
        """Reads until found(text) is true or the text is there."""
        test = found if callable(found) else lambda text: found in text
        limit = time.monotonic() + seconds
        while not test(self.text):
            if time.monotonic() > limit or not self.read(0.2):
                if test(self.text):
                    break
                raise AssertionError(f"not seen: {found!r} in {self.text!r}")
        return self.text

    def end(self, seconds=30):
        limit = time.monotonic() + seconds
        while self.read(0.2) and time.monotonic() < limit:
            pass
        return self.text

    def close(self):
        self.process.kill()
        self.process.wait(30)
        os.close(self.master)


class CloudCase(NubeCase):
    """A simulated cloud, an account "aws" there, and a home of its own."""

    def setUp(self):
        super().setUp()
        self.env["NUBE_DRIVER_PATH"] = os.environ["NUBE_DRIVERS"]
        self.env["NUBE_SERVICE_PATH"] = os.environ["NUBE_SERVICES"]
        self.env["PATH"] = os.path.dirname(os.path.abspath(os.environ["NUBE"])) + ":" + self.env["PATH"]
        self.env["LC_ALL"] = "C.UTF-8"
        self.env["TERM"] = "xterm-256color"

    def named(self, *names):
        """Nodes of these names; their ids."""
        return [self.create("--wait", name=name)["id"] for name in names]

    def terminal(self, argv, env=None, **more):
        t = Terminal(argv, {**self.env, **(env or {})}, **more)
        self.addCleanup(t.close)
        return t

    def path(self, name):
        return os.path.join(self.home, name)

    def write(self, name, text, mode=0o600):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)
