/* Security groups and their rules. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

enum { MAX_RULES = 60 };

static bool same_rule(const struct ec2_rule *a, const struct ec2_rule *b)
{
    return a->egress == b->egress && !strcmp(a->protocol, b->protocol) && a->from == b->from &&
           a->to == b->to && !strcmp(a->cidr, b->cidr) && !strcmp(a->group, b->group) &&
           !strcmp(a->prefix_list, b->prefix_list);
}

static struct ec2_rule *find_rule(struct ec2_group *g, const struct ec2_rule *like)
{
    for (size_t i = 0; i < g->n_rules; i++)
        if (same_rule(&g->rules[i], like))
            return &g->rules[i];
    return NULL;
}

static struct ec2_rule *append(struct ec2_group *g, const struct ec2_rule *rule)
{
    SIM_PUSH(g->rules, g->n_rules, g->rules_size);
    struct ec2_rule *r = &g->rules[g->n_rules++];
    *r = *rule;
    r->description = sim_strdup(rule->description);
    ec2_new_id(g->res.region->cloud, r->id, sizeof r->id, "sgr-");
    return r;
}

static struct ec2_group *new_group(struct ec2_region *region, const char *account,
                                   const char *name, const char *description, const char *vpc)
{
    struct ec2_group *g = sim_alloc(sizeof *g);
    struct ec2_rule all = {.egress = true, .protocol = "-1", .from = -1, .to = -1,
                           .cidr = "0.0.0.0/0"};
    g->res.name = sim_strdup(name);
    g->description = sim_strdup(description);
    snprintf(g->vpc, sizeof g->vpc, "%s", vpc);
    ec2_add(region, &g->res, EC2_GROUP, account, NULL);
    append(g, &all);
    return g;
}

struct ec2_group *ec2_default_group(struct ec2_region *region, const char *account,
                                    const char *vpc)
{
    const struct ec2_store *s = &region->stores[EC2_GROUP];
    for (size_t i = 0; i < s->n; i++)
        if (!strcmp(s->at[i]->owner, account) && !strcmp(s->at[i]->name, "default"))
            return (struct ec2_group *)s->at[i];
    struct ec2_group *g =
        new_group(region, account, "default", "default VPC security group", vpc);
    struct ec2_rule self = {.protocol = "-1", .from = -1, .to = -1};
    snprintf(self.group, sizeof self.group, "%s", g->res.id);
    snprintf(self.group_owner, sizeof self.group_owner, "%.12s", account);
    append(g, &self);
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

static const struct ec2_field fields[] = {
    {"group-id", get_id},          {"group-name", get_name},          {"description", get_description},
    {"vpc-id", get_vpc},           {"owner-id", get_owner},           {"ip-permission.cidr", get_cidr},
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
    const struct ec2_group *own =
        (const struct ec2_group *)ec2_find_name(c, EC2_GROUP, "default");
    struct ec2_group *g =
        new_group(c->region, c->account, name, text, vpc ? vpc : own ? own->vpc : "");
    g->res.tags = tags;
    ec2_hide_fresh(&g->res);
    SIM_LIT(c->out, "<return>true</return>");
    sim_elem(c->out, "groupId", g->res.id);
    ec2_put_tags(c->out, &g->res.tags);
}

static struct ec2_group *find_group(struct ec2_call *c)
{
    const char *id = sim_param(c->q, "GroupId"), *name = sim_param(c->q, "GroupName");
    if (!id && !name) {
        ec2_fail(c, "MissingParameter",
                 "The request must contain the parameter groupName or groupId");
        return NULL;
    }
    struct ec2_res *res =
        id ? ec2_find(c, EC2_GROUP, id) : ec2_find_name(c, EC2_GROUP, name);
    if (!res)
        ec2_fail(c, "InvalidGroup.NotFound", "The security group '%s' does not exist",
                 id ? id : name);
    return (struct ec2_group *)res;
}

static bool in_use(struct ec2_call *c, const struct ec2_group *g)
{
    const struct ec2_store *s = &c->region->stores[EC2_INSTANCE];
    for (size_t i = 0; i < s->n; i++) {
        struct ec2_instance *n = (struct ec2_instance *)s->at[i];
        ec2_instance_settle(c, &n->res);
        for (size_t k = 0; k < n->n_groups; k++)
            if (n->groups[k] == g)
                return true;
    }
    return false;
}

void ec2_delete_security_group(struct ec2_call *c)
{
    struct ec2_group *g = find_group(c);
    if (!g)
        return;
    if (!strcmp(g->res.name, "default")) {
        ec2_fail(c, "CannotDelete", "the specified group: \"%s\" name: \"default\" cannot be "
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

bool ec2_rule_add(struct ec2_call *c, struct ec2_group *g, const struct ec2_rule *rule)
{
    if (find_rule(g, rule))
        return ec2_fail(c, "InvalidPermission.Duplicate",
                        "the specified rule \"peer: %s, %s, from port: %lld, to port: %lld, "
                        "ALLOW\" already exists",
                        *rule->cidr ? rule->cidr : rule->group, rule->protocol,
                        (long long)rule->from, (long long)rule->to);
    if (g->n_rules == MAX_RULES)
        return ec2_fail(c, "RulesPerSecurityGroupLimitExceeded",
                        "The maximum number of rules per security group has been reached.");
    append(g, rule);
    return true;
}

/* What one call adds or removes. */
struct rules {
    struct ec2_rule *at;
    size_t n, size;
};

