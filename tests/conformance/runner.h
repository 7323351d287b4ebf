/* What the parts of the conformance program share: one call, and what is said of it. */
#ifndef NUBE_TESTS_RUNNER_H
#define NUBE_TESTS_RUNNER_H

#include "conformance.h"

extern const struct conformance *table; /* the driver's, that is being looked at */
extern const char *driver_path;
extern char dir[];      /* scratch; holds the replies from files */
extern char where[512]; /* which scenario, and what is changed in it */

void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct outcome {
    int code;
    struct nube_error err;
    nube_result *result;
    nube_lib *lib;
    nube_conn *conn;
};

/* Adds name, value, ..., NULL but for those of this name, if there is one. */
void add_all(nube_args *args, const char *const *pairs, const char *but);
nube_args *args_of(const char *const *pairs);
/* The scenario's operation on a new connection; replay: the folder of its replies, NULL: over the
 * network. Takes options and arguments. */
void run_call(struct outcome *o, const struct scenario *s, const char *replay, nube_args *options,
              nube_args *args);
void forget(struct outcome *o);
/* Is it what the scenario says? */
void check(const struct outcome *o, const struct scenario *s);
size_t body_len(const struct exchange *x);

/* T-04 and T-05: an account's TLS setting and its endpoint hold for every request. */
void check_account(void);
/* T-21: long and hostile text in every option and argument. */
void check_hostile(void);

#endif
