/* Verbs on the person's own keys: made, named, and let in on nodes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

enum { MAX_PUBLIC = 64 << 10 };

/* ---- The ring ---------------------------------------------------------------------------- */

int app_ring(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    int status = app->ring ? 0 : app_backends(app);
    if (status || app->ring)
        return status;
    /* Beside the file of backends, wherever that is. */
    const char *backends = nube_backends_path(app->set), *slash = strrchr(backends, '/');
    char *path = xasprintf("%.*skeys", slash ? (int)(slash + 1 - backends) : 0, backends);
    if (nube_keyring_open(&app->ring, app->lib, path, &err))
        status = app_error(app, &err);
    free(path);
    return status;
}

static const char *backend_id(const struct app *app, const struct target *t)
{
    const nube_backend *b = app->set ? nube_backends_find(app->set, t->name) : NULL;
    return b ? nube_backend_id(b) : t->name;
}

/* Containers run commands without a login. */
static bool runs_itself(const nube_conn *conn)
{
    const nube_driver_info *drv = nube_conn_driver(conn);
    const struct nube_option *row;
    for (size_t i = 0; (row = nube_driver_option(drv, i)); i++)
        if (row->op == NUBE_OP_NODE_RUN && strcmp(row->name, "command") == 0)
            return true;
    return false;
}

void ring_login(struct app *app, const struct found *f, nube_args *args)
{
    const char *via = nube_args_get(args, "via");
    bool ssh = via && strcmp(via, "ssh") == 0;
    if ((ssh || !runs_itself(f->target->conn)) && !app_ring(app))
        nube_keyring_login(app->ring, backend_id(app, f->target), f->id, args);
}

static int tell(struct app *app, int rc, const struct nube_error *err, const char *name,
                const char *sentence)
{
    if (rc)
        return app_error(app, err);
    app->worked++;
    app_note(app, "%s: %s", name, sentence);
    return 0;
}

int cmd_key_generate(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const char *type = args_get(&app->args, "type"), *name = app->args.words[0];
    char passphrase[1024] = "";
    int status = app_ring(app);
    if (!status && args_get(&app->args, "passphrase") &&
        ask_line("Passphrase of the new key: ", passphrase, sizeof passphrase, true))
        status = app_fail(app, NUBE_E_USAGE, "--passphrase: nothing was entered");
    if (!status)
        status = tell(app,
                      nube_keyring_generate(app->ring, name, type ? type : "ed25519",
                                            *passphrase ? passphrase : NULL, &err),
                      &err, name, "made");
    wipe(passphrase, sizeof passphrase);
    if (!status && args_get(&app->args, "default") &&
        nube_keyring_set_default(app->ring, name, &err))
        status = app_error(app, &err);
    if (!status)
        app_note(app, "%s",
                 nube_keyring_file(app->ring, (size_t)nube_keyring_find(app->ring, name)));
    return status;
}

int cmd_key_add(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const char *name = app->args.words[0];
    int status = app_ring(app);
    return status ? status
                  : tell(app, nube_keyring_add(app->ring, name, app->args.words[1], &err), &err,
                         name, "added");
}

int cmd_key_rename(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const char *name = app->args.words[0];
    int status = app_ring(app);
    return status ? status
                  : tell(app, nube_keyring_rename(app->ring, name, app->args.words[1], &err), &err,
                         app->args.words[1], "renamed");
}

int cmd_key_default(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const char *name = app->args.words[0];
    int status = app_ring(app);
    return status ? status
                  : tell(app, nube_keyring_set_default(app->ring, name, &err), &err, name,
                         "is the default");
}

int cmd_key_forget(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const char *name = app->args.words[0];
    int status = app_ring(app);
    return status ? status
                  : tell(app, nube_keyring_remove(app->ring, name, &err), &err, name,
                         "forgotten; its files stay");
}

