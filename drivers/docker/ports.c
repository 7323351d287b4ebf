/* Ports of containers: what is published, as stable text and addresses; and what is to be
 * published. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "docker.h"

/* One port of a container; without host address and port it is only exposed. */
struct port {
    const char *ip, *proto;
    int64_t inside, outside; /* 0: none */
};
enum { FEW = 16, TEXT_MAX = 80 /* an IPv6 address, two ports, a protocol, ", " */ };

/* ---- shown ---------------------------------------------------------------------- */

static int compare_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

/* The engine keeps them in a map: its order changes from call to call. */
static int compare(const void *left, const void *right)
{
    const struct port *a = left, *b = right;

    if (a->inside != b->inside)
        return a->inside < b->inside ? -1 : 1;
    if (compare_text(a->proto, b->proto))
        return compare_text(a->proto, b->proto);
    if (compare_text(a->ip, b->ip))
        return compare_text(a->ip, b->ip);
    return (a->outside > b->outside) - (a->outside < b->outside);
}

static size_t write_port(char *out, size_t size, const struct port *p, const char *sep)
{
    const char *proto = p->proto ? p->proto : "tcp";
    const char *open = p->ip && strchr(p->ip, ':') ? "[" : "", *close = *open ? "]" : "";
    int n;

    if (p->outside)
        n = snprintf(out, size, "%s%s%.46s%s:%lld->%lld/%.6s", sep, open, p->ip ? p->ip : "", close,
                     (long long)p->outside, (long long)p->inside, proto);
    else
        n = snprintf(out, size, "%s%lld/%.6s", sep, (long long)p->inside, proto);
    return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}

/* An address of the host at which the container really is to be found; "all of them" is none. */
static int reachable(const char *ip)
{
    return ip && *ip && strcmp(ip, "0.0.0.0") != 0 && strcmp(ip, "::") != 0;
}

static void show(nube_call *c, nube_obj *o, struct port *ports, size_t n)
{
    char few[FEW * TEXT_MAX], *text = n > FEW ? nube_alloc(c, n * TEXT_MAX) : few;
    size_t len = 0, i, k;

    if (!n)
        return;
    qsort(ports, n, sizeof(*ports), compare);
    for (i = 0; i < n; i++) {
        len += write_port(text + len, n * TEXT_MAX - len, &ports[i], i ? ", " : "");
        for (k = 0; k < i && compare_text(ports[k].ip, ports[i].ip); k++)
            ;
        if (k == i && reachable(ports[i].ip))
            nube_add_address(o, ports[i].ip, NUBE_ADDRESS_PUBLISHED, NULL, NULL);
    }
    nube_extra(o, "ports", text);
}

void docker_ports_listed(nube_call *c, nube_obj *o, const nube_doc *doc)
{
    struct port few[FEW], *ports = few;
    size_t n = nube_doc_count(doc), i = 0;
    const nube_doc *k;

    if (n > FEW)
        ports = nube_alloc(c, n * sizeof(*ports));
    for (k = nube_doc_first(doc); k; k = nube_doc_next(k), i++) {
        ports[i].ip = nube_doc_str(k, "IP");
        ports[i].proto = nube_doc_str(k, "Type");
        ports[i].inside = nube_doc_int(k, "PrivatePort", 0);
        ports[i].outside = nube_doc_int(k, "PublicPort", 0);
    }
    show(c, o, ports, i);
}

/* "80/tcp": [{"HostIp", "HostPort"}, ...] or null. */
static size_t bindings(struct port *ports, const nube_doc *port)
{
    const char *name = nube_doc_name(port), *slash = name ? strchr(name, '/') : NULL;
    int64_t inside = name ? strtoll(name, NULL, 10) : 0;
    const nube_doc *k;
    size_t n = 0;

    for (k = nube_doc_first(port); k; k = nube_doc_next(k), n++)
        ports[n] = (struct port){nube_doc_str(k, "HostIp"), slash ? slash + 1 : NULL, inside,
                                 nube_doc_int(k, "HostPort", 0)};
    if (!n)
        ports[n++] = (struct port){NULL, slash ? slash + 1 : NULL, inside, 0};
    return n;
}

void docker_ports_inspected(nube_call *c, nube_obj *o, const nube_doc *doc)
{
    size_t room = 0, n = 0;
    struct port *ports;
    const nube_doc *k;

    for (k = nube_doc_first(doc); k; k = nube_doc_next(k))
        room += nube_doc_count(k) + 1;
    if (!room)
        return;
    ports = nube_alloc(c, room * sizeof(*ports));
    for (k = nube_doc_first(doc); k; k = nube_doc_next(k))
        n += bindings(ports + n, k);
    show(c, o, ports, n);
}

