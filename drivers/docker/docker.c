/* The tables of the Docker driver and its entry point. */
#include "docker.h"

static const struct nube_provider_row providers[] = {
    {.id = "docker", .title = "Docker"},
};

static const struct nube_source_row sources[] = {
    {"host", NUBE_SOURCE_ENV, "DOCKER_HOST"},
    {"context", NUBE_SOURCE_ENV, "DOCKER_CONTEXT"},
    {"api_version", NUBE_SOURCE_ENV, "DOCKER_API_VERSION"},
};

static const struct nube_native_row natives[] = {
    {NULL, NUBE_NATIVE_ENV, "DOCKER_HOST", NULL},
    {NULL, NUBE_NATIVE_FILE, "/var/run/docker.sock", NULL},
    {"context", NUBE_NATIVE_JSON, "${DOCKER_CONFIG:-~/.docker}/contexts/meta/*/meta.json", "Name"},
};

#define SETTLED NUBE_OPF_SETTLED
static const struct nube_op_row ops[] = {
    {NUBE_OP_AUTH, 0, docker_auth},
    {NUBE_OP_CHECK, 0, docker_check},
    {NUBE_OP_RAW, 0, docker_raw},
    {NUBE_OP_NODE_LIST, 0, docker_node_list},
    {NUBE_OP_NODE_GET, 0, docker_node_get},
    {NUBE_OP_NODE_CREATE, SETTLED, docker_node_create},
    {NUBE_OP_NODE_DESTROY, SETTLED, docker_node_destroy},
    {NUBE_OP_NODE_START, SETTLED, docker_node_start},
    {NUBE_OP_NODE_STOP, SETTLED, docker_node_stop},
    {NUBE_OP_NODE_REBOOT, SETTLED, docker_node_reboot},
    {NUBE_OP_NODE_SUSPEND, SETTLED, docker_node_suspend},
    {NUBE_OP_NODE_RESUME, SETTLED, docker_node_resume},
    {NUBE_OP_NODE_RENAME, SETTLED, docker_node_rename},
    {NUBE_OP_NODE_RESIZE, SETTLED, docker_node_resize},
    {NUBE_OP_NODE_CONSOLE, 0, docker_node_console},
    {NUBE_OP_NODE_RUN, 0, docker_node_run},
    {NUBE_OP_NODE_PROBE, 0, docker_node_probe},
    {NUBE_OP_NODE_WAIT, 0, docker_node_wait},
    {NUBE_OP_IMAGE_LIST, 0, docker_image_list},
    {NUBE_OP_IMAGE_SEARCH, 0, docker_image_search},
    {NUBE_OP_IMAGE_GET, 0, docker_image_get},
    {NUBE_OP_IMAGE_CREATE, 0, docker_image_create},
    {NUBE_OP_IMAGE_DELETE, 0, docker_image_delete},
    {NUBE_OP_SIZE_LIST, 0, docker_size_list},
    {NUBE_OP_LOCATION_LIST, 0, docker_location_list},
};

static const struct nube_action_row actions[] = {
    {"kill", NUBE_KIND_NODE, 0, docker_node_kill, "send a signal to the container's main process"},
    {"top", NUBE_KIND_NODE, 0, docker_node_top, "list the processes in the container"},
    {"changes", NUBE_KIND_NODE, 0, docker_node_changes,
     "list the files that differ from the image"},
    {"pull", NUBE_KIND_IMAGE, 0, docker_image_pull, "fetch an image from its registry"},
    {"push", NUBE_KIND_IMAGE, 0, docker_image_push, "send an image to its registry"},
    {"tag", NUBE_KIND_IMAGE, 0, docker_image_tag, "give an image another name"},
};

/* What every state allows, and what is possible in some of them. */
#define ALWAYS NUBE_OP_NODE_DESTROY, NUBE_OP_NODE_RENAME, NUBE_OP_NODE_CONSOLE, NUBE_OP_NODE_PROBE
#define ALIVE  NUBE_OP_NODE_STOP, NUBE_OP_NODE_REBOOT
#define WHOLE  NUBE_OP_NODE_RESIZE, NUBE_OP_IMAGE_CREATE
#define IDLE   NUBE_OPS(NUBE_OP_NODE_START, NUBE_OP_NODE_REBOOT, WHOLE, ALWAYS)

