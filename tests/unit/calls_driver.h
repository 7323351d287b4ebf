/* A small provider for the tests of the engine: a driver, and a server that a function scripts. */
#ifndef NUBE_TESTS_CALLS_DRIVER_H
#define NUBE_TESTS_CALLS_DRIVER_H

#include <stdbool.h>
#include <stddef.h>

#include <nube/driver/driver.h>

extern const struct nube_driver fake_driver;

struct answer {
    int status;
    char headers[256]; /* whole lines, each with its CR LF */
    const char *body;
    char *owned;    /* a body to free, instead of `body` */
    int cut;        /* send so many octets of the body, then close; -1: all */
    bool close_now; /* no answer: the connection is closed */
    bool silent;    /* no answer: the connection is held until the server stops */
};

/* What came: nth counts the requests of this method and path (query left out), from 1. */
struct asked {
    char method[8], path[128], query[128], token[64], body[256];
    int nth;
};

typedef void (*fake_script)(const struct asked *, struct answer *);

struct fake;
struct fake *fake_start(fake_script script);
void fake_stop(struct fake *);
int fake_port(const struct fake *);
/* How many requests of this method and path ("GET /nodes") came; NULL: all. */
int fake_count(struct fake *, const char *what);
/* Did a request carry this token? */
bool fake_saw_token(struct fake *, const char *what, const char *token);

#endif
