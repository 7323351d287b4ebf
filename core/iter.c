/* Iterators: a list page by page, asked for when read. */
#include <string.h>

#include "error_int.h"
#include "mem.h"
#include "run.h"

struct nube_iter {
    nube_conn *conn;
    enum nube_op op;
    nube_args *args;
    struct nube_call_opts opts;
    int64_t deadline;
    nube_result *page;
    size_t at;
    uint32_t pages;
    bool over;
    struct nube_error failure; /* why it is over; code 0: it was the end */
    struct nube_cursors cursors;
};

int nube_iter_new(nube_iter **out, nube_conn *conn, enum nube_op op, const nube_args *args,
                  const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_iter *it = nube_mem_zalloc(sizeof(*it));
    int rc;

    *out = NULL;
    nube_error_clear(err);
    if (!it)
        return nube_error_nomem(err);
    it->failure = (struct nube_error)NUBE_ERROR_INIT;
    it->conn = conn;
    it->op = op;
    nube_call_opts_copy(&it->opts, opts);
    it->deadline = nube_call_deadline(conn, &it->opts);
    rc = args ? nube_args_copy(&it->args, args, err) : 0;
    if (rc) {
        nube_iter_free(it);
        return rc;
    }
    *out = it;
    return 0;
}

void nube_iter_free(nube_iter *it)
{
    if (!it)
        return;
    nube_result_free(it->page);
    nube_args_free(it->args);
    nube_cursors_free(&it->cursors);
    nube_mem_free(it);
}

static int guard(nube_iter *it, struct nube_error *err)
{
    const char *next = nube_result_next(it->page);
    int rc = next ? nube_cursors_add(&it->cursors, next) : 0;

    if (rc == -2)
        return nube_error_nomem(err);
    if (rc)
        nube_error_set(err, NUBE_E_PROTOCOL,
                       "%s: the provider repeats the page cursor \"%s\": the list would "
                       "never end",
                       nube_conn_name(it->conn), next);
    return nube_error_about(err, rc ? NUBE_E_PROTOCOL : 0, nube_conn_name(it->conn),
                            nube_op_name(it->op));
}

/* The old page goes before the new one comes: memory is one page. */
static int turn(nube_iter *it, struct nube_error *err)
{
    char *cursor = nube_mem_strdup(nube_result_next(it->page));
    int rc = it->page && !cursor ? nube_error_nomem(err) : it->page ? guard(it, err) : 0;

    nube_result_free(it->page);
    it->page = NULL;
    it->at = 0;
    if (!rc)
        rc = nube_page_get(&it->page, it->conn, it->op, it->args, &it->opts, cursor, it->deadline,
                           err);
    it->pages++;
    nube_mem_free(cursor);
    return rc;
}

int nube_iter_next(const nube_obj **out, nube_iter *it, struct nube_error *err)
{
    int rc;

    *out = NULL;
    nube_error_clear(err);
    while (!it->over) {
        *out = nube_result_at(it->page, it->at);
        if (*out) {
            it->at++;
            return 1;
        }
        if (it->page && (!nube_result_next(it->page) ||
                         (it->opts.max_pages && it->pages >= it->opts.max_pages))) {
            it->over = true;
            return 0;
        }
        rc = turn(it, &it->failure);
        if (rc) {
            it->failure.code = rc;
            it->over = true;
        }
    }
    return nube_error_copy(err, &it->failure);
}
