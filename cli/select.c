/* Nodes chosen by what they are, over all backends at once: --search, --tag, --state. The list is
 * shown before anything is done. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static const char *const filters[] = {"search", "tag", "state"};

bool select_wanted(const struct app *app)
{
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        if (args_get(&app->args, filters[i]))
            return true;
    return false;
}

static nube_args *filter_args(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_args *args = NULL;
    const char *text;
    if (nube_args_new(&args, &err)) {
        app_error(app, &err);
        return NULL;
    }
    nube_args_set(args, "search", args_get(&app->args, "search"));
    nube_args_set(args, "state", args_get(&app->args, "state"));
    for (size_t i = 0; (text = args_nth(&app->args, "tag", i)); i++) {
        size_t len = strcspn(text, "=");
        char *key = xasprintf("%.*s", (int)len, text);
        nube_args_set_pair(args, "tag", key, text + len + 1);
        free(key);
    }
    return args;
}

static int by_place(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    int order = strcmp(x->target->name, y->target->name);
    const char *p = nube_name(x->obj), *q = nube_name(y->obj);
    if (!order)
        order = strcmp(p ? p : "", q ? q : "");
    return order ? order : strcmp(x->id, y->id);
}

/* What is gone already cannot be meant, unless its state was asked for. */
static size_t drop_gone(const struct app *app, struct found *list, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (args_get(&app->args, "state") ||
            nube_node_state(list[i].obj) != NUBE_STATE_TERMINATED) {
            list[kept++] = list[i];
            continue;
        }
        nube_obj_free(list[i].obj);
        free(list[i].id);
    }
    return kept;
}

int select_nodes(struct found **out, size_t *count, struct app *app)
{
    nube_args *args = filter_args(app);
    int status = args ? app_targets_for(app, NUBE_OP_NODE_LIST) : app->exit;
    if (!status) {
        gather(out, count, app, NUBE_OP_NODE_LIST, args);
        for (size_t i = 0; i < app->n_targets; i++)
            if (app->targets[i].err.code)
                app_error(app, &app->targets[i].err);
        *count = drop_gone(app, *out, *count);
        if (*count)
            qsort(*out, *count, sizeof **out, by_place);
        for (size_t i = 0; i < *count; i++) {
            char *title = found_title(&(*out)[i]);
            app_know(app, (*out)[i].id, title);
            free(title);
        }
        if (!*count) {
            found_free(*out, 0);
            status = app->exit ? app->exit : app_fail(app, NUBE_E_NOT_FOUND, "no node fits");
        }
    }
    nube_args_free(args);
    return status;
}

void show_selected(const struct app *app, const struct found *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *raw = nube_str(list[i].obj, NUBE_RAW_STATE);
        char *title = found_title(&list[i]);
        app_note((struct app *)app, "  %s at %s, %s", title, list[i].target->name,
                 raw ? raw : nube_state_name(nube_node_state(list[i].obj)));
        free(title);
    }
}
