/* node rebuild and node metadata. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static void rebuild(struct app *app, const struct found *f, const nube_args *args)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    nube_obj *node = NULL;
    progress_begin(app, "node rebuild");
    int rc = nube_node_rebuild(&node, f->target->conn, f->id, args, &opts, &err);
    if (rc)
        app_error(app, &err);
    else if (!app->dry_run)
        wait_after(app, f, NUBE_OP_NODE_REBUILD);
    progress_end();
    if (!rc)
        tell_did(app, &(struct did){f->target->name, f->id, found_name(f), "rebuild", "rebuilt"},
                 1);
    if (node)
        show_password(app, node);
    nube_obj_free(node);
}

static void ask_and_rebuild(struct app *app, const struct found *f)
{
    char *title = found_title(f);
    char *question =
        xasprintf("Rebuild %s at %s, and lose what is on its disk?", title, f->target->name);
    nube_args *args = app_args_at(app, f->target, NUBE_OP_NODE_REBUILD);
    if (args && !app_confirm(app, question))
        rebuild(app, f, args);
    nube_args_free(args);
    free(question);
    free(title);
}

int cmd_node_rebuild(struct app *app)
{
    struct found f;
    int status = app_confirm_possible(app);
    if (!status && !args_get(&app->args, "image"))
        status =
            app_fail(app, NUBE_E_USAGE, "an image is needed: --image IMAGE; see: nube image list");
    status = status ? status : wait_check(app);
    status = status ? status : find_node(&f, app, app->args.words[0], FIND_EXACT);
    if (status)
        return status;
    ask_and_rebuild(app, &f);
    nube_obj_free(f.obj);
    free(f.id);
    return app_status(app);
}

static int add_pairs(struct app *app, nube_args *args)
{
    for (size_t i = 1; i < app->args.n_words; i++) {
        const char *word = app->args.words[i], *equals = strchr(word, '=');
        if (!equals || equals == word)
            return app_fail(app, NUBE_E_USAGE, "\"%s\" is no item: KEY=VALUE, or --remove KEY",
                            word);
        char *key = xasprintf("%.*s", (int)(equals - word), word);
        nube_args_set_pair(args, "metadata", key, equals + 1);
        free(key);
    }
    return 0;
}

static void change_metadata(struct app *app, const struct found *f, const nube_args *args)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    char *title = found_title(f);
    progress_begin(app, "node metadata");
    int rc = nube_node_metadata(f->target->conn, f->id, args, &opts, &err);
    progress_end();
    if (rc)
        app_error(app, &err);
    else
        tell_did(app, &(struct did){f->target->name, f->id, title, "metadata", "changed"}, 1);
    free(title);
}

int cmd_node_metadata(struct app *app)
{
    struct found f;
    nube_args *args = app_args(app);
    if (!args)
        return app->exit;
    if (!add_pairs(app, args)) {
        if (app->args.n_words == 1 && !args_get(&app->args, "remove"))
            app_fail(app, NUBE_E_USAGE,
                     "nothing to change: KEY=VALUE, or --remove KEY; "
                     "nube node show tells what there is");
        else if (!find_node(&f, app, app->args.words[0], FIND_PREFIX)) {
            change_metadata(app, &f, args);
            nube_obj_free(f.obj);
            free(f.id);
        }
    }
    nube_args_free(args);
    return app_status(app);
}
