/* driver list, driver show: what is installed, and what it can do. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

int cmd_driver_list(struct app *app)
{
    struct nube_error err = NUBE_ERROR_INIT;
    struct out out;
    const nube_driver_info *drv;
    int status = app_open(app);
    if (!status)
        status = out_open_verb(&out, app);
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

/* "choice; required; one of exited|dead; default exited; also called x" */
static void put_facts(FILE *f, const struct nube_option *row)
{
    fputs(type_name(row->type), f);
    fputs(row->flags & NUBE_OPTION_REQUIRED ? "; required" : "", f);
    fputs(row->flags & NUBE_OPTION_SECRET ? "; secret" : "", f);
    if (row->choices)
        fprintf(f, "; one of %s", row->choices);
    if (row->deflt && *row->deflt)
        fprintf(f, "; default %s", row->deflt);
    if (row->alias && *row->alias)
        fprintf(f, "; also called %s", row->alias);
    if (row->help && *row->help)
        fprintf(f, ": %s", row->help);
}

/* By what they belong to, each wrapped to the width of the terminal. */
static void put_options(const nube_driver_info *drv)
{
    const struct nube_option *row;
    char *group = xstrdup("");
    for (size_t i = 0; (row = nube_driver_option(drv, i)); i++) {
        char *what = option_for(row);
        struct text t;
        if (strcmp(what, group) != 0)
            printf("  %s\n", what);
        free(group);
        group = what;
        text_open(&t);
        put_facts(t.file, row);
        char *facts = text_take(&t);
        int n = printf("    %-17s ", row->name);
        put_wrapped(stdout, facts, (size_t)n, 22);
        free(facts);
    }
    free(group);
}

/* What every list takes, whatever the driver: the library applies what the provider cannot. */
static void put_filters(const nube_driver_info *drv)
{
    for (size_t i = 0; i < n_verbs; i++) {
        const struct verb *v = &verbs[i];
        if (v->run != cmd_list || !nube_driver_can(drv, v->op))
            continue;
        struct text t;
        size_t n = 0;
        text_open(&t);
        for (size_t k = 0; k < v->flags.count; k++)
            if (v->flags.at[k].arg)
                fprintf(t.file, "%s--%s %s", n++ ? ", " : "", v->flags.at[k].name,
                        v->flags.at[k].value);
        char *names = text_take(&t);
        if (n)
            put_wrapped(stdout, names, (size_t)printf("    %-17s ", nube_op_name(v->op)), 22);
        free(names);
    }
}

/* The provider's word, Nube's, and what is possible then. */
static void put_states(const nube_driver_info *drv)
{
    const char *raw;
    const uint16_t *ops;
    int state;
    for (size_t i = 0; nube_driver_state(drv, i, &raw, &state, &ops); i++) {
        struct text t;
        text_open(&t);
        fprintf(t.file, "%-11s ", nube_state_name(state));
        for (size_t k = 0; ops && ops[k]; k++)
            fprintf(t.file, "%s%s", k ? ", " : "allows ", nube_op_action((enum nube_op)ops[k]));
        char *line = text_take(&t);
        put_wrapped(stdout, line, (size_t)printf("    %-17s ", raw), 22);
        free(line);
    }
}

static void put_actions(const nube_driver_info *drv)
{
    const char *name, *help;
    int kind;
    for (size_t i = 0; nube_driver_action(drv, i, &name, &kind, &help); i++) {
        char *line = xasprintf("on %s: %s", nube_kind_name((enum nube_kind)kind), help ? help : "");
        put_wrapped(stdout, line, (size_t)printf("    %-17s ", name), 22);
        free(line);
    }
}

static void put_operations(const nube_driver_info *drv)
{
    struct text t;
    bool more = false;
    text_open(&t);
    for (int op = NUBE_OP_NONE + 1; op < NUBE_OP_COUNT; op++) {
        if (!nube_driver_can(drv, (enum nube_op)op))
            continue;
        fprintf(t.file, "%s%s", more ? ", " : "", nube_op_name((enum nube_op)op));
        more = true;
    }
    char *names = text_take(&t);
    fputs("  ", stdout);
    put_wrapped(stdout, names, 2, 2);
    free(names);
}

static void show_text(const nube_driver_info *drv)
{
    printf("%s %s: %s\nlicense: %s\nfile: %s\n\nOperations:\n", nube_driver_id(drv),
           nube_driver_version(drv), nube_driver_title(drv), nube_driver_license(drv),
           nube_driver_file(drv));
    put_operations(drv);
    puts("\nFilters of lists:");
    put_filters(drv);
    puts("\nOptions of an account, and arguments (--set, --filter):");
    put_options(drv);
    puts("\nStates:");
    put_states(drv);
    puts("\nActions:");
    put_actions(drv);
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
    struct out out;
    char *made[4];
    int status = out_open_verb(&out, app);
    if (status)
        return status;
    for (int i = 0; i < 4; i++)
        made[i] = driver_json(drv, out.all.at[5 + i].name);
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

const nube_driver_info *driver_word(struct app *app, const char *name)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const nube_driver_info *drv = NULL;
    if (!app_open(app) && nube_driver_load(&drv, app->lib, name, &err))
        unknown_driver(app, name, &err);
    return drv;
}

int cmd_driver_show(struct app *app)
{
    const nube_driver_info *drv = driver_word(app, app->args.words[0]);
    if (!drv)
        return app->exit;
    if (out_is_data(app))
        return show_data(app, drv);
    show_text(drv);
    return app_status(app);
}
