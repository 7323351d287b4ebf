/* The tables of the EC2 driver and its entry point. */
#include "ec2.h"

/* The ids of the original mist.io list; other regions by the plain id and the option region. */
static const struct nube_provider_row providers[] = {
    {.id = "ec2", .title = "EC2"},
    {.id = "ec2_ap_northeast", .title = "EC2 AP NORTHEAST", .region = "ap-northeast-1"},
    {.id = "ec2_ap_southeast", .title = "EC2 AP SOUTHEAST", .region = "ap-southeast-1"},
    {.id = "ec2_ap_southeast_2", .title = "EC2 AP Sydney", .region = "ap-southeast-2"},
    {.id = "ec2_eu_west", .title = "EC2 EU Ireland", .region = "eu-west-1"},
    {.id = "ec2_sa_east", .title = "EC2 SA EAST", .region = "sa-east-1"},
    {.id = "ec2_us_east", .title = "EC2 US EAST", .region = "us-east-1"},
    {.id = "ec2_us_west", .title = "EC2 US WEST", .region = "us-west-1"},
    {.id = "ec2_us_west_oregon", .title = "EC2 US WEST OREGON", .region = "us-west-2"},
};

static const struct nube_source_row sources[] = {
    {"region", NUBE_SOURCE_ENV, "AWS_REGION"},
    {"region", NUBE_SOURCE_ENV, "AWS_DEFAULT_REGION"},
    {"profile", NUBE_SOURCE_ENV, "AWS_PROFILE"},
};

static const struct nube_native_row natives[] = {
    {NULL, NUBE_NATIVE_ENV, "AWS_ACCESS_KEY_ID", NULL},
    {NULL, NUBE_NATIVE_ENV, "AWS_WEB_IDENTITY_TOKEN_FILE", NULL},
    {"profile", NUBE_NATIVE_INI, "${AWS_SHARED_CREDENTIALS_FILE:-~/.aws/credentials}", NULL},
    {"profile", NUBE_NATIVE_INI, "${AWS_CONFIG_FILE:-~/.aws/config}", "profile "},
};

static const struct nube_op_row ops[] = {
    {NUBE_OP_AUTH, 0, ec2_auth},
    {NUBE_OP_CHECK, 0, ec2_check},
    {NUBE_OP_RAW, 0, ec2_raw},
    {NUBE_OP_NODE_LIST, 0, ec2_node_list},
    {NUBE_OP_NODE_GET, 0, ec2_node_get},
    {NUBE_OP_NODE_CREATE, 0, ec2_node_create},
    {NUBE_OP_NODE_DESTROY, 0, ec2_node_destroy},
    {NUBE_OP_NODE_START, 0, ec2_node_start},
    {NUBE_OP_NODE_STOP, 0, ec2_node_stop},
    {NUBE_OP_NODE_REBOOT, 0, ec2_node_reboot},
    {NUBE_OP_NODE_RENAME, NUBE_OPF_SETTLED, ec2_node_rename},
    {NUBE_OP_NODE_RESIZE, NUBE_OPF_SETTLED, ec2_node_resize},
    {NUBE_OP_NODE_TAG, NUBE_OPF_SETTLED, ec2_node_tag},
    {NUBE_OP_NODE_CONSOLE, 0, ec2_node_console},
    {NUBE_OP_NODE_PROBE, 0, ec2_node_probe},
    {NUBE_OP_IMAGE_LIST, 0, ec2_image_list},
    {NUBE_OP_IMAGE_SEARCH, 0, ec2_image_search},
    {NUBE_OP_IMAGE_GET, 0, ec2_image_get},
    {NUBE_OP_IMAGE_CREATE, 0, ec2_image_create},
    {NUBE_OP_IMAGE_DELETE, 0, ec2_image_delete},
    {NUBE_OP_SIZE_LIST, 0, ec2_size_list},
    {NUBE_OP_LOCATION_LIST, 0, ec2_location_list},
    {NUBE_OP_KEY_LIST, 0, ec2_key_list},
    {NUBE_OP_KEY_GET, 0, ec2_key_get},
    {NUBE_OP_KEY_CREATE, 0, ec2_key_create},
    {NUBE_OP_KEY_IMPORT, 0, ec2_key_import},
    {NUBE_OP_KEY_DELETE, 0, ec2_key_delete},
    {NUBE_OP_FIREWALL_LIST, 0, ec2_firewall_list},
    {NUBE_OP_FIREWALL_CREATE, 0, ec2_firewall_create},
    {NUBE_OP_FIREWALL_DELETE, 0, ec2_firewall_delete},
    {NUBE_OP_FIREWALL_RULE_ADD, 0, ec2_rule_add},
    {NUBE_OP_FIREWALL_RULE_REMOVE, 0, ec2_rule_remove},
};

