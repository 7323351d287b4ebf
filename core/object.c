/* Objects: making, reading, copying. */
#include "object_int.h"

#include "error_int.h"
#include "mem.h"
#include "object_slot.h"

nube_obj *nube_obj_new(struct nube_arena *arena, enum nube_kind kind,
                       const struct nube_driver_info *driver)
{
    nube_obj *obj = nube_arena_alloc(arena, sizeof(*obj));

    /* Scratch memory is shared: better no object, which every setter and getter takes. */
    if (arena->failed)
        return NULL;
    obj->arena = arena;
    obj->kind = (uint8_t)kind;
    obj->driver = driver;
    return obj;
}

int64_t nube_slot_int(const struct nube_slot *s)
{
    int64_t v;

    memcpy(&v, nube_slot_value(s), sizeof(v));
    return v;
}

double nube_slot_real(const struct nube_slot *s)
{
    double v;

    if (s->type != NUBE_TYPE_NUMBER)
        return (double)nube_slot_int(s);
    memcpy(&v, nube_slot_value(s), sizeof(v));
    return v;
}

void nube_slot_address(const struct nube_slot *s, struct nube_address *out)
{
    const char *p = nube_slot_data(s) + 4;

    out->family = nube_slot_data(s)[0];
    out->scope = nube_slot_data(s)[1];
    out->kind = nube_slot_data(s)[2];
    out->value = p;
    p += strlen(p) + 1;
    out->network = nube_slot_data(s)[3] & NUBE_SLOT_NETWORK ? p : NULL;
    if (out->network)
        p += strlen(p) + 1;
    out->mac = nube_slot_data(s)[3] & NUBE_SLOT_MAC ? p : NULL;
}

void nube_slot_extra(const struct nube_slot *s, struct nube_value *out)
{
    out->type = s->type;
    out->name = nube_slot_data(s);
    out->str = s->type == NUBE_TYPE_STRING ? nube_slot_value(s) : NULL;
    out->num = s->type == NUBE_TYPE_INT || s->type == NUBE_TYPE_BOOL ? nube_slot_int(s) : 0;
    out->real = s->type == NUBE_TYPE_STRING || s->type == NUBE_TYPE_NULL ? 0 : nube_slot_real(s);
}

const struct nube_slot *nube_obj_slot(const nube_obj *obj, unsigned field)
{
    const struct nube_slot *s = nube_obj_has(obj, field) ? obj->newest : NULL;

    while (s && s->field != field)
        s = nube_slot_next(s);
    return s;
}

const struct nube_slot *nube_obj_keyed(const nube_obj *obj, unsigned field, const char *key)
{
    const struct nube_slot *s = key && nube_obj_has(obj, field) ? obj->newest : NULL;

    while (s && (s->field != field || !nube_slot_keyed(s) || strcmp(nube_slot_data(s), key) != 0))
        s = nube_slot_next(s);
    return s;
}

int nube_obj_counts(const nube_obj *obj, const struct nube_slot *s)
{
    return !obj->shadowed || !nube_slot_keyed(s) ||
           nube_obj_keyed(obj, s->field, nube_slot_data(s)) == s;
}

static size_t count(const nube_obj *obj, unsigned field)
{
    const struct nube_slot *s = nube_obj_slot(obj, field);
    size_t n = 0;

    for (; s; s = nube_slot_next(s))
        if (s->field == field && nube_obj_counts(obj, s))
            n++;
    return n;
}

/* The i-th in the order of setting. */
static const struct nube_slot *at(const nube_obj *obj, unsigned field, size_t i)
{
    const struct nube_slot *s = nube_obj_slot(obj, field);
    size_t back = count(obj, field);

    if (i >= back)
        return NULL;
    for (back -= i; s; s = nube_slot_next(s))
        if (s->field == field && nube_obj_counts(obj, s) && --back == 0)
            break;
    return s;
}

enum nube_kind nube_obj_kind(const nube_obj *obj)
{
    return obj ? (enum nube_kind)obj->kind : NUBE_KIND_NONE;
}

