/* Metadata and tags of servers, and their interfaces. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "openstack.h"

static void put_all(struct os_call *c, const struct os_server *sv)
{
    sim_text_clear(c->out);
    sim_put_object(c->out, NULL);
    sim_dict_put(c->out, "metadata", &sv->meta);
    sim_put_end(c->out, '}');
}

void os_metadata(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    if (sv)
        put_all(c, sv);
}

static void change(struct os_call *c, bool merge)
{
    struct os_server *sv = os_server_get(c);
    struct json_object *json = sim_json_get(c->json, "metadata");
    struct sim_dict new = {0};
    if (!sv)
        return;
    for (size_t i = 0; merge && i < sv->meta.n; i++)
        sim_dict_set(&new, sv->meta.at[i].key, sv->meta.at[i].value);
    if (!json)
        os_fail(c, 400, "Malformed request body");
    if (!json || !os_pairs_from(c, json, &new)) {
        sim_dict_free(&new);
        return;
    }
    sim_dict_free(&sv->meta);
    sv->meta = new;
    sv->res.updated = c->now;
    put_all(c, sv);
}

void os_metadata_merge(struct os_call *c)
{
    change(c, true);
}

void os_metadata_replace(struct os_call *c)
{
    change(c, false);
}

static void put_item(struct os_call *c, const char *key, const char *value)
{
    SIM_LIT(c->out, "{\"meta\": {");
    sim_text_json(c->out, key);
    SIM_LIT(c->out, ": ");
    sim_text_json(c->out, value);
    SIM_LIT(c->out, "}}");
}

void os_metadata_item(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    const char *value = sv ? sim_dict_get(&sv->meta, c->q->seg[1]) : NULL;
    if (value)
        put_item(c, c->q->seg[1], value);
    else if (sv)
        os_fail(c, 404, "Metadata item was not found");
}

void os_metadata_set(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    struct json_object *json = sim_json_get(c->json, "meta");
    const char *key = c->q->seg[1];
    if (!sv)
        return;
    if (!sim_json_text(json, key) || json_object_object_length(json) != 1) {
        os_fail(c, 400, "Request body and URI mismatch");
        return;
    }
    struct sim_dict check = {0};
    if (os_pairs_from(c, json, &check)) {
        sim_dict_set(&sv->meta, key, sim_json_text(json, key));
        put_item(c, key, sim_json_text(json, key));
    }
    sim_dict_free(&check);
}

void os_metadata_delete(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    if (sv && sim_dict_remove(&sv->meta, c->q->seg[1]))
        c->r->status = 204;
    else if (sv)
        os_fail(c, 404, "Metadata item was not found");
}

static void put_tags(struct os_call *c, const struct os_server *sv)
{
    sim_put_object(c->out, NULL);
    sim_dict_words(c->out, "tags", &sv->tags);
    sim_put_end(c->out, '}');
}

void os_tags(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    if (sv)
        put_tags(c, sv);
}

/* Tags are refused while a server builds. */
static struct os_server *taggable(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    if (!sv || sv->vm != OS_BUILDING)
        return sv;
    os_fail(c, 409, "Cannot 'update' instance %s while it is in vm_state building", sv->res.id);
    return NULL;
}

void os_tags_replace(struct os_call *c)
{
    struct os_server *sv = taggable(c);
    size_t n = sim_json_list(c->json, "tags");
    if (!sv)
        return;
    bool ok = json_object_is_type(sim_json_get(c->json, "tags"), json_type_array);
    for (size_t i = 0; ok && i < n; i++)
        ok = json_object_is_type(sim_json_nth(c->json, "tags", i), json_type_string);
    if (!ok) {
        os_fail(c, 400, "Invalid input for field/attribute tags.");
        return;
    }
    sim_dict_free(&sv->tags);
    for (size_t i = 0; i < n; i++)
        sim_dict_set(&sv->tags, json_object_get_string(sim_json_nth(c->json, "tags", i)), "");
    put_tags(c, sv);
}

