/* From a path to a function: the region, the service, its version, and a row of its table. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "openstack.h"

enum { MAX_NOVA_BODY = 114688 };

static const char *const services[] = {"identity", "compute", "image", "network"};

/* The next segment, after its slash; *p is left behind it. */
static const char *segment(const char **p, size_t *len)
{
    const char *start = **p == '/' ? *p + 1 : *p;
    *len = strcspn(start, "/");
    *p = start + *len;
    return start;
}

static bool is_version(const char *s, size_t len)
{
    return len >= 2 && s[0] == 'v' && s[1] >= '0' && s[1] <= '9';
}

/* Projects are 32 hex digits; tenants of Rackspace are a number. */
static bool is_project(const char *s, size_t len)
{
    return (len == 32 && strspn(s, "0123456789abcdef") == len) ||
           (len >= 4 && strspn(s, "0123456789") == len);
}

void os_locate(const char *path, struct os_where *w)
{
    const char *p = path, *before = path;
    size_t len;
    *w = (struct os_where){.service = OS_IDENTITY, .version = "", .project = "", .rest = path};
    const char *s = segment(&p, &len);
    if (len == 8 && !memcmp(s, services[OS_IDENTITY], len)) {
        before = p;
        s = segment(&p, &len);
    } else if (len && !is_version(s, len)) {
        w->region = s;
        w->region_len = len;
        w->service = OS_NOWHERE;
        s = segment(&p, &len);
        for (int i = OS_COMPUTE; i <= OS_NETWORKS; i++)
            if (strlen(services[i]) == len && !memcmp(services[i], s, len))
                w->service = (enum os_service)i;
        before = p;
        s = segment(&p, &len);
    }
    if (is_version(s, len)) {
        w->version = s;
        w->version_len = len;
        before = p;
        s = segment(&p, &len);
        if (w->service == OS_COMPUTE && is_project(s, len)) {
            w->project = s;
            w->project_len = len;
            before = p;
        }
    }
    w->rest = before;
}

/* Whether a row is of this version of its service. */
static bool is_of(const struct os_route *row, const struct os_where *w)
{
    if (w->service != OS_IDENTITY)
        return w->version_len > 0 || (row->action && !strncmp(row->action, "versions", 8));
    /* identity's rows begin with their version */
    return true;
}

const struct os_route *os_route(const struct os_where *w, struct sim_request *q, bool *path_known)
{
    const char *method = !strcmp(q->method, "HEAD") ? "GET" : q->method;
    *path_known = false;
    if (w->service == OS_NOWHERE)
        return NULL;
    const struct os_table *table = &os_tables[w->service];
    for (size_t i = 0; i < table->n; i++) {
        const struct os_route *row = &table->rows[i];
        if (!is_of(row, w) || !sim_route_match(row->path, q))
            continue;
        *path_known = true;
        if (!strcmp(row->method, method))
            return row;
    }
    return NULL;
}

/* The path that the service's table is written for. */
static const char *table_path(const struct os_where *w)
{
    if (w->service == OS_IDENTITY)
        return w->version_len ? w->version - 1 : w->rest;
    return w->rest;
}

/* Rows that are asked for without a version answer the documents of versions. */
static bool is_root(const struct os_where *w)
{
    return !w->version_len && (!*w->rest || !strcmp(w->rest, "/"));
}

static void (*const roots[])(struct os_call *) = {os_identity_root, os_compute_root, os_glance_root,
                                                  os_neutron_root};

const char *os_action_name(const struct sim_request *q)
{
    struct os_where w;
    struct sim_request copy = *q;
    bool known;
    os_locate(q->path, &w);
    if (w.service != OS_NOWHERE && is_root(&w))
        return "versions";
    copy.path = table_path(&w);
    const struct os_route *row = os_route(&w, &copy, &known);
    if (row && !row->action)
        return os_server_action(q->body);
    return row ? row->action : "unknown";
}

static void set_urls(struct os_call *c)
{
    const struct os_where *w = &c->where;
    const char *host = sim_header(c->q, "Host");
    if (host)
        snprintf(c->root, sizeof c->root, "%s://%s", c->q->tls ? "https" : "http", host);
    else
        snprintf(c->root, sizeof c->root, "%s", c->cloud->sim->url);
    if (w->service != OS_IDENTITY && w->service != OS_NOWHERE && c->region)
        snprintf(c->base, sizeof c->base, "%s/%s/%s/%.*s%s%.*s", c->root, c->region->name,
                 services[w->service], (int)w->version_len, w->version, w->project_len ? "/" : "",
                 (int)w->project_len, w->project);
    else
        snprintf(c->base, sizeof c->base, "%s/%.*s", c->root, (int)w->version_len, w->version);
}

static void add_headers(struct os_call *c)
{
    char version[48];
    bool compute = c->where.service == OS_COMPUTE;
    sim_reply_header(c->r, compute ? "X-Openstack-Request-Id" : "x-openstack-request-id",
                     c->request);
    if (compute)
        sim_reply_header(c->r, "X-Compute-Request-Id", c->request);
    if (compute && c->cloud->rackspace)
        sim_reply_header(c->r, "Via", "1.1 Repose (Repose/7.3)");
    if (!c->micro_set)
        return;
    snprintf(version, sizeof version, "compute 2.%d", c->micro);
    sim_reply_header(c->r, "OpenStack-API-Version", version);
    sim_reply_header(c->r, "X-OpenStack-Nova-API-Version", version + 8);
    sim_reply_header(c->r, "Vary", "OpenStack-API-Version");
    sim_reply_header(c->r, "Vary", "X-OpenStack-Nova-API-Version");
}

