/* The JSON form of objects: for each kind its members, in the documented order. */
#include "error_int.h"
#include "mem.h"
#include "object_members.h"
#include "object_slot.h"
#include "timestamp.h"

#define FIELD(f)                                                                                   \
    {                                                                                              \
        NULL, NUBE_FORM_VALUE, (f)                                                                 \
    }
#define ORIGIN                                                                                     \
    FIELD(NUBE_BACKEND), FIELD(NUBE_PROVIDER),                                                     \
    {                                                                                              \
        "extra", NUBE_FORM_EXTRA, NUBE_SLOT_EXTRA                                                  \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, NUBE_FORM_VALUE, NUBE_FIELD_NONE                                                     \
    }

static const struct nube_member node[] = {
    FIELD(NUBE_ID),
    FIELD(NUBE_NAME),
    {"state", NUBE_FORM_STATE_WORD, NUBE_STATE},
    FIELD(NUBE_RAW_STATE),
    {"public_ips", NUBE_FORM_PUBLIC_IPS, NUBE_SLOT_ADDRESS},
    {"private_ips", NUBE_FORM_PRIVATE_IPS, NUBE_SLOT_ADDRESS},
    {"addresses", NUBE_FORM_ADDRESSES, NUBE_SLOT_ADDRESS},
    FIELD(NUBE_IMAGE),
    FIELD(NUBE_SIZE),
    FIELD(NUBE_LOCATION),
    FIELD(NUBE_KEYS),
    FIELD(NUBE_OWNER),
    FIELD(NUBE_FIREWALLS),
    {"profile", NUBE_FORM_PROFILE, NUBE_FIELD_NONE},
    {"auth", NUBE_FORM_AUTH, NUBE_FIELD_NONE},
    {"created", NUBE_FORM_TIME, NUBE_CREATED},
    FIELD(NUBE_TAGS),
    FIELD(NUBE_METADATA),
    {"actions", NUBE_FORM_ACTIONS, NUBE_FIELD_NONE},
    ORIGIN,
    END,
};
static const struct nube_member image[] = {
    FIELD(NUBE_ID),
    FIELD(NUBE_NAME),
    FIELD(NUBE_STAR),
    FIELD(NUBE_ARCHITECTURE),
    FIELD(NUBE_OS),
    FIELD(NUBE_DISTRIBUTION),
    {"state", NUBE_FORM_VALUE, NUBE_RAW_STATE},
    FIELD(NUBE_OWNER),
    FIELD(NUBE_PUBLIC),
    {"created", NUBE_FORM_TIME, NUBE_CREATED},
    FIELD(NUBE_DEFAULT),
    FIELD(NUBE_DESCRIPTION),
    FIELD(NUBE_TAGS),
    ORIGIN,
    END,
};
static const struct nube_member size[] = {
    FIELD(NUBE_ID),
    FIELD(NUBE_NAME),
    FIELD(NUBE_RAM),
    FIELD(NUBE_DISK),
    FIELD(NUBE_BANDWIDTH),
    FIELD(NUBE_PRICE),
    FIELD(NUBE_CURRENCY),
    FIELD(NUBE_CORES),
    FIELD(NUBE_DEFAULT),
    FIELD(NUBE_DRIVER),
    FIELD(NUBE_DESCRIPTION),
    ORIGIN,
    END,
};
static const struct nube_member location[] = {
    FIELD(NUBE_ID),
    FIELD(NUBE_NAME),
    FIELD(NUBE_COUNTRY),
    FIELD(NUBE_LOCATION_KIND),
    FIELD(NUBE_PARENT),
    {"state", NUBE_FORM_VALUE, NUBE_RAW_STATE},
    FIELD(NUBE_DEFAULT),
    FIELD(NUBE_DESCRIPTION),
    ORIGIN,
    END,
};
static const struct nube_member key[] = {
    FIELD(NUBE_NAME),
    FIELD(NUBE_ID),
    {"fingerprint", NUBE_FORM_FIRST, NUBE_FINGERPRINTS},
    FIELD(NUBE_FINGERPRINTS),
    FIELD(NUBE_PUBLIC_KEY),
    {NULL, NUBE_FORM_SECRET, NUBE_PRIVATE_KEY},
    {"created", NUBE_FORM_TIME, NUBE_CREATED},
    ORIGIN,
    END,
};
static const struct nube_member snapshot[] = {
    FIELD(NUBE_ID),
    FIELD(NUBE_NAME),
    {"state", NUBE_FORM_VALUE, NUBE_RAW_STATE},
    {"created", NUBE_FORM_TIME, NUBE_CREATED},
    FIELD(NUBE_NODE),
    FIELD(NUBE_DESCRIPTION),
    ORIGIN,
    END,
};
static const struct nube_member firewall[] = {
    FIELD(NUBE_ID), FIELD(NUBE_NAME), FIELD(NUBE_DESCRIPTION), ORIGIN, END,
};
static const struct nube_member nothing[] = {ORIGIN, END};

