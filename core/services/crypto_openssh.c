/* The crypto service: private keys in OpenSSH's own format (PROTOCOL.key), encrypted or not. */
#include <stdio.h>
#include <string.h>

#include "../ssh_wire.h"
#include "crypto_bcrypt.h"
#include "crypto_int.h"

#define OPENSSH_MAGIC "openssh-key-v1"
enum { MAX_ROUNDS = 10000 }; /* a minute and a half; ssh-keygen takes 16 or 24 */

static BIGNUM *secret_number(struct nube_span s)
{
    BIGNUM *n = BN_secure_new();

    if (!n || s.len > 4096 || !BN_bin2bn(s.at, (int)s.len, n)) {
        BN_clear_free(n);
        return NULL;
    }
    BN_set_flags(n, BN_FLG_CONSTTIME);
    return n;
}

/* d mod (factor - 1); NULL on failure. */
static BIGNUM *exponent(const BIGNUM *d, const BIGNUM *factor)
{
    BN_CTX *ctx = BN_CTX_secure_new();
    BIGNUM *less = BN_secure_new(), *r = BN_secure_new();
    bool good = ctx && less && r && BN_copy(less, factor) && BN_sub_word(less, 1);

    if (good)
        BN_set_flags(less, BN_FLG_CONSTTIME);
    if (!good || !BN_mod(r, d, less, ctx)) {
        BN_clear_free(r);
        r = NULL;
    }
    BN_clear_free(less);
    BN_CTX_free(ctx);
    return r;
}

static EVP_PKEY *from_params(const char *type, OSSL_PARAM_BLD *build)
{
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *key = NULL;

    if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    return key;
}

static EVP_PKEY *openssh_rsa(struct nube_span s)
{
    enum { N, E, D, IQMP, P, Q, DP, DQ, COUNT };
    static const char *const names[COUNT] = {
        OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
        OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
        OSSL_PKEY_PARAM_RSA_FACTOR1,   OSSL_PKEY_PARAM_RSA_FACTOR2,
        OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2};
    BIGNUM *b[COUNT] = {NULL};
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EVP_PKEY *key = NULL;
    struct nube_span part;
    bool good = build != NULL;

    for (int i = N; i <= Q && good; i++)
        good = nube_ssh_take_string(&s, &part) && (b[i] = secret_number(part)) != NULL;
    if (good) {
        b[DP] = exponent(b[D], b[P]);
        b[DQ] = exponent(b[D], b[Q]);
    }
    for (int i = N; i < COUNT && good; i++)
        good = b[i] && OSSL_PARAM_BLD_push_BN(build, names[i], b[i]);
    if (good)
        key = from_params("RSA", build);
    for (int i = N; i < COUNT; i++)
        BN_clear_free(b[i]);
    OSSL_PARAM_BLD_free(build);
    return key;
}

static EVP_PKEY *openssh_ecdsa(struct nube_span s)
{
    struct nube_span curve, point, d;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *secret = NULL;
    EVP_PKEY *key = NULL;
    const char *group = NULL;

    if (build && nube_ssh_take_string(&s, &curve) && nube_ssh_take_string(&s, &point) &&
        nube_ssh_take_string(&s, &d)) {
        if (nube_span_is(curve, "nistp256"))
            group = "prime256v1";
        else if (nube_span_is(curve, "nistp384"))
            group = "secp384r1";
        else if (nube_span_is(curve, "nistp521"))
            group = "secp521r1";
    }
    if (group && (secret = secret_number(d)) != NULL &&
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point.at, point.len) &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, secret))
        key = from_params("EC", build);
    BN_clear_free(secret);
    OSSL_PARAM_BLD_free(build);
    return key;
}

static EVP_PKEY *openssh_ed25519(struct nube_span s)
{
    struct nube_span public, both; /* the seed, then the public key again */

    if (!nube_ssh_take_string(&s, &public) || !nube_ssh_take_string(&s, &both) || both.len != 64)
        return NULL;
    return EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, both.at, 32);
}

/* The cipher's name at OpenSSH is libcrypto's but for a hyphen. */
static EVP_CIPHER *cipher_of(struct nube_span name)
{
    char text[32];

    if (name.len != 10 || memcmp(name.at, "aes", 3) != 0 || name.at[6] != '-')
        return NULL;
    snprintf(text, sizeof(text), "AES-%.3s-%.3s", (const char *)name.at + 3,
             (const char *)name.at + 7);
    return EVP_CIPHER_fetch(NULL, text, NULL);
}

