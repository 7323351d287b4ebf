/* The life of a call: begin, step after step, undo, end. */
#include "run.h"

#include <stdio.h>
#include <string.h>

#include "error_int.h"
#include "mem.h"
#include "ssh_int.h"

enum { UNDO_MS = 10000 };

/* ---- Making and freeing ---------------------------------------------------------- */

static nube_step_fn find_step(nube_call *c, const nube_args *args)
{
    const struct nube_driver_info *d = c->conn->driver;
    enum nube_kind kind = c->op == NUBE_OP_NODE_ACTION    ? NUBE_KIND_NODE
                          : c->op == NUBE_OP_IMAGE_ACTION ? NUBE_KIND_IMAGE
                                                          : NUBE_KIND_NONE;
    const struct nube_action_row *row;
    nube_step_fn own = nube_node_ssh_step(d, c->op, args);

    c->over_ssh = own != NULL;
    if (own)
        return own;
    if (kind == NUBE_KIND_NONE)
        return (unsigned)c->op < NUBE_OP_COUNT ? d->ops[c->op].step : NULL;
    row = nube_driver_action_find(d, kind, args ? nube_args_get(args, "action") : NULL);
    c->action = row ? row->name : NULL;
    return row ? row->step : NULL;
}

/* The action's name chose the step; it is not an argument of it. */
static int without_action(nube_args **out, const nube_args *args, struct nube_error *err)
{
    size_t i, len;
    int rc = nube_args_new(out, err);

    for (i = 0; !rc && i < nube_args_count(args); i++) {
        const char *value = nube_args_value(args, i, &len);

        if (strcmp(nube_args_name(args, i), "action") != 0)
            nube_args_set_data(*out, nube_args_name(args, i), value, len);
    }
    return rc;
}

static int check_args(nube_call *c, const nube_args *args, struct nube_error *err)
{
    nube_args *plain = NULL;
    int rc = 0;

    if (c->action) {
        rc = without_action(&plain, args, err);
        args = plain;
    }
    if (!rc)
        rc = nube_options_check(&c->args, &c->arena,
                                c->over_ssh ? &nube_ssh_driver : c->conn->driver, c->op, c->action,
                                args, 1, err);
    nube_args_free(plain);
    return rc;
}

/* The id of the node that the call is about; NULL: none. */
static const char *about(nube_call *c)
{
    return nube_op_kind(c->op) == NUBE_KIND_NODE ? nube_arg_str(c, "id") : NULL;
}

static int check_state(nube_call *c, struct nube_error *err)
{
    const char *id = about(c);

    if (!id || c->over_ssh || c->opts.flags & NUBE_CALL_FORCE_STATE)
        return 0;
    return nube_fresh_check(c->conn->fresh, id, c->op, c->started, err);
}

static int prepare(nube_call *c, const nube_args *args, struct nube_error *err)
{
    int rc;

    c->step = find_step(c, args);
    if (!c->step && args && nube_args_get(args, "action"))
        return nube_error_set(err, NUBE_E_UNSUPPORTED,
                              "%s has no action \"%s\" for this: see its list of actions",
                              c->conn->driver->title, nube_args_get(args, "action"));
    if (!c->step)
        return nube_error_set(err, NUBE_E_UNSUPPORTED, "%s does not offer %s",
                              c->conn->driver->title, nube_op_name(c->op));
    c->result = nube_result_new();
    if (!c->result)
        return nube_error_nomem(err);
    rc = check_args(c, args, err);
    if (!rc && c->op == NUBE_OP_NODE_LIST && args && nube_args_get(args, "state"))
        rc = nube_conn_state_check(c->conn, nube_args_get(args, "state"), err);
    return rc ? rc : check_state(c, err);
}

static void on_deadline(void *data)
{
    nube_call_abort(data, NUBE_E_DEADLINE);
}

