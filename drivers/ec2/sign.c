/* Signing a request of the driver: which headers, and the key of its day and region. */
#include <string.h>

#include "ec2.h"
#include "sigv4.h"

/* "20260115T080910Z" */
static const char *compact_time(nube_call *c)
{
    const char *text = nube_time_text(c, nube_now(c));
    char *out = nube_alloc(c, strlen(text) + 1), *to = out;

    for (; *text; text++)
        if (*text != '-' && *text != ':')
            *to++ = *text;
    return out;
}

static int digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* The key that was derived at login, when it is still the same day. */
static int kept_key(nube_call *c, const char *name, const char *when, unsigned char *key)
{
    const char *text = nube_session_str(c, name);
    int i;

    if (!text || strncmp(text, when, 8) != 0)
        return 0;
    for (text += 8, i = 0; i < EC2_SIGV4_KEY; i++, text += 2)
        key[i] = (unsigned char)(digit(text[0]) << 4 | digit(text[1]));
    return 1;
}

static const char *key_name(nube_call *c, int region)
{
    return region ? nube_fmt(c, "signing.%d", region) : "signing.0";
}

void ec2_keep_signing_key(nube_call *c, int region, const char *name, const char *secret)
{
    struct ec2_sigv4 s = {.when = compact_time(c), .region = name, .service = "ec2"};
    unsigned char key[NUBE_HASH_MAX];

    ec2_sigv4_key(c, &s, secret, key);
    nube_session_secret(c, key_name(c, region),
                        nube_fmt(c, "%.8s%s", s.when, nube_hex(c, key, EC2_SIGV4_KEY)));
}

static void find_key(nube_call *c, const struct ec2_sigv4 *s, int tag, unsigned char *key)
{
    if (tag == EC2_TAG_STS || !kept_key(c, key_name(c, tag), s->when, key))
        ec2_sigv4_key(c, s, nube_session_str(c, "secret"), key);
}

static void add(struct ec2_sigv4 *s, struct ec2_header *headers, const char *name,
                const char *value)
{
    headers[s->n_headers++] = (struct ec2_header){name, value};
    s->headers = headers;
}

/* Credentials as they are when the request is sent: a body that waited is signed anew. */
enum nube_step ec2_sign(nube_call *c, nube_req *q, const nube_reply *r)
{
    const char *token = nube_session_str(c, "token"), *to_sign, *name, *value;
    int tag = nube_req_tag_of(q);
    struct ec2_header headers[EC2_SIGV4_HEADERS];
    struct ec2_sigv4 s = {.method = nube_req_method_str(q),
                          .path = nube_req_path_str(q),
                          .query = nube_req_query_str(q),
                          .when = compact_time(c),
                          .service = tag == EC2_TAG_STS ? "sts" : "ec2"};
    unsigned char key[NUBE_HASH_MAX];
    const void *body;
    size_t i, len;

    (void)r;
    s.region = tag == EC2_TAG_STS ? nube_session_str(c, "sts_region") : ec2_region_name(c, tag);
    body = nube_req_body_data(q, &len);
    s.body_hash = ec2_sigv4_hash(c, body, len);
    for (i = 0; i < nube_req_header_count(q); i++)
        if (nube_req_header_at(q, i, &name, &value) == 0 && strcmp(name, "Content-Type") == 0)
            add(&s, headers, name, value);
    add(&s, headers, "host", nube_req_host(q));
    add(&s, headers, "x-amz-date", s.when);
    if (token && *token)
        add(&s, headers, "x-amz-security-token", token);
    to_sign = ec2_sigv4_to_sign(c, &s, ec2_sigv4_canonical(c, &s));
    find_key(c, &s, tag, key);
    nube_req_header(q, "X-Amz-Date", s.when);
    if (token && *token)
        nube_req_header_secret(q, "X-Amz-Security-Token", token);
    nube_req_header_secret(q, "Authorization",
                           nube_fmt(c,
                                    "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, "
                                    "Signature=%s",
                                    nube_session_str(c, "key"), ec2_sigv4_scope(c, &s),
                                    ec2_sigv4_names(c, &s), ec2_sigv4_signature(c, key, to_sign)));
    return NUBE_DONE;
}
