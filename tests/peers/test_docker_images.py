"""Images of a real, private Docker Engine: pulls and pushes with logins, commits, imports.

Environment: as docker_case.py says.  The engine's registry, 127.0.0.1:5000 as the engine
sees it, lets nobody in without a login.
"""
import base64
import io
import json
import os
import stat
import tarfile
import unittest

from docker_case import BROKEN, IMAGE, PULLED, REGISTRY, WithRegistry

AGAIN = REGISTRY + "/dockertest/again:1"


class Logins(WithRegistry):
    def pull(self, image=PULLED, **more):
        return self.nube("-b", "dk", "-o", "json", "image", "pull", image, **more)

    def helper(self, answer, status=0):
        """A credential helper that says this of every registry and notes what it was asked."""
        path = os.path.join(self.home, "docker-credential-test")
        with open(path, "w") as f:
            f.write(f'#!/bin/sh\nread -r host\necho "$1 $host" >>{self.home}/asked\n'
                    f"echo '{answer}'\nexit {status}\n")
        os.chmod(path, stat.S_IRWXU)
        return dict(self.env, PATH=self.home + ":" + self.env["PATH"])

    def secret(self, password):
        return json.dumps({"ServerURL": REGISTRY, "Username": "tester", "Secret": password})

    def test_a_stored_login_pulls(self):
        self.stored("secret")
        image = self.pull().json()[0]
        self.assertEqual(image["id"], self.api("GET", f"/images/{PULLED}/json")[1]["Id"])

    def test_a_login_of_any_length_and_alphabet_is_understood(self):
        # the engine drops a login whose base64 has not its alphabet or padding, without a word
        for user, password in (("tester", "secret"), ("tester2", "secret"),
                               ("tester22", "?????>>>>>")):
            with self.subTest(user=user):
                self.forget()
                self.stored(password, user)
                self.pull()
                self.assertIn(PULLED, self.images())

    def test_a_credential_helper_is_asked(self):
        env = self.helper(self.secret("secret"))
        for config in ({"credHelpers": {REGISTRY: "test"}}, {"credsStore": "test"}):
            with self.subTest(config):
                self.forget()
                self.login(**config)
                self.pull(env=env)
                self.assertIn(PULLED, self.images())
        with open(os.path.join(self.home, "asked")) as f:
            self.assertEqual(f.read(), f"get {REGISTRY}\n" * 2)

    def test_a_helper_without_the_login_leaves_the_stored_one(self):
        env = self.helper("credentials not found in native keychain", status=1)
        auth = base64.b64encode(b"tester:secret").decode()
        self.login(credsStore="test", auths={REGISTRY: {"auth": auth}})
        self.assertEqual(self.pull(env=env).err, "")
        self.assertIn(PULLED, self.images())
        self.assertTrue(os.path.exists(os.path.join(self.home, "asked")))

    def refused(self, done, image=PULLED):
        """The message names the image and the file that a login comes from."""
        message = json.loads(done.err)["message"]
        self.assertIn(f"image {image}: ", message)
        self.assertIn(os.path.join(self.home, ".docker/config.json"), message)
        self.assertNotIn(image, self.images())

    def test_a_helper_without_the_login_and_none_stored_is_4(self):
        env = self.helper("credentials not found in native keychain", status=1)
        self.login(credsStore="test")
        self.refused(self.pull(status=4, env=env))

    def test_a_helpers_wrong_password_is_4_and_not_shown(self):
        env = self.helper(self.secret("wrongsecret"))
        self.login(credsStore="test")
        self.refused(self.pull(status=4, env=env))
        done = self.nube("-b", "dk", "--debug", "image", "pull", PULLED, status=4, env=env)
        self.assertNotIn("wrongsecret", done.err)

    def test_a_wrong_password_is_4_and_is_not_shown(self):
        self.stored("wrongsecret")
        done = self.nube("-b", "dk", "--debug", "image", "pull", PULLED, status=4)
        self.assertNotIn("wrongsecret", done.err)
        self.assertNotIn(base64.b64encode(b"tester:wrongsecret").decode(), done.err)

    def test_no_login_is_4(self):
        self.refused(self.pull(status=4))
        self.refused(self.nube("-b", "dk", "-o", "json", "node", "create", "-n", "one", "-i",
                               PULLED, status=4))
        self.assertEqual(self.containers(), [])

    def test_a_push_comes_back(self):
        self.stored("secret")
        self.nube("-b", "dk", "image", "tag", "dockertest/sleeper:latest", AGAIN)
        there = self.api("GET", f"/images/{AGAIN}/json")[1]["Id"]
        pushed = self.nube("-b", "dk", "-o", "json", "image", "push", AGAIN).json()[0]
        self.api("DELETE", f"/images/{AGAIN}?force=1")
        self.assertEqual(self.pull(AGAIN).json()[0]["id"], there)
        self.forget()
        by_digest = AGAIN[:-2] + "@" + pushed["extra"]["digest"]
        self.assertEqual(self.pull(by_digest).json()[0]["id"], there)
        self.api("DELETE", f"/images/{by_digest}?force=1")

    def test_a_push_without_a_login_is_4(self):
        refused = REGISTRY + "/dockertest/refused:1"
        self.nube("-b", "dk", "image", "tag", "dockertest/sleeper:latest", refused)
        done = self.nube("-b", "dk", "-o", "json", "image", "push", refused, status=4)
        self.api("DELETE", f"/images/{refused}")
        self.refused(done, refused)
        self.stored("secret")
        self.pull(refused, status=5)


