/* An account's settings hold for every request: its TLS setting (T-04), its endpoint (T-05). */
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faultd.h"
#include "runner.h"

extern char **environ;
static char cert[256], key[256], requests[256];

static bool make_certificate(void)
{
    const char *const argv[] = {
        "openssl", "req",   "-x509",   "-newkey", "rsa:2048",
        "-nodes",  "-subj", "/CN=x",   "-addext", "subjectAltName=IP:127.0.0.1",
        "-days",   "2",     "-keyout", key,       "-out",
        cert,      NULL};
    posix_spawn_file_actions_t quiet;
    int status = -1;
    pid_t pid;

    snprintf(cert, sizeof(cert), "%s-cert.pem", dir);
    snprintf(key, sizeof(key), "%s-key.pem", dir);
    snprintf(requests, sizeof(requests), "%s-requests", dir);
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", 1, 0);
    if (!posix_spawnp(&pid, argv[0], &quiet, NULL, (char *const *)argv, environ))
        waitpid(pid, &status, 0);
    posix_spawn_file_actions_destroy(&quiet);
    return status == 0;
}

static void serve(struct faultd *f, const char *routes)
{
    const char *const args[] = {"--cert", cert, "--key", key, "--log", requests, NULL};

    if (faultd_start(f, routes, args))
        exit(2);
}

/* How many requests the server has got. */
static int arrived(void)
{
    FILE *log = fopen(requests, "r");
    int c, n = 0;

    while (log && (c = getc(log)) != EOF)
        n += c == '\n';
    if (log)
        fclose(log);
    return n;
}

static nube_args *options_for(const struct scenario *s, const struct faultd *f,
                              const char *const *more, const char *verify)
{
    nube_args *options = args_of(more);
    char url[64];

    add_all(options, s->options ? s->options : table->options, table->endpoint);
    snprintf(url, sizeof(url), "https://127.0.0.1:%d", f->port);
    nube_args_set(options, table->endpoint, url);
    nube_args_set(options, "verify", verify);
    return options;
}

/* Each operation refuses a server that nobody vouches for, before it says a word to it. */
static void check_refused(void)
{
    struct faultd server;
    struct outcome o;
    size_t i;

    serve(&server, "{\"routes\": []}");
    for (i = 0; i < table->count; i++) {
        const struct scenario *s = &table->rows[i];

        if (s->code || !s->exchanges[0].method) /* or it says nothing to anybody */
            continue;
        snprintf(where, sizeof(where), "T-04: %s", s->name);
        run_call(&o, s, NULL, options_for(s, &server, table->direct, NULL), args_of(s->args));
        if (o.code != NUBE_E_TLS)
            fail("to an unknown certificate it is \"%s\" (%s)", nube_code_name(o.code),
                 o.err.message);
        forget(&o);
    }
    if (arrived())
        fail("%d requests went to a server that nobody vouches for", arrived());
    faultd_stop(&server);
}

/* ---- A scenario's replies from a server ------------------------------------------------------ */

static char *put_hex(char *to, const struct exchange *x)
{
    size_t i, len = body_len(x);

    for (i = 0; i < len; i++)
        to +=
            sprintf(to, "%02x", (unsigned char)(!x->len && x->body[i] == '\'' ? '"' : x->body[i]));
    return to;
}

static char *put_reply(char *to, const struct exchange *x)
{
    const char *colon = x->header ? strchr(x->header, ':') : NULL;

    to += sprintf(to, "{\"status\": %d, \"type\": \"%s\"", x->status,
                  x->type ? x->type : "application/json");
    if (colon)
        to += sprintf(to, ", \"headers\": {\"%.*s\": \"%s\"}", (int)(colon - x->header), x->header,
                      colon + 2);
    to = put_hex(to + sprintf(to, ", \"hex\": \""), x);
    return to + sprintf(to, "\"}");
}

static bool same_place(const struct exchange *a, const struct exchange *b)
{
    size_t len = strcspn(a->url, "?");

    return !strcmp(a->method, b->method) && len == strcspn(b->url, "?") &&
           !strncmp(a->url, b->url, len);
}

static bool seen_before(const struct exchange *all, int i)
{
    int j;

    for (j = 0; j < i; j++)
        if (same_place(&all[j], &all[i]))
            return true;
    return false;
}

/* A route a place, with its replies in their order. */
static void routes_of(char *to, const struct scenario *s)
{
    const struct exchange *all = s->exchanges;
    int i, j;

    to += sprintf(to, "{\"routes\": [");
    for (i = 0; all[i].method; i++) {
        if (!strcmp(all[i].method, "FILE") || seen_before(all, i))
            continue;
        to += sprintf(to, "%s{\"method\": \"%s\", \"path\": \"%.*s\", \"replies\": [",
                      to[-1] == '[' ? "" : ",", all[i].method, (int)strcspn(all[i].url, "?"),
                      all[i].url);
        for (j = i; all[j].method; j++)
            if (same_place(&all[i], &all[j]))
                to = put_reply(to + (j > i ? sprintf(to, ",") : 0), &all[j]);
        to += sprintf(to, "]}");
    }
    sprintf(to, "]}");
}

static bool needs_a_file(const struct scenario *s)
{
    int i;

    for (i = 0; s->exchanges[i].method; i++)
        if (!strcmp(s->exchanges[i].method, "FILE") && s->exchanges[i].status == 200)
            return true;
    return false;
}

/* Told to, it talks to that server: every request of the scenario gets there, and nowhere else,
 * and what comes out is what came out of files. */
static void check_served(const struct scenario *s)
{
    static char routes[1 << 18];
    struct faultd server;
    struct outcome o;

    snprintf(where, sizeof(where), "T-05: %s", s->name);
    routes_of(routes, s);
    serve(&server, routes);
    run_call(&o, s, NULL, options_for(s, &server, (const char *const[]){NULL}, "no"),
             args_of(s->args));
    check(&o, s);
    forget(&o);
    faultd_stop(&server);
}

void check_account(void)
{
    size_t i;

    if (!make_certificate()) {
        fail("openssl made no certificate");
        return;
    }
    check_refused();
    for (i = 0; i < table->count; i++)
        if (!table->rows[i].code && !needs_a_file(&table->rows[i]))
            check_served(&table->rows[i]);
    unlink(cert);
    unlink(key);
    unlink(requests);
}
