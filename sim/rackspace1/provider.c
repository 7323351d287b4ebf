/* Rackspace's first generation as a provider: settings, seeds, and the life of its state. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "first.h"

#define AT(field) offsetof(struct fg_settings, field)
static const struct sim_setting settings[] = {
    {"token_s", SIM_INT, AT(token_s), "86400", "how long tokens hold"},
    {"build_ms", SIM_INT, AT(build_ms), "0",
     "how long BUILD takes; 0: the next request sees what comes after"},
    {"reboot_ms", SIM_INT, AT(reboot_ms), "0", "... REBOOT and HARD_REBOOT"},
    {"resize_ms", SIM_INT, AT(resize_ms), "0", "... QUEUE_RESIZE, PREP_RESIZE and RESIZE"},
    {"rebuild_ms", SIM_INT, AT(rebuild_ms), "0", "... REBUILD"},
    {"password_ms", SIM_INT, AT(password_ms), "0", "... PASSWORD"},
    {"share_ms", SIM_INT, AT(share_ms), "0", "... SHARE_IP and DELETE_IP"},
    {"image_ms", SIM_INT, AT(image_ms), "0", "... QUEUED, PREPARING and SAVING"},
    {"fail_builds", SIM_INT, AT(fail_builds), "0", "so many creates end in ERROR"},
    {"ram_limit", SIM_INT, AT(ram_limit), "0", "MB of all servers (maxTotalRAMSize); 0: any"},
    {"throttle_rate", SIM_INT, AT(throttle_rate), "0",
     "requests a second, then throttle_status; 0: any number"},
    {"throttle_burst", SIM_INT, AT(throttle_burst), "100", "how many at once"},
    {"throttle_status", SIM_INT, AT(throttle_status), "413", "413 or 503"},
    {"retry_header", SIM_WORD, AT(retry_header), "Retry-After",
     "in which they say when; the specification's Reply-After, or empty"},
    {"retry_after_s", SIM_INT, AT(retry_after_s), "1", "after how many seconds"},
    {"cached_203", SIM_BOOL, AT(cached_203), "false", "GETs answer 203: from a cache"},
};

static const struct sim_route routes[] = {{"POST", "/v1.1/auth", fg_auth_v11, "login"},
                                          {"POST", "/v2.0/tokens", fg_auth_v2, "login"},
                                          {"", "/*", fg_serve, NULL}};

static void *create(struct sim *s, void *own)
{
    static const struct {
        int id, ram, disk;
        const char *name;
    } flavors[] = {{1, 256, 10, "256 server"},      {2, 512, 20, "512 server"},
                   {3, 1024, 40, "1GB server"},     {4, 2048, 80, "2GB server"},
                   {5, 4096, 160, "4GB server"},    {6, 8192, 320, "8GB server"},
                   {7, 15872, 620, "15.5GB server"}};
    struct fg_cloud *cloud = sim_alloc(sizeof *cloud);
    cloud->sim = s;
    cloud->settings = own;
    cloud->last_server = 1000;
    cloud->last_group = 1233;
    cloud->next_public = 67u << 24 | 23u << 16 | 10u << 8 | 132;
    cloud->next_private = 10u << 24 | 176u << 16 | 42u << 8 | 16;
    struct fg_user *u = fg_user_new(cloud, "demo", "0123456789abcdef0123456789abcdef", 123456);
    u->password = sim_strdup("secret");
    for (size_t i = 0; i < sizeof flavors / sizeof *flavors; i++)
        fg_flavor_new(cloud, flavors[i].id, flavors[i].name, flavors[i].ram, flavors[i].disk);
    fg_image_new(cloud, 1, "CentOS 5.2", 0, 0);
    fg_image_new(cloud, 103, "Debian 5 (lenny)", 0, 0);
    fg_image_new(cloud, 112, "Ubuntu 10.04 LTS", 0, 0);
    cloud->last_image = 1000;
    return cloud;
}

static void free_lists(struct fg_cloud *cloud)
{
    for (size_t i = 0; i < cloud->n_flavors; i++) {
        free(cloud->flavors[i]->name);
        free(cloud->flavors[i]);
    }
    for (size_t i = 0; i < cloud->n_images; i++) {
        free(cloud->images[i]->name);
        free(cloud->images[i]);
    }
    for (size_t i = 0; i < cloud->n_groups; i++) {
        free(cloud->groups[i]->name);
        free(cloud->groups[i]);
    }
    for (size_t i = 0; i < cloud->n_servers; i++)
        fg_server_free(cloud->servers[i]);
    free(cloud->flavors);
    free(cloud->images);
    free(cloud->groups);
    free(cloud->servers);
}

static void free_state(void *state)
{
    struct fg_cloud *cloud = state;
    for (size_t i = 0; i < cloud->n_users; i++) {
        free(cloud->users[i]->name);
        free(cloud->users[i]->key);
        free(cloud->users[i]->password);
        free(cloud->users[i]);
    }
    for (size_t i = 0; i < cloud->n_tokens; i++)
        free(cloud->tokens[i]);
    free(cloud->users);
    free(cloud->tokens);
    free_lists(cloud);
    free(cloud);
}

static void status(void *state, struct sim_text *json)
{
    const struct fg_cloud *cloud = state;
    size_t n = 0;
    for (size_t i = 0; i < cloud->n_servers; i++)
        n += !cloud->servers[i]->deleted;
    sim_text_fmt(json, "\"servers\": %zu, \"images\": %zu, \"groups\": %zu, \"tokens\": %zu", n,
                 cloud->n_images, cloud->n_groups, cloud->n_tokens);
}

/* {n} becomes the number; free(). */
static char *numbered(const char *text, int64_t n)
{
    const char *at = strstr(text, "{n}");
    return at ? sim_fmt("%.*s%lld%s", (int)(at - text), text, (long long)n, at + 3)
              : sim_strdup(text);
}

