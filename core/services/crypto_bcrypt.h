/* The key derivation of OpenSSH's encrypted key files. */
#ifndef NUBE_CORE_CRYPTO_BCRYPT_H
#define NUBE_CORE_CRYPTO_BCRYPT_H

#include <stddef.h>
#include <stdint.h>

enum { NUBE_BCRYPT_SALT = 1024 }; /* octets at most */

/* Gives 64, or 0 on failure. */
typedef size_t (*nube_sha512_fn)(const void *data, size_t len, unsigned char *out);

/* Fills key, of at most 255 octets; takes some ten milliseconds a round. 0; -1: salt, length or
 * rounds are out of bounds, or sha512 failed. */
int nube_bcrypt_pbkdf(unsigned char *key, size_t key_len, nube_sha512_fn sha512, const char *pass,
                      const unsigned char *salt, size_t salt_len, uint32_t rounds);

#endif