/* The engine's seven, and Podman's further ones. */
static const struct nube_state_row states[] = {
    {"created", IDLE, NUBE_STATE_STOPPED},
    {"running", NUBE_OPS(ALIVE, NUBE_OP_NODE_SUSPEND, NUBE_OP_NODE_RUN, WHOLE, ALWAYS),
     NUBE_STATE_RUNNING},
    {"paused", NUBE_OPS(ALIVE, NUBE_OP_NODE_RESUME, WHOLE, ALWAYS), NUBE_STATE_PAUSED},
    {"restarting", NUBE_OPS(ALIVE, ALWAYS), NUBE_STATE_REBOOTING},
    {"removing", NUBE_OPS(NUBE_OP_NODE_CONSOLE), NUBE_STATE_STOPPING},
    {"exited", IDLE, NUBE_STATE_STOPPED},
    {"dead", NUBE_OPS(NUBE_OP_NODE_DESTROY), NUBE_STATE_ERROR},
    {"configured", IDLE, NUBE_STATE_STOPPED},
    {"initialized", IDLE, NUBE_STATE_STOPPED},
    {"stopped", IDLE, NUBE_STATE_STOPPED},
    {"stopping", NUBE_OPS(ALWAYS), NUBE_STATE_STOPPING},
};

#define NAME_PATTERN "[a-zA-Z0-9][a-zA-Z0-9_.-]+"
#define CONN(n, t, ...)                                                                            \
    {                                                                                              \
        .name = n, .op = NUBE_OP_NONE, .type = NUBE_TYPE_##t, __VA_ARGS__                          \
    }
#define ARG(o, n, t, ...)                                                                          \
    {                                                                                              \
        .name = n, .op = NUBE_OP_##o, .type = NUBE_TYPE_##t, __VA_ARGS__                           \
    }
#define ACT(o, a, n, t, ...)                                                                       \
    {                                                                                              \
        .name = n, .op = NUBE_OP_##o##_ACTION, .action = a, .type = NUBE_TYPE_##t, __VA_ARGS__     \
    }
#define ID(o, what)        ARG(o, "id", STRING, .flags = NUBE_OPTION_REQUIRED, .help = what)
#define NODE(o)            ID(o, "the container's id, name, or a beginning of the id that no other has")
#define IMAGE(o)           ID(o, "the image's id or name")
#define ACT_ID(o, a, what) ACT(o, a, "id", STRING, .flags = NUBE_OPTION_REQUIRED, .help = what)

/* Limits, the same at creation and afterwards. */
#define LIMITS(o)                                                                                  \
    ARG(o, "size", STRING, .help = "a preset of memory and CPUs from the list of sizes"),          \
        ARG(o, "memory", BYTES, .min = 6 * DOCKER_MIB, .max = INT64_MAX,                           \
            .help = "the most memory it may use"),                                                 \
        ARG(o, "memory_swap", BYTES, .deflt = "twice the memory",                                  \
            .help = "the most memory and swap together; 0: no limit"),                             \
        ARG(o, "cpus", NUMBER, .min = 0, .max = 4096, .help = "the most CPUs it may use: 1.5"),    \
        ARG(o, "restart", CHOICE, .choices = "no|always|unless-stopped|on-failure",                \
            .help = "when the engine starts it again by itself"),                                  \
        ARG(o, "restart_max", INT, .min = 0, .max = INT32_MAX,                                     \
            .help = "how often at most, with restart=on-failure")

