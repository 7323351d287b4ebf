"""What came of it: budgets, the table, JSON and a plot."""
import json
import math
import os
import platform
import statistics
import subprocess

BAR, LEFT, WIDTH = 18, 330, 620


def by_role(row, role):
    for side in row.sides:
        if side.role == role and side.samples:
            return side
    return None


def values(row, check, counts):
    """One value a round, scaled. counts: instructions by role."""
    of, to = by_role(row, check.of), by_role(row, check.to)
    if check.metric == "instructions":
        return [counts[check.of] / counts[check.to]] if counts else []
    if not of or (check.how != "value" and not to):
        return []
    a = [s[check.metric] for s in of.samples]
    if check.how == "value":
        return [x * check.scale for x in a]
    b = [s[check.metric] for s in to.samples]
    if check.how == "ratio":
        return [x / y for x, y in zip(a, b)]
    return [(x - y) * check.scale for x, y in zip(a, b)]


def judge(row, counts):
    """The checks of a row that was run, as plain data. counts: see values()."""
    judged = []
    for check in row.checks:
        found = values(row, check, counts)
        if not found:
            continue
        value = statistics.median(found)
        judged.append({"metric": check.metric, "of": check.of, "to": check.to, "how": check.how, "unit": check.unit,
                       "budget": check.budget, "value": value, "low": min(found), "high": max(found), "pass": value <= check.budget})
    return judged


def number(x):
    return f"{x:.3g}" if abs(x) < 1000 else f"{x:,.0f}"


def print_row(row, judged):
    base = by_role(row, "base")
    print(f"\n{row.title}  [{row.name}]")
    print(f"  {'':26}{'wall ms':>9}{'spread':>17}{'CPU ms':>9}{'x wall':>8}{'x CPU':>8}{'MiB':>7}{'server':>8}{'n':>4}")
    for side in row.sides:
        if side.failure:
            print(f"  {side.name:26}{'failed: ' + side.failure}")
            continue
        if not side.samples:
            continue
        walls = [s["wall"] * 1e3 for s in side.samples]
        n = min(len(side.samples), len(base.samples))
        x = [statistics.median(side.samples[i][m] / base.samples[i][m] for i in range(n)) for m in ("wall", "cpu")]
        spread = f"{number(min(walls))}-{number(max(walls))}"
        peak = f"{side.median('peak') / 1024:.1f}" if side.samples[0]["peak"] else "-"
        print(f"  {side.name:26}{number(statistics.median(walls)):>9}{spread:>17}{number(side.median('cpu') * 1e3):>9}"
              f"{x[0]:>8.2f}{x[1]:>8.2f}{peak:>7}{side.median('server'):>8.0%}{len(side.samples):>4}")
    for c in judged:
        what = f"{c['metric']} of {c['of']}" + ("" if c["how"] == "value" else f" {'/' if c['how'] == 'ratio' else '-'} {c['to']}")
        print(f"    {'pass' if c['pass'] else 'MISS'}  {what:34}{number(c['value']):>8} {c['unit']:9} budget {number(c['budget'])}"
              f"  ({number(c['low'])} to {number(c['high'])})", flush=True)


def data(row, judged, counts):
    return {"name": row.name, "title": row.title, "checks": judged, "instructions": counts,
            "sides": [{"name": s.name, "role": s.role, "failure": s.failure, "samples": s.samples} for s in row.sides]}


def machine(peers):
    def first(*command):
        try:
            r = subprocess.run(command, capture_output=True, text=True, check=False)
            return (r.stdout or r.stderr).strip().split("\n")[0]
        except OSError:
            return None

    packages = ["libcurl4", "libxml2", "libjson-c5", "libssl3", "python3-libcloud", "python3-boto3", "awscli",
                "python3-openstackclient", "python3-openstacksdk", "docker.io", "golang-go", "golang-github-aws-aws-sdk-go-dev",
                "golang-github-aws-aws-sdk-go-v2-dev", "golang-github-gophercloud-gophercloud-dev"]
    versions = {p: first("dpkg-query", "-W", "-f", "${Version}", p) for p in packages}
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as f:
        cpu = next((line.split(":")[1].strip() for line in f if line.startswith("model name")), platform.machine())
    return {"cpu": cpu, "cores": os.cpu_count(), "kernel": platform.release(), "load": os.getloadavg()[0], "peers": sorted(peers),
            "versions": versions}


# ---- the plot -----------------------------------------------------------------------------------


def bars(rows):
    """One for each side that has a ratio: row title or None, name, role, times the baseline."""
    made = []
    for row in rows:
        base = by_role(row, "base")
        metric = "wall" if row.name.startswith(("fan", "start")) else "cpu"
        for side in row.sides:
            if base and side.samples:
                made.append((row.title, metric, side.name, side.role, side.median(metric) / base.median(metric)))
    return made


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def at(x):
    """Where so many times the baseline is, on a logarithmic scale from 0.1 to 10,000."""
    return LEFT + WIDTH * (math.log10(min(max(x, 0.1), 1e4)) + 1) / 5


def plot(rows, path):
    colours = {"nube": "#2a7f62", "keep": "#2a7f62", "base": "#888", "bare": "#bbb", "peer": "#c8743c"}
    out, y, title = [], 40, None
    for row_title, metric, name, role, x in bars(rows):
        if row_title != title:
            title = row_title
            y += BAR
            out.append(f'<text x="8" y="{y}" font-weight="bold">{escape(title)} ({metric})</text>')
            y += 6
        out.append(f'<text x="{LEFT - 6}" y="{y + 12}" text-anchor="end">{escape(name)}</text>'
                   f'<rect x="{min(at(1), at(x)):.1f}" y="{y + 2}" width="{max(abs(at(x) - at(1)), 1):.1f}" height="{BAR - 5}" '
                   f'fill="{colours.get(role, "#999")}"/><text x="{max(at(1), at(x)) + 4:.1f}" y="{y + 12}">{number(x)}x</text>')
        y += BAR
    grid = "".join(f'<line x1="{at(10 ** n):.1f}" y1="30" x2="{at(10 ** n):.1f}" y2="{y}" stroke="#ddd"/>'
                   f'<text x="{at(10 ** n):.1f}" y="24" text-anchor="middle">{10 ** n:g}x</text>' for n in range(-1, 5))
    with open(path, "w", encoding="utf-8") as f:
        f.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 80}" height="{y + 20}" font-family="sans-serif" '
                f'font-size="12"><rect width="100%" height="100%" fill="#fff"/><text x="8" y="16">Times the bare baseline of the same '
                f'run; less is better</text>{grid}{"".join(out)}</svg>\n')


def save(done, machine_data, to):
    """done: (row, judged, counts) of each row."""
    os.makedirs(to, exist_ok=True)
    with open(f"{to}/results.json", "w", encoding="utf-8") as f:
        json.dump({"machine": machine_data, "rows": [data(*d) for d in done]}, f, indent=1)
        f.write("\n")
    plot([d[0] for d in done], f"{to}/results.svg")
