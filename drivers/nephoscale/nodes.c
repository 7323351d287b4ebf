/* Servers as nodes: list, get, how their fields become Nube's, and which of the two kinds one is.
 */
#include <string.h>

#include "nephoscale.h"

/* ---- One server ------------------------------------------------------------------------- */

static const struct nube_field_row rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"image.id", NUBE_IMAGE, NUBE_TYPE_STRING, NULL},
    {"service_type.id", NUBE_SIZE, NUBE_TYPE_STRING, NULL},
    {"zone.id", NUBE_LOCATION, NUBE_TYPE_STRING, NULL},
    {"memory", NUBE_RAM, NUBE_TYPE_INT, NULL},
    {"create_time", NUBE_CREATED, NUBE_TYPE_STRING, NULL},
    {"hostname", NUBE_FIELD_NONE, NUBE_TYPE_STRING, NULL},
    {"uri", NUBE_FIELD_NONE, NUBE_TYPE_STRING, NULL},
    {"podzone", NUBE_FIELD_NONE, NUBE_TYPE_STRING, NULL},
    {"postinit_state", NUBE_FIELD_NONE, NUBE_TYPE_INT, NULL},
    {"is_console_enabled", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, NULL},
    {"image.friendly_name", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "image.name"},
    {"service_type.friendly_name", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "size.name"},
    {"service_type.billable_type", NUBE_FIELD_NONE, NUBE_TYPE_INT, "billable_type"},
    {"zone.name", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "zone.name"},
};

/* "203.0.113.10, 10.128.0.10" */
static void add_addresses(nube_call *c, nube_obj *o, const char *text)
{
    size_t len;

    for (; text && *text; text += len + (text[len] == ',')) {
        text += strspn(text, " ");
        len = strcspn(text, ", ");
        if (len)
            nube_add_address(o, nube_fmt(c, "%.*s", (int)len, text), NUBE_ADDRESS_FIXED, NULL,
                             NULL);
        len += strspn(text + len, " ");
    }
}

static void add_ports(nube_call *c, nube_obj *o, const nube_doc *list)
{
    const nube_doc *k;
    const char *name;

    for (k = nube_doc_first(list); k; k = nube_doc_next(k)) {
        name = nepho_text(k, "devname");
        if (!name)
            continue;
        nube_extra(o, nube_fmt(c, "%s.mac", name), nepho_text(k, "macaddress"));
        nube_extra(o, nube_fmt(c, "%s.network", name), nepho_text(k, "network_domain.name"));
    }
}

/* Keys have no name here, only their id. */
static void add_keys(nube_call *c, nube_obj *o, const nube_doc *server)
{
    const nube_doc *k;
    const char *console = NULL, *id;

    for (k = nube_doc_first(nube_doc_get(server, "server_keys")); k; k = nube_doc_next(k)) {
        nube_add(o, NUBE_KEYS, nepho_text(k, "id"));
        nube_set(o, NUBE_AUTH_TYPE,
                 nube_doc_int(k, "key_type", NEPHO_SSH) == NEPHO_PASSWORD ? "password" : "key");
    }
    for (k = nube_doc_first(nube_doc_get(server, "console_keys")); k; k = nube_doc_next(k)) {
        id = nepho_text(k, "id");
        if (id)
            console = console ? nube_fmt(c, "%s,%s", console, id) : id;
    }
    nube_extra(o, "console_keys", console);
}

static const char *os_of(const nube_doc *image)
{
    const char *base = nepho_text(image, "base_type"), *name = nepho_text(image, "friendly_name");

    if (base || !name)
        return base;
    return strstr(name, "Windows") ? "windows" : "linux";
}

void nepho_emit_server(nube_call *c, nube_obj *o, const nube_doc *server, const char *kind)
{
    nepho_fields(o, server, rows, NEPHO_ROWS(rows));
    nube_set_state(o, nepho_text(server, "power_status"));
    nube_extra(o, "kind", kind);
    nube_extra(o, "os", os_of(nube_doc_get(server, "image")));
    add_addresses(c, o, nepho_text(server, "ipaddresses"));
    add_keys(c, o, server);
    add_ports(c, o, nube_doc_get(server, "network_ports"));
}

/* ---- List ------------------------------------------------------------------------------- */

static void cloud(nube_call *c, const nube_doc *item)
{
    nepho_counted(c, 0);
    nepho_emit_server(c, nube_emit(c, NUBE_KIND_NODE), item, NEPHO_CLOUD);
}

static void dedicated(nube_call *c, const nube_doc *item)
{
    nepho_counted(c, 1);
    nepho_emit_server(c, nube_emit(c, NUBE_KIND_NODE), item, NEPHO_DEDICATED);
}

enum nube_step nepho_node_list(nube_call *c, const nube_reply *r)
{
    static const struct nepho_pair pair = {"server/cloud", "server/dedicated", cloud, dedicated,
                                           NULL};

    return nepho_list_pair(c, r, &pair);
}

/* ---- Which kind --------------------------------------------------------------------------- */

static enum nube_step look(nube_call *c, const char *kind, int phase)
{
    const char *id = nube_arg_str(c, "id");
    nube_req *q = nepho_request(c, NUBE_GET, nube_fmt(c, "server/%s", kind), id);

    nube_req_tag(q, NEPHO_MAYBE);
    nube_req_allow(q, 404);
    nube_req_about(q, nube_fmt(c, "node %s", id));
    return nepho_send(c, phase);
}

static enum nube_step begin(nube_call *c, struct nepho_target *t, int must_look)
{
    const char *kind = nepho_kind_arg(c);

    if (kind && !must_look) {
        t->kind = kind;
        nube_set_phase(c, NEPHO_FOUND);
        return NUBE_DONE;
    }
    return look(c, kind ? kind : NEPHO_CLOUD, kind ? NEPHO_LOOK_AGAIN : NEPHO_LOOK);
}

/* The id does not say it: the virtual ones are asked first, since most are that. */
enum nube_step nepho_find(nube_call *c, const nube_reply *r, struct nepho_target *t, int must_look)
{
    const char *kind = nepho_kind_arg(c), *id = nube_arg_str(c, "id");
    int phase = nube_phase(c);

    if (phase == NEPHO_BEGIN)
        return begin(c, t, must_look);
    t->kind = kind ? kind : phase == NEPHO_LOOK ? NEPHO_CLOUD : NEPHO_DEDICATED;
    t->server = nepho_first(r);
    if (t->server) {
        nube_set_phase(c, NEPHO_FOUND);
        return NUBE_DONE;
    }
    if (phase == NEPHO_LOOK)
        return look(c, NEPHO_DEDICATED, NEPHO_LOOK_AGAIN);
    return nube_fail(c, NUBE_E_NOT_FOUND, "there is no %s server %s",
                     kind ? kind : "cloud or dedicated", id);
}

enum nube_step nepho_node_get(nube_call *c, const nube_reply *r)
{
    struct nepho_target *t = nube_state(c, sizeof(*t));
    enum nube_step step = nepho_find(c, r, t, 1);

    if (step == NUBE_DONE)
        nepho_emit_server(c, nube_emit(c, NUBE_KIND_NODE), t->server, t->kind);
    return step;
}
