/* Seeds: projects, users, flavors, images, keys, networks, groups and servers, in bulk. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "openstack.h"

struct seeder {
    struct os_cloud *cloud;
    struct os_region *region;
    struct os_project *project;
    struct sim_text *error;
};

static bool refuse(struct seeder *s, const char *what, const char *name)
{
    sim_text_fmt(s->error, "%s: %s", what, name);
    return false;
}

static const char *text_or(struct json_object *json, const char *name, const char *absent)
{
    const char *text = sim_json_text(json, name);
    return text ? text : absent;
}

/* {n} becomes the number; free(). */
static char *numbered(const char *text, int64_t n)
{
    const char *at = strstr(text, "{n}");
    return at ? sim_fmt("%.*s%lld%s", (int)(at - text), text, (long long)n, at + 3)
              : sim_strdup(text);
}

static void numbered_pairs(struct sim_dict *to, struct json_object *json, int64_t n)
{
    if (!json_object_is_type(json, json_type_object))
        return;
    json_object_object_foreach(json, key, value)
    {
        char *text = numbered(json_object_get_string(value), n);
        sim_dict_set(to, key, text);
        free(text);
    }
}

static void words(struct sim_dict *to, struct json_object *json, const char *name)
{
    for (size_t i = 0; i < sim_json_list(json, name); i++)
        sim_dict_set(to, json_object_get_string(sim_json_nth(json, name, i)), "");
}

static bool seed_region(struct seeder *s, struct json_object *json)
{
    const char *name = json_object_get_string(json);
    if (!os_region_find(s->cloud, name, strlen(name)))
        os_region_new(s->cloud, name);
    return true;
}

static bool seed_project(struct seeder *s, struct json_object *json)
{
    struct json_object *quota = sim_json_get(json, "quota");
    const char *name = text_or(json, "name", "project");
    struct os_project *p = os_project_find(s->cloud, name);
    if (!p)
        p = os_project_new(s->cloud, name, sim_json_text(json, "id"));
    if (!quota)
        return true;
    struct os_quota usual = os_quota_of(s->cloud, p);
    p->quota = (struct os_quota){sim_json_int(quota, "instances", usual.instances),
                                 sim_json_int(quota, "cores", usual.cores),
                                 sim_json_int(quota, "ram", usual.ram),
                                 sim_json_int(quota, "key_pairs", usual.key_pairs),
                                 sim_json_int(quota, "metadata", usual.metadata),
                                 sim_json_int(quota, "floating_ips", usual.floating_ips),
                                 sim_json_int(quota, "groups", usual.groups)};
    p->own_quota = true;
    return true;
}

static void set_text(char **to, const char *text)
{
    if (!text)
        return;
    free(*to);
    *to = sim_strdup(text);
}

static bool seed_user(struct seeder *s, struct json_object *json)
{
    const char *name = text_or(json, "name", "user");
    const char *role = text_or(json, "role", "member");
    struct os_user *u = os_user_find(s->cloud, name);
    if (!u)
        u = os_user_new(s->cloud, name, "secret");
    set_text(&u->password, sim_json_text(json, "password"));
    set_text(&u->api_key, sim_json_text(json, "api_key"));
    set_text(&u->access_key, sim_json_text(json, "access_key"));
    set_text(&u->secret_key, sim_json_text(json, "secret_key"));
    set_text(&u->domain, sim_json_text(json, "domain"));
    u->enabled = sim_json_bool(json, "enabled", u->enabled);
    u->mfa = sim_json_bool(json, "mfa", u->mfa);
    u->admin = u->admin || !strcmp(role, "admin");
    for (size_t i = 0; i < sim_json_list(json, "projects"); i++) {
        const char *project = json_object_get_string(sim_json_nth(json, "projects", i));
        struct os_project *p = os_project_find(s->cloud, project);
        if (!p)
            return refuse(s, "there is no such project", project);
        os_user_role(u, p, os_word(s->cloud, role));
        if (s->cloud->rackspace && !u->initial)
            u->initial = p;
    }
    const char *initial = sim_json_text(json, "default_project");
    if (initial)
        u->initial = os_project_find(s->cloud, initial);
    return true;
}

static bool seed_credential(struct seeder *s, struct json_object *json)
{
    const char *user = text_or(json, "user", "demo");
    struct os_user *u = os_user_find(s->cloud, user);
    const char *expires = sim_json_text(json, "expires");
    if (!u)
        return refuse(s, "there is no such user", user);
    struct os_credential *k =
        os_credential_new(s->cloud, u, s->project, text_or(json, "name", "app"),
                          sim_json_text(json, "id"), text_or(json, "secret", "secret"));
    k->expires = expires ? sim_iso_parse(expires) : 0;
    k->unrestricted = sim_json_bool(json, "unrestricted", false);
    return true;
}

