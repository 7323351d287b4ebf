/* The tables of the bare-metal driver and its entry point. */
#include "baremetal.h"

static const struct nube_provider_row providers[] = {
    {.id = "bare_metal", .title = "Bare Metal Server"},
};

static const struct nube_native_row natives[] = {
    {NULL, NUBE_NATIVE_FILE, "${XDG_CONFIG_HOME:-~/.config}/nube/hosts", NULL},
    {NULL, NUBE_NATIVE_FILE, "~/.ssh/config", NULL},
};

static const struct nube_op_row ops[] = {
    {NUBE_OP_AUTH, 0, bm_auth},
    {NUBE_OP_CHECK, 0, bm_check},
    {NUBE_OP_NODE_LIST, 0, bm_node_list},
    {NUBE_OP_NODE_GET, 0, bm_node_get},
    {NUBE_OP_NODE_CREATE, NUBE_OPF_SETTLED, bm_node_create},
    {NUBE_OP_NODE_DESTROY, NUBE_OPF_SETTLED, bm_node_destroy},
    {NUBE_OP_NODE_START, 0, bm_node_start},
    {NUBE_OP_NODE_STOP, 0, bm_node_stop},
    {NUBE_OP_NODE_REBOOT, 0, bm_node_reboot},
    {NUBE_OP_NODE_RENAME, NUBE_OPF_SETTLED, bm_node_rename},
    {NUBE_OP_KEY_LIST, 0, bm_key_list},
    {NUBE_OP_KEY_IMPORT, 0, bm_key_import},
    {NUBE_OP_KEY_DELETE, 0, bm_key_delete},
};

#define ALWAYS NUBE_OP_NODE_DESTROY, NUBE_OP_NODE_RENAME, NUBE_OP_NODE_PROBE
#define ANY                                                                                        \
    NUBE_OPS(NUBE_OP_NODE_START, NUBE_OP_NODE_STOP, NUBE_OP_NODE_REBOOT, NUBE_OP_NODE_RUN, ALWAYS)

/* What a look at the host says; a host that nobody looked at may be in any state. */
static const struct nube_state_row states[] = {
    {"running", NUBE_OPS(NUBE_OP_NODE_STOP, NUBE_OP_NODE_REBOOT, NUBE_OP_NODE_RUN, ALWAYS),
     NUBE_STATE_RUNNING},
    {"off", NUBE_OPS(NUBE_OP_NODE_START, ALWAYS), NUBE_STATE_STOPPED},
    {"powered on", ANY, NUBE_STATE_UNKNOWN},
    {"unreachable", ANY, NUBE_STATE_UNKNOWN},
    {"not asked", ANY, NUBE_STATE_UNKNOWN},
};

#define CONN(n, t, ...)                                                                            \
    {                                                                                              \
        .name = n, .op = NUBE_OP_NONE, .type = NUBE_TYPE_##t, __VA_ARGS__                          \
    }
#define ARG(o, n, t, ...)                                                                          \
    {                                                                                              \
        .name = n, .op = NUBE_OP_##o, .type = NUBE_TYPE_##t, __VA_ARGS__                           \
    }
#define HOST(o) ARG(o, "id", STRING, .flags = NUBE_OPTION_REQUIRED, .help = "the host's name")

