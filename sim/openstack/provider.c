/* OpenStack and Rackspace as providers: their settings, and the life of their state. */
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "openstack.h"

#define AT(field) offsetof(struct os_settings, field)
/* What differs between the two are initial values. */
#define SETTINGS(region_word, token, throttle, page, reuse)                                        \
    {"region", SIM_WORD, AT(region), region_word, "of seeds"},                                     \
        {"identity_v2", SIM_BOOL, AT(identity_v2), "true", "Keystone v2.0 answers"},               \
        {"token_s", SIM_INT, AT(token_s), token, "how long tokens hold"},                          \
        {"reuse_tokens", SIM_BOOL, AT(reuse_tokens), reuse,                                        \
         "v2.0 gives the same token until an hour before its end"},                                \
        {"revoke_after", SIM_INT, AT(revoke_after), "0",                                           \
         "the n-th request from now finds every token revoked, once; 0: none"},                    \
        {"mfa_passcode", SIM_WORD, AT(mfa_passcode), "123456", "of users with a second factor"},   \
        {"build_ms", SIM_INT, AT(build_ms), "0",                                                   \
         "how long BUILD takes; 0: the next request sees what comes after"},                       \
        {"stop_ms", SIM_INT, AT(stop_ms), "0", "... powering-off"},                                \
        {"start_ms", SIM_INT, AT(start_ms), "0", "... powering-on"},                               \
        {"reboot_ms", SIM_INT, AT(reboot_ms), "0", "... REBOOT and HARD_REBOOT"},                  \
        {"pause_ms", SIM_INT, AT(pause_ms), "0", "... pause, unpause, suspend, resume"},           \
        {"resize_ms", SIM_INT, AT(resize_ms), "0", "... RESIZE and REVERT_RESIZE"},                \
        {"rebuild_ms", SIM_INT, AT(rebuild_ms), "0", "... REBUILD"},                               \
        {"rescue_ms", SIM_INT, AT(rescue_ms), "0", "... rescue and unrescue"},                     \
        {"shelve_ms", SIM_INT, AT(shelve_ms), "0", "... shelve and unshelve"},                     \
        {"password_ms", SIM_INT, AT(password_ms), "0", "... PASSWORD"},                            \
        {"delete_ms", SIM_INT, AT(delete_ms), "0", "... deleting"},                                \
        {"image_ms", SIM_INT, AT(image_ms), "0", "... an image that is being made"},               \
        {"floating_ms", SIM_INT, AT(floating_ms), "0",                                             \
         "until a server's addresses show its floating IP"},                                       \
        {"visible_after_requests", SIM_INT, AT(visible_after_requests), "0",                       \
         "so many requests do not find a fresh server"},                                           \
        {"page_max", SIM_INT, AT(page_max), page, "the most that a page of compute holds"},        \
        {"image_page", SIM_INT, AT(image_page), "25", "a page of Glance without limit"},           \
        {"image_page_max", SIM_INT, AT(image_page_max), "1000", "... at most"},                    \
        {"network_page_max", SIM_INT, AT(network_page_max), "0",                                   \
         "a page of Neutron, which then has links both ways; 0: all"},                             \
        {"page_repeat_link", SIM_BOOL, AT(page_repeat_link), "false",                              \
         "the second page's link leads to itself: a faulty server"},                               \
        {"cached_203", SIM_BOOL, AT(cached_203), "false", "GETs answer 203: from a cache"},        \
        {"throttle_rate", SIM_INT, AT(throttle_rate), "0",                                         \
         "requests a second, then throttle_status; 0: any number"},                                \
        {"throttle_burst", SIM_INT, AT(throttle_burst), "100", "how many at once"},                \
        {"throttle_status", SIM_INT, AT(throttle_status), throttle, "413, 429 or 503"},            \
        {"retry_after", SIM_WORD, AT(retry_after), "1",                                            \
         "the Retry-After of those: seconds, a date, or empty for none"},                          \
        {"fail_builds", SIM_INT, AT(fail_builds), "0", "so many creates end in ERROR"},            \
        {"quota_instances", SIM_INT, AT(quota_instances), "-1", "of each project; -1: any"},       \
        {"quota_cores", SIM_INT, AT(quota_cores), "-1", ""},                                       \
        {"quota_ram", SIM_INT, AT(quota_ram), "-1", "MiB"},                                        \
        {"quota_key_pairs", SIM_INT, AT(quota_key_pairs), "100", "of each user"},                  \
        {"quota_metadata", SIM_INT, AT(quota_metadata), "128", "items of a server"},               \
        {"quota_floating_ips", SIM_INT, AT(quota_floating_ips), "50", ""},                         \
    {                                                                                              \
        "quota_groups", SIM_INT, AT(quota_groups), "100", "security groups"                        \
    }

