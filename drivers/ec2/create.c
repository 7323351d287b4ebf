/* Creating nodes: where, what size when none was said, and what came of it. */
#include <string.h>

#include "ec2.h"

enum phase { BEGIN, LOOK, LAUNCHED };

struct create {
    int region;
};

/* The region of a zone: the longest name it begins with. */
static int region_of_zone(nube_call *c, const char *zone)
{
    const char *name;
    size_t best = 0, len;
    int i, found = 0;

    for (i = 0; (name = ec2_region_name(c, i)); i++) {
        len = strlen(name);
        if (len > best && strncmp(zone, name, len) == 0) {
            best = len;
            found = i;
        }
    }
    return found;
}

static int choose_region(nube_call *c)
{
    const char *location = nube_arg_str(c, "location");

    return nube_arg_str(c, "region") || !location ? ec2_region_arg(c) : region_of_zone(c, location);
}

/* The smallest that AWS itself proposes, by the processor that the image is for. */
static const char *small_size(const char *architecture)
{
    if (architecture && strncmp(architecture, "arm64", 5) == 0)
        return "t4g.micro";
    return architecture && strcmp(architecture, "i386") == 0 ? "t2.micro" : "t3.micro";
}

static enum nube_step launch(nube_call *c, const struct create *s, const char *size)
{
    return ec2_launch(c, s->region, size) ? NUBE_FAIL : ec2_send(c, LAUNCHED);
}

static enum nube_step begin(nube_call *c, struct create *s)
{
    const char *size = nube_arg_str(c, "size"), *image = nube_arg_str(c, "image");
    struct ec2_filters f = {NULL, 0, 0};

    s->region = choose_region(c);
    if (s->region < 0)
        return NUBE_FAIL;
    if (size)
        return launch(c, s, size);
    if (strncmp(image, "resolve:", 8) == 0)
        return launch(c, s, small_size(NULL));
    f.q = ec2_read(c, s->region, "DescribeImages");
    ec2_filter(c, &f, "image-id", image);
    return ec2_send(c, LOOK);
}

static enum nube_step looked(nube_call *c, const nube_reply *r, const struct create *s)
{
    const nube_doc *doc = ec2_reply(c, r, "imagesSet"), *image;
    const char *size;

    image = ec2_find_image(c, doc, nube_arg_str(c, "image"));
    if (doc && !image)
        nube_fail(c, NUBE_E_NOT_FOUND, "there is no image %s in %s", nube_arg_str(c, "image"),
                  ec2_region_name(c, s->region));
    if (!image)
        return NUBE_FAIL;
    size = small_size(ec2_text(c, image, "architecture"));
    nube_note(c, "size: %s was chosen, since none was given", size);
    return launch(c, s, size);
}

/* The reply is the reservation itself. */
static enum nube_step launched(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc = ec2_reply(c, r, "instancesSet"), *k, *first;

    first = nube_doc_first(nube_doc_get(doc, "instancesSet"));
    if (!doc)
        return NUBE_FAIL;
    if (!ec2_text(c, first, "instanceId"))
        return nube_fail(c, NUBE_E_PROTOCOL, "the reply to RunInstances names no instance");
    for (k = first; k; k = nube_doc_next(k))
        nube_created(c, ec2_text(c, k, "instanceId"));
    nube_created(c, ec2_text(c, first, "instanceId"));
    ec2_reservation(c, doc);
    return NUBE_DONE;
}

enum nube_step ec2_node_create(nube_call *c, const nube_reply *r)
{
    struct create *s = nube_state(c, sizeof(*s));

    switch ((enum phase)nube_phase(c)) {
    case LOOK:
        return looked(c, r, s);
    case LAUNCHED:
        return launched(c, r);
    case BEGIN:
        break;
    }
    return begin(c, s);
}
