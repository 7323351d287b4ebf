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
    rc = nube_call_new(&c, e, conn, op, args, opts, cursor, on_done, &over, err);
    if (!rc) {
        nube_call_start(c, deadline);
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

static uint64_t hash(const char *text)
{
    uint64_t h = 14695981039346656037u;

    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211u;
    return h ? h : 1; /* 0 marks a free place */
}

/* The place of a hash, or the free one where it belongs; size is a power of two and never full. */
static uint64_t *place(uint64_t *seen, size_t size, uint64_t h)
{
    size_t i = (size_t)h & (size - 1);

    while (seen[i] && seen[i] != h)
        i = (i + 1) & (size - 1);
    return &seen[i];
}

static int widen(struct nube_cursors *k)
{
    size_t size = k->size ? k->size * 2 : 32, i;
    uint64_t *more = nube_mem_zalloc(size * sizeof(*more));

    if (!more)
        return -2;
    for (i = 0; i < k->size; i++)
        if (k->seen[i])
            *place(more, size, k->seen[i]) = k->seen[i];
    nube_mem_free(k->seen);
    k->seen = more;
    k->size = size;
    return 0;
}

int nube_cursors_add(struct nube_cursors *k, const char *cursor)
{
    uint64_t h = hash(cursor), *at;

    if (k->count * 2 >= k->size && widen(k))
        return -2;
    at = place(k->seen, k->size, h);
    if (*at)
        return -1;
    *at = h;
    k->count++;
    return 0;
}

void nube_cursors_free(struct nube_cursors *k)
{
    nube_mem_free(k->seen);
    memset(k, 0, sizeof(*k));
}
