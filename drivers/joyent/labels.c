/* Tags and metadata of a machine, which CloudAPI keeps apart: set, remove, remove all. */
#include "joyent.h"

enum phase { BEGIN, CLEARED, SET, REMOVED };

/* path: "tags" or "metadata"; arg: the argument that sets. */
static void set(nube_call *c, enum nube_method method, const char *path, const char *arg)
{
    nube_req *q = joy_machine(c, method, path);
    nube_json *j = nube_req_json(q);
    const char *key, *value;
    size_t i;

    nube_req_flag(q, NUBE_REQ_TOKENED);
    for (i = 0; nube_arg_pair(c, arg, i, &key, &value); i++)
        nube_json_str(j, key, value);
}

static nube_req *clear(nube_call *c, const char *path)
{
    nube_req *q = joy_machine(c, NUBE_DELETE, path);

    nube_req_flag(q, NUBE_REQ_TOKENED);
    return q;
}

/* What is to go is gone when it is not there. */
static void remove_each(nube_call *c, const char *path)
{
    nube_req *q;
    size_t i;

    for (i = 0; i < nube_arg_count(c, "remove"); i++) {
        q = clear(c, path);
        nube_req_seg(q, nube_arg_at(c, "remove", i));
        nube_req_allow(q, 404);
    }
}

static enum nube_step put_labels(nube_call *c, const char *path, const char *arg)
{
    if (nube_arg_count(c, arg)) {
        set(c, NUBE_POST, path, arg);
        return joy_send(c, SET);
    }
    if (!nube_arg_count(c, "remove"))
        return NUBE_DONE;
    remove_each(c, path);
    return joy_send(c, REMOVED);
}

static enum nube_step label(nube_call *c, const nube_reply *r, const char *path, const char *arg)
{
    switch ((enum phase)nube_phase(c)) {
    case CLEARED:
        return put_labels(c, path, arg);
    case SET:
        if (!joy_object(c, r, NULL))
            return NUBE_FAIL;
        if (!nube_arg_count(c, "remove"))
            return NUBE_DONE;
        remove_each(c, path);
        return joy_send(c, REMOVED);
    case REMOVED:
        return NUBE_DONE;
    case BEGIN:
        break;
    }
    if (nube_arg_bool(c, "clear", 0)) {
        clear(c, path);
        return joy_send(c, CLEARED);
    }
    if (!nube_arg_count(c, arg) && !nube_arg_count(c, "remove"))
        return nube_fail(c, NUBE_E_USAGE,
                         "give one to set (%s), the name of one to remove (remove), or clear=yes",
                         arg);
    return put_labels(c, path, arg);
}

enum nube_step joy_node_tag(nube_call *c, const nube_reply *r)
{
    return label(c, r, "tags", "tag");
}

enum nube_step joy_node_metadata(nube_call *c, const nube_reply *r)
{
    return label(c, r, "metadata", "metadata");
}
