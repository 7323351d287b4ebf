/* What is done to a machine: start, stop, reboot, rename, resize, destroy, and the named actions.
 */
#include <string.h>

#include "joyent.h"

static enum nube_step plain(nube_call *c, const nube_reply *r, const char *action)
{
    if (!r)
        joy_act(c, action);
    return r ? NUBE_DONE : NUBE_SEND;
}

enum nube_step joy_node_start(nube_call *c, const nube_reply *r)
{
    return plain(c, r, "start");
}

enum nube_step joy_node_stop(nube_call *c, const nube_reply *r)
{
    return plain(c, r, "stop");
}

/* Twice is not once: this one is not repeated. */
enum nube_step joy_node_reboot(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nube_req_query(joy_machine(c, NUBE_POST, NULL), "action", "reboot");
    return NUBE_SEND;
}

enum nube_step joy_enable_firewall(nube_call *c, const nube_reply *r)
{
    return plain(c, r, "enable_firewall");
}

enum nube_step joy_disable_firewall(nube_call *c, const nube_reply *r)
{
    return plain(c, r, "disable_firewall");
}

enum nube_step joy_enable_protection(nube_call *c, const nube_reply *r)
{
    return plain(c, r, "enable_deletion_protection");
}

enum nube_step joy_disable_protection(nube_call *c, const nube_reply *r)
{
    return plain(c, r, "disable_deletion_protection");
}

static enum nube_step with(nube_call *c, const nube_reply *r, const char *action, const char *name,
                           const char *value)
{
    if (!r)
        nube_json_str(nube_req_json(joy_act(c, action)), name, value);
    return r ? NUBE_DONE : NUBE_SEND;
}

enum nube_step joy_node_rename(nube_call *c, const nube_reply *r)
{
    return with(c, r, "rename", "name", nube_arg_str(c, "name"));
}

enum nube_step joy_node_resize(nube_call *c, const nube_reply *r)
{
    return with(c, r, "resize", "package", nube_arg_str(c, "size"));
}

/* ---- Destroy ------------------------------------------------------------------------------ */

enum phase { BEGIN, STOPPING, LOOK, GONE };
enum { PAUSE_MS = 500, PATIENCE_MS = 300000 };

struct destroy {
    int64_t until;       /* when stopping has taken too long */
    const char *refused; /* why it was not stopped */
};

/* Deleted already is deleted. */
static enum nube_step destroy(nube_call *c)
{
    nube_req *q = joy_machine(c, NUBE_DELETE, NULL);

    nube_req_flag(q, NUBE_REQ_TOKENED);
    nube_req_allow(q, 410);
    return joy_send(c, GONE);
}

static enum nube_step look(nube_call *c)
{
    nube_req_allow(joy_machine(c, NUBE_GET, NULL), 410);
    return joy_send(c, LOOK);
}

static enum nube_step looked(nube_call *c, struct destroy *s, const nube_reply *r)
{
    const char *state = joy_text(nube_reply_doc(r), "state");

    if (nube_reply_status(r) == 410)
        return NUBE_DONE;
    if (!joy_object(c, r, "state"))
        return NUBE_FAIL;
    if (strcmp(state, "stopped") == 0 || strcmp(state, "failed") == 0)
        return destroy(c);
    if (s->refused)
        return nube_fail(c, NUBE_E_STATE, "node %s is %s and was not deleted: %s",
                         nube_arg_str(c, "id"), state, s->refused);
    if (nube_now(c) >= s->until)
        return nube_fail(c, NUBE_E_DEADLINE, "node %s is still %s after %d s and was not deleted",
                         nube_arg_str(c, "id"), state, PATIENCE_MS / 1000);
    nube_call_delay(c, PAUSE_MS);
    nube_set_phase(c, LOOK);
    return NUBE_WAIT;
}

/* One that is stopped already cannot be stopped (409): it is looked at all the same. */
static enum nube_step stop_first(nube_call *c, struct destroy *s)
{
    nube_req *q = joy_act(c, "stop");

    nube_req_allow(q, 409);
    nube_req_allow(q, 410);
    s->until = nube_now(c) + PATIENCE_MS;
    return joy_send(c, STOPPING);
}

static enum nube_step stopped(nube_call *c, struct destroy *s, const nube_reply *r)
{
    const char *message = joy_text(nube_reply_doc(r), "message");

    if (nube_reply_status(r) == 410)
        return NUBE_DONE;
    if (nube_reply_status(r) == 409)
        s->refused = message ? nube_strdup(c, message) : "it may not be stopped now";
    return look(c);
}

enum nube_step joy_node_destroy(nube_call *c, const nube_reply *r)
{
    struct destroy *s = nube_state(c, sizeof(*s));

    switch ((enum phase)nube_phase(c)) {
    case STOPPING:
        return stopped(c, s, r);
    case LOOK:
        return r ? looked(c, s, r) : look(c);
    case GONE:
        return NUBE_DONE;
    case BEGIN:
        break;
    }
    return nube_arg_bool(c, "stop", 0) ? stop_first(c, s) : destroy(c);
}

/* ---- Audit ----------------------------------------------------------------------------------- */

/* "TIME ACTION yes|no CALLER ADDRESS", newest first, as the server has it. */
static const char *line_of(nube_call *c, const nube_doc *k)
{
    static const char *const paths[] = {"time", "action", "success", "caller.type", "caller.ip"};
    const char *text = NULL, *word;
    size_t i;

    for (i = 0; i < JOY_ROWS(paths); i++) {
        word = joy_text(k, paths[i]);
        text = text ? nube_fmt(c, "%s\t%s", text, word ? word : "-") : word ? word : "-";
    }
    return nube_fmt(c, "%s\n", text);
}

enum nube_step joy_audit(nube_call *c, const nube_reply *r)
{
    const nube_doc *list, *k;

    if (!r) {
        joy_machine(c, NUBE_GET, "audit");
        return NUBE_SEND;
    }
    list = joy_array(c, r);
    for (k = nube_doc_first(list); k; k = nube_doc_next(k)) {
        const char *line = line_of(c, k);

        nube_out_data(c, NUBE_STDOUT, line, strlen(line));
    }
    return list ? NUBE_DONE : NUBE_FAIL;
}
