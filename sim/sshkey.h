/* SSH keys as clouds make, take and tell them: lines, blobs, PEM, fingerprints. */
#ifndef NUBE_SIM_SSHKEY_H
#define NUBE_SIM_SSHKEY_H

#include <openssl/types.h>

#include "text.h"

/* A length and its octets, as SSH writes them. */
void sim_ssh_string(struct sim_text *out, const void *data, size_t len);
/* The next string of a blob; NULL: it ends before. */
const unsigned char *sim_ssh_next(const unsigned char **at, size_t *left, size_t *len);
/* The SSH form of a public key. */
void sim_ssh_rsa(struct sim_text *blob, EVP_PKEY *pkey);
/* "ssh-KIND BASE64 COMMENT"; free(). */
char *sim_ssh_line(const char *kind, const struct sim_text *blob, const char *comment);
/* The blob of such a line; NULL: there is none. free(). */
unsigned char *sim_ssh_blob(const char *line, size_t *len);
/* Colons between hex digits; base64 for SHA-256. */
void sim_ssh_digest(struct sim_text *out, const EVP_MD *md, const void *data, size_t len);
/* "-----BEGIN RSA PRIVATE KEY-----" */
void sim_ssh_pem(struct sim_text *out, EVP_PKEY *pkey);

#endif
