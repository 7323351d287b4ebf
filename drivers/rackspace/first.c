/* The tables of the driver for Rackspace's first generation of servers and its entry point. */
#include "first.h"

#include "../openstack/nova_rows.h"

/* Rackspace moved these servers to the next generation in 2015. */
static const struct nube_provider_row providers[] = {
    {"rackspace_first_gen", "Rackspace (OLD)", NULL, NULL, NUBE_PROVIDER_RETIRED},
    {"rackspace_first_gen:us", "Rackspace US (OLD)", "us", NULL, NUBE_PROVIDER_RETIRED},
    {"rackspace_first_gen:uk", "Rackspace UK (OLD)", "uk", NULL, NUBE_PROVIDER_RETIRED},
};

/* No start, no stop, no keys: the API has no such calls, and to stop is not to delete. */
static const struct nube_op_row ops[] = {
    {NUBE_OP_AUTH, 0, first_auth},
    {NUBE_OP_CHECK, 0, nova_check},
    {NUBE_OP_RAW, 0, nova_raw},
    {NUBE_OP_NODE_LIST, 0, first_node_list},
    {NUBE_OP_NODE_GET, 0, first_node_get},
    {NUBE_OP_NODE_CREATE, 0, first_node_create},
    {NUBE_OP_NODE_DESTROY, 0, first_node_destroy},
    {NUBE_OP_NODE_REBOOT, 0, first_node_reboot},
    {NUBE_OP_NODE_RENAME, NUBE_OPF_SETTLED, first_node_rename},
    {NUBE_OP_NODE_RESIZE, 0, first_node_resize},
    {NUBE_OP_NODE_REBUILD, 0, first_node_rebuild},
    {NUBE_OP_IMAGE_LIST, 0, first_image_list},
    {NUBE_OP_IMAGE_SEARCH, 0, first_image_search},
    {NUBE_OP_IMAGE_GET, 0, first_image_get},
    {NUBE_OP_IMAGE_CREATE, 0, first_image_create},
    {NUBE_OP_IMAGE_DELETE, 0, first_image_delete},
    {NUBE_OP_SIZE_LIST, 0, first_size_list},
    {NUBE_OP_LOCATION_LIST, 0, first_location_list},
};

#define NOW(name, step, help)                                                                      \
    {                                                                                              \
        name, NUBE_KIND_NODE, NUBE_OPF_SETTLED, step, help                                         \
    }
static const struct nube_action_row actions[] = {
    NOVA_ACT("confirm_resize", first_confirm_resize, "keep the new size"),
    NOVA_ACT("revert_resize", first_revert_resize, "go back to the old size"),
    NOVA_ACT("set_password", first_set_password,
             "change the administrator's password; it is rebooted"),
    NOW("backup_schedule", first_backup_schedule, "print when images of it are made"),
    NOW("set_backup_schedule", first_set_backup_schedule, "make an image every week, day, or both"),
    NOW("delete_backup_schedule", first_delete_backup_schedule, "make no more images by itself"),
    NOW("ip_groups", first_ip_groups, "print the groups with which it may share addresses"),
    NOW("create_ip_group", first_create_ip_group, "make a group with it, and print its id"),
    NOW("delete_ip_group", first_delete_ip_group, "delete a group"),
    NOVA_ACT("share_ip", first_share_ip, "give it an address of another node of its group"),
    NOVA_ACT("unshare_ip", first_unshare_ip, "take such an address from it"),
};

#define ALWAYS NUBE_OP_NODE_DESTROY, NUBE_OP_NODE_RENAME
#define IN(word, state)                                                                            \
    {                                                                                              \
        word, NUBE_OPS(ALWAYS), NUBE_STATE_##state                                                 \
    }
