/* Keystone v3: logging in with a password, a token or an application credential. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../mem.h"
#include "../sim_int.h"
#include "openstack.h"

static bool refuse(struct os_call *c, const char *why)
{
    os_unauthorized(c, "%s", why);
    return false;
}

static const char *domain_id(const char *name)
{
    return strcasecmp(name, "Default") ? name : "default";
}

static bool in_domain(const char *domain, struct json_object *json)
{
    const char *id = sim_json_text(json, "id"), *name = sim_json_text(json, "name");
    return (id && !strcmp(id, domain_id(domain))) || (name && !strcmp(name, domain));
}

/* {"id"} or {"name", "domain"}. */
static struct os_user *find_user(struct os_call *c, struct json_object *json)
{
    const char *id = sim_json_text(json, "id"), *name = sim_json_text(json, "name");
    for (size_t i = 0; i < c->cloud->n_users; i++) {
        struct os_user *u = c->cloud->users[i];
        if (id ? !strcmp(id, u->id)
               : name && !strcmp(name, u->name) &&
                     in_domain(u->domain, sim_json_get(json, "domain")))
            return u;
    }
    return NULL;
}

static struct os_project *find_project(struct os_call *c, struct json_object *json)
{
    const char *id = sim_json_text(json, "id"), *name = sim_json_text(json, "name");
    for (size_t i = 0; i < c->cloud->n_projects; i++) {
        struct os_project *p = c->cloud->projects[i];
        if (id ? !strcmp(id, p->id)
               : name && !strcmp(name, p->name) &&
                     in_domain(p->domain, sim_json_get(json, "domain")))
            return p;
    }
    return NULL;
}

/* What a login has found out so far. */
struct login {
    struct os_user *user;
    struct os_credential *credential;
    struct os_token *from;
    const char *method;
};

static bool by_password(struct os_call *c, struct json_object *identity, struct login *l)
{
    struct json_object *user = sim_json_get(sim_json_get(identity, "password"), "user");
    const char *password = sim_json_text(user, "password");
    l->user = find_user(c, user);
    if (!l->user)
        return refuse(c, "there is no such user in that domain");
    if (!password || !l->user->password || strcmp(password, l->user->password) != 0)
        return refuse(c, "the password is wrong");
    return true;
}

static bool by_token(struct os_call *c, struct json_object *identity, struct login *l)
{
    const char *id = sim_json_text(sim_json_get(identity, "token"), "id");
    l->from = os_token_find(c, id);
    if (!l->from)
        return refuse(c, "the token to begin with is not valid");
    l->user = l->from->user;
    return true;
}

static bool by_credential(struct os_call *c, struct json_object *identity, struct login *l)
{
    struct json_object *json = sim_json_get(identity, "application_credential");
    const char *id = sim_json_text(json, "id"), *name = sim_json_text(json, "name");
    const char *secret = sim_json_text(json, "secret");
    struct os_user *user = id ? NULL : find_user(c, sim_json_get(json, "user"));
    for (size_t i = 0; i < c->cloud->n_credentials; i++) {
        struct os_credential *k = c->cloud->credentials[i];
        if (id ? !strcmp(id, k->id) : name && k->user == user && !strcmp(name, k->name))
            l->credential = k;
    }
    if (!l->credential)
        return refuse(c, "there is no such application credential");
    if (!secret || strcmp(secret, l->credential->secret) != 0)
        return refuse(c, "the application credential's secret is wrong");
    if (l->credential->expires && c->now >= l->credential->expires)
        return refuse(c, "the application credential has expired");
    l->user = l->credential->user;
    return true;
}

static const struct {
    const char *name;
    bool (*run)(struct os_call *c, struct json_object *identity, struct login *l);
} methods[] = {
    {"password", by_password}, {"token", by_token}, {"application_credential", by_credential}};

