/* Neutron's networks, subnets and ports, and how its collections are listed. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "neutron.h"

void os_ip(char buf[16], uint32_t ip)
{
    char *to = buf;
    for (int shift = 24; shift >= 0; shift -= 8) {
        unsigned octet = ip >> shift & 255;
        if (octet >= 100)
            *to++ = (char)('0' + octet / 100);
        if (octet >= 10)
            *to++ = (char)('0' + octet / 10 % 10);
        *to++ = (char)('0' + octet % 10);
        *to++ = '.';
    }
    to[-1] = 0;
}

static void put_hex(char *to, uint32_t bits, int digits)
{
    while (digits--)
        *to++ = "0123456789abcdef"[bits >> digits * 4 & 15];
}

void os_ip6(char buf[48], const struct os_port *port)
{
    memcpy(buf, "2001:4800:7810:512:be76:4eff:0000:0000", 39);
    put_hex(buf + 29, port->ip >> 16, 4);
    put_hex(buf + 34, port->ip, 4);
}

void os_mac(char buf[20], const struct os_port *port)
{
    memcpy(buf, "fa:16:3e:00:00:00", 18);
    put_hex(buf + 9, (uint32_t)port->res.seq >> 16, 2);
    put_hex(buf + 12, (uint32_t)port->res.seq >> 8, 2);
    put_hex(buf + 15, (uint32_t)port->res.seq, 2);
}

static struct os_subnet *subnet_of(const struct os_region *region, const struct os_network *n)
{
    const struct os_store *s = &region->stores[OS_SUBNET];
    for (size_t i = 0; i < s->n; i++)
        if (((struct os_subnet *)s->at[i])->network == n)
            return (struct os_subnet *)s->at[i];
    return NULL;
}

struct os_port *os_port_new(struct os_region *region, struct os_network *n,
                            struct os_project *project, struct os_server *sv, const char *id)
{
    struct os_port *port = sim_alloc(sizeof *port);
    port->network = n;
    port->subnet = subnet_of(region, n);
    port->server = sv;
    port->ip = n->next_ip++;
    port->v6 = n->label_v6;
    os_add(region, OS_PORT, &port->res, project, "", id);
    return port;
}

void os_port_remove(struct os_region *region, struct os_port *port)
{
    if (port->floating)
        port->floating->port = NULL;
    os_remove(region, OS_PORT, &port->res);
}

bool os_network_shown(const struct os_call *c, const struct os_network *n)
{
    return n->shared || n->external || n->res.project == c->project || c->admin;
}

static void put_common(struct os_call *c, const struct os_res *res)
{
    const char *project = res->project ? res->project->id : "";
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "id", res->id);
    sim_put_str(c->out, "name", res->name);
    sim_put_str(c->out, "tenant_id", project);
    sim_put_str(c->out, "project_id", project);
    sim_put_time(c->out, "created_at", res->created);
    sim_put_time(c->out, "updated_at", res->updated);
    SIM_LIT(c->out, ", \"revision_number\": 1, \"tags\": []");
}

void os_put_network(struct os_call *c, const struct os_res *res)
{
    const struct os_network *n = (const struct os_network *)res;
    const struct os_store *s = &c->region->stores[OS_SUBNET];
    put_common(c, res);
    SIM_LIT(c->out, ", \"status\": \"ACTIVE\", \"admin_state_up\": true, \"mtu\": 1450, "
                    "\"port_security_enabled\": true, \"description\": \"\", "
                    "\"availability_zones\": [\"nova\"], \"availability_zone_hints\": []");
    sim_put_bool(c->out, "shared", n->shared);
    sim_put_bool(c->out, "router:external", n->external);
    sim_put_array(c->out, "subnets");
    for (size_t i = 0; i < s->n; i++)
        if (((struct os_subnet *)s->at[i])->network == n)
            sim_put_word(c->out, s->at[i]->id);
    SIM_LIT(c->out, "]}");
}

void os_put_subnet(struct os_call *c, const struct os_res *res)
{
    const struct os_subnet *s = (const struct os_subnet *)res;
    put_common(c, res);
    sim_put_str(c->out, "network_id", s->network->res.id);
    sim_put_str(c->out, "cidr", s->cidr);
    sim_put_str(c->out, "gateway_ip", s->gateway);
    SIM_LIT(c->out, ", \"ip_version\": 4, \"enable_dhcp\": true, \"allocation_pools\": [], "
                    "\"dns_nameservers\": [], \"host_routes\": [], \"description\": \"\", "
                    "\"subnetpool_id\": null, \"ipv6_ra_mode\": null, \"ipv6_address_mode\": "
                    "null, \"segment_id\": null, \"service_types\": []}");
}

void os_put_port(struct os_call *c, const struct os_res *res)
{
    const struct os_port *p = (const struct os_port *)res;
    char text[48];
    put_common(c, res);
    sim_put_str(c->out, "network_id", p->network->res.id);
    os_mac(text, p);
    sim_put_str(c->out, "mac_address", text);
    sim_put_str(c->out, "device_id", p->server ? p->server->res.id : "");
    sim_put_str(c->out, "device_owner", p->server ? "compute:nova" : "");
    sim_put_str(c->out, "status", p->server ? "ACTIVE" : "DOWN");
    sim_put_array(c->out, "fixed_ips");
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "subnet_id", p->subnet ? p->subnet->res.id : NULL);
    os_ip(text, p->ip);
    sim_put_str(c->out, "ip_address", text);
    SIM_LIT(c->out, "}], \"admin_state_up\": true, \"description\": \"\", \"security_groups\": []"
                    ", \"allowed_address_pairs\": [], \"extra_dhcp_opts\": [], "
                    "\"binding:vnic_type\": \"normal\", \"port_security_enabled\": true}");
}

void os_put_router(struct os_call *c, const struct os_res *res)
{
    const struct os_router *r = (const struct os_router *)res;
    put_common(c, res);
    if (*r->network)
        sim_text_fmt(c->out,
                     ", \"external_gateway_info\": {\"network_id\": \"%s\", \"enable_snat\": "
                     "true, \"external_fixed_ips\": []}",
                     r->network);
    else
        SIM_LIT(c->out, ", \"external_gateway_info\": null");
    SIM_LIT(c->out, ", \"status\": \"ACTIVE\", \"admin_state_up\": true, \"routes\": [], "
                    "\"description\": \"\", \"distributed\": false, \"ha\": false}");
}

/* Whether the project may see a name; shared ones it may use, not change. */
static bool own(struct os_call *c, const struct os_res *res)
{
    return res->project == c->project || c->admin;
}

