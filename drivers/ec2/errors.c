/* EC2's error codes as Nube's classes, with what to do about them. */
#include <stdlib.h>
#include <string.h>

#include "ec2.h"

enum { LATER = 1, NEVER = 2, RENEW = 4, GOOD = 8 };

#define CLOCK   "this machine's clock may be wrong"
#define NEW_KEY "use another client_token: this one was used for another request"
#define ZONE    "try another location, size or time: capacity is not made by repeating"
#define RIGHTS  "the account needs the right to do this"
#define ENABLE  "the account must accept or enable this first"
#define ANOTHER "set key and secret, or a profile that has them"
#define SLOWER  "fewer or smaller calls, or wait"
#define RAISE   "remove something or ask AWS to raise the limit"

/*
 * Codes with a meaning of their own, sorted. What is not here is judged by how it
 * ends and begins, then by its status.
 */
static const struct row {
    const char *word;
    enum nube_code code;
    int flags;
    const char *advice;
} rows[] = {
    {"AccessDenied", NUBE_E_FORBIDDEN, NEVER, RIGHTS},
    {"AccessDeniedException", NUBE_E_FORBIDDEN, NEVER, RIGHTS},
    /* Several causes, see auth_failure(): a login asks the token service which. */
    {"AuthFailure", NUBE_E_AUTH, NEVER | RENEW, NULL},
    {"BandwidthLimitExceeded", NUBE_E_RATE, LATER, SLOWER},
    {"Blocked", NUBE_E_FORBIDDEN, NEVER, "AWS blocked the account: its support knows why"},
    {"DefaultVpcDoesNotExist", NUBE_E_CONFLICT, NEVER, "name a subnet: subnet=subnet-..."},
    {"DependencyViolation", NUBE_E_CONFLICT, NEVER, "something still uses it"},
    {"DryRunOperation", NUBE_OK, GOOD, NULL},
    {"EC2ThrottledException", NUBE_E_RATE, LATER, SLOWER},
    {"ExpiredToken", NUBE_E_AUTH, RENEW, "the session token is past its end: get new credentials"},
    {"ExpiredTokenException", NUBE_E_AUTH, RENEW,
     "the session token is past its end: get new credentials"},
    {"IDPCommunicationError", NUBE_E_PROVIDER, LATER, NULL},
    {"IDPRejectedClaim", NUBE_E_AUTH, NEVER, "the identity provider refused its token"},
    {"IdempotentInstanceTerminated", NUBE_E_CONFLICT, NEVER,
     "the node that this client_token made is terminated: use another"},
    {"IdempotentParameterMismatch", NUBE_E_CONFLICT, NEVER, NEW_KEY},
    {"IncompleteSignature", NUBE_E_AUTH, NEVER, NULL},
    {"IncorrectInstanceState", NUBE_E_STATE, NEVER, NULL},
    {"IncorrectState", NUBE_E_STATE, NEVER, NULL},
    {"InsufficientAddressCapacity", NUBE_E_PROVIDER, NEVER, ZONE},
    {"InsufficientCapacity", NUBE_E_PROVIDER, NEVER, ZONE},
    {"InsufficientHostCapacity", NUBE_E_PROVIDER, NEVER, ZONE},
    {"InsufficientInstanceCapacity", NUBE_E_PROVIDER, NEVER, ZONE},
    {"InsufficientReservedInstanceCapacity", NUBE_E_PROVIDER, NEVER, ZONE},
    {"InsufficientVolumeCapacity", NUBE_E_PROVIDER, NEVER, ZONE},
    {"InternalError", NUBE_E_PROVIDER, LATER, NULL},
    {"InternalFailure", NUBE_E_PROVIDER, LATER, NULL},
    {"InternalServerError", NUBE_E_PROVIDER, LATER, NULL},
    {"InvalidAMIID.Unavailable", NUBE_E_STATE, NEVER, "the image is not ready or was withdrawn"},
    {"InvalidClientTokenId", NUBE_E_AUTH, NEVER, "no such access key: " ANOTHER},
    {"InvalidIdentityToken", NUBE_E_AUTH, NEVER, "the web identity token is not accepted"},
    {"InvalidKeyPair.Format", NUBE_E_USAGE, NEVER, "RSA and ED25519 keys are accepted"},
    {"InvalidSignatureException", NUBE_E_AUTH, NEVER, CLOCK ", or the secret is not the key's"},
    {"InvalidState", NUBE_E_STATE, NEVER, NULL},
    {"LimitExceededException", NUBE_E_RATE, LATER, SLOWER},
    {"MissingAuthenticationToken", NUBE_E_AUTH, NEVER, ANOTHER},
    {"OperationNotPermitted", NUBE_E_FORBIDDEN, NEVER,
     "if it is protected from termination: nube node action NODE unprotect"},
    {"OptInRequired", NUBE_E_FORBIDDEN, NEVER, ENABLE},
    {"PendingVerification", NUBE_E_FORBIDDEN, NEVER, "AWS still verifies the account: try later"},
    {"PriorRequestNotComplete", NUBE_E_RATE, LATER, SLOWER},
    {"ProvisionedThroughputExceededException", NUBE_E_RATE, LATER, SLOWER},
    {"RegionDisabledException", NUBE_E_FORBIDDEN, NEVER, NULL}, /* see region_disabled() */
    {"RequestExpired", NUBE_E_AUTH, RENEW, CLOCK ", or the credentials are past their end"},
    {"RequestInTheFuture", NUBE_E_AUTH, NEVER, CLOCK},
    {"RequestLimitExceeded", NUBE_E_RATE, LATER, SLOWER},
    {"RequestThrottled", NUBE_E_RATE, LATER, SLOWER},
    {"RequestThrottledException", NUBE_E_RATE, LATER, SLOWER},
    {"RequestTimeTooSkewed", NUBE_E_AUTH, NEVER, CLOCK},
    {"RequestTimeout", NUBE_E_PROVIDER, LATER, NULL},
    {"RequestTimeoutException", NUBE_E_PROVIDER, LATER, NULL},
    {"Resource.AlreadyAssociated", NUBE_E_CONFLICT, NEVER, NULL},
    {"ServerInternal", NUBE_E_PROVIDER, LATER, NULL},
    {"ServiceUnavailable", NUBE_E_PROVIDER, LATER, NULL},
    {"SignatureDoesNotMatch", NUBE_E_AUTH, NEVER, "the secret is not that of this access key"},
    {"SlowDown", NUBE_E_RATE, LATER, SLOWER},
    {"SnapshotCreationPerVolumeRateExceeded", NUBE_E_QUOTA, LATER, "wait 15 seconds"},
    {"SpotMaxPriceTooLow", NUBE_E_PROVIDER, NEVER, "offer more: spot_price"},
    {"ThrottledException", NUBE_E_RATE, LATER, SLOWER},
    {"Throttling", NUBE_E_RATE, LATER, SLOWER},
    {"ThrottlingException", NUBE_E_RATE, LATER, SLOWER},
    {"TooManyRequestsException", NUBE_E_RATE, LATER, SLOWER},
    {"TransactionInProgressException", NUBE_E_RATE, LATER, SLOWER},
    {"UnauthorizedOperation", NUBE_E_FORBIDDEN, NEVER, RIGHTS},
    {"Unavailable", NUBE_E_PROVIDER, LATER, NULL},
    {"UnrecognizedClientException", NUBE_E_AUTH, NEVER, "no such access key: " ANOTHER},
    {"Unsupported", NUBE_E_CONFLICT, NEVER, "another location or size may offer it"},
    {"UnsupportedHibernationConfiguration", NUBE_E_STATE, NEVER, NULL},
    {"UnsupportedInstanceAttribute", NUBE_E_STATE, NEVER, NULL},
    {"UnsupportedOperation", NUBE_E_STATE, NEVER, NULL},
    {"VPCIdNotSpecified", NUBE_E_CONFLICT, NEVER, "name a subnet: subnet=subnet-..."},
    {"VolumeInUse", NUBE_E_CONFLICT, NEVER, "something still uses it"},
};

