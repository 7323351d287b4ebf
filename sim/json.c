/* JSON that is given to the simulator: seeds, faults, settings. */
#include <json-c/json.h>
#include <string.h>

#include "sim_int.h"

struct json_object *sim_json_parse(const char *text, size_t len, struct sim_text *error)
{
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *object = NULL;
    if (tokener) {
        object = json_tokener_parse_ex(tokener, text, (int)len);
        enum json_tokener_error why = json_tokener_get_error(tokener);
        size_t end = json_tokener_get_parse_end(tokener);
        bool rest = object && strspn(text + end, " \t\r\n") != len - end;
        if (why != json_tokener_success || rest) {
            sim_text_fmt(error, "not JSON: %s at octet %zu",
                         rest ? "more after its end" : json_tokener_error_desc(why), end);
            json_object_put(object);
            object = NULL;
        }
        json_tokener_free(tokener);
    }
    return object;
}

struct json_object *sim_json_get(struct json_object *object, const char *name)
{
    struct json_object *value = NULL;
    if (json_object_is_type(object, json_type_object))
        json_object_object_get_ex(object, name, &value);
    return value;
}

const char *sim_json_text(struct json_object *object, const char *name)
{
    struct json_object *value = sim_json_get(object, name);
    return value ? json_object_get_string(value) : NULL;
}

int64_t sim_json_int(struct json_object *object, const char *name, int64_t absent)
{
    struct json_object *value = sim_json_get(object, name);
    return value ? json_object_get_int64(value) : absent;
}

bool sim_json_bool(struct json_object *object, const char *name, bool absent)
{
    struct json_object *value = sim_json_get(object, name);
    return value ? json_object_get_boolean(value) : absent;
}

size_t sim_json_list(struct json_object *object, const char *name)
{
    struct json_object *value = sim_json_get(object, name);
    if (!value)
        return 0;
    return json_object_is_type(value, json_type_array) ? json_object_array_length(value) : 1;
}

struct json_object *sim_json_nth(struct json_object *object, const char *name, size_t i)
{
    struct json_object *value = sim_json_get(object, name);
    return json_object_is_type(value, json_type_array) ? json_object_array_get_idx(value, i)
                                                       : value;
}

static bool is_word(const char *words, const char *name)
{
    size_t len = strlen(name);
    for (const char *p = words; len && (p = strstr(p, name)); p += len)
        if ((p == words || p[-1] == ' ') && (!p[len] || p[len] == ' '))
            return true;
    return false;
}

const char *sim_json_unknown(struct json_object *object, const char *words)
{
    if (json_object_is_type(object, json_type_object)) {
        json_object_object_foreach(object, name, value)
        {
            (void)value;
            if (!is_word(words, name))
                return name;
        }
    }
    return NULL;
}
