/* Images and flavors of the first generation. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "first.h"

static const char *const saving[] = {"QUEUED", "PREPARING", "SAVING", "ACTIVE", NULL};

struct fg_flavor *fg_flavor_new(struct fg_cloud *cloud, int64_t id, const char *name, int64_t ram,
                                int64_t disk)
{
    struct fg_flavor *f = sim_alloc(sizeof *f);
    *f = (struct fg_flavor){id, ram, disk, sim_strdup(name)};
    SIM_PUSH(cloud->flavors, cloud->n_flavors, cloud->flavors_size);
    cloud->flavors[cloud->n_flavors++] = f;
    return f;
}

struct fg_flavor *fg_flavor_find(const struct fg_cloud *cloud, int64_t id)
{
    for (size_t i = 0; i < cloud->n_flavors; i++)
        if (cloud->flavors[i]->id == id)
            return cloud->flavors[i];
    return NULL;
}

static void put_flavor(struct fg_call *c, const struct fg_flavor *f, bool detail)
{
    fg_int(c, "id", f->id);
    fg_str(c, "name", f->name);
    if (detail) {
        fg_int(c, "ram", f->ram);
        fg_int(c, "disk", f->disk);
    }
    fg_end(c, "flavor", false);
}

static void list_flavors(struct fg_call *c, bool detail)
{
    size_t offset, limit;
    if (!fg_page(c, &offset, &limit))
        return;
    fg_list(c, "flavors");
    for (size_t i = offset; i < c->cloud->n_flavors && i - offset < limit; i++) {
        fg_item(c, "flavor");
        put_flavor(c, c->cloud->flavors[i], detail);
    }
    fg_list_end(c, "flavors");
    fg_finish(c);
}

void fg_flavors(struct fg_call *c)
{
    list_flavors(c, false);
}

void fg_flavors_detail(struct fg_call *c)
{
    list_flavors(c, true);
}

void fg_flavor_show(struct fg_call *c)
{
    const struct fg_flavor *f = fg_flavor_find(c->cloud, c->id);
    if (!f) {
        fg_fail(c, 404, "itemNotFound", "Not Found");
        return;
    }
    fg_begin(c, "flavor");
    put_flavor(c, f, true);
    fg_finish(c);
}

struct fg_image *fg_image_new(struct fg_cloud *cloud, int64_t id, const char *name, int64_t account,
                              int64_t server)
{
    struct fg_image *m = sim_alloc(sizeof *m);
    m->id = id ? id : ++cloud->last_image;
    if (m->id > cloud->last_image)
        cloud->last_image = m->id;
    m->name = sim_strdup(name);
    m->account = account;
    m->server = server;
    m->created = m->updated = sim_life_ms(cloud->sim);
    m->course.words = fg_active;
    SIM_PUSH(cloud->images, cloud->n_images, cloud->images_size);
    cloud->images[cloud->n_images++] = m;
    return m;
}

struct fg_image *fg_image_find(struct fg_cloud *cloud, int64_t account, int64_t id)
{
    for (size_t i = 0; i < cloud->n_images; i++) {
        struct fg_image *m = cloud->images[i];
        if (m->id == id && (!m->account || m->account == account))
            return m;
    }
    return NULL;
}

static void remove_image(struct fg_cloud *cloud, size_t i)
{
    free(cloud->images[i]->name);
    free(cloud->images[i]);
    memmove(cloud->images + i, cloud->images + i + 1,
            (cloud->n_images - i - 1) * sizeof *cloud->images);
    cloud->n_images--;
}

void fg_images_of_server_end(struct fg_cloud *cloud, int64_t server)
{
    for (size_t i = cloud->n_images; i-- > 0;)
        if (cloud->images[i]->server == server)
            remove_image(cloud, i);
}

static void put_image(struct fg_call *c, struct fg_image *m, bool detail)
{
    const char *status = fg_status(&m->course, c->now);
    fg_int(c, "id", m->id);
    fg_str(c, "name", m->name);
    if (detail) {
        if (m->server)
            fg_int(c, "serverId", m->server);
        fg_time(c, "updated", m->updated);
        fg_time(c, "created", m->created);
        fg_str(c, "status", status);
        if (!fg_course_over(&m->course))
            fg_int(c, "progress", strcmp(status, "SAVING") ? 0 : 80);
    }
    fg_end(c, "image", false);
}

static void list_images(struct fg_call *c, bool detail)
{
    size_t offset, limit, seen = 0, put = 0;
    if (!fg_page(c, &offset, &limit))
        return;
    fg_list(c, "images");
    for (size_t i = 0; i < c->cloud->n_images && put < limit; i++) {
        struct fg_image *m = c->cloud->images[i];
        if ((m->account && m->account != c->account) || seen++ < offset)
            continue;
        fg_item(c, "image");
        put_image(c, m, detail);
        put++;
    }
    fg_list_end(c, "images");
    fg_finish(c);
}

void fg_images(struct fg_call *c)
{
    list_images(c, false);
}

void fg_images_detail(struct fg_call *c)
{
    list_images(c, true);
}

static struct fg_image *get(struct fg_call *c)
{
    struct fg_image *m = fg_image_find(c->cloud, c->account, c->id);
    if (!m)
        fg_fail(c, 404, "itemNotFound", "Not Found");
    return m;
}

static void put_one(struct fg_call *c, struct fg_image *m)
{
    fg_begin(c, "image");
    put_image(c, m, true);
    fg_finish(c);
}

void fg_image_show(struct fg_call *c)
{
    struct fg_image *m = get(c);
    if (m)
        put_one(c, m);
}

void fg_image_create(struct fg_call *c)
{
    struct json_object *json = sim_json_get(c->json, "image");
    const char *name = sim_json_text(json, "name");
    struct fg_server *sv = fg_server_find(c->cloud, c->account, sim_json_int(json, "serverId", 0));
    if (!name || !sv) {
        fg_fail(c, sv ? 400 : 404, sv ? "badRequest" : "itemNotFound",
                sv ? "An image needs a name" : "There is no such server");
        return;
    }
    if (!fg_course_over(&sv->course) && !strcmp(fg_status(&sv->course, c->now), "BUILD")) {
        fg_fail(c, 409, "buildInProgress", "The server is in status BUILD");
        return;
    }
    struct fg_image *m = fg_image_new(c->cloud, 0, name, c->account, sv->id);
    int64_t ms = c->cloud->settings->image_ms;
    fg_course_begin(&m->course, saving, ms, c->now + (ms == 0)); /* the reply says QUEUED */
    c->r->status = 202;
    put_one(c, m);
}

void fg_image_delete(struct fg_call *c)
{
    struct fg_image *m = get(c);
    if (!m)
        return;
    if (!m->account) {
        fg_fail(c, 400, "badRequest", "The image is not yours to delete");
        return;
    }
    for (size_t i = c->cloud->n_images; i-- > 0;)
        if (c->cloud->images[i] == m)
            remove_image(c->cloud, i);
    c->r->status = 204;
}
