/* Commands whose standard streams carry a connection: started, listened to, ended and reaped. */
#ifndef NUBE_SERVICES_HTTP_CHILD_H
#define NUBE_SERVICES_HTTP_CHILD_H

#include "../service.h"

struct nube_child;

/* The commands of one http handle. */
struct nube_children {
    const struct nube_host *host;
    struct nube_loop *loop;
    struct nube_child *first;
};

/* Starts argv without a shell; the socket that is its standard input and output, or -1 and errno.
 */
int nube_child_start(struct nube_children *, const char *const *argv);
/* The socket was closed: the command is to end by itself, and is made to if it does not. Unknown
 * ones are ignored. */
void nube_child_closed(struct nube_children *, int socket);
/* The last thing that the newest command on this socket said on standard error, as one line; "" for
 * nothing. */
void nube_child_said(struct nube_children *, int socket, char *out, size_t size);
/* Kills and reaps all. */
void nube_children_end(struct nube_children *);

#endif
