/* CloudAPI's errors, and those of the proxy in front of it, as Nube's classes. */
#include <string.h>

#include "joyent.h"

enum { SLOW_MS = 1000 }; /* its buckets refill by the second, and it does not say so */

/* What a code says beyond the status. retryable: enum nube_tristate. */
static const struct word {
    const char *code, *advice;
    enum nube_code class;
    int retryable;
} words[] = {
    {"InvalidCredentials", "check account, user, key_id and the key", NUBE_E_AUTH, NUBE_NO},
    {"RequestExpired", NULL, NUBE_E_AUTH, NUBE_NO},
    {"NotAuthorized", NULL, NUBE_E_FORBIDDEN, NUBE_NO},
    {"Forbidden", NULL, NUBE_E_FORBIDDEN, NUBE_NO},
    {"ResourceNotFound", NULL, NUBE_E_NOT_FOUND, NUBE_NO},
    {"InvalidArgument", NULL, NUBE_E_USAGE, NUBE_NO},
    {"MissingParameter", NULL, NUBE_E_USAGE, NUBE_NO},
    {"InvalidVersion", "set api_version to one that this datacenter has", NUBE_E_UNSUPPORTED,
     NUBE_NO},
    {"InvalidState", NULL, NUBE_E_STATE, NUBE_NO},
    {"CannotDestroyMachine", "nube node action NODE disable_deletion_protection", NUBE_E_STATE,
     NUBE_NO},
    {"CannotDestroyMachineError", "nube node action NODE disable_deletion_protection", NUBE_E_STATE,
     NUBE_NO},
    {"InUseError", NULL, NUBE_E_CONFLICT, NUBE_NO},
    {"InUse", NULL, NUBE_E_CONFLICT, NUBE_NO},
    {"VolumeInUse", NULL, NUBE_E_CONFLICT, NUBE_NO},
    {"QuotaExceeded", NULL, NUBE_E_QUOTA, NUBE_NO},
    {"InsufficientCapacity", "try another package, or later", NUBE_E_PROVIDER, NUBE_YES},
    {"ImageNotShared", "allow_shared_images=yes", NUBE_E_FORBIDDEN, NUBE_NO},
    {"NotImageOwner", NULL, NUBE_E_FORBIDDEN, NUBE_NO},
    {"RequestThrottled", NULL, NUBE_E_RATE, NUBE_YES},
    {"TooManyRequestsError", NULL, NUBE_E_RATE, NUBE_YES},
    {"IdleClientError", NULL, NUBE_E_PROVIDER, NUBE_YES},
    {"ServiceUnavailable", NULL, NUBE_E_PROVIDER, NUBE_YES},
};

static const struct word *find(const char *code)
{
    size_t i;

    for (i = 0; code && i < JOY_ROWS(words); i++)
        if (strcmp(code, words[i].code) == 0)
            return &words[i];
    return NULL;
}

/* The proxy writes {"BadHTTPRequest": "Request was malformed"}. */
static const char *proxy_message(const nube_doc *doc, const char **code)
{
    const nube_doc *k = nube_doc_type(doc) == NUBE_DOC_OBJECT ? nube_doc_first(doc) : NULL;

    if (!k || nube_doc_type(k) != NUBE_DOC_STRING || nube_doc_next(k))
        return NULL;
    *code = nube_doc_name(k);
    return joy_filled(nube_doc_text(k));
}

/* "message (field: what is wrong with it)" */
static const char *with_fields(nube_call *c, const nube_doc *doc, const char *message)
{
    const nube_doc *k;

    for (k = nube_doc_first(nube_doc_get(doc, "errors")); k; k = nube_doc_next(k))
        if (joy_text(k, "field"))
            message = nube_fmt(c, "%s (%s: %s)", message, joy_text(k, "field"),
                               joy_text(k, "message") ? joy_text(k, "message")
                               : joy_text(k, "code")  ? joy_text(k, "code")
                                                      : "invalid");
    return message;
}

static int is_taken(const nube_doc *doc)
{
    const nube_doc *k;

    for (k = nube_doc_first(nube_doc_get(doc, "errors")); k; k = nube_doc_next(k))
        if (joy_text(k, "code") && strcmp(joy_text(k, "code"), "Duplicate") == 0)
            return 1;
    return 0;
}

/* By the status alone: what the machine was (410), what throttles and what knows no version. */
static void judge_status(struct nube_verdict *v, int status, const char *code)
{
    if (status == 410)
        v->code = NUBE_E_NOT_FOUND;
    else if (status == 449)
        v->code = NUBE_E_UNSUPPORTED;
    else if (status == 405)
        v->code = NUBE_E_UNSUPPORTED;
    else if (status == 413)
        v->code = NUBE_E_TOO_LARGE;
    else if (status == 408)
        v->code = NUBE_E_PROVIDER;
    if (status == 408 || status == 503)
        v->retryable = NUBE_YES;
    if (status == 410 || status == 413 || status == 449 || (status == 409 && code))
        v->retryable = NUBE_NO;
}

static const char *explain(nube_call *c, const char *message, const char *advice)
{
    size_t len = strlen(message);

    while (advice && len && strchr(". ", message[len - 1]))
        len--;
    return advice ? nube_fmt(c, "%.*s; %s", (int)len, message, advice) : message;
}

static void apply(nube_call *c, struct nube_verdict *v, const nube_doc *doc, const char *code)
{
    const struct word *word = find(code);

    if (word) {
        v->code = word->class;
        v->retryable = word->retryable;
    } else if (code && strcmp(code, "ValidationFailed") == 0) {
        v->code = is_taken(doc) ? NUBE_E_CONFLICT : NUBE_E_USAGE;
        v->retryable = NUBE_NO;
    }
    if (v->message)
        v->message = explain(c, with_fields(c, doc, v->message), word ? word->advice : NULL);
}

/* Of a raw request the library reads no document: an error's body is one all the same. */
static const nube_doc *body_of(nube_call *c, const nube_reply *r)
{
    const char *text;
    size_t len;

    if (nube_reply_doc(r))
        return nube_reply_doc(r);
    text = nube_reply_body(r, &len);
    return len && *text == '{' ? nube_doc_parse(c, text, len) : NULL;
}

void joy_classify(nube_call *c, const nube_reply *r, struct nube_verdict *v)
{
    const nube_doc *doc = v->code ? body_of(c, r) : NULL;
    const char *code = joy_text(doc, "code"), *message = joy_text(doc, "message");
    int status = nube_reply_status(r);

    v->request_id = nube_reply_header(r, "Request-Id");
    if (!v->request_id)
        v->request_id = nube_reply_header(r, "x-request-id");
    if (!v->code)
        return;
    if (!code)
        message = proxy_message(doc, &code);
    v->provider_code = code;
    v->message = status == 410 && !message ? "the machine is deleted" : message;
    judge_status(v, status, code);
    apply(c, v, doc, code);
    /* The signature is refused by a clock that is off: the library signs it once more by its own.
     */
    if (message && code && strcmp(code, "InvalidHeader") == 0 && strstr(message, "clock skew"))
        v->code = NUBE_E_AUTH;
    if (v->code == NUBE_E_RATE && v->retry_after_ms < SLOW_MS)
        v->retry_after_ms = SLOW_MS;
    /* There is no session to renew: the same key would sign the same. */
    v->reauth = 0;
}
