/* Rows that the tables of every driver of the family begin with: states, operations, arguments. */
#ifndef NUBE_DRIVER_NOVA_ROWS_H
#define NUBE_DRIVER_NOVA_ROWS_H

#include "nova.h"

/* ---- States: Nova's statuses, and the tasks that are under way ----------------------------- */

/* What every state allows; a driver that offers less of it says so before. */
#ifndef NOVA_ALWAYS
#define NOVA_ALWAYS                                                                                \
    NUBE_OP_NODE_DESTROY, NUBE_OP_NODE_RENAME, NUBE_OP_NODE_METADATA, NUBE_OP_NODE_TAG,            \
        NUBE_OP_NODE_CONSOLE
#endif
#define NOVA_STATE(word, state, ...)                                                               \
    {                                                                                              \
        word, NUBE_OPS(__VA_ARGS__), NUBE_STATE_##state                                            \
    }
/* Under way: it can be looked at, named, and destroyed. */
#define NOVA_TASK(word, state) NOVA_STATE(word, state, NOVA_ALWAYS)

#define NOVA_STATUS_ROWS                                                                           \
    NOVA_STATE("ACTIVE", RUNNING, NUBE_OP_NODE_STOP, NUBE_OP_NODE_REBOOT, NUBE_OP_NODE_SUSPEND,    \
               NUBE_OP_NODE_RESIZE, NUBE_OP_NODE_REBUILD, NUBE_OP_IMAGE_CREATE, NOVA_ALWAYS),      \
        NOVA_STATE("SHUTOFF", STOPPED, NUBE_OP_NODE_START, NUBE_OP_NODE_RESIZE,                    \
                   NUBE_OP_NODE_REBUILD, NUBE_OP_IMAGE_CREATE, NOVA_ALWAYS),                       \
        NOVA_STATE("PAUSED", PAUSED, NUBE_OP_IMAGE_CREATE, NOVA_ALWAYS),                           \
        NOVA_STATE("SUSPENDED", SUSPENDED, NUBE_OP_NODE_RESUME, NUBE_OP_IMAGE_CREATE,              \
                   NOVA_ALWAYS),                                                                   \
        NOVA_STATE("SHELVED", STOPPED, NOVA_ALWAYS),                                               \
        NOVA_STATE("SHELVED_OFFLOADED", STOPPED, NOVA_ALWAYS),                                     \
        NOVA_STATE("ERROR", ERROR, NUBE_OP_NODE_STOP, NUBE_OP_NODE_REBOOT, NUBE_OP_NODE_REBUILD,   \
                   NOVA_ALWAYS),                                                                   \
        NOVA_STATE("RESCUE", UPDATING, NUBE_OP_NODE_STOP, NUBE_OP_NODE_REBOOT, NOVA_ALWAYS),       \
        NOVA_TASK("VERIFY_RESIZE", UPDATING), NOVA_TASK("BUILD", PENDING),                         \
        NOVA_TASK("REBUILD", UPDATING), NOVA_TASK("PASSWORD", UPDATING),                           \
        NOVA_TASK("REBOOT", REBOOTING), NOVA_TASK("HARD_REBOOT", REBOOTING),                       \
        NOVA_TASK("RESIZE", UPDATING), NOVA_TASK("QUEUE_RESIZE", UPDATING),                        \
        NOVA_TASK("PREP_RESIZE", UPDATING), NOVA_TASK("CONFIRM_RESIZE", UPDATING),                 \
        NOVA_TASK("REVERT_RESIZE", UPDATING), NOVA_TASK("MIGRATING", MIGRATING),                   \
        NOVA_STATE("DELETED", TERMINATED, NUBE_OP_NONE),                                           \
        NOVA_STATE("SOFT_DELETED", TERMINATED, NUBE_OP_NODE_DESTROY),                              \
    {                                                                                              \
        "UNKNOWN", NULL, NUBE_STATE_UNKNOWN                                                        \
    }

