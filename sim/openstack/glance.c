/* Glance v2: listing, showing, making and changing images. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "openstack.h"

void os_image_settle(struct os_image *m, int64_t now)
{
    if (!m->due || now < m->due)
        return;
    m->status = "active";
    m->size = 16 << 20;
    m->res.updated = m->due;
    m->due = 0;
}

bool os_image_shown(const struct os_call *c, const struct os_image *m)
{
    if (!strcmp(m->visibility, "public") || !strcmp(m->visibility, "community") || c->admin)
        return true;
    if (!c->project)
        return false;
    return m->res.project == c->project ||
           (!strcmp(m->visibility, "shared") && sim_dict_get(&m->members, c->project->id));
}

struct os_image *os_image_ref(struct os_call *c, const char *ref)
{
    struct os_image *m = (struct os_image *)os_find(c->region, OS_IMAGE, os_last_segment(ref));
    if (!m || !os_image_shown(c, m))
        return NULL;
    os_image_settle(m, c->now);
    return m;
}

static void put_number(struct sim_text *out, const char *name, int64_t n)
{
    if (n < 0)
        sim_put_str(out, name, NULL);
    else
        sim_put_int(out, name, n);
}

static void put_path(struct sim_text *out, const char *name, const char *id, const char *more)
{
    sim_put_name(out, name);
    sim_text_fmt(out, "\"/v2/images/%s%s\"", id, more);
}

static void put_image(struct os_call *c, struct os_image *m)
{
    struct sim_text *out = c->out;
    os_image_settle(m, c->now);
    sim_put_object(out, NULL);
    for (size_t i = 0; i < m->properties.n; i++) {
        sim_put_sep(out);
        sim_text_json(out, m->properties.at[i].key);
        SIM_LIT(out, ": ");
        sim_text_json(out, m->properties.at[i].value);
    }
    sim_put_str(out, "id", m->res.id);
    sim_put_str(out, "name", m->res.name);
    sim_put_str(out, "status", m->status);
    sim_put_str(out, "visibility", m->visibility);
    put_number(out, "size", m->size);
    put_number(out, "virtual_size", m->size);
    sim_put_int(out, "min_disk", m->min_disk);
    sim_put_int(out, "min_ram", m->min_ram);
    sim_put_str(out, "disk_format", m->disk_format);
    sim_put_str(out, "container_format", m->container_format);
    sim_put_str(out, "checksum", m->size < 0 ? NULL : m->checksum);
    sim_put_str(out, "os_hash_algo", m->size < 0 ? NULL : "sha512");
    sim_put_str(out, "os_hash_value", m->size < 0 ? NULL : m->checksum);
    sim_put_str(out, "owner", m->res.project ? m->res.project->id : NULL);
    sim_put_bool(out, "protected", m->is_protected);
    sim_put_bool(out, "os_hidden", m->hidden);
    sim_dict_words(out, "tags", &m->tags);
    sim_put_time(out, "created_at", m->res.created);
    sim_put_time(out, "updated_at", m->res.updated);
    put_path(out, "self", m->res.id, "");
    put_path(out, "file", m->res.id, "/file");
    sim_put_str(out, "schema", "/v2/schemas/image");
    sim_put_end(out, '}');
}

static const char *member_of(struct os_call *c, const struct os_image *m)
{
    return c->project ? sim_dict_get(&m->members, c->project->id) : NULL;
}

/* Without a word, community images and shared ones not accepted are left out. */
static bool listed(struct os_call *c, const struct os_image *m)
{
    const char *visibility = sim_param(c->q, "visibility");
    const char *wanted = sim_param(c->q, "member_status"), *status = member_of(c, m);
    if (!os_image_shown(c, m))
        return false;
    if (visibility && strcmp(visibility, "all") != 0 && strcmp(visibility, m->visibility) != 0)
        return false;
    if (!visibility && !strcmp(m->visibility, "community") && m->res.project != c->project)
        return false;
    if (status && m->res.project != c->project)
        return wanted ? !strcmp(wanted, "all") || !strcmp(wanted, status)
                      : !strcmp(status, "accepted");
    return true;
}

static const char *field(const struct os_image *m, const char *name)
{
    if (!strcmp(name, "name"))
        return m->res.name;
    if (!strcmp(name, "id"))
        return m->res.id;
    if (!strcmp(name, "status"))
        return m->status;
    if (!strcmp(name, "owner"))
        return m->res.project ? m->res.project->id : "";
    if (!strcmp(name, "disk_format"))
        return m->disk_format;
    if (!strcmp(name, "container_format"))
        return m->container_format;
    const char *value = sim_dict_get(&m->properties, name);
    return value ? value : "";
}

