/* CloudAPI as a provider: its settings, routes, and the life of its state. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "joyent.h"

#define AT(field) offsetof(struct joy_settings, field)
static const struct sim_setting settings[] = {
    {"versions", SIM_WORD, AT(versions), "6.5.0 7.0.0 7.1.0 7.2.0 7.3.0 8.0.0 9.0.0",
     "of the API; servers of today have none below 7"},
    {"old_header", SIM_BOOL, AT(old_header), "false",
     "the documented Api-Version is read too, which servers ignore"},
    {"datacenter", SIM_WORD, AT(datacenter), "us-sim-1", "this data centre's name"},
    {"provisioning_ms", SIM_INT, AT(provisioning_ms), "0",
     "how long provisioning takes; 0: the next request sees what comes after"},
    {"starting_ms", SIM_INT, AT(starting_ms), "0", "... a start, in which it is still stopped"},
    {"stopping_ms", SIM_INT, AT(stopping_ms), "0", "... stopping"},
    {"rebooting_ms", SIM_INT, AT(rebooting_ms), "0", "... a reboot"},
    {"reboot_state", SIM_WORD, AT(reboot_state), "running", "the state meanwhile: running, ready"},
    {"deleting_ms", SIM_INT, AT(deleting_ms), "0", "... a deletion, in which it is stopping"},
    {"dhcp_ms", SIM_INT, AT(dhcp_ms), "0", "for so long a new machine's address is \"dhcp\""},
    {"image_ms", SIM_INT, AT(image_ms), "0", "... the creation of an image"},
    {"snapshot_ms", SIM_INT, AT(snapshot_ms), "0", "... a snapshot, queued meanwhile"},
    {"label_ms", SIM_INT, AT(label_ms), "100",
     "how long until audit tells of changed metadata and tags; they are there at once"},
    {"keep_deleted_ms", SIM_INT, AT(keep_deleted_ms), "3600000",
     "how long deleted machines are there to be asked for"},
    {"page_headers", SIM_BOOL, AT(page_headers), "true", "x-query-limit and x-resource-count"},
    {"ignore_offset", SIM_BOOL, AT(ignore_offset), "false",
     "every page is the first: a faulty server"},
    {"throttle_rate", SIM_INT, AT(throttle_rate), "0", "requests a second; 0: any number"},
    {"throttle_burst", SIM_INT, AT(throttle_burst), "30", "how many at once"},
    {"throttle_status", SIM_INT, AT(throttle_status), "429", "... else this: 429, 420, 449"},
    {"skew_limit_s", SIM_INT, AT(skew_limit_s), "300", "how far the Date may be off"},
    {"machine_limit", SIM_INT, AT(machine_limit), "0", "machines of an account; 0: any number"},
    {"fail_creates", SIM_INT, AT(fail_creates), "0", "so many machines fail instead of running"},
};

/* ---- Routes: the first segment is the login ----------------------------------------------------
 */

#define OPS(X)                                                                                     \
    X(ping)                                                                                        \
    X(get_account)                                                                                 \
    X(list_datacenters)                                                                            \
    X(get_datacenter)                                                                              \
    X(list_services)                                                                               \
    X(get_config)                                                                                  \
    X(put_config)                                                                                  \
    X(get_limits)                                                                                  \
    X(list_users)                                                                                  \
    X(list_keys)                                                                                   \
    X(get_key)                                                                                     \
    X(create_key)                                                                                  \
    X(delete_key)                                                                                  \
    X(list_packages)                                                                               \
    X(get_package)                                                                                 \
    X(list_networks)                                                                               \
    X(get_network)                                                                                 \
    X(list_images)                                                                                 \
    X(get_image)                                                                                   \
    X(list_datasets)                                                                               \
    X(get_dataset)                                                                                 \
    X(create_image)                                                                                \
    X(image_action)                                                                                \
    X(delete_image)                                                                                \
    X(list_machines)                                                                               \
    X(get_machine)                                                                                 \
    X(create_machine)                                                                              \
    X(machine_action)                                                                              \
    X(delete_machine)                                                                              \
    X(get_metadata)                                                                                \
    X(put_metadata)                                                                                \
    X(get_metadata_key)                                                                            \
    X(delete_metadata_key)                                                                         \
    X(delete_metadata)                                                                             \
    X(get_tags)                                                                                    \
    X(add_tags)                                                                                    \
    X(replace_tags)                                                                                \
    X(get_tag)                                                                                     \
    X(delete_tag)                                                                                  \
    X(delete_tags)                                                                                 \
    X(list_snapshots)                                                                              \
    X(create_snapshot)                                                                             \
    X(get_snapshot)                                                                                \
    X(start_snapshot)                                                                              \
    X(delete_snapshot)                                                                             \
    X(list_audit)                                                                                  \
    X(list_nics)                                                                                   \
    X(list_rules)                                                                                  \
    X(create_rule)                                                                                 \
    X(get_rule)                                                                                    \
    X(update_rule)                                                                                 \
    X(delete_rule)                                                                                 \
    X(enable_rule)                                                                                 \
    X(disable_rule)                                                                                \
    X(machine_rules)                                                                               \
    X(unknown)

