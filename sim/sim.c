/* One simulator: its settings, clock and seed, and how a request passes faults and routes. */
#include "sim_int.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "mem.h"

int64_t sim_wall_ms(const struct sim *s)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + s->settings.clock_offset_ms;
}

int64_t sim_life_ms(const struct sim *s)
{
    return sim_wall_ms(s) + s->advanced_ms;
}

uint64_t sim_random(struct sim *s)
{
    /* splitmix64 */
    uint64_t z = s->random += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

void sim_random_hex(struct sim *s, char *buf, size_t n)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < n; i++) {
        if (i % 16 == 0)
            bits = sim_random(s);
        buf[i] = "0123456789abcdef"[bits & 15];
        bits >>= 4;
    }
    buf[n] = 0;
}

void sim_reply_header(struct sim_reply *r, const char *name, const char *value)
{
    if (r->n_headers < SIM_MAX_REPLY_HEADERS) {
        r->headers[r->n_headers].name = name;
        snprintf(r->headers[r->n_headers++].value, sizeof r->headers->value, "%s", value);
    }
}

bool sim_set(struct sim *s, const char *name, const char *value, struct sim_text *error)
{
    const struct sim_provider *p = s->provider;
    if (sim_settings_set(sim_base_settings, sim_n_base_settings, &s->settings, name, value) ||
        sim_settings_set(p->settings, p->n_settings, s->own, name, value))
        return true;
    sim_text_fmt(error, "there is no setting \"%s\" that can be \"%s\"", name, value);
    return false;
}

static bool seed_settings(struct sim *s, struct json_object *settings, struct sim_text *error)
{
    if (json_object_is_type(settings, json_type_object)) {
        json_object_object_foreach(settings, name, value)
        {
            if (!sim_set(s, name, json_object_get_string(value), error))
                return false;
        }
    }
    return true;
}

bool sim_seed(struct sim *s, struct json_object *seed, struct sim_text *error)
{
    if (!json_object_is_type(seed, json_type_object)) {
        SIM_LIT(error, "a seed is a JSON object");
        return false;
    }
    return seed_settings(s, sim_json_get(seed, "settings"), error) &&
           s->provider->seed(s->state, seed, error);
}

bool sim_reset(struct sim *s, struct sim_text *error)
{
    if (s->state)
        s->provider->free(s->state);
    s->faults.n = 0;
    s->advanced_ms = 0;
    sim_log_clear(&s->log);
    s->state = s->provider->create(s, s->own);
    return !s->seed || sim_seed(s, s->seed, error);
}

static const struct sim_route *route(const struct sim *s, struct sim_request *q, bool *path_known)
{
    for (size_t i = 0; i < s->provider->n_routes; i++) {
        const struct sim_route *r = &s->provider->routes[i];
        if (!sim_route_match(r->path, q))
            continue;
        *path_known = true;
        if (!*r->method || !strcmp(r->method, q->method))
            return r;
    }
    return NULL;
}

/* Replaces whatever there is by what the fault says. */
static void fault_reply(struct sim *s, const struct sim_request *q, struct sim_reply *r,
                        const struct sim_fault *f)
{
    sim_text_clear(&r->body);
    r->n_headers = 0;
    r->status = f->status;
    if (f->kind == SIM_FAULT_ERROR) {
        s->provider->error(s, q, r, f->status, f->code, f->message);
    } else if (f->kind == SIM_FAULT_HTML) {
        r->type = "text/html";
        sim_text_fmt(&r->body,
                     "<html>\r\n<head><title>%u Error</title></head>\r\n<body bgcolor=\"white\">"
                     "<center><h1>%u Error</h1></center><hr></body>\r\n</html>\r\n",
                     f->status, f->status);
    }
}

void sim_serve(struct sim *s, struct sim_request *q, struct sim_reply *r, struct sim_trouble *t)
{
    bool path_known = false;
    const struct sim_route *to = route(s, q, &path_known);
    q->action = to && to->action ? to->action : s->provider->action(q);
    t->delay_ms = s->settings.latency_ms;
    sim_faults_take(&s->faults, q->action, t);
    bool replaced =
        t->kind == SIM_FAULT_ERROR || t->kind == SIM_FAULT_HTML || t->kind == SIM_FAULT_EMPTY;
    if (t->kind != SIM_FAULT_RESET_BEFORE && (!replaced || t->fault.carried_out)) {
        r->status = 200;
        if (to) {
            to->run(s, s->state, q, r);
        } else {
            r->status = path_known ? 405 : 404;
            r->type = "text/plain";
            sim_text_fmt(&r->body, "%s\n", path_known ? "Method Not Allowed" : "Not Found");
        }
    }
    if (replaced)
        fault_reply(s, q, r, &t->fault);
    char *line = sim_log_line(q, r, t, sim_wall_ms(s), ++s->requests);
    if (s->verbose)
        fprintf(stderr, "%s\n", line);
    sim_log_add(&s->log, s->settings.log_size > 0 ? (size_t)s->settings.log_size : 0, line);
}
