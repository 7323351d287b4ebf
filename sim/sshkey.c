/* SSH keys: their lines, blobs and fingerprints. */
#include "sshkey.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

void sim_ssh_string(struct sim_text *out, const void *data, size_t len)
{
    unsigned char head[4] = {(unsigned char)(len >> 24), (unsigned char)(len >> 16),
                             (unsigned char)(len >> 8), (unsigned char)len};
    sim_text_add(out, head, 4);
    sim_text_add(out, data, len);
}

static void put_number(struct sim_text *out, const BIGNUM *n)
{
    unsigned char data[1025] = {0};
    size_t len = (size_t)BN_num_bytes(n);
    if (len > sizeof data - 1)
        return;
    BN_bn2bin(n, data + 1);
    bool sign = len && data[1] & 0x80;
    sim_ssh_string(out, data + !sign, len + sign);
}

void sim_ssh_digest(struct sim_text *out, const EVP_MD *md, const void *data, size_t len)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    EVP_Digest(data, len, digest, &n, md, NULL);
    if (EVP_MD_is_a(md, "SHA256"))
        sim_text_base64(out, digest, n);
    else
        sim_text_hex(out, digest, n, ':');
}

void sim_ssh_rsa(struct sim_text *out, EVP_PKEY *pkey)
{
    BIGNUM *e = NULL, *n = NULL;
    EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_E, &e);
    EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_N, &n);
    sim_ssh_string(out, "ssh-rsa", 7);
    if (e && n) {
        put_number(out, e);
        put_number(out, n);
    }
    BN_free(e);
    BN_free(n);
}

char *sim_ssh_line(const char *kind, const struct sim_text *blob, const char *name)
{
    struct sim_text line = {0};
    sim_text_fmt(&line, "ssh-%s ", kind);
    sim_text_base64(&line, blob->data, blob->len);
    sim_text_fmt(&line, " %s", name);
    return sim_text_take(&line);
}

void sim_ssh_pem(struct sim_text *out, EVP_PKEY *pkey)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *data;
    if (bio && PEM_write_bio_PrivateKey_traditional(bio, pkey, NULL, NULL, 0, NULL, NULL)) {
        long len = BIO_get_mem_data(bio, &data);
        sim_text_add(out, data, (size_t)len);
    }
    BIO_free(bio);
}

unsigned char *sim_ssh_blob(const char *line, size_t *len)
{
    line += strcspn(line, " \t");
    line += strspn(line, " \t");
    char *word = sim_strndup(line, strcspn(line, " \t\r\n"));
    unsigned char *blob = *word ? sim_base64_decode(word, len) : NULL;
    free(word);
    return blob;
}

const unsigned char *sim_ssh_next(const unsigned char **at, size_t *left, size_t *len)
{
    const unsigned char *p = *at;
    if (*left < 4)
        return NULL;
    *len = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
    if (*len > *left - 4)
        return NULL;
    *at += 4 + *len;
    *left -= 4 + *len;
    return p + 4;
}
