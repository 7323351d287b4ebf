/* A new machine: what has to be said by which version, and what is taken when it is not. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "joyent.h"

/* What was asked for, found. */
struct wanted {
    struct joy_image *image;
    struct joy_package *package;
    struct joy_network *networks[JOY_NETWORKS];
    size_t n_networks;
};

static bool find_image(struct joy_call *c, struct wanted *w)
{
    const char *word = joy_param(c, "image");
    if (!word && !joy_is(c, 8, 0))
        word = joy_param(c, "dataset");
    if (!word && joy_is(c, 8, 0))
        return joy_fail(c, "MissingParameter", "image is a required argument");
    for (size_t i = 0; !word && i < c->cloud->images.n; i++)
        if (c->cloud->images.at[i]->is_default)
            w->image = c->cloud->images.at[i];
    if (word)
        w->image = joy_image_find(c, word);
    if (!w->image)
        return joy_fail(c, "ResourceNotFound", "image not found");
    return joy_same(w->image->state, "active") ||
           joy_fail(c, "InvalidArgument", "image %s is not active", w->image->id);
}

static bool find_package(struct joy_call *c, struct wanted *w)
{
    const char *word = joy_param(c, "package");
    if (!word && joy_is(c, 8, 0))
        return joy_fail(c, "MissingParameter", "package is a required argument");
    for (size_t i = 0; !word && i < c->cloud->packages.n; i++)
        if (c->cloud->packages.at[i]->is_default)
            w->package = c->cloud->packages.at[i];
    if (word)
        w->package = joy_package_find(c->cloud, word);
    if (!w->package)
        return joy_fail(c, "ResourceNotFound", "package not found");
    if (w->package->inactive)
        return joy_fail(c, "InvalidArgument", "package %s is not active", w->package->name);
    if (w->package->memory < w->image->min_memory)
        return joy_fail(c, "InvalidArgument", "package memory is less than %lld, the image's least",
                        (long long)w->image->min_memory);
    return true;
}

/* An id, or from 8.5 on an object that names one; the two are never mixed. */
static bool find_networks(struct joy_call *c, struct wanted *w)
{
    struct json_object *list = joy_member(c, "networks");
    size_t n = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
    bool objects = n && json_object_is_type(json_object_array_get_idx(list, 0), json_type_object);
    if (n > JOY_NETWORKS)
        return joy_fail(c, "InvalidArgument", "more than %d networks", JOY_NETWORKS);
    for (size_t i = 0; i < n; i++) {
        struct json_object *at = json_object_array_get_idx(list, i);
        const char *id = objects ? sim_json_text(at, "ipv4_uuid") : json_object_get_string(at);
        if (json_object_is_type(at, json_type_object) != objects)
            return joy_fail(c, "InvalidArgument", "networks are ids or objects, not both");
        w->networks[i] = joy_network_find(c->cloud, id);
        if (!w->networks[i])
            return joy_fail(c, "InvalidArgument", "network %s does not exist", id ? id : "");
    }
    w->n_networks = n;
    if (!n) {
        w->networks[0] = joy_network_find(c->cloud, c->account->default_network);
        w->n_networks = w->networks[0] ? 1 : 0;
    }
    return true;
}