static void begin(void *data)
{
    nube_call *c = data;

    if (c->begun || c->ending)
        return;
    if (c->op == NUBE_OP_AUTH) {
        c->building = nube_session_new();
        if (!c->building) {
            nube_fail(c, NUBE_E_MEMORY, "out of memory");
            nube_run_end(c, NUBE_E_MEMORY);
            return;
        }
        nube_run_resume(c);
    } else if (nube_login(c) == 1) {
        nube_run_resume(c);
    }
}

static void on_wait(void *data)
{
    nube_run_step(data, NULL);
}

int nube_call_new(nube_call **out, struct nube_engine *e, nube_conn *conn, enum nube_op op,
                  const nube_args *args, const struct nube_call_opts *opts, const char *cursor,
                  void (*done)(void *data, nube_call *c), void *data, struct nube_error *err)
{
    nube_call *c = nube_mem_zalloc(sizeof(*c));
    int rc;

    *out = NULL;
    if (!c)
        return nube_error_nomem(err);
    c->arena.secret = true;
    c->lib = conn->lib;
    c->conn = conn;
    c->engine = e;
    c->op = op;
    c->queue_end = &c->queue;
    c->done = done;
    c->done_data = data;
    c->err = (struct nube_error)NUBE_ERROR_INIT;
    nube_call_opts_copy(&c->opts, opts);
    rc = prepare(c, args, err);
    c->cursor = nube_arena_strdup(&c->arena, cursor);
    if (!rc && c->arena.failed)
        rc = nube_error_nomem(err);
    if (rc) {
        nube_call_free(c);
        return nube_error_about(err, rc, conn->name, nube_op_name(op));
    }
    *out = c;
    return 0;
}

void nube_call_start(nube_call *c, int64_t deadline)
{
    struct nube_loop *loop = nube_engine_loop(c->engine);

    c->deadline = deadline;
    c->started = nube_lib_mono(c->lib);
    nube_engine_add(c->engine, c);
    c->timer_deadline = (struct nube_timer){.fn = on_deadline, .data = c};
    c->timer_wait = (struct nube_timer){.fn = begin, .data = c};
    if (deadline != INT64_MAX)
        nube_loop_timer_set(loop, &c->timer_deadline,
                            deadline > c->started ? deadline - c->started : 0);
    nube_loop_timer_set(loop, &c->timer_wait, 0);
}

static void free_requests(nube_req *q)
{
    nube_req *next;

    for (; q; q = next) {
        next = q->next;
        nube_req_free(q);
    }
}

static void release(nube_call *c)
{
    struct nube_loop *loop = nube_engine_loop(c->engine);

    nube_loop_timer_stop(loop, &c->timer_deadline);
    nube_loop_timer_stop(loop, &c->timer_wait);
    nube_exchange_stop(c);
    nube_login_unpark(c);
}

/* Ends it, but does not free it: its own functions may still be running underneath. */
static void drop_child(nube_call *c)
{
    nube_call *child = c->child;

    c->child = NULL;
    if (!child)
        return;
    if (!child->finished) {
        child->undos = NULL;
        nube_call_abort(child, NUBE_E_CANCELLED);
    }
    child->next_spent = c->spent;
    c->spent = child;
}

static void free_spent(nube_call *c)
{
    nube_call *child, *next;

    for (child = c->spent; child; child = next) {
        next = child->next_spent;
        nube_call_free(child);
    }
}

void nube_call_free(nube_call *c)
{
    if (!c)
        return;
    c->ending = true;
    drop_child(c);
    free_spent(c);
    if (c->engine)
        release(c);
    nube_engine_remove(c->engine, c);
    free_requests(c->queue);
    free_requests(c->sent);
    nube_session_unref(c->session);
    nube_session_unref(c->building);
    nube_result_free(c->result);
    nube_arena_free(&c->arena);
    nube_mem_free(c);
}

