/* Rules of security groups: adding and removing them. */
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

/* `more` were found addable before. */
static bool may_add(struct ec2_call *c, struct ec2_group *g, const struct ec2_rule *rule,
                    size_t more)
{
    if (find_rule(g, rule))
        return ec2_fail(c, "InvalidPermission.Duplicate",
                        "the specified rule \"peer: %s, %s, from port: %lld, to port: %lld, "
                        "ALLOW\" already exists",
                        *rule->cidr ? rule->cidr : rule->group, rule->protocol,
                        (long long)rule->from, (long long)rule->to);
    if (g->n_rules + more >= MAX_RULES)
        return ec2_fail(c, "RulesPerSecurityGroupLimitExceeded",
                        "The maximum number of rules per security group has been reached.");
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
    const struct ec2_res *g = id ? ec2_find(c, EC2_GROUP, id) : ec2_find_name(c, EC2_GROUP, name);
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
    struct ec2_group *g = ec2_group_find(c);
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
    bool fresh = true; /* all or nothing */
    for (size_t i = 0; i < rules.n && fresh; i++)
        fresh = may_add(c, g, &rules.at[i], i);
    if (fresh) {
        SIM_LIT(c->out, "<return>true</return><securityGroupRuleSet>");
        for (size_t i = 0; i < rules.n; i++)
            put_rule(c->out, g, ec2_rule_append(g, &rules.at[i]));
        SIM_LIT(c->out, "</securityGroupRuleSet>");
    }
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
    struct ec2_group *g = ec2_group_find(c);
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
