/* Replies in JSON or in XML from the same calls, and faults in both. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../jsonout.h"
#include "../sim_int.h"
#include "first.h"

#define NAMESPACE   " xmlns=\"http://docs.rackspacecloud.com/servers/api/v1.0\""
#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"

static void xml_open(struct fg_call *c, const char *name)
{
    if (!c->begun)
        SIM_LIT(c->out, DECLARATION);
    sim_text_putc(c->out, '<');
    sim_text_puts(c->out, name);
    if (!c->begun)
        SIM_LIT(c->out, NAMESPACE);
}

void fg_begin(struct fg_call *c, const char *name)
{
    if (c->xml) {
        xml_open(c, name);
    } else {
        if (!c->begun)
            sim_text_putc(c->out, '{');
        sim_put_object(c->out, name);
    }
    c->begun = true;
}

void fg_item(struct fg_call *c, const char *name)
{
    if (c->xml)
        xml_open(c, name);
    else
        sim_put_object(c->out, NULL);
}

void fg_str(struct fg_call *c, const char *name, const char *value)
{
    if (!c->xml) {
        sim_put_str(c->out, name, value);
        return;
    }
    sim_text_putc(c->out, ' ');
    sim_text_puts(c->out, name);
    SIM_LIT(c->out, "=\"");
    sim_text_xml(c->out, value);
    sim_text_putc(c->out, '"');
}

void fg_int(struct fg_call *c, const char *name, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    if (c->xml)
        fg_str(c, name, text);
    else
        sim_put_raw(c->out, name, text);
}

void fg_bool(struct fg_call *c, const char *name, bool value)
{
    if (c->xml)
        fg_str(c, name, value ? "true" : "false");
    else
        sim_put_bool(c->out, name, value);
}

void fg_time(struct fg_call *c, const char *name, int64_t ms)
{
    char when[24];
    sim_seconds_time(when, ms);
    strncat(when, "Z", sizeof when - 1 - strlen(when));
    fg_str(c, name, when);
}

void fg_children(struct fg_call *c)
{
    if (c->xml)
        sim_text_putc(c->out, '>');
}

void fg_end(struct fg_call *c, const char *name, bool children)
{
    if (!c->xml)
        sim_put_end(c->out, '}');
    else if (children)
        sim_text_fmt(c->out, "</%s>", name);
    else
        SIM_LIT(c->out, "/>");
}

void fg_list(struct fg_call *c, const char *name)
{
    if (c->xml) {
        xml_open(c, name);
        sim_text_putc(c->out, '>');
    } else {
        if (!c->begun)
            sim_text_putc(c->out, '{');
        sim_put_array(c->out, name);
    }
    c->begun = true;
}

void fg_list_end(struct fg_call *c, const char *name)
{
    if (c->xml)
        sim_text_fmt(c->out, "</%s>", name);
    else
        sim_put_end(c->out, ']');
}

void fg_finish(struct fg_call *c)
{
    if (!c->xml)
        sim_put_end(c->out, '}');
}

bool fg_wants_xml(const struct sim_request *q)
{
    size_t len = strlen(q->path);
    const char *accept = sim_header(q, "Accept");
    if (len > 4 && !strcmp(q->path + len - 4, ".xml"))
        return true;
    if (len > 5 && !strcmp(q->path + len - 5, ".json"))
        return false;
    const char *xml = accept ? strstr(accept, "application/xml") : NULL;
    const char *json = accept ? strstr(accept, "application/json") : NULL;
    return xml && (!json || xml < json);
}

static const struct {
    unsigned status;
    const char *name;
} names[] = {{400, "badRequest"},
             {401, "unauthorized"},
             {403, "resizeNotAllowed"},
             {404, "itemNotFound"},
             {405, "badMethod"},
             {409, "buildInProgress"},
             {413, "overLimit"},
             {415, "badMediaType"},
             {501, "notImplemented"},
             {503, "serviceUnavailable"},
             {503, "serverCapacityUnavailable"},
             {409, "backupOrResizeInProgress"},
             {500, "cloudServersFault"}};
enum { N_NAMES = sizeof names / sizeof *names };

static void put_retry(struct fg_cloud *cloud, struct sim_reply *r)
{
    char seconds[24];
    snprintf(seconds, sizeof seconds, "%lld", (long long)cloud->settings->retry_after_s);
    if (*cloud->settings->retry_header)
        sim_reply_header(r, cloud->settings->retry_header, seconds);
}

static void put_fault(struct fg_cloud *cloud, struct sim_reply *r, bool xml, unsigned status,
                      const char *name, const char *message)
{
    struct sim_text *out = &r->body;
    char when[20] = "";
    bool limit = !strcmp(name, "overLimit");
    if (limit)
        sim_seconds_time(when, sim_wall_ms(cloud->sim) + cloud->settings->retry_after_s * 1000);
    sim_text_clear(out);
    r->status = status;
    r->type = xml ? "application/xml" : "application/json";
    snprintf(r->code, sizeof r->code, "%s", name);
    if (xml) {
        sim_text_fmt(out, DECLARATION "<%s" NAMESPACE " code=\"%u\"", name, status);
        if (limit)
            sim_text_fmt(out, " retryAfter=\"%sZ\"", when);
        SIM_LIT(out, "><message>");
        sim_text_xml(out, message);
        sim_text_fmt(out, "</message><details>Error Details...</details></%s>", name);
        return;
    }
    sim_put_object(out, NULL);
    sim_put_object(out, name);
    sim_put_int(out, "code", status);
    sim_put_str(out, "message", message);
    sim_put_str(out, "details", "Error Details...");
    if (limit)
        sim_text_fmt(out, ", \"retryAfter\": \"%sZ\"", when);
    SIM_LIT(out, "}}");
}

bool fg_fail(struct fg_call *c, unsigned status, const char *name, const char *format, ...)
{
    char message[1024];
    va_list ap;
    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    if (status == 413 || status == 503)
        put_retry(c->cloud, c->r);
    put_fault(c->cloud, c->r, c->xml, status, name, message);
    return false;
}

void fg_error(struct sim *s, const struct sim_request *q, struct sim_reply *r, unsigned status,
              const char *code, const char *message)
{
    for (size_t i = 0; i < N_NAMES; i++) {
        if (!status && !strcmp(names[i].name, code))
            status = names[i].status;
        if (!*code && names[i].status == status)
            code = names[i].name;
    }
    if (!*code)
        code = "cloudServersFault";
    if (!status)
        status = 500;
    if (status == 413 || status == 503)
        put_retry(s->state, r);
    put_fault(s->state, r, fg_wants_xml(q), status, code,
              *message        ? message
              : status == 413 ? "OverLimit Retry..."
                              : "The simulator was told to fail.");
}
