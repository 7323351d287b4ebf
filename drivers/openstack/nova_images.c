/* Images: list, search, get, and how the fields of Glance's become Nube's. */
#include <string.h>
#include <strings.h>

#include "nova.h"

static const struct nube_field_row rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"architecture", NUBE_ARCHITECTURE, NUBE_TYPE_STRING, NULL},
    {"os_type", NUBE_OS, NUBE_TYPE_STRING, NULL},
    {"os_distro", NUBE_DISTRIBUTION, NUBE_TYPE_STRING, NULL},
    {"owner", NUBE_OWNER, NUBE_TYPE_STRING, NULL},
    {"created_at", NUBE_CREATED, NUBE_TYPE_STRING, NULL},
    {"description", NUBE_DESCRIPTION, NUBE_TYPE_STRING, NULL},
};
/* Neither a field nor worth an extra value. */
static const char *const dropped[] = {"self",       "file",     "schema",        "status",
                                      "direct_url", "location", "os_hash_value", "os_hash_algo"};

static int is_taken(const char *name)
{
    size_t i;

    for (i = 0; i < NOVA_ROWS(rows); i++)
        if (strcmp(name, rows[i].path) == 0)
            return 1;
    for (i = 0; i < NOVA_ROWS(dropped); i++)
        if (strcmp(name, dropped[i]) == 0)
            return 1;
    return 0;
}

/* Whatever else an image has, its own properties among it. */
static void add_extra(nube_obj *o, const nube_doc *image)
{
    const nube_doc *k;

    for (k = nube_doc_first(image); k; k = nube_doc_next(k))
        if (nube_doc_name(k) && nova_filled(nube_doc_text(k)) && !is_taken(nube_doc_name(k)))
            nube_extra_doc(o, nube_doc_name(k), k);
}

void nova_emit_image(nube_call *c, nube_obj *o, const nube_doc *image)
{
    const char *visibility = nova_text(image, "visibility");
    const nube_doc *k;

    if (nova_has_own_images(c)) {
        nova_emit_own_image(c, o, image);
        return;
    }
    nova_fields(o, image, rows, NOVA_ROWS(rows));
    nube_set_state(o, nova_text(image, "status"));
    if (visibility)
        nube_set_bool(o, NUBE_PUBLIC, strcmp(visibility, "public") == 0);
    for (k = nube_doc_first(nube_doc_get(image, "tags")); k; k = nube_doc_next(k))
        if (nube_doc_text(k))
            nube_add_pair(o, NUBE_TAGS, nube_doc_text(k), "");
    add_extra(o, image);
}

static void listed(nube_call *c, const nube_doc *item)
{
    nova_emit_image(c, nube_emit(c, NUBE_KIND_IMAGE), item);
}

/* Glance gives 25 a page unless it is asked for more. */
static void large_pages(nube_call *c, nube_req *q)
{
    if (!nube_opt_str(c, "page_size") && !nova_has_own_images(c))
        nube_req_query_int(q, "limit", 1000);
}

static void narrow(nube_call *c, nube_req *q)
{
    large_pages(c, q);
    nube_req_query(q, "name", nube_arg_str(c, "name"));
    nube_req_query(q, "status", nube_arg_str(c, "status"));
    if (nova_has_own_images(c)) {
        nube_req_query(q, "server", nube_arg_str(c, "node"));
        nube_req_query(q, "type", nube_arg_str(c, "type"));
        nube_req_query(q, "changes-since", nube_arg_str(c, "changes_since"));
        return;
    }
    nube_req_query(q, "id", nube_arg_str(c, "id"));
    nube_req_query(q, "owner", nube_arg_str(c, "owner"));
    nube_req_query(q, "visibility", nube_arg_str(c, "visibility"));
    nube_req_query(q, "member_status", nube_arg_str(c, "member_status"));
}

enum nube_step nova_image_list(nube_call *c, const nube_reply *r)
{
    static const struct nova_list glance = {"image", "images", "images", listed, 0, narrow},
                                  own = {"compute", "images/detail", "images",
                                         listed,    NOVA_PLAIN,      narrow};

    return nova_list(c, r, nova_has_own_images(c) ? &own : &glance);
}

/* ---- Search ------------------------------------------------------------------------- */

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

    if (holds(nova_text(item, "name"), term) || holds(nova_text(item, "id"), term))
        listed(c, item);
}

enum { WHOLE, WITHOUT_COMMUNITY };

/* Community images are in no other list; an older Glance does not know the word for all. */
static void everything(nube_call *c, nube_req *q)
{
    const char *visibility = nube_arg_str(c, "visibility");

    if (nova_has_own_images(c)) {
        nube_req_query(q, "status", "ACTIVE");
        return;
    }
    large_pages(c, q);
    nube_req_query(q, "status", "active");
    if (!visibility && nube_phase(c) == WHOLE) {
        visibility = "all";
        nube_req_allow(q, 400);
    }
    nube_req_query(q, "visibility", visibility);
}

enum nube_step nova_image_search(nube_call *c, const nube_reply *r)
{
    static const struct nova_list glance = {"image", "images", "images", found, 0, everything},
                                  own = {"compute", "images/detail", "images",
                                         found,     NOVA_PLAIN,      everything};

    if (nube_reply_status(r) == 400) {
        nube_set_phase(c, WITHOUT_COMMUNITY);
        r = NULL;
    }
    return nova_list(c, r, nova_has_own_images(c) ? &own : &glance);
}

/* ---- One image ---------------------------------------------------------------------- */

nube_req *nova_image(nube_call *c, enum nube_method method, const char *id)
{
    nube_req *q = nova_has_own_images(c) ? nova_request(c, method, NOVA_PLAIN)
                                         : nova_service(c, method, "image");

    nube_req_path(q, "images");
    nube_req_seg(q, id);
    nube_req_about(q, nube_fmt(c, "image %s", id));
    return q;
}

/* Glance gives the image itself, Nova a member of that name. */
const nube_doc *nova_image_of(nube_call *c, const nube_reply *r)
{
    if (nova_has_own_images(c))
        return nova_member(c, r, "image", NUBE_DOC_OBJECT);
    return nova_member(c, r, "id", NUBE_DOC_STRING) ? nube_reply_doc(r) : NULL;
}

enum nube_step nova_image_get(nube_call *c, const nube_reply *r)
{
    const nube_doc *image;

    if (!r) {
        nova_image(c, NUBE_GET, nube_arg_str(c, "id"));
        return NUBE_SEND;
    }
    image = nova_image_of(c, r);
    if (!image)
        return NUBE_FAIL;
    listed(c, image);
    return NUBE_DONE;
}