static bool unknown_method(struct os_call *c, const char *name)
{
    refuse(c, "there is no such method");
    sim_text_clear(c->out);
    sim_text_fmt(c->out, "{\"error\": {\"code\": 401, \"identity\": {\"methods\": [\"password\", "
                         "\"token\", \"application_credential\"]}, \"message\": \"Attempted to "
                         "authenticate with an unsupported method.\", \"title\": "
                         "\"Unauthorized\"}}");
    sim_text_fmt(&c->r->why, ": %s", name ? name : "null");
    return false;
}

/* A dump of the schema, some kilobytes in many lines. */
static bool no_identity(struct os_call *c)
{
    struct sim_text dump = {0};
    SIM_LIT(&dump, "'identity' is a required property\n\nFailed validating 'required' in "
                   "schema['properties']['auth']:\n    {'properties': {\n");
    for (int i = 0; i < 40; i++)
        sim_text_fmt(&dump,
                     "        'member%d': {'additionalProperties': True, 'type': 'object'},\n", i);
    SIM_LIT(&dump, "    }}\n\nOn instance['auth']:\n    {}");
    os_fail(c, 400, "%s", dump.data);
    sim_text_free(&dump);
    return false;
}

static bool identify(struct os_call *c, struct login *l)
{
    struct json_object *identity = sim_json_get(sim_json_get(c->json, "auth"), "identity");
    size_t n = sim_json_list(identity, "methods");
    if (!n)
        return no_identity(c);
    for (size_t i = 0; i < n; i++) {
        const char *name = json_object_get_string(sim_json_nth(identity, "methods", i));
        size_t k = 0;
        while (k < sizeof methods / sizeof *methods && (!name || strcmp(methods[k].name, name)))
            k++;
        if (k == sizeof methods / sizeof *methods)
            return unknown_method(c, name);
        l->method = methods[k].name;
        if (!methods[k].run(c, identity, l))
            return false;
    }
    return l->user->enabled ? true : refuse(c, "the user is disabled");
}

/* What the token is for; *system: the whole cloud. */
static bool read_scope(struct os_call *c, const struct login *l, struct os_project **project,
                       bool *system)
{
    struct json_object *scope = sim_json_get(sim_json_get(c->json, "auth"), "scope");
    if (l->credential) {
        *project = l->credential->project;
        return scope ? refuse(c, "Application credentials cannot request a scope.") : true;
    }
    if (!scope) {
        *project = l->from ? NULL : l->user->initial;
        return true;
    }
    if (json_object_is_type(scope, json_type_string))
        return true;
    if (sim_json_get(scope, "system")) {
        *system = l->user->admin;
        return *system ? true : refuse(c, "the user has no role on the system");
    }
    if (!sim_json_get(scope, "project"))
        return refuse(c, "the user has no role on the domain");
    *project = find_project(c, sim_json_get(scope, "project"));
    if (!*project)
        return refuse(c, "there is no such project in that domain");
    return os_role_in(l->user, *project) ? true : refuse(c, "the user has no role in the project");
}

static void put_domain(struct sim_text *out, const char *name)
{
    sim_put_object(out, "domain");
    sim_put_str(out, "id", domain_id(name));
    sim_put_str(out, "name", name);
    sim_put_end(out, '}');
}

static void put_named(struct sim_text *out, const char *member, const char *id, const char *name,
                      const char *domain)
{
    sim_put_object(out, member);
    put_domain(out, domain);
    sim_put_str(out, "id", id);
    sim_put_str(out, "name", name);
    if (!strcmp(member, "user"))
        sim_put_str(out, "password_expires_at", NULL);
    sim_put_end(out, '}');
}

static void put_role(struct sim_text *out, const char *role)
{
    char id[33];
    snprintf(id, sizeof id, "%.8s%024x", "9fe2ff9e", (unsigned)(role[0] * 256 + role[1]));
    sim_put_object(out, NULL);
    sim_put_str(out, "id", id);
    sim_put_str(out, "name", role);
    sim_put_end(out, '}');
}

