/* Images and sizes of the first generation, and the one place there is. */
#include <string.h>
#include <strings.h>

#include "first.h"

/* ---- Images ------------------------------------------------------------------------- */

static const struct nube_field_row image_rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"created", NUBE_CREATED, NUBE_TYPE_STRING, NULL},
    {"updated", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "updated"},
    {"progress", NUBE_FIELD_NONE, NUBE_TYPE_INT, "progress"},
    {"serverId", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "node"},
    {"minRam", NUBE_FIELD_NONE, NUBE_TYPE_INT, "min_ram"},
    {"minDisk", NUBE_FIELD_NONE, NUBE_TYPE_INT, "min_disk"},
};

/* Only what was made of a server is the account's own. */
static void emit_image(nube_call *c, const nube_doc *image)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_IMAGE);

    nova_fields(o, image, image_rows, NOVA_ROWS(image_rows));
    nube_set_state(o, nova_text(image, "status"));
    nube_set_bool(o, NUBE_PUBLIC, !nova_text(image, "serverId"));
}

static void image_listed(nube_call *c, const nube_doc *item)
{
    first_count(c);
    emit_image(c, item);
}

enum nube_step first_image_list(nube_call *c, const nube_reply *r)
{
    static const struct first_list l = {"images/detail", "images", image_listed};

    return first_list(c, r, &l);
}

static void image_found(nube_call *c, const nube_doc *item)
{
    const char *term = nube_arg_str(c, "term"), *name = nova_text(item, "name");
    const char *id = nova_text(item, "id");

    first_count(c);
    if ((name && strcasestr(name, term)) || (id && strstr(id, term)))
        emit_image(c, item);
}

enum nube_step first_image_search(nube_call *c, const nube_reply *r)
{
    static const struct first_list l = {"images/detail", "images", image_found};

    return first_list(c, r, &l);
}

static nube_req *image(nube_call *c, enum nube_method method)
{
    nube_req *q = first_request(c, method, "images");

    nube_req_seg(q, nube_arg_str(c, "id"));
    nube_req_about(q, nube_fmt(c, "image %s", nube_arg_str(c, "id")));
    return q;
}

enum nube_step first_image_get(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc;

    if (!r) {
        image(c, NUBE_GET);
        return NUBE_SEND;
    }
    doc = nova_member(c, r, "image", NUBE_DOC_OBJECT);
    if (!doc)
        return NUBE_FAIL;
    emit_image(c, doc);
    return NUBE_DONE;
}

enum nube_step first_image_create(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc;
    nube_json *j;

    if (!r) {
        j = nube_req_json(first_request(c, NUBE_POST, "images"));
        nube_json_object(j, "image");
        first_json_id(j, "serverId", nube_arg_str(c, "node"));
        nube_json_str(j, "name", nube_arg_str(c, "name"));
        return NUBE_SEND;
    }
    doc = nova_member(c, r, "image", NUBE_DOC_OBJECT);
    if (!doc)
        return NUBE_FAIL;
    nube_created(c, nova_text(doc, "id"));
    emit_image(c, doc);
    return NUBE_DONE;
}

enum nube_step first_image_delete(nube_call *c, const nube_reply *r)
{
    if (!r)
        nube_req_flag(image(c, NUBE_DELETE), NUBE_REQ_TOKENED);
    return first_send(c, r);
}

/* ---- Sizes -------------------------------------------------------------------------- */

static const struct nube_field_row size_rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"ram", NUBE_RAM, NUBE_TYPE_INT, NULL},
    {"disk", NUBE_DISK, NUBE_TYPE_INT, NULL},
};

static void size_listed(nube_call *c, const nube_doc *item)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_SIZE);

    first_count(c);
    nova_fields(o, item, size_rows, NOVA_ROWS(size_rows));
    nube_set(o, NUBE_DRIVER, nube_session_str(c, "driver"));
}

enum nube_step first_size_list(nube_call *c, const nube_reply *r)
{
    static const struct first_list l = {"flavors/detail", "flavors", size_listed};

    return first_list(c, r, &l);
}

/* ---- The place ---------------------------------------------------------------------- */

/* There is no call for it. */
enum nube_step first_location_list(nube_call *c, const nube_reply *r)
{
    const char *region = nube_session_str(c, "region");
    int uk = region && strcasecmp(region, "uk") == 0, us = region && strcasecmp(region, "us") == 0;
    nube_obj *o = nube_emit(c, NUBE_KIND_LOCATION);

    (void)r;
    nube_set(o, NUBE_ID, region);
    nube_set(o, NUBE_NAME, uk ? "London" : us ? "United States" : region);
    nube_set(o, NUBE_COUNTRY, uk ? "GB" : us ? "US" : NULL);
    nube_set(o, NUBE_LOCATION_KIND, "region");
    nube_set_bool(o, NUBE_DEFAULT, 1);
    return NUBE_DONE;
}