static bool seed_servers(struct fg_cloud *cloud, struct json_object *json, struct sim_text *error)
{
    static const char *const known[][2] = {
        {"ACTIVE", NULL}, {"BUILD", NULL},   {"SUSPENDED", NULL}, {"ERROR", NULL},
        {"RESCUE", NULL}, {"UNKNOWN", NULL}, {"RESTORING", NULL}, {"QUEUE_MOVE", NULL}};
    const char *name = sim_json_text(json, "name"), *word = sim_json_text(json, "status");
    int64_t count = sim_json_int(json, "count", 1);
    size_t k = 0, n = sizeof known / sizeof *known;
    while (word && k < n && strcmp(known[k][0], word) != 0)
        k++;
    if (k == n) {
        sim_text_fmt(error, "a server cannot be seeded with the status %s", word);
        return false;
    }
    for (int64_t i = 1; i <= count; i++) {
        char *text = numbered(name ? name : "server-{n}", i);
        struct fg_server *sv =
            fg_server_new(cloud, cloud->users[0], text, sim_json_int(json, "image", 103),
                          sim_json_int(json, "flavor", 1));
        sv->course.words = known[k];
        sim_dict_merge(&sv->meta, sim_json_get(json, "metadata"));
        free(text);
    }
    return true;
}

bool fg_seed(void *state, struct json_object *seed, struct sim_text *error)
{
    struct fg_cloud *cloud = state;
    const char *unknown = sim_json_unknown(seed, "settings users servers");
    if (unknown) {
        sim_text_fmt(error, "a seed has no \"%s\"", unknown);
        return false;
    }
    for (size_t i = 0; i < sim_json_list(seed, "users"); i++) {
        struct json_object *json = sim_json_nth(seed, "users", i);
        const char *name = sim_json_text(json, "name"), *key = sim_json_text(json, "api_key");
        struct fg_user *u = fg_user_new(cloud, name ? name : "user", key ? key : "key",
                                        sim_json_int(json, "account", 123456));
        u->password = sim_strdup(sim_json_text(json, "password"));
    }
    for (size_t i = 0; i < sim_json_list(seed, "servers"); i++) {
        struct json_object *json = sim_json_nth(seed, "servers", i);
        unknown = sim_json_unknown(json, "name count image flavor metadata status");
        if (unknown) {
            sim_text_fmt(error, "servers: %s", unknown);
            return false;
        }
        if (!seed_servers(cloud, json, error))
            return false;
    }
    return true;
}

static const char help[] =
    "  Authentication by headers (GET /v1.0), v1.1 and v2.0, and Cloud Servers v1.0 in JSON and\n"
    "  XML, by Accept or suffix. User demo, API key 0123456789abcdef0123456789abcdef, account\n"
    "  123456. POST " SIM_CONTROL "tokens {\"revoke\": PATTERN of user or id}.\n";

const struct sim_provider sim_rackspace_first_gen = {
    .name = "rackspace-first-gen",
    .title = "Rackspace, first generation: Cloud Servers v1.0",
    .routes = routes,
    .n_routes = sizeof routes / sizeof *routes,
    .settings = settings,
    .n_settings = sizeof settings / sizeof *settings,
    .settings_size = sizeof(struct fg_settings),
    .create = create,
    .free = free_state,
    .seed = fg_seed,
    .action = fg_action_name,
    .error = fg_error,
    .status = status,
    .control = fg_control,
    .help = help,
};
