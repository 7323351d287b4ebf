/* The crypto service: digests, HMAC, signatures with a private key text, and randomness from
 * libcrypto. */
#include <pthread.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <nube/driver/crypto.h>

#include "../service.h"
#include "../ssh_wire.h"

const struct nube_service_module *nube_service_v0(const struct nube_host *host)
    __attribute__((visibility("default")));

/* Written once, before the first use; read without a lock since. */
static const struct nube_host *_Atomic lender; /* set by each library that opens this */
static EVP_MD *mds[NUBE_SHA512 + 1];
static EVP_MAC_CTX
    *macs[NUBE_SHA512 + 1]; /* without a key, for copying: half the cost of a new one */
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

/* At the first use: it costs 2 ms, and most calls need no digest of their own. */
static void fetch(void)
{
    static const char *const names[] = {NULL, "MD5", "SHA1", "SHA256", "SHA512"};
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);

    for (int i = NUBE_MD5; i <= NUBE_SHA512; i++) {
        OSSL_PARAM params[2] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)names[i], 0),
            OSSL_PARAM_construct_end()};

        mds[i] = EVP_MD_fetch(NULL, names[i], NULL);
        macs[i] = mds[i] && hmac ? EVP_MAC_CTX_new(hmac) : NULL;
        if (macs[i] && !EVP_MAC_CTX_set_params(macs[i], params)) {
            EVP_MAC_CTX_free(macs[i]);
            macs[i] = NULL;
        }
    }
    EVP_MAC_free(hmac);
    ERR_clear_error();
}

static size_t digest(int hash, const void *data, size_t len, unsigned char *out)
{
    unsigned int n = 0;

    pthread_once(&fetched, fetch);
    if (hash < NUBE_MD5 || hash > NUBE_SHA512 || !mds[hash])
        return 0;
    return EVP_Digest(data, len, out, &n, mds[hash], NULL) ? n : 0;
}

static size_t hmac(int hash, const void *key, size_t key_len, const void *data, size_t len,
                   unsigned char *out)
{
    EVP_MAC_CTX *ctx;
    size_t n = 0;

    pthread_once(&fetched, fetch);
    if (hash < NUBE_MD5 || hash > NUBE_SHA512 || !macs[hash])
        return 0;
    ctx = EVP_MAC_CTX_dup(macs[hash]);
    /* A NULL key would mean "the one of before". */
    if (!ctx || !EVP_MAC_init(ctx, key ? key : (const void *)"", key_len, NULL) ||
        !EVP_MAC_update(ctx, data, len) || !EVP_MAC_final(ctx, out, &n, NUBE_HASH_MAX))
        n = 0;
    EVP_MAC_CTX_free(ctx);
    return n;
}

static int fill_random(void *out, size_t len)
{
    unsigned char *at = out;

    for (size_t part; len; len -= part, at += part) {
        part = len < 1 << 20 ? len : 1 << 20;
        if (RAND_bytes(at, (int)part) != 1)
            return -1;
    }
    return 0;
}

/* ---- OpenSSH's own key format (PROTOCOL.key), without encryption ---------------------- */

#define OPENSSH_BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----"
#define OPENSSH_END   "-----END OPENSSH PRIVATE KEY-----"
#define OPENSSH_MAGIC "openssh-key-v1"

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

/* The key in the decoded text, or NULL with *why when there is more to say than "malformed". */
static EVP_PKEY *openssh_key(struct nube_span s, const char **why)
{
    struct nube_span cipher, kdf, options, public, secret, type;
    uint32_t count, check, again;

    if (s.len < sizeof(OPENSSH_MAGIC) || memcmp(s.at, OPENSSH_MAGIC, sizeof(OPENSSH_MAGIC)) != 0)
        return NULL;
    s.at += sizeof(OPENSSH_MAGIC);
    s.len -= sizeof(OPENSSH_MAGIC);
    if (!nube_ssh_take_string(&s, &cipher) || !nube_ssh_take_string(&s, &kdf) ||
        !nube_ssh_take_string(&s, &options) || !nube_ssh_take_number(&s, &count) || count != 1 ||
        !nube_ssh_take_string(&s, &public) || !nube_ssh_take_string(&s, &secret))
        return NULL;
    if (!nube_span_is(cipher, "none")) {
        *why = "the private key is encrypted in OpenSSH's own format, which only ssh-agent reads: "
               "add it with ssh-add, or convert a copy with ssh-keygen -p -m PEM -f FILE";
        return NULL;
    }
    if (!nube_ssh_take_number(&secret, &check) || !nube_ssh_take_number(&secret, &again) ||
        check != again || !nube_ssh_take_string(&secret, &type))
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

/* text and end are around the base64 text of the key. */
static EVP_PKEY *read_openssh(const char *text, const char *end, const char **why)
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
            key = openssh_key((struct nube_span){raw, (size_t)(n + more)}, why);
    }
    EVP_ENCODE_CTX_free(ctx);
    OPENSSL_clear_free(raw, room);
    return key;
}

/* ---- Private keys -------------------------------------------------------------------- */

struct passphrase {
    const char *text;
    bool asked;
};

