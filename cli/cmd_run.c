/* node run and node console: the remote streams on ours. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

struct runs {
    struct app *app;
    struct out *out; /* NULL: streams for people */
    size_t count;
    int worst;
};

static void keep_worst(struct runs *r, int status)
{
    status = status < 0 ? EXIT_RUN : status;
    r->worst = status > r->worst ? status : r->worst;
}

/* What one node answered, or why it did not, as a record. */
static void run_record(const struct runs *r, const struct found *f, const nube_result *result,
                       const struct nube_error *err)
{
    struct nube_address a = {.size = sizeof a};
    struct nube_value v = {.size = sizeof v};
    if (f->obj)
        nube_address_at(f->obj, 0, &a);
    if (nube_result_count(result) && nube_extra_get(nube_result_at(result, 0), "ssh.address", &v))
        a.value = v.str; /* where it was reached */
    char *command = command_text(r->app->args.tail);
    char *status = err->code ? NULL : xasprintf("%d", nube_result_status(result));
    char *text = stream_value(r->app, result, NUBE_STDOUT);
    char *complaint = stream_value(r->app, result, NUBE_STDERR);
    out_record(r->out,
               (const char *const[]){found_name(f), a.value, command, text, complaint, status});
    free(command);
    free(status);
    free(text);
    free(complaint);
}

/* Each node's streams whole, so that those of several do not mix. */
static void hear(void *data, const struct found *f, const nube_result *result,
                 const struct nube_error *err)
{
    struct runs *r = data;
    size_t len;
    const char *text;
    if (err->code)
        app_error(r->app, err);
    if (r->app->dry_run)
        return;
    keep_worst(r, err->code ? EXIT_RUN : nube_result_status(result));
    if (r->out) {
        run_record(r, f, result, err);
        return;
    }
    text = nube_result_output(result, NUBE_STDOUT, &len);
    stream_output(r->app, NUBE_STDOUT, text, len);
    text = nube_result_output(result, NUBE_STDERR, &len);
    stream_output(r->app, NUBE_STDERR, text, len);
    if (!err->code && nube_result_status(result) && r->count > 1)
        app_note(r->app, "nube: %s: status %d", found_name(f), nube_result_status(result));
}

static int64_t read_stdin(void *payload, void *buf, size_t size)
{
    (void)payload;
    ssize_t n;
    do
        n = read(STDIN_FILENO, buf, size);
    while (n < 0 && errno == EINTR && !signals_interrupted());
    return n;
}

/* One node's streams come as they are. */
static int run_one(struct app *app, const struct found *f, nube_args *args)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    nube_result *result = NULL;
    int status;
    opts.output = stream_output;
    ring_login(app, f, args);
    if (args_get(&app->args, "stdin"))
        opts.input = read_stdin;
    if (nube_node_run(&result, f->target->conn, f->id, (const char *const *)app->args.tail, args,
                      &opts, &err)) {
        app_error(app, &err);
        status = EXIT_RUN;
    } else {
        status = app->dry_run ? 0 : nube_result_status(result);
    }
    nube_result_free(result);
    return status < 0 ? EXIT_RUN : status;
}

static int run_all(struct app *app, const struct found *list, size_t count, nube_args *args)
{
    struct out out = {0};
    bool data = out_is_data(app);
    struct runs r = {.app = app, .out = data ? &out : NULL, .count = count};
    if (data && out_open_verb(&out, app))
        return EXIT_RUN;
    progress_begin(app, "node run");
    if (count == 1 && !data)
        r.worst = run_one(app, list, args);
    else if (ask_each(app, NUBE_OP_NODE_RUN, list, count, args, hear, &r))
        r.worst = EXIT_RUN;
    progress_end();
    if (data && !app->dry_run)
        out_close(&out);
    else if (data)
        out_drop(&out);
    return r.worst;
}

static int check_run(struct app *app)
{
    bool script = args_get(&app->args, "script") != NULL;
    if (!script && (!app->args.tail || !app->args.tail[0]))
        return app_fail(app, NUBE_E_USAGE,
                        "a command is needed: nube node run NODE... -- COMMAND...");
    if (args_get(&app->args, "stdin") && (script || app->args.n_words != 1 || out_is_data(app)))
        return app_fail(app, NUBE_E_USAGE,
                        "--stdin is for one node and a command, with the streams on ours");
    return 0;
}

int cmd_node_run(struct app *app)
{
    struct found *list;
    size_t count;
    if (check_run(app))
        return EXIT_RUN;
    nube_args *args = login_args(app);
    int status = EXIT_RUN;
    if (args && !find_chosen(&list, &count, app)) {
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
