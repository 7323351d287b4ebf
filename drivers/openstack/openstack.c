/* The tables of the OpenStack driver and its entry point. */
#include "openstack.h"
#include "nova_rows.h"

/* HP's cloud ended in January 2016; its two ids are kept for those who have a cloud of its kind. */
#define HP(region_, title_)                                                                        \
    {                                                                                              \
        .id = "hpcloud:" region_, .title = "HP Helion Cloud - " title_, .region = region_,         \
        .presets = "auth_url=https://" region_                                                     \
                   ".identity.hpcloudsvc.com:35357/v2.0\nimage_service=compute",                   \
        .flags = NUBE_PROVIDER_RETIRED                                                             \
    }
static const struct nube_provider_row providers[] = {
    {.id = "openstack", .title = "OpenStack"},
    HP("region-a.geo-1", "US West"),
    HP("region-b.geo-1", "US East"),
};

static const struct nube_native_row natives[] = {
    {NULL, NUBE_NATIVE_ENV, "OS_AUTH_URL", NULL},
    {"cloud", NUBE_NATIVE_YAML, "${OS_CLIENT_CONFIG_FILE:-~/.config/openstack/clouds.yaml}",
     "clouds"},
    {"cloud", NUBE_NATIVE_YAML, "${OS_CLIENT_CONFIG_FILE:-/etc/openstack/clouds.yaml}", "clouds"},
};

static const struct nube_op_row ops[] = {
    {NUBE_OP_AUTH, 0, os_auth},
    {NUBE_OP_CHECK, 0, nova_check},
    {NUBE_OP_RAW, 0, nova_raw},
    {NUBE_OP_NODE_LIST, 0, nova_node_list},
    {NUBE_OP_NODE_GET, 0, nova_node_get},
    {NUBE_OP_NODE_CREATE, 0, nova_node_create},
    {NUBE_OP_NODE_DESTROY, 0, nova_node_destroy},
    {NUBE_OP_NODE_START, 0, nova_node_start},
    {NUBE_OP_NODE_STOP, 0, nova_node_stop},
    {NUBE_OP_NODE_REBOOT, 0, nova_node_reboot},
    {NUBE_OP_NODE_SUSPEND, 0, nova_node_suspend},
    {NUBE_OP_NODE_RESUME, 0, nova_node_resume},
    {NUBE_OP_NODE_RENAME, NUBE_OPF_SETTLED, nova_node_rename},
    {NUBE_OP_NODE_RESIZE, 0, nova_node_resize},
    {NUBE_OP_NODE_REBUILD, 0, nova_node_rebuild},
    {NUBE_OP_NODE_TAG, NUBE_OPF_SETTLED, nova_node_tag},
    {NUBE_OP_NODE_METADATA, NUBE_OPF_SETTLED, nova_node_metadata},
    {NUBE_OP_NODE_CONSOLE, 0, nova_node_console},
    {NUBE_OP_IMAGE_LIST, 0, nova_image_list},
    {NUBE_OP_IMAGE_SEARCH, 0, nova_image_search},
    {NUBE_OP_IMAGE_GET, 0, nova_image_get},
    {NUBE_OP_IMAGE_CREATE, 0, nova_image_create},
    {NUBE_OP_IMAGE_DELETE, 0, nova_image_delete},
    {NUBE_OP_SIZE_LIST, 0, nova_size_list},
    {NUBE_OP_LOCATION_LIST, 0, nova_location_list},
    {NUBE_OP_KEY_LIST, 0, nova_key_list},
    {NUBE_OP_KEY_GET, 0, nova_key_get},
    {NUBE_OP_KEY_CREATE, 0, nova_key_create},
    {NUBE_OP_KEY_IMPORT, 0, nova_key_import},
    {NUBE_OP_KEY_DELETE, 0, nova_key_delete},
    {NUBE_OP_FIREWALL_LIST, 0, os_firewall_list},
    {NUBE_OP_FIREWALL_CREATE, 0, os_firewall_create},
    {NUBE_OP_FIREWALL_DELETE, 0, os_firewall_delete},
    {NUBE_OP_FIREWALL_RULE_ADD, 0, os_rule_add},
    {NUBE_OP_FIREWALL_RULE_REMOVE, 0, os_rule_remove},
};

