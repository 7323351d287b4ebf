/* Key pairs: made here or imported, with every form of fingerprint that EC2 gives. */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sshkey.h"
#include "../sshpub.h"
#include "ec2.h"

/* SHA-1 of the private key in PKCS#8: what EC2 tells of RSA keys it has made. */
static char *private_fingerprint(EVP_PKEY *pkey)
{
    struct sim_text text = {0};
    unsigned char *der = NULL;
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(pkey);
    int len = info ? i2d_PKCS8_PRIV_KEY_INFO(info, &der) : -1;
    if (len > 0)
        sim_ssh_digest(&text, EVP_sha1(), der, (size_t)len);
    OPENSSL_free(der);
    PKCS8_PRIV_KEY_INFO_free(info);
    return sim_text_take(&text);
}

/* MD5 of the public key's SubjectPublicKeyInfo: of RSA keys that were imported. */
static char *public_fingerprint(EVP_PKEY *pkey)
{
    struct sim_text text = {0};
    unsigned char *der = NULL;
    int len = i2d_PUBKEY(pkey, &der);
    if (len > 0)
        sim_ssh_digest(&text, EVP_md5(), der, (size_t)len);
    OPENSSL_free(der);
    return sim_text_take(&text);
}

/* SHA-256 of the SSH form in base64: of ed25519 keys. */
static char *blob_fingerprint(const struct sim_text *blob)
{
    struct sim_text text = {0};
    sim_ssh_digest(&text, EVP_sha256(), blob->data, blob->len);
    return sim_text_take(&text);
}

static void ed_blob(struct sim_text *out, EVP_PKEY *pkey, unsigned char raw[32])
{
    size_t len = 32;
    EVP_PKEY_get_raw_public_key(pkey, raw, &len);
    sim_ssh_string(out, "ssh-ed25519", 11);
    sim_ssh_string(out, raw, 32);
}

/* ed25519 keys come in OpenSSH's own format. */
static void put_openssh_pem(struct sim_text *out, EVP_PKEY *pkey, const struct sim_text *blob,
                            const unsigned char raw[32])
{
    struct sim_text all = {0}, inner = {0}, base = {0};
    unsigned char both[64];
    size_t len = 32;
    EVP_PKEY_get_raw_private_key(pkey, both, &len);
    memcpy(both + 32, raw, 32);
    sim_text_add(&inner, "\1\2\3\4\1\2\3\4", 8); /* the check numbers: any, twice the same */
    sim_ssh_string(&inner, "ssh-ed25519", 11);
    sim_ssh_string(&inner, raw, 32);
    sim_ssh_string(&inner, both, 64);
    sim_ssh_string(&inner, "", 0);
    for (char pad = 1; inner.len % 8; pad++)
        sim_text_putc(&inner, pad);
    sim_text_add(&all, "openssh-key-v1", 15);
    sim_ssh_string(&all, "none", 4);
    sim_ssh_string(&all, "none", 4);
    sim_ssh_string(&all, "", 0);
    sim_text_add(&all, "\0\0\0\1", 4);
    sim_ssh_string(&all, blob->data, blob->len);
    sim_ssh_string(&all, inner.data, inner.len);
    sim_text_base64(&base, all.data, all.len);
    SIM_LIT(out, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    for (size_t i = 0; i < base.len; i += 70)
        sim_text_fmt(out, "%.70s\n", base.data + i);
    SIM_LIT(out, "-----END OPENSSH PRIVATE KEY-----\n");
    sim_text_free(&all);
    sim_text_free(&inner);
    sim_text_free(&base);
}

static struct ec2_key *add(struct ec2_region *region, const char *account, const char *name,
                           const char *kind)
{
    struct ec2_key *k = sim_alloc(sizeof *k);
    k->kind = kind;
    k->res.name = sim_strdup(name);
    ec2_add(region, &k->res, EC2_KEY, account, NULL);
    return k;
}

/* The fingerprint EC2 gives an imported key; NULL: it is not one of the two kinds. */
static char *imported_fingerprint(const char *line, const char **kind)
{
    struct sim_text blob = {0};
    EVP_PKEY *pkey = sim_ssh_key(line, kind, &blob);
    char *print = NULL;
    if (pkey && !strcmp(*kind, "rsa"))
        print = public_fingerprint(pkey);
    else if (pkey && !strcmp(*kind, "ed25519"))
        print = blob_fingerprint(&blob);
    EVP_PKEY_free(pkey);
    sim_text_free(&blob);
    return print;
}

struct ec2_key *ec2_key_import(struct ec2_region *region, const char *account, const char *name,
                               const char *line, const char **why)
{
    const char *kind = NULL;
    char *print = imported_fingerprint(line, &kind);
    if (!print) {
        *why = "Key is not in valid OpenSSH public key format";
        return NULL;
    }
    struct ec2_key *k = add(region, account, name, kind);
    k->fingerprint = print;
    k->public_key = sim_strndup(line, strcspn(line, "\r\n"));
    return k;
}

static void put_key(struct sim_text *out, const struct ec2_key *k, bool listed, bool public_key)
{
    sim_elem(out, "keyPairId", k->res.id);
    sim_elem(out, "keyName", k->res.name);
    sim_elem(out, "keyFingerprint", k->fingerprint);
    if (listed) {
        sim_elem(out, "keyType", k->kind);
        sim_elem_time(out, "createTime", k->res.created);
    }
    if (public_key)
        sim_elem(out, "publicKey", k->public_key);
    ec2_put_tags(out, &k->res.tags);
}

static bool check_name(struct ec2_call *c, const char *name)
{
    if (!*name || strlen(name) > 255)
        return ec2_fail(c, "InvalidParameterValue", "Key names have 1 to 255 characters");
    const struct ec2_store *s = &c->region->stores[EC2_KEY];
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i]->owner == c->account && !strcmp(s->at[i]->name, name))
            return ec2_fail(c, "InvalidKeyPair.Duplicate", "The keypair '%s' already exists.",
                            name);
    return true;
}

