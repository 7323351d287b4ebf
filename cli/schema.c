/* help --schema: the JSON Schema of each thing that -o json prints, objects and records alike. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

#define TEXT    "{\"type\": [\"string\", \"null\"]}"
#define INTEGER "{\"type\": [\"integer\", \"null\"]}"
#define FLAG    "{\"type\": \"boolean\"}"
#define WORDS   "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}"
#define OBJECTS "{\"type\": \"array\", \"items\": {\"type\": \"object\"}}"

/* What a record's column holds when it is no text. */
struct value {
    const char *record, *column, *schema;
};
static const struct value values[] = {
    {"backend", "enabled", FLAG},
    {"backend_details", "enabled", FLAG},
    {"backend_details", "options",
     "{\"type\": \"object\", \"additionalProperties\": {\"type\": [\"string\", \"null\"]}}"},
    {"driver_details", "operations", WORDS},
    {"driver_details", "options", OBJECTS},
    {"driver_details", "states", OBJECTS},
    {"driver_details", "actions", OBJECTS},
    {"run", "status", INTEGER},
    {"error", "http_status", INTEGER},
    {"error", "retryable", "{\"type\": [\"boolean\", \"null\"]}"},
    {"error", "retry_after_ms", INTEGER},
    {"error", "attempts", INTEGER},
    {"audit", "http_status", INTEGER},
    {"audit", "took_ms", INTEGER},
    {"audit", "undo", FLAG},
};

/* Records that are not called as their verb: "noun_verb". */
static const struct {
    const char *record;
    int (*run)(struct app *app);
} records[] = {
    {"provider", cmd_provider_list},     {"driver", cmd_driver_list},
    {"driver_details", cmd_driver_show}, {"driver_state", cmd_driver_states},
    {"backend", cmd_backend_list},       {"backend_details", cmd_backend_show},
    {"check", cmd_backend_check},        {"run", cmd_node_run},
};

/* What the library prints itself: an error on standard error, a line of the audit log. */
static const struct column error_members[] = {
    {"class", 0},          {"message", 0},       {"backend", 0},    {"verb", 0},
    {"http_status", 0},    {"provider_code", 0}, {"request_id", 0}, {"retryable", 0},
    {"retry_after_ms", 0}, {"attempts", 0},      {"resource", 0},
};
static const struct column audit_members[] = {
    {"time", 0},        {"backend", 0},       {"provider", 0},   {"verb", 0},    {"action", 0},
    {"id", 0},          {"name", 0},          {"request_id", 0}, {"outcome", 0}, {"message", 0},
    {"http_status", 0}, {"provider_code", 0}, {"took_ms", 0},    {"undo", 0},
};
static const struct {
    const char *record;
    const struct column *at;
    size_t count;
} fixed[] = {
    {"error", error_members, sizeof error_members / sizeof *error_members},
    {"audit", audit_members, sizeof audit_members / sizeof *audit_members},
};

static const char *schema_of(const char *record, const char *column)
{
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (!strcmp(values[i].record, record) && !strcmp(values[i].column, column))
            return values[i].schema;
    return TEXT;
}

static void put_record(const char *record, const struct column *at, size_t count)
{
    printf("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
           "  \"title\": \"%s\",\n  \"type\": \"object\",\n  \"properties\": {\n",
           record);
    for (size_t i = 0; i < count; i++)
        printf("    \"%s\": %s%s\n", at[i].name, schema_of(record, at[i].name),
               i + 1 < count ? "," : "");
    fputs("  },\n  \"required\": [", stdout);
    for (size_t i = 0; i < count; i++)
        printf("%s\"%s\"", i ? ", " : "", at[i].name);
    puts("]\n}");
}

/* What the records of a verb are called; NULL: it prints objects, changes or its own. Owned. */
static char *record_name(const struct verb *v)
{
    struct column_set set = columns_of_verb(v, true);
    if (!set.count || set.objects || set.at == columns_did.at)
        return NULL;
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        if (records[i].run == v->run)
            return xstrdup(records[i].record);
    return xasprintf("%s_%s", v->noun, v->name);
}

static bool put_columns_of(const char *name)
{
    bool found = false;
    for (size_t i = 0; i < n_verbs && !found; i++) {
        char *record = record_name(&verbs[i]);
        found = record && !strcmp(record, name);
        free(record);
        if (found) {
            struct column_set set = columns_of_verb(&verbs[i], true);
            put_record(name, set.at, set.count);
        }
    }
    return found;
}

static bool put_kind(const char *name)
{
    for (int kind = NUBE_KIND_NONE + 1; *nube_kind_name((enum nube_kind)kind); kind++)
        if (!strcmp(nube_kind_name((enum nube_kind)kind), name)) {
            char *text = nube_kind_schema((enum nube_kind)kind);
            fputs(text ? text : "", stdout);
            nube_free(text);
            return text != NULL;
        }
    return false;
}

static bool put_schema(const char *name)
{
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (!strcmp(fixed[i].record, name)) {
            put_record(name, fixed[i].at, fixed[i].count);
            return true;
        }
    if (!strcmp(name, "change")) {
        put_record(name, columns_did.at, columns_did.count);
        return true;
    }
    return put_columns_of(name) || put_kind(name);
}

/* All that has one, with commas. Owned. */
static char *schema_names(void)
{
    struct text t;
    text_open(&t);
    for (int kind = NUBE_KIND_NONE + 1; *nube_kind_name((enum nube_kind)kind); kind++)
        fprintf(t.file, "%s, ", nube_kind_name((enum nube_kind)kind));
    for (size_t i = 0; i < n_verbs; i++) {
        char *record = record_name(&verbs[i]);
        fprintf(t.file, "%s%s", record ? record : "", record ? ", " : "");
        free(record);
    }
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        fprintf(t.file, "%s, ", fixed[i].record);
    fputs("change", t.file);
    return text_take(&t);
}

int help_schema(struct app *app, const char *name)
{
    if (put_schema(name))
        return 0;
    char *names = schema_names();
    int status =
        app_fail(app, NUBE_E_USAGE, "there is no schema \"%s\"; there are: %s", name, names);
    free(names);
    return status;
}
