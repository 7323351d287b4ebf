/* NephoScale's envelope, in the forms that its clients know, and members of JSON objects. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../mem.h"
#include "nephoscale.h"

/* ---- Members ------------------------------------------------------------------------------ */

/* A comma, but for the first of an object or array. */
static void name_it(struct sim_text *t, const char *name)
{
    if (t->len && !strchr("{[", t->data[t->len - 1]))
        SIM_LIT(t, ", ");
    if (name) {
        sim_text_json(t, name);
        SIM_LIT(t, ": ");
    }
}

void neph_open(struct sim_text *t, const char *name, char bracket)
{
    name_it(t, name);
    sim_text_putc(t, bracket);
}

void neph_close(struct sim_text *t, char bracket)
{
    sim_text_putc(t, bracket);
}

void neph_str(struct sim_text *t, const char *name, const char *value)
{
    name_it(t, name);
    sim_text_json(t, value);
}

void neph_int(struct sim_text *t, const char *name, int64_t value)
{
    name_it(t, name);
    sim_text_int(t, value);
}

void neph_bool(struct sim_text *t, const char *name, bool value)
{
    name_it(t, name);
    sim_text_puts(t, value ? "true" : "false");
}

void neph_time(struct sim_text *t, const char *name, int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    char text[32] = "";
    struct tm tm;
    if (gmtime_r(&seconds, &tm))
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
    neph_str(t, name, text);
}

void neph_uri(struct sim_text *t, const char *path, int64_t id)
{
    char *text = sim_fmt("https://api.nephoscale.com%s%lld/", path, (long long)id);
    neph_str(t, "uri", text);
    free(text);
}

int64_t neph_number(const char *text)
{
    char *end;
    if (!text || *text < '0' || *text > '9' || strlen(text) > 18)
        return -1;
    long long n = strtoll(text, &end, 10);
    return *end ? -1 : n;
}

/* ---- The envelope ---------------------------------------------------------------------------- */

static void finish(struct sim_reply *r, bool success, unsigned response, int subcode,
                   const char *message)
{
    struct sim_text *t = &r->body;
    neph_bool(t, "success", success);
    neph_int(t, "subcode", subcode);
    neph_int(t, "response", response);
    neph_str(t, "message", message);
    neph_close(t, '}');
    r->type = "application/json";
}

static const char done[] = "Your request was processed successfully.";

void neph_fail(const struct neph *n, struct sim_reply *r, unsigned status, const char *format, ...)
{
    char message[256];
    va_list ap;
    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    sim_text_clear(&r->body);
    r->status = n->settings->errors_in_200 && status != 401 ? 200 : status;
    snprintf(r->code, sizeof r->code, "%u", status);
    neph_open(&r->body, NULL, '{');
    neph_open(&r->body, "data", '[');
    neph_close(&r->body, ']');
    finish(r, false, status, 1, message);
}

void neph_begin(struct sim_reply *r)
{
    neph_open(&r->body, NULL, '{');
    neph_open(&r->body, "data", '[');
}

void neph_end(const struct neph *n, struct sim_reply *r, size_t count)
{
    if (!count && n->settings->omit_empty) {
        sim_text_clear(&r->body);
        neph_open(&r->body, NULL, '{');
    } else {
        neph_close(&r->body, ']');
    }
    neph_int(&r->body, "total_count", (int64_t)count);
    finish(r, true, 200, 0, done);
}

void neph_end_single(const struct neph *n, struct sim_reply *r)
{
    static const char list[] = "{\"data\": [";
    if (!n->settings->single_object) {
        neph_end(n, r, 1);
        return;
    }
    struct sim_text all = r->body;
    r->body = (struct sim_text){0};
    SIM_LIT(&r->body, "{\"data\": ");
    sim_text_puts(&r->body, all.data + strlen(list));
    sim_text_free(&all);
    finish(r, true, 200, 0, done);
}

void neph_job(struct neph *n, struct sim_reply *r, int64_t done_ms, bool failed)
{
    SIM_PUSH(n->jobs.at, n->jobs.n, n->jobs.size);
    struct neph_job *job = &n->jobs.at[n->jobs.n++];
    *job = (struct neph_job){n->next_job++, done_ms, failed};
    neph_open(&r->body, NULL, '{');
    neph_open(&r->body, "data", '{');
    neph_int(&r->body, "id", job->id);
    neph_str(&r->body, "resource_type", "/job");
    neph_uri(&r->body, "/job/", job->id);
    neph_close(&r->body, '}');
    r->status = 202;
    finish(r, true, 202, 0, done);
}

void neph_created(const struct neph *n, struct sim_reply *r, int64_t id)
{
    (void)n;
    neph_open(&r->body, NULL, '{');
    neph_open(&r->body, "data", '{');
    neph_int(&r->body, "id", id);
    neph_close(&r->body, '}');
    r->status = 201;
    finish(r, true, 201, 0, done);
}

/* ---- Who calls ----------------------------------------------------------------------------------
 */

static bool is_user(const struct neph *n, const struct sim_request *q, struct sim_reply *r)
{
    const char *header = sim_header(q, "Authorization");
    struct sim_text want = {0}, both = {0};
    sim_text_fmt(&both, "%s:%s", n->settings->username, n->settings->password);
    SIM_LIT(&want, "Basic ");
    sim_text_base64(&want, both.data, both.len);
    bool same = header && !strcmp(header, want.data);
    if (!same)
        sim_text_fmt(&r->why, header ? "neither user nor password may be wrong"
                                     : "there is no Authorization header");
    snprintf(r->who, sizeof r->who, "%s", same ? n->settings->username : "");
    sim_text_free(&want);
    sim_text_free(&both);
    return same;
}

bool neph_enter(struct neph *n, const struct sim_request *q, struct sim_reply *r)
{
    if (!is_user(n, q, r)) {
        neph_fail(n, r, 401, "Authentication failed.");
        return false;
    }
    neph_settle(n);
    return true;
}
