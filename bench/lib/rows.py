"""The rows: what is compared with what, and the budget of each."""
import os
import subprocess

from measure import Side

MIB = 1024
LIST_CPU = {"ec2": 1.25, "openstack": 1.15, "docker": 1.15}
PARSER = {"ec2": "base-xml", "openstack": "base-json", "docker": "base-json"}


class Check:
    """A budget: the ratio of two sides' metric (median over rounds), or their difference, or one side's own value."""

    def __init__(self, metric, budget, of="nube", to="base", how="ratio", unit="x", scale=1.0):
        self.metric, self.budget, self.of, self.to = metric, budget, of, to
        self.how, self.unit, self.scale = how, unit, scale


class Row:
    def __init__(self, name, title, groups, sides, checks, rounds, quick_rounds=3, peer_rounds=1, large=False):
        self.name, self.title, self.groups, self.make, self.checks = name, title, groups, sides, checks
        self.rounds, self.quick_rounds, self.peer_rounds, self.large = rounds, quick_rounds, peer_rounds, large


class Bench:
    """Where everything is that rows run."""

    def __init__(self, to, build, root, peers):
        self.to, self.build, self.root, self.peers = to, build, root, peers
        self.tls_env = {"BENCH_CAPATH": f"{to}/cadir", "BENCH_BUNDLE": f"{to}/bundle.pem", "SSL_CERT_FILE": f"{to}/bundle.pem"}

    def c(self, name, role, program, *words, tls=False, **more):
        env = {"BENCH_MODULES": f"{self.build}/lib/nube/0"}
        if tls:
            env["BENCH_CAPATH"] = f"{self.to}/cadir"
        return Side(name, role, [f"{self.to}/{program}", *words], env, **more)

    def peer(self, program, *words, tls=False, name=None, env=None, **more):
        if program not in self.peers:
            return []
        env = {**(self.tls_env if tls else {}), **(env or {})}
        return [Side(name or program, "peer", [*self.peers[program], *words], env, **more)]

    def command(self, *words):
        """The installed `nube`, with the accounts of this row."""
        return [f"{self.root}/bin/nube", *words]

    def env(self):
        return {"XDG_CONFIG_HOME": f"{self.to}/config", "XDG_CACHE_HOME": f"{self.to}/cache"}

    def account(self, *words):
        """One account, the only one."""
        path = f"{self.to}/config/nube/backends.ini"
        if os.path.exists(path):
            os.unlink(path)
        subprocess.run(self.command("backend", "add", "it", *words), env={**os.environ, **self.env()}, check=True, capture_output=True)


AWS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-west-2",
       "AWS_DEFAULT_REGION": "us-west-2"}


def aws(bench, url):
    return bench.peer("aws", "ec2", "describe-instances", "--endpoint-url", url, "--page-size", "1000", "--no-cli-pager", env=AWS)


def openstack_cli(bench, url):
    words = ["--os-auth-url", url + "/v3", "--os-username", "admin", "--os-password", "secret", "--os-project-name", "demo",
             "--os-user-domain-id", "default", "--os-project-domain-id", "default", "--os-region-name", "RegionOne",
             "server", "list", "-n", "-f", "value", "--limit", "-1"]
    return bench.peer("openstack", *words)


# ---- cold start ---------------------------------------------------------------------------------


def startup(bench, _urls):
    return [Side("empty process", "base", [f"{bench.to}/empty"]),
            Side("nube --version", "nube", bench.command("--version"), bench.env()),
            Side("nube --help", "other", bench.command("--help"), bench.env()),
            Side("nube provider list", "slow", bench.command("provider", "list"), bench.env()),
            *bench.peer("docker", "--version", name="docker --version")]


def cold_docker(bench, urls):
    (socket,), = urls
    bench.account("docker", f"host=unix://{socket}")
    return [bench.c("libcurl", "base", "base", "list", "docker", socket),
            Side("nube node list", "nube", bench.command("-o", "id", "node", "list"), bench.env()),
            *bench.peer("go-docker", "list", socket),
            *bench.peer("docker", "-H", f"unix://{socket}", "ps", "-aq", name="docker ps -aq")]


def cold_openstack(bench, urls):
    (url,), = urls
    bench.account("openstack", f"auth_url={url}/v3", "username=admin", "password=a long secret", "project=demo", "user_domain=Default",
                  "project_domain=Default")
    return [bench.c("libcurl", "base", "base", "list", "openstack", url),
            Side("nube node list", "nube", bench.command("-o", "id", "node", "list"), bench.env()),
            *bench.peer("gophercloud", "list", url), *bench.peer("libcloud-openstack", "list", url),
            *bench.peer("openstacksdk", "list", url), *openstack_cli(bench, url)]


