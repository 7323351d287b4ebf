/* What every request passes through: version, rate, body, signature; then its operation. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "joyent.h"

enum { MAX_BODY = 100000 };

bool joy_is(const struct joy_call *c, int major, int minor)
{
    return c->version.v[0] > major || (c->version.v[0] == major && c->version.v[1] >= minor);
}

/* restify reads Accept-Version, else X-Api-Version; the documented Api-Version only with the
 * setting. */
static bool choose_version(struct joy_call *c)
{
    const struct joy_settings *s = c->cloud->settings;
    const char *range = sim_header(c->q, "Accept-Version");
    char text[48];
    range = range ? range : sim_header(c->q, "X-Api-Version");
    if (!range && s->old_header)
        range = sim_header(c->q, "Api-Version");
    if (!joy_version_choose(s->versions, range ? range : "*", &c->version))
        return joy_fail(c, "InvalidVersion", "%s is not supported by %s %s", range ? range : "*",
                        c->q->method, c->q->path);
    snprintf(text, sizeof text, "%d.%d.%d", c->version.v[0], c->version.v[1], c->version.v[2]);
    sim_reply_header(c->r, "Api-Version", text);
    return true;
}

static bool within_rate(struct joy_call *c)
{
    const struct joy_settings *s = c->cloud->settings;
    struct joyent *cloud = c->cloud;
    double burst = (double)s->throttle_burst;
    if (s->throttle_rate <= 0)
        return true;
    cloud->tokens += (double)(c->now - cloud->tokens_at) * (double)s->throttle_rate / 1000;
    cloud->tokens_at = c->now;
    if (cloud->tokens > burst)
        cloud->tokens = burst;
    if (cloud->tokens >= 1) {
        cloud->tokens--;
        return true;
    }
    joy_fail(c, s->throttle_status == 420 ? "RequestThrottled" : "TooManyRequestsError",
             "You have exceeded your request rate of %lld r/s.", (long long)s->throttle_rate);
    c->r->status = (unsigned)s->throttle_status;
    return false;
}

static bool check_digest(struct joy_call *c)
{
    const char *wanted = sim_header(c->q, "Content-MD5");
    unsigned char digest[EVP_MAX_MD_SIZE];
    struct sim_text text = {0};
    unsigned n = 0;
    bool same;
    if (!wanted)
        return true;
    EVP_Digest(c->q->body, c->q->body_len, digest, &n, EVP_md5(), NULL);
    sim_text_base64(&text, digest, n);
    same = joy_same(text.data, wanted);
    sim_text_free(&text);
    return same || joy_fail(c, "BadDigest", "Content-MD5 did not match");
}

static bool read_body(struct joy_call *c)
{
    const char *type = sim_header(c->q, "Content-Type");
    struct sim_text error = {0};
    if (c->q->body_len > MAX_BODY)
        return joy_fail(c, "RequestTooLarge", "Request body size exceeds %d", MAX_BODY);
    if (!check_digest(c))
        return false;
    if (!c->q->body_len || !type || strncasecmp(type, "application/json", 16) != 0)
        return true;
    c->body = sim_json_parse(c->q->body, c->q->body_len, &error);
    if (!c->body)
        joy_fail(c, "InvalidContent", "Invalid JSON: %s", error.data);
    sim_text_free(&error);
    return c->body != NULL;
}

void joy_serve(struct sim *s, struct joyent *cloud, struct sim_request *q, struct sim_reply *r,
               joy_fn fn)
{
    struct joy_call c = {.cloud = cloud, .q = q, .r = r, .now = sim_life_ms(s)};
    joy_uuid(s, r->id);
    sim_reply_header(r, "Request-Id", r->id);
    sim_reply_header(r, "Server", "cloudapi/9.20.0");
    sim_reply_header(r, "Response-Time", "1");
    joy_settle(cloud, c.now);
    if (choose_version(&c) && within_rate(&c) && read_body(&c) &&
        (fn == joy_ping || joy_authenticate(&c)))
        fn(&c);
    json_object_put(c.body);
}
