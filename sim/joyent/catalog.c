/* Packages and networks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "joyent.h"

/* ---- Packages
 * ------------------------------------------------------------------------------------ */

struct joy_package *joy_package_find(const struct joyent *cloud, const char *word)
{
    for (size_t i = 0; i < cloud->packages.n; i++)
        if (joy_same(cloud->packages.at[i]->id, word) ||
            joy_same(cloud->packages.at[i]->name, word))
            return cloud->packages.at[i];
    return NULL;
}

void joy_package_free(struct joy_package *p)
{
    free(p->name);
    free(p->brand);
    free(p->group);
    free(p);
}

/* 6.5 knows packages by name only; `brand` came with 9. */
static struct json_object *package_json(const struct joy_call *c, const struct joy_package *p)
{
    struct json_object *o = json_object_new_object();
    if (joy_is(c, 7, 0))
        joy_put(o, "id", p->id);
    joy_put(o, "name", p->name);
    joy_put_int(o, "memory", p->memory);
    joy_put_int(o, "disk", p->disk);
    joy_put_int(o, "swap", p->swap);
    joy_put_int(o, "vcpus", p->vcpus);
    if (joy_is(c, 7, 0)) {
        joy_put_int(o, "lwps", p->lwps);
        joy_put(o, "version", "1.0.0");
        joy_put(o, "group", p->group);
        joy_put(o, "description", p->name);
    }
    joy_put_bool(o, "default", p->is_default);
    if (joy_is(c, 9, 0))
        joy_put(o, "brand", p->brand);
    return o;
}

static bool number_is(const struct joy_call *c, const char *name, int64_t value)
{
    const char *text = sim_param(c->q, name);
    return !text || strtoll(text, NULL, 10) == value;
}

static bool text_fits(const struct joy_call *c, const char *name, const char *value)
{
    const char *pattern = sim_param(c->q, name);
    return !pattern || (value && sim_glob(pattern, value));
}

static bool package_fits(const struct joy_call *c, const struct joy_package *p)
{
    return !p->inactive && text_fits(c, "name", p->name) && text_fits(c, "group", p->group) &&
           text_fits(c, "version", "1.0.0") && number_is(c, "memory", p->memory) &&
           number_is(c, "disk", p->disk) && number_is(c, "swap", p->swap) &&
           number_is(c, "vcpus", p->vcpus) && number_is(c, "lwps", p->lwps);
}

void joy_list_packages(struct joy_call *c)
{
    struct json_object *all = json_object_new_array();
    for (size_t i = 0; i < c->cloud->packages.n; i++)
        if (package_fits(c, c->cloud->packages.at[i]))
            json_object_array_add(all, package_json(c, c->cloud->packages.at[i]));
    joy_json(c, 200, all);
}

void joy_get_package(struct joy_call *c)
{
    const struct joy_package *p = joy_package_find(c->cloud, c->q->seg[1]);
    if (p)
        joy_json(c, 200, package_json(c, p));
    else
        joy_fail(c, "ResourceNotFound", "%s does not exist", c->q->seg[1]);
}

/* ---- Networks
 * -------------------------------------------------------------------------------------- */

void joy_ip_text(uint32_t ip, char buf[16])
{
    snprintf(buf, 16, "%u.%u.%u.%u", ip >> 24 & 255, ip >> 16 & 255, ip >> 8 & 255, ip & 255);
}

struct joy_network *joy_network_find(const struct joyent *cloud, const char *id)
{
    for (size_t i = 0; i < cloud->networks.n; i++)
        if (joy_same(cloud->networks.at[i]->id, id))
            return cloud->networks.at[i];
    return NULL;
}

static void put_ip(struct json_object *o, const char *name, uint32_t ip)
{
    char text[16];
    joy_ip_text(ip, text);
    joy_put(o, name, text);
}

static struct json_object *network_json(const struct joy_network *n)
{
    struct json_object *o = json_object_new_object(), *resolvers = json_object_new_array();
    char subnet[24], base[16];
    joy_ip_text(n->base, base);
    snprintf(subnet, sizeof subnet, "%s/24", base);
    joy_put(o, "id", n->id);
    joy_put(o, "name", n->name);
    joy_put_bool(o, "public", n->is_public);
    if (n->fabric) {
        joy_put_bool(o, "fabric", true);
        joy_put_bool(o, "internet_nat", true);
        joy_put(o, "subnet", subnet);
        put_ip(o, "provision_start_ip", n->base + 5);
        put_ip(o, "provision_end_ip", n->base + 250);
        put_ip(o, "gateway", n->base + 1);
        json_object_array_add(resolvers, json_object_new_string("8.8.8.8"));
        json_object_object_add(o, "resolvers", resolvers);
        json_object_object_add(o, "routes", json_object_new_object());
    } else {
        joy_put(o, "description", n->name);
        json_object_put(resolvers);
    }
    return o;
}

void joy_list_networks(struct joy_call *c)
{
    struct json_object *all = json_object_new_array();
    for (size_t i = 0; i < c->cloud->networks.n; i++)
        json_object_array_add(all, network_json(c->cloud->networks.at[i]));
    joy_json(c, 200, all);
}

void joy_get_network(struct joy_call *c)
{
    const struct joy_network *n = joy_network_find(c->cloud, c->q->seg[1]);
    if (n)
        joy_json(c, 200, network_json(n));
    else
        joy_fail(c, "ResourceNotFound", "%s does not exist", c->q->seg[1]);
}
