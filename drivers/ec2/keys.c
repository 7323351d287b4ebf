/* Key pairs: list, get, create, import, delete, and their many fingerprints. */
#include <string.h>

#include "ec2.h"

enum { TRIES = 5, AGAIN_MS = 1000 };

static const struct nube_field_row rows[] = {
    {"keyPairId", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"keyName", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"publicKey", NUBE_PUBLIC_KEY, NUBE_TYPE_STRING, NULL},
    {"createTime", NUBE_CREATED, NUBE_TYPE_STRING, NULL},
    {"keyType", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "key_type"},
};

/* ---- Fingerprints ------------------------------------------------------------------- */

/*
 * EC2's own is of another thing each time: 20 octets are the SHA-1 of the private key
 * that EC2 made, 16 the MD5 of an imported RSA key in DER, and base64 the SHA-256 of an
 * ED25519 key, which alone is what ssh-keygen shows.
 */
static void of_provider(nube_call *c, nube_obj *o, const char *text)
{
    size_t len = text ? strlen(text) : 0;

    if (!len)
        return;
    nube_extra(o, "fingerprint", text);
    if (!strchr(text, ':')) {
        nube_extra(o, "fingerprint_of", "sha256 of the public key");
        nube_add(o, NUBE_FINGERPRINTS, nube_fmt(c, "SHA256:%.*s", (int)strcspn(text, "="), text));
        return;
    }
    nube_extra(o, "fingerprint_of",
               len == 59   ? "sha1 of the private key in DER"
               : len == 47 ? "md5 of the public key in DER"
                           : "unknown");
    nube_add(o, NUBE_FINGERPRINTS, text);
}

static nube_obj *key(nube_call *c, const nube_doc *doc)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_KEY);

    ec2_fields(c, o, doc, rows, EC2_ROWS(rows));
    nube_add_fingerprints(c, o, ec2_text(c, doc, "publicKey"));
    of_provider(c, o, ec2_text(c, doc, "keyFingerprint"));
    return o;
}

/* ---- Verbs -------------------------------------------------------------------------- */

static void listed(nube_call *c, const nube_doc *item)
{
    key(c, item);
}

static void narrow(nube_call *c, nube_req *q)
{
    struct ec2_filters f = {q, 0, 0};

    nube_req_form(q, "IncludePublicKey", "true");
    ec2_filter(c, &f, "key-name", nube_arg_str(c, "name"));
    ec2_filter(c, &f, "key-pair-id", nube_arg_str(c, "id"));
    ec2_filter_tags(c, &f);
}

/* The tag filter is EC2's alone: keys have no tags here. */
enum nube_step ec2_key_list(nube_call *c, const nube_reply *r)
{
    static const struct ec2_list l = {"DescribeKeyPairs", "keySet", listed, 0, narrow};
    int region = ec2_region_arg(c);

    nube_filter_done(c, "tag");
    return region < 0 ? NUBE_FAIL : ec2_list(c, r, &l, region);
}

/* A key is named by its name, or by the id that EC2 gave it. */
static const char *name_param(const char *name, const char *by_id, const char *by_name)
{
    return strncmp(name, "key-", 4) == 0 && strlen(name) == 21 ? by_id : by_name;
}

/* One that was made a moment ago is looked for again: keys have no state to be pending in. */
static enum nube_step missing(nube_call *c, const char *id, int region)
{
    int tries = nube_phase(c);

    if (!nube_was_created(c, id) || tries == TRIES)
        return nube_fail(c, NUBE_E_NOT_FOUND, "there is no key %s in %s", id,
                         ec2_region_name(c, region));
    nube_set_phase(c, tries + 1);
    nube_call_delay(c, AGAIN_MS);
    return NUBE_WAIT;
}

enum nube_step ec2_key_get(nube_call *c, const nube_reply *r)
{
    const char *id = nube_arg_str(c, "id");
    int region = ec2_region_arg(c);
    struct ec2_filters f = {NULL, 0, 0};
    const nube_doc *doc, *found;

    if (region < 0)
        return NUBE_FAIL;
    if (!r) {
        f.q = ec2_read(c, region, "DescribeKeyPairs");
        nube_req_form(f.q, "IncludePublicKey", "true");
        ec2_filter(c, &f, name_param(id, "key-pair-id", "key-name"), id);
        return NUBE_SEND;
    }
    doc = ec2_reply(c, r, "keySet");
    found = nube_doc_first(nube_doc_get(doc, "keySet"));
    while (found && !ec2_is(c, found, "keyName", id) && !ec2_is(c, found, "keyPairId", id))
        found = nube_doc_next(found);
    if (!doc)
        return NUBE_FAIL;
    if (!found)
        return missing(c, id, region);
    key(c, found);
    return NUBE_DONE;
}

static enum nube_step made(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc = ec2_reply(c, r, "keyName");
    const char *material = nube_doc_str(doc, "keyMaterial");
    nube_obj *o;

    if (!doc)
        return NUBE_FAIL;
    nube_secret(c, material);
    nube_created(c, ec2_text(c, doc, "keyName"));
    o = key(c, doc);
    nube_set(o, NUBE_PRIVATE_KEY, material);
    return NUBE_DONE;
}

static nube_req *make(nube_call *c, const char *action)
{
    int region = ec2_region_arg(c);
    nube_req *q;

    if (region < 0)
        return NULL;
    q = ec2_change(c, region, action);
    nube_req_form(q, "KeyName", nube_arg_str(c, "name"));
    return q;
}

enum nube_step ec2_key_create(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return made(c, r);
    q = make(c, "CreateKeyPair");
    if (!q)
        return NUBE_FAIL;
    nube_req_form(q, "KeyType", nube_arg_str(c, "type"));
    nube_req_form(q, "KeyFormat", nube_arg_str(c, "format"));
    ec2_param_tags(c, q, "key-pair", NULL);
    return NUBE_SEND;
}

enum nube_step ec2_key_import(nube_call *c, const nube_reply *r)
{
    const char *text = nube_arg_str(c, "public_key");
    nube_req *q;

    if (r)
        return made(c, r);
    q = make(c, "ImportKeyPair");
    if (!q)
        return NUBE_FAIL;
    nube_req_form(q, "PublicKeyMaterial", nube_base64(c, text, strlen(text)));
    ec2_param_tags(c, q, "key-pair", NULL);
    return NUBE_SEND;
}

/* EC2 deletes what is not there with success. */
enum nube_step ec2_key_delete(nube_call *c, const nube_reply *r)
{
    const char *id = nube_arg_str(c, "id");
    int region = ec2_region_arg(c);
    nube_req *q;

    if (r)
        return ec2_done(c, r);
    if (region < 0)
        return NUBE_FAIL;
    q = ec2_change(c, region, "DeleteKeyPair");
    nube_req_form(q, name_param(id, "KeyPairId", "KeyName"), id);
    nube_req_flag(q, NUBE_REQ_TOKENED);
    return NUBE_SEND;
}
