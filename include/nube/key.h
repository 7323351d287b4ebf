/* Key pairs: the verbs on what may log in to nodes. */
#ifndef NUBE_KEY_H
#define NUBE_KEY_H

#include <nube/conn.h>

NUBE_BEGIN

/* Filters: id, name, search. */
NUBE_API int nube_key_list(nube_iter **out, nube_conn *conn, const nube_args *filters,
                           const struct nube_call_opts *opts, struct nube_error *err);
/* By name or id. *out is owned: nube_obj_free(). */
NUBE_API int nube_key_get(nube_key **out, nube_conn *conn, const char *id,
                          const struct nube_call_opts *opts, struct nube_error *err);
/* A new pair, made by the provider (argument name): the object has the private key, which nobody
 * gives out a second time. */
NUBE_API int nube_key_create(nube_key **out, nube_conn *conn, const nube_args *args,
                             const struct nube_call_opts *opts, struct nube_error *err);
/* A pair of the caller's: arguments name and public_key, as in authorized_keys. */
NUBE_API int nube_key_import(nube_key **out, nube_conn *conn, const nube_args *args,
                             const struct nube_call_opts *opts, struct nube_error *err);
NUBE_API int nube_key_delete(nube_conn *conn, const char *id, const nube_args *args,
                             const struct nube_call_opts *opts, struct nube_error *err);

NUBE_END

#endif