#define NOVA_TASK_ROWS                                                                             \
    NOVA_TASK("scheduling", PENDING), NOVA_TASK("block_device_mapping", PENDING),                  \
        NOVA_TASK("networking", PENDING), NOVA_TASK("spawning", PENDING),                          \
        NOVA_TASK("updating_password", UPDATING), NOVA_TASK("resize_prep", UPDATING),              \
        NOVA_TASK("resize_migrating", UPDATING), NOVA_TASK("resize_migrated", UPDATING),           \
        NOVA_TASK("resize_finish", UPDATING), NOVA_TASK("resize_reverting", UPDATING),             \
        NOVA_TASK("resize_confirming", UPDATING), NOVA_TASK("rebooting", REBOOTING),               \
        NOVA_TASK("reboot_pending", REBOOTING), NOVA_TASK("reboot_started", REBOOTING),            \
        NOVA_TASK("rebooting_hard", REBOOTING), NOVA_TASK("reboot_pending_hard", REBOOTING),       \
        NOVA_TASK("reboot_started_hard", REBOOTING), NOVA_TASK("pausing", UPDATING),               \
        NOVA_TASK("unpausing", UPDATING), NOVA_TASK("suspending", UPDATING),                       \
        NOVA_TASK("resuming", UPDATING), NOVA_TASK("powering-off", STOPPING),                      \
        NOVA_TASK("powering-on", PENDING), NOVA_TASK("rescuing", UPDATING),                        \
        NOVA_TASK("unrescuing", UPDATING), NOVA_TASK("rebuilding", UPDATING),                      \
        NOVA_TASK("rebuild_block_device_mapping", UPDATING),                                       \
        NOVA_TASK("rebuild_spawning", UPDATING), NOVA_TASK("deleting", STOPPING),                  \
        NOVA_TASK("soft-deleting", STOPPING), NOVA_TASK("restoring", PENDING),                     \
        NOVA_TASK("shelving", STOPPING), NOVA_TASK("shelving_image_pending_upload", STOPPING),     \
        NOVA_TASK("shelving_image_uploading", STOPPING),                                           \
        NOVA_TASK("shelving_offloading", STOPPING), NOVA_TASK("unshelving", PENDING)

/* ---- Actions ------------------------------------------------------------------------------- */

#define NOVA_ACT(name, step, help)                                                                 \
    {                                                                                              \
        name, NUBE_KIND_NODE, 0, step, help                                                        \
    }
#define NOVA_IMAGE_ACT(name, step, help)                                                           \
    {                                                                                              \
        name, NUBE_KIND_IMAGE, NUBE_OPF_SETTLED, step, help                                        \
    }
#define NOVA_ACTION_ROWS                                                                           \
    NOVA_ACT("pause", nova_pause, "stop its clock; it stays in memory"),                           \
        NOVA_ACT("unpause", nova_unpause, "let it go on"),                                         \
        NOVA_ACT("shelve", nova_shelve, "stop it and give its host back; its disk is kept"),       \
        NOVA_ACT("unshelve", nova_unshelve, "bring it back"),                                      \
        NOVA_ACT("lock", nova_lock, "refuse changes until it is unlocked"),                        \
        NOVA_ACT("unlock", nova_unlock, "allow changes again"),                                    \
        NOVA_ACT("rescue", nova_rescue, "start it from another image, its own disk beside"),       \
        NOVA_ACT("unrescue", nova_unrescue, "start it from its own disk again"),                   \
        NOVA_ACT("confirm_resize", nova_confirm_resize, "keep the new size"),                      \
        NOVA_ACT("revert_resize", nova_revert_resize, "go back to the old size"),                  \
        NOVA_ACT("set_password", nova_set_password, "set the administrator's password"),           \
        NOVA_ACT("console_url", nova_console_url, "print the address of a console for a browser"), \
        NOVA_IMAGE_ACT("members", nova_image_members, "print the projects it is shared with"),     \
        NOVA_IMAGE_ACT("share", nova_image_share, "share it with a project"),                      \
        NOVA_IMAGE_ACT("unshare", nova_image_unshare, "share it with a project no longer"),        \
        NOVA_IMAGE_ACT("accept", nova_image_accept,                                                \
                       "accept an image that another project shares"),                             \
        NOVA_IMAGE_ACT("visibility", nova_image_visibility, "say who may use it")

/* ---- Arguments ----------------------------------------------------------------------------- */

#define CONN(n, t, ...)                                                                            \
    {                                                                                              \
        .name = n, .op = NUBE_OP_NONE, .type = NUBE_TYPE_##t, __VA_ARGS__                          \
    }
/* What ids look like: images have UUIDs; a flavor's may be anything, but only numbers and UUIDs are
 * taken for one without a look. */
#define NOVA_UUID "[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}"
#ifndef NOVA_FLAVOR
#define NOVA_FLAVOR "[0-9]+|" NOVA_UUID
#endif
#define ARG(o, n, t, ...)                                                                          \
    {                                                                                              \
        .name = n, .op = NUBE_OP_##o, .type = NUBE_TYPE_##t, __VA_ARGS__                           \
    }
