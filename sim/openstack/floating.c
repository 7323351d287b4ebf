/* Floating IPs: Neutron's, and Nova's proxy of them. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "neutron.h"

struct os_floating *os_floating_new(struct os_region *region, struct os_network *n,
                                    struct os_project *project)
{
    struct os_floating *f = sim_alloc(sizeof *f);
    f->network = n;
    f->ip = n->next_ip++;
    os_add(region, OS_FLOATING, &f->res, project, "", NULL);
    return f;
}

void os_floating_bind(struct os_call *c, struct os_floating *f, struct os_port *port)
{
    if (f->port)
        f->port->floating = NULL;
    if (port && port->floating)
        port->floating->port = NULL;
    f->port = port;
    f->shown = c->now + c->set->floating_ms;
    f->res.updated = c->now;
    if (port)
        port->floating = f;
}

void os_put_floating(struct os_call *c, const struct os_res *res)
{
    const struct os_floating *f = (const struct os_floating *)res;
    char text[16];
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "id", res->id);
    sim_put_str(c->out, "tenant_id", res->project->id);
    sim_put_str(c->out, "project_id", res->project->id);
    os_ip(text, f->ip);
    sim_put_str(c->out, "floating_ip_address", text);
    sim_put_str(c->out, "floating_network_id", f->network->res.id);
    sim_put_str(c->out, "port_id", f->port ? f->port->res.id : NULL);
    if (f->port)
        os_ip(text, f->port->ip);
    sim_put_str(c->out, "fixed_ip_address", f->port ? text : NULL);
    sim_put_str(c->out, "status", f->port ? "ACTIVE" : "DOWN");
    sim_put_time(c->out, "created_at", res->created);
    sim_put_time(c->out, "updated_at", res->updated);
    SIM_LIT(c->out, ", \"router_id\": null, \"description\": \"\", \"tags\": [], "
                    "\"revision_number\": 1, \"dns_name\": \"\", \"dns_domain\": \"\"}");
}

/* False: not a port of one's own, and that is answered. */
static bool bind_by_id(struct os_call *c, struct os_floating *f, struct json_object *json)
{
    struct json_object *member = NULL;
    if (!json_object_object_get_ex(json, "port_id", &member))
        return true;
    const char *id = member ? json_object_get_string(member) : NULL;
    struct os_port *port = (struct os_port *)os_find(c->region, OS_PORT, id);
    if (id && (!port || port->res.project != c->project))
        return os_fail_as(c, 404, "PortNotFound", "Port %s could not be found.", id);
    if (port && port->floating && port->floating != f)
        return os_fail_as(c, 409, "FloatingIPPortAlreadyAssociated",
                          "Cannot associate floating IP with port %s: it has one already.", id);
    os_floating_bind(c, f, port);
    return true;
}

static bool within_quota(struct os_call *c)
{
    const struct os_store *s = &c->region->stores[OS_FLOATING];
    int64_t n = 0, most = os_quota_of(c->cloud, c->project).floating_ips;
    for (size_t i = 0; i < s->n; i++)
        n += s->at[i]->project == c->project;
    if (most < 0 || n < most)
        return true;
    return c->where.service == OS_NETWORKS
               ? os_fail_as(c, 409, "OverQuota", "Quota exceeded for resources: ['floatingip'].")
               : os_fail(c, 403, "Floating IP allocation over quota.");
}

void os_floating_create(struct os_call *c)
{
    struct json_object *json =
        os_neutron_body(c, "floatingip",
                        "floating_network_id port_id fixed_ip_address floating_ip_address "
                        "subnet_id tenant_id project_id description dns_name dns_domain "
                        "qos_policy_id");
    const char *network = sim_json_text(json, "floating_network_id");
    struct os_network *n = (struct os_network *)os_find(c->region, OS_NETWORK, network);
    if (!json)
        return;
    if (!n || !n->external) {
        if (n)
            os_fail(c, 400, "Bad floatingip request: Network %s is not a valid external network.",
                    network);
        else
            os_fail_as(c, 404, "NetworkNotFound", "Network %s could not be found.",
                       network ? network : "None");
        return;
    }
    if (!os_may_change(c, "create_floatingip") || !within_quota(c))
        return;
    struct os_floating *f = os_floating_new(c->region, n, c->project);
    if (!bind_by_id(c, f, json)) {
        os_remove(c->region, OS_FLOATING, &f->res);
        return;
    }
    c->r->status = 201;
    os_neutron_put(c, &f->res);
}

