/* Flavors: lists, one, extra specs, and what an administrator does with them. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "openstack.h"

struct os_flavor *os_flavor_ref(struct os_call *c, const char *ref)
{
    return (struct os_flavor *)os_find(c->region, OS_FLAVOR, os_last_segment(ref));
}

static void put_sizes(struct os_call *c, const struct os_flavor *f)
{
    sim_put_int(c->out, "ram", f->ram);
    sim_put_int(c->out, "disk", f->disk);
    if (f->swap || c->micro >= 75)
        sim_put_int(c->out, "swap", f->swap);
    else
        sim_put_str(c->out, "swap", "");
    sim_put_int(c->out, "vcpus", f->vcpus);
    sim_put_int(c->out, "OS-FLV-EXT-DATA:ephemeral", f->ephemeral);
}

void os_flavor_put(struct os_call *c, const struct os_flavor *f, bool detail)
{
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "id", f->res.id);
    sim_put_str(c->out, "name", f->res.name);
    if (c->micro >= 55)
        sim_put_str(c->out, "description", f->description);
    if (detail) {
        put_sizes(c, f);
        sim_put_name(c->out, "rxtx_factor");
        sim_text_fmt(c->out, "%.1f", f->rxtx);
        if (c->cloud->rackspace) {
            sim_dict_put(c->out, "OS-FLV-WITH-EXT-SPECS:extra_specs", &f->specs);
        } else {
            sim_put_bool(c->out, "OS-FLV-DISABLED:disabled", f->disabled);
            sim_put_bool(c->out, "os-flavor-access:is_public", !f->is_private);
        }
        if (c->micro >= 61)
            sim_dict_put(c->out, "extra_specs", &f->specs);
    }
    os_self_links(c, "flavors", f->res.id);
    sim_put_end(c->out, '}');
}

void os_flavor_inside(struct os_call *c, const struct os_flavor *f)
{
    sim_put_object(c->out, "flavor");
    sim_put_int(c->out, "vcpus", f->vcpus);
    sim_put_int(c->out, "ram", f->ram);
    sim_put_int(c->out, "disk", f->disk);
    sim_put_int(c->out, "ephemeral", f->ephemeral);
    sim_put_int(c->out, "swap", f->swap);
    sim_put_str(c->out, "original_name", f->res.name);
    sim_dict_put(c->out, "extra_specs", &f->specs);
    sim_put_end(c->out, '}');
}

struct wanted {
    int64_t min_ram, min_disk;
    const char *is_public;
};

static bool match(struct os_call *c, struct os_res *res, const void *how)
{
    const struct os_flavor *f = (const struct os_flavor *)res;
    const struct wanted *w = how;
    bool all = w->is_public && (!strcmp(w->is_public, "None") || !strcmp(w->is_public, "none"));
    return f->ram >= w->min_ram && f->disk >= w->min_disk && (!f->is_private || (c->admin && all));
}

static void list(struct os_call *c, bool detail)
{
    const char *ram = sim_param(c->q, "minRam"), *disk = sim_param(c->q, "minDisk");
    struct wanted w = {ram ? strtoll(ram, NULL, 10) : 0, disk ? strtoll(disk, NULL, 10) : 0,
                       sim_param(c->q, "is_public")};
    struct os_page page;
    struct os_res **found = NULL;
    size_t n = 0;
    if (os_page_read(c, &page, c->set->page_max, c->set->page_max) &&
        os_page_select(c, &c->region->stores[OS_FLAVOR], &page, false, match, &w, &found, &n)) {
        SIM_LIT(c->out, "{\"flavors\": [");
        for (size_t i = 0; i < n; i++)
            os_flavor_put(c, (struct os_flavor *)found[i], detail);
        sim_put_end(c->out, ']');
        if (n)
            os_page_links(c, "flavors_links", &page, n, found[n - 1]->id);
        sim_put_end(c->out, '}');
    }
    free(found);
}

void os_flavors(struct os_call *c)
{
    list(c, false);
}

void os_flavors_detail(struct os_call *c)
{
    list(c, true);
}

static struct os_flavor *get(struct os_call *c)
{
    struct os_flavor *f = (struct os_flavor *)os_find(c->region, OS_FLAVOR, c->q->seg[0]);
    if (!f)
        os_fail(c, 404, "Flavor %s could not be found.", c->q->seg[0]);
    return f;
}

void os_flavor_show(struct os_call *c)
{
    struct os_flavor *f = get(c);
    if (!f)
        return;
    SIM_LIT(c->out, "{\"flavor\": ");
    os_flavor_put(c, f, true);
    sim_put_end(c->out, '}');
}

void os_flavor_specs(struct os_call *c)
{
    struct os_flavor *f = get(c);
    if (!f)
        return;
    sim_put_object(c->out, NULL);
    sim_dict_put(c->out, "extra_specs", &f->specs);
    sim_put_end(c->out, '}');
}

void os_flavor_create(struct os_call *c)
{
    struct json_object *json = sim_json_get(c->json, "flavor");
    const char *name = sim_json_text(json, "name"), *id = sim_json_text(json, "id");
    if (!name || !sim_json_get(json, "ram") || !sim_json_get(json, "vcpus")) {
        os_fail(c, 400,
                "Invalid input for field/attribute flavor: name, ram and vcpus are "
                "required");
        return;
    }
    if (id && strcmp(id, "auto") != 0 && os_find(c->region, OS_FLAVOR, id)) {
        os_fail(c, 409, "Flavor with ID %s already exists.", id);
        return;
    }
    struct os_flavor *f = os_flavor_new(c->region, id && strcmp(id, "auto") ? id : NULL, name,
                                        sim_json_int(json, "ram", 0), sim_json_int(json, "disk", 0),
                                        sim_json_int(json, "vcpus", 1));
    f->ephemeral = sim_json_int(json, "OS-FLV-EXT-DATA:ephemeral", 0);
    f->swap = sim_json_int(json, "swap", 0);
    f->is_private = !sim_json_bool(json, "os-flavor-access:is_public", true);
    f->description = sim_strdup(sim_json_text(json, "description"));
    SIM_LIT(c->out, "{\"flavor\": ");
    os_flavor_put(c, f, true);
    sim_put_end(c->out, '}');
}

/* Servers keep what they were made with: the flavor is only shown no more. */
void os_flavor_delete(struct os_call *c)
{
    struct os_flavor *f = get(c);
    if (!f)
        return;
    f->is_private = f->disabled = true;
    c->r->status = 202;
}
