/* image star and unstar: which images are listed first. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

const char *star_account(const struct app *app, const char *backend)
{
    const nube_backend *b = app->set ? nube_backends_find(app->set, backend) : NULL;
    return b ? nube_backend_id(b) : backend;
}

int app_stars(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    int status = app_open(app);
    if (status || app->stars)
        return status;
    return nube_stars_open(&app->stars, app->lib, &err) ? app_error(app, &err) : 0;
}

static void star_one(struct app *app, const struct found *f, int on)
{
    struct nube_error err = NUBE_ERROR_INIT;
    if (!app->dry_run &&
        nube_stars_set(app->stars, star_account(app, f->target->name), f->id, on, &err)) {
        app_error(app, &err);
        return;
    }
    app->worked++;
    tell_did(app,
             &(struct did){f->target->name, f->id, found_name(f), on ? "star" : "unstar",
                           on ? "starred" : "not starred any more"},
             1);
}

int cmd_image_star(struct app *app)
{
    int on = !strcmp(app->args.verb->name, "star"), status = app_stars(app);
    for (size_t i = 0; !status && i < app->args.n_words && !signals_interrupted(); i++) {
        struct found f;
        if (find_image(&f, app, app->args.words[i], FIND_PREFIX))
            continue;
        star_one(app, &f, on);
        nube_obj_free(f.obj);
        free(f.id);
    }
    return status ? status : app_status(app);
}
