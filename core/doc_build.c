/* The tree builder under both parsers: memory of documents, the items path, cutting out items. */
#include "doc_build.h"

#include <stdarg.h>
#include <stdio.h>

#include <nube/error.h>

enum {
    NODE_ALIGN = _Alignof(struct nube_doc),
    CHUNK_MIN = 1 << 10,
    CHUNK_MAX = (16 << 10) - NODE_ALIGN /* four fill a block of the arena */
};

static bool set_path(struct nube_build *b, const char *path)
{
    while (*path) {
        size_t n = strcspn(path, ".");

        if (b->n_path == NUBE_PATH_MAX)
            return false;
        b->path[b->n_path].name = path;
        b->path[b->n_path].len = (uint32_t)n;
        b->path[b->n_path].hash = nube_doc_hash(path, n);
        b->n_path++;
        path += n + (path[n] == '.');
    }
    b->match_at = b->n_path ? (int32_t)b->base : 0;
    return true;
}

bool nube_build_init(struct nube_build *b, const struct nube_reader_conf *conf)
{
    memset(b, 0, sizeof(*b));
    b->rest.arena = conf->arena;
    b->rest.chunk = CHUNK_MIN;
    b->rest.limit = NUBE_MAX_REPLY;
    b->items.arena = &b->item_arena;
    b->items.chunk = CHUNK_MIN;
    b->items.limit = NUBE_MAX_ITEM;
    b->item_arena.secret = conf->arena->secret;
    b->room = &b->rest;
    b->deliver = conf->item;
    b->data = conf->data;
    b->xml = conf->xml;
    b->loose = conf->loose;
    b->base = b->xml ? 0 : 1; /* the root element has a name, the root value of JSON has none */
    b->items_at = conf->values ? 0 : -1;
    b->match_at = -1;
    return !conf->items_path || conf->values || set_path(b, conf->items_path);
}

void nube_build_free(struct nube_build *b)
{
    nube_arena_free(&b->item_arena);
}

bool nube_build_fail(struct nube_build *b, int code, const char *format, ...)
{
    va_list ap;

    if (b->code)
        return false;
    b->code = code;
    va_start(ap, format);
    vsnprintf(b->message, sizeof(b->message), format, ap);
    va_end(ap);
    return false;
}

static bool too_large(struct nube_build *b, size_t limit)
{
    return nube_build_fail(b, NUBE_E_TOO_LARGE, "%s takes more than %zu KiB",
                           b->room == &b->items ? "an item of the list" : "the document",
                           limit >> 10);
}

bool nube_build_refill(struct nube_build *b, size_t keep, size_t need)
{
    struct nube_room *r = b->room;
    size_t size = r->chunk > need ? r->chunk : need;
    char *p;

    if (need > r->limit || r->used + size > r->limit)
        return too_large(b, r->limit);
    p = nube_arena_text(r->arena, size + NODE_ALIGN);
    if (!p || r->arena->failed) {
        if (r->arena->cap && r->arena->total + size > r->arena->cap)
            return too_large(b, r->arena->cap);
        return nube_build_fail(b, NUBE_E_MEMORY, "out of memory");
    }
    if (keep)
        memcpy(p, r->text, keep);
    r->used += size;
    r->text = p;
    r->left = size + NODE_ALIGN - ((uintptr_t)p + size) % NODE_ALIGN;
    r->chunk = r->chunk < CHUNK_MAX / 2 ? r->chunk * 2 : CHUNK_MAX;
    return true;
}

static const char *type_word(enum nube_doc_type type)
{
    static const char *const words[] = {"nothing",  "null",     "a boolean", "a number",
                                        "a string", "an array", "an object"};

    return words[type];
}

bool nube_build_match(struct nube_build *b, enum nube_doc_type type)
{
    if (b->n_path) {
        if (!b->name || b->path[b->matched].hash != b->name_hash ||
            b->path[b->matched].len != b->name_len ||
            memcmp(b->path[b->matched].name, b->name, b->name_len) != 0)
            return true;
        if ((uint32_t)b->matched + 1 < b->n_path) {
            if (type == NUBE_DOC_OBJECT)
                b->enter = NUBE_ENTER_PATH;
            return true;
        }
    }
    if (type == NUBE_DOC_ARRAY || b->xml)
        b->enter = NUBE_ENTER_ITEMS;
    else if (type != NUBE_DOC_NULL && !(b->loose && type == NUBE_DOC_OBJECT))
        return nube_build_fail(b, NUBE_E_PROTOCOL, "expected an array of items%s%s, found %s",
                               b->n_path ? " at " : "", b->n_path ? b->path[0].name : "",
                               type_word(type));
    return true;
}

bool nube_build_open(struct nube_build *b, struct nube_doc *node)
{
    if (b->depth == NUBE_MAX_DEPTH)
        return nube_build_fail(b, NUBE_E_TOO_LARGE, "nested deeper than %d", NUBE_MAX_DEPTH);
    b->open[b->depth++] = node;
    if (b->enter == NUBE_ENTER_ITEMS) {
        b->items_at = (int32_t)b->depth;
        b->match_at = -1;
    } else if (b->enter == NUBE_ENTER_PATH) {
        b->matched++;
        b->match_at++;
    }
    b->enter = NUBE_ENTER_NOTHING;
    return true;
}

bool nube_build_close(struct nube_build *b)
{
    int32_t was = (int32_t)b->depth--;

    if (was == b->items_at) {
        b->items_at = -1;
        b->match_at = (int32_t)b->depth;
    } else if (was == b->match_at) {
        b->matched--;
        b->match_at--;
    } else if (was - 1 == b->items_at) {
        return nube_build_deliver(b);
    }
    return true;
}

bool nube_build_deliver(struct nube_build *b)
{
    if (!b->deliver(b->data, b->item))
        return nube_build_fail(b, NUBE_E_CANCELLED, "the receiver of the items ended the reading");
    nube_arena_reset(&b->item_arena);
    b->items.text = NULL;
    b->items.left = b->items.used = 0;
    b->item = NULL;
    b->room = &b->rest;
    return true;
}