void ec2_create_key_pair(struct ec2_call *c)
{
    const char *name = sim_param(c->q, "KeyName"), *kind = sim_param(c->q, "KeyType");
    const char *format = sim_param(c->q, "KeyFormat");
    bool rsa = !kind || !strcmp(kind, "rsa");
    struct ec2_tags tags = {0};
    struct sim_text blob = {0}, pem = {0};
    unsigned char raw[32] = {0};
    if (format && strcmp(format, "pem") != 0) {
        ec2_fail(c, "Unsupported", "The simulator gives keys in pem format only");
        return;
    }
    if (!check_name(c, name) || !ec2_tags_specified(c, "key-pair", &tags)) {
        ec2_tags_free(&tags);
        return;
    }
    EVP_PKEY *pkey = rsa ? EVP_RSA_gen(2048) : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    struct ec2_key *k = add(c->region, c->account, name, rsa ? "rsa" : "ed25519");
    k->res.tags = tags;
    ec2_hide_fresh(&k->res);
    if (pkey && rsa) {
        sim_ssh_rsa(&blob, pkey);
        k->fingerprint = private_fingerprint(pkey);
        sim_ssh_pem(&pem, pkey);
    } else if (pkey) {
        ed_blob(&blob, pkey, raw);
        k->fingerprint = blob_fingerprint(&blob);
        put_openssh_pem(&pem, pkey, &blob, raw);
    }
    k->public_key = sim_ssh_line(k->kind, &blob, name);
    put_key(c->out, k, false, false);
    sim_elem(c->out, "keyMaterial", pem.data);
    EVP_PKEY_free(pkey);
    sim_text_free(&blob);
    sim_text_free(&pem);
}

void ec2_import_key_pair(struct ec2_call *c)
{
    const char *name = sim_param(c->q, "KeyName"), *why = NULL;
    size_t len = 0;
    struct ec2_tags tags = {0};
    if (!check_name(c, name) || !ec2_tags_specified(c, "key-pair", &tags)) {
        ec2_tags_free(&tags);
        return;
    }
    char *line = (char *)sim_base64_decode(sim_param(c->q, "PublicKeyMaterial"), &len);
    struct ec2_key *k = ec2_key_import(c->region, c->account, name, line ? line : "", &why);
    free(line);
    if (!k) {
        ec2_fail(c, "InvalidKey.Format", "%s", why);
        ec2_tags_free(&tags);
        return;
    }
    k->res.tags = tags;
    ec2_hide_fresh(&k->res);
    put_key(c->out, k, false, false);
}

void ec2_delete_key_pair(struct ec2_call *c)
{
    const char *name = sim_param(c->q, "KeyName"), *id = sim_param(c->q, "KeyPairId");
    if (!name && !id) {
        ec2_fail(c, "MissingParameter", "The request must contain the parameter KeyName");
        return;
    }
    struct ec2_res *res = name ? ec2_find_name(c, EC2_KEY, name) : ec2_find(c, EC2_KEY, id);
    SIM_LIT(c->out, "<return>true</return>");
    if (res) {
        sim_elem(c->out, "keyPairId", res->id);
        ec2_remove(res);
    }
}

static void get_name(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_res *)o)->name);
}

static void get_id(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_res *)o)->id);
}

static void get_fingerprint(const void *o, struct ec2_values *v)
{
    ec2_value(v, ((const struct ec2_key *)o)->fingerprint);
}

static const struct ec2_field fields[] = {
    {"key-name", get_name}, {"key-pair-id", get_id}, {"fingerprint", get_fingerprint}};

const struct ec2_kind ec2_keys = {EC2_KEY,
                                  "KeyPairId",
                                  "KeyName",
                                  "InvalidKeyPair.NotFound",
                                  "InvalidKeyPair.NotFound",
                                  "key pair ID",
                                  fields,
                                  sizeof fields / sizeof *fields,
                                  NULL,
                                  NULL,
                                  NULL,
                                  0,
                                  0};

void ec2_describe_key_pairs(struct ec2_call *c)
{
    struct ec2_selection s;
    bool public_key = ec2_bool(c, "IncludePublicKey", false);
    if (!ec2_select(c, &ec2_keys, &s))
        return;
    SIM_LIT(c->out, "<keySet>");
    for (size_t i = 0; i < s.n; i++) {
        SIM_LIT(c->out, "<item>");
        put_key(c->out, (const struct ec2_key *)s.at[i], true, public_key);
        SIM_LIT(c->out, "</item>");
    }
    SIM_LIT(c->out, "</keySet>");
    free(s.at);
}
