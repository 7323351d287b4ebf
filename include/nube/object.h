/* Objects: nodes, images, sizes, locations, keys, snapshots and firewalls, read through getters. */
#ifndef NUBE_OBJECT_H
#define NUBE_OBJECT_H

#include <nube/option.h>

NUBE_BEGIN

/* One representation serves all kinds; the names say what a function means. */
typedef nube_obj nube_node;
typedef nube_obj nube_image;
typedef nube_obj nube_size;
typedef nube_obj nube_location;
typedef nube_obj nube_key;
typedef nube_obj nube_snapshot;
typedef nube_obj nube_firewall;

/*
 * Fields of objects. Each has one type for ever, named behind it; which kinds
 * have it is in docs/objects.md. Append only.
 */
enum nube_field {
    NUBE_FIELD_NONE = 0,
    NUBE_ID,            /* string: the provider's, opaque, as text */
    NUBE_NAME,          /* string */
    NUBE_STATE,         /* int: enum nube_state */
    NUBE_RAW_STATE,     /* string: the provider's own word */
    NUBE_IMAGE,         /* string: image id */
    NUBE_SIZE,          /* string: size id */
    NUBE_LOCATION,      /* string: location id */
    NUBE_KEYS,          /* list of key names */
    NUBE_OWNER,         /* string: account that owns it */
    NUBE_CREATED,       /* int: seconds since 1970, UTC */
    NUBE_TAGS,          /* map */
    NUBE_METADATA,      /* map: where the provider keeps it apart from tags */
    NUBE_FIREWALLS,     /* list of firewall ids or names */
    NUBE_AUTH_TYPE,     /* string: "key" or "password" */
    NUBE_USERNAME,      /* string: login name */
    NUBE_PASSWORD,      /* string, secret: only in a create result */
    NUBE_RAM,           /* int: MiB; of a node, what it really has */
    NUBE_CORES,         /* number */
    NUBE_DISK,          /* int: GB */
    NUBE_BANDWIDTH,     /* int: Mbit/s */
    NUBE_PRICE,         /* number: an hour, in NUBE_CURRENCY */
    NUBE_CURRENCY,      /* string: ISO 4217 */
    NUBE_DEFAULT,       /* bool: the provider's own choice when none is named */
    NUBE_DRIVER,        /* string: display name of the driver */
    NUBE_ARCHITECTURE,  /* string: x86_64, arm64, ... */
    NUBE_OS,            /* string: linux, windows, ... */
    NUBE_DISTRIBUTION,  /* string: debian, ubuntu, ... */
    NUBE_PUBLIC,        /* bool: usable by every account */
    NUBE_STAR,          /* bool: starred by the driver to begin with */
    NUBE_COUNTRY,       /* string: ISO 3166 */
    NUBE_LOCATION_KIND, /* string: region, zone, datacenter, host */
    NUBE_PARENT,        /* string: id of the location around it */
    NUBE_FINGERPRINTS,  /* list: MD5 as aa:bb:..., SHA256 as SHA256:... */
    NUBE_PUBLIC_KEY,    /* string */
    NUBE_PRIVATE_KEY,   /* string, secret: only when just created */
    NUBE_NODE,          /* string: the node a snapshot is of */
    NUBE_DESCRIPTION,   /* string */
    NUBE_BACKEND,       /* string: account it came from; set by the library */
    NUBE_PROVIDER,      /* string: provider id; set by the library */
    NUBE_FIELD_COUNT    /* grows; never stored */
};

enum nube_state {
    NUBE_STATE_UNKNOWN = 0, /* a word the driver's table does not have: see NUBE_RAW_STATE */
    NUBE_STATE_PENDING,
    NUBE_STATE_RUNNING,
    NUBE_STATE_REBOOTING,
    NUBE_STATE_STOPPING,
    NUBE_STATE_STOPPED,
    NUBE_STATE_SUSPENDED,
    NUBE_STATE_PAUSED,
    NUBE_STATE_UPDATING,
    NUBE_STATE_MIGRATING,
    NUBE_STATE_TERMINATED,
    NUBE_STATE_ERROR
};

/* "running", ...; "unknown" for a number out of range. Static. */
NUBE_API const char *nube_state_name(int state);
/* The state of a word, or -1. */
NUBE_API int nube_state_find(const char *name);

