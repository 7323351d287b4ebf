/* Key pairs: list, get, create, import, delete. A key pair has no id but its name. */
#include <string.h>

#include "nova.h"

/* From 2.2 on a key pair has a type, from 2.35 on their list has pages; from 2.92 on Nova makes
 * none. */
enum { KEYS = 35 };

static nube_obj *key(nube_call *c, const nube_doc *doc)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_KEY);
    const char *type = nova_text(doc, "type");

    nube_set(o, NUBE_ID, nova_text(doc, "name"));
    nube_set(o, NUBE_NAME, nova_text(doc, "name"));
    nube_set_time(o, NUBE_CREATED, nova_text(doc, "created_at"));
    nube_extra(o, "key_type", type);
    nube_set(o, NUBE_PUBLIC_KEY, nova_text(doc, "public_key"));
    nube_add(o, NUBE_FINGERPRINTS, nova_text(doc, "fingerprint"));
    if (!type || strcmp(type, "ssh") == 0)
        nube_add_fingerprints(c, o, nova_text(doc, "public_key"));
    return o;
}

/* {"keypairs": [{"keypair": {...}}]} */
static void listed(nube_call *c, const nube_doc *item)
{
    const nube_doc *inner = nube_doc_get(item, "keypair");

    key(c, inner ? inner : item);
}

enum nube_step nova_key_list(nube_call *c, const nube_reply *r)
{
    static const struct nova_list l = {"compute", "os-keypairs", "keypairs", listed, KEYS, NULL};

    return nova_list(c, r, &l);
}

static nube_req *named(nube_call *c, enum nube_method method)
{
    nube_req *q = nova_request(c, method, KEYS);

    nube_req_path(q, "os-keypairs");
    nube_req_seg(q, nube_arg_str(c, "id"));
    nube_req_about(q, nube_fmt(c, "key %s", nube_arg_str(c, "id")));
    return q;
}

enum nube_step nova_key_get(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc;

    if (!r) {
        named(c, NUBE_GET);
        return NUBE_SEND;
    }
    doc = nova_member(c, r, "keypair", NUBE_DOC_OBJECT);
    if (!doc)
        return NUBE_FAIL;
    key(c, doc);
    return NUBE_DONE;
}

static enum nube_step made(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc = nova_member(c, r, "keypair", NUBE_DOC_OBJECT);
    nube_obj *o;

    if (!doc)
        return NUBE_FAIL;
    nube_secret(c, nova_text(doc, "private_key"));
    nube_created(c, nova_text(doc, "name"));
    o = key(c, doc);
    nube_set(o, NUBE_PRIVATE_KEY, nova_text(doc, "private_key"));
    return NUBE_DONE;
}

static enum nube_step make(nube_call *c, const char *public_key)
{
    const char *type = nube_arg_str(c, "type");
    nube_req *q = nova_request(c, NUBE_POST, KEYS);
    nube_json *j = nube_req_json(q);

    nube_req_path(q, "os-keypairs");
    nube_json_object(j, "keypair");
    nube_json_str(j, "name", nube_arg_str(c, "name"));
    nube_json_str(j, "public_key", public_key);
    if (type && nova_minor(c, KEYS) < 2 && strcmp(type, "ssh") != 0)
        return nube_fail(c, NUBE_E_UNSUPPORTED,
                         "type: this cloud's Nova (before version 2.2) knows ssh keys only");
    if (nova_minor(c, KEYS) >= 2)
        nube_json_str(j, "type", type);
    return NUBE_SEND;
}

enum nube_step nova_key_create(nube_call *c, const nube_reply *r)
{
    return r ? made(c, r) : make(c, NULL);
}

enum nube_step nova_key_import(nube_call *c, const nube_reply *r)
{
    return r ? made(c, r) : make(c, nube_arg_str(c, "public_key"));
}

enum nube_step nova_key_delete(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nube_req_flag(named(c, NUBE_DELETE), NUBE_REQ_TOKENED);
    return NUBE_SEND;
}
