/* node deploy: a node, and a script that makes something of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

enum { MAX_SCRIPT = 1 << 20 };

static int read_policy(struct app *app, struct nube_deploy *how)
{
    static const char *const words[] = {"keep", "stop", "destroy"};
    const char *text = args_get(&app->args, "on-failure");
    for (uint32_t i = 0; text && i < 3; i++)
        if (!strcmp(text, words[i])) {
            how->on_failure = i;
            return 0;
        }
    return text ? app_fail(app, NUBE_E_USAGE,
                           "--on-failure takes keep, stop or destroy, not \"%s\"", text)
                : 0;
}

/* What the login flags say, under the names that the library has for them. */
static nube_args *login_of(struct app *app)
{
    static const char *const names[][2] = {
        {"user", "user"},
        {"port", "port"},
        {"identity", "key_file"},
        {"jump", "jump"},
        {"address", "address"},
        {"host-key", "host_key"},
        {"ssh-config", "ssh_config"},
        {"known-hosts", "known_hosts"},
    };
    nube_args *login = NULL;
    struct nube_error err = NUBE_ERROR_INIT;
    if (app_open(app))
        return NULL;
    if (nube_args_new(&login, &err)) {
        app_error(app, &err);
        return NULL;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        nube_args_set(login, names[i][1], args_get(&app->args, names[i][0]));
    if (!login_secrets(app, login))
        return login;
    nube_args_free(login);
    return NULL;
}

static void show(struct app *app, nube_obj *node, const nube_result *ran)
{
    size_t len;
    const char *text = nube_result_output(ran, NUBE_STDOUT, &len);
    stream_output(app, out_is_data(app) ? NUBE_STDERR : NUBE_STDOUT, text, len);
    text = nube_result_output(ran, NUBE_STDERR, &len);
    stream_output(app, NUBE_STDERR, text, len);
    if (node)
        out_show_all(app, &node, 1, NUBE_JSON_SECRETS);
}

static void deploy(struct app *app, struct target *t, const nube_args *args,
                   const struct nube_deploy *how)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    nube_obj *node = NULL, *now = NULL;
    nube_result *ran = NULL;
    progress_begin(app, "node deploy");
    int rc = nube_node_deploy(&node, &ran, t->conn, args, how, &opts, &err);
    if (!rc && node && !nube_str(node, NUBE_PASSWORD))
        nube_node_get(&now, t->conn, nube_id(node), &opts, NULL);
    progress_end();
    bool gone = rc && !*err.resource;
    if (!app->dry_run)
        show(app, gone ? NULL : now ? now : node, ran);
    if (rc)
        app_error(app, &err);
    nube_result_free(ran);
    nube_obj_free(now);
    nube_obj_free(node);
}

int cmd_node_deploy(struct app *app)
{
    struct nube_deploy how = NUBE_DEPLOY_INIT;
    struct target *t;
    const char *file = args_get(&app->args, "script");
    char *script = NULL;
    int status = read_policy(app, &how);
    if (!status && !args_get(&app->args, "image"))
        status =
            app_fail(app, NUBE_E_USAGE, "an image is needed: --image IMAGE; see: nube image list");
    if (!status && file && !(script = read_whole(file, MAX_SCRIPT, &how.script_len)))
        status =
            app_fail(app, NUBE_E_USAGE, "--script: cannot read \"%s\": %s", file, strerror(errno));
    if (!status)
        status = app_one_target(&t, app, NUBE_OP_NODE_CREATE);
    nube_args *login = status ? NULL : login_of(app), *args = login ? app_args(app) : NULL;
    if (args) {
        how.login = login;
        how.script = script;
        how.argv = (const char *const *)app->args.tail;
        deploy(app, t, args, &how);
    }
    nube_args_free(login);
    nube_args_free(args);
    free(script);
    return status ? status : app_status(app);
}
