/* backend add: key=value words, and questions on a terminal for what is required and missing. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

enum { MAX_ANSWER = 4096 };

/* "name=-" takes the value from standard input, so that a secret need not stand in the argument
 * list. */
static int add_word(struct app *app, nube_args *args, const char *word)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const char *equals = strchr(word, '=');
    if (!equals || strcmp(equals, "=-"))
        return nube_args_parse(args, word, &err) ? app_error(app, &err) : 0;
    char line[MAX_ANSWER], *name = xasprintf("%.*s", (int)(equals - word), word);
    int status = 0;
    if (read_line(STDIN_FILENO, line, sizeof line))
        status = app_fail(app, NUBE_E_USAGE, "%s=-: standard input has no further line", name);
    else
        nube_args_set(args, name, line);
    wipe(line, sizeof line);
    free(name);
    return status;
}

/* The driver behind a provider id, or of that name; NULL: unknown, which the library tells when
 * adding. */
static const nube_driver_info *driver_of(struct app *app, const char *provider)
{
    const nube_driver_info *drv = NULL;
    const char *id, *title, *driver;
    int count = nube_provider_count(app->lib, NULL);
    for (int i = 0; i < count; i++)
        if (nube_provider_at(app->lib, i, &id, &title, &driver) && !strcmp(id, provider)) {
            nube_driver_load(&drv, app->lib, driver, NULL);
            return drv;
        }
    return NULL;
}

static void ask_option(nube_args *args, const struct nube_option *row)
{
    char line[MAX_ANSWER];
    char *prompt = xasprintf("%s (%s): ", row->name, row->help ? row->help : "required");
    if (!ask_line(prompt, line, sizeof line, (row->flags & NUBE_OPTION_SECRET) != 0) && *line)
        nube_args_set(args, row->name, line);
    wipe(line, sizeof line);
    free(prompt);
}

static bool is_given(const nube_args *args, const struct nube_option *row)
{
    return nube_args_get(args, row->name) || (row->alias && nube_args_get(args, row->alias));
}

static bool is_called(const struct nube_option *row, const char *name)
{
    return !strcmp(row->name, name) || (row->alias && !strcmp(row->alias, name));
}

/* Who names a user and no secret at all means to type it. */
static bool lacks_secret(const nube_driver_info *drv, const nube_args *args)
{
    const struct nube_option *row;
    bool user = false;
    for (size_t i = 0; (row = nube_driver_option(drv, i)); i++) {
        if (row->op != NUBE_OP_NONE || !is_given(args, row))
            continue;
        if (is_called(row, "key"))
            user = true;
        else if (row->flags & NUBE_OPTION_SECRET)
            return false;
    }
    return user;
}

static void ask_missing(struct app *app, nube_args *args, const char *provider)
{
    const nube_driver_info *drv = isatty(STDIN_FILENO) ? driver_of(app, provider) : NULL;
    const struct nube_option *row;
    bool secret = drv && lacks_secret(drv, args);
    for (size_t i = 0; drv && !signals_interrupted() && (row = nube_driver_option(drv, i)); i++) {
        bool wanted = (row->flags & NUBE_OPTION_REQUIRED) ||
                      (secret && is_called(row, "secret") && row->flags & NUBE_OPTION_SECRET);
        if (row->op == NUBE_OP_NONE && wanted && !is_given(args, row))
            ask_option(args, row);
    }
}

/* A word of the line, or what is typed where it is missing; owned. NULL with the error printed. */
static char *word_or_ask(struct app *app, size_t at, const char *prompt)
{
    char line[MAX_ANSWER] = "";
    if (at < app->args.n_words)
        return xstrdup(app->args.words[at]);
    bool asked = isatty(STDIN_FILENO) && !ask_line(prompt, line, sizeof line, false);
    if (asked && *line)
        return xstrdup(line);
    if (signals_interrupted())
        app->exit = EXIT_INTERRUPTED;
    else
        app_fail(app, NUBE_E_USAGE,
                 "an argument is missing: nube backend add NAME PROVIDER [OPTION=VALUE]...");
    return NULL;
}

static int add(struct app *app, const char *name, const char *provider)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const char *id = NULL;
    nube_args *args = app_args(app);
    if (!args)
        return app->exit;
    int status = 0;
    for (size_t i = 2; !status && i < app->args.n_words; i++)
        status = add_word(app, args, app->args.words[i]);
    if (!status)
        ask_missing(app, args, provider);
    if (!status && signals_interrupted())
        status = app->exit = EXIT_INTERRUPTED;
    if (!status && nube_backends_add(app->set, name, provider, args, &id, &err))
        status = app_error(app, &err);
    if (!status)
        tell_did(app, &(struct did){name, id, name, "add", "added"}, 1);
    nube_args_free(args);
    return status;
}

int cmd_backend_add(struct app *app)
{
    int status = app_backends(app);
    if (status)
        return status;
    char *name = word_or_ask(app, 0, "Name of the account, as you like it: ");
    char *provider = name ? word_or_ask(app, 1, "Provider (nube provider list): ") : NULL;
    if (provider)
        add(app, name, provider);
    free(name);
    free(provider);
    return app->exit;
}
