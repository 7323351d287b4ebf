/* Actions, addresses and backup schedules of servers. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../jsonout.h"
#include "../mem.h"
#include "../sim_int.h"
#include "first.h"

static const char *const soft[] = {"REBOOT", "ACTIVE", NULL};
static const char *const hard[] = {"HARD_REBOOT", "ACTIVE", NULL};
static const char *const rebuild[] = {"REBUILD", "ACTIVE", NULL};
static const char *const resize[] = {"QUEUE_RESIZE", "PREP_RESIZE", "RESIZE", "VERIFY_RESIZE",
                                     NULL};
static const char *const share[] = {"SHARE_IP", "ACTIVE", NULL};
static const char *const share_only[] = {"SHARE_IP_NO_CONFIG", "ACTIVE", NULL};
static const char *const unshare[] = {"DELETE_IP", "ACTIVE", NULL};

/* The server of the path when nothing goes on with it; NULL: answered. */
static struct fg_server *idle(struct fg_call *c)
{
    struct fg_server *sv = fg_server_get(c);
    if (!sv || fg_course_over(&sv->course))
        return sv;
    const char *status = fg_status(&sv->course, c->now);
    fg_fail(c, 409, strcmp(status, "BUILD") ? "backupOrResizeInProgress" : "buildInProgress",
            "The server is in status %s", status);
    return NULL;
}

static void begin(struct fg_call *c, struct fg_server *sv, const char *const *words, int64_t ms)
{
    fg_course_begin(&sv->course, words, ms, c->now);
    sv->updated = c->now;
    c->r->status = 202;
}

static void do_resize(struct fg_call *c, struct fg_server *sv, struct json_object *json)
{
    int64_t id = sim_json_int(json, "flavorId", 0);
    if (!fg_flavor_find(c->cloud, id)) {
        fg_fail(c, 400, "badRequest", "There is no such flavor");
    } else if (id == sv->flavor) {
        fg_fail(c, 403, "resizeNotAllowed", "The server has that flavor already");
    } else {
        sv->other = id;
        begin(c, sv, resize, c->cloud->settings->resize_ms);
    }
}

static void end_resize(struct fg_call *c, struct fg_server *sv, bool keep)
{
    if (strcmp(fg_status(&sv->course, c->now), "VERIFY_RESIZE") != 0) {
        fg_fail(c, 400, "badRequest", "The server is not in status VERIFY_RESIZE");
        return;
    }
    if (!keep)
        sv->flavor = sv->other;
    sv->course.words = fg_active;
    sv->updated = c->now;
    c->r->status = keep ? 204 : 202;
}

static void do_rebuild(struct fg_call *c, struct fg_server *sv, struct json_object *json)
{
    int64_t id = sim_json_int(json, "imageId", 0);
    if (!fg_image_find(c->cloud, c->account, id)) {
        fg_fail(c, 400, "badRequest", "There is no such image");
        return;
    }
    sv->image = id;
    begin(c, sv, rebuild, c->cloud->settings->rebuild_ms);
}

static void do_reboot(struct fg_call *c, struct fg_server *sv, struct json_object *json)
{
    const char *type = sim_json_text(json, "type");
    if (!type || (strcmp(type, "HARD") != 0 && strcmp(type, "SOFT") != 0))
        fg_fail(c, 400, "badRequest", "A reboot is SOFT or HARD");
    else
        begin(c, sv, *type == 'H' ? hard : soft, c->cloud->settings->reboot_ms);
}

void fg_server_action(struct fg_call *c)
{
    struct json_object *json = NULL;
    struct fg_server *sv = idle(c);
    if (!sv)
        return;
    if (json_object_object_get_ex(c->json, "confirmResize", NULL))
        end_resize(c, sv, true);
    else if (json_object_object_get_ex(c->json, "revertResize", NULL))
        end_resize(c, sv, false);
    else if (json_object_object_get_ex(c->json, "resize", &json))
        do_resize(c, sv, json);
    else if (json_object_object_get_ex(c->json, "rebuild", &json))
        do_rebuild(c, sv, json);
    else if (json_object_object_get_ex(c->json, "reboot", &json))
        do_reboot(c, sv, json);
    else
        fg_fail(c, 400, "badRequest", "There is no such action");
}

static void put_ips(struct fg_call *c, const char *name, const uint32_t *ips, size_t n)
{
    fg_list(c, name);
    for (size_t i = 0; i < n; i++) {
        char text[16];
        snprintf(text, sizeof text, "%u.%u.%u.%u", ips[i] >> 24, ips[i] >> 16 & 255,
                 ips[i] >> 8 & 255, ips[i] & 255);
        if (c->xml)
            sim_text_fmt(c->out, "<ip addr=\"%s\"/>", text);
        else
            sim_put_word(c->out, text);
    }
    fg_list_end(c, name);
}

void fg_addresses_put(struct fg_call *c, const struct fg_server *sv)
{
    fg_begin(c, "addresses");
    fg_children(c);
    put_ips(c, "public", sv->public, sv->n_public);
    put_ips(c, "private", &sv->private, 1);
    fg_end(c, "addresses", true);
}

