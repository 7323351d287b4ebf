/* Verifying Signature Version 4: what a request claims, and what its signature should be. */
#ifndef NUBE_SIM_SIGV4_H
#define NUBE_SIM_SIGV4_H

#include "../sim.h"

enum { SIGV4_KEY = 32, SIGV4_HEX = 65 };

/* What the Authorization header or the query of a request says. Texts live in `store`. */
struct sigv4_claim {
    char *store; /* free() */
    const char *key_id, *date, *region, *service, *terminator;
    const char *signed_headers, *signature;
    const char *timestamp; /* 20150830T123600Z */
    const char *token;     /* NULL: none */
    bool presigned;
    int64_t expires_s; /* presigned: how long it holds */
};

enum sigv4_found { SIGV4_NONE, SIGV4_INCOMPLETE, SIGV4_CLAIM };

/* For SIGV4_INCOMPLETE, `why` says what is missing. */
enum sigv4_found sigv4_claim(struct sigv4_claim *out, const struct sim_request *q,
                             struct sim_text *why);

struct sigv4_rules {
    bool keep_path;        /* no dot segments or doubled slashes are removed */
    const char *leave_out; /* a query parameter that was added after signing; NULL: none */
};

/* The canonical request; body_hash is in hex. */
void sigv4_canonical(struct sim_text *out, const struct sim_request *q,
                     const struct sigv4_claim *claim, const char *body_hash,
                     const struct sigv4_rules *rules);
void sigv4_string_to_sign(struct sim_text *out, const struct sigv4_claim *claim,
                          const struct sim_text *canonical);
void sigv4_key(unsigned char key[SIGV4_KEY], const char *secret, const struct sigv4_claim *claim);
void sigv4_signature(char hex[SIGV4_HEX], const unsigned char key[SIGV4_KEY],
                     const struct sim_text *string_to_sign);
void sigv4_hash(char hex[SIGV4_HEX], const void *data, size_t len);
/* Milliseconds since 1970; -1: not a timestamp of SigV4. */
int64_t sigv4_time(const char *timestamp);
/* The first x-amz- header that is sent but not signed; NULL: all are. */
const char *sigv4_unsigned_header(const struct sim_request *q, const struct sigv4_claim *claim);

#endif
