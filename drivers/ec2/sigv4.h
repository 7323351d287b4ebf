/* Signature Version 4 as text: what each of its stages gives, for any request. */
#ifndef NUBE_DRIVER_EC2_SIGV4_H
#define NUBE_DRIVER_EC2_SIGV4_H

#include <nube/driver/crypto.h>

struct ec2_header {
    const char *name, *value; /* names in any case; values may be folded */
};

struct ec2_sigv4 {
    const char *method, *path, *query; /* as they are sent; query without "?" */
    const struct ec2_header *headers;  /* those that are signed */
    size_t n_headers;                  /* at most EC2_SIGV4_HEADERS */
    const char *body_hash;             /* SHA-256, hexadecimal */
    const char *when;                  /* "20150830T123600Z" */
    const char *region, *service;
    int keep_path; /* as S3 wants it: dot segments and double slashes stay */
};
enum { EC2_SIGV4_HEADERS = 16, EC2_SIGV4_KEY = 32 };

/* "host;x-amz-date": the names of the signed headers, sorted. */
const char *ec2_sigv4_names(nube_call *c, const struct ec2_sigv4 *s);
const char *ec2_sigv4_canonical(nube_call *c, const struct ec2_sigv4 *s);
/* "20150830/us-east-1/ec2/aws4_request" */
const char *ec2_sigv4_scope(nube_call *c, const struct ec2_sigv4 *s);
const char *ec2_sigv4_to_sign(nube_call *c, const struct ec2_sigv4 *s, const char *canonical);
/* The key of a day, region and service. */
void ec2_sigv4_key(nube_call *c, const struct ec2_sigv4 *s, const char *secret,
                   unsigned char key[NUBE_HASH_MAX]);
const char *ec2_sigv4_signature(nube_call *c, const unsigned char *key, const char *to_sign);
const char *ec2_sigv4_hash(nube_call *c, const void *data, size_t len);

#endif
