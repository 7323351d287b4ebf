/* Creating a machine: image and package chosen when none are given, then one request. */
#include <string.h>

#include "joyent.h"

enum phase { BEGIN, LOOK, MADE };
enum tag { TAG_IMAGE = 1, TAG_PACKAGES };

/* A package, as far as choosing one needs it. */
struct package {
    const char *id;
    int64_t memory, disk;
    int is_default;
};

struct create {
    struct joy_find image; /* first: it is what a search begins a call's state with */
    struct package *packages;
    size_t n, room;
    int image_seen, packages_seen;
};

/* ---- Choosing a package --------------------------------------------------------------------- */

static void keep(nube_call *c, const nube_doc *item)
{
    struct create *s = nube_state(c, sizeof(*s));
    const char *id = joy_text(item, "id") ? joy_text(item, "id") : joy_text(item, "name");
    struct package *more;

    if (!id)
        return;
    if (s->n == s->room) {
        s->room = s->room ? 2 * s->room : 64;
        more = nube_alloc(c, s->room * sizeof(*more));
        if (s->n)
            memcpy(more, s->packages, s->n * sizeof(*more));
        s->packages = more;
    }
    s->packages[s->n++] =
        (struct package){nube_strdup(c, id), nube_doc_int(item, "memory", 0),
                         nube_doc_int(item, "disk", 0), nube_doc_bool(item, "default", 0)};
}

static int fits(const struct joy_image *i, const struct package *p)
{
    return p->memory >= i->min_ram && (!i->max_ram || p->memory <= i->max_ram);
}

static int is_better(const struct package *a, const struct package *b)
{
    return a->is_default != b->is_default ? a->is_default
           : a->memory != b->memory       ? a->memory < b->memory
                                          : a->disk < b->disk;
}

/* The datacenter's default where it has one (its API's first versions), else the smallest. */
static const char *choose(nube_call *c, const struct create *s)
{
    const struct package *best = NULL;
    size_t i;

    for (i = 0; i < s->n; i++)
        if (fits(&s->image.best, &s->packages[i]) && (!best || is_better(&s->packages[i], best)))
            best = &s->packages[i];
    if (!best) {
        nube_fail(c, NUBE_E_NOT_FOUND, "no package fits image %s: name one; see: nube size list",
                  s->image.best.id);
        return NULL;
    }
    nube_note(c, "size: %s was chosen, since none was given: the %s", best->id,
              best->is_default ? "default" : "smallest");
    return best->id;
}

/* ---- The request -------------------------------------------------------------------------------
 */

/* The networks of the argument: UUID, or UUID@ADDRESS; one with an address makes objects of all. */
static void put_networks(nube_call *c, nube_json *j)
{
    size_t n = nube_arg_count(c, "network"), i;
    int objects = 0;

    for (i = 0; i < n; i++)
        objects |= strchr(nube_arg_at(c, "network", i), '@') != NULL;
    if (n)
        nube_json_array(j, "networks");
    for (i = 0; i < n; i++) {
        const char *text = nube_arg_at(c, "network", i), *at = strchr(text, '@');

        if (!objects) {
            nube_json_str(j, NULL, text);
            continue;
        }
        nube_json_object(j, NULL);
        nube_json_str(j, "ipv4_uuid", nube_fmt(c, "%.*s", (int)strcspn(text, "@"), text));
        if (at) {
            nube_json_array(j, "ipv4_ips");
            nube_json_str(j, NULL, at + 1);
            nube_json_end(j);
        }
        if (i == 0)
            nube_json_bool(j, "primary", 1);
        nube_json_end(j);
    }
    if (n)
        nube_json_end(j);
}

static void put_bools(nube_call *c, nube_json *j)
{
    static const char *const names[][2] = {{"firewall", "firewall_enabled"},
                                           {"deletion_protection", "deletion_protection"},
                                           {"allow_shared_images", "allow_shared_images"},
                                           {"delegate_dataset", "delegate_dataset"},
                                           {"encrypted", "encrypted"}};
    size_t i;

    for (i = 0; i < JOY_ROWS(names); i++)
        if (joy_flag(c, names[i][0]) >= 0)
            nube_json_bool(j, names[i][1], joy_flag(c, names[i][0]));
}

