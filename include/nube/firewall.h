/* Firewalls (security groups): the verbs on what traffic reaches nodes. */
#ifndef NUBE_FIREWALL_H
#define NUBE_FIREWALL_H

#include <nube/conn.h>

NUBE_BEGIN

/* Filters: id, name, search. Rules are extra values, "rule.1" and on, sorted. */
NUBE_API int nube_firewall_list(nube_iter **out, nube_conn *conn, const nube_args *filters,
                                const struct nube_call_opts *opts, struct nube_error *err);
/* Argument name. *out is owned: nube_obj_free(). */
NUBE_API int nube_firewall_create(nube_firewall **out, nube_conn *conn, const nube_args *args,
                                  const struct nube_call_opts *opts, struct nube_error *err);
NUBE_API int nube_firewall_delete(nube_conn *conn, const char *id, const nube_args *args,
                                  const struct nube_call_opts *opts, struct nube_error *err);
/* Arguments: direction (in, out), protocol, port, peer and what else the driver's table has. */
NUBE_API int nube_firewall_rule_add(nube_conn *conn, const char *id, const nube_args *args,
                                    const struct nube_call_opts *opts, struct nube_error *err);
NUBE_API int nube_firewall_rule_remove(nube_conn *conn, const char *id, const nube_args *args,
                                       const struct nube_call_opts *opts, struct nube_error *err);

NUBE_END

#endif
