/* How the command tells a failure: message, provider's code, what to do next. */
#include "app.h"

#include <stdarg.h>
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

static void put_hint(const struct nube_error *err)
{
    const char *text = hint_for(err);
    if (!text)
        return;
    fputs("  ", stderr);
    for (; *text; text++) {
        if (*text != '%')
            putc(*text, stderr);
        else
            put_safe(stderr, *++text == '1' ? err->backend : err->resource);
    }
    putc('\n', stderr);
}

/* " (code, request id)", but for what the message says already. */
static void put_detail(const struct nube_error *err)
{
    bool code = *err->provider_code && !strstr(err->message, err->provider_code);
    bool request = *err->request_id && !strstr(err->message, err->request_id);
    if (!code && !request)
        return;
    fputs(" (", stderr);
    if (code)
        put_safe(stderr, err->provider_code);
    if (request) {
        fputs(code ? ", request " : "request ", stderr);
        put_safe(stderr, err->request_id);
    }
    putc(')', stderr);
}

static void put_text(const struct app *app, const struct nube_error *err)
{
    const struct verb *v = app->args.verb;
    fputs("nube: ", stderr);
    if (*err->backend) {
        put_safe(stderr, err->backend);
        fputs(": ", stderr);
    }
    if (*err->verb)
        fprintf(stderr, "%s: ", err->verb);
    else if (v)
        fprintf(stderr, "%s%s%s: ", v->noun, *v->name ? " " : "", v->name);
    put_safe(stderr, *err->message ? err->message : nube_code_name(err->code));
    put_detail(err);
    putc('\n', stderr);
    if (*err->resource && err->code != NUBE_E_PENDING) {
        fputs("  this exists: ", stderr);
        put_safe(stderr, err->resource);
        putc('\n', stderr);
    }
    put_hint(err);
}

/* Says once that nobody named the account that cannot be reached. */
static void put_implicit(struct app *app, int code)
{
    if (!app->implicit || app->quiet || (code != NUBE_E_CONNECT && code != NUBE_E_DRIVER))
        return;
    app->implicit = false;
    fputs("  no backend is configured, so the local Docker engine was tried;"
          " add yours: nube backend add NAME PROVIDER [key=value]...\n",
          stderr);
}

int app_error(struct app *app, const struct nube_error *err)
{
    int status = nube_code_exit(err->code);
    progress_clear();
    fflush(stdout);
    if (app->format == FORMAT_JSON || app->format == FORMAT_NDJSON) {
        char *json = nube_error_json(err);
        fprintf(stderr, "%s\n", json ? json : "{}");
        nube_free(json);
    } else {
        put_text(app, err);
        if (*err->backend)
            put_implicit(app, err->code);
    }
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
