/* The one table of nouns, verbs and flags: the parser, the help, the man page and completion read
 * it. */
#include "cmd.h"

#define FLAGS(a)                                                                                   \
    {                                                                                              \
        (a), sizeof(a) / sizeof *(a)                                                               \
    }
#define NO_FLAGS                                                                                   \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

const struct noun nouns[] = {
    {"provider", "the catalogue of providers"},
    {"driver", "what is installed, and what it can do"},
    {"backend", "your accounts"},
    {"node", "machines and containers"},
    {"image", "what nodes are made from"},
    {"size", "how large nodes can be"},
    {"location", "where nodes can be"},
    {"key", "SSH keys that may log in"},
    {"snapshot", "states of nodes that are kept"},
    {"firewall", "what traffic reaches nodes"},
    {"inventory", "your nodes for other tools"},
    {"raw", "one request to the provider's own API"},
    {"completion", "completion for your shell"},
    {"help", "help on a noun or a verb"},
};
const size_t n_nouns = sizeof nouns / sizeof *nouns;

static const struct flag globals[] = {
    {"backend", 'b', FLAG_TEXT, FLAG_MANY, NULL, "NAME",
     "a backend by name or id, or a provider id; may be repeated"},
    {"output", 'o', FLAG_TEXT, 0, NULL, "FORMAT", "table, wide, json, ndjson, yaml, csv or id"},
    {"columns", 0, FLAG_TEXT, 0, NULL, "A,B,...",
     "columns of table, wide and csv; also extra.NAME and tags.NAME"},
    {"no-header", 0, FLAG_BOOL, 0, NULL, NULL, "no line of column names"},
    {"first", 0, FLAG_BOOL, 0, NULL, NULL, "take the first when a name fits several"},
    {"yes", 'y', FLAG_BOOL, 0, NULL, NULL, "answer yes to what a destructive verb asks"},
    {"quiet", 'q', FLAG_BOOL, 0, NULL, NULL, "no notices and no progress"},
    {"deadline", 0, FLAG_DURATION, 0, NULL, "TIME",
     "give up after that long, waiting included: 30s, 5m"},
    {"dry-run", 0, FLAG_BOOL, 0, NULL, NULL,
     "print the first request that would change something, and stop"},
    {"debug", 0, FLAG_BOOL, 0, NULL, NULL, "log the wire on standard error, without secrets"},
    {"record", 0, FLAG_TEXT, 0, NULL, "DIR", "write every exchange to DIR, without secrets"},
    {"replay", 0, FLAG_TEXT, 0, NULL, "DIR", "answer from DIR, without a network"},
    {"config", 0, FLAG_TEXT, 0, NULL, "FILE", "the file of backends"},
    {"driver-path", 0, FLAG_TEXT, 0, NULL, "DIR", "look for drivers there first"},
    {"service-path", 0, FLAG_TEXT, 0, NULL, "DIR", "look for service modules there first"},
    {"help", 'h', FLAG_BOOL, 0, NULL, NULL, "help on the noun or the verb"},
    {"version", 0, FLAG_BOOL, 0, NULL, NULL, "print the version"},
};
const struct flag_set global_flags = FLAGS(globals);

#define SET_FLAG                                                                                   \
    {                                                                                              \
        "set", 0, FLAG_ARGUMENT, FLAG_MANY, NULL, "OPTION=VALUE",                                  \
            "an argument of the driver; see: nube driver show"                                     \
    }
#define WAIT_FLAG                                                                                  \
    {                                                                                              \
        "wait", 0, FLAG_OPTIONAL, 0, NULL, "STATES",                                               \
            "wait until it is done, or in one of these states"                                     \
    }
#define FILTER_FLAG                                                                                \
    {                                                                                              \
        "filter", 0, FLAG_ARGUMENT, FLAG_MANY, NULL, "KEY=VALUE",                                  \
            "a filter of the driver; see: nube driver show"                                        \
    }
#define SEARCH_FLAGS                                                                               \
    {"search",                                                                                     \
     0,                                                                                            \
     FLAG_TEXT,                                                                                    \
     0,                                                                                            \
     "search",                                                                                     \
     "TEXT",                                                                                       \
     "part of id or name (of a node also address), case ignored"},                                 \
        {"name", 0, FLAG_TEXT, 0, "name", "NAME", "exactly this name"},                            \
    {                                                                                              \
        "id", 0, FLAG_TEXT, 0, "id", "ID", "exactly this id"                                       \
    }

