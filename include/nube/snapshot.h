/* Snapshots: the verbs on states of nodes that are kept. */
#ifndef NUBE_SNAPSHOT_H
#define NUBE_SNAPSHOT_H

#include <nube/conn.h>

NUBE_BEGIN

/* Filters: node, id, name. */
NUBE_API int nube_snapshot_list(nube_iter **out, nube_conn *conn, const nube_args *filters,
                                const struct nube_call_opts *opts, struct nube_error *err);
/* Of a node (argument node), called `name`. *out is owned: nube_obj_free(). */
NUBE_API int nube_snapshot_create(nube_snapshot **out, nube_conn *conn, const nube_args *args,
                                  const struct nube_call_opts *opts, struct nube_error *err);
/* Makes its node what it was then. */
NUBE_API int nube_snapshot_restore(nube_conn *conn, const char *id, const nube_args *args,
                                   const struct nube_call_opts *opts, struct nube_error *err);
NUBE_API int nube_snapshot_delete(nube_conn *conn, const char *id, const nube_args *args,
                                  const struct nube_call_opts *opts, struct nube_error *err);

NUBE_END

#endif