int cmd_key_own(struct app *app)
{
    struct out out;
    int status = app_ring(app);
    if (!status)
        status = out_open_verb(&out, app);
    if (status)
        return status;
    for (size_t i = 0; i < nube_keyring_count(app->ring); i++) {
        const char *cells[] = {nube_keyring_name(app->ring, i), nube_keyring_file(app->ring, i),
                               nube_keyring_is_default(app->ring, i) ? "true" : "false"};
        out_record(&out, cells);
    }
    out_close(&out);
    return app_status(app);
}

/* ---- On nodes ----------------------------------------------------------------------------- */

/* The public key of a name in the ring, or in a file. Owned; NULL: printed. */
static char *public_of(struct app *app, const char *key)
{
    int own = nube_keyring_find(app->ring, key);
    char *path = own >= 0 ? xasprintf("%s.pub", nube_keyring_file(app->ring, (size_t)own))
                          : xasprintf("%s", key);
    size_t len;
    char *text = read_whole(path, MAX_PUBLIC, &len);
    if (!text)
        app_fail(app, own < 0 && errno == ENOENT ? NUBE_E_NOT_FOUND : NUBE_E_SYSTEM,
                 own < 0 ? "\"%s\" is neither a key of your own nor a file of a public one: %s; "
                           "see: nube key own"
                         : "cannot read %s: %s",
                 path, strerror(errno));
    else
        text[strcspn(text, "\r\n")] = '\0';
    free(path);
    return text;
}

struct letting {
    struct app *app;
    const char *key, *text; /* as it was named; its line */
    const nube_args *args;
    bool in; /* let in; else no more */
};

/* What is remembered is how it was reached this time. */
static int remember(const struct letting *l, const struct found *f, const nube_args *args)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const char *backend = backend_id(l->app, f->target);
    int rc = 0;
    if (nube_keyring_find(l->app->ring, l->key) < 0 || runs_itself(f->target->conn))
        return 0;
    if (l->in)
        rc = nube_keyring_associate(l->app->ring, backend, f->id, l->key, args, &err);
    else
        rc = nube_keyring_disassociate(l->app->ring, backend, f->id, &err);
    return rc ? app_error(l->app, &err) : 0;
}

static void let(const struct letting *l, const struct found *f)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(l->app);
    nube_args *args = args_copy(l->app, l->args);
    int changed = 0, rc;
    if (!args)
        return;
    ring_login(l->app, f, args);
    rc = (l->in ? nube_key_associate : nube_key_disassociate)(f->target->conn, f->id, l->text, args,
                                                              &changed, &opts, &err);
    if (rc)
        app_error(l->app, &err);
    else if (!l->app->dry_run && !remember(l, f, args)) {
        char *title = found_title(f);
        tell_did(l->app,
                 &(struct did){f->target->name, f->id, title, l->in ? "associate" : "disassociate",
                               l->in     ? changed ? "lets the key in" : "let the key in already"
                               : changed ? "lets the key in no more"
                                         : "did not let it in"},
                 1);
        free(title);
        l->app->worked++;
    }
    nube_args_free(args);
}

static int associate(struct app *app, bool in)
{
    struct letting l = {.app = app, .key = app->args.words[0], .in = in};
    nube_args *args = login_args(app);
    char *text = args && !app_ring(app) ? public_of(app, l.key) : NULL;
    struct found f;
    l.text = text;
    l.args = args;
    for (size_t i = 1; text && i < app->args.n_words; i++)
        if (!find_node(&f, app, app->args.words[i], FIND_PREFIX)) {
            progress_begin(app, in ? "key associate" : "key disassociate");
            let(&l, &f);
            progress_end();
            nube_obj_free(f.obj);
            free(f.id);
        }
    free(text);
    nube_args_free(args);
    return app_status(app);
}

int cmd_key_associate(struct app *app)
{
    return associate(app, true);
}

int cmd_key_disassociate(struct app *app)
{
    return associate(app, false);
}
