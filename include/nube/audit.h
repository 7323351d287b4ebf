/* Records of calls that change something, for a log of who did what. */
#ifndef NUBE_AUDIT_H
#define NUBE_AUDIT_H

#include <nube/error.h>
#include <nube/op.h>

NUBE_BEGIN

/*
 * One call that was begun and has ended; texts live until the hook returns, "" when there is
 * nothing to say, and are never secrets. What was refused before it began (an unknown
 * argument, a state that forbids it) and a dry run make no record; a clean-up of the
 * library's own, after a failure, does.
 */
struct nube_audit {
    uint32_t size;
    int32_t op;          /* enum nube_op */
    int64_t begun_ms;    /* since 1970 */
    int64_t took_ms;     /* until it ended */
    const char *action;  /* the driver's own word for NODE_ACTION and IMAGE_ACTION; method of RAW */
    const char *backend; /* how the connection is called */
    const char *provider;
    const char *id;         /* of what was changed or, by a create, made */
    const char *name;       /* as the call named it */
    const char *request_id; /* the provider's, of the last request that changed something */
    int32_t undo;           /* 1: the library cleans up what a failed call had made */
    int32_t reserved;
    const struct nube_error *error; /* code 0: done. NUBE_E_OUTCOME_UNKNOWN: nobody can tell */
};

/*
 * The record as one line of JSON without a newline: time, backend, provider, verb, action,
 * id, name, request_id, outcome, message, http_status, provider_code, took_ms, undo. outcome is
 * "done" or the class of the error. Owned: nube_free(). NULL when out of memory.
 */
NUBE_API char *nube_audit_json(const struct nube_audit *record);

NUBE_END

#endif
