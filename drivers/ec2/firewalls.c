/* Security groups as firewalls: list, create, delete, rules added and removed. */
#include <stdlib.h>
#include <string.h>

#include "ec2.h"

/* ---- One group ---------------------------------------------------------------------- */

static const struct nube_field_row rows[] = {
    {"groupId", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"groupName", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"groupDescription", NUBE_DESCRIPTION, NUBE_TYPE_STRING, NULL},
    {"vpcId", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "vpc_id"},
    {"ownerId", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "owner_id"},
};

struct rules {
    const char *text[512]; /* more than a group can have */
    size_t n;
};

/* "tcp 22", "tcp 8000-8080", "icmp 8", "all" */
static const char *service(nube_call *c, const nube_doc *p)
{
    const char *protocol = ec2_text(c, p, "ipProtocol"), *from = ec2_text(c, p, "fromPort");
    const char *to = ec2_text(c, p, "toPort");

    if (!protocol || strcmp(protocol, "-1") == 0)
        return "all";
    if (!from)
        return protocol;
    if (!to || strcmp(from, to) == 0)
        return nube_fmt(c, "%s %s", protocol, from);
    return nube_fmt(c, "%s %s-%s", protocol, from, to);
}

static void add_peers(nube_call *c, struct rules *rules, const char *head, const nube_doc *set,
                      const char *member)
{
    const nube_doc *k;

    for (k = nube_doc_first(set); k; k = nube_doc_next(k)) {
        const char *peer = ec2_text(c, k, member), *why = ec2_text(c, k, "description");

        if (peer && rules->n < EC2_ROWS(rules->text))
            rules->text[rules->n++] =
                why ? nube_fmt(c, "%s %s (%s)", head, peer, why) : nube_fmt(c, "%s %s", head, peer);
    }
}

static void add_rules(nube_call *c, struct rules *rules, const char *direction,
                      const nube_doc *permissions)
{
    const nube_doc *p;

    for (p = nube_doc_first(permissions); p; p = nube_doc_next(p)) {
        const char *head = nube_fmt(c, "%s %s", direction, service(c, p));

        add_peers(c, rules, head, nube_doc_get(p, "ipRanges"), "cidrIp");
        add_peers(c, rules, head, nube_doc_get(p, "ipv6Ranges"), "cidrIpv6");
        add_peers(c, rules, head, nube_doc_get(p, "groups"), "groupId");
        add_peers(c, rules, head, nube_doc_get(p, "prefixListIds"), "prefixListId");
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted: EC2 gives them in another order each time. */
static void group(nube_call *c, const nube_doc *item)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_FIREWALL);
    struct rules *rules = nube_alloc(c, sizeof(*rules));
    size_t i;

    ec2_fields(c, o, item, rows, EC2_ROWS(rows));
    add_rules(c, rules, "in", nube_doc_get(item, "ipPermissions"));
    add_rules(c, rules, "out", nube_doc_get(item, "ipPermissionsEgress"));
    if (rules->n)
        qsort(rules->text, rules->n, sizeof(*rules->text), by_text);
    for (i = 0; i < rules->n; i++)
        nube_extra(o, nube_fmt(c, "rule.%zu", i + 1), rules->text[i]);
}

/* ---- Verbs -------------------------------------------------------------------------- */

static void narrow(nube_call *c, nube_req *q)
{
    struct ec2_filters f = {q, 0, 0};

    ec2_filter(c, &f, "group-id", nube_arg_str(c, "id"));
    ec2_filter(c, &f, "group-name", nube_arg_str(c, "name"));
    ec2_filter(c, &f, "vpc-id", nube_arg_str(c, "vpc"));
    ec2_filter_tags(c, &f);
}

/* The tag filter is EC2's alone: firewalls have no tags here. */
enum nube_step ec2_firewall_list(nube_call *c, const nube_reply *r)
{
    static const struct ec2_list l = {"DescribeSecurityGroups", "securityGroupInfo", group, 1000,
                                      narrow};
    int region = ec2_region_arg(c);

    nube_filter_done(c, "tag");
    return region < 0 ? NUBE_FAIL : ec2_list(c, r, &l, region);
}

enum nube_step ec2_firewall_create(nube_call *c, const nube_reply *r)
{
    const char *text = nube_arg_str(c, "description"), *name = nube_arg_str(c, "name"), *id;
    int region = ec2_region_arg(c);
    nube_req *q;
    nube_obj *o;

