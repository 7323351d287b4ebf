/* The control endpoint: faults, settings, seeds, the clock, the log of requests, the end. */
#include <json-c/json.h>
#include <string.h>

#include "sim_int.h"

static void fail(struct sim_reply *r, unsigned status, const char *message)
{
    r->status = status;
    sim_text_clear(&r->body);
    SIM_LIT(&r->body, "{\"error\": ");
    sim_text_json(&r->body, message);
    SIM_LIT(&r->body, "}\n");
}

static void status(struct sim *s, struct sim_request *q, struct sim_reply *r,
                   struct json_object *json)
{
    (void)q, (void)json;
    SIM_LIT(&r->body, "{\"provider\": ");
    sim_text_json(&r->body, s->provider->name);
    SIM_LIT(&r->body, ", \"url\": ");
    sim_text_json(&r->body, s->url);
    sim_text_fmt(&r->body, ", \"requests\": %llu, \"faults\": %zu, ",
                 (unsigned long long)s->requests, s->faults.n);
    s->provider->status(s->state, &r->body);
    SIM_LIT(&r->body, "}\n");
}

static void faults(struct sim *s, struct sim_request *q, struct sim_reply *r,
                   struct json_object *json)
{
    struct sim_text error = {0};
    if (!strcmp(q->method, "DELETE"))
        s->faults.n = 0;
    size_t n = json_object_is_type(json, json_type_array) ? json_object_array_length(json) : 1;
    size_t before = s->faults.n;
    bool ok = true;
    for (size_t i = 0; json && i < n && ok; i++)
        ok = sim_faults_add(
            &s->faults,
            json_object_is_type(json, json_type_array) ? json_object_array_get_idx(json, i) : json,
            &error);
    if (ok) {
        sim_faults_json(&s->faults, &r->body);
        sim_text_putc(&r->body, '\n');
    } else {
        s->faults.n = before;
        fail(r, 400, error.data);
    }
    sim_text_free(&error);
}

static void requests(struct sim *s, struct sim_request *q, struct sim_reply *r,
                     struct json_object *json)
{
    (void)json;
    if (!strcmp(q->method, "DELETE"))
        sim_log_clear(&s->log);
    sim_log_json(&s->log, sim_param(q, "action"), &r->body);
}

static void settings(struct sim *s, struct sim_request *q, struct sim_reply *r,
                     struct json_object *json)
{
    struct sim_text error = {0};
    bool some = false;
    (void)q;
    if (json_object_is_type(json, json_type_object)) {
        json_object_object_foreach(json, name, value)
        {
            if (!error.len)
                sim_set(s, name, json_object_get_string(value), &error);
        }
    }
    sim_text_putc(&r->body, '{');
    sim_settings_json(sim_base_settings, sim_n_base_settings, &s->settings, &r->body, &some);
    sim_settings_json(s->provider->settings, s->provider->n_settings, s->own, &r->body, &some);
    SIM_LIT(&r->body, "}\n");
    if (error.len)
        fail(r, 400, error.data);
    sim_text_free(&error);
}

static void seed(struct sim *s, struct sim_request *q, struct sim_reply *r,
                 struct json_object *json)
{
    struct sim_text error = {0};
    if (!json)
        fail(r, 400, "a seed is a JSON object");
    else if (sim_seed(s, json, &error))
        status(s, q, r, json);
    else
        fail(r, 400, error.data);
    sim_text_free(&error);
}

static void reset(struct sim *s, struct sim_request *q, struct sim_reply *r,
                  struct json_object *json)
{
    struct sim_text error = {0};
    if (sim_reset(s, &error))
        status(s, q, r, json);
    else
        fail(r, 500, error.data);
    sim_text_free(&error);
}

static void clock_forward(struct sim *s, struct sim_request *q, struct sim_reply *r,
                          struct json_object *json)
{
    (void)q;
    char now[32];
    s->advanced_ms += sim_json_int(json, "advance_ms", 0);
    sim_iso_time(now, sizeof now, sim_life_ms(s));
    sim_text_fmt(&r->body, "{\"now\": \"%s\", \"advanced_ms\": %lld}\n", now,
                 (long long)s->advanced_ms);
}

static void stop(struct sim *s, struct sim_request *q, struct sim_reply *r,
                 struct json_object *json)
{
    (void)q, (void)json;
    s->stop = true;
    SIM_LIT(&r->body, "{}\n");
}

static const struct {
    const char *path, *methods;
    void (*run)(struct sim *s, struct sim_request *q, struct sim_reply *r,
                struct json_object *json);
} table[] = {
    {"", "GET", status},
    {"faults", "GET POST DELETE", faults},
    {"requests", "GET DELETE", requests},
    {"settings", "GET POST", settings},
    {"seed", "POST", seed},
    {"reset", "POST", reset},
    {"clock", "GET POST", clock_forward},
    {"stop", "POST", stop},
};

void sim_control(struct sim *s, struct sim_request *q, struct sim_reply *r)
{
    struct sim_text error = {0};
    struct json_object *json = NULL;
    const char *path = q->path + strlen(SIM_CONTROL);
    r->status = 200;
    r->type = "application/json";
    if (q->body_len && !(json = sim_json_parse(q->body, q->body_len, &error))) {
        fail(r, 400, error.data);
        sim_text_free(&error);
        return;
    }
    size_t i = 0, n = sizeof table / sizeof *table;
    while (i < n && strcmp(table[i].path, path))
        i++;
    bool own = i == n && s->provider->control && !strcmp(q->method, json ? "POST" : "GET") &&
               s->provider->control(s->state, path, json, &r->body);
    if (i == n && !own)
        fail(r, 404, "there is no such control; see the manual page");
    else if (own)
        sim_text_putc(&r->body, '\n');
    else if (!strstr(table[i].methods, q->method))
        fail(r, 405, table[i].methods);
    else
        table[i].run(s, q, r, json);
    json_object_put(json);
}
