/* Arguments of an operation at one backend: key files become keys there, names become ids. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

enum { MAX_PUBLIC_KEY = 64 << 10 };

static bool is_key_file(const char *name, const char *value)
{
    size_t len = strlen(value);
    return !strcmp(name, "key") && len > 4 && !strcmp(value + len - 4, ".pub");
}

/* "id_ed25519.pub" -> "id_ed25519-7c1d09fe": the end tells keys of one file name apart. */
static char *name_of_key(const char *path, const char *text)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    uint32_t sum = 2166136261u; /* FNV-1a, over type and key without the comment */
    int blanks = 0;
    for (const char *p = text; *p && (blanks += *p == ' ') < 2; p++)
        sum = (sum ^ (unsigned char)*p) * 16777619u;
    return xasprintf("%.*s-%08x", (int)(strlen(base) - 4), base, sum);
}

/* Is it there, by this name or as the same key? The name it has there is owned; NULL: it is not. */
static char *known_key(struct app *app, struct target *t, const char *name, const char *text)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    nube_iter *all = NULL;
    const nube_obj *o;
    char *known = NULL;
    const char *blank = strchr(text, ' ');
    size_t len = blank ? (size_t)(blank - text) + 1 + strcspn(blank + 1, " ") : strlen(text);
    int rc = nube_key_list(&all, t->conn, NULL, &opts, &err);
    while (!rc && !known && (rc = nube_iter_next(&o, all, &err)) == 1) {
        const char *public = nube_str(o, NUBE_PUBLIC_KEY), *its = nube_name(o);
        bool same = public && !strncmp(public, text, len);
        rc = 0;
        if (its && (same || !strcmp(its, name)))
            known = xstrdup(its);
    }
    if (rc)
        app_error(app, &err);
    nube_iter_free(all);
    return known;
}

static int import_key(struct app *app, struct target *t, const char *name, const char *text)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    nube_args *args = NULL;
    nube_obj *key = NULL;
    int rc = nube_args_new(&args, &err);
    if (!rc) {
        nube_args_set(args, "name", name);
        nube_args_set(args, "public_key", text);
        rc = nube_key_import(&key, t->conn, args, &opts, &err);
    }
    nube_args_free(args);
    nube_obj_free(key);
    if (rc)
        return app_error(app, &err);
    if (!app->dry_run)
        app_note(app, "%s: key %s imported", t->name, name);
    return 0;
}

/* The name that the key in a file has at the backend, where it is imported when it is missing.
 * Owned; NULL with the error printed. */
static char *key_of_file(struct app *app, struct target *t, const char *path)
{
    size_t len;
    char *text = read_whole(path, MAX_PUBLIC_KEY, &len);
    if (!text) {
        app_fail(app, NUBE_E_USAGE,
                 "--key: cannot read \"%s\"; a key that is there already is "
                 "named without .pub",
                 path);
        return NULL;
    }
    text[strcspn(text, "\r\n")] = '\0';
    char *name = name_of_key(path, text), *known = known_key(app, t, name, text);
    if (!known && !app->exit && !import_key(app, t, name, text))
        known = xstrdup(name);
    free(name);
    free(text);
    return known;
}

/* A copy in which key files are names of keys; NULL with the error printed. */
static nube_args *with_keys(struct app *app, struct target *t, const nube_args *args)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_args *all = NULL;
    if (nube_args_new(&all, &err)) {
        app_error(app, &err);
        return NULL;
    }
    for (size_t i = 0; i < nube_args_count(args); i++) {
        size_t len;
        const char *name = nube_args_name(args, i), *value = nube_args_value(args, i, &len);
        char *key = is_key_file(name, value) ? key_of_file(app, t, value) : NULL;
        if (is_key_file(name, value) && !key) {
            nube_args_free(all);
            return NULL;
        }
        nube_args_set_data(all, name, key ? key : value, key ? strlen(key) : len);
        free(key);
    }
    return all;
}

/* Says which id a name stood for. */
static void tell_chosen(struct app *app, const nube_args *before, const nube_args *after)
{
    for (size_t i = 0; i < nube_args_count(before) && i < nube_args_count(after); i++) {
        const char *was = nube_args_value(before, i, NULL), *is = nube_args_value(after, i, NULL);
        if (strcmp(was, is))
            app_note(app, "%s %s is %s", nube_args_name(before, i), was, is);
    }
}

nube_args *app_args_at(struct app *app, struct target *t, enum nube_op op)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    nube_args *args = app_args(app), *named = args ? with_keys(app, t, args) : NULL, *all = NULL;
    nube_args_free(args);
    if (!named)
        return NULL;
    if (nube_args_resolve(&all, t->conn, op, named, app->first ? NUBE_FIND_FIRST : 0, &opts, &err))
        app_error(app, &err);
    else
        tell_chosen(app, named, all);
    nube_args_free(named);
    return all;
}

nube_args *args_copy(struct app *app, const nube_args *args)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_args *all = NULL;
    if (nube_args_new(&all, &err)) {
        app_error(app, &err);
        return NULL;
    }
    for (size_t i = 0; i < nube_args_count(args); i++) {
        size_t len;
        const char *value = nube_args_value(args, i, &len);
        nube_args_set_data(all, nube_args_name(args, i), value, len);
    }
    return all;
}
