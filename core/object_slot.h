/* How an object is laid out: shared by its getters, setters and writers. */
#ifndef NUBE_CORE_OBJECT_SLOT_H
#define NUBE_CORE_OBJECT_SLOT_H

#include <string.h>

#include "object_int.h"

/* Fields that only the slots know. */
enum { NUBE_SLOT_ADDRESS = 62, NUBE_SLOT_EXTRA = 63 };
_Static_assert((int)NUBE_FIELD_COUNT <= (int)NUBE_SLOT_ADDRESS, "a bit for every field");

/* Presence of the two optional strings of an address. */
enum { NUBE_SLOT_NETWORK = 1, NUBE_SLOT_MAC = 2 };

/*
 * One value. Never changed once it is linked, so that a copy of struct nube_obj is a
 * checkpoint of the object. Small, unaligned and with its text inline: a node has dozens.
 * data: with NUBE_SLOT_FAR the address of the slot before; a key and NUL for maps and extra
 * values; then text and NUL, or a number, or for an address family, scope, kind, presence
 * and its strings.
 */
struct nube_slot {
    int16_t step;        /* octets from here to the slot set before; 0: none; NUBE_SLOT_FAR */
    uint8_t field, type; /* type: enum nube_type */
    char data[];
} __attribute__((packed));
enum { NUBE_SLOT_FAR = INT16_MIN, NUBE_SLOT_BIG = 1024 }; /* bigger slots are always far */

struct nube_obj {
    struct nube_arena *arena; /* NULL: a duplicate, which no setter changes */
    const struct nube_driver_info *driver;
    const struct nube_slot *newest;
    uint64_t have;  /* a bit for each field that has a slot */
    uint64_t names; /* a bit for each hash of a key, list value or address: most are seen once */
    size_t bytes;   /* of all slots */
    uint32_t count; /* of slots */
    uint8_t kind, shadowed; /* shadowed: a key was set twice, and its older slots do not count */
};

/* The slot set before; NULL: this was the first. */
static inline const struct nube_slot *nube_slot_next(const struct nube_slot *s)
{
    const struct nube_slot *far;

    if (s->step != NUBE_SLOT_FAR)
        return s->step ? (const struct nube_slot *)((const char *)s + s->step) : NULL;
    memcpy(&far, s->data, sizeof(far));
    return far;
}

/* What the slot holds: the key, if it has one, else the value. */
static inline const char *nube_slot_data(const struct nube_slot *s)
{
    return s->step == NUBE_SLOT_FAR ? s->data + sizeof(s) : s->data;
}

static inline int nube_slot_keyed(const struct nube_slot *s)
{
    return s->field == NUBE_SLOT_EXTRA || s->field == NUBE_TAGS || s->field == NUBE_METADATA;
}

/* The text or number, behind the key if there is one. */
static inline const char *nube_slot_value(const struct nube_slot *s)
{
    const char *data = nube_slot_data(s);

    return nube_slot_keyed(s) ? data + strlen(data) + 1 : data;
}

static inline int nube_obj_has(const nube_obj *obj, unsigned field)
{
    return obj && field < 64 && (obj->have >> field & 1);
}

int64_t nube_slot_int(const struct nube_slot *s);
double nube_slot_real(const struct nube_slot *s);
/* Fills all but size. */
void nube_slot_address(const struct nube_slot *s, struct nube_address *out);
void nube_slot_extra(const struct nube_slot *s, struct nube_value *out);
/* The newest slot of a field; NULL when absent. */
const struct nube_slot *nube_obj_slot(const nube_obj *obj, unsigned field);
/* Does it count, or was its key set again? */
int nube_obj_counts(const nube_obj *obj, const struct nube_slot *s);
/* The newest slot of a map or of the extra values with this key. */
const struct nube_slot *nube_obj_keyed(const nube_obj *obj, unsigned field, const char *key);
/* The operations that the node's state allows, 0 at the end; NULL when its driver does not say. */
const uint16_t *nube_obj_ops(const nube_obj *obj);

#endif
