/* Neutron's security groups as firewalls: list, create, delete, rules added and removed. */
#include <stdlib.h>
#include <string.h>

#include "openstack.h"

enum phase { BEGIN, FOUND, REMOVED };

static const struct nube_field_row rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"description", NUBE_DESCRIPTION, NUBE_TYPE_STRING, NULL},
    {"project_id", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "project_id"},
    {"created_at", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "created_at"},
    {"updated_at", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "updated_at"},
    {"stateful", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "stateful"},
};

/* ---- One group ---------------------------------------------------------------------- */

/* "tcp 22", "tcp 8000-8080", "icmp 8", "all" */
static const char *service(nube_call *c, const nube_doc *rule)
{
    const char *protocol = nova_text(rule, "protocol"), *from = nova_text(rule, "port_range_min");
    const char *to = nova_text(rule, "port_range_max");

    if (!protocol)
        return "all";
    if (!from)
        return protocol;
    if (!to || strcmp(from, to) == 0)
        return nube_fmt(c, "%s %s", protocol, from);
    return nube_fmt(c, "%s %s-%s", protocol, from, to);
}

/* A network, a group, or everybody of a family. */
static const char *peer_of(const nube_doc *rule)
{
    const char *peer = nova_text(rule, "remote_ip_prefix"), *family = nova_text(rule, "ethertype");

    if (!peer)
        peer = nova_text(rule, "remote_group_id");
    if (peer)
        return peer;
    return family && strcmp(family, "IPv6") == 0 ? "::/0" : "0.0.0.0/0";
}

static int is_out(const nube_doc *rule)
{
    const char *direction = nova_text(rule, "direction");

    return direction && strcmp(direction, "egress") == 0;
}

static const char *line_of(nube_call *c, const nube_doc *rule)
{
    const char *why = nova_text(rule, "description"), *id = nova_text(rule, "id");

    return nube_fmt(c, "%s %s %s%s%s%s [%s]", is_out(rule) ? "out" : "in", service(c, rule),
                    peer_of(rule), why ? " (" : "", why ? why : "", why ? ")" : "", id ? id : "?");
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, since they come in any order; each with the id by which it is removed. */
static void add_rules(nube_call *c, nube_obj *o, const nube_doc *list)
{
    size_t n = nube_doc_count(list), i = 0;
    const char **lines = nube_alloc(c, (n + 1) * sizeof(*lines));
    const nube_doc *k;

    for (k = nube_doc_first(list); k; k = nube_doc_next(k))
        lines[i++] = line_of(c, k);
    if (n)
        qsort(lines, n, sizeof(*lines), by_text);
    for (i = 0; i < n; i++)
        nube_extra(o, nube_fmt(c, "rule.%zu", i + 1), lines[i]);
}

static void group(nube_call *c, const nube_doc *item)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_FIREWALL);

    nova_fields(o, item, rows, NOVA_ROWS(rows));
    add_rules(c, o, nube_doc_get(item, "security_group_rules"));
}

/* ---- Verbs on groups ----------------------------------------------------------------- */

static void narrow(nube_call *c, nube_req *q)
{
    nube_req_query(q, "id", nube_arg_str(c, "id"));
    nube_req_query(q, "name", nube_arg_str(c, "name"));
}

enum nube_step os_firewall_list(nube_call *c, const nube_reply *r)
{
    static const struct nova_list l = {"network", "security-groups", "security_groups", group, 0,
                                       narrow};

    return nova_list(c, r, &l);
}

enum nube_step os_firewall_create(nube_call *c, const nube_reply *r)
{
    const nube_doc *made;
    nube_json *j;
    nube_req *q;

    if (!r) {
        q = nova_service(c, NUBE_POST, "network");
        nube_req_path(q, "security-groups");
        j = nube_req_json(q);
        nube_json_object(j, "security_group");
        nube_json_str(j, "name", nube_arg_str(c, "name"));
        nube_json_str(j, "description", nube_arg_str(c, "description"));
        return NUBE_SEND;
    }
    made = nova_member(c, r, "security_group", NUBE_DOC_OBJECT);
    if (!made)
        return NUBE_FAIL;
    nube_created(c, nova_text(made, "id"));
    group(c, made);
    return NUBE_DONE;
}

enum nube_step os_firewall_delete(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = nova_service(c, NUBE_DELETE, "network");
    nube_req_path(q, "security-groups");
    nube_req_seg(q, nube_arg_str(c, "id"));
    nube_req_about(q, nube_fmt(c, "firewall %s", nube_arg_str(c, "id")));
    nube_req_flag(q, NUBE_REQ_TOKENED);
    return NUBE_SEND;
}

/* ---- Rules -------------------------------------------------------------------------- */

/* What a rule says, as members of a body and as parameters of a search alike. */
struct rule {
    const char *direction, *family, *protocol, *from, *to, *network, *group;
};

static void split_port(nube_call *c, struct rule *rule)
{
    const char *port = nube_arg_str(c, "port"), *dash = port ? strchr(port, '-') : NULL;

    rule->from = dash ? nube_fmt(c, "%.*s", (int)(dash - port), port) : port;
    rule->to = dash ? dash + 1 : port;
    if (rule->protocol && strncmp(rule->protocol, "icmp", 4) == 0 && !dash)
        rule->to = NULL;
}

/* A network is an address with or without its length; anything else is a group's id. */
static int is_network(const char *peer)
{
    return strspn(peer, "0123456789.") == strcspn(peer, "/") || strchr(peer, ':') != NULL;
}

