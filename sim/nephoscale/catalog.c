/* What servers are made of: images, service types, zones. Those of mist.client's documentation are
 * there to begin with. */
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "nephoscale.h"

static const struct {
    int id;
    const char *name, *architecture;
} images[] = {
    {3, "Linux CentOS 5.5 32-bit", "x86"},
    {5, "Linux CentOS 5.5 64-bit", "x86_64"},
    {23, "Linux Debian Server 5.05 32-bit", "x86"},
    {43, "Linux Ubuntu Server 10.04 LTS 32-bit", "x86"},
    {45, "Linux CentOS 5.7 32-bit", "x86"},
    {49, "Linux Ubuntu Server 10.04 LTS 64-bit", "x86_64"},
    {51, "Linux Debian Server 6.0.3 64-bit", "x86_64"},
    {55, "Linux Debian 5.0.9 64-bit", "x86_64"},
};

struct neph_type *neph_add_type(struct neph *n, int64_t id, int billable, const char *sku,
                                const char *description)
{
    SIM_PUSH(n->types.at, n->types.n, n->types.size);
    struct neph_type *t = &n->types.at[n->types.n++];
    *t = (struct neph_type){.id = id,
                            .billable = billable,
                            .ram = 512,
                            .storage = 25,
                            .vcpus = 1,
                            .sku = sim_strdup(sku),
                            .description = sim_strdup(description)};
    return t;
}

static void add_zone(struct neph *n, int64_t id, int64_t datacenter, const char *name)
{
    SIM_PUSH(n->zones.at, n->zones.n, n->zones.size);
    n->zones.at[n->zones.n++] = (struct neph_zone){id, datacenter, sim_strdup(name), -1};
}

void neph_catalog_init(struct neph *n)
{
    for (size_t i = 0; i < sizeof images / sizeof *images; i++) {
        SIM_PUSH(n->images.at, n->images.n, n->images.size);
        n->images.at[n->images.n++] = (struct neph_image){
            images[i].id,        sim_strdup(images[i].name), sim_strdup(images[i].architecture),
            sim_strdup("linux"), sim_strdup("both"),         true};
    }
    neph_add_type(n, 219, NEPH_CLOUD, "CS05-SSD", "0.5GB, 1Core, 25GB, 10 Gbps");
    neph_add_type(n, 221, NEPH_CLOUD, "CS1-SSD", "1GB, 1Core, 25GB, 10 Gbps")->ram = 1024;
    add_zone(n, 86945, 2, "SJC-1");
    add_zone(n, 87729, 3, "RIC-1");
}

/* ---- Finding -------------------------------------------------------------------------------- */

struct neph_zone *neph_zone(const struct neph *n, int64_t id)
{
    for (size_t i = 0; i < n->zones.n; i++)
        if (n->zones.at[i].id == id)
            return &n->zones.at[i];
    return NULL;
}

struct neph_image *neph_image(const struct neph *n, int64_t id)
{
    for (size_t i = 0; i < n->images.n; i++)
        if (n->images.at[i].id == id)
            return &n->images.at[i];
    return NULL;
}

struct neph_type *neph_type(const struct neph *n, int64_t id)
{
    for (size_t i = 0; i < n->types.n; i++)
        if (n->types.at[i].id == id)
            return &n->types.at[i];
    return NULL;
}

/* ---- Records -----------------------------------------------------------------------------------
 */

void neph_image_record(struct sim_text *t, const struct neph_image *image)
{
    neph_open(t, NULL, '{');
    neph_int(t, "id", image->id);
    neph_str(t, "friendly_name", image->name);
    neph_str(t, "architecture", image->architecture);
    neph_str(t, "base_type", image->base_type);
    neph_str(t, "deployable_type", image->deployable);
    neph_bool(t, "is_active", image->active);
    neph_bool(t, "is_default", false);
    neph_int(t, "max_cpu", 16);
    neph_int(t, "max_memory", 128);
    neph_str(t, "create_time", "2012-08-01 12:00:00");
    neph_uri(t, "/image/server/", image->id);
    neph_close(t, '}');
}