static const struct nube_action_row actions[] = {
    {"protect", NUBE_KIND_NODE, NUBE_OPF_SETTLED, ec2_node_protect,
     "refuse to be destroyed until it is unprotected"},
    {"unprotect", NUBE_KIND_NODE, NUBE_OPF_SETTLED, ec2_node_unprotect, "may be destroyed again"},
    {"copy", NUBE_KIND_IMAGE, 0, ec2_image_copy, "copy an image of another region here"},
};

#define ALWAYS NUBE_OP_NODE_DESTROY, NUBE_OP_NODE_RENAME, NUBE_OP_NODE_TAG, NUBE_OP_NODE_CONSOLE
static const struct nube_state_row states[] = {
    {"pending", NUBE_OPS(ALWAYS, NUBE_OP_NODE_PROBE), NUBE_STATE_PENDING},
    {"running",
     NUBE_OPS(NUBE_OP_NODE_STOP, NUBE_OP_NODE_REBOOT, NUBE_OP_NODE_PROBE, NUBE_OP_IMAGE_CREATE,
              ALWAYS),
     NUBE_STATE_RUNNING},
    {"stopping", NUBE_OPS(NUBE_OP_NODE_STOP, ALWAYS), NUBE_STATE_STOPPING},
    {"stopped",
     NUBE_OPS(NUBE_OP_NODE_START, NUBE_OP_NODE_RESIZE, NUBE_OP_NODE_PROBE, NUBE_OP_IMAGE_CREATE,
              ALWAYS),
     NUBE_STATE_STOPPED},
    {"shutting-down", NUBE_OPS(NUBE_OP_NODE_DESTROY, NUBE_OP_NODE_CONSOLE), NUBE_STATE_STOPPING},
    {"terminated", NUBE_OPS(NUBE_OP_NODE_CONSOLE), NUBE_STATE_TERMINATED},
};

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
#define MUST        NUBE_OPTION_REQUIRED
#define REGION_HELP "one of the backend's regions"
#define REGION(o)   ARG(o, "region", STRING, .deflt = "the first", .help = REGION_HELP)
#define ID(o, what) ARG(o, "id", STRING, .flags = MUST, .help = what), REGION(o)
#define NODE(o)                                                                                    \
    ARG(o, "id", STRING, .flags = MUST, .pattern = "[A-Za-z0-9-]+", .help = "the node's id"),      \
        ARG(o, "region", STRING, .deflt = "looked for", .help = REGION_HELP)
#define ACT_NODE(a)                                                                                \
    ACT(NODE, a, "id", STRING, .flags = MUST, .help = "the node's id"),                            \
        ACT(NODE, a, "region", STRING, .deflt = "looked for", .help = REGION_HELP)
#define TAGS(o) ARG(o, "tag", PAIR, .max_len = 512, .help = "a tag")
#define RULE(o)                                                                                    \
    ID(o, "the security group's id"),                                                              \
        ARG(o, "direction", CHOICE, .choices = "in|out", .deflt = "in",                            \
            .help = "traffic to the node, or from it"),                                            \
        ARG(o, "protocol", STRING, .deflt = "tcp", .pattern = "[a-z0-9]+",                         \
            .help = "tcp, udp, icmp, icmpv6, a number, or all"),                                   \
        ARG(o, "port", STRING, .pattern = "-?[0-9]+(--?[0-9]+)?", .deflt = "all",                  \
            .help = "a port, or first-last; of icmp type and code"),                               \
        ARG(o, "peer", LIST, .flags = MUST,                                                        \
            .help = "who is on the other side: 203.0.113.0/24, an IPv6 network, sg-..., pl-..."),  \
        ARG(o, "description", STRING, .max_len = 255, .help = "kept with the rule")