static int give_passphrase(char *buf, int size, int writing, void *data)
{
    struct passphrase *p = data;
    size_t len = p->text ? strlen(p->text) : 0;

    (void)writing;
    p->asked = true;
    if (!p->text || len > (size_t)size)
        return -1;
    memcpy(buf, p->text, len);
    return (int)len;
}

static EVP_PKEY *read_pem(const char *text, size_t len, struct passphrase *pass)
{
    BIO *in = BIO_new_mem_buf(text, (int)len);
    EVP_PKEY *key =
        in ? PEM_read_bio_PrivateKey_ex(in, NULL, give_passphrase, pass, NULL, NULL) : NULL;

    BIO_free(in);
    return key;
}

/* The first place of a word in text that need not be terminated. */
static const char *find(const char *text, size_t len, const char *word)
{
    return memmem(text, len, word, strlen(word));
}

/* 0; 1: a passphrase is needed or wrong; -1 and *why. */
static int read_key(EVP_PKEY **out, const char *text, size_t len, const char *passphrase,
                    const char **why)
{
    struct passphrase pass = {passphrase, false};
    const char *begin = find(text, len, OPENSSH_BEGIN), *end = find(text, len, OPENSSH_END);

    *out = NULL;
    if (len > 1 << 20) {
        *why = "the private key is larger than 1 MiB";
        return -1;
    }
    if (begin && end && end > begin) {
        *why = "the private key in OpenSSH's own format is malformed";
        *out = read_openssh(begin + strlen(OPENSSH_BEGIN), end, why);
        return *out ? 0 : -1;
    }
    *out = read_pem(text, len, &pass);
    if (*out)
        return 0;
    if (pass.asked)
        return 1;
    if (find(text, len, "-----BEGIN PUBLIC KEY") || (len > 4 && memcmp(text, "ssh-", 4) == 0))
        *why = "the key given is a public key; the private one is needed";
    else
        *why = "the private key cannot be read: it is neither PEM, PKCS#8 nor OpenSSH's format, "
               "or it is damaged";
    return -1;
}

/* ---- Signing ------------------------------------------------------------------------------ */

static const char *algorithm_of(const EVP_PKEY *key)
{
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
        return "rsa";
    case EVP_PKEY_EC:
        return "ecdsa";
    case EVP_PKEY_ED25519:
        return "ed25519";
    default:
        return NULL;
    }
}

/* NULL and *why on failure. hash NULL: the key's own. */
static unsigned char *sign_with(EVP_PKEY *key, const char *hash, const void *data, size_t len,
                                size_t *sig_len, const char **why)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned char *sig = NULL;

    *why = "out of memory";
    if (ctx && EVP_DigestSignInit_ex(ctx, NULL, hash, NULL, NULL, key, NULL) == 1 &&
        EVP_DigestSign(ctx, NULL, sig_len, data, len) == 1)
        sig = lender->alloc(*sig_len);
    if (sig && EVP_DigestSign(ctx, sig, sig_len, data, len) != 1) {
        lender->free(sig);
        sig = NULL;
        *why = "libcrypto refuses to sign with this key: it may be too short or inconsistent";
    }
    EVP_MD_CTX_free(ctx);
    return sig;
}

static bool known_hash(const char *hash)
{
    return hash && (strcmp(hash, "sha1") == 0 || strcmp(hash, "sha256") == 0 ||
                    strcmp(hash, "sha384") == 0 || strcmp(hash, "sha512") == 0);
}

static int sign(const char *text, size_t text_len, const char *passphrase, const char *hash,
                const void *data, size_t len, unsigned char **sig, size_t *sig_len,
                const char **algorithm, char message[256])
{
    const char *why = "";
    EVP_PKEY *key;
    int rc = read_key(&key, text, text_len, passphrase, &why);

    *sig = NULL;
    *algorithm = key ? algorithm_of(key) : NULL;
    if (rc == 0) {
        bool own = *algorithm && strcmp(*algorithm, "ed25519") == 0;

        rc = -1;
        if (!*algorithm)
            why = "the private key is neither RSA, ECDSA nor Ed25519";
        else if (!own && !known_hash(hash))
            why = "signatures are made with sha1, sha256, sha384 or sha512, and another hash was "
                  "asked for";
        else if ((*sig = sign_with(key, own ? NULL : hash, data, len, sig_len, &why)) != NULL)
            rc = 0;
    }
    EVP_PKEY_free(key);
    ERR_clear_error();
    message[0] = '\0';
    if (rc < 0) {
        strncpy(message, why, 255);
        message[255] = '\0';
    }
    return rc;
}

const struct nube_service_module *nube_service_v0(const struct nube_host *host)
{
    static const struct nube_crypto_ops ops = {digest, hmac, sign, fill_random};
    static struct nube_service_module module = {sizeof(module), NUBE_SERVICE_BUILD, "crypto", NULL,
                                                &ops};

    if (!host || host->build != NUBE_SERVICE_BUILD || host->size < sizeof(*host))
        return NULL;
    lender = host;
    module.version = OpenSSL_version(OPENSSL_VERSION_STRING);
    return &module;
}
