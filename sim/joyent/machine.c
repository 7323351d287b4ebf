/* One machine: its states and what time does to them, its addresses, its JSON of every version. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "joyent.h"

struct joy_machine *joy_machine_new(struct joyent *cloud, struct joy_account *owner)
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    struct joy_machine *m = sim_alloc(sizeof *m);
    joy_uuid(cloud->sim, m->id);
    joy_uuid(cloud->sim, m->node);
    for (size_t i = 0; i < sizeof m->password - 1; i++)
        m->password[i] = letters[sim_random(cloud->sim) % (sizeof letters - 1)];
    m->owner = owner;
    m->metadata = json_object_new_object();
    m->tags = json_object_new_object();
    m->audit = json_object_new_array();
    m->created = m->updated = sim_life_ms(cloud->sim);
    SIM_PUSH(cloud->machines.at, cloud->machines.n, cloud->machines.size);
    cloud->machines.at[cloud->machines.n++] = m;
    sim_map_put(&cloud->machines_by_id, m->id, m);
    return m;
}

void joy_machine_free(struct joy_machine *m)
{
    for (size_t i = 0; i < m->n_snapshots; i++)
        free(m->snapshots[i].name);
    free(m->snapshots);
    json_object_put(m->metadata);
    json_object_put(m->tags);
    json_object_put(m->audit);
    json_object_put(m->fixed_ips);
    free(m->doing_key);
    free(m->name);
    free(m->package);
    free(m);
}

/* ---- Time
 * ---------------------------------------------------------------------------------------- */

void joy_audit(struct joy_machine *m, const char *action, const char *key, int64_t now)
{
    struct json_object *o = json_object_new_object(), *caller = json_object_new_object();
    joy_put(o, "success", joy_same(m->state, "failed") ? "no" : "yes");
    joy_put_time(o, "time", now);
    joy_put(o, "action", action);
    joy_put(caller, "type", key ? "signature" : "basic");
    joy_put(caller, "ip", "127.0.0.1");
    joy_put(caller, "keyId", key);
    json_object_object_add(o, "caller", caller);
    json_object_array_add(m->audit, o);
}

void joy_machine_address(struct joyent *cloud, struct joy_machine *m, int64_t now)
{
    for (size_t i = 0; i < m->n_networks; i++)
        if (!m->ips[i])
            m->ips[i] = m->networks[i]->base + 5 + m->networks[i]->used++ % 245;
    m->address_due = now + cloud->settings->dhcp_ms;
}

static void arrive(struct joyent *cloud, struct joy_machine *m)
{
    m->state = m->next;
    m->next = NULL;
    m->updated = m->due;
    if (m->doing)
        joy_audit(m, m->doing, m->doing_key, m->due);
    m->doing = NULL;
    if (!strcmp(m->state, "running"))
        joy_machine_address(cloud, m, m->due);
    if (!strcmp(m->state, "deleted")) {
        m->deleted = m->due;
        free(m->package);
        m->package = sim_strdup("");
    }
}

static void forget(struct joyent *cloud, size_t i)
{
    struct joy_machine *m = cloud->machines.at[i];
    sim_map_remove(&cloud->machines_by_id, m->id);
    memmove(cloud->machines.at + i, cloud->machines.at + i + 1,
            (cloud->machines.n - i - 1) * sizeof *cloud->machines.at);
    cloud->machines.n--;
    joy_machine_free(m);
}

void joy_settle(struct joyent *cloud, int64_t now)
{
    for (size_t i = cloud->machines.n; i-- > 0;) {
        struct joy_machine *m = cloud->machines.at[i];
        if (m->next && m->due <= now)
            arrive(cloud, m);
        if (m->deleted && m->deleted + cloud->settings->keep_deleted_ms <= now)
            forget(cloud, i);
    }
    for (size_t i = 0; i < cloud->images.n; i++) {
        struct joy_image *image = cloud->images.at[i];
        if (image->next && image->due <= now) {
            image->state = image->next;
            image->next = NULL;
        }
    }
}

void joy_become(struct joy_call *c, struct joy_machine *m, const char *state, const char *next,
                int64_t ms, const char *doing)
{
    free(m->doing_key);
    m->doing_key = sim_strdup(c->key ? c->key->print : NULL);
    m->state = state;
    m->next = next;
    m->due = c->now + ms;
    m->doing = doing;
}

/* ---- JSON
 * ---------------------------------------------------------------------------------------- */

static struct json_object *ips_json(const struct joy_call *c, const struct joy_machine *m)
{
    struct json_object *all = json_object_new_array();
    char text[16];
    if (m->fixed_ips) {
        json_object_put(all);
        return json_object_get(m->fixed_ips);
    }
    for (size_t i = 0; i < m->n_networks; i++) {
        if (!m->ips[i])
            continue;
        joy_ip_text(m->ips[i], text);
        json_object_array_add(all, json_object_new_string(m->address_due > c->now ? "dhcp" : text));
    }
    return all;
}

static void put_mac(struct json_object *o, const struct joy_machine *m, size_t i)
{
    char mac[18];
    snprintf(mac, sizeof mac, "90:b8:d0:%02x:%02x:%02x", m->ips[i] >> 16 & 255,
             m->ips[i] >> 8 & 255, m->ips[i] & 255);
    joy_put(o, "mac", mac);
}

