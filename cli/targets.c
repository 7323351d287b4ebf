/* Which backends a verb talks to: those of -b, every enabled one, or the local Docker engine. */
#include "app.h"

#include <stdlib.h>
#include <string.h>

static struct target *target_new(struct app *app)
{
    app->targets = xgrow(app->targets, app->n_targets, sizeof *app->targets);
    struct target *t = &app->targets[app->n_targets++];
    *t = (struct target){.err = NUBE_ERROR_INIT};
    return t;
}

static void connect_backend(struct app *app, const nube_backend *backend)
{
    struct target *t = target_new(app);
    t->name = nube_backend_name(backend);
    if (!nube_backend_connect(&t->conn, app->set, backend, &t->err))
        return;
    if (!*t->err.backend)
        snprintf(t->err.backend, sizeof t->err.backend, "%s", t->name);
}

static bool have_target(const struct app *app, const char *name)
{
    for (size_t i = 0; i < app->n_targets; i++)
        if (!strcmp(app->targets[i].name, name))
            return true;
    return false;
}

/* -b names neither a backend nor, says the library, a provider. */
static int unknown_backend(struct app *app, const char *name, const struct nube_error *err)
{
    struct nearest near = {name, NULL, 0};
    for (size_t i = 0; i < nube_backends_count(app->set); i++)
        nearest_feed(&near, nube_backend_name(nube_backends_at(app->set, i)));
    if (near.best && err->code == NUBE_E_NOT_FOUND)
        return app_fail(app, NUBE_E_NOT_FOUND,
                        "no backend or provider is called \"%s\"; did you mean \"%s\"?", name,
                        near.best);
    return app_error(app, err);
}

/* Is it an account of this provider, or of any provider of this driver? */
static bool is_of(const nube_backend *b, const char *provider)
{
    if (!strcmp(nube_backend_provider(b), provider))
        return true;
    const nube_driver_info *driver = nube_backend_driver(b);
    return driver && !strcmp(nube_driver_id(driver), provider);
}

/* Every enabled account of a provider, or of a driver's providers; how many, or -1 when all of them
 * are disabled (printed). */
static int choose_provider(struct app *app, const char *provider)
{
    int count = 0;
    const char *disabled = NULL;
    for (size_t i = 0; i < nube_backends_count(app->set); i++) {
        const nube_backend *b = nube_backends_at(app->set, i);
        if (!is_of(b, provider))
            continue;
        if (!nube_backend_enabled(b)) {
            disabled = nube_backend_name(b);
            continue;
        }
        count++;
        if (!have_target(app, nube_backend_name(b)))
            connect_backend(app, b);
    }
    if (count || !disabled)
        return count;
    app_fail(app, NUBE_E_USAGE,
             "every backend of %s is disabled; ask one with -b \"%s\", or: nube backend enable "
             "\"%s\"",
             provider, disabled, disabled);
    return -1;
}

/* ---- Without backends: what other tools have here ----------------------------------- */

static void connect_native(struct app *app, size_t i)
{
    struct nube_native n = {.size = sizeof n};
    struct target *t = target_new(app);
    nube_natives_at(app->natives, i, &n);
    t->name = n.name;
    if (nube_natives_connect(&t->conn, app->natives, i, &t->err) && !*t->err.backend)
        snprintf(t->err.backend, sizeof t->err.backend, "%s", t->name);
}

/* -b names an account of another tool that is no backend yet. */
static bool choose_native(struct app *app, const char *name)
{
    struct nube_native n = {.size = sizeof n};
    if (app_natives(app))
        return false;
    for (size_t i = 0; nube_natives_at(app->natives, i, &n); i++)
        if (n.option && !strcmp(n.name, name)) {
            connect_native(app, i);
            return true;
        }
    return false;
}

/* A person with working credentials gets a listing from the first command. */
static int choose_natives(struct app *app)
{
    int status = app_natives(app);
    app->implicit = true;
    for (size_t i = 0; !status && i < nube_natives_count(app->natives); i++)
        connect_native(app, i);
    if (status || app->n_targets)
        return status;
    struct target *t = target_new(app);
    t->name = "docker";
    nube_connect(&t->conn, app->lib, "docker", NULL, NULL, &t->err);
    if (t->err.code && !*t->err.backend)
        snprintf(t->err.backend, sizeof t->err.backend, "docker");
    return 0;
}

