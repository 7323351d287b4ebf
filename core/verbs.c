/* The verbs of the public headers: each a thin form of nube_call_op() or an iterator. */
#include <nube/firewall.h>
#include <nube/image.h>
#include <nube/key.h>
#include <nube/node.h>
#include <nube/snapshot.h>

#include "error_int.h"
#include "once.h"
#include "options.h"

/* A copy of args with the id of what the verb is about. */
static int with_id(nube_args **out, const nube_args *args, const char *id, struct nube_error *err)
{
    int rc = args ? nube_args_copy(out, args, err) : nube_args_new(out, err);

    if (!rc)
        nube_args_set(*out, "id", id);
    return rc;
}

/* Takes the set, whatever happens. */
static int run(nube_result **out, nube_conn *conn, enum nube_op op, nube_args *args,
               const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_result *result = NULL;
    int rc = nube_call_op(&result, conn, op, args, opts, err);

    nube_args_free(args);
    if (out)
        *out = result;
    else
        nube_result_free(result);
    return rc;
}

static int act(nube_conn *conn, enum nube_op op, const char *id, const nube_args *args,
               const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_args *all = NULL;
    int rc = with_id(&all, args, id, err);

    return rc ? rc : run(NULL, conn, op, all, opts, err);
}

/* The one object of a result, on failure too when there is one. Takes the set. */
static int one(nube_obj **out, nube_conn *conn, enum nube_op op, nube_args *args,
               const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_result *result = NULL;
    const nube_obj *obj;
    int rc = run(&result, conn, op, args, opts, err);

    *out = NULL;
    obj = nube_result_at(result, 0);
    if (obj && nube_obj_dup(out, obj, rc ? NULL : err) && !rc)
        rc = NUBE_E_MEMORY;
    nube_result_free(result);
    if (!rc && !obj && !(opts && opts->flags & NUBE_CALL_DRY_RUN))
        rc = nube_error_set(err, NUBE_E_PROTOCOL, "%s: %s gave no object", nube_conn_name(conn),
                            nube_op_name(op));
    return rc;
}

static int get(nube_obj **out, nube_conn *conn, enum nube_op op, const char *id,
               const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_args *args = NULL;
    int rc = with_id(&args, NULL, id, err);

    *out = NULL;
    return rc ? rc : one(out, conn, op, args, opts, err);
}

static int make(nube_obj **out, nube_conn *conn, enum nube_op op, const nube_args *args,
                const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_args *all = NULL;
    int rc = with_id(&all, args, NULL, err);

    *out = NULL;
    return rc ? rc : one(out, conn, op, all, opts, err);
}

static int action(nube_result **out, nube_conn *conn, enum nube_op op, const char *id,
                  const char *name, const nube_args *args, const struct nube_call_opts *opts,
                  struct nube_error *err)
{
    nube_args *all = NULL;
    int rc = with_id(&all, args, id, err);

    if (out)
        *out = NULL;
    if (rc)
        return rc;
    nube_args_set(all, "action", name);
    return run(out, conn, op, all, opts, err);
}

int nube_node_list(nube_iter **out, nube_conn *conn, const nube_args *filters,
                   const struct nube_call_opts *opts, struct nube_error *err)
{
    return nube_iter_new(out, conn, NUBE_OP_NODE_LIST, filters, opts, err);
}

int nube_node_get(nube_node **out, nube_conn *conn, const char *id,
                  const struct nube_call_opts *opts, struct nube_error *err)
{
    return get(out, conn, NUBE_OP_NODE_GET, id, opts, err);
}

int nube_node_create(nube_node **out, nube_conn *conn, const nube_args *args,
                     const struct nube_call_opts *opts, struct nube_error *err)
{
    return nube_once_wanted(conn, args) ? nube_once_create(out, conn, args, opts, err)
                                        : make(out, conn, NUBE_OP_NODE_CREATE, args, opts, err);
}

int nube_node_destroy(nube_conn *conn, const char *id, const nube_args *args,
                      const struct nube_call_opts *opts, struct nube_error *err)
{
    return act(conn, NUBE_OP_NODE_DESTROY, id, args, opts, err);
}

int nube_node_start(nube_conn *conn, const char *id, const struct nube_call_opts *opts,
                    struct nube_error *err)
{
    return act(conn, NUBE_OP_NODE_START, id, NULL, opts, err);
}

int nube_node_stop(nube_conn *conn, const char *id, const nube_args *args,
                   const struct nube_call_opts *opts, struct nube_error *err)
{
    return act(conn, NUBE_OP_NODE_STOP, id, args, opts, err);
}

int nube_node_reboot(nube_conn *conn, const char *id, const nube_args *args,
                     const struct nube_call_opts *opts, struct nube_error *err)
{
    return act(conn, NUBE_OP_NODE_REBOOT, id, args, opts, err);
}