/* By the end of the code; first match wins. */
static const struct row ends[] = {
    {".NotFound", NUBE_E_NOT_FOUND, NEVER, NULL},
    {"NotFound", NUBE_E_NOT_FOUND, NEVER, NULL},
    {".Malformed", NUBE_E_USAGE, NEVER, NULL},
    {".Duplicate", NUBE_E_CONFLICT, NEVER, NULL},
    {".InUse", NUBE_E_CONFLICT, NEVER, "something still uses it"},
    {"LimitExceeded", NUBE_E_QUOTA, NEVER, RAISE},
    {"CountExceeded", NUBE_E_QUOTA, NEVER, RAISE},
};

/* The rest of a code's family, by its beginning. */
static const char *const mistakes[] = {"Invalid", "Malformed",       "Missing",
                                       "Unknown", "ValidationError", "PackedPolicyTooLarge"};

static int by_word(const void *key, const void *row)
{
    return strcmp(key, ((const struct row *)row)->word);
}

static int ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

static struct row judge(const char *code, const struct nube_verdict *v)
{
    const struct row *row = bsearch(code, rows, EC2_ROWS(rows), sizeof(*rows), by_word);
    size_t i;

    if (row)
        return *row;
    for (i = 0; i < EC2_ROWS(ends); i++)
        if (ends_with(code, ends[i].word))
            return ends[i];
    for (i = 0; i < EC2_ROWS(mistakes); i++)
        if (strncmp(code, mistakes[i], strlen(mistakes[i])) == 0)
            return (struct row){code, NUBE_E_USAGE, NEVER, NULL};
    return (struct row){code, (enum nube_code)(v->code ? v->code : NUBE_E_PROVIDER), 0, NULL};
}

