/* What there is to begin with, and seeds: accounts with keys and users, packages, images, networks,
 * machines. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "joyent.h"

static bool refuse(struct sim_text *error, const char *what, const char *text)
{
    sim_text_fmt(error, "%s: %s", what, text ? text : "missing");
    return false;
}

static const char *text_or(struct json_object *json, const char *name, const char *absent)
{
    const char *text = sim_json_text(json, name);
    return text ? text : absent;
}

/* An id of the seed, or a new one. */
static bool take_id(struct joyent *cloud, char *id, struct json_object *json,
                    struct sim_text *error)
{
    const char *text = sim_json_text(json, "id");
    if (!text) {
        joy_uuid(cloud->sim, id);
        return true;
    }
    if (!joy_is_uuid(text))
        return refuse(error, "id: this is no UUID", text);
    memcpy(id, text, JOY_UUID);
    return true;
}

static bool check_words(struct json_object *json, const char *what, const char *words,
                        struct sim_text *error)
{
    const char *unknown = sim_json_unknown(json, words);
    if (unknown)
        sim_text_fmt(error, "%s: there is no member \"%s\"; there are: %s", what, unknown, words);
    return !unknown;
}

/* ---- Accounts
 * ---------------------------------------------------------------------------------------- */

static bool seed_keys(struct joy_keys *keys, struct json_object *json, struct sim_text *error)
{
    for (size_t i = 0; i < sim_json_list(json, "keys"); i++) {
        struct json_object *at = sim_json_nth(json, "keys", i);
        const char *line = sim_json_text(at, "key"), *why = "it has no key";
        if (!line || !joy_key_add(keys, sim_json_text(at, "name"), line, &why))
            return refuse(error, "keys", why);
    }
    return true;
}

static bool seed_account(struct joyent *cloud, struct json_object *json, struct sim_text *error)
{
    const char *login = sim_json_text(json, "login");
    struct joy_account *a = joy_account_find(cloud, login);
    if (!check_words(json, "accounts", "login password disabled keys users", error))
        return false;
    if (!login)
        return refuse(error, "accounts", "one has no login");
    if (!a)
        a = joy_account_new(cloud, login, text_or(json, "password", "secret"));
    a->disabled = sim_json_bool(json, "disabled", a->disabled);
    if (!seed_keys(&a->keys, json, error))
        return false;
    for (size_t i = 0; i < sim_json_list(json, "users"); i++) {
        struct json_object *at = sim_json_nth(json, "users", i);
        const char *name = sim_json_text(at, "login");
        if (!name)
            return refuse(error, "users", "one has no login");
        struct joy_user *u = joy_user_find(a, name);
        if (!seed_keys(&(u ? u : joy_user_new(cloud, a, name))->keys, at, error))
            return false;
    }
    return true;
}

/* ---- What machines are made of
 * -------------------------------------------------------------------------- */

static bool seed_package(struct joyent *cloud, struct json_object *json, struct sim_text *error)
{
    struct joy_package *p;
    const char *name = sim_json_text(json, "name");
    char id[JOY_UUID];
    if (!check_words(json, "packages",
                     "id name brand group memory disk swap vcpus lwps default inactive", error) ||
        !take_id(cloud, id, json, error))
        return false;
    if (!name || joy_package_find(cloud, name))
        return refuse(error, "packages: a name is missing or there already", name);
    p = sim_alloc(sizeof *p);
    memcpy(p->id, id, sizeof p->id);
    p->name = sim_strdup(name);
    p->brand = sim_strdup(sim_json_text(json, "brand"));
    p->group = sim_strdup(text_or(json, "group", "standard"));
    p->memory = sim_json_int(json, "memory", 1024);
    p->disk = sim_json_int(json, "disk", 25600);
    p->swap = sim_json_int(json, "swap", p->memory * 2);
    p->vcpus = sim_json_int(json, "vcpus", 0);
    p->lwps = sim_json_int(json, "lwps", 4000);
    p->is_default = sim_json_bool(json, "default", false);
    p->inactive = sim_json_bool(json, "inactive", false);
    SIM_PUSH(cloud->packages.at, cloud->packages.n, cloud->packages.size);
    cloud->packages.at[cloud->packages.n++] = p;
    return true;
}

