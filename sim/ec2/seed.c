/* Seeds: accounts, roles, regions, and objects of every kind from JSON. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "ec2.h"

/* Where objects of one element go. */
struct place {
    struct ec2 *cloud;
    struct ec2_region *region;
    const char *account;
    struct sim_text *error;
};

static bool refuse(const struct place *p, const char *what, const char *text)
{
    sim_text_fmt(p->error, "%s: %s", what, text ? text : "missing");
    return false;
}

static bool find_place(struct place *p, struct json_object *json)
{
    const char *region = sim_json_text(json, "region"), *account = sim_json_text(json, "account");
    p->region = ec2_region_find(p->cloud, region ? region : p->cloud->settings->region);
    p->account = ec2_intern(p->cloud, account ? account : "123456789012");
    if (!p->region)
        return refuse(p, "there is no such region", region);
    ec2_region_open(p->region, p->account);
    return true;
}

/* {n} in a text is the number of the object. */
static char *numbered(const char *text, int64_t n)
{
    const char *at = text ? strstr(text, "{n}") : NULL;
    return at ? sim_fmt("%.*s%lld%s", (int)(at - text), text, (long long)n, at + 3)
              : sim_strdup(text);
}

static void read_tags(struct ec2_tags *tags, struct json_object *json, int64_t n)
{
    struct json_object *object = sim_json_get(json, "tags");
    if (json_object_is_type(object, json_type_object)) {
        json_object_object_foreach(object, key, value)
        {
            char *text = numbered(json_object_get_string(value), n);
            ec2_tag_set(tags, key, text ? text : "");
            free(text);
        }
    }
}

static bool seed_region(struct place *p, struct json_object *json)
{
    const char *name = sim_json_text(json, "name"), *opt_in = sim_json_text(json, "opt_in");
    if (!name || strlen(name) > 31)
        return refuse(p, "a region's name", name);
    struct ec2_region *r = ec2_region_find(p->cloud, name);
    if (!r)
        r = ec2_region_new(p->cloud, name, "opt-in-not-required");
    if (opt_in)
        r->opt_in = ec2_intern(p->cloud, opt_in);
    return true;
}

static bool seed_type(struct place *p, struct json_object *json)
{
    for (int64_t n = 0; n < sim_json_int(json, "count", 1); n++) {
        char *name = numbered(sim_json_text(json, "name"), n);
        bool ok = name && *name && strlen(name) < 32 && !ec2_type_find(p->cloud, name);
        struct ec2_instance_type *t = ok ? ec2_type_add(p->cloud, name) : NULL;
        if (!ok)
            refuse(p, "an instance type's name", name);
        free(name);
        if (!t)
            return false;
        t->vcpus = sim_json_int(json, "vcpus", 2);
        t->cores = sim_json_int(json, "cores", t->vcpus);
        t->memory_mib = sim_json_int(json, "memory_mib", 4096);
        t->storage_gb = sim_json_int(json, "storage_gb", 0);
        t->arch = ec2_intern(p->cloud, sim_json_text(json, "architecture"));
        t->arch = t->arch ? t->arch : "x86_64";
        if (t->vcpus < 1 || t->cores < 1 || t->cores > t->vcpus)
            return refuse(p, "an instance type's vcpus or cores", t->res.id);
    }
    return true;
}

static bool seed_key(struct place *p, struct json_object *json)
{
    const char *name = sim_json_text(json, "name"), *line = sim_json_text(json, "public_key");
    const char *why = NULL;
    if (!name || !line)
        return refuse(p, "a key has a name and a public_key", name);
    struct ec2_key *k = ec2_key_import(p->region, p->account, name, line, &why);
    if (!k)
        return refuse(p, name, why);
    read_tags(&k->res.tags, json, 0);
    return true;
}

static bool seed_group(struct place *p, struct json_object *json)
{
    const char *name = sim_json_text(json, "name"), *text = sim_json_text(json, "description");
    const struct ec2_subnet *subnet = ec2_default_subnet(p->region, p->account, NULL);
    if (!name || !subnet)
        return refuse(p, "a group's name", name);
    struct ec2_group *g =
        ec2_group_new(p->region, p->account, name, text ? text : name, subnet->vpc);
    for (size_t i = 0; i < sim_json_list(json, "rules"); i++) {
        struct json_object *rule = sim_json_nth(json, "rules", i);
        const char *protocol = sim_json_text(rule, "protocol"), *cidr = sim_json_text(rule, "cidr");
        ec2_group_allow(g, protocol ? protocol : "tcp", sim_json_int(rule, "from", -1),
                        sim_json_int(rule, "to", sim_json_int(rule, "from", -1)),
                        cidr ? cidr : "0.0.0.0/0");
    }
    read_tags(&g->res.tags, json, 0);
    return true;
}

