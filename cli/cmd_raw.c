/* raw: one request to the provider's own API, with the backend's address and credentials. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static void set_method(nube_args *args, const char *word)
{
    char *method = xstrdup(word);
    for (char *p = method; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    nube_args_set(args, "method", method);
    free(method);
}

static void send_raw(struct app *app, struct target *t, const nube_args *args)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    nube_result *result = NULL;
    progress_begin(app, "raw");
    int rc = nube_call_op(&result, t->conn, NUBE_OP_RAW, args, &opts, &err);
    progress_end();
    show_result(app, result);
    if (rc)
        app_error(app, &err);
    nube_result_free(result);
}

int cmd_raw(struct app *app)
{
    struct target *t;
    nube_args *args = app_args(app);
    if (!args)
        return app->exit;
    set_method(args, app->args.words[0]);
    nube_args_set(args, "path", app->args.words[1]);
    if (!app_one_target(&t, app, NUBE_OP_RAW))
        send_raw(app, t, args);
    nube_args_free(args);
    return app_status(app);
}
