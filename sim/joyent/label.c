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

/* A job of its own, whose end only audit tells. */
static void told(struct joy_call *c, struct joy_machine *m, const char *action)
{
    char id[JOY_UUID];
    joy_uuid(c->cloud->sim, id);
    sim_reply_header(c->r, "x-job-uuid", id);
    m->updated = c->now;
    joy_audit(m, action, c->key ? c->key->print : NULL, c->now + c->cloud->settings->label_ms);
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
    told(c, m, "set_metadata");
    joy_json(c, 200, copy(m->metadata));
}

/* The text itself, or as JSON for who asks for that, as the triton command does. */
void joy_get_metadata_key(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    const char *value = m ? sim_json_text(m->metadata, c->q->seg[2]) : NULL;
    const char *accept = sim_header(c->q, "Accept");
    if (!m)
        return;
    if (!value) {
        joy_fail(c, "ResourceNotFound", "%s is not a metadata key", c->q->seg[2]);
        return;
    }
    if (accept && strstr(accept, "application/json")) {
        joy_json(c, 200, json_object_new_string(value));
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
    told(c, m, "remove_metadata");
    joy_empty(c, 204);
}

void joy_delete_metadata(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    if (!m)
        return;
    empty(&m->metadata);
    told(c, m, "replace_metadata");
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

static void set_tags(struct joy_call *c, bool replace)
{
    struct joy_machine *m = joy_machine_of(c);
    if (!m)
        return;
    if (replace)
        empty(&m->tags);
    merge(c, m->tags, false);
    told(c, m, replace ? "replace_tags" : "set_tags");
    joy_json(c, 200, copy(m->tags));
}

void joy_add_tags(struct joy_call *c)
{
    set_tags(c, false);
}

void joy_replace_tags(struct joy_call *c)
{
    set_tags(c, true);
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
    told(c, m, "remove_tags");
    joy_empty(c, 204);
}

void joy_delete_tags(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    if (!m)
        return;
    empty(&m->tags);
    told(c, m, "replace_tags");
    joy_empty(c, 204);
}
