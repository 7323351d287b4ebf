/* The table of operations: names, action words, what changes something and what comes back. */
#include <string.h>

#include <nube/op.h>

struct op {
    const char *name, *action; /* action "": not one that a node offers */
    enum nube_kind kind;
    int mutates;
};

static const struct op ops[NUBE_OP_COUNT] = {
    [NUBE_OP_NONE] = {"", "", NUBE_KIND_NONE, 0},
    [NUBE_OP_AUTH] = {"auth", "", NUBE_KIND_NONE, 0},
    [NUBE_OP_CHECK] = {"check", "", NUBE_KIND_NONE, 0},
    [NUBE_OP_RAW] = {"raw", "", NUBE_KIND_NONE, 1},
    [NUBE_OP_NODE_LIST] = {"node list", "", NUBE_KIND_NODE, 0},
    [NUBE_OP_NODE_GET] = {"node get", "", NUBE_KIND_NODE, 0},
    [NUBE_OP_NODE_CREATE] = {"node create", "", NUBE_KIND_NODE, 1},
    [NUBE_OP_NODE_DESTROY] = {"node destroy", "destroy", NUBE_KIND_NODE, 1},
    [NUBE_OP_NODE_START] = {"node start", "start", NUBE_KIND_NODE, 1},
    [NUBE_OP_NODE_STOP] = {"node stop", "stop", NUBE_KIND_NODE, 1},
    [NUBE_OP_NODE_REBOOT] = {"node reboot", "reboot", NUBE_KIND_NODE, 1},
    [NUBE_OP_NODE_SUSPEND] = {"node suspend", "suspend", NUBE_KIND_NODE, 1},
    [NUBE_OP_NODE_RESUME] = {"node resume", "resume", NUBE_KIND_NODE, 1},
    [NUBE_OP_NODE_RENAME] = {"node rename", "rename", NUBE_KIND_NODE, 1},
    [NUBE_OP_NODE_RESIZE] = {"node resize", "resize", NUBE_KIND_NODE, 1},
    [NUBE_OP_NODE_REBUILD] = {"node rebuild", "rebuild", NUBE_KIND_NODE, 1},
    [NUBE_OP_NODE_TAG] = {"node tag", "tag", NUBE_KIND_NODE, 1},
    [NUBE_OP_NODE_METADATA] = {"node metadata", "metadata", NUBE_KIND_NODE, 1},
    [NUBE_OP_NODE_CONSOLE] = {"node console", "console", NUBE_KIND_NODE, 0},
    [NUBE_OP_NODE_RUN] = {"node run", "run", NUBE_KIND_NODE, 1},
    [NUBE_OP_NODE_PROBE] = {"node probe", "probe", NUBE_KIND_NODE, 0},
    [NUBE_OP_NODE_WAIT] = {"node wait", "", NUBE_KIND_NODE, 0},
    [NUBE_OP_NODE_ACTION] = {"node action", "", NUBE_KIND_NODE, 1},
    [NUBE_OP_IMAGE_LIST] = {"image list", "", NUBE_KIND_IMAGE, 0},
    [NUBE_OP_IMAGE_SEARCH] = {"image search", "", NUBE_KIND_IMAGE, 0},
    [NUBE_OP_IMAGE_GET] = {"image get", "", NUBE_KIND_IMAGE, 0},
    [NUBE_OP_IMAGE_CREATE] = {"image create", "create_image", NUBE_KIND_IMAGE, 1},
    [NUBE_OP_IMAGE_DELETE] = {"image delete", "", NUBE_KIND_IMAGE, 1},
    [NUBE_OP_IMAGE_ACTION] = {"image action", "", NUBE_KIND_IMAGE, 1},
    [NUBE_OP_SIZE_LIST] = {"size list", "", NUBE_KIND_SIZE, 0},
    [NUBE_OP_LOCATION_LIST] = {"location list", "", NUBE_KIND_LOCATION, 0},
    [NUBE_OP_KEY_LIST] = {"key list", "", NUBE_KIND_KEY, 0},
    [NUBE_OP_KEY_GET] = {"key get", "", NUBE_KIND_KEY, 0},
    [NUBE_OP_KEY_CREATE] = {"key create", "", NUBE_KIND_KEY, 1},
    [NUBE_OP_KEY_IMPORT] = {"key import", "", NUBE_KIND_KEY, 1},
    [NUBE_OP_KEY_DELETE] = {"key delete", "", NUBE_KIND_KEY, 1},
    [NUBE_OP_SNAPSHOT_LIST] = {"snapshot list", "", NUBE_KIND_SNAPSHOT, 0},
    [NUBE_OP_SNAPSHOT_CREATE] = {"snapshot create", "create_snapshot", NUBE_KIND_SNAPSHOT, 1},
    [NUBE_OP_SNAPSHOT_RESTORE] = {"snapshot restore", "restore_snapshot", NUBE_KIND_SNAPSHOT, 1},
    [NUBE_OP_SNAPSHOT_DELETE] = {"snapshot delete", "", NUBE_KIND_SNAPSHOT, 1},
    [NUBE_OP_FIREWALL_LIST] = {"firewall list", "", NUBE_KIND_FIREWALL, 0},
    [NUBE_OP_FIREWALL_CREATE] = {"firewall create", "", NUBE_KIND_FIREWALL, 1},
    [NUBE_OP_FIREWALL_DELETE] = {"firewall delete", "", NUBE_KIND_FIREWALL, 1},
    [NUBE_OP_FIREWALL_RULE_ADD] = {"firewall rule add", "", NUBE_KIND_FIREWALL, 1},
    [NUBE_OP_FIREWALL_RULE_REMOVE] = {"firewall rule remove", "", NUBE_KIND_FIREWALL, 1},
};

static const char *const kinds[] = {"",         "node", "image",    "size",
                                    "location", "key",  "snapshot", "firewall"};

static const struct op *row(enum nube_op op)
{
    return &ops[(unsigned)op < NUBE_OP_COUNT ? op : NUBE_OP_NONE];
}

const char *nube_op_name(enum nube_op op)
{
    return row(op)->name;
}

enum nube_op nube_op_find(const char *name)
{
    unsigned i;

    for (i = 1; name && i < NUBE_OP_COUNT; i++)
        if (strcmp(ops[i].name, name) == 0)
            return (enum nube_op)i;
    return NUBE_OP_NONE;
}

const char *nube_op_action(enum nube_op op)
{
    return row(op)->action;
}

int nube_op_mutates(enum nube_op op)
{
    return row(op)->mutates;
}

enum nube_kind nube_op_kind(enum nube_op op)
{
    return row(op)->kind;
}

const char *nube_kind_name(enum nube_kind kind)
{
    return (unsigned)kind < sizeof(kinds) / sizeof(*kinds) ? kinds[kind] : "";
}
