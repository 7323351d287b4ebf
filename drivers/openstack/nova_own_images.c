/* Images as Nova itself shows them, where a cloud has no Glance of version 2: Rackspace, HP. */
#include <string.h>
#include <strings.h>

#include "nova.h"

static const struct nube_field_row rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"metadata.os_type", NUBE_OS, NUBE_TYPE_STRING, NULL},
    {"metadata.os_distro", NUBE_DISTRIBUTION, NUBE_TYPE_STRING, NULL},
    {"metadata.os_version", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "os_version"},
    {"metadata.arch", NUBE_ARCHITECTURE, NUBE_TYPE_STRING, NULL},
    {"metadata.architecture", NUBE_ARCHITECTURE, NUBE_TYPE_STRING, NULL},
    {"created", NUBE_CREATED, NUBE_TYPE_STRING, NULL},
    {"updated", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "updated"},
    {"tenant_id", NUBE_OWNER, NUBE_TYPE_STRING, NULL},
    {"progress", NUBE_FIELD_NONE, NUBE_TYPE_INT, "progress"},
    {"minRam", NUBE_FIELD_NONE, NUBE_TYPE_INT, "min_ram"},
    {"minDisk", NUBE_FIELD_NONE, NUBE_TYPE_INT, "min_disk"},
    {"OS-EXT-IMG-SIZE:size", NUBE_FIELD_NONE, NUBE_TYPE_INT, "size"},
    {"OS-DCF:diskConfig", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "disk_config"},
    {"server.id", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "node"},
};

int nova_has_own_images(nube_call *c)
{
    const char *where = nube_session_str(c, "images");

    return where && strcmp(where, "compute") == 0;
}

/* An image of a server is its owner's; of the others only the cloud says whose they are. */
static void add_public(nube_obj *o, const nube_doc *image)
{
    const char *type = nova_text(image, "metadata.image_type");

    if (type)
        nube_set_bool(o, NUBE_PUBLIC, strcasecmp(type, "base") == 0);
    else if (nova_text(image, "server.id"))
        nube_set_bool(o, NUBE_PUBLIC, 0);
}

void nova_emit_own_image(nube_call *c, nube_obj *o, const nube_doc *image)
{
    const nube_doc *k = nube_doc_first(nube_doc_get(image, "metadata"));

    nova_fields(o, image, rows, NOVA_ROWS(rows));
    nube_set_state(o, nova_text(image, "status"));
    add_public(o, image);
    for (; k; k = nube_doc_next(k))
        if (nube_doc_name(k) && nova_filled(nube_doc_text(k)))
            nube_extra_doc(o, nube_fmt(c, "metadata.%s", nube_doc_name(k)), k);
}
