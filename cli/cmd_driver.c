/* driver list, driver show: what is installed, and what it can do. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static const struct column driver_columns[] = {
    {"driver", 0},         {"title", COLUMN_TRUNC}, {"version", 0}, {"license", COLUMN_WIDE},
    {"file", COLUMN_WIDE},
};

int cmd_driver_list(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct out out;
    const nube_driver_info *drv;
    int status = app_open(app);
    if (!status)
        status = out_open(&out, app, driver_columns, 5);
    if (status)
        return status;
    int count = nube_driver_count(app->lib, &err);
    if (count < 0)
        app_error(app, &err);
    for (int i = 0; i < count; i++) {
        if (nube_driver_load(&drv, app->lib, nube_driver_name(app->lib, i), &err)) {
            app_error(app, &err);
            continue;
        }
        app->worked++;
        out_record(&out, (const char *const[]){nube_driver_id(drv), nube_driver_title(drv),
                                               nube_driver_version(drv), nube_driver_license(drv),
                                               nube_driver_file(drv)});
    }
    out_close(&out);
    return app_status(app);
}

static const char *type_name(uint32_t type)
{
    static const char *const names[] = {"string", "int",  "number", "bool", "bytes", "duration",
                                        "choice", "list", "pair",   "data", "null"};
    return type < sizeof names / sizeof *names ? names[type] : "unknown";
}

/* What the option belongs to: "connection", "node create", "image action pull". Owned. */
static char *option_for(const struct nube_option *row)
{
    if (row->op == NUBE_OP_NONE)
        return xstrdup("connection");
    return xasprintf("%s%s%s", nube_op_name((enum nube_op)row->op), row->action ? " " : "",
                     row->action ? row->action : "");
}

static const struct column option_columns[] = {
    {"option", 0},
    {"for", 0},
    {"type", 0},
    {"required", 0},
    {"secret", 0},
    {"default", COLUMN_WIDE},
    {"accepts", COLUMN_WIDE},
    {"alias", COLUMN_WIDE},
    {"help", COLUMN_TRUNC},
};
enum { OPTION_CELLS = 9 };

static void put_options(struct app *app, const nube_driver_info *drv)
{
    struct out out;
    const struct nube_option *row;
    if (out_open(&out, app, option_columns, OPTION_CELLS))
        return;
    for (size_t i = 0; (row = nube_driver_option(drv, i)); i++) {
        char *what = option_for(row);
        const char *cells[OPTION_CELLS] = {
            row->name,
            what,
            type_name(row->type),
            row->flags & NUBE_OPTION_REQUIRED ? "yes" : "",
            row->flags & NUBE_OPTION_SECRET ? "yes" : "",
            row->deflt,
            row->choices ? row->choices : row->pattern,
            row->alias,
            row->help,
        };
        out_record(&out, cells);
        free(what);
    }
    out_close(&out);
}

static void put_states(struct app *app, const nube_driver_info *drv)
{
    static const struct column columns[] = {
        {"provider_state", 0}, {"state", 0}, {"allows", COLUMN_TRUNC}};
    struct out out;
    const char *raw;
    const uint16_t *ops;
    int state;
    if (out_open(&out, app, columns, 3))
        return;
    for (size_t i = 0; nube_driver_state(drv, i, &raw, &state, &ops); i++) {
        struct text t;
        text_open(&t);
        for (size_t k = 0; ops && ops[k]; k++)
            fprintf(t.file, "%s%s", k ? "," : "", nube_op_action((enum nube_op)ops[k]));
        char *allows = text_take(&t);
        out_record(&out, (const char *const[]){raw, nube_state_name(state), ops ? allows : "?"});
        free(allows);
    }
    out_close(&out);
}

static void put_actions(struct app *app, const nube_driver_info *drv)
{
    static const struct column columns[] = {{"action", 0}, {"on", 0}, {"help", COLUMN_TRUNC}};
    struct out out;
    const char *name, *help;
    int kind;
    if (out_open(&out, app, columns, 3))
        return;
    for (size_t i = 0; nube_driver_action(drv, i, &name, &kind, &help); i++)
        out_record(&out, (const char *const[]){name, nube_kind_name((enum nube_kind)kind), help});
    out_close(&out);
}

static void show_text(struct app *app, const nube_driver_info *drv)
{
    printf("%s %s: %s\nlicense: %s\nfile: %s\n\nOperations:", nube_driver_id(drv),
           nube_driver_version(drv), nube_driver_title(drv), nube_driver_license(drv),
           nube_driver_file(drv));
    bool more = false;
    for (int op = NUBE_OP_NONE + 1; op < NUBE_OP_COUNT; op++) {
        if (!nube_driver_can(drv, (enum nube_op)op))
            continue;
        printf("%s %s", more ? "," : "", nube_op_name((enum nube_op)op));
        more = true;
    }
    puts("\n\nOptions and arguments:");
    put_options(app, drv);
    puts("\nStates:");
    put_states(app, drv);
    puts("\nActions:");
    put_actions(app, drv);
}

