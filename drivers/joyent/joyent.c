/* The tables of the Joyent driver and its entry point. */
#include "joyent.h"

static const struct nube_provider_row providers[] = {
    {.id = "joyent", .title = "Joyent Triton"},
};

#define SETTLED NUBE_OPF_SETTLED
static const struct nube_native_row natives[] = {
    {NULL, NUBE_NATIVE_ENV, "TRITON_URL", NULL},
    {NULL, NUBE_NATIVE_ENV, "SDC_URL", NULL},
    {"profile", NUBE_NATIVE_JSON, "~/.triton/profiles.d/*.json", NULL},
    {"profile", NUBE_NATIVE_JSON, "${XDG_CONFIG_HOME:-~/.config}/triton/profiles.d/*.json", NULL},
};

static const struct nube_op_row ops[] = {
    {NUBE_OP_AUTH, 0, joy_auth},
    {NUBE_OP_CHECK, 0, joy_check},
    {NUBE_OP_RAW, 0, joy_raw},
    {NUBE_OP_NODE_LIST, 0, joy_node_list},
    {NUBE_OP_NODE_GET, 0, joy_node_get},
    {NUBE_OP_NODE_CREATE, 0, joy_node_create},
    {NUBE_OP_NODE_DESTROY, 0, joy_node_destroy},
    {NUBE_OP_NODE_START, 0, joy_node_start},
    {NUBE_OP_NODE_STOP, 0, joy_node_stop},
    {NUBE_OP_NODE_REBOOT, 0, joy_node_reboot},
    {NUBE_OP_NODE_RENAME, SETTLED, joy_node_rename},
    {NUBE_OP_NODE_RESIZE, 0, joy_node_resize},
    {NUBE_OP_NODE_TAG, SETTLED, joy_node_tag},
    {NUBE_OP_NODE_METADATA, SETTLED, joy_node_metadata},
    {NUBE_OP_IMAGE_LIST, 0, joy_image_list},
    {NUBE_OP_IMAGE_GET, 0, joy_image_get},
    {NUBE_OP_IMAGE_CREATE, 0, joy_image_create},
    {NUBE_OP_IMAGE_DELETE, 0, joy_image_delete},
    {NUBE_OP_SIZE_LIST, 0, joy_size_list},
    {NUBE_OP_LOCATION_LIST, 0, joy_location_list},
    {NUBE_OP_KEY_LIST, 0, joy_key_list},
    {NUBE_OP_KEY_GET, 0, joy_key_get},
    {NUBE_OP_KEY_IMPORT, 0, joy_key_import},
    {NUBE_OP_KEY_DELETE, 0, joy_key_delete},
    {NUBE_OP_SNAPSHOT_LIST, 0, joy_snapshot_list},
    {NUBE_OP_SNAPSHOT_CREATE, 0, joy_snapshot_create},
    {NUBE_OP_SNAPSHOT_RESTORE, 0, joy_snapshot_restore},
    {NUBE_OP_SNAPSHOT_DELETE, 0, joy_snapshot_delete},
};

#define NODE_ACTION(name, step, help)                                                              \
    {                                                                                              \
        name, NUBE_KIND_NODE, SETTLED, step, help                                                  \
    }
static const struct nube_action_row actions[] = {
    NODE_ACTION("enable_firewall", joy_enable_firewall, "let the firewall's rules hold for it"),
    NODE_ACTION("disable_firewall", joy_disable_firewall, "let everything through to it"),
    NODE_ACTION("enable_deletion_protection", joy_enable_protection,
                "refuse to delete it from now on"),
    NODE_ACTION("disable_deletion_protection", joy_disable_protection, "let it be deleted again"),
    NODE_ACTION("audit", joy_audit,
                "print what was done to it: time, action, success, by whom, from where"),
    NODE_ACTION("count", joy_count, "print how many nodes there are, without listing them"),
};

/* What every state but the last allows, and what is possible in some of them. */
#define ALWAYS                                                                                     \
    NUBE_OP_NODE_DESTROY, NUBE_OP_NODE_RENAME, NUBE_OP_NODE_TAG, NUBE_OP_NODE_METADATA,            \
        NUBE_OP_NODE_RESIZE, NUBE_OP_SNAPSHOT_CREATE