/* Metadata and tags are flat members of the request. */
static void put_labels(nube_call *c, nube_json *j)
{
    const char *key, *value, *data;
    size_t i, len;

    for (i = 0; nube_arg_pair(c, "metadata", i, &key, &value); i++)
        nube_json_str(j, nube_fmt(c, "metadata.%s", key), value);
    data = nube_arg_data(c, "boot_script", &len);
    if (data)
        nube_json_str(j, "metadata.user-script", nube_fmt(c, "%.*s", (int)len, data));
    data = nube_arg_data(c, "user_data", &len);
    if (data)
        nube_json_str(j, "metadata.user-data", nube_fmt(c, "%.*s", (int)len, data));
    for (i = 0; nube_arg_pair(c, "tag", i, &key, &value); i++)
        nube_json_str(j, nube_fmt(c, "tag.%s", key), value);
}

/* No name is a name of the server's own, which is unique. */
static enum nube_step launch(nube_call *c, const struct create *s)
{
    const char *package = nube_arg_str(c, "size") ? nube_arg_str(c, "size") : choose(c, s);
    nube_json *j;
    size_t i;

    if (!package)
        return NUBE_FAIL;
    j = nube_req_json(joy_request(c, NUBE_POST, "machines"));
    nube_json_str(j, "name", nube_arg_str(c, "name"));
    nube_json_str(j, s->image.datasets ? "dataset" : "image", s->image.best.id);
    nube_json_str(j, "package", package);
    put_networks(c, j);
    if (nube_arg_count(c, "affinity"))
        nube_json_array(j, "affinity");
    for (i = 0; i < nube_arg_count(c, "affinity"); i++)
        nube_json_str(j, NULL, nube_arg_at(c, "affinity", i));
    if (nube_arg_count(c, "affinity"))
        nube_json_end(j);
    nube_json_str(j, "brand", nube_arg_str(c, "brand"));
    put_bools(c, j);
    put_labels(c, j);
    return joy_send(c, MADE);
}

static enum nube_step looked(nube_call *c, struct create *s, const nube_reply *r)
{
    enum nube_step step;

    if (nube_reply_tag(r) == TAG_PACKAGES) {
        if (!joy_array(c, r))
            return NUBE_FAIL;
        s->packages_seen = 1;
    } else {
        step = joy_image_found(c, &s->image, r);
        if (step != NUBE_DONE)
            return step;
        s->image_seen = 1;
    }
    if (!s->packages_seen || !s->image_seen)
        return NUBE_SEND;
    if (!s->image.wanted)
        nube_note(c, "image: %s (%s) was chosen, since none was given: the %s", s->image.best.id,
                  s->image.best.name ? s->image.best.name : "without a name",
                  s->image.best.is_default ? "default" : "newest that is called base");
    return launch(c, s);
}

static enum nube_step made(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc = joy_object(c, r, "id");

    if (!doc)
        return NUBE_FAIL;
    nube_created(c, joy_text(doc, "id"));
    joy_emit_machine(c, nube_emit(c, NUBE_KIND_NODE), doc);
    return NUBE_DONE;
}

/* The image is looked at also when it is named: it says whether this API has images or datasets. */
enum nube_step joy_node_create(nube_call *c, const nube_reply *r)
{
    struct create *s = nube_state(c, sizeof(*s));
    nube_req *q;

    switch ((enum phase)nube_phase(c)) {
    case LOOK:
        return looked(c, s, r);
    case MADE:
        return made(c, r);
    case BEGIN:
        break;
    }
    joy_find_image(c, &s->image, nube_arg_str(c, "image"), TAG_IMAGE);
    s->packages_seen = nube_arg_str(c, "size") != NULL;
    if (!s->packages_seen) {
        q = joy_request(c, NUBE_GET, "packages");
        nube_req_tag(q, TAG_PACKAGES);
        nube_req_items(q, "", keep);
    }
    return joy_send(c, LOOK);
}
