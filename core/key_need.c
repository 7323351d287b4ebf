/* Needs that take the text of a private key: opened with its passphrase, and signed with. */
#include <stdio.h>
#include <string.h>

#include <nube/driver/crypto.h>

#include "error_int.h"
#include "mem.h"
#include "needs_int.h"

/* Tries at a passphrase, as ssh has them. */
enum { ASK_TRIES = 3, ASK_SIZE = 1024 };

/* A key text, opened. */
struct open_key {
    char *text; /* without encryption */
    size_t len;
    unsigned char *public_key; /* in SSH's form */
    size_t public_len;
};

void nube_key_fingerprint(char out[48], const struct nube_crypto_ops *ops, const void *blob,
                          size_t len)
{
    unsigned char sum[NUBE_HASH_MAX];
    size_t n = ops->digest(NUBE_MD5, blob, len, sum);

    *out = '\0';
    for (size_t i = 0; i < n && i < 16; i++)
        snprintf(out + (i ? 3 * i - 1 : 0), 4, "%s%02x", i ? ":" : "", sum[i]);
}

/* What to call the key in a prompt or message; never the key itself. */
static const char *name_of(const struct nube_need_req *q)
{
    if (q->fingerprint)
        return q->fingerprint;
    return q->path ? q->path : "(given as text)";
}

static const struct nube_crypto_ops *crypto(nube_lib *lib, struct nube_need_end *end)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const struct nube_crypto_ops *ops = nube_service_open(lib, NUBE_SERVICE_CRYPTO, &err);

    if (!ops)
        nube_need_say(end, 0, err.code ? err.code : NUBE_E_DRIVER, "%s", err.message);
    return ops;
}

static void wipe(char *text, size_t len)
{
    if (text)
        explicit_bzero(text, len);
    nube_mem_free(text);
}

/* ---- Opening ----------------------------------------------------------------------- */

/* 0; 1: a passphrase is needed or wrong; -1 and the end's message. */
static int open_with(const struct nube_crypto_ops *ops, const char *key, const char *passphrase,
                     struct open_key *out, struct nube_need_end *end)
{
    return ops->open_key(key, strlen(key), passphrase, &out->text, &out->len, &out->public_key,
                         &out->public_len, &end->algorithm, end->message);
}

/* Asks the person for a passphrase that was not given. */
static int open_asking(nube_lib *lib, const struct nube_crypto_ops *ops,
                       const struct nube_need_req *q, struct open_key *out,
                       struct nube_need_end *end)
{
    char answer[ASK_SIZE], prompt[256], text[256];
    int rc = open_with(ops, q->key, q->passphrase, out, end);

    if (rc != 1 || q->passphrase || !lib->hooks.ask)
        return rc;
    snprintf(text, sizeof(text), "Passphrase of private key %s: ", name_of(q));
    nube_error_text(prompt, sizeof(prompt), text);
    for (int i = 0; i < ASK_TRIES && rc == 1; i++) {
        if (lib->hooks.ask(lib->hooks.payload, prompt, answer, sizeof(answer)) != 0)
            break;
        answer[sizeof(answer) - 1] = '\0';
        rc = open_with(ops, q->key, answer, out, end);
    }
    explicit_bzero(answer, sizeof(answer));
    return rc;
}

static void say_closed(const struct nube_need_req *q, struct nube_need_end *end, int rc)
{
    if (rc == 1) {
        nube_need_say(end, 0, NUBE_E_AUTH,
                      "private key %s is encrypted and its passphrase is %s; give the right one "
                      "or add the key to ssh-agent",
                      name_of(q), q->passphrase ? "wrong" : "missing or wrong");
    } else {
        end->status = 0;
        end->code = NUBE_E_AUTH;
        if (!*end->message)
            nube_need_say(end, 0, NUBE_E_MEMORY, "out of memory");
    }
}

static void give(struct nube_need_end *end, const void *data, size_t len)
{
    nube_buf_add(end->body, data, len);
    if (end->body->failed)
        nube_need_say(end, 0, NUBE_E_MEMORY, "out of memory");
    else
        end->status = 200;
}

void nube_key_open(nube_lib *lib, const struct nube_need_req *q, struct nube_need_end *end)
{
    const struct nube_crypto_ops *ops = crypto(lib, end);
    struct open_key key = {0};
    int rc = ops ? open_asking(lib, ops, q, &key, end) : 0;

    if (rc) {
        say_closed(q, end, rc);
    } else if (ops) {
        nube_key_fingerprint(end->fingerprint, ops, key.public_key, key.public_len);
        give(end, key.text, key.len);
    }
    nube_mem_free(key.public_key);
    wipe(key.text, key.len);
}

/* ---- Signing ----------------------------------------------------------------------- */

/* Directly where no passphrase is missing; else the key is opened first. */
static int sign(nube_lib *lib, const struct nube_crypto_ops *ops, const struct nube_need_req *q,
                const char *hash, unsigned char **sig, size_t *len, struct nube_need_end *end)
{
    struct open_key key = {0};
    int rc = ops->sign(q->key, strlen(q->key), q->passphrase, hash, q->data, q->len, sig, len,
                       &end->algorithm, end->message);

    if (rc != 1)
        return rc;
    rc = open_asking(lib, ops, q, &key, end);
    if (!rc)
        rc = ops->sign(key.text, key.len, NULL, hash, q->data, q->len, sig, len, &end->algorithm,
                       end->message);
    nube_mem_free(key.public_key);
    wipe(key.text, key.len);
    return rc;
}

/* The first of the hashes that will do. */
static const char *hash_of(const char *list)
{
    static const char *const known[] = {"sha1", "sha256", "sha384", "sha512"};
    size_t n = list ? strcspn(list, "|") : 0;

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (strlen(known[i]) == n && memcmp(known[i], list, n) == 0)
            return known[i];
    return list;
}

void nube_key_sign(nube_lib *lib, const struct nube_need_req *q, struct nube_need_end *end)
{
    const struct nube_crypto_ops *ops = crypto(lib, end);
    const char *hash = hash_of(q->hash);
    unsigned char *sig = NULL;
    size_t len = 0;
    int rc = ops ? sign(lib, ops, q, hash, &sig, &len, end) : 0;

    if (rc) {
        say_closed(q, end, rc);
    } else if (ops) {
        if (strcmp(end->algorithm, "ed25519") != 0)
            end->hash = hash;
        give(end, sig, len);
    }
    nube_mem_free(sig);
}
