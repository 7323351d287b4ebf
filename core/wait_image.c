/* Waiting for an image that is being made. */
#include <poll.h>
#include <strings.h>

#include <nube/image.h>

#include "call_int.h"
#include "error_int.h"

enum { INTERVAL_MS = 1000, INTERVAL_MAX_MS = 10000, LIMIT_MS = 1800000 };

static int is_one(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(word, *words) == 0)
            return 1;
    return 0;
}

/* What the state says: 1 it can be used, -1 it never will, 0 neither. Without a state it can. */
static int judge(const char *state)
{
    static const char *const good[] = {"available", "active", "ready", NULL};
    static const char *const bad[] = {"failed",       "error",   "killed",   "deleted",
                                      "deregistered", "invalid", "disabled", NULL};

    if (!state || is_one(state, good))
        return 1;
    return is_one(state, bad) ? -1 : 0;
}

static void tell(nube_conn *conn, const struct nube_call_opts *opts, const char *id,
                 const char *state)
{
    struct nube_progress p = {
        .size = sizeof(p), .kind = NUBE_PROGRESS_STATE, .current = -1, .total = -1};

    p.backend = nube_conn_name(conn);
    p.verb = "image wait";
    p.id = id;
    p.text = state;
    if (opts->progress)
        opts->progress(opts->payload, &p);
}

static int look(nube_image **out, nube_conn *conn, const char *id,
                const struct nube_call_opts *opts, int64_t left, struct nube_error *err)
{
    struct nube_call_opts own = *opts;

    own.deadline_ms = left;
    return nube_image_get(out, conn, id, &own, err);
}

/* Passes the time until the next look, unless it is cancelled. */
static void rest(const struct nube_call_opts *opts, int64_t ms)
{
    struct pollfd p = {.fd = opts->cancel ? nube_cancel_fd(opts->cancel) : -1, .events = POLLIN};

    poll(&p, 1, (int)ms);
}

static int ended(struct nube_error *err, nube_conn *conn, int code, const char *id,
                 const char *what, const char *state)
{
    nube_error_set(err, code, "image %s %s, last seen as %s", id, what, state ? state : "nothing");
    if (err)
        nube_error_text(err->resource, sizeof(err->resource), id);
    return nube_error_about(err, code, nube_conn_name(conn), "image wait");
}

int nube_image_wait(nube_image **out, nube_conn *conn, const char *id,
                    const struct nube_call_opts *opts, struct nube_error *err)
{
    struct nube_call_opts own;
    int64_t end, interval = INTERVAL_MS, left;
    int rc, so_far = 0;

    *out = NULL;
    nube_error_clear(err);
    nube_call_opts_copy(&own, opts);
    end =
        nube_time_after(nube_lib_mono(conn->lib), own.deadline_ms > 0 ? own.deadline_ms : LIMIT_MS);
    for (;;) {
        const char *state;

        left = end - nube_lib_mono(conn->lib);
        rc = look(out, conn, id, &own, left > 0 ? left : 1, err);
        if (rc)
            return rc;
        state = nube_str(*out, NUBE_RAW_STATE);
        so_far = judge(state);
        if (so_far > 0)
            return 0;
        tell(conn, &own, id, state);
        if (so_far < 0)
            return ended(err, conn, NUBE_E_STATE, id, "cannot be used any more", state);
        if (end - nube_lib_mono(conn->lib) <= interval)
            return ended(err, conn, NUBE_E_DEADLINE, id, "was not there before the deadline",
                         state);
        rest(&own, interval);
        if (own.cancel && nube_cancel_fired(own.cancel))
            return ended(err, conn, NUBE_E_CANCELLED, id, "was waited for until it was cancelled",
                         state);
        interval = interval * 3 / 2 < INTERVAL_MAX_MS ? interval * 3 / 2 : INTERVAL_MAX_MS;
        nube_obj_free(*out);
        *out = NULL;
    }
}
