/* Verbs on snapshots: list, create, restore, delete. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static void found_drop(struct found *f)
{
    nube_obj_free(f->obj);
    free(f->id);
}

/* The node, and the arguments with its id. NULL when one is wrong (printed). */
static nube_args *args_of_node(struct found *f, struct app *app, enum nube_op op)
{
    nube_args *args = app_args(app);
    if (args && app_targets_for(app, op) == 0 &&
        !find_node(f, app, app->args.words[0], FIND_PREFIX)) {
        nube_args_set(args, "node", f->id);
        return args;
    }
    nube_args_free(args);
    return NULL;
}

int cmd_snapshot_list(struct app *app)
{
    struct found f;
    struct out out;
    struct nube_error err = NUBE_ERROR_INIT;
    const nube_obj *o;
    nube_iter *it = NULL;
    nube_args *args = args_of_node(&f, app, NUBE_OP_SNAPSHOT_LIST);
    if (!args)
        return app->exit;
    struct nube_call_opts opts = app_opts(app);
    int status = out_open_kind(&out, app, NUBE_KIND_SNAPSHOT), rc = 0;
    progress_begin(app, "snapshot list");
    if (!status)
        rc = nube_snapshot_list(&it, f.target->conn, args, &opts, &err);
    while (!status && !rc && (rc = nube_iter_next(&o, it, &err)) == 1) {
        out_obj(&out, o, 0);
        rc = 0;
    }
    progress_end();
    if (!status)
        out_close(&out);
    if (rc)
        status = app_error(app, &err);
    nube_iter_free(it);
    nube_args_free(args);
    found_drop(&f);
    return status;
}

int cmd_snapshot_create(struct app *app)
{
    struct found f;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_obj *made = NULL;
    nube_args *args = args_of_node(&f, app, NUBE_OP_SNAPSHOT_CREATE);
    if (!args)
        return app->exit;
    struct nube_call_opts opts = app_opts(app);
    progress_begin(app, "snapshot create");
    int rc = nube_snapshot_create(&made, f.target->conn, args, &opts, &err);
    progress_end();
    show_made(app, rc, &err, made);
    nube_args_free(args);
    found_drop(&f);
    return app_status(app);
}

/* restore and delete: of a node, by the snapshot's name or id. Both ask: neither can be undone. */
int cmd_snapshot_change(struct app *app)
{
    struct found f;
    struct nube_error err = NUBE_ERROR_INIT;
    const char *snapshot = app->args.words[1];
    bool restore = app->args.verb->op == NUBE_OP_SNAPSHOT_RESTORE;
    int status = app_confirm_possible(app);
    nube_args *args = status ? NULL : args_of_node(&f, app, app->args.verb->op);
    if (!args)
        return app->exit;
    char *title = found_title(&f);
    char *question = xasprintf(restore ? "Make %s at %s what it was in snapshot %s?"
                                       : "Delete of %s at %s the snapshot %s?",
                               title, f.target->name, snapshot);
    if (!app_confirm(app, question)) {
        struct nube_call_opts opts = app_opts(app);
        progress_begin(app, nube_op_name(app->args.verb->op));
        int rc = restore ? nube_snapshot_restore(f.target->conn, snapshot, args, &opts, &err)
                         : nube_snapshot_delete(f.target->conn, snapshot, args, &opts, &err);
        progress_end();
        if (rc)
            app_error(app, &err);
        else
            tell_did(app,
                     &(struct did){f.target->name, snapshot, snapshot, app->args.verb->name,
                                   restore ? "restored" : "deleted"},
                     1);
    }
    free(question);
    free(title);
    nube_args_free(args);
    found_drop(&f);
    return app_status(app);
}
