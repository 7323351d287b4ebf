/* Keystone v2.0, with Rackspace's extensions: API keys and second factors; and HP's access keys. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "../sim_int.h"
#include "openstack.h"

static bool refuse(struct os_call *c, const char *why)
{
    os_unauthorized(c, "%s", why);
    return false;
}

static bool same(const char *a, const char *b)
{
    return a && b && !strcmp(a, b);
}

/* Who logs in, and how. */
struct login {
    struct os_user *user;
    struct os_token *from;
    const char *method;
};

static bool by_password(struct os_call *c, struct json_object *json, struct login *l)
{
    l->user = os_user_find(c->cloud, sim_json_text(json, "username"));
    l->method = "PASSWORD";
    if (!l->user || !same(sim_json_text(json, "password"), l->user->password))
        return refuse(c, l->user ? "the password is wrong" : "there is no such user");
    return true;
}

static bool by_api_key(struct os_call *c, struct json_object *json, struct login *l)
{
    l->user = os_user_find(c->cloud, sim_json_text(json, "username"));
    l->method = "APIKEY";
    if (!l->user || !same(sim_json_text(json, "apiKey"), l->user->api_key))
        return refuse(c, l->user ? "the API key is wrong" : "there is no such user");
    return true;
}

static bool by_access_key(struct os_call *c, struct json_object *json, struct login *l)
{
    l->method = "ACCESSKEY";
    for (size_t i = 0; i < c->cloud->n_users; i++)
        if (same(c->cloud->users[i]->access_key, sim_json_text(json, "accessKey")))
            l->user = c->cloud->users[i];
    if (!l->user || !same(sim_json_text(json, "secretKey"), l->user->secret_key))
        return refuse(c, "the access key or its secret is wrong");
    return true;
}

static bool by_token(struct os_call *c, struct json_object *json, struct login *l)
{
    l->method = "TOKEN";
    l->from = os_token_find(c, sim_json_text(json, "id"));
    if (!l->from)
        return refuse(c, "the token to begin with is not valid");
    l->user = l->from->user;
    return true;
}

static bool by_passcode(struct os_call *c, struct json_object *json, struct login *l)
{
    l->user = c->cloud->mfa_user;
    l->method = "PASSCODE";
    if (!l->user || !same(sim_header(c->q, "X-SessionId"), c->cloud->mfa_session) ||
        !same(sim_json_text(json, "passcode"), c->set->mfa_passcode))
        return refuse(c, "the session or its passcode is wrong");
    return true;
}

static const struct {
    const char *member;
    bool (*run)(struct os_call *c, struct json_object *json, struct login *l);
} kinds[] = {{"passwordCredentials", by_password},
             {"RAX-KSKEY:apiKeyCredentials", by_api_key},
             {"apiAccessKeyCredentials", by_access_key},
             {"RAX-AUTH:passcodeCredentials", by_passcode},
             {"token", by_token}};

/* The second factor: a password alone is challenged. */
static bool challenge(struct os_call *c, struct login *l)
{
    char header[128];
    if (!l->user->mfa || strcmp(l->method, "PASSWORD") != 0)
        return true;
    sim_random_hex(c->cloud->sim, c->cloud->mfa_session, 32);
    c->cloud->mfa_user = l->user;
    os_fail(c, 401, "Additional authentication credentials required.");
    snprintf(header, sizeof header, "OS-MF sessionId='%s', factor='PASSCODE'",
             c->cloud->mfa_session);
    sim_reply_header(c->r, "WWW-Authenticate", header);
    return false;
}

static bool read_tenant(struct os_call *c, const struct login *l, struct os_project **project)
{
    struct json_object *auth = sim_json_get(c->json, "auth");
    const char *id = sim_json_text(auth, "tenantId"), *name = sim_json_text(auth, "tenantName");
    if (id && *id && name && *name && c->cloud->rackspace)
        return os_fail(c, 400, "Only one of tenantId and tenantName may be given.");
    const char *wanted = id && *id ? id : name && *name ? name : NULL;
    *project = l->user->initial;
    if (!wanted)
        return true;
    *project = os_project_find(c->cloud, wanted);
    if (!*project || !os_role_in(l->user, *project))
        return refuse(c,
                      *project ? "the user has no role in the tenant" : "there is no such tenant");
    return true;
}

static void put_user(struct os_call *c, const struct os_token *t)
{
    struct sim_text *out = c->out;
    sim_put_object(out, "user");
    sim_put_str(out, "id", t->user->id);
    sim_put_str(out, "name", t->user->name);
    if (c->cloud->rackspace)
        sim_put_str(out, "RAX-AUTH:defaultRegion", c->cloud->regions[0]->name);
    else
        sim_put_str(out, "username", t->user->name);
    sim_put_array(out, "roles");
    if (t->role) {
        sim_put_object(out, NULL);
        sim_put_str(out, "id", c->cloud->rackspace ? "3" : t->role);
        sim_put_str(out, "name", c->cloud->rackspace ? "identity:user-admin" : t->role);
        sim_put_end(out, '}');
    }
    SIM_LIT(out, "]}");
}

