/* Security groups and their rules. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

struct ec2_rule *ec2_rule_append(struct ec2_group *g, const struct ec2_rule *rule)
{
    SIM_PUSH(g->rules, g->n_rules, g->rules_size);
    struct ec2_rule *r = &g->rules[g->n_rules++];
    *r = *rule;
    r->description = sim_strdup(rule->description);
    ec2_new_id(g->res.region->cloud, r->id, sizeof r->id, "sgr-");
    return r;
}

struct ec2_group *ec2_group_new(struct ec2_region *region, const char *account, const char *name,
                                const char *description, const char *vpc)
{
    struct ec2_group *g = sim_alloc(sizeof *g);
    struct ec2_rule all = {
        .egress = true, .protocol = "-1", .from = -1, .to = -1, .cidr = "0.0.0.0/0"};
    g->res.name = sim_strdup(name);
    g->description = sim_strdup(description);
    snprintf(g->vpc, sizeof g->vpc, "%s", vpc);
    ec2_add(region, &g->res, EC2_GROUP, account, NULL);
    ec2_rule_append(g, &all);
    return g;
}

struct ec2_group *ec2_default_group(struct ec2_region *region, const char *account, const char *vpc)
{
    const struct ec2_store *s = &region->stores[EC2_GROUP];
    for (size_t i = 0; i < s->n; i++)
        if (!strcmp(s->at[i]->owner, account) && !strcmp(s->at[i]->name, "default"))
            return (struct ec2_group *)s->at[i];
    struct ec2_group *g =
        ec2_group_new(region, account, "default", "default VPC security group", vpc);
    struct ec2_rule self = {.protocol = "-1", .from = -1, .to = -1};
    snprintf(self.group, sizeof self.group, "%s", g->res.id);
    snprintf(self.group_owner, sizeof self.group_owner, "%.12s", account);
    ec2_rule_append(g, &self);
    return g;
}

static void get_id(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_res *)o)->id);
}

static void get_name(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_res *)o)->name);
}

static void get_description(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_group *)o)->description);
}

static void get_vpc(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_group *)o)->vpc);
}

static void get_owner(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_res *)o)->owner);
}

static void get_cidr(const void *o, struct ec2_values *v)
{
    const struct ec2_group *g = o;
    for (size_t i = 0; i < g->n_rules; i++)
        if (!g->rules[i].egress && *g->rules[i].cidr && !g->rules[i].v6)
            ec2_value(v, g->rules[i].cidr);
}

static void get_protocol(const void *o, struct ec2_values *v)
{
    const struct ec2_group *g = o;
    for (size_t i = 0; i < g->n_rules; i++)
        if (!g->rules[i].egress)
            ec2_value(v, g->rules[i].protocol);
}

void ec2_group_allow(struct ec2_group *g, const char *protocol, int64_t from, int64_t to,
                     const char *cidr)
{
    struct ec2_rule r = {.from = from, .to = to, .v6 = strchr(cidr, ':') != NULL};
    snprintf(r.protocol, sizeof r.protocol, "%s", protocol);
    snprintf(r.cidr, sizeof r.cidr, "%s", cidr);
    ec2_rule_append(g, &r);
}

static const struct ec2_field fields[] = {{"group-id", get_id},
                                          {"group-name", get_name},
                                          {"description", get_description},
                                          {"vpc-id", get_vpc},
                                          {"owner-id", get_owner},
                                          {"ip-permission.cidr", get_cidr},
                                          {"ip-permission.protocol", get_protocol}};

const struct ec2_kind ec2_groups = {EC2_GROUP,
                                    "GroupId",
                                    "GroupName",
                                    "InvalidGroup.NotFound",
                                    "InvalidGroupId.Malformed",
                                    "security group ID",
                                    fields,
                                    sizeof fields / sizeof *fields,
                                    NULL,
                                    NULL,
                                    NULL,
                                    5,
                                    1000};

static bool same_ports(const struct ec2_rule *a, const struct ec2_rule *b)
{
    return a->egress == b->egress && !strcmp(a->protocol, b->protocol) && a->from == b->from &&
           a->to == b->to;
}

/* The targets of all rules with these ports, one kind of target at a time. */
static void put_targets(struct sim_text *out, const struct ec2_group *g,
                        const struct ec2_rule *like)
{
    static const char *const sets[] = {"groups", "ipRanges", "ipv6Ranges", "prefixListIds"};
    for (int kind = 0; kind < 4; kind++) {
        sim_open(out, sets[kind]);
        for (size_t i = 0; i < g->n_rules; i++) {
            const struct ec2_rule *r = &g->rules[i];
            int is = *r->group ? 0 : *r->prefix_list ? 3 : r->v6 ? 2 : 1;
            if (is != kind || !same_ports(r, like))
                continue;
            SIM_LIT(out, "<item>");
            if (kind == 0) {
                sim_elem(out, "userId", r->group_owner);
                sim_elem(out, "groupId", r->group);
            } else if (kind == 3) {
                sim_elem(out, "prefixListId", r->prefix_list);
            } else {
                sim_elem(out, kind == 1 ? "cidrIp" : "cidrIpv6", r->cidr);
            }
            sim_elem(out, "description", r->description);
            SIM_LIT(out, "</item>");
        }
        sim_close(out, sets[kind]);
    }
}

