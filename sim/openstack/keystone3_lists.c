/* Keystone v3: projects, users, domains, and a user's own application credentials. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../mem.h"
#include "../sim_int.h"
#include "openstack.h"

static const char *domain_id(const char *name)
{
    return strcasecmp(name, "Default") ? name : "default";
}

static void put_links(struct os_call *c)
{
    sim_put_object(c->out, "links");
    sim_put_str(c->out, "next", NULL);
    sim_put_name(c->out, "self");
    sim_text_fmt(c->out, "\"%s%s\"", c->base, c->where.rest);
    sim_put_str(c->out, "previous", NULL);
    SIM_LIT(c->out, "}}");
}

static void put_self(struct os_call *c, const char *kind, const char *id)
{
    sim_put_object(c->out, "links");
    sim_put_name(c->out, "self");
    sim_text_fmt(c->out, "\"%s/%s/%s\"}", c->base, kind, id);
}

static void put_project(struct os_call *c, const char *member, const struct os_project *p)
{
    sim_put_object(c->out, member);
    sim_put_str(c->out, "id", p->id);
    sim_put_str(c->out, "name", p->name);
    sim_put_str(c->out, "domain_id", domain_id(p->domain));
    sim_put_str(c->out, "description", "");
    sim_put_bool(c->out, "enabled", true);
    sim_put_str(c->out, "parent_id", domain_id(p->domain));
    sim_put_bool(c->out, "is_domain", false);
    SIM_LIT(c->out, ", \"tags\": [], \"options\": {}");
    put_self(c, "projects", p->id);
    sim_put_end(c->out, '}');
}

/* False: an argument of the query asks for another name. */
static bool named(const struct os_call *c, const char *name)
{
    const char *wanted = sim_param(c->q, "name");
    return !wanted || !strcmp(wanted, name);
}

static void put_projects(struct os_call *c, const struct os_user *u)
{
    SIM_LIT(c->out, "{\"projects\": [");
    for (size_t i = 0; i < c->cloud->n_projects; i++) {
        struct os_project *p = c->cloud->projects[i];
        if ((!u || os_role_in(u, p)) && named(c, p->name))
            put_project(c, NULL, p);
    }
    sim_put_end(c->out, ']');
    put_links(c);
}

static bool forbidden(struct os_call *c, const char *action)
{
    return os_fail(c, 403, "You are not authorized to perform the requested action: identity:%s.",
                   action);
}

void os_v3_projects(struct os_call *c)
{
    put_projects(c, c->token->user);
}

void os_v3_all_projects(struct os_call *c)
{
    if (c->admin || forbidden(c, "list_projects"))
        put_projects(c, NULL);
}

void os_v3_project(struct os_call *c)
{
    struct os_project *p = os_project_find(c->cloud, c->q->seg[0]);
    if (!c->admin && (!p || p != c->project)) {
        forbidden(c, "get_project");
    } else if (!p || strcmp(p->id, c->q->seg[0]) != 0) {
        os_fail(c, 404, "Could not find project: %s.", c->q->seg[0]);
    } else {
        sim_put_object(c->out, NULL);
        put_project(c, "project", p);
        sim_put_end(c->out, '}');
    }
}

static void put_user(struct os_call *c, const char *member, const struct os_user *u)
{
    sim_put_object(c->out, member);
    sim_put_str(c->out, "id", u->id);
    sim_put_str(c->out, "name", u->name);
    sim_put_str(c->out, "domain_id", domain_id(u->domain));
    sim_put_bool(c->out, "enabled", u->enabled);
    if (u->initial)
        sim_put_str(c->out, "default_project_id", u->initial->id);
    sim_put_str(c->out, "password_expires_at", NULL);
    SIM_LIT(c->out, ", \"options\": {}");
    put_self(c, "users", u->id);
    sim_put_end(c->out, '}');
}

void os_v3_users(struct os_call *c)
{
    if (!c->admin) {
        forbidden(c, "list_users");
        return;
    }
    SIM_LIT(c->out, "{\"users\": [");
    for (size_t i = 0; i < c->cloud->n_users; i++)
        if (named(c, c->cloud->users[i]->name))
            put_user(c, NULL, c->cloud->users[i]);
    sim_put_end(c->out, ']');
    put_links(c);
}

/* The user of the path, who must be oneself unless one is admin; NULL: answered. */
static struct os_user *path_user(struct os_call *c, const char *action)
{
    struct os_user *u = os_user_find(c->cloud, c->q->seg[0]);
    if (!c->admin && u != c->token->user)
        return forbidden(c, action), NULL;
    if (!u || strcmp(u->id, c->q->seg[0]) != 0)
        return os_fail(c, 404, "Could not find user: %s.", c->q->seg[0]), NULL;
    return u;
}

void os_v3_user(struct os_call *c)
{
    struct os_user *u = path_user(c, "get_user");
    if (!u)
        return;
    sim_put_object(c->out, NULL);
    put_user(c, "user", u);
    sim_put_end(c->out, '}');
}

void os_v3_user_projects(struct os_call *c)
{
    struct os_user *u = path_user(c, "list_user_projects");
    if (u)
        put_projects(c, u);
}

