/* One run of the command: global options, the library, exit status, errors, questions. */
#include "live.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int read_format(struct app *app)
{
    static const char *const names[] = {"table", "wide", "json", "ndjson", "yaml", "csv", "id"};
    const char *word = args_get(&app->args, "output");
    for (size_t i = 0; word && i < sizeof names / sizeof *names; i++)
        if (!strcmp(names[i], word)) {
            app->format = (enum format)i;
            return 0;
        }
    if (!word)
        return 0;
    struct nearest near = {word, NULL, 0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        nearest_feed(&near, names[i]);
    if (near.best)
        return app_fail(app, NUBE_E_USAGE, "--output has no form \"%s\"; did you mean \"%s\"?",
                        word, near.best);
    return app_fail(app, NUBE_E_USAGE,
                    "--output takes table, wide, json, ndjson, yaml, csv or id, not \"%s\"", word);
}

void app_patience(struct app *app, int64_t ms)
{
    app->deadline_at = now_ms() + ms;
}

int app_init(struct app *app)
{
    const struct args *a = &app->args;
    app->quiet = args_get(a, "quiet") != NULL;
    app->yes = args_get(a, "yes") != NULL;
    app->first = args_get(a, "first") != NULL;
    app->dry_run = args_get(a, "dry-run") != NULL;
    const char *deadline = args_get(a, "deadline");
    if (deadline)
        app_patience(app, parse_duration(deadline));
    int status = read_format(app);
    return status ? status : columns_check(app);
}

void app_free(struct app *app)
{
    for (size_t i = 0; i < app->n_targets; i++)
        nube_conn_free(app->targets[i].conn);
    free(app->targets);
    nube_keyring_free(app->ring);
    nube_backends_free(app->set);
    nube_natives_free(app->natives);
    nube_stars_free(app->stars);
    nube_lib_free(app->lib);
    for (size_t i = 0; i < app->n_known; i++) {
        free(app->known[i].id);
        free(app->known[i].title);
    }
    free(app->known);
    args_free(&app->args);
}

void app_know(struct app *app, const char *id, const char *title)
{
    if (!strcmp(app_title(app, id), title))
        return;
    app->known = xgrow(app->known, app->n_known, sizeof *app->known);
    app->known[app->n_known++] = (struct known){xstrdup(id), xstrdup(title)};
}

const char *app_title(const struct app *app, const char *id)
{
    for (size_t i = 0; i < app->n_known; i++)
        if (!strcmp(app->known[i].id, id))
            return app->known[i].title;
    return id;
}

static void log_line(void *payload, int level, const char *line)
{
    static const char *const words[] = {"error", "warning", "info", "debug", "wire"};
    (void)payload;
    struct text t;
    progress_clear();
    text_open(&t);
    fprintf(t.file, "nube: %s: ", level >= 0 && level <= NUBE_LOG_WIRE ? words[level] : "log");
    put_safe(t.file, line);
    putc('\n', t.file);
    text_tell(&t);
}

static int ask_secret(void *payload, const char *prompt, char *buf, size_t size)
{
    (void)payload;
    progress_clear();
    return ask_line(prompt, buf, size, true);
}

/* The library takes absolute directories only; what cannot be resolved is its to refuse. */
static char *whole_path(const char *dir)
{
    char *path = dir ? realpath(dir, NULL) : NULL;
    return path || !dir ? path : xstrdup(dir);
}

int app_open(struct app *app)
{
    if (app->lib)
        return 0;
    const struct args *a = &app->args;
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    hooks.log_level = args_get(a, "debug") ? NUBE_LOG_WIRE
                      : app->quiet         ? NUBE_LOG_ERROR
                                           : NUBE_LOG_WARN;
    hooks.log = log_line;
    hooks.ask = app->unattended ? NULL : ask_secret;
    char *drivers = whole_path(args_get(a, "driver-path"));
    char *services = whole_path(args_get(a, "service-path"));
    hooks.driver_path = drivers;
    hooks.service_path = services;
    hooks.record_dir = args_get(a, "record");
    hooks.replay_dir = args_get(a, "replay");
    audit_hook(app, &hooks);
    int rc = nube_lib_open(&app->lib, &hooks, &err);
    free(drivers);
    free(services);
    if (rc || nube_cancel_new(&app->cancel, &err))
        return app_error(app, &err);
    signals_init(app->cancel);
    return 0;
}

int app_backends(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    int status = app_open(app);
    if (status || app->set)
        return status;
    if (nube_backends_open(&app->set, app->lib, args_get(&app->args, "config"), &err))
        return app_error(app, &err);
    return 0;
}

int app_natives(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    int status = app_open(app);
    if (status || app->natives)
        return status;
    return nube_natives_find(&app->natives, app->lib, &err) ? app_error(app, &err) : 0;
}

static void on_progress(void *payload, const struct nube_progress *progress)
{
    if (!live_update(payload, progress))
        progress_update(payload, progress);
}

static void on_dry_run(void *payload, const char *text)
{
    (void)payload;
    progress_clear();
    fputs(text, stdout);
    if (*text && text[strlen(text) - 1] != '\n')
        putchar('\n');
}

struct nube_call_opts app_opts(struct app *app)
{
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    opts.payload = app;
    opts.cancel = app->cancel;
    opts.progress = on_progress;
    opts.dry_run = on_dry_run;
    if (app->dry_run)
        opts.flags |= NUBE_CALL_DRY_RUN;
    if (app->deadline_at) {
        int64_t left = app->deadline_at - now_ms();
        opts.deadline_ms = left > 0 ? left : 1;
    }
    return opts;
}

enum { MAX_INPUT = 16 << 20 };

/* "@FILE" is the file's content, everything else is itself. */
static int set_data(struct app *app, nube_args *args, const struct flag *flag, const char *text)
{
    if (*text != '@') {
        nube_args_set_data(args, flag->arg, text, strlen(text));
        return 0;
    }
    size_t len;
    char *data = read_whole(text + 1, MAX_INPUT, &len);
    if (!data)
        return app_fail(app, NUBE_E_USAGE, "--%s: cannot read \"%s\": %s", flag->name, text + 1,
                        strerror(errno));
    nube_args_set_data(args, flag->arg, data, len);
    wipe(data, len);
    free(data);
    return 0;
}

static int set_pair(struct app *app, nube_args *args, const struct flag *flag, const char *text)
{
    (void)app;
    size_t len = strcspn(text, "=");
    char *key = xasprintf("%.*s", (int)len, text);
    nube_args_set_pair(args, flag->arg, key, text + len + 1);
    free(key);
    return 0;
}

static int set_argument(struct app *app, nube_args *args, const struct given *given)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const struct flag *flag = given->flag;
    if (flag->type == FLAG_ARGUMENT)
        return nube_args_parse(args, given->value, &err) ? app_error(app, &err) : 0;
    if (!flag->arg)
        return 0;
    if (!(flag->bits & FLAG_MANY) && args_get(&app->args, flag->name) != given->value)
        return 0;
    if (flag->type == FLAG_DATA)
        return set_data(app, args, flag, given->value);
    if (flag->type == FLAG_PAIR)
        return set_pair(app, args, flag, given->value);
    if (flag->type == FLAG_BOOL)
        nube_args_set_bool(args, flag->arg, 1);
    else
        nube_args_set(args, flag->arg, given->value);
    return 0;
}

