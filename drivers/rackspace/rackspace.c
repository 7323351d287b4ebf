/* The tables of the driver for Rackspace's next generation of servers and its entry point. */
#include "rackspace.h"

#define NOVA_ALWAYS NUBE_OP_NODE_DESTROY, NUBE_OP_NODE_RENAME, NUBE_OP_NODE_METADATA
/* general1-1, performance2-15, 2 */
#define NOVA_FLAVOR "([a-z_]+[0-9]+-)?[0-9]+|" NOVA_UUID
#include "../openstack/nova_rows.h"

#define REGION(id_, region_, title_)                                                               \
    {                                                                                              \
        .id = "rackspace:" id_, .title = "Rackspace " title_, .region = region_                    \
    }
static const struct nube_provider_row providers[] = {
    {.id = "rackspace", .title = "Rackspace"},
    REGION("dfw", "DFW", "DFW"),
    REGION("ord", "ORD", "ORD"),
    REGION("iad", "IAD", "IAD"),
    REGION("lon", "LON", "LON"),
    REGION("syd", "SYD", "AU"),
    REGION("hkg", "HKG", "HKG"),
};

static const struct nube_op_row ops[] = {
    {NUBE_OP_AUTH, 0, rack_auth},
    {NUBE_OP_CHECK, 0, nova_check},
    {NUBE_OP_RAW, 0, nova_raw},
    {NUBE_OP_NODE_LIST, 0, nova_node_list},
    {NUBE_OP_NODE_GET, 0, nova_node_get},
    {NUBE_OP_NODE_CREATE, 0, nova_node_create},
    {NUBE_OP_NODE_DESTROY, 0, nova_node_destroy},
    {NUBE_OP_NODE_START, 0, nova_node_start},
    {NUBE_OP_NODE_STOP, 0, nova_node_stop},
    {NUBE_OP_NODE_REBOOT, 0, nova_node_reboot},
    {NUBE_OP_NODE_RENAME, NUBE_OPF_SETTLED, nova_node_rename},
    {NUBE_OP_NODE_RESIZE, 0, nova_node_resize},
    {NUBE_OP_NODE_REBUILD, 0, nova_node_rebuild},
    {NUBE_OP_NODE_METADATA, NUBE_OPF_SETTLED, nova_node_metadata},
    {NUBE_OP_IMAGE_LIST, 0, nova_image_list},
    {NUBE_OP_IMAGE_SEARCH, 0, nova_image_search},
    {NUBE_OP_IMAGE_GET, 0, nova_image_get},
    {NUBE_OP_IMAGE_CREATE, 0, nova_image_create},
    {NUBE_OP_IMAGE_DELETE, 0, nova_image_delete},
    {NUBE_OP_SIZE_LIST, 0, nova_size_list},
    {NUBE_OP_LOCATION_LIST, 0, rack_location_list},
    {NUBE_OP_KEY_LIST, 0, nova_key_list},
    {NUBE_OP_KEY_GET, 0, nova_key_get},
    {NUBE_OP_KEY_CREATE, 0, nova_key_create},
    {NUBE_OP_KEY_IMPORT, 0, nova_key_import},
    {NUBE_OP_KEY_DELETE, 0, nova_key_delete},
};

#define NOW(name, step, help)                                                                      \
    {                                                                                              \
        name, NUBE_KIND_NODE, NUBE_OPF_SETTLED, step, help                                         \
    }
