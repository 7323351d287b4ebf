/* Security groups and their rules: Neutron's, and Nova's proxy of them. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "neutron.h"

static struct os_rule *rule_new(struct os_cloud *cloud, struct os_group *g, bool ingress, bool v6)
{
    SIM_PUSH(g->rules, g->n_rules, g->rules_size);
    struct os_rule *r = &g->rules[g->n_rules++];
    *r = (struct os_rule){.ingress = ingress, .v6 = v6, .from = -1, .to = -1};
    os_uuid(cloud, r->id);
    return r;
}

struct os_group *os_group_new(struct os_region *region, struct os_project *project,
                              const char *name, const char *description)
{
    struct os_group *g = sim_alloc(sizeof *g);
    g->description = sim_strdup(description ? description : "");
    os_add(region, OS_GROUP, &g->res, project, name, NULL);
    rule_new(region->cloud, g, false, false);
    rule_new(region->cloud, g, false, true);
    if (!strcmp(name, "default")) {
        struct os_rule *r = rule_new(region->cloud, g, true, false);
        snprintf(r->remote_group, sizeof r->remote_group, "%s", g->res.id);
    }
    return g;
}

void os_group_free(struct os_group *g)
{
    free(g->rules);
    free(g->description);
}

struct os_group *os_group_find(const struct os_region *region, const struct os_project *project,
                               const char *name_or_id)
{
    const struct os_store *s = &region->stores[OS_GROUP];
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i]->project == project &&
            (!strcmp(s->at[i]->name, name_or_id) || !strcmp(s->at[i]->id, name_or_id)))
            return (struct os_group *)s->at[i];
    return NULL;
}

static void put_port(struct sim_text *out, const char *name, int64_t port)
{
    if (port < 0)
        sim_put_str(out, name, NULL);
    else
        sim_put_int(out, name, port);
}

static void put_rule(struct os_call *c, const struct os_group *g, const struct os_rule *r)
{
    struct sim_text *out = c->out;
    sim_put_object(out, NULL);
    sim_put_str(out, "id", r->id);
    sim_put_str(out, "security_group_id", g->res.id);
    sim_put_str(out, "direction", r->ingress ? "ingress" : "egress");
    sim_put_str(out, "ethertype", r->v6 ? "IPv6" : "IPv4");
    sim_put_str(out, "protocol", *r->protocol ? r->protocol : NULL);
    put_port(out, "port_range_min", r->from);
    put_port(out, "port_range_max", r->to);
    sim_put_str(out, "remote_ip_prefix", *r->remote ? r->remote : NULL);
    sim_put_str(out, "remote_group_id", *r->remote_group ? r->remote_group : NULL);
    sim_put_str(out, "tenant_id", g->res.project->id);
    sim_put_str(out, "project_id", g->res.project->id);
    sim_put_str(out, "description", "");
    sim_put_time(out, "created_at", g->res.created);
    sim_put_time(out, "updated_at", g->res.created);
    SIM_LIT(out, ", \"revision_number\": 0, \"tags\": [], \"remote_address_group_id\": null, "
                 "\"normalized_cidr\": null}");
}

void os_put_group(struct os_call *c, const struct os_res *res)
{
    const struct os_group *g = (const struct os_group *)res;
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "id", res->id);
    sim_put_str(c->out, "name", res->name);
    sim_put_str(c->out, "description", g->description);
    sim_put_str(c->out, "tenant_id", res->project->id);
    sim_put_str(c->out, "project_id", res->project->id);
    sim_put_time(c->out, "created_at", res->created);
    sim_put_time(c->out, "updated_at", res->updated);
    SIM_LIT(c->out,
            ", \"revision_number\": 1, \"tags\": [], \"stateful\": true, \"shared\": false");
    sim_put_array(c->out, "security_group_rules");
    for (size_t i = 0; i < g->n_rules; i++) {
        sim_put_sep(c->out);
        put_rule(c, g, &g->rules[i]);
    }
    SIM_LIT(c->out, "]}");
}

static bool used(const struct os_region *region, const struct os_group *g)
{
    const struct os_store *s = &region->stores[OS_SERVER];
    for (size_t i = 0; i < s->n; i++) {
        const struct os_server *sv = (const struct os_server *)s->at[i];
        for (unsigned k = 0; k < sv->n_groups && !sv->res.deleted; k++)
            if (sv->groups[k] == g)
                return true;
    }
    return false;
}

/* Deleted servers are listed for long: they must not name a group that is gone. */
static void forget(const struct os_region *region, const struct os_group *g)
{
    const struct os_store *s = &region->stores[OS_SERVER];
    for (size_t i = 0; i < s->n; i++) {
        struct os_server *sv = (struct os_server *)s->at[i];
        for (unsigned k = 0; k < sv->n_groups; k++)
            if (sv->groups[k] == g)
                sv->groups[k--] = sv->groups[--sv->n_groups];
    }
}

