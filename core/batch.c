/* Batches: many calls at once on one engine, results as they come. */
#include <string.h>

#include <nube/batch.h>

#include "error_int.h"
#include "mem.h"
#include "run.h"

/* More at once would need more descriptors than a process usually has. */
enum { AT_ONCE = 256 };

struct entry {
    nube_batch *batch;
    nube_conn *conn;
    enum nube_op op;
    nube_args *args;
    struct nube_call_opts opts;
    int64_t deadline; /* of the whole list; 0: counts from when it begins */
    void *user;
    nube_call *call;
    struct nube_cursors cursors;
    struct nube_error failure; /* of a next page that could not be asked for */
    struct entry *prev, *next; /* in one of the batch's rings */
};

/* Every entry is in one of them. */
struct nube_batch {
    nube_lib *lib;
    struct nube_engine *engine;
    struct entry held, under_way, ready; /* heads of rings */
    size_t pending, n_under_way;
};

static void ring_init(struct entry *head)
{
    head->prev = head->next = head;
}

static void ring_leave(struct entry *e)
{
    e->prev->next = e->next;
    e->next->prev = e->prev;
}

static void ring_join(struct entry *head, struct entry *e)
{
    e->prev = head->prev;
    e->next = head;
    head->prev->next = e;
    head->prev = e;
}

int nube_batch_new(nube_batch **out, nube_lib *lib, struct nube_error *err)
{
    nube_batch *b = nube_mem_zalloc(sizeof(*b));
    int rc;

    *out = NULL;
    nube_error_clear(err);
    if (!b)
        return nube_error_nomem(err);
    b->lib = lib;
    ring_init(&b->held);
    ring_init(&b->under_way);
    ring_init(&b->ready);
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

static void free_all(struct entry *head)
{
    struct entry *e, *next;

    for (e = head->next; e != head; e = next) {
        next = e->next;
        entry_free(e);
    }
    ring_init(head);
}

static nube_call *not_ending(const nube_batch *b)
{
    const struct entry *e;

    for (e = b->under_way.next; e != &b->under_way; e = e->next)
        if (!e->call->ending)
            return e->call;
    return NULL;
}

void nube_batch_free(nube_batch *b)
{
    nube_call *c;

    if (!b || nube_engine_foreign(b->engine))
        return; /* what a parent process runs is not the child's to end */
    free_all(&b->held);
    while ((c = not_ending(b)))
        nube_call_abort(c, NUBE_E_CANCELLED);
    while (b->n_under_way && nube_engine_turn(b->engine, -1) == 0)
        ; /* undos get their time */
    free_all(&b->under_way);
    free_all(&b->ready);
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

/* Begins what there is room for. */
static void fill(nube_batch *b)
{
    struct entry *e;

    while (b->n_under_way < AT_ONCE && (e = b->held.next) != &b->held) {
        ring_leave(e);
        ring_join(&b->under_way, e);
        b->n_under_way++;
        if (!e->deadline)
            e->deadline = nube_call_deadline(e->conn, &e->opts);
        nube_call_start(e->call, e->deadline);
    }
}

static void on_done(void *data, nube_call *c)
{
    struct entry *e = data;

    (void)c;
    ring_leave(e);
    ring_join(&e->batch->ready, e);
    e->batch->n_under_way--;
    fill(e->batch);
}

static int ask(struct entry *e, const char *cursor, struct nube_error *err)
{
    return nube_call_new(&e->call, e->batch->engine, e->conn, e->op, e->args, &e->opts, cursor,
                         on_done, e, err);
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
    if (e->opts.deadline_ms)
        e->deadline = nube_call_deadline(conn, &e->opts);
    rc = args ? nube_args_copy(&e->args, args, err) : 0;
    if (!rc)
        rc = ask(e, NULL, err);
    if (rc) {
        entry_free(e);
        return rc;
    }
    ring_join(&b->held, e);
    b->pending++;
    fill(b);
    return 0;
}

/* Asks for the page behind this result, before what has not begun; that this fails is the next
 * result. */
static void follow(struct entry *e, const char *next)
{
    nube_batch *b = e->batch;
    char *cursor = nube_mem_strdup(next);
    int seen = cursor ? nube_cursors_add(&e->cursors, cursor) : -2;

    nube_call_free(e->call);
    e->call = NULL;
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
    ring_join(e->call ? b->held.next : &b->ready, e);
    fill(b);
}

static int deliver(struct nube_done *out, struct entry *e, struct nube_error *err)
{
    struct nube_done d = {.size = out->size, .user = e->user, .conn = e->conn};
    const char *next = NULL;

    ring_leave(e);
    nube_error_copy(err, e->call ? &e->call->err : &e->failure);
    d.code = e->call ? e->call->err.code : e->failure.code;
    if (e->call) {
        d.result = e->call->result;
        e->call->result = NULL;
        next = d.code ? NULL : nube_result_next(d.result);
    }
    d.more = next != NULL;
    if (next) {
        follow(e, next);
    } else {
        e->batch->pending--;
        entry_free(e);
    }
    memcpy(out, &d, out->size < sizeof(d) ? out->size : sizeof(d));
    return 1;
}

static int take(struct nube_done *out, nube_batch *b, struct nube_error *err)
{
    return b->ready.next == &b->ready ? 0 : deliver(out, b->ready.next, err);
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
