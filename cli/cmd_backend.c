/* Backends: list, show, rename, enable, disable, remove, check. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

/* backend list, and backend search TERM. */
int cmd_backend_list(struct app *app)
{
    const char *term = app->args.n_words ? app->args.words[0] : "";
    struct out out;
    int status = app_backends(app);
    if (!status)
        status = out_open_verb(&out, app);
    if (status)
        return status;
    for (size_t i = 0; i < nube_backends_count(app->set); i++) {
        const nube_backend *b = nube_backends_at(app->set, i);
        if (!nube_backend_matches(b, term))
            continue;
        const char *words = out_is_data(app)          ? nube_backend_enabled(b) ? "true" : "false"
                            : nube_backend_enabled(b) ? "yes"
                                                      : "no";
        const char *id = nube_backend_id(b);
        if (app->format == FORMAT_ID)
            puts(id);
        else
            out_record(&out, (const char *const[]){nube_backend_name(b), nube_backend_provider(b),
                                                   words, id});
    }
    if (app->format != FORMAT_ID)
        out_close(&out);
    out_drop(&out);
    if (!nube_backends_count(app->set))
        app_note(app,
                 "no backend is configured in %s; add one: nube backend add NAME PROVIDER "
                 "[key=value]..., or take those of other tools: nube backend import",
                 nube_backends_path(app->set));
    return 0;
}

static const nube_backend *backend_word(struct app *app, const char *word)
{
    if (app_backends(app))
        return NULL;
    const nube_backend *b = nube_backends_find(app->set, word);
    if (b)
        return b;
    struct nearest near = {word, NULL, 0};
    for (size_t i = 0; i < nube_backends_count(app->set); i++)
        nearest_feed(&near, nube_backend_name(nube_backends_at(app->set, i)));
    app_fail(app, NUBE_E_NOT_FOUND,
             near.best ? "no backend is called \"%s\"; did you mean \"%s\"?"
                       : "no backend is called \"%s\"; see: nube backend list",
             word, near.best);
    return NULL;
}

static char *options_json(const nube_backend *b)
{
    struct text t;
    const char *name, *value;
    int secret;
    text_open(&t);
    for (size_t i = 0; (name = nube_backend_option(b, i, &value, &secret)); i++) {
        const char *shown = secret ? "***" : value;
        fputs(i ? ", " : "{", t.file);
        put_json(t.file, name, strlen(name));
        fputs(": ", t.file);
        put_json(t.file, shown, shown ? strlen(shown) : 0);
    }
    fputs(nube_backend_option(b, 0, &value, &secret) ? "}" : "{}", t.file);
    return text_take(&t);
}

static void show_text(const nube_backend *b)
{
    const char *name, *value;
    int secret;
    const char *const rows[][2] = {{"name", nube_backend_name(b)},
                                   {"id", nube_backend_id(b)},
                                   {"provider", nube_backend_provider(b)},
                                   {"enabled", nube_backend_enabled(b) ? "yes" : "no"}};
    for (size_t i = 0; i < 4; i++) {
        printf("%s: ", rows[i][0]);
        put_safe(stdout, rows[i][1]);
        putchar('\n');
    }
    for (size_t i = 0; (name = nube_backend_option(b, i, &value, &secret)); i++) {
        printf("%s%s: ", i ? "  " : "options:\n  ", name);
        put_safe(stdout, secret ? "***" : value ? value : "");
        putchar('\n');
    }
}

int cmd_backend_show(struct app *app)
{
    struct out out;
    const nube_backend *b = backend_word(app, app->args.words[0]);
    if (!b)
        return app->exit;
    if (!out_is_data(app)) {
        show_text(b);
        return 0;
    }
    if (app->format == FORMAT_ID) {
        puts(nube_backend_id(b));
        return 0;
    }
    int status = out_open_verb(&out, app);
    if (status)
        return status;
    char *options = options_json(b);
    out_record(&out, (const char *const[]){nube_backend_name(b), nube_backend_id(b),
                                           nube_backend_provider(b),
                                           nube_backend_enabled(b) ? "true" : "false", options});
    out_close(&out);
    free(options);
    return 0;
}

