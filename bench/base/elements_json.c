/* The parser of the JSON baseline: json-c gets the first array one element at a time, each is
 * counted and freed; an answer without an array is one element. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"

struct parser {
    json_tokener *json;
    enum { BEFORE, BETWEEN, WITHIN, AFTER } at;
    long elements;
};

struct parser *parser_new(void)
{
    struct parser *p = calloc(1, sizeof(*p));

    if (p)
        p->json = json_tokener_new();
    return p;
}

/* What comes before an element: how much of it, or -1. */
static long skip(struct parser *p, const char *bytes, size_t len)
{
    size_t n = 0;

    if (p->at == BEFORE) { /* {"servers": [ or [ or the element itself */
        const char *array = memchr(bytes, '[', len < 32 ? len : 32);

        n = array ? (size_t)(array - bytes) + 1 : 0;
        p->at = array ? BETWEEN : WITHIN;
    }
    while (p->at == BETWEEN && n < len && strchr(", \n", bytes[n]))
        n++;
    if (p->at == BETWEEN && n < len)
        p->at = bytes[n] == ']' ? AFTER : WITHIN;
    return (long)n;
}

bool parser_feed(struct parser *p, const char *bytes, size_t len)
{
    enum json_tokener_error why;
    json_object *element;
    size_t n;

    while (len && p->at != AFTER) {
        n = (size_t)skip(p, bytes, len);
        bytes += n;
        len -= n;
        if (p->at != WITHIN || !len)
            continue;
        element = json_tokener_parse_ex(p->json, bytes, (int)len);
        why = json_tokener_get_error(p->json);
        if (why == json_tokener_continue)
            return true;
        if (why != json_tokener_success)
            return false;
        n = json_tokener_get_parse_end(p->json);
        bytes += n;
        len -= n;
        json_object_put(element);
        p->elements++;
        p->at = BETWEEN;
    }
    return true;
}

long parser_end(struct parser *p)
{
    long elements = p->at == AFTER || p->elements == 1 ? p->elements : -1;

    json_tokener_free(p->json);
    free(p);
    return elements;
}
