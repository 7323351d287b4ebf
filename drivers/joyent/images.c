/* Images, and the datasets that the API's 6.5 had in their place: list, get, and finding one. */
#include <stdlib.h>
#include <string.h>

#include "joyent.h"

/* ---- One image -------------------------------------------------------------------------- */

static const struct nube_field_row rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"os", NUBE_OS, NUBE_TYPE_STRING, NULL},
    {"description", NUBE_DESCRIPTION, NUBE_TYPE_STRING, NULL},
    {"owner", NUBE_OWNER, NUBE_TYPE_STRING, NULL},
    {"public", NUBE_PUBLIC, NUBE_TYPE_BOOL, NULL},
    {"created", NUBE_CREATED, NUBE_TYPE_STRING, NULL},
    {"published_at", NUBE_CREATED, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "image_name"},
    {"version", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "version"},
    {"urn", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "urn"},
    {"type", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "type"},
    {"homepage", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "homepage"},
    {"origin", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "origin"},
    {"image_size", NUBE_FIELD_NONE, NUBE_TYPE_INT, "image_size"},
    {"requirements.brand", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "requirements.brand"},
    {"requirements.min_ram", NUBE_FIELD_NONE, NUBE_TYPE_INT, "requirements.min_ram"},
    {"requirements.max_ram", NUBE_FIELD_NONE, NUBE_TYPE_INT, "requirements.max_ram"},
    {"requirements.min_memory", NUBE_FIELD_NONE, NUBE_TYPE_INT, "requirements.min_memory"},
    {"requirements.max_memory", NUBE_FIELD_NONE, NUBE_TYPE_INT, "requirements.max_memory"},
    {"requirements.password", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "generates_password"},
    {"generates_passwords", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "generates_password"},
    {"error.code", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "error.code"},
    {"error.message", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "error.message"},
};

/* A name may be that of many: with the version behind it, it is nearly always one. */
static void emit(nube_call *c, const nube_doc *image)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_IMAGE);
    const char *name = joy_text(image, "name"), *version = joy_text(image, "version");
    const nube_doc *k;

    joy_fields(o, image, rows, JOY_ROWS(rows));
    nube_set(o, NUBE_NAME, name && version ? nube_fmt(c, "%s@%s", name, version) : name);
    nube_set_state(o, joy_text(image, "state"));
    if (nube_doc_get(image, "default"))
        nube_set_bool(o, NUBE_DEFAULT, nube_doc_bool(image, "default", 0));
    nube_extra_doc(o, "size", nube_doc_get(nube_doc_first(nube_doc_get(image, "files")), "size"));
    for (k = nube_doc_first(nube_doc_get(image, "tags")); k; k = nube_doc_next(k))
        if (nube_doc_name(k) && nube_doc_text(k))
            nube_add_pair(o, NUBE_TAGS, nube_doc_name(k), nube_doc_text(k));
}

/* ---- Names -------------------------------------------------------------------------------- */

static int is_uuid(const char *text)
{
    size_t i;

    for (i = 0; i < 36; i++)
        if (i == 8 || i == 13 || i == 18 || i == 23
                ? text[i] != '-'
                : !text[i] || !strchr("0123456789abcdefABCDEF", text[i]))
            return 0;
    return text[36] == '\0';
}

static int is(const char *value, const char *wanted, size_t len)
{
    return !len || (value && strlen(value) == len && strncmp(value, wanted, len) == 0);
}

/* A URN is CLOUD:CREATOR:NAME:VERSION; a part that is empty or left out may be anything. */
static int fits_urn(const char *urn, const char *wanted)
{
    size_t n, len;

    for (;; urn += n + 1, wanted += len + 1) {
        n = strcspn(urn, ":");
        len = strcspn(wanted, ":");
        if (len && (n != len || strncmp(urn, wanted, n) != 0))
            return 0;
        if (!wanted[len])
            return 1;
        if (!urn[n])
            return !wanted[len + 1];
    }
}

/* Where the images have no URN, its last two parts are name and version. */
static int fits_parts(const nube_doc *image, const char *wanted)
{
    const char *name = strchr(wanted, ':'), *version;

    name = name ? strchr(name + 1, ':') : NULL;
    if (!name)
        return 0;
    name++;
    version = strchr(name, ':');
    return is(joy_text(image, "name"), name, strcspn(name, ":")) &&
           (!version || is(joy_text(image, "version"), version + 1, strlen(version + 1)));
}

