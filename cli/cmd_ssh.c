/* What verbs over SSH share: secrets of a login, many nodes at once; and node ssh. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

/* ---- Secrets ------------------------------------------------------------------------------- */

static int set_secret(struct app *app, nube_args *args, const char *flag, const char *name,
                      const char *prompt)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const char *source = args_get(&app->args, flag);
    char text[1024];
    if (!source)
        return 0;
    if (strcmp(source, "-") != 0) {
        if (!strchr(source, ':'))
            return app_fail(app, NUBE_E_USAGE,
                            "--%s takes where it is, not itself: env:NAME, file:PATH, command:..., "
                            "or - to be asked",
                            flag);
        return nube_args_set_reference(args, app->lib, name, source, &err) ? app_error(app, &err)
                                                                           : 0;
    }
    if (ask_line(prompt, text, sizeof text, true))
        return app_fail(app, NUBE_E_USAGE, "--%s: nothing was entered", flag);
    nube_args_set(args, name, text);
    wipe(text, sizeof text);
    return 0;
}

int login_secrets(struct app *app, nube_args *args)
{
    int status = set_secret(app, args, "password-from", "password", "Password: ");
    return status ? status
                  : set_secret(app, args, "passphrase-from", "key_passphrase",
                               "Passphrase of the key: ");
}

nube_args *login_args(struct app *app)
{
    nube_args *args = app_open(app) ? NULL : app_args(app);
    if (args && !login_secrets(app, args))
        return args;
    nube_args_free(args);
    return NULL;
}

/* ---- Many at once ---------------------------------------------------------------------------- */

static void add_each(nube_batch *batch, struct app *app, enum nube_op op, const struct found *f,
                     const nube_args *args, each_fn *each, void *data)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    nube_args *all = args_copy(app, args);
    if (!all)
        return;
    nube_args_set(all, "id", f->id);
    ring_login(app, f, all);
    for (char *const *word = app->args.tail; word && *word; word++)
        nube_args_set(all, "command", *word);
    if (nube_batch_add(batch, f->target->conn, op, all, &opts, (void *)(uintptr_t)f, &err))
        each(data, f, NULL, &err);
    nube_args_free(all);
}

int ask_each(struct app *app, enum nube_op op, const struct found *list, size_t count,
             const nube_args *args, each_fn *each, void *data)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_done done = NUBE_DONE_INIT;
    nube_batch *batch;
    int rc;
    if (nube_batch_new(&batch, app->lib, &err))
        return app_error(app, &err);
    for (size_t i = 0; i < count; i++)
        add_each(batch, app, op, &list[i], args, each, data);
    while ((rc = nube_batch_next(&done, batch, &err)) == 1) {
        each(data, done.user, done.result, &err);
        nube_result_free(done.result);
    }
    nube_batch_free(batch);
    return rc ? app_error(app, &err) : 0;
}

/* ---- node ssh ----------------------------------------------------------------------------------
 */

static void print_argv(char *const *argv)
{
    for (size_t i = 0; argv[i]; i++) {
        if (i)
            putchar(' ');
        put_safe(stdout, argv[i]);
    }
    putchar('\n');
}

static int become(struct app *app, char **argv)
{
    if (app->dry_run) {
        print_argv(argv);
        return 0;
    }
    fflush(NULL);
    execvp(argv[0], argv);
    app_fail(app, NUBE_E_SYSTEM, "cannot start %s: %s; is it installed?", argv[0], strerror(errno));
    return EXIT_RUN;
}

int cmd_node_ssh(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct found f;
    char **argv = NULL;
    nube_args *args = login_args(app);
    int status = args ? find_node(&f, app, app->args.words[0], FIND_PREFIX) : app->exit;
    if (!args || status) {
        nube_args_free(args);
        return EXIT_RUN;
    }
    struct nube_call_opts opts = app_opts(app);
    opts.flags &= ~(unsigned)NUBE_CALL_DRY_RUN;
    progress_begin(app, "node ssh");
    ring_login(app, &f, args);
    if (nube_node_ssh(&argv, f.target->conn, f.id, (const char *const *)app->args.tail, args, &opts,
                      &err))
        app_error(app, &err);
    progress_end();
    status = argv ? become(app, argv) : EXIT_RUN;
    nube_free(argv);
    nube_args_free(args);
    nube_obj_free(f.obj);
    free(f.id);
    return status;
}
