/* Images, and the datasets they were called before 8.0. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "joyent.h"

const char *joy_image_machine_type(const struct joy_image *i)
{
    return joy_same(i->type, "zvol") ? "virtualmachine" : "smartmachine";
}

void joy_image_urn(const struct joy_image *i, struct sim_text *out)
{
    sim_text_fmt(out, "%s:%s:%s:%s", i->owner ? i->owner->login : "sdc",
                 i->owner ? i->owner->login : "sdc", i->name, i->version);
}

struct joy_image *joy_image_by_id(const struct joyent *cloud, const char *id)
{
    for (size_t i = 0; i < cloud->images.n; i++)
        if (joy_same(cloud->images.at[i]->id, id))
            return cloud->images.at[i];
    return NULL;
}

void joy_image_free(struct joy_image *i)
{
    free(i->name);
    free(i->version);
    free(i->os);
    free(i->type);
    free(i->description);
    free(i);
}

static bool is_visible(const struct joy_call *c, const struct joy_image *i)
{
    return !i->owner || i->owner == c->account;
}

/* "sdc:sdc:nodejs:1.3.3", or its last parts: "nodejs:1.3.3", "nodejs". */
static bool urn_fits(const struct joy_image *i, const char *word)
{
    struct sim_text urn = {0};
    size_t n = strlen(word);
    joy_image_urn(i, &urn);
    size_t version = urn.len - strlen(i->version) - 1;
    bool whole = urn.len >= n && !strcmp(urn.data + urn.len - n, word) &&
                 (urn.len == n || urn.data[urn.len - n - 1] == ':');
    bool part = version >= n && !strncmp(urn.data + version - n, word, n) &&
                (version == n || urn.data[version - n - 1] == ':');
    sim_text_free(&urn);
    return whole || part;
}

struct joy_image *joy_image_find(const struct joy_call *c, const char *word)
{
    struct joy_image *found = joy_image_by_id(c->cloud, word);
    for (size_t i = 0; !joy_is_uuid(word) && !joy_is(c, 8, 0) && i < c->cloud->images.n; i++) {
        struct joy_image *at = c->cloud->images.at[i];
        if (is_visible(c, at) && urn_fits(at, word) && (!found || at->published > found->published))
            found = at;
    }
    return found && is_visible(c, found) ? found : NULL;
}

/* ---- JSON
 * ---------------------------------------------------------------------------------------- */

static struct json_object *requirements(const struct joy_image *i)
{
    struct json_object *o = json_object_new_object();
    if (i->min_memory) {
        joy_put_int(o, "min_memory", i->min_memory);
        joy_put_int(o, "min_ram", i->min_memory);
    }
    if (i->max_memory)
        joy_put_int(o, "max_memory", i->max_memory);
    if (i->password)
        joy_put_bool(o, "password", true);
    return o;
}

/* Before 8.0 the type is the machine's. */
static struct json_object *image_json(const struct joy_call *c, const struct joy_image *i)
{
    struct json_object *o = json_object_new_object(), *files = json_object_new_array();
    struct json_object *file = json_object_new_object();
    joy_put(o, "id", i->id);
    joy_put(o, "name", i->name);
    joy_put(o, "version", i->version);
    joy_put(o, "os", i->os);
    joy_put(o, "type", joy_is(c, 8, 0) ? i->type : joy_image_machine_type(i));
    json_object_object_add(o, "requirements", requirements(i));
    joy_put(o, "description", i->description);
    joy_put(file, "compression", "gzip");
    joy_put_int(file, "size", 50000000);
    json_object_array_add(files, file);
    json_object_object_add(o, "files", files);
    json_object_object_add(o, "tags", json_object_new_object());
    joy_put(o, "homepage", "https://example.com/images");
    joy_put_time(o, "published_at", i->published);
    if (joy_same(i->type, "zvol"))
        joy_put_int(o, "image_size", 10240);
    if (!joy_is(c, 7, 1))
        return o;
    joy_put(o, "owner", i->owner ? i->owner->id : "930896af-bf8c-48d4-885c-6573a94b1853");
    joy_put_bool(o, "public", !i->owner);
    joy_put(o, "state", i->state);
    return o;
}

static struct json_object *dataset_json(const struct joy_image *i)
{
    struct json_object *o = json_object_new_object();
    struct sim_text urn = {0};
    joy_image_urn(i, &urn);
    joy_put(o, "id", i->id);
    joy_put(o, "urn", urn.data);
    joy_put(o, "name", i->name);
    joy_put(o, "os", i->os);
    joy_put(o, "type", joy_image_machine_type(i));
    joy_put(o, "description", i->description);
    joy_put_bool(o, "default", i->is_default);
    json_object_object_add(o, "requirements", requirements(i));
    joy_put(o, "version", i->version);
    joy_put_time(o, "created", i->published);
    sim_text_free(&urn);
    return o;
}

/* ---- Operations
 * ---------------------------------------------------------------------------------- */

static bool equals(const struct joy_call *c, const char *name, const char *value)
{
    const char *wanted = sim_param(c->q, name);
    return !wanted || joy_same(wanted, value);
}

static bool image_fits(const struct joy_call *c, const struct joy_image *i)
{
    const char *state = sim_param(c->q, "state"), *shared = sim_param(c->q, "public");
    const char *owner = sim_param(c->q, "owner");
    state = state ? state : "active";
    return is_visible(c, i) && (joy_same(state, "all") || joy_same(state, i->state)) &&
           (!shared || joy_same(shared, "true") == !i->owner) &&
           (!owner || (i->owner && joy_same(owner, i->owner->id))) && equals(c, "name", i->name) &&
           equals(c, "os", i->os) && equals(c, "version", i->version) &&
           equals(c, "type", joy_is(c, 8, 0) ? i->type : joy_image_machine_type(i));
}