static void joy_unknown(struct joy_call *c);
#define RUN(op)                                                                                    \
    static void run_##op(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)   \
    {                                                                                              \
        joy_serve(s, state, q, r, joy_##op);                                                       \
    }
OPS(RUN)

#define GET(path, op, action)                                                                      \
    {"GET", path, run_##op, action},                                                               \
    {                                                                                              \
        "HEAD", path, run_##op, action                                                             \
    }
#define MACHINE "/{}/machines/{}"
static const struct sim_route routes[] = {
    {"GET", "/--ping", run_ping, "Ping"},
    GET("/{}/keys", list_keys, "ListKeys"),
    {"POST", "/{}/keys", run_create_key, "CreateKey"},
    GET("/{}/keys/{}", get_key, "GetKey"),
    {"DELETE", "/{}/keys/{}", run_delete_key, "DeleteKey"},
    GET("/{}/users", list_users, "ListUsers"),
    GET("/{}/users/{}/keys", list_keys, "ListUserKeys"),
    {"POST", "/{}/users/{}/keys", run_create_key, "CreateUserKey"},
    GET("/{}/users/{}/keys/{}", get_key, "GetUserKey"),
    {"DELETE", "/{}/users/{}/keys/{}", run_delete_key, "DeleteUserKey"},
    GET("/{}/datacenters", list_datacenters, "ListDatacenters"),
    GET("/{}/datacenters/{}", get_datacenter, "GetDatacenter"),
    GET("/{}/services", list_services, "ListServices"),
    GET("/{}/config", get_config, "GetConfig"),
    {"PUT", "/{}/config", run_put_config, "UpdateConfig"},
    GET("/{}/limits", get_limits, "ListLimits"),
    GET("/{}/packages", list_packages, "ListPackages"),
    GET("/{}/packages/{}", get_package, "GetPackage"),
    GET("/{}/networks", list_networks, "ListNetworks"),
    GET("/{}/networks/{}", get_network, "GetNetwork"),
    GET("/{}/images", list_images, "ListImages"),
    {"POST", "/{}/images", run_create_image, "CreateImageFromMachine"},
    GET("/{}/images/{}", get_image, "GetImage"),
    {"POST", "/{}/images/{}", run_image_action, "UpdateImage"},
    {"DELETE", "/{}/images/{}", run_delete_image, "DeleteImage"},
    GET("/{}/datasets", list_datasets, "ListDatasets"),
    GET("/{}/datasets/{}", get_dataset, "GetDataset"),
    {"HEAD", "/{}/machines", run_list_machines, "CountMachines"},
    {"GET", "/{}/machines", run_list_machines, "ListMachines"},
    {"POST", "/{}/machines", run_create_machine, "CreateMachine"},
    GET(MACHINE, get_machine, "GetMachine"),
    {"POST", MACHINE, run_machine_action, "ChangeMachine"},
    {"DELETE", MACHINE, run_delete_machine, "DeleteMachine"},
    GET(MACHINE "/metadata", get_metadata, "ListMachineMetadata"),
    {"POST", MACHINE "/metadata", run_put_metadata, "UpdateMachineMetadata"},
    {"DELETE", MACHINE "/metadata", run_delete_metadata, "DeleteAllMachineMetadata"},
    GET(MACHINE "/metadata/{}", get_metadata_key, "GetMachineMetadata"),
    {"DELETE", MACHINE "/metadata/{}", run_delete_metadata_key, "DeleteMachineMetadata"},
    GET(MACHINE "/tags", get_tags, "ListMachineTags"),
    {"POST", MACHINE "/tags", run_add_tags, "AddMachineTags"},
    {"PUT", MACHINE "/tags", run_replace_tags, "ReplaceMachineTags"},
    {"DELETE", MACHINE "/tags", run_delete_tags, "DeleteMachineTags"},
    GET(MACHINE "/tags/{}", get_tag, "GetMachineTag"),
    {"DELETE", MACHINE "/tags/{}", run_delete_tag, "DeleteMachineTag"},
    GET(MACHINE "/snapshots", list_snapshots, "ListMachineSnapshots"),
    {"POST", MACHINE "/snapshots", run_create_snapshot, "CreateMachineSnapshot"},
    GET(MACHINE "/snapshots/{}", get_snapshot, "GetMachineSnapshot"),
    {"POST", MACHINE "/snapshots/{}", run_start_snapshot, "StartMachineFromSnapshot"},
    {"DELETE", MACHINE "/snapshots/{}", run_delete_snapshot, "DeleteMachineSnapshot"},
    GET(MACHINE "/audit", list_audit, "MachineAudit"),
    GET(MACHINE "/nics", list_nics, "ListNics"),
    GET(MACHINE "/fwrules", machine_rules, "ListMachineFirewallRules"),
    GET("/{}/fwrules", list_rules, "ListFirewallRules"),
    {"POST", "/{}/fwrules", run_create_rule, "CreateFirewallRule"},
    GET("/{}/fwrules/{}", get_rule, "GetFirewallRule"),
    {"POST", "/{}/fwrules/{}", run_update_rule, "UpdateFirewallRule"},
    {"DELETE", "/{}/fwrules/{}", run_delete_rule, "DeleteFirewallRule"},
    {"POST", "/{}/fwrules/{}/enable", run_enable_rule, "EnableFirewallRule"},
    {"POST", "/{}/fwrules/{}/disable", run_disable_rule, "DisableFirewallRule"},
    GET("/{}", get_account, "GetAccount"),
    {"", "/*", run_unknown, "Unknown"},
};
enum { N_ROUTES = sizeof routes / sizeof *routes };

/* Nothing is there, or not by this method. */
static void joy_unknown(struct joy_call *c)
{
    for (size_t i = 0; i + 1 < N_ROUTES; i++)
        if (sim_route_match(routes[i].path, c->q)) {
            joy_fail(c, "BadMethod", "%s is not allowed", c->q->method);
            return;
        }
    joy_fail(c, "ResourceNotFound", "%s does not exist", c->q->path);
}

/* ---- Life --------------------------------------------------------------------------------------
 */

static void *create(struct sim *s, void *own)
{
    struct joyent *cloud = sim_alloc(sizeof *cloud);
    cloud->sim = s;
    cloud->settings = own;
    cloud->tokens = (double)cloud->settings->throttle_burst;
    cloud->tokens_at = sim_life_ms(s);
    joy_seed_defaults(cloud);
    return cloud;
}

static void free_state(void *state)
{
    struct joyent *cloud = state;
    for (size_t i = 0; i < cloud->machines.n; i++)
        joy_machine_free(cloud->machines.at[i]);
    for (size_t i = 0; i < cloud->images.n; i++)
        joy_image_free(cloud->images.at[i]);
    for (size_t i = 0; i < cloud->packages.n; i++)
        joy_package_free(cloud->packages.at[i]);
    for (size_t i = 0; i < cloud->networks.n; i++) {
        free(cloud->networks.at[i]->name);
        free(cloud->networks.at[i]);
    }
    for (size_t i = 0; i < cloud->accounts.n; i++)
        joy_account_free(cloud->accounts.at[i]);
    free(cloud->machines.at);
    free(cloud->images.at);
    free(cloud->packages.at);
    free(cloud->networks.at);
    free(cloud->accounts.at);
    sim_map_free(&cloud->machines_by_id);
    free(cloud);
}

/* The route has named it already. */
static const char *action(const struct sim_request *q)
{
    (void)q;
    return "Unknown";
}

static void error(struct sim *s, const struct sim_request *q, struct sim_reply *r, unsigned status,
                  const char *code, const char *message)
{
    (void)q;
    if (!*code)
        code = status == 503                    ? "ServiceUnavailable"
               : status == 429 || status == 420 ? "RequestThrottled"
               : status == 449                  ? "InvalidVersion"
               : status >= 500                  ? "InternalError"
                                                : "InvalidArgument";
    joy_uuid(s, r->id);
    sim_reply_header(r, "Request-Id", r->id);
    joy_error(r, status, code, *message ? message : "The simulator was told to fail.");
}

static void status(void *state, struct sim_text *json)
{
    const struct joyent *cloud = state;
    sim_text_fmt(json,
                 "\"accounts\": %zu, \"machines\": %zu, \"images\": %zu, \"packages\": %zu, "
                 "\"networks\": %zu",
                 cloud->accounts.n, cloud->machines.n, cloud->images.n, cloud->packages.n,
                 cloud->networks.n);
}

static const char help[] =
    "  Triton's CloudAPI, versions 6.5 to 9: keys, images and datasets, packages, networks,\n"
    "  machines with metadata, tags, snapshots and audit, firewall rules. Signatures of RSA, "
    "ECDSA\n"
    "  and Ed25519 keys are verified, in both layouts; with 6.5 a password will do. The account "
    "is\n"
    "  \"demo\" with the password \"secret\"; its keys are those of the seed.\n";

const struct sim_provider sim_joyent = {
    .name = "joyent",
    .title = "Joyent Triton CloudAPI",
    .routes = routes,
    .n_routes = N_ROUTES,
    .settings = settings,
    .n_settings = sizeof settings / sizeof *settings,
    .settings_size = sizeof(struct joy_settings),
    .create = create,
    .free = free_state,
    .seed = joy_seed,
    .action = action,
    .error = error,
    .status = status,
    .help = help,
};