static const struct sim_setting stock[] = {
    SETTINGS("RegionOne", "3600", "429", "1000", "false"),
    {"identity_v3", SIM_BOOL, AT(identity_v3), "true", "Keystone v3 answers"},
    {"compute_min", SIM_WORD, AT(compute_min), "2.1", "Nova's microversions, from"},
    {"compute_max", SIM_WORD, AT(compute_max), "2.93", "... to"},
};

static const struct sim_setting rackspace[] = {
    SETTINGS("DFW", "86400", "413", "1000", "true"),
    {"market", SIM_WORD, AT(market), "us", "of the account: us, uk (which has LON alone), or all"},
};

static const struct sim_setting hp_settings[] = {
    SETTINGS("region-b.geo-1", "43200", "413", "1000", "false"),
    {"identity_v3", SIM_BOOL, AT(identity_v3), "false", "Keystone v3 answers"},
};

static const struct sim_route routes[] = {{"", "/*", os_serve, NULL}};

static void *create(struct sim *s, void *own, bool is_rackspace, bool hp)
{
    struct os_cloud *cloud = sim_alloc(sizeof *cloud);
    cloud->sim = s;
    cloud->settings = own;
    cloud->rackspace = is_rackspace;
    cloud->hp = hp;
    os_cloud_init(cloud);
    return cloud;
}

static void *create_stock(struct sim *s, void *own)
{
    return create(s, own, false, false);
}

static void *create_rackspace(struct sim *s, void *own)
{
    return create(s, own, true, false);
}

static void *create_hp(struct sim *s, void *own)
{
    return create(s, own, false, true);
}

static void free_user(struct os_user *u)
{
    free(u->name);
    free(u->domain);
    free(u->password);
    free(u->api_key);
    free(u->access_key);
    free(u->secret_key);
    free(u->roles);
    free(u);
}

static void free_people(struct os_cloud *cloud)
{
    for (size_t i = 0; i < cloud->n_projects; i++) {
        free(cloud->projects[i]->name);
        free(cloud->projects[i]->domain);
        free(cloud->projects[i]);
    }
    for (size_t i = 0; i < cloud->n_users; i++)
        free_user(cloud->users[i]);
    for (size_t i = 0; i < cloud->n_credentials; i++) {
        free(cloud->credentials[i]->name);
        free(cloud->credentials[i]->secret);
        free(cloud->credentials[i]->description);
        free(cloud->credentials[i]);
    }
    free(cloud->projects);
    free(cloud->users);
    free(cloud->credentials);
}

static void free_state(void *state)
{
    struct os_cloud *cloud = state;
    os_tokens_free(cloud);
    for (size_t i = 0; i < cloud->n_regions; i++)
        os_region_free(cloud->regions[i]);
    free(cloud->regions);
    free_people(cloud);
    for (size_t i = 0; i < cloud->words.size; i++)
        free(cloud->words.at[i].value);
    sim_map_free(&cloud->words);
    free(cloud);
}

