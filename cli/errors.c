/* How the command tells a failure: message, provider's code, what to do next. */
#include "app.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct hint {
    int code;
    const char *text; /* %1: the backend, %2: the resource */
};

static const struct hint hints[] = {
    {NUBE_E_AUTH, "look at its credentials: nube backend show \"%1\""},
    {NUBE_E_FORBIDDEN, "the account \"%1\" needs the permission for this"},
    {NUBE_E_AMBIGUOUS, "name one by its id or as BACKEND/ID, or take the first with --first"},
    {NUBE_E_RATE, "wait a little and try again"},
    {NUBE_E_CONNECT,
     "look at its address: nube backend show \"%1\"; or try: nube backend check \"%1\""},
    {NUBE_E_TLS, "look at ca_file, cert_file and key_file: nube backend show \"%1\""},
    {NUBE_E_DEADLINE, "give it more time: --deadline 5m"},
    {NUBE_E_PENDING, "it goes on: nube node wait %2 -b \"%1\""},
    {NUBE_E_OUTCOME_UNKNOWN, "look before trying again: nube node list -b \"%1\""},
};

/* The hint of a class; NULL when there is none or what it names is not known. */
static const char *hint_for(const struct nube_error *err)
{
    if (!strncmp(err->provider_code, "ssh ", 4))
        return NULL; /* of a machine, not of the account */
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        const char *text = hints[i].text;
        if (hints[i].code != err->code)
            continue;
        bool lacks =
            (strstr(text, "%1") && !*err->backend) || (strstr(text, "%2") && !*err->resource);
        return lacks ? NULL : text;
    }
    return NULL;
}

/* Text in which ids that were found get their names. */
static void put_named(FILE *f, const struct app *app, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, " \t,;:\"'()/");
        char *word = xasprintf("%.*s", (int)len, text);
        put_safe(f, app_title(app, word));
        free(word);
        text += len;
        if (*text)
            put_safe(f, (const char[]){*text++, '\0'});
    }
}

static bool is_account(const struct app *app, const char *name)
{
    return app->set && nube_backends_find(app->set, name);
}

static void put_hint(FILE *f, const struct app *app, const struct nube_error *err)
{
    const char *text = hint_for(err);
    if (!text)
        return;
    if (strstr(text, "nube backend") && !is_account(app, err->backend)) {
        bool other = app->natives && nube_natives_count(app->natives);
        if (other || (app->implicit && err->code == NUBE_E_CONNECT))
            return; /* what is said of that tells more */
        text = "no account stands behind this; add one: nube backend add NAME %1 [key=value]...";
    }
    fputs("  ", f);
    for (; *text; text++) {
        if (*text != '%')
            putc(*text, f);
        else
            put_safe(f, *++text == '1' ? err->backend : err->resource);
    }
    putc('\n', f);
}

/* " (code, request id)", but for what the message says already. */
static void put_detail(FILE *f, const struct nube_error *err)
{
    bool code = *err->provider_code && !strstr(err->message, err->provider_code);
    bool request = *err->request_id && !strstr(err->message, err->request_id);
    if (!code && !request)
        return;
    fputs(" (", f);
    if (code)
        put_safe(f, err->provider_code);
    if (request) {
        fputs(code ? ", request " : "request ", f);
        put_safe(f, err->request_id);
    }
    putc(')', f);
}

static void put_text(FILE *f, const struct app *app, const struct nube_error *err)
{
    const struct verb *v = app->args.verb;
    fputs("nube: ", f);
    if (*err->backend) {
        put_safe(f, err->backend);
        fputs(": ", f);
    }
    if (*err->verb)
        fprintf(f, "%s: ", err->verb);
    else if (v)
        fprintf(f, "%s%s%s: ", v->noun, *v->name ? " " : "", v->name);
    put_named(f, app, *err->message ? err->message : nube_code_name(err->code));
    put_detail(f, err);
    putc('\n', f);
    if (*err->resource && err->code != NUBE_E_PENDING) {
        fputs("  this exists: ", f);
        put_safe(f, app_title(app, err->resource));
        putc('\n', f);
    }
    put_hint(f, app, err);
}

/* Says once that nobody named the account that cannot be reached. */
static void put_implicit(FILE *f, struct app *app, int code)
{
    if (!app->implicit || app->quiet)
        return;
    if (app->natives && nube_natives_count(app->natives)) {
        app->implicit = false;
        fputs("  no backend is configured, so what other tools have on this machine was asked;"
              " choose: nube backend import\n",
              f);
        return;
    }
    if (code != NUBE_E_CONNECT && code != NUBE_E_DRIVER)
        return;
    app->implicit = false;
    fputs("  no backend is configured, so the local Docker engine was tried;"
          " add yours: nube backend add NAME PROVIDER [key=value]...\n",
          f);
}

int app_error(struct app *app, const struct nube_error *err)
{
    int status = nube_code_exit(err->code);
    struct text t;
    progress_clear();
    fflush(stdout);
    text_open(&t);
    if (app->format == FORMAT_JSON || app->format == FORMAT_NDJSON) {
        char *json = nube_error_json(err);
        fprintf(t.file, "%s\n", json ? json : "{}");
        nube_free(json);
    } else {
        put_text(t.file, app, err);
        if (*err->backend)
            put_implicit(t.file, app, err->code);
    }
    text_tell(&t);
    if (!app->exit)
        app->exit = status ? status : EXIT_FAILED;
    return app->exit;
}

int app_fail(struct app *app, enum nube_code code, const char *format, ...)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const struct verb *v = app->args.verb;
    va_list ap;
    va_start(ap, format);
    vsnprintf(err.message, sizeof err.message, format, ap);
    va_end(ap);
    err.code = code;
    if (v)
        snprintf(err.verb, sizeof err.verb, "%s%s%s", v->noun, *v->name ? " " : "", v->name);
    return app_error(app, &err);
}