static void put_member(FILE *f, const char *name, const char *value)
{
    fprintf(f, "\"%s\": ", name);
    put_json(f, value, value ? strlen(value) : 0);
    fputs(", ", f);
}

static void json_options(FILE *f, const nube_driver_info *drv)
{
    const struct nube_option *row;
    for (size_t i = 0; (row = nube_driver_option(drv, i)); i++) {
        char *what = option_for(row);
        fputs(i ? ", {" : "{", f);
        put_member(f, "option", row->name);
        put_member(f, "for", what);
        put_member(f, "type", type_name(row->type));
        put_member(f, "default", row->deflt);
        put_member(f, "choices", row->choices);
        put_member(f, "pattern", row->pattern);
        put_member(f, "alias", row->alias);
        put_member(f, "help", row->help);
        fprintf(f, "\"required\": %s, \"secret\": %s}",
                row->flags & NUBE_OPTION_REQUIRED ? "true" : "false",
                row->flags & NUBE_OPTION_SECRET ? "true" : "false");
        free(what);
    }
}

static void json_states(FILE *f, const nube_driver_info *drv)
{
    const char *raw;
    const uint16_t *ops;
    int state;
    for (size_t i = 0; nube_driver_state(drv, i, &raw, &state, &ops); i++) {
        fputs(i ? ", {" : "{", f);
        put_member(f, "provider_state", raw);
        put_member(f, "state", nube_state_name(state));
        fputs(ops ? "\"allows\": [" : "\"allows\": null}", f);
        for (size_t k = 0; ops && ops[k]; k++)
            fprintf(f, "%s\"%s\"", k ? ", " : "", nube_op_action((enum nube_op)ops[k]));
        fputs(ops ? "]}" : "", f);
    }
}

static char *driver_json(const nube_driver_info *drv, const char *which)
{
    struct text t;
    const char *name, *help;
    int kind, n = 0;
    text_open(&t);
    putc('[', t.file);
    if (!strcmp(which, "options"))
        json_options(t.file, drv);
    else if (!strcmp(which, "states"))
        json_states(t.file, drv);
    for (size_t i = 0; !strcmp(which, "actions") && nube_driver_action(drv, i, &name, &kind, &help);
         i++) {
        fputs(i ? ", {" : "{", t.file);
        put_member(t.file, "action", name);
        put_member(t.file, "help", help);
        fprintf(t.file, "\"on\": \"%s\"}", nube_kind_name((enum nube_kind)kind));
    }
    for (int op = 1; !strcmp(which, "operations") && op < NUBE_OP_COUNT; op++)
        if (nube_driver_can(drv, (enum nube_op)op))
            fprintf(t.file, "%s\"%s\"", n++ ? ", " : "", nube_op_name((enum nube_op)op));
    putc(']', t.file);
    return text_take(&t);
}

static int show_data(struct app *app, const nube_driver_info *drv)
{
    static const struct column columns[] = {
        {"driver", 0},
        {"title", 0},
        {"version", 0},
        {"license", 0},
        {"file", 0},
        {"operations", COLUMN_RAW},
        {"options", COLUMN_RAW},
        {"states", COLUMN_RAW},
        {"actions", COLUMN_RAW},
    };
    struct out out;
    char *made[4];
    int status = out_open(&out, app, columns, 9);
    if (status)
        return status;
    for (int i = 0; i < 4; i++)
        made[i] = driver_json(drv, columns[5 + i].name);
    out_record(&out,
               (const char *const[]){nube_driver_id(drv), nube_driver_title(drv),
                                     nube_driver_version(drv), nube_driver_license(drv),
                                     nube_driver_file(drv), made[0], made[1], made[2], made[3]});
    out_close(&out);
    for (int i = 0; i < 4; i++)
        free(made[i]);
    return 0;
}

/* The nearest of those that are installed; a provider has a driver of another name. */
static int unknown_driver(struct app *app, const char *name, const struct nube_error *err)
{
    const char *id, *title, *driver;
    struct nearest near = {name, NULL, 0};
    for (int i = 0; nube_driver_name(app->lib, i); i++) {
        if (!strcmp(nube_driver_name(app->lib, i), name))
            return app_error(app, err); /* it is there, and could not be loaded */
        nearest_feed(&near, nube_driver_name(app->lib, i));
    }
    int count = nube_provider_count(app->lib, NULL);
    for (int i = 0; i < count; i++)
        if (nube_provider_at(app->lib, i, &id, &title, &driver) && !strcmp(id, name))
            return app_fail(app, NUBE_E_NOT_FOUND,
                            "%s is a provider; see its driver: nube driver show %s", name, driver);
    if (!near.best)
        return app_error(app, err);
    return app_fail(app, NUBE_E_NOT_FOUND, "no driver %s is installed; did you mean \"%s\"?", name,
                    near.best);
}

int cmd_driver_show(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const nube_driver_info *drv = NULL;
    int status = app_open(app);
    if (status)
        return status;
    if (nube_driver_load(&drv, app->lib, app->args.words[0], &err))
        return unknown_driver(app, app->args.words[0], &err);
    if (out_is_data(app))
        return show_data(app, drv);
    show_text(app, drv);
    return app_status(app);
}