static const struct nube_option options[] = {
    CONN("key", STRING, .alias = "access_key", .deflt = "as the AWS tools find it",
         .help = "the access key's id"),
    CONN("secret", STRING, .alias = "secret_key", .flags = NUBE_OPTION_SECRET,
         .help = "the secret of the access key"),
    CONN("token", STRING, .alias = "session_token", .flags = NUBE_OPTION_SECRET, .max_len = 16384,
         .help = "the session token of temporary credentials"),
    CONN("profile", STRING, .deflt = "default", .help = "a profile of the AWS tools"),
    CONN("role_arn", STRING, .max_len = 2048, .pattern = "arn:[^[:space:]]+",
         .help = "a role to assume with those credentials"),
    CONN("external_id", STRING, .max_len = 1224, .help = "what the role asks for besides"),
    CONN("mfa_serial", STRING, .max_len = 256,
         .help = "the MFA device that the role wants a code of"),
    CONN("region", STRING, .max_len = 2048, .pattern = "[a-zA-Z0-9_.-]+( *, *[a-zA-Z0-9_.-]+)*",
         .help = "a region, several with commas between, or all that the account may use"),
    CONN("fips", BOOL, .deflt = "no", .help = "use the endpoints validated by FIPS"),
    CONN("dualstack", BOOL, .deflt = "no", .help = "use the endpoints with IPv6"),
    CONN("sts_endpoint", STRING, .max_len = 2048, .deflt = "by region",
         .help = "URL of the token service"),
    CONN("page_size", INT, .min = 5, .max = 1000, .deflt = "the most there is",
         .help = "how many objects a page of a list holds"),

    ARG(RAW, "method", CHOICE, .choices = "GET|POST", .deflt = "POST",
        .help = "POST; GET for actions that read"),
    ARG(RAW, "path", STRING, .deflt = "/", .help = "the path, which EC2 has none of"),
    ARG(RAW, "query", PAIR, .max_len = 65536, .flags = NUBE_OPTION_MULTILINE,
        .help = "a parameter: Action=DescribeVpcs"),
    ARG(RAW, "service", CHOICE, .choices = "ec2|sts", .deflt = "ec2",
        .help = "EC2, or the token service"),
    REGION(RAW),

    ARG(NODE_LIST, "region", STRING, .deflt = "all", .help = REGION_HELP),
    NODE(NODE_GET),
    ARG(NODE_CREATE, "image", STRING, .flags = MUST, .ids = "ami-.*|resolve:ssm:.*",
        .help = "the image's id, or resolve:ssm:PARAMETER"),
    ARG(NODE_CREATE, "name", STRING, .max_len = 256, .help = "the tag Name"),
    ARG(NODE_CREATE, "size", STRING, .deflt = "t3.micro, t4g.micro for arm64",
        .help = "the instance type"),
    ARG(NODE_CREATE, "location", STRING, .help = "a zone, or one of the backend's regions"),
    REGION(NODE_CREATE),
    ARG(NODE_CREATE, "key", STRING, .max_len = 255, .help = "the key pair's name"),
    ARG(NODE_CREATE, "firewall", LIST, .alias = "security_group", .deflt = "the default group",
        .help = "a security group's id, or its name"),
    ARG(NODE_CREATE, "subnet", STRING, .help = "the subnet's id"),
    ARG(NODE_CREATE, "private_ip", STRING, .help = "the address in the subnet"),
    ARG(NODE_CREATE, "public_ip", BOOL, .deflt = "as the subnet says",
        .help = "give it a public address"),
    ARG(NODE_CREATE, "user_data", DATA, .max_len = 16384,
        .help = "what the image runs or reads at its first start"),
    TAGS(NODE_CREATE),
    ARG(NODE_CREATE, "disk", LIST, .alias = "block_device",
        .help = "DEVICE=[SNAPSHOT]:[GB]:[true|false: goes with the node]:[TYPE]:[IOPS]:[encrypted],"
                " DEVICE=none"),
    ARG(NODE_CREATE, "role", STRING, .alias = "instance_profile",
        .help = "name or ARN of an instance profile"),
    ARG(NODE_CREATE, "metadata_tokens", CHOICE, .choices = "required|optional|default",
        .deflt = "required", .help = "whether the node's metadata are for those with a token only"),
    ARG(NODE_CREATE, "metadata_hops", INT, .min = 1, .max = 64,
        .help = "how many hops an answer of the metadata service goes"),
    ARG(NODE_CREATE, "metadata", BOOL, .deflt = "yes", .help = "offer the node its metadata"),
    ARG(NODE_CREATE, "client_token", STRING, .max_len = 64, .pattern = "[!-~]+",
        .help = "a key of your own: with the same one the same node is made only once"),
    ARG(NODE_CREATE, "count", INT, .min = 1, .max = 1000, .deflt = "1", .help = "how many"),
    ARG(NODE_CREATE, "min_count", INT, .min = 1, .max = 1000, .deflt = "count",
        .help = "with how many it is content"),
    ARG(NODE_CREATE, "spot", BOOL, .deflt = "no", .help = "from spare capacity"),
    ARG(NODE_CREATE, "spot_price", STRING, .pattern = "[0-9]*\\.?[0-9]+",
        .help = "the most to pay an hour, in dollars"),
    ARG(NODE_CREATE, "tenancy", CHOICE, .choices = "default|dedicated|host",
        .help = "shared hardware or not"),
    ARG(NODE_CREATE, "placement_group", STRING, .help = "the placement group's name"),
    ARG(NODE_CREATE, "shutdown", CHOICE, .choices = "stop|terminate", .deflt = "stop",
        .help = "what a shutdown from inside does"),
    ARG(NODE_CREATE, "credits", CHOICE, .choices = "standard|unlimited",
        .help = "of processors with bursts"),
    ARG(NODE_CREATE, "hibernation", BOOL, .deflt = "no", .help = "can be hibernated"),
    ARG(NODE_CREATE, "monitoring", BOOL, .deflt = "no", .help = "detailed monitoring"),
    ARG(NODE_CREATE, "ebs_optimized", BOOL, .help = "with bandwidth of its own for disks"),
    ARG(NODE_CREATE, "protect", BOOL, .deflt = "no",
        .help = "refuse to be destroyed until it is unprotected"),
    NODE(NODE_DESTROY),
    NODE(NODE_START),
    NODE(NODE_STOP),
    ARG(NODE_STOP, "force", BOOL, .deflt = "no", .help = "without a shutdown of its system"),
    ARG(NODE_STOP, "hibernate", BOOL, .deflt = "no", .help = "keep its memory"),
    ARG(NODE_STOP, "allow_destroy", BOOL, .deflt = "no",
        .help = "also when its root is on instance store, which a stop destroys"),
    NODE(NODE_REBOOT),
    NODE(NODE_RENAME),
    ARG(NODE_RENAME, "name", STRING, .flags = MUST, .max_len = 256, .help = "the new name"),
    NODE(NODE_RESIZE),
    ARG(NODE_RESIZE, "size", STRING, .flags = MUST,
        .help = "the instance type; it must be stopped"),
    NODE(NODE_TAG),
    TAGS(NODE_TAG),
    ARG(NODE_TAG, "remove", LIST, .max_len = 128, .help = "the name of a tag to remove"),
    NODE(NODE_CONSOLE),
    ARG(NODE_CONSOLE, "latest", BOOL, .deflt = "no", .help = "what is there now; Nitro only"),
    NODE(NODE_PROBE),
    ACT_NODE("protect"),
    ACT_NODE("unprotect"),

    ARG(IMAGE_LIST, "owner", LIST, .deflt = "self", .help = "self, amazon, aws-marketplace, an id"),
    ARG(IMAGE_LIST, "executable_by", LIST, .help = "self, all, or an account's id"),
    ARG(IMAGE_LIST, "deprecated", BOOL, .deflt = "no", .help = "deprecated ones too"),
    REGION(IMAGE_LIST),
    ARG(IMAGE_SEARCH, "term", STRING, .flags = MUST,
        .help = "part of the name, a pattern with * and ?, or an id"),
    ARG(IMAGE_SEARCH, "owner", LIST, .deflt = "anyone",
        .help = "self, amazon, aws-marketplace, an id"),
    ARG(IMAGE_SEARCH, "architecture", STRING, .help = "x86_64, arm64, i386"),
    ARG(IMAGE_SEARCH, "newest", BOOL, .deflt = "no", .help = "only the newest of them"),
    REGION(IMAGE_SEARCH),
    ID(IMAGE_GET, "the image's id"),
    ARG(IMAGE_CREATE, "node", STRING, .flags = MUST, .help = "the node to make it from"),
    ARG(IMAGE_CREATE, "region", STRING, .deflt = "looked for", .help = REGION_HELP),
    ARG(IMAGE_CREATE, "name", STRING, .flags = MUST, .pattern = "[][A-Za-z0-9() ./'@_-]{3,128}",
        .help = "the image's name"),
    ARG(IMAGE_CREATE, "description", STRING, .max_len = 255, .help = "kept with the image"),
    ARG(IMAGE_CREATE, "reboot", BOOL, .deflt = "no",
        .help = "restart the node meanwhile, so that its disks are at rest"),
    TAGS(IMAGE_CREATE),
    ID(IMAGE_DELETE, "the image's id"),
    ARG(IMAGE_DELETE, "snapshots", BOOL, .deflt = "no", .help = "delete its snapshots too"),
    ACT(IMAGE, "copy", "id", STRING, .flags = MUST, .help = "the image's id there"),
    ACT(IMAGE, "copy", "from", STRING, .flags = MUST | NUBE_OPTION_POSITIONAL,
        .help = "the region it is in"),
    ACT(IMAGE, "copy", "name", STRING, .flags = MUST | NUBE_OPTION_POSITIONAL,
        .help = "the copy's name"),
    ACT(IMAGE, "copy", "description", STRING, .max_len = 255, .help = "kept with the copy"),
    ACT(IMAGE, "copy", "client_token", STRING, .max_len = 64, .pattern = "[!-~]+",
        .help = "a key of your own: with the same one it is copied only once"),
    ACT(IMAGE, "copy", "region", STRING, .deflt = "the first", .help = REGION_HELP),

    ARG(SIZE_LIST, "max_age", DURATION, .min = 0, .max = INT64_MAX, .deflt = "24h",
        .help = "how old a kept list may be; 0: ask EC2"),
    REGION(SIZE_LIST),
    ARG(LOCATION_LIST, "kind", CHOICE, .choices = "zone|region", .deflt = "zone",
        .help = "the zones of the backend's regions, or the regions of the account"),
    ARG(LOCATION_LIST, "all", BOOL, .deflt = "no", .help = "those that are not enabled too"),

    REGION(KEY_LIST),
    ID(KEY_GET, "the key pair's name or id"),
    ARG(KEY_CREATE, "name", STRING, .flags = MUST, .max_len = 255, .help = "the key pair's name"),
    ARG(KEY_CREATE, "type", CHOICE, .choices = "rsa|ed25519", .deflt = "rsa", .help = "its kind"),
    ARG(KEY_CREATE, "format", CHOICE, .choices = "pem|ppk", .deflt = "pem",
        .help = "how the private key is written"),
    TAGS(KEY_CREATE),
    REGION(KEY_CREATE),
    ARG(KEY_IMPORT, "name", STRING, .flags = MUST, .max_len = 255, .help = "the key pair's name"),
    ARG(KEY_IMPORT, "public_key", STRING, .flags = MUST | NUBE_OPTION_MULTILINE, .max_len = 16384,
        .help = "the line of the public key file; RSA or ED25519"),
    TAGS(KEY_IMPORT),
    REGION(KEY_IMPORT),
    ID(KEY_DELETE, "the key pair's name or id"),

    ARG(FIREWALL_LIST, "vpc", STRING, .help = "of this network"),
    REGION(FIREWALL_LIST),
    ARG(FIREWALL_CREATE, "name", STRING, .flags = MUST, .max_len = 255, .help = "its name"),
    ARG(FIREWALL_CREATE, "description", STRING, .max_len = 255, .deflt = "the name",
        .help = "what it is for"),
    ARG(FIREWALL_CREATE, "vpc", STRING, .deflt = "the default network", .help = "the network"),
    TAGS(FIREWALL_CREATE),
    REGION(FIREWALL_CREATE),
    ID(FIREWALL_DELETE, "the security group's id"),
    RULE(FIREWALL_RULE_ADD),
    RULE(FIREWALL_RULE_REMOVE),
};

static const struct nube_driver driver = {
    .size = sizeof(struct nube_driver),
    .services = NUBE_SERVICE_HTTP | NUBE_SERVICE_CRYPTO | NUBE_SERVICE_XML,
    .name = "ec2",
    .title = "EC2",
    .version = NUBE_VERSION,
    .license = "Apache-2.0",
    .providers = NUBE_TABLE(providers),
    .options = NUBE_TABLE(options),
    .ops = NUBE_TABLE(ops),
    .states = NUBE_TABLE(states),
    .actions = NUBE_TABLE(actions),
    .sources = NUBE_TABLE(sources),
    .natives = NUBE_TABLE(natives),
    .classify = ec2_classify,
    .sign = ec2_sign,
};

NUBE_DRIVER(driver)
