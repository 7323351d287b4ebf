/* Lists: every chosen backend at once, rows as they come or sorted, failures at the end. */
#include <stdlib.h>
#include <unistd.h>

#include "cmd.h"

static void add_all(struct app *app, nube_batch *batch, enum nube_op op, const nube_args *args)
{
    struct nube_call_opts opts = app_opts(app);
    for (size_t i = 0; i < app->n_targets; i++) {
        struct target *t = &app->targets[i];
        if (!t->err.code)
            nube_batch_add(batch, t->conn, op, args, &opts, t, &t->err);
    }
}

/* An image, with the star that the person gave it. */
static void add_image(struct out *out, const nube_obj *image)
{
    struct app *app = out->app;
    const char *backend = nube_str(image, NUBE_BACKEND);
    nube_obj *own = NULL;
    if (!app_stars(app))
        nube_stars_apply(&own, app->stars, star_account(app, backend ? backend : ""), image, NULL);
    out_obj(out, own ? own : image, 0);
    nube_obj_free(own);
}

static void add_page(struct out *out, const nube_result *result)
{
    for (size_t i = 0; result && i < nube_result_count(result); i++) {
        const nube_obj *obj = nube_result_at(result, i);
        if (nube_obj_kind(obj) == NUBE_KIND_IMAGE)
            add_image(out, obj);
        else
            out_obj(out, obj, 0);
    }
    if (out->app->format == FORMAT_NDJSON)
        fflush(stdout);
}

/* 0, or what the batch itself failed with. */
static int collect(struct out *out, nube_batch *batch, struct nube_error *err)
{
    struct app *app = out->app;
    struct nube_done done = {.size = sizeof done};
    int rc;
    while ((rc = nube_batch_next(&done, batch, err)) > 0) {
        struct target *t = done.user;
        add_page(out, done.result);
        nube_result_free(done.result);
        if (done.code)
            t->err = *err;
        else if (!done.more)
            app->worked++;
        *err = (struct nube_error)NUBE_ERROR_INIT;
    }
    return rc;
}

static void tell_failures(struct app *app)
{
    for (size_t i = 0; i < app->n_targets; i++)
        if (app->targets[i].err.code)
            app_error(app, &app->targets[i].err);
}

static void ask_all(struct out *out, enum nube_op op, const nube_args *args)
{
    struct app *app = out->app;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_batch *batch = NULL;
    char *what = xasprintf("%s: %zu backend%s", nube_op_name(op), app->n_targets,
                           app->n_targets == 1 ? "" : "s");
    progress_begin(app, what);
    free(what);
    if (nube_batch_new(&batch, app->lib, &err)) {
        app_error(app, &err);
    } else {
        add_all(app, batch, op, args);
        if (collect(out, batch, &err) < 0)
            app_error(app, &err);
        nube_batch_free(batch);
    }
    progress_end();
}

/* The rows, or that there are none; a data format always prints what its readers expect, an empty
 * list. */
static void print_all(struct app *app, struct out *out)
{
    bool none = !out->n_rows && !out_is_data(app);
    for (size_t i = 0; i < app->n_targets; i++)
        none = none && !app->targets[i].err.code;
    if (!app->dry_run)
        out_close(out);
    if (none && !app->dry_run && !app->exit && isatty(STDOUT_FILENO))
        app_note(app, "no %ss", app->args.verb->noun);
    tell_failures(app);
}

static int run_list(struct app *app, enum nube_op op, const nube_args *args, enum nube_kind kind)
{
    struct out out;
    int status = out_open_kind(&out, app, kind);
    if (status)
        return status;
    if (!(status = app_targets_for(app, op))) {
        ask_all(&out, op, args);
        print_all(app, &out);
    }
    out_drop(&out);
    return status ? status : app_status(app);
}

static int list_with(struct app *app, const char *argument, const char *term)
{
    enum nube_op op = app->args.verb->op;
    nube_args *args = app_args(app);
    if (!args)
        return app->exit;
    nube_args_set(args, argument, term);
    int status = run_list(app, op, args, nube_op_kind(op));
    nube_args_free(args);
    return status;
}

int cmd_list(struct app *app)
{
    return list_with(app, "search", NULL);
}

int cmd_node_search(struct app *app)
{
    return list_with(app, "search", app->args.words[0]);
}

int cmd_image_search(struct app *app)
{
    return list_with(app, "term", app->args.words[0]);
}