static bool check_cidr(struct ec2_call *c, struct ec2_rule *r)
{
    char address[64];
    unsigned char bits[16];
    char *slash, *end = NULL;
    snprintf(address, sizeof address, "%s", r->cidr);
    slash = strchr(address, '/');
    if (slash)
        *slash = 0;
    long width = slash ? strtol(slash + 1, &end, 10) : -1;
    r->v6 = strchr(address, ':') != NULL;
    if (inet_pton(r->v6 ? AF_INET6 : AF_INET, address, bits) == 1 && end && end != slash + 1 &&
        !*end && width >= 0 && width <= (r->v6 ? 128 : 32))
        return true;
    return ec2_fail(c, "InvalidParameterValue", "CIDR block %s is malformed", r->cidr);
}

static bool check_ports(struct ec2_call *c, struct ec2_rule *r)
{
    bool icmp = !strncmp(r->protocol, "icmp", 4);
    if (!strcmp(r->protocol, "6") || !strcmp(r->protocol, "17"))
        snprintf(r->protocol, sizeof r->protocol, "%s", strcmp(r->protocol, "6") ? "udp" : "tcp");
    if (!strcmp(r->protocol, "-1")) {
        r->from = r->to = -1;
        return true;
    }
    if (icmp)
        return true;
    if (strcmp(r->protocol, "tcp") != 0 && strcmp(r->protocol, "udp") != 0)
        return ec2_fail(c, "InvalidPermission.Malformed", "Invalid IP protocol: %s", r->protocol);
    if (r->from < 0 || r->to > 65535 || r->from > r->to)
        return ec2_fail(c, "InvalidParameterValue", "Invalid TCP/UDP port range (%lld:%lld)",
                        (long long)r->from, (long long)r->to);
    return true;
}

static void take_rule(struct rules *rules, const struct ec2_rule *r)
{
    SIM_PUSH(rules->at, rules->n, rules->size);
    rules->at[rules->n++] = *r;
}

static bool read_group(struct ec2_call *c, struct ec2_rule *r, const char *id, const char *name)
{
    const struct ec2_res *g =
        id ? ec2_find(c, EC2_GROUP, id) : ec2_find_name(c, EC2_GROUP, name);
    if (!g)
        return ec2_fail(c, "InvalidGroup.NotFound", "The security group '%s' does not exist",
                        id ? id : name);
    snprintf(r->group, sizeof r->group, "%s", g->id);
    snprintf(r->group_owner, sizeof r->group_owner, "%.12s", g->owner);
    return true;
}

/* The targets of IpPermissions.N. */
static bool read_targets(struct ec2_call *c, struct rules *rules, const struct ec2_rule *base,
                         int n)
{
    static const char *const cidrs[][2] = {{"IpRanges", "CidrIp"}, {"Ipv6Ranges", "CidrIpv6"}};
    const char *id, *name, *text;
    for (int kind = 0; kind < 2; kind++)
        for (int k = 1; (text = sim_paramf(c->q, "IpPermissions.%d.%s.%d.%s", n, cidrs[kind][0], k,
                                           cidrs[kind][1]));
             k++) {
            struct ec2_rule r = *base;
            snprintf(r.cidr, sizeof r.cidr, "%s", text);
            r.description = (char *)sim_paramf(c->q, "IpPermissions.%d.%s.%d.Description", n,
                                               cidrs[kind][0], k);
            if (!check_cidr(c, &r))
                return false;
            take_rule(rules, &r);
        }
    for (int k = 1;; k++) {
        struct ec2_rule r = *base;
        id = sim_paramf(c->q, "IpPermissions.%d.Groups.%d.GroupId", n, k);
        name = sim_paramf(c->q, "IpPermissions.%d.Groups.%d.GroupName", n, k);
        if (!id && !name)
            break;
        if (!read_group(c, &r, id, name))
            return false;
        take_rule(rules, &r);
    }
    for (int k = 1; (id = sim_paramf(c->q, "IpPermissions.%d.PrefixListIds.%d.PrefixListId", n, k));
         k++) {
        struct ec2_rule r = *base;
        snprintf(r.prefix_list, sizeof r.prefix_list, "%s", id);
        take_rule(rules, &r);
    }
    return true;
}

static int64_t port(const char *text)
{
    return text ? strtoll(text, NULL, 10) : -1;
}

