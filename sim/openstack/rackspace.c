/* Rackspace's own: isolated networks (os-networksv2) and virtual interfaces. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "openstack.h"

static void put_network(struct os_call *c, const struct os_network *n)
{
    const struct os_store *s = &c->region->stores[OS_SUBNET];
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "id", n->res.id);
    sim_put_str(c->out, "label", n->res.name);
    for (size_t i = 0; i < s->n && n->res.project; i++)
        if (((struct os_subnet *)s->at[i])->network == n)
            sim_put_str(c->out, "cidr", ((struct os_subnet *)s->at[i])->cidr);
    sim_put_end(c->out, '}');
}

void os_rax_networks(struct os_call *c)
{
    const struct os_store *s = &c->region->stores[OS_NETWORK];
    SIM_LIT(c->out, "{\"networks\": [");
    for (size_t i = 0; i < s->n; i++)
        if (os_network_shown(c, (struct os_network *)s->at[i]))
            put_network(c, (struct os_network *)s->at[i]);
    SIM_LIT(c->out, "]}");
}

static struct os_network *get(struct os_call *c)
{
    struct os_network *n = (struct os_network *)os_find(c->region, OS_NETWORK, c->q->seg[0]);
    if (n && os_network_shown(c, n))
        return n;
    os_fail(c, 404, "Network not found");
    return NULL;
}

static void put_one(struct os_call *c, const struct os_network *n)
{
    SIM_LIT(c->out, "{\"network\": ");
    put_network(c, n);
    sim_put_end(c->out, '}');
}

void os_rax_network(struct os_call *c)
{
    struct os_network *n = get(c);
    if (n)
        put_one(c, n);
}

void os_rax_network_create(struct os_call *c)
{
    struct json_object *json = sim_json_get(c->json, "network");
    const char *label = sim_json_text(json, "label"), *cidr = sim_json_text(json, "cidr");
    if (!label || !cidr || !strchr(cidr, '/'))
        os_fail(c, 400, "A network has a label and a cidr");
    else
        put_one(c, os_network_new(c->region, c->project, label, NULL, cidr));
}

static bool attached(const struct os_region *region, const struct os_network *n)
{
    const struct os_store *s = &region->stores[OS_PORT];
    for (size_t i = 0; i < s->n; i++)
        if (((struct os_port *)s->at[i])->network == n)
            return true;
    return false;
}

void os_rax_network_delete(struct os_call *c)
{
    struct os_network *n = get(c);
    struct os_store *s = &c->region->stores[OS_SUBNET];
    if (!n)
        return;
    if (!n->res.project || attached(c->region, n)) {
        os_fail(c, n->res.project ? 409 : 403, "Network %s is in use", n->res.id);
        return;
    }
    for (size_t i = s->n; i-- > 0;)
        if (((struct os_subnet *)s->at[i])->network == n)
            os_remove(c->region, OS_SUBNET, s->at[i]);
    os_remove(c->region, OS_NETWORK, &n->res);
    c->r->status = 202;
}

static void put_address(struct os_call *c, const struct os_port *port, const char *address)
{
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "address", address);
    sim_put_str(c->out, "network_id", port->network->res.id);
    sim_put_str(c->out, "network_label", port->network->res.name);
    sim_put_end(c->out, '}');
}

static void put_interface(struct os_call *c, const struct os_port *port)
{
    char text[48];
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "id", port->res.id);
    os_mac(text, port);
    sim_put_str(c->out, "mac_address", text);
    sim_put_array(c->out, "ip_addresses");
    os_ip(text, port->ip);
    put_address(c, port, text);
    if (port->v6) {
        os_ip6(text, port);
        put_address(c, port, text);
    }
    SIM_LIT(c->out, "]}");
}

void os_rax_interfaces(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    if (!sv)
        return;
    SIM_LIT(c->out, "{\"virtual_interfaces\": [");
    for (unsigned i = 0; i < sv->n_ports; i++)
        put_interface(c, sv->ports[i]);
    SIM_LIT(c->out, "]}");
}

void os_rax_interface_create(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    const char *id = sim_json_text(sim_json_get(c->json, "virtual_interface"), "network_id");
    struct os_network *n = (struct os_network *)os_find(c->region, OS_NETWORK, id);
    if (!sv)
        return;
    if (!n || !os_network_shown(c, n)) {
        os_fail(c, 404, "Network not found");
        return;
    }
    for (unsigned i = 0; i < sv->n_ports; i++)
        if (sv->ports[i]->network == n || sv->n_ports == OS_MAX_NICS) {
            os_fail(c, 400, "Network %s is already attached to server %s", id, sv->res.id);
            return;
        }
    struct os_port *port = os_port_new(c->region, n, c->project, sv, NULL);
    sv->ports[sv->n_ports++] = port;
    SIM_LIT(c->out, "{\"virtual_interfaces\": [");
    put_interface(c, port);
    SIM_LIT(c->out, "]}");
}

void os_rax_interface_delete(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    unsigned i = 0;
    if (!sv)
        return;
    while (i < sv->n_ports && strcmp(sv->ports[i]->res.id, c->q->seg[1]) != 0)
        i++;
    if (i == sv->n_ports) {
        os_fail(c, 404, "Virtual interface not found");
        return;
    }
    os_port_remove(c->region, sv->ports[i]);
    sv->ports[i] = sv->ports[--sv->n_ports];
}
