/* Finding one node by id, name, address or unique prefix. */
#include <string.h>

#include <nube/node.h>

#include "buf.h"
#include "error_int.h"
#include "object_int.h"

enum { SHOWN = 5 };

struct search {
    const char *text;
    unsigned flags;
    nube_obj *exact, *prefix; /* the first of each, by name and id */
    size_t n_exact, n_prefix;
    struct nube_buf exact_names, prefix_names;
};

static int is_exact(const nube_obj *o, const char *text)
{
    return nube_obj_matches(o, "id", NULL, text) || nube_obj_matches(o, "name", NULL, text) ||
           nube_obj_matches(o, "address", NULL, text);
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

static int note(nube_obj **first, size_t *count, struct nube_buf *names, const nube_obj *o,
                struct nube_error *err)
{
    if ((*count)++ < SHOWN)
        nube_buf_fmt(names, "%s%s (%s)", *count > 1 ? ", " : "", nube_name(o) ? nube_name(o) : "?",
                     nube_id(o) ? nube_id(o) : "?");
    if (*first && !before(o, *first))
        return 0;
    nube_obj_free(*first);
    *first = NULL;
    return nube_obj_dup(first, o, err);
}

static int collect(struct search *s, nube_conn *conn, const struct nube_call_opts *opts,
                   struct nube_error *err)
{
    const nube_obj *o;
    nube_iter *it;
    int rc = nube_node_list(&it, conn, NULL, opts, err);

    if (rc)
        return rc;
    while ((rc = nube_iter_next(&o, it, err)) == 1) {
        int bad = 0;

        if (is_exact(o, s->text))
            bad = note(&s->exact, &s->n_exact, &s->exact_names, o, err);
        else if (s->flags & NUBE_FIND_PREFIX &&
                 (begins(nube_id(o), s->text) || begins(nube_name(o), s->text)))
            bad = note(&s->prefix, &s->n_prefix, &s->prefix_names, o, err);
        if (bad) {
            rc = bad;
            break;
        }
    }
    nube_iter_free(it);
    return rc;
}

static int choose(nube_node **out, struct search *s, nube_conn *conn, struct nube_error *err)
{
    size_t n = s->n_exact ? s->n_exact : s->n_prefix;
    nube_obj **from = s->n_exact ? &s->exact : &s->prefix;
    const struct nube_buf *names = s->n_exact ? &s->exact_names : &s->prefix_names;
    int rc = 0;

    if (!n)
        rc = nube_error_set(err, NUBE_E_NOT_FOUND, "no node has the id, name or address \"%s\"",
                            s->text);
    else if (n > 1 && !(s->flags & NUBE_FIND_FIRST))
        rc = nube_error_set(err, NUBE_E_AMBIGUOUS, "\"%s\" fits %zu nodes: %s%s", s->text, n,
                            names->data ? names->data : "", n > SHOWN ? ", ..." : "");
    if (rc)
        return nube_error_about(err, rc, nube_conn_name(conn), "node find");
    *out = *from;
    *from = NULL;
    return 0;
}

int nube_node_find(nube_node **out, nube_conn *conn, const char *text, unsigned flags,
                   const struct nube_call_opts *opts, struct nube_error *err)
{
    struct search s = {.text = text, .flags = flags};
    int rc;

    *out = NULL;
    if (!text || !*text)
        return nube_error_set(err, NUBE_E_USAGE, "a node's id, name or address may not be empty");
    nube_buf_init(&s.exact_names, NUBE_MAX_NAME);
    nube_buf_init(&s.prefix_names, NUBE_MAX_NAME);
    rc = collect(&s, conn, opts, err);
    if (!rc)
        rc = choose(out, &s, conn, err);
    nube_obj_free(s.exact);
    nube_obj_free(s.prefix);
    nube_buf_free(&s.exact_names);
    nube_buf_free(&s.prefix_names);
    return rc;
}
