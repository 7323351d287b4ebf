/* What a server is called and marked with: its name, tags, metadata. */
#include <string.h>

#include "nova.h"

enum phase { BEGIN, READ, WRITTEN };

enum nube_step nova_node_rename(nube_call *c, const nube_reply *r)
{
    nube_json *j;
    nube_req *q;

    if (r)
        return nova_member(c, r, "server", NUBE_DOC_OBJECT) ? NUBE_DONE : NUBE_FAIL;
    q = nova_server(c, NUBE_PUT, NOVA_READ, NULL);
    nube_req_flag(q, NUBE_REQ_TOKENED);
    j = nube_req_json(q);
    nube_json_object(j, "server");
    nube_json_str(j, "name", nube_arg_str(c, "name"));
    return NUBE_SEND;
}

static int nothing_said(nube_call *c, const char *what)
{
    if (nube_arg_count(c, what) || nube_arg_count(c, "remove"))
        return 0;
    nube_fail(c, NUBE_E_USAGE, "give one to set (%s), or the name of one to remove (remove)", what);
    return 1;
}

/* ---- Tags --------------------------------------------------------------------------- */

/* Is the word the tag of this name, with or without a value? */
static int is_named(const char *word, const char *name)
{
    size_t n = strlen(name);

    return strncmp(word, name, n) == 0 && (word[n] == '=' || word[n] == '\0');
}

static int is_replaced(nube_call *c, const char *word)
{
    const char *key, *value;
    size_t i;

    for (i = 0; i < nube_arg_count(c, "remove"); i++)
        if (is_named(word, nube_arg_at(c, "remove", i)))
            return 1;
    for (i = 0; nube_arg_pair(c, "tag", i, &key, &value); i++)
        if (is_named(word, key))
            return 1;
    return 0;
}

/* Nova's tags are words without names: what is there is read, so that a value can be replaced. */
static enum nube_step write_tags(nube_call *c, const nube_reply *r)
{
    const nube_doc *tags = nova_member(c, r, "tags", NUBE_DOC_ARRAY), *k;
    const char *key, *value;
    nube_json *j;
    nube_req *q;
    size_t i;

    if (!tags)
        return NUBE_FAIL;
    q = nova_server(c, NUBE_PUT, NOVA_READ, "tags");
    nube_req_flag(q, NUBE_REQ_TOKENED);
    j = nube_req_json(q);
    nube_json_array(j, "tags");
    for (k = nube_doc_first(tags); k; k = nube_doc_next(k))
        if (nube_doc_text(k) && !is_replaced(c, nube_doc_text(k)))
            nube_json_str(j, NULL, nube_doc_text(k));
    for (i = 0; nube_arg_pair(c, "tag", i, &key, &value); i++)
        nube_json_str(j, NULL, *value ? nube_fmt(c, "%s=%s", key, value) : key);
    return nova_send(c, WRITTEN);
}

enum nube_step nova_node_tag(nube_call *c, const nube_reply *r)
{
    switch ((enum phase)nube_phase(c)) {
    case READ:
        return write_tags(c, r);
    case WRITTEN:
        return nova_member(c, r, "tags", NUBE_DOC_ARRAY) ? NUBE_DONE : NUBE_FAIL;
    case BEGIN:
        break;
    }
    if (nothing_said(c, "tag"))
        return NUBE_FAIL;
    if (nova_minor(c, 26) < 26)
        return nube_fail(c, NUBE_E_UNSUPPORTED,
                         "this cloud's Nova has no tags (from version 2.26 on): use metadata");
    nova_server(c, NUBE_GET, NOVA_READ, "tags");
    return nova_send(c, READ);
}

/* ---- Metadata ----------------------------------------------------------------------- */

/* What is to go is gone when it is not there. */
static void remove_items(nube_call *c)
{
    nube_req *q;
    size_t i;

    for (i = 0; i < nube_arg_count(c, "remove"); i++) {
        q = nova_server(c, NUBE_DELETE, NOVA_READ, "metadata");
        nube_req_seg(q, nube_arg_at(c, "remove", i));
        nube_req_flag(q, NUBE_REQ_TOKENED);
        nube_req_allow(q, 404);
    }
}

enum nube_step nova_node_metadata(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (!r) {
        if (nothing_said(c, "metadata"))
            return NUBE_FAIL;
        if (nube_arg_count(c, "metadata")) {
            q = nova_server(c, NUBE_POST, NOVA_READ, "metadata");
            nube_req_flag(q, NUBE_REQ_TOKENED);
            nova_json_pairs(c, nube_req_json(q), "metadata", "metadata");
            return nova_send(c, READ);
        }
        remove_items(c);
        return nova_send(c, WRITTEN);
    }
    if (nube_phase(c) == WRITTEN)
        return NUBE_DONE;
    if (!nova_member(c, r, "metadata", NUBE_DOC_OBJECT))
        return NUBE_FAIL;
    if (!nube_arg_count(c, "remove"))
        return NUBE_DONE;
    remove_items(c);
    return nova_send(c, WRITTEN);
}
