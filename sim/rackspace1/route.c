/* From a path to a function: /v1.0/ACCOUNT and what is behind it, with or without a suffix. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sim_int.h"
#include "first.h"

struct row {
    const char *method, *path;
    void (*run)(struct fg_call *c);
    const char *action;
};

static const struct row table[] = {
    {"GET", "/servers", fg_servers, "servers.list"},
    {"GET", "/servers/detail", fg_servers_detail, "servers.detail"},
    {"POST", "/servers", fg_server_create, "servers.create"},
    {"GET", "/servers/{}", fg_server_show, "servers.get"},
    {"PUT", "/servers/{}", fg_server_update, "servers.update"},
    {"DELETE", "/servers/{}", fg_server_delete, "servers.delete"},
    {"POST", "/servers/{}/action", fg_server_action, "servers.action"},
    {"GET", "/servers/{}/ips", fg_server_ips, "servers.ips"},
    {"GET", "/servers/{}/ips/public", fg_server_ips_public, "servers.ips"},
    {"GET", "/servers/{}/ips/private", fg_server_ips_private, "servers.ips"},
    {"PUT", "/servers/{}/ips/public/{}", fg_server_share, "servers.share"},
    {"DELETE", "/servers/{}/ips/public/{}", fg_server_unshare, "servers.unshare"},
    {"GET", "/servers/{}/backup_schedule", fg_backup, "backup.get"},
    {"POST", "/servers/{}/backup_schedule", fg_backup_set, "backup.set"},
    {"DELETE", "/servers/{}/backup_schedule", fg_backup_delete, "backup.delete"},
    {"GET", "/flavors", fg_flavors, "flavors.list"},
    {"GET", "/flavors/detail", fg_flavors_detail, "flavors.detail"},
    {"GET", "/flavors/{}", fg_flavor_show, "flavors.get"},
    {"GET", "/images", fg_images, "images.list"},
    {"GET", "/images/detail", fg_images_detail, "images.detail"},
    {"POST", "/images", fg_image_create, "images.create"},
    {"GET", "/images/{}", fg_image_show, "images.get"},
    {"DELETE", "/images/{}", fg_image_delete, "images.delete"},
    {"GET", "/shared_ip_groups", fg_groups, "groups.list"},
    {"GET", "/shared_ip_groups/detail", fg_groups_detail, "groups.detail"},
    {"POST", "/shared_ip_groups", fg_group_create, "groups.create"},
    {"GET", "/shared_ip_groups/{}", fg_group_show, "groups.get"},
    {"DELETE", "/shared_ip_groups/{}", fg_group_delete, "groups.delete"},
    {"GET", "/limits", fg_limits, "limits"},
};
enum { N_ROWS = sizeof table / sizeof *table };

/* What is behind /v1.0/ACCOUNT, without a suffix, in buf; false: another path. */
static bool resource(const char *path, char *buf, size_t size, int64_t *account)
{
    char *end = NULL;
    if (strncmp(path, "/v1.0/", 6) != 0)
        return false;
    *account = strtoll(path + 6, &end, 10);
    size_t len = strlen(end);
    if (end == path + 6 || *end != '/' || len >= size)
        return false;
    memcpy(buf, end, len + 1);
    for (size_t i = 4; i <= 5; i++)
        if (len > i && !strcmp(buf + len - i, i == 4 ? ".xml" : ".json"))
            buf[len - i] = 0;
    return true;
}

static const struct row *find(struct sim_request *q, bool *known)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        if (!sim_route_match(table[i].path, q))
            continue;
        *known = true;
        if (!strcmp(table[i].method, q->method))
            return &table[i];
    }
    return NULL;
}

