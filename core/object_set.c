/* Setters of objects: what drivers fill results with. Nothing fails here; the arena remembers. */
#include <math.h>
#include <stdio.h>

#include <nube/driver/driver.h>

#include "address.h"
#include "object_slot.h"
#include "options.h"
#include "timestamp.h"

/* Past this many values a hostile reply costs more to search than a repeated key is worth. */
enum { SEARCH_MAX = 4096 };

/* One value on its way into a slot; parts are laid one after the other. */
struct part {
    const void *data;
    size_t len;
};

static struct nube_slot *take(nube_obj *o, size_t size)
{
    struct nube_slot *s = (struct nube_slot *)nube_arena_text(o->arena, size);

    /* Scratch memory is shared: a slot in it must not be linked. */
    return o->arena->failed ? NULL : s;
}

/* Room for a slot that knows the one before it; *size grows when that takes an address. */
static struct nube_slot *reserve(nube_obj *o, size_t *size)
{
    struct nube_slot *s = NULL;
    intptr_t step;

    if (*size <= NUBE_SLOT_BIG) {
        s = take(o, *size);
        step = o->newest ? (intptr_t)o->newest - (intptr_t)s : 0;
        if (!s || (step > INT16_MIN && step <= INT16_MAX)) {
            if (s)
                s->step = (int16_t)step;
            return s;
        }
    }
    *size += sizeof(o->newest);
    s = take(o, *size);
    if (s) {
        s->step = NUBE_SLOT_FAR;
        memcpy(s->data, &o->newest, sizeof(o->newest));
    }
    return s;
}

static void link_slot(nube_obj *o, unsigned field, unsigned type, const struct part *parts,
                      size_t n)
{
    size_t size = sizeof(struct nube_slot), i;
    struct nube_slot *s;
    char *p;

    for (i = 0; i < n; i++)
        size += parts[i].len;
    s = reserve(o, &size);
    if (!s)
        return;
    s->field = (uint8_t)field;
    s->type = (uint8_t)type;
    p = s->data + (s->step == NUBE_SLOT_FAR ? sizeof(o->newest) : 0);
    for (i = 0; i < n; p += parts[i++].len)
        memcpy(p, parts[i].data, parts[i].len);
    o->newest = s;
    o->have |= UINT64_C(1) << field;
    o->bytes += size;
    o->count++;
}

static struct part text_part(const char *text)
{
    return (struct part){text, strlen(text) + 1};
}

static int writable(const nube_obj *o, unsigned field, const void *value)
{
    return o && o->arena && value && field > NUBE_FIELD_NONE &&
           (field < NUBE_FIELD_COUNT || field >= NUBE_SLOT_ADDRESS);
}

/* Could this text have been seen for this field? Notes it. */
static int seen(nube_obj *o, unsigned field, const char *text)
{
    uint64_t hash = 14695981039346656037u ^ field, bit;
    int before;

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    bit = UINT64_C(1) << (hash >> 58);
    before = (o->names & bit) != 0 && o->count < SEARCH_MAX;
    o->names |= bit;
    return before;
}

static void put(nube_obj *o, unsigned field, unsigned type, const void *data, size_t len)
{
    struct part one = {data, len};

    link_slot(o, field, type, &one, 1);
}

static void put_keyed(nube_obj *o, unsigned field, unsigned type, const char *key, const void *data,
                      size_t len)
{
    struct part parts[] = {text_part(key), {data, len}};

    if (seen(o, field, key) && nube_obj_keyed(o, field, key))
        o->shadowed = 1;
    link_slot(o, field, type, parts, 2);
}

static void put_text(nube_obj *o, unsigned field, const char *value)
{
    if (field == NUBE_PASSWORD || field == NUBE_PRIVATE_KEY)
        o->arena->secret = true;
    put(o, field, NUBE_TYPE_STRING, value, strlen(value) + 1);
}

void nube_set(nube_obj *o, enum nube_field field, const char *value)
{
    int64_t v;
    double real;

    if (!writable(o, field, value))
        return;
    switch (nube_field_type(field)) {
    case NUBE_TYPE_STRING:
        put_text(o, field, value);
        break;
    case NUBE_TYPE_LIST:
        nube_add(o, field, value);
        break;
    case NUBE_TYPE_INT:
        if (nube_parse_int(value, &v) == 0)
            nube_set_int(o, field, v);
        break;
    case NUBE_TYPE_BOOL:
        if (nube_parse_bool(value, &v) == 0)
            nube_set_bool(o, field, v != 0);
        break;
    case NUBE_TYPE_NUMBER:
        if (nube_parse_number(value, &real) == 0)
            nube_set_number(o, field, real);
        break;
    default:
        break;
    }
}

void nube_set_int(nube_obj *o, enum nube_field field, int64_t value)
{
    double real = (double)value;
    char text[24];

    if (!writable(o, field, &value))
        return;
    switch (nube_field_type(field)) {
    case NUBE_TYPE_INT:
        put(o, field, NUBE_TYPE_INT, &value, sizeof(value));
        break;
    case NUBE_TYPE_BOOL:
        value = value != 0;
        put(o, field, NUBE_TYPE_BOOL, &value, sizeof(value));
        break;
    case NUBE_TYPE_NUMBER:
        put(o, field, NUBE_TYPE_NUMBER, &real, sizeof(real));
        break;
    case NUBE_TYPE_STRING:
    case NUBE_TYPE_LIST:
        snprintf(text, sizeof(text), "%lld", (long long)value);
        nube_set(o, field, text);
        break;
    default:
        break;
    }
}

