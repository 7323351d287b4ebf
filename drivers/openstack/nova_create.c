/* Creating servers: the size when none was said, what was made, and how it is shown. */
#include <string.h>

#include "nova.h"

enum phase { BEGIN, LOOK, MADE, SHOW, SHOW_ALL };
enum { TAG_IMAGE, TAG_SIZES };

struct size {
    const char *id;
    int64_t ram, cores, disk;
};

struct create {
    int64_t min_ram, min_disk;
    int image_seen, sizes_seen;
    struct size sizes[128]; /* the smallest are enough */
    size_t n_sizes;
    nube_obj *node; /* emitted as soon as the server exists, filled in when it was looked at */
};

/* ---- A size that fits ---------------------------------------------------------------- */

/* Kept until the image is known, since the replies come in any order. */
static void keep_size(nube_call *c, const nube_doc *item)
{
    struct create *s = nube_state(c, sizeof(*s));
    struct size *at = &s->sizes[s->n_sizes];

    if (s->n_sizes == NOVA_ROWS(s->sizes) || !nova_text(item, "id") ||
        nube_doc_bool(item, "OS-FLV-DISABLED:disabled", 0))
        return;
    at->id = nube_strdup(c, nova_text(item, "id"));
    at->ram = nube_doc_int(item, "ram", 0);
    at->cores = nube_doc_int(item, "vcpus", 0);
    at->disk = nube_doc_int(item, "disk", 0);
    s->n_sizes++;
}

/* A flavor without a disk makes one as large as the image, or needs a volume. */
static int fits(nube_call *c, const struct create *s, const struct size *size)
{
    if (!size->disk && nova_dialect.diskless_on_volume && !nube_arg_str(c, "volume_size"))
        return 0;
    return size->ram >= s->min_ram && (!size->disk || size->disk >= s->min_disk);
}

static int smaller(const struct size *a, const struct size *b)
{
    return a->ram != b->ram       ? a->ram < b->ram
           : a->cores != b->cores ? a->cores < b->cores
                                  : a->disk < b->disk;
}

static const char *smallest(nube_call *c, const struct create *s)
{
    const struct size *best = NULL;
    size_t i;

    for (i = 0; i < s->n_sizes; i++)
        if (fits(c, s, &s->sizes[i]) && (!best || smaller(&s->sizes[i], best)))
            best = &s->sizes[i];
    if (best) {
        nube_note(c, "size: %s was chosen, since none was given", best->id);
        return best->id;
    }
    nube_fail(c, NUBE_E_NOT_FOUND, "no size fits image %s: name one; see: nube size list",
              nube_arg_str(c, "image"));
    return NULL;
}

static enum nube_step look(nube_call *c)
{
    nube_req *q;

    nube_req_tag(nova_image(c, NUBE_GET, nube_arg_str(c, "image")), TAG_IMAGE);
    q = nova_request(c, NUBE_GET, NOVA_READ);
    nube_req_path(q, "flavors/detail");
    nube_req_query(q, "sort_key", "memory_mb");
    nube_req_items(q, "flavors", keep_size);
    nube_req_tag(q, TAG_SIZES);
    return nova_send(c, LOOK);
}

/* The one member or the other: Glance's, or Nova's own. */
static void keep_needs(struct create *s, const nube_doc *image)
{
    s->min_ram = nube_doc_int(image, "min_ram", nube_doc_int(image, "minRam", 0));
    s->min_disk = nube_doc_int(image, "min_disk", nube_doc_int(image, "minDisk", 0));
    s->image_seen = 1;
}

static enum nube_step looked(nube_call *c, struct create *s, const nube_reply *r)
{
    const nube_doc *image;
    const char *size;

