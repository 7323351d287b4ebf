/* Connections and calls: one account at one provider, and everything that can be asked of it. */
#ifndef NUBE_CONN_H
#define NUBE_CONN_H

#include <nube/lib.h>
#include <nube/object.h>

NUBE_BEGIN

typedef struct nube_conn nube_conn;
typedef struct nube_cancel nube_cancel;
typedef struct nube_result nube_result;
typedef struct nube_iter nube_iter;

/*
 * Makes a connection from a provider id ("docker", "ec2_us_east") and options.
 * Checks the options against the driver's table and loads the driver and the
 * services it declares; sends nothing. `name` is how errors and objects call the
 * account, NULL: the provider id. options may be NULL and are copied.
 * A connection is immutable and may be used by any number of threads at once.
 */
NUBE_API int nube_connect(nube_conn **out, nube_lib *lib, const char *provider, const char *name,
                          const nube_args *options, struct nube_error *err);
NUBE_API void nube_conn_free(nube_conn *conn);
NUBE_API const char *nube_conn_name(const nube_conn *conn);
NUBE_API const char *nube_conn_provider(const nube_conn *conn);
NUBE_API const nube_driver_info *nube_conn_driver(const nube_conn *conn);

/* Asked before any request: is the operation offered? */
NUBE_API int nube_can(const nube_conn *conn, enum nube_op op);
/* The row of the driver's table (or of the library's own, over SSH) for an argument of an
 * operation, with type and limits; NULL: not honoured. */
NUBE_API const struct nube_option *nube_accepts(const nube_conn *conn, enum nube_op op,
                                                const char *argument);

/* A switch that ends calls. Fire is one atomic store and one write: from any thread and from a
 * signal handler. Freed when no call uses it and every fire has returned: a call may end first. */
NUBE_API int nube_cancel_new(nube_cancel **out, struct nube_error *err);
NUBE_API void nube_cancel_fire(nube_cancel *cancel);
NUBE_API int nube_cancel_fired(const nube_cancel *cancel);
NUBE_API void nube_cancel_reset(nube_cancel *cancel);
NUBE_API void nube_cancel_free(nube_cancel *cancel);

/* What a long call is doing; text lives until the callback returns. */
enum nube_progress_kind {
    NUBE_PROGRESS_MESSAGE = 0, /* text says it */
    NUBE_PROGRESS_BYTES = 1,   /* current of total */
    NUBE_PROGRESS_STATE = 2    /* a wait: text is the state that id is seen in */
};
struct nube_progress {
    uint32_t size;
    int32_t kind; /* enum nube_progress_kind */
    const char *backend, *verb;
    const char *id;         /* layer, node, ... or NULL */
    const char *text;       /* "Downloading" or NULL */
    int64_t current, total; /* -1: not known */
    int64_t elapsed_ms;
};

/*
 * How a call is made. Start it as NUBE_CALL_OPTS_INIT; NULL means the same.
 * Callbacks are made on the thread that is inside the call.
 */
struct nube_call_opts {
    uint32_t size;
    uint32_t flags;      /* enum nube_call_flag */
    int64_t deadline_ms; /* for the whole call: name lookup, connecting, retries, pages, polling. 0:
                            the connection's timeout; negative: none */
    nube_cancel *cancel;
    void *payload;
    void (*progress)(void *payload, const struct nube_progress *progress);
    /* Console and run output as it arrives; without it the result holds it (up to 16 MiB). Return 0
     * to go on. */
    int (*output)(void *payload, int stream, const void *data, size_t len);
    /* Standard input of a run, body of an import: fill buf, return the count, 0 at the end, -1 to
     * give up. */
    int64_t (*input)(void *payload, void *buf, size_t size);
    /* With NUBE_CALL_DRY_RUN: the first changing request, redacted, ready to print. */
    void (*dry_run)(void *payload, const char *text);
    uint32_t max_pages; /* of an iterator; 0: no limit */
    uint32_t reserved;
};

