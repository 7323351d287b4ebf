/* backend import: accounts of the providers' own tools become backends, by reference. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

enum { MAX_ANSWER = 4096 };

/* "profile=prod"; "" where nothing needs to be said. Owned. */
static char *reference(const struct nube_native *n)
{
    return n->option ? xasprintf("%s=%s", n->option, n->value) : xstrdup("");
}

static const char *known_name(const struct app *app, size_t i)
{
    const nube_backend *b = nube_natives_known(app->natives, i, app->set);
    return b ? nube_backend_name(b) : NULL;
}

static int show_found(struct app *app)
{
    struct out out;
    struct nube_native n = {.size = sizeof n};
    int status = out_open_verb(&out, app);
    for (size_t i = 0; !status && nube_natives_at(app->natives, i, &n); i++) {
        char *ref = reference(&n);
        out_record(&out,
                   (const char *const[]){n.name, n.provider, ref, n.where, known_name(app, i)});
        free(ref);
    }
    if (!status)
        out_close(&out);
    return status;
}

/* Is there one of this name that is something else? */
static bool name_taken(const struct app *app, const char *name)
{
    return nube_backends_find(app->set, name) != NULL;
}

static void add_one(struct app *app, size_t i)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_native n = {.size = sizeof n};
    const char *id = NULL, *known = known_name(app, i);
    nube_natives_at(app->natives, i, &n);
    if (known) {
        app_note(app, "%s: there already, as backend %s", n.name, known);
        app->worked++;
        return;
    }
    char *name = name_taken(app, n.name)
                     ? xasprintf("%s-%s", n.provider, n.value ? n.value : "native")
                     : xstrdup(n.name);
    if (nube_natives_add(app->natives, i, app->set, name, &id, &err)) {
        app_error(app, &err);
    } else {
        app->worked++;
        char *ref = reference(&n);
        char *sentence = xasprintf("added, %s%s%s", n.provider, *ref ? " " : "", ref);
        tell_did(app, &(struct did){name, id, name, "import", sentence}, 1);
        free(sentence);
        free(ref);
    }
    free(name);
}

/* The place of a name or, on a terminal, of a number from 1; -1 with the error printed. */
static long place_of(struct app *app, const char *word, bool numbers)
{
    struct nube_native n = {.size = sizeof n};
    struct nearest near = {word, NULL, 0};
    char *end;
    for (size_t i = 0; nube_natives_at(app->natives, i, &n); i++) {
        if (!strcmp(n.name, word))
            return (long)i;
        nearest_feed(&near, n.name);
    }
    long number = numbers ? strtol(word, &end, 10) : 0;
    if (number > 0 && !*end && (size_t)number <= nube_natives_count(app->natives))
        return number - 1;
    app_fail(app, NUBE_E_NOT_FOUND,
             near.best ? "no account \"%s\" was found; did you mean \"%s\"?"
                       : "no account \"%s\" was found; see: nube backend import",
             word, near.best);
    return -1;
}

/* All words are looked up before anything is added. */
static void add_named(struct app *app, const char *const *words, size_t count, bool numbers)
{
    long *places = xcalloc(count, sizeof *places);
    bool good = true;
    for (size_t i = 0; i < count; i++)
        good = (places[i] = place_of(app, words[i], numbers)) >= 0 && good;
    for (size_t i = 0; good && i < count && !signals_interrupted(); i++)
        add_one(app, (size_t)places[i]);
    free(places);
}

static void add_all(struct app *app)
{
    for (size_t i = 0; i < nube_natives_count(app->natives) && !signals_interrupted(); i++)
        add_one(app, i);
}

static int ask_which(struct app *app)
{
    char answer[MAX_ANSWER], *rest = answer, *word;
    const char **words = NULL;
    size_t count = 0;
    if (ask_line("Which? Names or numbers from the top, \"all\", or nothing: ", answer,
                 sizeof answer, false))
        *answer = '\0';
    while ((word = strsep(&rest, " ,\t")))
        if (*word) {
            words = xgrow(words, count, sizeof *words);
            words[count++] = word;
        }
    if (!count)
        app_note(app, "nube: nothing was added");
    else if (count == 1 && !strcmp(words[0], "all"))
        add_all(app);
    else
        add_named(app, words, count, true);
    free(words);
    if (signals_interrupted())
        app->exit = EXIT_INTERRUPTED;
    return app_status(app);
}

static int import(struct app *app)
{
    bool ask = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !out_is_data(app);
    int status;
    if (args_get(&app->args, "all")) {
        if (app->args.n_words)
            return app_fail(app, NUBE_E_USAGE, "--all is without names");
        add_all(app);
        return app_status(app);
    }
    if (app->args.n_words) {
        add_named(app, app->args.words, app->args.n_words, false);
        return app_status(app);
    }
    if ((status = show_found(app)))
        return status;
    if (ask)
        return ask_which(app);
    app_note(app, "nothing was added; choose: nube backend import NAME..., or --all");
    return 0;
}

int cmd_backend_import(struct app *app)
{
    int status = app_natives(app);
    if (!status)
        status = app_backends(app);
    if (status)
        return status;
    if (nube_natives_count(app->natives))
        return import(app);
    if (app->args.n_words)
        return app_fail(app, NUBE_E_NOT_FOUND,
                        "no account of other tools was found on this machine, so none is called "
                        "\"%s\"",
                        app->args.words[0]);
    if (out_is_data(app))
        return show_found(app);
    app_note(app, "no account of other tools was found: no AWS profile, clouds.yaml, docker "
                  "context or environment variable; add one: nube backend add NAME PROVIDER");
    return 0;
}