    if (region < 0)
        return NUBE_FAIL;
    if (!r) {
        q = ec2_change(c, region, "CreateSecurityGroup");
        nube_req_form(q, "GroupName", name);
        nube_req_form(q, "GroupDescription", text ? text : name);
        nube_req_form(q, "VpcId", nube_arg_str(c, "vpc"));
        ec2_param_tags(c, q, "security-group", NULL);
        return NUBE_SEND;
    }
    id = ec2_text(c, ec2_reply(c, r, "groupId"), "groupId");
    if (!id)
        return nube_fail(c, NUBE_E_PROTOCOL, "the reply does not name the new security group");
    nube_created(c, id);
    o = nube_emit(c, NUBE_KIND_FIREWALL);
    nube_set(o, NUBE_ID, id);
    nube_set(o, NUBE_NAME, name);
    nube_set(o, NUBE_DESCRIPTION, text ? text : name);
    return NUBE_DONE;
}

enum nube_step ec2_firewall_delete(nube_call *c, const nube_reply *r)
{
    int region = ec2_region_arg(c);
    nube_req *q;

    if (r)
        return ec2_done(c, r);
    if (region < 0)
        return NUBE_FAIL;
    q = ec2_change(c, region, "DeleteSecurityGroup");
    nube_req_form(q, "GroupId", nube_arg_str(c, "id"));
    nube_req_about(q, nube_fmt(c, "firewall %s", nube_arg_str(c, "id")));
    return NUBE_SEND;
}

/* ---- Rules -------------------------------------------------------------------------- */

static int outward(nube_call *c)
{
    const char *direction = nube_arg_str(c, "direction");

    return direction && strcmp(direction, "out") == 0;
}

/* "22", "8000-8080"; of icmp "8" is a type with any code, "8-0" one with its code. */
static void add_ports(nube_call *c, nube_req *q, const char *protocol)
{
    const char *port = nube_arg_str(c, "port"), *dash = port ? strchr(port + 1, '-') : NULL;
    int icmp = strncmp(protocol, "icmp", 4) == 0;

    if (strcmp(protocol, "-1") == 0)
        return;
    if (!port) {
        nube_req_form(q, "IpPermissions.1.FromPort", icmp ? "-1" : "0");
        nube_req_form(q, "IpPermissions.1.ToPort", icmp ? "-1" : "65535");
        return;
    }
    nube_req_form(q, "IpPermissions.1.FromPort",
                  dash ? nube_fmt(c, "%.*s", (int)(dash - port), port) : port);
    nube_req_form(q, "IpPermissions.1.ToPort", dash ? dash + 1 : icmp ? "-1" : port);
}

/* The other side, told by its form. */
enum peer { NETWORK, NETWORK6, GROUP, PREFIXES, PEERS };

static enum peer kind_of(const char *peer)
{
    if (strncmp(peer, "sg-", 3) == 0)
        return GROUP;
    if (strncmp(peer, "pl-", 3) == 0)
        return PREFIXES;
    return strchr(peer, ':') ? NETWORK6 : NETWORK;
}

static void add_peer(nube_call *c, nube_req *q, const char *peer, int n[PEERS])
{
    static const struct {
        const char *set, *member;
    } params[PEERS] = {{"IpPermissions.1.IpRanges", ".CidrIp"},
                       {"IpPermissions.1.Ipv6Ranges", ".CidrIpv6"},
                       {"IpPermissions.1.Groups", ".GroupId"},
                       {"IpPermissions.1.PrefixListIds", ".PrefixListId"}};
    enum peer kind = kind_of(peer);

    ec2_param(q, params[kind].set, ++n[kind], params[kind].member, peer);
    ec2_param(q, params[kind].set, n[kind], ".Description", nube_arg_str(c, "description"));
}

static enum nube_step rule(nube_call *c, const nube_reply *r, const char *verb)
{
    const char *protocol = nube_arg_str(c, "protocol");
    int region = ec2_region_arg(c), n[PEERS] = {0};
    nube_req *q;
    size_t i;

    if (r)
        return ec2_done(c, r);
    if (region < 0)
        return NUBE_FAIL;
    protocol = !protocol ? "tcp" : strcmp(protocol, "all") == 0 ? "-1" : protocol;
    q = ec2_change(c, region,
                   nube_fmt(c, "%sSecurityGroup%s", verb, outward(c) ? "Egress" : "Ingress"));
    nube_req_form(q, "GroupId", nube_arg_str(c, "id"));
    nube_req_form(q, "IpPermissions.1.IpProtocol", protocol);
    add_ports(c, q, protocol);
    for (i = 0; i < nube_arg_count(c, "peer"); i++)
        add_peer(c, q, nube_arg_at(c, "peer", i), n);
    nube_req_about(q, nube_fmt(c, "firewall %s", nube_arg_str(c, "id")));
    return NUBE_SEND;
}

enum nube_step ec2_rule_add(nube_call *c, const nube_reply *r)
{
    return rule(c, r, "Authorize");
}

enum nube_step ec2_rule_remove(nube_call *c, const nube_reply *r)
{
    return rule(c, r, "Revoke");
}