static const struct nube_action_row actions[] = {
    NOVA_ACTION_ROWS,
    {"add_floating_ip", NUBE_KIND_NODE, NUBE_OPF_SETTLED, os_add_floating,
     "give it a floating address, and print it"},
    {"remove_floating_ip", NUBE_KIND_NODE, NUBE_OPF_SETTLED, os_remove_floating,
     "take a floating address from it"},
};

static const struct nube_state_row states[] = {NOVA_STATUS_ROWS, NOVA_TASK_ROWS};

#define FIREWALL(o) ARG(o, "id", STRING, .flags = MUST, .help = "the security group's id")
#define RULE(o)                                                                                    \
    FIREWALL(o),                                                                                   \
        ARG(o, "direction", CHOICE, .choices = "in|out", .deflt = "in",                            \
            .help = "traffic to the node, or from it"),                                            \
        ARG(o, "protocol", STRING, .deflt = "tcp", .pattern = "[a-z0-9-]+",                        \
            .help = "tcp, udp, icmp, ipv6-icmp, a number, or all"),                                \
        ARG(o, "port", STRING, .pattern = "[0-9]+(-[0-9]+)?", .deflt = "all",                      \
            .help = "a port, or first-last; of icmp type and code")

static const struct nube_option options[] = {
    CONN("auth_url", STRING, .max_len = 2048,
         .help = "Keystone's address, with or without its version"),
    CONN("auth_type", STRING, .pattern = "[A-Za-z0-9_]+", .deflt = "by what is given",
         .help = "password, token, v3applicationcredential, v3totp, none"),
    CONN("cloud", STRING, .deflt = "OS_CLOUD, else the only one",
         .help = "a name in clouds.yaml; envvars: the OS_* variables"),
    CONN("username", STRING, .alias = "key", .help = "the user's name"),
    CONN("user_id", STRING, .help = "the user's id, instead of name and domain"),
    CONN("password", STRING, .alias = "secret", .flags = NUBE_OPTION_SECRET,
         .help = "the user's password"),
    CONN("passcode", STRING, .flags = NUBE_OPTION_SECRET, .help = "a one-time code (TOTP)"),
    CONN("project", STRING, .alias = "tenant_name", .deflt = "the only one",
         .help = "the project's name"),
    CONN("project_id", STRING, .alias = "tenant_id", .help = "the project's id"),
    CONN("user_domain", STRING, .deflt = "the domain, else default",
         .help = "name of the user's domain"),
    CONN("user_domain_id", STRING, .help = "id of the user's domain"),
    CONN("project_domain", STRING, .deflt = "the domain, else default",
         .help = "name of the project's domain"),
    CONN("project_domain_id", STRING, .help = "id of the project's domain"),
    CONN("domain", STRING, .help = "name of a domain: of both, and the scope without a project"),
    CONN("domain_id", STRING, .help = "id of a domain: of both, and the scope without a project"),
    CONN("default_domain", STRING, .deflt = "default",
         .help = "id of the domain when none is said"),
    CONN("system_scope", CHOICE, .choices = "all", .help = "log in for the whole system"),
    CONN("trust_id", STRING, .help = "a trust to use"),
    CONN("application_credential_id", STRING, .help = "the application credential's id"),
    CONN("application_credential_name", STRING,
         .help = "its name, with username or user_id of whoever made it"),
    CONN("application_credential_secret", STRING, .flags = NUBE_OPTION_SECRET,
         .help = "its secret"),
    CONN("token", STRING, .max_len = 16384, .flags = NUBE_OPTION_SECRET,
         .help = "a token that is there already"),
    CONN("interface", STRING, .deflt = "public", .pattern = "(public|internal|admin)(URL)?",
         .help = "which addresses of the services: public, internal, admin"),
    CONN("region", STRING, .deflt = "the first there is", .help = "the region"),
    CONN("endpoint", STRING, .max_len = 2048, .alias = "compute_endpoint",
         .deflt = "by the catalogue", .help = "Nova's address"),
    CONN("image_endpoint", STRING, .max_len = 2048, .deflt = "by the catalogue",
         .help = "Glance's address"),
    CONN("image_service", CHOICE, .choices = "image|compute", .deflt = "image",
         .help = "compute: images are Nova's own, where there is no Glance of version 2"),
    CONN("network_endpoint", STRING, .max_len = 2048, .deflt = "by the catalogue",
         .help = "Neutron's address"),
    CONN("identity_api_version", STRING, .pattern = "v?[23](\\.[0-9]+)?",
         .deflt = "as Keystone says", .help = "2 or 3"),
    CONN("compute_api_version", STRING, .pattern = "2(\\.[0-9]+)?|latest",
         .deflt = "the newest that a request needs and the cloud has",
         .help = "one version of Nova's API for all requests"),
    CONN("page_size", INT, .min = 1, .max = 10000, .deflt = "the cloud's own",
         .help = "how many objects a page of a list holds"),

    NOVA_ARGUMENT_ROWS,

    ACT(NODE, "add_floating_ip", "id", STRING, .flags = MUST, .help = "the node's id"),
    ACT(NODE, "add_floating_ip", "address", STRING, .flags = NUBE_OPTION_POSITIONAL,
        .help = "one that the account has already"),
    ACT(NODE, "add_floating_ip", "network", STRING, .deflt = "the first there is",
        .help = "id of the network to take a new one from"),
    ACT(NODE, "remove_floating_ip", "id", STRING, .flags = MUST, .help = "the node's id"),
    ACT(NODE, "remove_floating_ip", "address", STRING, .flags = MUST | NUBE_OPTION_POSITIONAL,
        .help = "the address"),
    ACT(NODE, "remove_floating_ip", "release", BOOL, .deflt = "no",
        .help = "give it back: it is no longer the account's"),

    ARG(FIREWALL_CREATE, "name", STRING, .flags = MUST, .max_len = 255, .help = "its name"),
    ARG(FIREWALL_CREATE, "description", STRING, .max_len = 255, .help = "what it is for"),
    FIREWALL(FIREWALL_DELETE),
    RULE(FIREWALL_RULE_ADD),
    ARG(FIREWALL_RULE_ADD, "peer", LIST, .flags = MUST,
        .help = "who is on the other side: 203.0.113.0/24, an IPv6 network, or a group's id"),
    ARG(FIREWALL_RULE_ADD, "description", STRING, .max_len = 255, .help = "kept with the rule"),
    RULE(FIREWALL_RULE_REMOVE),
    ARG(FIREWALL_RULE_REMOVE, "peer", LIST, .help = "who is on the other side"),
    ARG(FIREWALL_RULE_REMOVE, "rule", STRING, .help = "the rule's id, instead of what it says"),
};

const struct nova_dialect nova_dialect = {
    .login = "check user, password and domain, and that the user has a role in the project",
};

static const struct nube_driver driver = {
    .size = sizeof(struct nube_driver),
    .services = NUBE_SERVICE_HTTP | NUBE_SERVICE_CRYPTO | NUBE_SERVICE_YAML,
    .name = "openstack",
    .title = "OpenStack",
    .version = NUBE_VERSION,
    .license = "Apache-2.0",
    .providers = NUBE_TABLE(providers),
    .options = NUBE_TABLE(options),
    .ops = NUBE_TABLE(ops),
    .states = NUBE_TABLE(states),
    .actions = NUBE_TABLE(actions),
    .natives = NUBE_TABLE(natives),
    .classify = nova_classify,
    .sign = os_sign,
};

NUBE_DRIVER(driver)
