/* Batches: many calls at once on one engine, results as they come. */
#include <string.h>

#include <nube/batch.h>

#include "error_int.h"
#include "mem.h"
#include "run.h"

struct entry {
    nube_batch *batch;
    nube_conn *conn;
    enum nube_op op;
    nube_args *args;
    struct nube_call_opts opts;
    int64_t deadline;
    void *user;
    nube_call *call;
    struct nube_cursors cursors;
    struct nube_error failure; /* of a next page that could not be asked for */
    bool ready;
    struct entry *next;
};

struct nube_batch {
    nube_lib *lib;
    struct nube_engine *engine;
    struct entry *entries, **end;
    size_t pending;
};

int nube_batch_new(nube_batch **out, nube_lib *lib, struct nube_error *err)
{
    nube_batch *b = nube_mem_zalloc(sizeof(*b));
    int rc;

    *out = NULL;
    nube_error_clear(err);
    if (!b)
        return nube_error_nomem(err);
    b->lib = lib;
    b->end = &b->entries;
    rc = nube_engine_take(&b->engine, lib, NULL, err);
    if (rc) {
        nube_mem_free(b);
        return rc;
    }
    *out = b;
    return 0;
}

static void entry_free(struct entry *e)
{
    nube_call_free(e->call);
    nube_args_free(e->args);
    nube_cursors_free(&e->cursors);
    nube_mem_free(e);
}

void nube_batch_free(nube_batch *b)
{
    struct entry *e, *next;

    if (!b || nube_engine_foreign(b->engine))
        return; /* what a parent process runs is not the child's to end */
    for (e = b->entries; e; e = e->next)
        if (e->call && !e->call->finished)
            nube_call_abort(e->call, NUBE_E_CANCELLED);
    for (e = b->entries; e; e = next) { /* undos get their time */
        while (e->call && !e->call->finished && nube_engine_turn(b->engine, -1) == 0)
            ;
        next = e->next;
        entry_free(e);
    }
    nube_engine_give(b->engine);
    nube_mem_free(b);
}

static int foreign(const nube_batch *b, struct nube_error *err)
{
    if (!nube_engine_foreign(b->engine))
        return 0;
    return nube_error_set(err, NUBE_E_USAGE,
                          "the batch belongs to the process that forked this one: make another");
}

/* Can a result be handed over? A struct without room for it would lose it. */
static int usable(const struct nube_done *out, const nube_batch *b, struct nube_error *err)
{
    if (out->size < offsetof(struct nube_done, result) + sizeof(out->result))
        return nube_error_set(err, NUBE_E_USAGE,
                              "nube_done.size is %u: start the struct as NUBE_DONE_INIT",
                              (unsigned)out->size);
    return foreign(b, err);
}

static void on_done(void *data, nube_call *c)
{
    struct entry *e = data;

    (void)c;
    e->ready = true;
}

static int ask(struct entry *e, const char *cursor, struct nube_error *err)
{
    return nube_call_new(&e->call, e->batch->engine, e->conn, e->op, e->args, &e->opts, cursor,
                         e->deadline, on_done, e, err);
}

int nube_batch_add(nube_batch *b, nube_conn *conn, enum nube_op op, const nube_args *args,
                   const struct nube_call_opts *opts, void *user, struct nube_error *err)
{
    struct entry *e;
    int rc;

    nube_error_clear(err);
    rc = foreign(b, err);
    if (rc)
        return rc;
    e = nube_mem_zalloc(sizeof(*e));
    if (!e)
        return nube_error_nomem(err);
    e->batch = b;
    e->conn = conn;
    e->op = op;
    e->user = user;
    nube_call_opts_copy(&e->opts, opts);
    e->deadline = nube_call_deadline(conn, &e->opts);
    rc = args ? nube_args_copy(&e->args, args, err) : 0;
    if (!rc)
        rc = ask(e, NULL, err);
    if (rc) {
        entry_free(e);
        return rc;
    }
    *b->end = e;
    b->end = &e->next;
    b->pending++;
    return 0;
}

static void drop(nube_batch *b, struct entry *e)
{
    struct entry **at = &b->entries;

    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
    if (!*at)
        b->end = at;
    b->pending--;
    entry_free(e);
}

/* Asks for the page behind this result; 1 when one follows. */
static int follow(struct entry *e, const char *next)
{
    char *cursor = nube_mem_strdup(next);
    int seen = cursor ? nube_cursors_add(&e->cursors, cursor) : -2;

    nube_call_free(e->call);
    e->call = NULL;
    e->ready = false;
    e->failure = (struct nube_error)NUBE_ERROR_INIT;
    if (seen == -1)
        nube_error_set(&e->failure, NUBE_E_PROTOCOL,
                       "the provider repeats the page cursor \"%s\": the list would never end",
                       cursor);
    else if (seen)
        nube_error_nomem(&e->failure);
    else
        ask(e, cursor, &e->failure);
    nube_error_about(&e->failure, 0, nube_conn_name(e->conn), nube_op_name(e->op));
    nube_mem_free(cursor);
    return 1;
}

static int deliver(struct nube_done *out, nube_batch *b, struct entry *e, struct nube_error *err)
{
    struct nube_done d = {.size = out->size, .user = e->user, .conn = e->conn};
    const char *next;

    if (!e->call) {
        nube_error_copy(err, &e->failure);
        d.code = e->failure.code;
        drop(b, e);
    } else {
        nube_error_copy(err, &e->call->err);
        d.code = e->call->err.code;
        d.result = e->call->result;
        e->call->result = NULL;
        next = d.code ? NULL : nube_result_next(d.result);
        d.more = next ? follow(e, next) : 0;
        if (!d.more)
            drop(b, e);
    }
    memcpy(out, &d, out->size < sizeof(d) ? out->size : sizeof(d));
    return 1;
}

static int take(struct nube_done *out, nube_batch *b, struct nube_error *err)
{
    struct entry *e;

    for (e = b->entries; e; e = e->next)
        if (e->ready || !e->call)
            return deliver(out, b, e, err);
    return 0;
}

int nube_batch_next(struct nube_done *out, nube_batch *b, struct nube_error *err)
{
    nube_error_clear(err);
    if (usable(out, b, err))
        return NUBE_E_USAGE;
    while (b->pending) {
        if (take(out, b, err))
            return 1;
        if (nube_engine_turn(b->engine, -1))
            return nube_error_set(err, NUBE_E_SYSTEM, "the event loop failed");
    }
    return 0;
}

int nube_batch_step(struct nube_done *out, nube_batch *b, struct nube_error *err)
{
    nube_error_clear(err);
    if (usable(out, b, err))
        return NUBE_E_USAGE;
    if (take(out, b, err))
        return 1;
    if (nube_engine_turn(b->engine, 0))
        return nube_error_set(err, NUBE_E_SYSTEM, "the event loop failed");
    return take(out, b, err);
}

int nube_batch_fd(nube_batch *b)
{
    return nube_loop_fd(nube_engine_loop(b->engine));
}

size_t nube_batch_pending(const nube_batch *b)
{
    return b->pending;
}
