/* http-signature, as CloudAPI checks it: the layout of 1.x, and that of 0.9 for the API's 6.x. */
#include <string.h>

#include "joyent.h"

const char *joy_http_date(nube_call *c, int64_t unix_ms)
{
    static const char days[] = "ThuFriSatSunMonTueWed", /* 1970 began on a Thursday */
        months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *t = nube_time_text(c, unix_ms); /* 2015-12-22T12:23:12Z */
    int month = (t[5] - '0') * 10 + t[6] - '0' - 1;

    return nube_fmt(c, "%.3s, %.2s %.3s %.4s %.8s GMT", days + 3 * (unix_ms / 86400000 % 7), t + 8,
                    months + 3 * month, t, t + 11);
}

static const char *lower(nube_call *c, const char *text)
{
    size_t len = strlen(text), i;
    char *out = nube_alloc(c, len + 1);

    for (i = 0; i < len; i++)
        out[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
    return out;
}

const char *joy_signing_string(nube_call *c, int legacy, const char *method, const char *target,
                               const char *date)
{
    if (legacy)
        return date;
    return nube_fmt(c, "(request-target): %s %s\ndate: %s", lower(c, method), target, date);
}

/* No blank after a comma: the server takes none. */
const char *joy_authorization(nube_call *c, int legacy, const char *key_id, const char *algorithm,
                              const char *signature)
{
    if (legacy)
        return nube_fmt(c, "Signature keyId=\"%s\",algorithm=\"%s\" %s", key_id, algorithm,
                        signature);
    return nube_fmt(c,
                    "Signature keyId=\"%s\",algorithm=\"%s\",headers=\"(request-target) date\","
                    "signature=\"%s\"",
                    key_id, algorithm, signature);
}

/* Ed25519 has a hash of its own, which has a name here. */
static const char *algorithm_of(nube_call *c, const nube_reply *r)
{
    const char *hash = nube_reply_header(r, "hash");

    return nube_fmt(c, "%s-%s", nube_reply_header(r, "algorithm"), hash ? hash : "sha512");
}

static enum nube_step ask(nube_call *c, nube_req *q)
{
    const char *query = nube_req_query_str(q), *date = joy_http_date(c, nube_now(c)), *text;
    const char *target = nube_fmt(c, "%s%s%s", nube_req_path_str(q), *query ? "?" : "", query);

    nube_req_header(q, "Date", date);
    text = joy_signing_string(c, nube_session_str(c, "legacy") != NULL, nube_req_method_str(q),
                              target, date);
    nube_need_sign(c, nube_session_str(c, "key"), NULL, nube_session_str(c, "agent"),
                   "sha256|sha512", text, strlen(text), 0);
    return NUBE_SEND;
}

enum nube_step joy_sign(nube_call *c, nube_req *q, const nube_reply *r)
{
    const char *bytes;
    size_t len;

    if (!r)
        return ask(c, q);
    if (nube_reply_status(r) != 200)
        return nube_fail(c, NUBE_E_AUTH,
                         "ssh-agent no longer has the key %s: add it again with ssh-add",
                         nube_session_str(c, "agent"));
    bytes = nube_reply_body(r, &len);
    nube_req_header_secret(q, "Authorization",
                           joy_authorization(c, nube_session_str(c, "legacy") != NULL,
                                             nube_session_str(c, "key_id"), algorithm_of(c, r),
                                             nube_base64(c, bytes, len)));
    return NUBE_DONE;
}