enum nube_call_flag {
    NUBE_CALL_DRY_RUN =
        1, /* stop before the first request that changes something; returns 0 and an empty result */
    NUBE_CALL_FORCE_STATE = 2 /* send an action even if the known state forbids it */
};

#define NUBE_CALL_OPTS_INIT                                                                        \
    {                                                                                              \
        sizeof(struct nube_call_opts), 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0              \
    }

/*
 * What holds for every function that takes out-parameters and an error: *out is NULL
 * when there is nothing to hand over; err may be NULL, and is cleared at the start, so
 * that err->code is 0 after success. args and opts are read before it returns; an
 * iterator and a batch keep copies.
 *
 * The arguments of an operation are the rows of the driver's table for it:
 * nube_accepts(), `nube driver show NAME`. Lists and pairs take several of one name.
 *
 * Makes one call and waits for it: the form under every verb. args and opts may
 * be NULL. A list gives its first page. On failure *out is still set when there is
 * something to hand over (a created node and its password); free it in any case.
 */
NUBE_API int nube_call_op(nube_result **out, nube_conn *conn, enum nube_op op,
                          const nube_args *args, const struct nube_call_opts *opts,
                          struct nube_error *err);
NUBE_API void nube_result_free(nube_result *result);
NUBE_API size_t nube_result_count(const nube_result *result);
NUBE_API const nube_obj *nube_result_at(const nube_result *result, size_t i);
/* Output of console and run that no callback took. Borrowed; may hold NUL. */
NUBE_API const char *nube_result_output(const nube_result *result, int stream, size_t *len);
/* Exit status of a run: 0 to 255, 128+n for signal n, -1 when there is none. */
NUBE_API int nube_result_status(const nube_result *result);
/* The cursor of the next page, NULL when this was the last. */
NUBE_API const char *nube_result_next(const nube_result *result);

/*
 * Walks a list page by page; memory is one page however long the list.
 * nube_iter_next() gives 1 and an object that lives until the next call, 0 at the
 * end, or an error: what came before it is good, and the list is not whole. Asked
 * again, it gives that error again, never an end.
 */
NUBE_API int nube_iter_new(nube_iter **out, nube_conn *conn, enum nube_op op, const nube_args *args,
                           const struct nube_call_opts *opts, struct nube_error *err);
NUBE_API int nube_iter_next(const nube_obj **out, nube_iter *iter, struct nube_error *err);
NUBE_API void nube_iter_free(nube_iter *iter);

/*
 * A copy of args in which names of images, sizes, locations, keys and nodes are ids, where the
 * operation takes those only: each is looked up as by nube_find(). flags: enum nube_find_flag.
 */
NUBE_API int nube_args_resolve(nube_args **out, nube_conn *conn, enum nube_op op,
                               const nube_args *args, unsigned flags,
                               const struct nube_call_opts *opts, struct nube_error *err);

/*
 * Finds one object of a kind by id or name, of a node by address too, or by a unique prefix of id
 * or name when NUBE_FIND_PREFIX is given; a text with a '*' is a pattern of names, and the newest
 * that fits is found. Images that others publish are looked through when none of the account's
 * own fits: those of several owners are then ambiguous, whatever the flags, for anybody may take a
 * name. NUBE_E_AMBIGUOUS lists the candidates in the message unless NUBE_FIND_FIRST takes the
 * first by name and id. *out is owned: nube_obj_free().
 */
enum nube_find_flag { NUBE_FIND_PREFIX = 1, NUBE_FIND_FIRST = 2 };
NUBE_API int nube_find(nube_obj **out, nube_conn *conn, enum nube_kind kind, const char *text,
                       unsigned flags, const struct nube_call_opts *opts, struct nube_error *err);

/* Raw request: op NUBE_OP_RAW with arguments method, path, query, header, body; the reply is the
 * output. */

NUBE_END

#endif
