/* Images: list, search, get. All are starred to begin with, as mist.io had them. */
#include <string.h>
#include <strings.h>

#include "nephoscale.h"

static const struct nube_field_row rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"friendly_name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"architecture", NUBE_ARCHITECTURE, NUBE_TYPE_STRING, NULL},
    {"base_type", NUBE_OS, NUBE_TYPE_STRING, NULL},
    {"is_default", NUBE_DEFAULT, NUBE_TYPE_BOOL, NULL},
    {"create_time", NUBE_CREATED, NUBE_TYPE_STRING, NULL},
};
/* What every image of a listing has, null when the record does not have it: as mist.io shows
 * images of this provider. */
static const char *const listed_extra[] = {"architecture", "billable_type", "cores", "disks",
                                           "pcpus",        "storage",       "uri"};
/* What only a look at one image adds. */
static const char *const single_extra[] = {"deployable_type", "has_agent", "max_cpu", "max_memory"};

static nube_obj *emit(nube_call *c, const nube_doc *image)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_IMAGE);
    const nube_doc *active = nube_doc_get(image, "is_active"), *value;
    size_t i;

    nepho_fields(o, image, rows, NEPHO_ROWS(rows));
    nube_set_bool(o, NUBE_STAR, 1);
    if (active)
        nube_set_state(o, nube_doc_bool(image, "is_active", 1) ? "active" : "inactive");
    for (i = 0; i < NEPHO_ROWS(listed_extra); i++) {
        value = nube_doc_get(image, listed_extra[i]);
        if (value && nube_doc_text(value))
            nube_extra_doc(o, listed_extra[i], value);
        else
            nube_extra_null(o, listed_extra[i]);
    }
    return o;
}

static void listed(nube_call *c, const nube_doc *item)
{
    nepho_counted(c, 0);
    emit(c, item);
}

static void narrow(nube_call *c, nube_req *q)
{
    nube_req_query(q, "region", nube_arg_str(c, "region"));
}

enum nube_step nepho_image_list(nube_call *c, const nube_reply *r)
{
    return nepho_list(c, r, "image/server", listed, narrow);
}

static int holds(const char *text, const char *part)
{
    size_t n = strlen(part);

    for (; text && *text; text++)
        if (strncasecmp(text, part, n) == 0)
            return 1;
    return 0;
}

static void found(nube_call *c, const nube_doc *item)
{
    const char *term = nube_arg_str(c, "term");

    nepho_counted(c, 0);
    if (holds(nepho_text(item, "friendly_name"), term) || holds(nepho_text(item, "id"), term))
        emit(c, item);
}

/* The provider has no search of its own. */
enum nube_step nepho_image_search(nube_call *c, const nube_reply *r)
{
    return nepho_list(c, r, "image/server", found, NULL);
}

enum nube_step nepho_image_get(nube_call *c, const nube_reply *r)
{
    const char *id = nube_arg_str(c, "id");
    const nube_doc *image;
    nube_obj *o;
    size_t i;

    if (!r) {
        nube_req_about(nepho_request(c, NUBE_GET, "image/server", id), nube_fmt(c, "image %s", id));
        return NUBE_SEND;
    }
    image = nepho_first(r);
    if (!image)
        return nube_fail(c, NUBE_E_NOT_FOUND, "there is no image %s", id);
    o = emit(c, image);
    for (i = 0; i < NEPHO_ROWS(single_extra); i++)
        nube_extra_doc(o, single_extra[i], nube_doc_get(image, single_extra[i]));
    return NUBE_DONE;
}