nube_call *nube_run_child(nube_call *c, enum nube_op op, const nube_args *args, int64_t deadline,
                          void (*after)(nube_call *parent, nube_call *child))
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_call *child;

    drop_child(c);
    opts.flags = NUBE_CALL_FORCE_STATE;
    if (nube_call_new(&child, c->engine, c->conn, op, args, &opts, NULL, NULL, NULL, &err)) {
        nube_run_fail(c, &err);
        return NULL;
    }
    child->parent = c;
    child->after = after;
    c->child = child;
    nube_call_start(child, deadline);
    return child;
}

/* ---- Steps -------------------------------------------------------------------------- */

/* SEND before the last reply of a group promises nothing yet. */
static enum nube_step checked(nube_call *c, enum nube_step s)
{
    if (c->arena.failed || c->result->arena.failed || (c->building && c->building->arena.failed))
        return nube_fail(c, NUBE_E_MEMORY, "out of memory");
    if (c->failed)
        return NUBE_FAIL;
    if (s == NUBE_FAIL)
        return nube_fail(c, NUBE_E_DRIVER, "the driver failed without saying why");
    if (s == NUBE_SEND && !c->queue && !c->n_active)
        return nube_fail(c, NUBE_E_DRIVER, "the driver said SEND and queued nothing");
    return s;
}

void nube_run_resume(nube_call *c)
{
    nube_req *q, *next;

    if (!c->begun) {
        c->begun = true;
        c->timer_wait.fn = on_wait;
        nube_run_step(c, NULL);
        return;
    }
    for (q = c->sent; q && !c->ending; q = next) {
        next = q->next;
        if (q->wait_session) {
            q->wait_session = false;
            nube_exchange_start(q);
        }
    }
}

void nube_run_renew(nube_req *q)
{
    nube_call *c = q->call;

    if (c->parked || (c->child && !c->child->finished))
        return; /* another request of the group has asked already */
    if (q->session == c->refused) {
        c->refused++;
        nube_login_forget(c->conn, c->session);
        nube_session_unref(c->session);
        c->session = NULL;
    }
    if (c->session || nube_login(c) == 1)
        nube_run_resume(c);
}

static void refresh(nube_call *c, nube_req *q)
{
    nube_exchange_reset(q);
    q->reauthed = q->wait_session = q->active = true;
    c->n_active++;
    nube_run_renew(q);
}

void nube_run_step(nube_call *c, const nube_reply *r)
{
    nube_req *q = r ? r->req : NULL;
    enum nube_step s;
    bool last;

    c->current = q;
    s = checked(c, c->step(c, r));
    c->current = NULL;
    last = !c->n_active;
    if (!last)
        nube_exchange_save(c);
    if (q) /* only now does the call know what of the reply is secret */
        nube_record_write(q, 0, "");
    if (q && s != NUBE_REAUTH)
        nube_exchange_reset(q);
    if (s == NUBE_FAIL) {
        nube_run_end(c, c->err.code);
    } else if (s == NUBE_REAUTH && q && !q->reauthed && c->op != NUBE_OP_AUTH) {
        refresh(c, q);
    } else if (s == NUBE_REAUTH) {
        nube_fail(c, NUBE_E_AUTH, "the provider refused the session twice");
        nube_run_end(c, NUBE_E_AUTH);
    } else if (!last) {
        return;
    } else if (s == NUBE_SEND) {
        nube_exchange_send(c);
    } else if (s == NUBE_WAIT) {
        nube_loop_timer_set(nube_engine_loop(c->engine), &c->timer_wait, c->delay);
    } else {
        nube_run_end(c, 0);
    }
}

/* ---- The end -------------------------------------------------------------------------- */

void nube_run_fail(nube_call *c, const struct nube_error *err)
{
    if (!c->failed) {
        c->failed = true;
        nube_error_copy(&c->err, err);
    }
    nube_run_end(c, c->err.code);
}

static bool filtered(const nube_call *c, const char *name)
{
    size_t i;

    for (i = 0; i < c->n_filters_done; i++)
        if (!strcmp(c->filters_done[i], name))
            return true;
    return false;
}

