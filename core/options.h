/* Arguments and options checked against published tables; the values that drivers read. */
#ifndef NUBE_CORE_OPTIONS_H
#define NUBE_CORE_OPTIONS_H

#include <nube/option.h>

#include "arena.h"
#include "registry.h"

/* One checked value. */
struct nube_checked {
    const struct nube_option *row;
    const char *text; /* as given (a pair: the part behind '='), terminated */
    size_t len;
    const char *key; /* of a pair */
    int64_t num;     /* INT, BYTES, DURATION (ms), BOOL */
    double real;     /* NUMBER */
};

/* Values of one call or connection; lives in an arena. */
struct nube_checked_set {
    struct nube_checked *at;
    size_t count;
};

/* The options every HTTP driver has (DESIGN section 6): endpoint, region, ca_file, ... Appended to
 * a driver's rows at adoption when it declares HTTP, unless it has its own row of that name. */
extern const struct nube_option nube_http_options[];
extern const size_t nube_http_option_count;
/* The filters every list accepts (id, name, search, state, tag, image, location, address): rows for
 * op's kind; NULL when it is not a filter of that list. The core applies them when the driver does
 * not. */
size_t nube_filter_rows(enum nube_op op,
                        const struct nube_option **rows); /* how many: the first ones of *rows */
const struct nube_option *nube_filter_row(enum nube_op op, const char *name);

/*
 * Checks args for an operation (or the connection) of a driver and copies them into
 * the arena. Unknown name: NUBE_E_UNSUPPORTED for an operation, NUBE_E_USAGE for the
 * connection, naming the nearest known one. Wrong type, limit, pattern, choice, NUL,
 * CR or LF, length, a scalar given twice, a required one missing: NUBE_E_USAGE with name, what
 * was given (not if secret) and what is accepted. args may be NULL.
 * required 0 skips the test for required ones (connections: presets and sources come later).
 */
int nube_options_check(struct nube_checked_set *out, struct nube_arena *arena,
                       const struct nube_driver_info *driver, enum nube_op op, const char *action,
                       const nube_args *args, int required, struct nube_error *err);

const struct nube_checked *nube_checked_get(const struct nube_checked_set *set, const char *name);
const struct nube_checked *nube_checked_at(const struct nube_checked_set *set, const char *name,
                                           size_t i);
size_t nube_checked_count(const struct nube_checked_set *set, const char *name);

/* Sticky error of a set under construction: 0, NUBE_E_MEMORY or NUBE_E_USAGE. */
int nube_args_status(const nube_args *args, struct nube_error *err);
int nube_args_copy(nube_args **out, const nube_args *args, struct nube_error *err);
/* Readers used for options of several kinds; 0 or -1. */
int nube_parse_int(const char *text, int64_t *out);
int nube_parse_number(const char *text, double *out); /* finite; a point whatever the locale */
int nube_parse_bool(const char *text, int64_t *out);
int nube_parse_bytes(const char *text, int64_t *out);
int nube_parse_duration(const char *text, int64_t *out);

#endif
