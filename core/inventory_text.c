/* The text of an inventory in each format; whatever a provider's names hold, they stay values. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inventory_int.h"
#include "mem.h"
#include "object_int.h"

static void quote(struct nube_buf *b, const char *text)
{
    nube_json_quote(b, text, strlen(text));
}

static void member(struct nube_buf *b, const char **comma, const char *name)
{
    nube_buf_puts(b, *comma);
    quote(b, name);
    nube_buf_puts(b, ": ");
    *comma = ", ";
}

/* ---- Ansible ----------------------------------------------------------------------- */

/* Ansible evaluates what looks like a template, except when it is marked as a value. */
static void ansible_value(struct nube_buf *b, const char *text)
{
    bool template = strstr(text, "{{") || strstr(text, "{%") || strstr(text, "{#");

    if (template)
        nube_buf_puts(b, "{\"__ansible_unsafe\": ");
    quote(b, text);
    if (template)
        nube_buf_putc(b, '}');
}

static void ansible_member(struct nube_buf *b, const char **comma, const char *name,
                           const char *text)
{
    if (!text)
        return;
    member(b, comma, name);
    ansible_value(b, text);
}

static void ansible_addresses(struct nube_buf *b, const nube_obj *node)
{
    const char *comma = "";

    nube_buf_puts(b, ", \"nube_addresses\": [");
    for (size_t i = 0; i < nube_address_count(node); i++) {
        struct nube_address a = {.size = sizeof(a)};

        if (!nube_address_at(node, i, &a) || !a.value)
            continue;
        nube_buf_puts(b, comma);
        ansible_value(b, a.value);
        comma = ", ";
    }
    nube_buf_putc(b, ']');
}

/* Tags whose keys are templates themselves are left out: a key cannot be marked. */
static void ansible_tags(struct nube_buf *b, const nube_obj *node)
{
    const char *key, *value, *comma = "";

    nube_buf_puts(b, ", \"nube_tags\": {");
    for (size_t i = 0; i < nube_map_count(node, NUBE_TAGS); i++)
        if (nube_map_at(node, NUBE_TAGS, i, &key, &value) && !strchr(key, '{') &&
            strncmp(key, "__ansible_", 10) != 0)
            ansible_member(b, &comma, key, value ? value : "");
    nube_buf_putc(b, '}');
}

static const struct {
    const char *name;
    enum nube_field field;
} facts[] = {
    {"id", NUBE_ID},
    {"name", NUBE_NAME},
    {"backend", NUBE_BACKEND},
    {"provider", NUBE_PROVIDER},
    {"raw_state", NUBE_RAW_STATE},
    {"image", NUBE_IMAGE},
    {"size", NUBE_SIZE},
    {"location", NUBE_LOCATION},
};
enum { N_FACTS = sizeof(facts) / sizeof(*facts) };

static void ansible_host(struct nube_buf *b, const struct nube_inventory *inv,
                         const struct nube_inventory_entry *e)
{
    const char *comma = "";
    char name[64];

    nube_buf_putc(b, '{');
    ansible_member(b, &comma, "ansible_host", e->address);
    ansible_member(b, &comma, "ansible_user", nube_inventory_user(inv, e->node));
    for (size_t i = 0; i < N_FACTS; i++) {
        snprintf(name, sizeof(name), "nube_%s", facts[i].name);
        ansible_member(b, &comma, name, nube_str(e->node, facts[i].field));
    }
    ansible_member(b, &comma, "nube_state", nube_state_name((int)nube_node_state(e->node)));
    ansible_addresses(b, e->node);
    ansible_tags(b, e->node);
    nube_buf_putc(b, '}');
}

/* A host in a group. */
struct place {
    char *group;
    const char *host;
};
struct places {
    struct place *at;
    size_t count, size;
    bool failed;
};

