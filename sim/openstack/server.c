/* Servers as the API tells them, and their making and end. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "openstack.h"

void os_server_free(struct os_server *sv)
{
    sim_dict_free(&sv->meta);
    sim_dict_free(&sv->tags);
    free(sv->events);
    free(sv->description);
    free(sv->lock_reason);
    free(sv->fault);
}

/* "links" of an object: itself, and where it is without a version. */
void os_self_links(struct os_call *c, const char *kind, const char *id)
{
    struct sim_text *out = c->out;
    const char *service = c->where.project_len ? c->where.project : "";
    SIM_LIT(out, ", \"links\": [{\"rel\": \"self\", \"href\": \"");
    sim_text_puts(out, c->base);
    sim_text_putc(out, '/');
    sim_text_puts(out, kind);
    sim_text_putc(out, '/');
    sim_text_puts(out, id);
    SIM_LIT(out, "\"}, {\"rel\": \"bookmark\", \"href\": \"");
    sim_text_puts(out, c->root);
    sim_text_putc(out, '/');
    sim_text_puts(out, c->region->name);
    SIM_LIT(out, "/compute/");
    sim_text_add(out, service, c->where.project_len);
    if (c->where.project_len)
        sim_text_putc(out, '/');
    sim_text_puts(out, kind);
    sim_text_putc(out, '/');
    sim_text_puts(out, id);
    SIM_LIT(out, "\"}]");
}

static void put_address(struct sim_text *out, int version, const char *addr, const char *type,
                        const char *mac)
{
    sim_put_object(out, NULL);
    sim_put_int(out, "version", version);
    sim_put_str(out, "addr", addr);
    if (mac) {
        sim_put_str(out, "OS-EXT-IPS:type", type);
        sim_put_str(out, "OS-EXT-IPS-MAC:mac_addr", mac);
    }
    sim_put_end(out, '}');
}

static void put_port(struct os_call *c, const struct os_port *port)
{
    char text[48], mac[20];
    bool plain = c->cloud->rackspace || c->cloud->hp;
    os_ip(text, port->ip);
    os_mac(mac, port);
    put_address(c->out, 4, text, "fixed", plain ? NULL : mac);
    if (port->v6) {
        os_ip6(text, port);
        put_address(c->out, 6, text, "fixed", plain ? NULL : mac);
    }
    const struct os_floating *f = port->floating;
    if (f && c->now >= f->shown) {
        os_ip(text, f->ip);
        put_address(c->out, 4, text, "floating", plain ? NULL : mac);
    }
}

/* By network; with a label, that one alone. */
static void put_addresses(struct os_call *c, const struct os_server *sv, const char *label)
{
    for (unsigned i = 0; i < sv->n_ports; i++) {
        const struct os_network *n = sv->ports[i]->network;
        bool again = false;
        for (unsigned k = 0; k < i; k++)
            again = again || sv->ports[k]->network == n;
        if (again || (label && strcmp(label, n->res.name) != 0))
            continue;
        sim_put_sep(c->out);
        sim_text_json(c->out, n->res.name);
        SIM_LIT(c->out, ": [");
        for (unsigned k = i; k < sv->n_ports; k++)
            if (sv->ports[k]->network == n)
                put_port(c, sv->ports[k]);
        sim_put_end(c->out, ']');
    }
}

void os_server_ips(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    const char *label = c->q->seg[1];
    if (!sv)
        return;
    sim_put_object(c->out, NULL);
    if (!label)
        sim_put_object(c->out, "addresses");
    put_addresses(c, sv, label);
    if (label && c->out->len == 1) {
        os_fail(c, 404, "Network name is not found");
        return;
    }
    sim_text_puts(c->out, label ? "}" : "}}");
}

/* launched_at and its like: microseconds and no zone. */
static void put_micro(struct sim_text *out, const char *name, int64_t ms)
{
    char when[48];
    if (!ms) {
        sim_put_str(out, name, NULL);
        return;
    }
    sim_seconds_time(when, ms);
    snprintf(when + 19, sizeof when - 19, ".%03d000", (int)(ms % 1000));
    sim_put_str(out, name, when);
}

static void put_ref(struct os_call *c, const char *member, const char *kind, const char *id)
{
    sim_put_object(c->out, member);
    sim_put_str(c->out, "id", id);
    os_self_links(c, kind, id);
    sim_put_end(c->out, '}');
}

static void put_groups(struct sim_text *out, const struct os_server *sv)
{
    sim_put_array(out, "security_groups");
    for (unsigned i = 0; i < sv->n_groups; i++) {
        sim_put_object(out, NULL);
        sim_put_str(out, "name", sv->groups[i]->res.name);
        sim_put_end(out, '}');
    }
    sim_put_end(out, ']');
}

