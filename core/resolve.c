/* Names in the arguments of an operation, where the provider takes ids only. */
#include <regex.h>
#include <string.h>

#include <nube/conn.h>

#include "error_int.h"
#include "mem.h"
#include "options.h"

/* What kind of object an argument of this name is; NONE: none that could be looked up. */
static enum nube_kind kind_of(const char *argument)
{
    static const enum nube_kind kinds[] = {NUBE_KIND_NODE, NUBE_KIND_IMAGE, NUBE_KIND_SIZE,
                                           NUBE_KIND_LOCATION, NUBE_KIND_KEY};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strcmp(nube_kind_name(kinds[i]), argument) == 0)
            return kinds[i];
    return NUBE_KIND_NONE;
}

/* Does the whole value look like an id? A pattern that cannot be read decides nothing. */
static int looks_like(const char *ids, const char *value)
{
    regmatch_t whole;
    regex_t re;
    int yes;

    if (regcomp(&re, ids, REG_EXTENDED))
        return 1;
    yes = regexec(&re, value, 1, &whole, 0) == 0 && whole.rm_so == 0 &&
          (size_t)whole.rm_eo == strlen(value);
    regfree(&re);
    return yes;
}

static int add(nube_args *out, nube_conn *conn, enum nube_op op, const nube_args *args, size_t i,
               unsigned flags, const struct nube_call_opts *opts, struct nube_error *err)
{
    size_t len;
    const char *name = nube_args_name(args, i), *value = nube_args_value(args, i, &len);
    const struct nube_option *row = nube_accepts(conn, op, name);
    enum nube_kind kind = row && row->ids ? kind_of(row->name) : NUBE_KIND_NONE;
    nube_obj *obj = NULL;
    int rc;

    if (kind == NUBE_KIND_NONE || strlen(value) != len || looks_like(row->ids, value)) {
        nube_args_set_data(out, name, value, len);
        return 0;
    }
    rc = nube_find(&obj, conn, kind, value, flags, opts, err);
    if (!rc)
        nube_args_set_obj(out, name, obj);
    nube_obj_free(obj);
    return rc;
}

int nube_args_resolve(nube_args **out, nube_conn *conn, enum nube_op op, const nube_args *args,
                      unsigned flags, const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_args *all = NULL;
    int rc;

    *out = NULL;
    nube_error_clear(err);
    rc = args ? nube_args_status(args, err) : 0;
    if (!rc)
        rc = nube_args_new(&all, err);
    for (size_t i = 0; !rc && args && i < nube_args_count(args); i++)
        rc = add(all, conn, op, args, i, flags, opts, err);
    if (rc)
        nube_args_free(all);
    else
        *out = all;
    return rc;
}
