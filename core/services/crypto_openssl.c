/* The crypto service: digests, HMAC, signatures with a private key text, and randomness from
 * libcrypto. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <nube/driver/crypto.h>

#include "../service.h"
#include "crypto_int.h"

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

size_t nube_crypto_sha512(const void *data, size_t len, unsigned char *out)
{
    return digest(NUBE_SHA512, data, len, out);
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

/* ---- Private keys -------------------------------------------------------------------- */

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
        *out = nube_crypto_openssh(begin + strlen(OPENSSH_BEGIN), end, &pass, why);
        return *out ? 0 : pass.asked ? 1 : -1;
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

/* An answer of this service: why goes along with what has no other name. */
static int say(int rc, const char *why, char message[256])
{
    ERR_clear_error();
    message[0] = '\0';
    if (rc < 0) {
        strncpy(message, why, 255);
        message[255] = '\0';
    }
    return rc;
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
    return say(rc, why, message);
}

/* ---- Opening a key ------------------------------------------------------------------------ */

static void put(unsigned char **at, const void *data, size_t len)
{
    unsigned char *to = *at;

    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(len >> (24 - 8 * i));
    if (len)
        memcpy(to + 4, data, len);
    *at = to + 4 + len;
}

/* A number as SSH has it: big-endian, and never with its first bit set. */
static void put_number(unsigned char **at, const BIGNUM *n)
{
    unsigned char octets[2049] = {0};
    int len = BN_num_bytes(n) < 2048 ? BN_bn2bin(n, octets + 1) : 0;

    if (len && octets[1] & 0x80)
        put(at, octets, (size_t)len + 1);
    else
        put(at, octets + 1, (size_t)len);
}

static bool public_rsa(unsigned char **at, const EVP_PKEY *key)
{
    BIGNUM *n = NULL, *e = NULL;
    bool good = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
                EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1;

    if (good) {
        put(at, "ssh-rsa", 7);
        put_number(at, e);
        put_number(at, n);
    }
    BN_free(n);
    BN_free(e);
    return good;
}

static bool public_ecdsa(unsigned char **at, const EVP_PKEY *key)
{
    static const char *const curves[][2] = {
        {"prime256v1", "nistp256"}, {"secp384r1", "nistp384"}, {"secp521r1", "nistp521"}};
    unsigned char point[256];
    char group[64], type[32];
    size_t len;

    if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group),
                                       NULL) != 1 ||
        EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point), &len) !=
            1)
        return false;
    for (size_t i = 0; i < sizeof(curves) / sizeof(*curves); i++) {
        if (strcmp(group, curves[i][0]) != 0)
            continue;
        snprintf(type, sizeof(type), "ecdsa-sha2-%s", curves[i][1]);
        put(at, type, strlen(type));
        put(at, curves[i][1], strlen(curves[i][1]));
        put(at, point, len);
        return true;
    }
    return false;
}

static bool public_ed25519(unsigned char **at, const EVP_PKEY *key)
{
    unsigned char raw[32];
    size_t len = sizeof(raw);

    if (EVP_PKEY_get_raw_public_key(key, raw, &len) != 1)
        return false;
    put(at, "ssh-ed25519", 11);
    put(at, raw, len);
    return true;
}

/* The public half in SSH's form; NULL: it has none there, or memory is out. */
static unsigned char *public_of(const EVP_PKEY *key, const char *algorithm, size_t *len)
{
    unsigned char *out = lender->alloc(8192), *at = out;
    bool good = out && (strcmp(algorithm, "rsa") == 0     ? public_rsa(&at, key)
                        : strcmp(algorithm, "ecdsa") == 0 ? public_ecdsa(&at, key)
                                                          : public_ed25519(&at, key));

    *len = out ? (size_t)(at - out) : 0;
    if (good)
        return out;
    lender->free(out);
    return NULL;
}

static char *pkcs8_of(const EVP_PKEY *key, size_t *len)
{
    BIO *out = BIO_new(BIO_s_secmem());
    char *text = NULL, *data;
    long n;

    if (out && PEM_write_bio_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) == 1 &&
        (n = BIO_get_mem_data(out, &data)) > 0 && (text = lender->alloc((size_t)n + 1)) != NULL) {
        memcpy(text, data, (size_t)n);
        text[n] = '\0';
        *len = (size_t)n;
    }
    BIO_free(out);
    return text;
}

static int open_key(const char *text, size_t text_len, const char *passphrase, char **plain,
                    size_t *plain_len, unsigned char **public_key, size_t *public_len,
                    const char **algorithm, char message[256])
{
    const char *why = "";
    EVP_PKEY *key;
    int rc = read_key(&key, text, text_len, passphrase, &why);

    *plain = NULL;
    *public_key = NULL;
    *algorithm = key ? algorithm_of(key) : NULL;
    if (rc == 0 && !*algorithm) {
        rc = -1;
        why = "the private key is neither RSA, ECDSA nor Ed25519";
    } else if (rc == 0) {
        *public_key = public_of(key, *algorithm, public_len);
        *plain = *public_key ? pkcs8_of(key, plain_len) : NULL;
        rc = *plain ? 0 : -1;
        why = "the private key has no public half that SSH knows";
    }
    EVP_PKEY_free(key);
    return say(rc, why, message);
}

const struct nube_service_module *nube_service_v0(const struct nube_host *host)
{
    static const struct nube_crypto_ops ops = {digest, hmac, sign, fill_random, open_key};
    static struct nube_service_module module = {sizeof(module), NUBE_SERVICE_BUILD, "crypto", NULL,
                                                &ops};

    if (!host || host->build != NUBE_SERVICE_BUILD || host->size < sizeof(*host))
        return NULL;
    lender = host;
    module.version = OpenSSL_version(OPENSSL_VERSION_STRING);
    return &module;
}
