/* The catalogue: what services there are, and where, in the two forms of Keystone. */
#include <stdio.h>
#include <string.h>

#include "openstack.h"

static const struct service {
    const char *type, *name, *path; /* path after http://host/REGION; %s is the project */
    enum dress { STOCK, RACKSPACE, HP } dress;
    const char *version; /* versionId, where there is one */
} services[] = {
    {"identity", "keystone", NULL, STOCK, NULL},
    {"compute", "nova", "compute/v2.1", STOCK, NULL},
    {"compute_legacy", "nova_legacy", "compute/v2/%s", STOCK, NULL},
    {"image", "glance", "image", STOCK, NULL},
    {"network", "neutron", "network", STOCK, NULL},
    {"compute", "cloudServersOpenStack", "compute/v2/%s", RACKSPACE, "2"},
    {"compute", "cloudServersPreprod", "compute/v9/%s", RACKSPACE, "9"},
    {"image", "cloudImages", "image/v2", RACKSPACE, NULL},
    {"network", "cloudNetworks", "network/v2.0", RACKSPACE, NULL},
    {"identity", "Identity", NULL, HP, "2.0"},
    {"compute", "Compute", "compute/v2/%s", HP, "2"},
    {"image", "Image Management", "image", HP, "1.0"},
    {"network", "Networking", "network", HP, "2.0"},
};
enum { N_SERVICES = sizeof services / sizeof *services };

static enum dress dress_of(const struct os_cloud *cloud)
{
    return cloud->rackspace ? RACKSPACE : cloud->hp ? HP : STOCK;
}

static void url(const struct os_call *c, const struct service *s, const struct os_region *region,
                const char *project, char *buf, size_t size)
{
    char path[64];
    if (!s->path) {
        snprintf(buf, size, "%s/v3", c->root);
        return;
    }
    size_t fixed = strcspn(s->path, "%");
    snprintf(path, sizeof path, "%.*s%s", (int)fixed, s->path, s->path[fixed] ? project : "");
    snprintf(buf, size, "%s/%s/%s", c->root, region->name, path);
}

/* The same id for the same thing, every time. */
static void stable_id(char id[33], const char *a, const char *b, const char *d)
{
    uint64_t h[2] = {14695981039346656037u, 1099511628211u};
    for (int i = 0; i < 2; i++)
        for (const char *const *w = (const char *const[]){a, b, d, NULL}; *w; w++)
            for (const char *p = *w; *p; p++)
                h[i] = (h[i] ^ (unsigned char)*p) * 1099511628211u;
    snprintf(id, 33, "%016llx%016llx", (unsigned long long)h[0], (unsigned long long)h[1]);
}

static void put_v3_endpoint(struct os_call *c, const struct service *s,
                            const struct os_region *region, const char *project,
                            const char *interface)
{
    char buf[320], id[33];
    url(c, s, region, project, buf, sizeof buf);
    stable_id(id, s->name, region->name, interface);
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "id", id);
    sim_put_str(c->out, "interface", interface);
    sim_put_str(c->out, "region_id", region->name);
    sim_put_str(c->out, "url", buf);
    sim_put_str(c->out, "region", region->name);
    sim_put_end(c->out, '}');
}

void os_catalog_v3(struct os_call *c, const struct os_project *project)
{
    static const char *const interfaces[] = {"public", "internal", "admin"};
    const struct os_cloud *cloud = c->cloud;
    char id[33];
    sim_put_array(c->out, "catalog");
    for (size_t i = 0; i < N_SERVICES; i++) {
        const struct service *s = &services[i];
        if (s->dress != dress_of(cloud))
            continue;
        stable_id(id, s->name, s->type, "");
        sim_put_object(c->out, NULL);
        sim_put_array(c->out, "endpoints");
        for (size_t k = 0; k < cloud->n_regions; k++)
            for (size_t n = 0; n < 3; n++)
                put_v3_endpoint(c, s, cloud->regions[k], project ? project->id : "", interfaces[n]);
        sim_put_end(c->out, ']');
        sim_put_str(c->out, "id", id);
        sim_put_str(c->out, "type", s->type);
        sim_put_str(c->out, "name", s->name);
        sim_put_end(c->out, '}');
    }
    sim_put_end(c->out, ']');
}

