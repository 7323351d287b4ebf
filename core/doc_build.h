/* The tree builder under both parsers: memory of documents, the items path, cutting out items. */
#ifndef NUBE_CORE_DOC_BUILD_H
#define NUBE_CORE_DOC_BUILD_H

#include <string.h>

#include "doc_int.h"

enum { NUBE_PATH_MAX = 8 }; /* names in an items path */

/*
 * Where a tree grows: text from the front of a chunk, nodes from its back, so that neither
 * pays for the other's alignment. What was written at `text` but not committed is
 * given up by the next commit.
 */
struct nube_room {
    struct nube_arena *arena;
    char *text;
    size_t left;        /* octets from text to the last node */
    size_t chunk;       /* asked next */
    size_t used, limit; /* octets taken from the arena */
};

struct nube_build {
    struct nube_room *room; /* rest or items */
    struct nube_room rest, items;
    struct nube_arena item_arena;
    struct nube_doc *root, *item;
    const char *name; /* of the next value, in the room; NULL: none */
    uint32_t name_len, name_hash;
    uint32_t depth;
    int32_t items_at; /* values at this depth are items; -1: none */
    int32_t match_at; /* values at this depth are compared with path[matched]; -1: none */
    int32_t matched;
    uint32_t n_path, base;
    enum { NUBE_ENTER_NOTHING, NUBE_ENTER_PATH, NUBE_ENTER_ITEMS } enter; /* for the next open() */
    bool xml, loose;
    bool (*deliver)(void *data, const struct nube_doc *item);
    void *data;
    struct {
        const char *name;
        uint32_t len, hash;
    } path[NUBE_PATH_MAX];
    struct nube_doc *open[NUBE_MAX_DEPTH];
    int code;          /* 0 or enum nube_code; nothing is called after a failure */
    char message[160]; /* without the position, which the parser knows */
};

/* Speed only: any function of the octets does. */
static inline uint32_t nube_doc_hash(const char *s, size_t n)
{
    const uint64_t k = 0x9e3779b97f4a7c15u;
    uint64_t h = n * k, w = 0;
    uint32_t a, b;

    for (; n > 8; s += 8, n -= 8) {
        memcpy(&w, s, 8);
        h = (h ^ w) * k;
        h ^= h >> 32;
    }
    if (n >= 4) {
        memcpy(&a, s, 4);
        memcpy(&b, s + n - 4, 4);
        w = a | (uint64_t)b << 32;
    } else if (n) {
        w = (unsigned char)s[0] | (uint64_t)(unsigned char)s[n / 2] << 8 |
            (uint64_t)(unsigned char)s[n - 1] << 16;
    }
    return (uint32_t)(((h ^ w) * k) >> 32);
}

/* Is it a number as RFC 8259 writes them? */
bool nube_doc_number_ok(const char *text, size_t len);

/* False: out of memory, or a path of more than NUBE_PATH_MAX names. */
bool nube_build_init(struct nube_build *b, const struct nube_reader_conf *conf);
void nube_build_free(struct nube_build *b);
/* False, so that callers can return it. */
bool nube_build_fail(struct nube_build *b, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A new chunk with room for `need` octets, the first `keep` of the uncommitted text moved there. */
bool nube_build_refill(struct nube_build *b, size_t keep, size_t need);
/* The next value is at match_at: is it on the path, or the list of items itself? */
bool nube_build_match(struct nube_build *b, enum nube_doc_type type);
/* Makes the value that was just added the current container, ends it. */
bool nube_build_open(struct nube_build *b, struct nube_doc *node);
bool nube_build_close(struct nube_build *b);
/* The item is whole: hands it over and takes its memory back. */
bool nube_build_deliver(struct nube_build *b);

static inline bool nube_build_reserve(struct nube_build *b, size_t keep, size_t need)
{
    return b->room->left >= need || nube_build_refill(b, keep, need);
}

/* Keeps len octets written at room->text and ends them; they were reserved, with one more. */
static inline const char *nube_build_commit(struct nube_build *b, size_t len)
{
    char *p = b->room->text;

    p[len] = '\0';
    b->room->text += len + 1;
    b->room->left -= len + 1;
    return p;
}

/* To be called before anything of the next value is written to the room. */
static inline void nube_build_pick(struct nube_build *b)
{
    if ((int32_t)b->depth == b->items_at)
        b->room = &b->items;
}

/* A node with the pending name, linked into parent (NULL: not linked). */
static inline struct nube_doc *nube_build_node(struct nube_build *b, struct nube_doc *parent,
                                               enum nube_doc_type type)
{
    struct nube_doc *node;

    if (!nube_build_reserve(b, 0, sizeof(*node)))
        return NULL;
    b->room->left -= sizeof(*node);
    node = (struct nube_doc *)(void *)(b->room->text + b->room->left);
    node->name = b->name;
    node->name_len = b->name_len;
    node->hash = b->name_hash;
    node->next = NULL;
    node->type = (uint8_t)type;
    node->u.c.first = node->u.c.last = NULL;
    node->u.c.count = 0;
    b->name = NULL;
    b->name_len = b->name_hash = 0;
    if (parent) {
        if (parent->u.c.last)
            parent->u.c.last->next = node;
        else
            parent->u.c.first = node;
        parent->u.c.last = node;
        parent->u.c.count++;
    }
    return node;
}

/* The next value of the document, an item or not. NULL: failed. */
static inline struct nube_doc *nube_build_add(struct nube_build *b, enum nube_doc_type type)
{
    struct nube_doc *node;

    if ((int32_t)b->depth == b->items_at) {
        b->room = &b->items;
        return b->item = nube_build_node(b, NULL, type);
    }
    if ((int32_t)b->depth == b->match_at && !nube_build_match(b, type))
        return NULL;
    node = nube_build_node(b, b->depth ? b->open[b->depth - 1] : NULL, type);
    if (!b->depth)
        b->root = node;
    return node;
}

/* A value without children; text lives as long as the room or longer. */
static inline bool nube_build_scalar(struct nube_build *b, enum nube_doc_type type,
                                     const char *text, size_t len)
{
    struct nube_doc *node = nube_build_add(b, type);

    if (!node)
        return false;
    node->u.s.text = text;
    node->u.s.len = len;
    return (int32_t)b->depth != b->items_at || nube_build_deliver(b);
}

#endif