int cmd_backend_rename(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const char *name = app->args.words[1];
    const nube_backend *b = backend_word(app, app->args.words[0]);
    if (!b)
        return app->exit;
    char *id = xstrdup(nube_backend_id(b));
    if (nube_backends_rename(app->set, id, name, &err))
        app_error(app, &err);
    else
        tell_did(app, &(struct did){name, id, name, "rename", "renamed"}, 1);
    free(id);
    return app_status(app);
}

static int switch_all(struct app *app, int on)
{
    for (size_t i = 0; i < app->args.n_words; i++) {
        struct nube_error err = NUBE_ERROR_INIT;
        const char *word = app->args.words[i];
        const nube_backend *b = backend_word(app, word);
        if (!b)
            continue;
        char *id = xstrdup(nube_backend_id(b));
        if (nube_backends_enable(app->set, id, on, &err)) {
            app_error(app, &err);
        } else {
            app->worked++;
            tell_did(app,
                     &(struct did){word, id, word, on ? "enable" : "disable",
                                   on ? "enabled" : "disabled"},
                     1);
        }
        free(id);
    }
    return app_status(app);
}

int cmd_backend_enable(struct app *app)
{
    return switch_all(app, 1);
}

int cmd_backend_disable(struct app *app)
{
    return switch_all(app, 0);
}

int cmd_backend_remove(struct app *app)
{
    int status = app_confirm_possible(app);
    for (size_t i = 0; !status && i < app->args.n_words; i++) {
        struct nube_error err = NUBE_ERROR_INIT;
        const char *word = app->args.words[i];
        const nube_backend *b = backend_word(app, word);
        if (!b)
            continue;
        char *id = xstrdup(nube_backend_id(b));
        char *question = xasprintf("Forget backend %s (%s) and its credentials? Its nodes stay.",
                                   nube_backend_name(b), nube_backend_provider(b));
        if (app_confirm(app, question))
            status = app->exit;
        else if (nube_backends_remove(app->set, id, &err))
            app_error(app, &err);
        else if (app->worked++ >= 0)
            tell_did(app, &(struct did){word, id, word, "remove", "removed"}, 1);
        free(question);
        free(id);
    }
    return app_status(app);
}

/* The cheapest call that needs good credentials. */
static enum nube_op check_op(const nube_conn *conn)
{
    return nube_can(conn, NUBE_OP_CHECK) ? NUBE_OP_CHECK : NUBE_OP_NODE_LIST;
}

static void check_all(struct app *app, nube_batch *batch)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_done done = {.size = sizeof done};
    int rc;
    for (size_t i = 0; i < app->n_targets; i++) {
        struct target *t = &app->targets[i];
        struct nube_call_opts opts = app_opts(app);
        opts.max_pages = 1;
        if (!t->err.code)
            nube_batch_add(batch, t->conn, check_op(t->conn), NULL, &opts, t, &t->err);
    }
    while ((rc = nube_batch_next(&done, batch, &err)) > 0) {
        struct target *t = done.user;
        if (done.code)
            t->err = err;
        nube_result_free(done.result);
        err = (struct nube_error)NUBE_ERROR_INIT;
    }
    if (rc < 0)
        app_error(app, &err);
}

static int check_report(struct app *app)
{
    struct out out;
    int status = out_open_verb(&out, app);
    if (status)
        return status;
    for (size_t i = 0; i < app->n_targets; i++) {
        const struct target *t = &app->targets[i];
        int bad = t->err.code;
        out_record(&out, (const char *const[]){
                             t->name, t->conn ? nube_conn_provider(t->conn) : NULL,
                             bad ? nube_code_name(bad) : "ok", bad ? t->err.message : NULL});
        if (!bad)
            app->worked++;
        else if (!app->exit)
            app->exit = nube_code_exit(bad);
    }
    out_close(&out);
    return app_status(app);
}

int cmd_backend_check(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_batch *batch = NULL;
    int status = app_targets_named(app, app->args.words, app->args.n_words);
    if (status)
        return status;
    if (nube_batch_new(&batch, app->lib, &err))
        return app_error(app, &err);
    progress_begin(app, "backend check");
    check_all(app, batch);
    progress_end();
    nube_batch_free(batch);
    return check_report(app);
}