/* One bucket for all: what a proxy before the cloud would have. */
static bool throttled(struct os_call *c)
{
    struct os_cloud *cloud = c->cloud;
    int64_t rate = c->set->throttle_rate, most = c->set->throttle_burst * 1000;
    if (rate <= 0)
        return false;
    int64_t wall = sim_wall_ms(cloud->sim);
    cloud->bucket = cloud->bucket_at ? cloud->bucket + (wall - cloud->bucket_at) * rate : most;
    cloud->bucket = cloud->bucket > most ? most : cloud->bucket;
    cloud->bucket_at = wall;
    if (cloud->bucket >= 1000) {
        cloud->bucket -= 1000;
        return false;
    }
    os_retry_after(cloud, c->r);
    os_fail(c, (unsigned)c->set->throttle_status,
            cloud->rackspace ? "OverLimit Retry..." : "This request was rate-limited.");
    return true;
}

/* False: the body is not what the service takes, and that is answered. */
static bool read_body(struct os_call *c)
{
    const char *type = sim_header(c->q, "Content-Type");
    struct sim_text why = {0};
    bool json = !type || strstr(type, "json");
    if (!c->q->body_len)
        return true;
    if (c->where.service == OS_COMPUTE && c->q->body_len > MAX_NOVA_BODY) {
        os_fail_plain(c, 413, "Request is too large.");
        return false;
    }
    if (!json && c->where.service == OS_IDENTITY)
        return os_fail(c, 400,
                       "Expecting to find application/json in Content-Type header. The "
                       "server could not comply with the request since it is either "
                       "malformed or otherwise incorrect. The client is assumed to be in "
                       "error.");
    if (!json)
        return os_fail(c, 415, "Unsupported Content-Type");
    c->json = sim_json_parse(c->q->body, c->q->body_len, &why);
    sim_text_puts(&c->r->why, why.len ? why.data : "");
    sim_text_free(&why);
    if (json_object_is_type(c->json, json_type_object) ||
        json_object_is_type(c->json, json_type_array))
        return true;
    return os_fail(
        c, 400, "%s",
        c->where.service == OS_IDENTITY
            ? "Expecting to find valid JSON in request body. The server could not comply "
              "with the request since it is either malformed or otherwise incorrect. The "
              "client is assumed to be in error."
            : "Malformed request body");
}

static bool version_offered(const struct os_call *c)
{
    const struct os_where *w = &c->where;
    if (!w->version_len)
        return true; /* no row will have it */
    if (w->service == OS_IDENTITY)
        return w->version[1] == '3' ? c->set->identity_v3 : c->set->identity_v2;
    if (w->service == OS_COMPUTE && (c->cloud->rackspace || c->cloud->hp))
        return !strncmp(w->version, "v2/", 3);
    return w->version[1] == '2' || !strncmp(w->version, "v1.1", 4);
}

/* The project of the path must be the token's. */
static bool own_project(struct os_call *c)
{
    const struct os_where *w = &c->where;
    if (!w->project_len || !c->token ||
        (c->project && strlen(c->project->id) == w->project_len &&
         !memcmp(c->project->id, w->project, w->project_len)))
        return true;
    return os_fail(c, 400, "Malformed request url");
}

static void call(struct os_call *c, const struct os_route *row)
{
    unsigned flags = row->flags;
    if (!(flags & OS_PUBLIC) && !os_authenticate(c, flags & OS_ANY))
        return;
    if (c->where.service == OS_COMPUTE && !strncmp(c->where.version, "v2.1", 4) &&
        !os_microversion(c))
        return;
    if (!own_project(c))
        return;
    if ((row->from && c->micro < row->from) || (row->until && c->micro > row->until)) {
        os_fail(c, 404, "The resource could not be found.");
        return;
    }
    if ((flags & OS_ADMIN) && !c->admin) {
        os_fail(c, 403, "Policy doesn't allow %s to be performed.", row->action);
        return;
    }
    if ((flags & OS_RAW) || read_body(c))
        row->run(c);
}

static void dispatch(struct os_call *c)
{
    struct sim_request *q = c->q;
    bool known = false;
    if (c->where.service == OS_NOWHERE || (c->where.region && !c->region)) {
        os_no_such_path(c);
    } else if (is_root(&c->where)) {
        roots[c->where.service](c);
    } else if (c->where.service == OS_COMPUTE && !c->where.version_len) {
        os_compute_choices(c);
    } else if (!version_offered(c)) {
        if (c->where.service == OS_IMAGES)
            os_glance_root(c); /* 300, for whatever version there is not */
        else
            os_no_such_path(c);
    } else if (!throttled(c)) {
        q->path = table_path(&c->where);
        const struct os_route *row = os_route(&c->where, q, &known);
        if (row && (row->flags & (c->cloud->rackspace ? OS_STOCK : OS_RAX)))
            row = NULL;
        if (row)
            call(c, row);
        else
            os_no_such_path(c);
    }
}

void os_serve(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct os_cloud *cloud = state;
    const char *path = q->path;
    struct os_call c = {.cloud = cloud,
                        .q = q,
                        .r = r,
                        .out = &r->body,
                        .set = cloud->settings,
                        .now = sim_life_ms(s),
                        .micro = 1};
    r->type = "application/json";
    os_locate(path, &c.where);
    c.region = c.where.region ? os_region_find(cloud, c.where.region, c.where.region_len)
                              : cloud->regions[0];
    snprintf(c.request, sizeof c.request, "req-");
    os_uuid(cloud, c.request + 4);
    snprintf(r->id, sizeof r->id, "%s", c.request);
    set_urls(&c);
    if (c.region)
        os_settle(c.region, c.now);
    dispatch(&c);
    q->path = path;
    add_headers(&c);
    if (c.set->cached_203 && r->status == 200 && !strcmp(q->method, "GET"))
        r->status = 203;
    json_object_put(c.json);
}
