/* Objects filled from documents: extra values of any type, and tables of members. */
#include <nube/driver/driver.h>

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

void nube_set_fields(nube_obj *o, const nube_doc *doc, const struct nube_field_row *rows,
                     size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        const struct nube_field_row *row = &rows[i];
        const nube_doc *value = nube_doc_path(doc, row->path);

        if (row->field != NUBE_FIELD_NONE)
            set_field(o, (enum nube_field)row->field, row->type, value);
        else
            extra_typed(o, row->extra ? row->extra : row->path, row->type, value);
    }
}
