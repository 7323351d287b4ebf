/* A scripted HTTP server on threads, for the tests of the http service: the path says how it
 * behaves. */
#ifndef NUBE_TESTS_HTTP_SERVER_H
#define NUBE_TESTS_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct server;

struct server_conf {
    const char *unix_path; /* NULL: 127.0.0.1, a free port */
    const char *cert_file, *key_file,
        *client_ca; /* TLS; client_ca: a client certificate is compulsory */
    bool tls12;     /* no newer TLS */
};

struct server *server_start(const struct server_conf *);
void server_stop(struct server *);
int server_port(const struct server *);
int server_accepted(struct server *);
/* The last request, head and body as received. */
const char *server_last(struct server *);

#endif
