/* Elements of XML: names kept for the document, start tags with attributes, end tags, text as
 * members. */
#include "doc_xml.h"

#include <stdio.h>

#include <nube/error.h>

/* ---- events ------------------------------------------------------------------------- */

/* A name with a mark in front, for the next value. */
static bool set_name(struct nube_build *b, char mark, const char *name, size_t len)
{
    if (!nube_build_reserve(b, 0, len + 2))
        return false;
    b->room->text[0] = mark;
    memcpy(b->room->text + 1, name, len);
    b->name = nube_build_commit(b, len + 1);
    b->name_len = (uint32_t)len + 1;
    b->name_hash = nube_doc_hash(b->name, len + 1);
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

/* The text beside child elements: white space is dropped, anything else becomes a member "#text".
 */
static bool mixed_text(struct nube_xml *x)
{
    struct nube_build *b = x->b;
    size_t len = x->text_len, i = 0;
    const char *text;

    x->text_len = 0;
    while (i < len && nube_xml_white(b->room->text[i]))
        i++;
    if (i == len)
        return true;
    if (!nube_build_reserve(b, len, len + 1))
        return false;
    text = nube_build_commit(b, len);
    return set_name(b, '#', "text", 4) && add_member(b, text, len);
}

static bool begin(struct nube_xml *x, const struct nube_xml_name *name)
{
    struct nube_build *b = x->b;
    struct nube_doc *node;

    b->name = name->text + name->local;
    b->name_len = name->len - name->local;
    b->name_hash = name->local_hash;
    node = nube_build_add(b, NUBE_DOC_OBJECT);
    if (!node || !nube_build_open(b, node))
        return false;
    x->open[b->depth - 1] = *name;
    x->root = true;
    return true;
}

/* An element without children is its text. */
static bool finish(struct nube_xml *x)
{
    struct nube_build *b = x->b;
    struct nube_doc *node = b->open[b->depth - 1];

    if (node->u.c.count || (int32_t)b->depth == b->items_at) {
        if (x->text_len && !mixed_text(x))
            return false;
    } else {
        if (!nube_build_reserve(b, x->text_len, x->text_len + 1))
            return false;
        node->type = NUBE_DOC_STRING;
        node->u.s.len = x->text_len;
        node->u.s.text = nube_build_commit(b, x->text_len);
        x->text_len = 0;
    }
    return nube_build_close(b);
}

/* ---- names of elements ------------------------------------------------------------- */

/* Where a name is or could be kept; NULL: there is no place for it. */
static struct nube_xml_name *place(struct nube_xml *x, const char *name, size_t len, uint32_t hash)
{
    size_t i;

    for (i = 0; i < 8; i++) {
        struct nube_xml_name *k = &x->names[(hash + i) % NUBE_XML_NAMES];

        if (!k->text || (k->hash == hash && k->len == len && memcmp(k->text, name, len) == 0))
            return k;
    }
    return NULL;
}

/* The name of an element that begins: a reply has few, so they are kept once, beside the document.
 */
static bool learn(struct nube_xml *x, struct nube_xml_name *out, const char *name, size_t len)
{
    struct nube_build *b = x->b;
    uint32_t hash = nube_doc_hash(name, len);
    struct nube_xml_name *k = len <= NUBE_XML_SHORT ? place(x, name, len, hash) : NULL;
    size_t local = nube_xml_local(name, len);
    char *text;

    if (k && k->text) {
        *out = *k;
        return true;
    }
    if (k) {
        text = nube_arena_strndup(b->rest.arena, name, len);
        if (b->rest.arena->failed) {
            nube_build_fail(b, NUBE_E_MEMORY, "out of memory");
            return false;
        }
    } else {
        if (!nube_build_reserve(b, 0, len + 1))
            return false;
        memcpy(b->room->text, name, len);
        text = (char *)nube_build_commit(b, len);
    }
    *out = (struct nube_xml_name){text, (uint32_t)len, hash, (uint32_t)local,
                                  nube_doc_hash(text + local, len - local)};
    if (k)
        *k = *out;
    return true;
}

/* ---- start tags ---------------------------------------------------------------------- */

struct attribute {
    const char *name;
    size_t len;
    uint32_t hash;
};

static bool is_namespace(const char *name, size_t len, size_t local)
{
    return (len == 5 || local == 6) && memcmp(name, "xmlns", 5) == 0;
}

/* The value of an attribute, between its quotes, becomes a member of the open element. */
static bool set_attribute(struct nube_xml *x, const struct attribute *a, const char *p,
                          const char *end)
{
    struct nube_build *b = x->b;
    size_t local = nube_xml_local(a->name, a->len), len;
    const char *text, *bad = NULL;
    char why[80];

    if (!nube_build_reserve(b, 0, (size_t)(end - p) + 1))
        return nube_xml_refused(x);
    len = nube_xml_value(b->room->text, p, end, &bad, why);
    if (bad)
        return nube_xml_wrong(x, bad, why);
    if (is_namespace(a->name, a->len, local))
        return true;
    text = nube_build_commit(b, len);
    if (!set_name(b, '@', a->name + local, a->len - local) || !add_member(b, text, len))
        return nube_xml_refused(x);
    return true;
}

/* NAME = "VALUE"; the place behind it. */
static const char *attribute(struct nube_xml *x, struct attribute *a, const char *p,
                             const char *end)
{
    const char *stop = nube_xml_name_at(x, p, end, "the name of an attribute"), *quote;

    if (!stop)
        return NULL;
    a->name = p;
    a->len = (size_t)(stop - p);
    a->hash = nube_doc_hash(p, a->len);
    for (p = stop; nube_xml_white(*p);)
        p++;
    if (*p != '=')
        return nube_xml_expected(x, p, "'=' after the name of an attribute");
    for (p++; nube_xml_white(*p);)
        p++;
    if (*p != '"' && *p != '\'')
        return nube_xml_expected(x, p, "the quoted value of an attribute");
    quote = memchr(p + 1, *p, (size_t)(end - p - 1));
    if (!quote)
        return nube_xml_wrong(x, p, "the value of an attribute has no end");
    return set_attribute(x, a, p + 1, quote) ? quote + 1 : NULL;
}

static bool is_new(struct nube_xml *x, const struct attribute *all, size_t n)
{
    const struct attribute *a = &all[n];
    size_t i;

    for (i = 0; i < n; i++)
        if (all[i].hash == a->hash && all[i].len == a->len &&
            memcmp(all[i].name, a->name, a->len) == 0)
            return nube_xml_wrong(x, a->name, "an attribute is there twice");
    return true;
}

/* What stands between the name and '>'; *empty: the tag is an end too. */
static bool attributes(struct nube_xml *x, const char *p, const char *end, bool *empty)
{
    struct attribute all[NUBE_XML_MAX_ATTRIBUTES];
    size_t n;

    for (n = 0;; n++) {
        const char *before = p;

        while (nube_xml_white(*p))
            p++;
        *empty = *p == '/';
        if (p + *empty + 1 == end && end[-1] == '>')
            return true;
        if (p == before)
            return nube_xml_expected(x, p, "white space, '>' or '/>' in a tag");
        if (n == NUBE_XML_MAX_ATTRIBUTES) {
            nube_build_fail(x->b, NUBE_E_TOO_LARGE, "more than %zu attributes of an element", n);
            return nube_xml_refused(x);
        }
        p = attribute(x, &all[n], p, end);
        if (!p || !is_new(x, all, n))
            return false;
    }
}

/* Begins an element of this name, not yet known to be well written. */
static bool begin_named(struct nube_xml *x, const char *p, size_t len)
{
    struct nube_xml_name name;

    if (!x->b->depth && x->root)
        return nube_xml_wrong(x, p, "content after the root element");
    if (x->text_len && !mixed_text(x))
        return nube_xml_refused(x);
    nube_build_pick(x->b);
    if (!learn(x, &name, p, len) || !begin(x, &name))
        return nube_xml_refused(x);
    return true;
}

/* p: the '<', end: behind the '>' or what stands for it. */
bool nube_xml_start_tag(struct nube_xml *x, const char *p, const char *end)
{
    const char *stop = nube_xml_name_at(x, p + 1, end, "the name of an element");
    bool empty;

    if (!stop || !begin_named(x, p + 1, (size_t)(stop - p - 1)) ||
        !attributes(x, stop, end, &empty))
        return false;
    if (empty && !finish(x))
        return nube_xml_refused(x);
    return true;
}

bool nube_xml_end_tag(struct nube_xml *x, const char *p, const char *end)
{
    const struct nube_xml_name *open = x->b->depth ? &x->open[x->b->depth - 1] : NULL;
    const char *stop = nube_xml_name_end(p + 2, end);
    size_t len = (size_t)(stop - p - 2);
    char what[120];

    if (!open)
        return nube_xml_wrong(x, p, "an end tag outside any element");
    if (len != open->len || memcmp(p + 2, open->text, len) != 0) {
        snprintf(what, sizeof(what), "expected the end tag </%.40s>, found </%.*s", open->text,
                 len < 40 ? (int)len : 40, p + 2);
        return nube_xml_wrong(x, p, what);
    }
    while (nube_xml_white(*stop))
        stop++;
    if (*stop != '>')
        return nube_xml_expected(x, stop, "'>' at the end of an end tag");
    return finish(x) || nube_xml_refused(x);
}

/* ---- the quick way -------------------------------------------------------------------- */

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A name of letters and digits only needs no further look, whatever else a name may be. */
static bool simple(const char *name, size_t len)
{
    size_t i;

    for (i = 1; i < len; i++)
        if (!letter(name[i]) && !(name[i] >= '0' && name[i] <= '9'))
            return false;
    return letter(name[0]);
}

/* A start tag that is a name, simple or seen before, and an end tag as it should be, are quick.
 * NULL: it is something else. */
const char *nube_xml_quick_start(struct nube_xml *x, const char *p, const char *end)
{
    size_t most = (size_t)(end - p) < NUBE_XML_SHORT + 3 ? (size_t)(end - p) : NUBE_XML_SHORT + 3;
    const char *stop = memchr(p, '>', most);
    const struct nube_xml_name *k;
    struct nube_xml_name learnt;
    bool empty;
    size_t len;

    if (!stop || stop - p < 2 || !x->b->depth)
        return NULL;
    empty = stop[-1] == '/';
    len = (size_t)(stop - p) - 1 - empty;
    if (!len || len > NUBE_XML_SHORT)
        return NULL;
    k = place(x, p + 1, len, nube_doc_hash(p + 1, len));
    if (!k || (!k->text && !simple(p + 1, len)))
        return NULL;
    if (x->text_len && !mixed_text(x))
        return NULL;
    nube_build_pick(x->b);
    if (!k->text && !learn(x, &learnt, p + 1, len))
        return NULL;
    return begin(x, k) && (!empty || finish(x)) ? stop + 1 : NULL;
}

const char *nube_xml_quick_end(struct nube_xml *x, const char *p, const char *end)
{
    const struct nube_xml_name *open = x->b->depth ? &x->open[x->b->depth - 1] : NULL;
    size_t left = (size_t)(end - p);

    if (!open || left < open->len + 3 || p[2 + open->len] != '>' ||
        memcmp(p + 2, open->text, open->len) != 0 || !finish(x))
        return NULL;
    return p + open->len + 3;
}
