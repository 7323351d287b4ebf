/* node tag: tags set and removed. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static int add_words(struct app *app, nube_args *args)
{
    for (size_t i = 1; i < app->args.n_words; i++) {
        const char *word = app->args.words[i], *equals = strchr(word, '=');
        if (!equals || equals == word)
            return app_fail(app, NUBE_E_USAGE, "\"%s\" is no tag: KEY=VALUE, or --remove KEY",
                            word);
        char *key = xasprintf("%.*s", (int)(equals - word), word);
        nube_args_set_pair(args, "tag", key, equals + 1);
        free(key);
    }
    return 0;
}

static void tag(struct app *app, const struct found *f, const nube_args *args)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    char *title = found_title(f);
    progress_begin(app, "node tag");
    int rc = nube_node_tag(f->target->conn, f->id, args, &opts, &err);
    progress_end();
    if (rc)
        app_error(app, &err);
    else
        tell_did(app, &(struct did){f->target->name, f->id, title, "tag", "tagged"}, 1);
    app->worked += !rc;
    free(title);
}

int cmd_node_tag(struct app *app)
{
    struct found f;
    nube_args *args = app_args(app);
    if (!args)
        return app->exit;
    if (!add_words(app, args) && !find_node(&f, app, app->args.words[0], FIND_PREFIX)) {
        tag(app, &f, args);
        nube_obj_free(f.obj);
        free(f.id);
    }
    nube_args_free(args);
    return app_status(app);
}