static bool seed_image(struct joyent *cloud, struct json_object *json, struct sim_text *error)
{
    const char *name = sim_json_text(json, "name"), *owner = sim_json_text(json, "owner");
    const char *published = text_or(json, "published_at", "2020-01-01T00:00:00Z");
    struct joy_image *i;
    char id[JOY_UUID];
    if (!check_words(json, "images",
                     "id name version os type description owner published_at min_memory "
                     "max_memory password default",
                     error) ||
        !take_id(cloud, id, json, error))
        return false;
    if (!name || sim_iso_parse(published) < 0 || (owner && !joy_account_find(cloud, owner)))
        return refuse(error, "images: name, owner or published_at of one is not good", name);
    i = sim_alloc(sizeof *i);
    memcpy(i->id, id, sizeof i->id);
    i->name = sim_strdup(name);
    i->version = sim_strdup(text_or(json, "version", "1.0.0"));
    i->os = sim_strdup(text_or(json, "os", "linux"));
    i->type = sim_strdup(text_or(json, "type", "lx-dataset"));
    i->description = sim_strdup(text_or(json, "description", name));
    i->owner = owner ? joy_account_find(cloud, owner) : NULL;
    i->published = sim_iso_parse(published);
    i->min_memory = sim_json_int(json, "min_memory", 0);
    i->max_memory = sim_json_int(json, "max_memory", 0);
    i->password = sim_json_bool(json, "password", false);
    i->is_default = sim_json_bool(json, "default", false);
    i->state = "active";
    SIM_PUSH(cloud->images.at, cloud->images.n, cloud->images.size);
    cloud->images.at[cloud->images.n++] = i;
    return true;
}

static bool seed_network(struct joyent *cloud, struct json_object *json, struct sim_text *error)
{
    const char *name = sim_json_text(json, "name"), *subnet = sim_json_text(json, "subnet");
    struct joy_network *n;
    struct in_addr base;
    char id[JOY_UUID];
    if (!check_words(json, "networks", "id name public fabric subnet", error) ||
        !take_id(cloud, id, json, error))
        return false;
    if (!name || !subnet || inet_pton(AF_INET, subnet, &base) != 1)
        return refuse(error, "networks: name and subnet (203.0.113.0)", name);
    n = sim_alloc(sizeof *n);
    memcpy(n->id, id, sizeof n->id);
    n->name = sim_strdup(name);
    n->base = ntohl(base.s_addr) & 0xffffff00u;
    n->fabric = sim_json_bool(json, "fabric", false);
    n->is_public = sim_json_bool(json, "public", !n->fabric);
    SIM_PUSH(cloud->networks.at, cloud->networks.n, cloud->networks.size);
    cloud->networks.at[cloud->networks.n++] = n;
    return true;
}

/* ---- Machines
 * ------------------------------------------------------------------------------------------- */

