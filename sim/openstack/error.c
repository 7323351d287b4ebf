/* Errors in the form of each service, and what a fault asks for. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../sim_int.h"
#include "openstack.h"

static const struct {
    unsigned status;
    const char *nova, *title, *neutron;
} names[] = {
    {400, "badRequest", "Bad Request", "HTTPBadRequest"},
    {401, "unauthorized", "Unauthorized", "HTTPUnauthorized"},
    {403, "forbidden", "Forbidden", "PolicyNotAuthorized"},
    {404, "itemNotFound", "Not Found", "HTTPNotFound"},
    {405, "badMethod", "Method Not Allowed", "HTTPMethodNotAllowed"},
    {406, "computeFault", "Not Acceptable", "HTTPNotAcceptable"},
    {409, "conflictingRequest", "Conflict", "Conflict"},
    {413, "overLimit", "Request Entity Too Large", "OverQuota"},
    {415, "badMediaType", "Unsupported Media Type", "HTTPUnsupportedMediaType"},
    {429, "overLimit", "Too Many Requests", "HTTPTooManyRequests"},
    {500, "computeFault", "Internal Server Error", "HTTPInternalServerError"},
    {501, "notImplemented", "Not Implemented", "HTTPNotImplemented"},
    {503, "serviceUnavailable", "Service Unavailable", "ServiceUnavailable"},
};
enum { N_NAMES = sizeof names / sizeof *names, INTERNAL = 10 };

static size_t row(unsigned status)
{
    for (size_t i = 0; i < N_NAMES; i++)
        if (names[i].status == status)
            return i;
    return INTERNAL;
}

void os_retry_after(struct os_cloud *cloud, struct sim_reply *r)
{
    if (*cloud->settings->retry_after)
        sim_reply_header(r, "Retry-After", cloud->settings->retry_after);
}

/* Nova's: one key. Rackspace's identity has the same. */
static void put_keyed(struct os_cloud *cloud, struct sim_reply *r, unsigned status,
                      const char *name, const char *message)
{
    struct sim_text *out = &r->body;
    bool limit = !strcmp(name, "overLimit");
    sim_put_object(out, NULL);
    sim_put_object(out, name);
    sim_put_int(out, "code", status);
    sim_put_str(out, "message", message);
    if (limit && cloud->rackspace) {
        sim_put_str(out, "details", "Error Details...");
        sim_put_time(out, "retryAt", sim_wall_ms(cloud->sim) + 1000);
    } else if (limit && *cloud->settings->retry_after) {
        sim_put_str(out, "retryAfter", cloud->settings->retry_after);
    }
    SIM_LIT(out, "}}");
}

/* Keystone's, and that of the middleware which checks tokens. */
static void put_titled(struct sim_reply *r, unsigned status, const char *title, const char *message)
{
    struct sim_text *out = &r->body;
    sim_put_object(out, NULL);
    sim_put_object(out, "error");
    sim_put_int(out, "code", status);
    sim_put_str(out, "message", message);
    sim_put_str(out, "title", title);
    SIM_LIT(out, "}}");
}

/* WebOb's, in the form that the client accepts: HTML unless it says JSON. */
static void put_webob(const struct sim_request *q, struct sim_reply *r, unsigned status,
                      const char *title, const char *message)
{
    const char *accept = sim_header(q, "Accept");
    if (accept && strstr(accept, "json")) {
        struct sim_text text = {0};
        sim_text_fmt(&text, "%s<br /><br />\n\n\n", message);
        sim_put_object(&r->body, NULL);
        sim_put_str(&r->body, "message", text.data);
        sim_text_free(&text);
        sim_put_name(&r->body, "code");
        sim_text_fmt(&r->body, "\"%u %s\"", status, title);
        sim_put_str(&r->body, "title", title);
        sim_put_end(&r->body, '}');
    } else if (accept) {
        r->type = "text/html; charset=UTF-8";
        sim_text_fmt(&r->body,
                     "<html>\n <head>\n  <title>%u %s</title>\n </head>\n <body>\n  <h1>%u "
                     "%s</h1>\n  ",
                     status, title, status, title);
        sim_text_xml(&r->body, message);
        SIM_LIT(&r->body, "<br /><br />\n\n\n\n </body>\n</html>");
    } else {
        r->type = "text/plain; charset=UTF-8";
        sim_text_fmt(&r->body, "%u %s\n\n%s\n\n\n\n", status, title, message);
    }
}

static void put_neutron(struct sim_reply *r, const char *type, const char *message)
{
    struct sim_text *out = &r->body;
    sim_put_object(out, NULL);
    sim_put_object(out, "NeutronError");
    sim_put_str(out, "type", type);
    sim_put_str(out, "message", message);
    sim_put_str(out, "detail", "");
    SIM_LIT(out, "}}");
}

