/* HTTP signatures: reading the header, the text that was signed, and whether the signature is the
 * key's. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "../mem.h"
#include "httpsig.h"

/* ---- The header ---------------------------------------------------------------------------- */

static bool keep(struct httpsig *h, const char *name, size_t len, char *value)
{
    const struct {
        const char *name;
        char **at;
    } known[] = {{"keyId", &h->key_id},
                 {"algorithm", &h->algorithm},
                 {"headers", &h->headers},
                 {"signature", &h->signature}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i].name) == len && !strncasecmp(known[i].name, name, len)) {
            free(*known[i].at);
            *known[i].at = value;
            return true;
        }
    free(value);
    return true;
}

/* One name="value"; names are letters, bare values digits. NULL: it is not that. */
static const char *read_param(const char *at, struct httpsig *h)
{
    size_t name = 0, len;
    const char *value;
    while (isalpha((unsigned char)at[name]))
        name++;
    if (!name || at[name] != '=')
        return NULL;
    value = at + name + 1;
    if (*value == '"') {
        value++;
        len = strcspn(value, "\"");
        if (!value[len])
            return NULL;
        keep(h, at, name, sim_strndup(value, len));
        return value + len + 1;
    }
    len = strspn(value, "0123456789");
    if (!len)
        return NULL;
    keep(h, at, name, sim_strndup(value, len));
    return value + len;
}

/* Parameters with commas and nothing else between; where they end, NULL: they are not that. */
static const char *read_params(const char *at, struct httpsig *h)
{
    for (;;) {
        at = read_param(at, h);
        if (!at || *at != ',')
            return at;
        at++;
    }
}

static bool is_algorithm(const char *name)
{
    static const char *const keys[] = {"rsa", "dsa", "ecdsa", "ed25519"};
    static const char *const hashes[] = {"sha1", "sha256", "sha512"};
    char text[32];
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
            snprintf(text, sizeof text, "%s-%s", keys[k], hashes[i]);
            if (!strcasecmp(text, name))
                return true;
        }
    return false;
}

static bool is_complete(const struct httpsig *h, struct sim_text *why)
{
    const char *missing = !h->key_id      ? "keyId"
                          : !h->algorithm ? "algorithm"
                          : !h->signature ? "signature"
                                          : NULL;
    if (missing)
        sim_text_fmt(why, "%s was not specified", missing);
    else if (!is_algorithm(h->algorithm))
        sim_text_fmt(why, "%s is not supported", h->algorithm);
    return !missing && is_algorithm(h->algorithm);
}

bool httpsig_read(const char *header, struct httpsig *out, struct sim_text *why)
{
    const char *at = header + strcspn(header, " ");
    *out = (struct httpsig){0};
    if (at - header != 9 || strncasecmp(header, "Signature", 9) != 0 || !*at) {
        SIM_LIT(why, "scheme was not \"Signature\"");
        return false;
    }
    at = read_params(at + 1, out);
    if (at && *at == ' ') {
        out->legacy = true;
        free(out->signature);
        out->signature = sim_strdup(at + 1);
    } else if (!at || *at) {
        SIM_LIT(why, "bad param format");
        return false;
    }
    return is_complete(out, why);
}

void httpsig_free(struct httpsig *h)
{
    free(h->key_id);
    free(h->algorithm);
    free(h->headers);
    free(h->signature);
    *h = (struct httpsig){0};
}

/* ---- What was signed ------------------------------------------------------------------------- */

static void put_target(const struct sim_request *q, struct sim_text *out)
{
    sim_text_puts(out, q->path);
    if (*q->query)
        sim_text_fmt(out, "?%s", q->query);
}

static bool put_line(const struct sim_request *q, bool legacy, const char *name,
                     struct sim_text *out)
{
    const char *value = sim_header(q, name);
    if (!strcmp(name, "request-line")) {
        sim_text_fmt(out, "%s ", q->method);
        put_target(q, out);
        SIM_LIT(out, " HTTP/1.1");
        return true;
    }
    if (!legacy && !strcmp(name, "(request-target)")) {
        SIM_LIT(out, "(request-target): ");
        for (const char *m = q->method; *m; m++)
            sim_text_putc(out, (char)tolower((unsigned char)*m));
        sim_text_putc(out, ' ');
        put_target(q, out);
        return true;
    }
    if (value && !legacy)
        sim_text_fmt(out, "%s: ", name);
    if (value)
        sim_text_puts(out, value);
    return value != NULL;
}

bool httpsig_string(const struct sim_request *q, const struct httpsig *h, struct sim_text *out,
                    struct sim_text *why)
{
    const char *at = h->headers ? h->headers : sim_header(q, "X-Date") ? "x-date" : "date";
    bool good = *at != 0;
    while (good && *at) {
        char name[64];
        size_t len = strcspn(at, " "), i;
        for (i = 0; i < len && i < sizeof name - 1; i++)
            name[i] = (char)tolower((unsigned char)at[i]);
        name[i] = 0;
        if (out->len)
            sim_text_putc(out, '\n');
        good = put_line(q, h->legacy, name, out);
        if (!good)
            sim_text_fmt(why, "%s was not in the request", name);
        at += len;
        at += strspn(at, " ");
    }
    return good;
}

/* ---- Whether it holds --------------------------------------------------------------------------
 */

static const EVP_MD *hash_of(const char *algorithm)
{
    const char *name = strchr(algorithm, '-') + 1;
    return !strcasecmp(name, "sha1")     ? EVP_sha1()
           : !strcasecmp(name, "sha256") ? EVP_sha256()
                                         : EVP_sha512();
}

static bool check(EVP_PKEY *pkey, const EVP_MD *md, const unsigned char *signature, size_t len,
                  const struct sim_text *text)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good =
        ctx && EVP_DigestVerifyInit(ctx, NULL, md, NULL, pkey) == 1 &&
        EVP_DigestVerify(ctx, signature, len, (const unsigned char *)text->data, text->len) == 1;
    EVP_MD_CTX_free(ctx);
    return good;
}

bool httpsig_verify(const struct httpsig *h, EVP_PKEY *pkey, const char *kind,
                    const struct sim_text *text, struct sim_text *why)
{
    size_t n = strcspn(h->algorithm, "-"), len = 0;
    unsigned char *signature = sim_base64_decode(h->signature, &len);
    bool good = false;
    if (strlen(kind) != n || strncasecmp(kind, h->algorithm, n) != 0)
        sim_text_fmt(why, "the key is of the kind %s, the algorithm is %s", kind, h->algorithm);
    else if (!signature)
        SIM_LIT(why, "the signature is not base64");
    else
        good = check(pkey, strcmp(kind, "ed25519") ? hash_of(h->algorithm) : NULL, signature, len,
                     text);
    if (!good && !why->len)
        sim_text_fmt(why, "the signature does not match; what was to be signed:\n%s", text->data);
    free(signature);
    return good;
}

int64_t httpsig_date(const char *text)
{
    struct tm tm = {0};
    const char *end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    return end && !*end ? (int64_t)timegm(&tm) : -1;
}