static const struct nube_option options[] = {
    CONN("host", STRING, .alias = "docker_host", .deflt = "unix:///var/run/docker.sock",
         .help =
             "where the engine is: unix://PATH, tcp://HOST[:PORT], https://..., ssh://[USER@]HOST"),
    CONN("port", INT, .alias = "docker_port", .min = 1, .max = 65535,
         .deflt = "2375, 2376 with TLS",
         .help = "the port, for a host that is written without one"),
    CONN("context", STRING, .deflt = "the one in use",
         .help = "a context of the docker command, instead of a host"),
    CONN("api_version", STRING, .pattern = "[0-9]+\\.[0-9]+", .deflt = "negotiated",
         .help = "the version of the engine's API to use"),
    CONN("username", STRING, .alias = "auth_user",
         .help = "for a proxy in front of the engine that asks for a name and password"),
    CONN("password", STRING, .alias = "auth_password", .flags = NUBE_OPTION_SECRET,
         .help = "the password for username"),

    ARG(RAW, "method", CHOICE, .choices = "GET|HEAD|POST|PUT|DELETE", .deflt = "GET",
        .help = "the HTTP method"),
    ARG(RAW, "path", STRING, .flags = NUBE_OPTION_REQUIRED,
        .help = "the path below the API version: containers/json"),
    ARG(RAW, "query", PAIR, .help = "a query parameter"),
    ARG(RAW, "header", PAIR, .flags = NUBE_OPTION_SECRET, .help = "a header"),
    ARG(RAW, "body", DATA, .max_len = 16 * DOCKER_MIB,
        .help = "the body; JSON unless a Content-Type header says otherwise"),

    NODE(NODE_GET),
    ARG(NODE_CREATE, "image", STRING, .flags = NUBE_OPTION_REQUIRED,
        .help = "name, name:tag, name@digest or id; pulled when it is missing"),
    ARG(NODE_CREATE, "name", STRING, .pattern = NAME_PATTERN, .deflt = "made up by the engine",
        .help = "the container's name"),
    ARG(NODE_CREATE, "command", LIST, .flags = NUBE_OPTION_MULTILINE, .max_len = 131072,
        .deflt = "the image's", .help = "program and arguments, one each; no shell"),
    ARG(NODE_CREATE, "entrypoint", LIST, .flags = NUBE_OPTION_MULTILINE, .max_len = 131072,
        .deflt = "the image's", .help = "what the command is handed to"),
    ARG(NODE_CREATE, "env", PAIR, .flags = NUBE_OPTION_SECRET | NUBE_OPTION_MULTILINE,
        .max_len = 131072, .help = "an environment variable"),
    ARG(NODE_CREATE, "publish", LIST,
        .help = "a port to reach from outside: [[ADDRESS:]HOSTPORT:]PORT[/udp]"),
    ARG(NODE_CREATE, "publish_all", BOOL, .deflt = "no",
        .help = "publish every exposed port at a port of the engine's choice"),
    ARG(NODE_CREATE, "expose", LIST, .help = "a port to declare: PORT[/udp]"),
    ARG(NODE_CREATE, "volume", LIST,
        .help =
            "SOURCE:PATH[:ro], the source a directory of the engine's host or a volume; or PATH"),
    ARG(NODE_CREATE, "tag", PAIR, .alias = "label", .help = "a label"),
    ARG(NODE_CREATE, "network", STRING, .deflt = "default",
        .help = "a network's name, bridge, host, none, container:ID"),
    ARG(NODE_CREATE, "hostname", STRING, .deflt = "the start of the id", .help = "its host name"),
    ARG(NODE_CREATE, "user", STRING, .help = "user[:group] that runs the command"),
    ARG(NODE_CREATE, "workdir", STRING, .help = "where the command runs"),
    ARG(NODE_CREATE, "tty", BOOL, .deflt = "no", .help = "give it a terminal"),
    ARG(NODE_CREATE, "stdin", BOOL, .deflt = "no", .help = "keep its standard input open"),
    ARG(NODE_CREATE, "privileged", BOOL, .deflt = "no", .help = "all the rights of the host"),
    ARG(NODE_CREATE, "init", BOOL, .deflt = "the engine's",
        .help = "a small init that forwards signals and collects children"),
    ARG(NODE_CREATE, "pull", CHOICE, .choices = "missing|always|never", .deflt = "missing",
        .help = "when to pull the image"),
    ARG(NODE_CREATE, "start", BOOL, .deflt = "yes", .help = "start it; otherwise only create it"),
    LIMITS(NODE_CREATE),
    NODE(NODE_DESTROY),
    ARG(NODE_DESTROY, "force", BOOL, .deflt = "yes", .help = "also when it runs"),
    ARG(NODE_DESTROY, "volumes", BOOL, .deflt = "no", .help = "its anonymous volumes too"),
    NODE(NODE_START),
    NODE(NODE_STOP),
    ARG(NODE_STOP, "timeout", DURATION, .deflt = "10s",
        .help = "how long it may take to end before it is killed"),
    NODE(NODE_REBOOT),
    ARG(NODE_REBOOT, "timeout", DURATION, .deflt = "10s",
        .help = "how long it may take to end before it is killed"),
    NODE(NODE_SUSPEND),
    NODE(NODE_RESUME),
    NODE(NODE_RENAME),
    ARG(NODE_RENAME, "name", STRING, .flags = NUBE_OPTION_REQUIRED, .pattern = NAME_PATTERN,
        .help = "the new name"),
    NODE(NODE_RESIZE),
    LIMITS(NODE_RESIZE),
    NODE(NODE_CONSOLE),
    ARG(NODE_CONSOLE, "tail", INT, .min = 0, .max = INT32_MAX, .deflt = "all",
        .help = "so many lines from the end"),
    ARG(NODE_CONSOLE, "follow", BOOL, .deflt = "no", .help = "go on until the container ends"),
    ARG(NODE_CONSOLE, "since", DURATION, .help = "only what is not older than that"),
    ARG(NODE_CONSOLE, "until", DURATION, .help = "only what is older than that"),
    ARG(NODE_CONSOLE, "timestamps", BOOL, .deflt = "no", .help = "the time in front of each line"),
    ARG(NODE_CONSOLE, "stream", CHOICE, .choices = "both|stdout|stderr", .deflt = "both",
        .help = "which of the two"),
    NODE(NODE_RUN),
    ARG(NODE_RUN, "via", CHOICE, .choices = "auto|argv", .deflt = "auto",
        .help = "argv: nothing is run, the output is a command line of docker, each word ended "
                "by NUL"),
    ARG(NODE_RUN, "command", LIST, .flags = NUBE_OPTION_MULTILINE, .max_len = 131072,
        .help = "program and arguments, one each; no shell"),
    ARG(NODE_RUN, "env", PAIR, .flags = NUBE_OPTION_SECRET | NUBE_OPTION_MULTILINE,
        .max_len = 131072, .help = "an environment variable"),
    ARG(NODE_RUN, "user", STRING, .help = "user[:group] that runs it"),
    ARG(NODE_RUN, "workdir", STRING, .help = "where it runs"),
    ARG(NODE_RUN, "tty", BOOL, .deflt = "no", .help = "give it a terminal: one stream, CRLF"),
    ARG(NODE_RUN, "privileged", BOOL, .deflt = "no", .help = "all the rights of the host"),
    NODE(NODE_PROBE),
    NODE(NODE_WAIT),
    ARG(NODE_WAIT, "until", CHOICE, .choices = "stopped|gone", .deflt = "stopped",
        .help = "what to wait for"),

    ACT_ID(NODE, "kill", "the container"),
    ACT(NODE, "kill", "signal", STRING, .flags = NUBE_OPTION_POSITIONAL, .deflt = "KILL",
        .pattern = "[A-Za-z0-9+-]+", .help = "name or number"),
    ACT_ID(NODE, "top", "the container"),
    ACT(NODE, "top", "ps_args", STRING, .flags = NUBE_OPTION_POSITIONAL, .deflt = "-ef",
        .help = "options of ps"),
    ACT_ID(NODE, "changes", "the container"),

    ARG(IMAGE_SEARCH, "term", STRING, .flags = NUBE_OPTION_REQUIRED,
        .help = "what to look for at Docker Hub"),
    ARG(IMAGE_SEARCH, "limit", INT, .min = 1, .max = 100, .deflt = "25", .help = "so many at most"),
    IMAGE(IMAGE_GET),
    ARG(IMAGE_CREATE, "node", STRING, .help = "the container to make it from"),
    ARG(IMAGE_CREATE, "source", CHOICE, .choices = "input",
        .help = "make it from a tar archive of a root directory on the input"),
    ARG(IMAGE_CREATE, "name", STRING, .help = "name[:tag] of the image"),
    ARG(IMAGE_CREATE, "comment", STRING, .help = "kept with the image"),
    ARG(IMAGE_CREATE, "author", STRING, .help = "kept with the image; with node only"),
    ARG(IMAGE_CREATE, "pause", BOOL, .deflt = "yes",
        .help = "hold the container still meanwhile; with node only"),
    ARG(IMAGE_CREATE, "change", LIST,
        .help = "an instruction of a Dockerfile: CMD, ENV, EXPOSE, ..."),
    IMAGE(IMAGE_DELETE),
    ARG(IMAGE_DELETE, "force", BOOL, .deflt = "no", .help = "also when it has several names"),
    ARG(IMAGE_DELETE, "prune", BOOL, .deflt = "yes", .help = "parents without a name too"),
    ACT_ID(IMAGE, "pull", "name[:tag] or name@digest"),
    ACT_ID(IMAGE, "push", "name[:tag]"),
    ACT_ID(IMAGE, "tag", "the image's id or name"),
    ACT(IMAGE, "tag", "name", STRING, .flags = NUBE_OPTION_REQUIRED | NUBE_OPTION_POSITIONAL,
        .help = "the further name[:tag]"),
};

static const struct nube_driver driver = {
    .size = sizeof(struct nube_driver),
    .services = NUBE_SERVICE_HTTP | NUBE_SERVICE_CRYPTO,
    .name = "docker",
    .title = "Docker",
    .version = NUBE_VERSION,
    .license = "Apache-2.0",
    .providers = NUBE_TABLE(providers),
    .options = NUBE_TABLE(options),
    .ops = NUBE_TABLE(ops),
    .states = NUBE_TABLE(states),
    .actions = NUBE_TABLE(actions),
    .sources = NUBE_TABLE(sources),
    .natives = NUBE_TABLE(natives),
    .classify = docker_classify,
    .sign = docker_sign,
};

NUBE_DRIVER(driver)
