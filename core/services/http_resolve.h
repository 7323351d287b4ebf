/* Name lookups that can be abandoned at any moment: getaddrinfo on detached threads, a cache,
 * sharing. */
#ifndef NUBE_SERVICES_HTTP_RESOLVE_H
#define NUBE_SERVICES_HTTP_RESOLVE_H

#include <stdbool.h>

#include "../service.h"

struct nube_resolver;

/* One that waits for a name; embed it, set fn and data. */
struct nube_lookup_wait {
    struct nube_lookup_wait *prev, *next;
    /* addresses: "192.0.2.1,[2001:db8::1]"; NULL: failed, and error says why. Valid during the
     * call. */
    void (*fn)(void *data, const char *addresses, const char *error);
    void *data;
    bool waiting;
};

/* 0 or enum nube_code. */
int nube_resolver_open(struct nube_resolver **out, const struct nube_host *, struct nube_loop *);
/* Waits for no thread; nobody may be waiting any more. */
void nube_resolver_close(struct nube_resolver *);
/* 1: *addresses holds the answer until the next call; 0: fn will be called from the loop; or enum
 * nube_code. */
int nube_resolver_ask(struct nube_resolver *, const char *name, struct nube_lookup_wait *,
                      const char **addresses);
/* Stops waiting; at once, and harmless when not waiting. The lookup itself goes on for the next one
 * who asks. */
void nube_resolver_forget(struct nube_lookup_wait *);

#ifdef NUBE_TEST
struct addrinfo;
/* Replaces getaddrinfo() in lookups started from now on; NULL puts it back. */
void nube_resolver_test_lookup(int (*fn)(const char *, const char *, const struct addrinfo *,
                                         struct addrinfo **));
#endif

#endif