/* ---- Words for people --------------------------------------------------------------- */

/* The one code that AWS gives for five different things. */
static const char *auth_failure(nube_call *c)
{
    const char *region = nube_session_str(c, "region.0");
    const char *identity = nube_session_str(c, "identity");

    if (identity)
        return nube_fmt(c,
                        "the credentials are good (%s): region %s is not enabled for that account, "
                        "or the image or address belongs to another",
                        identity, region ? region : "?");
    return nube_fmt(c,
                    "possible causes: the access key or secret is wrong; region %s is not enabled "
                    "for the account; the image or address belongs to another account; this clock "
                    "is wrong (taken to be %s)",
                    region ? region : "?", nube_time_text(c, nube_now(c)));
}

static const char *region_disabled(nube_call *c)
{
    const char *region = nube_session_str(c, "region.0");

    return nube_fmt(c, "region %s is not enabled for the account: enable it, or use another",
                    region ? region : "?");
}

/*
 * What the account may not do is told in a sealed text of some thousand letters. It goes
 * to the log whole, since it is worthless when it is cut; the error says where it is.
 */
static const char *unsealed(nube_call *c, const char *message)
{
    static const char seal[] = "Encoded authorization failure message: ";
    const char *at = strstr(message, seal);

    if (!at)
        return message;
    nube_note(c, "%s", at);
    return nube_fmt(c,
                    "%.*s(the log at level info has the encoded message, for aws sts "
                    "decode-authorization-message)",
                    (int)(at - message), message);
}

static const char *sentence(nube_call *c, const char *message, const char *advice)
{
    size_t len = strlen(message);

    while (len && strchr(". \n", message[len - 1]))
        len--;
    return advice ? nube_fmt(c, "%.*s; %s", (int)len, message, advice) : message;
}

/* ---- The verdict -------------------------------------------------------------------- */

static const nube_doc *find_error(const nube_doc *doc)
{
    static const char *const paths[] = {"Errors.Error", "Error"};
    const nube_doc *error;
    size_t i;

    for (i = 0; i < EC2_ROWS(paths); i++) {
        error = nube_doc_path(doc, paths[i]);
        if (nube_doc_str(error, "Code"))
            return error;
    }
    return NULL;
}

static const char *request_id(const nube_reply *r)
{
    static const char *const names[] = {"RequestID", "RequestId", "requestId"};
    const char *text = NULL;
    size_t i;

    for (i = 0; i < EC2_ROWS(names) && !text; i++)
        text = nube_doc_str(nube_reply_doc(r), names[i]);
    return text ? text : nube_reply_header(r, "x-amzn-RequestId");
}

/* Old replies have the party that is at fault in front: "Client.InvalidParameter". */
static const char *bare(const char *code)
{
    if (strncmp(code, "Client.", 7) == 0)
        return code + 7;
    return strncmp(code, "Server.", 7) == 0 ? code + 7 : code;
}

/* An id that this connection made a moment ago is on its way: reads show it as pending, changes
 * are tried again. */
static void not_yet(nube_call *c, struct nube_verdict *v)
{
    static const char *const args[] = {"id", "node", "image", "key"};
    size_t i;

    for (i = 0; v->code == NUBE_E_NOT_FOUND && i < EC2_ROWS(args); i++)
        if (nube_was_created(c, nube_arg_str(c, args[i])))
            v->retryable = NUBE_YES;
}

void ec2_classify(nube_call *c, const nube_reply *r, struct nube_verdict *v)
{
    const nube_doc *error = find_error(nube_reply_doc(r));
    const char *message;
    struct row row;

    v->request_id = request_id(r);
    if (!error) {
        if (nube_reply_status(r) == 509)
            v->code = NUBE_E_RATE;
        return;
    }
    v->provider_code = bare(ec2_text(c, error, "Code") ? ec2_text(c, error, "Code") : "");
    row = judge(v->provider_code, v);
    v->code = row.code;
    v->reauth =
        row.flags & RENEW && (row.flags != (NEVER | RENEW) || nube_session_str(c, "sts_knows"));
    if (row.flags & GOOD)
        return;
    if (row.flags)
        v->retryable = row.flags & LATER ? NUBE_YES : NUBE_NO;
    message = ec2_text(c, error, "Message");
    message = unsealed(c, message ? message : v->provider_code);
    if (strcmp(v->provider_code, "AuthFailure") == 0)
        row.advice = auth_failure(c);
    if (strncmp(message, "Signature expired", 17) == 0 ||
        strncmp(message, "Signature not yet current", 25) == 0)
        row.advice = CLOCK;
    if (strcmp(v->provider_code, "RegionDisabledException") == 0)
        row.advice = region_disabled(c);
    v->message = sentence(c, message, row.advice);
    not_yet(c, v);
}