/* Every word of the API's own schema. */
static const struct nube_state_row states[] = {
    {"ACTIVE",
     NUBE_OPS(NUBE_OP_NODE_REBOOT, NUBE_OP_NODE_RESIZE, NUBE_OP_NODE_REBUILD, NUBE_OP_IMAGE_CREATE,
              ALWAYS),
     NUBE_STATE_RUNNING},
    {"ERROR", NUBE_OPS(NUBE_OP_NODE_REBOOT, NUBE_OP_NODE_REBUILD, ALWAYS), NUBE_STATE_ERROR},
    {"RESCUE", NUBE_OPS(NUBE_OP_NODE_REBOOT, ALWAYS), NUBE_STATE_UPDATING},
    IN("SUSPENDED", SUSPENDED),
    IN("BUILD", PENDING),
    IN("PENDING", PENDING),
    IN("RESTORING", PENDING),
    IN("REBUILD", UPDATING),
    IN("PASSWORD", UPDATING),
    IN("QUEUE_RESIZE", UPDATING),
    IN("PREP_RESIZE", UPDATING),
    IN("RESIZE", UPDATING),
    IN("VERIFY_RESIZE", UPDATING),
    IN("QUEUE_MOVE", MIGRATING),
    IN("PREP_MOVE", MIGRATING),
    IN("MOVE", MIGRATING),
    IN("VERIFY_MOVE", MIGRATING),
    IN("ADD_IP", UPDATING),
    IN("ADD_IP_NO_CONFIG", UPDATING),
    IN("DELETE_IP", UPDATING),
    IN("SHARE_IP", UPDATING),
    IN("SHARE_IP_NO_CONFIG", UPDATING),
    IN("REBOOT", REBOOTING),
    IN("HARD_REBOOT", REBOOTING),
    {"DELETED", NUBE_OPS(NUBE_OP_NONE), NUBE_STATE_TERMINATED},
    {"UNKNOWN", NULL, NUBE_STATE_UNKNOWN},
};

#define NUMBER             .pattern = "[0-9]{1,18}"
#define NUMBER_ID(o, what) ARG(o, "id", STRING, .flags = MUST, NUMBER, .help = what)
#define SERVER(o)          NUMBER_ID(o, "the node's id")
#define ACT_SERVER(a)      ACT(NODE, a, "id", STRING, .flags = MUST, NUMBER, .help = "the node's id")
#define GROUP(a)                                                                                   \
    ACT(NODE, a, "group", STRING, .flags = MUST | NUBE_OPTION_POSITIONAL, NUMBER,                  \
        .help = "the group's id")
#define ADDRESS(a)                                                                                 \
    ACT(NODE, a, "address", STRING, .flags = MUST | NUBE_OPTION_POSITIONAL,                        \
        .pattern = "[0-9.]{7,15}", .help = "the public address")
#define DAYS "SUNDAY|MONDAY|TUESDAY|WEDNESDAY|THURSDAY|FRIDAY|SATURDAY|DISABLED"