static void put_host(struct sim_text *out, const struct os_server *sv)
{
    char host[57];
    if (sv->vm == OS_BUILDING || sv->vm == OS_SHELVED || sv->vm == OS_ERROR) {
        sim_put_str(out, "hostId", "");
        return;
    }
    memset(host, 'a', 56);
    host[56] = 0;
    for (unsigned i = 0, h = sv->host * 2654435761u; i < 8; i++, h >>= 4)
        host[i] = "0123456789abcdef"[h & 15];
    sim_put_str(out, "hostId", host);
}

static void put_state(struct sim_text *out, const struct os_server *sv)
{
    sim_put_str(out, "OS-EXT-STS:task_state", sv->job ? sv->job->task : NULL);
    sim_put_str(out, "OS-EXT-STS:vm_state", os_vm_name(sv->vm));
    sim_put_int(out, "OS-EXT-STS:power_state", os_vm_power(sv->vm));
    put_micro(out, "OS-SRV-USG:launched_at", sv->launched);
    put_micro(out, "OS-SRV-USG:terminated_at", sv->terminated);
}

static void put_fault(struct os_call *c, const struct os_server *sv)
{
    if (!sv->fault || sv->vm != OS_ERROR)
        return;
    sim_put_object(c->out, "fault");
    sim_put_int(c->out, "code", sv->fault_code);
    sim_put_time(c->out, "created", sv->res.updated);
    sim_put_str(c->out, "message", sv->fault);
    if (c->admin || c->cloud->rackspace)
        sim_put_str(c->out, "details", "");
    sim_put_end(c->out, '}');
}

/* What later microversions add. */
static void put_later(struct os_call *c, const struct os_server *sv)
{
    struct sim_text *out = c->out;
    if (c->micro >= 9)
        sim_put_bool(out, "locked", sv->locked);
    if (c->micro >= 73)
        sim_put_str(out, "locked_reason", sv->lock_reason);
    if (c->micro >= 19)
        sim_put_str(out, "description", sv->description);
    if (c->micro >= 26)
        sim_dict_words(out, "tags", &sv->tags);
    if (c->micro >= 63)
        sim_put_str(out, "trusted_image_certificates", NULL);
    if (c->micro >= 71)
        SIM_LIT(out, ", \"server_groups\": []");
    if (c->micro >= 90)
        sim_put_str(out, "OS-EXT-SRV-ATTR:hostname", sv->hostname ? sv->hostname : sv->res.name);
}

/* HP's told the task with the status: BUILD(spawning). */
static void put_status(struct os_call *c, const struct os_server *sv)
{
    const char *status = os_server_status(sv);
    sim_put_name(c->out, "status");
    if (c->cloud->hp && sv->job && sv->job->task && !sv->status)
        sim_text_fmt(c->out, "\"%s(%s)\"", status, sv->job->task);
    else
        sim_text_json(c->out, status);
}

void os_server_put_id(struct os_call *c, const struct os_server *sv)
{
    if (c->cloud->hp)
        sim_put_raw(c->out, "id", sv->res.id);
    else
        sim_put_str(c->out, "id", sv->res.id);
}

static void put_detail(struct os_call *c, const struct os_server *sv)
{
    struct sim_text *out = c->out;
    bool building = sv->vm == OS_BUILDING;
    put_status(c, sv);
    sim_put_str(out, "tenant_id", sv->res.project->id);
    sim_put_str(out, "user_id", sv->user->id);
    sim_dict_put(out, "metadata", &sv->meta);
    put_host(out, sv);
    if (sv->image)
        put_ref(c, "image", "images", sv->image);
    else
        sim_put_str(out, "image", "");
    if (c->micro >= 47) {
        os_flavor_inside(c, sv->flavor);
    } else {
        put_ref(c, "flavor", "flavors", sv->flavor->res.id);
    }
    sim_put_time(out, "created", sv->res.created);
    sim_put_time(out, "updated", sv->res.updated);
    sim_put_object(out, "addresses");
    if (!building)
        put_addresses(c, sv, NULL);
    sim_put_end(out, '}');
    sim_put_str(out, "accessIPv4", sv->access4 ? sv->access4 : "");
    sim_put_str(out, "accessIPv6", sv->access6 ? sv->access6 : "");
    sim_put_str(out, "OS-DCF:diskConfig", sv->manual_disk ? "MANUAL" : "AUTO");
    if (sv->vm != OS_ERROR)
        sim_put_int(out, "progress", building ? 0 : 100);
    put_fault(c, sv);
    sim_put_str(out, "OS-EXT-AZ:availability_zone", sv->zone ? sv->zone : building ? "" : "nova");
    sim_put_str(out, "config_drive", sv->config_drive ? "True" : "");
    sim_put_str(out, "key_name", sv->key);
    put_state(out, sv);
    SIM_LIT(out, ", \"os-extended-volumes:volumes_attached\": []");
    if (!building && sv->n_groups)
        put_groups(out, sv);
    put_later(c, sv);
}