/* HP escaped its slashes. */
static void put_url(struct os_call *c, const char *name, const char *text)
{
    if (!c->cloud->hp) {
        sim_put_str(c->out, name, text);
        return;
    }
    sim_put_name(c->out, name);
    sim_text_putc(c->out, '"');
    for (; *text; text++) {
        sim_text_puts(c->out, *text == '/' ? "\\" : "");
        sim_text_putc(c->out, *text);
    }
    sim_text_putc(c->out, '"');
}

static void put_v2_endpoint(struct os_call *c, const struct service *s,
                            const struct os_region *region, const char *project)
{
    char buf[320];
    if (s->path)
        url(c, s, region, project, buf, sizeof buf);
    else
        snprintf(buf, sizeof buf, "%s/v2.0", c->root);
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "region", region->name);
    put_url(c, "publicURL", buf);
    if (dress_of(c->cloud) != STOCK) {
        sim_put_str(c->out, "tenantId", project);
        if (s->version) {
            sim_put_str(c->out, "versionId", s->version);
            sim_put_name(c->out, "versionList");
            sim_text_fmt(c->out, "\"%s/%s/compute/\"", c->root, region->name);
        }
    } else {
        sim_put_str(c->out, "internalURL", buf);
        sim_put_str(c->out, "adminURL", buf);
        sim_put_str(c->out, "id", project);
    }
    sim_put_end(c->out, '}');
}

/* The first generation's, without a region: it is another simulator. */
static void put_first_generation(struct os_call *c, const char *project)
{
    sim_put_object(c->out, NULL);
    SIM_LIT(c->out, "\"endpoints\": [{\"tenantId\": ");
    sim_text_json(c->out, project);
    sim_put_str(c->out, "versionId", "1.0");
    sim_put_name(c->out, "publicURL");
    sim_text_fmt(c->out, "\"%s/servers/v1.0/%s\"}]", c->root, project);
    sim_put_str(c->out, "name", "cloudServers");
    sim_put_str(c->out, "type", "compute");
    sim_put_end(c->out, '}');
}

/* Accounts of the United Kingdom have London alone, those of the United States the others. */
static bool offered(const struct os_cloud *cloud, const struct os_region *region)
{
    const char *market = cloud->settings->market;
    bool london = !strcmp(region->name, "LON");
    return !cloud->rackspace ||
           (strcmp(market, "uk") ? !london || strcmp(market, "us") != 0 : london);
}

void os_catalog_v2(struct os_call *c, const struct os_project *project)
{
    const struct os_cloud *cloud = c->cloud;
    sim_put_array(c->out, "serviceCatalog");
    for (size_t i = 0; project && i < N_SERVICES; i++) {
        const struct service *s = &services[i];
        if (s->dress != dress_of(cloud))
            continue;
        sim_put_object(c->out, NULL);
        sim_put_array(c->out, "endpoints");
        for (size_t k = 0; k < cloud->n_regions; k++)
            if (offered(cloud, cloud->regions[k]))
                put_v2_endpoint(c, s, cloud->regions[k], project->id);
        sim_put_end(c->out, ']');
        if (dress_of(cloud) == STOCK)
            SIM_LIT(c->out, ", \"endpoints_links\": []");
        sim_put_str(c->out, "name", s->name);
        sim_put_str(c->out, "type", s->type);
        sim_put_end(c->out, '}');
    }
    if (project && cloud->rackspace)
        put_first_generation(c, project->id);
    sim_put_end(c->out, ']');
}