static const struct nube_action_row actions[] = {
    NOVA_ACT("lock", nova_lock, "refuse changes until it is unlocked"),
    NOVA_ACT("unlock", nova_unlock, "allow changes again"),
    NOVA_ACT("rescue", rack_rescue, "start it from another image, its own disk beside"),
    NOVA_ACT("unrescue", nova_unrescue, "start it from its own disk again"),
    NOVA_ACT("confirm_resize", nova_confirm_resize, "keep the new size"),
    NOVA_ACT("revert_resize", nova_revert_resize, "go back to the old size"),
    NOVA_ACT("set_password", nova_set_password, "change the administrator's password"),
    NOW("console_url", nova_console_url, "the address of a console for a browser"),
    NOW("image_schedule", rack_image_schedule, "print when images of it are made"),
    NOW("set_image_schedule", rack_set_image_schedule, "make an image every day, or on a weekday"),
    NOW("delete_image_schedule", rack_delete_image_schedule, "make no more images by itself"),
    NOW("interfaces", rack_interfaces, "print its interfaces, and their networks"),
    NOW("attach_network", rack_attach_network, "put it into a network, and print the interface"),
    NOW("detach_network", rack_detach_network, "take it out of a network"),
};

/* Automation works on a server that Nova calls ACTIVE; Nova's words for tasks, and those of
 * Rackspace's own documents for two of them. */
static const struct nube_state_row states[] = {
    NOVA_STATE("ACTIVE", RUNNING, NUBE_OP_NODE_STOP, NUBE_OP_NODE_REBOOT, NUBE_OP_NODE_RESIZE,
               NUBE_OP_NODE_REBUILD, NUBE_OP_IMAGE_CREATE, NOVA_ALWAYS),
    NOVA_STATE("SHUTOFF", STOPPED, NUBE_OP_NODE_START, NUBE_OP_NODE_RESIZE, NUBE_OP_NODE_REBUILD,
               NUBE_OP_IMAGE_CREATE, NOVA_ALWAYS),
    NOVA_STATE("PAUSED", PAUSED, NUBE_OP_IMAGE_CREATE, NOVA_ALWAYS),
    NOVA_STATE("SUSPENDED", SUSPENDED, NUBE_OP_IMAGE_CREATE, NOVA_ALWAYS),
    NOVA_STATE("ERROR", ERROR, NUBE_OP_NODE_STOP, NUBE_OP_NODE_REBOOT, NUBE_OP_NODE_REBUILD,
               NOVA_ALWAYS),
    NOVA_STATE("RESCUE", UPDATING, NUBE_OP_NODE_REBOOT, NOVA_ALWAYS),
    NOVA_TASK("VERIFY_RESIZE", UPDATING),
    NOVA_TASK("BUILD", PENDING),
    NOVA_TASK("REBUILD", UPDATING),
    NOVA_TASK("PASSWORD", UPDATING),
    NOVA_TASK("REBOOT", REBOOTING),
    NOVA_TASK("HARD_REBOOT", REBOOTING),
    NOVA_TASK("RESIZE", UPDATING),
    NOVA_TASK("REVERT_RESIZE", UPDATING),
    NOVA_TASK("MIGRATING", MIGRATING),
    NOVA_STATE("DELETED", TERMINATED, NUBE_OP_NONE),
    {"UNKNOWN", NULL, NUBE_STATE_UNKNOWN},
    NOVA_TASK("DEPLOYING", PENDING),
    NOVA_TASK("In Progress", PENDING),
    NOVA_TASK("powering_off", STOPPING),
    NOVA_TASK("powering_on", PENDING),
    NOVA_TASK("starting", PENDING),
    NOVA_TASK("stopping", STOPPING),
    NOVA_TASK_ROWS,
};

#define DAYS       "SUNDAY|MONDAY|TUESDAY|WEDNESDAY|THURSDAY|FRIDAY|SATURDAY"
#define NO_TYPE(o) /* keys are of one kind */

