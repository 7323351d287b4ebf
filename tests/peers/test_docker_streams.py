"""Output, waits, many containers and interruptions against a real, private Docker Engine.

Environment: as docker_case.py says.
"""
import json
import os
import signal
import subprocess
import time
import unittest

from docker_case import Case, IMAGE, PULLED, WithRegistry


class Interrupted(WithRegistry):
    """A create that is cut off leaves nothing, or names what is left."""

    def begin(self, *args):
        return subprocess.Popen(self.command + ["-b", "dk", *args], env=self.env,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def check(self, err):
        """Nothing is left, or the error says what may be: the engine finishes what it was sent."""
        if "may have happened" in err:
            self.assertIn('"cut"', err)
            until = time.monotonic() + 1
            while not self.containers() and time.monotonic() < until:
                time.sleep(0.05)
        else:
            self.assertEqual(self.containers(), [], err)

    def test_ctrl_c_at_any_moment(self):
        self.stored("secret")
        for ms in (5, 20, 60, 120, 240, 360):
            with self.subTest(ms=ms):
                self.forget()
                p = self.begin("node", "create", "-n", "cut", "-i", PULLED)
                time.sleep(ms / 1000)
                p.send_signal(signal.SIGINT)
                out, err = p.communicate(timeout=30)
                self.assertIn(p.returncode, (0, 130, -signal.SIGINT), err)
                if p.returncode != 0:
                    self.check(err)
                self.sweep()

    def test_a_deadline_at_any_moment(self):
        self.stored("secret")
        for ms in (1, 20, 60, 120, 240):
            with self.subTest(ms=ms):
                self.forget()
                done = self.nube("-b", "dk", "--deadline", f"{ms}ms", "node", "create", "-n", "cut",
                                 "-i", PULLED, status=None)
                self.assertIn(done.status, (0, 1, 9), done)
                if done.status != 0:
                    self.check(done.err)
                self.sweep()


class Output(Case):
    def test_binary_logs_are_exact(self):
        # the engine's default log format keeps text only, its "local" one keeps octets
        octets = bytes(range(256)) * 64
        script = "for i in $(seq 64); do printf '%s'; done" % "".join(
            f"\\{b:03o}" for b in range(256))
        status, made = self.api("POST", "/containers/create?name=one", {
            "Image": IMAGE, "Cmd": ["sh", "-c", script],
            "HostConfig": {"LogConfig": {"Type": "local"}}})
        self.assertEqual(status, 201, made)
        self.assertEqual(self.api("POST", "/containers/one/start")[0], 204)
        self.assertEqual(self.api("POST", "/containers/one/wait")[0], 200)
        out = subprocess.run(self.command + ["-b", "dk", "node", "console", "one"], env=self.env,
                             capture_output=True, timeout=60, check=True).stdout
        self.assertEqual(out, octets)

    def test_both_streams_and_the_status(self):
        self.create("one")
        done = self.nube("-b", "dk", "node", "run", "one", "--", "sh", "-c",
                         "echo out; echo err >&2; exit 3", status=3)
        self.assertEqual((done.out, done.err), ("out\n", "err\n"))

    def test_following_ends_with_the_container(self):
        self.create("one", command=("sh", "-c", "echo begin; sleep 1; echo end"))
        done = self.nube("-b", "dk", "node", "console", "one", "--follow")
        self.assertEqual(done.out, "begin\nend\n")


class Waits(Case):
    def wait(self, *how):
        return subprocess.Popen(self.command + ["--debug", "-b", "dk", "--deadline", "30s", "node",
                                                "wait", "one", *how], env=self.env,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def ends(self, p, condition):
        out, err = p.communicate(timeout=30)
        self.assertEqual(p.returncode, 0, err)
        self.assertIn("wait?condition=" + condition, err)
        self.assertLessEqual(err.count("/json"), 4, "the engine waits; nobody asks again and again")

    def test_the_engine_waits_for_the_end(self):
        self.create("one", command=("sleep", "2"))
        self.ends(self.wait("--until", "stopped"), "not-running")
        self.assertEqual(self.state("one"), "stopped")

    def test_the_engine_waits_until_it_is_gone(self):
        self.create("one")
        p = self.wait("--gone")
        time.sleep(0.5)
        self.api("DELETE", "/containers/one?force=1")
        self.ends(p, "removed")

    def test_the_deadline_ends_it(self):
        self.create("one")
        done = self.nube("-b", "dk", "--deadline", "1s", "node", "wait", "one", "--until",
                         "stopped", status=9)
        self.assertIn("running", done.err)
        self.assertLess(done.seconds, 3)


class Many(Case):
    def test_200_containers_with_addresses_and_ports(self):
        for i in range(200):
            body = {"Image": IMAGE, "Cmd": ["sleep", "600"], "ExposedPorts": {"80/tcp": {}},
                    "Labels": {"n": str(i)}}
            if i < 20:  # these run, with an address and a published port
                body["HostConfig"] = {"PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1",
                                                                   "HostPort": str(20000 + i)}]}}
            status, made = self.api("POST", f"/containers/create?name=many-{i:03}", body)
            self.assertEqual(status, 201, made)
            if i < 20:
                self.assertEqual(self.api("POST", f"/containers/{made['Id']}/start")[0], 204)
        wanted_now = {c["Id"]: c for c in self.api("GET", "/containers/json?all=1")[1]}
        nodes = self.nube("-b", "dk", "-o", "json", "node", "list").json()
        self.assertEqual({n["id"] for n in nodes}, set(wanted_now))
        for n in nodes:
            c = wanted_now[n["id"]]
            networks = c["NetworkSettings"]["Networks"].values()
            self.assertEqual(n["private_ips"], [w["IPAddress"] for w in networks if w["IPAddress"]])
            self.assertEqual(n["name"], c["Names"][0][1:])
            self.assertEqual(n["raw_state"], c["State"])
            self.assertEqual(n["tags"]["n"], c["Labels"]["n"])
            for p in c["Ports"]:
                if "PublicPort" in p:
                    self.assertIn(f"{p['PublicPort']}->80/tcp", n["extra"]["ports"])


class FromC(WithRegistry):
    """The whole life of a node from a C program, over the socket and over TLS."""

    def test_over_the_socket(self):
        self.life("host=unix://" + self.socket)

    def test_over_tls(self):
        self.life("host=" + self.tls, *self.certificates("certs"))

    def test_the_progress_of_a_pull_is_seen(self):
        self.assertIn("progress: none", self.life("host=unix://" + self.socket))
        self.stored("secret")
        said = self.life("host=unix://" + self.socket, image=PULLED)
        self.assertIn("progress: octets of a total", said)


if __name__ == "__main__":
    unittest.main(verbosity=1)