const char *nube_id(const nube_obj *obj)
{
    return nube_str(obj, NUBE_ID);
}

const char *nube_name(const nube_obj *obj)
{
    return nube_str(obj, NUBE_NAME);
}

/* The slot of a field that has that type, or the other one. */
static const struct nube_slot *typed(const nube_obj *obj, enum nube_field field, int type,
                                     int other)
{
    int t = nube_field_type(field);

    return t >= 0 && (t == type || t == other) ? nube_obj_slot(obj, field) : NULL;
}

const char *nube_str(const nube_obj *obj, enum nube_field field)
{
    const struct nube_slot *s = typed(obj, field, NUBE_TYPE_STRING, -1);

    return s ? nube_slot_data(s) : NULL;
}

int nube_int(const nube_obj *obj, enum nube_field field, int64_t *out)
{
    const struct nube_slot *s = typed(obj, field, NUBE_TYPE_INT, NUBE_TYPE_BOOL);

    if (s)
        *out = nube_slot_int(s);
    return s != NULL;
}

int nube_number(const nube_obj *obj, enum nube_field field, double *out)
{
    const struct nube_slot *s = typed(obj, field, NUBE_TYPE_NUMBER, NUBE_TYPE_INT);

    if (s)
        *out = nube_slot_real(s);
    return s != NULL;
}

size_t nube_list_count(const nube_obj *obj, enum nube_field field)
{
    return typed(obj, field, NUBE_TYPE_LIST, -1) ? count(obj, field) : 0;
}

const char *nube_list_at(const nube_obj *obj, enum nube_field field, size_t i)
{
    const struct nube_slot *s = typed(obj, field, NUBE_TYPE_LIST, -1) ? at(obj, field, i) : NULL;

    return s ? nube_slot_data(s) : NULL;
}

size_t nube_map_count(const nube_obj *obj, enum nube_field field)
{
    return typed(obj, field, NUBE_TYPE_PAIR, -1) ? count(obj, field) : 0;
}

int nube_map_at(const nube_obj *obj, enum nube_field field, size_t i, const char **key,
                const char **value)
{
    const struct nube_slot *s = typed(obj, field, NUBE_TYPE_PAIR, -1) ? at(obj, field, i) : NULL;

    if (!s)
        return 0;
    *key = nube_slot_data(s);
    *value = nube_slot_value(s);
    return 1;
}

const char *nube_map_get(const nube_obj *obj, enum nube_field field, const char *key)
{
    const struct nube_slot *s =
        nube_field_type(field) == NUBE_TYPE_PAIR ? nube_obj_keyed(obj, field, key) : NULL;

    return s ? nube_slot_value(s) : NULL;
}

size_t nube_address_count(const nube_obj *node)
{
    return count(node, NUBE_SLOT_ADDRESS);
}

int nube_address_at(const nube_obj *node, size_t i, struct nube_address *out)
{
    const struct nube_slot *s = at(node, NUBE_SLOT_ADDRESS, i);
    struct nube_address full = {.size = out->size};

    if (!s)
        return 0;
    nube_slot_address(s, &full);
    memcpy(out, &full, out->size < sizeof(full) ? out->size : sizeof(full));
    return 1;
}

static int give_extra(const struct nube_slot *s, struct nube_value *out)
{
    struct nube_value full = {.size = out->size};

    if (!s)
        return 0;
    nube_slot_extra(s, &full);
    memcpy(out, &full, out->size < sizeof(full) ? out->size : sizeof(full));
    return 1;
}

size_t nube_extra_count(const nube_obj *obj)
{
    return count(obj, NUBE_SLOT_EXTRA);
}

int nube_extra_at(const nube_obj *obj, size_t i, struct nube_value *out)
{
    return give_extra(at(obj, NUBE_SLOT_EXTRA, i), out);
}

