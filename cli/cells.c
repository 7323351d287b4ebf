/* The text of cells: what an object says in a column. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "out.h"

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

/* scope 0: all; brief: not the names that say a number once more. */
static char *addresses_text(const nube_obj *obj, int scope, bool brief)
{
    struct text t;
    text_open(&t);
    for (size_t i = 0; i < nube_address_count(obj); i++) {
        struct nube_address a = {.size = sizeof a};
        if (!nube_address_at(obj, i, &a) || !a.value || (scope && a.scope != scope))
            continue;
        if (!brief || a.kind != NUBE_ADDRESS_DNS)
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
        return addresses_text(obj, 0, brief);
    if (!strcmp(column, "public_ips"))
        return addresses_text(obj, NUBE_SCOPE_PUBLIC, false);
    if (!strcmp(column, "private_ips"))
        return addresses_text(obj, NUBE_SCOPE_PRIVATE, false);
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
