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

static void each_of_page(const struct listing *l, const nube_result *result)
{
    for (size_t i = 0; result && i < nube_result_count(result); i++)
        l->each(l->data, nube_result_at(result, i));
    if (l->app->format == FORMAT_NDJSON)
        fflush(stdout);
}

/* 0, or what the batch itself failed with. */
static int collect(const struct listing *l, nube_batch *batch, struct nube_error *err)
{
    struct app *app = l->app;
    struct nube_done done = {.size = sizeof done};
    int rc;
    while ((rc = nube_batch_next(&done, batch, err)) > 0) {
        struct target *t = done.user;
        each_of_page(l, done.result);
        nube_result_free(done.result);
        if (done.code)
            t->err = *err;
        else if (!done.more)
            app->worked++;
        *err = (struct nube_error)NUBE_ERROR_INIT;
    }
    return rc;
}

void list_failures(struct app *app)
{
    for (size_t i = 0; i < app->n_targets; i++)
        if (app->targets[i].err.code)
            app_error(app, &app->targets[i].err);
}

void list_all(const struct listing *l, enum nube_op op, const nube_args *args)
{
    struct app *app = l->app;
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
        if (collect(l, batch, &err) < 0)
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
    list_failures(app);
}

/* An image has the star that the person gave it. */
static void add_row(void *data, const nube_obj *obj)
{
    struct out *out = data;
    struct app *app = out->app;
    const char *backend = nube_str(obj, NUBE_BACKEND);
    nube_obj *own = NULL;
    if (nube_obj_kind(obj) == NUBE_KIND_IMAGE && !app_stars(app))
        nube_stars_apply(&own, app->stars, star_account(app, backend ? backend : ""), obj, NULL);
    out_obj(out, own ? own : obj, 0);
    nube_obj_free(own);
}

static int run_list(struct app *app, enum nube_op op, const nube_args *args, enum nube_kind kind)
{
    struct out out;
    int status = out_open_kind(&out, app, kind);
    if (status)
        return status;
    if (!(status = app_targets_for(app, op))) {
        list_all(&(struct listing){app, add_row, &out}, op, args);
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
