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

/* The nodes of one backend, all at once. */
static void wait_target(struct app *app, struct target *t, const struct found *list, size_t count,
                        const struct nube_wait *wait)
{
    const char **ids = xcalloc(count, sizeof *ids);
    struct did *did = xcalloc(count, sizeof *did);
    int *codes = xcalloc(count, sizeof *codes);
    size_t n = 0, done = 0;
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    for (size_t i = 0; i < count; i++)
        if (list[i].target == t) {
            const char *name = nube_name(list[i].obj);
            did[n] = (struct did){t->name, list[i].id, name ? name : list[i].id, "wait", "arrived"};
            ids[n++] = list[i].id;
        }
    if (n && nube_node_wait(t->conn, ids, n, wait, &opts, codes, &err))
        app_error(app, &err);
    for (size_t i = 0; i < n; i++)
        if (!codes[i])
            did[done++] = did[i];
    app->worked += (int)done;
    tell_did(app, did, done);
    free(ids);
    free(did);
    free(codes);
}

int cmd_node_wait(struct app *app)
{
    struct nube_wait wait = NUBE_WAIT_INIT;
    struct found *list;
    size_t count;
    int status = read_wait(app, &wait);
    if (!status)
        status = find_nodes(&list, &count, app, app->args.n_words, FIND_PREFIX);
    if (status)
        return status;
    progress_begin(app, "node wait");
    for (size_t i = 0; i < app->n_targets && !signals_interrupted(); i++)
        wait_target(app, &app->targets[i], list, count, &wait);
    progress_end();
    found_free(list, count);
    return app_status(app);
}
