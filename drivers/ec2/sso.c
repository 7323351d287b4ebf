/* Credentials from single sign-on: the login that the AWS tools stored, renewed where it may be. */
#include <string.h>

#include "auth.h"

enum { RENEW_MS = 15 * 60 * 1000 };

static enum nube_step log_in_again(nube_call *c, const struct ec2_auth *a, const char *why)
{
    return nube_fail(c, NUBE_E_AUTH, "%s; log in: aws sso login --profile %s", why, a->profile);
}

static const char *portal(nube_call *c, const struct ec2_auth *a)
{
    const struct ec2_places plain = {0, 0};
    const char *own = ec2_override(c, a, "sso", NULL, "AWS_ENDPOINT_URL_SSO");

    return nube_fmt(c, "%s/federation/credentials",
                    own ? own : ec2_service_url(c, &plain, "portal.sso", a->sso.region));
}

static const char *renewer(nube_call *c, const struct ec2_auth *a)
{
    const struct ec2_places plain = {0, 0};
    const char *own = ec2_override(c, a, "sso_oidc", NULL, "AWS_ENDPOINT_URL_SSO_OIDC");

    return nube_fmt(c, "%s/token", own ? own : ec2_service_url(c, &plain, "oidc", a->sso.region));
}

static enum nube_step ask_portal(nube_call *c, const struct ec2_auth *a)
{
    nube_req *q = nube_req_url(c, NUBE_GET, portal(c, a));

    nube_req_query(q, "role_name", a->sso.role);
    nube_req_query(q, "account_id", a->sso.account);
    nube_req_header_secret(q, "x-amz-sso_bearer_token", a->sso.token);
    nube_req_allow(q, 401);
    nube_req_allow(q, 403);
    nube_req_allow(q, 404);
    return ec2_send(c, EC2_SSO_ROLE);
}

/* ---- Renewal: CreateToken of the OIDC service ----------------------------------------- */

/* Only a login through a session can be renewed, by the client that is registered with it. */
static int may_renew(nube_call *c, const struct ec2_auth *a, const nube_doc *stored)
{
    return a->sso.renewable && nube_doc_str(stored, "refreshToken") &&
           nube_doc_str(stored, "clientId") && nube_doc_str(stored, "clientSecret") &&
           nube_time_of(nube_doc_str(stored, "registrationExpiresAt")) > nube_now(c);
}

/* Tried once, and a failure is no end: the stored login may hold for some minutes more. */
static enum nube_step ask_renewal(nube_call *c, const struct ec2_auth *a, const nube_doc *stored)
{
    static const int refusals[] = {400, 401, 403, 429, 500, 502, 503};
    nube_req *q = nube_req_url(c, NUBE_POST, renewer(c, a));
    nube_json *j = nube_req_json(q);

    nube_json_str(j, "clientId", nube_doc_str(stored, "clientId"));
    nube_json_secret(j, "clientSecret", nube_doc_str(stored, "clientSecret"));
    nube_json_str(j, "grantType", "refresh_token");
    nube_json_secret(j, "refreshToken", nube_doc_str(stored, "refreshToken"));
    nube_req_flag(q, NUBE_REQ_TRY);
    for (size_t i = 0; i < EC2_ROWS(refusals); i++)
        nube_req_allow(q, refusals[i]);
    return ec2_send(c, EC2_SSO_RENEW);
}

static int replaced(const char *name, const char *refresh)
{
    return strcmp(name, "accessToken") == 0 || strcmp(name, "expiresAt") == 0 ||
           (refresh && strcmp(name, "refreshToken") == 0);
}

/* Where the AWS tools keep it, so that they and later calls find the new login: the old refresh
 * token may be spent. What else the file says stays. */
