/* Errors: one caller-owned struct with inline text, and the classes a program can act on. */
#ifndef NUBE_ERROR_H
#define NUBE_ERROR_H

#include <nube/base.h>

NUBE_BEGIN

/*
 * What went wrong, as a program needs it. Every function that can fail returns 0
 * (or a count) when it did its work and one of these, always negative, when not.
 * Append only: the numbers are ABI.
 */
enum nube_code {
    NUBE_OK = 0,
    NUBE_E_USAGE = -1, /* an argument, option or file is wrong; nothing was sent */
    NUBE_E_AUTH = -2,  /* credentials missing, refused or expired; a client certificate refused */
    NUBE_E_FORBIDDEN = -3,        /* credentials are good but do not allow this */
    NUBE_E_NOT_FOUND = -4,        /* the named thing does not exist */
    NUBE_E_AMBIGUOUS = -5,        /* the name fits several things */
    NUBE_E_STATE = -6,            /* the thing's state does not allow this */
    NUBE_E_CONFLICT = -7,         /* name taken, in use, changed meanwhile */
    NUBE_E_QUOTA = -8,            /* a limit of the account was reached */
    NUBE_E_RATE = -9,             /* asked too fast, and the retries were used up */
    NUBE_E_DEADLINE = -10,        /* the deadline passed; no change was under way */
    NUBE_E_CANCELLED = -11,       /* cancelled; no change was under way */
    NUBE_E_PENDING = -12,         /* accepted, not finished within the deadline: see resource */
    NUBE_E_OUTCOME_UNKNOWN = -13, /* a change was sent and no answer came: it may have happened */
    NUBE_E_UNSUPPORTED = -14,     /* this driver or provider does not offer it; nothing was sent */
    NUBE_E_CONNECT = -15,         /* no connection: name lookup, refused, unreachable, proxy */
    NUBE_E_TLS = -16,             /* the server could not be verified, or the handshake failed */
    NUBE_E_TRANSPORT = -17,       /* the connection broke; the request was safe to repeat and was */
    NUBE_E_PROTOCOL = -18,        /* the reply was not what the provider documents */
    NUBE_E_TOO_LARGE = -19,       /* a reply or input passed its limit of size or depth */
    NUBE_E_PROVIDER = -20,        /* the provider reported a failure of its own */
    NUBE_E_MEMORY = -21,          /* allocation failed */
    NUBE_E_SYSTEM = -22,          /* a file, process or descriptor operation failed here */
    NUBE_E_DRIVER = -23           /* a driver or service cannot be loaded or broke its contract */
};

enum nube_tristate { NUBE_UNKNOWN = -1, NUBE_NO = 0, NUBE_YES = 1 };

/*
 * Start it as NUBE_ERROR_INIT and pass its address; NULL is accepted everywhere.
 * The library writes only the part that `size` covers, so an application built
 * against an older, shorter struct stays safe. Text is never a secret, never
 * allocated, always terminated, and "" when there is nothing to say.
 */
struct nube_error {
    uint32_t size;
    int32_t code;           /* enum nube_code */
    int32_t http_status;    /* 0: no reply */
    int32_t retryable;      /* enum nube_tristate: may the same call work later? */
    int64_t retry_after_ms; /* what the provider asked for; 0: nothing */
    int32_t attempts;       /* requests sent for the one that failed */
    int32_t reserved;
    char backend[64];       /* account or provider id */
    char verb[32];          /* "node create" */
    char provider_code[64]; /* the provider's own word: "InvalidAMIID.NotFound" */
    char request_id[96];
    char resource[128]; /* id of what exists in spite of the failure */
    char message[512];  /* one line: what was wrong, where, what to do */
};

#define NUBE_ERROR_INIT                                                                            \
    {                                                                                              \
        sizeof(struct nube_error), 0, 0, NUBE_UNKNOWN, 0, 0, 0, "", "", "", "", "", ""             \
    }

/* The class as a stable word, "auth", "not_found", ...; "unknown" for a number out of range.
 * Static. */
NUBE_API const char *nube_code_name(int code);

/* The documented exit status of the `nube` command for a class (0 to 10). */
NUBE_API int nube_code_exit(int code);

/* The error as one JSON object, as `nube -o json` prints it. Owned: nube_free(). NULL when out of
 * memory. */
NUBE_API char *nube_error_json(const struct nube_error *err);

NUBE_END

#endif
