/* Verbs on key pairs: show, create, import, delete. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

enum { MAX_PUBLIC_KEY = 64 << 10 };

int cmd_key_show(struct app *app)
{
    return show_words(app, find_key);
}

/* The file is made before the key: a key whose private half cannot be kept is of no use. */
static int open_private(struct app *app, int *fd)
{
    const char *path = args_get(&app->args, "file");
    *fd = -1;
    if (!path || app->dry_run)
        return 0;
    *fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    return *fd >= 0 ? 0
                    : app_fail(app, NUBE_E_USAGE, "--file: cannot make \"%s\": %s", path,
                               strerror(errno));
}

static bool write_key(int fd, const char *text)
{
    size_t len = strlen(text);
    while (len) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno != EINTR)
            return false;
        text += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* Lines stay lines; what could drive a terminal does not pass. */
static void print_lines(const char *text)
{
    for (; *text; text++)
        putchar(*text == '\n' || (*text >= ' ' && *text <= '~') ? *text : '?');
}

/* Into the file, else on our output: it is not given out again. */
static int keep_private(struct app *app, const nube_obj *key, int fd)
{
    const char *text = nube_str(key, NUBE_PRIVATE_KEY);
    const char *path = args_get(&app->args, "file");
    if (!text)
        return fd < 0 ? 0
                      : app_fail(app, NUBE_E_PROTOCOL, "%s: no private key came; %s is empty",
                                 nube_name(key), path);
    if (fd >= 0 && !write_key(fd, text))
        return app_fail(app, NUBE_E_SYSTEM,
                        "%s: %s; the key pair %s exists, its private key is lost: delete it", path,
                        strerror(errno), nube_name(key));
    if (fd < 0 && !out_is_data(app))
        print_lines(text);
    return 0;
}

static void create(struct app *app, struct target *t, nube_args *args, int fd)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    nube_obj *key = NULL;
    progress_begin(app, "key create");
    int rc = nube_key_create(&key, t->conn, args, &opts, &err);
    progress_end();
    if (rc)
        app_error(app, &err);
    else if (!app->dry_run && !keep_private(app, key, fd)) {
        app->worked++;
        if (out_is_data(app))
            out_show(app, key, fd < 0 ? NUBE_JSON_SECRETS : 0);
        else
            app_note(app, "%s: created", nube_name(key));
    }
    if (!key && fd >= 0)
        unlink(args_get(&app->args, "file"));
    nube_obj_free(key);
}

int cmd_key_create(struct app *app)
{
    struct target *t;
    int fd;
    nube_args *args = app_args(app);
    if (!args)
        return app->exit;
    nube_args_set(args, "name", app->args.words[0]);
    if (!app_one_target(&t, app, NUBE_OP_KEY_CREATE) && !open_private(app, &fd)) {
        create(app, t, args, fd);
        if (fd >= 0)
            close(fd);
    }
    nube_args_free(args);
    return app_status(app);
}

static int read_public(struct app *app, nube_args *args, const char *path)
{
    size_t len;
    char *text = read_whole(path, MAX_PUBLIC_KEY, &len);
    if (!text)
        return app_fail(app, NUBE_E_USAGE, "cannot read \"%s\": %s", path, strerror(errno));
    if (strstr(text, "PRIVATE KEY")) {
        wipe(text, len);
        free(text);
        return app_fail(app, NUBE_E_USAGE,
                        "\"%s\" holds a private key, which stays with you: give the public one",
                        path);
    }
    nube_args_set_data(args, "public_key", text, strcspn(text, "\r\n"));
    free(text);
    return 0;
}

int cmd_key_import(struct app *app)
{
    struct target *t;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_obj *key = NULL;
    nube_args *args = app_args(app);
    if (!args)
        return app->exit;
    nube_args_set(args, "name", app->args.words[0]);
    if (!read_public(app, args, app->args.words[1]) &&
        !app_one_target(&t, app, NUBE_OP_KEY_IMPORT)) {
        struct nube_call_opts opts = app_opts(app);
        progress_begin(app, "key import");
        int rc = nube_key_import(&key, t->conn, args, &opts, &err);
        progress_end();
        show_made(app, rc, &err, key);
    }
    nube_args_free(args);
    return app_status(app);
}

int cmd_key_delete(struct app *app)
{
    return delete_words(app, find_key, nube_key_delete, false);
}
