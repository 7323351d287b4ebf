/* node wait, and the --wait of other verbs. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "live.h"

/* The states in which an operation has done its work. */
static const char *settled(enum nube_op op)
{
    switch (op) {
    case NUBE_OP_NODE_STOP:
        return "stopped";
    case NUBE_OP_NODE_SUSPEND:
        return "suspended,paused";
    case NUBE_OP_NODE_RESIZE:
        return "running,stopped";
    default:
        return "running";
    }
}

static bool state_known(const nube_conn *conn, const char *word)
{
    const nube_driver_info *drv = nube_conn_driver(conn);
    const char *raw;
    const uint16_t *ops;
    int state;
    for (size_t i = 0; nube_driver_state(drv, i, &raw, &state, &ops); i++)
        if (!strcasecmp(raw, word))
            return true;
    return false;
}

/* Of several backends one must know the word; what cannot be connected may. */
static bool known_to_any(const struct target *targets, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (!targets[i].conn || state_known(targets[i].conn, word))
            return true;
    return nube_state_find(word) >= 0;
}

static int refuse_state(struct app *app, const struct target *targets, size_t count,
                        const char *word)
{
    const char *driver = count ? nube_driver_id(nube_conn_driver(targets[0].conn)) : "DRIVER";
    return app_fail(app, NUBE_E_USAGE,
                    "\"%s\" is no state of a node%s%s: running, stopped, ..., or the provider's "
                    "own words: nube driver show %s",
                    word, count == 1 ? " at " : "", count == 1 ? targets[0].name : "", driver);
}

static int check_states(struct app *app, const char *states, const struct target *targets,
                        size_t count)
{
    int status = 0;
    char *copy = xstrdup(states), *rest = copy, *word;
    while (!status && (word = strsep(&rest, ","))) {
        word += strspn(word, " ");
        if (!known_to_any(targets, count, word))
            status = refuse_state(app, targets, count, word);
    }
    free(copy);
    return status;
}

int wait_check(struct app *app)
{
    static const char *const flags[] = {"wait", "until", "while"};
    int status = app_targets(app);
    for (size_t i = 0; !status && i < sizeof flags / sizeof *flags; i++) {
        const char *states = args_get(&app->args, flags[i]);
        if (states && (*states || i)) /* --wait alone has states of its own */
            status = check_states(app, states, app->targets, app->n_targets);
    }
    return status;
}

int wait_check_found(struct app *app, const struct found *list, size_t count)
{
    const char *states = args_get(&app->args, "wait");
    int status = 0;
    for (size_t i = 0; !status && states && *states && i < count; i++)
        status = check_states(app, states, list[i].target, 1);
    return status;
}

/* Waits for the nodes of one backend, all at once; codes[i] is what became of the i-th. */
static void wait_target(struct app *app, struct target *t, const struct found *list, size_t count,
                        const struct nube_wait *wait, int *codes)
{
    const char **ids = xcalloc(count, sizeof *ids);
    size_t *place = xcalloc(count, sizeof *place), n = 0;
    int *own = xcalloc(count, sizeof *own);
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    for (size_t i = 0; i < count; i++)
        if (list[i].target == t && !codes[i]) {
            place[n] = i;
            ids[n++] = list[i].id;
            live_add(app, list[i].id);
        }
    if (n && nube_node_wait(t->conn, ids, n, wait, &opts, own, &err))
        app_error(app, &err);
    for (size_t i = 0; i < n; i++)
        codes[place[i]] = own[i];
    free(ids);
    free(place);
    free(own);
}

/* What is gone already has no backend to be asked. */
static void wait_each(struct app *app, const struct found *list, size_t count,
                      const struct nube_wait *wait, int *codes)
{
    live_begin(app);
    for (size_t i = 0; i < app->n_targets && !signals_interrupted(); i++)
        wait_target(app, &app->targets[i], list, count, wait, codes);
    live_end();
    for (size_t i = 0; i < count; i++)
        if (signals_interrupted() && !codes[i] && list[i].obj)
            codes[i] = NUBE_E_CANCELLED;
}

void wait_after_all(struct app *app, const struct found *list, size_t count, enum nube_op op,
                    int *codes)
{
    const char *states = args_get(&app->args, "wait");
    struct nube_wait wait = NUBE_WAIT_INIT;
    if (!states || !count)
        return;
    wait.states = *states ? states : settled(op);
    wait.after = op;
    if (op == NUBE_OP_NODE_DESTROY)
        wait.flags = NUBE_WAIT_GONE;
    wait_each(app, list, count, &wait, codes);
}

int wait_after(struct app *app, const struct found *node, enum nube_op op)
{
    int code = 0;
    wait_after_all(app, node, 1, op, &code);
    return code ? app->exit : 0;
}

static int read_wait(struct app *app, struct nube_wait *wait)
{
    const char *until = args_get(&app->args, "until"), *during = args_get(&app->args, "while");
    bool gone = args_get(&app->args, "gone") != NULL;
    if ((until != NULL) + (during != NULL) + gone > 1)
        return app_fail(app, NUBE_E_USAGE, "give one of --until, --while and --gone");
    if (until || during)
        wait->states = until ? until : during;
    if (during)
        wait->flags = NUBE_WAIT_WHILE;
    if (gone)
        wait->flags = NUBE_WAIT_GONE;
    return 0;
}

static void wait_all(struct app *app, const struct found *list, size_t count,
                     const struct nube_wait *wait)
{
    struct did *did = xcalloc(count, sizeof *did);
    int *codes = xcalloc(count, sizeof *codes);
    size_t n = 0;
    wait_each(app, list, count, wait, codes);
    for (size_t i = 0; i < count; i++)
        if (!list[i].obj) /* gone before we looked */
            did[n++] = (struct did){NULL, list[i].id, list[i].given, "wait", "gone"};
        else if (!codes[i])
            did[n++] = (struct did){list[i].target->name, list[i].id, found_name(&list[i]), "wait",
                                    wait->flags & NUBE_WAIT_GONE ? "gone" : "arrived"};
    app->worked += (int)n;
    tell_did(app, did, n);
    free(codes);
    free(did);
}

int cmd_node_wait(struct app *app)
{
    struct nube_wait wait = NUBE_WAIT_INIT;
    struct found *list;
    size_t count;
    int status = read_wait(app, &wait);
    if (!status)
        status = wait_check(app);
    if (!status)
        status = find_nodes(&list, &count, app, app->args.n_words,
                            wait.flags & NUBE_WAIT_GONE ? FIND_GONE : FIND_PREFIX);
    if (status)
        return status;
    wait_all(app, list, count, &wait);
    found_free(list, count);
    return app_status(app);
}
