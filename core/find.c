/* Finding one object by id, name, address, unique prefix or pattern. */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include <nube/node.h>

#include "buf.h"
#include "error_int.h"
#include "object_int.h"

enum { SHOWN = 5 };

struct search {
    enum nube_kind kind;
    const char *text;
    unsigned flags;
    int pattern;              /* the newest that fits */
    int many_owners;          /* and not all of them are of one owner */
    nube_obj *exact, *prefix; /* the first of each, by name and id */
    size_t n_exact, n_prefix;
    struct nube_buf exact_names, prefix_names;
};

static int is_exact(const struct search *s, const nube_obj *o)
{
    if (s->pattern)
        return nube_name(o) && fnmatch(s->text, nube_name(o), 0) == 0;
    return nube_obj_matches(o, "id", NULL, s->text) || nube_obj_matches(o, "name", NULL, s->text) ||
           (s->kind == NUBE_KIND_NODE && nube_obj_matches(o, "address", NULL, s->text));
}

static int begins(const char *value, const char *text)
{
    return value && strncmp(value, text, strlen(text)) == 0;
}

static const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

/* By name, then id: whatever order the provider lists in, the first is the same one. */
static int before(const nube_obj *a, const nube_obj *b)
{
    int order = strcmp(text_or_empty(nube_name(a)), text_or_empty(nube_name(b)));

    return order ? order < 0 : strcmp(text_or_empty(nube_id(a)), text_or_empty(nube_id(b))) < 0;
}

/* Of a pattern the newest; without a time the last by name. */
static int newer(const nube_obj *a, const nube_obj *b)
{
    int64_t x = INT64_MIN, y = INT64_MIN;

    nube_int(a, NUBE_CREATED, &x);
    nube_int(b, NUBE_CREATED, &y);
    return x != y ? x > y : before(b, a);
}

static int same_owner(const nube_obj *a, const nube_obj *b)
{
    return strcmp(text_or_empty(nube_str(a, NUBE_OWNER)), text_or_empty(nube_str(b, NUBE_OWNER))) ==
           0;
}

static int note(struct search *s, nube_obj **first, size_t *count, struct nube_buf *names,
                const nube_obj *o, struct nube_error *err)
{
    if ((*count)++ < SHOWN)
        nube_buf_fmt(names, "%s%s (%s)", *count > 1 ? ", " : "", nube_name(o) ? nube_name(o) : "?",
                     nube_id(o) ? nube_id(o) : "?");
    if (*first && !same_owner(*first, o))
        s->many_owners = 1;
    if (*first && !(s->pattern ? newer(o, *first) : before(o, *first)))
        return 0;
    nube_obj_free(*first);
    *first = NULL;
    return nube_obj_dup(first, o, err);
}

static int see(struct search *s, const nube_obj *o, struct nube_error *err)
{
    if (is_exact(s, o))
        return note(s, &s->exact, &s->n_exact, &s->exact_names, o, err);
    if (s->flags & NUBE_FIND_PREFIX &&
        (begins(nube_id(o), s->text) || begins(nube_name(o), s->text)))
        return note(s, &s->prefix, &s->n_prefix, &s->prefix_names, o, err);
    return 0;
}

static int collect(struct search *s, nube_conn *conn, enum nube_op op, const nube_args *args,
                   const struct nube_call_opts *opts, struct nube_error *err)
{
    const nube_obj *o;
    nube_iter *it;
    int rc = nube_iter_new(&it, conn, op, args, opts, err), bad = 0;

    if (rc)
        return rc;
    while (!bad && (rc = nube_iter_next(&o, it, err)) == 1)
        bad = see(s, o, err);
    nube_iter_free(it);
    return bad ? bad : rc;
}

/* What others publish too. */
static int collect_public(struct search *s, nube_conn *conn, const struct nube_call_opts *opts,
                          struct nube_error *err)
{
    nube_args *args = NULL;
    int rc = nube_args_new(&args, err);

