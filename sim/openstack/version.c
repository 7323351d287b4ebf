/* Versions: the documents of each service, and Nova's microversions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "openstack.h"

int os_minor(const char *version)
{
    return !strncmp(version, "2.", 2) ? (int)strtol(version + 2, NULL, 10) : 1;
}

/* "compute 2.61" among the services of the header. */
static const char *wanted(const struct os_call *c)
{
    const char *header = sim_header(c->q, "OpenStack-API-Version");
    const char *at = header ? strstr(header, "compute ") : NULL;
    return at ? at + 8 : sim_header(c->q, "X-OpenStack-Nova-API-Version");
}

static bool well_formed(const char *v, size_t len)
{
    size_t major = strspn(v, "0123456789");
    return major && v[major] == '.' && strspn(v + major + 1, "0123456789") == len - major - 1 &&
           len > major + 1;
}

bool os_microversion(struct os_call *c)
{
    const char *v = wanted(c), *most = c->set->compute_max, *least = c->set->compute_min;
    char text[64];
    c->micro = os_minor(least);
    if (v) {
        snprintf(text, sizeof text, "%.*s", (int)strcspn(v, ", "), v);
        if (!strcmp(text, "latest"))
            snprintf(text, sizeof text, "%s", most);
        if (!well_formed(text, strlen(text)))
            return os_fail(c, 400,
                           "API Version String %s is of invalid format. Must be of format "
                           "MajorNum.MinorNum.",
                           text);
        c->micro = os_minor(text);
        if (strncmp(text, "2.", 2) != 0 || c->micro > os_minor(most) || c->micro < os_minor(least))
            return os_fail(c, 406,
                           "Version %s is not supported by the API. Minimum is %s and maximum is "
                           "%s.",
                           text, least, most);
    }
    c->micro_set = true;
    return true;
}

static void put_links(struct sim_text *out, const char *root, const char *path)
{
    sim_put_array(out, "links");
    sim_put_object(out, NULL);
    sim_put_str(out, "rel", "self");
    sim_put_name(out, "href");
    sim_text_fmt(out, "\"%s%s/\"}]", root, path);
}

/* http://host/REGION/SERVICE, before the version. */
static void service_root(const struct os_call *c, char *buf, size_t size)
{
    static const char *const words[] = {"identity", "compute", "image", "network", ""};
    if (c->where.service == OS_IDENTITY)
        snprintf(buf, size, "%s", c->root);
    else
        snprintf(buf, size, "%s/%s/%s", c->root, c->region->name, words[c->where.service]);
}

static void put_version(struct os_call *c, const char *name, const char *id, const char *status,
                        const char *path)
{
    char root[300];
    service_root(c, root, sizeof root);
    sim_put_object(c->out, name);
    sim_put_str(c->out, "id", id);
    sim_put_str(c->out, "status", status);
    sim_put_str(c->out, "updated", "2020-04-07T00:00:00Z");
    put_links(c->out, root, path);
}

static void put_media(struct sim_text *out, const char *type)
{
    sim_put_array(out, "media-types");
    sim_put_object(out, NULL);
    sim_put_str(out, "base", "application/json");
    sim_put_name(out, "type");
    sim_text_fmt(out, "\"application/vnd.openstack.%s+json\"}]}", type);
}

static void put_v3(struct os_call *c, const char *name)
{
    put_version(c, name, "v3.14", "stable", "/v3");
    put_media(c->out, "identity-v3");
}

static void put_v2(struct os_call *c, const char *name)
{
    put_version(c, name, "v2.0", c->set->identity_v3 ? "deprecated" : "stable", "/v2.0");
    put_media(c->out, "identity-v2.0");
}

void os_identity_root(struct os_call *c)
{
    char location[300];
    c->r->status = 300;
    snprintf(location, sizeof location, "%s/v3/", c->root);
    sim_reply_header(c->r, "Location", location);
    SIM_LIT(c->out, "{\"versions\": {\"values\": [");
    if (c->set->identity_v3)
        put_v3(c, NULL);
    if (c->set->identity_v2)
        put_v2(c, NULL);
    SIM_LIT(c->out, "]}}");
}

void os_identity_version(struct os_call *c)
{
    sim_put_object(c->out, NULL);
    if (c->where.version[1] == '3')
        put_v3(c, "version");
    else
        put_v2(c, "version");
    sim_put_end(c->out, '}');
}

static void put_compute(struct os_call *c, const char *name, bool micro)
{
    put_version(c, name, micro ? "v2.1" : "v2.0", micro ? "CURRENT" : "SUPPORTED",
                micro ? "/v2.1" : "/v2");
    sim_put_str(c->out, "version", micro ? c->set->compute_max : "");
    sim_put_str(c->out, "min_version", micro ? c->set->compute_min : "");
    sim_put_end(c->out, '}');
}

void os_compute_root(struct os_call *c)
{
    SIM_LIT(c->out, "{\"versions\": [");
    put_compute(c, NULL, false);
    if (!c->cloud->rackspace)
        put_compute(c, NULL, true);
    SIM_LIT(c->out, "]}");
}

/* A bookmark, which names no version: where it would be in each. */
void os_compute_choices(struct os_call *c)
{
    c->r->status = 300;
    SIM_LIT(c->out, "{\"choices\": [{\"id\": ");
    sim_text_json(c->out, c->cloud->rackspace ? "v2" : "v2.1");
    SIM_LIT(c->out, ", \"status\": \"CURRENT\", \"media-types\": [{\"base\": "
                    "\"application/json\", \"type\": "
                    "\"application/vnd.openstack.compute+json;version=2.1\"}], \"links\": "
                    "[{\"rel\": \"self\", \"href\": ");
    struct sim_text url = {0};
    sim_text_fmt(&url, "%s/%s/compute/%s%s", c->root, c->region->name,
                 c->cloud->rackspace ? "v2" : "v2.1", c->where.rest);
    sim_text_json(c->out, url.data);
    sim_text_free(&url);
    SIM_LIT(c->out, "}]}]}");
}

void os_compute_version(struct os_call *c)
{
    sim_put_object(c->out, NULL);
    put_compute(c, "version", c->micro_set);
    sim_put_end(c->out, '}');
}

void os_glance_root(struct os_call *c)
{
    static const char *const ids[] = {"v2.15", "v2.9", "v2.7", "v2.6", "v2.5",
                                      "v2.4",  "v2.3", "v2.2", "v2.1", "v2.0"};
    c->r->status = 300;
    SIM_LIT(c->out, "{\"versions\": [");
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        put_version(c, NULL, ids[i], i ? "SUPPORTED" : "CURRENT", "/v2");
        sim_put_end(c->out, '}');
    }
    SIM_LIT(c->out, "]}");
}

void os_neutron_root(struct os_call *c)
{
    SIM_LIT(c->out, "{\"versions\": [");
    put_version(c, NULL, "v2.0", "CURRENT", "/v2.0");
    SIM_LIT(c->out, "}]}");
}

/* Neutron tells here what it can be asked for. */
void os_neutron_version(struct os_call *c)
{
    static const char *const names[] = {"networks",    "subnets",         "ports",
                                        "floatingips", "security-groups", "security-group-rules",
                                        "routers"};
    SIM_LIT(c->out, "{\"resources\": [");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        sim_put_object(c->out, NULL);
        sim_put_str(c->out, "name", names[i]);
        sim_put_str(c->out, "collection", names[i]);
        sim_put_end(c->out, '}');
    }
    SIM_LIT(c->out, "]}");
}
