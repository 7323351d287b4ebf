/* Sizes, locations, the check of an account, and raw requests. */
#include <string.h>
#include <strings.h>

#include "nephoscale.h"

/* ---- Sizes: types of virtual and physical machines ---------------------------------------- */

static const struct nube_field_row size_rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"ram", NUBE_RAM, NUBE_TYPE_INT, NULL},
    {"storage", NUBE_DISK, NUBE_TYPE_INT, NULL},
    {"vcpus", NUBE_CORES, NUBE_TYPE_NUMBER, NULL},
    {"billable_type", NUBE_FIELD_NONE, NUBE_TYPE_INT, NULL},
    {"friendly_name", NUBE_FIELD_NONE, NUBE_TYPE_STRING, NULL},
    {"sku.name", NUBE_FIELD_NONE, NUBE_TYPE_STRING, NULL},
    {"uri", NUBE_FIELD_NONE, NUBE_TYPE_STRING, NULL},
};

/* "CS1-SSD - 1GB, 1Core, 25GB, 10 Gbps": the friendly name of older types says less. */
static const char *size_name(nube_call *c, const nube_doc *size)
{
    const char *sku = nepho_text(size, "sku.name"), *text = nepho_text(size, "sku.description");
    const char *friendly = nepho_text(size, "friendly_name");

    if (sku && text)
        return nube_fmt(c, "%s - %s", sku, text);
    return friendly ? friendly : sku;
}

/* NephoScale's API has no prices. */
static void emit_size(nube_call *c, const nube_doc *item, const char *kind)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_SIZE);

    nepho_fields(o, item, size_rows, NEPHO_ROWS(size_rows));
    nube_set(o, NUBE_NAME, size_name(c, item));
    nube_set(o, NUBE_DRIVER, "NephoScale");
    nube_extra(o, "kind", kind);
}

static void cloud(nube_call *c, const nube_doc *item)
{
    nepho_counted(c, 0);
    emit_size(c, item, NEPHO_CLOUD);
}

static void dedicated(nube_call *c, const nube_doc *item)
{
    nepho_counted(c, 1);
    emit_size(c, item, NEPHO_DEDICATED);
}

enum nube_step nepho_size_list(nube_call *c, const nube_reply *r)
{
    static const struct nepho_pair pair = {"server/type/cloud", "server/type/dedicated", cloud,
                                           dedicated, NULL};

    return nepho_list_pair(c, r, &pair);
}

/* ---- Locations ------------------------------------------------------------------------------ */

static const struct nube_field_row zone_rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"datacenter.id", NUBE_PARENT, NUBE_TYPE_STRING, NULL},
    {"datacenter.name", NUBE_FIELD_NONE, NUBE_TYPE_STRING, NULL},
    {"datacenter.airport_code", NUBE_FIELD_NONE, NUBE_TYPE_STRING, NULL},
    {"uri", NUBE_FIELD_NONE, NUBE_TYPE_STRING, NULL},
};

/* One that is not activated takes no machines. Both data centres are in California and Virginia. */
static void zone(nube_call *c, const nube_doc *item)
{
    nube_obj *o;

    nepho_counted(c, 0);
    if (!nube_doc_bool(item, "activated", 1))
        return;
    o = nube_emit(c, NUBE_KIND_LOCATION);
    nepho_fields(o, item, zone_rows, NEPHO_ROWS(zone_rows));
    nube_set(o, NUBE_COUNTRY, "US");
    nube_set(o, NUBE_LOCATION_KIND, "zone");
}

enum nube_step nepho_location_list(nube_call *c, const nube_reply *r)
{
    return nepho_list(c, r, "datacenter/zone", zone, NULL);
}

enum nube_step nepho_check(nube_call *c, const nube_reply *r)
{
    if (!r)
        nepho_request(c, NUBE_GET, "datacenter/zone", NULL);
    return r ? NUBE_DONE : NUBE_SEND;
}

/* ---- Raw ------------------------------------------------------------------------------------ */

static enum nube_method method_of(const char *text)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "DELETE"};
    size_t i;

    for (i = 0; i < NEPHO_ROWS(names); i++)
        if (strcmp(text, names[i]) == 0)
            return (enum nube_method)(NUBE_GET + i);
    return NUBE_GET;
}

/* Every path of this API ends in a slash: it need not be written. */
enum nube_step nepho_raw(nube_call *c, const nube_reply *r)
{
    const char *path = nube_arg_str(c, "path"), *key, *value, *text;
    size_t i, len = 0;
    nube_req *q;

    if (r) {
        text = nube_reply_body(r, &len);
        nube_out_data(c, NUBE_STDOUT, text, len);
        return NUBE_DONE;
    }
    q = nube_req_new(c, method_of(nube_arg_str(c, "method")), NEPHO_API);
    nube_req_path(q, path + strspn(path, "/"));
    for (i = 0; nube_arg_pair(c, "query", i, &key, &value); i++)
        nube_req_query(q, key, value);
    for (i = 0; nube_arg_pair(c, "header", i, &key, &value); i++)
        nube_req_header_secret(q, key, value);
    text = nube_arg_data(c, "body", &len);
    if (text)
        nube_req_body(q, "application/x-www-form-urlencoded", text, len);
    nube_req_flag(q, NUBE_REQ_RAW | NUBE_REQ_SLASH);
    return NUBE_SEND;
}