enum nube_family { NUBE_IPV4 = 4, NUBE_IPV6 = 6, NUBE_DNS = 0 };
enum nube_scope {
    NUBE_SCOPE_PUBLIC = 1,
    NUBE_SCOPE_PRIVATE,
    NUBE_SCOPE_LINK_LOCAL,
    NUBE_SCOPE_SHARED,
    NUBE_SCOPE_LOOPBACK
};
enum nube_address_kind {
    NUBE_ADDRESS_FIXED = 1,
    NUBE_ADDRESS_FLOATING,
    NUBE_ADDRESS_DNS,
    NUBE_ADDRESS_PUBLISHED
};

/* Filled by nube_address_at(); strings live as long as the object, NULL: not known. */
struct nube_address {
    uint32_t size; /* set by the caller: sizeof(struct nube_address) */
    int32_t family, scope, kind;
    const char *value, *network, *mac;
};

/* A value of the extra map; `type` is enum nube_type (STRING, INT, NUMBER, BOOL or NULL). */
struct nube_value {
    uint32_t size; /* set by the caller: sizeof(struct nube_value) */
    int32_t type;
    const char *name; /* dotted for nested values: "host.name" */
    const char *str;
    int64_t num; /* INT and BOOL */
    double real;
};

/*
 * Getters. Any thread may read. Strings live as long as the object: that is as
 * long as the result, page or iterator position it came from, or until
 * nube_obj_free() of a duplicate. Absent is told from zero and from "".
 */
NUBE_API enum nube_kind nube_obj_kind(const nube_obj *obj);
NUBE_API const char *nube_id(const nube_obj *obj);                         /* NULL when absent */
NUBE_API const char *nube_name(const nube_obj *obj);                       /* NULL when absent */
NUBE_API const char *nube_str(const nube_obj *obj, enum nube_field field); /* NULL when absent */
/* 1 and *out when present; 0 when absent. Booleans are read as integers too. */
NUBE_API int nube_int(const nube_obj *obj, enum nube_field field, int64_t *out);
NUBE_API int nube_number(const nube_obj *obj, enum nube_field field, double *out);
NUBE_API size_t nube_list_count(const nube_obj *obj, enum nube_field field);
NUBE_API const char *nube_list_at(const nube_obj *obj, enum nube_field field, size_t i);
NUBE_API size_t nube_map_count(const nube_obj *obj, enum nube_field field);
NUBE_API int nube_map_at(const nube_obj *obj, enum nube_field field, size_t i, const char **key,
                         const char **value);
NUBE_API const char *nube_map_get(const nube_obj *obj, enum nube_field field, const char *key);
NUBE_API size_t nube_address_count(const nube_obj *node);
NUBE_API int nube_address_at(const nube_obj *node, size_t i, struct nube_address *out);
NUBE_API size_t nube_extra_count(const nube_obj *obj);
NUBE_API int nube_extra_at(const nube_obj *obj, size_t i, struct nube_value *out);
/* 1 and *out when the dotted name is there. */
NUBE_API int nube_extra_get(const nube_obj *obj, const char *name, struct nube_value *out);

NUBE_API enum nube_state nube_node_state(const nube_node *node);
/* Does the node's state allow the operation? 1, 0, or -1 when its driver does not say. */
NUBE_API int nube_node_allows(const nube_node *node, enum nube_op op);

/* The name of a field in JSON ("raw_state") and its type; NULL for an unknown number. Static. */
NUBE_API const char *nube_field_name(enum nube_field field);
NUBE_API enum nube_field nube_field_find(const char *name);

/* A copy that lives on its own. Secrets are copied too. */
NUBE_API int nube_obj_dup(nube_obj **out, const nube_obj *obj, struct nube_error *err);
/* The object as it is now, with what only its making told: its password, private key, and how to
 * log in. *out is a copy that lives on its own. */
NUBE_API int nube_obj_join(nube_obj **out, const nube_obj *now, const nube_obj *made,
                           struct nube_error *err);
/* Frees a duplicate (only a duplicate); zeroes secrets. NULL is fine. */
NUBE_API void nube_obj_free(nube_obj *obj);

/*
 * The whole object as one line of JSON with the documented names, absent values
 * null, secrets left out; with NUBE_JSON_SECRETS the secrets of a create result
 * too. Owned: nube_free(). NULL when out of memory.
 */
enum nube_json_flag { NUBE_JSON_SECRETS = 1 };
NUBE_API char *nube_obj_json(const nube_obj *obj, unsigned flags);
/* The JSON Schema (2020-12) of what nube_obj_json() gives for a kind. Owned: nube_free(). NULL for
 * NONE and when out of memory. */
NUBE_API char *nube_kind_schema(enum nube_kind kind);

NUBE_END

#endif
