/* node run and node console: the remote streams on ours. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static char *command_text(char *const *argv)
{
    struct text t;
    text_open(&t);
    for (size_t i = 0; argv[i]; i++)
        fprintf(t.file, "%s%s", i ? " " : "", argv[i]);
    return text_take(&t);
}

/* One stream of a result as the value of its column: JSON where that is printed, since it may hold
 * NUL. */
static char *stream_value(const struct app *app, const nube_result *result, enum nube_stream stream)
{
    size_t len = 0;
    const char *data = nube_result_output(result, stream, &len);
    struct text t;
    text_open(&t);
    if (app->format == FORMAT_CSV)
        fwrite(data ? data : "", 1, len, t.file);
    else
        put_json(t.file, data ? data : "", len);
    return text_take(&t);
}

/* What one node answered, as a record. */
static void run_record(struct out *out, const struct found *f, const nube_result *result)
{
    struct nube_address a = {.size = sizeof a};
    bool addressed = nube_address_at(f->obj, 0, &a) != 0;
    char *command = command_text(out->app->args.tail);
    char *status = xasprintf("%d", nube_result_status(result));
    char *text = stream_value(out->app, result, NUBE_STDOUT);
    char *complaint = stream_value(out->app, result, NUBE_STDERR);
    out_record(out, (const char *const[]){found_name(f), addressed ? a.value : NULL, command, text,
                                          complaint, status});
    free(command);
    free(status);
    free(text);
    free(complaint);
}

/* The remote status, or 255 when the command could not be run. */
static int run_one(struct app *app, const struct found *f, const nube_args *args, struct out *out)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    nube_result *result = NULL;
    int status;
    opts.output = out ? NULL : stream_output;
    if (nube_node_run(&result, f->target->conn, f->id, (const char *const *)app->args.tail, args,
                      &opts, &err)) {
        app_error(app, &err);
        status = EXIT_RUN;
    } else {
        status = app->dry_run ? 0 : nube_result_status(result);
        if (out && !app->dry_run)
            run_record(out, f, result);
    }
    nube_result_free(result);
    return status < 0 ? EXIT_RUN : status;
}

static int run_all(struct app *app, const struct found *list, size_t count, const nube_args *args)
{
    struct out out;
    bool data = out_is_data(app);
    int worst = 0;
    if (data && out_open_verb(&out, app))
        return EXIT_RUN;
    progress_begin(app, "node run");
    for (size_t i = 0; i < count && !signals_interrupted(); i++) {
        int status = run_one(app, &list[i], args, data ? &out : NULL);
        worst = status > worst ? status : worst;
    }
    progress_end();
    if (data && !app->dry_run)
        out_close(&out);
    else if (data)
        out_drop(&out);
    return worst;
}

int cmd_node_run(struct app *app)
{
    struct found *list;
    size_t count;
    if (!app->args.tail || !app->args.tail[0]) {
        app_fail(app, NUBE_E_USAGE, "a command is needed: nube node run NODE... -- COMMAND...");
        return EXIT_RUN;
    }
    nube_args *args = app_args(app);
    int status = EXIT_RUN;
    if (args && !find_nodes(&list, &count, app, app->args.n_words, FIND_PREFIX)) {
        status = run_all(app, list, count, args);
        found_free(list, count);
    }
    nube_args_free(args);
    return signals_interrupted() ? EXIT_INTERRUPTED : status;
}

int cmd_node_console(struct app *app)
{
    struct found f;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_result *result = NULL;
    nube_args *args = app_args(app);
    if (!args)
        return app->exit;
    if (!find_node(&f, app, app->args.words[0], FIND_PREFIX)) {
        struct nube_call_opts opts = app_opts(app);
        opts.output = stream_output;
        progress_begin(app, "node console");
        if (nube_node_console(&result, f.target->conn, f.id, args, &opts, &err))
            app_error(app, &err);
        progress_end();
        nube_result_free(result);
        nube_obj_free(f.obj);
        free(f.id);
    }
    nube_args_free(args);
    return app_status(app);
}
