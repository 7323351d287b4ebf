/* Checking of options and arguments against the published tables. */
#include "options.h"

#include <stdio.h>
#include <string.h>

#include "args_int.h"
#include "buf.h"
#include "error_int.h"
#include "nearest.h"
#include "pattern.h"

/* One value on its way through the check. */
struct check {
    const struct nube_driver_info *driver;
    enum nube_op op;
    const char *action;
    struct nube_arena *arena;
    struct nube_error *err;
};

/* What is checked, for messages: "docker: option \"host\"", "\"image\"" where the error has the
 * verb, "push: \"tag\"" of an action. */
static void subject(char out[128], const struct check *k, const char *name)
{
    if (k->op == NUBE_OP_NONE)
        snprintf(out, 128, "%.32s: option \"%.60s\"", k->driver->name, name);
    else
        snprintf(out, 128, "%s%s\"%.60s\"", k->action ? k->action : "", k->action ? ": " : "",
                 name);
}

/* Names what was given, unless it is a secret, and what is accepted. */
static int refuse(const struct check *k, const struct nube_option *row, const char *text,
                  const char *accepted, const char *detail)
{
    char what[128], given[64] = "the value (not shown)";

    subject(what, k, row->name);
    if (!(row->flags & NUBE_OPTION_SECRET))
        snprintf(given, sizeof(given), "\"%.40s\"%s", text, strlen(text) > 40 ? "..." : "");
    return nube_error_set(k->err, NUBE_E_USAGE, "%s: %s is not %s%s", what, given, accepted,
                          detail);
}

static int refuse_text(const struct check *k, const struct nube_option *row, const char *why)
{
    char what[128];

    subject(what, k, row->name);
    return nube_error_set(k->err, NUBE_E_USAGE, "%s %s", what, why);
}

static int applies(const struct check *k, const struct nube_option *row)
{
    return row->op == (uint32_t)k->op && !row->action == !k->action &&
           (!k->action || strcmp(row->action, k->action) == 0);
}

static int unknown(const struct check *k, const char *name)
{
    const struct nube_option *rows;
    struct nube_nearest near;
    size_t i, n = nube_filter_rows(k->op, &rows);
    char what[128], hint[160] = "";

    nube_nearest_init(&near, name);
    for (i = 0; i < k->driver->n_options; i++)
        if (applies(k, &k->driver->options[i])) {
            nube_nearest_try(&near, k->driver->options[i].name);
            nube_nearest_try(&near, k->driver->options[i].alias);
        }
    for (i = 0; i < n; i++)
        nube_nearest_try(&near, rows[i].name);
    if (near.best)
        snprintf(hint, sizeof(hint), "; did you mean \"%.60s\"?", near.best);
    else
        snprintf(hint, sizeof(hint), "; see `nube driver show %.32s`", k->driver->name);
    subject(what, k, name);
    if (k->op == NUBE_OP_NONE)
        return nube_error_set(k->err, NUBE_E_USAGE, "%s is not known%s", what, hint);
    return nube_error_set(k->err, NUBE_E_UNSUPPORTED, "%s is not offered%s", what, hint);
}

static const struct nube_option *find(const struct check *k, const char *name)
{
    const struct nube_option *row = nube_driver_option_find(k->driver, k->op, k->action, name);

    return row ? row : nube_filter_row(k->op, name);
}

/* Length and characters: before anything else looks at the text. */
static int check_text(const struct check *k, const struct nube_option *row,
                      const struct nube_arg *a)
{
    size_t max = row->max_len                  ? row->max_len
                 : row->type == NUBE_TYPE_DATA ? NUBE_MAX_DATA
                                               : NUBE_MAX_NAME;
    char why[96];

    if (a->len > max) {
        snprintf(why, sizeof(why), "is too long: %zu octets, at most %zu are accepted", a->len,
                 max);
        return refuse_text(k, row, why);
    }
    if (row->type == NUBE_TYPE_DATA)
        return 0;
    if (memchr(a->value, '\0', a->len))
        return refuse_text(k, row, "holds a NUL octet, which text may not");
    if (!(row->flags & NUBE_OPTION_MULTILINE) && strpbrk(a->value, "\r\n"))
        return refuse_text(k, row, "holds a line break; one line is accepted");
    return 0;
}

/* A pair is split at the first '=', unless it was given in two parts. */
static int split(const struct check *k, const struct nube_option *row, const struct nube_arg *a,
                 struct nube_checked *out)
{
    const char *eq = strchr(a->value, '=');
    size_t key_len = a->key_len;

    if (key_len == NUBE_ARG_NO_KEY) {
        if (!eq || eq == a->value)
            return refuse(k, row, a->value, "name=value", "");
        key_len = (size_t)(eq - a->value);
    }
    out->key = nube_arena_strndup(k->arena, a->value, key_len);
    out->text = nube_arena_strdup(k->arena, a->value + key_len + 1);
    out->len = a->len - key_len - 1;
    return 0;
}

static int in_choices(const char *choices, const char *text)
{
    size_t n = strlen(text), len;

    for (; choices; choices = choices[len] ? choices + len + 1 : NULL) {
        len = strcspn(choices, "|");
        if (len == n && strncmp(choices, text, n) == 0)
            return 1;
    }
    return 0;
}

static int check_pattern(const struct check *k, const struct nube_option *row, const char *text)
{
    int matches;

    if (!row->pattern || row->type == NUBE_TYPE_DATA)
        return 0;
    matches = nube_pattern_matches(k->driver->patterns, row->pattern, text);
    if (matches < 0)
        return nube_error_set(k->err, NUBE_E_DRIVER, "%s: the pattern of \"%s\" cannot be used",
                              k->driver->name, row->name);
    return matches ? 0 : refuse(k, row, text, "of the form ", row->pattern);
}