void os_tags_clear(struct os_call *c)
{
    struct os_server *sv = taggable(c);
    if (!sv)
        return;
    sim_dict_free(&sv->tags);
    c->r->status = 204;
}

void os_tag_get(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    if (sv && sim_dict_get(&sv->tags, c->q->seg[1]))
        c->r->status = 204;
    else if (sv)
        os_fail(c, 404, "Server %s has no tag '%s'", sv->res.id, c->q->seg[1]);
}

void os_tag_add(struct os_call *c)
{
    struct os_server *sv = taggable(c);
    char location[400];
    if (!sv)
        return;
    c->r->status = sim_dict_get(&sv->tags, c->q->seg[1]) ? 204 : 201;
    sim_dict_set(&sv->tags, c->q->seg[1], "");
    snprintf(location, sizeof location, "%s/servers/%s/tags/%s", c->base, sv->res.id, c->q->seg[1]);
    sim_reply_header(c->r, "Location", location);
}

void os_tag_delete(struct os_call *c)
{
    struct os_server *sv = taggable(c);
    if (sv && sim_dict_remove(&sv->tags, c->q->seg[1]))
        c->r->status = 204;
    else if (sv)
        os_fail(c, 404, "Server %s has no tag '%s'", sv->res.id, c->q->seg[1]);
}

static void put_interface(struct os_call *c, const struct os_port *port)
{
    char text[48];
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "net_id", port->network->res.id);
    sim_put_str(c->out, "port_id", port->res.id);
    os_mac(text, port);
    sim_put_str(c->out, "mac_addr", text);
    sim_put_str(c->out, "port_state", "ACTIVE");
    sim_put_array(c->out, "fixed_ips");
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "subnet_id", port->subnet ? port->subnet->res.id : NULL);
    os_ip(text, port->ip);
    sim_put_str(c->out, "ip_address", text);
    SIM_LIT(c->out, "}]}");
}

void os_server_interfaces(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    if (!sv)
        return;
    SIM_LIT(c->out, "{\"interfaceAttachments\": [");
    for (unsigned i = 0; i < sv->n_ports; i++)
        put_interface(c, sv->ports[i]);
    SIM_LIT(c->out, "]}");
}

void os_server_attach(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    struct json_object *json = sim_json_get(c->json, "interfaceAttachment");
    const char *net = sim_json_text(json, "net_id"), *id = sim_json_text(json, "port_id");
    struct os_network *n = (struct os_network *)os_find(c->region, OS_NETWORK, net);
    struct os_port *port = (struct os_port *)os_find(c->region, OS_PORT, id);
    if (!sv)
        return;
    if (!n && !port) {
        os_fail(c, net || id ? 404 : 400, "%s %s could not be found.", id ? "Port id" : "Network",
                id    ? id
                : net ? net
                      : "");
        return;
    }
    if (sv->n_ports == OS_MAX_NICS || (port && port->server)) {
        os_fail(c, 409, "Port %s is still in use.", id ? id : "");
        return;
    }
    if (!port)
        port = os_port_new(c->region, n, c->project, sv, NULL);
    port->server = sv;
    sv->ports[sv->n_ports++] = port;
    SIM_LIT(c->out, "{\"interfaceAttachment\": ");
    put_interface(c, port);
    sim_put_end(c->out, '}');
}

void os_server_detach(struct os_call *c)
{
    struct os_server *sv = os_server_get(c);
    unsigned i = 0;
    if (!sv)
        return;
    while (i < sv->n_ports && strcmp(sv->ports[i]->res.id, c->q->seg[1]) != 0)
        i++;
    if (i == sv->n_ports) {
        os_fail(c, 404, "Instance %s does not have a port with id %s", sv->res.id, c->q->seg[1]);
        return;
    }
    struct os_port *port = sv->ports[i];
    memmove(sv->ports + i, sv->ports + i + 1, (sv->n_ports - i - 1) * sizeof(struct os_port *));
    sv->n_ports--;
    port->server = NULL;
    if (!port->given)
        os_port_remove(c->region, port);
    c->r->status = 202;
}
