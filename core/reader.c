/* Streaming readers of one body: the JSON tokenizer or an XML service in front of the tree builder.
 */
#include <stdio.h>

#include <nube/error.h>

#include "doc_json.h"
#include "mem.h"

struct nube_reader {
    struct nube_build b;
    struct nube_tok json;
    const struct nube_xml_ops *xml_ops; /* NULL: JSON */
    struct nube_xml *xml;
    size_t text_len; /* of the open element so far: written at b.room->text, not committed */
    bool any;        /* a piece that was not empty came */
    int code;
    char message[256];
};

/* ---- XML events ------------------------------------------------------------------- */

static inline bool set_name(struct nube_build *b, const char *mark, const char *name, size_t len)
{
    size_t n = strlen(mark);

    if (!nube_build_reserve(b, 0, n + len + 1))
        return false;
    memcpy(b->room->text, mark, n);
    memcpy(b->room->text + n, name, len);
    b->name = nube_build_commit(b, n + len);
    b->name_len = (uint32_t)(n + len);
    b->name_hash = nube_doc_hash(b->name, n + len);
    return true;
}

/* A string member of the open element that no items path looks at. */
static bool add_member(struct nube_build *b, const char *text, size_t len)
{
    struct nube_doc *node = nube_build_node(b, b->open[b->depth - 1], NUBE_DOC_STRING);

    if (!node)
        return false;
    node->u.s.text = text;
    node->u.s.len = len;
    return true;
}

static bool is_white(const char *s, size_t len)
{
    for (; len && (*s == ' ' || *s == '\n' || *s == '\t' || *s == '\r'); len--)
        s++;
    return !len;
}

/* The text beside child elements: white space is dropped, anything else becomes a member "#text".
 */
static bool mixed_text(struct nube_reader *r)
{
    struct nube_build *b = &r->b;
    size_t len = r->text_len;
    const char *text;

    r->text_len = 0;
    if (is_white(b->room->text, len))
        return true;
    if (!nube_build_reserve(b, len, len + 1))
        return false;
    text = nube_build_commit(b, len);
    return set_name(b, "#", "text", 4) && add_member(b, text, len);
}

static bool on_begin(void *data, const char *name, size_t len)
{
    struct nube_reader *r = data;
    struct nube_build *b = &r->b;
    struct nube_doc *node;

    if (!mixed_text(r))
        return false;
    nube_build_pick(b);
    if (!set_name(b, "", name, len))
        return false;
    node = nube_build_add(b, NUBE_DOC_OBJECT);
    return node && nube_build_open(b, node);
}

static bool on_attribute(void *data, const char *name, size_t name_len, const char *value,
                         size_t len)
{
    struct nube_build *b = &((struct nube_reader *)data)->b;
    const char *text;

    if (!nube_build_reserve(b, 0, len + 1))
        return false;
    memcpy(b->room->text, value, len);
    text = nube_build_commit(b, len);
    return set_name(b, "@", name, name_len) && add_member(b, text, len);
}

static bool on_text(void *data, const char *text, size_t len)
{
    struct nube_reader *r = data;
    size_t need = r->text_len + len + 1;

    /* Twice, so that a long text that comes in small pieces is not copied for each. */
    if (r->b.room->left < need && !nube_build_refill(&r->b, r->text_len, need + r->text_len))
        return false;
    memcpy(r->b.room->text + r->text_len, text, len);
    r->text_len += len;
    return true;
}

static bool on_end(void *data)
{
    struct nube_reader *r = data;
    struct nube_build *b = &r->b;
    struct nube_doc *node = b->open[b->depth - 1];

    if (node->u.c.count || (int32_t)b->depth == b->items_at) {
        if (!mixed_text(r))
            return false;
    } else {
        if (!nube_build_reserve(b, r->text_len, r->text_len + 1))
            return false;
        node->type = NUBE_DOC_STRING;
        node->u.s.len = r->text_len;
        node->u.s.text = nube_build_commit(b, r->text_len);
        r->text_len = 0;
    }
    return nube_build_close(b);
}

static const struct nube_xml_events events = {on_begin, on_attribute, on_text, on_end};

/* ---- the reader --------------------------------------------------------------------- */

struct nube_reader *nube_reader_new(const struct nube_reader_conf *conf)
{
    struct nube_reader *r = nube_mem_alloc(sizeof(*r));

    if (!r)
        return NULL;
    memset(r, 0, sizeof(*r));
    if (!nube_build_init(&r->b, conf)) {
        nube_mem_free(r);
        return NULL;
    }
    nube_tok_init(&r->json, &r->b, conf->values);
    r->xml_ops = conf->xml;
    if (r->xml_ops && !(r->xml = r->xml_ops->open(&events, r))) {
        nube_reader_free(r);
        return NULL;
    }
    return r;
}

void nube_reader_free(struct nube_reader *r)
{
    if (!r)
        return;
    if (r->xml)
        r->xml_ops->close(r->xml);
    nube_tok_free(&r->json);
    nube_build_free(&r->b);
    nube_mem_free(r);
}

/* A failure of the builder wins over what the XML service made of being stopped. */
static int failed(struct nube_reader *r, char message[256])
{
    r->code = r->b.code ? r->b.code : NUBE_E_PROTOCOL;
    if (r->b.code)
        snprintf(r->message, sizeof(r->message), "%s%s", r->xml ? "XML: " : "", r->b.message);
    memcpy(message, r->message, sizeof(r->message));
    return r->code;
}

int nube_reader_push(struct nube_reader *r, const char *bytes, size_t len, char message[256])
{
    bool ok;

    if (r->code)
        return failed(r, message);
    if (!len)
        return 0;
    r->any = true;
    if (r->xml)
        ok = r->xml_ops->push(r->xml, bytes, len, false, r->message) == 0;
    else
        ok = nube_tok_push(&r->json, bytes, len);
    return ok ? 0 : failed(r, message);
}

int nube_reader_end(struct nube_reader *r, const struct nube_doc **root, char message[256])
{
    bool ok = true;

    *root = NULL;
    if (r->code)
        return failed(r, message);
    if (!r->any)
        return 0;
    if (r->xml)
        ok = r->xml_ops->push(r->xml, "", 0, true, r->message) == 0;
    else
        ok = nube_tok_end(&r->json);
    if (!ok)
        return failed(r, message);
    *root = r->b.root;
    return 0;
}

const struct nube_doc *nube_doc_parse_json(struct nube_arena *arena, const char *text, size_t len)
{
    struct nube_reader_conf conf = {.arena = arena};
    struct nube_reader *r = nube_reader_new(&conf);
    const struct nube_doc *root = NULL;
    char message[256];

    if (r && nube_reader_push(r, text, len, message) == 0)
        nube_reader_end(r, &root, message);
    nube_reader_free(r);
    return root;
}
