/* Creating once: a caller's key for a create, kept by a tag where the provider takes no such key.
 */
#include <string.h>

#include <nube/node.h>

#include "args_int.h"
#include "call_int.h"
#include "error_int.h"
#include "once.h"

#define KEY_ARG "client_token"
#define KEY_TAG "nube-client-token"

struct once {
    nube_conn *conn;
    const char *key;
    struct nube_call_opts opts;
    int64_t end; /* 0: none */
};

/* Each step has what is left of the time of all. */
static const struct nube_call_opts *rest(struct once *o)
{
    int64_t left = o->end - nube_lib_mono(o->conn->lib);

    if (o->end)
        o->opts.deadline_ms = left > 0 ? left : 1;
    return &o->opts;
}

static int first_alive(nube_node **out, nube_iter *nodes, struct nube_error *err)
{
    const nube_node *node;
    int rc;

    while ((rc = nube_iter_next(&node, nodes, err)) == 1)
        if (nube_node_state(node) != NUBE_STATE_TERMINATED)
            return nube_obj_dup(out, node, err);
    return rc;
}

/* The node with the key, if there is one: 0 and *out or NULL. */
static int look(nube_node **out, struct once *o, struct nube_error *err)
{
    nube_args *filters;
    nube_iter *nodes = NULL;
    int rc = nube_args_new(&filters, err);

    *out = NULL;
    if (rc)
        return rc;
    nube_args_set_pair(filters, "tag", KEY_TAG, o->key);
    rc = nube_node_list(&nodes, o->conn, filters, rest(o), err);
    nube_args_free(filters);
    if (!rc)
        rc = first_alive(out, nodes, err);
    nube_iter_free(nodes);
    return rc;
}

static int make(nube_node **out, struct once *o, const nube_args *args, struct nube_error *err)
{
    nube_args *tagged;
    int rc = nube_args_copy(&tagged, args, err);

    if (rc)
        return rc;
    nube_args_drop(tagged, KEY_ARG);
    nube_args_set_pair(tagged, "tag", KEY_TAG, o->key);
    rc = nube_node_create(out, o->conn, tagged, rest(o), err);
    nube_args_free(tagged);
    return rc;
}

/* Who knows whether it was made can say so: the tag. What the first error said stays when not. */
static int settle(nube_node **out, struct once *o, int rc, struct nube_error *err)
{
    struct nube_error own = NUBE_ERROR_INIT;
    nube_node *found;

    if (rc != NUBE_E_OUTCOME_UNKNOWN || look(&found, o, &own) || !found)
        return rc;
    nube_obj_free(*out);
    *out = found;
    nube_error_clear(err);
    return 0;
}

bool nube_once_wanted(const nube_conn *conn, const nube_args *args)
{
    return args && nube_args_get(args, KEY_ARG) &&
           !nube_accepts(conn, NUBE_OP_NODE_CREATE, KEY_ARG);
}

int nube_once_create(nube_node **out, nube_conn *conn, const nube_args *args,
                     const struct nube_call_opts *opts, struct nube_error *err)
{
    struct once o = {.conn = conn, .key = nube_args_get(args, KEY_ARG)};
    int rc;

    *out = NULL;
    nube_error_clear(err);
    if (!nube_accepts(conn, NUBE_OP_NODE_CREATE, "tag") || !nube_can(conn, NUBE_OP_NODE_LIST))
        return nube_error_set(err, NUBE_E_UNSUPPORTED,
                              "%s: %s is not honoured: the provider takes none, and its nodes have "
                              "no tags to keep it in",
                              nube_conn_name(conn), KEY_ARG);
    if (!*o.key || strlen(o.key) > 64)
        return nube_error_set(err, NUBE_E_USAGE, "%s takes 1 to 64 octets", KEY_ARG);
    nube_call_opts_copy(&o.opts, opts);
    if (o.opts.deadline_ms > 0)
        o.end = nube_lib_mono(conn->lib) + o.opts.deadline_ms;
    rc = look(out, &o, err);
    if (rc || *out)
        return rc;
    rc = make(out, &o, args, err);
    return settle(out, &o, rc, err);
}
