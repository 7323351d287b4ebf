/* Starts tests/support/faultd.py, a server that misbehaves as told, from a C test. */
#ifndef NUBE_TESTS_FAULTD_H
#define NUBE_TESTS_FAULTD_H

#include <sys/types.h>

struct faultd {
    pid_t pid;
    int in;   /* its standard input: it ends with it, and so with the test */
    int port; /* on 127.0.0.1; 0 for a unix socket */
};

/* scenario: the JSON text that faultd.py explains. args: further arguments, NULL at the end, or
 * NULL. Waits until it listens. 0, or -1 and a line on standard error. */
int faultd_start(struct faultd *f, const char *scenario, const char *const *args);
/* Ends it and waits for its end; fine after a failed start. */
void faultd_stop(struct faultd *f);
/* A number of GET /_stats of a TCP server without TLS: "requests", "connections", "parallel",
 * "open", "GET /path" for one path, or the name of a token. 0 when there is none, -1 when it does
 * not answer. */
long faultd_stat(const struct faultd *f, const char *name);

#endif