    s->many_owners = 0;
    if (!rc) {
        nube_args_set(args, "term", s->text);
        rc = collect(s, conn, NUBE_OP_IMAGE_SEARCH, args, opts, err);
    }
    nube_args_free(args);
    if (!rc && s->n_exact && s->many_owners)
        rc = nube_error_set(err, NUBE_E_AMBIGUOUS,
                            "\"%s\" fits images of several owners, and anybody may take a name: "
                            "give the id of one: %s%s",
                            s->text, s->exact_names.data ? s->exact_names.data : "",
                            s->n_exact > SHOWN ? ", ..." : "");
    return rc;
}

static enum nube_op list_of(enum nube_kind kind)
{
    static const enum nube_op ops[] = {
        NUBE_OP_NODE_LIST, NUBE_OP_IMAGE_LIST,    NUBE_OP_SIZE_LIST,    NUBE_OP_LOCATION_LIST,
        NUBE_OP_KEY_LIST,  NUBE_OP_SNAPSHOT_LIST, NUBE_OP_FIREWALL_LIST};

    for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++)
        if (nube_op_kind(ops[i]) == kind)
            return ops[i];
    return NUBE_OP_NONE;
}

static int choose(nube_obj **out, struct search *s, struct nube_error *err)
{
    size_t n = s->n_exact ? s->n_exact : s->n_prefix;
    nube_obj **from = s->n_exact ? &s->exact : &s->prefix;
    const struct nube_buf *names = s->n_exact ? &s->exact_names : &s->prefix_names;
    int rc = 0;

    if (!n)
        rc = nube_error_set(err, NUBE_E_NOT_FOUND, "no %s has the id%s \"%s\"",
                            nube_kind_name(s->kind),
                            s->kind == NUBE_KIND_NODE ? ", name or address" : " or name", s->text);
    else if (n > 1 && !s->pattern && !(s->flags & NUBE_FIND_FIRST))
        rc = nube_error_set(err, NUBE_E_AMBIGUOUS, "\"%s\" fits %zu %ss: %s%s", s->text, n,
                            nube_kind_name(s->kind), names->data ? names->data : "",
                            n > SHOWN ? ", ..." : "");
    if (rc)
        return rc;
    *out = *from;
    *from = NULL;
    return 0;
}

static int search(struct search *s, nube_conn *conn, const struct nube_call_opts *opts,
                  struct nube_error *err)
{
    enum nube_op list = list_of(s->kind);
    int public = s->kind == NUBE_KIND_IMAGE && nube_can(conn, NUBE_OP_IMAGE_SEARCH), rc = 0;

    if (list == NUBE_OP_NONE || (!nube_can(conn, list) && !public))
        return nube_error_set(err, NUBE_E_UNSUPPORTED, "it has no list of %ss",
                              nube_kind_name(s->kind));
    if (nube_can(conn, list))
        rc = collect(s, conn, list, NULL, opts, err);
    if (!rc && public && !s->n_exact)
        rc = collect_public(s, conn, opts, err);
    return rc;
}

int nube_find(nube_obj **out, nube_conn *conn, enum nube_kind kind, const char *text,
              unsigned flags, const struct nube_call_opts *opts, struct nube_error *err)
{
    struct search s = {.kind = kind, .text = text, .flags = flags};
    char verb[32];
    int rc;

    *out = NULL;
    nube_error_clear(err);
    if (!text || !*text)
        return nube_error_set(err, NUBE_E_USAGE, "an id or name may not be empty");
    s.pattern = kind != NUBE_KIND_NODE && strchr(text, '*') != NULL;
    nube_buf_init(&s.exact_names, NUBE_MAX_NAME);
    nube_buf_init(&s.prefix_names, NUBE_MAX_NAME);
    rc = search(&s, conn, opts, err);
    if (!rc)
        rc = choose(out, &s, err);
    if (rc && err && !*err->verb) {
        snprintf(verb, sizeof(verb), "%s find", nube_kind_name(kind));
        nube_error_about(err, rc, nube_conn_name(conn), verb);
    }
    nube_obj_free(s.exact);
    nube_obj_free(s.prefix);
    nube_buf_free(&s.exact_names);
    nube_buf_free(&s.prefix_names);
    return rc;
}

int nube_node_find(nube_node **out, nube_conn *conn, const char *text, unsigned flags,
                   const struct nube_call_opts *opts, struct nube_error *err)
{
    return nube_find(out, conn, NUBE_KIND_NODE, text, flags, opts, err);
}