static const struct nube_state_row states[] = {
    {"provisioning", NUBE_OPS(NUBE_OP_NODE_DESTROY), NUBE_STATE_PENDING},
    {"ready", NUBE_OPS(ALWAYS, NUBE_OP_NODE_STOP), NUBE_STATE_REBOOTING}, /* between two boots */
    {"running", NUBE_OPS(ALWAYS, NUBE_OP_NODE_STOP, NUBE_OP_NODE_REBOOT), NUBE_STATE_RUNNING},
    {"stopping", NUBE_OPS(ALWAYS), NUBE_STATE_STOPPING},
    {"stopped",
     NUBE_OPS(ALWAYS, NUBE_OP_NODE_START, NUBE_OP_IMAGE_CREATE, NUBE_OP_SNAPSHOT_RESTORE),
     NUBE_STATE_STOPPED},
    {"offline", NULL, NUBE_STATE_UNKNOWN}, /* its host does not answer */
    {"failed", NUBE_OPS(NUBE_OP_NODE_DESTROY), NUBE_STATE_ERROR},
    {"deleted", NUBE_OPS(NUBE_OP_NONE), NUBE_STATE_TERMINATED},
    {"destroyed", NUBE_OPS(NUBE_OP_NONE), NUBE_STATE_TERMINATED},
    {"unknown", NULL, NUBE_STATE_UNKNOWN},
};

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
#define MUST         NUBE_OPTION_REQUIRED
#define SECRET       NUBE_OPTION_SECRET
#define ID(o, what)  ARG(o, "id", STRING, .flags = MUST, .help = what)
#define NODE(o)      ID(o, "the node's id")
#define ACT_NODE(a)  ACT(a, "id", STRING, .flags = MUST, .help = "the node's id")
#define NAME_PATTERN "[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?"
#define CREATED_NAME "([a-zA-Z0-9.-]|\\{\\{shortId\\}\\})+"
#define USER(o)      ARG(o, "user", STRING, .help = "the keys of this user of the account")
/* What narrows a list and a count alike, beside what every list has. */
#define FILTERS(row)                                                                               \
    row("type", CHOICE, .choices = "smartmachine|virtualmachine", .help = "of this kind"),         \
        row("brand", STRING, .help = "of this brand: joyent, lx, bhyve, kvm"),                     \
        row("memory", INT, .min = 1, .max = 1 << 30,                                               \
            .help = "with exactly so many MiB of memory"),                                         \
        row("docker", BOOL, .help = "yes: docker containers only; no: none of them"),              \
        row("tombstone", BOOL, .deflt = "no", .help = "those that are deleted too")
#define LISTED(n, t, ...)  ARG(NODE_LIST, n, t, __VA_ARGS__)
#define COUNTED(n, t, ...) ACT("count", n, t, __VA_ARGS__)