static bool network_shown(struct os_call *c, const struct os_res *res)
{
    return os_network_shown(c, (const struct os_network *)res);
}

static bool subnet_shown(struct os_call *c, const struct os_res *res)
{
    return os_network_shown(c, ((const struct os_subnet *)res)->network);
}

const struct os_collection os_collections[] = {
    {"networks", "network", "Network", OS_NETWORK, os_put_network, network_shown},
    {"subnets", "subnet", "Subnet", OS_SUBNET, os_put_subnet, subnet_shown},
    {"ports", "port", "Port", OS_PORT, os_put_port, own},
    {"floatingips", "floatingip", "FloatingIP", OS_FLOATING, os_put_floating, own},
    {"security-groups", "security_group", "SecurityGroup", OS_GROUP, os_put_group, own},
    {"routers", "router", "Router", OS_ROUTER, os_put_router, own},
    {"security-group-rules", "security_group_rule", "SecurityGroupRule", OS_GROUP, NULL, NULL},
};
enum { N_COLLECTIONS = sizeof os_collections / sizeof *os_collections };

const struct os_collection *os_collection_of(const struct os_call *c)
{
    const char *rest = c->where.rest + 1;
    size_t len = strcspn(rest, "/");
    size_t i = 0;
    while (i < N_COLLECTIONS - 1 && (strlen(os_collections[i].path) != len ||
                                     memcmp(os_collections[i].path, rest, len) != 0))
        i++;
    return &os_collections[i];
}

struct os_res *os_neutron_get(struct os_call *c, bool change)
{
    const struct os_collection *k = os_collection_of(c);
    struct os_res *res = os_find(c->region, k->kind, c->q->seg[0]);
    char type[64];
    if (res && k->shown(c, res)) {
        if (!change || own(c, res))
            return res;
        os_fail(c, 403, "The resource is not yours to change.");
        return NULL;
    }
    snprintf(type, sizeof type, "%sNotFound", k->title);
    os_fail_as(c, 404, type, "%s %s could not be found.", k->title, c->q->seg[0]);
    return NULL;
}

void os_neutron_put(struct os_call *c, const struct os_res *res)
{
    const struct os_collection *k = os_collection_of(c);
    sim_put_object(c->out, NULL);
    sim_put_name(c->out, k->word);
    k->put(c, res);
    sim_put_end(c->out, '}');
}

void os_neutron_delete(struct os_call *c, struct os_res *res)
{
    os_remove(c->region, os_collection_of(c)->kind, res);
    c->r->status = 204;
}

