/* Waiting for nodes: looks at all that are left, at once, until each has arrived or cannot. */
#include <poll.h>
#include <string.h>
#include <strings.h>

#include <nube/batch.h>
#include <nube/node.h>

#include "call_int.h"
#include "error_int.h"
#include "mem.h"

enum { INTERVAL_MS = 500, INTERVAL_MAX_MS = 10000, LIMIT_MS = 600000, SETTLE_MS = 10000 };

struct waited {
    const char *id;
    char last[64]; /* the word it was seen with; "" before the first look */
    int code;
    bool over, moved; /* moved: seen in another state than at first */
    bool blocked;     /* in the provider's own wait */
};

struct waiting {
    nube_conn *conn;
    const struct nube_wait *wait;
    struct nube_call_opts opts;
    struct waited *at;
    size_t n, left;
    int64_t begun, deadline, interval;
    bool settles;      /* the old state may still be shown for a while */
    bool starts;       /* it was just told to run: stopped is an end */
    bool settled;      /* ... and when that was done, its new state was there */
    const char *until; /* the word for the provider's own wait; NULL: it has none for this */
    struct nube_error worst;
};

/* Is this word of the set, as Nube's or as the provider's? */
static bool in_set(const char *set, const char *word)
{
    size_t n = strlen(word), len;

    for (; *set; set += len + (set[len] == ',')) {
        len = strcspn(set, ",");
        while (len && *set == ' ') {
            set++;
            len--;
        }
        if (len == n && strncasecmp(set, word, n) == 0)
            return true;
    }
    return false;
}

static int check_states(const nube_conn *conn, const char *set, struct nube_error *err)
{
    char word[64];
    size_t len;
    int rc = 0;

    if (!set || !*set)
        return nube_error_set(err, NUBE_E_USAGE, "no state was given to wait for");
    for (; !rc && *set; set += len + (set[len] == ',')) {
        while (*set == ' ')
            set++;
        len = strcspn(set, ",");
        nube_error_text(word, len + 1 < sizeof(word) ? len + 1 : sizeof(word), set);
        rc = nube_conn_state_check(conn, word, err);
    }
    return rc;
}

static void say(struct waiting *w, const struct waited *x, const char *state)
{
    struct nube_progress p = {
        .size = sizeof(p), .kind = NUBE_PROGRESS_STATE, .current = -1, .total = -1};

    if (!w->opts.progress)
        return;
    p.backend = w->conn->name;
    p.verb = "node wait";
    p.id = x->id;
    p.text = state;
    p.elapsed_ms = nube_lib_mono(w->conn->lib) - w->begun;
    w->opts.progress(w->opts.payload, &p);
}

static void over(struct waiting *w, struct waited *x, const struct nube_error *err)
{
    x->over = true;
    x->code = err ? err->code : 0;
    w->left--;
    if (err && (!w->worst.code || w->worst.code == NUBE_E_DEADLINE))
        nube_error_copy(&w->worst, err);
}

static void fail(struct waiting *w, struct waited *x, int code, const char *what, const char *why)
{
    struct nube_error e = NUBE_ERROR_INIT;

    nube_error_set(&e, code, "%s %s, last seen as %s%s%s", x->id, what,
                   *x->last ? x->last : "nothing", why ? ": " : "", why ? why : "");
    nube_error_about(&e, code, w->conn->name, "node wait");
    nube_error_text(e.resource, sizeof(e.resource), x->id);
    over(w, x, &e);
}

/* What the provider says of why a node is as it is, in the words of its driver; NULL: nothing. */
static const char *cause_of(const nube_obj *node)
{
    static const char *const names[] = {"fault.message", "state_reason.message", "error"};
    struct nube_value v = {.size = sizeof(v)};
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (nube_extra_get(node, names[i], &v) && v.str && *v.str)
            return v.str;
    return NULL;
}

static bool dead_end(enum nube_state s)
{
    return s == NUBE_STATE_ERROR || s == NUBE_STATE_TERMINATED;
}

/* Told to run, it is stopped: it ended, unless that is still the state from before. */
static bool ended(const struct waiting *w, const struct waited *x, enum nube_state s)
{
    return w->starts && s == NUBE_STATE_STOPPED &&
           (w->settled || x->moved || nube_lib_mono(w->conn->lib) - w->begun >= SETTLE_MS);
}

