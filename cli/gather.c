/* Everything that a list gives, over all chosen backends at once, kept. */
#include <stdlib.h>

#include "cmd.h"

static void keep_page(struct found **list, size_t *count, struct target *t,
                      const nube_result *result)
{
    for (size_t i = 0; result && i < nube_result_count(result); i++) {
        const nube_obj *obj = nube_result_at(result, i);
        const char *id = nube_id(obj) ? nube_id(obj) : nube_name(obj);
        struct found f = {.target = t, .id = xstrdup(id ? id : "")};
        if (nube_obj_dup(&f.obj, obj, &t->err)) {
            free(f.id);
            return;
        }
        f.given = f.id;
        *list = xgrow(*list, *count, sizeof **list);
        (*list)[(*count)++] = f;
    }
}

static void ask_each(struct app *app, nube_batch *batch, enum nube_op op, const nube_args *args)
{
    struct nube_call_opts opts = app_opts(app);
    for (size_t i = 0; i < app->n_targets; i++) {
        struct target *t = &app->targets[i];
        if (!t->err.code)
            nube_batch_add(batch, t->conn, op, args, &opts, t, &t->err);
    }
}

void gather(struct found **list, size_t *count, struct app *app, enum nube_op op,
            const nube_args *args)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_done done = NUBE_DONE_INIT;
    nube_batch *batch = NULL;
    int rc;
    *list = NULL;
    *count = 0;
    if (nube_batch_new(&batch, app->lib, &err)) {
        app_error(app, &err);
        return;
    }
    progress_begin(app, nube_op_name(op));
    ask_each(app, batch, op, args);
    while ((rc = nube_batch_next(&done, batch, &err)) > 0) {
        struct target *t = done.user;
        keep_page(list, count, t, done.result);
        nube_result_free(done.result);
        if (done.code)
            t->err = err;
        err = (struct nube_error)NUBE_ERROR_INIT;
    }
    progress_end();
    if (rc < 0)
        app_error(app, &err);
    nube_batch_free(batch);
}
