/* Adoption of a driver: its tables are checked and copied into rows of full size. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "error_int.h"
#include "mem.h"
#include "options.h"
#include "pattern.h"
#include "registry.h"

enum {
    MAX_ROWS = 4096,     /* of one table: more is a broken struct */
    MAX_STATE_OPS = 128, /* an array without its 0 at the end would run on */
    MAX_NEWER_OP = 1024  /* numbers up to here may be operations of a later library */
};

/* What is being adopted, for messages. */
struct adoption {
    struct nube_driver_info *info;
    const char *file;
    struct nube_error *err;
};

/* "driver acme (/path/acme.so): options row 3 (image): ...". table NULL: the struct itself. */
static int defect(const struct adoption *a, const char *table, size_t row, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static int defect(const struct adoption *a, const char *table, size_t row, const char *format, ...)
{
    char text[320], where[64] = "";
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    if (table)
        snprintf(where, sizeof(where), "table %s, row %zu: ", table, row + 1);
    return nube_error_set(a->err, NUBE_E_DRIVER, "driver %s%s%s%s is defective: %s%s",
                          a->info->name ? a->info->name : "without a name", a->file ? " (" : "",
                          a->file ? a->file : "", a->file ? ")" : "", where, text);
}

/* A word that begins with a letter or digit; `more` are the characters that it may have besides
 * these. */
static int word_ok(const char *word, const char *more)
{
    const char *p = word;

    if (!p || !(islower((unsigned char)*p) || isdigit((unsigned char)*p)))
        return 0;
    while (islower((unsigned char)*p) || isdigit((unsigned char)*p) || (*p && strchr(more, *p)))
        p++;
    return !*p && p - word < 128;
}

/* Option names are also identifiers of environments and configuration files. */
static int option_name_ok(const char *name)
{
    return word_ok(name, "_") && !isdigit((unsigned char)name[0]) && strlen(name) < 48;
}

/*
 * Rows as compiled into rows as known here: what is missing is zero, what is beyond is
 * dropped. need: octets without which a row says nothing. extra: room for more rows.
 */
static int copy_rows(void **out, size_t *count, const struct adoption *a, const char *table,
                     const struct nube_table *from, size_t need, size_t full, size_t extra)
{
    size_t n = from->count, size = from->row_size < full ? from->row_size : full;
    char *rows;

    if (n > MAX_ROWS || (n && !from->rows))
        return defect(a, table, 0, "it claims %zu rows%s", n, from->rows ? "" : " at no address");
    if (n && from->row_size < need)
        return defect(a, table, 0, "rows are %u octets, at least %zu are needed",
                      (unsigned)from->row_size, need);
    rows = nube_mem_zalloc((n + extra) * full);
    if (!rows)
        return nube_error_nomem(a->err);
    for (size_t i = 0; i < n; i++)
        memcpy(rows + i * full, (const char *)from->rows + i * from->row_size, size);
    *out = rows;
    *count = n;
    return 0;
}

static int adopt_ops(const struct adoption *a, const struct nube_table *table)
{
    struct nube_op_row *rows = NULL;
    void *copy = NULL;
    size_t n = 0;
    int rc = copy_rows(&copy, &n, a, "ops", table, sizeof(*rows), sizeof(*rows), 0);

    rows = copy;
    for (size_t i = 0; i < n && !rc; i++) {
        if (rows[i].op == NUBE_OP_NONE)
            rc = defect(a, "ops", i, "it has no operation");
        else if (!rows[i].step)
            rc = defect(a, "ops", i, "operation %u has no step", (unsigned)rows[i].op);
        else if (rows[i].op >= NUBE_OP_COUNT)
            a->info->n_newer++;
        else if (a->info->ops[rows[i].op].step)
            rc = defect(a, "ops", i, "\"%s\" is there twice",
                        nube_op_name((enum nube_op)rows[i].op));
        else
            a->info->ops[rows[i].op] = rows[i];
    }
    nube_mem_free(copy);
    return rc;
}

static int adopt_actions(const struct adoption *a, const struct nube_table *table)
{
    struct nube_action_row *rows;
    void *copy = NULL;
    int rc = copy_rows(&copy, &a->info->n_actions, a, "actions", table,
                       offsetof(struct nube_action_row, help), sizeof(*rows), 0);

    rows = a->info->actions = copy;
    for (size_t i = 0; i < a->info->n_actions && !rc; i++) {
        if (!word_ok(rows[i].name, "_-"))
            rc = defect(a, "actions", i, "the name must be of a-z, 0-9, _ and -");
        else if (rows[i].kind != NUBE_KIND_NODE && rows[i].kind != NUBE_KIND_IMAGE)
            rc = defect(a, "actions", i, "%s: the kind must be NODE or IMAGE", rows[i].name);
        else if (!rows[i].step)
            rc = defect(a, "actions", i, "%s has no step", rows[i].name);
        for (size_t j = 0; j < i && !rc; j++)
            if (rows[j].kind == rows[i].kind && strcmp(rows[j].name, rows[i].name) == 0)
                rc = defect(a, "actions", i, "%s is there twice", rows[i].name);
    }
    return rc;
}

/* Does an option belong to something that the driver does? NULL: yes; else what is wrong. */
static const char *option_orphaned(const struct nube_driver_info *info, const struct nube_option *o)
{
    if (o->op == NUBE_OP_NODE_ACTION || o->op == NUBE_OP_IMAGE_ACTION) {
        enum nube_kind kind = o->op == NUBE_OP_NODE_ACTION ? NUBE_KIND_NODE : NUBE_KIND_IMAGE;

        if (!o->action)
            return "names no action";
        return nube_driver_action_find(info, kind, o->action)
                   ? NULL
                   : "belongs to an action that the driver does not have";
    }
    if (o->action)
        return "names an action, but its operation is neither NODE_ACTION nor IMAGE_ACTION";
    /* The core itself waits when the driver does not. */
    if (o->op == NUBE_OP_NONE || o->op == NUBE_OP_NODE_WAIT || info->ops[o->op].step)
        return NULL;
    return "belongs to an operation that the driver does not offer";
}

static int same_word(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static int option_clash(const struct nube_option *a, const struct nube_option *b)
{
    if (a->op != b->op || (a->action || b->action ? !same_word(a->action, b->action) : 0))
        return 0;
    return same_word(a->name, b->name) || same_word(a->name, b->alias) ||
           same_word(a->alias, b->name) || same_word(a->alias, b->alias);
}

static int check_option(const struct adoption *a, size_t i)
{
    const struct nube_option *rows = a->info->options, *o = &rows[i];
    const char *orphaned;

    if (!option_name_ok(o->name))
        return defect(a, "options", i, "the name \"%.40s\" does not match [a-z][a-z0-9_]*",
                      o->name ? o->name : "");
    if (o->alias && !option_name_ok(o->alias))
        return defect(a, "options", i, "%s: the alias \"%.40s\" does not match [a-z][a-z0-9_]*",
                      o->name, o->alias);
    if (o->type >= NUBE_TYPE_NULL)
        return defect(a, "options", i, "%s: unknown type %u", o->name, (unsigned)o->type);
    if (o->type == NUBE_TYPE_CHOICE && (!o->choices || !*o->choices))
        return defect(a, "options", i, "%s is a choice without choices", o->name);
    if ((orphaned = option_orphaned(a->info, o)))
        return defect(a, "options", i, "%s %s", o->name, orphaned);
    for (size_t j = 0; j < i; j++)
        if (option_clash(&rows[j], o))
            return defect(a, "options", i, "%s has the name or alias of row %zu", o->name, j + 1);
    return 0;
}

/* The options that every HTTP driver has come last, unless it has its own of that name. */
static void add_http_options(struct nube_driver_info *info)
{
    size_t own = info->n_options;

    for (size_t i = 0; i < nube_http_option_count; i++) {
        size_t j = 0;

        while (j < own && !option_clash(&info->options[j], &nube_http_options[i]))
            j++;
        if (j == own)
            info->options[info->n_options++] = nube_http_options[i];
    }
}

static int adopt_options(const struct adoption *a, const struct nube_table *table)
{
    struct nube_driver_info *info = a->info;
    int http = (info->services & NUBE_SERVICE_HTTP) != 0;
    void *copy = NULL;
    size_t n = 0, kept = 0;
    int rc = copy_rows(&copy, &n, a, "options", table, offsetof(struct nube_option, flags),
                       sizeof(*info->options), http ? nube_http_option_count : 0);

    info->options = copy;
    for (size_t i = 0; i < n;
         i++) /* an argument of an operation that is not known here is never asked for */
        if (info->options[i].op < NUBE_OP_COUNT)
            info->options[kept++] = info->options[i];
    info->n_options = kept;
    for (size_t i = 0; i < kept && !rc; i++)
        rc = check_option(a, i);
    if (!rc && http)
        add_http_options(info);
    return rc;
}

static int check_state_ops(const struct adoption *a, size_t i)
{
    const struct nube_state_row *row = &a->info->states[i];
    size_t n = 0;

    while (row->ops && row->ops[n]) {
        if (row->ops[n] >= MAX_NEWER_OP || n >= MAX_STATE_OPS)
            return defect(a, "states", i, "%s: %u is no operation; end the list with 0: NUBE_OPS()",
                          row->raw, (unsigned)row->ops[n]);
        n++;
    }
    return 0;
}

static int adopt_states(const struct adoption *a, const struct nube_table *table)
{
    struct nube_state_row *rows;
    void *copy = NULL;
    int rc =
        copy_rows(&copy, &a->info->n_states, a, "states", table, sizeof(*rows), sizeof(*rows), 0);

    rows = a->info->states = copy;
    for (size_t i = 0; i < a->info->n_states && !rc; i++) {
        if (!rows[i].raw || !*rows[i].raw)
            rc = defect(a, "states", i, "the provider's word is missing");
        else if (rows[i].state > NUBE_STATE_ERROR)
            rc = defect(a, "states", i, "%s: unknown state %u", rows[i].raw,
                        (unsigned)rows[i].state);
        else
            rc = check_state_ops(a, i);
        for (size_t j = 0; j < i && !rc; j++)
            if (strcasecmp(rows[j].raw, rows[i].raw) == 0)
                rc = defect(a, "states", i, "%s is there twice", rows[i].raw);
    }
    return rc;
}

static int connection_option(const struct nube_driver_info *info, const char *name, size_t len)
{
    char word[64];

    if (len >= sizeof(word))
        return 0;
    memcpy(word, name, len);
    word[len] = '\0';
    return nube_driver_option_find(info, NUBE_OP_NONE, NULL, word) != NULL;
}

/* "name=value" lines, each for a connection option that there is. */
static int check_presets(const struct adoption *a, size_t i)
{
    const struct nube_provider_row *row = &a->info->providers[i];
    const char *line = row->presets;

    while (line && *line) {
        size_t len = strcspn(line, "\n"), name = strcspn(line, "=\n");

        if (len && (name == len || !connection_option(a->info, line, name)))
            return defect(a, "providers", i,
                          "%s: the preset \"%.*s\" sets no option of this driver", row->id,
                          (int)(name < 60 ? name : 60), line);
        line += len + (line[len] == '\n');
    }
    return 0;
}

static int adopt_providers(const struct adoption *a, const struct nube_table *table)
{
    struct nube_provider_row *rows;
    void *copy = NULL;
    int rc = copy_rows(&copy, &a->info->n_providers, a, "providers", table,
                       offsetof(struct nube_provider_row, region), sizeof(*rows), 0);

    rows = a->info->providers = copy;
    for (size_t i = 0; i < a->info->n_providers && !rc; i++) {
        if (!word_ok(rows[i].id, "_-.:"))
            rc = defect(a, "providers", i, "the id must be of a-z, 0-9, _, -, . and :");
        else if (!rows[i].title || !*rows[i].title)
            rc = defect(a, "providers", i, "%s has no title", rows[i].id);
        else
            rc = check_presets(a, i);
        for (size_t j = 0; j < i && !rc; j++)
            if (strcmp(rows[j].id, rows[i].id) == 0)
                rc = defect(a, "providers", i, "%s is there twice", rows[i].id);
    }
    return rc;
}

static int adopt_sources(const struct adoption *a, const struct nube_table *table)
{
    struct nube_source_row *rows;
    void *copy = NULL;
    int rc =
        copy_rows(&copy, &a->info->n_sources, a, "sources", table, sizeof(*rows), sizeof(*rows), 0);

    rows = a->info->sources = copy;
    for (size_t i = 0; i < a->info->n_sources && !rc; i++) {
        if (!rows[i].option || !connection_option(a->info, rows[i].option, strlen(rows[i].option)))
            rc = defect(a, "sources", i, "it is for \"%.40s\", which is no option of this driver",
                        rows[i].option ? rows[i].option : "");
        else if (!rows[i].kind || !rows[i].name || !*rows[i].name)
            rc = defect(a, "sources", i, "%s: kind or name is missing", rows[i].option);
    }
    return rc;
}

/* An account that is there as a whole sets no option; a name is for one. */
static int native_ok(const struct nube_driver_info *info, const struct nube_native_row *row)
{
    if (row->kind == NUBE_NATIVE_ENV || row->kind == NUBE_NATIVE_FILE)
        return !row->option;
    return row->option && connection_option(info, row->option, strlen(row->option));
}

static int adopt_natives(const struct adoption *a, const struct nube_table *table)
{
    struct nube_native_row *rows;
    void *copy = NULL;
    int rc =
        copy_rows(&copy, &a->info->n_natives, a, "natives", table, sizeof(*rows), sizeof(*rows), 0);

    rows = a->info->natives = copy;
    for (size_t i = 0; i < a->info->n_natives && !rc; i++) {
        int parts = rows[i].kind == NUBE_NATIVE_YAML;

        if (!rows[i].kind || !rows[i].name || !*rows[i].name ||
            (parts && (!rows[i].part || !*rows[i].part)))
            rc = defect(a, "natives", i, "kind, name or part is missing");
        else if (!native_ok(a->info, &rows[i]))
            rc = defect(a, "natives", i, "\"%.40s\" is no option of this driver, or of such a row",
                        rows[i].option ? rows[i].option : "");
    }
    return rc;
}

/* A file NAME.so must hold the driver NAME, or the two would be listed and loaded by different
 * names. */
static int check_file_name(const struct adoption *a)
{
    const char *base = a->file ? strrchr(a->file, '/') : NULL;
    size_t len = strlen(a->info->name);

    base = base ? base + 1 : a->file;
    if (!base || !strstr(base, ".so"))
        return 0;
    if (strncmp(base, a->info->name, len) == 0 && strcmp(base + len, ".so") == 0)
        return 0;
    return defect(a, NULL, 0, "its file must be called %s.so", a->info->name);
}

static int adopt_names(const struct adoption *a, const struct nube_driver *driver)
{
    struct nube_driver_info *info = a->info;

    if (!word_ok(driver->name, "_-") || strlen(driver->name) >= 64)
        return defect(a, NULL, 0, "its name must be of a-z, 0-9, _ and -");
    info->name = nube_mem_strdup(driver->name);
    if (!info->name)
        return nube_error_nomem(a->err);
    if (!driver->title || !*driver->title)
        return defect(a, NULL, 0, "it has no title");
    info->title = nube_mem_strdup(driver->title);
    info->version = nube_mem_strdup(driver->version ? driver->version : "");
    info->license = nube_mem_strdup(driver->license ? driver->license : "");
    info->file = nube_mem_strdup(a->file ? a->file : "");
    if (!info->title || !info->version || !info->license || !info->file)
        return nube_error_nomem(a->err);
    return check_file_name(a);
}

/* Actions come before options, and options before what refers to them. */
static int adopt_tables(const struct adoption *a, const struct nube_driver *driver)
{
    int rc = adopt_ops(a, &driver->ops);

    if (!rc)
        rc = adopt_actions(a, &driver->actions);
    if (!rc)
        rc = adopt_options(a, &driver->options);
    if (!rc)
        rc = adopt_states(a, &driver->states);
    if (!rc)
        rc = adopt_providers(a, &driver->providers);
    if (!rc)
        rc = adopt_sources(a, &driver->sources);
    if (!rc)
        rc = adopt_natives(a, &driver->natives);
    return rc;
}

int nube_adopt(struct nube_driver_info **out, const struct nube_driver *driver, const char *file,
               struct nube_error *err)
{
    struct adoption a = {NULL, file, err};
    struct nube_driver full;
    size_t need = offsetof(struct nube_driver, states);
    int rc;

    *out = NULL;
    a.info = nube_mem_zalloc(sizeof(*a.info));
    if (!a.info)
        return nube_error_nomem(err);
    a.info->patterns = nube_patterns_new();
    if (!a.info->patterns) {
        rc = nube_error_nomem(err);
    } else if (driver->size < need) {
        rc = defect(&a, NULL, 0, "its struct is %u octets, at least %zu are needed",
                    (unsigned)driver->size, need);
    } else {
        memset(&full, 0, sizeof(full));
        memcpy(&full, driver, driver->size < sizeof(full) ? driver->size : sizeof(full));
        a.info->services = full.services;
        a.info->classify = full.classify;
        a.info->sign = full.sign;
        a.info->ssh_host = full.ssh_host;
        rc = adopt_names(&a, &full);
        if (!rc)
            rc = adopt_tables(&a, &full);
    }
    if (rc) {
        nube_driver_info_free(a.info);
        return rc;
    }
    *out = a.info;
    return 0;
}

void nube_driver_info_free(struct nube_driver_info *info)
{
    if (!info)
        return;
    nube_mem_free(info->name);
    nube_mem_free(info->title);
    nube_mem_free(info->version);
    nube_mem_free(info->license);
    nube_mem_free(info->file);
    nube_mem_free(info->providers);
    nube_mem_free(info->options);
    nube_patterns_free(info->patterns);
    nube_mem_free(info->states);
    nube_mem_free(info->actions);
    nube_mem_free(info->sources);
    nube_mem_free(info->natives);
    nube_mem_free(info);
}