void neph_zone_record(struct sim_text *t, const struct neph_zone *zone, bool whole)
{
    neph_open(t, NULL, '{');
    neph_int(t, "id", zone->id);
    neph_str(t, "name", zone->name);
    neph_uri(t, "/datacenter/zone/", zone->id);
    if (whole) {
        char *code = sim_strndup(zone->name, strcspn(zone->name, "-"));
        neph_open(t, "datacenter", '{');
        neph_int(t, "id", zone->datacenter);
        neph_str(t, "name", zone->name);
        neph_str(t, "airport_code", code);
        neph_uri(t, "/datacenter/", zone->datacenter);
        neph_close(t, '}');
        free(code);
        if (zone->activated >= 0)
            neph_bool(t, "activated", zone->activated);
    }
    neph_close(t, '}');
}

void neph_type_record(struct sim_text *t, const struct neph_type *type, bool whole)
{
    char *name = sim_fmt("%s - %s", type->sku, type->description);
    neph_open(t, NULL, '{');
    neph_int(t, "id", type->id);
    neph_str(t, "friendly_name", name);
    neph_open(t, "sku", '{');
    neph_str(t, "name", type->sku);
    neph_str(t, "description", type->description);
    neph_close(t, '}');
    if (whole) {
        neph_int(t, "ram", type->ram);
        neph_int(t, "storage", type->storage);
        neph_int(t, "vcpus", type->vcpus);
    }
    neph_int(t, "billable_type", type->billable);
    neph_uri(t, type->billable == NEPH_CLOUD ? "/server/type/cloud/" : "/server/type/dedicated/",
             type->id);
    neph_close(t, '}');
    free(name);
}

/* ---- Handlers
 * ------------------------------------------------------------------------------------ */

void neph_images(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    (void)s;
    if (!neph_enter(n, q, r))
        return;
    neph_begin(r);
    for (size_t i = 0; i < n->images.n; i++)
        neph_image_record(&r->body, &n->images.at[i]);
    neph_end(n, r, n->images.n);
}

void neph_image_one(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    (void)s;
    if (!neph_enter(n, q, r))
        return;
    const struct neph_image *image = neph_image(n, neph_number(q->seg[0]));
    if (!image) {
        neph_fail(n, r, 404, "resource not found");
        return;
    }
    neph_begin(r);
    neph_image_record(&r->body, image);
    neph_end_single(n, r);
}

void neph_zones(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    (void)s;
    if (!neph_enter(n, q, r))
        return;
    neph_begin(r);
    for (size_t i = 0; i < n->zones.n; i++)
        neph_zone_record(&r->body, &n->zones.at[i], true);
    neph_end(n, r, n->zones.n);
}

static int billable_of(const struct sim_request *q)
{
    return !strcmp(q->seg[0], "cloud")       ? NEPH_CLOUD
           : !strcmp(q->seg[0], "dedicated") ? NEPH_DEDICATED
                                             : 0;
}

static int by_ram(const void *a, const void *b)
{
    const struct neph_type *const *x = a, *const *y = b;
    return (*x)->ram < (*y)->ram ? -1 : (*x)->ram > (*y)->ram;
}

void neph_types(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    const char *sort = sim_param(q, "sort");
    size_t count = 0;
    (void)s;
    if (!neph_enter(n, q, r))
        return;
    if (!billable_of(q)) {
        neph_fail(n, r, 404, "resource not found");
        return;
    }
    struct neph_type **some = sim_alloc((n->types.n + 1) * sizeof *some);
    for (size_t i = 0; i < n->types.n; i++)
        if (n->types.at[i].billable == billable_of(q))
            some[count++] = &n->types.at[i];
    if (sort && !strcmp(sort, "ram"))
        qsort(some, count, sizeof *some, by_ram);
    neph_begin(r);
    for (size_t i = 0; i < count; i++)
        neph_type_record(&r->body, some[i], true);
    neph_end(n, r, count);
    free(some);
}

void neph_type_one(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    (void)s;
    if (!neph_enter(n, q, r))
        return;
    const struct neph_type *type = neph_type(n, neph_number(q->seg[1]));
    if (!type || type->billable != billable_of(q)) {
        neph_fail(n, r, 404, "resource not found");
        return;
    }
    neph_begin(r);
    neph_type_record(&r->body, type, true);
    neph_end_single(n, r);
}