static const struct flag backend_import[] = {
    {"all", 0, FLAG_BOOL, 0, NULL, NULL, "everything that is found"},
};
static const struct flag node_list[] = {
    SEARCH_FLAGS,
    {"state", 0, FLAG_TEXT, 0, "state", "STATE", "only in this state: running, stopped, ..."},
    {"tag", 0, FLAG_PAIR, FLAG_MANY, "tag", "KEY=VALUE", "only with this tag; may be repeated"},
    {"image", 0, FLAG_TEXT, 0, "image", "IMAGE", "only made from this image"},
    {"location", 0, FLAG_TEXT, 0, "location", "LOCATION", "only there"},
    {"address", 0, FLAG_TEXT, 0, "address", "ADDRESS", "only with this address"},
    FILTER_FLAG,
};
static const struct flag inventory[] = {
    {"ansible", 0, FLAG_BOOL, 0, NULL, NULL, "JSON of an Ansible inventory script"},
    {"ssh-config", 0, FLAG_BOOL, 0, NULL, NULL, "Host blocks for ~/.ssh/config to include"},
    {"prometheus-sd", 0, FLAG_BOOL, 0, NULL, NULL, "JSON of Prometheus' file_sd and http_sd"},
    {"hosts", 0, FLAG_BOOL, 0, NULL, NULL, "lines of a hosts file"},
    {"private", 0, FLAG_BOOL, 0, NULL, NULL, "private addresses before public ones"},
    {"port", 0, FLAG_TEXT, 0, NULL, "N", "of Prometheus' targets (9100)"},
    {"user", 0, FLAG_TEXT, 0, NULL, "NAME", "who logs in, where the node does not say"},
    {"list", 0, FLAG_BOOL, 0, NULL, NULL, "nothing more: Ansible gives it to its scripts"},
    {"state", 0, FLAG_TEXT, 0, "state", "STATE", "only in this state: running, stopped, ..."},
    {"tag", 0, FLAG_PAIR, FLAG_MANY, "tag", "KEY=VALUE", "only with this tag; may be repeated"},
    FILTER_FLAG,
};
static const struct flag node_search[] = {
    {"state", 0, FLAG_TEXT, 0, "state", "STATE", "only in this state: running, stopped, ..."},
    {"tag", 0, FLAG_PAIR, FLAG_MANY, "tag", "KEY=VALUE", "only with this tag; may be repeated"},
    FILTER_FLAG,
};
static const struct flag image_list[] = {SEARCH_FLAGS, FILTER_FLAG};
static const struct flag size_list[] = {
    {"min-ram", 0, FLAG_TEXT, 0, NULL, "AMOUNT", "with at least so much memory: 512M, 4G"},
    {"min-cores", 0, FLAG_TEXT, 0, NULL, "N", "with at least so many processors"},
    {"min-disk", 0, FLAG_TEXT, 0, NULL, "AMOUNT", "with a disk of at least that: 20G"},
    {"max-price", 0, FLAG_TEXT, 0, NULL, "PRICE", "at most that an hour; none without a price"},
    {"sort", 0, FLAG_TEXT, 0, NULL, "FIELD", "by price, ram, cores or disk; without one last"},
    FILTER_FLAG,
};
static const struct flag plain_list[] = {FILTER_FLAG};

static const struct flag node_create[] = {
    {"name", 'n', FLAG_TEXT, 0, NULL, "NAME", "its name; with --count NAME-1, NAME-2, ..."},
    {"image", 'i', FLAG_TEXT, 0, "image", "IMAGE", "what it is made from (required)"},
    {"size", 's', FLAG_TEXT, 0, "size", "SIZE", "how large; see: nube size list"},
    {"location", 'l', FLAG_TEXT, 0, "location", "LOCATION", "where; see: nube location list"},
    {"key", 'k', FLAG_TEXT, FLAG_MANY, "key", "KEY",
     "a key that may log in: its name, or FILE.pub"},
    {"user-data", 0, FLAG_DATA, 0, "user_data", "TEXT|@FILE",
     "for cloud-init; @- is standard input"},
    {"tag", 0, FLAG_PAIR, FLAG_MANY, "tag", "KEY=VALUE", "a tag; may be repeated"},
    {"count", 0, FLAG_TEXT, 0, NULL, "N", "so many of them"},
    SET_FLAG,
    WAIT_FLAG,
};
/* Choose nodes instead of naming them. The command reads them: they are no arguments of the call.
 */
#define SELECT_FLAGS                                                                               \
    {"search",                                                                                     \
     0,                                                                                            \
     FLAG_TEXT,                                                                                    \
     0,                                                                                            \
     NULL,                                                                                         \
     "TEXT",                                                                                       \
     "all whose id, name or address holds it; it shows them and asks"},                            \
        {"tag", 0, FLAG_PAIR, FLAG_MANY, NULL, "KEY=VALUE", "all with this tag; may be repeated"}, \
    {                                                                                              \
        "state", 0, FLAG_TEXT, 0, NULL, "STATE", "all in this state"                               \
    }