const struct nube_member *nube_obj_members(enum nube_kind kind)
{
    static const struct nube_member *const by_kind[] = {nothing,  node, image,    size,
                                                        location, key,  snapshot, firewall};

    return (unsigned)kind < sizeof(by_kind) / sizeof(*by_kind) ? by_kind[kind] : nothing;
}

/* The object with its slots in the order of setting. */
struct view {
    struct nube_buf *out;
    const nube_obj *obj;
    const struct nube_slot **slots;
    unsigned flags;
};

static void quote(struct nube_buf *out, const char *text)
{
    if (text)
        nube_json_quote(out, text, strlen(text));
    else
        nube_buf_puts(out, "null");
}

static void label(struct nube_buf *out, const char *name)
{
    if (out->len && !strchr("{[", out->data[out->len - 1]))
        nube_buf_putc(out, ',');
    if (name) {
        quote(out, name);
        nube_buf_putc(out, ':');
    }
}

static void whole(struct nube_buf *out, int64_t value)
{
    nube_buf_fmt(out, "%lld", (long long)value);
}

static void scalar(struct nube_buf *out, const struct nube_slot *s)
{
    if (!s || s->type == NUBE_TYPE_NULL)
        nube_buf_puts(out, "null");
    else if (s->type == NUBE_TYPE_STRING)
        quote(out, nube_slot_value(s));
    else if (s->type == NUBE_TYPE_NUMBER)
        nube_json_real(out, nube_slot_real(s));
    else if (s->type == NUBE_TYPE_BOOL)
        nube_buf_puts(out, nube_slot_int(s) ? "true" : "false");
    else
        whole(out, nube_slot_int(s));
}

/* All that a list, a map or the extra values hold. */
static void collection(struct view *v, unsigned field, int keyed)
{
    uint32_t i;

    nube_buf_putc(v->out, keyed ? '{' : '[');
    for (i = 0; nube_obj_has(v->obj, field) && i < v->obj->count; i++) {
        const struct nube_slot *s = v->slots[i];

        if (s->field != field || !nube_obj_counts(v->obj, s))
            continue;
        label(v->out, keyed ? nube_slot_data(s) : NULL);
        scalar(v->out, s);
    }
    nube_buf_putc(v->out, keyed ? '}' : ']');
}

static const char *family_name(int family)
{
    return family == NUBE_IPV4 ? "ipv4" : family == NUBE_IPV6 ? "ipv6" : "dns";
}

const char *nube_scope_name(int scope)
{
    static const char *const names[] = {NULL,         "public", "private",
                                        "link_local", "shared", "loopback"};

    return scope > 0 && scope <= NUBE_SCOPE_LOOPBACK ? names[scope] : NULL;
}

const char *nube_address_kind_name(int kind)
{
    static const char *const names[] = {NULL, "fixed", "floating", "dns", "published"};

    return kind > 0 && kind <= NUBE_ADDRESS_PUBLISHED ? names[kind] : NULL;
}

static void address(struct nube_buf *out, const struct nube_address *a)
{
    nube_buf_puts(out, "{\"value\":");
    quote(out, a->value);
    nube_buf_puts(out, ",\"family\":");
    quote(out, family_name(a->family));
    nube_buf_puts(out, ",\"scope\":");
    quote(out, nube_scope_name(a->scope));
    nube_buf_puts(out, ",\"kind\":");
    quote(out, nube_address_kind_name(a->kind));
    nube_buf_puts(out, ",\"network\":");
    quote(out, a->network);
    nube_buf_puts(out, ",\"mac\":");
    quote(out, a->mac);
    nube_buf_putc(out, '}');
}

static int wanted(const struct nube_address *a, enum nube_form form)
{
    if (form == NUBE_FORM_PUBLIC_IPS)
        return a->scope == NUBE_SCOPE_PUBLIC;
    return form == NUBE_FORM_ADDRESSES || a->scope == NUBE_SCOPE_PRIVATE ||
           a->scope == NUBE_SCOPE_SHARED;
}

static void addresses(struct view *v, enum nube_form form)
{
    struct nube_address a;
    uint32_t i;

    nube_buf_putc(v->out, '[');
    for (i = 0; nube_obj_has(v->obj, NUBE_SLOT_ADDRESS) && i < v->obj->count; i++) {
        if (v->slots[i]->field != NUBE_SLOT_ADDRESS)
            continue;
        nube_slot_address(v->slots[i], &a);
        if (!wanted(&a, form))
            continue;
        label(v->out, NULL);
        if (form == NUBE_FORM_ADDRESSES)
            address(v->out, &a);
        else
            quote(v->out, a.value);
    }
    nube_buf_putc(v->out, ']');
}

