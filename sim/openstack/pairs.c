/* Keys and values: metadata, properties, extra specs; and tags, which are keys alone. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "openstack.h"

static struct os_pair *find(const struct os_pairs *p, const char *key)
{
    for (size_t i = 0; i < p->n; i++)
        if (!strcmp(p->at[i].key, key))
            return &p->at[i];
    return NULL;
}

const char *os_pairs_get(const struct os_pairs *p, const char *key)
{
    struct os_pair *pair = find(p, key);
    return pair ? pair->value : NULL;
}

void os_pairs_set(struct os_pairs *p, const char *key, const char *value)
{
    struct os_pair *pair = find(p, key);
    if (pair) {
        free(pair->value);
        pair->value = sim_strdup(value);
        return;
    }
    SIM_PUSH(p->at, p->n, p->size);
    p->at[p->n++] = (struct os_pair){sim_strdup(key), sim_strdup(value)};
}

bool os_pairs_remove(struct os_pairs *p, const char *key)
{
    struct os_pair *pair = find(p, key);
    if (!pair)
        return false;
    free(pair->key);
    free(pair->value);
    size_t i = (size_t)(pair - p->at);
    memmove(pair, pair + 1, (p->n - i - 1) * sizeof *pair);
    p->n--;
    return true;
}

void os_pairs_free(struct os_pairs *p)
{
    for (size_t i = 0; i < p->n; i++) {
        free(p->at[i].key);
        free(p->at[i].value);
    }
    free(p->at);
    *p = (struct os_pairs){0};
}

void os_pairs_put(struct sim_text *out, const char *name, const struct os_pairs *p)
{
    sim_put_object(out, name);
    for (size_t i = 0; i < p->n; i++) {
        sim_put_sep(out);
        sim_text_json(out, p->at[i].key);
        SIM_LIT(out, ": ");
        sim_text_json(out, p->at[i].value);
    }
    sim_put_end(out, '}');
}

void os_words_put(struct sim_text *out, const char *name, const struct os_pairs *p)
{
    sim_put_array(out, name);
    for (size_t i = 0; i < p->n; i++)
        sim_put_word(out, p->at[i].key);
    sim_put_end(out, ']');
}

void os_pairs_merge(struct os_pairs *p, struct json_object *json)
{
    if (!json_object_is_type(json, json_type_object))
        return;
    json_object_object_foreach(json, key, value)
    {
        os_pairs_set(p, key, value ? json_object_get_string(value) : "");
    }
}
