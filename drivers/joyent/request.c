/* Requests and replies that all verbs make alike. */
#include <string.h>

#include "joyent.h"

/* Both headers: the API's first versions read the second only. */
nube_req *joy_request(nube_call *c, enum nube_method method, const char *path)
{
    nube_req *q = nube_req_new(c, method, "cloudapi");
    const char *version = nube_session_str(c, "version");

    nube_req_seg(q, nube_session_str(c, "path"));
    if (path)
        nube_req_path(q, path);
    nube_req_query(q, "as-role", nube_session_str(c, "role"));
    nube_req_header(q, "Accept", "application/json");
    nube_req_header(q, "Accept-Version", version);
    nube_req_header(q, "X-Api-Version", version);
    return q;
}

nube_req *joy_machine(nube_call *c, enum nube_method method, const char *path)
{
    const char *id = nube_arg_str(c, "id") ? nube_arg_str(c, "id") : nube_arg_str(c, "node");
    nube_req *q = joy_request(c, method, "machines");

    nube_req_seg(q, id);
    if (path)
        nube_req_path(q, path);
    nube_req_about(q, nube_fmt(c, "node %s", id));
    return q;
}

nube_req *joy_act(nube_call *c, const char *action)
{
    nube_req *q = joy_machine(c, NUBE_POST, NULL);

    nube_req_query(q, "action", action);
    nube_req_flag(q, NUBE_REQ_TOKENED);
    return q;
}

enum nube_step joy_send(nube_call *c, int phase)
{
    nube_set_phase(c, phase);
    return NUBE_SEND;
}

const nube_doc *joy_array(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc = nube_reply_doc(r);

    if (nube_doc_type(doc) == NUBE_DOC_ARRAY)
        return doc;
    nube_fail(c, NUBE_E_PROTOCOL,
              "the reply is no list, as CloudAPI gives here: is the endpoint CloudAPI's?");
    return NULL;
}

const nube_doc *joy_object(nube_call *c, const nube_reply *r, const char *member)
{
    const nube_doc *doc = nube_reply_doc(r);

    if (nube_doc_type(doc) == NUBE_DOC_OBJECT && (!member || joy_text(doc, member)))
        return doc;
    nube_fail(c, NUBE_E_PROTOCOL,
              "the reply has no \"%s\", as CloudAPI gives here: is the "
              "endpoint CloudAPI's?",
              member ? member : "members");
    return NULL;
}

int joy_flag(nube_call *c, const char *name)
{
    return nube_arg_str(c, name) ? nube_arg_bool(c, name, 0) : -1;
}

const char *joy_filled(const char *text)
{
    return text && *text ? text : NULL;
}

const char *joy_text(const nube_doc *doc, const char *path)
{
    return joy_filled(nube_doc_str(doc, path));
}

void joy_fields(nube_obj *o, const nube_doc *doc, const struct nube_field_row *rows, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (joy_text(doc, rows[i].path))
            nube_set_fields(o, doc, &rows[i], 1);
}