void os_floating_update(struct os_call *c)
{
    struct os_res *res = os_neutron_get(c, true);
    struct json_object *json = sim_json_get(c->json, "floatingip");
    if (res && bind_by_id(c, (struct os_floating *)res, json))
        os_neutron_put(c, res);
}

void os_floating_delete(struct os_call *c)
{
    struct os_res *res = os_neutron_get(c, true);
    if (!res)
        return;
    os_floating_bind(c, (struct os_floating *)res, NULL);
    os_neutron_delete(c, res);
}

static void put_proxy(struct os_call *c, const struct os_floating *f)
{
    char text[16];
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "id", f->res.id);
    os_ip(text, f->ip);
    sim_put_str(c->out, "ip", text);
    sim_put_str(c->out, "pool", f->network->res.name);
    if (f->port)
        os_ip(text, f->port->ip);
    sim_put_str(c->out, "fixed_ip", f->port ? text : NULL);
    sim_put_str(c->out, "instance_id", f->port && f->port->server ? f->port->server->res.id : NULL);
    sim_put_end(c->out, '}');
}

void os_proxy_floatings(struct os_call *c)
{
    const struct os_store *s = &c->region->stores[OS_FLOATING];
    SIM_LIT(c->out, "{\"floating_ips\": [");
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i]->project == c->project) {
            sim_put_sep(c->out);
            put_proxy(c, (struct os_floating *)s->at[i]);
        }
    SIM_LIT(c->out, "]}");
}

static struct os_floating *get(struct os_call *c)
{
    struct os_floating *f = (struct os_floating *)os_find(c->region, OS_FLOATING, c->q->seg[0]);
    if (f && f->res.project == c->project)
        return f;
    os_fail(c, 404, "Floating IP not found for ID %s", c->q->seg[0]);
    return NULL;
}

void os_proxy_floating(struct os_call *c)
{
    struct os_floating *f = get(c);
    if (!f)
        return;
    SIM_LIT(c->out, "{\"floating_ip\": ");
    put_proxy(c, f);
    sim_put_end(c->out, '}');
}

void os_proxy_floating_create(struct os_call *c)
{
    const struct os_store *s = &c->region->stores[OS_NETWORK];
    const char *pool = sim_json_text(c->json, "pool");
    struct os_network *n = NULL;
    for (size_t i = 0; i < s->n && !n; i++) {
        struct os_network *one = (struct os_network *)s->at[i];
        if (one->external && (!pool || !strcmp(pool, one->res.name) || !strcmp(pool, one->res.id)))
            n = one;
    }
    if (!n) {
        os_fail(c, 404, "Floating IP pool not found.");
        return;
    }
    if (!within_quota(c))
        return;
    SIM_LIT(c->out, "{\"floating_ip\": ");
    put_proxy(c, os_floating_new(c->region, n, c->project));
    sim_put_end(c->out, '}');
}

void os_proxy_floating_delete(struct os_call *c)
{
    struct os_floating *f = get(c);
    if (!f)
        return;
    os_floating_bind(c, f, NULL);
    os_remove(c->region, OS_FLOATING, &f->res);
    c->r->status = 202;
}

void os_proxy_pools(struct os_call *c)
{
    const struct os_store *s = &c->region->stores[OS_NETWORK];
    SIM_LIT(c->out, "{\"floating_ip_pools\": [");
    for (size_t i = 0; i < s->n; i++)
        if (((struct os_network *)s->at[i])->external) {
            sim_put_object(c->out, NULL);
            sim_put_str(c->out, "name", s->at[i]->name);
            sim_put_end(c->out, '}');
        }
    SIM_LIT(c->out, "]}");
}

void os_proxy_networks(struct os_call *c)
{
    const struct os_store *s = &c->region->stores[OS_NETWORK];
    SIM_LIT(c->out, "{\"networks\": [");
    for (size_t i = 0; i < s->n; i++)
        if (os_network_shown(c, (struct os_network *)s->at[i])) {
            sim_put_object(c->out, NULL);
            sim_put_str(c->out, "id", s->at[i]->id);
            sim_put_str(c->out, "label", s->at[i]->name);
            SIM_LIT(c->out, ", \"cidr\": null}");
        }
    SIM_LIT(c->out, "]}");
}