static struct json_object *nics_json(const struct joy_machine *m)
{
    struct json_object *all = json_object_new_array();
    char text[16];
    for (size_t i = 0; i < m->n_networks; i++) {
        struct json_object *o;
        if (!m->ips[i])
            continue;
        o = json_object_new_object();
        joy_ip_text(m->ips[i], text);
        joy_put(o, "ip", text);
        put_mac(o, m, i);
        joy_put_bool(o, "primary", i == 0);
        joy_put(o, "netmask", "255.255.255.0");
        joy_ip_text(m->networks[i]->base + 1, text);
        if (m->networks[i]->is_public)
            joy_put(o, "gateway", text);
        joy_put(o, "state", "running");
        joy_put(o, "network", m->networks[i]->id);
        json_object_array_add(all, o);
    }
    return all;
}

static struct json_object *metadata_json(const struct joy_machine *m, bool credentials)
{
    struct json_object *o = NULL, *in;
    json_object_deep_copy(m->metadata, &o, NULL);
    if (credentials) {
        in = json_object_new_object();
        joy_put(in, "root", m->password);
        json_object_object_add(o, "credentials", in);
    }
    return o;
}

static void put_network(struct json_object *o, const struct joy_machine *m)
{
    struct json_object *all = json_object_new_array();
    char text[16];
    for (size_t i = 0; i < m->n_networks; i++)
        if (m->ips[i])
            json_object_array_add(all, json_object_new_string(m->networks[i]->id));
    json_object_object_add(o, "networks", all);
    if (m->n_networks && m->ips[0]) {
        joy_ip_text(m->ips[0], text);
        joy_put(o, "primaryIp", text);
    }
}

/* 6.5 has a URN and little else; each version has more. */
static void put_image(const struct joy_call *c, struct json_object *o, const struct joy_machine *m)
{
    const struct joy_image *image = joy_image_by_id(c->cloud, m->image);
    struct sim_text urn = {0};
    bool kvm = joy_same(m->brand, "kvm") || joy_same(m->brand, "bhyve");
    joy_put(o, "type", kvm ? "virtualmachine" : "smartmachine");
    if (joy_is(c, 7, 0))
        joy_put(o, "image", m->image);
    if (joy_is(c, 8, 0))
        return;
    if (image)
        joy_image_urn(image, &urn);
    joy_put(o, "dataset", image ? urn.data : m->image);
    sim_text_free(&urn);
}

static void put_new_members(const struct joy_call *c, struct json_object *o,
                            const struct joy_machine *m)
{
    if (joy_is(c, 7, 1))
        put_network(o, m);
    if (joy_is(c, 7, 0)) {
        joy_put_bool(o, "firewall_enabled", m->firewall);
        json_object_object_add(
            o, "compute_node",
            joy_same(m->state, "provisioning") ? NULL : json_object_new_string(m->node));
    }
    if (joy_is(c, 8, 0)) {
        joy_put(o, "brand", m->brand);
        json_object_object_add(o, "dns_names", json_object_new_array());
        joy_put_bool(o, "deletion_protection", m->protect);
        if (m->docker)
            joy_put_bool(o, "docker", true);
    }
    if (joy_is(c, 9, 0))
        json_object_object_add(o, "nics", nics_json(m));
}

struct json_object *joy_machine_json(const struct joy_call *c, const struct joy_machine *m,
                                     bool credentials)
{
    struct json_object *o = json_object_new_object();
    joy_put(o, "id", m->id);
    joy_put(o, "name", m->name);
    joy_put(o, "state", m->state);
    put_image(c, o, m);
    json_object_object_add(o, "ips", ips_json(c, m));
    joy_put_int(o, "memory", m->memory);
    joy_put_int(o, "disk", m->disk);
    json_object_object_add(o, "metadata", metadata_json(m, credentials));
    json_object_object_add(o, "tags", json_object_get(m->tags));
    joy_put_time(o, "created", m->created);
    joy_put_time(o, "updated", m->updated);
    joy_put(o, "package", m->package);
    put_new_members(c, o, m);
    return o;
}

/* ---- The one of the path -----------------------------------------------------------------------
 */

struct joy_machine *joy_machine_of(struct joy_call *c)
{
    struct joy_machine *m = sim_map_get(&c->cloud->machines_by_id, c->q->seg[1]);
    if (!joy_is_uuid(c->q->seg[1])) {
        joy_fail(c, "InvalidArgument", "%s is not a valid UUID", c->q->seg[1]);
        return NULL;
    }
    if (!m || m->owner != c->account) {
        joy_fail(c, "ResourceNotFound", "VM not found");
        return NULL;
    }
    if (!m->deleted)
        return m;
    joy_json(c, 410, joy_machine_json(c, m, false));
    snprintf(c->r->code, sizeof c->r->code, "ResourceGone");
    return NULL;
}

void joy_list_nics(struct joy_call *c)
{
    const struct joy_machine *m = joy_machine_of(c);
    if (m)
        joy_json(c, 200, nics_json(m));
}

void joy_list_audit(struct joy_call *c)
{
    const struct joy_machine *m = joy_machine_of(c);
    struct json_object *all;
    char now[32];
    if (!m)
        return;
    all = json_object_new_array();
    sim_iso_time(now, sizeof now, c->now);
    for (size_t i = json_object_array_length(m->audit); i-- > 0;) {
        struct json_object *at = json_object_array_get_idx(m->audit, i);
        if (strcmp(sim_json_text(at, "time"), now) <= 0)
            json_object_array_add(all, json_object_get(at));
    }
    joy_json(c, 200, all);
}
