/* Packages as sizes, datacenters as locations, the check of an account, raw requests. */
#include <string.h>

#include "joyent.h"

/* ---- Sizes ------------------------------------------------------------------------------- */

static const struct nube_field_row rows[] = {
    {"name", NUBE_ID, NUBE_TYPE_STRING, NULL}, /* the API's 6.5 has no id */
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"memory", NUBE_RAM, NUBE_TYPE_INT, NULL},
    {"description", NUBE_DESCRIPTION, NUBE_TYPE_STRING, NULL},
    {"swap", NUBE_FIELD_NONE, NUBE_TYPE_INT, "swap"},
    {"lwps", NUBE_FIELD_NONE, NUBE_TYPE_INT, "lwps"},
    {"version", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "version"},
    {"group", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "group"},
    {"brand", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "brand"},
    {"flexible_disk", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "flexible_disk"},
};

/* No cores: the package's share of them is all that it has. */
static void size(nube_call *c, const nube_doc *item)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_SIZE);
    int64_t disk = nube_doc_int(item, "disk", -1), cores = nube_doc_int(item, "vcpus", 0);

    joy_fields(o, item, rows, JOY_ROWS(rows));
    if (disk >= 0)
        nube_set_int(o, NUBE_DISK, disk / 1024);
    if (cores > 0)
        nube_set_number(o, NUBE_CORES, (double)cores);
    if (nube_doc_get(item, "default"))
        nube_set_bool(o, NUBE_DEFAULT, nube_doc_bool(item, "default", 0));
    nube_set(o, NUBE_DRIVER, "Joyent");
}

enum nube_step joy_size_list(nube_call *c, const nube_reply *r)
{
    static const char *const filters[] = {"name",  "memory",  "disk", "swap",
                                          "vcpus", "version", "group"};
    nube_req *q;
    size_t i;

    if (r)
        return joy_array(c, r) ? NUBE_DONE : NUBE_FAIL;
    q = joy_request(c, NUBE_GET, "packages");
    for (i = 0; i < JOY_ROWS(filters); i++)
        nube_req_query(q, filters[i], nube_arg_str(c, filters[i]));
    nube_req_items(q, "", size);
    return NUBE_SEND;
}

/* ---- Locations ---------------------------------------------------------------------------- */

static int same_url(const char *a, const char *b)
{
    size_t n = a ? strlen(a) : 0, m = b ? strlen(b) : 0;

    while (n && a[n - 1] == '/')
        n--;
    while (m && b[m - 1] == '/')
        m--;
    return n && n == m && strncmp(a, b, n) == 0;
}

enum nube_step joy_location_list(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc, *k;
    nube_obj *o;

    if (!r) {
        joy_request(c, NUBE_GET, "datacenters");
        return NUBE_SEND;
    }
    doc = joy_object(c, r, NULL);
    if (doc && !nube_doc_first(doc))
        return nube_fail(c, NUBE_E_PROTOCOL, "the list of datacenters is empty");
    for (k = nube_doc_first(doc); k; k = nube_doc_next(k)) {
        o = nube_emit(c, NUBE_KIND_LOCATION);
        nube_set(o, NUBE_ID, nube_doc_name(k));
        nube_set(o, NUBE_NAME, nube_doc_name(k));
        nube_set(o, NUBE_LOCATION_KIND, "datacenter");
        nube_extra(o, "url", nube_doc_text(k));
        nube_set_bool(o, NUBE_DEFAULT, same_url(nube_doc_text(k), nube_session_str(c, "url")));
    }
    return doc ? NUBE_DONE : NUBE_FAIL;
}

/* ---- The account ----------------------------------------------------------------------------- */

enum nube_step joy_check(nube_call *c, const nube_reply *r)
{
    if (!r)
        joy_request(c, NUBE_GET, NULL);
    return !r ? NUBE_SEND : joy_object(c, r, "id") ? NUBE_DONE : NUBE_FAIL;
}

static enum nube_method method_of(const char *text)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"};
    size_t i;

    for (i = 0; i < JOY_ROWS(names); i++)
        if (strcmp(text, names[i]) == 0)
            return (enum nube_method)(NUBE_GET + i);
    return NUBE_GET;
}

enum nube_step joy_raw(nube_call *c, const nube_reply *r)
{
    const char *text, *key, *value;
    size_t len, i;
    nube_req *q;

    if (r) {
        text = nube_reply_body(r, &len);
        nube_out_data(c, NUBE_STDOUT, text, len);
        return NUBE_DONE;
    }
    q = joy_request(c, method_of(nube_arg_str(c, "method")), nube_arg_str(c, "path"));
    for (i = 0; nube_arg_pair(c, "query", i, &key, &value); i++)
        nube_req_query(q, key, value);
    for (i = 0; nube_arg_pair(c, "header", i, &key, &value); i++)
        nube_req_header(q, key, value);
    text = nube_arg_data(c, "body", &len);
    if (text)
        nube_req_body(q, "application/json", text, len);
    nube_req_flag(q, NUBE_REQ_RAW);
    return NUBE_SEND;
}
