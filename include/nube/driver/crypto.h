/* Digests, signatures and encodings for signers and file formats; results live in the call. */
#ifndef NUBE_DRIVER_CRYPTO_H
#define NUBE_DRIVER_CRYPTO_H

#include <nube/driver/driver.h>

NUBE_BEGIN

enum nube_hash { NUBE_MD5 = 1, NUBE_SHA1, NUBE_SHA256, NUBE_SHA512 };
#define NUBE_HASH_MAX 64

/* These need NUBE_SERVICE_CRYPTO among the driver's services. Give the length written to out; 0 and
 * a failed call otherwise. */
NUBE_API size_t nube_digest(nube_call *c, enum nube_hash hash, const void *data, size_t len,
                            unsigned char out[NUBE_HASH_MAX]);
NUBE_API size_t nube_hmac(nube_call *c, enum nube_hash hash, const void *key, size_t key_len,
                          const void *data, size_t len, unsigned char out[NUBE_HASH_MAX]);

/* Lower case, terminated. */
NUBE_API const char *nube_hex(nube_call *c, const void *data, size_t len);
/* RFC 4648, section 4, padded; and section 5 (URL-safe), padded. */
NUBE_API const char *nube_base64(nube_call *c, const void *data, size_t len);
NUBE_API const char *nube_base64_url(nube_call *c, const void *data, size_t len);
/* Both alphabets, white space skipped, padding optional. NULL when malformed; *len as decoded. */
NUBE_API const char *nube_base64_decode(nube_call *c, const char *text, size_t *len);
/* RFC 3986 unreserved kept, the rest %XX; slashes kept when slash is 1. */
NUBE_API const char *nube_uri_encode(nube_call *c, const char *text, int slash);
/* Adds the MD5 and SHA-256 fingerprints of "ssh-rsa AAAA... comment"; nothing for what is none.
 * Needs NUBE_SERVICE_CRYPTO. */
NUBE_API void nube_add_fingerprints(nube_call *c, nube_obj *o, const char *public_key);
/* Parses JSON text of a file need into a document; NULL when it is not JSON. */
NUBE_API const nube_doc *nube_doc_parse(nube_call *c, const char *text, size_t len);
/* The same of YAML, with NUBE_SERVICE_YAML among the driver's services: aliases and merge keys are
 * resolved, numbers are strings as written. NULL: the call failed, with the file's name and line.
 */
NUBE_API const nube_doc *nube_doc_parse_yaml(nube_call *c, const char *name, const char *text,
                                             size_t len);

NUBE_END

#endif
