/* Creating once: what node create does with client_token where the driver does not take it. */
#ifndef NUBE_CORE_ONCE_H
#define NUBE_CORE_ONCE_H

#include <stdbool.h>

#include <nube/node.h>

/* Is there a key that the driver leaves to us? */
bool nube_once_wanted(const nube_conn *conn, const nube_args *args);
/* The node that has the key already, else a new one with it as a tag. As nube_node_create(). */
int nube_once_create(nube_node **out, nube_conn *conn, const nube_args *args,
                     const struct nube_call_opts *opts, struct nube_error *err);

#endif