static void see(struct waiting *w, struct waited *x, const nube_obj *node)
{
    enum nube_state s = nube_node_state(node);
    const char *raw = nube_str(node, NUBE_RAW_STATE), *word = nube_state_name(s);
    const char *show = raw ? raw : word;
    bool in = w->wait->flags & NUBE_WAIT_GONE
                  ? s == NUBE_STATE_TERMINATED
                  : in_set(w->wait->states, word) || in_set(w->wait->states, show);
    bool old = w->settles && !x->moved && nube_lib_mono(w->conn->lib) - w->begun < SETTLE_MS;

    if (strcmp(x->last, show) != 0) {
        x->moved = *x->last != '\0';
        old = old && !x->moved;
        nube_error_text(x->last, sizeof(x->last), show);
        say(w, x, show);
    }
    if (w->wait->flags & NUBE_WAIT_WHILE)
        in = !in;
    if (in && !old)
        over(w, x, NULL);
    else if (!in && dead_end(s) && !(w->wait->flags & NUBE_WAIT_GONE))
        fail(w, x, NUBE_E_STATE, "cannot get there any more", cause_of(node));
    else if (!in && !old && ended(w, x, s))
        fail(w, x, NUBE_E_STATE, "was started and has ended", cause_of(node));
}

static bool cancelled(const struct waiting *w)
{
    return w->opts.cancel && nube_cancel_fired(w->opts.cancel);
}

/* Was a look cut off because the whole wait is over? */
static bool is_over(const struct waiting *w, int code)
{
    return (code == NUBE_E_CANCELLED && cancelled(w)) ||
           (code == NUBE_E_DEADLINE && nube_lib_mono(w->conn->lib) >= w->deadline);
}

static void hear(struct waiting *w, const struct nube_done *d, const struct nube_error *err)
{
    struct waited *x = d->user;
    const nube_obj *node = nube_result_at(d->result, 0);

    if (x->blocked && d->code != NUBE_E_NOT_FOUND) {
        x->blocked = false; /* whatever it said, a look decides */
        return;
    }
    x->blocked = false;
    if (is_over(w, d->code))
        return; /* the wait ended, not the node: give_up() says of which */
    if (d->code == NUBE_E_NOT_FOUND && w->wait->flags & NUBE_WAIT_GONE)
        over(w, x, NULL);
    else if (d->code)
        over(w, x, err);
    else if (node)
        see(w, x, node);
}

static int ask(struct waiting *w, nube_batch *b, struct waited *x, const char *until,
               struct nube_error *err)
{
    struct nube_call_opts opts = w->opts;
    int64_t left = w->deadline - nube_lib_mono(w->conn->lib);
    nube_args *args = NULL;
    int rc = nube_args_new(&args, err);

    opts.deadline_ms = left > 0 ? left : 1;
    opts.progress = NULL;
    if (!rc) {
        nube_args_set(args, "id", x->id);
        nube_args_set(args, "until", until);
        x->blocked = until != NULL;
        rc = nube_batch_add(b, w->conn, until ? NUBE_OP_NODE_WAIT : NUBE_OP_NODE_GET, args, &opts,
                            x, err);
    }
    nube_args_free(args);
    return rc;
}

/* One look at every node that is left; or, with until, one wait of the provider's own for each. */
static int look(struct waiting *w, const char *until, struct nube_error *err)
{
    struct nube_error e = NUBE_ERROR_INIT;
    struct nube_done d = {.size = sizeof(d)};
    nube_batch *b;
    size_t i;
    int rc = nube_batch_new(&b, w->conn->lib, err);

    for (i = 0; !rc && i < w->n; i++)
        if (!w->at[i].over)
            rc = ask(w, b, &w->at[i], until, err);
    while (!rc && nube_batch_next(&d, b, &e) == 1) {
        hear(w, &d, &e);
        nube_result_free(d.result);
    }
    nube_batch_free(b);
    return rc;
}

static void give_up(struct waiting *w, int code)
{
    size_t i;

    for (i = 0; i < w->n; i++)
        if (!w->at[i].over)
            fail(w, &w->at[i], code,
                 code == NUBE_E_DEADLINE ? "did not get there before the deadline"
                                         : "was waited for until it was cancelled",
                 NULL);
}

static void pause_for(struct waiting *w)
{
    int64_t left = w->deadline - nube_lib_mono(w->conn->lib);
    struct pollfd p = {.fd = w->opts.cancel ? nube_cancel_fd(w->opts.cancel) : -1,
                       .events = POLLIN};
    int64_t ms = w->interval < left ? w->interval : left;

    poll(&p, 1, ms > 0 ? (int)ms : 0);
    w->interval = w->interval * 3 / 2;
    if (w->interval > INTERVAL_MAX_MS)
        w->interval = INTERVAL_MAX_MS;
}