static const struct nube_option options[] = {
    RACK_CONNECTION_ROWS("https://auth.api.rackspacecloud.com/v1.0, in uk that of lon"),
    CONN("region", STRING, .deflt = "us", .help = "us or uk: which half of the accounts"),
    CONN("endpoint", STRING, .max_len = 2048, .deflt = "by the login",
         .help = "the address of the servers: https://HOST/v1.0/ACCOUNT"),
    CONN("page_size", INT, .min = 1, .max = 1000, .deflt = "1000",
         .help = "how many objects a page of a list holds"),

    ARG(RAW, "method", CHOICE, .flags = MUST, .choices = "GET|HEAD|POST|PUT|DELETE",
        .help = "the HTTP method"),
    ARG(RAW, "path", STRING, .flags = MUST, .max_len = 8192, .help = "path below the account's"),
    ARG(RAW, "query", PAIR, .max_len = 65536, .help = "a query parameter"),
    ARG(RAW, "header", PAIR, .help = "a header"),
    ARG(RAW, "body", DATA, .max_len = 1048576, .help = "the body, JSON"),
    SERVER(NODE_GET),
    ARG(NODE_CREATE, "image", STRING, .flags = MUST, NUMBER, .help = "the image's id"),
    ARG(NODE_CREATE, "name", STRING, .max_len = 255, .deflt = "node-SECONDS", .help = "its name"),
    ARG(NODE_CREATE, "size", STRING, NUMBER, .deflt = "the one with the least memory",
        .help = "the flavor's id"),
    ARG(NODE_CREATE, "metadata", PAIR, .max_len = 512, .help = "a metadata item; at most 5"),
    ARG(NODE_CREATE, "public_key", STRING, .flags = NUBE_OPTION_MULTILINE, .max_len = 10000,
        .help = "the line of a public key file: root may log in with it"),
    ARG(NODE_CREATE, "file", PAIR, .flags = NUBE_OPTION_MULTILINE, .max_len = 10496,
        .help = "a file to put into it, at most 5: PATH=CONTENT"),
    ARG(NODE_CREATE, "shared_ip_group", STRING, NUMBER,
        .help = "id of a group with which it shares addresses"),
    SERVER(NODE_DESTROY),
    SERVER(NODE_REBOOT),
    ARG(NODE_REBOOT, "hard", BOOL, .deflt = "no", .help = "by the power switch"),
    SERVER(NODE_RENAME),
    ARG(NODE_RENAME, "name", STRING, .flags = MUST, .max_len = 255, .help = "the new name"),
    SERVER(NODE_RESIZE),
    ARG(NODE_RESIZE, "size", STRING, .flags = MUST, NUMBER, .help = "the flavor's id"),
    ARG(NODE_RESIZE, "confirm", BOOL, .deflt = "yes",
        .help = "no: leave it to the actions confirm_resize and revert_resize"),
    SERVER(NODE_REBUILD),
    ARG(NODE_REBUILD, "image", STRING, .flags = MUST, NUMBER, .help = "the image's id"),
    ACT_SERVER("confirm_resize"),
    ACT_SERVER("revert_resize"),
    ACT_SERVER("set_password"),
    ACT(NODE, "set_password", "password", STRING, .flags = MUST | NUBE_OPTION_SECRET,
        .help = "the new password"),
    ACT_SERVER("backup_schedule"),
    ACT_SERVER("set_backup_schedule"),
    ACT(NODE, "set_backup_schedule", "weekly", CHOICE, .choices = DAYS,
        .help = "the day on which one is made"),
    ACT(NODE, "set_backup_schedule", "daily", STRING, .pattern = "H_[0-9]{4}_[0-9]{4}|DISABLED",
        .help = "the two hours in which one is made: H_0400_0600"),
    ACT_SERVER("delete_backup_schedule"),
    ACT_SERVER("ip_groups"),
    ACT_SERVER("create_ip_group"),
    ACT(NODE, "create_ip_group", "name", STRING, .flags = MUST | NUBE_OPTION_POSITIONAL,
        .max_len = 255, .help = "the group's name"),
    ACT_SERVER("delete_ip_group"),
    GROUP("delete_ip_group"),
    ACT_SERVER("share_ip"),
    ADDRESS("share_ip"),
    GROUP("share_ip"),
    ACT(NODE, "share_ip", "configure", BOOL, .deflt = "yes",
        .help = "set it up in the node; it is rebooted"),
    ACT_SERVER("unshare_ip"),
    ADDRESS("unshare_ip"),
    ARG(IMAGE_SEARCH, "term", STRING, .flags = MUST, .help = "part of the name or id"),
    NUMBER_ID(IMAGE_GET, "the image's id"),
    ARG(IMAGE_CREATE, "node", STRING, .flags = MUST, NUMBER, .help = "the node to make it from"),
    ARG(IMAGE_CREATE, "name", STRING, .flags = MUST, .max_len = 255, .help = "its name"),
    NUMBER_ID(IMAGE_DELETE, "the image's id"),
};

const struct nova_dialect nova_dialect = {
    .login = "check username and api_key, and that the account is of this region",
};

static const struct nube_driver driver = {
    .size = sizeof(struct nube_driver),
    .services = NUBE_SERVICE_HTTP | NUBE_SERVICE_CRYPTO,
    .name = "rackspace_first_gen",
    .title = "Rackspace (first generation)",
    .version = NUBE_VERSION,
    .license = "Apache-2.0",
    .providers = NUBE_TABLE(providers),
    .options = NUBE_TABLE(options),
    .ops = NUBE_TABLE(ops),
    .states = NUBE_TABLE(states),
    .actions = NUBE_TABLE(actions),
    .classify = rack_classify,
    .sign = rack_sign,
};

NUBE_DRIVER(driver)