void fg_server_ips(struct fg_call *c)
{
    struct fg_server *sv = fg_server_get(c);
    if (!sv)
        return;
    fg_addresses_put(c, sv);
    fg_finish(c);
}

void fg_server_ips_public(struct fg_call *c)
{
    struct fg_server *sv = fg_server_get(c);
    if (!sv)
        return;
    put_ips(c, "public", sv->public, sv->n_public);
    fg_finish(c);
}

void fg_server_ips_private(struct fg_call *c)
{
    struct fg_server *sv = fg_server_get(c);
    if (!sv)
        return;
    put_ips(c, "private", &sv->private, 1);
    fg_finish(c);
}

static uint32_t read_ip(const char *text)
{
    unsigned ip = 0;
    char *end = NULL;
    for (int i = 0; i < 4; i++) {
        ip = ip << 8 | ((unsigned)strtoul(text, &end, 10) & 255);
        text = *end ? end + 1 : end;
    }
    return ip;
}

static size_t find_ip(const struct fg_server *sv, uint32_t ip)
{
    size_t i = 0;
    while (i < sv->n_public && sv->public[i] != ip)
        i++;
    return i;
}

/* Another server of the group has the address. */
static bool shareable(struct fg_call *c, const struct fg_group *g, uint32_t ip)
{
    for (size_t i = 0; i < g->n; i++) {
        const struct fg_server *other = fg_server_find(c->cloud, c->account, g->servers[i]);
        if (other && find_ip(other, ip) < other->n_public)
            return true;
    }
    return false;
}

void fg_server_share(struct fg_call *c)
{
    struct fg_server *sv = idle(c);
    struct json_object *json = sim_json_get(c->json, "shareIp");
    uint32_t ip = read_ip(c->q->seg[1]);
    if (!sv)
        return;
    struct fg_group *g =
        fg_group_find(c->cloud, c->account, sim_json_int(json, "sharedIpGroupId", 0));
    if (!g || !shareable(c, g, ip) || sv->n_public == FG_MAX_IPS) {
        fg_fail(c, g ? 404 : 400, g ? "itemNotFound" : "badRequest",
                "There is no such group, or none of it has the address");
        return;
    }
    if (find_ip(sv, ip) == sv->n_public)
        sv->public[sv->n_public++] = ip;
    bool configure = sim_json_bool(json, "configureServer", false);
    begin(c, sv, configure ? share : share_only, c->cloud->settings->share_ms);
}

void fg_server_unshare(struct fg_call *c)
{
    struct fg_server *sv = idle(c);
    if (!sv)
        return;
    size_t i = find_ip(sv, read_ip(c->q->seg[1]));
    if (i == sv->n_public || !i) {
        fg_fail(c, i ? 404 : 400, i ? "itemNotFound" : "badRequest",
                "The server has no such address to give up");
        return;
    }
    sv->public[i] = sv->public[--sv->n_public];
    begin(c, sv, unshare, c->cloud->settings->share_ms);
}

void fg_backup(struct fg_call *c)
{
    struct fg_server *sv = fg_server_get(c);
    if (!sv)
        return;
    fg_begin(c, "backupSchedule");
    fg_bool(c, "enabled", sv->backup);
    fg_str(c, "weekly", sv->weekly);
    fg_str(c, "daily", sv->daily);
    fg_end(c, "backupSchedule", false);
    fg_finish(c);
}

static bool is_word(const char *words, const char *word)
{
    char padded[24];
    snprintf(padded, sizeof padded, " %s ", word);
    return strstr(words, padded) != NULL;
}

void fg_backup_set(struct fg_call *c)
{
    static const char days[] = " DISABLED SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY "
                               "SATURDAY ";
    static const char hours[] = " DISABLED H_0000_0200 H_0200_0400 H_0400_0600 H_0600_0800 "
                                "H_0800_1000 H_1000_1200 H_1200_1400 H_1400_1600 H_1600_1800 "
                                "H_1800_2000 H_2000_2200 H_2200_0000 ";
    struct fg_server *sv = fg_server_get(c);
    struct json_object *json = sim_json_get(c->json, "backupSchedule");
    const char *weekly = sim_json_text(json, "weekly"), *daily = sim_json_text(json, "daily");
    const char *enabled = sim_json_text(json, "enabled");
    if (!sv)
        return;
    weekly = weekly ? weekly : "DISABLED";
    daily = daily ? daily : "DISABLED";
    if (!enabled || !is_word(days, weekly) || !is_word(hours, daily)) {
        fg_fail(c, 400, "badRequest", "A schedule is enabled or not, with a day and hours");
        return;
    }
    sv->backup = !strcmp(enabled, "true");
    snprintf(sv->weekly, sizeof sv->weekly, "%s", weekly);
    snprintf(sv->daily, sizeof sv->daily, "%s", daily);
    c->r->status = 204;
}

void fg_backup_delete(struct fg_call *c)
{
    struct fg_server *sv = fg_server_get(c);
    if (!sv)
        return;
    sv->backup = false;
    c->r->status = 204;
}
