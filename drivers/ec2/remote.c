/* Credentials from services beside the program: a container's, and the instance's metadata. */
#include <string.h>

#include "auth.h"

static const char *const key_names[] = {"AccessKeyId", "SecretAccessKey", "Token"};

enum { PATIENCE_MS = 1000, CONTAINER_MS = 2000 };

/* ---- Containers --------------------------------------------------------------------- */

/* Where a bearer token may go without TLS: what cannot leave the machine. */
static int is_local(const char *host, size_t len)
{
    static const char *const hosts[] = {"localhost", "[::1]", "169.254.170.2", "169.254.170.23",
                                        "[fd00:ec2::23]"};
    size_t i;

    for (i = 0; i < EC2_ROWS(hosts); i++)
        if (strlen(hosts[i]) == len && strncmp(host, hosts[i], len) == 0)
            return 1;
    return strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == len;
}

static size_t host_len(const char *host)
{
    const char *end = *host == '[' ? strchr(host, ']') : NULL;

    return end ? (size_t)(end + 1 - host) : strcspn(host, ":/?#");
}

static const char *container_url(nube_call *c)
{
    const char *path = ec2_env(c, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const char *url = ec2_env(c, "AWS_CONTAINER_CREDENTIALS_FULL_URI");

    if (path)
        return nube_fmt(c, "http://169.254.170.2%s", path);
    if (url && (strncmp(url, "https://", 8) == 0 ||
                (strncmp(url, "http://", 7) == 0 && is_local(url + 7, host_len(url + 7)))))
        return url;
    nube_fail(c, NUBE_E_USAGE,
              "AWS_CONTAINER_CREDENTIALS_FULL_URI: %s is neither https nor a local address",
              url ? url : "(not set)");
    return NULL;
}

static enum nube_step ask_container(nube_call *c, const struct ec2_auth *a)
{
    const char *url = container_url(c);
    nube_req *q;

    if (!url)
        return NUBE_FAIL;
    q = nube_req_url(c, NUBE_GET, url);
    nube_req_header_secret(q, "Authorization", a->bearer);
    nube_req_flag(q, NUBE_REQ_NO_PROXY);
    nube_req_patience(q, CONTAINER_MS);
    return ec2_send(c, EC2_CONTAINER_KEYS);
}

static enum nube_step read_bearer(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    size_t len;
    const char *text = nube_reply_body(r, &len);

    if (nube_reply_status(r) != 200)
        return nube_fail(c, NUBE_E_AUTH,
                         "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: the file is not there");
    while (len && strchr("\r\n", text[len - 1]))
        len--;
    a->bearer = nube_fmt(c, "%.*s", (int)len, text);
    return ask_container(c, a);
}

enum nube_step ec2_container(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    const char *file = ec2_env(c, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");

    if (!r && file) {
        nube_need_file(c, file, NUBE_NEED_SECRET, 0);
        return ec2_send(c, EC2_CONTAINER_TOKEN);
    }
    if (!r) {
        a->bearer = nube_strdup(c, ec2_env(c, "AWS_CONTAINER_AUTHORIZATION_TOKEN"));
        return ask_container(c, a);
    }
    if (nube_phase(c) == EC2_CONTAINER_TOKEN)
        return read_bearer(c, a, r);
    if (!ec2_take_keys(c, a, nube_reply_doc(r), key_names))
        return nube_fail(c, NUBE_E_AUTH, "the container's service gives no credentials");
    ec2_take_end(a, nube_doc_str(nube_reply_doc(r), "Expiration"));
    return NUBE_DONE;
}

/* ---- Instance metadata -------------------------------------------------------------- */

static const char *setting(nube_call *c, const struct ec2_auth *a, const char *env, const char *key)
{
    const char *text = ec2_env(c, env);

    return text ? text : ec2_profile_get(c, a, a->profile, key);
}

static nube_req *metadata(nube_call *c, const struct ec2_auth *a, enum nube_method method,
                          const char *path)
{
    const char *base =
        setting(c, a, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
    const char *mode = setting(c, a, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                               "ec2_metadata_service_endpoint_mode");
    size_t len;
    nube_req *q;

    if (!base)
        base = mode && (*mode == 'I' || *mode == 'i') && strchr(mode, '6')
                   ? "http://[fd00:ec2::254]"
                   : "http://169.254.169.254";
    len = strlen(base);
    while (len && base[len - 1] == '/')
        len--;
    q = nube_req_url(c, method, nube_fmt(c, "%.*s/latest/%s", (int)len, base, path));
    nube_req_header_secret(q, "x-aws-ec2-metadata-token", a->bearer);
    nube_req_flag(q, NUBE_REQ_NO_PROXY | NUBE_REQ_TRY | NUBE_REQ_RAW);
    nube_req_patience(q, PATIENCE_MS);
    nube_req_allow(q, 401);
    nube_req_allow(q, 403);
    nube_req_allow(q, 404);
    nube_req_allow(q, 405);
    return q;
}

static enum nube_step nothing(nube_call *c, const struct ec2_auth *a, const char *why)
{
    return nube_fail(c, NUBE_E_AUTH,
                     "no AWS credentials were found: set key and secret, or a profile; looked at "
                     "AWS_ACCESS_KEY_ID, profile %s in ~/.aws, and the instance metadata service, "
                     "where %s",
                     a->profile, why);
}

static enum nube_step ask_name(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    size_t len;
    const char *text = nube_reply_body(r, &len);

    if (nube_reply_status(r) == 200 && len) {
        a->bearer = nube_strdup(c, text);
        nube_secret(c, a->bearer);
    } else if (nube_reply_status(r) == 0) {
        return nothing(c, a, "nothing answers");
    } else if (ec2_env_true(c, "AWS_EC2_METADATA_V1_DISABLED")) {
        return nothing(c, a, "no token is given");
    }
    metadata(c, a, NUBE_GET, "meta-data/iam/security-credentials/");
    return ec2_send(c, EC2_IMDS_NAME);
}

static enum nube_step ask_keys(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    const char *text = nube_reply_body(r, NULL);
    size_t len = strcspn(text, "\r\n");

    if (nube_reply_status(r) != 200 || !len)
        return nothing(c, a, "the instance has no role");
    a->instance_role = nube_fmt(c, "%.*s", (int)len, text);
    metadata(c, a, NUBE_GET,
             nube_fmt(c, "meta-data/iam/security-credentials/%s",
                      nube_uri_encode(c, a->instance_role, 0)));
    return ec2_send(c, EC2_IMDS_KEYS);
}

static enum nube_step take(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    size_t len;
    const char *text = nube_reply_body(r, &len), *code;
    const nube_doc *doc = nube_doc_parse(c, text, len);

    code = nube_doc_str(doc, "Code");
    if ((code && strcmp(code, "Success") != 0) || !ec2_take_keys(c, a, doc, key_names))
        return nube_fail(c, NUBE_E_AUTH,
                         "the instance metadata service gives no credentials for role %s%s%s",
                         a->instance_role, code ? ": " : "", code ? code : "");
    ec2_take_end(a, nube_doc_str(doc, "Expiration"));
    return NUBE_DONE;
}

enum nube_step ec2_imds(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    nube_req *q;

    switch (nube_phase(c)) {
    case EC2_IMDS_TOKEN:
        return ask_name(c, a, r);
    case EC2_IMDS_NAME:
        return ask_keys(c, a, r);
    case EC2_IMDS_KEYS:
        return take(c, a, r);
    default:
        q = metadata(c, a, NUBE_PUT, "api/token");
        nube_req_header(q, "x-aws-ec2-metadata-token-ttl-seconds", "21600");
        return ec2_send(c, EC2_IMDS_TOKEN);
    }
}

/* The instance's own region, for a backend that names none. */
enum nube_step ec2_imds_region(nube_call *c, struct ec2_auth *a, const nube_reply *r)
{
    const char *text = nube_reply_body(r, NULL);
    size_t len = strcspn(text, "\r\n");

    if (!r) {
        metadata(c, a, NUBE_GET, "meta-data/placement/region");
        return ec2_send(c, EC2_IMDS_REGION);
    }
    if (nube_reply_status(r) == 200 && len)
        a->regions = nube_fmt(c, "%.*s", (int)len, text);
    return NUBE_DONE;
}