static const struct nube_option options[] = {
    CONN("host", STRING, .alias = "hosts",
         .help = "the hosts, with commas between: [NAME=][USER@]HOST[:PORT]"),
    CONN("hosts_file", STRING, .deflt = "~/.config/nube/hosts, without host",
         .help = "a file of hosts, a line each; adopting and forgetting change it"),
    CONN("ssh_hosts", BOOL, .deflt = "yes, without host and hosts_file",
         .help = "also the hosts that ssh_config names"),
    CONN("port", INT, .min = 1, .max = 65535, .deflt = "22", .help = "port of the SSH servers"),
    CONN("user", STRING, .max_len = 255, .pattern = "[^-].*", .help = "who to log in as"),
    CONN("key", DATA, .max_len = 64 << 10, .flags = NUBE_OPTION_SECRET,
         .help = "text of a private key"),
    CONN("key_file", STRING, .alias = "identity",
         .help = "file of a private key; no other key is offered then"),
    CONN("key_passphrase", STRING, .flags = NUBE_OPTION_SECRET,
         .help = "passphrase of the private key; without it the person is asked"),
    CONN("certificate", STRING, .help = "file of the key's certificate"),
    CONN("password", STRING, .flags = NUBE_OPTION_SECRET,
         .help = "password to log in with; no key of yours is offered then"),
    CONN("agent", BOOL, .help = "ask ssh-agent; yes, unless a key or password is given"),
    CONN("host_key", STRING, .deflt = "strict",
         .help = "strict, accept-new, or the fingerprint that every host must have"),
    CONN("known_hosts", STRING, .deflt = "~/.ssh/known_hosts", .help = "file of host keys"),
    CONN("jump", STRING, .help = "[USER@]HOST[:PORT] to go through; several with commas"),
    CONN("ssh_config", STRING, .deflt = "~/.ssh/config",
         .help = "configuration file of ssh to read, or none"),
    CONN("sudo", BOOL, .deflt = "yes", .help = "stop and reboot by sudo, unless logged in as root"),
    CONN("sudo_password", STRING, .flags = NUBE_OPTION_SECRET,
         .help = "what sudo asks for; without it sudo must not ask"),
    CONN("bmc_user", STRING, .help = "name at the hosts' management controllers (Redfish)"),
    CONN("bmc_password", STRING, .flags = NUBE_OPTION_SECRET,
         .help = "password at the management controllers"),
    CONN("bmc", STRING, .help = "URL of the management controller of the only host"),

    ARG(NODE_LIST, "probe", BOOL, .deflt = "no", .help = "ask every host what it is and does"),
    HOST(NODE_GET),
    ARG(NODE_GET, "probe", BOOL, .deflt = "yes", .help = "ask the host what it is and does"),
    ARG(NODE_CREATE, "name", STRING, .flags = NUBE_OPTION_REQUIRED,
        .pattern = "[a-zA-Z0-9][a-zA-Z0-9_.-]*", .help = "what the host is called here"),
    ARG(NODE_CREATE, "host", STRING, .alias = "address", .deflt = "the name",
        .help = "its name or address"),
    ARG(NODE_CREATE, "port", INT, .min = 1, .max = 65535, .help = "port of its SSH server"),
    ARG(NODE_CREATE, "user", STRING, .max_len = 255, .pattern = "[^-].*",
        .help = "who to log in as"),
    ARG(NODE_CREATE, "key_file", STRING, .help = "file of a private key"),
    ARG(NODE_CREATE, "jump", STRING, .help = "[USER@]HOST[:PORT] to go through"),
    ARG(NODE_CREATE, "host_key", STRING, .help = "the fingerprint it must have, or accept-new"),
    ARG(NODE_CREATE, "location", STRING, .help = "where it stands"),
    ARG(NODE_CREATE, "bmc", STRING, .help = "URL of its management controller"),
    ARG(NODE_CREATE, "probe", BOOL, .deflt = "yes", .help = "only if it answers"),
    HOST(NODE_DESTROY),
    HOST(NODE_START),
    HOST(NODE_STOP),
    ARG(NODE_STOP, "force", BOOL, .deflt = "no",
        .help = "switch it off, by its management controller"),
    HOST(NODE_REBOOT),
    ARG(NODE_REBOOT, "hard", BOOL, .deflt = "no", .help = "reset it, by its management controller"),
    HOST(NODE_RENAME),
    ARG(NODE_RENAME, "name", STRING, .flags = NUBE_OPTION_REQUIRED,
        .pattern = "[a-zA-Z0-9][a-zA-Z0-9_.-]*", .help = "the new name"),
    ARG(KEY_LIST, "node", STRING, .deflt = "all", .help = "one host's"),
    ARG(KEY_IMPORT, "name", STRING, .max_len = 255, .help = "the comment it gets"),
    ARG(KEY_IMPORT, "public_key", STRING, .max_len = 16 << 10, .flags = NUBE_OPTION_REQUIRED,
        .help = "the key, as in authorized_keys"),
    ARG(KEY_IMPORT, "node", STRING, .deflt = "all", .help = "one host"),
    ARG(KEY_DELETE, "id", STRING, .flags = NUBE_OPTION_REQUIRED, .help = "the key's comment"),
    ARG(KEY_DELETE, "node", STRING, .deflt = "all", .help = "one host"),
};

static const struct nube_driver driver = {
    .size = sizeof(struct nube_driver),
    .services = NUBE_SERVICE_HTTP | NUBE_SERVICE_CRYPTO | NUBE_SERVICE_SSH,
    .name = "baremetal",
    .title = "Bare metal",
    .version = NUBE_VERSION,
    .license = "Apache-2.0",
    .providers = NUBE_TABLE(providers),
    .options = NUBE_TABLE(options),
    .ops = NUBE_TABLE(ops),
    .natives = NUBE_TABLE(natives),
    .states = NUBE_TABLE(states),
    .classify = bm_classify,
    .sign = bm_sign,
    .ssh_host = bm_ssh_host,
};

NUBE_DRIVER(driver)