static bool within_quota(struct os_call *c)
{
    const struct os_store *s = &c->region->stores[OS_GROUP];
    int64_t n = 0, most = os_quota_of(c->cloud, c->project).groups;
    for (size_t i = 0; i < s->n; i++)
        n += s->at[i]->project == c->project;
    if (most < 0 || n < most)
        return true;
    return c->where.service == OS_NETWORKS
               ? os_fail_as(c, 409, "OverQuota",
                            "Quota exceeded for resources: ['security_group'].")
               : os_fail(c, 403, "Quota exceeded, too many security groups.");
}

static void rename_to(struct os_group *g, struct json_object *json)
{
    const char *name = sim_json_text(json, "name"), *text = sim_json_text(json, "description");
    if (name) {
        free(g->res.name);
        g->res.name = sim_strdup(name);
    }
    if (text) {
        free(g->description);
        g->description = sim_strdup(text);
    }
}

void os_group_create(struct os_call *c)
{
    struct json_object *json =
        os_neutron_body(c, "security_group", "name description tenant_id project_id stateful tags");
    const char *name = sim_json_text(json, "name");
    if (!json || !os_may_change(c, "create_security_group") || !within_quota(c))
        return;
    struct os_group *g =
        os_group_new(c->region, c->project, name ? name : "", sim_json_text(json, "description"));
    c->r->status = 201;
    os_neutron_put(c, &g->res);
}

void os_group_update(struct os_call *c)
{
    struct os_res *res = os_neutron_get(c, true);
    if (!res)
        return;
    rename_to((struct os_group *)res, sim_json_get(c->json, "security_group"));
    os_neutron_put(c, res);
}

void os_group_delete(struct os_call *c)
{
    struct os_res *res = os_neutron_get(c, true);
    if (!res)
        return;
    if (used(c->region, (struct os_group *)res)) {
        os_fail_as(c, 409, "SecurityGroupInUse", "Security Group %s in use.", res->id);
        return;
    }
    forget(c->region, (struct os_group *)res);
    os_neutron_delete(c, res);
}

static bool same(const struct os_rule *a, const struct os_rule *b)
{
    return a->ingress == b->ingress && a->v6 == b->v6 && !strcmp(a->protocol, b->protocol) &&
           a->from == b->from && a->to == b->to && !strcmp(a->remote, b->remote) &&
           !strcmp(a->remote_group, b->remote_group);
}

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

/* Adds a rule unless the group has it; NULL: answered. */
static struct os_rule *add_rule(struct os_call *c, struct os_group *g, const struct os_rule *new)
{
    for (size_t i = 0; i < g->n_rules; i++)
        if (same(&g->rules[i], new)) {
            if (c->where.service == OS_NETWORKS)
                os_fail_as(c, 409, "SecurityGroupRuleExists",
                           "Security group rule already exists. Rule id is %s.", g->rules[i].id);
            else
                os_fail(c, 400, "This rule already exists in group %s", g->res.id);
            return NULL;
        }
    struct os_rule *r = rule_new(c->cloud, g, new->ingress, new->v6);
    char id[40];
    memcpy(id, r->id, sizeof id);
    *r = *new;
    memcpy(r->id, id, sizeof id);
    return r;
}