static void status(void *state, struct sim_text *json)
{
    static const char *const names[OS_KINDS] = {
        [OS_SERVER] = "servers", [OS_IMAGE] = "images",          [OS_FLAVOR] = "flavors",
        [OS_KEY] = "keys",       [OS_NETWORK] = "networks",      [OS_SUBNET] = "subnets",
        [OS_PORT] = "ports",     [OS_FLOATING] = "floating_ips", [OS_GROUP] = "groups",
        [OS_ROUTER] = "routers"};
    const struct os_cloud *cloud = state;
    for (int kind = 0; kind < OS_KINDS; kind++) {
        size_t n = 0;
        for (size_t i = 0; i < cloud->n_regions; i++) {
            const struct os_store *s = &cloud->regions[i]->stores[kind];
            for (size_t k = 0; k < s->n; k++)
                n += !s->at[k]->deleted;
        }
        sim_text_fmt(json, "%s\"%s\": %zu", kind ? ", " : "", names[kind], n);
    }
}

static const char stock_help[] =
    "  Keystone v3 (/v3) and v2.0 (/v2.0), and behind the catalogue, by region, Nova with its\n"
    "  microversions, Glance v2 and Neutron (/RegionOne/compute/v2.1, .../image, .../network).\n"
    "  Users demo (projects demo and demo2), reader, tiny (quota 1), disabled and admin, all with\n"
    "  the password \"secret\"; application credential 5e1f0000000000000000000000000001 with the\n"
    "  secret \"app-secret\". POST " SIM_CONTROL
    "tokens {\"revoke\" or \"expire\": PATTERN of user or\n"
    "  id}, POST " SIM_CONTROL "server {\"id\", \"status\"}: it says so from now on.\n";

static const char rackspace_help[] =
    "  Identity v2.0 with API keys (RAX-KSKEY) and second factors, compute v2 of six regions with\n"
    "  Rackspace's networks, flavors and faults. User demo, password \"secret\", API key\n"
    "  0123456789abcdef0123456789abcdef, tenant 123456; user careful (API key\n"
    "  fedcba9876543210fedcba9876543210) is asked for a passcode. Controls as of openstack.\n";

static const char hp_help[] =
    "  Keystone v2.0 with passwords and access keys, its catalogue by region and name, Nova v2 "
    "with\n"
    "  numbers for ids and the task in the status, Glance, Neutron. User demo, password "
    "\"secret\",\n"
    "  tenant demo-Project1; access key DEMOACCESSKEY0000000. Controls as of openstack.\n";

const struct sim_provider sim_openstack = {
    .name = "openstack",
    .title = "OpenStack: Keystone, Nova, Glance, Neutron",
    .routes = routes,
    .n_routes = sizeof routes / sizeof *routes,
    .settings = stock,
    .n_settings = sizeof stock / sizeof *stock,
    .settings_size = sizeof(struct os_settings),
    .create = create_stock,
    .free = free_state,
    .seed = os_seed,
    .action = os_action_name,
    .error = os_error,
    .status = status,
    .control = os_control,
    .help = stock_help,
};

const struct sim_provider sim_rackspace = {
    .name = "rackspace",
    .title = "Rackspace, next generation",
    .routes = routes,
    .n_routes = sizeof routes / sizeof *routes,
    .settings = rackspace,
    .n_settings = sizeof rackspace / sizeof *rackspace,
    .settings_size = sizeof(struct os_settings),
    .create = create_rackspace,
    .free = free_state,
    .seed = os_seed,
    .action = os_action_name,
    .error = os_error,
    .status = status,
    .control = os_control,
    .help = rackspace_help,
};

const struct sim_provider sim_hpcloud = {
    .name = "hpcloud",
    .title = "HP Helion Public Cloud",
    .routes = routes,
    .n_routes = sizeof routes / sizeof *routes,
    .settings = hp_settings,
    .n_settings = sizeof hp_settings / sizeof *hp_settings,
    .settings_size = sizeof(struct os_settings),
    .create = create_hp,
    .free = free_state,
    .seed = os_seed,
    .action = os_action_name,
    .error = os_error,
    .status = status,
    .control = os_control,
    .help = hp_help,
};
