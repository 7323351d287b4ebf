/* Tokens: made, found, revoked; who a request is by them; and the control of them. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "openstack.h"

enum { FERNET = 176 };

/* As Fernet tokens look; Rackspace's are 32 hex digits. */
static void new_id(struct os_cloud *cloud, char *id)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if (cloud->rackspace) {
        sim_random_hex(cloud->sim, id, 32);
        return;
    }
    memcpy(id, "gAAAAAB", 7);
    for (int i = 7; i < FERNET + 7; i++)
        id[i] = alphabet[sim_random(cloud->sim) & 63];
    id[FERNET + 7] = 0;
}

static void new_audit(struct os_cloud *cloud, char audit[28])
{
    sim_random_hex(cloud->sim, audit, 22);
}

struct os_token *os_token_new(struct os_cloud *cloud, struct os_user *user,
                              struct os_project *project, const char *method)
{
    struct os_token *t = sim_alloc(sizeof *t);
    new_id(cloud, t->id);
    new_audit(cloud, t->audit);
    t->user = user;
    t->project = project;
    t->role = project ? os_role_in(user, project) : NULL;
    t->method = method;
    t->issued = sim_life_ms(cloud->sim);
    t->expires = t->issued + cloud->settings->token_s * 1000;
    t->next = cloud->tokens;
    cloud->tokens = t;
    sim_map_put(&cloud->tokens_by_id, t->id, t);
    return t;
}

static const char *why_not(const struct os_call *c, const struct os_token *t)
{
    if (!t)
        return "there is no such token";
    if (t->revoked)
        return "the token is revoked";
    if (c->now >= t->expires)
        return "the token has expired";
    if (!t->user->enabled)
        return "its user is disabled";
    return NULL;
}

struct os_token *os_token_find(struct os_call *c, const char *id)
{
    struct os_token *t = id ? sim_map_get(&c->cloud->tokens_by_id, id) : NULL;
    return why_not(c, t) ? NULL : t;
}

static void revoke_all(struct os_cloud *cloud)
{
    for (struct os_token *t = cloud->tokens; t; t = t->next)
        t->revoked = true;
}

bool os_authenticate(struct os_call *c, bool any)
{
    const char *id = sim_header(c->q, "X-Auth-Token");
    if (!id) {
        os_unauthorized(c, "there is no X-Auth-Token");
        return false;
    }
    if (c->where.service != OS_IDENTITY && c->set->revoke_after > 0 && !--c->set->revoke_after)
        revoke_all(c->cloud);
    struct os_token *t = sim_map_get(&c->cloud->tokens_by_id, id);
    const char *why = why_not(c, t);
    if (why) {
        os_unauthorized(c, "%s: %.12s...", why, id);
        return false;
    }
    c->token = t;
    c->project = t->project;
    c->admin = t->system || (t->role && !strcmp(t->role, "admin"));
    snprintf(c->r->who, sizeof c->r->who, "%s", t->user->name);
    if (any || c->project || t->system)
        return true;
    return os_fail(c, 403, "Policy doesn't allow %s to be performed.", c->q->action);
}

void os_tokens_free(struct os_cloud *cloud)
{
    while (cloud->tokens) {
        struct os_token *t = cloud->tokens;
        cloud->tokens = t->next;
        free(t);
    }
    sim_map_free(&cloud->tokens_by_id);
}

void os_expires_text(char *buf, size_t size, int64_t ms)
{
    char when[20];
    sim_seconds_time(when, ms);
    snprintf(buf, size, "%s.%03d000Z", when, (int)(ms % 1000));
}

static bool matches(const struct os_token *t, const char *pattern)
{
    return pattern && (sim_glob(pattern, t->id) || sim_glob(pattern, t->user->name));
}

/* {"revoke": PATTERN} and {"expire": PATTERN} of ids and users; tells all that there are. */
static void control_tokens(struct os_cloud *cloud, struct json_object *json, struct sim_text *out)
{
    const char *revoke = sim_json_text(json, "revoke"), *expire = sim_json_text(json, "expire");
    int64_t now = sim_life_ms(cloud->sim);
    SIM_LIT(out, "{\"tokens\": [");
    for (struct os_token *t = cloud->tokens; t; t = t->next) {
        if (matches(t, revoke))
            t->revoked = true;
        if (matches(t, expire) && t->expires > now)
            t->expires = now;
        sim_put_object(out, NULL);
        sim_put_str(out, "id", t->id);
        sim_put_str(out, "user", t->user->name);
        sim_put_str(out, "project", t->project ? t->project->name : NULL);
        sim_put_str(out, "method", t->method);
        sim_put_time(out, "expires", t->expires);
        sim_put_bool(out, "valid", !t->revoked && t->expires > now);
        sim_put_end(out, '}');
    }
    SIM_LIT(out, "]}");
}

/* {"id", "status"}: a server says so whatever it does; status null: no longer. */
static void control_server(struct os_cloud *cloud, struct json_object *json, struct sim_text *out)
{
    const char *id = sim_json_text(json, "id"), *status = sim_json_text(json, "status");
    int64_t found = 0;
    for (size_t i = 0; i < cloud->n_regions; i++) {
        struct os_server *sv = (struct os_server *)os_find(cloud->regions[i], OS_SERVER, id);
        if (sv) {
            sv->status = os_word(cloud, status);
            found++;
        }
    }
    sim_put_object(out, NULL);
    sim_put_int(out, "servers", found);
    sim_put_end(out, '}');
}

bool os_control(void *state, const char *name, struct json_object *json, struct sim_text *out)
{
    if (!strcmp(name, "tokens"))
        control_tokens(state, json, out);
    else if (!strcmp(name, "server"))
        control_server(state, json, out);
    else
        return false;
    return true;
}
