/* A need that somebody waits for: run to its end on a loop of its own. */
#include <string.h>

#include "error_int.h"
#include "needs.h"

static void answered(void *data, const struct nube_need_end *end)
{
    struct nube_need_answer *a = data;

    a->done = 1;
    a->status = end->status;
    a->code = end->code;
    memcpy(a->message, end->message, sizeof(a->message));
    if (end->body && end->body->len)
        nube_buf_add(&a->body, end->body->data, end->body->len);
}

static int64_t loop_now(void *lib)
{
    return nube_lib_mono(lib);
}

static void failed(struct nube_need_answer *a, int code, const char *why)
{
    a->code = code;
    nube_error_text(a->message, sizeof(a->message), why);
}

/* Turns the loop until the need is answered, or its time is over. */
static void wait_for(struct nube_need_answer *a, nube_lib *lib, struct nube_loop *loop,
                     struct nube_need *need, int64_t limit_ms)
{
    int64_t end = nube_lib_mono(lib) + limit_ms, left = limit_ms;

    while (!a->done && left > 0 && nube_loop_turn(loop, left) == 0)
        left = end - nube_lib_mono(lib);
    if (a->done)
        return;
    nube_need_cancel(need);
    if (left > 0)
        failed(a, NUBE_E_SYSTEM, "waiting for it failed");
    else
        failed(a, NUBE_E_AUTH, "it did not end within a minute");
}

void nube_need_run(struct nube_need_answer *out, nube_lib *lib, const struct nube_need_req *req,
                   int64_t limit_ms)
{
    struct nube_need *need;
    struct nube_loop *loop;

    memset(out, 0, sizeof(*out));
    nube_buf_init(&out->body, NUBE_MAX_DATA);
    if (nube_loop_new(&loop, loop_now, lib)) {
        failed(out, NUBE_E_SYSTEM, "no event loop: too many open files?");
        return;
    }
    need = nube_need_start(lib, loop, req, answered, out);
    if (need)
        wait_for(out, lib, loop, need, limit_ms);
    else
        failed(out, NUBE_E_MEMORY, "out of memory");
    nube_loop_free(loop);
}
