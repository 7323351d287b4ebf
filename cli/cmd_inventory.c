/* inventory: nodes of all chosen backends in the format of another tool. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

struct collected {
    struct app *app;
    nube_inventory *inv;
    struct text without; /* names of what was left out */
    size_t n_without;
};

static int read_format(struct app *app, struct nube_inventory_opts *opts)
{
    static const char *const flags[] = {NULL, "ansible", "ssh-config", "prometheus-sd", "hosts"};
    int count = 0;
    for (unsigned i = NUBE_INVENTORY_ANSIBLE; i <= NUBE_INVENTORY_HOSTS; i++)
        if (args_get(&app->args, flags[i])) {
            opts->format = i;
            count++;
        }
    if (count != 1)
        return app_fail(app, NUBE_E_USAGE,
                        "give one of --ansible, --ssh-config, --prometheus-sd and --hosts");
    if (args_get(&app->args, "output"))
        return app_fail(app, NUBE_E_USAGE,
                        "--output is for lists: the other tool decides about this format");
    return 0;
}

static int read_opts(struct app *app, struct nube_inventory_opts *opts)
{
    const char *port = args_get(&app->args, "port");
    char *end = NULL;
    long n = port ? strtol(port, &end, 10) : 0;
    int status = read_format(app, opts);
    if (status)
        return status;
    if (port && (*end || end == port || n < 1 || n > 65535))
        return app_fail(app, NUBE_E_USAGE, "--port takes a number from 1 to 65535, not \"%s\"",
                        port);
    opts->port = (uint32_t)n;
    opts->user = args_get(&app->args, "user");
    if (args_get(&app->args, "private"))
        opts->flags = NUBE_INVENTORY_PRIVATE;
    return 0;
}

/* A node without an address is told, unless it is on its way out. */
static void leave_out(struct collected *c, const nube_obj *node)
{
    const char *name = nube_name(node) ? nube_name(node) : nube_id(node);
    if (nube_node_state(node) == NUBE_STATE_TERMINATED)
        return;
    if (c->n_without++)
        fputs(", ", c->without.file);
    put_safe(c->without.file, name);
}

static void add_node(void *data, const nube_obj *node)
{
    struct collected *c = data;
    struct nube_error err = NUBE_ERROR_INIT;
    int rc = nube_inventory_add(c->inv, node, &err);
    if (rc < 0)
        app_error(c->app, &err);
    else if (!rc)
        leave_out(c, node);
}

static void print_all(struct collected *c)
{
    struct app *app = c->app;
    struct nube_error err = NUBE_ERROR_INIT;
    char *text = nube_inventory_text(c->inv, &err);
    if (!text)
        app_error(app, &err);
    else if (app->worked)
        fputs(text, stdout);
    nube_free(text);
    char *names = text_take(&c->without);
    if (c->n_without)
        app_note(app, "nube: inventory: left out, without an address of use: %s", names);
    free(names);
    list_failures(app);
}

int cmd_inventory(struct app *app)
{
    struct nube_inventory_opts opts = NUBE_INVENTORY_OPTS_INIT;
    struct nube_error err = NUBE_ERROR_INIT;
    struct collected c = {.app = app};
    int status = read_opts(app, &opts);
    if (!status && nube_inventory_new(&c.inv, &opts, &err))
        status = app_error(app, &err);
    if (!status)
        status = app_targets_for(app, NUBE_OP_NODE_LIST);
    nube_args *args = status ? NULL : app_args(app);
    if (args) {
        text_open(&c.without);
        list_all(&(struct listing){app, add_node, &c}, NUBE_OP_NODE_LIST, args);
        print_all(&c);
    }
    nube_args_free(args);
    nube_inventory_free(c.inv);
    return status ? status : app_status(app);
}