static void keep(nube_call *c, const struct ec2_auth *a, const nube_doc *stored,
                 const nube_doc *fresh)
{
    const char *refresh = nube_doc_str(fresh, "refreshToken"), *text;
    nube_json *j = nube_json_new(c);

    for (const nube_doc *m = nube_doc_first(stored); m; m = nube_doc_next(m))
        if (!replaced(nube_doc_name(m), refresh))
            nube_json_str(j, nube_doc_name(m), nube_doc_text(m));
    nube_json_str(j, "accessToken", a->sso.token);
    nube_json_str(j, "expiresAt",
                  nube_time_text(c, nube_now(c) + nube_doc_int(fresh, "expiresIn", 0) * 1000));
    nube_json_str(j, "refreshToken", refresh);
    text = nube_json_text(j);
    nube_file_put(c, a->sso.cache, text, strlen(text));
}

static enum nube_step have_renewal(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    const nube_doc *fresh = nube_reply_doc(r),
                   *stored = nube_doc_parse(c, a->sso.stored, strlen(a->sso.stored));
    const char *token = nube_reply_status(r) == 200 ? nube_doc_str(fresh, "accessToken") : NULL;

    if (token && nube_doc_int(fresh, "expiresIn", 0) > 0) {
        a->sso.token = nube_strdup(c, token);
        nube_secret(c, a->sso.token);
        nube_secret(c, nube_doc_str(fresh, "refreshToken"));
        keep(c, a, stored, fresh);
    } else if (nube_time_of(nube_doc_str(stored, "expiresAt")) <= nube_now(c)) {
        return log_in_again(
            c, a, "the stored login of its single sign-on has expired and could not be renewed");
    }
    return ask_portal(c, a);
}

/* ---- The stored login ------------------------------------------------------------------ */

static enum nube_step have_login(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    const nube_doc *stored;
    const char *text;
    int64_t left;
    size_t len;

    if (nube_reply_status(r) != 200)
        return log_in_again(c, a, "there is no stored login for its single sign-on");
    if (!a->sso.region)
        return nube_fail(c, NUBE_E_USAGE, "profile %s: sso_region is missing", a->profile);
    text = nube_reply_body(r, &len);
    stored = nube_doc_parse(c, text, len);
    a->sso.stored = nube_strdup(c, text);
    a->sso.token = nube_strdup(c, nube_doc_str(stored, "accessToken"));
    nube_secret(c, a->sso.token);
    nube_secret(c, nube_doc_str(stored, "refreshToken"));
    nube_secret(c, nube_doc_str(stored, "clientSecret"));
    left = nube_time_of(nube_doc_str(stored, "expiresAt")) - nube_now(c);
    if (left < RENEW_MS && may_renew(c, a, stored))
        return ask_renewal(c, a, stored);
    if (!a->sso.token || left <= 0)
        return log_in_again(c, a, "the stored login of its single sign-on has expired");
    return ask_portal(c, a);
}

static enum nube_step have_role(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    static const char *const names[] = {"accessKeyId", "secretAccessKey", "sessionToken"};
    const nube_doc *doc = nube_doc_get(nube_reply_doc(r), "roleCredentials");
    const char *why = nube_doc_str(nube_reply_doc(r), "message");

    if (nube_reply_status(r) == 401)
        return log_in_again(c, a, "its single sign-on no longer accepts the stored login");
    if (!ec2_take_keys(c, a, doc, names))
        return nube_fail(c, NUBE_E_AUTH,
                         "single sign-on gives no credentials for role %s in %s%s%s", a->sso.role,
                         a->sso.account, why ? ": " : "", why ? why : "");
    a->expires = nube_doc_int(doc, "expiration", 0);
    return NUBE_DONE;
}

enum nube_step ec2_sso(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    if (!r) {
        nube_need_file(c, a->sso.cache, NUBE_NEED_SECRET, 0);
        return ec2_send(c, EC2_SSO_TOKEN);
    }
    switch (nube_phase(c)) {
    case EC2_SSO_TOKEN:
        return have_login(c, a, r);
    case EC2_SSO_RENEW:
        return have_renewal(c, a, r);
    default:
        return have_role(c, a, r);
    }
}