static void field(struct view *v, unsigned f)
{
    int type = nube_field_type((enum nube_field)f);

    if (type == NUBE_TYPE_LIST || type == NUBE_TYPE_PAIR)
        collection(v, f, type == NUBE_TYPE_PAIR);
    else
        scalar(v->out, nube_obj_slot(v->obj, f));
}

static void named(struct view *v, const char *name, unsigned f)
{
    label(v->out, name ? name : nube_field_name((enum nube_field)f));
    field(v, f);
}

static void profile(struct view *v)
{
    if (!nube_obj_has(v->obj, NUBE_RAM) && !nube_obj_has(v->obj, NUBE_CORES) &&
        !nube_obj_has(v->obj, NUBE_DISK)) {
        nube_buf_puts(v->out, "null");
        return;
    }
    nube_buf_putc(v->out, '{');
    named(v, NULL, NUBE_RAM);
    named(v, NULL, NUBE_CORES);
    named(v, NULL, NUBE_DISK);
    nube_buf_putc(v->out, '}');
}

static void auth(struct view *v)
{
    int show = (v->flags & NUBE_JSON_SECRETS) && nube_obj_has(v->obj, NUBE_PASSWORD);

    if (!show && !nube_obj_has(v->obj, NUBE_AUTH_TYPE) && !nube_obj_has(v->obj, NUBE_USERNAME)) {
        nube_buf_puts(v->out, "null");
        return;
    }
    nube_buf_putc(v->out, '{');
    named(v, "type", NUBE_AUTH_TYPE);
    named(v, NULL, NUBE_USERNAME);
    if (show)
        named(v, NULL, NUBE_PASSWORD);
    nube_buf_putc(v->out, '}');
}

static void actions(struct view *v)
{
    const uint16_t *op = nube_obj_ops(v->obj);

    if (!op) {
        nube_buf_puts(v->out, "null");
        return;
    }
    nube_buf_putc(v->out, '[');
    for (; *op; op++)
        if (nube_node_allows(v->obj, (enum nube_op) * op) > 0) {
            label(v->out, NULL);
            quote(v->out, nube_op_action((enum nube_op) * op));
        }
    nube_buf_putc(v->out, ']');
}

static void when(struct view *v, unsigned f)
{
    char text[NUBE_TIME_SIZE] = "";
    int64_t seconds;

    if (nube_int(v->obj, (enum nube_field)f, &seconds))
        nube_time_print(text, seconds);
    quote(v->out, *text ? text : NULL);
}

static void member(struct view *v, const struct nube_member *m)
{
    if (m->form == NUBE_FORM_SECRET && !(v->flags & NUBE_JSON_SECRETS))
        return;
    label(v->out, m->name ? m->name : nube_field_name((enum nube_field)m->field));
    switch (m->form) {
    case NUBE_FORM_STATE_WORD:
        quote(v->out, nube_obj_has(v->obj, m->field) ? nube_state_name((int)nube_node_state(v->obj))
                                                     : NULL);
        break;
    case NUBE_FORM_TIME:
        when(v, m->field);
        break;
    case NUBE_FORM_FIRST:
        quote(v->out, nube_list_at(v->obj, (enum nube_field)m->field, 0));
        break;
    case NUBE_FORM_PUBLIC_IPS:
    case NUBE_FORM_PRIVATE_IPS:
    case NUBE_FORM_ADDRESSES:
        addresses(v, (enum nube_form)m->form);
        break;
    case NUBE_FORM_PROFILE:
        profile(v);
        break;
    case NUBE_FORM_AUTH:
        auth(v);
        break;
    case NUBE_FORM_ACTIONS:
        actions(v);
        break;
    case NUBE_FORM_EXTRA:
        collection(v, NUBE_SLOT_EXTRA, 1);
        break;
    default:
        field(v, m->field);
        break;
    }
}

void nube_obj_json_add(struct nube_buf *out, const nube_obj *obj, unsigned flags)
{
    const struct nube_slot *few[64], *s, **slots = few;
    struct view v = {out, obj, few, flags};
    const struct nube_member *m;
    uint32_t i;

    if (!obj) {
        nube_buf_puts(out, "null");
        return;
    }
    if (obj->count > sizeof(few) / sizeof(*few))
        slots = nube_mem_alloc(obj->count * sizeof(*slots));
    if (!slots) {
        out->failed = true;
        return;
    }
    for (i = obj->count, s = obj->newest; s && i; s = nube_slot_next(s))
        slots[--i] = s;
    v.slots = slots;
    nube_buf_putc(out, '{');
    for (m = nube_obj_members(nube_obj_kind(obj)); m->name || m->field != NUBE_FIELD_NONE; m++)
        member(&v, m);
    nube_buf_putc(out, '}');
    if (slots != few)
        nube_mem_free(slots);
}

char *nube_obj_json(const nube_obj *obj, unsigned flags)
{
    struct nube_buf out;

    nube_buf_init(&out, NUBE_MAX_REPLY);
    nube_obj_json_add(&out, obj, flags);
    return nube_buf_take(&out);
}
