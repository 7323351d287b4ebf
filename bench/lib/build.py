"""Builds what is measured beside the library: load server, baselines, the library's side, and the peers that are here."""
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CFLAGS = ["-std=c11", "-D_GNU_SOURCE", "-O2", "-g", "-Wall", "-Wextra", "-Werror"]
BASES = {"base": ("drop", []), "base-xml": ("count_xml", ["libxml-2.0"]), "base-json": ("elements_json", ["json-c"])}
GO = {"go-ec2v1": "ec2v1", "go-ec2v2": "ec2v2", "gophercloud": "gophercloud", "go-docker": "docker"}
PYTHON = ["libcloud-ec2", "libcloud-openstack", "boto3", "openstacksdk"]
COMMANDS = ["aws", "openstack", "docker", "curl"]


def package(*names):
    if not names:
        return []
    return subprocess.run(["pkg-config", "--cflags", "--libs", *names], check=True, capture_output=True, text=True).stdout.split()


def cc(out, sources, *words):
    subprocess.run(["cc", *CFLAGS, "-o", out, *[os.path.join(HERE, s) for s in sources], *words], check=True)


def own(build, to):
    """The programs in C, by name."""
    server = [f"server/{n}" for n in sorted(os.listdir(f"{HERE}/server")) if n.endswith(".c")]
    cc(f"{to}/loadserver", server, *package("openssl"))
    for name, (parser, needs) in BASES.items():
        cc(f"{to}/{name}", ["base/main.c", "base/ask.c", f"base/{parser}.c"], *package("libcurl", *needs))
    cc(f"{to}/nube", ["nube/main.c"], f"-I{HERE}/../include", f"-L{build}/lib", f"-Wl,-rpath,{build}/lib", "-lnube")
    with open(f"{to}/empty.c", "w", encoding="ascii") as f:
        f.write("int main(void) { return 0; }\n")
    subprocess.run(["cc", "-O2", "-o", f"{to}/empty", f"{to}/empty.c"], check=True)
    return {name: [f"{to}/{name}"] for name in ["loadserver", "empty", "nube", *BASES]}


def debian(command):
    """Debian's own, where there is one: others of the same name may be something else."""
    own_path = f"/usr/bin/{command}"
    return own_path if os.access(own_path, os.X_OK) else shutil.which(command)


def go(name, source, build, to):
    """The compiled SDKs are kept in the build directory: they take a minute or two."""
    env = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "", "GOCACHE": f"{build}/bench/gocache"}
    made = subprocess.run([debian("go") or "go", "build", "-ldflags", "-s -w", "-o", f"{to}/{name}", f"{HERE}/peers/go/main.go",
                           f"{HERE}/peers/go/{source}.go"], env=env, capture_output=True, check=False)
    return made.returncode == 0


def peers(build, to):
    """Name and command of each peer that works here, and the names of those that do not."""
    here, absent = {}, []
    for name, source in GO.items():
        if debian("go") and go(name, source, build, to):
            here[name] = [f"{to}/{name}"]
        else:
            absent.append(name)
    for name in PYTHON:
        command = [f"{HERE}/peers/python", name]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            here[name] = command
        else:
            absent.append(name)
    for name in COMMANDS:
        if debian(name):
            here[name] = [debian(name)]
        else:
            absent.append(name)
    return here, absent


def certificates(to):
    """A CA and a certificate of it for 127.0.0.1; Debian's CAs with it as a directory and as a bundle."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, cwd=to, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30",
            "-subj", "/CN=bench CA")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "tls.key", "-out", "tls.csr",
            "-subj", "/CN=localhost")
    with open(f"{to}/extensions", "w", encoding="ascii") as f:
        f.write("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n")
    openssl("x509", "-req", "-in", "tls.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30",
            "-extfile", "extensions", "-out", "tls.pem")
    shutil.copytree("/etc/ssl/certs", f"{to}/cadir", ignore=lambda d, names: [n for n in names if not n.endswith(".pem")])
    shutil.copy(f"{to}/ca.pem", f"{to}/cadir/bench.pem")
    openssl("rehash", f"{to}/cadir")
    with open(f"{to}/bundle.pem", "wb") as out:
        for part in ("/etc/ssl/certs/ca-certificates.crt", f"{to}/ca.pem"):
            with open(part, "rb") as f:
                out.write(f.read())


def install(build, to):
    """The command as it is installed: a build tree looks for its modules elsewhere first."""
    subprocess.run(["cmake", "--install", build, "--prefix", f"{to}/root"], check=True, capture_output=True)
    return f"{to}/root"
