/* The log of requests: the last ones, as JSON objects, for tests that ask what was sent. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "sim_int.h"

static void drop_first(struct sim_log *log)
{
    free(log->at[log->first]);
    log->first = (log->first + 1) % log->size;
    log->n--;
}

/* Makes room for `limit` entries, oldest first. */
static void resize(struct sim_log *log, size_t limit)
{
    while (log->n > limit)
        drop_first(log);
    char **at = sim_alloc(limit * sizeof *at);
    for (size_t i = 0; i < log->n; i++)
        at[i] = log->at[(log->first + i) % log->size];
    free(log->at);
    log->at = at;
    log->first = 0;
    log->size = limit;
}

void sim_log_add(struct sim_log *log, size_t limit, char *json)
{
    log->total++;
    if (!limit) {
        free(json);
        return;
    }
    if (limit != log->size)
        resize(log, limit);
    if (log->n == log->size)
        drop_first(log);
    log->at[(log->first + log->n++) % log->size] = json;
}

void sim_log_clear(struct sim_log *log)
{
    while (log->n)
        drop_first(log);
}

void sim_log_json(const struct sim_log *log, const char *action, struct sim_text *json)
{
    bool some = false;
    struct sim_text wanted = {0};
    if (action) {
        SIM_LIT(&wanted, "{\"action\": ");
        sim_text_json(&wanted, action);
    }
    sim_text_putc(json, '[');
    for (size_t i = 0; i < log->n; i++) {
        const char *line = log->at[(log->first + i) % log->size];
        if (action && strncmp(line, wanted.data, wanted.len))
            continue;
        sim_text_puts(json, some ? ",\n" : "\n");
        sim_text_puts(json, line);
        some = true;
    }
    SIM_LIT(json, "\n]\n");
    sim_text_free(&wanted);
}

static void put_member(struct sim_text *json, const char *name, const char *value)
{
    sim_text_fmt(json, ", \"%s\": ", name);
    sim_text_json(json, value);
}

static void put_pairs(struct sim_text *json, const char *name, const struct sim_pair *at, size_t n)
{
    sim_text_fmt(json, ", \"%s\": {", name);
    for (size_t i = 0; i < n; i++) {
        sim_text_puts(json, i ? ", " : "");
        sim_text_json(json, at[i].name);
        SIM_LIT(json, ": ");
        sim_text_json(json, at[i].value);
    }
    sim_text_putc(json, '}');
}

char *sim_log_line(const struct sim_request *q, const struct sim_reply *r,
                   const struct sim_trouble *t, int64_t wall_ms, uint64_t number)
{
    struct sim_text json = {0};
    char when[32];
    sim_iso_time(when, sizeof when, wall_ms);
    /* The action comes first and once: sim_log_json() looks for it. */
    SIM_LIT(&json, "{\"action\": ");
    sim_text_json(&json, q->action);
    sim_text_fmt(&json, ", \"number\": %llu, \"time\": \"%s\", \"connection\": %u",
                 (unsigned long long)number, when, q->connection);
    put_member(&json, "method", q->method);
    put_member(&json, "path", q->path);
    put_pairs(&json, "params", q->params, q->n_params);
    put_pairs(&json, "headers", q->headers, q->n_headers);
    sim_text_fmt(&json, ", \"status\": %u, \"octets\": %zu, \"delay_ms\": %lld", r->status,
                 r->body.len, (long long)t->delay_ms);
    put_member(&json, "code", *r->code ? r->code : NULL);
    put_member(&json, "request_id", *r->id ? r->id : NULL);
    put_member(&json, "who", *r->who ? r->who : NULL);
    put_member(&json, "why", r->why.len ? r->why.data : NULL);
    put_member(&json, "fault", t->kind ? sim_fault_name(t->kind) : NULL);
    sim_text_putc(&json, '}');
    return sim_text_take(&json);
}