/* "tag_role_front": a group is a name of Ansible's language. */
static void put(struct places *p, const struct nube_inventory_entry *e, const char *prefix,
                const char *text, const char *more)
{
    struct nube_buf b;

    if (!text || !*text || p->failed)
        return;
    if (p->count == p->size) {
        size_t size = p->size ? p->size * 2 : 64;
        struct place *grown = nube_mem_realloc(p->at, size * sizeof(*grown));

        p->failed = !grown;
        if (!grown)
            return;
        p->at = grown;
        p->size = size;
    }
    nube_buf_init(&b, 4096);
    nube_buf_fmt(&b, "%s_%s%s%s", prefix, text, more && *more ? "_" : "", more ? more : "");
    for (size_t i = 0; !b.failed && i < b.len; i++)
        if ((unsigned char)b.data[i] >= 0x80 || !isalnum((unsigned char)b.data[i]))
            b.data[i] = '_';
    p->at[p->count] = (struct place){nube_buf_take(&b), e->host};
    p->failed = !p->at[p->count].group;
    p->count += !p->failed;
}

static void put_all(struct places *p, const struct nube_inventory_entry *e)
{
    const char *key, *value;

    put(p, e, "backend", nube_str(e->node, NUBE_BACKEND), NULL);
    put(p, e, "provider", nube_str(e->node, NUBE_PROVIDER), NULL);
    put(p, e, "location", nube_str(e->node, NUBE_LOCATION), NULL);
    put(p, e, "state", nube_state_name((int)nube_node_state(e->node)), NULL);
    for (size_t i = 0; i < nube_map_count(e->node, NUBE_TAGS); i++)
        if (nube_map_at(e->node, NUBE_TAGS, i, &key, &value))
            put(p, e, "tag", key, value);
}

static int by_group(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = strcmp(x->group, y->group);

    return order ? order : strcmp(x->host, y->host);
}

static void ansible_groups(struct nube_buf *b, struct places *p)
{
    if (p->count)
        qsort(p->at, p->count, sizeof(*p->at), by_group);
    for (size_t i = 0; i < p->count; i++) {
        bool begins = i == 0 || strcmp(p->at[i].group, p->at[i - 1].group) != 0;

        if (!begins && strcmp(p->at[i].host, p->at[i - 1].host) == 0)
            continue; /* two tags that are one group */
        if (begins)
            nube_buf_fmt(b, "%s,\n \"%s\": {\"hosts\": [", i ? "]}" : "", p->at[i].group);
        nube_buf_fmt(b, "%s\"%s\"", begins ? "" : ", ", p->at[i].host);
    }
    nube_buf_puts(b, p->count ? "]}" : "");
}

void nube_inventory_ansible(struct nube_buf *b, const struct nube_inventory *inv)
{
    struct places p = {0};

    nube_buf_puts(b, "{\"_meta\": {\"hostvars\": {");
    for (size_t i = 0; i < inv->count; i++) {
        nube_buf_fmt(b, "%s\n  \"%s\": ", i ? "," : "", inv->at[i].host);
        ansible_host(b, inv, &inv->at[i]);
        put_all(&p, &inv->at[i]);
    }
    nube_buf_puts(b, "}},\n \"all\": {\"hosts\": [");
    for (size_t i = 0; i < inv->count; i++)
        nube_buf_fmt(b, "%s\"%s\"", i ? ", " : "", inv->at[i].host);
    nube_buf_puts(b, "]}");
    ansible_groups(b, &p);
    nube_buf_puts(b, "}\n");
    b->failed = b->failed || p.failed;
    for (size_t i = 0; i < p.count; i++)
        nube_mem_free(p.at[i].group);
    nube_mem_free(p.at);
}

/* ---- OpenSSH and the hosts file -------------------------------------------------------- */

/* A name in a comment: it stays on its line, and drives no terminal. */
static void comment(struct nube_buf *b, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)(text ? text : ""); *c; c++) {
        bool c1 = *c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0; /* in UTF-8 */

        c += c1;
        nube_buf_putc(b, c1 || *c < 0x20 || *c == 0x7f ? '?' : (char)*c);
    }
}

