/* Images: list, search, the newest of a family, get, and how EC2's fields become Nube's. */
#include <string.h>
#include <strings.h>

#include "ec2.h"

/* ---- One image ---------------------------------------------------------------------- */

static const struct nube_field_row rows[] = {
    {"imageId", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"architecture", NUBE_ARCHITECTURE, NUBE_TYPE_STRING, NULL},
    {"imageOwnerId", NUBE_OWNER, NUBE_TYPE_STRING, NULL},
    {"isPublic", NUBE_PUBLIC, NUBE_TYPE_BOOL, NULL},
    {"creationDate", NUBE_CREATED, NUBE_TYPE_STRING, NULL},
    {"description", NUBE_DESCRIPTION, NUBE_TYPE_STRING, NULL},
    {"imageOwnerAlias", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "owner_alias"},
    {"imageLocation", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "image_location"},
    {"imageType", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "image_type"},
    {"platformDetails", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "platform_details"},
    {"rootDeviceType", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "root_device_type"},
    {"rootDeviceName", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "root_device"},
    {"virtualizationType", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "virtualization"},
    {"bootMode", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "boot_mode"},
    {"imdsSupport", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "imds_support"},
    {"enaSupport", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "ena_support"},
    {"deprecationTime", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "deprecated_at"},
    {"stateReason.message", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "state_reason"},
};

/* EC2 does not say what is inside; names of published images do. */
static const struct {
    const char *part, *distribution;
} names[] = {
    {"ubuntu", "ubuntu"}, {"debian", "debian"},  {"amzn", "amazon"},     {"al2023", "amazon"},
    {"rhel", "rhel"},     {"centos", "centos"},  {"fedora", "fedora"},   {"suse", "suse"},
    {"rocky", "rocky"},   {"almalinux", "alma"}, {"freebsd", "freebsd"},
};

static int holds(const char *text, const char *part)
{
    size_t n = strlen(part);

    for (; text && *text; text++)
        if (strncasecmp(text, part, n) == 0)
            return 1;
    return 0;
}

static void add_system(nube_call *c, nube_obj *o, const nube_doc *doc)
{
    const char *platform = ec2_text(c, doc, "platform"), *name = ec2_text(c, doc, "name");
    size_t i;

    nube_set(o, NUBE_OS, platform && strcasecmp(platform, "windows") == 0 ? "windows" : "linux");
    for (i = 0; i < EC2_ROWS(names); i++)
        if (holds(name, names[i].part)) {
            nube_set(o, NUBE_DISTRIBUTION, names[i].distribution);
            return;
        }
}

/* A date or name that is missing sinks nothing: only the id must be there. */
static void image(nube_call *c, const nube_doc *doc)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_IMAGE);
    const nube_doc *disks = nube_doc_get(doc, "blockDeviceMapping");

    ec2_fields(c, o, doc, rows, EC2_ROWS(rows));
    nube_set_state(o, ec2_text(c, doc, "imageState"));
    add_system(c, o, doc);
    ec2_tags(o, doc, 0);
    nube_extra(o, "snapshots", ec2_join(c, disks, "ebs.snapshotId"));
    nube_extra(o, "disk_sizes", ec2_join(c, disks, "ebs.volumeSize"));
}

/* ---- List --------------------------------------------------------------------------- */

/* Without an owner the list would be that of the world, hundreds of thousands long. */
static void narrow_list(nube_call *c, nube_req *q)
{
    struct ec2_filters f = {q, 0, 0};
    const char *id = nube_arg_str(c, "id");

    if (nube_arg_count(c, "owner"))
        ec2_param_list(c, q, "Owner", "owner");
    else if (!id && !nube_arg_count(c, "executable_by"))
        nube_req_form(q, "Owner.1", "self");
    ec2_param_list(c, q, "ExecutableBy", "executable_by");
    if (nube_arg_bool(c, "deprecated", 0))
        nube_req_form(q, "IncludeDeprecated", "true");
    ec2_filter(c, &f, "image-id", id);
    ec2_filter(c, &f, "name", nube_arg_str(c, "name"));
    ec2_filter_tags(c, &f);
}

enum nube_step ec2_image_list(nube_call *c, const nube_reply *r)
{
    static const struct ec2_list l = {"DescribeImages", "imagesSet", image, 1000, narrow_list};
    int region = ec2_region_arg(c);

    return region < 0 ? NUBE_FAIL : ec2_list(c, r, &l, region);
}

/* ---- Search ------------------------------------------------------------------------- */

/* A part of the name, or a pattern of its own; an id is looked up as that. Everything that the
 * account may start is searched: its own, shared, public and community images. */