def ec2_account(bench, url, *more):
    bench.account("ec2", f"endpoint={url}", "region=us-west-2", "key=AKIAIOSFODNN7EXAMPLE",
                  "secret=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", *more)


def cold_ec2(bench, urls):
    (url,), (later,) = urls
    ec2_account(bench, url)
    return [bench.c("libcurl + libxml2", "base", "base-xml", "list", "ec2", url, "sign"),
            Side("nube node list", "nube", bench.command("-o", "id", "node", "list"), bench.env()),
            *bench.peer("go-ec2v1", "list", url), *bench.peer("go-ec2v2", "list", later, name="go-ec2v2 (2 ms away)"),
            *bench.peer("libcloud-ec2", "list", url), *bench.peer("boto3", "list", url), *aws(bench, url)]


def cold_https(bench, urls):
    (url,), = urls
    ec2_account(bench, url, f"ca_path={bench.to}/cadir")
    body = "Action=DescribeInstances&Version=2016-11-15"
    curl = bench.peer("curl", "-s", "-f", "-o", "/dev/null", "--cacert", f"{bench.to}/bundle.pem", "-d", body, url + "/",
                      name="curl, its bundle")
    for side in curl:
        side.role = "curl"
    return [bench.c("libcurl + libxml2", "base", "base-xml", "list", "ec2", url, "sign", tls=True),
            Side("nube node list", "nube", bench.command("-o", "id", "node", "list"), bench.env()), *curl,
            *bench.peer("go-ec2v1", "list", url, tls=True), *bench.peer("libcloud-ec2", "list", url, tls=True)]


# ---- long lists ---------------------------------------------------------------------------------


def list_sides(provider, nodes, peers):
    def sides(bench, urls):
        url = urls[0][0]
        sign = ["sign"] if provider == "ec2" else []  # it takes nothing else
        own = [bench.c("libcurl alone", "bare", "base", "list", provider, url, *sign),
               bench.c(f"libcurl + {'libxml2, counting' if provider == 'ec2' else 'json-c by element'}", "base", PARSER[provider],
                       "list", provider, url, *sign),
               bench.c("libnube", "nube", "nube", "list", provider, url, count=nodes)]
        if nodes >= 1000:
            own.append(bench.c("libnube, all kept", "keep", "nube", "keep", provider, url, count=nodes))
        return own + peers(bench, urls, nodes)

    return sides


def no_peers(_bench, _urls, _nodes):
    return []


def ec2_peers(bench, urls, nodes):
    url, whole, later = (u[0] for u in urls)
    return [*bench.peer("go-ec2v1", "list", url, count=nodes),
            *bench.peer("go-ec2v2", "list", later, count=nodes, name="go-ec2v2 (2 ms away)"),
            *bench.peer("libcloud-ec2", "list", whole, count=nodes, name="libcloud-ec2 (one page)"),
            *bench.peer("boto3", "list", url, count=nodes), *aws(bench, url)]


def openstack_peers(bench, urls, nodes):
    url = urls[0][0]
    return [*bench.peer("gophercloud", "list", url, count=nodes), *bench.peer("libcloud-openstack", "list", url, count=nodes),
            *bench.peer("openstacksdk", "list", url, count=nodes), *openstack_cli(bench, url)]


def docker_peers(bench, urls, nodes):
    socket = urls[0][0]
    return [*bench.peer("go-docker", "list", socket, count=nodes),
            *bench.peer("docker", "-H", f"unix://{socket}", "ps", "-aq", name="docker ps -aq")]


def list_row(provider, nodes, groups, peers=no_peers, rounds=7, large=False):
    checks = [Check("cpu", LIST_CPU[provider]), Check("peak", 2 * MIB, to="bare", how="difference", unit="KiB")]
    if provider == "ec2":
        checks.append(Check("instructions", 1.15))
    if provider == "openstack" and nodes == 10000:
        checks.append(Check("cpu", 8, to="bare"))
    if nodes >= 10000:
        checks.append(Check("peak", 900, of="keep", to="nube", how="difference", unit="B a node", scale=1024 / nodes))
    return Row(f"list-{provider}-{nodes}", f"list {nodes:,} nodes, {provider}", groups, list_sides(provider, nodes, peers), checks,
               rounds, large=large)


# ---- warm calls, fan-out, changes ---------------------------------------------------------------