static const char *word(const struct place *p, struct json_object *json, const char *name,
                        const char *absent)
{
    const char *text = sim_json_text(json, name);
    return text ? ec2_intern(p->cloud, text) : absent;
}

static bool seed_image(struct place *p, struct json_object *json)
{
    const char *id = sim_json_text(json, "id"), *created = sim_json_text(json, "created");
    const char *owner = word(p, json, "owner", p->account);
    const char *text = sim_json_text(json, "description");
    int64_t count = sim_json_int(json, "count", 1), when = created ? sim_iso_parse(created) : 0;
    if ((id && (count > 1 || strlen(id) > 31 || sim_map_get(&p->region->by_id, id))) || when < 0)
        return refuse(p, "an image's id or created", id ? id : created);
    for (int64_t n = 0; n < count; n++) {
        char *name = numbered(sim_json_text(json, "name"), n);
        struct ec2_image *m = ec2_image_new(p->region, owner, id, name ? name : "image");
        free(name);
        m->arch = word(p, json, "architecture", m->arch);
        m->platform = word(p, json, "platform", NULL);
        m->root_device = word(p, json, "root_device", m->root_device);
        m->state = word(p, json, "state", m->state);
        m->owner_alias = word(p, json, "owner_alias", NULL);
        m->is_public = sim_json_bool(json, "public", false);
        m->instance_store = sim_json_bool(json, "instance_store", false);
        m->no_date = json_object_object_get_ex(json, "created", NULL) && !created;
        m->res.created = when ? when : m->res.created;
        if (text) {
            free(m->description);
            m->description = sim_strdup(text);
        }
        if (!m->instance_store) {
            m->snapshot = ec2_snapshot_new(p->region, owner, sim_json_int(json, "size_gb", 8),
                                           "vol-ffffffff");
            m->snapshot->images++;
        }
        read_tags(&m->res.tags, json, n);
    }
    return true;
}

static const struct {
    const char *name;
    enum ec2_state state;
} states[] = {{"pending", EC2_PENDING},
              {"running", EC2_RUNNING},
              {"stopping", EC2_STOPPING},
              {"stopped", EC2_STOPPED},
              {"shutting-down", EC2_SHUTTING_DOWN},
              {"terminated", EC2_TERMINATED}};

static bool read_state(const struct place *p, struct json_object *json, enum ec2_state *state)
{
    const char *name = sim_json_text(json, "state");
    *state = EC2_RUNNING;
    if (!name)
        return true;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (!strcmp(states[i].name, name)) {
            *state = states[i].state;
            return true;
        }
    return refuse(p, "there is no state", name);
}

/* The first image of the region with the type's architecture, or the one that is named. */
static const struct ec2_image *choose_image(const struct place *p, const char *id, const char *arch)
{
    const struct ec2_store *s = &p->region->stores[EC2_IMAGE];
    const struct ec2_res *named = id ? sim_map_get(&p->region->by_id, id) : NULL;
    if (id)
        return named && named->type == EC2_IMAGE ? (const struct ec2_image *)named : NULL;
    for (size_t i = 0; i < s->n; i++) {
        const struct ec2_image *m = (const struct ec2_image *)s->at[i];
        if (strstr(arch, m->arch) && !m->platform)
            return m;
    }
    return NULL;
}

static bool read_launch(struct place *p, struct json_object *json, struct ec2_launch *l)
{
    struct ec2_instance *m = &l->model;
    const char *type = sim_json_text(json, "type"), *zone = sim_json_text(json, "zone");
    m->type = ec2_type_find(p->cloud, type ? type : "t3.micro");
    if (!m->type)
        return refuse(p, "there is no instance type", type);
    const struct ec2_image *image = choose_image(p, sim_json_text(json, "image"), m->type->arch);
    if (!image)
        return refuse(p, "there is no image", sim_json_text(json, "image"));
    ec2_launch_image(l, image);
    m->subnet = ec2_default_subnet(p->region, p->account, zone);
    if (!m->subnet)
        return refuse(p, "there is no zone", zone);
    m->key = word(p, json, "key", NULL);
    m->lifecycle = word(p, json, "lifecycle", NULL);
    m->no_termination = sim_json_bool(json, "protected", false);
    m->ipv6 = sim_json_bool(json, "ipv6", false);
    m->hibernation = sim_json_bool(json, "hibernation", false);
    l->public_ip = sim_json_bool(json, "public_ip", true);
    SIM_PUSH(m->groups, m->n_groups, m->groups_size);
    m->groups[m->n_groups++] = ec2_default_group(p->region, p->account, m->subnet->vpc);
    return true;
}

