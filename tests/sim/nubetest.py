"""The nube command for the tests that run it against a simulator: in an empty home, without this machine's accounts.

Environment: NUBE, NUBE_DRIVERS, NUBE_SERVICES.
"""
import json
import os
import subprocess
import tempfile


class Done:
    def __init__(self, process):
        self.status, self.out, self.err = process.returncode, process.stdout, process.stderr

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"{self.status}\n{self.out}\n{self.err}"


class Command:
    """Mixed into a test case."""

    def set_up_command(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.home = home.name
        self.env = {"HOME": self.home, "PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true",
                    **{n: v for n, v in os.environ.items() if n.startswith(("ASAN_", "UBSAN_", "LSAN_"))}}

    def nube(self, *args, status=0, env=None):
        line = [os.environ["NUBE"], "--driver-path", os.environ["NUBE_DRIVERS"], "--service-path",
                os.environ["NUBE_SERVICES"], *args]
        done = Done(subprocess.run(line, env={**self.env, **(env or {})}, capture_output=True, text=True, timeout=120,
                                   stdin=subprocess.DEVNULL))
        if status is not None:
            self.assertEqual(done.status, status, done)
        return done
