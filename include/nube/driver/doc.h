/* Documents: JSON or XML replies as read-only trees with getters that accept NULL. */
#ifndef NUBE_DRIVER_DOC_H
#define NUBE_DRIVER_DOC_H

#include <nube/base.h>

NUBE_BEGIN

/*
 * A JSON value, or an XML element: its child elements are members by local name
 * (attributes too, as "@name"), repeated ones keep their order, and an element
 * without children is a string. Every getter accepts NULL and answers "absent",
 * so chains need no checks. Strings are UTF-8, terminated, and live as long as
 * the document: until the step or item function returns.
 */
typedef struct nube_doc nube_doc;

enum nube_doc_type {
    NUBE_DOC_ABSENT = 0,
    NUBE_DOC_NULL,
    NUBE_DOC_BOOL,
    NUBE_DOC_NUMBER,
    NUBE_DOC_STRING,
    NUBE_DOC_ARRAY,
    NUBE_DOC_OBJECT
};

NUBE_API enum nube_doc_type nube_doc_type(const nube_doc *doc);
/* The first member of that name; of an array: NULL. */
NUBE_API const nube_doc *nube_doc_get(const nube_doc *doc, const char *name);
/* A member of a member: "State.Health.Status"; names holding a dot need nube_doc_get(). */
NUBE_API const nube_doc *nube_doc_path(const nube_doc *doc, const char *path);

/* Children in order: for (k = nube_doc_first(d); k; k = nube_doc_next(k)). Of a scalar: none. */
NUBE_API const nube_doc *nube_doc_first(const nube_doc *doc);
NUBE_API const nube_doc *nube_doc_next(const nube_doc *doc);
NUBE_API size_t nube_doc_count(const nube_doc *doc);
/* The member's name; NULL for an element of an array and for the root. */
NUBE_API const char *nube_doc_name(const nube_doc *doc);

/* The value itself. Text of a string, a number (as written) or a boolean; NULL for anything else.
 */
NUBE_API const char *nube_doc_text(const nube_doc *doc);
/* Length of nube_doc_text(); strings may hold NUL when the JSON did. */
NUBE_API size_t nube_doc_text_len(const nube_doc *doc);
/* 1 and *out for a number or a string that is one whole number; else 0. */
NUBE_API int nube_doc_as_int(const nube_doc *doc, int64_t *out);
NUBE_API int nube_doc_as_number(const nube_doc *doc, double *out);
/* 1 and *out for true, false, "true", "false". */
NUBE_API int nube_doc_as_bool(const nube_doc *doc, int *out);

/* Short forms for a member by dotted path. */
NUBE_API const char *nube_doc_str(const nube_doc *doc, const char *path); /* NULL when absent */
NUBE_API int64_t nube_doc_int(const nube_doc *doc, const char *path, int64_t otherwise);
NUBE_API int nube_doc_bool(const nube_doc *doc, const char *path, int otherwise);

NUBE_END

#endif
