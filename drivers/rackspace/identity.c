/* Logging in at Rackspace's Identity v2.0: by API key, by password, with a second factor. */
#include <string.h>

#include "identity.h"

enum { TAG_ASK = 800 };

/* ---- Who ---------------------------------------------------------------------------- */

static const char *variable(nube_call *c, const char *name)
{
    return nube_strdup(c, nova_filled(nube_env(c, name)));
}

int rack_account(nube_call *c, struct rack_account *a)
{
    a->username = nube_opt_str(c, "username");
    a->api_key = nube_opt_str(c, "api_key");
    a->password = nube_opt_str(c, "password");
    a->region = nube_opt_str(c, "region");
    a->auth_url = nube_opt_str(c, "auth_url");
    if (!a->username && !a->api_key && !a->password) {
        a->username = variable(c, "RS_USERNAME");
        a->api_key = variable(c, "RS_API_KEY");
        a->region = a->region ? a->region : variable(c, "RS_REGION_NAME");
        a->auth_url = a->auth_url ? a->auth_url : variable(c, "RS_AUTH_URL");
        nube_secret(c, a->api_key);
    }
    if (a->username && (a->api_key || a->password))
        return 0;
    nube_fail(c, NUBE_E_AUTH, "no %s: set it, or RS_USERNAME and RS_API_KEY",
              a->username ? "api_key or password" : "username");
    return -1;
}

int rack_has_token(nube_call *c)
{
    const char *token = nube_opt_str(c, "token");

    if (!token || !nube_opt_str(c, "endpoint"))
        return 0;
    nube_session_secret(c, "token", token);
    return 1;
}

enum nube_step rack_sign(nube_call *c, nube_req *q, const nube_reply *r)
{
    (void)r;
    nube_req_header_secret(q, "X-Auth-Token", nube_session_str(c, "token"));
    return NUBE_DONE;
}

/* ---- The first factor --------------------------------------------------------------- */

static nube_req *post(nube_call *c)
{
    nube_req *q = nube_req_new(c, NUBE_POST, "identity");

    nube_req_path(q, "tokens");
    nube_req_header(q, "Accept", "application/json");
    nube_req_flag(q, NUBE_REQ_SAFE);
    return q;
}

static enum nube_step log_in(nube_call *c, const struct rack_account *a, const char *url)
{
    nube_json *j;

    nova_set_service(c, "identity", nova_versioned(c, url, "v2.0"));
    j = nube_req_json(post(c));
    nube_json_object(j, "auth");
    nube_json_object(j, a->api_key ? "RAX-KSKEY:apiKeyCredentials" : "passwordCredentials");
    nube_json_str(j, "username", a->username);
    nube_json_secret(j, a->api_key ? "apiKey" : "password", a->api_key ? a->api_key : a->password);
    nube_json_end(j);
    nube_json_str(j, "tenantId", nube_opt_str(c, "tenant_id"));
    return nova_send(c, RACK_LOGIN);
}

/* ---- The second --------------------------------------------------------------------- */

/* WWW-Authenticate: OS-MF sessionId='...', factor='PASSCODE' */
static const char *challenge(const nube_reply *r)
{
    const char *text = nube_reply_header(r, "WWW-Authenticate");
    const char *id = text && nube_reply_status(r) == 401 ? strstr(text, "sessionId='") : NULL;

    return id ? id + strlen("sessionId='") : NULL;
}

void rack_classify(nube_call *c, const nube_reply *r, struct nube_verdict *v)
{
    nova_classify(c, r, v);
    if (nube_call_op_id(c) == NUBE_OP_AUTH && nube_phase(c) == RACK_LOGIN && challenge(r))
        v->code = v->reauth = 0;
}

struct session {
    const char *id;
};

static enum nube_step answer(nube_call *c, const char *code)
{
    const struct session *s = nube_state(c, sizeof(*s));
    nube_req *q = post(c);
    nube_json *j = nube_req_json(q);

    nube_req_header_secret(q, "X-SessionId", s->id);
    nube_json_object(j, "auth");
    nube_json_object(j, "RAX-AUTH:passcodeCredentials");
    nube_json_secret(j, "passcode", code);
    return nova_send(c, RACK_SECOND);
}

static enum nube_step ask(nube_call *c, const struct rack_account *a, const char *id)
{
    struct session *s = nube_state(c, sizeof(*s));

    s->id = nube_fmt(c, "%.*s", (int)strcspn(id, "'"), id);
    if (nube_opt_str(c, "passcode"))
        return answer(c, nube_opt_str(c, "passcode"));
    nube_need_ask(c, nube_fmt(c, "Passcode of %s at Rackspace", a->username), TAG_ASK);
    return nova_send(c, RACK_ASKED);
}

static enum nube_step asked(nube_call *c, const nube_reply *r)
{
    if (nube_reply_status(r) != 200)
        return nube_fail(c, NUBE_E_AUTH,
                         "Rackspace asks for a passcode besides the password: give it as passcode, "
                         "or log in by api_key");
    return answer(c, nube_reply_body(r, NULL));
}

/* ---- The step ----------------------------------------------------------------------- */

enum nube_step rack_identity(nube_call *c, const nube_reply *r, const struct rack_account *a,
                             const char *url, const nube_doc **catalog)
{
    switch (nube_phase(c)) {
    case RACK_BEGIN:
        return log_in(c, a, url);
    case RACK_ASKED:
        return asked(c, r);
    case RACK_LOGIN:
        if (challenge(r))
            return ask(c, a, challenge(r));
        break;
    default:
        break;
    }
    return nova_take_v2(c, r, url, catalog) ? NUBE_DONE : NUBE_FAIL;
}
