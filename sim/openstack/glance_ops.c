/* Glance v2: an image's data, tags, members, and the schemas that clients ask for. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "../sim_int.h"
#include "openstack.h"

void os_glance_upload(struct os_call *c)
{
    const char *type = sim_header(c->q, "Content-Type");
    struct os_image *m = os_glance_get(c, true);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (!m)
        return;
    if (!type || strcmp(type, "application/octet-stream") != 0) {
        os_fail(c, 415, "Unsupported Content-Type");
        return;
    }
    if (strcmp(m->status, "queued") != 0 || m->due) {
        os_fail(c, 409, "Image status transition from %s to saving is not allowed", m->status);
        return;
    }
    sim_text_add(&m->data, c->q->body, c->q->body_len);
    m->size = (int64_t)c->q->body_len;
    EVP_Digest(c->q->body, c->q->body_len, digest, &n, EVP_md5(), NULL);
    for (unsigned i = 0; i < 16; i++)
        snprintf(m->checksum + (size_t)2 * i, 3, "%02x", digest[i]);
    m->status = "active";
    m->res.updated = c->now;
    c->r->status = 204;
}

void os_glance_download(struct os_call *c)
{
    struct os_image *m = os_glance_get(c, false);
    if (!m)
        return;
    if (!strcmp(m->status, "deactivated") && !c->admin) {
        os_fail(c, 403,
                "The requested image has been deactivated. Image data download is "
                "forbidden.");
        return;
    }
    if (m->data.len) {
        c->r->type = "application/octet-stream";
        sim_text_add(c->out, m->data.data, m->data.len);
    } else {
        c->r->status = 204;
    }
}

static void set_active(struct os_call *c, const char *from, const char *to)
{
    struct os_image *m = os_glance_get(c, true);
    if (!m)
        return;
    if (strcmp(m->status, from) != 0 && strcmp(m->status, to) != 0) {
        os_fail(c, 403, "Not allowed to change image in status '%s'", m->status);
        return;
    }
    m->status = to;
    c->r->status = 204;
}

void os_glance_deactivate(struct os_call *c)
{
    set_active(c, "active", "deactivated");
}

void os_glance_reactivate(struct os_call *c)
{
    set_active(c, "deactivated", "active");
}

void os_glance_tag(struct os_call *c)
{
    struct os_image *m = os_glance_get(c, true);
    if (!m)
        return;
    sim_dict_set(&m->tags, c->q->seg[1], "");
    c->r->status = 204;
}

void os_glance_untag(struct os_call *c)
{
    struct os_image *m = os_glance_get(c, true);
    if (m && sim_dict_remove(&m->tags, c->q->seg[1]))
        c->r->status = 204;
    else if (m)
        os_fail(c, 404, "Tag %s not found", c->q->seg[1]);
}

static void put_member(struct os_call *c, const struct os_image *m, const char *id)
{
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "image_id", m->res.id);
    sim_put_str(c->out, "member_id", id);
    sim_put_str(c->out, "status", sim_dict_get(&m->members, id));
    sim_put_time(c->out, "created_at", m->res.created);
    sim_put_time(c->out, "updated_at", m->res.updated);
    sim_put_str(c->out, "schema", "/v2/schemas/member");
    sim_put_end(c->out, '}');
}

/* The owner sees all; a member, itself. */
void os_glance_members(struct os_call *c)
{
    struct os_image *m = os_glance_get(c, false);
    if (!m)
        return;
    SIM_LIT(c->out, "{\"members\": [");
    for (size_t i = 0; i < m->members.n; i++) {
        const char *id = m->members.at[i].key;
        if (m->res.project != c->project && strcmp(id, c->project->id) != 0)
            continue;
        sim_put_sep(c->out);
        put_member(c, m, id);
    }
    SIM_LIT(c->out, "], \"schema\": \"/v2/schemas/members\"}");
}

void os_glance_member_add(struct os_call *c)
{
    struct os_image *m = os_glance_get(c, true);
    const char *id = sim_json_text(c->json, "member");
    if (!m)
        return;
    if (!id)
        os_fail(c, 400, "Member can't be empty");
    else if (strcmp(m->visibility, "shared") != 0)
        os_fail(c, 403, "Only shared images have members.");
    else if (sim_dict_get(&m->members, id))
        os_fail(c, 409, "The target member %s is already associated with image %s.", id, m->res.id);
    else {
        sim_dict_set(&m->members, id, "pending");
        put_member(c, m, id);
    }
}

static struct os_image *get_member(struct os_call *c)
{
    struct os_image *m = os_glance_get(c, false);
    if (!m || sim_dict_get(&m->members, c->q->seg[1]))
        return m;
    os_fail(c, 404, "%s not found in the member list of the image %s.", c->q->seg[1], m->res.id);
    return NULL;
}

void os_glance_member(struct os_call *c)
{
    struct os_image *m = get_member(c);
    if (m)
        put_member(c, m, c->q->seg[1]);
}

/* Whether it takes the image is the member's to say. */
void os_glance_member_update(struct os_call *c)
{
    struct os_image *m = get_member(c);
    const char *status = sim_json_text(c->json, "status");
    if (!m)
        return;
    if (strcmp(c->q->seg[1], c->project->id) != 0 && !c->admin)
        os_fail(c, 403, "You are not authorized to complete modify_member action.");
    else if (!status || (strcmp(status, "accepted") != 0 && strcmp(status, "rejected") != 0 &&
                         strcmp(status, "pending") != 0))
        os_fail(c, 400, "Status value must be one of: accepted, pending, rejected");
    else {
        sim_dict_set(&m->members, c->q->seg[1], status);
        put_member(c, m, c->q->seg[1]);
    }
}

void os_glance_member_delete(struct os_call *c)
{
    struct os_image *m = get_member(c);
    if (!m)
        return;
    if (m->res.project != c->project && !c->admin) {
        os_fail(c, 403, "You cannot delete image member.");
        return;
    }
    sim_dict_remove(&m->members, c->q->seg[1]);
    c->r->status = 204;
}

void os_glance_schema(struct os_call *c)
{
    static const char *const names[] = {"id",    "name",        "status",           "visibility",
                                        "owner", "disk_format", "container_format", "checksum"};
    if (strcmp(c->q->seg[0], "image") != 0) {
        os_fail(c, 404, "No schema %s", c->q->seg[0]);
        return;
    }
    SIM_LIT(c->out, "{\"name\": \"image\", \"properties\": {");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        sim_text_fmt(c->out, "%s\"%s\": {\"type\": [\"null\", \"string\"]}", i ? ", " : "",
                     names[i]);
    SIM_LIT(c->out, "}, \"additionalProperties\": {\"type\": \"string\"}, \"links\": []}");
}
