/* Snapshots of a machine. */
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "joyent.h"

static struct json_object *snapshot_json(const struct joy_call *c, const struct joy_snapshot *s)
{
    struct json_object *o = json_object_new_object();
    joy_put(o, "name", s->name);
    joy_put(o, "state", s->due <= c->now ? "created" : "queued");
    if (joy_is(c, 8, 0))
        json_object_object_add(o, "size", s->due <= c->now ? json_object_new_int64(1048576) : NULL);
    joy_put_time(o, "created", s->created);
    joy_put_time(o, "updated", s->due <= c->now ? s->due : s->created);
    return o;
}

static struct joy_snapshot *find(const struct joy_machine *m, const char *name)
{
    for (size_t i = 0; i < m->n_snapshots; i++)
        if (joy_same(m->snapshots[i].name, name))
            return &m->snapshots[i];
    return NULL;
}

static struct joy_snapshot *snapshot_of(struct joy_call *c, struct joy_machine **m)
{
    struct joy_snapshot *s;
    *m = joy_machine_of(c);
    s = *m ? find(*m, c->q->seg[2]) : NULL;
    if (*m && !s)
        joy_fail(c, "ResourceNotFound", "snapshot %s not found", c->q->seg[2]);
    return s;
}

void joy_list_snapshots(struct joy_call *c)
{
    const struct joy_machine *m = joy_machine_of(c);
    struct json_object *all;
    if (!m)
        return;
    all = json_object_new_array();
    for (size_t i = 0; i < m->n_snapshots; i++)
        json_object_array_add(all, snapshot_json(c, &m->snapshots[i]));
    joy_json(c, 200, all);
}

void joy_get_snapshot(struct joy_call *c)
{
    struct joy_machine *m;
    const struct joy_snapshot *s = snapshot_of(c, &m);
    if (s)
        joy_json(c, 200, snapshot_json(c, s));
}

void joy_create_snapshot(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    const char *name = joy_param(c, "name");
    struct joy_snapshot *s;
    if (!m)
        return;
    if (joy_same(m->brand, "kvm")) {
        joy_fail(c, "InvalidArgument", "snapshots are not supported for kvm machines");
        return;
    }
    if (name && find(m, name)) {
        joy_fail(c, "InvalidArgument", "snapshot %s already exists", name);
        return;
    }
    SIM_PUSH(m->snapshots, m->n_snapshots, m->snapshots_size);
    s = &m->snapshots[m->n_snapshots++];
    s->name = name ? sim_strdup(name) : sim_fmt("snapshot-%lld", (long long)c->now);
    s->created = c->now;
    s->due = c->now + c->cloud->settings->snapshot_ms;
    joy_audit(m, "create_snapshot", c->key ? c->key->print : NULL, c->now);
    /* What was asked for is not there yet, however soon it will be. */
    struct json_object *o = snapshot_json(c, s);
    joy_put(o, "state", "queued");
    joy_json(c, 201, o);
}

/* Back to it: the machine is stopped before, and starts. */
void joy_start_snapshot(struct joy_call *c)
{
    struct joy_machine *m;
    const struct joy_snapshot *s = snapshot_of(c, &m);
    if (!s)
        return;
    if (m->next || strcmp(m->state, "stopped") != 0) {
        joy_fail(c, "InvalidState", "machine %s is not stopped", m->id);
        return;
    }
    joy_become(c, m, "stopped", "running", c->cloud->settings->starting_ms, "rollback_snapshot");
    joy_empty(c, 202);
}

void joy_delete_snapshot(struct joy_call *c)
{
    struct joy_machine *m;
    struct joy_snapshot *s = snapshot_of(c, &m);
    if (!s)
        return;
    free(s->name);
    memmove(s, s + 1, (size_t)(m->snapshots + m->n_snapshots - s - 1) * sizeof *s);
    m->n_snapshots--;
    joy_audit(m, "delete_snapshot", c->key ? c->key->print : NULL, c->now);
    joy_empty(c, 204);
}
