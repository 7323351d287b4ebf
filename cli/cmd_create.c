/* node create: one or several nodes, with what they were given and, on --wait, what became of them.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static nube_args *args_for(struct app *app, const nube_args *base, int number)
{
    nube_args *args = args_copy(app, base);
    if (!args)
        return NULL;
    if (number && nube_args_get(args, "client_token")) {
        app_fail(app, NUBE_E_USAGE, "client_token stands for one node: give it without --count");
        nube_args_free(args);
        return NULL;
    }
    const char *name = args_get(&app->args, "name");
    char *numbered = name && number ? xasprintf("%s-%d", name, number) : NULL;
    nube_args_set(args, "name", numbered ? numbered : name);
    for (char **word = app->args.tail; word && *word; word++)
        nube_args_set(args, "command", *word);
    free(numbered);
    return args;
}

/* The node as it is now, with what a create reply alone holds: a password. */
static nube_obj *refreshed(struct app *app, struct target *t, const nube_obj *node)
{
    nube_obj *now = NULL, *whole = NULL;
    struct nube_call_opts opts = app_opts(app);
    if (!nube_id(node) || !nube_can(t->conn, NUBE_OP_NODE_GET))
        return NULL;
    if (!nube_node_get(&now, t->conn, nube_id(node), &opts, NULL))
        nube_obj_join(&whole, now, node, NULL);
    nube_obj_free(now);
    return whole;
}

void show_password(const struct app *app, const nube_obj *node)
{
    const char *password = nube_str(node, NUBE_PASSWORD);
    if (!password || out_is_data(app))
        return;
    printf("password of %s: ", nube_name(node) ? nube_name(node) : nube_id(node));
    put_safe(stdout, password);
    putchar('\n');
}

/* What was left to the provider is said, once: with how to say it oneself. */
static void tell_defaults(struct app *app, const struct target *t, const nube_obj *node)
{
    static const enum nube_field fields[] = {NUBE_SIZE, NUBE_LOCATION};
    if (out_is_data(app))
        return;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *name = nube_field_name(fields[i]), *value = nube_str(node, fields[i]);
        if (value && !args_get(&app->args, name))
            app_note(app, "%s %s was chosen at %s; another: --%s", name, value, t->name, name);
    }
}

/* One node of the request; what exists of it is kept, on failure too. 0, or the exit status. */
static int create_one(struct app *app, struct target *t, const nube_args *base, int number,
                      struct found *kept)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct nube_call_opts opts = app_opts(app);
    nube_args *args = args_for(app, base, number);
    nube_obj *node = NULL;
    if (!args)
        return app->exit;
    int status = nube_node_create(&node, t->conn, args, &opts, &err) ? app_error(app, &err) : 0;
    nube_args_free(args);
    bool undone = status && !*err.resource; /* what still exists is named there */
    if (!node || app->dry_run || undone) {
        nube_obj_free(node);
        return status;
    }
    *kept = (struct found){.target = t, .obj = node, .given = ""};
    kept->id = xstrdup(nube_id(node) ? nube_id(node) : "");
    char *title = found_title(kept);
    app_know(app, kept->id, title);
    free(title);
    return status;
}

static int read_count(struct app *app, int *count)
{
    const char *text = args_get(&app->args, "count");
    char *end;
    *count = 1;
    if (!text)
        return 0;
    long n = strtol(text, &end, 10);
    if (*end || end == text || n < 1 || n > 1000)
        return app_fail(app, NUBE_E_USAGE, "--count takes a number from 1 to 1000, not \"%s\"",
                        text);
    *count = (int)n;
    return 0;
}

/* What is known of them by now, and then the passwords, which nobody gives out again. */
static void show_made_nodes(struct app *app, struct target *t, struct out *out,
                            const struct found *nodes, const int *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        nube_obj *now = codes[i] ? NULL : refreshed(app, t, nodes[i].obj);
        out_obj(out, now ? now : nodes[i].obj, NUBE_JSON_SECRETS);
        if (!i)
            tell_defaults(app, t, now ? now : nodes[i].obj);
        nube_obj_free(now);
    }
    if (out->n_rows)
        out_close(out);
    for (size_t i = 0; i < count; i++)
        show_password(app, nodes[i].obj);
}

/* All are made, and then waited for at once. */
static void create_all(struct app *app, struct target *t, const nube_args *base, struct out *out,
                       int count)
{
    struct found *nodes = xcalloc((size_t)count, sizeof *nodes);
    int *codes = xcalloc((size_t)count, sizeof *codes);
    size_t n = 0;
    progress_begin(app, "node create");
    for (int i = 0; i < count && !signals_interrupted(); i++) {
        int status = create_one(app, t, base, count > 1 ? i + 1 : 0, &nodes[n]);
        codes[n] = status;
        n += nodes[n].obj != NULL;
        app->worked += !status && app->dry_run;
    }
    progress_end();
    wait_after_all(app, nodes, n, NUBE_OP_NODE_CREATE, codes);
    for (size_t i = 0; i < n; i++)
        app->worked += !codes[i];
    show_made_nodes(app, t, out, nodes, codes, n);
    found_free(nodes, n);
    free(codes);
}

/* Not every provider has images. */
static int need_image(struct app *app, const struct target *t)
{
    const struct nube_option *row = nube_accepts(t->conn, NUBE_OP_NODE_CREATE, "image");
    if (args_get(&app->args, "image") || !row || !(row->flags & NUBE_OPTION_REQUIRED))
        return 0;
    return app_fail(app, NUBE_E_USAGE, "an image is needed: --image IMAGE; see: nube image list");
}

int cmd_node_create(struct app *app)
{
    struct target *t;
    struct out out;
    int count, status = read_count(app, &count);
    if (!status)
        status = app_one_target(&t, app, NUBE_OP_NODE_CREATE);
    if (!status)
        status = need_image(app, t);
    if (!status)
        status = wait_check(app);
    if (!status)
        status = out_open_kind(&out, app, NUBE_KIND_NODE);
    if (status)
        return status;
    nube_args *base = app_args_at(app, t, NUBE_OP_NODE_CREATE);
    if (base)
        create_all(app, t, base, &out, count);
    nube_args_free(base);
    out_drop(&out);
    return app_status(app);
}
