/* Servers that are there: seen, renamed, started, stopped, restarted, deleted; jobs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "nephoscale.h"

/* ---- Time ------------------------------------------------------------------------------- */

static void release(struct neph *n, const struct neph_server *server)
{
    for (size_t i = 0; i < n->addresses.n; i++)
        if (n->addresses.at[i].server == server->id)
            n->addresses.at[i].server = 0;
    free(server->name);
    free(server->hostname);
}

/* What was under way and whose time has come, is over. */
void neph_settle(struct neph *n)
{
    int64_t now = sim_life_ms(n->sim);
    for (size_t i = 0; i < n->servers.n; i++) {
        struct neph_server *server = &n->servers.at[i];
        if (server->power_next && now >= server->power_ms) {
            server->power = server->power_next;
            server->power_next = NULL;
        }
        if (server->gone_ms && now >= server->gone_ms) {
            release(n, server);
            memmove(server, server + 1, (n->servers.n - i - 1) * sizeof *server);
            n->servers.n--;
            i--;
        }
    }
}

/* One that is not provisioned yet is nowhere. */
static bool is_there(const struct neph *n, const struct neph_server *server)
{
    return sim_life_ms(n->sim) >= server->shown_ms;
}

struct neph_server *neph_server(const struct neph *n, int64_t id)
{
    for (size_t i = 0; i < n->servers.n; i++)
        if (n->servers.at[i].id == id && is_there(n, &n->servers.at[i]))
            return &n->servers.at[i];
    return NULL;
}

/* ---- Records -------------------------------------------------------------------------------- */

static void put_keys(const struct neph *n, struct sim_text *t, const char *name, int64_t id)
{
    const struct neph_key *key = neph_key(n, id);
    neph_open(t, name, '[');
    if (key)
        neph_key_record(t, key, false, false);
    neph_close(t, ']');
}

static void put_ports(const struct neph *n, const struct neph_server *server, struct sim_text *t)
{
    static const char *const names[] = {"default_public_network", "default_private_network"};
    neph_open(t, "network_ports", '[');
    for (int type = 0; type < NEPH_DOMAINS; type++) {
        char device[8], mac[24];
        snprintf(device, sizeof device, "eth%d", type);
        snprintf(mac, sizeof mac, "02:00:%02x:%02x:%02x:%02x", type,
                 (unsigned)(server->id >> 16) & 255, (unsigned)(server->id >> 8) & 255,
                 (unsigned)server->id & 255);
        neph_open(t, NULL, '{');
        neph_str(t, "devname", device);
        neph_str(t, "macaddress", mac);
        neph_open(t, "network_domain", '{');
        neph_int(t, "domain_type", type);
        neph_str(t, "name", names[type]);
        neph_close(t, '}');
        neph_close(t, '}');
    }
    neph_close(t, ']');
    (void)n;
}

/* A name in front of what is a record of its own elsewhere. */
static void put_named(struct sim_text *t, const char *name)
{
    SIM_LIT(t, ", ");
    sim_text_json(t, name);
    SIM_LIT(t, ": ");
}

/* Its uri does not end in its id: NephoScale's own did not. */
static void put_server(const struct neph *n, const struct neph_server *server, struct sim_text *t)
{
    const struct neph_type *type = neph_type(n, server->type);
    struct sim_text addresses = {0}, part = {0};
    neph_addresses_of(n, server->id, &addresses);
    neph_open(t, NULL, '{');
    neph_int(t, "id", server->id);
    neph_str(t, "name", server->name);
    neph_str(t, "hostname", server->hostname);
    neph_str(t, "power_status", server->power);
    neph_str(t, "ipaddresses", addresses.len ? addresses.data : "");
    neph_int(t, "memory", type ? type->ram : 0);
    neph_time(t, "create_time", server->created_ms);
    neph_int(t, "postinit_state", 1);
    neph_bool(t, "is_console_enabled", !server->dedicated);
    neph_str(t, "podzone", "P1A1");
    neph_image_record(&part, neph_image(n, server->image));
    put_named(t, "image");
    sim_text_puts(t, part.data);
    sim_text_clear(&part);
    neph_type_record(&part, type, false);
    put_named(t, "service_type");
    sim_text_puts(t, part.data);
    sim_text_clear(&part);
    neph_zone_record(&part, neph_zone(n, server->zone), false);
    put_named(t, "zone");
    sim_text_puts(t, part.data);
    put_keys(n, t, "server_keys", server->server_key);
    put_keys(n, t, "console_keys", server->console_key);
    put_ports(n, server, t);
    neph_uri(t, server->dedicated ? "/server/dedicated/" : "/server/cloud/", server->id - 1000);
    neph_close(t, '}');
    sim_text_free(&part);
    sim_text_free(&addresses);
}

/* ---- Lists
 * ---------------------------------------------------------------------------------------- */