/* in:a,b or one value. */
static bool is_one_of(const char *value, const char *wanted)
{
    if (strncmp(wanted, "in:", 3) != 0)
        return !strcmp(value, wanted);
    for (wanted += 3; *wanted;
         wanted += wanted[strcspn(wanted, ",")] ? strcspn(wanted, ",") + 1 : strlen(wanted))
        if (strcspn(wanted, ",") == strlen(value) && !strncmp(wanted, value, strlen(value)))
            return true;
    return false;
}

static bool match(struct os_call *c, struct os_res *res, const void *how)
{
    static const char others[] = " limit marker sort sort_key sort_dir visibility member_status ";
    struct os_image *m = (struct os_image *)res;
    (void)how;
    os_image_settle(m, c->now);
    if (!listed(c, m))
        return false;
    for (size_t i = 0; i < c->q->n_params; i++) {
        const char *name = c->q->params[i].name, *value = c->q->params[i].value;
        char word[64];
        snprintf(word, sizeof word, " %s ", name);
        if (strstr(others, word))
            continue;
        bool fits = !strcmp(name, "tag")         ? sim_dict_get(&m->tags, value) != NULL
                    : !strcmp(name, "protected") ? m->is_protected == !strcmp(value, "true")
                    : !strcmp(name, "os_hidden") ? m->hidden == !strcmp(value, "true")
                                                 : is_one_of(field(m, name), value);
        if (!fits)
            return false;
    }
    return !m->hidden || sim_param(c->q, "os_hidden");
}

void os_glance_images(struct os_call *c)
{
    struct os_page page;
    struct os_res **found = NULL;
    size_t n = 0;
    if (!os_page_read(c, &page, c->set->image_page, c->set->image_page_max))
        return;
    page.limit++; /* one more tells whether there is a next page */
    if (!os_page_select(c, &c->region->stores[OS_IMAGE], &page, true, match, NULL, &found, &n))
        return;
    size_t shown = n < (size_t)page.limit ? n : n - 1;
    SIM_LIT(c->out, "{\"images\": [");
    for (size_t i = 0; i < shown; i++) {
        sim_put_sep(c->out);
        put_image(c, (struct os_image *)found[i]);
    }
    SIM_LIT(c->out, "], \"first\": \"/v2/images");
    if (*c->q->query)
        sim_text_fmt(c->out, "?%s", c->q->query);
    sim_text_putc(c->out, '"');
    if (n > shown && shown) {
        struct sim_text url = {0};
        SIM_LIT(&url, "/v2/images?");
        os_page_query(c, &url, found[shown - 1]->id);
        sim_put_str(c->out, "next", url.data);
        sim_text_free(&url);
    }
    SIM_LIT(c->out, ", \"schema\": \"/v2/schemas/images\"}");
    free(found);
}

struct os_image *os_glance_get(struct os_call *c, bool change)
{
    const char *id = c->q->seg[0];
    struct os_image *m = (struct os_image *)os_find(c->region, OS_IMAGE, id);
    if (!m || !os_image_shown(c, m)) {
        os_fail(c, 404, "No image found with ID %s", id);
        return NULL;
    }
    if (change && m->res.project != c->project && !c->admin) {
        os_fail(c, 403, "You do not own this image");
        return NULL;
    }
    os_image_settle(m, c->now);
    return m;
}

void os_glance_show(struct os_call *c)
{
    struct os_image *m = os_glance_get(c, false);
    if (m)
        put_image(c, m);
}

static const char *one_of(const char *const *words, const char *value)
{
    for (; *words; words++)
        if (value && !strcmp(*words, value))
            return *words;
    return NULL;
}

static const char *const visibilities[] = {"public", "community", "shared", "private", NULL};
static const char *const disk_formats[] = {"raw", "qcow2", "vmdk", "vdi", "iso",
                                           "vhd", "aki",   "ari",  "ami", NULL};

static bool set_visibility(struct os_call *c, struct os_image *m, const char *value)
{
    const char *known = one_of(visibilities, value);
    if (!known)
        return os_fail(c, 400, "Invalid value '%s' for parameter 'visibility'.", value);
    if (!strcmp(known, "public") && !c->admin)
        return os_fail(c, 403, "You are not authorized to complete publicize_image action.");
    m->visibility = known;
    return true;
}

static bool set_tags(struct os_call *c, struct os_image *m, struct json_object *value)
{
    size_t n = json_object_is_type(value, json_type_array) ? json_object_array_length(value) : 0;
    for (size_t i = 0; i < n; i++)
        if (!json_object_is_type(json_object_array_get_idx(value, i), json_type_string))
            return os_fail(c, 400, "Invalid tags: each is a string");
    sim_dict_free(&m->tags);
    for (size_t i = 0; i < n; i++)
        sim_dict_set(&m->tags, json_object_get_string(json_object_array_get_idx(value, i)), "");
    return true;
}

