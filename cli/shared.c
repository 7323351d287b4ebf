/* What several verbs do alike: telling what was done, streaming output, arguments of actions. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

static void did_record(struct out *out, const struct did *d)
{
    out_record(out, (const char *const[]){d->backend, d->id, d->title, d->verb});
}

void tell_did(struct app *app, const struct did *did, size_t count)
{
    struct out out;
    if (app->dry_run || app->quiet)
        return;
    progress_clear();
    if (app->format == FORMAT_ID) {
        for (size_t i = 0; i < count; i++)
            puts(did[i].id);
    } else if (!out_is_data(app)) {
        for (size_t i = 0; i < count; i++) {
            put_safe(stdout, did[i].title);
            printf(": %s\n", did[i].sentence);
        }
    } else if (!out_open(&out, app, &columns_did)) {
        for (size_t i = 0; i < count; i++)
            did_record(&out, &did[i]);
        out_close(&out);
    }
}

void show_and_free(struct app *app, nube_obj **objs, size_t count)
{
    if (count)
        out_show_all(app, objs, count, 0);
    app->worked = (int)count;
    for (size_t i = 0; i < count; i++)
        nube_obj_free(objs[i]);
    free(objs);
}

int show_words(struct app *app, find_fn *find)
{
    size_t count = app->args.n_words, n = 0;
    nube_obj **objs = xcalloc(count, sizeof *objs);
    progress_begin(app, nube_op_name(app->args.verb->op));
    for (size_t i = 0; i < count; i++) {
        struct found f = {0};
        if (find(&f, app, app->args.words[i], FIND_PREFIX))
            continue;
        objs[n++] = f.obj;
        free(f.id);
    }
    progress_end();
    show_and_free(app, objs, n);
    return app_status(app);
}

void show_made(struct app *app, int rc, const struct nube_error *err, nube_obj *obj)
{
    if (rc)
        app_error(app, err);
    else if (!app->dry_run)
        out_show(app, obj, 0);
    app->worked += !rc;
    nube_obj_free(obj);
}

/* Was it named by its id, or the beginning of it? */
static bool by_id(const struct found *f)
{
    size_t at = strncmp(f->id, "sha256:", 7) ? 0 : 7, len = strlen(f->given);
    return !strncmp(f->id, f->given, len) || !strncmp(f->id + at, f->given, len);
}

/* What has several names is there still when one of them is gone. */
static const char *delete_sentence(struct app *app, const struct found *f, bool one_name)
{
    struct nube_call_opts opts = app_opts(app);
    nube_obj *still = NULL;
    bool there =
        one_name && !app->dry_run && !nube_image_get(&still, f->target->conn, f->id, &opts, NULL);
    nube_obj_free(still);
    return there ? "untagged" : "deleted";
}

static void delete_one(struct app *app, const struct found *f, const nube_args *args,
                       delete_fn *call, bool one_name)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    const char *noun = app->args.verb->noun, *id = one_name ? f->given : f->id;
    char *title = one_name ? xstrdup(f->given) : found_title(f),
         *question = xasprintf("Delete %s %s at %s?", noun, title, f->target->name);
    if (!app_confirm(app, question)) {
        progress_begin(app, nube_op_name(app->args.verb->op));
        int rc = call(f->target->conn, id, args, &opts, &err);
        const char *sentence = rc ? NULL : delete_sentence(app, f, one_name);
        progress_end();
        if (rc) {
            app_error(app, &err);
        } else {
            app->worked++;
            tell_did(app, &(struct did){f->target->name, f->id, title, "delete", sentence}, 1);
        }
    }
    free(title);
    free(question);
}

int delete_words(struct app *app, find_fn *find, delete_fn *call, bool by_name)
{
    nube_args *args = app_confirm_possible(app) ? NULL : app_args(app);
    for (size_t i = 0; args && i < app->args.n_words && !signals_interrupted(); i++) {
        struct found f;
        if (find(&f, app, app->args.words[i], FIND_EXACT))
            continue;
        delete_one(app, &f, args, call, by_name && !by_id(&f));
        nube_obj_free(f.obj);
        free(f.id);
    }
    nube_args_free(args);
    return app_status(app);
}

int stream_output(void *payload, int stream, const void *data, size_t len)
{
    struct app *app = payload;
    const char *p = data;
    progress_clear();
    while (len) {
        ssize_t n = write(stream == NUBE_STDERR ? STDERR_FILENO : STDOUT_FILENO, p, len);
        if (n < 0 && errno == EINTR && !signals_interrupted())
            continue;
        if (n < 0) {
            app->output_failed = true;
            return -1;
        }
        p += n;
        len -= (size_t)n;
    }
    return 0;
}

/* The n-th positional argument of an action, in table order; NULL past the last. */
static const struct nube_option *positional(const nube_driver_info *drv, enum nube_op op,
                                            const char *action, size_t n)
{
    const struct nube_option *row;
    for (size_t i = 0; (row = nube_driver_option(drv, i)); i++)
        if (row->op == op && row->action && !strcmp(row->action, action) &&
            (row->flags & NUBE_OPTION_POSITIONAL) && !n--)
            return row;
    return NULL;
}

int action_words(struct app *app, nube_args *args, nube_conn *conn, enum nube_op op,
                 const char *action, const char *const *words, size_t count)
{
    const nube_driver_info *drv = nube_conn_driver(conn);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        const struct nube_option *row = positional(drv, op, action, at);
        if (!row)
            return app_fail(app, NUBE_E_USAGE,
                            "\"%s\" is one argument too many for \"%s\"; see: nube driver show %s",
                            words[i], action, nube_driver_id(drv));
        nube_args_set(args, row->name, words[i]);
        at += row->type != NUBE_TYPE_LIST && row->type != NUBE_TYPE_PAIR;
    }
    return 0;
}

/* The password of a rescue is in its reply alone: it is shown now or never. */
static int show_objects(struct app *app, const nube_result *result, size_t count)
{
    struct out out;
    if (!out_is_data(app)) {
        for (size_t i = 0; i < count; i++)
            out_show(app, nube_result_at(result, i), NUBE_JSON_SECRETS);
        return 0;
    }
    int status = out_open_kind(&out, app, nube_obj_kind(nube_result_at(result, 0)));
    for (size_t i = 0; !status && i < count; i++)
        out_obj(&out, nube_result_at(result, i), NUBE_JSON_SECRETS);
    if (!status)
        out_close(&out);
    return status;
}

int show_result(struct app *app, const nube_result *result)
{
    if (app->dry_run || !result)
        return 0;
    size_t count = nube_result_count(result), len = 0;
    const char *text = nube_result_output(result, NUBE_STDOUT, &len);
    if (text && len)
        stream_output(app, NUBE_STDOUT, text, len);
    if (count)
        show_objects(app, result, count);
    return count || len;
}