static const struct nube_option options[] = {
    CONN("account", STRING, .max_len = 255, .deflt = "TRITON_ACCOUNT, else the profile's",
         .help = "the account's login"),
    CONN("user", STRING, .max_len = 255, .help = "a user of the account, whose key it is"),
    CONN("key_id", STRING, .alias = "key", .deflt = "TRITON_KEY_ID, else the profile's",
         .help = "the key: its name, its fingerprint (MD5 or SHA256:...), or /ACCOUNT/keys/NAME"),
    CONN("key_file", STRING, .alias = "secret", .max_len = 1024,
         .deflt = "ssh-agent by fingerprint, else ~/.ssh/id_rsa",
         .help = "file of the private key"),
    CONN("private_key", STRING, .flags = SECRET | NUBE_OPTION_MULTILINE, .max_len = 16384,
         .help = "the text of the private key, instead of its file"),
    CONN("key_passphrase", STRING, .flags = SECRET, .deflt = "asked for when it is needed",
         .help = "what the private key is encrypted with"),
    CONN("agent", BOOL, .deflt = "yes", .help = "no: do not ask ssh-agent for signatures"),
    CONN("profile", STRING, .deflt = "TRITON_PROFILE, else the one in use",
         .help = "a profile of Triton's tools; env: the variables"),
    CONN("endpoint", STRING, .alias = "url", .max_len = 2048, .deflt = "the datacenter's",
         .help = "URL of CloudAPI"),
    CONN("region", STRING, .alias = "location", .deflt = "us-central-1",
         .help = "the datacenter: a host, or a name, which is looked up when endpoint is set too"),
    CONN("api_version", STRING, .pattern = "[0-9~^<>=|. v-]+", .deflt = "~9||~8||~7||~6.5",
         .help = "versions of CloudAPI that will do"),
    CONN("act_as", STRING, .pattern = "[^/]+", .help = "an account to act for, as its operator"),
    CONN("role", STRING, .pattern = "[^&?/]+", .help = "roles to take on, with commas between"),
    CONN("page_size", INT, .min = 1, .max = 1000, .deflt = "1000",
         .help = "how many nodes a page of their list holds"),

    ARG(RAW, "method", CHOICE, .flags = MUST, .choices = "GET|HEAD|POST|PUT|DELETE|PATCH",
        .help = "the HTTP method"),
    ARG(RAW, "path", STRING, .flags = MUST, .max_len = 8192, .help = "path below the account"),
    ARG(RAW, "query", PAIR, .max_len = 65536, .help = "a query parameter"),
    ARG(RAW, "header", PAIR, .help = "a header"),
    ARG(RAW, "body", DATA, .max_len = 100000, .help = "the body, JSON"),

    FILTERS(LISTED),
    LISTED("credentials", BOOL, .deflt = "no", .help = "with the passwords that images made"),
    LISTED("offset", INT, .min = 0, .max = 1 << 30, .deflt = "0", .help = "leave out so many"),
    NODE(NODE_GET),
    ARG(NODE_GET, "credentials", BOOL, .deflt = "no",
        .help = "with the password that its image made"),
    ARG(NODE_CREATE, "name", STRING, .max_len = 189, .pattern = CREATED_NAME,
        .deflt = "one of its own", .help = "its name; {{shortId}} is replaced by part of its id"),
    ARG(NODE_CREATE, "image", STRING, .deflt = "the default, else the newest that is called base",
        .help = "id, NAME, NAME@VERSION, or URN of an image: the newest that fits"),
    ARG(NODE_CREATE, "size", STRING, .deflt = "the default, else the smallest that fits",
        .help = "id or name of a package"),
    ARG(NODE_CREATE, "network", LIST, .deflt = "the datacenter's choice",
        .help = "id of a network, or ID@ADDRESS"),
    ARG(NODE_CREATE, "metadata", PAIR, .max_len = 65536, .help = "a metadata item"),
    ARG(NODE_CREATE, "tag", PAIR, .max_len = 4096, .help = "a tag"),
    ARG(NODE_CREATE, "boot_script", DATA, .alias = "user_script", .max_len = 90000,
        .help = "a script that runs at every boot, where the image does so"),
    ARG(NODE_CREATE, "user_data", DATA, .max_len = 90000,
        .help = "what the image reads at its first start"),
    ARG(NODE_CREATE, "affinity", LIST, .help = "where to be: instance!=web*, role==db, ..."),
    ARG(NODE_CREATE, "brand", STRING, .pattern = "[a-z0-9-]+", .help = "kvm, bhyve"),
    ARG(NODE_CREATE, "firewall", BOOL, .deflt = "no", .help = "the firewall's rules hold for it"),
    ARG(NODE_CREATE, "deletion_protection", BOOL, .deflt = "no", .help = "refuse to delete it"),
    ARG(NODE_CREATE, "allow_shared_images", BOOL, .help = "the image may be one that is shared"),
    ARG(NODE_CREATE, "delegate_dataset", BOOL, .help = "give it a dataset of its own"),
    ARG(NODE_CREATE, "encrypted", BOOL, .help = "on a host whose disks are encrypted"),
    NODE(NODE_DESTROY),
    ARG(NODE_DESTROY, "stop", BOOL, .deflt = "no",
        .help = "stop it first, which the API before 8 wants"),
    NODE(NODE_START),
    NODE(NODE_STOP),
    NODE(NODE_REBOOT),
    NODE(NODE_RENAME),
    ARG(NODE_RENAME, "name", STRING, .flags = MUST, .max_len = 189, .pattern = NAME_PATTERN,
        .help = "the new name"),
    NODE(NODE_RESIZE),
    ARG(NODE_RESIZE, "size", STRING, .flags = MUST, .help = "id or name of a package"),
    NODE(NODE_TAG),
    ARG(NODE_TAG, "tag", PAIR, .max_len = 4096, .help = "a tag to set"),
    ARG(NODE_TAG, "remove", LIST, .help = "the name of a tag to remove"),
    ARG(NODE_TAG, "clear", BOOL, .deflt = "no", .help = "remove all of them first"),
    NODE(NODE_METADATA),
    ARG(NODE_METADATA, "metadata", PAIR, .max_len = 65536, .help = "an item to set"),
    ARG(NODE_METADATA, "remove", LIST, .help = "the name of one to remove"),
    ARG(NODE_METADATA, "clear", BOOL, .deflt = "no", .help = "remove all of them first"),
    ACT_NODE("enable_firewall"),
    ACT_NODE("disable_firewall"),
    ACT_NODE("enable_deletion_protection"),
    ACT_NODE("disable_deletion_protection"),
    ACT_NODE("audit"),
    COUNTED("name", STRING, .help = "of exactly this name"),
    COUNTED("image", STRING, .help = "made from the image of this id"),
    COUNTED("state", STRING, .help = "in this state: running, stopped, destroyed"),
    COUNTED("tag", PAIR, .help = "with this tag: name=value"),
    FILTERS(COUNTED),

    ARG(IMAGE_LIST, "os", STRING, .help = "of this system: smartos, linux, windows, ..."),
    ARG(IMAGE_LIST, "version", STRING, .help = "of exactly this version"),
    ARG(IMAGE_LIST, "public", BOOL, .help = "yes: for everybody; no: for some"),
    ARG(IMAGE_LIST, "state", STRING, .deflt = "active",
        .help = "active, unactivated, disabled, creating, failed, all"),
    ARG(IMAGE_LIST, "owner", STRING, .help = "of this account, by its id"),
    ARG(IMAGE_LIST, "type", STRING, .help = "zone-dataset, lx-dataset, zvol, docker, ..."),
    ID(IMAGE_GET, "id, NAME, NAME@VERSION or URN: the newest that fits"),
    ARG(IMAGE_CREATE, "node", STRING, .flags = MUST, .help = "the node, which must be stopped"),
    ARG(IMAGE_CREATE, "name", STRING, .flags = MUST, .max_len = 512, .help = "its name"),
    ARG(IMAGE_CREATE, "version", STRING, .deflt = "1.0.0", .help = "its version"),
    ARG(IMAGE_CREATE, "description", STRING, .max_len = 512, .help = "what it is for"),
    ARG(IMAGE_CREATE, "homepage", STRING, .max_len = 128, .help = "a URL that tells more"),
    ARG(IMAGE_CREATE, "tag", PAIR, .help = "a tag"),
    ID(IMAGE_DELETE, "the image's id"),
    ARG(SIZE_LIST, "memory", INT, .min = 0, .max = 1 << 30, .help = "with exactly so many MiB"),
    ARG(SIZE_LIST, "disk", INT, .min = 0, .max = 1 << 30, .help = "with exactly so many MiB"),
    ARG(SIZE_LIST, "swap", INT, .min = 0, .max = 1 << 30, .help = "with exactly so many MiB"),
    ARG(SIZE_LIST, "vcpus", INT, .min = 0, .max = 4096, .help = "with exactly so many"),
    ARG(SIZE_LIST, "version", STRING, .help = "of exactly this version"),
    ARG(SIZE_LIST, "group", STRING, .help = "of this group"),
    USER(KEY_LIST),
    ID(KEY_GET, "the key's name or MD5 fingerprint"),
    USER(KEY_GET),
    ARG(KEY_IMPORT, "name", STRING, .max_len = 255, .deflt = "its fingerprint",
        .help = "the key's name"),
    ARG(KEY_IMPORT, "public_key", STRING, .flags = MUST | NUBE_OPTION_MULTILINE, .max_len = 16384,
        .help = "the line of the public key file"),
    USER(KEY_IMPORT),
    ID(KEY_DELETE, "the key's name or MD5 fingerprint"),
    USER(KEY_DELETE),
    ARG(SNAPSHOT_LIST, "node", STRING, .help = "the node; needed unless id is given"),
    ARG(SNAPSHOT_CREATE, "node", STRING, .flags = MUST, .help = "the node's id"),
    ARG(SNAPSHOT_CREATE, "name", STRING, .max_len = 255, .deflt = "the time", .pattern = "[^/]+",
        .help = "its name"),
    ID(SNAPSHOT_RESTORE, "the snapshot, NODE/NAME; the node must be stopped"),
    ARG(SNAPSHOT_RESTORE, "node", STRING, .help = "the node, where id is the name alone"),
    ID(SNAPSHOT_DELETE, "the snapshot, NODE/NAME"),
    ARG(SNAPSHOT_DELETE, "node", STRING, .help = "the node, where id is the name alone"),
};

static const struct nube_driver driver = {
    .size = sizeof(struct nube_driver),
    .services = NUBE_SERVICE_HTTP | NUBE_SERVICE_CRYPTO,
    .name = "joyent",
    .title = "Joyent Triton",
    .version = NUBE_VERSION,
    .license = "Apache-2.0",
    .providers = NUBE_TABLE(providers),
    .options = NUBE_TABLE(options),
    .ops = NUBE_TABLE(ops),
    .natives = NUBE_TABLE(natives),
    .states = NUBE_TABLE(states),
    .actions = NUBE_TABLE(actions),
    .classify = joy_classify,
    .sign = joy_sign,
};

NUBE_DRIVER(driver)
