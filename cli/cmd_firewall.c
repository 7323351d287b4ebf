/* Verbs on firewalls: show, create, delete, rules. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

int cmd_firewall_show(struct app *app)
{
    return show_words(app, find_firewall);
}

int cmd_firewall_create(struct app *app)
{
    struct target *t;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_obj *made = NULL;
    nube_args *args = app_args(app);
    if (!args)
        return app->exit;
    nube_args_set(args, "name", app->args.words[0]);
    if (!app_one_target(&t, app, NUBE_OP_FIREWALL_CREATE)) {
        struct nube_call_opts opts = app_opts(app);
        progress_begin(app, "firewall create");
        int rc = nube_firewall_create(&made, t->conn, args, &opts, &err);
        progress_end();
        show_made(app, rc, &err, made);
    }
    nube_args_free(args);
    return app_status(app);
}

int cmd_firewall_delete(struct app *app)
{
    return delete_words(app, find_firewall, nube_firewall_delete, false);
}

static void change_rule(struct app *app, const struct found *f, const nube_args *args, bool adds)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    progress_begin(app, "firewall rule");
    int rc = adds ? nube_firewall_rule_add(f->target->conn, f->id, args, &opts, &err)
                  : nube_firewall_rule_remove(f->target->conn, f->id, args, &opts, &err);
    progress_end();
    if (rc) {
        app_error(app, &err);
        return;
    }
    app->worked++;
    char *title = found_title(f);
    tell_did(app,
             &(struct did){f->target->name, f->id, title, adds ? "rule add" : "rule remove",
                           adds ? "rule added" : "rule removed"},
             1);
    free(title);
}

int cmd_firewall_rule(struct app *app)
{
    const char *word = app->args.words[0];
    bool adds = !strcmp(word, "add");
    struct found f;
    if (!adds && strcmp(word, "remove") != 0)
        return app_fail(app, NUBE_E_USAGE,
                        "firewall rule takes add or remove, not \"%s\": nube firewall rule add "
                        "FIREWALL --port 22 --peer 203.0.113.0/24",
                        word);
    nube_args *args = app_args(app);
    if (!args)
        return app->exit;
    if (!find_firewall(&f, app, app->args.words[1], FIND_EXACT)) {
        change_rule(app, &f, args, adds);
        nube_obj_free(f.obj);
        free(f.id);
    }
    nube_args_free(args);
    return app_status(app);
}