static const char *bool_word(bool value)
{
    return value ? "true" : "false";
}

/* An argument of the query that narrows; true when the object has that value. */
static bool has(struct os_call *c, enum os_kind kind, const struct os_res *res, const char *name,
                const char *value)
{
    const struct os_network *n = (const struct os_network *)res;
    const struct os_port *p = (const struct os_port *)res;
    const struct os_floating *f = (const struct os_floating *)res;
    char text[16];
    (void)c;
    if (!strcmp(name, "name"))
        return !strcmp(res->name, value);
    if (!strcmp(name, "id"))
        return !strcmp(res->id, value);
    if (!strcmp(name, "project_id") || !strcmp(name, "tenant_id"))
        return res->project && !strcmp(res->project->id, value);
    if (kind == OS_NETWORK && !strcmp(name, "router:external"))
        return !*value || !strcasecmp(bool_word(n->external), value);
    if (kind == OS_NETWORK && !strcmp(name, "shared"))
        return !strcasecmp(bool_word(n->shared), value);
    if (kind == OS_SUBNET && !strcmp(name, "network_id"))
        return !strcmp(((const struct os_subnet *)res)->network->res.id, value);
    if (kind == OS_PORT && !strcmp(name, "device_id"))
        return !strcmp(p->server ? p->server->res.id : "", value);
    if (kind == OS_PORT && !strcmp(name, "network_id"))
        return !strcmp(p->network->res.id, value);
    if (kind == OS_FLOATING && !strcmp(name, "port_id"))
        return f->port && !strcmp(f->port->res.id, value);
    if (kind == OS_FLOATING && !strcmp(name, "floating_ip_address")) {
        os_ip(text, f->ip);
        return !strcmp(text, value);
    }
    return true;
}

/* Of arguments given several times, one is enough. */
static bool match(struct os_call *c, struct os_res *res, const void *how)
{
    const struct os_collection *k = how;
    const struct sim_request *q = c->q;
    if (!k->shown(c, res))
        return false;
    for (size_t i = 0; i < q->n_params;) {
        bool any = false;
        const char *name = q->params[i].name;
        for (; i < q->n_params && !strcmp(q->params[i].name, name); i++)
            any = any || has(c, k->kind, res, name, q->params[i].value);
        if (!any)
            return false;
    }
    return true;
}

/* What a maximum of the configuration makes: "previous" on the first page already. */
static void put_both_links(struct os_call *c, const char *name, bool next, const char *first,
                           const char *last)
{
    struct sim_text url = {0};
    sim_put_array(c->out, name);
    for (int i = next ? 0 : 1; i < 2; i++) {
        sim_text_clear(&url);
        sim_text_fmt(&url, "%s%s?", c->base, c->where.rest);
        os_page_query(c, &url, i ? first : last);
        sim_text_puts(&url, i ? "&page_reverse=True" : "");
        sim_put_object(c->out, NULL);
        sim_put_str(c->out, "rel", i ? "previous" : "next");
        sim_put_str(c->out, "href", url.data);
        sim_put_end(c->out, '}');
    }
    sim_put_end(c->out, ']');
    sim_text_free(&url);
}

void os_neutron_list(struct os_call *c)
{
    const struct os_collection *k = os_collection_of(c);
    struct os_page page;
    struct os_res **found = NULL;
    size_t n = 0;
    char links[64];
    if (!k->put) {
        os_rules_list(c);
        return;
    }
    int64_t most = c->set->network_page_max > 0 ? c->set->network_page_max : INT64_MAX >> 1;
    if (!os_page_read(c, &page, most, most) ||
        !os_page_select(c, &c->region->stores[k->kind], &page, false, match, k, &found, &n))
        return;
    sim_put_object(c->out, NULL);
    snprintf(links, sizeof links, "%ss", k->word);
    sim_put_array(c->out, links);
    for (size_t i = 0; i < n; i++) {
        sim_put_sep(c->out);
        k->put(c, found[i]);
    }
    sim_put_end(c->out, ']');
    snprintf(links, sizeof links, "%ss_links", k->word);
    if (n && page.given)
        os_page_links(c, links, &page, n, found[n - 1]->id);
    else if (n && c->set->network_page_max > 0)
        put_both_links(c, links, n == (size_t)page.limit, found[0]->id, found[n - 1]->id);
    sim_put_end(c->out, '}');
    free(found);
}

void os_neutron_show(struct os_call *c)
{
    if (!os_collection_of(c)->put) {
        os_rule_show(c);
        return;
    }
    struct os_res *res = os_neutron_get(c, false);
    if (res)
        os_neutron_put(c, res);
}