/* The word of an action's body: the first that it has of these. */
static const char *action_word(const char *body)
{
    static const struct {
        const char *word, *action;
    } words[] = {{"confirmResize", "servers.confirm_resize"},
                 {"revertResize", "servers.revert_resize"},
                 {"resize", "servers.resize"},
                 {"reboot", "servers.reboot"},
                 {"rebuild", "servers.rebuild"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(body, words[i].word))
            return words[i].action;
    return "servers.action";
}

const char *fg_action_name(const struct sim_request *q)
{
    struct sim_request copy = *q;
    char path[256];
    int64_t account;
    bool known = false;
    if (!resource(q->path, path, sizeof path, &account))
        return sim_header(q, "X-Auth-User") ? "login" : "versions";
    copy.path = path;
    const struct row *row = find(&copy, &known);
    if (row && !strcmp(row->action, "servers.action"))
        return action_word(q->body);
    return row ? row->action : "unknown";
}

bool fg_page(struct fg_call *c, size_t *offset, size_t *limit)
{
    const char *words[] = {sim_param(c->q, "offset"), sim_param(c->q, "limit")};
    int64_t values[] = {0, 1000};
    for (int i = 0; i < 2; i++) {
        char *end = NULL;
        if (!words[i])
            continue;
        values[i] = strtoll(words[i], &end, 10);
        if (!*words[i] || *end || values[i] < 0)
            return fg_fail(c, 400, "badRequest", "limit and offset are numbers");
    }
    if (values[1] > 1000)
        return fg_fail(c, 413, "overLimit", "limit is at most 1000");
    *offset = (size_t)values[0];
    *limit = (size_t)values[1];
    return true;
}

static bool throttled(struct fg_call *c)
{
    struct fg_cloud *cloud = c->cloud;
    const struct fg_settings *set = cloud->settings;
    int64_t wall = sim_wall_ms(cloud->sim), most = set->throttle_burst * 1000;
    if (set->throttle_rate <= 0)
        return false;
    cloud->bucket =
        cloud->bucket_at ? cloud->bucket + (wall - cloud->bucket_at) * set->throttle_rate : most;
    cloud->bucket = cloud->bucket > most ? most : cloud->bucket;
    cloud->bucket_at = wall;
    if (cloud->bucket >= 1000) {
        cloud->bucket -= 1000;
        return false;
    }
    fg_fail(c, (unsigned)set->throttle_status,
            set->throttle_status == 503 ? "serviceUnavailable" : "overLimit", "OverLimit Retry...");
    return true;
}

static void call(struct fg_call *c)
{
    bool known = false;
    if (throttled(c) || !fg_authenticate(c))
        return;
    const struct row *row = find(c->q, &known);
    c->id = c->q->seg[0] ? strtoll(c->q->seg[0], NULL, 10) : 0;
    if (c->account != c->user->account)
        fg_fail(c, 401, "unauthorized", "The account is not the token's.");
    else if (!row)
        fg_fail(c, known ? 405 : 404, known ? "badMethod" : "itemNotFound",
                known ? "Method not allowed" : "Not Found");
    else if (fg_read_body(c))
        row->run(c);
}

static bool versions(struct fg_call *c, const char *path)
{
    if (!strcmp(path, "/")) {
        fg_versions(c);
    } else if (!strcmp(path, "/v1.0/")) {
        fg_version(c);
    } else if (!strcmp(path, "/v1.0")) {
        c->r->status = 302;
        sim_reply_header(c->r, "Location", "/v1.0/");
    } else {
        return false;
    }
    return true;
}

void fg_serve(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct fg_cloud *cloud = state;
    const char *whole = q->path;
    char path[256];
    struct fg_call c = {.cloud = cloud, .q = q, .r = r, .out = &r->body, .now = sim_life_ms(s)};
    if (!strcmp(whole, "/v1.0") && sim_header(q, "X-Auth-User")) {
        fg_auth_v1(s, state, q, r);
        return;
    }
    c.xml = fg_wants_xml(q);
    r->type = c.xml ? "application/xml" : "application/json";
    if (resource(whole, path, sizeof path, &c.account)) {
        q->path = path;
        call(&c);
        q->path = whole;
    } else if (!versions(&c, whole)) {
        fg_fail(&c, 404, "itemNotFound", "Not Found");
    }
    if (cloud->settings->cached_203 && r->status == 200 && !strcmp(q->method, "GET"))
        r->status = 203;
    json_object_put(c.json);
}