static void about(struct nube_buf *b, const nube_obj *node)
{
    comment(b, nube_name(node) ? nube_name(node) : nube_id(node));
    nube_buf_puts(b, " (");
    comment(b, nube_id(node));
    nube_buf_puts(b, ") at ");
    comment(b, nube_str(node, NUBE_BACKEND));
}

void nube_inventory_ssh(struct nube_buf *b, const struct nube_inventory *inv)
{
    for (size_t i = 0; i < inv->count; i++) {
        const struct nube_inventory_entry *e = &inv->at[i];
        const char *user = nube_inventory_user(inv, e->node);

        nube_buf_puts(b, i ? "\n# " : "# ");
        about(b, e->node);
        nube_buf_fmt(b, "\nHost %s\n  HostName %s\n", e->host, e->address);
        if (user)
            nube_buf_fmt(b, "  User %s\n", user);
    }
}

void nube_inventory_hosts(struct nube_buf *b, const struct nube_inventory *inv)
{
    for (size_t i = 0; i < inv->count; i++) {
        nube_buf_fmt(b, "%s\t%s\t# ", inv->at[i].address, inv->at[i].host);
        about(b, inv->at[i].node);
        nube_buf_putc(b, '\n');
    }
}

/* ---- Prometheus -------------------------------------------------------------------------- */

static void meta(struct nube_buf *b, const char **comma, const char *name, const char *text)
{
    char label[128];

    if (!text)
        return;
    snprintf(label, sizeof(label), "__meta_nube_%s", name);
    member(b, comma, label);
    quote(b, text);
}

/* "__meta_nube_tag_role"; of two tags whose labels would be one, the first counts. */
static void tag_label(char *out, size_t size, const char *key)
{
    snprintf(out, size, "tag_%s", key);
    for (; *out; out++)
        if ((unsigned char)*out >= 0x80 || !isalnum((unsigned char)*out))
            *out = '_';
}

static bool first_of_its_label(const nube_obj *node, size_t at, const char *label)
{
    const char *key, *value;
    char other[96];

    for (size_t i = 0; i < at; i++) {
        if (!nube_map_at(node, NUBE_TAGS, i, &key, &value))
            continue;
        tag_label(other, sizeof(other), key);
        if (strcmp(other, label) == 0)
            return false;
    }
    return true;
}

static void tag_labels(struct nube_buf *b, const char **comma, const nube_obj *node)
{
    const char *key, *value;
    char label[96];

    for (size_t i = 0; i < nube_map_count(node, NUBE_TAGS); i++) {
        if (!nube_map_at(node, NUBE_TAGS, i, &key, &value))
            continue;
        tag_label(label, sizeof(label), key);
        if (first_of_its_label(node, i, label))
            meta(b, comma, label, value ? value : "");
    }
}

void nube_inventory_prometheus(struct nube_buf *b, const struct nube_inventory *inv)
{
    nube_buf_putc(b, '[');
    for (size_t i = 0; i < inv->count; i++) {
        const struct nube_inventory_entry *e = &inv->at[i];
        const char *comma = "";

        nube_buf_fmt(b, "%s{\"targets\": [\"%s%s%s:%u\"], \"labels\": {", i ? ",\n " : "",
                     e->ipv6 ? "[" : "", e->address, e->ipv6 ? "]" : "", inv->port);
        meta(b, &comma, "host", e->host);
        for (size_t k = 0; k < N_FACTS; k++)
            meta(b, &comma, facts[k].name, nube_str(e->node, facts[k].field));
        meta(b, &comma, "state", nube_state_name((int)nube_node_state(e->node)));
        tag_labels(b, &comma, e->node);
        nube_buf_puts(b, "}}");
    }
    nube_buf_puts(b, "]\n");
}
