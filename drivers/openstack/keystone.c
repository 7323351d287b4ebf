/* Keystone: the requests that log in by Identity v3 and v2.0, and the tokens they give. */
#include <string.h>
#include <strings.h>

#include "openstack.h"

/* The password and the token go out in bodies and headers that no log shows. */
static nube_req *request(nube_call *c, enum nube_method method, const char *path)
{
    nube_req *q = nube_req_new(c, method, "identity");

    nube_req_path(q, path);
    nube_req_header(q, "Accept", "application/json");
    nube_req_flag(q, NUBE_REQ_SAFE);
    return q;
}

/* ---- v3: who ------------------------------------------------------------------------ */

/* By id, by name, else the domain that every cloud begins with. */
static void write_domain(const struct os_auth *a, nube_json *j, enum os_setting id,
                         enum os_setting name)
{
    const char *const *v = a->value;

    nube_json_object(j, "domain");
    if (v[id] || v[name])
        nube_json_str(j, v[id] ? "id" : "name", v[id] ? v[id] : v[name]);
    else if (v[OS_DOMAIN_ID] || v[OS_DOMAIN])
        nube_json_str(j, v[OS_DOMAIN_ID] ? "id" : "name",
                      v[OS_DOMAIN_ID] ? v[OS_DOMAIN_ID] : v[OS_DOMAIN]);
    else
        nube_json_str(j, "id", v[OS_DEFAULT_DOMAIN] ? v[OS_DEFAULT_DOMAIN] : "default");
    nube_json_end(j);
}

static void open_user(const struct os_auth *a, nube_json *j)
{
    nube_json_object(j, "user");
    nube_json_str(j, "id", a->value[OS_USER_ID]);
    if (a->value[OS_USER_ID])
        return;
    nube_json_str(j, "name", a->value[OS_USERNAME]);
    write_domain(a, j, OS_USER_DOMAIN_ID, OS_USER_DOMAIN);
}

static void write_secret(const struct os_auth *a, nube_json *j, const char *method,
                         enum os_setting secret, const char *member)
{
    if (!a->value[secret])
        return;
    nube_json_object(j, method);
    open_user(a, j);
    nube_json_secret(j, member, a->value[secret]);
    nube_json_end(j);
    nube_json_end(j);
}

static void write_credential(const struct os_auth *a, nube_json *j)
{
    nube_json_object(j, "application_credential");
    if (a->value[OS_CREDENTIAL_ID]) {
        nube_json_str(j, "id", a->value[OS_CREDENTIAL_ID]);
    } else {
        nube_json_str(j, "name", a->value[OS_CREDENTIAL_NAME]);
        open_user(a, j);
        nube_json_end(j);
    }
    nube_json_secret(j, "secret", a->value[OS_CREDENTIAL_SECRET]);
    nube_json_end(j);
}

static void write_methods(const struct os_auth *a, nube_json *j)
{
    nube_json_array(j, "methods");
    if (a->kind == OS_BY_CREDENTIAL)
        nube_json_str(j, NULL, "application_credential");
    else if (a->kind == OS_BY_TOKEN)
        nube_json_str(j, NULL, "token");
    if (a->kind == OS_BY_PASSWORD && a->value[OS_PASSWORD])
        nube_json_str(j, NULL, "password");
    if (a->kind == OS_BY_PASSWORD && a->value[OS_PASSCODE])
        nube_json_str(j, NULL, "totp");
    nube_json_end(j);
}

static void write_token(nube_json *j, const char *token)
{
    nube_json_object(j, "token");
    nube_json_secret(j, "id", token);
    nube_json_end(j);
}

static void write_identity(const struct os_auth *a, nube_json *j)
{
    nube_json_object(j, "identity");
    write_methods(a, j);
    if (a->kind == OS_BY_CREDENTIAL) {
        write_credential(a, j);
    } else if (a->kind == OS_BY_TOKEN) {
        write_token(j, a->value[OS_TOKEN]);
    } else {
        write_secret(a, j, "password", OS_PASSWORD, "password");
        write_secret(a, j, "totp", OS_PASSCODE, "passcode");
    }
    nube_json_end(j);
}

/* ---- v3: for what ------------------------------------------------------------------- */

static int says_scope(const struct os_auth *a)
{
    static const enum os_setting scopes[] = {OS_PROJECT,  OS_PROJECT_ID, OS_SYSTEM_SCOPE,
                                             OS_TRUST_ID, OS_DOMAIN,     OS_DOMAIN_ID};
    size_t i;

    for (i = 0; i < NOVA_ROWS(scopes); i++)
        if (a->value[scopes[i]])
            return 1;
    return 0;
}

static void write_id(nube_json *j, const char *what, const char *id)
{
    nube_json_object(j, what);
    nube_json_str(j, "id", id);
    nube_json_end(j);
}

