/* Measuring a machine: a script for any Unix, and what it prints read into an object. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nube/driver/driver.h>

#include "call_int.h"
#include "node_ssh.h"
#include "options.h"

/* Every line "name=value"; what a system does not have is left out. Read by a shell as its standard
 * input, so that the login shell need not be one of ours; whole, before anything in it may read. */
const char nube_probe_script[] =
    "{ LC_ALL=C; export LC_ALL\n"
    "PATH=$PATH:/usr/sbin:/sbin:/usr/local/bin; export PATH\n"
    "v() { [ -z \"$2\" ] || printf '%s=%s\\n' \"$1\" \"$2\"; }\n"
    "v os \"$(uname -s)\"\n"
    "v kernel \"$(uname -r)\"\n"
    "v machine \"$(uname -m)\"\n"
    "v host \"$(uname -n)\"\n"
    "v uptime \"$(uptime)\"\n"
    "[ -r /proc/uptime ] && read -r u _ </proc/uptime && v seconds \"${u%%.*}\"\n"
    "[ -r /proc/loadavg ] && read -r a b c _ </proc/loadavg && v load \"$a $b $c\"\n"
    "v cores \"$(getconf _NPROCESSORS_ONLN || sysctl -n hw.ncpu || psrinfo | wc -l)\"\n"
    "if [ -r /proc/meminfo ]; then while read -r n k _; do case $n in\n"
    "MemTotal:) v memory_kib $k;; MemAvailable:) v memory_free_kib $k;; esac; done </proc/meminfo\n"
    "else m=$(sysctl -n hw.memsize || sysctl -n hw.physmem64 || sysctl -n hw.physmem); v memory "
    "$m\n"
    "[ -n \"$m\" ] || v memory_mib \"$(prtconf | sed -n 's/^Memory size: \\([0-9]*\\).*/\\1/p')\"; "
    "fi\n"
    "if [ -r /etc/os-release ]; then (. /etc/os-release; v distribution \"$ID\"; "
    "v release \"$VERSION_ID\")\n"
    "elif [ \"$(uname -s)\" = Darwin ]; then v distribution macos; "
    "v release \"$(sw_vers -productVersion)\"\n"
    "elif [ -r /etc/release ]; then v distribution \"$(sed 1q /etc/release)\"; fi\n"
    "df -P -k | while read -r d s u a p m; do case $d in /dev/*|[a-z]*/*|/)\n"
    "v disk \"$s $u $m\";; overlay|rootfs) [ \"$m\" = / ] && v disk \"$s $u $m\";; esac; done\n"
    "v done yes; } </dev/null 2>/dev/null\n";

enum { MAX_DISKS = 32 };

/* ---- Reading --------------------------------------------------------------------------- */

static void put_number(nube_obj *o, const char *name, const char *text, int64_t times)
{
    int64_t n;

    while (*text == ' ') /* BSD's wc */
        text++;
    if (nube_parse_int(text, &n) == 0 && n >= 0 && n < INT64_MAX / times)
        nube_extra_int(o, name, n * times);
}

static void put_load(nube_obj *o, const double load[3])
{
    static const char *const names[] = {"load_1", "load_5", "load_15"};

    for (size_t i = 0; i < 3; i++)
        if (load[i] >= 0)
            nube_extra_number(o, names[i], load[i]);
}

struct gathered {
    struct nube_uptime up;
    int64_t seconds;
    double load[3];
    int disks;
};

static void put_disk(nube_obj *o, struct gathered *g, const char *value)
{
    char name[32], *end;
    long long size = strtoll(value, &end, 10), used = strtoll(end, &end, 10);

    end += strspn(end, " ");
    if (g->disks == MAX_DISKS || size <= 0 || used < 0 || *end != '/')
        return;
    snprintf(name, sizeof(name), "disks.%d.mount", g->disks);
    nube_extra(o, name, end);
    snprintf(name, sizeof(name), "disks.%d.size", g->disks);
    nube_extra_int(o, name, size * 1024);
    snprintf(name, sizeof(name), "disks.%d.used", g->disks++);
    nube_extra_int(o, name, used * 1024);
}

static void take(nube_obj *o, struct gathered *g, const char *name, const char *value)
{
    static const char *const plain[] = {"os",   "kernel",       "machine",
                                        "host", "distribution", "release"};

    for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
        if (strcmp(name, plain[i]) == 0)
            nube_extra(o, name, value);
    if (strcmp(name, "uptime") == 0)
        nube_uptime_read(&g->up, value);
    else if (strcmp(name, "seconds") == 0)
        nube_parse_int(value, &g->seconds);
    else if (strcmp(name, "cores") == 0)
        put_number(o, "cores", value, 1);
    else if (strcmp(name, "memory") == 0)
        put_number(o, "memory", value, 1);
    else if (strcmp(name, "memory_kib") == 0)
        put_number(o, "memory", value, 1024);
    else if (strcmp(name, "memory_mib") == 0)
        put_number(o, "memory", value, 1 << 20);
    else if (strcmp(name, "memory_free_kib") == 0)
        put_number(o, "memory_free", value, 1024);
    else if (strcmp(name, "disk") == 0)
        put_disk(o, g, value);
    else if (strcmp(name, "load") == 0)
        nube_load_read(g->load, value);
}

void nube_probe_read(nube_obj *o, struct nube_arena *arena, const char *text, size_t len)
{
    struct gathered g = {{-1, -1, {-1, -1, -1}}, -1, {-1, -1, -1}, 0};
    char *copy = nube_arena_strndup(arena, text, len), *rest = copy, *line, *value;

    while (copy && (line = strsep(&rest, "\n"))) {
        value = strchr(line, '=');
        if (!value)
            continue;
        *value++ = '\0';
        take(o, &g, line, value);
    }
    if (g.seconds < 0)
        g.seconds = g.up.seconds;
    if (g.seconds >= 0)
        nube_extra_int(o, "uptime_seconds", g.seconds);
    if (g.up.users >= 0)
        nube_extra_int(o, "users", g.up.users);
    put_load(o, g.load[0] >= 0 ? g.load : g.up.load);
}

nube_req *nube_req_probe(nube_call *c, const char *host)
{
    nube_req *q = nube_req_ssh(c, host, "exec sh");

    nube_req_body(q, NULL, nube_probe_script, strlen(nube_probe_script));
    nube_req_flag(q, NUBE_REQ_SAFE);
    return q;
}

void nube_probe_fill(nube_call *c, nube_obj *node, const nube_reply *r)
{
    struct nube_value v = {.size = sizeof(v)};
    size_t len;
    const char *text = nube_reply_body(r, &len);

    nube_probe_read(node, &c->arena, text, len);
    if (nube_extra_get(node, "cores", &v))
        nube_set_number(node, NUBE_CORES, (double)v.num);
    if (nube_extra_get(node, "memory", &v))
        nube_set_int(node, NUBE_RAM, v.num >> 20);
}