static void put_access(struct os_call *c, const struct os_token *t)
{
    struct sim_text *out = c->out;
    char when[40];
    os_expires_text(when, sizeof when, t->expires);
    snprintf(when + 19, sizeof when - 19, "%s", c->cloud->rackspace ? ".000Z" : "Z");
    SIM_LIT(out, "{\"access\": {\"token\": {");
    sim_put_str(out, "id", t->id);
    sim_put_str(out, "expires", when);
    if (t->project) {
        sim_put_object(out, "tenant");
        sim_put_str(out, "id", t->project->id);
        sim_put_str(out, "name", t->project->name);
        if (!c->cloud->rackspace)
            SIM_LIT(out, ", \"description\": null, \"enabled\": true");
        sim_put_end(out, '}');
    }
    if (c->cloud->rackspace) {
        sim_put_array(out, "RAX-AUTH:authenticatedBy");
        sim_put_word(out, t->method);
        sim_put_end(out, ']');
    }
    sim_put_end(out, '}');
    os_catalog_v2(c, t->project);
    put_user(c, t);
    SIM_LIT(out, "}}");
}

/* Rackspace gives the same token until an hour before its end. */
static struct os_token *token_for(struct os_call *c, const struct login *l,
                                  struct os_project *project)
{
    enum { HOUR = 3600000 };
    for (struct os_token *t = c->cloud->tokens; c->set->reuse_tokens && t; t = t->next)
        if (t->user == l->user && t->project == project && !t->revoked &&
            t->expires - HOUR > c->now)
            return t;
    struct os_token *t = os_token_new(c->cloud, l->user, project, l->method);
    if (l->from)
        t->expires = l->from->expires;
    return t;
}

void os_v2_login(struct os_call *c)
{
    struct json_object *auth = sim_json_get(c->json, "auth");
    struct login l = {0};
    struct os_project *project = NULL;
    size_t i = 0, n = sizeof kinds / sizeof *kinds;
    while (i < n && !sim_json_get(auth, kinds[i].member))
        i++;
    if (i == n) {
        os_fail(c, 400, "Expecting to find valid JSON or XML in request body: no credentials");
        return;
    }
    if (!kinds[i].run(c, sim_json_get(auth, kinds[i].member), &l))
        return;
    if (!l.user->enabled) {
        if (c->cloud->rackspace)
            os_fail_as(c, 403, "userDisabled", "User '%s' is disabled.", l.user->name);
        else
            refuse(c, "the user is disabled");
        return;
    }
    if (!challenge(c, &l) || !read_tenant(c, &l, &project))
        return;
    snprintf(c->r->who, sizeof c->r->who, "%s", l.user->name);
    put_access(c, token_for(c, &l, project));
}

void os_v2_tenants(struct os_call *c)
{
    SIM_LIT(c->out, "{\"tenants\": [");
    for (size_t i = 0; i < c->cloud->n_projects; i++) {
        const struct os_project *p = c->cloud->projects[i];
        if (!os_role_in(c->token->user, p))
            continue;
        sim_put_object(c->out, NULL);
        sim_put_str(c->out, "id", p->id);
        sim_put_str(c->out, "name", p->name);
        sim_put_bool(c->out, "enabled", true);
        sim_put_end(c->out, '}');
    }
    SIM_LIT(c->out, "], \"tenants_links\": []}");
}

void os_v2_token(struct os_call *c)
{
    struct os_token *t = os_token_find(c, c->q->seg[0]);
    if (t)
        put_access(c, t);
    else
        os_fail(c, 404, "Token not found.");
}

/* One's own, or that of the path. */
void os_v2_revoke(struct os_call *c)
{
    struct os_token *t = c->q->seg[0] ? os_token_find(c, c->q->seg[0]) : c->token;
    if (!t) {
        os_fail(c, 404, "Token not found.");
        return;
    }
    t->revoked = true;
    c->r->status = 204;
}

void os_v2_api_key(struct os_call *c)
{
    const struct os_user *u = c->token->user;
    if (strcmp(c->q->seg[0], u->id) != 0 || !u->api_key) {
        os_fail(c, strcmp(c->q->seg[0], u->id) ? 403 : 404, "Not Authorized");
        return;
    }
    SIM_LIT(c->out, "{\"RAX-KSKEY:apiKeyCredentials\": {");
    sim_put_str(c->out, "username", u->name);
    sim_put_str(c->out, "apiKey", u->api_key);
    SIM_LIT(c->out, "}}");
}