static void put_scope(struct os_call *c, const struct os_token *t)
{
    struct sim_text *out = c->out;
    if (t->system)
        SIM_LIT(out, ", \"system\": {\"all\": true}");
    if (t->project) {
        put_named(out, "project", t->project->id, t->project->name, t->project->domain);
        sim_put_bool(out, "is_domain", false);
    }
    if (!t->project && !t->system)
        return;
    sim_put_array(out, "roles");
    put_role(out, t->system ? "admin" : t->role ? t->role : "member");
    if (!t->system && t->role && !strcmp(t->role, "member"))
        put_role(out, "reader");
    sim_put_end(out, ']');
    if (!sim_param(c->q, "nocatalog"))
        os_catalog_v3(c, t->project);
}

static void put_token(struct os_call *c, const struct os_token *t)
{
    struct sim_text *out = c->out;
    char when[40];
    SIM_LIT(out, "{\"token\": {\"methods\": [");
    if (*t->parent)
        sim_put_word(out, "password");
    sim_put_word(out, t->method);
    sim_put_end(out, ']');
    put_named(out, "user", t->user->id, t->user->name, t->user->domain);
    sim_put_array(out, "audit_ids");
    sim_put_word(out, t->audit);
    if (*t->parent)
        sim_put_word(out, t->parent);
    sim_put_end(out, ']');
    os_expires_text(when, sizeof when, t->expires / 1000 * 1000);
    sim_put_str(out, "expires_at", when);
    os_expires_text(when, sizeof when, t->issued / 1000 * 1000);
    sim_put_str(out, "issued_at", when);
    if (t->credential) {
        sim_put_object(out, "application_credential");
        sim_put_str(out, "id", t->credential->id);
        sim_put_str(out, "name", t->credential->name);
        sim_put_bool(out, "restricted", !t->credential->unrestricted);
        sim_put_end(out, '}');
    }
    put_scope(c, t);
    SIM_LIT(out, "}}");
    sim_reply_header(c->r, "X-Subject-Token", t->id);
    sim_reply_header(c->r, "Vary", "X-Auth-Token");
}

void os_v3_login(struct os_call *c)
{
    struct login l = {0};
    struct os_project *project = NULL;
    bool system = false;
    if (!identify(c, &l) || !read_scope(c, &l, &project, &system))
        return;
    struct os_token *t = os_token_new(c->cloud, l.user, project, l.method);
    t->system = system;
    t->credential = l.credential;
    if (l.credential)
        t->role = l.credential->role;
    if (l.from) { /* rescoping does not prolong */
        t->expires = l.from->expires;
        snprintf(t->parent, sizeof t->parent, "%s", l.from->audit);
    }
    snprintf(c->r->who, sizeof c->r->who, "%s", l.user->name);
    c->r->status = 201;
    put_token(c, t);
}

void os_v3_token(struct os_call *c)
{
    struct os_token *t = os_token_find(c, sim_header(c->q, "X-Subject-Token"));
    if (t)
        put_token(c, t);
    else
        os_fail(c, 404, "Could not recognize Fernet token");
}

void os_v3_revoke(struct os_call *c)
{
    struct os_token *t = os_token_find(c, sim_header(c->q, "X-Subject-Token"));
    if (!t) {
        os_fail(c, 404, "Could not recognize Fernet token");
        return;
    }
    t->revoked = true;
    c->r->status = 204;
}

void os_v3_catalog(struct os_call *c)
{
    if (!c->project && !c->token->system) {
        os_fail(c, 403,
                "You are not authorized to perform the requested action: "
                "identity:get_auth_catalog.");
        return;
    }
    sim_put_object(c->out, NULL);
    os_catalog_v3(c, c->project);
    sim_put_object(c->out, "links");
    sim_put_name(c->out, "self");
    sim_text_fmt(c->out, "\"%s/v3/auth/catalog\"}}", c->root);
}