static void narrow_search(nube_call *c, nube_req *q)
{
    struct ec2_filters f = {q, 0, 0};
    const char *term = nube_arg_str(c, "term");

    ec2_param_list(c, q, "Owner", "owner");
    if (strncmp(term, "ami-", 4) == 0)
        ec2_filter(c, &f, "image-id", term);
    else
        ec2_filter_like(&f, "name", strpbrk(term, "*?") ? term : nube_fmt(c, "*%s*", term));
    ec2_filter(c, &f, "architecture", nube_arg_str(c, "architecture"));
    ec2_filter(c, &f, "state", "available");
}

enum { BEGIN, PAGES, NEWEST };

struct newest {
    int region;
    const char *id, *date;
};

/* Dates are ISO 8601, so text compares as they do; one that is missing is older than any. */
static void compare(nube_call *c, const nube_doc *item)
{
    struct newest *best = nube_state(c, sizeof(*best));
    const char *date = ec2_text(c, item, "creationDate"), *id = ec2_text(c, item, "imageId");

    if (!id || (best->id && strcmp(date ? date : "", best->date) <= 0))
        return;
    best->id = nube_strdup(c, id);
    best->date = nube_strdup(c, date ? date : "");
}

static enum nube_step ask_page(nube_call *c, const struct newest *best, const char *token)
{
    nube_req *q = ec2_read(c, best->region, "DescribeImages");

    nube_req_form(q, "MaxResults", "1000");
    nube_req_form(q, "NextToken", token);
    narrow_search(c, q);
    nube_req_items(q, "DescribeImagesResponse.imagesSet", compare);
    return ec2_send(c, PAGES);
}

static enum nube_step ask_one(nube_call *c, int region, const char *id)
{
    struct ec2_filters f = {ec2_read(c, region, "DescribeImages"), 0, 0};

    ec2_filter(c, &f, "image-id", id);
    return ec2_send(c, NEWEST);
}

static enum nube_step page(nube_call *c, const nube_reply *r, const struct newest *best)
{
    const nube_doc *doc = ec2_reply(c, r, "imagesSet");
    const char *token = ec2_text(c, doc, "nextToken");

    if (!doc)
        return NUBE_FAIL;
    if (token)
        return ask_page(c, best, token);
    return best->id ? ask_one(c, best->region, best->id) : NUBE_DONE;
}

const nube_doc *ec2_find_image(nube_call *c, const nube_doc *doc, const char *id)
{
    const nube_doc *k = nube_doc_first(nube_doc_get(doc, "imagesSet"));

    while (k && !ec2_is(c, k, "imageId", id))
        k = nube_doc_next(k);
    return k;
}

static enum nube_step show(nube_call *c, const nube_reply *r, const char *id)
{
    const nube_doc *doc = ec2_reply(c, r, "imagesSet"), *found = ec2_find_image(c, doc, id);

    if (found)
        image(c, found);
    return doc ? NUBE_DONE : NUBE_FAIL;
}

/* All pages are looked through, and the one image is asked for again: what was seen is not kept. */
static enum nube_step newest(nube_call *c, const nube_reply *r)
{
    struct newest *best = nube_state(c, sizeof(*best));

    switch (nube_phase(c)) {
    case PAGES:
        return page(c, r, best);
    case NEWEST:
        return show(c, r, best->id);
    default:
        best->region = ec2_region_arg(c);
        return best->region < 0 ? NUBE_FAIL : ask_page(c, best, NULL);
    }
}

enum nube_step ec2_image_search(nube_call *c, const nube_reply *r)
{
    static const struct ec2_list l = {"DescribeImages", "imagesSet", image, 1000, narrow_search};
    int region = ec2_region_arg(c);

    if (nube_arg_bool(c, "newest", 0))
        return newest(c, r);
    return region < 0 ? NUBE_FAIL : ec2_list(c, r, &l, region);
}

/* ---- Get ---------------------------------------------------------------------------- */

/* One that was made a moment ago may not be visible yet. */
enum nube_step ec2_image_get(nube_call *c, const nube_reply *r)
{
    const char *id = nube_arg_str(c, "id");
    const nube_doc *doc;
    int region = ec2_region_arg(c);
    nube_obj *o;

    if (region < 0)
        return NUBE_FAIL;
    if (!r)
        return ask_one(c, region, id);
    doc = ec2_reply(c, r, "imagesSet");
    if (!doc || ec2_find_image(c, doc, id))
        return show(c, r, id);
    if (!nube_was_created(c, id))
        return nube_fail(c, NUBE_E_NOT_FOUND, "there is no image %s in %s", id,
                         ec2_region_name(c, region));
    o = nube_emit(c, NUBE_KIND_IMAGE);
    nube_set(o, NUBE_ID, id);
    nube_set_state(o, "pending");
    return NUBE_DONE;
}