static const struct flag change[] = {SELECT_FLAGS, SET_FLAG, WAIT_FLAG};
static const struct flag change_plain[] = {SELECT_FLAGS, WAIT_FLAG};
static const struct flag node_resize[] = {
    {"size", 's', FLAG_TEXT, 0, "size", "SIZE", "the new size; see: nube size list"},
    SELECT_FLAGS,
    SET_FLAG,
    WAIT_FLAG,
};
static const struct flag node_rebuild[] = {
    {"image", 'i', FLAG_TEXT, 0, "image", "IMAGE", "what it is made from (required)"},
    SET_FLAG,
    WAIT_FLAG,
};
static const struct flag node_wait[] = {
    {"until", 0, FLAG_TEXT, 0, NULL, "STATES",
     "until in one of these (running, when nothing is given)"},
    {"while", 0, FLAG_TEXT, 0, NULL, "STATES", "while in one of these"},
    {"gone", 0, FLAG_BOOL, 0, NULL, NULL, "until it no longer exists"},
};
static const struct flag node_console[] = {
    {"tail", 0, FLAG_TEXT, 0, "tail", "N", "only the last N lines"},
    {"follow", 'f', FLAG_BOOL, 0, "follow", NULL, "go on as output comes"},
    {"timestamps", 't', FLAG_BOOL, 0, "timestamps", NULL, "with the time of each line"},
    {"since", 0, FLAG_TEXT, 0, "since", "TIME", "only since then, as the driver reads it"},
    SET_FLAG,
};
static const struct flag set_only[] = {SET_FLAG};

/* How a machine is logged in to; what is not given is as ssh has it. */
#define LOGIN_FLAGS                                                                                \
    {"user", 'u', FLAG_TEXT, 0, "user", "NAME", "who to log in as"},                               \
        {"port", 'p', FLAG_TEXT, 0, "port", "N", "port of the SSH server"},                        \
        {"identity",                                                                               \
         'i',                                                                                      \
         FLAG_TEXT,                                                                                \
         0,                                                                                        \
         "key_file",                                                                               \
         "FILE",                                                                                   \
         "file of a private key; no other one is offered then"},                                   \
        {"jump",                                                                                   \
         'J',                                                                                      \
         FLAG_TEXT,                                                                                \
         0,                                                                                        \
         "jump",                                                                                   \
         "[USER@]HOST[:PORT]",                                                                     \
         "a machine to go through; several with commas"},                                          \
        {"address",                                                                                \
         0,                                                                                        \
         FLAG_TEXT,                                                                                \
         0,                                                                                        \
         "address",                                                                                \
         "WHERE",                                                                                  \
         "an address, or public, private, ipv4, ipv6, floating, a network: best first, with "      \
         "commas"},                                                                                \
        {"host-key",                                                                               \
         0,                                                                                        \
         FLAG_TEXT,                                                                                \
         0,                                                                                        \
         "host_key",                                                                               \
         "POLICY",                                                                                 \
         "strict, accept-new, or the fingerprint it must have: SHA256:..."},                       \
        {"known-hosts", 0, FLAG_TEXT, 0, "known_hosts", "FILE", "instead of ~/.ssh/known_hosts"},  \
        {"password-from",                                                                          \
         0,                                                                                        \
         FLAG_TEXT,                                                                                \
         0,                                                                                        \
         NULL,                                                                                     \
         "SOURCE",                                                                                 \
         "log in with the password of env:NAME, file:PATH, command:..., or - to be asked"},        \
        {"passphrase-from", 0, FLAG_TEXT, 0, NULL, "SOURCE", "the same for the key's passphrase"}, \
        {"via", 0, FLAG_TEXT, 0, "via", "ssh", "over SSH even where the driver has its own way"},  \
    {                                                                                              \
        "ssh-config", 0, FLAG_TEXT, 0, "ssh_config", "FILE", "instead of ~/.ssh/config, or none"   \
    }
#define NODES_FLAGS                                                                                \
    {"search", 0, FLAG_TEXT, 0, NULL, "TEXT", "nodes with this in id, name or address"},           \
    {                                                                                              \
        "tag", 0, FLAG_PAIR, FLAG_MANY, NULL, "KEY=VALUE", "nodes with this tag; may be repeated"  \
    }

