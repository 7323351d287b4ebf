/* Machines seen: the list with its filters and pages, the count, and one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "joyent.h"

/* ---- Filters
 * --------------------------------------------------------------------------------------- */

static bool check_state(struct joy_call *c, const char *state)
{
    static const char *const words[] = {"provisioning", "stopping", "active",   "stopped",
                                        "running",      "unknown",  "destroyed"};
    for (size_t i = 0; state && i < sizeof words / sizeof *words; i++)
        if (!strcmp(state, words[i]))
            return true;
    return !state || joy_fail(c, "InvalidArgument", "%s is not a valid state", state);
}

/* Three of the words mean the same: whatever is alive and neither stopped nor failed. */
static bool state_fits(const struct joy_call *c, const struct joy_machine *m)
{
    const char *wanted = sim_param(c->q, "state");
    bool destroyed = joy_same(wanted, "destroyed");
    if (m->deleted)
        return destroyed || (!wanted && joy_is_true(c, "tombstone"));
    if (!wanted)
        return true;
    if (!strcmp(wanted, "active") || !strcmp(wanted, "provisioning") || !strcmp(wanted, "stopping"))
        return !joy_same(m->state, "stopped") && !joy_same(m->state, "failed");
    return !destroyed && joy_same(wanted, m->state);
}

static bool equals(const struct joy_call *c, const char *name, const char *value)
{
    const char *wanted = sim_param(c->q, name);
    return !wanted || joy_same(wanted, value);
}

static bool image_fits(const struct joy_call *c, const struct joy_machine *m)
{
    const char *wanted = sim_param(c->q, "image");
    wanted = wanted ? wanted : joy_is(c, 8, 0) ? NULL : sim_param(c->q, "dataset");
    if (!wanted)
        return true;
    const struct joy_image *i = joy_image_find(c, wanted);
    return joy_same(i ? i->id : wanted, m->image);
}

/* tags=* means any; tag.NAME=VALUE each one. */
static bool tags_fit(const struct joy_call *c, const struct joy_machine *m)
{
    for (size_t i = 0; i < c->q->n_params; i++) {
        const struct sim_pair *p = &c->q->params[i];
        if (!strncmp(p->name, "tag.", 4)) {
            const char *value = sim_json_text(m->tags, p->name + 4);
            if (!value || (strcmp(p->value, "*") != 0 && strcmp(p->value, value) != 0))
                return false;
        }
    }
    return !joy_same(sim_param(c->q, "tags"), "*") || json_object_object_length(m->tags) > 0;
}

static bool fits(const struct joy_call *c, const struct joy_machine *m)
{
    const char *memory = sim_param(c->q, "memory"), *docker = sim_param(c->q, "docker");
    bool kvm = joy_same(m->brand, "kvm") || joy_same(m->brand, "bhyve");
    return m->owner == c->account && state_fits(c, m) && image_fits(c, m) && tags_fit(c, m) &&
           equals(c, "name", m->name) && equals(c, "brand", m->brand) &&
           equals(c, "type", kvm ? "virtualmachine" : "smartmachine") &&
           (!memory || strtoll(memory, NULL, 10) == m->memory) &&
           (!docker || joy_same(docker, "true") == m->docker);
}

/* ---- Pages
 * ------------------------------------------------------------------------------------------- */

static bool number(struct joy_call *c, const char *name, size_t max, size_t *out)
{
    const char *text = sim_param(c->q, name);
    char *end;
    long long n;
    if (!text)
        return true;
    n = strtoll(text, &end, 10);
    if (end == text || *end || n < 0 || (max && ((size_t)n > max || n == 0)))
        return joy_fail(c, "InvalidArgument", "%s is not a valid %s", text, name);
    *out = (size_t)n;
    return true;
}

static void put_count(struct joy_call *c, size_t limit, size_t n)
{
    char text[24];
    if (!c->cloud->settings->page_headers)
        return;
    snprintf(text, sizeof text, "%zu", limit);
    sim_reply_header(c->r, "x-query-limit", text);
    snprintf(text, sizeof text, "%zu", n);
    sim_reply_header(c->r, "x-resource-count", text);
}

/* The count is of the page, by GET and by HEAD. */
void joy_list_machines(struct joy_call *c)
{
    size_t limit = JOY_LIMIT, offset = 0, n = 0;
    struct json_object *all;
    if (!check_state(c, sim_param(c->q, "state")) || !number(c, "limit", JOY_LIMIT, &limit) ||
        !number(c, "offset", 0, &offset))
        return;
    if (c->cloud->settings->ignore_offset)
        offset = 0;
    all = json_object_new_array();
    for (size_t i = 0; i < c->cloud->machines.n && n < offset + limit; i++) {
        const struct joy_machine *m = c->cloud->machines.at[i];
        if (fits(c, m) && n++ >= offset)
            json_object_array_add(all, joy_machine_json(c, m, joy_is_true(c, "credentials")));
    }
    put_count(c, limit, json_object_array_length(all));
    joy_json(c, 200, all);
}

void joy_get_machine(struct joy_call *c)
{
    const struct joy_machine *m = joy_machine_of(c);
    if (m)
        joy_json(c, 200, joy_machine_json(c, m, joy_is_true(c, "credentials")));
}
