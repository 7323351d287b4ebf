/* Verifying Signature Version 4, written from its documents and apart from any signer. */
#include "sigv4.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "../mem.h"

static const char algorithm[] = "AWS4-HMAC-SHA256";

/* Cuts "KEY/DATE/REGION/SERVICE/aws4_request" in place. */
static bool cut_credential(struct sigv4_claim *c, char *text)
{
    const char **parts[] = {&c->terminator, &c->service, &c->region, &c->date};
    /* From the end: a key id may hold a slash. */
    for (size_t i = 0; i < 4; i++) {
        char *slash = strrchr(text, '/');
        if (!slash)
            return false;
        *slash = 0;
        *parts[i] = slash + 1;
    }
    c->key_id = text;
    return *text;
}

static bool missing(struct sim_text *why, const char *what)
{
    sim_text_fmt(why, "Authorization header requires '%s' parameter.", what);
    return false;
}

/* "AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=..." */
static bool read_header(struct sigv4_claim *c, const char *header, struct sim_text *why)
{
    char *credential = NULL, *next = NULL;
    c->store = sim_strdup(header);
    for (char *word = strtok_r(c->store + strlen(algorithm), ", ", &next); word;
         word = strtok_r(NULL, ", ", &next)) {
        if (!strncmp(word, "Credential=", 11))
            credential = word + 11;
        else if (!strncmp(word, "SignedHeaders=", 14))
            c->signed_headers = word + 14;
        else if (!strncmp(word, "Signature=", 10))
            c->signature = word + 10;
    }
    if (!credential)
        return missing(why, "Credential");
    if (!c->signature)
        return missing(why, "Signature");
    if (!c->signed_headers)
        return missing(why, "SignedHeaders");
    if (!cut_credential(c, credential))
        return missing(why, "Credential");
    return true;
}

static bool read_query(struct sigv4_claim *c, const struct sim_request *q, struct sim_text *why)
{
    const char *credential = sim_param(q, "X-Amz-Credential");
    const char *expires = sim_param(q, "X-Amz-Expires");
    c->presigned = true;
    c->signed_headers = sim_param(q, "X-Amz-SignedHeaders");
    c->signature = sim_param(q, "X-Amz-Signature");
    c->timestamp = sim_param(q, "X-Amz-Date");
    c->token = sim_param(q, "X-Amz-Security-Token");
    c->expires_s = expires ? strtoll(expires, NULL, 10) : -1;
    c->store = sim_strdup(credential ? credential : "");
    if (!c->signed_headers || !c->signature || !c->timestamp || c->expires_s < 0 ||
        !cut_credential(c, c->store)) {
        SIM_LIT(why, "a presigned request needs X-Amz-Credential, -Date, -Expires, -SignedHeaders "
                     "and -Signature");
        return false;
    }
    return true;
}

enum sigv4_found sigv4_claim(struct sigv4_claim *c, const struct sim_request *q,
                             struct sim_text *why)
{
    const char *header = sim_header(q, "Authorization");
    *c = (struct sigv4_claim){0};
    if (header && !strncmp(header, algorithm, strlen(algorithm))) {
        c->timestamp = sim_header(q, "X-Amz-Date");
        c->token = sim_header(q, "X-Amz-Security-Token");
        if (!read_header(c, header, why))
            return SIGV4_INCOMPLETE;
        if (!c->timestamp) {
            SIM_LIT(why, "Authorization header requires existence of either a 'X-Amz-Date' or a "
                         "'Date' header.");
            return SIGV4_INCOMPLETE;
        }
        return SIGV4_CLAIM;
    }
    const char *named = sim_param(q, "X-Amz-Algorithm");
    if (named && !strcmp(named, algorithm))
        return read_query(c, q, why) ? SIGV4_CLAIM : SIGV4_INCOMPLETE;
    if (header || named) {
        SIM_LIT(why, "Unsupported signature algorithm.");
        return SIGV4_INCOMPLETE;
    }
    return SIGV4_NONE;
}

static bool unreserved(unsigned char c)
{
    return (c < 128 && isalnum(c)) || c == '-' || c == '_' || c == '.' || c == '~';
}

static void encode(struct sim_text *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (unreserved(c))
            sim_text_putc(out, (char)c);
        else
            sim_text_fmt(out, "%%%02X", c);
    }
}

/* Each segment encoded once more; "//", "." and ".." resolved unless the path is kept. */
static void put_path(struct sim_text *out, const char *path, bool keep)
{
    size_t start = out->len;
    sim_text_putc(out, '/');
    path += *path == '/';
    while (*path) {
        size_t len = strcspn(path, "/");
        bool more = path[len] == '/', dot = len == 1 && *path == '.';
        bool up = len == 2 && !strncmp(path, "..", 2);
        if (!keep && up) {
            if (out->len > start + 1)
                out->len--;
            while (out->data[out->len - 1] != '/')
                out->len--;
        } else if (keep || (len && !dot)) {
            encode(out, path, len);
            if (more)
                sim_text_putc(out, '/');
        }
        path += len + more;
    }
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
    return at ? (int)(at - digits) : -1;
}

/*
 * Decoded, then encoded in the one way that is signed. A "+" is a space, as in forms: S3 takes it
 * so (aws4fetch issue 83), and libcloud signs %20 and sends "+".
 */