/* /server/cloud/, /server/dedicated/; /server/ is both. */
static bool is_of_path(const struct neph_server *server, const struct sim_request *q)
{
    if (!strncmp(q->path, "/server/cloud/", 14))
        return !server->dedicated;
    return strncmp(q->path, "/server/dedicated/", 18) != 0 || server->dedicated;
}

void neph_servers(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    size_t count = 0;
    (void)s;
    if (!neph_enter(n, q, r))
        return;
    neph_begin(r);
    for (size_t i = 0; i < n->servers.n; i++)
        if (is_of_path(&n->servers.at[i], q) && is_there(n, &n->servers.at[i])) {
            put_server(n, &n->servers.at[i], &r->body);
            count++;
        }
    neph_end(n, r, count);
}

/* The one of the path; NULL: the reply says that there is none, or that the caller is nobody. */
static struct neph_server *wanted(struct neph *n, const struct sim_request *q, struct sim_reply *r)
{
    if (!neph_enter(n, q, r))
        return NULL;
    struct neph_server *server = neph_server(n, neph_number(q->seg[0]));
    if (server && is_of_path(server, q))
        return server;
    neph_fail(n, r, 404, "resource not found");
    return NULL;
}

void neph_server_one(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    struct neph_server *server = wanted(n, q, r);
    (void)s;
    if (!server)
        return;
    neph_begin(r);
    put_server(n, server, &r->body);
    neph_end_single(n, r);
}

/* ---- Changes
 * ----------------------------------------------------------------------------------------- */

static void set_text(char **text, const char *value)
{
    free(*text);
    *text = sim_strdup(value);
}

void neph_server_rename(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    struct neph_server *server = wanted(n, q, r);
    const char *name = sim_param(q, "name"), *hostname = sim_param(q, "hostname"), *bad;
    (void)s;
    if (!server)
        return;
    bad = name ? neph_bad_name(name, 64, true) : NULL;
    if (bad || (!name && !hostname)) {
        neph_fail(n, r, 400, "name %s", bad ? bad : "is required");
    } else if (hostname && (bad = neph_bad_name(hostname, 15, false))) {
        neph_fail(n, r, 400, "hostname %s", bad);
    } else {
        if (name)
            set_text(&server->name, name);
        if (hostname)
            set_text(&server->hostname, hostname);
        neph_job(n, r, sim_life_ms(n->sim), false);
    }
}

/* A PUT that comes through a POST. */
void neph_server_post(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    const char *method = sim_param(q, "_method");
    if (method && !strcmp(method, "PUT"))
        neph_server_rename(s, state, q, r);
    else if (method && !strcmp(method, "DELETE"))
        neph_server_delete(s, state, q, r);
    else if (wanted(state, q, r))
        neph_fail(state, r, 405, "method not allowed");
}

void neph_server_delete(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    struct neph_server *server = wanted(n, q, r);
    (void)s;
    if (!server)
        return;
    if (!server->gone_ms)
        server->gone_ms = sim_life_ms(n->sim) + n->settings->delete_ms;
    neph_job(n, r, server->gone_ms, false);
}

/* A restart ends as it began: there is no word for what is between. */
void neph_server_act(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    static const char *const words[][2] = {{"start", "on"}, {"stop", "off"}, {"restart", "on"}};
    struct neph *n = state;
    struct neph_server *server = wanted(n, q, r);
    const char *next = NULL;
    (void)s;
    if (!server)
        return;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(q->seg[1], words[i][0]))
            next = words[i][1];
    bool on = !strcmp(server->power, "on"), off = !strcmp(server->power, "off");
    if (!next) {
        neph_fail(n, r, 404, "resource not found");
    } else if ((on && !strcmp(q->seg[1], "start")) || (off && strcmp(q->seg[1], "start") != 0)) {
        neph_fail(n, r, 409, "the server is powered %s", server->power);
    } else {
        server->power_next = next;
        server->power_ms = sim_life_ms(n->sim) + n->settings->action_ms;
        neph_job(n, r, server->power_ms, false);
    }
}

/* What a job says nobody has recorded: its state is this simulator's own word. */
void neph_job_one(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    int64_t id = neph_number(q->seg[0]);
    (void)s;
    if (!neph_enter(n, q, r))
        return;
    for (size_t i = 0; i < n->jobs.n; i++) {
        const struct neph_job *job = &n->jobs.at[i];
        if (job->id != id)
            continue;
        bool over = sim_life_ms(n->sim) >= job->done_ms;
        neph_begin(r);
        neph_open(&r->body, NULL, '{');
        neph_int(&r->body, "id", job->id);
        neph_str(&r->body, "resource_type", "/job");
        neph_str(&r->body, "state", !over ? "running" : job->failed ? "failed" : "finished");
        neph_uri(&r->body, "/job/", job->id);
        neph_close(&r->body, '}');
        neph_end_single(n, r);
        return;
    }
    neph_fail(n, r, 404, "resource not found");
}