void os_rule_create(struct os_call *c)
{
    struct json_object *json = os_neutron_body(
        c, "security_group_rule",
        "security_group_id direction ethertype protocol port_range_min port_range_max "
        "remote_ip_prefix remote_group_id remote_address_group_id tenant_id project_id "
        "description");
    const char *id = sim_json_text(json, "security_group_id");
    const char *direction = sim_json_text(json, "direction");
    const char *ether = sim_json_text(json, "ethertype");
    struct os_rule new = {.ingress = direction && !strcmp(direction, "ingress"),
                          .v6 = ether && !strcmp(ether, "IPv6")};
    if (!json)
        return;
    struct os_group *g = os_group_find(c->region, c->project, id ? id : "");
    if (!g) {
        os_fail_as(c, 404, "SecurityGroupNotFound", "Security group %s does not exist",
                   id ? id : "None");
        return;
    }
    new.from = sim_json_int(json, "port_range_min", -1);
    new.to = sim_json_int(json, "port_range_max", -1);
    copy(new.protocol, sizeof new.protocol, sim_json_text(json, "protocol"));
    copy(new.remote, sizeof new.remote, sim_json_text(json, "remote_ip_prefix"));
    copy(new.remote_group, sizeof new.remote_group, sim_json_text(json, "remote_group_id"));
    if (!*new.protocol &&new.from >= 0) {
        os_fail_as(c, 400, "SecurityGroupProtocolRequiredWithPorts",
                   "Must also specify protocol if port range is given.");
        return;
    }
    if (new.from > new.to || new.to > 65535) {
        os_fail_as(c, 400, "SecurityGroupInvalidPortRange",
                   "For TCP/UDP protocols, port_range_min must be <= port_range_max");
        return;
    }
    struct os_rule *r = add_rule(c, g, &new);
    if (!r)
        return;
    c->r->status = 201;
    SIM_LIT(c->out, "{\"security_group_rule\": ");
    put_rule(c, g, r);
    sim_put_end(c->out, '}');
}

/* The rule of the path and its group; false: there is none. */
static bool find_rule(struct os_call *c, struct os_group **group, size_t *index)
{
    const struct os_store *s = &c->region->stores[OS_GROUP];
    for (size_t i = 0; i < s->n; i++) {
        struct os_group *g = (struct os_group *)s->at[i];
        for (size_t k = 0; k < g->n_rules && g->res.project == c->project; k++)
            if (!strcmp(g->rules[k].id, c->q->seg[0])) {
                *group = g;
                *index = k;
                return true;
            }
    }
    return os_fail_as(
        c, 404, c->where.service == OS_NETWORKS ? "SecurityGroupRuleNotFound" : "itemNotFound",
        "Security group rule %s does not exist", c->q->seg[0]);
}

static void delete_rule(struct os_call *c, unsigned status)
{
    struct os_group *g;
    size_t i;
    if (!find_rule(c, &g, &i))
        return;
    memmove(g->rules + i, g->rules + i + 1, (g->n_rules - i - 1) * sizeof *g->rules);
    g->n_rules--;
    c->r->status = status;
}

void os_rule_delete(struct os_call *c)
{
    delete_rule(c, 204);
}

void os_rule_show(struct os_call *c)
{
    struct os_group *g;
    size_t i;
    if (!find_rule(c, &g, &i))
        return;
    SIM_LIT(c->out, "{\"security_group_rule\": ");
    put_rule(c, g, &g->rules[i]);
    sim_put_end(c->out, '}');
}

void os_rules_list(struct os_call *c)
{
    const struct os_store *s = &c->region->stores[OS_GROUP];
    const char *only = sim_param(c->q, "security_group_id");
    SIM_LIT(c->out, "{\"security_group_rules\": [");
    for (size_t i = 0; i < s->n; i++) {
        const struct os_group *g = (const struct os_group *)s->at[i];
        if (g->res.project != c->project || (only && strcmp(only, g->res.id) != 0))
            continue;
        for (size_t k = 0; k < g->n_rules; k++) {
            sim_put_sep(c->out);
            put_rule(c, g, &g->rules[k]);
        }
    }
    SIM_LIT(c->out, "]}");
}

