/* Keys and values: metadata, properties, extra specs; and tags, which are keys alone. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "dict.h"
#include "jsonout.h"
#include "mem.h"

static struct sim_dict_entry *find(const struct sim_dict *d, const char *key)
{
    for (size_t i = 0; i < d->n; i++)
        if (!strcmp(d->at[i].key, key))
            return &d->at[i];
    return NULL;
}

const char *sim_dict_get(const struct sim_dict *d, const char *key)
{
    struct sim_dict_entry *pair = find(d, key);
    return pair ? pair->value : NULL;
}

void sim_dict_set(struct sim_dict *d, const char *key, const char *value)
{
    struct sim_dict_entry *pair = find(d, key);
    if (pair) {
        free(pair->value);
        pair->value = sim_strdup(value);
        return;
    }
    SIM_PUSH(d->at, d->n, d->size);
    d->at[d->n++] = (struct sim_dict_entry){sim_strdup(key), sim_strdup(value)};
}

bool sim_dict_remove(struct sim_dict *d, const char *key)
{
    struct sim_dict_entry *pair = find(d, key);
    if (!pair)
        return false;
    free(pair->key);
    free(pair->value);
    size_t i = (size_t)(pair - d->at);
    memmove(pair, pair + 1, (d->n - i - 1) * sizeof *pair);
    d->n--;
    return true;
}

void sim_dict_free(struct sim_dict *d)
{
    for (size_t i = 0; i < d->n; i++) {
        free(d->at[i].key);
        free(d->at[i].value);
    }
    free(d->at);
    *d = (struct sim_dict){0};
}

void sim_dict_put(struct sim_text *out, const char *name, const struct sim_dict *d)
{
    sim_put_object(out, name);
    for (size_t i = 0; i < d->n; i++) {
        sim_put_sep(out);
        sim_text_json(out, d->at[i].key);
        SIM_LIT(out, ": ");
        sim_text_json(out, d->at[i].value);
    }
    sim_put_end(out, '}');
}

void sim_dict_words(struct sim_text *out, const char *name, const struct sim_dict *d)
{
    sim_put_array(out, name);
    for (size_t i = 0; i < d->n; i++)
        sim_put_word(out, d->at[i].key);
    sim_put_end(out, ']');
}

void sim_dict_merge(struct sim_dict *d, struct json_object *json)
{
    if (!json_object_is_type(json, json_type_object))
        return;
    json_object_object_foreach(json, key, value)
    {
        sim_dict_set(d, key, value ? json_object_get_string(value) : "");
    }
}