static const char *state_word(const char *text)
{
    static const char *const words[] = {"provisioning", "ready",   "running", "stopping", "stopped",
                                        "offline",      "deleted", "failed",  "unknown"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (joy_same(words[i], text))
            return words[i];
    return NULL;
}

static const char *brand_word(const char *text)
{
    static const char *const words[] = {"joyent", "joyent-minimal", "lx", "kvm", "bhyve"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (joy_same(words[i], text))
            return words[i];
    return NULL;
}

static void merge(struct json_object *to, struct json_object *from)
{
    if (!json_object_is_type(from, json_type_object))
        return;
    json_object_object_foreach(from, name, value)
    {
        json_object_object_add(to, name, json_object_get(value));
    }
}

struct model {
    struct joy_account *owner;
    struct joy_image *image;
    struct joy_package *package;
    const char *state, *brand, *name;
};

static void add_machine(struct joyent *cloud, struct json_object *json, const struct model *m,
                        const char *id, int64_t n)
{
    struct joy_machine *x = joy_machine_new(cloud, m->owner);
    const char *mark = strstr(m->name, "{n}"), *created = sim_json_text(json, "created");
    if (id) {
        sim_map_remove(&cloud->machines_by_id, x->id);
        memcpy(x->id, id, sizeof x->id);
        sim_map_put(&cloud->machines_by_id, x->id, x);
    }
    x->name = mark ? sim_fmt("%.*s%lld%s", (int)(mark - m->name), m->name, (long long)n, mark + 3)
                   : sim_strdup(m->name);
    memcpy(x->image, m->image->id, sizeof x->image);
    x->package = sim_strdup(m->package->name);
    x->memory = m->package->memory;
    x->disk = m->package->disk;
    x->brand = m->brand;
    x->state = m->state;
    x->docker = sim_json_bool(json, "docker", false);
    x->protect = sim_json_bool(json, "deletion_protection", false);
    x->firewall = sim_json_bool(json, "firewall_enabled", false);
    x->fixed_ips = json_object_get(sim_json_get(json, "ips"));
    if (created && sim_iso_parse(created) >= 0)
        x->created = x->updated = sim_iso_parse(created);
    if (joy_same(m->state, "deleted"))
        x->deleted = x->updated;
    merge(x->metadata, sim_json_get(json, "metadata"));
    merge(x->tags, sim_json_get(json, "tags"));
    if (cloud->networks.n)
        x->networks[x->n_networks++] = cloud->networks.at[0];
    if (!joy_same(m->state, "provisioning"))
        joy_machine_address(cloud, x, x->created - cloud->settings->dhcp_ms);
}

static bool seed_machine(struct joyent *cloud, struct json_object *json, struct sim_text *error)
{
    struct model m = {
        .owner = joy_account_find(cloud, text_or(json, "account", "demo")),
        .image = sim_json_text(json, "image") ? joy_image_by_id(cloud, sim_json_text(json, "image"))
                                              : cloud->images.at[0],
        .package = sim_json_text(json, "package")
                       ? joy_package_find(cloud, sim_json_text(json, "package"))
                       : cloud->packages.at[0],
        .state = state_word(text_or(json, "state", "running")),
        .brand = brand_word(text_or(json, "brand", "lx")),
        .name = text_or(json, "name", "machine-{n}"),
    };
    const char *id = sim_json_text(json, "id");
    int64_t count = sim_json_int(json, "count", 1);
    if (!check_words(json, "machines",
                     "id name account image package state brand docker deletion_protection "
                     "firewall_enabled ips created metadata tags count",
                     error))
        return false;
    if (!m.owner || !m.image || !m.package || !m.state || !m.brand)
        return refuse(
            error, "machines: account, image, package, state or brand of one is not there", m.name);
    if (id && (count > 1 || !joy_is_uuid(id) || sim_map_get(&cloud->machines_by_id, id)))
        return refuse(error, "machines: an id that is no UUID, or there already", id);
    for (int64_t n = 1; n <= count; n++)
        add_machine(cloud, json, &m, id, n);
    return true;
}

/* ---- All of it
 * ------------------------------------------------------------------------------------------ */

bool joy_seed(void *state, struct json_object *seed, struct sim_text *error)
{
    static const struct {
        const char *name;
        bool (*add)(struct joyent *cloud, struct json_object *json, struct sim_text *error);
    } lists[] = {{"networks", seed_network}, /* the first is what new accounts begin with */
                 {"accounts", seed_account},
                 {"packages", seed_package},
                 {"images", seed_image},
                 {"machines", seed_machine}};
    if (!check_words(seed, "a seed", "settings accounts packages networks images machines", error))
        return false;
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        for (size_t i = 0; i < sim_json_list(seed, lists[k].name); i++)
            if (!lists[k].add(state, sim_json_nth(seed, lists[k].name, i), error))
                return false;
    return true;
}

/* The same ids in every run. */
static const char defaults[] =
    "{\"networks\": ["
    "{\"id\": \"a9c130da-e3ba-40e9-8b18-112aba200001\", \"name\": \"external\","
    " \"subnet\": \"203.0.113.0\"},"
    "{\"id\": \"45607081-4cd2-45c8-baf7-79da76000001\", \"name\": \"My-Fabric-Network\","
    " \"subnet\": \"192.168.128.0\", \"fabric\": true}],"
    "\"accounts\": [{\"login\": \"demo\"}],"
    "\"packages\": ["
    "{\"id\": \"8a1b44c2-aaaa-4bbb-8ccc-000000000001\", \"name\": \"sdc_128\", \"memory\": 128,"
    " \"disk\": 12288, \"default\": true},"
    "{\"id\": \"14af2214-aaaa-4bbb-8ccc-000000000002\", \"name\": \"g4-highcpu-1G\","
    " \"memory\": 1024, \"disk\": 25600, \"vcpus\": 1, \"group\": \"highcpu\"},"
    "{\"id\": \"5d1e0f36-aaaa-4bbb-8ccc-000000000003\", \"name\": \"Large 16GB\","
    " \"memory\": 16384, \"disk\": 490496, \"vcpus\": 3},"
    "{\"id\": \"a9c0b1d8-aaaa-4bbb-8ccc-000000000004\", \"name\": \"k4-highcpu-kvm-1G\","
    " \"memory\": 1024, \"disk\": 25600, \"vcpus\": 1, \"brand\": \"kvm\"},"
    "{\"id\": \"f0e6d5a4-aaaa-4bbb-8ccc-000000000005\", \"name\": \"retired\", \"memory\": 512,"
    " \"inactive\": true}],";
static const char default_images[] =
    "\"images\": ["
    "{\"id\": \"2b683a82-a066-11e3-97ab-2faa44700001\", \"name\": \"base-64\","
    " \"version\": \"13.4.0\", \"os\": \"smartos\", \"type\": \"zone-dataset\","
    " \"published_at\": \"2014-02-28T10:50:42Z\", \"default\": true},"
    "{\"id\": \"0c3f7a10-a066-11e3-97ab-2faa44700002\", \"name\": \"nodejs\","
    " \"version\": \"1.3.3\", \"os\": \"smartos\", \"type\": \"zone-dataset\","
    " \"published_at\": \"2012-01-01T00:00:00Z\", \"password\": true},"
    "{\"id\": \"1f6a4e72-a066-11e3-97ab-2faa44700003\", \"name\": \"nodejs\","
    " \"version\": \"1.4.0\", \"os\": \"smartos\", \"type\": \"zone-dataset\","
    " \"published_at\": \"2013-01-01T00:00:00Z\", \"password\": true},"
    "{\"id\": \"c2c31b00-a066-11e3-97ab-2faa44700004\", \"name\": \"debian-12\","
    " \"version\": \"20240726\", \"os\": \"linux\", \"type\": \"lx-dataset\","
    " \"published_at\": \"2024-07-26T00:00:00Z\"},"
    "{\"id\": \"7b5981c4-a066-11e3-97ab-2faa44700005\", \"name\": \"ubuntu-certified-22.04\","
    " \"version\": \"20240101\", \"os\": \"linux\", \"type\": \"zvol\", \"min_memory\": 1024,"
    " \"published_at\": \"2024-01-01T00:00:00Z\"}]}";

void joy_seed_defaults(struct joyent *cloud)
{
    struct sim_text text = {0}, error = {0};
    sim_text_puts(&text, defaults);
    sim_text_puts(&text, default_images);
    struct json_object *seed = sim_json_parse(text.data, text.len, &error);
    if (!seed || !joy_seed(cloud, seed, &error)) {
        fprintf(stderr, "nube-sim: its own seed: %s\n", error.data);
        abort();
    }
    json_object_put(seed);
    sim_text_free(&text);
    sim_text_free(&error);
}