class Pulls(WithRegistry):
    def test_a_pull_that_breaks_in_its_stream_is_an_error(self):
        self.stored("secret")
        done = self.nube("-b", "dk", "-o", "json", "image", "pull", BROKEN, status=1)
        self.assertIn(f"image {BROKEN}: ", json.loads(done.err)["message"])
        self.assertNotIn(BROKEN, self.images())

    def test_create_with_a_broken_image_leaves_nothing(self):
        self.stored("secret")
        done = self.nube("-b", "dk", "-o", "json", "node", "create", "-n", "one", "-i", BROKEN,
                         status=1)
        self.assertIn(f"image {BROKEN}: ", json.loads(done.err)["message"])
        self.assertEqual((self.containers(), done.out), ([], ""))
        self.assertNotIn(BROKEN, self.images())

    def test_create_pulls_what_is_missing(self):
        self.stored("secret")
        node = self.nube("-b", "dk", "-o", "json", "node", "create", "-n", "one", "-i", PULLED,
                         "--wait").json()[0]
        self.assertEqual((node["state"], node["image"]), ("running", PULLED))

    def test_create_told_not_to_pull_is_5(self):
        self.stored("secret")
        self.nube("-b", "dk", "node", "create", "-n", "one", "-i", PULLED, "--set", "pull=never",
                  status=5)
        self.assertEqual(self.containers(), [])
        self.assertNotIn(PULLED, self.images())


class Made(WithRegistry):
    """Images from a container or an archive, as the docker command sees them."""

    def test_commit_tag_list_delete(self):
        mine = ("nube/test:1", "nube/test:2")
        self.create("one", command=("sh", "-c", "echo here >/new; exec sleep 600"))
        self.nube("-b", "dk", "image", "create", "--node", "one", "-n", mine[0],
                  "--set", "comment=as it was", "--set", 'change=CMD ["cat","/new"]')
        self.nube("-b", "dk", "image", "tag", mine[0], mine[1])
        self.assertLessEqual(set(mine), self.images())
        listed = self.nube("-b", "dk", "-o", "json", "image", "list").json()
        self.assertIn(mine[0], [i["name"] for i in listed])
        seen = json.loads(self.docker("image", "inspect", mine[0]))[0]
        self.assertEqual((seen["Comment"], seen["Config"]["Cmd"]), ("as it was", ["cat", "/new"]))
        self.assertEqual(self.docker("run", "--rm", mine[0]), "here\n")
        self.nube("-b", "dk", "image", "delete", *mine, "--yes")
        self.assertFalse(set(mine) & self.images())
        self.assertIn(IMAGE, self.images())

    def archive(self, *files):
        path = os.path.join(self.home, "root.tar")
        with tarfile.open(path, "w") as tar:
            for name, data in files:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        return path

    def test_an_archive_on_the_input_is_imported(self):
        data = bytes(range(256)) * 8192
        with open(self.archive(("data/two-megabytes", data), ("hello", b"hello\n"))) as tar:
            made = self.nube("-b", "dk", "-o", "json", "image", "create", "-n", "nube/import:1",
                             "--file", "-", "--set", "comment=by hand",
                             "--set", 'change=CMD ["/hello"]', stdin=tar).json()[0]
        self.assertEqual(made["name"], "nube/import:1")
        seen = json.loads(self.docker("image", "inspect", "nube/import:1"))[0]
        self.assertEqual((seen["Id"], seen["Comment"], seen["Config"]["Cmd"]),
                         (made["id"], "by hand", ["/hello"]))
        self.docker("create", "--name", "look", "nube/import:1")
        there = os.path.join(self.home, "there")
        self.docker("cp", "look:/data/two-megabytes", there)
        with open(there, "rb") as f:
            self.assertEqual(f.read(), data)

    def refused(self, *args, status):
        done = self.nube("-b", "dk", "-o", "json", "image", "create", "-n", "nube/no:1", *args,
                         status=status)
        self.assertNotIn("nube/no:1", self.images())
        return json.loads(done.err)["message"]

    def test_an_archive_that_ends_early_is_an_error(self):
        path = self.archive(("hello", b"hello\n" * 10000))
        os.truncate(path, 30000)
        self.assertIn("EOF", self.refused("--file", path, status=1))

    def test_an_image_of_nothing_is_2(self):
        # the engine takes an empty body for an archive and makes an empty image
        self.assertIn("input", self.refused("--set", "source=input", status=2))
        self.assertIn("source", self.refused(status=2))
        gone = os.path.join(self.home, "gone")
        self.assertIn(gone, self.refused("--file", gone, status=2))


class SeenFromOutside(WithRegistry):
    def test_limits_as_the_docker_command_sees_them(self):
        self.create("one", "--set", "memory=64MiB", "--set", "memory_swap=96MiB",
                    "--set", "restart=on-failure", "--set", "restart_max=3")
        seen = json.loads(self.docker("inspect", "one"))[0]["HostConfig"]
        self.assertEqual((seen["Memory"], seen["MemorySwap"]), (64 << 20, 96 << 20))
        self.assertEqual(seen["RestartPolicy"], {"Name": "on-failure", "MaximumRetryCount": 3})

    def test_what_the_docker_command_made_is_shown(self):
        made = self.docker("run", "-d", "--name", "two", "-l", "a=b", "-p", "127.0.0.1:20123:80",
                           "-m", "64m", IMAGE, "sleep", "600").strip()
        node = self.nube("-b", "dk", "-o", "json", "node", "show", "two").json()[0]
        self.assertEqual((node["id"], node["tags"], node["profile"]["ram"], node["state"]),
                         (made, {"a": "b", "dockertest": "1"}, 64, "running"))
        self.assertIn("127.0.0.1:20123->80/tcp", node["extra"]["ports"])


if __name__ == "__main__":
    unittest.main()