/* `count` instances, `per_reservation` to a reservation. */
static bool seed_instance(struct place *p, struct json_object *json)
{
    struct ec2_launch l = {0};
    struct ec2_instance *made;
    enum ec2_state state = EC2_RUNNING;
    const char *id = sim_json_text(json, "id"), *launched = sim_json_text(json, "launched");
    const char *name = sim_json_text(json, "name");
    int64_t count = sim_json_int(json, "count", 1), per = sim_json_int(json, "per_reservation", 1);
    int64_t now = launched ? sim_iso_parse(launched) : sim_life_ms(p->cloud->sim);
    char reservation[24] = "";
    bool ok = read_state(p, json, &state) && read_launch(p, json, &l);
    if (ok && ((id && (count > 1 || strlen(id) > 31 || sim_map_get(&p->region->by_id, id))) ||
               now < 0 || per < 1))
        ok = refuse(p, "an instance's id, launched or per_reservation", id ? id : launched);
    for (int64_t n = 0; ok && n < count; n++) {
        ec2_launch(p->region, p->account, &l, 1, id, now, &made);
        if (n % per == 0)
            memcpy(reservation, made->reservation, sizeof reservation);
        memcpy(made->reservation, reservation, sizeof reservation);
        made->index = (unsigned)(n % per);
        char *text = numbered(name, n);
        if (text)
            ec2_tag_set(&made->res.tags, "Name", text);
        free(text);
        read_tags(&made->res.tags, json, n);
        if (state == EC2_STOPPED || state == EC2_TERMINATED)
            ec2_instance_by_user(made, now);
        ec2_instance_enter(made, state, state, 0, sim_life_ms(p->cloud->sim));
    }
    ec2_launch_free(&l);
    return ok;
}

static bool seed_volume(struct place *p, struct json_object *json)
{
    const char *zone = sim_json_text(json, "zone");
    const struct ec2_subnet *subnet = ec2_default_subnet(p->region, p->account, zone);
    if (!subnet)
        return refuse(p, "there is no zone", zone);
    struct ec2_volume *v = ec2_volume_new(p->region, p->account, sim_json_int(json, "size_gb", 8),
                                          word(p, json, "type", "gp3"), subnet->zone);
    read_tags(&v->res.tags, json, 0);
    return true;
}

static const struct {
    const char *name;
    bool (*seed)(struct place *p, struct json_object *json);
    const char *words; /* besides region, account and tags */
} kinds[] = {
    {"instance_types", seed_type,
     "name vcpus cores memory_mib storage_gb architecture count region account"},
    {"keys", seed_key, "name public_key region account tags"},
    {"groups", seed_group, "name description rules region account tags"},
    {"images", seed_image,
     "id name description architecture platform root_device state owner owner_alias public "
     "instance_store created size_gb count region account tags"},
    {"instances", seed_instance,
     "id name count per_reservation type image zone key state launched lifecycle protected ipv6 "
     "hibernation public_ip region account tags"},
    {"volumes", seed_volume, "size_gb type zone region account tags"},
};

static bool seed_objects(struct ec2 *cloud, struct json_object *seed, struct sim_text *error)
{
    struct place p = {.cloud = cloud, .error = error};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t i = 0; i < sim_json_list(seed, kinds[k].name); i++) {
            struct json_object *json = sim_json_nth(seed, kinds[k].name, i);
            const char *unknown = sim_json_unknown(json, kinds[k].words);
            if (unknown) {
                sim_text_fmt(error, "%s[%zu] has no \"%s\"; it has: %s", kinds[k].name, i, unknown,
                             kinds[k].words);
                return false;
            }
            if (!find_place(&p, json) || !kinds[k].seed(&p, json)) {
                sim_text_fmt(error, " (%s[%zu])", kinds[k].name, i);
                return false;
            }
        }
    return true;
}

bool ec2_seed(void *state, struct json_object *seed, struct sim_text *error)
{
    struct ec2 *cloud = state;
    struct place p = {.cloud = cloud, .error = error};
    const char *unknown = sim_json_unknown(
        seed,
        "settings credentials roles regions instance_types keys groups images instances volumes");
    if (unknown) {
        sim_text_fmt(error, "a seed has no \"%s\"", unknown);
        return false;
    }
    for (size_t i = 0; i < sim_json_list(seed, "credentials"); i++)
        if (!ec2_identity_seed(cloud, sim_json_nth(seed, "credentials", i), error))
            return false;
    for (size_t i = 0; i < sim_json_list(seed, "roles"); i++)
        if (!ec2_role_seed(cloud, sim_json_nth(seed, "roles", i), error))
            return false;
    for (size_t i = 0; i < sim_json_list(seed, "regions"); i++)
        if (!seed_region(&p, sim_json_nth(seed, "regions", i)))
            return false;
    return seed_objects(cloud, seed, error);
}
