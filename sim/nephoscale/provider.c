/* NephoScale as a provider: its settings, routes, and the life of its state. */
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "nephoscale.h"

#define AT(field) offsetof(struct neph_settings, field)
static const struct sim_setting settings[] = {
    {"username", SIM_WORD, AT(username), "sim", "who calls, by HTTP Basic"},
    {"password", SIM_WORD, AT(password), "sim-password", "... and the password"},
    {"create_ms", SIM_INT, AT(create_ms), "0",
     "how long a new server is nowhere; 0: the next request sees it"},
    {"action_ms", SIM_INT, AT(action_ms), "0", "how long start, stop and restart take"},
    {"delete_ms", SIM_INT, AT(delete_ms), "0", "how long a deleted server is still there"},
    {"fail_creates", SIM_INT, AT(fail_creates), "0", "so many creations end in nothing"},
    {"server_limit", SIM_INT, AT(server_limit), "0", "servers of the account; 0: any number"},
    {"need_console_key", SIM_BOOL, AT(need_console_key), "true",
     "a cloud server needs a console key"},
    {"errors_in_200", SIM_BOOL, AT(errors_in_200), "false",
     "errors but 401 come with status 200 and success false"},
    {"single_object", SIM_BOOL, AT(single_object), "false",
     "one record is an object, not a list of one"},
    {"omit_empty", SIM_BOOL, AT(omit_empty), "false", "an empty list has no data member"},
};

static const struct sim_route routes[] = {
    {"GET", "/datacenter/zone/", neph_zones, "zone list"},
    {"GET", "/image/server/", neph_images, "image list"},
    {"GET", "/image/server/{}/", neph_image_one, "image get"},
    {"GET", "/server/type/{}/", neph_types, "type list"},
    {"GET", "/server/type/{}/{}/", neph_type_one, "type get"},
    {"GET", "/server/", neph_servers, "server list"},
    {"GET", "/server/cloud/", neph_servers, "server list"},
    {"GET", "/server/dedicated/", neph_servers, "server list"},
    {"POST", "/server/cloud/", neph_launch, "server create"},
    {"POST", "/server/dedicated/", neph_launch, "server create"},
    {"GET", "/server/cloud/{}/", neph_server_one, "server get"},
    {"GET", "/server/dedicated/{}/", neph_server_one, "server get"},
    {"PUT", "/server/cloud/{}/", neph_server_rename, "server rename"},
    {"PUT", "/server/dedicated/{}/", neph_server_rename, "server rename"},
    {"POST", "/server/cloud/{}/", neph_server_post, "server rename"},
    {"POST", "/server/dedicated/{}/", neph_server_post, "server rename"},
    {"DELETE", "/server/cloud/{}/", neph_server_delete, "server delete"},
    {"DELETE", "/server/dedicated/{}/", neph_server_delete, "server delete"},
    {"POST", "/server/cloud/{}/initiator/{}/", neph_server_act, "server act"},
    {"POST", "/server/dedicated/{}/initiator/{}/", neph_server_act, "server act"},
    {"GET", "/job/{}/", neph_job_one, "job get"},
    {"GET", "/key/", neph_keys, "key list"},
    {"GET", "/key/sshrsa/", neph_keys, "key list"},
    {"GET", "/key/password/", neph_keys, "key list"},
    {"POST", "/key/sshrsa/", neph_key_make, "key create"},
    {"POST", "/key/password/", neph_key_make, "key create"},
    {"DELETE", "/key/sshrsa/{}/", neph_key_delete, "key delete"},
    {"DELETE", "/key/password/{}/", neph_key_delete, "key delete"},
    {"GET", "/network/domain/", neph_domains, "network list"},
    {"GET", "/network/cidr/ipv4/", neph_cidrs, "cidr list"},
    {"POST", "/network/cidr/ipv4/{}/", neph_cidr_change, "address change"},
    {"PUT", "/network/cidr/ipv4/{}/", neph_cidr_change, "address change"},
};

static void *create(struct sim *s, void *own)
{
    struct neph *n = sim_alloc(sizeof *n);
    n->sim = s;
    n->settings = own;
    n->next_server = 88241;
    n->next_key = 71211;
    n->next_job = 141229;
    neph_catalog_init(n);
    neph_network_init(n);
    return n;
}

static void free_state(void *state)
{
    struct neph *n = state;
    for (size_t i = 0; i < n->zones.n; i++)
        free(n->zones.at[i].name);
    for (size_t i = 0; i < n->images.n; i++) {
        free(n->images.at[i].name);
        free(n->images.at[i].architecture);
        free(n->images.at[i].base_type);
        free(n->images.at[i].deployable);
    }
    for (size_t i = 0; i < n->types.n; i++) {
        free(n->types.at[i].sku);
        free(n->types.at[i].description);
    }
    for (size_t i = 0; i < n->keys.n; i++) {
        free(n->keys.at[i].name);
        free(n->keys.at[i].text);
    }
    for (size_t i = 0; i < n->servers.n; i++) {
        free(n->servers.at[i].name);
        free(n->servers.at[i].hostname);
    }
    free(n->zones.at);
    free(n->images.at);
    free(n->types.at);
    free(n->keys.at);
    free(n->servers.at);
    free(n->addresses.at);
    free(n->jobs.at);
    free(n);
}

/* The routes name every operation there is. */
static const char *action(const struct sim_request *q)
{
    (void)q;
    return "unknown";
}

static void error(struct sim *s, const struct sim_request *q, struct sim_reply *r, unsigned status,
                  const char *code, const char *message)
{
    static const struct neph_settings plain;
    const struct neph n = {.settings = &plain};
    (void)s;
    (void)q;
    neph_fail(&n, r, status ? status : 500, "%s",
              *message ? message
              : *code  ? code
                       : "The simulator was told to fail.");
}

static void status(void *state, struct sim_text *json)
{
    const struct neph *n = state;
    sim_text_fmt(json, "\"servers\": %zu, \"images\": %zu, \"keys\": %zu, \"jobs\": %zu",
                 n->servers.n, n->images.n, n->keys.n, n->jobs.n);
}

static const char help[] =
    "  NephoScale's API by HTTP Basic, user sim and password sim-password or what the settings "
    "say:\n"
    "  cloud and dedicated servers, images, service types, zones, keys, networks, jobs.\n";

const struct sim_provider sim_nephoscale = {
    .name = "nephoscale",
    .title = "NephoScale",
    .routes = routes,
    .n_routes = sizeof routes / sizeof *routes,
    .settings = settings,
    .n_settings = sizeof settings / sizeof *settings,
    .settings_size = sizeof(struct neph_settings),
    .create = create,
    .free = free_state,
    .seed = neph_seed,
    .action = action,
    .error = error,
    .status = status,
    .help = help,
};
