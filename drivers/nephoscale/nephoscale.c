/* The tables of the NephoScale driver and its entry point. */
#include "nephoscale.h"

static const struct nube_provider_row providers[] = {
    {.id = "nephoscale", .title = "NephoScale", .flags = NUBE_PROVIDER_RETIRED},
};

static const struct nube_op_row ops[] = {
    {NUBE_OP_AUTH, 0, nepho_auth},
    {NUBE_OP_CHECK, 0, nepho_check},
    {NUBE_OP_RAW, 0, nepho_raw},
    {NUBE_OP_NODE_LIST, 0, nepho_node_list},
    {NUBE_OP_NODE_GET, 0, nepho_node_get},
    {NUBE_OP_NODE_CREATE, 0, nepho_node_create},
    {NUBE_OP_NODE_DESTROY, 0, nepho_node_destroy},
    {NUBE_OP_NODE_START, 0, nepho_node_start},
    {NUBE_OP_NODE_STOP, 0, nepho_node_stop},
    {NUBE_OP_NODE_REBOOT, 0, nepho_node_reboot},
    {NUBE_OP_NODE_RENAME, 0, nepho_node_rename},
    {NUBE_OP_IMAGE_LIST, 0, nepho_image_list},
    {NUBE_OP_IMAGE_SEARCH, 0, nepho_image_search},
    {NUBE_OP_IMAGE_GET, 0, nepho_image_get},
    {NUBE_OP_SIZE_LIST, 0, nepho_size_list},
    {NUBE_OP_LOCATION_LIST, 0, nepho_location_list},
    {NUBE_OP_KEY_LIST, 0, nepho_key_list},
    {NUBE_OP_KEY_GET, 0, nepho_key_get},
    {NUBE_OP_KEY_CREATE, 0, nepho_key_create},
    {NUBE_OP_KEY_IMPORT, 0, nepho_key_import},
    {NUBE_OP_KEY_DELETE, 0, nepho_key_delete},
};

static const struct nube_action_row actions[] = {
    {"assign_ip", NUBE_KIND_NODE, 0, nepho_assign_ip, "give it one more address, and print it"},
    {"release_ip", NUBE_KIND_NODE, 0, nepho_release_ip, "take an address from it"},
};

/* There is no word for what is under way: a server is not listed before it is there, and has its
 * old state until it has the new one. One whose power is not known may be started, not stopped. */
#define ALWAYS NUBE_OP_NODE_DESTROY, NUBE_OP_NODE_RENAME
static const struct nube_state_row states[] = {
    {"on", NUBE_OPS(NUBE_OP_NODE_STOP, NUBE_OP_NODE_REBOOT, ALWAYS), NUBE_STATE_RUNNING},
    {"off", NUBE_OPS(NUBE_OP_NODE_START, ALWAYS), NUBE_STATE_STOPPED},
    {"unknown", NUBE_OPS(NUBE_OP_NODE_START, ALWAYS), NUBE_STATE_UNKNOWN},
};

#define MUST NUBE_OPTION_REQUIRED
#define CONN(n, t, ...)                                                                            \
    {                                                                                              \
        .name = n, .op = NUBE_OP_NONE, .type = NUBE_TYPE_##t, __VA_ARGS__                          \
    }
#define ARG(o, n, t, ...)                                                                          \
    {                                                                                              \
        .name = n, .op = NUBE_OP_##o, .type = NUBE_TYPE_##t, __VA_ARGS__                           \
    }
#define ACT(a, n, t, ...)                                                                          \
    {                                                                                              \
        .name = n, .op = NUBE_OP_NODE_ACTION, .action = a, .type = NUBE_TYPE_##t, __VA_ARGS__      \
    }
#define ID(o, what) ARG(o, "id", STRING, .flags = MUST, .help = what)
#define KIND(o, text, by)                                                                          \
    ARG(o, "kind", CHOICE, .choices = "cloud|dedicated", .deflt = by, .help = text)
#define NODE(o) ID(o, "the node's id"), KIND(o, "virtual or physical; saves a look", "found out")
#define ACT_NODE(a)                                                                                \
    ACT(a, "id", STRING, .flags = MUST, .help = "the node's id"),                                  \
        ACT(a, "kind", CHOICE, .choices = "cloud|dedicated", .deflt = "found out",                 \
            .help = "virtual or physical; saves a look"),                                          \
        ACT(a, "subnet", STRING, .pattern = "[0-9]+", .deflt = "found by the address",             \
            .help = "id of the subnet the address is of")
#define KEY_GROUP(o, by)                                                                           \
    ARG(o, "group", CHOICE, .choices = "server|console", .deflt = by,                              \
        .help = "for the login, or for the console")

#define NAME_PATTERN     "[A-Za-z]([A-Za-z0-9_-]*[A-Za-z0-9])?"
#define HOSTNAME_PATTERN "[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?"
enum { NAME_MAX_LEN = 64, HOSTNAME_MAX_LEN = 15 };

