/* Columns: of each kind of object and of each verb's records, and the names that --columns takes.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static const struct column node_columns[] = {
    {"backend", COLUMN_LATE},
    {"name", COLUMN_LATE},
    {"state", 0},
    {"image", COLUMN_TRUNC | COLUMN_SPARE},
    {"addresses", COLUMN_LIST},
    {"created", COLUMN_TRUNC | COLUMN_SPARE},
    {"raw_state", COLUMN_WIDE},
    {"size", COLUMN_WIDE},
    {"location", COLUMN_WIDE},
    {"cores", COLUMN_WIDE | COLUMN_RIGHT},
    {"ram", COLUMN_WIDE | COLUMN_RIGHT},
    {"keys", COLUMN_WIDE},
    {"tags", COLUMN_WIDE},
    {"id", COLUMN_TRUNC},
};
static const struct column image_columns[] = {
    {"backend", COLUMN_LATE},
    {"name", COLUMN_LATE},
    {"os", COLUMN_SPARE},
    {"architecture", COLUMN_TRUNC | COLUMN_SPARE},
    {"created", COLUMN_TRUNC | COLUMN_SPARE},
    {"distribution", COLUMN_WIDE},
    {"state", COLUMN_WIDE},
    {"owner", COLUMN_WIDE},
    {"public", COLUMN_WIDE},
    {"star", COLUMN_WIDE},
    {"description", COLUMN_WIDE},
    {"id", COLUMN_TRUNC},
};
static const struct column size_columns[] = {
    {"backend", COLUMN_LATE},   {"name", COLUMN_LATE},
    {"cores", COLUMN_RIGHT},    {"ram", COLUMN_RIGHT},
    {"disk", COLUMN_RIGHT},     {"price", COLUMN_RIGHT},
    {"currency", COLUMN_SPARE}, {"bandwidth", COLUMN_WIDE | COLUMN_RIGHT},
    {"default", COLUMN_WIDE},   {"driver", COLUMN_WIDE},
    {"id", COLUMN_TRUNC},
};
static const struct column location_columns[] = {
    {"backend", COLUMN_LATE},  {"name", COLUMN_LATE},
    {"country", COLUMN_SPARE}, {"location_kind", COLUMN_SPARE},
    {"parent", COLUMN_WIDE},   {"state", 0},
    {"id", COLUMN_TRUNC},
};
static const struct column key_columns[] = {
    {"backend", COLUMN_LATE}, {"name", COLUMN_LATE}, {"fingerprints", COLUMN_TRUNC}};
static const struct column other_columns[] = {
    {"backend", COLUMN_LATE}, {"name", COLUMN_LATE}, {"state", 0}, {"id", COLUMN_TRUNC}};

/* Of records. */
static const struct column provider_list[] = {
    {"provider", 0}, {"title", COLUMN_TRUNC}, {"driver", 0}};
static const struct column driver_list[] = {
    {"driver", 0},         {"title", COLUMN_TRUNC}, {"version", 0}, {"license", COLUMN_WIDE},
    {"file", COLUMN_WIDE},
};
static const struct column driver_states[] = {{"provider_state", 0}, {"state", 0}, {"allows", 0}};
static const struct column backend_list[] = {
    {"name", 0},
    {"provider", 0},
    {"enabled", COLUMN_RAW},
    {"id", 0},
};
static const struct column key_own[] = {
    {"name", 0}, {"file", COLUMN_TRUNC}, {"default", COLUMN_RAW}};
static const struct column node_run[] = {
    {"node", 0},
    {"address", 0},
    {"command", 0},
    {"stdout", COLUMN_RAW},
    {"stderr", COLUMN_RAW},
    {"status", COLUMN_RIGHT},
};
static const struct column did[] = {{"backend", 0}, {"id", 0}, {"name", 0}, {"verb", 0}};
static const struct column backend_check[] = {
    {"backend", 0}, {"provider", 0}, {"status", 0}, {"message", 0}};
static const struct column backend_import[] = {
    {"name", 0}, {"provider", 0}, {"reference", 0}, {"where", COLUMN_TRUNC}, {"backend", 0}};
static const struct column backend_show[] = {
    {"name", 0}, {"id", 0}, {"provider", 0}, {"enabled", COLUMN_RAW}, {"options", COLUMN_RAW}};
static const struct column driver_show[] = {
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

#define SET(a)                                                                                     \
    {                                                                                              \
        (a), sizeof(a) / sizeof *(a), false                                                        \
    }

const struct column_set columns_did = SET(did);

struct column_set columns_of(enum nube_kind kind)
{
    static const struct {
        enum nube_kind kind;
        struct column_set set;
    } kinds[] = {
        {NUBE_KIND_NODE, SET(node_columns)}, {NUBE_KIND_IMAGE, SET(image_columns)},
        {NUBE_KIND_SIZE, SET(size_columns)}, {NUBE_KIND_LOCATION, SET(location_columns)},
        {NUBE_KIND_KEY, SET(key_columns)},
    };
    struct column_set set = SET(other_columns);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == kind)
            set = kinds[i].set;
    set.objects = true;
    return set;
}

