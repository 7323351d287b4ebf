/* Getters of documents: read-only, NULL means absent. */
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "doc_build.h"

enum nube_doc_type nube_doc_type(const nube_doc *doc)
{
    return doc ? (enum nube_doc_type)doc->type : NUBE_DOC_ABSENT;
}

static bool has_text(const nube_doc *doc)
{
    return doc && (doc->type == NUBE_DOC_STRING || doc->type == NUBE_DOC_NUMBER ||
                   doc->type == NUBE_DOC_BOOL);
}

static bool has_children(const nube_doc *doc)
{
    return doc && (doc->type == NUBE_DOC_OBJECT || doc->type == NUBE_DOC_ARRAY);
}

static const nube_doc *member(const nube_doc *doc, const char *name, size_t len)
{
    uint32_t hash;
    const nube_doc *k;

    if (!doc || doc->type != NUBE_DOC_OBJECT)
        return NULL;
    hash = nube_doc_hash(name, len);
    for (k = doc->u.c.first; k; k = k->next)
        if (k->hash == hash && k->name_len == len && memcmp(k->name, name, len) == 0)
            return k;
    return NULL;
}

const nube_doc *nube_doc_get(const nube_doc *doc, const char *name)
{
    return name ? member(doc, name, strlen(name)) : NULL;
}

const nube_doc *nube_doc_path(const nube_doc *doc, const char *path)
{
    const char *dot;

    if (!path)
        return NULL;
    while (doc && (dot = strchr(path, '.'))) {
        doc = member(doc, path, (size_t)(dot - path));
        path = dot + 1;
    }
    return nube_doc_get(doc, path);
}

const nube_doc *nube_doc_first(const nube_doc *doc)
{
    return has_children(doc) ? doc->u.c.first : NULL;
}

const nube_doc *nube_doc_next(const nube_doc *doc)
{
    return doc ? doc->next : NULL;
}

size_t nube_doc_count(const nube_doc *doc)
{
    return has_children(doc) ? doc->u.c.count : 0;
}

const char *nube_doc_name(const nube_doc *doc)
{
    return doc ? doc->name : NULL;
}

const char *nube_doc_text(const nube_doc *doc)
{
    return has_text(doc) ? doc->u.s.text : NULL;
}

size_t nube_doc_text_len(const nube_doc *doc)
{
    return has_text(doc) ? doc->u.s.len : 0;
}

static bool is_number_like(const nube_doc *doc)
{
    return doc && (doc->type == NUBE_DOC_NUMBER || doc->type == NUBE_DOC_STRING);
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits with or without '-', nothing else: "1e3", "1.0", "+1" and " 1" are not whole numbers as
 * written. */
int nube_doc_as_int(const nube_doc *doc, int64_t *out)
{
    const char *p, *end;
    bool minus;
    int64_t v = 0;

    if (!is_number_like(doc))
        return 0;
    p = doc->u.s.text;
    end = p + doc->u.s.len;
    minus = p < end && *p == '-';
    p += minus;
    if (p == end)
        return 0;
    for (; p < end; p++) {
        if (!digit(*p) || __builtin_mul_overflow(v, 10, &v) ||
            __builtin_sub_overflow(v, *p - '0', &v))
            return 0;
    }
    if (!minus && v == INT64_MIN)
        return 0;
    *out = minus ? v : -v;
    return 1;
}

bool nube_doc_number_ok(const char *p, size_t len)
{
    const char *end = p + len;

    if (p < end && *p == '-')
        p++;
    if (p == end || !digit(*p))
        return false;
    if (*p++ != '0')
        while (p < end && digit(*p))
            p++;
    if (p < end && *p == '.') {
        if (++p == end || !digit(*p))
            return false;
        while (p < end && digit(*p))
            p++;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '+' || *p == '-'))
            p++;
        if (p == end || !digit(*p))
            return false;
        while (p < end && digit(*p))
            p++;
    }
    return p == end;
}

/* The point is a point whatever the application's locale. */
int nube_doc_as_number(const nube_doc *doc, double *out)
{
    locale_t c;
    double v;

    if (!is_number_like(doc) || !nube_doc_number_ok(doc->u.s.text, doc->u.s.len))
        return 0;
    c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c)
        return 0;
    v = strtod_l(doc->u.s.text, NULL, c);
    freelocale(c);
    if (!isfinite(v))
        return 0;
    *out = v;
    return 1;
}

int nube_doc_as_bool(const nube_doc *doc, int *out)
{
    if (!doc || (doc->type != NUBE_DOC_BOOL && doc->type != NUBE_DOC_STRING))
        return 0;
    if (doc->u.s.len == 4 && memcmp(doc->u.s.text, "true", 4) == 0)
        *out = 1;
    else if (doc->u.s.len == 5 && memcmp(doc->u.s.text, "false", 5) == 0)
        *out = 0;
    else
        return 0;
    return 1;
}

const char *nube_doc_str(const nube_doc *doc, const char *path)
{
    return nube_doc_text(nube_doc_path(doc, path));
}

int64_t nube_doc_int(const nube_doc *doc, const char *path, int64_t otherwise)
{
    int64_t v;

    return nube_doc_as_int(nube_doc_path(doc, path), &v) ? v : otherwise;
}

int nube_doc_bool(const nube_doc *doc, const char *path, int otherwise)
{
    int v;

    return nube_doc_as_bool(nube_doc_path(doc, path), &v) ? v : otherwise;
}
