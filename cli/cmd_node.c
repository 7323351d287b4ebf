/* Verbs on nodes that exist: show, start, stop, ..., destroy, rename, resize, action, probe. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

/* One call on one node. */
struct change {
    struct app *app;
    enum nube_op op;
    const nube_args *args;
    const char *sentence; /* "stopped" */
};

/* A size by name is another id at each backend. */
static int resize(const struct change *c, const struct found *f, const struct nube_call_opts *opts,
                  struct nube_error *err)
{
    nube_args *args = NULL;
    int rc = nube_args_resolve(&args, f->target->conn, c->op, c->args,
                               c->app->first ? NUBE_FIND_FIRST : 0, opts, err);
    if (!rc)
        rc = nube_node_resize(f->target->conn, f->id, args, opts, err);
    nube_args_free(args);
    return rc;
}

static int call_change(const struct change *c, const struct found *f,
                       const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_conn *conn = f->target->conn;
    switch (c->op) {
    case NUBE_OP_NODE_START:
        return nube_node_start(conn, f->id, opts, err);
    case NUBE_OP_NODE_STOP:
        return nube_node_stop(conn, f->id, c->args, opts, err);
    case NUBE_OP_NODE_REBOOT:
        return nube_node_reboot(conn, f->id, c->args, opts, err);
    case NUBE_OP_NODE_SUSPEND:
        return nube_node_suspend(conn, f->id, opts, err);
    case NUBE_OP_NODE_RESUME:
        return nube_node_resume(conn, f->id, opts, err);
    case NUBE_OP_NODE_RESIZE:
        return resize(c, f, opts, err);
    default:
        return nube_node_destroy(conn, f->id, c->args, opts, err);
    }
}

/* 0 when the node was changed. */
static int change_one(const struct change *c, const struct found *f)
{
    struct app *app = c->app;
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    char *title = found_title(f), *what = xasprintf("%s %s", nube_op_name(c->op), title);
    progress_begin(app, what);
    int status = call_change(c, f, &opts, &err) ? app_error(app, &err) : 0;
    progress_end();
    free(title);
    free(what);
    return status;
}

/* Changes each, and then waits for all of them at once. */
static int change_all(const struct change *c, struct found *list, size_t count)
{
    struct app *app = c->app;
    struct did *did = xcalloc(count, sizeof *did);
    int *codes = xcalloc(count, sizeof *codes);
    size_t tried = 0, done = 0;
    for (; tried < count && !signals_interrupted(); tried++)
        codes[tried] = change_one(c, &list[tried]);
    if (!app->dry_run)
        wait_after_all(app, list, tried, c->op, codes);
    for (size_t i = 0; i < tried; i++)
        if (!codes[i])
            did[done++] = (struct did){list[i].target->name, list[i].id, found_name(&list[i]),
                                       app->args.verb->name, c->sentence};
    app->worked += (int)done;
    tell_did(app, did, done);
    free(codes);
    free(did);
    if (signals_interrupted() && !app->exit)
        app_fail(app, NUBE_E_CANCELLED, "interrupted after %zu of %zu nodes", done, count);
    return app_status(app);
}

static const char *sentence_of(enum nube_op op)
{
    switch (op) {
    case NUBE_OP_NODE_START:
        return "started";
    case NUBE_OP_NODE_STOP:
        return "stopped";
    case NUBE_OP_NODE_REBOOT:
        return "rebooted";
    case NUBE_OP_NODE_SUSPEND:
        return "suspended";
    case NUBE_OP_NODE_RESUME:
        return "resumed";
    case NUBE_OP_NODE_RESIZE:
        return "resized";
    default:
        return "destroyed";
    }
}

/* "Destroy node web (i-1) at aws?"; of many only the number, for the list stands above. */
static char *question_of(const struct app *app, const struct found *list, size_t count)
{
    struct text t;
    text_open(&t);
    const char *verb = app->args.verb->name;
    fprintf(t.file, "%c%s %s", verb[0] - 'a' + 'A', verb + 1, count == 1 ? "node " : "these ");
    if (select_wanted(app) && count > 1) {
        fprintf(t.file, "%zu nodes?", count);
        return text_take(&t);
    }
    if (count > 1)
        fprintf(t.file, "%zu nodes: ", count);
    for (size_t i = 0; i < count; i++) {
        char *title = found_title(&list[i]);
        fprintf(t.file, "%s%s at %s", i ? ", " : "", title, list[i].target->name);
        free(title);
    }
    putc('?', t.file);
    return text_take(&t);
}

static int confirm_nodes(struct app *app, const struct found *list, size_t count)
{
    if (select_wanted(app) && !app->yes)
        show_selected(app, list, count);
    char *question = question_of(app, list, count);
    int status = app_confirm(app, question);
    free(question);
    return status;
}

/* Nodes are named, or chosen and then asked about: is the line right so far? */
static int check_choice(struct app *app)
{
    bool chosen = select_wanted(app);
    if (!chosen && !app->args.n_words)
        return app_fail(app, NUBE_E_USAGE,
                        "an argument is missing: nube node %s NODE..., or --search, --tag or "
                        "--state",
                        app->args.verb->name);
    if (chosen && app->args.n_words)
        return app_fail(app, NUBE_E_USAGE,
                        "name nodes, or choose them with --search, --tag and --state: not both");
    return chosen ? app_confirm_possible(app) : 0;
}

static int chosen_nodes(struct found **list, size_t *count, struct app *app, enum find_mode mode)
{
    return select_wanted(app) ? select_nodes(list, count, app)
                              : find_nodes(list, count, app, app->args.n_words, mode);
}