static char *canonical_piece(const char *text, size_t len)
{
    struct sim_text plain = {0}, out = {0};
    for (size_t i = 0; i < len; i++) {
        int high = text[i] == '%' && i + 2 < len ? hex_digit(text[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        char c = text[i] == '+' ? ' ' : text[i];
        sim_text_putc(&plain, low >= 0 ? (char)(high * 16 + low) : c);
        i += low >= 0 ? 2 : 0;
    }
    encode(&out, plain.data ? plain.data : "", plain.len);
    sim_text_free(&plain);
    return sim_text_take(&out);
}

struct piece {
    char *name, *value;
};

/* By name, then by value: not by the joined text. */
static int piece_order(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->value, y->value);
}

static void put_query(struct sim_text *out, const char *query, const char *leave_out)
{
    struct piece *at = NULL;
    size_t n = 0, size = 0;
    while (*query) {
        size_t len = strcspn(query, "&");
        const char *equals = memchr(query, '=', len);
        size_t name = equals ? (size_t)(equals - query) : len;
        if (len) {
            SIM_PUSH(at, n, size);
            at[n].name = canonical_piece(query, name);
            at[n++].value = equals ? canonical_piece(equals + 1, len - name - 1) : sim_strdup("");
        }
        query += len + (query[len] == '&');
    }
    if (n)
        qsort(at, n, sizeof *at, piece_order);
    bool some = false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(at[i].name, "X-Amz-Signature") &&
            (!leave_out || strcmp(at[i].name, leave_out))) {
            sim_text_fmt(out, "%s%s=%s", some ? "&" : "", at[i].name, at[i].value);
            some = true;
        }
        free(at[i].name);
        free(at[i].value);
    }
    free(at);
}

/* Trimmed, runs of white space as one space, folded lines too. */
static void put_value(struct sim_text *out, const char *value)
{
    static const char white[] = " \t\r\n";
    value += strspn(value, white);
    while (*value) {
        size_t len = strcspn(value, white);
        sim_text_add(out, value, len);
        value += len;
        value += strspn(value, white);
        if (*value)
            sim_text_putc(out, ' ');
    }
}

static void put_headers(struct sim_text *out, const struct sim_request *q, const char *names)
{
    while (*names) {
        size_t len = strcspn(names, ";");
        bool some = false;
        sim_text_add(out, names, len);
        sim_text_putc(out, ':');
        for (size_t i = 0; i < q->n_headers; i++) {
            const struct sim_pair *h = &q->headers[i];
            if (strlen(h->name) != len || strncasecmp(h->name, names, len))
                continue;
            if (some)
                sim_text_putc(out, ',');
            some = true;
            put_value(out, h->value);
        }
        sim_text_putc(out, '\n');
        names += len + (names[len] == ';');
    }
}

void sigv4_canonical(struct sim_text *out, const struct sim_request *q,
                     const struct sigv4_claim *claim, const char *body_hash,
                     const struct sigv4_rules *rules)
{
    sim_text_fmt(out, "%s\n", q->method);
    put_path(out, q->path, rules && rules->keep_path);
    sim_text_putc(out, '\n');
    put_query(out, q->query, rules ? rules->leave_out : NULL);
    sim_text_putc(out, '\n');
    put_headers(out, q, claim->signed_headers);
    sim_text_fmt(out, "\n%s\n%s", claim->signed_headers, body_hash);
}

void sigv4_hash(char hex[SIGV4_HEX], const void *data, size_t len)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(data, len, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

void sigv4_string_to_sign(struct sim_text *out, const struct sigv4_claim *c,
                          const struct sim_text *canonical)
{
    char hash[SIGV4_HEX];
    sigv4_hash(hash, canonical->data, canonical->len);
    sim_text_fmt(out, "%s\n%s\n%s/%s/%s/%s\n%s", algorithm, c->timestamp, c->date, c->region,
                 c->service, c->terminator, hash);
}

static void hmac(unsigned char out[SIGV4_KEY], const void *key, size_t key_len, const char *text)
{
    unsigned len = SIGV4_KEY;
    HMAC(EVP_sha256(), key, (int)key_len, (const unsigned char *)text, strlen(text), out, &len);
}

void sigv4_key(unsigned char key[SIGV4_KEY], const char *secret, const struct sigv4_claim *c)
{
    char *first = sim_fmt("AWS4%s", secret);
    unsigned char date[SIGV4_KEY], region[SIGV4_KEY], service[SIGV4_KEY];
    hmac(date, first, strlen(first), c->date);
    hmac(region, date, sizeof date, c->region);
    hmac(service, region, sizeof region, c->service);
    hmac(key, service, sizeof service, c->terminator);
    free(first);
}

void sigv4_signature(char hex[SIGV4_HEX], const unsigned char key[SIGV4_KEY],
                     const struct sim_text *string_to_sign)
{
    unsigned char mac[SIGV4_KEY];
    hmac(mac, key, SIGV4_KEY, string_to_sign->data);
    for (size_t i = 0; i < sizeof mac; i++)
        snprintf(hex + 2 * i, 3, "%02x", mac[i]);
}

int64_t sigv4_time(const char *timestamp)
{
    struct tm tm = {0};
    const char *rest = strptime(timestamp, "%Y%m%dT%H%M%SZ", &tm);
    return rest && !*rest ? (int64_t)timegm(&tm) * 1000 : -1;
}

static bool is_signed(const char *names, const char *name)
{
    size_t want = strlen(name);
    while (*names) {
        size_t len = strcspn(names, ";");
        if (len == want && !strncasecmp(names, name, len))
            return true;
        names += len + (names[len] == ';');
    }
    return false;
}

const char *sigv4_unsigned_header(const struct sim_request *q, const struct sigv4_claim *claim)
{
    if (!is_signed(claim->signed_headers, "host"))
        return "host";
    for (size_t i = 0; i < q->n_headers; i++)
        if (!strncasecmp(q->headers[i].name, "x-amz-", 6) &&
            !is_signed(claim->signed_headers, q->headers[i].name))
            return q->headers[i].name;
    return NULL;
}
