/* Public keys as OpenSSH writes them: "ssh-rsa AAAA... comment". */
#ifndef NUBE_SIM_SSHPUB_H
#define NUBE_SIM_SSHPUB_H

#include <openssl/evp.h>

#include "text.h"

/*
 * NULL: it is none of RSA, ECDSA (nistp256, 384, 521) and Ed25519. EVP_PKEY_free(). *kind is "rsa",
 * "ecdsa" or "ed25519"; the octets that fingerprints are made of are added to `blob`.
 */
EVP_PKEY *sim_ssh_key(const char *line, const char **kind, struct sim_text *blob);

#endif