/* NAME or NAME@VERSION */
static int fits_name(const nube_doc *image, const char *wanted)
{
    size_t len = strcspn(wanted, "@");

    return len && is(joy_text(image, "name"), wanted, len) &&
           (!wanted[len] ||
            is(joy_text(image, "version"), wanted + len + 1, strlen(wanted + len + 1)));
}

static int fits(const nube_doc *image, const char *wanted)
{
    const char *id = joy_text(image, "id"), *urn = joy_text(image, "urn");

    if (id && strcmp(id, wanted) == 0)
        return 1;
    if (strchr(wanted, ':'))
        return urn ? fits_urn(urn, wanted) : fits_parts(image, wanted);
    return fits_name(image, wanted);
}

/* ---- Finding one ---------------------------------------------------------------------------- */

/* A number, or one other character, which counts for nothing. */
static long take_part(const char **at)
{
    char *end;
    long n;

    if (**at < '0' || **at > '9') {
        (*at)++;
        return 0;
    }
    n = strtol(*at, &end, 10);
    *at = end;
    return n;
}

/* 1.10 is newer than 1.9. */
static int compare_versions(const char *a, const char *b)
{
    long x, y;

    while (a && b && *a && *b) {
        x = take_part(&a);
        y = take_part(&b);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a && *a) - (b && *b);
}

/* What is the default goes before, where nothing is said. */
static int is_better(const struct joy_find *f, const struct joy_image *a)
{
    const struct joy_image *b = &f->best;

    if (!f->wanted && a->is_default != b->is_default)
        return a->is_default;
    return a->time != b->time ? a->time > b->time : compare_versions(a->version, b->version) > 0;
}

static int64_t limit_of(const nube_doc *image, const char *ram, const char *memory)
{
    return nube_doc_int(image, ram, nube_doc_int(image, memory, 0));
}

static struct joy_image image_of(const nube_doc *image)
{
    const char *at = joy_text(image, "published_at");
    struct joy_image i = {
        joy_text(image, "id"),
        joy_text(image, "name"),
        joy_text(image, "version"),
        joy_text(image, "requirements.brand"),
        nube_time_of(at ? at : joy_text(image, "created")),
        limit_of(image, "requirements.min_ram", "requirements.min_memory"),
        limit_of(image, "requirements.max_ram", "requirements.max_memory"),
        nube_doc_bool(image, "default", 0),
    };

    return i;
}

static void keep(nube_call *c, struct joy_find *f, const nube_doc *image)
{
    struct joy_image i = image_of(image);

    if (f->best.id && !is_better(f, &i))
        return;
    f->best = i;
    f->best.id = nube_strdup(c, i.id);
    f->best.name = nube_strdup(c, i.name);
    f->best.version = nube_strdup(c, i.version);
    f->best.brand = nube_strdup(c, i.brand);
}

/* To begin with: the datacenter's default, else the newest of those that are called base. */
static void candidate(nube_call *c, const nube_doc *item)
{
    struct joy_find *f = nube_state(c, sizeof(*f));
    const char *name = joy_text(item, "name"), *state = joy_text(item, "state");

    if (!joy_text(item, "id") || (state && strcmp(state, "active") != 0))
        return;
    if (f->wanted ? fits(item, f->wanted)
                  : (name && strncmp(name, "base", 4) == 0) || nube_doc_bool(item, "default", 0))
        keep(c, f, item);
}

static void ask(nube_call *c, struct joy_find *f, int tag)
{
    int by_id = f->wanted && is_uuid(f->wanted);
    nube_req *q = joy_request(c, NUBE_GET, f->datasets ? "datasets" : "images");

    nube_req_tag(q, tag);
    nube_req_about(q, nube_fmt(c, "image %s", f->wanted ? f->wanted : "to begin with"));
    if (by_id)
        nube_req_seg(q, f->wanted);
    else
        nube_req_items(q, "", candidate);
    if (!f->datasets)
        nube_req_allow(q, 404);
}

void joy_find_image(nube_call *c, struct joy_find *f, const char *wanted, int tag)
{
    f->wanted = wanted;
    ask(c, f, tag);
}

/* An API without images has datasets. */
enum nube_step joy_image_found(nube_call *c, struct joy_find *f, const nube_reply *r)
{
    const nube_doc *doc;

    if (nube_reply_status(r) == 404) {
        f->datasets = 1;
        ask(c, f, nube_reply_tag(r));
        return NUBE_SEND;
    }
    if (f->wanted && is_uuid(f->wanted)) {
        doc = joy_object(c, r, "id");
        if (!doc)
            return NUBE_FAIL;
        keep(c, f, doc);
    } else if (!joy_array(c, r)) {
        return NUBE_FAIL;
    }
    if (f->best.id)
        return NUBE_DONE;
    return f->wanted ? nube_fail(c, NUBE_E_NOT_FOUND, "there is no image %s; see: nube image list",
                                 f->wanted)
                     : nube_fail(c, NUBE_E_NOT_FOUND,
                                 "there is no default image and none that is called base: name "
                                 "one; see: nube image list");
}

