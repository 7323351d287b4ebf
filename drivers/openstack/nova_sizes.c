/* Flavors as sizes. Nova knows no prices. */
#include "nova.h"

enum { SPECS = 61 }; /* from 2.61 on a flavor has its extra specs in it */

static const struct nube_field_row rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"ram", NUBE_RAM, NUBE_TYPE_INT, NULL},
    {"vcpus", NUBE_CORES, NUBE_TYPE_NUMBER, NULL},
    {"disk", NUBE_DISK, NUBE_TYPE_INT, NULL},
    {"description", NUBE_DESCRIPTION, NUBE_TYPE_STRING, NULL},
    {"swap", NUBE_FIELD_NONE, NUBE_TYPE_INT, "swap"}, /* "" before 2.75 */
    {"OS-FLV-EXT-DATA:ephemeral", NUBE_FIELD_NONE, NUBE_TYPE_INT, "ephemeral"},
    {"os-flavor-access:is_public", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "public"},
    {"OS-FLV-DISABLED:disabled", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "disabled"},
    {"rxtx_factor", NUBE_FIELD_NONE, NUBE_TYPE_NUMBER, "rxtx_factor"},
};

static void listed(nube_call *c, const nube_doc *item)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_SIZE);
    const nube_doc *specs = nube_doc_get(item, "extra_specs"), *k;

    if (!specs)
        specs = nube_doc_get(item, "OS-FLV-WITH-EXT-SPECS:extra_specs");
    nova_fields(o, item, rows, NOVA_ROWS(rows));
    nube_set(o, NUBE_DRIVER, nube_session_str(c, "driver"));
    for (k = nube_doc_first(specs); k; k = nube_doc_next(k))
        if (nube_doc_name(k))
            nube_extra_doc(o, nube_fmt(c, "extra_specs.%s", nube_doc_name(k)), k);
}

static void narrow(nube_call *c, nube_req *q)
{
    nube_req_query(q, "minRam", nube_arg_str(c, "min_ram"));
    nube_req_query(q, "minDisk", nube_arg_str(c, "min_disk"));
}

enum nube_step nova_size_list(nube_call *c, const nube_reply *r)
{
    static const struct nova_list l = {"compute", "flavors/detail", "flavors", listed, SPECS,
                                       narrow};

    return nova_list(c, r, &l);
}
