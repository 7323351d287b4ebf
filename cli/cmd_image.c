/* Verbs on images: show, create, delete, pull, push, tag. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

static void found_drop(struct found *f)
{
    nube_obj_free(f->obj);
    free(f->id);
}

int cmd_image_show(struct app *app)
{
    return show_words(app, find_image);
}

/* A call with a file behind it: output and input callbacks share one payload. */
static int64_t read_input(void *payload, void *buf, size_t size)
{
    (void)payload;
    ssize_t n;
    do
        n = read(STDIN_FILENO, buf, size);
    while (n < 0 && errno == EINTR && !signals_interrupted());
    return n;
}

/* --file FILE becomes our standard input, which is what the call reads; saying so is enough. */
static int open_input(struct app *app, nube_args *args, struct nube_call_opts *opts)
{
    const char *path = args_get(&app->args, "file");
    if (!path)
        return 0;
    if (!nube_args_get(args, "source"))
        nube_args_set(args, "source", "input");
    opts->input = read_input;
    if (!strcmp(path, "-"))
        return 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
        return app_fail(app, NUBE_E_USAGE, "--file: cannot read \"%s\": %s", path, strerror(errno));
    close(fd);
    return 0;
}

/* The node that an image is made of decides the backend. */
static int create_source(struct app *app, nube_args *args, struct target **target)
{
    struct found f;
    const char *node = app->args.n_words ? app->args.words[0] : args_get(&app->args, "node");
    if (app->args.n_words && args_get(&app->args, "node"))
        return app_fail(app, NUBE_E_USAGE, "the node is named twice: without --node");
    if (!node)
        return app_one_target(target, app, NUBE_OP_IMAGE_CREATE);
    int status = find_node(&f, app, node, FIND_PREFIX);
    if (status)
        return status;
    nube_args_set(args, "node", f.id);
    *target = f.target;
    found_drop(&f);
    return 0;
}

/* With --wait the image as it is then, else the one that was given; takes it. What does not get
 * there is told, and shown all the same: its id is known. */
static nube_obj *waited_for(struct app *app, struct target *t, nube_obj *image)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    nube_obj *now = NULL;
    if (!args_get(&app->args, "wait") || !nube_id(image))
        return image;
    if (nube_image_wait(&now, t->conn, nube_id(image), &opts, &err))
        app_error(app, &err);
    if (!now)
        return image;
    nube_obj_free(image);
    return now;
}

static int create_image(struct app *app, nube_args *args)
{
    struct target *t;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_obj *image = NULL;
    int status = create_source(app, args, &t);
    struct nube_call_opts opts = app_opts(app);
    if (!status)
        status = open_input(app, args, &opts);
    if (status)
        return status;
    progress_begin(app, "image create");
    int rc = nube_image_create(&image, t->conn, args, &opts, &err);
    if (!rc && image)
        image = waited_for(app, t, image);
    progress_end();
    show_made(app, rc, &err, image);
    return app_status(app);
}

int cmd_image_create(struct app *app)
{
    nube_args *args = app_args(app);
    if (args)
        create_image(app, args);
    nube_args_free(args);
    return app_status(app);
}

int cmd_image_delete(struct app *app)
{
    return delete_words(app, find_image, nube_image_delete, true);
}

static int image_action(struct app *app, struct target *t, const char *id, size_t used)
{
    const char *action = app->args.verb->name;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_result *result = NULL;
    nube_args *args = app_args(app);
    if (!args)
        return app->exit;
    int status = action_words(app, args, t->conn, NUBE_OP_IMAGE_ACTION, action,
                              app->args.words + used, app->args.n_words - used);
    struct nube_call_opts opts = app_opts(app);
    char *what = xasprintf("image %s %s", action, id);
    progress_begin(app, what);
    if (!status && nube_image_action(&result, t->conn, id, action, args, &opts, &err))
        status = app_error(app, &err);
    progress_end();
    if (!status && !show_result(app, result)) {
        char *sentence = xasprintf("%s done", action);
        tell_did(app, &(struct did){t->name, id, id, action, sentence}, 1);
        free(sentence);
    }
    nube_result_free(result);
    nube_args_free(args);
    free(what);
    return status;
}

int cmd_image_pull(struct app *app)
{
    struct target *t;
    if (!app_one_target(&t, app, NUBE_OP_IMAGE_ACTION))
        image_action(app, t, app->args.words[0], 1);
    return app_status(app);
}

int cmd_image_push(struct app *app)
{
    struct found f;
    if (find_image(&f, app, app->args.words[0], FIND_PREFIX))
        return app_status(app);
    /* The registry is in the name that was given, which the id does not have. */
    image_action(app, f.target, f.given, 1);
    found_drop(&f);
    return app_status(app);
}