/* One member of a body: a field, or a property of one's own. */
static bool set_field(struct os_call *c, struct os_image *m, const char *name,
                      struct json_object *value)
{
    static const char fixed[] = " status size checksum created_at updated_at self file schema "
                                "virtual_size os_hash_algo os_hash_value ";
    const char *text = value ? json_object_get_string(value) : NULL;
    char word[64];
    snprintf(word, sizeof word, " %s ", name);
    if (strstr(fixed, word))
        return os_fail(c, 403, "Attribute '%s' is read-only.", name);
    if (!strcmp(name, "visibility"))
        return set_visibility(c, m, text ? text : "");
    if (!strcmp(name, "name")) {
        free(m->res.name);
        m->res.name = sim_strdup(text ? text : "");
    } else if (!strcmp(name, "min_disk")) {
        m->min_disk = json_object_get_int64(value);
    } else if (!strcmp(name, "min_ram")) {
        m->min_ram = json_object_get_int64(value);
    } else if (!strcmp(name, "protected")) {
        m->is_protected = json_object_get_boolean(value);
    } else if (!strcmp(name, "os_hidden")) {
        m->hidden = json_object_get_boolean(value);
    } else if (!strcmp(name, "disk_format") || !strcmp(name, "container_format")) {
        const char *known = one_of(disk_formats, text);
        if (*name == 'd')
            m->disk_format = known ? known : "raw";
    } else if (!strcmp(name, "tags")) {
        return set_tags(c, m, value);
    } else if (strcmp(name, "id") != 0 && strcmp(name, "owner") != 0) {
        sim_dict_set(&m->properties, name, text ? text : "");
    }
    return true;
}

void os_glance_create(struct os_call *c)
{
    char location[400];
    const char *id = sim_json_text(c->json, "id");
    if (!os_may_change(c, "add_image"))
        return;
    if (id && os_find(c->region, OS_IMAGE, id)) {
        os_fail(c, 409, "Image ID %s already exists!", id);
        return;
    }
    struct os_image *m = os_image_new(c->region, c->project, "", id);
    m->status = "queued";
    m->size = -1;
    if (json_object_is_type(c->json, json_type_object)) {
        json_object_object_foreach(c->json, name, value)
        {
            if (!set_field(c, m, name, value)) {
                os_remove(c->region, OS_IMAGE, &m->res);
                return;
            }
        }
    }
    c->r->status = 201;
    snprintf(location, sizeof location, "%s/images/%s", c->base, m->res.id);
    sim_reply_header(c->r, "Location", location);
    sim_reply_header(c->r, "OpenStack-image-import-methods", "web-download");
    put_image(c, m);
}

/* One step of a JSON patch. */
static bool patch(struct os_call *c, struct os_image *m, struct json_object *step)
{
    const char *op = sim_json_text(step, "op"), *path = sim_json_text(step, "path");
    if (!op || !path || *path != '/')
        return os_fail(c, 400, "Unable to find 'op' or 'path' in JSON Schema change");
    if (strcmp(op, "remove") != 0)
        return set_field(c, m, path + 1, sim_json_get(step, "value"));
    if (!sim_dict_remove(&m->properties, path + 1))
        return os_fail(c, 409, "Property %s does not exist.", path + 1);
    return true;
}

void os_glance_update(struct os_call *c)
{
    const char *type = sim_header(c->q, "Content-Type");
    struct os_image *m = os_glance_get(c, true);
    struct sim_text why = {0};
    if (!m)
        return;
    if (!type || strncmp(type, "application/openstack-images-v2.", 32) != 0) {
        sim_reply_header(c->r, "Accept-Patch", "application/openstack-images-v2.1-json-patch");
        os_fail(c, 415, "The request media type %s is not supported by this server.",
                type ? type : "None");
        return;
    }
    c->json = sim_json_parse(c->q->body, c->q->body_len, &why);
    sim_text_free(&why);
    if (!json_object_is_type(c->json, json_type_array)) {
        os_fail(c, 400, "Request body must be a JSON array of operation objects.");
        return;
    }
    for (size_t i = 0; i < json_object_array_length(c->json); i++)
        if (!patch(c, m, json_object_array_get_idx(c->json, i)))
            return;
    m->res.updated = c->now;
    put_image(c, m);
}

void os_glance_delete(struct os_call *c)
{
    struct os_image *m = os_glance_get(c, true);
    if (!m)
        return;
    if (m->is_protected) {
        os_fail(c, 403, "Image %s is protected and cannot be deleted.", m->res.id);
        return;
    }
    os_remove(c->region, OS_IMAGE, &m->res);
    c->r->status = 204;
}