/* In place: the key and the counter come from the passphrase. */
static bool decrypt(unsigned char *data, size_t len, const EVP_CIPHER *cipher,
                    struct nube_span options, const char *passphrase)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int key = EVP_CIPHER_get_key_length(cipher), iv = EVP_CIPHER_get_iv_length(cipher), n = 0;
    unsigned char secret[EVP_MAX_KEY_LENGTH + EVP_MAX_IV_LENGTH];
    struct nube_span salt;
    uint32_t rounds;
    bool good = ctx && nube_ssh_take_string(&options, &salt) &&
                nube_ssh_take_number(&options, &rounds) && rounds <= MAX_ROUNDS &&
                nube_bcrypt_pbkdf(secret, (size_t)(key + iv), nube_crypto_sha512, passphrase,
                                  salt.at, salt.len, rounds) == 0 &&
                EVP_DecryptInit_ex2(ctx, cipher, secret, secret + key, NULL) == 1 &&
                EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
                EVP_DecryptUpdate(ctx, data, &n, data, (int)len) == 1 && n == (int)len;

    OPENSSL_cleanse(secret, sizeof(secret));
    EVP_CIPHER_CTX_free(ctx);
    return good;
}

/* False, and *why or pass->asked, when it cannot be taken off. */
static bool take_off(struct nube_span secret, struct nube_span name, struct nube_span kdf,
                     struct nube_span options, struct passphrase *pass, const char **why)
{
    EVP_CIPHER *cipher = nube_span_is(kdf, "bcrypt") ? cipher_of(name) : NULL;
    bool good = false;

    if (!cipher) {
        *why = "the private key is encrypted with a cipher that is not read here: convert a copy "
               "with ssh-keygen -p -f FILE, or add it to ssh-agent";
        return false;
    }
    pass->asked = true;
    if (pass->text && *pass->text)
        good = decrypt((unsigned char *)secret.at, secret.len, cipher, options, pass->text);
    EVP_CIPHER_free(cipher);
    return good;
}

static EVP_PKEY *openssh_numbers(struct nube_span secret, const char **why)
{
    struct nube_span type;

    if (!nube_ssh_take_string(&secret, &type))
        return NULL;
    if (nube_span_is(type, "ssh-rsa"))
        return openssh_rsa(secret);
    if (nube_span_is(type, "ssh-ed25519"))
        return openssh_ed25519(secret);
    if (type.len > 11 && memcmp(type.at, "ecdsa-sha2-", 11) == 0)
        return openssh_ecdsa(secret);
    *why = "the private key is neither RSA, ECDSA nor Ed25519";
    return NULL;
}

/* The key in the decoded text, which is decrypted in place. NULL: pass->asked, or *why when there
 * is more to say than "malformed". */
static EVP_PKEY *openssh_key(struct nube_span s, struct passphrase *pass, const char **why)
{
    struct nube_span cipher, kdf, options, public, secret;
    uint32_t count, check, again;

    if (s.len < sizeof(OPENSSH_MAGIC) || memcmp(s.at, OPENSSH_MAGIC, sizeof(OPENSSH_MAGIC)) != 0)
        return NULL;
    s.at += sizeof(OPENSSH_MAGIC);
    s.len -= sizeof(OPENSSH_MAGIC);
    if (!nube_ssh_take_string(&s, &cipher) || !nube_ssh_take_string(&s, &kdf) ||
        !nube_ssh_take_string(&s, &options) || !nube_ssh_take_number(&s, &count) || count != 1 ||
        !nube_ssh_take_string(&s, &public) || !nube_ssh_take_string(&s, &secret))
        return NULL;
    if (!nube_span_is(cipher, "none") && !take_off(secret, cipher, kdf, options, pass, why))
        return NULL;
    /* The same number twice: by a wrong passphrase they differ. */
    if (!nube_ssh_take_number(&secret, &check) || !nube_ssh_take_number(&secret, &again) ||
        check != again)
        return NULL;
    pass->asked = false;
    return openssh_numbers(secret, why);
}

EVP_PKEY *nube_crypto_openssh(const char *text, const char *end, struct passphrase *pass,
                              const char **why)
{
    size_t room = (size_t)(end - text) + 3;
    unsigned char *raw = OPENSSL_malloc(room);
    EVP_ENCODE_CTX *ctx = EVP_ENCODE_CTX_new();
    EVP_PKEY *key = NULL;
    int n = 0, more = 0;

    if (raw && ctx) {
        EVP_DecodeInit(ctx);
        if (EVP_DecodeUpdate(ctx, raw, &n, (const unsigned char *)text, (int)(end - text)) >= 0 &&
            EVP_DecodeFinal(ctx, raw + n, &more) >= 0)
            key = openssh_key((struct nube_span){raw, (size_t)(n + more)}, pass, why);
    }
    EVP_ENCODE_CTX_free(ctx);
    OPENSSL_clear_free(raw, room);
    return key;
}