    if (nube_reply_tag(r) == TAG_SIZES) {
        if (!nova_member(c, r, "flavors", NUBE_DOC_ARRAY))
            return NUBE_FAIL;
        s->sizes_seen = 1;
    } else {
        image = nova_image_of(c, r);
        if (!image)
            return NUBE_FAIL;
        keep_needs(s, image);
    }
    if (!s->sizes_seen || !s->image_seen)
        return NUBE_SEND;
    size = smallest(c, s);
    return size && nova_launch(c, size) == 0 ? nova_send(c, MADE) : NUBE_FAIL;
}

static enum nube_step begin(nube_call *c)
{
    const char *size = nube_arg_str(c, "size");

    if (!size && nube_arg_str(c, "image"))
        return look(c);
    if (!size)
        return nube_fail(c, NUBE_E_USAGE, "name a size: without an image none can be chosen");
    return nova_launch(c, size) == 0 ? nova_send(c, MADE) : NUBE_FAIL;
}

/* ---- What was made ------------------------------------------------------------------- */

static void add_login(nube_call *c, nube_obj *o, const char *password)
{
    nube_secret(c, password);
    nube_set(o, NUBE_AUTH_TYPE, nube_arg_str(c, "key") ? "key" : "password");
    nube_set(o, NUBE_PASSWORD, nova_is_key_only(nube_arg_str(c, "size")) ? NULL : password);
}

static void listed(nube_call *c, const nube_doc *item)
{
    nube_created(c, nova_text(item, "id"));
    nova_emit_server(c, nube_emit(c, NUBE_KIND_NODE), item);
}

static enum nube_step show_all(nube_call *c, const char *reservation)
{
    nube_req *q = nova_request(c, NUBE_GET, NOVA_READ);

    nube_created(c, reservation);
    nube_req_path(q, "servers/detail");
    nube_req_query(q, "reservation_id", reservation);
    nube_req_items(q, "servers", listed);
    return nova_send(c, SHOW_ALL);
}

/* The reply has neither name nor state: it is looked at, and the password is kept meanwhile. */
static enum nube_step made(nube_call *c, struct create *s, const nube_reply *r)
{
    const nube_doc *server = nube_doc_get(nube_reply_doc(r), "server");
    const char *reservation = nova_text(nube_reply_doc(r), "reservation_id");
    const char *id = nube_strdup(c, nova_text(server, "id"));
    nube_req *q;

    if (reservation)
        return show_all(c, reservation);
    if (!id)
        return nube_fail(c, NUBE_E_PROTOCOL,
                         "the reply to the request does not name the new server");
    nube_created(c, id);
    s->node = nube_emit(c, NUBE_KIND_NODE);
    nube_set(s->node, NUBE_ID, id);
    nube_set(s->node, NUBE_NAME, nube_arg_str(c, "name"));
    nube_set(s->node, NUBE_IMAGE, nube_arg_str(c, "image"));
    nube_set_state(s->node, "BUILD");
    add_login(c, s->node, nova_text(server, "adminPass"));
    q = nova_request(c, NUBE_GET, NOVA_READ);
    nube_req_path(q, "servers");
    nube_req_seg(q, id);
    nube_req_about(q, nube_fmt(c, "node %s", id));
    nube_req_allow(q, 404); /* a cell may not know it yet: then it is what it was when made */
    return nova_send(c, SHOW);
}

enum nube_step nova_node_create(nube_call *c, const nube_reply *r)
{
    struct create *s = nube_state(c, sizeof(*s));
    const nube_doc *server;

    switch ((enum phase)nube_phase(c)) {
    case LOOK:
        return looked(c, s, r);
    case MADE:
        return made(c, s, r);
    case SHOW:
        if (nube_reply_status(r) == 404)
            return NUBE_DONE;
        server = nova_member(c, r, "server", NUBE_DOC_OBJECT);
        if (server)
            nova_emit_server(c, s->node, server);
        return server ? NUBE_DONE : NUBE_FAIL;
    case SHOW_ALL:
        return nova_member(c, r, "servers", NUBE_DOC_ARRAY) ? NUBE_DONE : NUBE_FAIL;
    case BEGIN:
        break;
    }
    return begin(c);
}