void nube_set_number(nube_obj *o, enum nube_field field, double value)
{
    if (!writable(o, field, &value) || !isfinite(value))
        return;
    if (nube_field_type(field) == NUBE_TYPE_NUMBER)
        put(o, field, NUBE_TYPE_NUMBER, &value, sizeof(value));
    else if (fabs(value) < 9e15)
        nube_set_int(o, field, (int64_t)(value < 0 ? value - 0.5 : value + 0.5));
}

void nube_set_bool(nube_obj *o, enum nube_field field, int value)
{
    if (nube_field_type(field) == NUBE_TYPE_BOOL)
        nube_set_int(o, field, value);
}

void nube_add(nube_obj *o, enum nube_field field, const char *value)
{
    const struct nube_slot *s;

    if (!writable(o, field, value) || nube_field_type(field) != NUBE_TYPE_LIST)
        return;
    if (seen(o, field, value))
        for (s = nube_obj_slot(o, field); s; s = nube_slot_next(s))
            if (s->field == field && strcmp(nube_slot_data(s), value) == 0)
                return;
    put_text(o, field, value);
}

void nube_add_pair(nube_obj *o, enum nube_field field, const char *key, const char *value)
{
    if (key && writable(o, field, value) && nube_field_type(field) == NUBE_TYPE_PAIR)
        put_keyed(o, field, NUBE_TYPE_STRING, key, value, strlen(value) + 1);
}

void nube_set_state(nube_obj *o, const char *raw)
{
    const struct nube_state_row *row = NULL;

    if (!writable(o, NUBE_STATE, raw))
        return;
    put_text(o, NUBE_RAW_STATE, raw);
    /* The table is about nodes: the words of other objects stand for themselves. */
    if (o->kind != NUBE_KIND_NODE)
        return;
    if (o->driver)
        row = nube_driver_state_find(o->driver, raw);
    nube_set_int(o, NUBE_STATE, row ? row->state : NUBE_STATE_UNKNOWN);
}

void nube_set_time(nube_obj *o, enum nube_field field, const char *text)
{
    int64_t seconds;

    if (text && nube_field_type(field) == NUBE_TYPE_INT && nube_time_parse(text, &seconds) == 0)
        nube_set_int(o, field, seconds);
}

static int has_address(const nube_obj *o, const char *value)
{
    const struct nube_slot *s = nube_obj_slot(o, NUBE_SLOT_ADDRESS);

    for (; s; s = nube_slot_next(s))
        if (s->field == NUBE_SLOT_ADDRESS && nube_address_same(nube_slot_data(s) + 4, value))
            return 1;
    return 0;
}

void nube_add_address(nube_obj *o, const char *value, enum nube_address_kind kind,
                      const char *network, const char *mac)
{
    char head[4] = {0};
    struct part parts[4] = {{head, sizeof(head)}};
    int family, scope;
    size_t n = 2;

    if (!writable(o, NUBE_SLOT_ADDRESS, value))
        return;
    if (nube_address_classify(value, kind == NUBE_ADDRESS_DNS, &family, &scope)) {
        if (*value)
            nube_extra(o, "address_note", value);
        return;
    }
    if (o->count < SEARCH_MAX && has_address(o, value))
        return;
    head[0] = (char)family;
    head[1] = (char)scope;
    head[2] = (char)(family == NUBE_DNS ? NUBE_ADDRESS_DNS : kind ? kind : NUBE_ADDRESS_FIXED);
    head[3] = (char)((network ? NUBE_SLOT_NETWORK : 0) | (mac ? NUBE_SLOT_MAC : 0));
    parts[1] = text_part(value);
    if (network)
        parts[n++] = text_part(network);
    if (mac)
        parts[n++] = text_part(mac);
    link_slot(o, NUBE_SLOT_ADDRESS, NUBE_TYPE_STRING, parts, n);
}

static void extra(nube_obj *o, const char *name, unsigned type, const void *data, size_t len)
{
    if (writable(o, NUBE_SLOT_EXTRA, name))
        put_keyed(o, NUBE_SLOT_EXTRA, type, name, data, len);
}

void nube_extra(nube_obj *o, const char *name, const char *value)
{
    if (value)
        extra(o, name, NUBE_TYPE_STRING, value, strlen(value) + 1);
}

void nube_extra_int(nube_obj *o, const char *name, int64_t value)
{
    extra(o, name, NUBE_TYPE_INT, &value, sizeof(value));
}

void nube_extra_number(nube_obj *o, const char *name, double value)
{
    extra(o, name, NUBE_TYPE_NUMBER, &value, sizeof(value));
}

void nube_extra_bool(nube_obj *o, const char *name, int value)
{
    int64_t v = value != 0;

    extra(o, name, NUBE_TYPE_BOOL, &v, sizeof(v));
}

void nube_extra_null(nube_obj *o, const char *name)
{
    extra(o, name, NUBE_TYPE_NULL, "", 0);
}