#define ACT(o, a, n, t, ...)                                                                       \
    {                                                                                              \
        .name = n, .op = NUBE_OP_##o##_ACTION, .action = a, .type = NUBE_TYPE_##t, __VA_ARGS__     \
    }
#define MUST         NUBE_OPTION_REQUIRED
#define ID(o, what)  ARG(o, "id", STRING, .flags = MUST, .help = what)
#define NODE(o)      ID(o, "the node's id")
#define ACT_NODE(a)  ACT(NODE, a, "id", STRING, .flags = MUST, .help = "the node's id")
#define ACT_IMAGE(a) ACT(IMAGE, a, "id", STRING, .flags = MUST, .help = "the image's id")
#define VISIBLE(o, more)                                                                           \
    ARG(o, "visibility", CHOICE, .choices = "public|private|shared|community" more,                \
        .help = "who may use it")

/* Arguments by operation: what every cloud of the family has. */
#define NOVA_RAW_ROWS                                                                              \
    ARG(RAW, "method", CHOICE, .flags = MUST, .choices = "GET|HEAD|POST|PUT|DELETE|PATCH",         \
        .help = "the HTTP method"),                                                                \
        ARG(RAW, "path", STRING, .flags = MUST, .max_len = 8192,                                   \
            .help = "path below the service"),                                                     \
        ARG(RAW, "query", PAIR, .max_len = 65536, .help = "a query parameter"),                    \
        ARG(RAW, "header", PAIR, .help = "a header"),                                              \
        ARG(RAW, "body", DATA, .max_len = 1048576, .help = "the body, JSON"),                      \
        ARG(RAW, "service", CHOICE, .choices = "compute|image|network|identity",                   \
            .deflt = "compute", .help = "which service")
#define NOVA_LIST_ROWS                                                                             \
    ARG(NODE_LIST, "size", STRING, .help = "of this size, by its id"),                             \
        ARG(NODE_LIST, "changes_since", STRING,                                                    \
            .help = "changed since then: 2026-01-15T08:00:00Z")
#define NOVA_CREATE_ROWS                                                                           \
    ARG(NODE_CREATE, "image", STRING, .ids = NOVA_UUID,                                            \
        .help = "the image's id; needed unless volume is given"),                                  \
        ARG(NODE_CREATE, "name", STRING, .max_len = 255, .deflt = "node-SECONDS",                  \
            .help = "its name"),                                                                   \
        ARG(NODE_CREATE, "size", STRING, .ids = NOVA_FLAVOR,                                       \
            .deflt = "the smallest that fits the image", .help = "the flavor's id"),               \
        ARG(NODE_CREATE, "key", STRING, .max_len = 255, .help = "the key pair's name"),            \
        ARG(NODE_CREATE, "user_data", DATA, .max_len = 49149,                                      \
            .help = "what the image runs or reads at its first start"),                            \
        ARG(NODE_CREATE, "config_drive", BOOL, .help = "give it its metadata on a drive"),         \
        ARG(NODE_CREATE, "metadata", PAIR, .max_len = 512, .help = "a metadata item"),             \
        ARG(NODE_CREATE, "password", STRING, .flags = NUBE_OPTION_SECRET,                          \
            .deflt = "the cloud's choice", .help = "the administrator's password"),                \
        ARG(NODE_CREATE, "volume", STRING, .help = "id of a volume to start from"),                \
        ARG(NODE_CREATE, "volume_size", INT, .min = 1, .max = 1048576,                             \
            .help = "start from a new volume of so many GB, made from the image"),                 \
        ARG(NODE_CREATE, "volume_goes", BOOL, .deflt = "yes for a new volume",                     \
            .help = "the volume is deleted with the node"),                                        \
        ARG(NODE_CREATE, "disk_config", CHOICE, .choices = "AUTO|MANUAL",                          \
            .help = "whether the disk is grown to the size's own"),                                \
        ARG(NODE_CREATE, "address", STRING, .help = "the IPv4 address to show for it"),            \
        ARG(NODE_CREATE, "address6", STRING, .help = "the IPv6 address to show for it"),           \
        ARG(NODE_CREATE, "server_group", STRING, .help = "id of a server group to be in")
#define NOVA_POWER_ROWS                                                                            \
    NODE(NODE_START), NODE(NODE_STOP), NODE(NODE_REBOOT),                                          \
        ARG(NODE_REBOOT, "hard", BOOL, .deflt = "no", .help = "by the power switch")