/* ---- Verbs ---------------------------------------------------------------------------------- */

/* What the server was asked for is asked of its datasets here, which it does not narrow. */
static void listed(nube_call *c, const nube_doc *item)
{
    const char *name = nube_arg_str(c, "name");

    if (!name || fits_name(item, name))
        emit(c, item);
}

static void ask_list(nube_call *c, const char *path)
{
    static const char *const same[] = {"os", "state", "owner", "type"};
    nube_req *q = joy_request(c, NUBE_GET, path);
    const char *name = nube_arg_str(c, "name"), *version = nube_arg_str(c, "version");
    int public = joy_flag(c, "public");
    size_t i;

    if (name)
        nube_req_query(q, "name", nube_fmt(c, "%.*s", (int)strcspn(name, "@"), name));
    if (name && strchr(name, '@') && !version)
        version = strchr(name, '@') + 1;
    nube_req_query(q, "version", version);
    for (i = 0; i < JOY_ROWS(same); i++)
        nube_req_query(q, same[i], nube_arg_str(c, same[i]));
    if (public >= 0)
        nube_req_query(q, "public", public ? "true" : "false");
    nube_req_items(q, "", listed);
    if (strcmp(path, "images") == 0)
        nube_req_allow(q, 404);
}

enum nube_step joy_image_list(nube_call *c, const nube_reply *r)
{
    if (!r) {
        nube_filter_done(c, "name");
        ask_list(c, "images");
        return NUBE_SEND;
    }
    if (nube_reply_status(r) == 404) {
        ask_list(c, "datasets");
        return NUBE_SEND;
    }
    return joy_array(c, r) ? NUBE_DONE : NUBE_FAIL;
}

enum { BEGIN, FIND, SHOW };

/* What was found in a list is asked for by its id: the list's elements are gone by then. */
enum nube_step joy_image_get(nube_call *c, const nube_reply *r)
{
    struct joy_find *f = nube_state(c, sizeof(*f));
    const nube_doc *doc = nube_reply_doc(r);
    enum nube_step step;

    if (nube_phase(c) == BEGIN) {
        joy_find_image(c, f, nube_arg_str(c, "id"), 0);
        return joy_send(c, FIND);
    }
    if (nube_phase(c) == FIND) {
        step = joy_image_found(c, f, r);
        if (step != NUBE_DONE)
            return step;
        if (!is_uuid(f->wanted)) {
            nube_req_seg(joy_request(c, NUBE_GET, f->datasets ? "datasets" : "images"), f->best.id);
            return joy_send(c, SHOW);
        }
    }
    if (!joy_object(c, r, "id"))
        return NUBE_FAIL;
    emit(c, doc);
    return NUBE_DONE;
}

/* The machine must be stopped; the image is there at once, and is ready when it is active. */
enum nube_step joy_image_create(nube_call *c, const nube_reply *r)
{
    const char *key, *value;
    nube_json *j;
    size_t i;

    if (r) {
        if (!joy_object(c, r, "id"))
            return NUBE_FAIL;
        nube_created(c, joy_text(nube_reply_doc(r), "id"));
        emit(c, nube_reply_doc(r));
        return NUBE_DONE;
    }
    j = nube_req_json(joy_request(c, NUBE_POST, "images"));
    nube_json_str(j, "machine", nube_arg_str(c, "node"));
    nube_json_str(j, "name", nube_arg_str(c, "name"));
    nube_json_str(j, "version", nube_arg_str(c, "version") ? nube_arg_str(c, "version") : "1.0.0");
    nube_json_str(j, "description", nube_arg_str(c, "description"));
    nube_json_str(j, "homepage", nube_arg_str(c, "homepage"));
    if (nube_arg_count(c, "tag"))
        nube_json_object(j, "tags");
    for (i = 0; nube_arg_pair(c, "tag", i, &key, &value); i++)
        nube_json_str(j, key, value);
    return NUBE_SEND;
}

enum nube_step joy_image_delete(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = joy_request(c, NUBE_DELETE, "images");
    nube_req_seg(q, nube_arg_str(c, "id"));
    nube_req_about(q, nube_fmt(c, "image %s", nube_arg_str(c, "id")));
    nube_req_flag(q, NUBE_REQ_TOKENED);
    return NUBE_SEND;
}