static int change_words(struct app *app)
{
    struct change c = {app, app->args.verb->op, NULL, sentence_of(app->args.verb->op)};
    struct found *list;
    size_t count;
    nube_args *args = check_choice(app) ? NULL : app_args(app);
    if (!args)
        return app->exit;
    c.args = args;
    int status = wait_check(app);
    if (!status)
        status = chosen_nodes(&list, &count, app, FIND_PREFIX);
    if (!status) {
        status = wait_check_found(app, list, count);
        if (!status && select_wanted(app))
            status = confirm_nodes(app, list, count);
        status = status ? status : change_all(&c, list, count);
        found_free(list, count);
    }
    nube_args_free(args);
    return status ? status : app_status(app);
}

int cmd_node_change(struct app *app)
{
    return change_words(app);
}

int cmd_node_resize(struct app *app)
{
    return change_words(app);
}

int cmd_node_destroy(struct app *app)
{
    struct found *list;
    size_t count;
    int status = check_choice(app);
    status = status ? status : app_confirm_possible(app);
    nube_args *args = status ? NULL : app_args(app);
    if (!args)
        return app->exit;
    status = wait_check(app);
    if (!status)
        status = chosen_nodes(&list, &count, app, FIND_EXACT);
    if (!status) {
        struct change c = {app, NUBE_OP_NODE_DESTROY, args, sentence_of(NUBE_OP_NODE_DESTROY)};
        status = confirm_nodes(app, list, count);
        status = status ? status : change_all(&c, list, count);
        found_free(list, count);
    }
    nube_args_free(args);
    return status;
}

/* What GET says where the driver has it: a list may leave things out. */
static nube_obj *full_node(struct app *app, const struct found *f)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    nube_obj *obj = NULL;
    if (!nube_can(f->target->conn, NUBE_OP_NODE_GET))
        nube_obj_dup(&obj, f->obj, &err);
    else
        nube_node_get(&obj, f->target->conn, f->id, &opts, &err);
    if (!err.code)
        return obj;
    app_error(app, &err);
    nube_obj_free(obj);
    return NULL;
}

int cmd_node_show(struct app *app)
{
    struct found *list;
    size_t count, n = 0;
    progress_begin(app, nube_op_name(app->args.verb->op));
    int status = find_nodes(&list, &count, app, app->args.n_words, FIND_PREFIX);
    if (status) {
        progress_end();
        return status;
    }
    nube_obj **objs = xcalloc(count, sizeof *objs);
    for (size_t i = 0; i < count; i++)
        if ((objs[n] = full_node(app, &list[i])))
            n++;
    progress_end();
    show_and_free(app, objs, n);
    found_free(list, count);
    return app_status(app);
}

/* What was probed, in the order of the list. */
struct probes {
    struct app *app;
    const struct found *list;
    nube_obj **objs;
};

static void keep_probe(void *data, const struct found *f, const nube_result *result,
                       const struct nube_error *err)
{
    struct probes *p = data;
    struct nube_error own = NUBE_ERROR_INIT;
    const nube_obj *node = nube_result_at(result, 0);
    if (err->code)
        app_error(p->app, err);
    else if (node && nube_obj_dup(&p->objs[f - p->list], node, &own))
        app_error(p->app, &own);
}

int cmd_node_probe(struct app *app)
{
    struct found *list;
    size_t count, n = 0;
    nube_args *args = login_args(app);
    int status = args ? find_chosen(&list, &count, app) : app->exit;
    if (!status) {
        struct probes p = {app, list, xcalloc(count, sizeof *p.objs)};
        progress_begin(app, "node probe");
        ask_each(app, NUBE_OP_NODE_PROBE, list, count, args, keep_probe, &p);
        progress_end();
        for (size_t i = 0; i < count; i++)
            if (p.objs[i])
                p.objs[n++] = p.objs[i];
        show_and_free(app, p.objs, n);
        found_free(list, count);
        status = app_status(app);
    }
    nube_args_free(args);
    return status;
}

int cmd_node_rename(struct app *app)
{
    struct found f;
    const char *name = app->args.words[1];
    struct nube_error err = NUBE_ERROR_INIT;
    int status = find_node(&f, app, app->args.words[0], FIND_PREFIX);
    if (status)
        return status;
    struct nube_call_opts opts = app_opts(app);
    progress_begin(app, "node rename");
    if (nube_node_rename(f.target->conn, f.id, name, &opts, &err))
        status = app_error(app, &err);
    progress_end();
    if (!status)
        tell_did(app, &(struct did){f.target->name, f.id, name, "rename", "renamed"}, 1);
    nube_obj_free(f.obj);
    free(f.id);
    return app_status(app);
}

static int run_action(struct app *app, const struct found *f, nube_args *args)
{
    const char *action = app->args.words[1];
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    nube_result *result = NULL;
    int status = action_words(app, args, f->target->conn, NUBE_OP_NODE_ACTION, action,
                              app->args.words + 2, app->args.n_words - 2);
    if (status)
        return status;
    progress_begin(app, action);
    if (nube_node_action(&result, f->target->conn, f->id, action, args, &opts, &err))
        status = app_error(app, &err);
    progress_end();
    if (!status && !show_result(app, result)) {
        char *sentence = xasprintf("%s done", action);
        tell_did(app, &(struct did){f->target->name, f->id, found_name(f), action, sentence}, 1);
        free(sentence);
    }
    nube_result_free(result);
    return status;
}

int cmd_node_action(struct app *app)
{
    struct found f;
    nube_args *args = app_args(app);
    if (!args)
        return app->exit;
    int status = find_node(&f, app, app->args.words[0], FIND_PREFIX);
    if (!status) {
        run_action(app, &f, args);
        nube_obj_free(f.obj);
        free(f.id);
    }
    nube_args_free(args);
    return app_status(app);
}
