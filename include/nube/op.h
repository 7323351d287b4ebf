/* Operations: the one list of verbs that libraries, drivers and commands share. */
#ifndef NUBE_OP_H
#define NUBE_OP_H

#include <nube/base.h>

NUBE_BEGIN

/* What a verb works on, and what kind of object a result holds. Append only. */
enum nube_kind {
    NUBE_KIND_NONE = 0,
    NUBE_KIND_NODE,
    NUBE_KIND_IMAGE,
    NUBE_KIND_SIZE,
    NUBE_KIND_LOCATION,
    NUBE_KIND_KEY,
    NUBE_KIND_SNAPSHOT,
    NUBE_KIND_FIREWALL
};

/* The two streams of output that a console or a run has. */
enum nube_stream { NUBE_STDOUT = 1, NUBE_STDERR = 2 };

/* Append only: the number is ABI. A driver offers an operation by naming it in its table. */
enum nube_op {
    NUBE_OP_NONE = 0,
    NUBE_OP_AUTH, /* make a session: log in, negotiate, find endpoints; the core runs it when needed
                   */
    NUBE_OP_CHECK,
    NUBE_OP_RAW,
    NUBE_OP_NODE_LIST,
    NUBE_OP_NODE_GET,
    NUBE_OP_NODE_CREATE,
    NUBE_OP_NODE_DESTROY,
    NUBE_OP_NODE_START,
    NUBE_OP_NODE_STOP, /* never destroys */
    NUBE_OP_NODE_REBOOT,
    NUBE_OP_NODE_SUSPEND,
    NUBE_OP_NODE_RESUME,
    NUBE_OP_NODE_RENAME,
    NUBE_OP_NODE_RESIZE,
    NUBE_OP_NODE_REBUILD,
    NUBE_OP_NODE_TAG,
    NUBE_OP_NODE_METADATA,
    NUBE_OP_NODE_CONSOLE,
    NUBE_OP_NODE_RUN,
    NUBE_OP_NODE_PROBE,
    NUBE_OP_NODE_WAIT, /* optional: the provider's own blocking wait. Argument `until`, a CHOICE of
                          Nube's state words and "gone"; without it the library looks again and
                          again */
    NUBE_OP_NODE_ACTION, /* a named action of the driver's action table */
    NUBE_OP_IMAGE_LIST,
    NUBE_OP_IMAGE_SEARCH,
    NUBE_OP_IMAGE_GET,
    NUBE_OP_IMAGE_CREATE,
    NUBE_OP_IMAGE_DELETE,
    NUBE_OP_IMAGE_ACTION, /* a named action of the driver's action table: pull, push, ... */
    NUBE_OP_SIZE_LIST,
    NUBE_OP_LOCATION_LIST,
    NUBE_OP_KEY_LIST,
    NUBE_OP_KEY_GET,
    NUBE_OP_KEY_CREATE,
    NUBE_OP_KEY_IMPORT,
    NUBE_OP_KEY_DELETE,
    NUBE_OP_SNAPSHOT_LIST,
    NUBE_OP_SNAPSHOT_CREATE,
    NUBE_OP_SNAPSHOT_RESTORE,
    NUBE_OP_SNAPSHOT_DELETE,
    NUBE_OP_FIREWALL_LIST,
    NUBE_OP_FIREWALL_CREATE,
    NUBE_OP_FIREWALL_DELETE,
    NUBE_OP_FIREWALL_RULE_ADD,
    NUBE_OP_FIREWALL_RULE_REMOVE,
    NUBE_OP_COUNT /* grows; never stored */
};

/* "node list"; "" for a number this library does not know. Static; any thread. */
NUBE_API const char *nube_op_name(enum nube_op op);

/* The operation of a name as nube_op_name() gives it, NUBE_OP_NONE when there is none. */
NUBE_API enum nube_op nube_op_find(const char *name);

/* The word of an action as node records list it: "start", "create_image"; "" for what is none. */
NUBE_API const char *nube_op_action(enum nube_op op);

/* 1 when the operation changes something at the provider. */
NUBE_API int nube_op_mutates(enum nube_op op);

/* The kind of object an operation works on and gives; NONE for AUTH, CHECK and RAW. */
NUBE_API enum nube_kind nube_op_kind(enum nube_op op);

/* "node", "image", ...; "" for NONE. */
NUBE_API const char *nube_kind_name(enum nube_kind kind);

NUBE_END

#endif
