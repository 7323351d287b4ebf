/* Everything that a list gives, over all chosen backends at once, kept. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

struct gathering {
    struct app *app;
    struct found **list;
    size_t *count;
};

static struct target *target_of(const struct app *app, const char *backend)
{
    for (size_t i = 0; backend && i < app->n_targets; i++)
        if (!strcmp(app->targets[i].name, backend))
            return &app->targets[i];
    return app->targets;
}

static void keep(void *data, const nube_obj *obj)
{
    struct gathering *g = data;
    struct target *t = target_of(g->app, nube_str(obj, NUBE_BACKEND));
    const char *id = nube_id(obj) ? nube_id(obj) : nube_name(obj);
    struct found f = {.target = t, .id = xstrdup(id ? id : "")};
    if (nube_obj_dup(&f.obj, obj, &t->err)) {
        free(f.id);
        return;
    }
    f.given = f.id;
    *g->list = xgrow(*g->list, *g->count, sizeof **g->list);
    (*g->list)[(*g->count)++] = f;
}

void gather(struct found **list, size_t *count, struct app *app, enum nube_op op,
            const nube_args *args)
{
    struct gathering g = {app, list, count};
    *list = NULL;
    *count = 0;
    list_all(&(struct listing){app, keep, &g}, op, args);
}
