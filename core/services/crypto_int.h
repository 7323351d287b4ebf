/* What the files of the crypto service share; libcrypto's headers are included here only. */
#ifndef NUBE_CORE_CRYPTO_INT_H
#define NUBE_CORE_CRYPTO_INT_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#define OPENSSH_BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----"
#define OPENSSH_END   "-----END OPENSSH PRIVATE KEY-----"

/* What a key is decrypted with, and whether it was asked for: it is missing or wrong then. */
struct passphrase {
    const char *text; /* NULL: none was given */
    bool asked;
};

/* Gives 64, or 0 on failure. */
size_t nube_crypto_sha512(const void *data, size_t len, unsigned char *out);
/* The key between its first and its last line. NULL: pass->asked, or *why when there is more to say
 * than "malformed". */
EVP_PKEY *nube_crypto_openssh(const char *text, const char *end, struct passphrase *pass,
                              const char **why);

#endif
