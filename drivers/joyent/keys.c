/* SSH keys of the account, or of one of its users: list, get, import, delete. */
#include "joyent.h"

static void key(nube_call *c, const nube_doc *doc)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_KEY);

    nube_set(o, NUBE_ID, joy_text(doc, "name"));
    nube_set(o, NUBE_NAME, joy_text(doc, "name"));
    nube_set(o, NUBE_PUBLIC_KEY, joy_text(doc, "key"));
    nube_add(o, NUBE_FINGERPRINTS, joy_text(doc, "fingerprint"));
    nube_add_fingerprints(c, o, joy_text(doc, "key"));
    nube_extra_doc(o, "attested", nube_doc_get(doc, "attested"));
}

static nube_req *request(nube_call *c, enum nube_method method)
{
    const char *user = nube_arg_str(c, "user");
    nube_req *q = joy_request(c, method, user ? "users" : "keys");

    if (user) {
        nube_req_seg(q, user);
        nube_req_path(q, "keys");
    }
    return q;
}

static nube_req *named(nube_call *c, enum nube_method method)
{
    nube_req *q = request(c, method);

    nube_req_seg(q, nube_arg_str(c, "id"));
    nube_req_about(q, nube_fmt(c, "key %s", nube_arg_str(c, "id")));
    return q;
}

enum nube_step joy_key_list(nube_call *c, const nube_reply *r)
{
    if (r)
        return joy_array(c, r) ? NUBE_DONE : NUBE_FAIL;
    nube_req_items(request(c, NUBE_GET), "", key);
    return NUBE_SEND;
}

static enum nube_step shown(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc = joy_object(c, r, "name");

    if (!doc)
        return NUBE_FAIL;
    key(c, doc);
    return NUBE_DONE;
}

enum nube_step joy_key_get(nube_call *c, const nube_reply *r)
{
    if (r)
        return shown(c, r);
    named(c, NUBE_GET);
    return NUBE_SEND;
}

enum nube_step joy_key_import(nube_call *c, const nube_reply *r)
{
    nube_json *j;

    if (r) {
        nube_created(c, joy_text(nube_reply_doc(r), "name"));
        return shown(c, r);
    }
    j = nube_req_json(request(c, NUBE_POST));
    nube_json_str(j, "name", nube_arg_str(c, "name"));
    nube_json_str(j, "key", nube_arg_str(c, "public_key"));
    return NUBE_SEND;
}

enum nube_step joy_key_delete(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nube_req_flag(named(c, NUBE_DELETE), NUBE_REQ_TOKENED);
    return NUBE_SEND;
}
