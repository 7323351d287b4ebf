"""The nube command against a real, private Docker Engine: lives, failures, TLS, lists."""
import csv
import io
import json
import os
import socket
import time
import unittest

from docker_case import Case, IMAGE


class LifeCycle(Case):
    def test_from_create_to_destroy(self):
        node = self.create("one", command=("sleep", "600"))
        self.assertEqual((node["name"], node["state"], node["image"]), ("one", "running", IMAGE))
        self.assertEqual(self.inspect("one")["Id"], node["id"])
        listed = self.nube("-b", "dk", "-o", "json", "node", "list").json()
        self.assertEqual([n["id"] for n in listed], [node["id"]])

        states = [("stop", "stopped", "exited"), ("start", "running", "running"),
                  ("suspend", "paused", "paused"), ("resume", "running", "running")]
        for verb, state, raw in states:
            extra = ("--set", "timeout=1") if verb == "stop" else ()
            self.nube("-b", "dk", "node", verb, "one", "--wait", *extra)
            self.assertEqual(self.state("one"), state, verb)
            self.assertEqual(self.inspect("one")["State"]["Status"], raw, verb)

        before = self.inspect("one")["State"]["StartedAt"]
        self.nube("-b", "dk", "node", "reboot", "one", "--wait", "--set", "timeout=1")
        self.assertEqual(self.state("one"), "running")
        self.assertNotEqual(self.inspect("one")["State"]["StartedAt"], before)

        self.nube("-b", "dk", "node", "rename", "one", "uno")
        self.assertEqual(self.containers(), ["uno"])

        refused = self.nube("-b", "dk", "node", "destroy", "uno", status=2)
        self.assertIn("--yes", refused.err)
        self.assertEqual(self.containers(), ["uno"])
        self.nube("-b", "dk", "node", "destroy", "uno", "--yes")
        self.assertEqual(self.containers(), [])

    def test_limits_are_set_read_back_and_resized(self):
        node = self.create("small", "--set", "memory=64MiB", "--set", "cpus=0.5")
        self.assertEqual((node["profile"]["ram"], node["profile"]["cores"]), (64, 0.5))
        limits = self.inspect("small")["HostConfig"]
        self.assertEqual((limits["Memory"], limits["NanoCpus"]), (64 << 20, 500000000))
        self.nube("-b", "dk", "node", "resize", "small", "--set", "memory=96MiB",
                  "--set", "cpus=1", "--wait")
        limits = self.inspect("small")["HostConfig"]
        self.assertEqual((limits["Memory"], limits["NanoCpus"]), (96 << 20, 1000000000))
        self.nube("-b", "dk", "node", "resize", "small", "--size", "nano", "--wait")
        node = self.nube("-b", "dk", "-o", "json", "node", "show", "small").json()[0]
        self.assertEqual((node["size"], node["profile"]["ram"]), ("nano", 128))

    def test_run_keeps_the_streams_apart_and_gives_the_status(self):
        self.create("one")
        done = self.nube("-b", "dk", "node", "run", "one", "--", "sh", "-c",
                         "echo to-out; echo to-err >&2; exit 3", status=3)
        self.assertEqual((done.out, done.err), ("to-out\n", "to-err\n"))

    def test_console_keeps_the_streams_apart(self):
        self.create("one", command=("sh", "-c", "echo to-out; echo to-err >&2; exec sleep 600"))
        for _ in range(100):
            done = self.nube("-b", "dk", "node", "console", "one")
            if done.out and done.err:
                break
            time.sleep(0.05)
        self.assertEqual((done.out, done.err), ("to-out\n", "to-err\n"))

    def test_a_create_with_a_key_is_made_once(self):
        words = ["-b", "dk", "-o", "id", "node", "create", "-i", "dockertest/sleeper:latest", "--set", "client_token=job-17"]
        first = self.nube(*words).out
        self.assertEqual(self.nube(*words).out, first)
        self.assertEqual(len(self.containers()), 1)
        self.nube(*words, "--count", "2", status=2)

    def test_dry_run_sends_no_change(self):
        node = self.create("one")
        done = self.nube("-b", "dk", "--dry-run", "node", "destroy", "one", "--yes")
        self.assertIn("DELETE", done.out)
        self.assertIn(node["id"], done.out)
        done = self.nube("-b", "dk", "--dry-run", "node", "create", "-n", "two", "-i", IMAGE)
        self.assertIn("containers/create", done.out)
        self.assertEqual(self.containers(), ["one"])