#define NOVA_CHANGE_ROWS                                                                           \
    NODE(NODE_RENAME),                                                                             \
        ARG(NODE_RENAME, "name", STRING, .flags = MUST, .max_len = 255, .help = "the new name"),   \
        NODE(NODE_RESIZE),                                                                         \
        ARG(NODE_RESIZE, "size", STRING, .flags = MUST, .ids = NOVA_FLAVOR,                        \
            .help = "the flavor's id"),                                                            \
        ARG(NODE_RESIZE, "confirm", BOOL, .deflt = "yes",                                          \
            .help = "no: leave it to the actions confirm_resize and revert_resize"),               \
        NODE(NODE_REBUILD),                                                                        \
        ARG(NODE_REBUILD, "image", STRING, .flags = MUST, .ids = NOVA_UUID,                        \
            .help = "the image's id"),                                                             \
        ARG(NODE_REBUILD, "name", STRING, .max_len = 255, .help = "a new name"),                   \
        ARG(NODE_REBUILD, "password", STRING, .flags = NUBE_OPTION_SECRET,                         \
            .deflt = "the cloud's choice", .help = "the administrator's password"),                \
        ARG(NODE_REBUILD, "metadata", PAIR, .max_len = 512, .help = "metadata instead of its own")
#define NOVA_METADATA_ROWS                                                                         \
    NODE(NODE_METADATA),                                                                           \
        ARG(NODE_METADATA, "metadata", PAIR, .max_len = 512, .help = "an item to set"),            \
        ARG(NODE_METADATA, "remove", LIST, .max_len = 255, .help = "the name of one to remove")
#define NOVA_ACTION_ARGUMENT_ROWS(consoles)                                                        \
    ACT_NODE("lock"), ACT_NODE("unlock"), ACT_NODE("unrescue"), ACT_NODE("confirm_resize"),        \
        ACT_NODE("revert_resize"), ACT_NODE("set_password"),                                       \
        ACT(NODE, "set_password", "password", STRING, .flags = MUST | NUBE_OPTION_SECRET,          \
            .help = "the new password"),                                                           \
        ACT_NODE("console_url"),                                                                   \
        ACT(NODE, "console_url", "type", CHOICE, .flags = NUBE_OPTION_POSITIONAL,                  \
            .choices = consoles, .deflt = "novnc", .help = "which kind"),                          \
        ACT_NODE("rescue"),                                                                        \
        ACT(NODE, "rescue", "image", STRING, .deflt = "its own", .help = "the image's id")
#define NOVA_SIZE_ROWS                                                                             \
    ARG(SIZE_LIST, "min_ram", INT, .min = 0, .max = INT32_MAX, .help = "MiB, at least"),           \
        ARG(SIZE_LIST, "min_disk", INT, .min = 0, .max = INT32_MAX, .help = "GB, at least")
#define NOVA_KEY_ROWS(type_)                                                                       \
    ID(KEY_GET, "the key pair's name"),                                                            \
        ARG(KEY_CREATE, "name", STRING, .flags = MUST, .max_len = 255,                             \
            .help = "the key pair's name"),                                                        \
        type_(KEY_CREATE) ARG(KEY_IMPORT, "name", STRING, .flags = MUST, .max_len = 255,           \
                              .help = "the key pair's name"),                                      \
        ARG(KEY_IMPORT, "public_key", STRING, .flags = MUST | NUBE_OPTION_MULTILINE,               \
            .max_len = 16384, .help = "the line of the public key file; of x509 the certificate"), \
        type_(KEY_IMPORT) ID(KEY_DELETE, "the key pair's name")

