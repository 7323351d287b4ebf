/* Public keys as OpenSSH writes them, read into OpenSSL's. */
#include <openssl/core_names.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "sshpub.h"

/* One string of the wire format. */
struct part {
    const unsigned char *data;
    size_t len;
};

/* Splits the whole of a blob into at most n strings; how many there are, -1: it is not that. */
static int split(const unsigned char *at, size_t left, struct part *parts, int n)
{
    int i = 0;
    for (; left; i++) {
        if (i == n || left < 4)
            return -1;
        size_t len = (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
        if (len > left - 4)
            return -1;
        parts[i] = (struct part){at + 4, len};
        at += 4 + len;
        left -= 4 + len;
    }
    return i;
}

static bool is(const struct part *p, const char *text)
{
    return p->len == strlen(text) && !memcmp(p->data, text, p->len);
}

static EVP_PKEY *from_params(const char *type, const OSSL_PARAM *params)
{
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    OSSL_PARAM *own = OSSL_PARAM_dup(params);
    if (!ctx || !own || EVP_PKEY_fromdata_init(ctx) <= 0 ||
        EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, own) <= 0)
        pkey = NULL;
    OSSL_PARAM_free(own);
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

/* OpenSSL wants numbers in the machine's order, SSH has them the other way round. */
static unsigned char *reversed(const struct part *p)
{
    unsigned char *out = sim_alloc(p->len + 1);
    for (size_t i = 0; i < p->len; i++)
        out[p->len - 1 - i] = p->data[i];
    return out;
}

static EVP_PKEY *read_rsa(const struct part *e, const struct part *n)
{
    unsigned char *be = reversed(e), *bn = reversed(n);
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, bn, n->len),
                                 OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, be, e->len),
                                 OSSL_PARAM_construct_end()};
    EVP_PKEY *pkey = from_params("RSA", params);
    free(be);
    free(bn);
    return pkey;
}

static EVP_PKEY *read_ecdsa(const struct part *curve, const struct part *point)
{
    static const struct {
        const char *ssh, *group;
    } curves[] = {{"nistp256", "P-256"}, {"nistp384", "P-384"}, {"nistp521", "P-521"}};
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
        if (!is(curve, curves[i].ssh))
            continue;
        char group[8];
        memcpy(group, curves[i].group, strlen(curves[i].group) + 1);
        const OSSL_PARAM params[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
            OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                              (void *)(uintptr_t)point->data, point->len),
            OSSL_PARAM_construct_end()};
        return from_params("EC", params);
    }
    return NULL;
}

static EVP_PKEY *read_blob(const unsigned char *data, size_t len, const char **kind)
{
    struct part p[3];
    int n = split(data, len, p, 3);
    if (n == 3 && is(&p[0], "ssh-rsa")) {
        *kind = "rsa";
        return read_rsa(&p[1], &p[2]);
    }
    if (n == 3 && p[0].len > 11 && !memcmp(p[0].data, "ecdsa-sha2-", 11)) {
        *kind = "ecdsa";
        return read_ecdsa(&p[1], &p[2]);
    }
    if (n == 2 && is(&p[0], "ssh-ed25519") && p[1].len == 32) {
        *kind = "ed25519";
        return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, p[1].data, p[1].len);
    }
    return NULL;
}

EVP_PKEY *sim_ssh_key(const char *line, const char **kind, struct sim_text *blob)
{
    size_t len = 0;
    line += strcspn(line, " \t");
    line += strspn(line, " \t");
    char *word = sim_strndup(line, strcspn(line, " \t\r\n"));
    unsigned char *data = *word ? sim_base64_decode(word, &len) : NULL;
    EVP_PKEY *pkey = data ? read_blob(data, len, kind) : NULL;
    if (pkey)
        sim_text_add(blob, data, len);
    free(word);
    free(data);
    return pkey;
}