class Failures(Case):
    def test_not_found_is_5(self):
        self.assertIn("nosuch", self.nube("-b", "dk", "node", "show", "nosuch", status=5).err)

    def test_a_taken_name_is_7(self):
        self.create("one")
        done = self.nube("-b", "dk", "node", "create", "-n", "one", "-i", IMAGE, status=7)
        self.assertIn("one", done.err)
        self.assertEqual(done.out, "")

    def test_an_argument_the_driver_lacks_is_10(self):
        done = self.nube("-b", "dk", "node", "create", "-n", "x", "-i", IMAGE,
                         "--set", "bogus=1", status=10)
        self.assertIn("bogus", done.err)
        self.assertEqual(self.containers(), [])

    def test_wrong_usage_is_2(self):
        for args in (("node", "create", "-n", "x"), ("node", "lisst"), ("node", "list", "--bogus"),
                     ("node", "show")):
            done = self.nube("-b", "dk", *args, status=2)
            self.assertEqual(done.out, "")
            self.assertTrue(done.err.startswith("nube: "), done)

    def test_an_absent_socket_is_1_and_named(self):
        self.add("gone", "host=unix:///nonexistent/docker.sock")
        done = self.nube("-b", "gone", "--debug", "node", "list", status=1)
        self.assertIn("/nonexistent/docker.sock", done.err)
        self.assertEqual(done.err.count("> GET"), 1, "nothing gets better by trying again")
        self.assertIn("No such file", done.err)

    def failed_start(self, reason, *rest):
        done = self.nube("-b", "dk", "-o", "id", "node", "create", "-n", "half", "-i", IMAGE,
                         *rest, status=None)
        self.assertNotEqual(done.status, 0, done)
        self.assertIn(reason, done.err)
        self.assertEqual(self.containers(), [])
        self.assertEqual(done.out, "", "what was undone must not be printed as created")

    def test_a_missing_network_leaves_no_container(self):
        self.failed_start("nosuchnet", "--set", "network=nosuchnet")

    def test_a_failed_start_leaves_no_volume(self):
        before = len(self.api("GET", "/volumes")[1]["Volumes"] or [])
        self.failed_start("/no/such/program", "--set", "volume=/data", "--", "/no/such/program")
        self.assertEqual(len(self.api("GET", "/volumes")[1]["Volumes"] or []), before)

    def test_a_missing_executable_leaves_no_container(self):
        self.failed_start("/no/such/program", "--", "/no/such/program")

    def test_what_was_made_of_several_is_printed(self):
        self.create("two-2")
        done = self.nube("-b", "dk", "-o", "id", "node", "create", "-n", "two", "--count", "2",
                         "-i", IMAGE, "--", "sleep", "600", status=3)
        self.assertEqual(done.out.split(), [self.inspect("two-1")["Id"]])

    def test_pull_of_a_missing_image_says_so(self):
        done = self.nube("-b", "dk", "image", "pull", "127.0.0.1:1/nosuch:9", status=None)
        self.assertNotEqual(done.status, 0, done)
        self.assertTrue(done.err.startswith("nube: dk: "), done)
        self.assertIn("127.0.0.1:1", done.err)
        self.assertNotIn("done", done.out)

    def test_a_silent_engine_is_cut_at_the_deadline(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            s.listen(8)
            self.add("silent", f"host=tcp://127.0.0.1:{s.getsockname()[1]}")
            done = self.nube("-b", "silent", "--deadline", "1s", "node", "list", status=9)
        self.assertLess(done.seconds, 10)
        self.assertGreaterEqual(done.seconds, 0.9)
        self.assertIn("silent", done.err)


class Tls(Case):
    def test_a_good_certificate_lists(self):
        node = self.create("one")
        self.add("tls", "host=" + self.tls, *self.certificates("certs"))
        done = self.nube("-b", "tls", "-o", "id", "node", "list")
        self.assertEqual(done.out.split(), [node["id"]])

    def test_a_strangers_certificate_is_4(self):
        self.add("bad", "host=" + self.tls, *self.certificates("bad-certs"))
        done = self.nube("-b", "bad", "node", "list", status=4)
        self.assertIn("certificate", done.err)

    def test_one_bad_backend_of_three_leaves_the_others(self):
        node = self.create("one")
        self.add("tls", "host=" + self.tls, *self.certificates("certs"))
        self.add("bad", "host=" + self.tls, *self.certificates("bad-certs"))
        done = self.nube("-o", "json", "node", "list", status=3)
        found = sorted((n["backend"], n["id"]) for n in done.json())
        self.assertEqual(found, [("dk", node["id"]), ("tls", node["id"])])
        error = json.loads(done.err)
        self.assertEqual((error["backend"], error["class"]), ("bad", "auth"))


class Lists(Case):
    def test_every_format_has_the_node(self):
        node = self.create("one", "--tag", "role=web, \"a\"")
        get = lambda form: self.nube("-b", "dk", "-o", form, "node", "list").out
        self.assertEqual(json.loads(get("json"))[0]["tags"]["role"], 'web, "a"')
        self.assertEqual(json.loads(get("ndjson").splitlines()[0])["id"], node["id"])
        rows = list(csv.DictReader(io.StringIO(get("csv"))))
        self.assertEqual([(r["id"], r["name"], r["state"]) for r in rows],
                         [(node["id"], "one", "running")])
        self.assertIn(f'- id: "{node["id"]}"\n  name: "one"\n', get("yaml"))
        self.assertEqual(get("id"), node["id"] + "\n")
        self.assertIn("one", get("table"))

    def test_tags_filter(self):
        self.create("web", "--tag", "role=web", "--tag", "tier=1")
        self.create("db", "--tag", "role=db", "--tag", "tier=1")
        names = lambda *tags: sorted(
            n["name"] for n in self.nube(
                "-b", "dk", "-o", "json", "node", "list",
                *(a for t in tags for a in ("--tag", t))).json())
        self.assertEqual(names("role=web"), ["web"])
        self.assertEqual(names("tier=1"), ["db", "web"])
        self.assertEqual(names("tier=1", "role=db"), ["db"])
        self.assertEqual(names("role=none"), [])

    def test_sixty_containers_with_addresses_and_ports(self):
        for i in range(60):
            port = str(20000 + i)
            status, made = self.api("POST", f"/containers/create?name=many-{i}", {
                "Image": IMAGE, "Cmd": ["sleep", "600"], "ExposedPorts": {"80/tcp": {}},
                "HostConfig": {"PortBindings": {"80/tcp": [
                    {"HostIp": "127.0.0.1", "HostPort": port}]}}})
            self.assertEqual(status, 201, made)
            if i < 8:
                status, text = self.api("POST", f"/containers/{made['Id']}/start")
                self.assertEqual(status, 204, text)
        nodes = {n["name"]: n for n in
                 self.nube("-b", "dk", "-o", "json", "node", "list").json()}
        self.assertEqual(sorted(nodes), sorted(f"many-{i}" for i in range(60)))
        for i in range(60):
            node = nodes[f"many-{i}"]
            self.assertEqual(node["state"], "running" if i < 8 else "stopped")
            if i < 8:
                there = self.inspect(f"many-{i}")["NetworkSettings"]["Networks"]["bridge"]
                self.assertEqual(node["private_ips"], [there["IPAddress"]])
                self.assertIn(str(20000 + i), json.dumps(node))

    def test_a_recording_answers_without_the_engine(self):
        self.create("one", "--tag", "role=web")
        tape = os.path.join(self.home, "tape")
        host = os.path.join(self.home, "engine.sock")
        os.symlink(self.socket, host)
        self.add("taped", "host=unix://" + host)
        live = self.nube("-b", "taped", "--record", tape, "-o", "json", "node", "list").json()
        os.unlink(host)
        self.nube("-b", "taped", "node", "list", status=1)
        again = self.nube("-b", "taped", "--replay", tape, "-o", "json", "node", "list").json()
        self.assertEqual(again, live)
        self.assertEqual([n["name"] for n in again], ["one"])

    def test_the_docker_command_sees_the_same(self):
        node = self.create("one", "--tag", "role=web")
        doc = json.loads(self.docker("inspect", "one"))[0]
        self.assertEqual((doc["Id"], doc["Name"], doc["State"]["Status"]),
                         (node["id"], "/one", node["raw_state"]))
        self.assertEqual(doc["Config"]["Labels"], node["tags"])


class Further(Case):
    def test_actions(self):
        self.create("one", command=("sh", "-c", "touch /new; exec sleep 600"))
        top = self.nube("-b", "dk", "node", "action", "one", "top").out.splitlines()
        self.assertIn("PID", top[0])
        self.assertIn("sleep 600", "\n".join(top[1:]))
        changes = self.nube("-b", "dk", "node", "action", "one", "changes").out.splitlines()
        self.assertIn("A /new", changes)
        self.nube("-b", "dk", "node", "action", "one", "kill", "KILL")
        self.nube("-b", "dk", "node", "wait", "one", "--until", "stopped")
        self.assertEqual(self.inspect("one")["State"]["ExitCode"], 137)

    def test_the_engine_is_a_location_with_sizes(self):
        info = self.api("GET", "/info")[1]
        rows = self.nube("-b", "dk", "-o", "json", "location", "list").json()
        self.assertEqual([(r["id"], r["name"]) for r in rows], [(info["ID"], info["Name"])])
        sizes = {s["id"]: s for s in self.nube("-b", "dk", "-o", "json", "size", "list").json()}
        self.assertEqual((sizes["nano"]["ram"], sizes["nano"]["cores"]), (128, 0.25))

    def test_raw_gives_the_engines_answer(self):
        done = self.nube("-b", "dk", "raw", "GET", "version")
        self.assertEqual(done.json()["Version"], self.api("GET", "/version")[1]["Version"])

    def on_tape(self, tape):
        text = ""
        for name in os.listdir(tape):
            with open(os.path.join(tape, name)) as f:
                text += f.read()
        self.assertIn("containers/", text)
        return text

    def create_with_secret(self, value):
        tape = os.path.join(self.home, "tape")
        done = self.nube("-b", "dk", "--debug", "--record", tape, "node", "create", "-n", "one",
                         "-i", IMAGE, "--set", "env=TOKEN=" + value, "--", "sleep", "600")
        self.assertIn("TOKEN=" + value, self.inspect("one")["Config"]["Env"])
        sent = [t for t in self.on_tape(tape).split("Nube-Body") if "POST " in t]
        self.assertTrue(sent)
        return done.out + done.err + "".join(sent)

    def test_a_secret_argument_is_neither_recorded_nor_logged(self):
        self.assertNotIn("hunter2", self.create_with_secret("hunter2-hunter2"))

    def test_a_secret_that_json_escapes_is_not_recorded(self):
        self.assertNotIn("hunter2", self.create_with_secret('hunter2"quoted\\'))

    def test_the_environment_in_a_reply_is_not_recorded(self):
        tape = os.path.join(self.home, "tape")
        self.api("POST", "/containers/create?name=one",
                 {"Image": IMAGE, "Env": ["TOKEN=hunter2-hunter2"]})
        shown = self.nube("-b", "dk", "--record", tape, "-o", "json", "node", "show", "one")
        self.assertIn("TOKEN", shown.json()[0]["extra"]["env_names"])
        leaks = [t for t in self.on_tape(tape).splitlines() if "hunter2" in t]
        self.assertEqual(len(leaks), 0, "a value of the environment is on the record")

    def test_output_of_megabytes_arrives_whole(self):
        self.create("one")
        done = self.nube("-b", "dk", "node", "run", "one", "--", "sh", "-c",
                         "yes abcdefg | head -c 3000000")
        self.assertEqual((len(done.out), done.out[-8:]), (3000000, "abcdefg\n"))

    def test_a_follower_is_cut_at_the_deadline(self):
        self.create("one", command=("sh", "-c", "echo first; exec sleep 600"))
        done = self.nube("-b", "dk", "--deadline", "1s", "node", "console", "one", "-f", status=9)
        self.assertEqual(done.out, "first\n")
        self.assertLess(done.seconds, 10)


if __name__ == "__main__":
    unittest.main()