nube_args *app_args(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_args *args = NULL;
    if (nube_args_new(&args, &err)) {
        app_error(app, &err);
        return NULL;
    }
    for (size_t i = 0; i < app->args.n_given; i++)
        if (set_argument(app, args, &app->args.given[i])) {
            nube_args_free(args);
            return NULL;
        }
    return args;
}

void app_note(struct app *app, const char *format, ...)
{
    if (app->quiet)
        return;
    struct text t;
    va_list ap;
    char *text = NULL;
    va_start(ap, format);
    int n = vasprintf(&text, format, ap);
    va_end(ap);
    progress_clear();
    text_open(&t);
    if (n >= 0)
        put_safe(t.file, text);
    putc('\n', t.file);
    text_tell(&t);
    free(text);
}

int app_status(const struct app *app)
{
    if (!app->exit)
        return 0;
    if (signals_interrupted())
        return EXIT_INTERRUPTED;
    return app->worked ? EXIT_PARTIAL : app->exit;
}

int app_confirm_possible(struct app *app)
{
    const struct verb *v = app->args.verb;
    if (app->yes || app->dry_run || isatty(STDIN_FILENO))
        return 0;
    return app_fail(app, NUBE_E_USAGE,
                    "%s %s asks before it goes on, and there is no terminal: give --yes", v->noun,
                    v->name);
}

int app_confirm(struct app *app, const char *question)
{
    char answer[16];
    if (app->yes || app->dry_run)
        return 0;
    progress_clear();
    struct text t;
    text_open(&t);
    put_safe(t.file, question);
    fputs(" [y/N] ", t.file);
    char *prompt = text_take(&t);
    int rc = ask_line(prompt, answer, sizeof answer, false);
    free(prompt);
    if (!rc && (*answer == 'y' || *answer == 'Y'))
        return 0;
    if (signals_interrupted())
        putc('\n', stderr); /* the cursor stands behind the question */
    app_note(app, "nube: nothing was changed");
    return app->exit = signals_interrupted() ? EXIT_INTERRUPTED : EXIT_FAILED;
}
