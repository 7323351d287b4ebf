/* Faults that were asked for: what happens to the next requests of an action. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "mem.h"
#include "sim_int.h"

static const char *const kinds[] = {"none",     "latency",      "error",       "html", "empty",
                                    "truncate", "reset-before", "reset-after", "close"};

const char *sim_fault_name(enum sim_fault_kind kind)
{
    return kinds[kind];
}

static bool copy(char *into, size_t size, const char *text)
{
    return snprintf(into, size, "%s", text ? text : "") < (int)size;
}

static bool refuse(struct sim_text *error, const char *what)
{
    sim_text_fmt(error, "%s", what);
    return false;
}

static bool read_kind(struct sim_fault *f, const char *word, struct sim_text *error)
{
    if (!word)
        return refuse(error, "a fault needs a kind");
    for (size_t i = 1; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i], word))
            f->kind = (enum sim_fault_kind)i;
    if (f->kind)
        return true;
    sim_text_fmt(error, "there is no fault \"%s\"; there are", word);
    for (size_t i = 1; i < sizeof kinds / sizeof *kinds; i++)
        sim_text_fmt(error, " %s", kinds[i]);
    return false;
}

bool sim_faults_add(struct sim_faults *faults, struct json_object *json, struct sim_text *error)
{
    struct sim_fault f = {0};
    const char *unknown =
        sim_json_unknown(json, "action kind skip count ms status code message carried_out");
    if (!json_object_is_type(json, json_type_object))
        return refuse(error, "a fault is an object");
    if (unknown) {
        sim_text_fmt(error, "a fault has no \"%s\"", unknown);
        return false;
    }
    if (!read_kind(&f, sim_json_text(json, "kind"), error))
        return false;
    const char *action = sim_json_text(json, "action");
    f.skip = sim_json_int(json, "skip", 0);
    f.count = sim_json_int(json, "count", 1);
    f.delay_ms = sim_json_int(json, "ms", 0);
    f.carried_out = sim_json_bool(json, "carried_out", false);
    int64_t status = sim_json_int(json, "status", f.kind == SIM_FAULT_ERROR ? 0 : 503);
    if (status && (status < 200 || status > 599))
        return refuse(error, "a fault's status is from 200 to 599");
    f.status = (unsigned)status;
    if (!copy(f.action, sizeof f.action, action ? action : "*") ||
        !copy(f.code, sizeof f.code, sim_json_text(json, "code")) ||
        !copy(f.message, sizeof f.message, sim_json_text(json, "message")))
        return refuse(error, "a fault's action, code or message is too long");
    if (f.kind == SIM_FAULT_ERROR && !*f.code && !f.status)
        return refuse(error, "an error needs a code or a status");
    SIM_PUSH(faults->at, faults->n, faults->size);
    faults->at[faults->n++] = f;
    return true;
}

/* A request meets every latency that matches it, and the first fault of another kind. */
void sim_faults_take(struct sim_faults *faults, const char *action, struct sim_trouble *t)
{
    size_t kept = 0;
    for (size_t i = 0; i < faults->n; i++) {
        struct sim_fault f = faults->at[i];
        bool latency = f.kind == SIM_FAULT_LATENCY;
        if (sim_glob(f.action, action) && (latency || !t->kind)) {
            if (f.skip) {
                f.skip--;
            } else {
                f.count--;
                t->delay_ms += f.delay_ms;
                if (!latency) {
                    t->kind = f.kind;
                    t->fault = f;
                }
            }
        }
        if (f.count > 0)
            faults->at[kept++] = f;
    }
    faults->n = kept;
}

void sim_faults_json(const struct sim_faults *faults, struct sim_text *json)
{
    sim_text_putc(json, '[');
    for (size_t i = 0; i < faults->n; i++) {
        const struct sim_fault *f = &faults->at[i];
        sim_text_fmt(json, "%s{\"action\": ", i ? ", " : "");
        sim_text_json(json, f->action);
        sim_text_fmt(json, ", \"kind\": \"%s\", \"skip\": %lld, \"count\": %lld, \"ms\": %lld",
                     kinds[f->kind], (long long)f->skip, (long long)f->count,
                     (long long)f->delay_ms);
        sim_text_fmt(json, ", \"status\": %u, \"code\": ", f->status);
        sim_text_json(json, f->code);
        SIM_LIT(json, "}");
    }
    sim_text_putc(json, ']');
}
