/* Replies: JSON, errors with the status of their code, and what was asked for. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "joyent.h"

/* What is not here is 400. */
static const struct {
    const char *code;
    unsigned status;
} statuses[] = {
    {"InvalidCredentials", 401},
    {"NotAuthorized", 403},
    {"Forbidden", 403},
    {"QuotaExceeded", 403},
    {"ResourceNotFound", 404},
    {"BadMethod", 405},
    {"WrongAccept", 406},
    {"InvalidArgument", 409},
    {"MissingParameter", 409},
    {"InvalidState", 409},
    {"InUseError", 409},
    {"ValidationFailed", 409},
    {"CannotDestroyMachineError", 409},
    {"VolumeInUse", 409},
    {"ResourceGone", 410},
    {"PreconditionFailed", 412},
    {"RequestTooLarge", 413},
    {"RequestThrottled", 429},
    {"TooManyRequestsError", 429},
    {"InternalError", 500},
    {"InternalServerError", 500},
    {"InsufficientCapacity", 503},
    {"ServiceUnavailable", 503},
};

static unsigned status_of(const char *code)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (!strcmp(statuses[i].code, code))
            return statuses[i].status;
    return 400;
}

void joy_error(struct sim_reply *r, unsigned status, const char *code, const char *message)
{
    sim_text_clear(&r->body);
    r->status = status ? status : status_of(code);
    r->type = "application/json";
    snprintf(r->code, sizeof r->code, "%s", code);
    SIM_LIT(&r->body, "{\"code\":");
    sim_text_json(&r->body, code);
    SIM_LIT(&r->body, ",\"message\":");
    sim_text_json(&r->body, message);
    SIM_LIT(&r->body, "}");
}

bool joy_fail(struct joy_call *c, const char *code, const char *format, ...)
{
    char message[1024];
    va_list ap;
    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    joy_error(c->r, 0, code, message);
    return false;
}

void joy_json(struct joy_call *c, unsigned status, struct json_object *json)
{
    size_t len;
    const char *text = json_object_to_json_string_length(
        json, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);
    c->r->status = status;
    c->r->type = "application/json";
    sim_text_clear(&c->r->body);
    sim_text_add(&c->r->body, text, len);
    json_object_put(json);
}

void joy_empty(struct joy_call *c, unsigned status)
{
    sim_text_clear(&c->r->body);
    c->r->status = status;
}

/* ---- What was asked for ------------------------------------------------------------------------
 */

struct json_object *joy_member(const struct joy_call *c, const char *name)
{
    return sim_json_get(c->body, name);
}

const char *joy_param(const struct joy_call *c, const char *name)
{
    struct json_object *member = joy_member(c, name);
    return member ? json_object_get_string(member) : sim_param(c->q, name);
}

bool joy_is_true(const struct joy_call *c, const char *name)
{
    const char *text = joy_param(c, name);
    return text && strcmp(text, "false") != 0 && strcmp(text, "0") != 0;
}

/* ---- What is answered ---------------------------------------------------------------------------
 */

void joy_put(struct json_object *o, const char *name, const char *text)
{
    if (text)
        json_object_object_add(o, name, json_object_new_string(text));
}

void joy_put_int(struct json_object *o, const char *name, int64_t n)
{
    json_object_object_add(o, name, json_object_new_int64(n));
}

void joy_put_bool(struct json_object *o, const char *name, bool yes)
{
    json_object_object_add(o, name, json_object_new_boolean(yes));
}

void joy_put_time(struct json_object *o, const char *name, int64_t ms)
{
    char text[32];
    sim_iso_time(text, sizeof text, ms);
    joy_put(o, name, text);
}

void joy_uuid(struct sim *s, char *buf)
{
    char hex[33];
    sim_random_hex(s, hex, 32);
    snprintf(buf, JOY_UUID, "%.8s-%.4s-4%.3s-a%.3s-%.12s", hex, hex + 8, hex + 13, hex + 17,
             hex + 20);
}

bool joy_is_uuid(const char *text)
{
    size_t i;
    for (i = 0; text && text[i]; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    return i == JOY_UUID - 1;
}

bool joy_same(const char *a, const char *b)
{
    return a && b && !strcmp(a, b);
}
