/* Snapshots of machines: list, get, create, boot from, delete. Their id is NODE/NAME. */
#include <string.h>

#include "joyent.h"

static nube_obj *snapshot(nube_call *c, const char *node, const nube_doc *doc)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_SNAPSHOT);
    const char *name = joy_text(doc, "name");

    if (name)
        nube_set(o, NUBE_ID, nube_fmt(c, "%s/%s", node, name));
    nube_set(o, NUBE_NAME, name);
    nube_set(o, NUBE_NODE, node);
    nube_set_state(o, joy_text(doc, "state"));
    nube_set_time(o, NUBE_CREATED, joy_text(doc, "created"));
    nube_extra(o, "updated", joy_text(doc, "updated"));
    nube_extra_doc(o, "size", nube_doc_get(doc, "size"));
    return o;
}

/* The node: that of the argument, or what is before the name in an id. */
static const char *node_of(nube_call *c)
{
    const char *id = nube_arg_str(c, "id"), *slash = id ? strchr(id, '/') : NULL;

    return slash ? nube_fmt(c, "%.*s", (int)(slash - id), id) : nube_arg_str(c, "node");
}

static void listed(nube_call *c, const nube_doc *item)
{
    snapshot(c, node_of(c), item);
}

/* NULL: the call failed. named: one of them, by its id. */
static nube_req *request(nube_call *c, enum nube_method method, int named)
{
    const char *id = nube_arg_str(c, "id"), *node = node_of(c);
    nube_req *q;

    if (!node) {
        nube_fail(c, NUBE_E_USAGE, "name the node: node=ID%s",
                  named ? ", or the snapshot as NODE/NAME" : "");
        return NULL;
    }
    q = joy_request(c, method, "machines");
    nube_req_seg(q, node);
    nube_req_path(q, "snapshots");
    nube_req_about(q, nube_fmt(c, "node %s", node));
    if (named) {
        nube_req_seg(q, id && strchr(id, '/') ? strchr(id, '/') + 1 : id);
        nube_req_about(q, nube_fmt(c, "snapshot %s", id));
    }
    return q;
}

enum nube_step joy_snapshot_list(nube_call *c, const nube_reply *r)
{
    int one = nube_arg_str(c, "id") != NULL;
    nube_req *q;

    if (!r) {
        q = request(c, NUBE_GET, one);
        if (q && !one)
            nube_req_items(q, "", listed);
        return q ? NUBE_SEND : NUBE_FAIL;
    }
    if (!one)
        return joy_array(c, r) ? NUBE_DONE : NUBE_FAIL;
    if (!joy_object(c, r, "name"))
        return NUBE_FAIL;
    listed(c, nube_reply_doc(r));
    return NUBE_DONE;
}

enum nube_step joy_snapshot_create(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc;
    nube_req *q;

    if (!r) {
        q = request(c, NUBE_POST, 0);
        if (q)
            nube_json_str(nube_req_json(q), "name", nube_arg_str(c, "name"));
        return q ? NUBE_SEND : NUBE_FAIL;
    }
    doc = joy_object(c, r, "name");
    if (!doc)
        return NUBE_FAIL;
    nube_created(c, nube_fmt(c, "%s/%s", node_of(c), joy_text(doc, "name")));
    snapshot(c, node_of(c), doc);
    return NUBE_DONE;
}

static enum nube_step change(nube_call *c, const nube_reply *r, enum nube_method method)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = request(c, method, 1);
    if (q && method == NUBE_DELETE)
        nube_req_flag(q, NUBE_REQ_TOKENED);
    return q ? NUBE_SEND : NUBE_FAIL;
}

/* The machine, which must be stopped, boots from it: what was written since is gone. */
enum nube_step joy_snapshot_restore(nube_call *c, const nube_reply *r)
{
    return change(c, r, NUBE_POST);
}

enum nube_step joy_snapshot_delete(nube_call *c, const nube_reply *r)
{
    return change(c, r, NUBE_DELETE);
}