void os_server_put(struct os_call *c, struct os_server *sv, bool detail)
{
    sim_put_object(c->out, NULL);
    os_server_put_id(c, sv);
    sim_put_str(c->out, "name", sv->res.name);
    os_self_links(c, "servers", sv->res.id);
    if (detail)
        put_detail(c, sv);
    sim_put_end(c->out, '}');
}

struct os_server *os_server_get(struct os_call *c)
{
    const char *id = c->q->seg[0];
    struct os_server *sv = (struct os_server *)os_find(c->region, OS_SERVER, id);
    bool hidden = sv && sv->hidden > 0 && sv->hidden--;
    if (sv && !hidden && !sv->res.deleted && (sv->res.project == c->project || c->admin))
        return sv;
    if (c->cloud->hp)
        os_fail(c, 404, "The resource could not be found.");
    else
        os_fail(c, 404, "Instance %s could not be found.", id);
    return NULL;
}

void os_server_show(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    if (!sv)
        return;
    SIM_LIT(c->out, "{\"server\": ");
    os_server_put(c, sv, true);
    sim_put_end(c->out, '}');
}

void os_server_update(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    struct json_object *json = json_object_object_get(c->json, "server");
    struct json_object *name = json_object_object_get(json, "name");
    if (!sv)
        return;
    if (name && (!json_object_get_string_len(name) || json_object_get_string_len(name) > 255)) {
        os_fail(c, 400, "Invalid input for field/attribute name. Value: %s. '%s' is too %s",
                json_object_get_string(name), json_object_get_string(name),
                json_object_get_string_len(name) ? "long" : "short");
        return;
    }
    if (name) {
        free(sv->res.name);
        sv->res.name = sim_strdup(json_object_get_string(name));
    }
    struct json_object *value;
    if (json_object_object_get_ex(json, "accessIPv4", &value))
        sv->access4 = os_word(c->cloud, value ? json_object_get_string(value) : NULL);
    if (json_object_object_get_ex(json, "accessIPv6", &value))
        sv->access6 = os_word(c->cloud, value ? json_object_get_string(value) : NULL);
    if (c->micro >= 19 && json_object_object_get_ex(json, "description", &value)) {
        free(sv->description);
        sv->description = value ? sim_strdup(json_object_get_string(value)) : NULL;
    }
    sv->res.updated = c->now;
    SIM_LIT(c->out, "{\"server\": ");
    os_server_put(c, sv, true);
    sim_put_end(c->out, '}');
}

void os_server_delete(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    if (sv && os_job_start(c, sv, &os_job_delete))
        c->r->status = 204;
}

void os_server_groups(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    if (!sv)
        return;
    sim_put_object(c->out, NULL);
    sim_put_array(c->out, "security_groups");
    for (unsigned i = 0; i < sv->n_groups; i++) {
        const struct os_group *g = sv->groups[i];
        sim_put_object(c->out, NULL);
        sim_put_str(c->out, "id", g->res.id);
        sim_put_str(c->out, "name", g->res.name);
        sim_put_str(c->out, "description", g->description);
        sim_put_str(c->out, "tenant_id", g->res.project->id);
        SIM_LIT(c->out, ", \"rules\": []}");
    }
    SIM_LIT(c->out, "]}");
}

void os_server_events(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    if (!sv)
        return;
    SIM_LIT(c->out, "{\"instanceActions\": [");
    for (size_t i = sv->n_events; i-- > 0;) {
        const struct os_event *e = &sv->events[i];
        sim_put_object(c->out, NULL);
        sim_put_str(c->out, "action", e->action);
        sim_put_str(c->out, "instance_uuid", sv->res.id);
        sim_put_str(c->out, "request_id", e->request);
        put_micro(c->out, "start_time", e->time);
        sim_put_str(c->out, "user_id", sv->user->id);
        sim_put_str(c->out, "project_id", sv->res.project->id);
        sim_put_str(c->out, "message", NULL);
        sim_put_end(c->out, '}');
    }
    SIM_LIT(c->out, "]}");
}

void os_server_volumes(struct os_call *c)
{
    if (os_server_get(c))
        SIM_LIT(c->out, "{\"volumeAttachments\": []}");
}