static bool wanted(const nube_call *c, const nube_obj *o)
{
    size_t i;

    for (i = 0; i < c->args.count; i++) {
        const struct nube_checked *a = &c->args.at[i];

        if (nube_filter_row(c->op, a->row->name) && !filtered(c, a->row->name) &&
            !nube_obj_matches(o, a->row->name, a->key, a->text))
            return false;
    }
    return true;
}

/* Remembers the states that the reply showed; what was acted on is no longer known. */
static void remember(nube_call *c, const nube_obj *o)
{
    const char *raw = nube_str(o, NUBE_RAW_STATE), *id = nube_id(o);

    if (id && raw && nube_obj_kind(o) == NUBE_KIND_NODE)
        nube_fresh_see(c->conn->fresh, id, nube_driver_state_find(c->conn->driver, raw),
                       nube_lib_mono(c->lib));
}

/* A key may be known by its name alone; anything else without an id cannot be named again. */
static bool named(const nube_obj *o)
{
    return nube_id(o) || (nube_obj_kind(o) == NUBE_KIND_KEY && nube_name(o));
}

/* Applies the filters that the server did not, and says where each object came from. */
static void complete(nube_call *c)
{
    struct nube_result *r = c->result;
    size_t i, n = 0;

    if (about(c) && nube_op_mutates(c->op))
        nube_fresh_forget(c->conn->fresh, about(c));
    for (i = 0; i < r->count; i++) {
        if (!named(r->objs[i].obj)) {
            nube_fail(c, NUBE_E_PROTOCOL,
                      "the reply holds a %s without an id: not an answer of this API",
                      nube_kind_name(nube_obj_kind(r->objs[i].obj)));
            continue;
        }
        remember(c, r->objs[i].obj);
        if (!wanted(c, r->objs[i].obj))
            continue;
        r->objs[n] = r->objs[i];
        nube_set(r->objs[n].obj, NUBE_BACKEND, c->conn->name);
        nube_set(r->objs[n++].obj, NUBE_PROVIDER, c->conn->provider);
    }
    r->count = n;
    if (r->arena.failed && !c->failed)
        nube_fail(c, NUBE_E_MEMORY, "out of memory");
}

static void deliver(nube_call *c)
{
    complete(c);
    c->finished = true;
    nube_error_text(c->err.backend, sizeof(c->err.backend), c->conn->name);
    nube_error_text(c->err.verb, sizeof(c->err.verb), nube_op_name(c->op));
    if (c->failed && c->created && !*c->err.resource)
        nube_error_text(c->err.resource, sizeof(c->err.resource), c->created);
    nube_redact_text(c, c->err.message, sizeof(c->err.message));
    nube_audit_tell(c);
    if (c->after && c->parent)
        c->after(c->parent, c);
    else if (c->done)
        c->done(c->done_data, c);
}

static void undo_next(nube_call *c);

static void undo_after(nube_call *c, nube_call *child)
{
    if (child->failed && child->err.code != NUBE_E_NOT_FOUND)
        c->undo_failures++;
    undo_next(c);
}

static void undo_next(nube_call *c)
{
    struct nube_undo_item *u = c->undos;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_args *args = NULL;

    if (!u) {
        if (!c->undo_failures) { /* nothing exists any more, so nothing is handed over */
            c->created = NULL;
            c->result->count = 0;
        }
        deliver(c);
        return;
    }
    c->undos = u->next;
    if (nube_args_new(&args, &err) == 0) {
        nube_args_set(args, "id", u->id);
        if (u->argument)
            nube_args_parse(args, u->argument, &err);
        if (nube_run_child(c, u->op, args, nube_lib_mono(c->lib) + UNDO_MS, undo_after)) {
            nube_args_free(args);
            return;
        }
    }
    nube_args_free(args);
    c->undo_failures++;
    undo_next(c);
}

void nube_run_end(nube_call *c, int code)
{
    if (c->ending)
        return;
    c->ending = true;
    release(c);
    if (code)
        c->failed = true;
    if (c->failed && c->undos)
        undo_next(c);
    else
        deliver(c);
}