/* A credential is for its project already, and must not ask for one. */
static void write_scope(const struct os_auth *a, nube_json *j)
{
    const char *const *v = a->value;

    if (a->kind == OS_BY_CREDENTIAL || !says_scope(a))
        return;
    nube_json_object(j, "scope");
    if (v[OS_TRUST_ID]) {
        write_id(j, "OS-TRUST:trust", v[OS_TRUST_ID]);
    } else if (v[OS_SYSTEM_SCOPE]) {
        nube_json_object(j, "system");
        nube_json_bool(j, "all", 1);
        nube_json_end(j);
    } else if (v[OS_PROJECT_ID]) {
        write_id(j, "project", v[OS_PROJECT_ID]);
    } else if (v[OS_PROJECT]) {
        nube_json_object(j, "project");
        nube_json_str(j, "name", v[OS_PROJECT]);
        write_domain(a, j, OS_PROJECT_DOMAIN_ID, OS_PROJECT_DOMAIN);
        nube_json_end(j);
    } else {
        nube_json_object(j, "domain");
        nube_json_str(j, v[OS_DOMAIN_ID] ? "id" : "name",
                      v[OS_DOMAIN_ID] ? v[OS_DOMAIN_ID] : v[OS_DOMAIN]);
        nube_json_end(j);
    }
    nube_json_end(j);
}

/* ---- Requests ----------------------------------------------------------------------- */

/* A token that is for something already is asked what that is: made anew, it would lose it. */
static void look_at_token(nube_call *c, const struct os_auth *a)
{
    nube_req *q = request(c, NUBE_GET, "auth/tokens");

    nube_req_header_secret(q, "X-Auth-Token", a->value[OS_TOKEN]);
    nube_req_header_secret(q, "X-Subject-Token", a->value[OS_TOKEN]);
    nube_req_allow(q, 404);
}

static nube_json *open_login(nube_call *c, const char *path)
{
    nube_json *j = nube_req_json(request(c, NUBE_POST, path));

    nube_json_object(j, "auth");
    return j;
}

static void request_v2(nube_call *c, const struct os_auth *a)
{
    nube_json *j = open_login(c, "tokens");

    if (a->kind == OS_BY_TOKEN) {
        write_token(j, a->value[OS_TOKEN]);
    } else {
        nube_json_object(j, "passwordCredentials");
        nube_json_str(j, "username", a->value[OS_USERNAME]);
        nube_json_secret(j, "password", a->value[OS_PASSWORD]);
        nube_json_end(j);
    }
    nube_json_str(j, "tenantId", a->value[OS_PROJECT_ID]);
    if (!a->value[OS_PROJECT_ID])
        nube_json_str(j, "tenantName", a->value[OS_PROJECT]);
}

void os_request_token(nube_call *c, const struct os_auth *a)
{
    nube_json *j;

    if (a->identity == 2) {
        request_v2(c, a);
        return;
    }
    if (a->kind == OS_BY_TOKEN && !says_scope(a)) {
        look_at_token(c, a);
        return;
    }
    j = open_login(c, "auth/tokens");
    write_identity(a, j);
    write_scope(a, j);
}

void os_request_scoped(nube_call *c, const struct os_auth *a, const char *project_id)
{
    nube_json *j = open_login(c, a->identity == 2 ? "tokens" : "auth/tokens");

    if (a->identity == 2) {
        write_token(j, a->token);
        nube_json_str(j, "tenantId", project_id);
        return;
    }
    nube_json_object(j, "identity");
    nube_json_array(j, "methods");
    nube_json_str(j, NULL, "token");
    nube_json_end(j);
    write_token(j, a->token);
    nube_json_end(j);
    nube_json_object(j, "scope");
    write_id(j, "project", project_id);
    nube_json_end(j);
}

void os_request_projects(nube_call *c, const struct os_auth *a)
{
    nube_req *q = request(c, NUBE_GET, a->identity == 2 ? "tenants" : "auth/projects");

    nube_req_header_secret(q, "X-Auth-Token", a->token);
}

/* ---- Tokens ------------------------------------------------------------------------- */

/* The token itself is in a header. */
enum nube_step os_take_token(nube_call *c, struct os_auth *a, const nube_reply *r,
                             const nube_doc **catalog)
{
    const char *token = nube_reply_header(r, "X-Subject-Token");
    const nube_doc *doc;

    if (nube_reply_status(r) == 404)
        return nube_fail(c, NUBE_E_AUTH,
                         "the token of this account is not known at %s: it may be "
                         "past its end",
                         a->value[OS_AUTH_URL]);
    if (a->identity == 2) {
        a->token = nova_take_v2(c, r, a->value[OS_AUTH_URL], catalog);
        return a->token ? NUBE_DONE : NUBE_FAIL;
    }
    doc = nova_member(c, r, "token", NUBE_DOC_OBJECT);
    if (!doc)
        return NUBE_FAIL;
    *catalog = nube_doc_get(doc, "catalog");
    if (!token && a->kind == OS_BY_TOKEN)
        token = a->value[OS_TOKEN];
    a->token = nova_keep_token(c, token, nova_text(doc, "expires_at"), nova_text(doc, "project.id"),
                               a->value[OS_AUTH_URL]);
    return a->token ? NUBE_DONE : NUBE_FAIL;
}
