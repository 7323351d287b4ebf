/* Verbs on one server: start, stop, reboot, destroy, rename. Each is a job that is begun; the state
 * is the old one until it is done. */
#include "nephoscale.h"

/* path NULL: the server itself. */
static nube_req *about(nube_call *c, enum nube_method method, const char *kind, const char *path)
{
    const char *id = nube_arg_str(c, "id");
    nube_req *q = nepho_request(c, method, nube_fmt(c, "server/%s", kind), id);

    if (path)
        nube_req_path(q, path);
    nube_req_about(q, nube_fmt(c, "node %s", id));
    nube_set_phase(c, NEPHO_ASKED);
    return q;
}

/* What is to be asked is known once it is known where; DONE when that was answered. */
static enum nube_step act(nube_call *c, const nube_reply *r,
                          void (*queue)(nube_call *c, const char *kind))
{
    struct nepho_target *t = nube_state(c, sizeof(*t));
    enum nube_step step;

    if (nube_phase(c) == NEPHO_ASKED)
        return NUBE_DONE;
    step = nepho_find(c, r, t, 0);
    if (step != NUBE_DONE)
        return step;
    queue(c, t->kind);
    return NUBE_SEND;
}

static void start(nube_call *c, const char *kind)
{
    about(c, NUBE_POST, kind, "initiator/start");
}

static void stop(nube_call *c, const char *kind)
{
    about(c, NUBE_POST, kind, "initiator/stop");
}

static void restart(nube_call *c, const char *kind)
{
    about(c, NUBE_POST, kind, "initiator/restart");
}

static void destroy(nube_call *c, const char *kind)
{
    nube_req_flag(about(c, NUBE_DELETE, kind, NULL), NUBE_REQ_TOKENED);
}

static void rename_it(nube_call *c, const char *kind)
{
    nube_req *q = about(c, NUBE_PUT, kind, NULL);

    nube_req_form(q, "name", nube_arg_str(c, "name"));
    nube_req_form(q, "hostname", nube_arg_str(c, "hostname"));
    nube_req_flag(q, NUBE_REQ_TOKENED);
}

enum nube_step nepho_node_start(nube_call *c, const nube_reply *r)
{
    return act(c, r, start);
}

enum nube_step nepho_node_stop(nube_call *c, const nube_reply *r)
{
    return act(c, r, stop);
}

enum nube_step nepho_node_reboot(nube_call *c, const nube_reply *r)
{
    return act(c, r, restart);
}

enum nube_step nepho_node_destroy(nube_call *c, const nube_reply *r)
{
    return act(c, r, destroy);
}

enum nube_step nepho_node_rename(nube_call *c, const nube_reply *r)
{
    return act(c, r, rename_it);
}