static const struct nube_option options[] = {
    CONN("endpoint", STRING, .max_len = 2048, .deflt = "https://api.nephoscale.com",
         .help = "where the service is"),
    CONN("username", STRING, .alias = "key", .flags = MUST, .help = "the user's name"),
    CONN("password", STRING, .alias = "secret", .flags = MUST | NUBE_OPTION_SECRET,
         .help = "the user's password"),
    CONN("plain_http", BOOL, .deflt = "no",
         .help = "allow an http:// endpoint on another machine, which hears the password"),

    ARG(RAW, "method", CHOICE, .flags = MUST, .choices = "GET|HEAD|POST|PUT|DELETE",
        .help = "the HTTP method"),
    ARG(RAW, "path", STRING, .flags = MUST, .max_len = 8192, .help = "path: network/domain"),
    ARG(RAW, "query", PAIR, .max_len = 65536, .help = "a query parameter"),
    ARG(RAW, "header", PAIR, .help = "a header"),
    ARG(RAW, "body", DATA, .max_len = 1048576, .help = "the body, a form: a=1&b=2"),

    KIND(NODE_LIST, "only virtual, or only physical ones", "both"),
    NODE(NODE_GET),
    ARG(NODE_CREATE, "image", STRING, .flags = MUST, .pattern = "[0-9]+", .help = "the image's id"),
    ARG(NODE_CREATE, "name", STRING, .max_len = NAME_MAX_LEN, .pattern = NAME_PATTERN,
        .deflt = "node-SECONDS", .help = "its name"),
    ARG(NODE_CREATE, "hostname", STRING, .max_len = HOSTNAME_MAX_LEN, .pattern = HOSTNAME_PATTERN,
        .deflt = "the name, as far as it can be one", .help = "the name it calls itself"),
    ARG(NODE_CREATE, "size", STRING, .pattern = "[0-9]+", .deflt = "the smallest virtual one",
        .help = "the size's id"),
    KIND(NODE_CREATE, "virtual or physical", "by the size"),
    ARG(NODE_CREATE, "location", STRING, .pattern = "[0-9]+", .deflt = "the provider's choice",
        .help = "the zone's id"),
    ARG(NODE_CREATE, "key", STRING, .max_len = 255, .deflt = "none",
        .help = "id or name of a key of the group server"),
    ARG(NODE_CREATE, "console_key", STRING, .max_len = 255, .deflt = "the first of its group",
        .help = "id or name of a password of the group console; not of physical servers"),
    ARG(NODE_CREATE, "network", LIST, .deflt = "the provider's choice",
        .help = "an address to have: NETWORK@ADDRESS"),
    ARG(NODE_CREATE, "job_timeout", DURATION, .min = 1, .max = 86400000, .deflt = "10m",
        .help = "how long to follow the job before the node is left pending"),
    NODE(NODE_DESTROY),
    NODE(NODE_START),
    NODE(NODE_STOP),
    NODE(NODE_REBOOT),
    NODE(NODE_RENAME),
    ARG(NODE_RENAME, "name", STRING, .flags = MUST, .max_len = NAME_MAX_LEN,
        .pattern = NAME_PATTERN, .help = "the new name"),
    ARG(NODE_RENAME, "hostname", STRING, .max_len = HOSTNAME_MAX_LEN, .pattern = HOSTNAME_PATTERN,
        .deflt = "as it is", .help = "the name it calls itself"),
    ACT_NODE("assign_ip"),
    ACT("assign_ip", "address", STRING, .flags = NUBE_OPTION_POSITIONAL, .pattern = "[0-9.]+",
        .deflt = "the first that is free", .help = "the address"),
    ACT("assign_ip", "type", CHOICE, .choices = "public|private", .deflt = "public",
        .help = "of what type a free one is to be"),
    ACT_NODE("release_ip"),
    ACT("release_ip", "address", STRING, .flags = MUST | NUBE_OPTION_POSITIONAL,
        .pattern = "[0-9.]+", .help = "the address"),

    ARG(IMAGE_LIST, "region", STRING, .max_len = 255, .help = "those of this region, by its name"),
    ARG(IMAGE_SEARCH, "term", STRING, .flags = MUST, .help = "part of the name, or of the id"),
    ID(IMAGE_GET, "the image's id"),
    KIND(SIZE_LIST, "of virtual, or of physical servers", "both"),

    KEY_GROUP(KEY_LIST, "both"),
    ID(KEY_GET, "the key's id or name"),
    ARG(KEY_CREATE, "name", STRING, .flags = MUST, .max_len = 255, .help = "the key's name"),
    ARG(KEY_CREATE, "password", STRING, .flags = MUST | NUBE_OPTION_SECRET, .max_len = 255,
        .help = "the password that is the key; pairs are imported"),
    KEY_GROUP(KEY_CREATE, "console"),
    ARG(KEY_IMPORT, "name", STRING, .flags = MUST, .max_len = 255, .help = "the key's name"),
    ARG(KEY_IMPORT, "public_key", STRING, .flags = MUST | NUBE_OPTION_MULTILINE, .max_len = 16384,
        .help = "the line of the public key file"),
    KEY_GROUP(KEY_IMPORT, "server"),
    ID(KEY_DELETE, "the key's id or name"),
};

static const struct nube_driver driver = {
    .size = sizeof(struct nube_driver),
    .services = NUBE_SERVICE_HTTP | NUBE_SERVICE_CRYPTO,
    .name = "nephoscale",
    .title = "NephoScale",
    .version = NUBE_VERSION,
    .license = "Apache-2.0",
    .providers = NUBE_TABLE(providers),
    .options = NUBE_TABLE(options),
    .ops = NUBE_TABLE(ops),
    .states = NUBE_TABLE(states),
    .actions = NUBE_TABLE(actions),
    .classify = nepho_classify,
    .sign = nepho_sign,
};

NUBE_DRIVER(driver)
