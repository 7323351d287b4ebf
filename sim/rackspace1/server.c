/* Servers of the first generation: making, listing, showing, ending. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "first.h"

const char *const fg_active[] = {"ACTIVE", NULL};
static const char *const build[] = {"BUILD", "ACTIVE", NULL};
static const char *const failing[] = {"BUILD", "ERROR", NULL};
static const char *const password[] = {"PASSWORD", "ACTIVE", NULL};

void fg_course_begin(struct fg_course *course, const char *const *words, int64_t ms, int64_t now)
{
    int64_t n = 0;
    while (words[n])
        n++;
    course->words = words;
    course->each = n > 1 ? ms / (n - 1) : 0;
    course->next = now + course->each;
}

const char *fg_status(struct fg_course *course, int64_t now)
{
    while (course->words[1] && now >= course->next) {
        course->words++;
        course->next += course->each;
    }
    return course->words[0];
}

bool fg_course_over(const struct fg_course *course)
{
    return !course->words[1];
}

void fg_server_free(struct fg_server *sv)
{
    sim_dict_free(&sv->meta);
    free(sv->name);
    free(sv);
}

struct fg_server *fg_server_new(struct fg_cloud *cloud, const struct fg_user *user,
                                const char *name, int64_t image, int64_t flavor)
{
    struct fg_server *sv = sim_alloc(sizeof *sv);
    sv->id = ++cloud->last_server;
    sv->account = user->account;
    sv->name = sim_strdup(name);
    sv->image = image;
    sv->flavor = flavor;
    sv->updated = sim_life_ms(cloud->sim);
    sim_random_hex(cloud->sim, sv->host, 32);
    sv->public[sv->n_public++] = cloud->next_public++;
    sv->private = cloud->next_private++;
    sv->course.words = fg_active;
    snprintf(sv->daily, sizeof sv->daily, "DISABLED");
    snprintf(sv->weekly, sizeof sv->weekly, "DISABLED");
    SIM_PUSH(cloud->servers, cloud->n_servers, cloud->servers_size);
    cloud->servers[cloud->n_servers++] = sv;
    return sv;
}

/* A resize that is over has changed the flavor. */
void fg_server_settle(struct fg_cloud *cloud, struct fg_server *sv, int64_t now)
{
    (void)cloud;
    bool before = fg_course_over(&sv->course);
    const char *status = fg_status(&sv->course, now);
    if (before || !fg_course_over(&sv->course))
        return;
    sv->updated = now;
    if (!strcmp(status, "VERIFY_RESIZE")) {
        int64_t old = sv->flavor;
        sv->flavor = sv->other;
        sv->other = old;
    }
}

struct fg_server *fg_server_find(struct fg_cloud *cloud, int64_t account, int64_t id)
{
    size_t low = 0, high = cloud->n_servers;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cloud->servers[middle]->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    struct fg_server *sv = low < cloud->n_servers ? cloud->servers[low] : NULL;
    return sv && sv->id == id && sv->account == account && !sv->deleted ? sv : NULL;
}

struct fg_server *fg_server_get(struct fg_call *c)
{
    struct fg_server *sv = fg_server_find(c->cloud, c->account, c->id);
    if (sv)
        fg_server_settle(c->cloud, sv, c->now);
    else
        fg_fail(c, 404, "itemNotFound", "Not Found");
    return sv;
}

static void put_metadata(struct fg_call *c, const struct fg_server *sv)
{
    if (!c->xml) {
        sim_dict_put(c->out, "metadata", &sv->meta);
        return;
    }
    SIM_LIT(c->out, "<metadata>");
    for (size_t i = 0; i < sv->meta.n; i++) {
        SIM_LIT(c->out, "<meta key=\"");
        sim_text_xml(c->out, sv->meta.at[i].key);
        SIM_LIT(c->out, "\">");
        sim_text_xml(c->out, sv->meta.at[i].value);
        SIM_LIT(c->out, "</meta>");
    }
    SIM_LIT(c->out, "</metadata>");
}

void fg_server_put(struct fg_call *c, struct fg_server *sv, bool detail, const char *secret)
{
    const char *status = sv->deleted ? "DELETED" : fg_status(&sv->course, c->now);
    fg_int(c, "id", sv->id);
    fg_str(c, "name", sv->name);
    if (detail) {
        fg_int(c, "imageId", sv->image);
        fg_int(c, "flavorId", sv->flavor);
        fg_str(c, "hostId", sv->host);
        fg_str(c, "status", status);
        fg_int(c, "progress", fg_course_over(&sv->course) ? 100 : 0);
        if (sv->group)
            fg_int(c, "sharedIpGroupId", sv->group);
        if (secret)
            fg_str(c, "adminPass", secret);
        fg_children(c);
        put_metadata(c, sv);
        fg_addresses_put(c, sv);
    }
    fg_end(c, "server", detail);
}

/* Whether a list has it, given changes-since in ms or 0. */
static bool listed(struct fg_call *c, const struct fg_server *sv, int64_t since)
{
    if (sv->account != c->account)
        return false;
    return since ? sv->updated >= since : !sv->deleted;
}

static void list(struct fg_call *c, bool detail)
{
    size_t offset, limit, seen = 0, put = 0;
    const char *text = sim_param(c->q, "changes-since");
    int64_t since = text ? strtoll(text, NULL, 10) * 1000 : 0;
    if (!fg_page(c, &offset, &limit))
        return;
    fg_list(c, "servers");
    for (size_t i = 0; i < c->cloud->n_servers && put < limit; i++) {
        struct fg_server *sv = c->cloud->servers[i];
        fg_server_settle(c->cloud, sv, c->now);
        if (!listed(c, sv, since) || seen++ < offset)
            continue;
        fg_item(c, "server");
        fg_server_put(c, sv, detail, NULL);
        put++;
    }
    fg_list_end(c, "servers");
    fg_finish(c);
    if (since && !put) {
        sim_text_clear(c->out);
        c->r->status = 304;
    }
}

