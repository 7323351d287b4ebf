/* Batches: any number of calls over any number of connections at once, on the calling thread. */
#ifndef NUBE_BATCH_H
#define NUBE_BATCH_H

#include <nube/conn.h>

NUBE_BEGIN

typedef struct nube_batch nube_batch;

/* One thing that finished. Start it as NUBE_DONE_INIT: a struct without its size is refused. */
struct nube_done {
    uint32_t size;
    int32_t code; /* 0 or enum nube_code */
    int32_t more; /* a page of a list, and further ones follow by themselves */
    int32_t reserved;
    void *user; /* as given to nube_batch_add() */
    nube_conn *conn;
    nube_result *result; /* owned by the receiver: nube_result_free(). NULL when there is none */
};

#define NUBE_DONE_INIT                                                                             \
    {                                                                                              \
        sizeof(struct nube_done), 0, 0, 0, NULL, NULL, NULL                                        \
    }

NUBE_API int nube_batch_new(nube_batch **out, nube_lib *lib, struct nube_error *err);
/* Ends what still runs, as a cancel would, and frees. After a fork the batches of the parent stay
 * the parent's: in the child this does nothing, and the calls below are NUBE_E_USAGE. */
NUBE_API void nube_batch_free(nube_batch *batch);

/*
 * Adds a call; it starts inside the next wait or step. At most 256 calls of a batch are under way
 * at once; a further one begins when another has ended, in the order in which they were added. A
 * deadline of opts counts from here, the connection's own timeout from when the call begins.
 * Argument errors are reported here. args and opts are copied,
 * opts->payload and what it points to are not. A list delivers page after page until its last.
 */
NUBE_API int nube_batch_add(nube_batch *batch, nube_conn *conn, enum nube_op op,
                            const nube_args *args, const struct nube_call_opts *opts, void *user,
                            struct nube_error *err);

/* Waits for the next result: 1 and *out (err tells its failure), 0 when nothing is left, negative:
 * the batch itself failed. */
NUBE_API int nube_batch_next(struct nube_done *out, nube_batch *batch, struct nube_error *err);

/*
 * For an event loop of one's own: watch the descriptor (always the same one) for
 * reading, and when it is readable call nube_batch_step() until it gives 0:
 * 1: *out holds a result; 0: nothing more now. It never blocks.
 */
NUBE_API int nube_batch_fd(nube_batch *batch);
NUBE_API int nube_batch_step(struct nube_done *out, nube_batch *batch, struct nube_error *err);
/* Calls that have not delivered their last result. */
NUBE_API size_t nube_batch_pending(const nube_batch *batch);

NUBE_END

#endif
