/* YAML through libyaml: one document as JSON text, aliases and merge keys resolved, as a service
 * module. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

#include "service.h"

/* Aliases can make a few lines stand for any number of values: what is written and visited is
 * counted. */
enum { MOST_OUT = 4 << 20, MOST_NODES = 1 << 20, DEEPEST = 60, FIRST = 4 << 10 };

static const struct nube_host *_Atomic host; /* set by each library that opens this */

struct writer {
    yaml_document_t *doc;
    char *out;
    size_t len, size, nodes;
    char *message; /* 256 octets */
};

static bool refuse(struct writer *w, const yaml_node_t *node, const char *what)
{
    snprintf(w->message, 256, "line %zu: %s", node ? node->start_mark.line + 1 : 0, what);
    return false;
}

static bool visit(struct writer *w, const yaml_node_t *node, int depth)
{
    return (depth <= DEEPEST && ++w->nodes <= MOST_NODES) ||
           refuse(w, node, "it is nested too deeply, or stands for too much");
}

/* ---- Output ------------------------------------------------------------------------- */

/* The old text may hold passwords: it is zeroed when the buffer moves. */
static bool grow(struct writer *w, size_t need)
{
    size_t size = w->size ? w->size * 2 : FIRST;
    char *more;

    while (size < need)
        size *= 2;
    more = size <= MOST_OUT ? host->alloc(size) : NULL;
    if (!more) {
        snprintf(w->message, 256, size <= MOST_OUT ? "out of memory" : "it is too large");
        return false;
    }
    if (w->len)
        memcpy(more, w->out, w->len);
    if (w->out) {
        explicit_bzero(w->out, w->len);
        host->free(w->out);
    }
    w->out = more;
    w->size = size;
    return true;
}

static bool put(struct writer *w, const char *text, size_t len)
{
    if (w->len + len > w->size && !grow(w, w->len + len))
        return false;
    memcpy(w->out + w->len, text, len);
    w->len += len;
    return true;
}

static bool put_string(struct writer *w, const char *text, size_t len)
{
    char escape[8];
    size_t i;
    bool ok = put(w, "\"", 1);

    for (i = 0; ok && i < len; i++) {
        unsigned char u = (unsigned char)text[i];

        if (u >= ' ' && u != '"' && u != '\\') {
            ok = put(w, text + i, 1);
        } else {
            snprintf(escape, sizeof(escape), "\\u%04x", u);
            ok = put(w, escape, 6);
        }
    }
    return ok && put(w, "\"", 1);
}

/* ---- Values ------------------------------------------------------------------------- */

/* The words of YAML 1.1, which the files of Python programs are written in. */
static const char *word_of(const char *text)
{
    static const char *const yes[] = {"true", "yes", "on"}, *const no[] = {"false", "no", "off"};
    size_t i;

    for (i = 0; i < 3; i++) {
        if (strcasecmp(text, yes[i]) == 0)
            return "true";
        if (strcasecmp(text, no[i]) == 0)
            return "false";
    }
    return !*text || strcmp(text, "~") == 0 || strcasecmp(text, "null") == 0 ? "null" : NULL;
}

/* Everything else is text, numbers too: "012" and "1e3" stay what they are. */
static bool put_scalar(struct writer *w, const yaml_node_t *node)
{
    const char *text = (const char *)node->data.scalar.value;
    const char *word = node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && strlen(text) < 6
                           ? word_of(text)
                           : NULL;

    return word ? put(w, word, strlen(word)) : put_string(w, text, node->data.scalar.length);
}

static bool put_value(struct writer *w, const yaml_node_t *node, int depth);

static bool put_list(struct writer *w, const yaml_node_t *node, int depth)
{
    const yaml_node_item_t *item = node->data.sequence.items.start;
    bool ok = put(w, "[", 1);

    for (; ok && item < node->data.sequence.items.top; item++) {
        if (item > node->data.sequence.items.start)
            ok = put(w, ",", 1);
        ok = ok && put_value(w, yaml_document_get_node(w->doc, *item), depth);
    }
    return ok && put(w, "]", 1);
}

static bool is_merge(const yaml_node_t *key)
{
    return key && key->type == YAML_SCALAR_NODE &&
           key->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           strcmp((const char *)key->data.scalar.value, "<<") == 0;
}

