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
        if (!nube_provider_at(app->lib, i, &id, &title, &driver) && !strcmp(id, provider)) {
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

static void ask_missing(struct app *app, nube_args *args, const char *provider)
{
    const nube_driver_info *drv = isatty(STDIN_FILENO) ? driver_of(app, provider) : NULL;
    const struct nube_option *row;
    for (size_t i = 0; drv && !signals_interrupted() && (row = nube_driver_option(drv, i)); i++) {
        bool wanted = row->op == NUBE_OP_NONE && (row->flags & NUBE_OPTION_REQUIRED);
        if (wanted && !nube_args_get(args, row->name) &&
            !(row->alias && nube_args_get(args, row->alias)))
            ask_option(args, row);
    }
}

int cmd_backend_add(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const char *name = app->args.words[0], *provider = app->args.words[1], *id = NULL;
    int status = app_backends(app);
    if (status)
        return status;
    nube_args *args = app_args(app);
    if (!args)
        return app->exit;
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
