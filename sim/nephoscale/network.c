/* Networks: a public and a private domain, a subnet of each, and whose their addresses are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "nephoscale.h"

static const struct {
    int64_t id, cidr;
    const char *name, *text;
} domains[NEPH_DOMAINS] = {
    {59887, 236649, "default_public_network", "198.51.100.0/26"},
    {59889, 236651, "default_private_network", "10.128.0.0/26"},
};
enum { FIRST = 4, LAST = 62 };

void neph_network_init(struct neph *n)
{
    for (int type = 0; type < NEPH_DOMAINS; type++)
        for (int host = FIRST; host <= LAST; host++) {
            SIM_PUSH(n->addresses.at, n->addresses.n, n->addresses.size);
            struct neph_address *a = &n->addresses.at[n->addresses.n++];
            *a = (struct neph_address){.type = type};
            snprintf(a->text, sizeof a->text, type ? "10.128.0.%d" : "198.51.100.%d", host);
        }
}

int64_t neph_domain_id(int type)
{
    return domains[type].id;
}

struct neph_address *neph_address(const struct neph *n, const char *text)
{
    for (size_t i = 0; i < n->addresses.n; i++)
        if (!strcmp(n->addresses.at[i].text, text))
            return &n->addresses.at[i];
    return NULL;
}

struct neph_address *neph_free_address(const struct neph *n, int type)
{
    for (size_t i = 0; i < n->addresses.n; i++) {
        struct neph_address *a = &n->addresses.at[i];
        if (a->type == type && !a->server && !a->reserved)
            return a;
    }
    return NULL;
}

void neph_addresses_of(const struct neph *n, int64_t server, struct sim_text *t)
{
    for (size_t i = 0; i < n->addresses.n; i++)
        if (n->addresses.at[i].server == server) {
            sim_text_puts(t, t->len ? ", " : "");
            sim_text_puts(t, n->addresses.at[i].text);
        }
}

static void put_addresses(const struct neph *n, struct sim_text *t, const char *name, int type,
                          bool unassigned)
{
    neph_open(t, name, '[');
    for (size_t i = 0; i < n->addresses.n; i++) {
        const struct neph_address *a = &n->addresses.at[i];
        if (a->type == type && (!unassigned || (!a->server && !a->reserved)))
            neph_str(t, NULL, a->text);
    }
    neph_close(t, ']');
}

static void put_cidr(const struct neph *n, struct sim_text *t, int type, const char *fields)
{
    neph_open(t, NULL, '{');
    neph_int(t, "id", domains[type].cidr);
    neph_str(t, "cidr_str", domains[type].text);
    neph_int(t, "ip_version", 4);
    neph_int(t, "ip_type", type);
    neph_bool(t, "is_primary", true);
    neph_bool(t, "announce_cidr", false);
    neph_uri(t, "/network/cidr/ipv4/", domains[type].cidr);
    if (fields && strstr(fields, "ipaddress_list_unassigned"))
        put_addresses(n, t, "ipaddress_list_unassigned", type, true);
    else
        put_addresses(n, t, "ipaddress_list", type, false);
    neph_close(t, '}');
}

void neph_domains(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    struct sim_text *t = &r->body;
    (void)s;
    if (!neph_enter(n, q, r))
        return;
    neph_begin(r);
    for (int type = 0; type < NEPH_DOMAINS; type++) {
        neph_open(t, NULL, '{');
        neph_int(t, "id", domains[type].id);
        neph_str(t, "name", domains[type].name);
        neph_int(t, "domain_type", type);
        neph_bool(t, "is_default", true);
        neph_open(t, "cidr", '[');
        put_cidr(n, t, type, NULL);
        neph_close(t, ']');
        neph_close(t, '}');
    }
    neph_end(n, r, NEPH_DOMAINS);
}

void neph_cidrs(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    const char *wanted = sim_param(q, "ip_type");
    size_t count = 0;
    (void)s;
    if (!neph_enter(n, q, r))
        return;
    neph_begin(r);
    for (int type = 0; type < NEPH_DOMAINS; type++)
        if (!wanted || neph_number(wanted) == type) {
            put_cidr(n, &r->body, type, sim_param(q, "fields"));
            count++;
        }
    neph_end(n, r, count);
}

/* assign (server and reserved=true), reserve (reserved=true), release (reserved=false). */
void neph_cidr_change(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    const char *text = sim_param(q, "ipaddress"), *server = sim_param(q, "server");
    (void)s;
    if (!neph_enter(n, q, r))
        return;
    struct neph_address *a = text ? neph_address(n, text) : NULL;
    if (!a || domains[a->type].cidr != neph_number(q->seg[0])) {
        neph_fail(n, r, 404, "resource not found");
        return;
    }
    bool reserve = sim_param(q, "reserved") && !strcmp(sim_param(q, "reserved"), "true");
    if (reserve && server && !neph_server(n, neph_number(server))) {
        neph_fail(n, r, 404, "resource not found");
    } else if (reserve && a->server && server && a->server != neph_number(server)) {
        neph_fail(n, r, 409, "ipaddress %s is assigned already", text);
    } else {
        a->reserved = reserve && !server;
        a->server = reserve && server ? neph_number(server) : 0;
        neph_begin(r);
        put_cidr(n, &r->body, a->type, NULL);
        neph_end_single(n, r);
    }
}
