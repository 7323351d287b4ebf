/* Objects filled from documents: extra values of any type, and tables of members. */
#include <nube/driver/driver.h>

#include "doc_build.h"
#include "object_int.h"

void nube_extra_doc(nube_obj *o, const char *name, const nube_doc *value)
{
    int64_t whole;
    double real;
    int flag;

    switch (nube_doc_type(value)) {
    case NUBE_DOC_NULL:
        nube_extra_null(o, name);
        break;
    case NUBE_DOC_BOOL:
        if (nube_doc_as_bool(value, &flag))
            nube_extra_bool(o, name, flag);
        break;
    case NUBE_DOC_NUMBER:
        if (nube_doc_as_int(value, &whole))
            nube_extra_int(o, name, whole);
        else if (nube_doc_as_number(value, &real))
            nube_extra_number(o, name, real);
        break;
    case NUBE_DOC_STRING:
        nube_extra(o, name, nube_doc_text(value));
        break;
    default:
        break;
    }
}

/* XML has only text: the row says what it means. What does not fit stays as it is. */
static void extra_typed(nube_obj *o, const char *name, uint32_t type, const nube_doc *value)
{
    enum nube_doc_type is = nube_doc_type(value);
    int64_t whole;
    double real;
    int flag;

    if (is != NUBE_DOC_STRING && is != NUBE_DOC_NUMBER)
        nube_extra_doc(o, name, value);
    else if (type == NUBE_TYPE_INT && nube_doc_as_int(value, &whole))
        nube_extra_int(o, name, whole);
    else if (type == NUBE_TYPE_NUMBER && nube_doc_as_number(value, &real))
        nube_extra_number(o, name, real);
    else if (type == NUBE_TYPE_BOOL && nube_doc_as_bool(value, &flag))
        nube_extra_bool(o, name, flag);
    else if (type == NUBE_TYPE_STRING)
        nube_extra(o, name, nube_doc_text(value));
    else
        nube_extra_doc(o, name, value);
}

static void set_field(nube_obj *o, enum nube_field field, uint32_t type, const nube_doc *value)
{
    const nube_doc *k;
    int flag;

    if (nube_field_type(field) == NUBE_TYPE_LIST && nube_doc_first(value)) {
        for (k = nube_doc_first(value); k; k = nube_doc_next(k))
            nube_add(o, field, nube_doc_text(k));
    } else if (nube_field_type(field) == NUBE_TYPE_PAIR) {
        for (k = nube_doc_first(value); k; k = nube_doc_next(k))
            nube_add_pair(o, field, nube_doc_name(k), nube_doc_text(k));
    } else if (field == NUBE_STATE) {
        nube_set_state(o, nube_doc_text(value));
    } else if (field == NUBE_CREATED && type == NUBE_TYPE_STRING) {
        nube_set_time(o, field, nube_doc_text(value));
    } else if (type == NUBE_TYPE_BOOL && nube_doc_as_bool(value, &flag)) {
        nube_set_bool(o, field, flag);
    } else {
        nube_set(o, field, nube_doc_text(value));
    }
}

/* ---- Tables of members ------------------------------------------------------------- */

enum { BATCH = 64 }; /* rows looked for in one walk */

/* The first name of each row's path, to be found by its hash. */
struct wanted {
    uint8_t first[BATCH]; /* by the low bits of a hash: the first row, 1 based; 0: none */
    struct {
        uint32_t hash, len;
        uint8_t next; /* row with the same bits, 1 based; 0: none */
    } row[BATCH];
};

static void want(struct wanted *w, const struct nube_field_row *rows, size_t count)
{
    size_t i;

    memset(w->first, 0, sizeof(w->first));
    for (i = 0; i < count; i++) {
        const char *path = rows[i].path;
        size_t n = 0;
        uint8_t *place;

        while (path[n] && path[n] != '.')
            n++;
        w->row[i].len = (uint32_t)n;
        w->row[i].hash = nube_doc_hash(path, n);
        place = &w->first[w->row[i].hash % BATCH];
        w->row[i].next = *place;
        *place = (uint8_t)(i + 1);
    }
}

static void find(const nube_doc **values, const nube_doc *doc, const struct nube_field_row *rows,
                 size_t count)
{
    const nube_doc *k;
    struct wanted w;
    size_t i;

    want(&w, rows, count);
    memset(values, 0, count * sizeof(const nube_doc *));
    for (k = nube_doc_first(doc); k; k = k->next)
        for (i = w.first[k->hash % BATCH]; i; i = w.row[i - 1].next)
            if (!values[i - 1] && w.row[i - 1].hash == k->hash && w.row[i - 1].len == k->name_len &&
                memcmp(rows[i - 1].path, k->name, k->name_len) == 0)
                values[i - 1] = k;
    for (i = 0; i < count; i++)
        if (rows[i].path[w.row[i].len] == '.')
            values[i] = nube_doc_path(values[i], rows[i].path + w.row[i].len + 1);
}

void nube_doc_find(const nube_doc **values, const nube_doc *doc, const struct nube_field_row *rows,
                   size_t count)
{
    size_t n;

    if (nube_doc_type(doc) != NUBE_DOC_OBJECT)
        doc = NULL; /* elements of an array have no names */
    for (; count; count -= n, values += n, rows += n) {
        n = count < BATCH ? count : BATCH;
        find(values, doc, rows, n);
    }
}

static void set_row(nube_obj *o, const struct nube_field_row *row, const nube_doc *value)
{
    if (row->field != NUBE_FIELD_NONE)
        set_field(o, (enum nube_field)row->field, row->type, value);
    else
        extra_typed(o, row->extra ? row->extra : row->path, row->type, value);
}

void nube_set_fields(nube_obj *o, const nube_doc *doc, const struct nube_field_row *rows,
                     size_t count)
{
    const nube_doc *values[BATCH];
    size_t i, n;

    for (; count; count -= n, rows += n) {
        n = count < BATCH ? count : BATCH;
        nube_doc_find(values, doc, rows, n);
        for (i = 0; i < n; i++)
            set_row(o, &rows[i], values[i]);
    }
}
