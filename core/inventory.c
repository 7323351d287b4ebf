/* Inventories: which nodes are in, and which of their addresses is used. */
#include "inventory_int.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "error_int.h"
#include "mem.h"

enum { MAX_TEXT = 1 << 30, NOT_USED = 1000, A_NAME = 100 };

/* What may be a login name on every system, and an option of no program. */
static bool good_user(const char *user)
{
    if (!isalnum((unsigned char)*user) && *user != '_')
        return false;
    for (; *user; user++)
        if (!isalnum((unsigned char)*user) && !strchr("_.@+-", *user))
            return false;
    return true;
}

const char *nube_inventory_user(const struct nube_inventory *inv, const nube_obj *node)
{
    const char *user = nube_str(node, NUBE_USERNAME);

    return user && good_user(user) ? user : inv->user;
}

static int check_opts(const struct nube_inventory_opts *o, struct nube_error *err)
{
    if (o->format < NUBE_INVENTORY_ANSIBLE || o->format > NUBE_INVENTORY_HOSTS)
        return nube_error_set(err, NUBE_E_USAGE, "an inventory has no format %u", o->format);
    if (o->port > 65535)
        return nube_error_set(err, NUBE_E_USAGE, "a port is a number from 1 to 65535, not %u",
                              o->port);
    if (o->user && !good_user(o->user))
        return nube_error_set(err, NUBE_E_USAGE, "\"%s\" is no login name", o->user);
    return 0;
}

int nube_inventory_new(nube_inventory **out, const struct nube_inventory_opts *opts,
                       struct nube_error *err)
{
    struct nube_inventory_opts o = NUBE_INVENTORY_OPTS_INIT;
    nube_inventory *inv;
    int rc;

    *out = NULL;
    nube_error_clear(err);
    if (opts)
        memcpy(&o, opts, opts->size < sizeof(o) ? opts->size : sizeof(o));
    rc = check_opts(&o, err);
    if (rc)
        return rc;
    inv = nube_mem_zalloc(sizeof(*inv));
    if (!inv)
        return nube_error_nomem(err);
    inv->format = (enum nube_inventory_format)o.format;
    inv->flags = o.flags;
    inv->port = o.port ? o.port : 9100;
    inv->user = nube_mem_strdup(o.user);
    if (o.user && !inv->user) {
        nube_inventory_free(inv);
        return nube_error_nomem(err);
    }
    *out = inv;
    return 0;
}

void nube_inventory_free(nube_inventory *inv)
{
    if (!inv)
        return;
    for (size_t i = 0; i < inv->count; i++) {
        nube_obj_free(inv->at[i].node);
        nube_mem_free(inv->at[i].host);
    }
    nube_mem_free(inv->at);
    nube_mem_free(inv->user);
    nube_mem_free(inv);
}

static bool good_dns(const char *name)
{
    size_t len = strlen(name);

    return len && len <= 253 && isalnum((unsigned char)*name) &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") == len;
}

/* 4, 6, 0 for a name; -1 when it is nothing that could be connected to. */
static int family_of(const char *value)
{
    unsigned char parsed[16];

    if (inet_pton(AF_INET, value, parsed) == 1)
        return NUBE_IPV4;
    if (inet_pton(AF_INET6, value, parsed) == 1)
        return NUBE_IPV6;
    return good_dns(value) ? NUBE_DNS : -1;
}

/* The lower the better: scope, then family, then what stays with the node. */
static int rank(const struct nube_inventory *inv, const struct nube_address *a, int family)
{
    static const int scopes[2][NUBE_SCOPE_LOOPBACK + 1] = {
        {NOT_USED, 0, 1, NOT_USED, 2, 3},
        {NOT_USED, 2, 0, NOT_USED, 1, 3},
    };
    bool known = a->scope > 0 && a->scope <= NUBE_SCOPE_LOOPBACK;

    if (family == NUBE_DNS)
        return inv->format == NUBE_INVENTORY_HOSTS ? NOT_USED : A_NAME;
    if (family < 0 || !known)
        return NOT_USED;
    return scopes[inv->flags & NUBE_INVENTORY_PRIVATE ? 1 : 0][a->scope] * 8 +
           (family == NUBE_IPV6 ? 4 : 0) + (a->kind == NUBE_ADDRESS_FLOATING ? 0 : 1) +
           (a->kind == NUBE_ADDRESS_PUBLISHED ? 1 : 0);
}

static void choose(const struct nube_inventory *inv, struct nube_inventory_entry *e)
{
    int best = NOT_USED;

    for (size_t i = 0; i < nube_address_count(e->node); i++) {
        struct nube_address a = {.size = sizeof(a)};
        int family, r;

        if (!nube_address_at(e->node, i, &a) || !a.value)
            continue;
        family = family_of(a.value);
        r = rank(inv, &a, family);
        if (r >= best)
            continue;
        best = r;
        e->address = a.value;
        e->ipv6 = family == NUBE_IPV6;
    }
}

int nube_inventory_add(nube_inventory *inv, const nube_node *node, struct nube_error *err)
{
    struct nube_inventory_entry e = {0}, *grown;
    int rc;

    nube_error_clear(err);
    if (inv->count == inv->size) {
        size_t size = inv->size ? inv->size * 2 : 16;

        grown = nube_mem_realloc(inv->at, size * sizeof(*grown));
        if (!grown)
            return nube_error_nomem(err);
        inv->at = grown;
        inv->size = size;
    }
    rc = nube_obj_dup(&e.node, node, err);
    if (rc)
        return rc;
    if (nube_node_state(e.node) != NUBE_STATE_TERMINATED)
        choose(inv, &e);
    if (!e.address) {
        nube_obj_free(e.node);
        return 0;
    }
    inv->at[inv->count++] = e;
    return 1;
}

char *nube_inventory_text(nube_inventory *inv, struct nube_error *err)
{
    static void (*const formats[])(struct nube_buf * b, const struct nube_inventory *inv) = {
        NULL, nube_inventory_ansible, nube_inventory_ssh, nube_inventory_prometheus,
        nube_inventory_hosts};
    struct nube_buf b;
    char *text = NULL;

    nube_error_clear(err);
    nube_buf_init(&b, MAX_TEXT);
    nube_buf_puts(&b, "");
    if (!nube_inventory_name(inv)) {
        formats[inv->format](&b, inv);
        text = nube_buf_take(&b);
    }
    if (!text)
        nube_error_nomem(err);
    return text;
}