static const struct nube_option options[] = {
    RACK_CONNECTION_ROWS("https://identity.api.rackspacecloud.com/v2.0"),
    CONN("region", STRING, .deflt = "RS_REGION_NAME, else the user's own",
         .help = "DFW, ORD, IAD, LON, SYD, HKG"),
    CONN("interface", CHOICE, .choices = "public|internal", .deflt = "public",
         .help = "internal: by the ServiceNet, from a server in the region"),
    CONN("endpoint", STRING, .max_len = 2048, .deflt = "by the catalogue",
         .help = "the address of the servers: https://HOST/v2/ACCOUNT"),
    CONN("rackconnect", BOOL, .deflt = "no",
         .help = "an account with RackConnect: a node is pending until that says DEPLOYED"),
    CONN("page_size", INT, .min = 1, .max = 1000, .deflt = "Rackspace's own",
         .help = "how many objects a page of a list holds"),

    NOVA_RAW_ROWS,
    NOVA_LIST_ROWS,
    NODE(NODE_GET),
    NOVA_CREATE_ROWS,
    ARG(NODE_CREATE, "network", LIST, .deflt = "PublicNet and ServiceNet",
        .help = "all the networks it is in: PublicNet, ServiceNet, ID"),
    ARG(NODE_CREATE, "file", PAIR, .flags = NUBE_OPTION_MULTILINE, .max_len = 1255,
        .help = "a file to put into it: PATH=CONTENT"),
    NODE(NODE_DESTROY),
    NOVA_POWER_ROWS,
    NOVA_CHANGE_ROWS,
    ARG(NODE_REBUILD, "file", PAIR, .flags = NUBE_OPTION_MULTILINE, .max_len = 1255,
        .help = "a file to put into it: PATH=CONTENT"),
    NOVA_METADATA_ROWS,
    NOVA_ACTION_ARGUMENT_ROWS("novnc|xvpvnc"),
    ACT_NODE("image_schedule"),
    ACT_NODE("set_image_schedule"),
    ACT(NODE, "set_image_schedule", "retention", INT, .flags = MUST | NUBE_OPTION_POSITIONAL,
        .min = 1, .max = 65535, .help = "how many images are kept"),
    ACT(NODE, "set_image_schedule", "day_of_week", CHOICE, .flags = NUBE_OPTION_POSITIONAL,
        .choices = DAYS, .deflt = "every day", .help = "the day on which one is made"),
    ACT_NODE("delete_image_schedule"),
    ACT_NODE("interfaces"),
    ACT_NODE("attach_network"),
    ACT(NODE, "attach_network", "network", STRING, .flags = MUST | NUBE_OPTION_POSITIONAL,
        .help = "PublicNet, ServiceNet, or the network's id"),
    ACT_NODE("detach_network"),
    ACT(NODE, "detach_network", "interface", STRING, .flags = MUST | NUBE_OPTION_POSITIONAL,
        .help = "the interface's id"),

    ARG(IMAGE_LIST, "status", STRING, .help = "ACTIVE, SAVING, ..."),
    ARG(IMAGE_LIST, "type", CHOICE, .choices = "BASE|SNAPSHOT",
        .help = "Rackspace's own, or those made of nodes"),
    ARG(IMAGE_LIST, "node", STRING, .help = "made of this node"),
    ARG(IMAGE_LIST, "changes_since", STRING, .help = "changed since then: 2026-01-15T08:00:00Z"),
    ARG(IMAGE_SEARCH, "term", STRING, .flags = MUST, .help = "part of the name or id"),
    ID(IMAGE_GET, "the image's id"),
    ARG(IMAGE_CREATE, "node", STRING, .flags = MUST, .help = "the node to make it from"),
    ARG(IMAGE_CREATE, "name", STRING, .flags = MUST, .max_len = 255, .help = "its name"),
    ARG(IMAGE_CREATE, "metadata", PAIR, .max_len = 512, .help = "a property of it"),
    ID(IMAGE_DELETE, "the image's id"),
    NOVA_SIZE_ROWS,
    NOVA_KEY_ROWS(NO_TYPE),
};

const struct nova_dialect nova_dialect = {
    .login = "check username and api_key (of the control panel, under the account's settings)",
    .networks = rack_networks,
    .diskless_on_volume = 1,
    .key_only = "onmetal",
    .server = rack_server,
};

static const struct nube_driver driver = {
    .size = sizeof(struct nube_driver),
    .services = NUBE_SERVICE_HTTP | NUBE_SERVICE_CRYPTO,
    .name = "rackspace",
    .title = "Rackspace",
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