static void put(struct os_cloud *cloud, const struct sim_request *q, struct sim_reply *r,
                enum os_service service, unsigned status, const char *name, const char *message)
{
    size_t i = row(status);
    sim_text_clear(&r->body);
    r->type = "application/json";
    r->status = status;
    snprintf(r->code, sizeof r->code, "%s", name ? name : names[i].nova);
    if (service == OS_IMAGES)
        put_webob(q, r, status, names[i].title, message);
    else if (service == OS_NETWORKS)
        put_neutron(r, name ? name : names[i].neutron, message);
    else if (service == OS_COMPUTE || cloud->rackspace || cloud->hp)
        put_keyed(cloud, r, status, name ? name : names[i].nova, message);
    else
        put_titled(r, status, names[i].title, message);
}

__attribute__((format(printf, 4, 0))) static bool
fail(struct os_call *c, unsigned status, const char *name, const char *format, va_list ap)
{
    char message[4096];
    vsnprintf(message, sizeof message, format, ap);
    put(c->cloud, c->q, c->r, c->where.service, status, name, message);
    return false;
}

bool os_fail(struct os_call *c, unsigned status, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    fail(c, status, NULL, format, ap);
    va_end(ap);
    return false;
}

bool os_fail_as(struct os_call *c, unsigned status, const char *name, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    fail(c, status, name, format, ap);
    va_end(ap);
    return false;
}

void os_unauthorized(struct os_call *c, const char *why, ...)
{
    static const char message[] = "The request you have made requires authentication.";
    char header[200];
    va_list ap;
    va_start(ap, why);
    sim_text_clear(&c->r->why);
    char line[512];
    vsnprintf(line, sizeof line, why, ap);
    sim_text_puts(&c->r->why, line);
    va_end(ap);
    sim_text_clear(c->out);
    c->r->status = 401;
    snprintf(c->r->code, sizeof c->r->code, "unauthorized");
    if (c->cloud->hp)
        SIM_LIT(c->out, "{\"unauthorized\": {\"code\": 401, \"message\": \"UNAUTHORIZED\", "
                        "\"details\": \"Invalid credentials\", \"otherAttributes\": {}}}");
    else if (c->cloud->rackspace)
        put_keyed(c->cloud, c->r, 401, "unauthorized",
                  c->where.service == OS_IDENTITY ? "Unable to authenticate user with credentials "
                                                    "provided."
                                                  : "No valid token provided. Please use the "
                                                    "'X-Auth-Token' header with a valid token.");
    else if (c->where.service == OS_IMAGES)
        put_webob(c->q, c->r, 401, "Unauthorized",
                  "This server could not verify that you are authorized to access the document "
                  "you requested.");
    else
        put_titled(c->r, 401, "Unauthorized", message);
    snprintf(header, sizeof header, "Keystone uri=\"%s/v3\"", c->root);
    sim_reply_header(c->r, "WWW-Authenticate", header);
}

void os_no_such_path(struct os_call *c)
{
    static const char message[] = "The resource could not be found.";
    c->r->status = 404;
    sim_text_clear(c->out);
    snprintf(c->r->code, sizeof c->r->code, "Not Found");
    if (c->where.service == OS_IDENTITY) {
        c->r->type = "text/html; charset=utf-8";
        SIM_LIT(c->out, "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not "
                        "Found</h1>\n<p>The requested URL was not found on the server.</p>\n");
    } else {
        put_webob(c->q, c->r, 404, "Not Found", message);
    }
}

void os_fail_plain(struct os_call *c, unsigned status, const char *message)
{
    sim_text_clear(c->out);
    c->r->status = status;
    put_webob(c->q, c->r, status, names[row(status)].title, message);
}

void os_error(struct sim *s, const struct sim_request *q, struct sim_reply *r, unsigned status,
              const char *code, const char *message)
{
    struct os_cloud *cloud = s->state;
    struct os_where w;
    os_locate(q->path, &w);
    for (size_t i = 0; !status && i < N_NAMES; i++)
        if (!strcmp(names[i].nova, code) || !strcmp(names[i].neutron, code))
            status = names[i].status;
    if (!status)
        status = 400;
    if (!*message)
        message = status == 413 || status == 429 ? "This request was rate-limited."
                                                 : "The simulator was told to fail.";
    if (status == 413 || status == 429 || status == 503)
        os_retry_after(cloud, r);
    if (status == 401 && w.service != OS_IMAGES && !cloud->rackspace) {
        r->status = status;
        r->type = "application/json";
        put_titled(r, 401, "Unauthorized", "The request you have made requires authentication.");
        return;
    }
    put(cloud, q, r, w.service, status, *code ? code : NULL, message);
}