/* Verbs that print records; a table of them or, with csv_only, something else for people. */
static const struct {
    int (*run)(struct app *app);
    struct column_set set;
    bool csv_only;
} records[] = {
    {cmd_provider_list, SET(provider_list), false},
    {cmd_driver_list, SET(driver_list), false},
    {cmd_driver_states, SET(driver_states), false},
    {cmd_backend_list, SET(backend_list), false},
    {cmd_backend_import, SET(backend_import), false},
    {cmd_backend_check, SET(backend_check), false},
    {cmd_backend_show, SET(backend_show), true},
    {cmd_driver_show, SET(driver_show), true},
    {cmd_node_run, SET(node_run), true},
    {cmd_key_own, SET(key_own), false},
};

/* Verbs that print objects. */
static int (*const objects[])(struct app *app) = {
    cmd_list,        cmd_image_search,  cmd_image_show,      cmd_image_create, cmd_node_show,
    cmd_node_create, cmd_node_probe,    cmd_node_deploy,     cmd_key_show,     cmd_key_create,
    cmd_key_import,  cmd_firewall_show, cmd_firewall_create, cmd_node_search,  cmd_size_list,
    cmd_size_show,   cmd_snapshot_list, cmd_snapshot_create,
};

/* Verbs whose output is not ours to put into columns. */
static int (*const streams[])(struct app *app) = {cmd_help,     cmd_raw,       cmd_node_console,
                                                  cmd_node_ssh, cmd_inventory, cmd_completion};

struct column_set columns_of_verb(const struct verb *verb, bool csv)
{
    static const struct column_set none = {NULL, 0, false};
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        if (records[i].run == verb->run)
            return records[i].csv_only && !csv ? none : records[i].set;
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        if (objects[i] == verb->run)
            return columns_of(nube_op_kind(verb->op));
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++)
        if (streams[i] == verb->run)
            return none;
    return csv ? columns_did : none;
}

static bool column_known(const char *name)
{
    static const char *const computed[] = {"addresses", "public_ips", "private_ips", "actions"};
    for (size_t i = 0; i < sizeof computed / sizeof *computed; i++)
        if (!strcmp(name, computed[i]))
            return true;
    const char *dot = strchr(name, '.');
    if (dot && dot[1])
        return !strncmp(name, "extra.", 6) || !strncmp(name, "tags.", 5) ||
               !strncmp(name, "metadata.", 9);
    enum nube_field field = nube_field_find(name);
    return field != NUBE_FIELD_NONE && field != NUBE_PASSWORD && field != NUBE_PRIVATE_KEY;
}

const struct column *column_in(const struct column_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (!strcmp(set->at[i].name, name))
            return &set->at[i];
    return NULL;
}

/* "Raw State" and "raw-state" are raw_state; what follows the dot of tags.NAME is the person's own.
 */
static void plain_name(char *name)
{
    for (; *name && *name != '.'; name++)
        *name = *name == ' ' || *name == '-' ? '_' : (char)tolower((unsigned char)*name);
}

static char *trimmed(char *text)
{
    text += strspn(text, " ");
    for (size_t len = strlen(text); len && text[len - 1] == ' ';)
        text[--len] = '\0';
    return text;
}

static int unknown_column(struct app *app, const struct column_set *set, const char *name)
{
    struct nearest near = {name, NULL, 0};
    struct text t;
    text_open(&t);
    for (size_t i = 0; i < set->count; i++) {
        nearest_feed(&near, set->at[i].name);
        fprintf(t.file, "%s%s", i ? ", " : "", set->at[i].name);
    }
    char *all = text_take(&t);
    int status = near.best
                     ? app_fail(app, NUBE_E_USAGE,
                                "--columns: there is no column \"%s\"; did you mean \"%s\"?", name,
                                near.best)
                     : app_fail(app, NUBE_E_USAGE,
                                "--columns: there is no column \"%s\"; there are: %s", name, all);
    free(all);
    return status;
}

int columns_named(struct columns *out, struct app *app, const struct column_set *set,
                  const char *list)
{
    char *rest, *name;
    *out = (struct columns){.text = xstrdup(list)};
    rest = out->text;
    while ((name = strsep(&rest, ","))) {
        name = trimmed(name);
        plain_name(name);
        const struct column *known = column_in(set, name);
        if (!known && !(set->objects && column_known(name))) {
            int status = unknown_column(app, set, name);
            columns_free(out);
            return status;
        }
        out->at = xgrow(out->at, out->count, sizeof *out->at);
        out->at[out->count++] = known ? *known : (struct column){name, 0};
    }
    return 0;
}

void columns_free(struct columns *columns)
{
    free(columns->at);
    free(columns->text);
    *columns = (struct columns){0};
}

/* --columns is obeyed or refused, before anything is done. */
int columns_check(struct app *app)
{
    const char *list = args_get(&app->args, "columns");
    struct columns columns;
    if (!list)
        return 0;
    if (app->format != FORMAT_TABLE && app->format != FORMAT_WIDE && app->format != FORMAT_CSV)
        return app_fail(app, NUBE_E_USAGE,
                        "--columns is for -o table, wide and csv: the other formats have all or "
                        "nothing but the id");
    struct column_set set = columns_of_verb(app->args.verb, app->format == FORMAT_CSV);
    if (!set.count)
        return app_fail(app, NUBE_E_USAGE, "this prints no columns: leave --columns out");
    int status = columns_named(&columns, app, &set, list);
    columns_free(&columns);
    return status;
}
