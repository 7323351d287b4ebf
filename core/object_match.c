/* Filters of lists, as the core applies them to an object. */
#include <strings.h>

#include "address.h"
#include "object_slot.h"

static int same(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

static int holds(const char *text, const char *part)
{
    return text && strcasestr(text, part) != NULL;
}

/* test is asked for each address until it says yes. */
static int any_address(const nube_obj *obj, const char *value,
                       int (*test)(const char *text, const char *value))
{
    const struct nube_slot *s = nube_obj_slot(obj, NUBE_SLOT_ADDRESS);

    for (; s; s = nube_slot_next(s))
        if (s->field == NUBE_SLOT_ADDRESS && test(nube_slot_data(s) + 4, value))
            return 1;
    return 0;
}

static int in_state(const nube_obj *obj, const char *value)
{
    const char *raw = nube_str(obj, NUBE_RAW_STATE);

    return (raw && strcasecmp(raw, value) == 0) ||
           (nube_obj_has(obj, NUBE_STATE) &&
            strcasecmp(nube_state_name((int)nube_node_state(obj)), value) == 0);
}

int nube_obj_matches(const nube_obj *obj, const char *filter, const char *key, const char *value)
{
    if (strcmp(filter, "id") == 0)
        return same(nube_id(obj), value);
    if (strcmp(filter, "name") == 0)
        return same(nube_name(obj), value);
    if (strcmp(filter, "search") == 0)
        return holds(nube_id(obj), value) || holds(nube_name(obj), value) ||
               any_address(obj, value, holds);
    if (strcmp(filter, "state") == 0)
        return in_state(obj, value);
    if (strcmp(filter, "tag") == 0)
        return same(nube_map_get(obj, NUBE_TAGS, key), value);
    if (strcmp(filter, "image") == 0)
        return same(nube_str(obj, NUBE_IMAGE), value);
    if (strcmp(filter, "location") == 0)
        return same(nube_str(obj, NUBE_LOCATION), value);
    return strcmp(filter, "address") == 0 && any_address(obj, value, nube_address_same);
}