/* ---- asked for -------------------------------------------------------------------- */

/* One value of publish or expose, taken apart. */
struct publish {
    const char *ip, *outside, *key; /* key: "80/tcp" */
};

static int number_ok(const char *text, int zero)
{
    char *end;
    long n;

    if (!*text)
        return 0;
    if (text[strspn(text, "0123456789")])
        return 0;
    n = strtol(text, &end, 10);
    return n >= (zero ? 0 : 1) && n <= 65535;
}

static int bad_port(nube_call *c, const char *arg, const char *text)
{
    nube_fail(c, NUBE_E_USAGE, "%s \"%s\": expected %sPORT[/tcp|/udp|/sctp], ports from 1 to 65535",
              arg, text, strcmp(arg, "publish") == 0 ? "[[ADDRESS:]HOSTPORT:]" : "");
    return -1;
}

/* PORT[/PROTO] as the engine names it; NULL when it is not one. */
static const char *port_key(nube_call *c, const char *text)
{
    const char *slash = strchr(text, '/'), *proto = slash ? slash + 1 : "tcp";
    const char *number = slash ? nube_fmt(c, "%.*s", (int)(slash - text), text) : text;

    if (!number_ok(number, 0))
        return NULL;
    if (strcmp(proto, "tcp") != 0 && strcmp(proto, "udp") != 0 && strcmp(proto, "sctp") != 0)
        return NULL;
    return nube_fmt(c, "%s/%s", number, proto);
}

/* [[ADDRESS:]HOSTPORT:]PORT[/PROTO]; an IPv6 address in brackets, an empty HOSTPORT: the engine's
 * choice. */
static int read_publish(nube_call *c, const char *text, struct publish *p)
{
    const char *last = strrchr(text, ':'), *host, *colon;

    *p = (struct publish){"", "", port_key(c, last ? last + 1 : text)};
    if (last) {
        host = nube_fmt(c, "%.*s", (int)(last - text), text);
        colon = strrchr(host, ':');
        p->outside = colon ? colon + 1 : host;
        if (colon)
            p->ip = nube_fmt(c, "%.*s", (int)(colon - host), host);
        if (*p->ip != '[' && strchr(p->ip, ':'))
            return bad_port(c, "publish", text);
        if (*p->ip == '[' && p->ip[strlen(p->ip) - 1] == ']')
            p->ip = nube_fmt(c, "%.*s", (int)strlen(p->ip) - 2, p->ip + 1);
    }
    if (!p->key || (*p->outside && !number_ok(p->outside, 1)))
        return bad_port(c, "publish", text);
    return 0;
}

static struct publish *read_all(nube_call *c, size_t *n)
{
    struct publish *all;
    size_t i;

    *n = nube_arg_count(c, "publish");
    all = nube_alloc(c, (*n + 1) * sizeof(*all));
    for (i = 0; i < *n; i++)
        if (read_publish(c, nube_arg_at(c, "publish", i), &all[i]))
            return NULL;
    return all;
}

int docker_ports_exposed(nube_call *c, nube_json *j)
{
    size_t n, i, more = nube_arg_count(c, "expose");
    struct publish *all = read_all(c, &n);
    const char *key;

    if (!all)
        return -1;
    if (!n && !more)
        return 0;
    nube_json_object(j, "ExposedPorts");
    for (i = 0; i < n + more; i++) {
        key = i < n ? all[i].key : port_key(c, nube_arg_at(c, "expose", i - n));
        if (!key)
            return bad_port(c, "expose", nube_arg_at(c, "expose", i - n));
        nube_json_object(j, key);
        nube_json_end(j);
    }
    nube_json_end(j);
    return 0;
}

static void bind_one(nube_json *j, const struct publish *p)
{
    nube_json_object(j, NULL);
    nube_json_str(j, "HostIp", p->ip);
    nube_json_str(j, "HostPort", p->outside);
    nube_json_end(j);
}

/* A port that is published several times is one member with several elements. */
int docker_ports_bound(nube_call *c, nube_json *j)
{
    size_t n, i, k;
    struct publish *all = read_all(c, &n);

    if (!all)
        return -1;
    if (!n)
        return 0;
    nube_json_object(j, "PortBindings");
    for (i = 0; i < n; i++) {
        for (k = 0; k < i && strcmp(all[k].key, all[i].key) != 0; k++)
            ;
        if (k < i)
            continue;
        nube_json_array(j, all[i].key);
        for (k = i; k < n; k++)
            if (strcmp(all[k].key, all[i].key) == 0)
                bind_one(j, &all[k]);
        nube_json_end(j);
    }
    nube_json_end(j);
    return 0;
}
