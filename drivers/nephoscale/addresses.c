/* Addresses of a server: one more of a subnet, and one given back. The subnet is found by the
 * address, the address by what is free. */
#include <stdlib.h>
#include <string.h>

#include "nephoscale.h"

enum phase { FREE = NEPHO_ASKED + 1, SUBNET, CHANGED };

struct change {
    struct nepho_target target;
    size_t rows;
    const char *address, *subnet;
    size_t best; /* length of the prefix of the narrowest subnet so far */
};

/* ---- IPv4 ----------------------------------------------------------------------------------- */

/* The number of "a.b.c.d", and what follows; 0: it is none. */
static int read_ipv4(const char *text, uint32_t *out, const char **end)
{
    int i;

    for (i = 0, *out = 0; i < 4; i++) {
        char *after;
        unsigned long part;

        if ((i && *text++ != '.') || strspn(text, "0123456789") == 0)
            return 0;
        part = strtoul(text, &after, 10);
        if (part > 255)
            return 0;
        *out = *out << 8 | (uint32_t)part;
        text = after;
    }
    *end = text;
    return 1;
}

/* The length of a network's prefix when the address is in it, plus one; else 0. */
static size_t in_network(const char *network, const char *address)
{
    const char *end, *rest;
    uint32_t n, a;
    unsigned long bits;

    if (!network || !read_ipv4(network, &n, &end) || *end != '/' ||
        !read_ipv4(address, &a, &rest) || *rest)
        return 0;
    bits = strtoul(end + 1, NULL, 10);
    if (bits > 32 || (bits && (n ^ a) >> (32 - bits)))
        return 0;
    return bits + 1;
}

/* ---- A free address ---------------------------------------------------------------------------
 */

static void see_free(nube_call *c, const nube_doc *item)
{
    struct change *s = nube_state(c, sizeof(*s));
    const nube_doc *first = nube_doc_first(nube_doc_get(item, "ipaddress_list_unassigned"));

    s->rows++;
    if (!s->address && nube_doc_text(first))
        s->address = nube_strdup(c, nube_doc_text(first));
}

static enum nube_step find_free(nube_call *c)
{
    const char *type = nube_arg_str(c, "type");
    nube_req *q = nepho_rows(c, "network/cidr/ipv4", see_free);

    nube_req_query(q, "ip_type", type && strcmp(type, "private") == 0 ? "1" : "0");
    nube_req_query(q, "fields", "ipaddress_list_unassigned");
    return nepho_send(c, FREE);
}

/* ---- Its subnet -------------------------------------------------------------------------------
 */

static void see_domain(nube_call *c, const nube_doc *item)
{
    struct change *s = nube_state(c, sizeof(*s));
    const nube_doc *k;
    size_t fit;

    s->rows++;
    for (k = nube_doc_first(nube_doc_get(item, "cidr")); k; k = nube_doc_next(k)) {
        fit = in_network(nepho_text(k, "cidr_str"), s->address);
        if (fit <= s->best || !nepho_text(k, "id"))
            continue;
        s->best = fit;
        s->subnet = nube_strdup(c, nepho_text(k, "id"));
    }
}

static enum nube_step find_subnet(nube_call *c, struct change *s)
{
    s->rows = 0;
    nepho_rows(c, "network/domain", see_domain);
    return nepho_send(c, SUBNET);
}

/* ---- The change: a PUT that has to be a POST ----------------------------------------------------
 */

static enum nube_step send(nube_call *c, struct change *s, int assign)
{
    nube_req *q;

    if (!s->subnet)
        return nube_fail(c, NUBE_E_NOT_FOUND,
                         "%s is in no network of this account: name its subnet with subnet=ID",
                         s->address);
    q = nepho_request(c, NUBE_POST, "network/cidr/ipv4", s->subnet);
    nube_req_form(q, "_method", "PUT");
    nube_req_form(q, "ipaddress", s->address);
    nube_req_form(q, "reserved", assign ? "true" : "false");
    nube_req_form(q, "server", assign ? nube_arg_str(c, "id") : NULL);
    nube_req_about(q, nube_fmt(c, "subnet %s", s->subnet));
    nube_req_flag(q, NUBE_REQ_TOKENED);
    return nepho_send(c, CHANGED);
}

static enum nube_step go_on(nube_call *c, struct change *s, int assign)
{
    if (!s->address)
        s->address = nube_arg_str(c, "address");
    if (!s->address)
        return find_free(c);
    s->subnet = nube_arg_str(c, "subnet");
    return s->subnet ? send(c, s, assign) : find_subnet(c, s);
}

static enum nube_step done(nube_call *c, const struct change *s)
{
    const char *line = nube_fmt(c, "%s\n", s->address);

    nube_out_data(c, NUBE_STDOUT, line, strlen(line));
    return NUBE_DONE;
}

static enum nube_step change(nube_call *c, const nube_reply *r, int assign)
{
    struct change *s = nube_state(c, sizeof(*s));
    enum nube_step step;

    switch (nube_phase(c)) {
    case FREE:
        if (nepho_rows_end(c, r, see_free, s->rows) == NUBE_FAIL)
            return NUBE_FAIL;
        return s->address ? go_on(c, s, assign)
                          : nube_fail(c, NUBE_E_QUOTA, "no address of that type is free");
    case SUBNET:
        if (nepho_rows_end(c, r, see_domain, s->rows) == NUBE_FAIL)
            return NUBE_FAIL;
        return send(c, s, assign);
    case CHANGED:
        return done(c, s);
    default:
        step = nepho_find(c, r, &s->target, 1);
        return step == NUBE_DONE ? go_on(c, s, assign) : step;
    }
}

enum nube_step nepho_assign_ip(nube_call *c, const nube_reply *r)
{
    return change(c, r, 1);
}

enum nube_step nepho_release_ip(nube_call *c, const nube_reply *r)
{
    return change(c, r, 0);
}
