/* node wait, and the --wait of other verbs. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

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

int wait_after(struct app *app, const struct found *node, enum nube_op op)
{
    const char *states = args_get(&app->args, "wait"), *id = node->id;
    struct nube_wait wait = NUBE_WAIT_INIT;
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    if (!states)
        return 0;
    wait.states = *states ? states : settled(op);
    wait.after = op;
    if (op == NUBE_OP_NODE_DESTROY)
        wait.flags = NUBE_WAIT_GONE;
    if (!nube_node_wait(node->target->conn, &id, 1, &wait, &opts, NULL, &err))
        return 0;
    return app_error(app, &err);
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

/* What became of the nodes: told at the end, as one. */
struct outcome {
    struct did *did;
    size_t count;
};

/* The nodes of one backend, all at once. */
static void wait_target(struct outcome *o, struct app *app, struct target *t,
                        const struct found *list, size_t count, const struct nube_wait *wait)
{
    const char **ids = xcalloc(count, sizeof *ids);
    const struct found **node = xcalloc(count, sizeof *node);
    int *codes = xcalloc(count, sizeof *codes);
    size_t n = 0;
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    for (size_t i = 0; i < count; i++)
        if (list[i].target == t) {
            node[n] = &list[i];
            ids[n++] = list[i].id;
        }
    if (n && nube_node_wait(t->conn, ids, n, wait, &opts, codes, &err))
        app_error(app, &err);
    for (size_t i = 0; i < n; i++)
        if (!codes[i])
            o->did[o->count++] = (struct did){t->name, ids[i], found_name(node[i]), "wait",
                                              wait->flags & NUBE_WAIT_GONE ? "gone" : "arrived"};
    free(ids);
    free(node);
    free(codes);
}

static void wait_all(struct app *app, const struct found *list, size_t count,
                     const struct nube_wait *wait)
{
    struct outcome o = {xcalloc(count, sizeof *o.did), 0};
    progress_begin(app, "node wait");
    for (size_t i = 0; i < app->n_targets && !signals_interrupted(); i++)
        wait_target(&o, app, &app->targets[i], list, count, wait);
    progress_end();
    for (size_t i = 0; i < count; i++)
        if (!list[i].obj) /* gone before we looked */
            o.did[o.count++] = (struct did){NULL, list[i].id, list[i].given, "wait", "gone"};
    app->worked += (int)o.count;
    tell_did(app, o.did, o.count);
    free(o.did);
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