/* All that a cloud with Nova's later versions, Glance and Neutron has. */
#define X509(o) ARG(o, "type", CHOICE, .choices = "ssh|x509", .deflt = "ssh", .help = "its kind"),
#define NOVA_ARGUMENT_ROWS                                                                         \
    NOVA_RAW_ROWS, NOVA_LIST_ROWS,                                                                 \
        ARG(NODE_LIST, "all_projects", BOOL, .deflt = "no",                                        \
            .help = "of every project; for admins"),                                               \
        NODE(NODE_GET), NOVA_CREATE_ROWS,                                                          \
        ARG(NODE_CREATE, "location", STRING, .help = "the availability zone"),                     \
        ARG(NODE_CREATE, "network", LIST, .deflt = "auto",                                         \
            .help = "auto, none, or networks: ID, ID@ADDRESS, port=ID"),                           \
        ARG(NODE_CREATE, "firewall", LIST, .alias = "security_group", .deflt = "default",          \
            .help = "a security group's name or id"),                                              \
        ARG(NODE_CREATE, "tag", PAIR, .max_len = 60, .help = "a tag; from Nova 2.52 on"),          \
        ARG(NODE_CREATE, "description", STRING, .max_len = 255, .help = "from Nova 2.19 on"),      \
        ARG(NODE_CREATE, "hostname", STRING, .max_len = 63, .help = "from Nova 2.90 on"),          \
        ARG(NODE_CREATE, "hint", PAIR, .help = "a hint for the scheduler"),                        \
        ARG(NODE_CREATE, "count", INT, .min = 1, .max = 1000, .deflt = "1", .help = "how many"),   \
        ARG(NODE_CREATE, "min_count", INT, .min = 1, .max = 1000, .deflt = "count",                \
            .help = "with how many it is content"),                                                \
        NODE(NODE_DESTROY),                                                                        \
        ARG(NODE_DESTROY, "force", BOOL, .deflt = "no",                                            \
            .help = "also where nodes can be restored"),                                           \
        NOVA_POWER_ROWS, NODE(NODE_SUSPEND), NODE(NODE_RESUME), NOVA_CHANGE_ROWS, NODE(NODE_TAG),  \
        ARG(NODE_TAG, "tag", PAIR, .max_len = 60, .help = "a tag to set"),                         \
        ARG(NODE_TAG, "remove", LIST, .max_len = 60, .help = "the name of a tag to remove"),       \
        NOVA_METADATA_ROWS, NODE(NODE_CONSOLE),                                                    \
        ARG(NODE_CONSOLE, "tail", INT, .min = 1, .max = 100000, .help = "only the last lines"),    \
        ACT_NODE("pause"), ACT_NODE("unpause"), ACT_NODE("shelve"), ACT_NODE("unshelve"),          \
        NOVA_ACTION_ARGUMENT_ROWS("novnc|spice|serial|mks"),                                       \
        ACT(NODE, "rescue", "password", STRING, .flags = NUBE_OPTION_SECRET,                       \
            .deflt = "the cloud's choice", .help = "the administrator's password there"),          \
        ARG(IMAGE_LIST, "owner", STRING, .help = "of this project, by its id"),                    \
        ARG(IMAGE_LIST, "status", STRING, .help = "active, queued, ..."),                          \
        VISIBLE(IMAGE_LIST, "|all"),                                                               \
        ARG(IMAGE_LIST, "member_status", CHOICE, .choices = "accepted|pending|rejected|all",       \
            .help = "of those that others share"),                                                 \
        ARG(IMAGE_SEARCH, "term", STRING, .flags = MUST, .help = "part of the name or id"),        \
        VISIBLE(IMAGE_SEARCH, "|all"), ID(IMAGE_GET, "the image's id"),                            \
        ARG(IMAGE_CREATE, "node", STRING, .help = "the node to make it from"),                     \
        ARG(IMAGE_CREATE, "source", CHOICE, .choices = "input",                                    \
            .help = "make it from what the call reads: a file"),                                   \
        ARG(IMAGE_CREATE, "name", STRING, .flags = MUST, .max_len = 255, .help = "its name"),      \
        ARG(IMAGE_CREATE, "metadata", PAIR, .max_len = 512, .help = "a property of it"),           \
        ARG(IMAGE_CREATE, "disk_format", STRING, .pattern = "[a-z0-9]+", .deflt = "qcow2",         \
            .help = "of a file: qcow2, raw, vmdk, vdi, iso, ..."),                                 \
        VISIBLE(IMAGE_CREATE, ""), ID(IMAGE_DELETE, "the image's id"), ACT_IMAGE("members"),       \
        ACT_IMAGE("share"),                                                                        \
        ACT(IMAGE, "share", "project", STRING, .flags = MUST | NUBE_OPTION_POSITIONAL,             \
            .help = "the project's id"),                                                           \
        ACT_IMAGE("unshare"),                                                                      \
        ACT(IMAGE, "unshare", "project", STRING, .flags = MUST | NUBE_OPTION_POSITIONAL,           \
            .help = "the project's id"),                                                           \
        ACT_IMAGE("accept"),                                                                       \
        ACT(IMAGE, "accept", "accept", BOOL, .deflt = "yes", .help = "no: reject it"),             \
        ACT_IMAGE("visibility"),                                                                   \
        ACT(IMAGE, "visibility", "visibility", CHOICE, .flags = MUST | NUBE_OPTION_POSITIONAL,     \
            .choices = "public|private|shared|community", .help = "who"),                          \
        NOVA_SIZE_ROWS,                                                                            \
        ARG(LOCATION_LIST, "kind", CHOICE, .choices = "zone|region", .deflt = "zone",              \
            .help = "the availability zones of the region, or the regions of the cloud"),          \
        NOVA_KEY_ROWS(X509)

#endif
