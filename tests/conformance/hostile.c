/* T-21: long and hostile text in every option and argument of a driver is an error or arrives as
 * text: no crash, no line of its own in a request, no secret in what is said. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faultd.h"
#include "runner.h"

enum { LONG = 1 << 20 };

static char long_text[LONG + 1];
static const char *const texts[] = {
    "",
    "a\r\nX-Injected: 1",
    "..",
    "../../etc/passwd",
    "%s%n%s%n",
    "\xff\xfe\x01",
    "\"'`{}[]\\&<>",
    "-1",
    "99999999999999999999",
    long_text,
};

static const char *shown(const char *text)
{
    return text == long_text ? "1 MiB of text" : text;
}

static void judge(const struct outcome *o, const char *name, const char *text)
{
    snprintf(where, sizeof(where), "T-21: %s = %.40s", name, shown(text));
    if (o->code && !*o->err.message)
        fail("the error has no message");
    if (o->code == NUBE_E_DRIVER || o->code == NUBE_E_MEMORY)
        fail("it is \"%s\" (%s)", nube_code_name(o->code), o->err.message);
    if (strpbrk(o->err.message, "\r\n"))
        fail("the message has several lines");
}

static bool has_arg(const struct scenario *s, const char *name, const char *value)
{
    int i;

    for (i = 0; s->args[i]; i += 2)
        if (!strcmp(s->args[i], name) && !strcmp(s->args[i + 1], value))
            return true;
    return false;
}

/* A scenario in which this option may be given and the other arguments are good. */
static const struct scenario *row_for(const struct nube_option *option)
{
    enum nube_op op = option->op ? (enum nube_op)option->op : NUBE_OP_NODE_LIST;
    size_t i;

    for (i = 0; i < table->count; i++)
        if (table->rows[i].op == op && !table->rows[i].code &&
            (!option->action || has_arg(&table->rows[i], "action", option->action)))
            return &table->rows[i];
    return NULL;
}

static void call(const struct faultd *server, const struct nube_option *option, const char *text)
{
    const struct scenario *s = row_for(option);
    nube_args *options, *args;
    struct outcome o;
    char url[64];

    if (!s)
        return;
    options = args_of((const char *const[]){NULL});
    args = args_of((const char *const[]){NULL});
    add_all(args, s->args, option->op ? option->name : NULL);
    add_all(options, s->options ? s->options : table->options, table->endpoint);
    add_all(options, table->direct, option->name);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", server->port);
    if (option->op || strcmp(option->name, table->endpoint))
        nube_args_set(options, table->endpoint, url);
    nube_args_set(option->op ? args : options, option->name, text);
    run_call(&o, s, NULL, options, args);
    judge(&o, option->name, text);
    forget(&o);
}

static void check_log(const char *path)
{
    static char line[1 << 19];
    FILE *log = fopen(path, "r");

    snprintf(where, sizeof(where), "T-21: requests");
    while (log && fgets(line, sizeof(line), log))
        if (strstr(line, "[\"X-Injected\"") || strstr(line, "\"path\": \"/etc/"))
            fail("an argument became a part of the request of its own: %.400s", line);
    if (log)
        fclose(log);
}

void check_hostile(void)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    const struct nube_option *option;
    const nube_driver_info *driver;
    struct faultd server;
    char log[256];
    nube_lib *lib;
    size_t i, t;

    snprintf(log, sizeof(log), "%s-hostile", dir);
    memset(long_text, 'x', LONG);
    hooks.driver_path = driver_path;
    if (nube_lib_open(&lib, &hooks, NULL) || nube_driver_load(&driver, lib, table->driver, NULL))
        return;
    if (faultd_start(&server, "{\"routes\": []}", (const char *const[]){"--log", log, NULL}))
        exit(2);
    for (i = 0; (option = nube_driver_option(driver, i)); i++)
        for (t = 0; t < sizeof(texts) / sizeof(*texts); t++)
            call(&server, option, texts[t]);
    faultd_stop(&server);
    check_log(log);
    unlink(log);
    nube_lib_free(lib);
}
