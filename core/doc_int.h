/* Documents inside the core: the tree, its builder, and the push parsers that drive it. */
#ifndef NUBE_CORE_DOC_INT_H
#define NUBE_CORE_DOC_INT_H

#include <nube/driver/doc.h>

#include "arena.h"
#include "buf.h"

/* Lives in an arena. Names are compared by hash, then length, then octets. */
struct nube_doc {
    const char *name; /* NULL: none */
    struct nube_doc *next;
    union {
        struct {
            const char *text;
            size_t len;
        } s; /* string, number, bool */
        struct {
            struct nube_doc *first, *last;
            size_t count;
        } c; /* array, object */
    } u;
    uint32_t hash, name_len;
    uint8_t type; /* enum nube_doc_type */
};

/*
 * A streaming reader of one body, JSON or XML, fed in pieces split anywhere.
 * Elements of the array at items_path go to item() one by one, their memory reused;
 * everything else becomes the rest document. In values mode each value of a
 * concatenation goes to item(). Strict: anything that is not the format is an error
 * with the position in it. Limits: NUBE_MAX_DEPTH, NUBE_MAX_ITEM for an item,
 * NUBE_MAX_REPLY for the rest.
 */
struct nube_reader;
struct nube_reader_conf {
    const char
        *items_path; /* NULL: no items. "" : the root array (JSON), the root's children (XML) */
    bool loose;      /* an object in place of the array stays in the rest; else it is an error */
    bool values;     /* a concatenation of JSON values */
    /* false ends the reading: nube_reader_push() gives NUBE_E_CANCELLED. The item is named (XML)
     * after its element. */
    bool (*item)(void *data, const struct nube_doc *item);
    void *data;
    struct nube_arena *arena; /* where the rest document lives */
    bool xml;                 /* else JSON */
};

struct nube_reader *nube_reader_new(const struct nube_reader_conf *conf);
/* 0 or enum nube_code (PROTOCOL, TOO_LARGE, MEMORY, CANCELLED), with one line in message. Sticky.
 */
int nube_reader_push(struct nube_reader *, const char *bytes, size_t len, char message[256]);
/* Ends the body: PROTOCOL when it is cut off. *root may be NULL for an empty body. */
int nube_reader_end(struct nube_reader *, const struct nube_doc **root, char message[256]);
void nube_reader_free(struct nube_reader *);

/* A whole JSON text at once; NULL when it is not JSON. Lives in the arena. */
const struct nube_doc *nube_doc_parse_json(struct nube_arena *arena, const char *text, size_t len);

#endif
