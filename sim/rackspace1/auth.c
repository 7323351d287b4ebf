/* Logging in by headers (v1.0), with a key (v1.1) and as the next generation does (v2.0). */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../jsonout.h"
#include "../mem.h"
#include "../sim_int.h"
#include "first.h"

struct fg_user *fg_user_new(struct fg_cloud *cloud, const char *name, const char *key,
                            int64_t account)
{
    struct fg_user *u = sim_alloc(sizeof *u);
    u->name = sim_strdup(name);
    u->key = sim_strdup(key);
    u->account = account;
    SIM_PUSH(cloud->users, cloud->n_users, cloud->users_size);
    cloud->users[cloud->n_users++] = u;
    return u;
}

/* NULL: not this user, or not this key or password. */
static struct fg_user *find(const struct fg_cloud *cloud, const char *name, const char *key,
                            const char *password)
{
    for (size_t i = 0; name && i < cloud->n_users; i++) {
        struct fg_user *u = cloud->users[i];
        if (!strcmp(u->name, name) && ((key && !strcmp(u->key, key)) ||
                                       (password && u->password && !strcmp(u->password, password))))
            return u;
    }
    return NULL;
}

static struct fg_token *token_new(struct fg_cloud *cloud, struct fg_user *u)
{
    struct fg_token *t = sim_alloc(sizeof *t);
    sim_random_hex(cloud->sim, t->id, 32);
    t->user = u;
    t->expires = sim_life_ms(cloud->sim) + cloud->settings->token_s * 1000;
    SIM_PUSH(cloud->tokens, cloud->n_tokens, cloud->tokens_size);
    cloud->tokens[cloud->n_tokens++] = t;
    return t;
}

static void root(const struct fg_cloud *cloud, const struct sim_request *q, char *buf, size_t size)
{
    const char *host = sim_header(q, "Host");
    if (host)
        snprintf(buf, size, "%s://%s", q->tls ? "https" : "http", host);
    else
        snprintf(buf, size, "%s", cloud->sim->url);
}

static void refuse(struct fg_cloud *cloud, struct sim_request *q, struct sim_reply *r,
                   const char *who)
{
    sim_text_fmt(&r->why, "there is no user %s with that key", who ? who : "(none)");
    fg_error(cloud->sim, q, r, 401, "unauthorized", "Username or api key is invalid");
}

void fg_auth_v1(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct fg_cloud *cloud = state;
    const char *name = sim_header(q, "X-Auth-User");
    struct fg_user *u = find(cloud, name, sim_header(q, "X-Auth-Key"), NULL);
    char base[200], url[300];
    (void)s;
    if (!u) {
        r->status = 401;
        r->type = "text/plain";
        SIM_LIT(&r->body, "Bad username or password");
        return;
    }
    root(cloud, q, base, sizeof base);
    snprintf(url, sizeof url, "%s/v1.0/%lld", base, (long long)u->account);
    r->status = 204;
    sim_reply_header(r, "X-Auth-Token", token_new(cloud, u)->id);
    sim_reply_header(r, "X-Server-Management-Url", url);
    snprintf(url, sizeof url, "%s/storage/v1/MossoCloudFS_%lld", base, (long long)u->account);
    sim_reply_header(r, "X-Storage-Url", url);
    sim_reply_header(r, "X-Storage-Token", cloud->tokens[cloud->n_tokens - 1]->id);
}

static void put_times(struct sim_text *out, const struct fg_token *t)
{
    char when[20];
    sim_seconds_time(when, t->expires);
    sim_put_str(out, "id", t->id);
    sim_put_name(out, "expires");
    sim_text_fmt(out, "\"%s.000-06:00\"", when);
}

void fg_auth_v11(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct fg_cloud *cloud = state;
    struct sim_text why = {0};
    struct json_object *json = sim_json_parse(q->body, q->body_len, &why);
    struct json_object *given = sim_json_get(json, "credentials");
    const char *name = sim_json_text(given, "username");
    struct fg_user *u = find(cloud, name, sim_json_text(given, "key"), NULL);
    char base[200];
    (void)s;
    if (u) {
        root(cloud, q, base, sizeof base);
        r->type = "application/json";
        SIM_LIT(&r->body, "{\"auth\": {\"token\": {");
        put_times(&r->body, token_new(cloud, u));
        sim_text_fmt(&r->body,
                     "}, \"serviceCatalog\": {\"cloudServers\": [{\"publicURL\": "
                     "\"%s/v1.0/%lld\", \"v1Default\": true}]}}}",
                     base, (long long)u->account);
    } else {
        refuse(cloud, q, r, name);
    }
    sim_text_free(&why);
    json_object_put(json);
}

