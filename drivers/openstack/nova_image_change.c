/* Images made, deleted, shared and shown to others. */
#include <string.h>

#include "nova.h"

enum phase { BEGIN, SNAPPED, REGISTERED, UPLOADED, SHOW };

struct make {
    const char *id;
    nube_obj *image; /* emitted as soon as it exists */
};

/* What only Glance has. */
static nube_req *glance(nube_call *c, enum nube_method method, const char *id, const char *path)
{
    nube_req *q = nova_service(c, method, "image");

    nube_req_path(q, "images");
    nube_req_seg(q, id);
    if (path)
        nube_req_path(q, path);
    nube_req_about(q, nube_fmt(c, "image %s", id));
    return q;
}

/* ---- Create ------------------------------------------------------------------------- */

static void exists(nube_call *c, struct make *s)
{
    nube_created(c, s->id);
    s->image = nube_emit(c, NUBE_KIND_IMAGE);
    nube_set(s->image, NUBE_ID, s->id);
    nube_set(s->image, NUBE_NAME, nube_arg_str(c, "name"));
    nube_set_state(s->image, "queued");
}

static enum nube_step show(nube_call *c, const struct make *s)
{
    nova_image(c, NUBE_GET, s->id);
    return nova_send(c, SHOW);
}

/* In the body from 2.45 on, before that as the end of an address. */
static enum nube_step snapped(nube_call *c, struct make *s, const nube_reply *r)
{
    const char *where = nube_reply_header(r, "Location");
    const char *slash = where ? strrchr(where, '/') : NULL;
    const char *id = nova_text(nube_reply_doc(r), "image_id");

    s->id = nube_strdup(c, id ? id : slash ? nova_filled(slash + 1) : NULL);
    if (!s->id)
        return nube_fail(c, NUBE_E_PROTOCOL, "the reply does not name the new image");
    exists(c, s);
    return show(c, s);
}

static enum nube_step snap(nube_call *c)
{
    nube_json *j = nube_req_json(nova_act(c, "createImage", 0));

    nube_json_str(j, "name", nube_arg_str(c, "name"));
    nova_json_pairs(c, j, "metadata", "metadata");
    return nova_send(c, SNAPPED);
}

static enum nube_step register_image(nube_call *c)
{
    const char *disk = nube_arg_str(c, "disk_format");
    nube_req *q = nova_service(c, NUBE_POST, "image");
    nube_json *j = nube_req_json(q);
    const char *key, *value;
    size_t i;

    nube_req_path(q, "images");
    nube_json_str(j, "name", nube_arg_str(c, "name"));
    nube_json_str(j, "disk_format", disk ? disk : "qcow2");
    nube_json_str(j, "container_format", "bare");
    nube_json_str(j, "visibility", nube_arg_str(c, "visibility"));
    for (i = 0; nube_arg_pair(c, "metadata", i, &key, &value); i++)
        nube_json_str(j, key, value);
    return nova_send(c, REGISTERED);
}

/* An image without data would stay queued for ever: it goes when the upload fails. */
static enum nube_step registered(nube_call *c, struct make *s, const nube_reply *r)
{
    const nube_doc *id = nova_member(c, r, "id", NUBE_DOC_STRING);

    if (!id)
        return NUBE_FAIL;
    s->id = nube_strdup(c, nube_doc_text(id));
    exists(c, s);
    nube_undo(c, NUBE_OP_IMAGE_DELETE, s->id, NULL);
    nube_req_body_input(glance(c, NUBE_PUT, s->id, "file"), "application/octet-stream");
    return nova_send(c, UPLOADED);
}

static enum nube_step begin(nube_call *c)
{
    if (nube_arg_str(c, "node") && nube_arg_str(c, "source"))
        return nube_fail(c, NUBE_E_USAGE, "an image is made from a node or from a file, not both");
    if (nube_arg_str(c, "node"))
        return snap(c);
    if (nube_arg_str(c, "source"))
        return register_image(c);
    return nube_fail(c, NUBE_E_USAGE, "say what to make the image from: a node, or a file");
}

enum nube_step nova_image_create(nube_call *c, const nube_reply *r)
{
    struct make *s = nube_state(c, sizeof(*s));
    const nube_doc *image;

    switch ((enum phase)nube_phase(c)) {
    case SNAPPED:
        return snapped(c, s, r);
    case REGISTERED:
        return registered(c, s, r);
    case UPLOADED:
        nube_keep(c);
        return show(c, s);
    case SHOW:
        image = nova_image_of(c, r);
        if (image)
            nova_emit_image(c, s->image, image);
        return image ? NUBE_DONE : NUBE_FAIL;
    case BEGIN:
        break;
    }
    return begin(c);
}

enum nube_step nova_image_delete(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nube_req_flag(nova_image(c, NUBE_DELETE, nube_arg_str(c, "id")), NUBE_REQ_TOKENED);
    return NUBE_SEND;
}

/* ---- Members ------------------------------------------------------------------------ */

/* A line each: the project, and whether it has accepted. */
enum nube_step nova_image_members(nube_call *c, const nube_reply *r)
{
    const nube_doc *members, *k;
    const char *line;

    if (!r) {
        glance(c, NUBE_GET, nube_arg_str(c, "id"), "members");
        return NUBE_SEND;
    }
    members = nova_member(c, r, "members", NUBE_DOC_ARRAY);
    if (!members)
        return NUBE_FAIL;
    for (k = nube_doc_first(members); k; k = nube_doc_next(k)) {
        line = nube_fmt(c, "%s %s\n", nova_text(k, "member_id") ? nova_text(k, "member_id") : "?",
                        nova_text(k, "status") ? nova_text(k, "status") : "?");
        nube_out_data(c, NUBE_STDOUT, line, strlen(line));
    }
    return NUBE_DONE;
}

enum nube_step nova_image_share(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = glance(c, NUBE_POST, nube_arg_str(c, "id"), "members");
    nube_json_str(nube_req_json(q), "member", nube_arg_str(c, "project"));
    return NUBE_SEND;
}

enum nube_step nova_image_unshare(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = glance(c, NUBE_DELETE, nube_arg_str(c, "id"), "members");
    nube_req_seg(q, nube_arg_str(c, "project"));
    nube_req_flag(q, NUBE_REQ_TOKENED);
    return NUBE_SEND;
}

/* By the project that an image was shared with: only then it is in its lists. */
enum nube_step nova_image_accept(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    if (!nube_session_str(c, "project_id"))
        return nube_fail(c, NUBE_E_USAGE, "the account's project is not known: log in with one");
    q = glance(c, NUBE_PUT, nube_arg_str(c, "id"), "members");
    nube_req_seg(q, nube_session_str(c, "project_id"));
    nube_req_flag(q, NUBE_REQ_TOKENED);
    nube_json_str(nube_req_json(q), "status",
                  nube_arg_bool(c, "accept", 1) ? "accepted" : "rejected");
    return NUBE_SEND;
}

enum nube_step nova_image_visibility(nube_call *c, const nube_reply *r)
{
    const char *text;
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = glance(c, NUBE_PATCH, nube_arg_str(c, "id"), NULL);
    text = nube_fmt(c, "[{\"op\":\"replace\",\"path\":\"/visibility\",\"value\":\"%s\"}]",
                    nube_arg_str(c, "visibility"));
    nube_req_body(q, "application/openstack-images-v2.1-json-patch", text, strlen(text));
    nube_req_flag(q, NUBE_REQ_TOKENED);
    return NUBE_SEND;
}
