/* Names for completion: what the backends have, kept for half a minute in the person's cache. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "complete.h"

enum { FRESH_S = 30, MAX_CACHE = 8 << 20, PATIENCE_MS = 3000 };

/* ~/.cache/nube/names; NULL: there is no home. Owned. */
static char *cache_dir(void)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && *cache == '/')
        return xasprintf("%s/nube/names", cache);
    return home && *home == '/' ? xasprintf("%s/.cache/nube/names", home) : NULL;
}

/* The file of a target and kind; an account is known by its id, which is nobody else's. Owned. */
static char *cache_path(struct app *app, const struct target *t, enum nube_kind kind)
{
    char *dir = cache_dir();
    const nube_backend *b = nube_backends_find(app->set, t->name);
    char *path =
        dir ? xasprintf("%s/%s-%s", dir, b ? nube_backend_id(b) : t->name, nube_kind_name(kind))
            : NULL;
    for (char *p = path ? path + strlen(dir) + 1 : NULL; p && *p; p++)
        if (*p == '/')
            *p = '_';
    free(dir);
    return path;
}

static bool is_fresh(const char *path)
{
    struct stat st;
    time_t now = time(NULL);
    return !stat(path, &st) && st.st_mtime <= now && now - st.st_mtime < FRESH_S;
}

static void make_dirs(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

/* A reader sees the old file or the new one, whole. */
static void put_cache(char *path, const char *text)
{
    char *part = xasprintf("%s.XXXXXX", path);
    make_dirs(path);
    int fd = mkostemp(part, O_CLOEXEC);
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool good = f && fputs(text, f) >= 0;
    if (f)
        good = !fclose(f) && good;
    else if (fd >= 0)
        close(fd);
    if (fd >= 0 && (!good || rename(part, path)))
        unlink(part);
    free(part);
}

void names_forget(struct app *app, const char *backend, enum nube_kind kind)
{
    char *path = app->set ? cache_path(app, &(struct target){.name = backend}, kind) : NULL;
    if (path)
        unlink(path);
    free(path);
}

/* Names and ids as they come, a line each, of each target that was asked. */
struct asked {
    struct app *app;
    struct text *texts;
};

static void put_name(void *data, const nube_obj *obj)
{
    struct asked *a = data;
    const char *backend = nube_str(obj, NUBE_BACKEND), *name = nube_name(obj), *id = nube_id(obj);
    for (size_t i = 0; i < a->app->n_targets; i++) {
        if (!backend || strcmp(a->app->targets[i].name, backend) != 0)
            continue;
        fprintf(a->texts[i].file, "%s\t%s\n", name && !strpbrk(name, "\t\n") ? name : "",
                id && !strpbrk(id, "\t\n") ? id : "");
    }
}

/* Asks those whose file is old; what does not answer keeps it. What goes wrong is nobody's matter:
 * the targets are as before. */
static void refresh(struct app *app, char **paths, enum nube_op op)
{
    struct asked a = {app, xcalloc(app->n_targets, sizeof *a.texts)};
    struct nube_error *before = xcalloc(app->n_targets, sizeof *before);
    struct nube_error skip = NUBE_ERROR_INIT;
    int worked = app->worked;
    skip.code = NUBE_E_CANCELLED;
    for (size_t i = 0; i < app->n_targets; i++) {
        struct target *t = &app->targets[i];
        before[i] = t->err;
        text_open(&a.texts[i]);
        if (!paths[i] || is_fresh(paths[i]) || !t->conn)
            t->err = skip;
    }
    list_all(&(struct listing){app, put_name, &a}, op, NULL);
    for (size_t i = 0; i < app->n_targets; i++) {
        char *text = text_take(&a.texts[i]);
        if (!app->targets[i].err.code)
            put_cache(paths[i], text);
        app->targets[i].err = before[i];
        free(text);
    }
    app->worked = worked;
    free(before);
    free(a.texts);
}

/* A file for each target, as new as can be had. Owned, and so is each path. */
static char **fresh_files(struct app *app, enum nube_kind kind, enum nube_op op)
{
    char **paths = xcalloc(app->n_targets, sizeof *paths);
    for (size_t i = 0; i < app->n_targets; i++)
        paths[i] = cache_path(app, &app->targets[i], kind);
    refresh(app, paths, op);
    return paths;
}

static void free_paths(char **paths, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(paths[i]);
    free(paths);
}

/* One file: names, or the ids where no name begins so. */
static void offer_file(struct completion *c, const char *path, const char *backend, bool ids)
{
    size_t len;
    char *text = read_whole(path, MAX_CACHE, &len), *rest = text, *line;
    while (rest && (line = strsep(&rest, "\n"))) {
        char *id = strchr(line, '\t');
        if (!id)
            continue;
        *id++ = '\0';
        complete_offer(c, ids || !*line ? id : line, backend);
    }
    free(text);
}

static enum nube_op list_op(enum nube_kind kind)
{
    char *name = xasprintf("%s list", nube_kind_name(kind));
    enum nube_op op = nube_op_find(name);
    free(name);
    return op;
}

void complete_names(struct completion *c, enum nube_kind kind)
{
    struct app *app = c->app;
    enum nube_op op = list_op(kind);
    if (app_targets_for(app, op))
        return;
    char **paths = fresh_files(app, kind, op);
    for (int ids = 0; ids < 2 && !c->count; ids++)
        for (size_t i = 0; i < app->n_targets; i++)
            if (paths[i])
                offer_file(c, paths[i], app->targets[i].name, ids);
    free_paths(paths, app->n_targets);
}

static void feed_file(struct nearest *near, char **best, const char *path)
{
    size_t len;
    char *text = read_whole(path, MAX_CACHE, &len), *rest = text, *line;
    while (rest && (line = strsep(&rest, "\n"))) {
        const char *before = near->best;
        line[strcspn(line, "\t")] = '\0';
        nearest_feed(near, line);
        if (near->best == before)
            continue;
        free(*best);
        *best = xstrdup(near->best);
        near->best = *best;
    }
    free(text);
}

char *name_meant(struct app *app, enum nube_kind kind, const char *word)
{
    struct nearest near = {word, NULL, 0};
    char *best = NULL;
    int64_t deadline = app->deadline_at;
    if (args_get(&app->args, "replay"))
        return NULL; /* nobody is asked, and nothing is kept */
    app_patience(app, PATIENCE_MS);
    char **paths = fresh_files(app, kind, list_op(kind));
    for (size_t i = 0; i < app->n_targets; i++)
        if (paths[i])
            feed_file(&near, &best, paths[i]);
    free_paths(paths, app->n_targets);
    app->deadline_at = deadline;
    return best;
}