static void put_domain(struct os_call *c, const char *member)
{
    sim_put_object(c->out, member);
    sim_put_str(c->out, "id", "default");
    sim_put_str(c->out, "name", "Default");
    sim_put_bool(c->out, "enabled", true);
    put_self(c, "domains", "default");
    sim_put_end(c->out, '}');
}

void os_v3_domains(struct os_call *c)
{
    SIM_LIT(c->out, "{\"domains\": [");
    if (named(c, "Default"))
        put_domain(c, NULL);
    sim_put_end(c->out, ']');
    put_links(c);
}

void os_v3_domain(struct os_call *c)
{
    if (strcmp(c->q->seg[0], "default") != 0) {
        os_fail(c, 404, "Could not find domain: %s.", c->q->seg[0]);
        return;
    }
    sim_put_object(c->out, NULL);
    put_domain(c, "domain");
    sim_put_end(c->out, '}');
}

static void put_credential(struct os_call *c, const char *member, const struct os_credential *k,
                           bool secret)
{
    char when[40];
    sim_put_object(c->out, member);
    sim_put_str(c->out, "id", k->id);
    sim_put_str(c->out, "name", k->name);
    sim_put_str(c->out, "description", k->description);
    sim_put_str(c->out, "project_id", k->project->id);
    sim_put_bool(c->out, "unrestricted", k->unrestricted);
    if (k->expires)
        os_expires_text(when, sizeof when, k->expires);
    sim_put_str(c->out, "expires_at", k->expires ? when : NULL);
    sim_put_array(c->out, "roles");
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "name", k->role);
    sim_put_str(c->out, "id", k->role);
    SIM_LIT(c->out, "}]");
    if (secret)
        sim_put_str(c->out, "secret", k->secret);
    sim_put_end(c->out, '}');
}

void os_v3_credentials(struct os_call *c)
{
    struct os_user *u = path_user(c, "list_application_credentials");
    if (!u)
        return;
    SIM_LIT(c->out, "{\"application_credentials\": [");
    for (size_t i = 0; i < c->cloud->n_credentials; i++)
        if (c->cloud->credentials[i]->user == u && named(c, c->cloud->credentials[i]->name))
            put_credential(c, NULL, c->cloud->credentials[i], false);
    sim_put_end(c->out, ']');
    put_links(c);
}

void os_v3_credential_create(struct os_call *c)
{
    struct os_user *u = path_user(c, "create_application_credential");
    struct json_object *json = sim_json_get(c->json, "application_credential");
    const char *name = sim_json_text(json, "name"), *secret = sim_json_text(json, "secret");
    const char *expires = sim_json_text(json, "expires_at");
    char made[49];
    if (!u)
        return;
    if (!name || !c->project || (c->token->credential && !c->token->credential->unrestricted)) {
        if (name)
            forbidden(c, "create_application_credential");
        else
            os_fail(c, 400, "'name' is a required property");
        return;
    }
    for (size_t i = 0; i < c->cloud->n_credentials; i++)
        if (c->cloud->credentials[i]->user == u && !strcmp(c->cloud->credentials[i]->name, name)) {
            os_fail(c, 409,
                    "Conflict occurred attempting to store application_credential - "
                    "Duplicate entry found with name %s.",
                    name);
            return;
        }
    sim_random_hex(c->cloud->sim, made, 48);
    struct os_credential *k =
        os_credential_new(c->cloud, u, c->project, name, NULL, secret ? secret : made);
    k->description = sim_strdup(sim_json_text(json, "description"));
    k->unrestricted = sim_json_bool(json, "unrestricted", false);
    k->expires = expires ? sim_iso_parse(expires) : 0;
    c->r->status = 201;
    sim_put_object(c->out, NULL);
    put_credential(c, "application_credential", k, true);
    sim_put_end(c->out, '}');
}

static size_t find_credential(struct os_call *c, const struct os_user *u)
{
    size_t i = 0;
    while (i < c->cloud->n_credentials &&
           (strcmp(c->cloud->credentials[i]->id, c->q->seg[1]) != 0 ||
            c->cloud->credentials[i]->user != u))
        i++;
    if (i == c->cloud->n_credentials)
        os_fail(c, 404, "Could not find Application Credential: %s.", c->q->seg[1]);
    return i;
}

void os_v3_credential(struct os_call *c)
{
    struct os_user *u = path_user(c, "get_application_credential");
    size_t i = u ? find_credential(c, u) : c->cloud->n_credentials;
    if (i == c->cloud->n_credentials)
        return;
    sim_put_object(c->out, NULL);
    put_credential(c, "application_credential", c->cloud->credentials[i], false);
    sim_put_end(c->out, '}');
}

void os_v3_credential_delete(struct os_call *c)
{
    struct os_user *u = path_user(c, "delete_application_credential");
    size_t i = u ? find_credential(c, u) : c->cloud->n_credentials;
    if (i == c->cloud->n_credentials)
        return;
    struct os_credential *k = c->cloud->credentials[i];
    for (struct os_token *t = c->cloud->tokens; t; t = t->next)
        if (t->credential == k) {
            t->revoked = true;
            t->credential = NULL;
        }
    memmove(c->cloud->credentials + i, c->cloud->credentials + i + 1,
            (c->cloud->n_credentials - i - 1) * sizeof(struct os_credential *));
    c->cloud->n_credentials--;
    free(k->name);
    free(k->secret);
    free(k->description);
    free(k);
    c->r->status = 204;
}