static void put_access(struct fg_cloud *cloud, struct sim_request *q, struct sim_reply *r,
                       struct fg_user *u)
{
    char base[200];
    long long account = (long long)u->account;
    root(cloud, q, base, sizeof base);
    r->type = "application/json";
    SIM_LIT(&r->body, "{\"access\": {\"token\": {");
    put_times(&r->body, token_new(cloud, u));
    sim_text_fmt(&r->body,
                 ", \"tenant\": {\"id\": \"%lld\", \"name\": \"%lld\"}}, \"serviceCatalog\": "
                 "[{\"name\": \"cloudServers\", \"type\": \"compute\", \"endpoints\": "
                 "[{\"tenantId\": \"%lld\", \"publicURL\": \"%s/v1.0/%lld\", \"versionId\": "
                 "\"1.0\", \"versionInfo\": \"%s/v1.0/\", \"versionList\": \"%s/\"}]}], "
                 "\"user\": {\"id\": \"%lld\", \"name\": ",
                 account, account, account, base, account, base, base, account);
    sim_text_json(&r->body, u->name);
    SIM_LIT(&r->body, ", \"roles\": [{\"id\": \"3\", \"name\": \"identity:user-admin\"}]}}}");
}

void fg_auth_v2(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct fg_cloud *cloud = state;
    struct sim_text why = {0};
    struct json_object *json = sim_json_parse(q->body, q->body_len, &why);
    struct json_object *auth = sim_json_get(json, "auth");
    struct json_object *key = sim_json_get(auth, "RAX-KSKEY:apiKeyCredentials");
    struct json_object *given = key ? key : sim_json_get(auth, "passwordCredentials");
    const char *name = sim_json_text(given, "username");
    struct fg_user *u =
        find(cloud, name, sim_json_text(given, "apiKey"), sim_json_text(given, "password"));
    (void)s;
    if (u)
        put_access(cloud, q, r, u);
    else
        refuse(cloud, q, r, name);
    sim_text_free(&why);
    json_object_put(json);
}

bool fg_authenticate(struct fg_call *c)
{
    const char *id = sim_header(c->q, "X-Auth-Token");
    for (size_t i = 0; id && i < c->cloud->n_tokens; i++) {
        struct fg_token *t = c->cloud->tokens[i];
        if (!strcmp(t->id, id) && !t->revoked && c->now < t->expires) {
            c->user = t->user;
            snprintf(c->r->who, sizeof c->r->who, "%s", t->user->name);
            return true;
        }
    }
    sim_text_puts(&c->r->why, id ? "the token is not valid" : "there is no X-Auth-Token");
    return fg_fail(c, 401, "unauthorized", "Invalid authentication token.  Please renew.");
}

/* tokens: {"revoke": PATTERN} of ids and users; tells how many there are. */
bool fg_control(void *state, const char *name, struct json_object *json, struct sim_text *out)
{
    struct fg_cloud *cloud = state;
    const char *revoke = sim_json_text(json, "revoke");
    if (strcmp(name, "tokens") != 0)
        return false;
    SIM_LIT(out, "{\"tokens\": [");
    for (size_t i = 0; i < cloud->n_tokens; i++) {
        struct fg_token *t = cloud->tokens[i];
        if (revoke && (sim_glob(revoke, t->id) || sim_glob(revoke, t->user->name)))
            t->revoked = true;
        sim_put_object(out, NULL);
        sim_put_str(out, "id", t->id);
        sim_put_str(out, "user", t->user->name);
        sim_put_bool(out, "valid", !t->revoked && t->expires > sim_life_ms(cloud->sim));
        sim_put_end(out, '}');
    }
    SIM_LIT(out, "]}");
    return true;
}
