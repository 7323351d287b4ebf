/* Commands whose standard streams carry a connection: started, listened to, ended and reaped. */
#ifndef NUBE_SERVICES_HTTP_CHILD_H
#define NUBE_SERVICES_HTTP_CHILD_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "../service.h"

struct nube_child;

/* The commands of one http handle. */
struct nube_children {
    const struct nube_host *host;
    struct nube_loop *loop;
    struct nube_child *first;
};

/*
 * A socket to be connected to the address written to *to: as soon as it is, argv is started
 * without a shell, the other end its standard input and output. -1 and errno.
 */
int nube_child_socket(struct nube_children *, const char *const *argv, struct sockaddr_un *to,
                      socklen_t *to_len);
/* The socket was closed: the command is to end by itself, and is made to if it does not. Unknown
 * ones are ignored. */
void nube_child_closed(struct nube_children *, int socket);
/*
 * The last thing that the newest command on this socket said on standard error, as one line, or why
 * it could not be started; "" for nothing. False when it was never started.
 */
bool nube_child_said(struct nube_children *, int socket, char *out, size_t size);
/* Kills and reaps all. */
void nube_children_end(struct nube_children *);

#endif