/* Both the flat form (IpProtocol, CidrIp, ...) and IpPermissions.N. */
static bool read_rules(struct ec2_call *c, struct rules *rules, bool egress)
{
    const char *protocol = sim_param(c->q, "IpProtocol"), *cidr = sim_param(c->q, "CidrIp");
    const char *group = sim_param(c->q, "SourceSecurityGroupName");
    struct ec2_rule base = {.egress = egress};
    if (protocol || group) {
        snprintf(base.protocol, sizeof base.protocol, "%s", protocol ? protocol : "-1");
        snprintf(base.cidr, sizeof base.cidr, "%s", cidr ? cidr : "");
        base.from = port(sim_param(c->q, "FromPort"));
        base.to = port(sim_param(c->q, "ToPort"));
        if (!check_ports(c, &base) || (cidr && !check_cidr(c, &base)) ||
            (group && !read_group(c, &base, NULL, group)))
            return false;
        take_rule(rules, &base);
    }
    for (int n = 1; (protocol = sim_paramf(c->q, "IpPermissions.%d.IpProtocol", n)); n++) {
        base = (struct ec2_rule){.egress = egress};
        snprintf(base.protocol, sizeof base.protocol, "%s", protocol);
        base.from = port(sim_paramf(c->q, "IpPermissions.%d.FromPort", n));
        base.to = port(sim_paramf(c->q, "IpPermissions.%d.ToPort", n));
        if (!check_ports(c, &base) || !read_targets(c, rules, &base, n))
            return false;
    }
    return true;
}

static void put_rule(struct sim_text *out, const struct ec2_group *g, const struct ec2_rule *r)
{
    SIM_LIT(out, "<item>");
    sim_elem(out, "securityGroupRuleId", r->id);
    sim_elem(out, "groupId", g->res.id);
    sim_elem(out, "groupOwnerId", g->res.owner);
    sim_elem_bool(out, "isEgress", r->egress);
    sim_elem(out, "ipProtocol", r->protocol);
    sim_elem_int(out, "fromPort", r->from);
    sim_elem_int(out, "toPort", r->to);
    if (*r->cidr)
        sim_elem(out, r->v6 ? "cidrIpv6" : "cidrIpv4", r->cidr);
    if (*r->group) {
        SIM_LIT(out, "<referencedGroupInfo>");
        sim_elem(out, "groupId", r->group);
        sim_elem(out, "userId", r->group_owner);
        SIM_LIT(out, "</referencedGroupInfo>");
    }
    sim_elem(out, "description", r->description);
    SIM_LIT(out, "</item>");
}

static void authorize(struct ec2_call *c, bool egress)
{
    struct ec2_group *g = find_group(c);
    struct rules rules = {0};
    if (!g || !read_rules(c, &rules, egress)) {
        free(rules.at);
        return;
    }
    if (!rules.n) {
        ec2_fail(c, "MissingParameter",
                 "The request must contain the parameter ipPermissions with a target");
        return;
    }
    for (size_t i = 0; i < rules.n; i++) /* all or nothing */
        if (find_rule(g, &rules.at[i]) && !ec2_rule_add(c, g, &rules.at[i])) {
            free(rules.at);
            return;
        }
    SIM_LIT(c->out, "<return>true</return><securityGroupRuleSet>");
    for (size_t i = 0; i < rules.n && !c->failed; i++)
        if (ec2_rule_add(c, g, &rules.at[i]))
            put_rule(c->out, g, &g->rules[g->n_rules - 1]);
    if (!c->failed)
        SIM_LIT(c->out, "</securityGroupRuleSet>");
    free(rules.at);
}

static void drop(struct ec2_group *g, struct ec2_rule *r)
{
    free(r->description);
    memmove(r, r + 1, (size_t)(g->rules + g->n_rules - (r + 1)) * sizeof *r);
    g->n_rules--;
}

static bool drop_by_id(struct ec2_call *c, struct ec2_group *g, const char *id)
{
    for (size_t i = 0; i < g->n_rules; i++)
        if (!strcmp(g->rules[i].id, id)) {
            drop(g, &g->rules[i]);
            return true;
        }
    return ec2_fail(c, "InvalidSecurityGroupRuleId.NotFound",
                    "The security group rule ID '%s' does not exist", id);
}

static void revoke(struct ec2_call *c, bool egress)
{
    struct ec2_group *g = find_group(c);
    struct rules rules = {0};
    const char *id;
    bool ok = g && read_rules(c, &rules, egress);
    for (int n = 1; ok && (id = sim_paramf(c->q, "SecurityGroupRuleId.%d", n)); n++)
        ok = drop_by_id(c, g, id);
    for (size_t i = 0; ok && i < rules.n; i++) {
        struct ec2_rule *r = find_rule(g, &rules.at[i]);
        if (r)
            drop(g, r);
        else
            ok = ec2_fail(c, "InvalidPermission.NotFound",
                          "The specified rule does not exist in this security group.");
    }
    if (ok)
        SIM_LIT(c->out, "<return>true</return>");
    free(rules.at);
}

void ec2_authorize_ingress(struct ec2_call *c)
{
    authorize(c, false);
}

void ec2_authorize_egress(struct ec2_call *c)
{
    authorize(c, true);
}

void ec2_revoke_ingress(struct ec2_call *c)
{
    revoke(c, false);
}

void ec2_revoke_egress(struct ec2_call *c)
{
    revoke(c, true);
}