/* Nova's proxy: ingress rules alone, with other names. */
static void put_proxy_rule(struct os_call *c, const struct os_group *g, const struct os_rule *r)
{
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "id", r->id);
    sim_put_str(c->out, "parent_group_id", g->res.id);
    sim_put_str(c->out, "ip_protocol", *r->protocol ? r->protocol : NULL);
    put_port(c->out, "from_port", r->from);
    put_port(c->out, "to_port", r->to);
    sim_put_object(c->out, "ip_range");
    if (!*r->remote_group)
        sim_put_str(c->out, "cidr", *r->remote ? r->remote : "0.0.0.0/0");
    sim_put_end(c->out, '}');
    sim_put_object(c->out, "group");
    struct os_group *other = os_group_find(c->region, c->project, r->remote_group);
    if (*r->remote_group && other) {
        sim_put_str(c->out, "name", other->res.name);
        sim_put_str(c->out, "tenant_id", other->res.project->id);
    }
    SIM_LIT(c->out, "}}");
}

static void put_proxy(struct os_call *c, const struct os_group *g)
{
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "id", g->res.id);
    sim_put_str(c->out, "name", g->res.name);
    sim_put_str(c->out, "description", g->description);
    sim_put_str(c->out, "tenant_id", g->res.project->id);
    sim_put_array(c->out, "rules");
    for (size_t i = 0; i < g->n_rules; i++)
        if (g->rules[i].ingress) {
            sim_put_sep(c->out);
            put_proxy_rule(c, g, &g->rules[i]);
        }
    SIM_LIT(c->out, "]}");
}

void os_proxy_groups(struct os_call *c)
{
    const struct os_store *s = &c->region->stores[OS_GROUP];
    SIM_LIT(c->out, "{\"security_groups\": [");
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i]->project == c->project) {
            sim_put_sep(c->out);
            put_proxy(c, (struct os_group *)s->at[i]);
        }
    SIM_LIT(c->out, "]}");
}

static struct os_group *get(struct os_call *c)
{
    struct os_group *g = (struct os_group *)os_find(c->region, OS_GROUP, c->q->seg[0]);
    if (g && g->res.project == c->project)
        return g;
    os_fail(c, 404, "Security group %s not found.", c->q->seg[0]);
    return NULL;
}

static void put_one(struct os_call *c, const struct os_group *g)
{
    SIM_LIT(c->out, "{\"security_group\": ");
    put_proxy(c, g);
    sim_put_end(c->out, '}');
}

void os_proxy_group(struct os_call *c)
{
    struct os_group *g = get(c);
    if (g)
        put_one(c, g);
}

void os_proxy_group_create(struct os_call *c)
{
    struct json_object *json = sim_json_get(c->json, "security_group");
    const char *name = sim_json_text(json, "name");
    if (!name || !*name)
        os_fail(c, 400, "Invalid input for field/attribute name.");
    else if (os_group_find(c->region, c->project, name))
        os_fail(c, 400, "Security group %s already exists.", name);
    else if (within_quota(c))
        put_one(c, os_group_new(c->region, c->project, name, sim_json_text(json, "description")));
}

void os_proxy_group_delete(struct os_call *c)
{
    struct os_group *g = get(c);
    if (!g)
        return;
    if (used(c->region, g)) {
        os_fail(c, 400, "Security Group %s in use.", g->res.id);
        return;
    }
    forget(c->region, g);
    os_remove(c->region, OS_GROUP, &g->res);
    c->r->status = 202;
}

void os_proxy_rule_create(struct os_call *c)
{
    struct json_object *json = sim_json_get(c->json, "security_group_rule");
    const char *parent = sim_json_text(json, "parent_group_id");
    struct os_group *g = os_group_find(c->region, c->project, parent ? parent : "");
    struct os_rule new = {.ingress = true};
    if (!g) {
        os_fail(c, 404, "Security group %s not found.", parent ? parent : "None");
        return;
    }
    copy(new.protocol, sizeof new.protocol, sim_json_text(json, "ip_protocol"));
    copy(new.remote, sizeof new.remote, sim_json_text(json, "cidr"));
    copy(new.remote_group, sizeof new.remote_group, sim_json_text(json, "group_id"));
    new.from = sim_json_int(json, "from_port", -1);
    new.to = sim_json_int(json, "to_port", -1);
    struct os_rule *r = add_rule(c, g, &new);
    if (!r)
        return;
    SIM_LIT(c->out, "{\"security_group_rule\": ");
    put_proxy_rule(c, g, r);
    sim_put_end(c->out, '}');
}

void os_proxy_rule_delete(struct os_call *c)
{
    delete_rule(c, 202);
}