static bool put_pairs(struct writer *w, const yaml_node_t *map, int depth, bool *first);

/* What is merged comes behind a map's own members: of two of one name the first counts. */
static bool put_merged(struct writer *w, const yaml_node_t *from, int depth, bool *first)
{
    const yaml_node_item_t *item;
    bool ok = true;

    if (!from || from->type == YAML_SCALAR_NODE)
        return refuse(w, from, "<< takes a map, or a list of them");
    if (from->type == YAML_MAPPING_NODE)
        return put_pairs(w, from, depth + 1, first);
    if (!visit(w, from, depth))
        return false;
    for (item = from->data.sequence.items.start; ok && item < from->data.sequence.items.top; item++)
        ok = put_merged(w, yaml_document_get_node(w->doc, *item), depth + 1, first);
    return ok;
}

static bool put_pair(struct writer *w, const yaml_node_t *key, const yaml_node_t *value, int depth,
                     bool *first)
{
    if (!key || key->type != YAML_SCALAR_NODE)
        return refuse(w, key, "the key of a map must be text");
    if (!*first && !put(w, ",", 1))
        return false;
    *first = false;
    return put_string(w, (const char *)key->data.scalar.value, key->data.scalar.length) &&
           put(w, ":", 1) && put_value(w, value, depth);
}

static bool put_pairs(struct writer *w, const yaml_node_t *map, int depth, bool *first)
{
    const yaml_node_pair_t *pair, *end = map->data.mapping.pairs.top;
    bool ok = true;
    int merged;

    if (!visit(w, map, depth))
        return false;
    for (merged = 0; merged < 2; merged++)
        for (pair = map->data.mapping.pairs.start; ok && pair < end; pair++) {
            const yaml_node_t *key = yaml_document_get_node(w->doc, pair->key);
            const yaml_node_t *value = yaml_document_get_node(w->doc, pair->value);

            if (is_merge(key) != (merged == 1))
                continue;
            ok =
                merged ? put_merged(w, value, depth, first) : put_pair(w, key, value, depth, first);
        }
    return ok;
}

static bool put_value(struct writer *w, const yaml_node_t *node, int depth)
{
    bool first = true;

    if (!node)
        return put(w, "null", 4);
    if (!visit(w, node, depth))
        return false;
    if (node->type == YAML_SCALAR_NODE)
        return put_scalar(w, node);
    if (node->type == YAML_SEQUENCE_NODE)
        return put_list(w, node, depth + 1);
    return put(w, "{", 1) && put_pairs(w, node, depth + 1, &first) && put(w, "}", 1);
}

/* ---- The module --------------------------------------------------------------------- */

static void say_problem(char message[256], const yaml_parser_t *p)
{
    snprintf(message, 256, "line %zu: %s", p->problem_mark.line + 1,
             p->problem ? p->problem : "it is not YAML");
}

static int to_json(const char *text, size_t len, char **json, size_t *json_len, char message[256])
{
    yaml_parser_t parser;
    yaml_document_t doc;
    struct writer w = {.doc = &doc, .message = message};
    bool ok;

    if (!yaml_parser_initialize(&parser)) {
        snprintf(message, 256, "out of memory");
        return -1;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
    ok = yaml_parser_load(&parser, &doc) != 0;
    if (ok) {
        ok = put_value(&w, yaml_document_get_root_node(&doc), 0);
        yaml_document_delete(&doc);
    } else {
        say_problem(message, &parser);
    }
    yaml_parser_delete(&parser);
    if (!ok && w.out) {
        explicit_bzero(w.out, w.len);
        host->free(w.out);
    }
    *json = ok ? w.out : NULL;
    *json_len = ok ? w.len : 0;
    return ok ? 0 : -1;
}

static const struct nube_yaml_ops ops = {.to_json = to_json};

__attribute__((visibility("default"))) const struct nube_service_module *
nube_service_v0(const struct nube_host *lent);

const struct nube_service_module *nube_service_v0(const struct nube_host *lent)
{
    static const struct nube_service_module module = {
        .size = sizeof(module),
        .build = NUBE_SERVICE_BUILD,
        .name = "yaml",
        .version = "libyaml",
        .ops = &ops,
    };

    if (!lent || lent->build != NUBE_SERVICE_BUILD)
        return NULL;
    host = lent;
    return &module;
}