int nube_extra_get(const nube_obj *obj, const char *name, struct nube_value *out)
{
    return give_extra(nube_obj_keyed(obj, NUBE_SLOT_EXTRA, name), out);
}

enum nube_state nube_node_state(const nube_node *node)
{
    int64_t state;

    return nube_int(node, NUBE_STATE, &state) ? (enum nube_state)state : NUBE_STATE_UNKNOWN;
}

const uint16_t *nube_obj_ops(const nube_obj *obj)
{
    const char *raw = nube_str(obj, NUBE_RAW_STATE);
    const struct nube_state_row *row = NULL;

    if (raw && obj->driver && obj->kind == NUBE_KIND_NODE)
        row = nube_driver_state_find(obj->driver, raw);
    return row ? row->ops : NULL;
}

int nube_node_allows(const nube_node *node, enum nube_op op)
{
    const uint16_t *ops = nube_obj_ops(node);

    if (!ops || !*nube_op_action(op))
        return -1;
    if (!node->driver->ops[op].step)
        return 0;
    while (*ops && *ops != op)
        ops++;
    return *ops == op;
}

static size_t text_size(const char *text)
{
    return strlen(text) + 1;
}

static size_t slot_size(const struct nube_slot *s)
{
    struct nube_address a;

    if (s->field == NUBE_SLOT_ADDRESS) {
        nube_slot_address(s, &a);
        return (size_t)(a.value - (const char *)s) + text_size(a.value) +
               (a.network ? text_size(a.network) : 0) + (a.mac ? text_size(a.mac) : 0);
    }
    return (size_t)(nube_slot_value(s) - (const char *)s) +
           (s->type == NUBE_TYPE_NULL     ? 0
            : s->type == NUBE_TYPE_INT    ? sizeof(int64_t)
            : s->type == NUBE_TYPE_BOOL   ? sizeof(int64_t)
            : s->type == NUBE_TYPE_NUMBER ? sizeof(double)
                                          : text_size(nube_slot_value(s)));
}

/* Copies the slots into one block of obj->bytes, each before the one set before it. */
static void copy_slots(nube_obj *to, const nube_obj *from, char *block)
{
    const struct nube_slot *s, *before;

    to->newest = from->newest ? (const struct nube_slot *)block : NULL;
    for (s = from->newest; s; s = before) {
        struct nube_slot *t = (struct nube_slot *)block;
        size_t n = slot_size(s);

        before = nube_slot_next(s);
        memcpy(block, s, n);
        block += n;
        if (s->step != NUBE_SLOT_FAR)
            t->step = before ? (int16_t)n : 0;
        else if (before)
            memcpy(t->data, &block, sizeof(block));
    }
}

nube_obj *nube_obj_copy(struct nube_arena *arena, const nube_obj *obj)
{
    nube_obj *to = obj ? nube_obj_new(arena, (enum nube_kind)obj->kind, obj->driver) : NULL;
    char *block = to && obj->bytes ? nube_arena_text(arena, obj->bytes) : NULL;

    if (!to || arena->failed)
        return NULL;
    *to = *obj;
    to->arena = arena;
    if (block)
        copy_slots(to, obj, block);
    if (nube_obj_has(obj, NUBE_PASSWORD) || nube_obj_has(obj, NUBE_PRIVATE_KEY))
        arena->secret = true;
    return to;
}

int nube_obj_dup(nube_obj **out, const nube_obj *obj, struct nube_error *err)
{
    nube_obj *to;

    *out = NULL;
    if (!obj)
        return nube_error_set(err, NUBE_E_USAGE, "no object to copy: NULL was given");
    to = nube_mem_alloc(sizeof(*to) + obj->bytes);
    if (!to)
        return nube_error_nomem(err);
    *to = *obj;
    to->arena = NULL;
    copy_slots(to, obj, (char *)(to + 1));
    *out = to;
    return NUBE_OK;
}

void nube_obj_free(nube_obj *obj)
{
    if (obj && !obj->arena)
        nube_mem_free_secret(obj, sizeof(*obj) + obj->bytes);
}