static const struct flag node_run[] = {
    NODES_FLAGS,
    LOGIN_FLAGS,
    {"script", 0, FLAG_DATA, 0, "script", "@FILE",
     "send this script over and run it; what follows -- are its arguments"},
    {"stdin", 0, FLAG_BOOL, 0, NULL, NULL, "our standard input is the command's"},
    SET_FLAG,
};
static const struct flag node_probe[] = {NODES_FLAGS, LOGIN_FLAGS, SET_FLAG};
static const struct flag key_generate[] = {
    {"type", 't', FLAG_TEXT, 0, NULL, "TYPE", "ed25519 (without it), or rsa"},
    {"passphrase", 0, FLAG_BOOL, 0, NULL, NULL, "encrypt it with a passphrase, which is asked for"},
    {"default", 0, FLAG_BOOL, 0, NULL, NULL, "make it the default one"},
};
static const struct flag node_ssh[] = {LOGIN_FLAGS, SET_FLAG};
/* Those of a login are read by the command: arguments of the creation may have the same names. */
static const struct flag node_deploy[] = {
    {"name", 'n', FLAG_TEXT, 0, "name", "NAME", "its name"},
    {"image", 'i', FLAG_TEXT, 0, "image", "IMAGE", "what it is made from (required)"},
    {"size", 's', FLAG_TEXT, 0, "size", "SIZE", "how large; see: nube size list"},
    {"location", 'l', FLAG_TEXT, 0, "location", "LOCATION", "where; see: nube location list"},
    {"key", 'k', FLAG_TEXT, FLAG_MANY, "key", "KEY", "an SSH key that may log in; may be repeated"},
    {"user-data", 0, FLAG_DATA, 0, "user_data", "TEXT|@FILE", "for cloud-init"},
    {"tag", 0, FLAG_PAIR, FLAG_MANY, "tag", "KEY=VALUE", "a tag; may be repeated"},
    {"script", 0, FLAG_TEXT, 0, NULL, "FILE",
     "send this script over and run it; what follows -- are its arguments"},
    {"on-failure", 0, FLAG_TEXT, 0, NULL, "keep|stop|destroy",
     "what becomes of a node that failed (keep)"},
    {"user", 'u', FLAG_TEXT, 0, NULL, "NAME", "who to log in as"},
    {"port", 'p', FLAG_TEXT, 0, NULL, "N", "port of the SSH server"},
    {"identity", 0, FLAG_TEXT, 0, NULL, "FILE", "file of a private key"},
    {"jump", 'J', FLAG_TEXT, 0, NULL, "[USER@]HOST[:PORT]", "a machine to go through"},
    {"address", 0, FLAG_TEXT, 0, NULL, "WHERE", "public, private, ipv4, ipv6, floating, a network"},
    {"host-key", 0, FLAG_TEXT, 0, NULL, "POLICY",
     "accept-new, or the fingerprint it will have: SHA256:..."},
    {"known-hosts", 0, FLAG_TEXT, 0, NULL, "FILE", "instead of ~/.ssh/known_hosts"},
    {"password-from", 0, FLAG_TEXT, 0, NULL, "SOURCE",
     "log in with the password of env:NAME, file:PATH, command:..., or - to be asked"},
    {"passphrase-from", 0, FLAG_TEXT, 0, NULL, "SOURCE", "the same for the key's passphrase"},
    {"ssh-config", 0, FLAG_TEXT, 0, NULL, "FILE", "instead of ~/.ssh/config, or none"},
    SET_FLAG,
};
static const struct flag image_create[] = {
    {"node", 0, FLAG_TEXT, 0, NULL, "NODE", "from this node"},
    {"file", 0, FLAG_TEXT, 0, NULL, "FILE", "from this file; - is standard input"},
    {"name", 'n', FLAG_TEXT, 0, "name", "NAME", "its name"},
    {"wait", 0, FLAG_BOOL, 0, NULL, NULL, "wait until it can be used"},
    SET_FLAG,
};
static const struct flag snapshot_create[] = {
    {"name", 'n', FLAG_TEXT, 0, "name", "NAME", "its name"},
    SET_FLAG,
};
static const struct flag node_tag[] = {
    {"remove", 0, FLAG_TEXT, FLAG_MANY, "remove", "KEY", "take this one away; may be repeated"},
    SET_FLAG,
};
static const struct flag named_list[] = {
    {"name", 0, FLAG_TEXT, 0, "name", "NAME", "exactly this name"},
    {"id", 0, FLAG_TEXT, 0, "id", "ID", "exactly this id"},
    FILTER_FLAG,
};
static const struct flag key_create[] = {
    {"file", 0, FLAG_TEXT, 0, NULL, "FILE",
     "write the private key there, readable by you alone; it must not exist yet"},
    SET_FLAG,
};
static const struct flag firewall_create[] = {
    {"description", 0, FLAG_TEXT, 0, "description", "TEXT", "what it is for"},
    SET_FLAG,
};
static const struct flag firewall_rule[] = {
    {"direction", 0, FLAG_TEXT, 0, "direction", "in|out", "traffic to the node (in), or from it"},
    {"protocol", 0, FLAG_TEXT, 0, "protocol", "NAME", "tcp, udp, icmp, all"},
    {"port", 0, FLAG_TEXT, 0, "port", "N[-M]", "a port or a range; all without"},
    {"peer", 0, FLAG_TEXT, FLAG_MANY, "peer", "NETWORK",
     "who is on the other side: 203.0.113.0/24; may be repeated"},
    SET_FLAG,
};
static const struct flag raw_flags[] = {
    {"query", 0, FLAG_PAIR, FLAG_MANY, "query", "KEY=VALUE", "a query parameter; may be repeated"},
    {"header", 0, FLAG_PAIR, FLAG_MANY, "header", "NAME=VALUE", "a header; may be repeated"},
    {"body", 0, FLAG_DATA, 0, "body", "TEXT|@FILE", "the body; @- is standard input"},
    SET_FLAG,
};
static const struct flag driver_states[] = {
    {"dot", 0, FLAG_BOOL, 0, NULL, NULL, "as a graph, in the language of Graphviz"},
};
static const struct flag help_flags[] = {
    {"man", 0, FLAG_BOOL, 0, NULL, NULL, "all of it, or of the noun, as a man page in roff"},
    {"schema", 0, FLAG_TEXT, 0, NULL, "NAME", "the JSON Schema of what -o json prints: node, ..."},
};