/* What a person looks for when the outcome is not known. */
static const char *subject(nube_call *c)
{
    const char *name = nube_arg_str(c, "name"), *id = nube_arg_str(c, "id");

    return name || id ? nube_fmt(c, "\"%s\"", name ? name : id) : "it";
}

/* May it have changed something that nobody will hear of? A stream that has begun is the answer. */
static bool in_doubt(const nube_req *q)
{
    const struct nube_http_ops *http = q->call->conn->http_ops;

    if (q->ssh)
        return !nube_req_is_safe(q) && !(q->flags & NUBE_REQ_TOKENED) && nube_ssh_sent(q);
    if (q->xfer && !http->sent(nube_engine_http(q->call->engine, http), q->xfer))
        return false;
    return !nube_req_is_safe(q) && !(q->flags & NUBE_REQ_TOKENED) &&
           !(q->live && q->reply.status) && q->call->op != NUBE_OP_AUTH &&
           nube_op_mutates(q->call->op);
}

/* What is under way: a request in doubt before any other of its group. NULL: nothing. */
static const nube_req *unsettled(const nube_call *c)
{
    const nube_req *q, *first = NULL;

    for (q = c->sent; q; q = q->next) {
        if (!q->active || !(q->ssh || (q->kind == NUBE_REQ_HTTP && q->xfer)))
            continue;
        if (in_doubt(q))
            return q;
        if (!first)
            first = q;
    }
    return first;
}

void nube_call_abort(nube_call *c, int code)
{
    const nube_req *q;
    const char *why = code == NUBE_E_DEADLINE ? "the deadline passed" : "cancelled";
    double after = (double)(nube_lib_mono(c->lib) - c->started) / 1000;

    if (c->ending)
        return;
    if (c->child)
        nube_call_abort(c->child, code);
    if (c->ending || nube_ssh_end_all(c, code))
        return;
    q = unsettled(c);
    if (q && q->ssh)
        nube_ssh_abort(c, q, code, why, after);
    else if (q && in_doubt(q))
        nube_fail(c, NUBE_E_OUTCOME_UNKNOWN,
                  "%s after %.1f s, and %s %s was sent without an answer: it may have happened; "
                  "look for %s before trying again",
                  why, after, nube_method_name(q->method), q->path_text, subject(c));
    else if (q && q->live && c->op == NUBE_OP_NODE_RUN)
        nube_fail(c, NUBE_E_OUTCOME_UNKNOWN,
                  "%s after %.1f s; the command had begun, and may go on without being heard", why,
                  after);
    else if (c->created && !c->undos)
        nube_fail(c, NUBE_E_PENDING, "%s after %.1f s; %s exists and is not ready yet", why, after,
                  c->created);
    else if (q)
        nube_fail(c, code, "%s after %.1f s, waiting for %s (%s %s)", why, after, q->host,
                  nube_method_name(q->method), q->path_text);
    else
        nube_fail(c, code, "%s after %.1f s", why, after);
    nube_run_end(c, c->err.code);
}

void nube_call_opts_copy(struct nube_call_opts *to, const struct nube_call_opts *from)
{
    *to = (struct nube_call_opts)NUBE_CALL_OPTS_INIT;
    if (from)
        memcpy(to, from, from->size < sizeof(*to) ? from->size : sizeof(*to));
    to->size = sizeof(*to);
}

int64_t nube_time_after(int64_t now, int64_t ms)
{
    return ms < INT64_MAX - now ? now + ms : INT64_MAX;
}

int64_t nube_call_deadline(nube_conn *conn, const struct nube_call_opts *opts)
{
    int64_t ms = opts ? opts->deadline_ms : 0;

    if (!ms)
        ms = conn->timeout_ms;
    return ms < 0 ? INT64_MAX : nube_time_after(nube_lib_mono(conn->lib), ms);
}