int nube_node_suspend(nube_conn *conn, const char *id, const struct nube_call_opts *opts,
                      struct nube_error *err)
{
    return act(conn, NUBE_OP_NODE_SUSPEND, id, NULL, opts, err);
}

int nube_node_resume(nube_conn *conn, const char *id, const struct nube_call_opts *opts,
                     struct nube_error *err)
{
    return act(conn, NUBE_OP_NODE_RESUME, id, NULL, opts, err);
}

int nube_node_rename(nube_conn *conn, const char *id, const char *name,
                     const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_args *args = NULL;
    int rc = with_id(&args, NULL, id, err);

    if (rc)
        return rc;
    nube_args_set(args, "name", name);
    return run(NULL, conn, NUBE_OP_NODE_RENAME, args, opts, err);
}

int nube_node_tag(nube_conn *conn, const char *id, const nube_args *args,
                  const struct nube_call_opts *opts, struct nube_error *err)
{
    return act(conn, NUBE_OP_NODE_TAG, id, args, opts, err);
}

int nube_node_resize(nube_conn *conn, const char *id, const nube_args *args,
                     const struct nube_call_opts *opts, struct nube_error *err)
{
    return act(conn, NUBE_OP_NODE_RESIZE, id, args, opts, err);
}

int nube_node_console(nube_result **out, nube_conn *conn, const char *id, const nube_args *args,
                      const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_args *all = NULL;
    int rc = with_id(&all, args, id, err);

    if (out)
        *out = NULL;
    return rc ? rc : run(out, conn, NUBE_OP_NODE_CONSOLE, all, opts, err);
}

int nube_node_run(nube_result **out, nube_conn *conn, const char *id, const char *const *argv,
                  const nube_args *args, const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_args *all = NULL;
    int rc = with_id(&all, args, id, err);

    if (out)
        *out = NULL;
    if (rc)
        return rc;
    for (; argv && *argv; argv++)
        nube_args_set(all, "command", *argv);
    return run(out, conn, NUBE_OP_NODE_RUN, all, opts, err);
}

int nube_node_probe_with(nube_node **out, nube_conn *conn, const char *id, const nube_args *args,
                         const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_args *all = NULL;
    int rc = with_id(&all, args, id, err);

    *out = NULL;
    return rc ? rc : one(out, conn, NUBE_OP_NODE_PROBE, all, opts, err);
}

int nube_node_probe(nube_node **out, nube_conn *conn, const char *id,
                    const struct nube_call_opts *opts, struct nube_error *err)
{
    return get(out, conn, NUBE_OP_NODE_PROBE, id, opts, err);
}

int nube_node_action(nube_result **out, nube_conn *conn, const char *id, const char *name,
                     const nube_args *args, const struct nube_call_opts *opts,
                     struct nube_error *err)
{
    return action(out, conn, NUBE_OP_NODE_ACTION, id, name, args, opts, err);
}

int nube_image_list(nube_iter **out, nube_conn *conn, const nube_args *filters,
                    const struct nube_call_opts *opts, struct nube_error *err)
{
    return nube_iter_new(out, conn, NUBE_OP_IMAGE_LIST, filters, opts, err);
}

int nube_image_search(nube_iter **out, nube_conn *conn, const char *term,
                      const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_args *args = NULL;
    int rc = nube_args_new(&args, err);

    *out = NULL;
    if (rc)
        return rc;
    nube_args_set(args, "term", term);
    rc = nube_iter_new(out, conn, NUBE_OP_IMAGE_SEARCH, args, opts, err);
    nube_args_free(args);
    return rc;
}

int nube_image_get(nube_image **out, nube_conn *conn, const char *id,
                   const struct nube_call_opts *opts, struct nube_error *err)
{
    return get(out, conn, NUBE_OP_IMAGE_GET, id, opts, err);
}

int nube_image_create(nube_image **out, nube_conn *conn, const nube_args *args,
                      const struct nube_call_opts *opts, struct nube_error *err)
{
    return make(out, conn, NUBE_OP_IMAGE_CREATE, args, opts, err);
}

int nube_image_delete(nube_conn *conn, const char *id, const nube_args *args,
                      const struct nube_call_opts *opts, struct nube_error *err)
{
    return act(conn, NUBE_OP_IMAGE_DELETE, id, args, opts, err);
}

int nube_image_action(nube_result **out, nube_conn *conn, const char *id, const char *name,
                      const nube_args *args, const struct nube_call_opts *opts,
                      struct nube_error *err)
{
    return action(out, conn, NUBE_OP_IMAGE_ACTION, id, name, args, opts, err);
}

int nube_size_list(nube_iter **out, nube_conn *conn, const nube_args *filters,
                   const struct nube_call_opts *opts, struct nube_error *err)
{
    return nube_iter_new(out, conn, NUBE_OP_SIZE_LIST, filters, opts, err);
}

