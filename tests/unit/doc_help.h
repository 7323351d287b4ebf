/* Shared by the tests of documents: a document as canonical text, and reading it in pieces. */
#ifndef NUBE_TESTS_DOC_HELP_H
#define NUBE_TESTS_DOC_HELP_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <nube/error.h>

#include "doc_int.h"

/* Names and texts with their lengths, so that nothing that differs looks alike. */
static void show(struct nube_buf *out, const nube_doc *d)
{
    const nube_doc *k;

    if (nube_doc_name(d))
        nube_buf_fmt(out, "%s=", nube_doc_name(d));
    switch (nube_doc_type(d)) {
    case NUBE_DOC_STRING:
        nube_buf_fmt(out, "\"%zu:", nube_doc_text_len(d));
        nube_buf_add(out, nube_doc_text(d), nube_doc_text_len(d));
        nube_buf_puts(out, "\"");
        assert_int_equal(nube_doc_text(d)[nube_doc_text_len(d)], 0);
        break;
    case NUBE_DOC_NUMBER:
    case NUBE_DOC_BOOL:
        nube_buf_puts(out, nube_doc_text(d));
        break;
    case NUBE_DOC_NULL:
        nube_buf_puts(out, "null");
        break;
    case NUBE_DOC_ABSENT:
        nube_buf_puts(out, "absent");
        break;
    default:
        nube_buf_puts(out, nube_doc_type(d) == NUBE_DOC_ARRAY ? "[" : "{");
        for (k = nube_doc_first(d); k; k = nube_doc_next(k)) {
            show(out, k);
            nube_buf_puts(out, nube_doc_next(k) ? "," : "");
        }
        nube_buf_puts(out, nube_doc_type(d) == NUBE_DOC_ARRAY ? "]" : "}");
    }
}

struct reading {
    struct nube_buf seen; /* "item;item;|rest", or "item;!message" */
    size_t items, stop_after;
    int code;
    char message[256];
};

static bool on_item(void *data, const struct nube_doc *item)
{
    struct reading *r = data;

    show(&r->seen, item);
    nube_buf_puts(&r->seen, ";");
    return ++r->items != r->stop_after;
}

/* Reads text in two pieces cut at `cut`; cut SIZE_MAX: octet by octet. Every piece is a block of
 * its own, for ASan. */
static void read_cut(struct reading *r, struct nube_reader_conf conf, const char *text, size_t len,
                     size_t cut)
{
    struct nube_arena arena = {0};
    struct nube_reader *reader;
    const struct nube_doc *root = NULL;
    size_t at = 0, n;

    memset(r->message, 0, sizeof(r->message));
    nube_buf_init(&r->seen, 64 << 20);
    r->items = 0;
    r->code = 0;
    conf.item = on_item;
    conf.data = r;
    conf.arena = &arena;
    reader = nube_reader_new(&conf);
    assert_non_null(reader);
    while (at < len && !r->code) {
        char *piece;

        n = cut == SIZE_MAX ? 1 : at < cut && cut < len ? cut - at : len - at;
        piece = test_malloc(n);
        memcpy(piece, text + at, n);
        r->code = nube_reader_push(reader, piece, n, r->message);
        test_free(piece);
        at += n;
    }
    if (!r->code)
        r->code = nube_reader_end(reader, &root, r->message);
    if (r->code) {
        nube_buf_fmt(&r->seen, "!%s", r->message);
    } else {
        nube_buf_puts(&r->seen, "|");
        show(&r->seen, root);
    }
    nube_reader_free(reader);
    nube_arena_free(&arena);
}

/* What reading gives, which must not depend on where the body is cut. */
static inline void check(struct nube_reader_conf conf, const char *text, size_t len,
                         const char *expect)
{
    struct reading r = {0};
    size_t cut;

    for (cut = 0; cut <= len; cut++) {
        read_cut(&r, conf, text, len, cut == len ? SIZE_MAX : cut);
        if (!r.seen.data || strcmp(r.seen.data, expect) != 0)
            print_error("cut at %zu of: %s\n", cut, text);
        assert_string_equal(r.seen.data, expect);
        nube_buf_free(&r.seen);
    }
}

#endif