void fg_servers(struct fg_call *c)
{
    list(c, false);
}

void fg_servers_detail(struct fg_call *c)
{
    list(c, true);
}

void fg_server_show(struct fg_call *c)
{
    struct fg_server *sv = fg_server_get(c);
    if (!sv)
        return;
    fg_begin(c, "server");
    fg_server_put(c, sv, true, NULL);
    fg_finish(c);
}

static bool read_metadata(struct fg_call *c, struct json_object *json, struct sim_dict *meta)
{
    sim_dict_merge(meta, sim_json_get(json, "metadata"));
    if (meta->n > FG_MAX_META)
        return fg_fail(c, 413, "overLimit", "A server has at most five items of metadata");
    for (size_t i = 0; i < meta->n; i++)
        if (strlen(meta->at[i].key) > 255 || strlen(meta->at[i].value) > 255)
            return fg_fail(c, 400, "badRequest", "Metadata is at most 255 characters");
    return true;
}

static bool check_files(struct fg_call *c, struct json_object *json)
{
    size_t n = sim_json_list(json, "personality"), len = 0;
    if (n > FG_MAX_FILES)
        return fg_fail(c, 413, "overLimit", "A personality has at most five files");
    for (size_t i = 0; i < n; i++) {
        struct json_object *file = sim_json_nth(json, "personality", i);
        const char *path = sim_json_text(file, "path"), *text = sim_json_text(file, "contents");
        unsigned char *raw = text ? sim_base64_decode(text, &len) : NULL;
        free(raw);
        if (!path || strlen(path) > 255 || !raw || len > 10240)
            return fg_fail(c, 400, "badRequest",
                           "A file has a path and contents in base64, 10 KB at most");
    }
    return true;
}

static bool within_ram(struct fg_call *c, const struct fg_flavor *flavor)
{
    int64_t used = 0, most = c->cloud->settings->ram_limit;
    for (size_t i = 0; most > 0 && i < c->cloud->n_servers; i++) {
        const struct fg_server *sv = c->cloud->servers[i];
        const struct fg_flavor *f = fg_flavor_find(c->cloud, sv->flavor);
        if (!sv->deleted && sv->account == c->account)
            used += f ? f->ram : 0;
    }
    return most <= 0 || used + flavor->ram <= most ||
           fg_fail(c, 413, "overLimit", "The RAM limit of %lld MB would be exceeded",
                   (long long)most);
}

/* Everything but the group is checked; the new server, NULL: answered. */
static struct fg_server *create(struct fg_call *c, struct json_object *json)
{
    const char *name = sim_json_text(json, "name");
    int64_t image = sim_json_int(json, "imageId", 0), flavor = sim_json_int(json, "flavorId", 0);
    struct fg_flavor *f = fg_flavor_find(c->cloud, flavor);
    struct sim_dict meta = {0};
    if (!name || !*name || !f || !fg_image_find(c->cloud, c->account, image)) {
        fg_fail(c, 400, "badRequest", "A server needs a name, and an image and a flavor there are");
        return NULL;
    }
    if (!read_metadata(c, json, &meta) || !check_files(c, json) || !within_ram(c, f)) {
        sim_dict_free(&meta);
        return NULL;
    }
    struct fg_server *sv = fg_server_new(c->cloud, c->user, name, image, flavor);
    sv->meta = meta;
    return sv;
}

void fg_server_create(struct fg_call *c)
{
    struct json_object *json = sim_json_get(c->json, "server");
    int64_t id = sim_json_int(json, "sharedIpGroupId", 0);
    struct fg_group *g = id ? fg_group_find(c->cloud, c->account, id) : NULL;
    struct fg_settings *set = c->cloud->settings;
    char secret[48];
    if (id && (!g || g->n == FG_MAX_GROUP)) {
        fg_fail(c, 400, "badRequest", "There is no such shared IP group, or it is full");
        return;
    }
    struct fg_server *sv = create(c, json);
    if (!sv)
        return;
    sim_random_hex(c->cloud->sim, secret, 8);
    if (g) {
        g->servers[g->n++] = sv->id;
        sv->group = id;
    }
    fg_course_begin(&sv->course, set->fail_builds > 0 ? failing : build, set->build_ms, c->now);
    set->fail_builds -= set->fail_builds > 0;
    c->r->status = 202;
    fg_begin(c, "server");
    if (set->build_ms == 0)
        sv->course.next = c->now + 1; /* the reply itself still says BUILD */
    fg_server_put(c, sv, true, secret);
    sv->course.next = c->now + set->build_ms;
    fg_finish(c);
}

void fg_server_update(struct fg_call *c)
{
    struct fg_server *sv = fg_server_get(c);
    struct json_object *json = sim_json_get(c->json, "server");
    const char *name = sim_json_text(json, "name"), *secret = sim_json_text(json, "adminPass");
    if (!sv)
        return;
    if (!name && !secret) {
        fg_fail(c, 400, "badRequest", "A name or a password is missing");
        return;
    }
    if (name) {
        free(sv->name);
        sv->name = sim_strdup(name);
    }
    if (secret)
        fg_course_begin(&sv->course, password, c->cloud->settings->password_ms, c->now);
    sv->updated = c->now;
    c->r->status = 204;
}

void fg_server_delete(struct fg_call *c)
{
    struct fg_server *sv = fg_server_get(c);
    if (!sv)
        return;
    sv->deleted = true;
    sv->updated = c->now;
    fg_images_of_server_end(c->cloud, sv->id);
    fg_group_forget(c->cloud, sv->id);
    c->r->status = 204;
}