static void put_permissions(struct sim_text *out, const struct ec2_group *g, bool egress)
{
    const char *name = egress ? "ipPermissionsEgress" : "ipPermissions";
    sim_open(out, name);
    for (size_t i = 0; i < g->n_rules; i++) {
        const struct ec2_rule *r = &g->rules[i];
        bool first = r->egress == egress;
        for (size_t k = 0; k < i && first; k++)
            first = !same_ports(&g->rules[k], r);
        if (!first)
            continue;
        SIM_LIT(out, "<item>");
        sim_elem(out, "ipProtocol", r->protocol);
        if (strcmp(r->protocol, "-1") != 0) {
            sim_elem_int(out, "fromPort", r->from);
            sim_elem_int(out, "toPort", r->to);
        }
        put_targets(out, g, r);
        SIM_LIT(out, "</item>");
    }
    sim_close(out, name);
}

void ec2_describe_security_groups(struct ec2_call *c)
{
    struct ec2_selection s;
    if (!ec2_select(c, &ec2_groups, &s))
        return;
    SIM_LIT(c->out, "<securityGroupInfo>");
    for (size_t i = 0; i < s.n; i++) {
        const struct ec2_group *g = (const struct ec2_group *)s.at[i];
        SIM_LIT(c->out, "<item>");
        sim_elem(c->out, "ownerId", g->res.owner);
        sim_elem(c->out, "groupId", g->res.id);
        sim_elem(c->out, "groupName", g->res.name);
        sim_elem(c->out, "groupDescription", g->description);
        sim_elem(c->out, "vpcId", g->vpc);
        put_permissions(c->out, g, false);
        put_permissions(c->out, g, true);
        ec2_put_tags(c->out, &g->res.tags);
        SIM_LIT(c->out, "</item>");
    }
    SIM_LIT(c->out, "</securityGroupInfo>");
    ec2_put_next(c, &s);
    free(s.at);
}

void ec2_create_security_group(struct ec2_call *c)
{
    const char *name = sim_param(c->q, "GroupName"), *vpc = sim_param(c->q, "VpcId");
    const char *text = sim_param(c->q, "GroupDescription");
    struct ec2_tags tags = {0};
    const struct ec2_store *s = &c->region->stores[EC2_GROUP];
    if (vpc && !ec2_find(c, EC2_VPC, vpc)) {
        ec2_fail(c, "InvalidVpcID.NotFound", "The vpc ID '%s' does not exist", vpc);
        return;
    }
    if (!strncmp(name, "sg-", 3) || strlen(name) > 255) {
        ec2_fail(c, "InvalidParameterValue",
                 "Group names have at most 255 characters and do not begin with sg-");
        return;
    }
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i]->owner == c->account && !strcmp(s->at[i]->name, name)) {
            ec2_fail(c, "InvalidGroup.Duplicate",
                     "The security group '%s' already exists for VPC '%s'", name,
                     ((const struct ec2_group *)s->at[i])->vpc);
            return;
        }
    if (!ec2_tags_specified(c, "security-group", &tags)) {
        ec2_tags_free(&tags);
        return;
    }
    const struct ec2_group *own = (const struct ec2_group *)ec2_find_name(c, EC2_GROUP, "default");
    struct ec2_group *g = ec2_group_new(c->region, c->account, name, text,
                                        vpc   ? vpc
                                        : own ? own->vpc
                                              : "");
    g->res.tags = tags;
    ec2_hide_fresh(&g->res);
    SIM_LIT(c->out, "<return>true</return>");
    sim_elem(c->out, "groupId", g->res.id);
    ec2_put_tags(c->out, &g->res.tags);
}

struct ec2_group *ec2_group_find(struct ec2_call *c)
{
    const char *id = sim_param(c->q, "GroupId"), *name = sim_param(c->q, "GroupName");
    if (!id && !name) {
        ec2_fail(c, "MissingParameter",
                 "The request must contain the parameter groupName or groupId");
        return NULL;
    }
    struct ec2_res *res = id ? ec2_find(c, EC2_GROUP, id) : ec2_find_name(c, EC2_GROUP, name);
    if (!res)
        ec2_fail(c, "InvalidGroup.NotFound", "The security group '%s' does not exist",
                 id ? id : name);
    return (struct ec2_group *)res;
}

static bool in_use(struct ec2_call *c, const struct ec2_group *g)
{
    const struct ec2_store *s = &c->region->stores[EC2_INSTANCE];
    for (size_t i = 0; i < s->n; i++) {
        const struct ec2_instance *n = (const struct ec2_instance *)s->at[i];
        for (size_t k = 0; k < n->n_groups; k++)
            if (n->groups[k] == g)
                return true;
    }
    return false;
}

void ec2_delete_security_group(struct ec2_call *c)
{
    struct ec2_group *g = ec2_group_find(c);
    if (!g)
        return;
    if (!strcmp(g->res.name, "default")) {
        ec2_fail(c, "CannotDelete",
                 "the specified group: \"%s\" name: \"default\" cannot be "
                 "deleted by a user",
                 g->res.id);
    } else if (in_use(c, g)) {
        ec2_fail(c, "DependencyViolation", "resource %s has a dependent object", g->res.id);
    } else {
        SIM_LIT(c->out, "<return>true</return>");
        sim_elem(c->out, "groupId", g->res.id);
        ec2_remove(&g->res);
    }
}
