/* Making, changing and removing networks, subnets, ports and routers. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "neutron.h"

struct json_object *os_neutron_body(struct os_call *c, const char *word, const char *known)
{
    struct json_object *json = sim_json_get(c->json, word);
    const char *unknown = sim_json_unknown(json, known);
    if (!json)
        os_fail(c, 400, "Unable to find '%s' in request body", word);
    else if (unknown)
        os_fail(c, 400, "Unrecognized attribute(s) '%s'", unknown);
    return json && !unknown ? json : NULL;
}

static void rename_to(struct os_res *res, struct json_object *json)
{
    const char *name = sim_json_text(json, "name");
    if (name) {
        free(res->name);
        res->name = sim_strdup(name);
    }
}

static void put_made(struct os_call *c, const struct os_res *res)
{
    c->r->status = 201;
    os_neutron_put(c, res);
}

void os_network_create(struct os_call *c)
{
    struct json_object *json = os_neutron_body(
        c, "network",
        "name admin_state_up shared router:external tenant_id project_id description mtu "
        "port_security_enabled availability_zone_hints provider:network_type "
        "provider:physical_network provider:segmentation_id is_default dns_domain");
    if (!json || !os_may_change(c, "create_network"))
        return;
    const char *name = sim_json_text(json, "name");
    struct os_network *n = os_network_new(c->region, c->project, name ? name : "", NULL, NULL);
    n->shared = c->admin && sim_json_bool(json, "shared", false);
    n->external = c->admin && sim_json_bool(json, "router:external", false);
    put_made(c, &n->res);
}

void os_network_update(struct os_call *c)
{
    struct os_res *res = os_neutron_get(c, true);
    struct json_object *json = res ? sim_json_get(c->json, "network") : NULL;
    if (!res)
        return;
    rename_to(res, json);
    os_neutron_put(c, res);
}

static bool in_use(const struct os_region *region, const struct os_network *n)
{
    const struct os_store *ports = &region->stores[OS_PORT];
    const struct os_store *floating = &region->stores[OS_FLOATING];
    for (size_t i = 0; i < ports->n; i++)
        if (((struct os_port *)ports->at[i])->network == n)
            return true;
    for (size_t i = 0; i < floating->n; i++)
        if (((struct os_floating *)floating->at[i])->network == n)
            return true;
    return false;
}

static void remove_subnets(struct os_region *region, const struct os_network *n)
{
    struct os_store *s = &region->stores[OS_SUBNET];
    for (size_t i = s->n; i-- > 0;)
        if (((struct os_subnet *)s->at[i])->network == n)
            os_remove(region, OS_SUBNET, s->at[i]);
}

void os_network_delete(struct os_call *c)
{
    struct os_res *res = os_neutron_get(c, true);
    if (!res)
        return;
    if (in_use(c->region, (struct os_network *)res)) {
        os_fail_as(c, 409, "NetworkInUse",
                   "Unable to complete operation on network %s. There are one or more ports still "
                   "in use on the network.",
                   res->id);
        return;
    }
    remove_subnets(c->region, (struct os_network *)res);
    os_neutron_delete(c, res);
}

static uint32_t first_of(const char *cidr)
{
    uint32_t ip = 0;
    char *end = NULL;
    for (int i = 0; i < 4; i++) {
        ip = ip << 8 | ((uint32_t)strtoul(cidr, &end, 10) & 255);
        cidr = *end ? end + 1 : end;
    }
    return ip;
}

void os_subnet_create(struct os_call *c)
{
    struct json_object *json = os_neutron_body(
        c, "subnet",
        "name network_id cidr ip_version gateway_ip enable_dhcp allocation_pools dns_nameservers "
        "host_routes tenant_id project_id description prefixlen subnetpool_id");
    const char *cidr = sim_json_text(json, "cidr"), *name = sim_json_text(json, "name");
    if (!json)
        return;
    struct os_network *n =
        (struct os_network *)os_find(c->region, OS_NETWORK, sim_json_text(json, "network_id"));
    if (!n || !os_network_shown(c, n)) {
        os_fail_as(c, 404, "NetworkNotFound", "Network %s could not be found.",
                   sim_json_text(json, "network_id"));
        return;
    }
    if (!cidr || !strchr(cidr, '/')) {
        os_fail(c, 400, "Invalid input for cidr. Reason: '%s' is not a valid IP subnet.",
                cidr ? cidr : "None");
        return;
    }
    struct os_subnet *s = sim_alloc(sizeof *s);
    s->network = n;
    snprintf(s->cidr, sizeof s->cidr, "%s", cidr);
    os_ip(s->gateway, first_of(cidr) + 1);
    n->next_ip = first_of(cidr) + 3;
    os_add(c->region, OS_SUBNET, &s->res, c->project, name ? name : "", NULL);
    put_made(c, &s->res);
}

void os_subnet_delete(struct os_call *c)
{
    struct os_res *res = os_neutron_get(c, true);
    if (!res)
        return;
    if (in_use(c->region, ((struct os_subnet *)res)->network))
        os_fail_as(c, 409, "SubnetInUse",
                   "Unable to complete operation on subnet %s: One or more ports have an IP "
                   "allocation from this subnet.",
                   res->id);
    else
        os_neutron_delete(c, res);
}

void os_port_create(struct os_call *c)
{
    struct json_object *json = sim_json_get(c->json, "port");
    const char *network = sim_json_text(json, "network_id"), *name = sim_json_text(json, "name");
    struct os_network *n = (struct os_network *)os_find(c->region, OS_NETWORK, network);
    if (!n || !os_network_shown(c, n)) {
        os_fail_as(c, 404, "NetworkNotFound", "Network %s could not be found.",
                   network ? network : "None");
        return;
    }
    struct os_port *port = os_port_new(c->region, n, c->project, NULL, NULL);
    port->given = true;
    free(port->res.name);
    port->res.name = sim_strdup(name ? name : "");
    put_made(c, &port->res);
}

void os_port_update(struct os_call *c)
{
    struct os_res *res = os_neutron_get(c, true);
    if (!res)
        return;
    rename_to(res, sim_json_get(c->json, "port"));
    os_neutron_put(c, res);
}

void os_port_delete(struct os_call *c)
{
    struct os_res *res = os_neutron_get(c, true);
    struct os_port *port = (struct os_port *)res;
    if (!res)
        return;
    struct os_server *sv = port->server;
    for (unsigned i = 0; sv && i < sv->n_ports; i++)
        if (sv->ports[i] == port)
            sv->ports[i] = sv->ports[--sv->n_ports];
    os_port_remove(c->region, port);
    c->r->status = 204;
}

void os_router_create(struct os_call *c)
{
    struct json_object *json = sim_json_get(c->json, "router");
    const char *name = sim_json_text(json, "name");
    const char *network = sim_json_text(sim_json_get(json, "external_gateway_info"), "network_id");
    struct os_router *r = sim_alloc(sizeof *r);
    snprintf(r->network, sizeof r->network, "%s", network ? network : "");
    os_add(c->region, OS_ROUTER, &r->res, c->project, name ? name : "", NULL);
    put_made(c, &r->res);
}

void os_router_delete(struct os_call *c)
{
    struct os_res *res = os_neutron_get(c, true);
    if (!res)
        return;
    if (((struct os_router *)res)->subnets.n)
        os_fail_as(c, 409, "RouterInUse", "Router %s still has ports", res->id);
    else
        os_neutron_delete(c, res);
}

void os_router_interface(struct os_call *c)
{
    struct os_router *r = (struct os_router *)os_neutron_get(c, true);
    const char *subnet = sim_json_text(c->json, "subnet_id");
    if (!r)
        return;
    if (!subnet || !os_find(c->region, OS_SUBNET, subnet)) {
        os_fail_as(c, 404, "SubnetNotFound", "Subnet %s could not be found.",
                   subnet ? subnet : "None");
        return;
    }
    if (!strcmp(c->q->seg[1], "add_router_interface"))
        sim_dict_set(&r->subnets, subnet, "");
    else
        sim_dict_remove(&r->subnets, subnet);
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "id", r->res.id);
    sim_put_str(c->out, "subnet_id", subnet);
    sim_put_str(c->out, "tenant_id", c->project->id);
    sim_put_end(c->out, '}');
}

static const char *const aliases[] = {"security-group", "router", "external-net", "quotas",
                                      "standard-attr-timestamp"};

void os_neutron_extensions(struct os_call *c)
{
    const char *one = c->q->seg[0];
    size_t known = 0;
    for (size_t i = 0; one && i < sizeof aliases / sizeof *aliases; i++)
        known += !strcmp(aliases[i], one);
    if (one && !known) {
        os_fail_as(c, 404, "HTTPNotFound", "Extension with alias %s does not exist", one);
        return;
    }
    sim_text_puts(c->out, one ? "{\"extension\": " : "{\"extensions\": [");
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
        if (one && strcmp(one, aliases[i]) != 0)
            continue;
        sim_put_object(c->out, NULL);
        sim_put_str(c->out, "alias", aliases[i]);
        sim_put_str(c->out, "name", aliases[i]);
        SIM_LIT(c->out, ", \"description\": \"\", \"links\": [], \"updated\": "
                        "\"2016-09-12T10:00:00-00:00\"}");
    }
    sim_text_puts(c->out, one ? "}" : "]}");
}

void os_neutron_quota(struct os_call *c)
{
    struct os_quota q = os_quota_of(c->cloud, c->project);
    SIM_LIT(c->out,
            "{\"quota\": {\"network\": 100, \"subnet\": 100, \"port\": 500, \"router\": 10");
    sim_put_int(c->out, "floatingip", q.floating_ips);
    sim_put_int(c->out, "security_group", q.groups);
    SIM_LIT(c->out, ", \"security_group_rule\": 100}}");
}