static int choose(struct app *app, const char *name)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const nube_backend *backend = nube_backends_find(app->set, name);
    if (have_target(app, backend ? nube_backend_name(backend) : name))
        return 0;
    if (backend) {
        connect_backend(app, backend);
        return 0;
    }
    int accounts = choose_provider(app, name);
    if (accounts)
        return accounts < 0 ? app->exit : 0;
    nube_conn *conn = NULL;
    if (nube_connect(&conn, app->lib, name, NULL, NULL, &err))
        if (err.code == NUBE_E_NOT_FOUND && choose_native(app, name))
            return 0;
    if (err.code)
        return unknown_backend(app, name, &err);
    struct target *t = target_new(app);
    t->conn = conn;
    t->name = nube_conn_name(conn);
    return 0;
}

static int choose_all(struct app *app)
{
    size_t count = nube_backends_count(app->set);
    for (size_t i = 0; i < count; i++) {
        const nube_backend *backend = nube_backends_at(app->set, i);
        if (nube_backend_enabled(backend))
            connect_backend(app, backend);
    }
    if (app->n_targets)
        return 0;
    if (count)
        return app_fail(
            app, NUBE_E_USAGE,
            "every backend is disabled; see: nube backend list, nube backend enable NAME");
    return choose_natives(app);
}

int app_targets_named(struct app *app, const char *const *names, size_t count)
{
    int status = app_backends(app);
    for (size_t i = 0; !status && i < count; i++) {
        app->chosen = true;
        status = choose(app, names[i]);
    }
    return status ? status : app_targets(app);
}

int app_targets(struct app *app)
{
    const char *name;
    int status = app_backends(app);
    if (status || app->n_targets)
        return status;
    for (size_t i = 0; !status && (name = args_nth(&app->args, "backend", i)); i++) {
        app->chosen = true;
        status = choose(app, name);
    }
    return status || app->chosen ? status : choose_all(app);
}

/* Drops what does not offer the operation; asked for by name that is an error of its own. */
static void keep_able(struct app *app, enum nube_op op)
{
    size_t kept = 0;
    for (size_t i = 0; i < app->n_targets; i++) {
        struct target *t = &app->targets[i];
        bool able = !t->conn || nube_can(t->conn, op);
        if (!able && app->chosen) {
            t->err.code = NUBE_E_UNSUPPORTED;
            snprintf(t->err.backend, sizeof t->err.backend, "%s", t->name);
            snprintf(t->err.verb, sizeof t->err.verb, "%s", nube_op_name(op));
            snprintf(t->err.message, sizeof t->err.message,
                     "%s does not offer this; see: nube driver show %s",
                     nube_driver_title(nube_conn_driver(t->conn)),
                     nube_driver_id(nube_conn_driver(t->conn)));
        }
        if (able || app->chosen)
            app->targets[kept++] = *t;
        else
            nube_conn_free(t->conn);
    }
    app->n_targets = kept;
}

int app_targets_for(struct app *app, enum nube_op op)
{
    int status = app_targets(app);
    if (status)
        return status;
    keep_able(app, op);
    if (app->n_targets)
        return 0;
    return app_fail(app, NUBE_E_UNSUPPORTED, "no enabled backend offers %s", nube_op_name(op));
}

int app_one_target(struct target **out, struct app *app, enum nube_op op)
{
    int status = app_targets_for(app, op);
    if (status)
        return status;
    if (app->n_targets > 1 && !app->first) {
        struct text t;
        text_open(&t);
        for (size_t i = 0; i < app->n_targets; i++)
            fprintf(t.file, "%s%s", i ? ", " : "", app->targets[i].name);
        char *names = text_take(&t);
        status = app_fail(app, NUBE_E_USAGE, "choose one backend with -b: %s", names);
        free(names);
        return status;
    }
    *out = &app->targets[0];
    for (size_t i = 1; i < app->n_targets; i++)
        if (strcmp(app->targets[i].name, (*out)->name) < 0)
            *out = &app->targets[i];
    return (*out)->err.code ? app_error(app, &(*out)->err) : 0;
}
