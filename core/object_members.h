/* What the JSON form of each kind of object has: read by its writer and by its schema. */
#ifndef NUBE_CORE_OBJECT_MEMBERS_H
#define NUBE_CORE_OBJECT_MEMBERS_H

#include <stdint.h>

#include <nube/op.h>

enum nube_form {
    NUBE_FORM_VALUE,      /* a field as it is */
    NUBE_FORM_SECRET,     /* the same, only when asked for */
    NUBE_FORM_STATE_WORD, /* Nube's word */
    NUBE_FORM_TIME,
    NUBE_FORM_FIRST, /* of a list */
    NUBE_FORM_PUBLIC_IPS,
    NUBE_FORM_PRIVATE_IPS,
    NUBE_FORM_ADDRESSES,
    NUBE_FORM_PROFILE,
    NUBE_FORM_AUTH,
    NUBE_FORM_ACTIONS,
    NUBE_FORM_EXTRA
};

struct nube_member {
    const char *name; /* NULL: the field's own */
    uint8_t form, field;
};

/* In the documented order; the end has neither name nor field. */
const struct nube_member *nube_obj_members(enum nube_kind kind);
/* Words that the writer uses for an address, by number; NULL past the last, and where a number has
 * none. */
const char *nube_scope_name(int scope);
const char *nube_address_kind_name(int kind);

#endif