static int check_range(const struct check *k, const struct nube_option *row,
                       const struct nube_checked *v)
{
    double n = row->type == NUBE_TYPE_NUMBER ? v->real : (double)v->num;
    char range[64];

    if (row->min >= row->max || (n >= (double)row->min && n <= (double)row->max))
        return 0;
    snprintf(range, sizeof(range), "%lld to %lld%s", (long long)row->min, (long long)row->max,
             row->type == NUBE_TYPE_DURATION ? " ms"
             : row->type == NUBE_TYPE_BYTES  ? " octets"
                                             : "");
    return refuse(k, row, v->text, "in the range ", range);
}

static int check_type(const struct check *k, const struct nube_option *row, struct nube_checked *v)
{
    switch (row->type) {
    case NUBE_TYPE_INT:
        return nube_parse_int(v->text, &v->num) ? refuse(k, row, v->text, "a whole number", "")
                                                : check_range(k, row, v);
    case NUBE_TYPE_NUMBER:
        return nube_parse_number(v->text, &v->real) ? refuse(k, row, v->text, "a number", "")
                                                    : check_range(k, row, v);
    case NUBE_TYPE_BYTES:
        return nube_parse_bytes(v->text, &v->num)
                   ? refuse(k, row, v->text, "a quantity of bytes", ", as 512M or 4GiB are")
                   : check_range(k, row, v);
    case NUBE_TYPE_DURATION:
        return nube_parse_duration(v->text, &v->num)
                   ? refuse(k, row, v->text, "a time", ", as 500ms, 30s, 5m or 2h are")
                   : check_range(k, row, v);
    case NUBE_TYPE_BOOL:
        return nube_parse_bool(v->text, &v->num) ? refuse(k, row, v->text, "yes or no", "") : 0;
    case NUBE_TYPE_CHOICE:
        return in_choices(row->choices, v->text)
                   ? 0
                   : refuse(k, row, v->text, "one of ", row->choices ? row->choices : "");
    default:
        return 0;
    }
}

static int check_one(const struct check *k, const struct nube_option *row, const struct nube_arg *a,
                     struct nube_checked *out)
{
    int rc = check_text(k, row, a);

    if (rc)
        return rc;
    out->row = row;
    if (row->flags & NUBE_OPTION_SECRET)
        k->arena->secret = true;
    if (row->type == NUBE_TYPE_PAIR) {
        rc = split(k, row, a, out);
    } else {
        out->text = nube_arena_memdup(k->arena, a->value, a->len);
        out->len = a->len;
    }
    if (!rc && k->arena->failed)
        rc = nube_error_nomem(k->err);
    if (!rc)
        rc = check_type(k, row, out);
    return rc ? rc : check_pattern(k, row, out->text);
}

static int given(const struct nube_checked_set *set, const struct nube_option *row)
{
    size_t i;

    for (i = 0; i < set->count; i++)
        if (set->at[i].row == row)
            return set->at[i].len || set->at[i].key ? 1 : -1;
    return 0;
}

static int check_required(const struct check *k, const struct nube_checked_set *set)
{
    size_t i;

    for (i = 0; i < k->driver->n_options; i++) {
        const struct nube_option *row = &k->driver->options[i];
        int is;

        if (!(row->flags & NUBE_OPTION_REQUIRED) || !applies(k, row))
            continue;
        is = given(set, row);
        if (is == 0)
            return refuse_text(k, row, "is required, and was not given");
        if (is < 0)
            return refuse_text(k, row, "is required, and may not be empty");
    }
    return NUBE_OK;
}

int nube_options_check(struct nube_checked_set *out, struct nube_arena *arena,
                       const struct nube_driver_info *driver, enum nube_op op, const char *action,
                       const nube_args *args, int required, struct nube_error *err)
{
    struct check k = {driver, op, action, arena, err};
    size_t i, n = nube_args_count(args);
    int rc = nube_args_status(args, err);

    out->count = 0;
    out->at = n && !rc ? nube_arena_alloc(arena, n * sizeof(*out->at)) : NULL;
    if (!rc && arena->failed)
        rc = nube_error_nomem(err);
    for (i = 0; !rc && i < n; i++) {
        const struct nube_arg *a = nube_args_at(args, i);
        const struct nube_option *row = find(&k, a->name);

        if (!row)
            rc = unknown(&k, a->name);
        else if (row->type != NUBE_TYPE_LIST && row->type != NUBE_TYPE_PAIR && given(out, row))
            rc = refuse_text(&k, row, "is given twice; one value is accepted");
        else
            rc = check_one(&k, row, a, &out->at[i]);
        if (!rc)
            out->count++;
    }
    if (!rc && required)
        rc = check_required(&k, out);
    if (rc)
        out->count = 0;
    return rc;
}

size_t nube_checked_count(const struct nube_checked_set *set, const char *name)
{
    size_t i, n = 0;

    for (i = 0; i < set->count; i++)
        n += strcmp(set->at[i].row->name, name) == 0;
    return n;
}

const struct nube_checked *nube_checked_at(const struct nube_checked_set *set, const char *name,
                                           size_t i)
{
    size_t at;

    for (at = 0; at < set->count; at++)
        if (strcmp(set->at[at].row->name, name) == 0 && i-- == 0)
            return &set->at[at];
    return NULL;
}

const struct nube_checked *nube_checked_get(const struct nube_checked_set *set, const char *name)
{
    return nube_checked_at(set, name, 0);
}
