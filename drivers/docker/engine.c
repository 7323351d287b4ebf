/* The engine itself: check, raw requests, and the one location. */
#include <string.h>
#include <strings.h>

#include "docker.h"

static const struct nube_field_row info_rows[] = {
    {"Name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"ServerVersion", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "version"},
    {"OperatingSystem", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "distribution"},
    {"OSType", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "os"},
    {"Architecture", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "architecture"},
    {"KernelVersion", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "kernel"},
    {"NCPU", NUBE_FIELD_NONE, NUBE_TYPE_INT, "cpus"},
    {"MemTotal", NUBE_FIELD_NONE, NUBE_TYPE_INT, "memory"},
    {"Driver", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "storage"},
    {"Containers", NUBE_FIELD_NONE, NUBE_TYPE_INT, "containers"},
    {"ContainersRunning", NUBE_FIELD_NONE, NUBE_TYPE_INT, "containers_running"},
    {"ContainersPaused", NUBE_FIELD_NONE, NUBE_TYPE_INT, "containers_paused"},
    {"ContainersStopped", NUBE_FIELD_NONE, NUBE_TYPE_INT, "containers_stopped"},
    {"Images", NUBE_FIELD_NONE, NUBE_TYPE_INT, "images"},
};

static enum nube_step get(nube_call *c, const char *path)
{
    nube_req_path(nube_req_new(c, NUBE_GET, DOCKER_ENGINE), path);
    return NUBE_SEND;
}

enum nube_step docker_check(nube_call *c, const nube_reply *r)
{
    if (!r)
        return get(c, "version");
    if (!nube_doc_str(nube_reply_doc(r), "ApiVersion"))
        return nube_fail(c, NUBE_E_PROTOCOL, "what answers is not a Docker engine: no ApiVersion");
    return NUBE_DONE;
}

enum nube_step docker_location_list(nube_call *c, const nube_reply *r)
{
    const nube_doc *info;
    const char *id;
    nube_obj *o;

    if (!r)
        return get(c, "info");
    info = nube_reply_doc(r);
    /* Podman's service makes up an ID with every reply */
    id = nube_reply_header(r, "Libpod-Api-Version") ? NULL : nube_doc_str(info, "ID");
    o = nube_emit(c, NUBE_KIND_LOCATION);
    nube_set(o, NUBE_ID, id && *id ? id : nube_doc_str(info, "Name"));
    nube_set(o, NUBE_LOCATION_KIND, "host");
    nube_set_fields(o, info, info_rows, DOCKER_ROWS(info_rows));
    return NUBE_DONE;
}

/* ---- raw ------------------------------------------------------------------------ */

static size_t raw_sink(nube_call *c, const char *data, size_t len, int eof)
{
    (void)eof;
    if (len)
        nube_out_data(c, NUBE_STDOUT, data, len);
    return len;
}

static enum nube_method raw_method(nube_call *c)
{
    static const struct {
        const char *name;
        enum nube_method method;
    } methods[] = {{"GET", NUBE_GET},
                   {"HEAD", NUBE_HEAD},
                   {"POST", NUBE_POST},
                   {"PUT", NUBE_PUT},
                   {"DELETE", NUBE_DELETE}};
    const char *name = nube_arg_str(c, "method");
    size_t i;

    for (i = 0; name && i < DOCKER_ROWS(methods); i++)
        if (strcmp(name, methods[i].name) == 0)
            return methods[i].method;
    return NUBE_GET;
}

/* Segment by segment, so that what is in one cannot become another path; an empty one fails the
 * call. */
static void raw_path(nube_call *c, nube_req *q, const char *path)
{
    size_t n;

    for (path += *path == '/'; *path; path += n + (path[n] == '/')) {
        n = strcspn(path, "/");
        nube_req_seg(q, nube_fmt(c, "%.*s", (int)n, path));
    }
}

static void raw_headers(nube_call *c, nube_req *q, const char **type)
{
    size_t i, n = nube_arg_count(c, "header");
    const char *key, *value;

    for (i = 0; i < n; i++) {
        if (!nube_arg_pair(c, "header", i, &key, &value))
            continue;
        if (strcasecmp(key, "Content-Type") == 0)
            *type = value;
        else
            nube_req_header_secret(q, key, value);
    }
}

enum nube_step docker_raw(nube_call *c, const nube_reply *r)
{
    const char *path = nube_arg_str(c, "path"), *key, *value, *type = "application/json";
    size_t i, len = 0, n = nube_arg_count(c, "query");
    const void *body = nube_arg_data(c, "body", &len);
    nube_req *q;

    if (r)
        return NUBE_DONE;
    if (strchr(path, '?'))
        return nube_fail(c, NUBE_E_USAGE, "path %s: give what follows the question mark as query",
                         path);
    q = nube_req_new(c, raw_method(c), DOCKER_ENGINE);
    raw_path(c, q, path);
    for (i = 0; i < n; i++)
        if (nube_arg_pair(c, "query", i, &key, &value))
            nube_req_query(q, key, value);
    raw_headers(c, q, &type);
    if (body)
        nube_req_body(q, type, body, len);
    nube_req_sink(q, raw_sink);
    return NUBE_SEND;
}