/* Datasets are gone since 8.0. */
static bool has_datasets(struct joy_call *c)
{
    return !joy_is(c, 8, 0) || joy_fail(c, "ResourceNotFound", "%s does not exist", c->q->path);
}

/* ... which were all there was before 7.0. */
static bool has_images(struct joy_call *c)
{
    return joy_is(c, 7, 0) || joy_fail(c, "ResourceNotFound", "%s does not exist", c->q->path);
}

void joy_list_images(struct joy_call *c)
{
    struct json_object *all;
    if (!has_images(c))
        return;
    all = json_object_new_array();
    for (size_t i = 0; i < c->cloud->images.n; i++)
        if (image_fits(c, c->cloud->images.at[i]))
            json_object_array_add(all, image_json(c, c->cloud->images.at[i]));
    joy_json(c, 200, all);
}

static struct joy_image *image_of(struct joy_call *c)
{
    struct joy_image *i = joy_image_find(c, c->q->seg[1]);
    if (!i)
        joy_fail(c, "ResourceNotFound", "image not found");
    return i;
}

void joy_get_image(struct joy_call *c)
{
    const struct joy_image *i = has_images(c) ? image_of(c) : NULL;
    if (i)
        joy_json(c, 200, image_json(c, i));
}

void joy_list_datasets(struct joy_call *c)
{
    if (!has_datasets(c))
        return;
    struct json_object *all = json_object_new_array();
    for (size_t i = 0; i < c->cloud->images.n; i++) {
        const struct joy_image *at = c->cloud->images.at[i];
        if (is_visible(c, at) && joy_same(at->state, "active"))
            json_object_array_add(all, dataset_json(at));
    }
    joy_json(c, 200, all);
}

void joy_get_dataset(struct joy_call *c)
{
    const struct joy_image *i = has_datasets(c) ? image_of(c) : NULL;
    if (i)
        joy_json(c, 200, dataset_json(i));
}

/* Of a machine that is stopped. */
void joy_create_image(struct joy_call *c)
{
    const char *id = joy_param(c, "machine"), *name = joy_param(c, "name");
    const char *version = joy_param(c, "version"), *text = joy_param(c, "description");
    const char *missing = !id ? "machine" : !name ? "name" : !version ? "version" : NULL;
    const struct joy_machine *m = id ? sim_map_get(&c->cloud->machines_by_id, id) : NULL;
    if (missing) {
        joy_fail(c, "MissingParameter", "%s is a required argument", missing);
        return;
    }
    if (!m || m->owner != c->account || m->deleted) {
        joy_fail(c, "ResourceNotFound", "VM not found");
        return;
    }
    if (strcmp(m->state, "stopped") != 0) {
        joy_fail(c, "InvalidState", "machine %s is not stopped", id);
        return;
    }
    const struct joy_image *origin = joy_image_by_id(c->cloud, m->image);
    struct joy_image *i = sim_alloc(sizeof *i);
    joy_uuid(c->cloud->sim, i->id);
    i->name = sim_strdup(name);
    i->version = sim_strdup(version);
    i->description = sim_strdup(text ? text : "");
    i->os = sim_strdup(origin ? origin->os : "other");
    i->type = sim_strdup(origin ? origin->type : "other");
    i->owner = c->account;
    i->published = c->now;
    i->state = "creating";
    i->next = "active";
    i->due = c->now + c->cloud->settings->image_ms;
    SIM_PUSH(c->cloud->images.at, c->cloud->images.n, c->cloud->images.size);
    c->cloud->images.at[c->cloud->images.n++] = i;
    sim_reply_header(c->r, "x-joyent-jobid", i->id);
    joy_json(c, 201, image_json(c, i));
}

static bool is_own(struct joy_call *c, const struct joy_image *i)
{
    return i->owner == c->account || joy_fail(c, "NotImageOwner", "%s is not yours", i->id);
}

void joy_image_action(struct joy_call *c)
{
    const char *action = joy_param(c, "action"), *name = joy_param(c, "name");
    const char *text = joy_param(c, "description");
    struct joy_image *i = image_of(c);
    if (!i)
        return;
    if (!action) {
        joy_fail(c, "MissingParameter", "action is a required argument");
        return;
    }
    if (strcmp(action, "update") != 0) {
        joy_fail(c, "InvalidArgument", "%s is not a valid argument", action);
        return;
    }
    if (!is_own(c, i))
        return;
    if (name) {
        free(i->name);
        i->name = sim_strdup(name);
    }
    if (text) {
        free(i->description);
        i->description = sim_strdup(text);
    }
    joy_json(c, 200, image_json(c, i));
}

void joy_delete_image(struct joy_call *c)
{
    struct joy_image *i = image_of(c);
    if (!i || !is_own(c, i))
        return;
    for (size_t k = 0; k < c->cloud->images.n; k++)
        if (c->cloud->images.at[k] == i) {
            memmove(c->cloud->images.at + k, c->cloud->images.at + k + 1,
                    (c->cloud->images.n - k - 1) * sizeof *c->cloud->images.at);
            c->cloud->images.n--;
            break;
        }
    joy_image_free(i);
    joy_empty(c, 204);
}
