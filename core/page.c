/* One call waited for on this thread, results, and the guard against cursors that repeat. */
#include <string.h>

#include "error_int.h"
#include "mem.h"
#include "run.h"

struct nube_result *nube_result_new(void)
{
    struct nube_result *r = nube_mem_zalloc(sizeof(*r));

    if (!r)
        return NULL;
    r->status = -1;
    nube_buf_init(&r->out[0], NUBE_MAX_OUTPUT);
    nube_buf_init(&r->out[1], NUBE_MAX_OUTPUT);
    return r;
}

void nube_result_free(nube_result *r)
{
    if (!r)
        return;
    nube_buf_free(&r->out[0]);
    nube_buf_free(&r->out[1]);
    nube_mem_free(r->objs);
    nube_arena_free(&r->arena);
    nube_mem_free(r);
}

size_t nube_result_count(const nube_result *r)
{
    return r ? r->count : 0;
}

const nube_obj *nube_result_at(const nube_result *r, size_t i)
{
    return r && i < r->count ? r->objs[i].obj : NULL;
}

const char *nube_result_output(const nube_result *r, int stream, size_t *len)
{
    const struct nube_buf *b = r ? &r->out[stream == NUBE_STDERR] : NULL;

    if (len)
        *len = b ? b->len : 0;
    return b && b->data ? b->data : "";
}

int nube_result_status(const nube_result *r)
{
    return r ? r->status : -1;
}

const char *nube_result_next(const nube_result *r)
{
    return r ? r->next : NULL;
}

static void on_done(void *data, nube_call *c)
{
    (void)c;
    *(int *)data = 1;
}

int nube_page_get(nube_result **out, nube_conn *conn, enum nube_op op, const nube_args *args,
                  const struct nube_call_opts *opts, const char *cursor, int64_t deadline,
                  struct nube_error *err)
{
    struct nube_engine *e;
    nube_call *c;
    int over = 0, rc;

    *out = NULL;
    rc = nube_engine_take(&e, conn->lib, conn, err);
    if (rc)
        return rc;
    rc = nube_call_new(&c, e, conn, op, args, opts, cursor, deadline, on_done, &over, err);
    if (!rc) {
        while (!over && nube_engine_turn(e, -1) == 0)
            ;
        rc = over ? c->err.code : nube_error_set(err, NUBE_E_SYSTEM, "the event loop failed");
        if (over)
            nube_error_copy(err, &c->err);
        *out = c->result;
        c->result = NULL;
        nube_call_free(c);
    }
    nube_engine_give(e);
    return rc;
}

int nube_call_op(nube_result **out, nube_conn *conn, enum nube_op op, const nube_args *args,
                 const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_error_clear(err);
    return nube_page_get(out, conn, op, args, opts, NULL, nube_call_deadline(conn, opts), err);
}

int nube_cursors_add(struct nube_cursors *k, const char *cursor)
{
    uint64_t h = 14695981039346656037u;
    size_t i;

    for (; *cursor; cursor++)
        h = (h ^ (unsigned char)*cursor) * 1099511628211u;
    for (i = 0; i < k->count; i++)
        if (k->seen[i] == h)
            return -1;
    if (k->count == k->size) {
        size_t size = k->size ? k->size * 2 : 16;
        uint64_t *more = nube_mem_realloc(k->seen, size * sizeof(*more));

        if (!more)
            return -2;
        k->seen = more;
        k->size = size;
    }
    k->seen[k->count++] = h;
    return 0;
}

void nube_cursors_free(struct nube_cursors *k)
{
    nube_mem_free(k->seen);
    memset(k, 0, sizeof(*k));
}