static bool seed_flavor(struct seeder *s, struct json_object *json)
{
    int64_t count = sim_json_int(json, "count", 1);
    for (int64_t i = 1; i <= count; i++) {
        char *name = numbered(text_or(json, "name", "flavor-{n}"), i);
        char *id = sim_json_text(json, "id") ? numbered(sim_json_text(json, "id"), i) : NULL;
        struct os_flavor *f =
            os_flavor_new(s->region, id, name, sim_json_int(json, "ram", 512),
                          sim_json_int(json, "disk", 1), sim_json_int(json, "vcpus", 1));
        sim_dict_merge(&f->specs, sim_json_get(json, "extra_specs"));
        f->ephemeral = sim_json_int(json, "ephemeral", 0);
        f->swap = sim_json_int(json, "swap", 0);
        free(name);
        free(id);
    }
    return true;
}

static bool seed_image(struct seeder *s, struct json_object *json)
{
    int64_t count = sim_json_int(json, "count", 1);
    const char *visibility = text_or(json, "visibility", "public");
    struct os_project *owner = sim_json_text(json, "project") ? s->project : NULL;
    if (strcmp(visibility, "public") != 0)
        owner = s->project;
    for (int64_t i = 1; i <= count; i++) {
        char *name = numbered(text_or(json, "name", "image-{n}"), i);
        struct os_image *m =
            os_image_new(s->region, owner, name, count == 1 ? sim_json_text(json, "id") : NULL);
        m->visibility = os_word(s->cloud, visibility);
        m->status = os_word(s->cloud, text_or(json, "status", "active"));
        m->size = sim_json_int(json, "size", m->size);
        m->min_disk = sim_json_int(json, "min_disk", 0);
        m->min_ram = sim_json_int(json, "min_ram", 0);
        sim_dict_merge(&m->properties, sim_json_get(json, "properties"));
        words(&m->tags, json, "tags");
        free(name);
    }
    return true;
}

static bool seed_key(struct seeder *s, struct json_object *json)
{
    const char *user = text_or(json, "user", "demo"), *name = text_or(json, "name", "key");
    const char *line = text_or(json, "public_key", "");
    struct os_user *u = os_user_find(s->cloud, user);
    if (!u)
        return refuse(s, "there is no such user", user);
    return os_key_import(s->region, u, name, line) ? true
                                                   : refuse(s, "not an OpenSSH public key", name);
}

static bool seed_network(struct seeder *s, struct json_object *json)
{
    struct os_network *n =
        os_network_new(s->region, s->project, text_or(json, "name", "net"),
                       sim_json_text(json, "id"), text_or(json, "cidr", "10.30.0.0/16"));
    n->shared = sim_json_bool(json, "shared", false);
    n->external = sim_json_bool(json, "external", false);
    return true;
}

static bool seed_group(struct seeder *s, struct json_object *json)
{
    os_group_new(s->region, s->project, text_or(json, "name", "group"),
                 sim_json_text(json, "description"));
    return true;
}

/* An image of a name or id; NULL: there is none. */
static struct os_res *by_name(const struct os_region *region, enum os_kind kind, const char *name)
{
    const struct os_store *store = &region->stores[kind];
    struct os_res *res = os_find(region, kind, name);
    for (size_t i = 0; !res && i < store->n; i++)
        if (!strcmp(store->at[i]->name, name))
            res = store->at[i];
    return res;
}

static const struct {
    const char *status;
    enum os_vm vm;
} states[] = {{"BUILD", OS_BUILDING},
              {"ACTIVE", OS_ACTIVE},
              {"SHUTOFF", OS_STOPPED},
              {"PAUSED", OS_PAUSED},
              {"SUSPENDED", OS_SUSPENDED},
              {"RESCUE", OS_RESCUED},
              {"SHELVED_OFFLOADED", OS_SHELVED},
              {"ERROR", OS_ERROR}};

/* A status that no job leads to is only said. */
static void set_state(struct seeder *s, struct os_server *sv, struct json_object *json)
{
    const char *status = text_or(json, "status", "ACTIVE");
    const char *fault = sim_json_text(json, "fault");
    sv->vm = OS_ACTIVE;
    sv->launched = sv->res.created;
    size_t i = 0, n = sizeof states / sizeof *states;
    while (i < n && strcmp(states[i].status, status) != 0)
        i++;
    if (i < n)
        sv->vm = states[i].vm;
    else
        sv->status = os_word(s->cloud, status);
    sv->fault = sim_strdup(fault);
    sv->fault_code = (unsigned)sim_json_int(json, "fault_code", 500);
}

