/* Metadata and tags of a machine. */
#include <string.h>

#include "joyent.h"

static struct json_object *copy(struct json_object *o)
{
    struct json_object *out = NULL;
    json_object_deep_copy(o, &out, NULL);
    return out;
}

static void empty(struct json_object **o)
{
    json_object_put(*o);
    *o = json_object_new_object();
}

static void job(struct joy_call *c)
{
    char id[JOY_UUID];
    joy_uuid(c->cloud->sim, id);
    sim_reply_header(c->r, "x-job-uuid", id);
}

/* Members of the body, or of a form. */
static void merge(const struct joy_call *c, struct json_object *to, bool metadata)
{
    for (size_t i = 0; i < c->q->n_params; i++)
        if (!metadata || !joy_metadata_is_dropped(c->q->params[i].name))
            joy_put(to, c->q->params[i].name, c->q->params[i].value);
    if (!json_object_is_type(c->body, json_type_object))
        return;
    json_object_object_foreach(c->body, name, value)
    {
        if (!metadata || !joy_metadata_is_dropped(name))
            json_object_object_add(to, name, json_object_get(value));
    }
}

/* ---- Metadata
 * ---------------------------------------------------------------------------------------- */

void joy_get_metadata(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    struct json_object *o, *in;
    if (!m)
        return;
    o = copy(m->metadata);
    if (joy_is_true(c, "credentials")) {
        in = json_object_new_object();
        joy_put(in, "root", m->password);
        json_object_object_add(o, "credentials", in);
    }
    joy_json(c, 200, o);
}

void joy_put_metadata(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    if (!m)
        return;
    merge(c, m->metadata, true);
    m->updated = c->now;
    job(c);
    joy_json(c, 200, copy(m->metadata));
}

/* A raw text. */
void joy_get_metadata_key(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    const char *value = m ? sim_json_text(m->metadata, c->q->seg[2]) : NULL;
    if (!m)
        return;
    if (!value) {
        joy_fail(c, "ResourceNotFound", "%s is not a metadata key", c->q->seg[2]);
        return;
    }
    c->r->type = "text/plain";
    sim_text_puts(&c->r->body, value);
}

void joy_delete_metadata_key(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    if (!m)
        return;
    if (joy_same(c->q->seg[2], "credentials")) {
        joy_fail(c, "InvalidArgument", "credentials cannot be deleted");
        return;
    }
    if (!sim_json_get(m->metadata, c->q->seg[2])) {
        joy_fail(c, "ResourceNotFound", "%s is not a metadata key", c->q->seg[2]);
        return;
    }
    json_object_object_del(m->metadata, c->q->seg[2]);
    joy_empty(c, 204);
}

void joy_delete_metadata(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    if (!m)
        return;
    empty(&m->metadata);
    joy_empty(c, 204);
}

/* ---- Tags: text, numbers and booleans
 * ------------------------------------------------------------------ */

void joy_get_tags(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    if (m)
        joy_json(c, 200, copy(m->tags));
}

void joy_add_tags(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    if (!m)
        return;
    merge(c, m->tags, false);
    m->updated = c->now;
    job(c);
    joy_json(c, 200, copy(m->tags));
}

void joy_replace_tags(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    if (!m)
        return;
    empty(&m->tags);
    joy_add_tags(c);
}

void joy_get_tag(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    struct json_object *value = m ? sim_json_get(m->tags, c->q->seg[2]) : NULL;
    const char *accept = sim_header(c->q, "Accept");
    if (!m)
        return;
    if (!value) {
        joy_fail(c, "ResourceNotFound", "%s is not a tag", c->q->seg[2]);
        return;
    }
    if (!joy_same(accept, "text/plain")) {
        joy_json(c, 200, json_object_get(value));
        return;
    }
    c->r->type = "text/plain";
    sim_text_puts(&c->r->body, json_object_get_string(value));
}

void joy_delete_tag(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    if (!m)
        return;
    if (!sim_json_get(m->tags, c->q->seg[2])) {
        joy_fail(c, "ResourceNotFound", "%s is not a tag", c->q->seg[2]);
        return;
    }
    json_object_object_del(m->tags, c->q->seg[2]);
    m->updated = c->now;
    job(c);
    joy_empty(c, 204);
}

void joy_delete_tags(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    if (!m)
        return;
    empty(&m->tags);
    job(c);
    joy_empty(c, 204);
}
