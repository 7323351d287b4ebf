/* Nova's own view of images: a proxy up to 2.35, and all that Rackspace's compute has. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "openstack.h"

static int progress(const struct os_image *m)
{
    return !strcmp(m->status, "active") ? 100 : 50;
}

const char *os_image_status(const struct os_image *m)
{
    if (!strcmp(m->status, "active"))
        return "ACTIVE";
    if (!strcmp(m->status, "queued") || !strcmp(m->status, "saving"))
        return "SAVING";
    return !strcmp(m->status, "killed") ? "ERROR" : "UNKNOWN";
}

static void put(struct os_call *c, struct os_image *m, bool detail)
{
    struct sim_text *out = c->out;
    os_image_settle(m, c->now);
    sim_put_object(out, NULL);
    sim_put_str(out, "id", m->res.id);
    sim_put_str(out, "name", m->res.name);
    os_self_links(c, "images", m->res.id);
    if (detail) {
        sim_put_str(out, "status", os_image_status(m));
        sim_put_int(out, "progress", progress(m));
        sim_put_int(out, "minDisk", m->min_disk);
        sim_put_int(out, "minRam", m->min_ram);
        sim_put_time(out, "created", m->res.created);
        sim_put_time(out, "updated", m->res.updated);
        sim_put_int(out, "OS-EXT-IMG-SIZE:size", m->size < 0 ? 0 : m->size);
        sim_dict_put(out, "metadata", &m->properties);
        if (c->cloud->rackspace)
            sim_put_str(out, "OS-DCF:diskConfig", "AUTO");
        if (*m->server) {
            sim_put_object(out, "server");
            sim_put_str(out, "id", m->server);
            os_self_links(c, "servers", m->server);
            sim_put_end(out, '}');
        }
    }
    sim_put_end(out, '}');
}

static bool match(struct os_call *c, struct os_res *res, const void *how)
{
    struct os_image *m = (struct os_image *)res;
    const char *name = sim_param(c->q, "name"), *status = sim_param(c->q, "status");
    const char *type = sim_param(c->q, "type"), *server = sim_param(c->q, "server");
    (void)how;
    os_image_settle(m, c->now);
    if (!os_image_shown(c, m) || (name && strcmp(name, res->name) != 0) ||
        (status && strcmp(status, os_image_status(m)) != 0))
        return false;
    if (server && strcmp(os_last_segment(server), m->server) != 0)
        return false;
    return !type || !strcmp(type, *m->server ? "SNAPSHOT" : "BASE");
}

static void list(struct os_call *c, bool detail)
{
    struct os_page page;
    struct os_res **found = NULL;
    size_t n = 0;
    if (!os_page_read(c, &page, c->set->page_max, c->set->page_max) ||
        !os_page_select(c, &c->region->stores[OS_IMAGE], &page, true, match, NULL, &found, &n))
        return;
    SIM_LIT(c->out, "{\"images\": [");
    for (size_t i = 0; i < n; i++)
        put(c, (struct os_image *)found[i], detail);
    sim_put_end(c->out, ']');
    if (n)
        os_page_links(c, "images_links", &page, n, found[n - 1]->id);
    sim_put_end(c->out, '}');
    free(found);
}

void os_proxy_images(struct os_call *c)
{
    list(c, false);
}

void os_proxy_images_detail(struct os_call *c)
{
    list(c, true);
}

static struct os_image *get(struct os_call *c)
{
    struct os_image *m = os_image_ref(c, c->q->seg[0]);
    if (!m)
        os_fail(c, 404, "Image not found.");
    return m;
}

void os_proxy_image(struct os_call *c)
{
    struct os_image *m = get(c);
    if (!m)
        return;
    SIM_LIT(c->out, "{\"image\": ");
    put(c, m, true);
    sim_put_end(c->out, '}');
}

void os_proxy_image_delete(struct os_call *c)
{
    struct os_image *m = get(c);
    if (!m)
        return;
    if (m->res.project != c->project) {
        os_fail(c, 403, "You are not allowed to delete the image.");
        return;
    }
    os_remove(c->region, OS_IMAGE, &m->res);
    c->r->status = 204;
}

void os_proxy_image_metadata(struct os_call *c)
{
    struct os_image *m = get(c);
    if (!m)
        return;
    sim_put_object(c->out, NULL);
    sim_dict_put(c->out, "metadata", &m->properties);
    sim_put_end(c->out, '}');
}
