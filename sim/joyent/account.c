/* Accounts and their users; data centres, services, configuration and limits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "joyent.h"

struct joy_account *joy_account_new(struct joyent *cloud, const char *login, const char *password)
{
    struct joy_account *a = sim_alloc(sizeof *a);
    joy_uuid(cloud->sim, a->id);
    a->login = sim_strdup(login);
    a->password = sim_strdup(password);
    a->rules = json_object_new_array();
    if (cloud->networks.n)
        a->default_network = sim_strdup(cloud->networks.at[0]->id);
    SIM_PUSH(cloud->accounts.at, cloud->accounts.n, cloud->accounts.size);
    cloud->accounts.at[cloud->accounts.n++] = a;
    return a;
}

struct joy_account *joy_account_find(const struct joyent *cloud, const char *login)
{
    for (size_t i = 0; i < cloud->accounts.n; i++)
        if (joy_same(cloud->accounts.at[i]->login, login) ||
            joy_same(cloud->accounts.at[i]->id, login))
            return cloud->accounts.at[i];
    return NULL;
}

struct joy_user *joy_user_new(struct joyent *cloud, struct joy_account *a, const char *login)
{
    struct joy_user *u = sim_alloc(sizeof *u);
    joy_uuid(cloud->sim, u->id);
    u->login = sim_strdup(login);
    SIM_PUSH(a->users, a->n_users, a->users_size);
    a->users[a->n_users++] = u;
    return u;
}

struct joy_user *joy_user_find(const struct joy_account *a, const char *login)
{
    for (size_t i = 0; i < a->n_users; i++)
        if (joy_same(a->users[i]->login, login) || joy_same(a->users[i]->id, login))
            return a->users[i];
    return NULL;
}

void joy_account_free(struct joy_account *a)
{
    for (size_t i = 0; i < a->n_users; i++) {
        joy_keys_free(&a->users[i]->keys);
        free(a->users[i]->login);
        free(a->users[i]);
    }
    free(a->users);
    joy_keys_free(&a->keys);
    json_object_put(a->rules);
    free(a->default_network);
    free(a->login);
    free(a->password);
    free(a);
}

/* ---- Operations
 * ---------------------------------------------------------------------------------- */

/* {"ping":"pong","cloudapi":{"versions":["7.0.0"]}} */
void joy_ping(struct joy_call *c)
{
    struct json_object *o = json_object_new_object(), *in = json_object_new_object();
    struct json_object *versions = json_object_new_array();
    const char *at = c->cloud->settings->versions;
    for (at += strspn(at, " ,"); *at; at += strspn(at, " ,")) {
        size_t len = strcspn(at, " ,");
        json_object_array_add(versions, json_object_new_string_len(at, (int)len));
        at += len;
    }
    joy_put(o, "ping", "pong");
    json_object_object_add(in, "versions", versions);
    json_object_object_add(o, "cloudapi", in);
    sim_reply_header(c->r, "Triton-Datacenter-Name", c->cloud->settings->datacenter);
    joy_json(c, 200, o);
}

static const char *email_of(const struct joy_account *a, char *buf, size_t size)
{
    snprintf(buf, size, "%s@example.com", a->login);
    return buf;
}

void joy_get_account(struct joy_call *c)
{
    struct json_object *o = json_object_new_object();
    char email[128];
    joy_put(o, "id", c->account->id);
    joy_put(o, "login", c->account->login);
    joy_put(o, "email", email_of(c->account, email, sizeof email));
    joy_put(o, "companyName", "Example");
    joy_put(o, "firstName", "Demo");
    joy_put(o, "lastName", "User");
    joy_put(o, "phone", "");
    joy_put(o, "created", "2015-01-01T00:00:00.000Z");
    joy_put(o, "updated", "2015-01-01T00:00:00.000Z");
    joy_put_bool(o, "triton_cns_enabled", false);
    joy_json(c, 200, o);
}

void joy_list_users(struct joy_call *c)
{
    struct json_object *all = json_object_new_array();
    for (size_t i = 0; i < c->account->n_users; i++) {
        struct json_object *o = json_object_new_object();
        joy_put(o, "id", c->account->users[i]->id);
        joy_put(o, "login", c->account->users[i]->login);
        json_object_array_add(all, o);
    }
    joy_json(c, 200, all);
}

static const char other_name[] = "us-other-1", other_url[] = "https://us-other-1.api.example.com";

/* Where the caller came in. */
static void own_url(const struct joy_call *c, char *buf, size_t size)
{
    const char *host = sim_header(c->q, "Host");
    snprintf(buf, size, "%s://%s", c->q->tls ? "https" : "http", host ? host : "localhost");
}

void joy_list_datacenters(struct joy_call *c)
{
    struct json_object *o = json_object_new_object();
    char url[160];
    own_url(c, url, sizeof url);
    joy_put(o, c->cloud->settings->datacenter, url);
    joy_put(o, other_name, other_url);
    joy_json(c, 200, o);
}

/* A redirection, with a body that looks like an error. */
void joy_get_datacenter(struct joy_call *c)
{
    const char *name = c->q->seg[1];
    char url[160], message[256];
    own_url(c, url, sizeof url);
    if (joy_same(name, other_name))
        snprintf(url, sizeof url, "%s", other_url);
    else if (!joy_same(name, c->cloud->settings->datacenter)) {
        joy_fail(c, "ResourceNotFound", "%s does not exist", name);
        return;
    }
    snprintf(message, sizeof message, "%.60s %s", name, url);
    joy_error(c->r, 302, "ResourceMoved", message);
    sim_reply_header(c->r, "Location", url);
}

void joy_list_services(struct joy_call *c)
{
    struct json_object *o = json_object_new_object();
    char url[160];
    own_url(c, url, sizeof url);
    joy_put(o, "cloudapi", url);
    joy_json(c, 200, o);
}

void joy_get_config(struct joy_call *c)
{
    struct json_object *o = json_object_new_object();
    joy_put(o, "default_network", c->account->default_network);
    joy_json(c, 200, o);
}

void joy_put_config(struct joy_call *c)
{
    const char *id = joy_param(c, "default_network");
    if (id && !joy_network_find(c->cloud, id)) {
        joy_fail(c, "InvalidArgument", "Could not retrieve network %s", id);
        return;
    }
    if (id) {
        free(c->account->default_network);
        c->account->default_network = sim_strdup(id);
    }
    joy_get_config(c);
}

void joy_get_limits(struct joy_call *c)
{
    struct json_object *all = json_object_new_array(), *o;
    int64_t used = 0;
    for (size_t i = 0; i < c->cloud->machines.n; i++)
        used += c->cloud->machines.at[i]->owner == c->account && !c->cloud->machines.at[i]->deleted;
    if (c->cloud->settings->machine_limit > 0) {
        o = json_object_new_object();
        joy_put(o, "by", "machines");
        joy_put_int(o, "value", c->cloud->settings->machine_limit);
        joy_put_int(o, "used", used);
        json_object_array_add(all, o);
    }
    joy_json(c, 200, all);
}