/* Passes the time until the next look: in the provider's own wait once, else with a pause. */
static int rest(struct waiting *w, struct nube_error *err)
{
    const char *until = w->until;

    w->until = NULL; /* should it say less than it promises, the rest is polled */
    if (until)
        return look(w, until, err);
    pause_for(w);
    return 0;
}

static int rounds(struct waiting *w, struct nube_error *err)
{
    int rc = look(w, NULL, err);

    while (!rc && w->left) {
        if (nube_lib_mono(w->conn->lib) >= w->deadline)
            give_up(w, NUBE_E_DEADLINE);
        else if (cancelled(w))
            give_up(w, NUBE_E_CANCELLED);
        else
            rc = rest(w, err);
        if (!rc && w->left && !cancelled(w) && nube_lib_mono(w->conn->lib) < w->deadline)
            rc = look(w, NULL, err);
    }
    return rc;
}

/* The state that the provider itself can wait for, when it is the one that is wanted. */
static const char *own_wait(const struct waiting *w)
{
    const struct nube_option *row = nube_accepts(w->conn, NUBE_OP_NODE_WAIT, "until");
    const char *word = w->wait->flags & NUBE_WAIT_GONE ? "gone" : w->wait->states, *at;
    size_t len;

    if (!nube_can(w->conn, NUBE_OP_NODE_WAIT) || !row || !row->choices || !word ||
        w->wait->flags & NUBE_WAIT_WHILE)
        return NULL;
    for (at = row->choices; *at; at += len + (at[len] == '|')) {
        len = strcspn(at, "|");
        if (strlen(word) == len && strncmp(at, word, len) == 0)
            return word;
    }
    return NULL;
}

static int prepare(struct waiting *w, const char *const *ids, struct nube_error *err)
{
    size_t i;

    if (!nube_can(w->conn, NUBE_OP_NODE_GET))
        return nube_error_set(err, NUBE_E_UNSUPPORTED, "%s cannot look at a single node",
                              w->conn->driver->title);
    w->at = nube_mem_zalloc((w->n + 1) * sizeof(*w->at));
    if (!w->at)
        return nube_error_nomem(err);
    for (i = 0; i < w->n; i++)
        w->at[i].id = ids[i];
    return w->wait->flags & NUBE_WAIT_GONE ? 0 : check_states(w->conn, w->wait->states, err);
}

int nube_node_wait(nube_conn *conn, const char *const *ids, size_t n, const struct nube_wait *wait,
                   const struct nube_call_opts *opts, int *codes, struct nube_error *err)
{
    const struct nube_wait defaults = NUBE_WAIT_INIT;
    struct waiting w = {.conn = conn, .wait = wait ? wait : &defaults, .n = n, .left = n};
    unsigned after = w.wait->after;
    size_t i;
    int rc;

    nube_error_clear(err);
    w.worst = (struct nube_error)NUBE_ERROR_INIT;
    nube_call_opts_copy(&w.opts, opts);
    w.begun = nube_lib_mono(conn->lib);
    w.deadline = nube_time_after(w.begun, w.opts.deadline_ms > 0 ? w.opts.deadline_ms : LIMIT_MS);
    w.interval = w.wait->interval_ms > 0 ? w.wait->interval_ms : INTERVAL_MS;
    if (w.interval > LIMIT_MS)
        w.interval = LIMIT_MS;
    w.settled = after < NUBE_OP_COUNT && conn->driver->ops[after].flags & NUBE_OPF_SETTLED;
    w.settles = after == NUBE_OP_NODE_REBOOT && !w.settled;
    w.starts = after == NUBE_OP_NODE_CREATE || after == NUBE_OP_NODE_START ||
               after == NUBE_OP_NODE_RESUME || after == NUBE_OP_NODE_REBOOT;
    w.until = own_wait(&w);
    rc = prepare(&w, ids, err);
    if (!rc)
        rc = rounds(&w, err);
    if (!rc)
        rc = nube_error_copy(err, &w.worst);
    for (i = 0; codes && !w.at && i < n; i++)
        codes[i] = rc;
    for (i = 0; codes && w.at && i < n; i++)
        codes[i] = rc && !w.at[i].over ? rc : w.at[i].code;
    nube_mem_free(w.at);
    return rc;
}