static struct rule rule_of(nube_call *c, const char *peer)
{
    const char *direction = nube_arg_str(c, "direction"), *protocol = nube_arg_str(c, "protocol");
    struct rule rule = {0};

    rule.direction = direction && strcmp(direction, "out") == 0 ? "egress" : "ingress";
    rule.protocol = !protocol ? "tcp" : strcmp(protocol, "all") == 0 ? NULL : protocol;
    rule.family = strchr(peer, ':') ? "IPv6" : "IPv4";
    if (is_network(peer))
        rule.network = peer;
    else
        rule.group = peer;
    split_port(c, &rule);
    return rule;
}

enum nube_step os_rule_add(nube_call *c, const nube_reply *r)
{
    size_t i;

    if (r)
        return nova_member(c, r, "security_group_rule", NUBE_DOC_OBJECT) ? NUBE_DONE : NUBE_FAIL;
    for (i = 0; i < nube_arg_count(c, "peer"); i++) {
        struct rule rule = rule_of(c, nube_arg_at(c, "peer", i));
        nube_req *q = nova_service(c, NUBE_POST, "network");
        nube_json *j = nube_req_json(q);

        nube_req_path(q, "security-group-rules");
        nube_json_object(j, "security_group_rule");
        nube_json_str(j, "security_group_id", nube_arg_str(c, "id"));
        nube_json_str(j, "direction", rule.direction);
        nube_json_str(j, "ethertype", rule.family);
        nube_json_str(j, "protocol", rule.protocol);
        nube_json_str(j, "port_range_min", rule.from);
        nube_json_str(j, "port_range_max", rule.to);
        nube_json_str(j, "remote_ip_prefix", rule.network);
        nube_json_str(j, "remote_group_id", rule.group);
        nube_json_str(j, "description", nube_arg_str(c, "description"));
    }
    return NUBE_SEND;
}

static void find_rule(nube_call *c, const char *peer, int tag)
{
    struct rule rule = rule_of(c, peer);
    nube_req *q = nova_service(c, NUBE_GET, "network");

    nube_req_path(q, "security-group-rules");
    nube_req_tag(q, tag);
    nube_req_query(q, "security_group_id", nube_arg_str(c, "id"));
    nube_req_query(q, "direction", rule.direction);
    nube_req_query(q, "ethertype", rule.family);
    nube_req_query(q, "protocol", rule.protocol);
    nube_req_query(q, "port_range_min", rule.from);
    nube_req_query(q, "port_range_max", rule.to);
    nube_req_query(q, "remote_ip_prefix", rule.network);
    nube_req_query(q, "remote_group_id", rule.group);
}

static void remove_rule(nube_call *c, const char *id)
{
    nube_req *q = nova_service(c, NUBE_DELETE, "network");

    nube_req_path(q, "security-group-rules");
    nube_req_seg(q, id);
    nube_req_about(q, nube_fmt(c, "rule %s", id));
    nube_req_flag(q, NUBE_REQ_TOKENED);
}

struct found {
    const char *ids[64];
    size_t n, replies;
};

/* Without a protocol or a port a search finds those of every one: only the whole counts. */
static int is_meant(nube_call *c, const nube_doc *rule, const char *peer)
{
    struct rule wanted = rule_of(c, peer);

    return !wanted.protocol == !nova_text(rule, "protocol") &&
           !wanted.from == !nova_text(rule, "port_range_min");
}

static enum nube_step collected(nube_call *c, struct found *f, const nube_reply *r)
{
    const nube_doc *list = nova_member(c, r, "security_group_rules", NUBE_DOC_ARRAY), *k;
    const char *peer = nube_arg_at(c, "peer", (size_t)nube_reply_tag(r));
    size_t before = f->n, i;

    if (!list)
        return NUBE_FAIL;
    for (k = nube_doc_first(list); k; k = nube_doc_next(k))
        if (nova_text(k, "id") && f->n < NOVA_ROWS(f->ids) && is_meant(c, k, peer))
            f->ids[f->n++] = nube_strdup(c, nova_text(k, "id"));
    if (f->n == before)
        return nube_fail(c, NUBE_E_NOT_FOUND, "firewall %s has no such rule for %s",
                         nube_arg_str(c, "id"), peer);
    if (++f->replies < nube_arg_count(c, "peer"))
        return NUBE_SEND;
    for (i = 0; i < f->n; i++)
        remove_rule(c, f->ids[i]);
    return nova_send(c, REMOVED);
}

/* By its id, or by what it says. */
enum nube_step os_rule_remove(nube_call *c, const nube_reply *r)
{
    struct found *f = nube_state(c, sizeof(*f));
    size_t i, n = nube_arg_count(c, "peer");

    switch ((enum phase)nube_phase(c)) {
    case FOUND:
        return collected(c, f, r);
    case REMOVED:
        return NUBE_DONE;
    case BEGIN:
        break;
    }
    if (nube_arg_str(c, "rule")) {
        remove_rule(c, nube_arg_str(c, "rule"));
        return nova_send(c, REMOVED);
    }
    if (!n)
        return nube_fail(c, NUBE_E_USAGE,
                         "say which rule: by its id (rule), or by what it says "
                         "(peer, port, protocol, direction)");
    for (i = 0; i < n; i++)
        find_rule(c, nube_arg_at(c, "peer", i), (int)i);
    return nova_send(c, FOUND);
}
