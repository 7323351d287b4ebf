/* size list with what a size must have, sorted over all backends; size show. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

/* What a size must have at least; negative: anything. */
struct least {
    double ram, cores, disk; /* MiB, cores, GB */
    double price;            /* at most */
};

static const enum nube_field sort_fields[] = {NUBE_PRICE, NUBE_RAM, NUBE_CORES, NUBE_DISK};

static double value_of(const nube_obj *size, enum nube_field field)
{
    double value;
    return nube_number(size, field, &value) ? value : (double)NAN;
}

/* "4G", "4GiB", "512M"; a bare number is in `unit`. Negative: it is none. */
static double parse_amount(const char *text, double unit, double mega)
{
    char *end;
    double n = strtod(text, &end);
    const char *letters = "mgt", *at;
    if (end == text || n < 0 || !(n < 1e15))
        return -1;
    if (!*end)
        return n * unit;
    at = strchr(letters, *end | 0x20);
    if (!at || !(!end[1] || !strcasecmp(end + 1, "b") || !strcasecmp(end + 1, "ib")))
        return -1;
    for (; at > letters; at--)
        n *= 1024;
    return n * mega;
}

static int read_least(struct app *app, struct least *least)
{
    const struct {
        const char *flag, *what;
        double *value, unit, mega;
    } flags[] = {{"min-ram", "an amount of memory: 512M, 4G", &least->ram, 1, 1},
                 {"min-cores", "a number", &least->cores, 1, -1},
                 {"min-disk", "an amount: 20G, 1T", &least->disk, 1, 1.0 / 1024},
                 {"max-price", "a number", &least->price, 1, -1}};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        const char *text = args_get(&app->args, flags[i].flag);
        *flags[i].value = text ? parse_amount(text, flags[i].unit, flags[i].mega) : -1;
        if (text && *flags[i].value < 0)
            return app_fail(app, NUBE_E_USAGE, "--%s takes %s, not \"%s\"", flags[i].flag,
                            flags[i].what, text);
    }
    return 0;
}

static bool fits(const nube_obj *size, const struct least *l)
{
    return (l->ram < 0 || value_of(size, NUBE_RAM) >= l->ram) &&
           (l->cores < 0 || value_of(size, NUBE_CORES) >= l->cores) &&
           (l->disk < 0 || value_of(size, NUBE_DISK) >= l->disk) &&
           (l->price < 0 || value_of(size, NUBE_PRICE) <= l->price);
}

/* What is sorted: the value in front, so that qsort() needs nothing else. */
struct sorted {
    double value; /* NAN: it has none, and comes last */
    const struct found *size;
};

static int by_value(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    if (isnan(x->value) != isnan(y->value))
        return isnan(x->value) ? 1 : -1;
    if (!isnan(x->value) && x->value != y->value)
        return x->value < y->value ? -1 : 1;
    int order = strcmp(x->size->target->name, y->size->target->name);
    return order ? order : strcmp(x->size->id, y->size->id);
}

static int sort_field(struct app *app, enum nube_field *field)
{
    const char *word = args_get(&app->args, "sort");
    *field = NUBE_FIELD_NONE;
    for (size_t i = 0; word && i < sizeof sort_fields / sizeof *sort_fields; i++)
        if (!strcmp(nube_field_name(sort_fields[i]), word))
            *field = sort_fields[i];
    if (!word || *field)
        return 0;
    return app_fail(app, NUBE_E_USAGE, "--sort takes price, ram, cores or disk, not \"%s\"", word);
}

static void print_sorted(struct out *out, const struct found *list, size_t count,
                         const struct least *least, enum nube_field field)
{
    struct sorted *rows = xcalloc(count, sizeof *rows);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (fits(list[i].obj, least))
            rows[n++] =
                (struct sorted){field ? value_of(list[i].obj, field) : (double)NAN, &list[i]};
    if (n)
        qsort(rows, n, sizeof *rows, by_value);
    for (size_t i = 0; i < n; i++)
        out_obj(out, rows[i].size->obj, 0);
    out->keep_order = true;
    out_close(out);
    free(rows);
}

static int list_sorted(struct app *app, const struct least *least, enum nube_field field)
{
    struct found *list;
    struct out out;
    size_t count;
    nube_args *args = app_args(app);
    int status = args ? out_open_kind(&out, app, NUBE_KIND_SIZE) : app->exit;
    if (status) {
        nube_args_free(args);
        return status;
    }
    if (!(status = app_targets_for(app, NUBE_OP_SIZE_LIST))) {
        gather(&list, &count, app, NUBE_OP_SIZE_LIST, args);
        print_sorted(&out, list, count, least, field);
        found_free(list, count);
        for (size_t i = 0; i < app->n_targets; i++)
            if (app->targets[i].err.code)
                app_error(app, &app->targets[i].err);
            else
                app->worked++;
    }
    out_drop(&out);
    nube_args_free(args);
    return status ? status : app_status(app);
}

int cmd_size_list(struct app *app)
{
    static const char *const own[] = {"min-ram", "min-cores", "min-disk", "max-price", "sort"};
    struct least least;
    enum nube_field field = NUBE_FIELD_NONE;
    bool plain = true;
    int status = read_least(app, &least);
    status = status ? status : sort_field(app, &field);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        plain = plain && !args_get(&app->args, own[i]);
    if (status)
        return status;
    return plain ? cmd_list(app) : list_sorted(app, &least, field);
}

int cmd_size_show(struct app *app)
{
    return show_words(app, find_size);
}