static bool check_name(struct joy_call *c, const char *name)
{
    size_t n = name ? strlen(name) : 1;
    bool good = n > 0 && n <= 63 && (!name || isalnum((unsigned char)*name)) &&
                (!name || strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789-._") == n);
    for (size_t i = 0; name && i < c->cloud->machines.n; i++) {
        const struct joy_machine *m = c->cloud->machines.at[i];
        if (m->owner != c->account || m->deleted || !joy_same(m->name, name))
            continue;
        joy_fail(c, "ValidationFailed", "problem creating machine: Invalid VM parameters");
        c->r->body.len--; /* the brace: there is more to say */
        SIM_LIT(&c->r->body, ",\"errors\":[{\"field\":\"alias\",\"code\":\"Duplicate\",\"message\":"
                             "\"Already exists for this owner_uuid\"}]}");
        return false;
    }
    return good || joy_fail(c, "InvalidArgument", "name is invalid");
}

static bool within_limit(struct joy_call *c)
{
    int64_t limit = c->cloud->settings->machine_limit, n = 0;
    for (size_t i = 0; i < c->cloud->machines.n; i++)
        n += c->cloud->machines.at[i]->owner == c->account && !c->cloud->machines.at[i]->deleted;
    return limit <= 0 || n < limit ||
           joy_fail(c, "QuotaExceeded", "Quota of %lld machines is used up", (long long)limit);
}

/* ---- Metadata and tags in flat keys
 * -------------------------------------------------------------------- */

void joy_take_prefixed(const struct joy_call *c, const char *prefix, struct json_object *to)
{
    size_t n = strlen(prefix);
    for (size_t i = 0; i < c->q->n_params; i++)
        if (!strncmp(c->q->params[i].name, prefix, n))
            joy_put(to, c->q->params[i].name + n, c->q->params[i].value);
    if (!json_object_is_type(c->body, json_type_object))
        return;
    json_object_object_foreach(c->body, name, value)
    {
        if (!strncmp(name, prefix, n))
            json_object_object_add(to, name + n, json_object_get(value));
    }
}

bool joy_metadata_is_dropped(const char *name)
{
    static const char *const names[] = {"credentials", "account", "machine", "uuid", "image"};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return n > 3 && !strcmp(name + n - 3, "_pw");
}

static void take_metadata(const struct joy_call *c, struct joy_machine *m)
{
    struct json_object *all = json_object_new_object();
    struct sim_text keys = {0};
    joy_take_prefixed(c, "metadata.", all);
    json_object_object_foreach(all, name, value)
    {
        if (!joy_metadata_is_dropped(name))
            json_object_object_add(m->metadata, name, json_object_get(value));
    }
    json_object_put(all);
    for (size_t i = 0; i < c->account->keys.n; i++)
        sim_text_fmt(&keys, "%s\n", c->account->keys.at[i]->line);
    joy_put(m->metadata, "root_authorized_keys", keys.data);
    sim_text_free(&keys);
}

/* ---- The machine
 * ---------------------------------------------------------------------------------------- */

static void set_name(struct joy_machine *m, const char *name)
{
    const char *mark = name ? strstr(name, "{{shortId}}") : NULL;
    if (mark)
        m->name = sim_fmt("%.*s%.8s%s", (int)(mark - name), name, m->id, mark + 11);
    else
        m->name = name ? sim_strdup(name) : sim_strndup(m->id, 8);
}

static const char *brand_of(const struct joy_call *c, const struct wanted *w)
{
    const char *asked = joy_param(c, "brand");
    if (joy_same(asked, "bhyve"))
        return "bhyve";
    if (joy_same(w->image->type, "zvol"))
        return joy_same(w->package->brand, "bhyve") ? "bhyve" : "kvm";
    return joy_same(w->image->type, "lx-dataset") ? "lx" : "joyent";
}

static struct joy_machine *make(struct joy_call *c, const struct wanted *w)
{
    struct joy_settings *s = c->cloud->settings;
    struct joy_machine *m = joy_machine_new(c->cloud, c->account);
    bool fails = s->fail_creates > 0;
    s->fail_creates -= fails;
    memcpy(m->image, w->image->id, sizeof m->image);
    m->package = sim_strdup(w->package->name);
    m->memory = w->package->memory;
    m->disk = w->package->disk;
    m->brand = brand_of(c, w);
    m->firewall = joy_is_true(c, "firewall_enabled");
    m->protect = joy_is_true(c, "deletion_protection");
    m->n_networks = w->n_networks;
    memcpy(m->networks, w->networks, sizeof m->networks);
    set_name(m, joy_param(c, "name"));
    take_metadata(c, m);
    joy_take_prefixed(c, "tag.", m->tags);
    joy_become(c, m, "provisioning", fails ? "failed" : "running", s->provisioning_ms, "provision");
    return m;
}

void joy_create_machine(struct joy_call *c)
{
    struct wanted w = {0};
    char location[96];
    if (!find_image(c, &w) || !find_package(c, &w) || !find_networks(c, &w) ||
        !check_name(c, joy_param(c, "name")) || !within_limit(c))
        return;
    const struct joy_machine *m = make(c, &w);
    snprintf(location, sizeof location, "/%.40s/machines/%s", c->account->login, m->id);
    sim_reply_header(c->r, "Location", location);
    joy_json(c, 201, joy_machine_json(c, m, w.image->password));
}
