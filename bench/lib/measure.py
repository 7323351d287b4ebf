"""Runs the sides of a row interleaved, with the load server beside them."""
import os
import re
import resource
import statistics
import subprocess
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


# What a machine says of certificates, proxies and accounts would be measured too.
OURS = re.compile(r"CERT|_CA_|CAINFO|SSL|PROXY|^(AWS|OS|DOCKER|NUBE)_", re.I)
ENVIRONMENT = {name: value for name, value in os.environ.items() if not OURS.search(name)}


class Failed(Exception):
    pass


class Server:
    """A load server; `urls` has the addresses of each group in turn."""

    def __init__(self, to, groups):
        tls = ["--tls", f"{to}/tls.pem", f"{to}/tls.key"] if any("tls" in g.split(",") for g in groups) else []
        self.process = subprocess.Popen([f"{to}/loadserver", f"{HERE}/server/bodies", *tls, *groups], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.urls = [self.process.stdout.readline().split() for _ in groups]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate()

    def cpu(self):
        """Seconds that it has run."""
        with open(f"/proc/{self.process.pid}/schedstat", encoding="ascii") as f:
            return int(f.read().split()[0]) / 1e9


class Side:
    """One command of a row. role: what checks call it: base, nube, bare, ...; "peer" for the others.

    own: what it says of itself counts, not the whole process; calls: it is the cost of one of so many.
    """

    def __init__(self, name, role, command, env=None, count=None, own=False, calls=1):
        self.name, self.role, self.command, self.env = name, role, command, env or {}
        self.count, self.own, self.calls = count, own, calls
        self.samples, self.failure = [], None

    def run(self, server, limit):
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
            before, began = server.cpu(), time.monotonic()
            process = subprocess.Popen(self.command, env={**ENVIRONMENT, **self.env}, stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=errors)
            guard = threading.Timer(limit, process.kill)
            guard.start()
            _, status, use = os.wait4(process.pid, 0)
            wall = time.monotonic() - began
            guard.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            share = (server.cpu() - before) / wall
            out.seek(0)
            errors.seek(0)
            if process.returncode:
                raise Failed(f"status {process.returncode} after {wall:.1f} s: {errors.read().strip()[-200:]}")
            return self.sample(out.read(), wall, use, share)

    def sample(self, out, wall, use, share):
        said = re.search(r"^(\d+) (\d+) (\d+) (\d+)\s*\Z", out, re.M)
        # The kernel counts what the parent had before exec: less than that is not known.
        peak = use.ru_maxrss if use.ru_maxrss > 1.2 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss else None
        sample = {"wall": wall, "cpu": use.ru_utime + use.ru_stime, "peak": peak, "server": share}
        if said:
            count, own_wall, own_cpu, peak = (int(n) for n in said.groups())
            if self.count and count != self.count:
                raise Failed(f"{count} instead of {self.count}")
            sample["peak"] = peak
            if self.own:
                sample.update(wall=own_wall / 1e6 / self.calls, cpu=own_cpu / 1e6 / self.calls)
        elif self.count:
            raise Failed("it did not say what it counted")
        return sample

    def median(self, metric):
        return statistics.median(s[metric] for s in self.samples)


def interleave(sides, server, rounds, peer_rounds, limit):
    """Every side once a round, each round from another one on; peers only in the first ones. What fails is left out and says why."""
    for n in range(-1, rounds):  # the first is for caches
        for i in range(len(sides)):
            side = sides[(i + max(n, 0)) % len(sides)]
            if side.failure or (side.role == "peer" and not 0 <= n < peer_rounds):
                continue
            try:
                sample = side.run(server, limit)
            except Failed as e:
                side.failure = str(e)
                continue
            if n >= 0:
                side.samples.append(sample)


def instructions(side, to):
    """What callgrind counts for one run."""
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={to}/callgrind.{side.name.replace(' ', '-')}", *side.command]
    r = subprocess.run(command, env={**ENVIRONMENT, **side.env}, capture_output=True, text=True, check=False)
    counted = re.search(r"Collected : (\d+)", r.stderr)
    if r.returncode or not counted:
        raise Failed(f"{side.name} under callgrind: {r.stderr[-300:]}")
    return int(counted[1])