int nube_location_list(nube_iter **out, nube_conn *conn, const nube_args *filters,
                       const struct nube_call_opts *opts, struct nube_error *err)
{
    return nube_iter_new(out, conn, NUBE_OP_LOCATION_LIST, filters, opts, err);
}

int nube_key_list(nube_iter **out, nube_conn *conn, const nube_args *filters,
                  const struct nube_call_opts *opts, struct nube_error *err)
{
    return nube_iter_new(out, conn, NUBE_OP_KEY_LIST, filters, opts, err);
}

int nube_key_get(nube_key **out, nube_conn *conn, const char *id, const struct nube_call_opts *opts,
                 struct nube_error *err)
{
    return get(out, conn, NUBE_OP_KEY_GET, id, opts, err);
}

int nube_key_create(nube_key **out, nube_conn *conn, const nube_args *args,
                    const struct nube_call_opts *opts, struct nube_error *err)
{
    return make(out, conn, NUBE_OP_KEY_CREATE, args, opts, err);
}

int nube_key_import(nube_key **out, nube_conn *conn, const nube_args *args,
                    const struct nube_call_opts *opts, struct nube_error *err)
{
    return make(out, conn, NUBE_OP_KEY_IMPORT, args, opts, err);
}

int nube_key_delete(nube_conn *conn, const char *id, const nube_args *args,
                    const struct nube_call_opts *opts, struct nube_error *err)
{
    return act(conn, NUBE_OP_KEY_DELETE, id, args, opts, err);
}

int nube_firewall_list(nube_iter **out, nube_conn *conn, const nube_args *filters,
                       const struct nube_call_opts *opts, struct nube_error *err)
{
    return nube_iter_new(out, conn, NUBE_OP_FIREWALL_LIST, filters, opts, err);
}

int nube_firewall_create(nube_firewall **out, nube_conn *conn, const nube_args *args,
                         const struct nube_call_opts *opts, struct nube_error *err)
{
    return make(out, conn, NUBE_OP_FIREWALL_CREATE, args, opts, err);
}

int nube_firewall_delete(nube_conn *conn, const char *id, const nube_args *args,
                         const struct nube_call_opts *opts, struct nube_error *err)
{
    return act(conn, NUBE_OP_FIREWALL_DELETE, id, args, opts, err);
}

int nube_firewall_rule_add(nube_conn *conn, const char *id, const nube_args *args,
                           const struct nube_call_opts *opts, struct nube_error *err)
{
    return act(conn, NUBE_OP_FIREWALL_RULE_ADD, id, args, opts, err);
}

int nube_firewall_rule_remove(nube_conn *conn, const char *id, const nube_args *args,
                              const struct nube_call_opts *opts, struct nube_error *err)
{
    return act(conn, NUBE_OP_FIREWALL_RULE_REMOVE, id, args, opts, err);
}

int nube_node_rebuild(nube_node **out, nube_conn *conn, const char *id, const nube_args *args,
                      const struct nube_call_opts *opts, struct nube_error *err)
{
    nube_result *result = NULL;
    nube_args *all = NULL;
    int rc = with_id(&all, args, id, err);

    if (out)
        *out = NULL;
    if (!rc)
        rc = run(&result, conn, NUBE_OP_NODE_REBUILD, all, opts, err);
    if (out && nube_result_at(result, 0) && nube_obj_dup(out, nube_result_at(result, 0), NULL))
        rc = rc ? rc : nube_error_nomem(err);
    nube_result_free(result);
    return rc;
}

int nube_node_metadata(nube_conn *conn, const char *id, const nube_args *args,
                       const struct nube_call_opts *opts, struct nube_error *err)
{
    return act(conn, NUBE_OP_NODE_METADATA, id, args, opts, err);
}

int nube_snapshot_list(nube_iter **out, nube_conn *conn, const nube_args *filters,
                       const struct nube_call_opts *opts, struct nube_error *err)
{
    return nube_iter_new(out, conn, NUBE_OP_SNAPSHOT_LIST, filters, opts, err);
}

int nube_snapshot_create(nube_snapshot **out, nube_conn *conn, const nube_args *args,
                         const struct nube_call_opts *opts, struct nube_error *err)
{
    return make(out, conn, NUBE_OP_SNAPSHOT_CREATE, args, opts, err);
}

int nube_snapshot_restore(nube_conn *conn, const char *id, const nube_args *args,
                          const struct nube_call_opts *opts, struct nube_error *err)
{
    return act(conn, NUBE_OP_SNAPSHOT_RESTORE, id, args, opts, err);
}

int nube_snapshot_delete(nube_conn *conn, const char *id, const nube_args *args,
                         const struct nube_call_opts *opts, struct nube_error *err)
{
    return act(conn, NUBE_OP_SNAPSHOT_DELETE, id, args, opts, err);
}
