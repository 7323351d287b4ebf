/* Seeds: images, sizes, zones, keys and servers from JSON, in the provider's own words. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "nephoscale.h"

static bool refuse(struct sim_text *error, const char *what, int64_t id)
{
    sim_text_fmt(error, "%s: %lld", what, (long long)id);
    return false;
}

/* Every member is known; a name is there. */
static bool is_good(struct json_object *json, const char *what, const char *words,
                    const char *needed, struct sim_text *error)
{
    const char *odd = sim_json_unknown(json, words);
    if (odd)
        sim_text_fmt(error, "%s has no member \"%s\"", what, odd);
    else if (!sim_json_text(json, needed))
        sim_text_fmt(error, "%s needs \"%s\"", what, needed);
    else
        return true;
    return false;
}

static const char *text_or(struct json_object *json, const char *name, const char *otherwise)
{
    const char *text = sim_json_text(json, name);
    return text ? text : otherwise;
}

static bool seed_image(struct neph *n, struct json_object *json, struct sim_text *error)
{
    if (!is_good(json, "an image",
                 "id friendly_name architecture base_type deployable_type is_active",
                 "friendly_name", error))
        return false;
    int64_t next = (int64_t)n->images.n;
    SIM_PUSH(n->images.at, n->images.n, n->images.size);
    n->images.at[n->images.n++] =
        (struct neph_image){sim_json_int(json, "id", 1000 + next),
                            sim_strdup(sim_json_text(json, "friendly_name")),
                            sim_strdup(text_or(json, "architecture", "x86_64")),
                            sim_strdup(text_or(json, "base_type", "linux")),
                            sim_strdup(text_or(json, "deployable_type", "both")),
                            sim_json_bool(json, "is_active", true)};
    return true;
}

static bool seed_type(struct neph *n, struct json_object *json, struct sim_text *error)
{
    if (!is_good(json, "a service type", "id sku description ram storage vcpus billable_type",
                 "sku", error))
        return false;
    struct neph_type *t =
        neph_add_type(n, sim_json_int(json, "id", 1000 + (int64_t)n->types.n),
                      (int)sim_json_int(json, "billable_type", NEPH_CLOUD),
                      sim_json_text(json, "sku"), text_or(json, "description", ""));
    t->ram = sim_json_int(json, "ram", t->ram);
    t->storage = sim_json_int(json, "storage", t->storage);
    t->vcpus = sim_json_int(json, "vcpus", t->vcpus);
    return true;
}

static bool seed_zone(struct neph *n, struct json_object *json, struct sim_text *error)
{
    if (!is_good(json, "a zone", "id name activated", "name", error))
        return false;
    int64_t next = (int64_t)n->zones.n;
    SIM_PUSH(n->zones.at, n->zones.n, n->zones.size);
    n->zones.at[n->zones.n++] = (struct neph_zone){
        sim_json_int(json, "id", 90000 + next), 9, sim_strdup(sim_json_text(json, "name")),
        sim_json_get(json, "activated") ? sim_json_bool(json, "activated", true) : -1};
    return true;
}

static bool seed_key(struct neph *n, struct json_object *json, struct sim_text *error)
{
    if (!is_good(json, "a key", "id name key_group public_key password", "name", error))
        return false;
    const char *public_key = sim_json_text(json, "public_key");
    int type = public_key ? NEPH_SSH : NEPH_PASSWORD;
    neph_add_key(
        n, sim_json_int(json, "id", 0), type,
        (int)sim_json_int(json, "key_group", public_key ? NEPH_SERVER_KEYS : NEPH_CONSOLE_KEYS),
        sim_json_text(json, "name"),
        public_key ? public_key : text_or(json, "password", "password"));
    return true;
}

static const char *power_of(struct json_object *json)
{
    const char *power = text_or(json, "power_status", "on");
    return !strcmp(power, "on") ? "on" : !strcmp(power, "off") ? "off" : "unknown";
}

static void seed_addresses(struct neph *n, int64_t server)
{
    for (int type = 0; type < NEPH_DOMAINS; type++) {
        struct neph_address *a = neph_free_address(n, type);
        if (a)
            a->server = server;
    }
}

static bool seed_server(struct neph *n, struct json_object *json, struct sim_text *error)
{
    if (!is_good(
            json, "a server",
            "id name hostname power_status image service_type zone server_key console_key count",
            "name", error))
        return false;
    int64_t image = sim_json_int(json, "image", 55), zone = sim_json_int(json, "zone", 86945);
    const struct neph_type *type = neph_type(n, sim_json_int(json, "service_type", 219));
    if (!neph_image(n, image))
        return refuse(error, "there is no such image", image);
    if (!type)
        return refuse(error, "there is no such service_type",
                      sim_json_int(json, "service_type", 0));
    if (!neph_zone(n, zone))
        return refuse(error, "there is no such zone", zone);
    for (int64_t i = 0; i < sim_json_int(json, "count", 1); i++) {
        SIM_PUSH(n->servers.at, n->servers.n, n->servers.size);
        struct neph_server *server = &n->servers.at[n->servers.n++];
        *server = (struct neph_server){.id = i ? n->next_server
                                               : sim_json_int(json, "id", n->next_server),
                                       .image = image,
                                       .zone = zone,
                                       .type = type->id,
                                       .dedicated = type->billable == NEPH_DEDICATED,
                                       .server_key = sim_json_int(json, "server_key", 0),
                                       .console_key = sim_json_int(json, "console_key", 0),
                                       .created_ms = sim_life_ms(n->sim),
                                       .power = power_of(json),
                                       .name = sim_strdup(sim_json_text(json, "name"))};
        const char *hostname = text_or(json, "hostname", server->name);
        server->hostname = sim_strndup(hostname, strlen(hostname) < 15 ? strlen(hostname) : 15);
        n->next_server = (server->id > n->next_server ? server->id : n->next_server) + 1;
        seed_addresses(n, server->id);
    }
    return true;
}

bool neph_seed(void *state, struct json_object *seed, struct sim_text *error)
{
    static const struct {
        const char *name;
        bool (*add)(struct neph *, struct json_object *, struct sim_text *);
    } kinds[] = {{"images", seed_image},
                 {"service_types", seed_type},
                 {"zones", seed_zone},
                 {"keys", seed_key},
                 {"servers", seed_server}};
    const char *odd = sim_json_unknown(seed, "settings images service_types zones keys servers");
    if (odd) {
        sim_text_fmt(error, "a seed has no member \"%s\"", odd);
        return false;
    }
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t i = 0; i < sim_json_list(seed, kinds[k].name); i++)
            if (!kinds[k].add(state, sim_json_nth(seed, kinds[k].name, i), error))
                return false;
    return true;
}