static bool read_model(struct seeder *s, struct json_object *json, struct os_launch *l,
                       struct os_user **user)
{
    bool rackspace = s->cloud->rackspace;
    const char *flavor = text_or(json, "flavor", rackspace ? "general1-1" : "m1.tiny");
    const char *image = text_or(json, "image",
                                rackspace ? "1d3ea64f-1ead-4042-8cb6-8ceb523b6149"
                                          : "debian-12-genericcloud-amd64");
    const char *name = text_or(json, "user", "demo");
    struct os_res *f = by_name(s->region, OS_FLAVOR, flavor);
    struct os_res *m = *image ? by_name(s->region, OS_IMAGE, image) : NULL;
    *user = os_user_find(s->cloud, name);
    if (!f)
        return refuse(s, "there is no such flavor", flavor);
    if (!m && *image)
        return refuse(s, "there is no such image", image);
    if (!*user)
        return refuse(s, "there is no such user", name);
    l->flavor = (struct os_flavor *)f;
    l->image = m ? os_word(s->cloud, m->id) : NULL;
    l->key = os_word(s->cloud, sim_json_text(json, "key"));
    l->zone = os_word(s->cloud, sim_json_text(json, "zone"));
    l->groups[0] = os_default_group(s->region, s->project);
    l->n_groups = rackspace ? 0 : 1;
    const struct os_store *nets = &s->region->stores[OS_NETWORK];
    for (size_t i = 0; i < nets->n && l->n_networks < 2; i++) {
        struct os_network *n = (struct os_network *)nets->at[i];
        if (n->shared && !n->external)
            l->networks[l->n_networks++] = n;
    }
    return true;
}

static bool seed_server(struct seeder *s, struct json_object *json)
{
    struct os_launch l = {0};
    struct os_user *user;
    int64_t count = sim_json_int(json, "count", 1), now = sim_life_ms(s->cloud->sim);
    const char *created = sim_json_text(json, "created");
    if (!read_model(s, json, &l, &user))
        return false;
    words(&l.tags, json, "tags");
    for (int64_t i = 1; i <= count; i++) {
        char *name = numbered(text_or(json, "name", "server-{n}"), i);
        l.name = name;
        numbered_pairs(&l.meta, sim_json_get(json, "metadata"), i);
        struct os_server *sv = os_server_new(s->region, s->project, user, &l,
                                             count == 1 ? sim_json_text(json, "id") : NULL,
                                             created ? sim_iso_parse(created) : now);
        sv->hidden = 0;
        set_state(s, sv, json);
        free(name);
    }
    sim_dict_free(&l.meta);
    sim_dict_free(&l.tags);
    return true;
}

static const struct {
    const char *name;
    bool (*run)(struct seeder *s, struct json_object *json);
    const char *members; /* NULL: it is a text */
} kinds[] = {
    {"regions", seed_region, NULL},
    {"projects", seed_project, "name id quota"},
    {"users", seed_user,
     "name password api_key access_key secret_key domain enabled mfa role projects "
     "default_project"},
    {"credentials", seed_credential, "name id secret user project expires unrestricted"},
    {"flavors", seed_flavor, "name id ram disk vcpus ephemeral swap extra_specs region count"},
    {"images", seed_image,
     "name id visibility status size min_disk min_ram properties tags project region count"},
    {"keys", seed_key, "name public_key user region"},
    {"networks", seed_network, "name id cidr shared external project region"},
    {"groups", seed_group, "name description project region"},
    {"servers", seed_server,
     "name id flavor image status user project key zone metadata tags created fault fault_code "
     "region count"},
};
enum { N_SEEDS = sizeof kinds / sizeof *kinds };

static bool seed_one(struct seeder *s, size_t kind, struct json_object *json)
{
    const char *unknown = kinds[kind].members ? sim_json_unknown(json, kinds[kind].members) : NULL;
    const char *region = sim_json_text(json, "region"), *project = sim_json_text(json, "project");
    if (unknown)
        return refuse(s, kinds[kind].name, unknown);
    if (!region || !kinds[kind].members)
        region = s->cloud->settings->region;
    s->region = os_region_find(s->cloud, region, strlen(region));
    s->project = project ? os_project_find(s->cloud, project) : s->cloud->projects[0];
    if (!s->region)
        return refuse(s, "there is no such region", region);
    if (!s->project)
        return refuse(s, "there is no such project", project);
    return kinds[kind].run(s, json);
}

bool os_seed(void *state, struct json_object *seed, struct sim_text *error)
{
    struct seeder s = {.cloud = state, .error = error};
    const char *unknown = sim_json_unknown(
        seed, "settings regions projects users credentials flavors images keys networks groups "
              "servers");
    if (unknown) {
        sim_text_fmt(error, "a seed has no \"%s\"", unknown);
        return false;
    }
    for (size_t kind = 0; kind < N_SEEDS; kind++)
        for (size_t i = 0; i < sim_json_list(seed, kinds[kind].name); i++)
            if (!seed_one(&s, kind, sim_json_nth(seed, kinds[kind].name, i)))
                return false;
    return true;
}