def warm_row(provider, calls, peers, tls=False):
    def sides(bench, urls):
        url = urls[0][0]
        return [bench.c("libcurl + " + ("libxml2" if provider == "ec2" else "json-c"), "base", PARSER[provider], "warm", provider, url,
                        str(calls), own=True, calls=calls, tls=tls),
                bench.c("libnube", "nube", "nube", "warm", provider, url, str(calls), own=True, calls=calls, tls=tls, count=calls),
                *[side for name in peers
                  for side in bench.peer(name, "warm", url, str(calls // 20), own=True, calls=calls // 20, tls=tls)]]

    group = f"kind={provider},nodes=10" + (",tls" if tls else "")
    return Row(f"warm-{provider}" + ("-https" if tls else ""), f"get one node, warm, {provider}" + (", HTTPS" if tls else ""), [group],
               sides, [Check("cpu", 1.15), Check("cpu", 10, how="difference", unit="us a call", scale=1e6)], 7)


def fan_row(count, tls, peers):
    def sides(bench, urls):
        all_urls = urls[0]
        return [bench.c("curl multi + libxml2", "base", "base-xml", "fan", "ec2", *all_urls, tls=tls),
                bench.c("libnube", "nube", "nube", "fan", "ec2", *all_urls, tls=tls, count=count),
                *[side for name in peers for side in bench.peer(name, "fan", *all_urls, own=True, tls=tls, count=count)]]

    group = f"kind=ec2,nodes=10,count={count},delay=100" + (",tls" if tls else "")
    checks = [Check("wall", 1.15)]
    if count == 256:
        checks.append(Check("peak", 60, how="value", unit="MiB", scale=1 / MIB))
    return Row(f"fan-{count}" + ("-https" if tls else ""), f"{count} endpoints at 100 ms" + (", HTTPS" if tls else ""), [group], sides,
               checks, 7)


def start_row(provider, calls, connections):
    def sides(bench, urls):
        url = urls[0][0]
        return [bench.c(f"curl multi, {connections} connections", "base", PARSER[provider], "start", provider, url, str(calls),
                        str(connections)),
                bench.c("libnube, one batch", "nube", "nube", "start", provider, url, str(calls), count=calls)]

    return Row(f"start-{provider}", f"{calls:,} starts at 20 ms in one batch, {provider}", [f"kind={provider},nodes=10,delay=20"],
               sides, [Check("wall", 1.15)], 7)


def rows(to):
    """All rows, in the order in which they run; `to`: where a unix socket may be."""
    socket = f"unix={to}/docker.sock"
    fan_peers = {16: ["go-ec2v1", "go-ec2v2", "libcloud-ec2", "boto3"], 64: ["go-ec2v2", "libcloud-ec2"],
                 256: ["go-ec2v1", "go-ec2v2", "libcloud-ec2", "boto3"]}
    cold = [Check("cpu", 1.15), Check("wall", 1.15)]
    return [
        Row("startup", "nothing asked of a network", ["kind=ec2,nodes=10"], startup,
            [Check("wall", 2.5, how="difference", unit="ms", scale=1e3),
             Check("wall", 2.5, of="slow", how="difference", unit="ms", scale=1e3)], 25, quick_rounds=9, peer_rounds=5),
        Row("cold-docker", "cold list of 10, docker", [f"kind=docker,nodes=10,{socket}"], cold_docker, cold, 25, 9, 5),
        Row("cold-openstack", "cold list of 10, openstack", ["kind=openstack,nodes=10"], cold_openstack, cold, 25, 9, 3),
        Row("cold-ec2", "cold list of 10, ec2", ["kind=ec2,nodes=10", "kind=ec2,nodes=10,delay=2"], cold_ec2, cold, 25, 9, 3),
        Row("cold-ec2-https", "cold list of 10, ec2, HTTPS", ["kind=ec2,nodes=10,tls"], cold_https,
            [*cold, Check("cpu", 0.5, to="curl")], 25, 9, 3),
        list_row("docker", 1000, [f"kind=docker,nodes=1000,{socket}"], docker_peers, 11),
        list_row("openstack", 10000, ["kind=openstack,nodes=10000"], openstack_peers),
        list_row("ec2", 10000, ["kind=ec2,nodes=10000", "kind=ec2,nodes=10000,single", "kind=ec2,nodes=10000,delay=2"], ec2_peers),
        list_row("openstack", 100000, ["kind=openstack,nodes=100000"], rounds=5, large=True),
        list_row("ec2", 100000, ["kind=ec2,nodes=100000"], rounds=5, large=True),
        warm_row("ec2", 4000, ["libcloud-ec2", "boto3"]), warm_row("openstack", 4000, ["libcloud-openstack", "openstacksdk"]),
        warm_row("ec2", 4000, ["libcloud-ec2"], tls=True),
        *[fan_row(n, False, fan_peers[n]) for n in (16, 64, 256)],
        *[fan_row(n, True, ["libcloud-ec2"] if n < 256 else []) for n in (16, 64, 256)],
        start_row("ec2", 1000, 256), start_row("openstack", 1000, 256),
    ]