#define NODES                                                                                      \
    "NODE is an id, a name, an address, BACKEND/ID, or a beginning that fits one node only."

const struct verb verbs[] = {
    {"provider", "list", "", 0, 0, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_provider_list,
     "list the providers that the installed drivers know", NULL},

    {"driver", "list", "", 0, 0, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_driver_list,
     "list the installed drivers", NULL},
    {"driver", "show", "DRIVER", 1, 1, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_driver_show,
     "show options, operations, states and actions of a driver", NULL},
    {"driver", "states", "DRIVER", 1, 1, NULL, NUBE_OP_NONE, FLAGS(driver_states),
     cmd_driver_states, "show the provider's states, what they mean, and what each allows",
     "With --dot solid lines are actions, dotted ones what ends by itself; one that leaves the "
     "state as it is is left out."},

    {"backend", "add", "NAME PROVIDER [OPTION=VALUE]...", 0, -1, NULL, NUBE_OP_NONE, NO_FLAGS,
     cmd_backend_add, "add an account",
     "On a terminal what is missing is asked for, a secret without echo. OPTION=- reads the value "
     "from a "
     "line of\n"
     "standard input; env:NAME, file:PATH and command:... are kept as references.\n"
     "Example: nube backend add \"My Rack London\" rackspace:lon key=USER secret=env:RACK_KEY"},
    {"backend", "import", "[NAME]...", 0, -1, NULL, NUBE_OP_NONE, FLAGS(backend_import),
     cmd_backend_import, "add accounts that other tools have on this machine",
     "AWS profiles, clouds.yaml, docker contexts and the like become backends that refer to them; "
     "no secret is copied.\nWithout names it shows what is there and, on a terminal, asks.\n"
     "Example: nube backend import --all"},
    {"backend", "search", "TERM", 1, 1, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_backend_list,
     "list the accounts whose id, name or provider holds TERM", NULL},
    {"backend", "list", "", 0, 0, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_backend_list,
     "list the accounts", NULL},
    {"backend", "show", "BACKEND", 1, 1, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_backend_show,
     "show an account, its secrets hidden", NULL},
    {"backend", "rename", "BACKEND NAME", 2, 2, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_backend_rename,
     "give an account another name", NULL},
    {"backend", "enable", "BACKEND...", 1, -1, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_backend_enable,
     "ask it again when no -b is given", NULL},
    {"backend", "disable", "BACKEND...", 1, -1, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_backend_disable,
     "leave it out when no -b is given", NULL},
    {"backend", "remove", "BACKEND...", 1, -1, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_backend_remove,
     "forget an account; its nodes stay", "It asks first; --yes answers."},
    {"backend", "check", "[BACKEND]...", 0, -1, NULL, NUBE_OP_CHECK, NO_FLAGS, cmd_backend_check,
     "try accounts, all at once, with one cheap call each", NULL},

    {"node", "list", "", 0, 0, NULL, NUBE_OP_NODE_LIST, FLAGS(node_list), cmd_list,
     "list nodes, of all enabled backends at once",
     "With -o ndjson rows are printed as they come. When some backends fail, the rest is printed "
     "and the status is 3.\n"
     "Example: nube node list --state running -o wide"},
    {"node", "search", "TERM", 1, 1, NULL, NUBE_OP_NODE_LIST, FLAGS(node_search), cmd_node_search,
     "list nodes whose id, name or address holds TERM", NULL},
    {"node", "show", "NODE...", 1, -1, NULL, NUBE_OP_NODE_GET, NO_FLAGS, cmd_node_show,
     "show everything about nodes", NODES},
    {"node", "create", "--image IMAGE [-- COMMAND...]", 0, 0, "COMMAND...", NUBE_OP_NODE_CREATE,
     FLAGS(node_create), cmd_node_create, "create a node",
     "What follows -- is the command it runs, where the driver has that.\n"
     "Example: nube node create -b docker -n hello -i busybox --wait -- sleep 60"},
    {"node", "destroy", "NODE... | --search TEXT", 0, -1, NULL, NUBE_OP_NODE_DESTROY, FLAGS(change),
     cmd_node_destroy, "destroy nodes, with what is on them",
     "It asks first; --yes answers, and without a terminal it must. NODE is an id, a name, an "
     "address or BACKEND/ID,\nwhole; a beginning is not enough, but the short id of a table is.\n"
     "Example: nube node destroy --search tmp-"},
    {"node", "start", "NODE... | --search TEXT", 0, -1, NULL, NUBE_OP_NODE_START,
     FLAGS(change_plain), cmd_node_change, "start nodes", NODES},
    {"node", "stop", "NODE... | --search TEXT", 0, -1, NULL, NUBE_OP_NODE_STOP, FLAGS(change),
     cmd_node_change, "stop nodes; never destroys", NODES},
    {"node", "reboot", "NODE... | --search TEXT", 0, -1, NULL, NUBE_OP_NODE_REBOOT, FLAGS(change),
     cmd_node_change, "reboot nodes", NODES},
    {"node", "suspend", "NODE... | --search TEXT", 0, -1, NULL, NUBE_OP_NODE_SUSPEND,
     FLAGS(change_plain), cmd_node_change, "suspend or pause nodes", NODES},
    {"node", "resume", "NODE... | --search TEXT", 0, -1, NULL, NUBE_OP_NODE_RESUME,
     FLAGS(change_plain), cmd_node_change, "resume suspended nodes", NODES},
    {"node", "resize", "NODE... | --search TEXT", 0, -1, NULL, NUBE_OP_NODE_RESIZE,
     FLAGS(node_resize), cmd_node_resize, "give nodes another size", NODES},
    {"node", "rebuild", "NODE", 1, 1, NULL, NUBE_OP_NODE_REBUILD, FLAGS(node_rebuild),
     cmd_node_rebuild, "make a node anew from an image, with the same id and addresses",
     "It asks first; --yes answers, and without a terminal it must."},
    {"node", "metadata", "NODE [KEY=VALUE]...", 1, -1, NULL, NUBE_OP_NODE_METADATA, FLAGS(node_tag),
     cmd_node_metadata, "set and remove metadata of a node", NULL},
    {"node", "rename", "NODE NAME", 2, 2, NULL, NUBE_OP_NODE_RENAME, NO_FLAGS, cmd_node_rename,
     "give a node another name", NODES},
    {"node", "tag", "NODE [KEY=VALUE]...", 1, -1, NULL, NUBE_OP_NODE_TAG, FLAGS(node_tag),
     cmd_node_tag, "set and remove tags of a node",
     "Example: nube node tag web1 role=front --remove old"},
    {"node", "action", "NODE ACTION [ARGUMENT]...", 2, -1, NULL, NUBE_OP_NODE_ACTION,
     FLAGS(set_only), cmd_node_action, "do what only this provider has",
     "nube driver show lists the actions and their arguments."},
    {"node", "console", "NODE", 1, 1, NULL, NUBE_OP_NODE_CONSOLE, FLAGS(node_console),
     cmd_node_console, "print a node's console or log", NODES},
    {"node", "run", "NODE... -- COMMAND...", 0, -1, "COMMAND...", NUBE_OP_NODE_RUN, FLAGS(node_run),
     cmd_node_run, "run a command on nodes, all at once",
     "The remote streams come on ours. For one node the status is the command's; for several the "
     "largest one; 255 when\n"
     "it could not be run, as ssh has it. Containers run it by themselves, without a shell; "
     "machines "
     "are reached over SSH,\n"
     "as ~/.ssh/config has it, where a single word is a line for the shell there (\"a; b\").\n"
     "Example: nube node run hello -- sh -c 'uname -a; exit 3'\n"
     "Example: nube node run --tag role=front --user admin -- uptime"},
    {"node", "probe", "NODE...", 0, -1, NULL, NUBE_OP_NODE_PROBE, FLAGS(node_probe), cmd_node_probe,
     "measure nodes: load, memory, disks, round trips, all at once",
     "Machines are reached over SSH, as with run; when one is not, the message names the stage."},
    {"node", "ssh", "NODE [-- COMMAND...]", 1, 1, "COMMAND...", NUBE_OP_NODE_RUN, FLAGS(node_ssh),
     cmd_node_ssh, "log in to a node with the system's ssh",
     "Nube finds address, user and port; ssh does the rest, and its status is ours."},
    {"node", "deploy", "--image IMAGE [-- COMMAND...]", 0, 0, "COMMAND...", NUBE_OP_NODE_CREATE,
     FLAGS(node_deploy), cmd_node_deploy,
     "create a node, wait until it lets in, and run a script on it",
     "The script's streams come on ours, then the node is shown. Nobody knows the host key of a "
     "new "
     "machine: --host-key says\nwhat is done about that.\n"
     "Example: nube node deploy -n web -i debian-12 --script setup.sh --host-key accept-new "
     "--on-failure destroy"},
    {"node", "wait", "NODE...", 1, -1, NULL, NUBE_OP_NODE_WAIT, FLAGS(node_wait), cmd_node_wait,
     "wait for nodes",
     "STATES is a list with commas, in Nube's words or the provider's own. It ends at once on a "
     "state that cannot lead there.\n"
     "The limit is --deadline, or ten minutes.\n"
     "Example: nube node wait web1 web2 --until running --deadline 5m"},

    {"image", "list", "", 0, 0, NULL, NUBE_OP_IMAGE_LIST, FLAGS(image_list), cmd_list,
     "list images, of all enabled backends at once", NULL},
    {"image", "search", "TERM", 1, 1, NULL, NUBE_OP_IMAGE_SEARCH, FLAGS(set_only), cmd_image_search,
     "search what is public too", NULL},
    {"image", "show", "IMAGE...", 1, -1, NULL, NUBE_OP_IMAGE_GET, NO_FLAGS, cmd_image_show,
     "show everything about images", NULL},
    {"image", "create", "NODE | --file FILE", 0, 1, NULL, NUBE_OP_IMAGE_CREATE, FLAGS(image_create),
     cmd_image_create, "make an image from a node or a file",
     "Example: nube image create web1 --name web-2026 --wait"},
    {"image", "star", "IMAGE...", 1, -1, NULL, NUBE_OP_IMAGE_GET, NO_FLAGS, cmd_image_star,
     "list images first", "The star is kept on this machine, not at the provider."},
    {"image", "unstar", "IMAGE...", 1, -1, NULL, NUBE_OP_IMAGE_GET, NO_FLAGS, cmd_image_star,
     "list images no longer first", NULL},
    {"image", "delete", "IMAGE...", 1, -1, NULL, NUBE_OP_IMAGE_DELETE, FLAGS(set_only),
     cmd_image_delete, "delete images",
     "It asks first; --yes answers, and without a terminal it must."},
    {"image", "pull", "IMAGE [ARGUMENT]...", 1, -1, NULL, NUBE_OP_IMAGE_ACTION, FLAGS(set_only),
     cmd_image_pull, "fetch an image from a registry", NULL},
    {"image", "push", "IMAGE [ARGUMENT]...", 1, -1, NULL, NUBE_OP_IMAGE_ACTION, FLAGS(set_only),
     cmd_image_push, "send an image to a registry", NULL},
    {"image", "tag", "IMAGE [ARGUMENT]...", 1, -1, NULL, NUBE_OP_IMAGE_ACTION, FLAGS(set_only),
     cmd_image_push, "give an image a further name",
     "Example: nube image tag busybox registry.example/busybox:1"},

    {"size", "list", "", 0, 0, NULL, NUBE_OP_SIZE_LIST, FLAGS(size_list), cmd_size_list,
     "list sizes, of all enabled backends at once",
     "Example: nube size list --min-ram 4G --min-cores 2 --sort price"},
    {"size", "show", "SIZE...", 1, -1, NULL, NUBE_OP_SIZE_LIST, NO_FLAGS, cmd_size_show,
     "show everything about sizes", NULL},
    {"location", "list", "", 0, 0, NULL, NUBE_OP_LOCATION_LIST, FLAGS(plain_list), cmd_list,
     "list locations, of all enabled backends at once", NULL},

    {"key", "list", "", 0, 0, NULL, NUBE_OP_KEY_LIST, FLAGS(named_list), cmd_list,
     "list keys, of all enabled backends at once", NULL},
    {"key", "show", "KEY...", 1, -1, NULL, NUBE_OP_KEY_GET, NO_FLAGS, cmd_key_show,
     "show everything about keys", NULL},
    {"key", "create", "NAME", 1, 1, NULL, NUBE_OP_KEY_CREATE, FLAGS(key_create), cmd_key_create,
     "let the provider make a key pair",
     "Its private key comes only now: into --file, or on standard output.\n"
     "Example: nube key create laptop --file ~/.ssh/laptop.pem"},
    {"key", "import", "NAME FILE", 2, 2, NULL, NUBE_OP_KEY_IMPORT, FLAGS(set_only), cmd_key_import,
     "give the provider a public key of yours",
     "Example: nube key import laptop ~/.ssh/id_ed25519.pub"},
    {"key", "delete", "KEY...", 1, -1, NULL, NUBE_OP_KEY_DELETE, FLAGS(set_only), cmd_key_delete,
     "delete keys at the provider",
     "It asks first; --yes answers, and without a terminal it must."},

    {"key", "own", "", 0, 0, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_key_own,
     "list the keys of your own, which no provider needs to know", NULL},
    {"key", "generate", "NAME", 1, 1, NULL, NUBE_OP_NONE, FLAGS(key_generate), cmd_key_generate,
     "make a key pair of your own",
     "Its files are made beside the file of backends, in keys.d.\n"
     "Example: nube key generate work --default"},
    {"key", "add", "NAME FILE", 2, 2, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_key_add,
     "give a private key that you have a name", "Example: nube key add laptop ~/.ssh/id_ed25519"},
    {"key", "default", "NAME", 1, 1, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_key_default,
     "make one of your keys the default", NULL},
    {"key", "rename", "NAME NEW", 2, 2, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_key_rename,
     "give one of your keys another name", NULL},
    {"key", "forget", "NAME", 1, 1, NULL, NUBE_OP_NONE, NO_FLAGS, cmd_key_forget,
     "forget one of your keys; its files stay", NULL},
    {"key", "associate", "KEY NODE...", 2, -1, NULL, NUBE_OP_NODE_RUN, FLAGS(node_probe),
     cmd_key_associate, "let a key log in to nodes, and remember it",
     "KEY is one of your own or the file of a public key. node run, probe and ssh then use it "
     "without being told.\n"
     "Example: nube key associate work web1 --identity ~/.ssh/first.pem --user admin"},
    {"key", "disassociate", "KEY NODE...", 2, -1, NULL, NUBE_OP_NODE_RUN, FLAGS(node_probe),
     cmd_key_disassociate, "let a key log in to nodes no more", NULL},
    {"snapshot", "list", "NODE", 1, 1, NULL, NUBE_OP_SNAPSHOT_LIST, FLAGS(set_only),
     cmd_snapshot_list, "list the snapshots of a node", NULL},
    {"snapshot", "create", "NODE", 1, 1, NULL, NUBE_OP_SNAPSHOT_CREATE, FLAGS(snapshot_create),
     cmd_snapshot_create, "keep the state of a node", NULL},
    {"snapshot", "restore", "NODE SNAPSHOT", 2, 2, NULL, NUBE_OP_SNAPSHOT_RESTORE, FLAGS(set_only),
     cmd_snapshot_change, "make a node what it was", "It asks first; --yes answers."},
    {"snapshot", "delete", "NODE SNAPSHOT", 2, 2, NULL, NUBE_OP_SNAPSHOT_DELETE, FLAGS(set_only),
     cmd_snapshot_change, "delete a snapshot", "It asks first; --yes answers."},

    {"firewall", "list", "", 0, 0, NULL, NUBE_OP_FIREWALL_LIST, FLAGS(named_list), cmd_list,
     "list firewalls, of all enabled backends at once", NULL},
    {"firewall", "show", "FIREWALL...", 1, -1, NULL, NUBE_OP_FIREWALL_LIST, NO_FLAGS,
     cmd_firewall_show, "show firewalls with their rules", NULL},
    {"firewall", "create", "NAME", 1, 1, NULL, NUBE_OP_FIREWALL_CREATE, FLAGS(firewall_create),
     cmd_firewall_create, "make a firewall", NULL},
    {"firewall", "rule", "add|remove FIREWALL", 2, 2, NULL, NUBE_OP_FIREWALL_RULE_ADD,
     FLAGS(firewall_rule), cmd_firewall_rule, "add a rule to a firewall, or remove one",
     "Example: nube firewall rule add web --port 443 --peer 0.0.0.0/0"},
    {"firewall", "delete", "FIREWALL...", 1, -1, NULL, NUBE_OP_FIREWALL_DELETE, FLAGS(set_only),
     cmd_firewall_delete, "delete firewalls",
     "It asks first; --yes answers, and without a terminal it must."},

    {"inventory", "", "--ansible | --ssh-config | --prometheus-sd | --hosts", 0, 0, NULL,
     NUBE_OP_NODE_LIST, FLAGS(inventory), cmd_inventory, "print nodes as another tool wants them",
     "Host names are those of the nodes made valid and unique. A node without an address is left "
     "out, and said.\n"
     "Example: nube inventory --ssh-config --state running >~/.ssh/nube.conf\n"
     "Example: printf '#!/bin/sh\\nexec nube inventory --ansible \"$@\"\\n' >hosts.sh"},
    {"raw", "", "METHOD PATH", 2, 2, NULL, NUBE_OP_RAW, FLAGS(raw_flags), cmd_raw,
     "send one request to the provider's own API, and print the reply",
     "Example: nube raw GET /info -b docker"},
    {"completion", "", "bash|zsh|fish", 1, 1, "WORD...", NUBE_OP_NONE, NO_FLAGS, cmd_completion,
     "print the completion of a shell",
     "An installed nube has them where the shells look. Names of nodes, images and the like are "
     "asked of your backends and kept for half a minute.\n"
     "Example: source <(nube completion bash)"},
    {"help", "", "[NOUN [VERB]]", 0, 2, NULL, NUBE_OP_NONE, FLAGS(help_flags), cmd_help,
     "help on a noun or a verb", NULL},
};
const size_t n_verbs = sizeof verbs / sizeof *verbs;
