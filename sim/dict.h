/* A few keys and their values, in order: metadata, properties, and tags, which are keys alone. */
#ifndef NUBE_SIM_DICT_H
#define NUBE_SIM_DICT_H

#include <json-c/json_types.h>

#include "text.h"

struct sim_dict_entry {
    char *key, *value;
};
struct sim_dict {
    struct sim_dict_entry *at;
    size_t n, size;
};

const char *sim_dict_get(const struct sim_dict *d, const char *key); /* NULL: there is none */
void sim_dict_set(struct sim_dict *d, const char *key, const char *value);
bool sim_dict_remove(struct sim_dict *d, const char *key);
void sim_dict_free(struct sim_dict *d);
/* {"key": "value"} and ["key"] */
void sim_dict_put(struct sim_text *out, const char *name, const struct sim_dict *d);
void sim_dict_words(struct sim_text *out, const char *name, const struct sim_dict *d);
/* Takes the members of an object over; a value that is not text is taken as JSON text. */
void sim_dict_merge(struct sim_dict *d, struct json_object *json);

#endif
