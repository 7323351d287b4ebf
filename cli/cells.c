/* Columns of each kind of object, and the text of their cells. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "out.h"

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

#define COLUMNS(a) (*count = sizeof(a) / sizeof *(a), (a))

const struct column *columns_of(enum nube_kind kind, size_t *count)
{
    switch (kind) {
    case NUBE_KIND_NODE:
        return COLUMNS(node_columns);
    case NUBE_KIND_IMAGE:
        return COLUMNS(image_columns);
    case NUBE_KIND_SIZE:
        return COLUMNS(size_columns);
    case NUBE_KIND_LOCATION:
        return COLUMNS(location_columns);
    case NUBE_KIND_KEY:
        return COLUMNS(key_columns);
    default:
        return COLUMNS(other_columns);
    }
}

bool column_known(const char *name)
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

static char *time_text(int64_t seconds)
{
    struct tm tm;
    char text[32];
    time_t when = (time_t)seconds;
    if (!gmtime_r(&when, &tm) || !strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm))
        return xstrdup("");
    return xstrdup(text);
}

static char *int_text(enum nube_field field, int64_t n)
{
    switch (field) {
    case NUBE_STATE:
        return xstrdup(nube_state_name((int)n));
    case NUBE_CREATED:
        return time_text(n);
    case NUBE_PUBLIC:
    case NUBE_DEFAULT:
    case NUBE_STAR:
        return xstrdup(n ? "yes" : "no");
    default:
        return xasprintf("%lld", (long long)n);
    }
}

static void put_item(FILE *f, const char *text)
{
    if (ftell(f) > 0)
        putc(',', f);
    fputs(text, f);
}

/* scope 0: all. */
static char *addresses_text(const nube_obj *obj, int scope)
{
    struct text t;
    text_open(&t);
    for (size_t i = 0; i < nube_address_count(obj); i++) {
        struct nube_address a = {.size = sizeof a};
        if (nube_address_at(obj, i, &a) && a.value && (!scope || a.scope == scope))
            put_item(t.file, a.value);
    }
    return text_take(&t);
}

static char *actions_text(const nube_obj *obj)
{
    struct text t;
    text_open(&t);
    for (int op = NUBE_OP_NONE + 1; op < NUBE_OP_COUNT; op++)
        if (nube_node_allows(obj, (enum nube_op)op) == 1 && *nube_op_action((enum nube_op)op))
            put_item(t.file, nube_op_action((enum nube_op)op));
    return text_take(&t);
}

static char *extra_text(const nube_obj *obj, const char *name)
{
    struct nube_value v = {.size = sizeof v};
    if (!nube_extra_get(obj, name, &v))
        return xstrdup("");
    switch (v.type) {
    case NUBE_TYPE_STRING:
        return xstrdup(v.str ? v.str : "");
    case NUBE_TYPE_INT:
        return xasprintf("%lld", (long long)v.num);
    case NUBE_TYPE_BOOL:
        return xstrdup(v.num ? "yes" : "no");
    case NUBE_TYPE_NUMBER:
        return xasprintf("%.10g", v.real);
    default:
        return xstrdup("");
    }
}

static char *many_text(const nube_obj *obj, enum nube_field field)
{
    struct text t;
    text_open(&t);
    for (size_t i = 0; i < nube_list_count(obj, field); i++)
        put_item(t.file, nube_list_at(obj, field, i));
    for (size_t i = 0; i < nube_map_count(obj, field); i++) {
        const char *key, *value;
        if (!nube_map_at(obj, field, i, &key, &value))
            continue;
        put_item(t.file, key);
        fprintf(t.file, "=%s", value ? value : "");
    }
    return text_take(&t);
}

static char *field_text(const nube_obj *obj, enum nube_field field, bool brief)
{
    const char *text = nube_str(obj, field);
    int64_t n;
    double real;
    if (text)
        return brief ? short_id(text) : xstrdup(text);
    if (nube_int(obj, field, &n))
        return int_text(field, n);
    if (nube_number(obj, field, &real))
        return xasprintf("%.10g", real);
    return many_text(obj, field);
}

char *cell_text(const nube_obj *obj, const char *column, bool brief)
{
    const char *dot = strchr(column, '.');
    if (!strcmp(column, "addresses"))
        return addresses_text(obj, 0);
    if (!strcmp(column, "public_ips"))
        return addresses_text(obj, NUBE_SCOPE_PUBLIC);
    if (!strcmp(column, "private_ips"))
        return addresses_text(obj, NUBE_SCOPE_PRIVATE);
    if (!strcmp(column, "actions"))
        return actions_text(obj);
    if (dot && !strncmp(column, "extra.", 6))
        return extra_text(obj, dot + 1);
    if (dot) {
        const char *text = nube_map_get(obj, *column == 't' ? NUBE_TAGS : NUBE_METADATA, dot + 1);
        return xstrdup(text ? text : "");
    }
    return field_text(obj, nube_field_find(column), brief);
}
