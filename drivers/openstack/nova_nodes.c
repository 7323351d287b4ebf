/* Servers as nodes: list, get, and how Nova's fields become Nube's. */
#include <string.h>
#include <strings.h>

#include "nova.h"

/* ---- One server --------------------------------------------------------------------- */

static const struct nube_field_row rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"image.id", NUBE_IMAGE, NUBE_TYPE_STRING, NULL},
    {"flavor.id", NUBE_SIZE, NUBE_TYPE_STRING, NULL},
    {"flavor.ram", NUBE_RAM, NUBE_TYPE_INT, NULL},
    {"flavor.vcpus", NUBE_CORES, NUBE_TYPE_NUMBER, NULL},
    {"flavor.disk", NUBE_DISK, NUBE_TYPE_INT, NULL},
    {"flavor.original_name", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "flavor"},
    {"OS-EXT-AZ:availability_zone", NUBE_LOCATION, NUBE_TYPE_STRING, NULL},
    {"key_name", NUBE_KEYS, NUBE_TYPE_LIST, NULL},
    {"tenant_id", NUBE_OWNER, NUBE_TYPE_STRING, NULL},
    {"created", NUBE_CREATED, NUBE_TYPE_STRING, NULL},
    {"updated", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "updated"},
    {"hostId", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "host_id"},
    {"user_id", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "user_id"},
    {"uuid", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "uuid"},
    {"description", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "description"},
    {"hostname", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "hostname"},
    {"locked_reason", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "locked_reason"},
    {"fault.code", NUBE_FIELD_NONE, NUBE_TYPE_INT, "fault.code"},
    {"fault.message", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "fault.message"},
    {"fault.created", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "fault.created"},
    {"OS-EXT-STS:task_state", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "task_state"},
    {"OS-SRV-USG:launched_at", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "launched_at"},
    {"OS-SRV-USG:terminated_at", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "terminated_at"},
    {"OS-EXT-SRV-ATTR:host", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "host"},
    {"OS-EXT-SRV-ATTR:instance_name", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "instance_name"},
    {"OS-EXT-SRV-ATTR:hostname", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "hostname"},
};

/* Told only when they are not as they nearly always are: a list of thousands is kept in memory. */
static const struct {
    struct nube_field_row row;
    const char *usual;
} unusual[] = {
    {{"progress", NUBE_FIELD_NONE, NUBE_TYPE_INT, "progress"}, "0"},
    {{"locked", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "locked"}, "false"},
    {{"config_drive", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "config_drive"}, "false"},
    {{"OS-DCF:diskConfig", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "disk_config"}, "MANUAL"},
    {{"OS-EXT-STS:power_state", NUBE_FIELD_NONE, NUBE_TYPE_INT, "power_state"}, "1"},
};

static void add_unusual(nube_obj *o, const nube_doc *server)
{
    size_t i;

    for (i = 0; i < NOVA_ROWS(unusual); i++) {
        const char *text = nova_text(server, unusual[i].row.path);

        if (text && strcmp(text, unusual[i].usual) != 0)
            nube_set_fields(o, server, &unusual[i].row, 1);
    }
}

/* ---- States ------------------------------------------------------------------------- */

/* Tasks of a build: with status ERROR they are what it failed at. */
static int is_build(const char *task)
{
    static const char *const tasks[] = {"scheduling", "block_device_mapping", "networking",
                                        "spawning"};
    size_t i;

    for (i = 0; i < NOVA_ROWS(tasks); i++)
        if (strcasecmp(task, tasks[i]) == 0)
            return 1;
    return 0;
}

/*
 * While a task is under way its word is the state, since the status is still the old one: an
 * action is over when there is no task. What makes an image changes nothing of the node. HP
 * writes both as one: "BUILD(spawning)".
 */
static const char *state_of(nube_call *c, const nube_doc *server)
{
    const char *status = nova_text(server, "status"), *open = status ? strchr(status, '(') : NULL;
    const char *task = nova_text(server, "OS-EXT-STS:task_state");

    if (open && strcspn(open + 1, ")"))
        task = nube_fmt(c, "%.*s", (int)strcspn(open + 1, ")"), open + 1);
    if (open)
        status = nube_fmt(c, "%.*s", (int)(open - status), status);
    if (!task || strncmp(task, "image_", 6) == 0)
        return status;
    return status && strcasecmp(status, "ERROR") == 0 && is_build(task) ? status : task;
}

/* ---- Sets --------------------------------------------------------------------------- */

static void add_addresses(nube_obj *o, const nube_doc *server)
{
    const nube_doc *net, *k;

    for (net = nube_doc_first(nube_doc_get(server, "addresses")); net; net = nube_doc_next(net))
        for (k = nube_doc_first(net); k; k = nube_doc_next(k)) {
            const char *type = nova_text(k, "OS-EXT-IPS:type");

            nube_add_address(o, nova_text(k, "addr"),
                             type && strcmp(type, "floating") == 0 ? NUBE_ADDRESS_FLOATING
                                                                   : NUBE_ADDRESS_FIXED,
                             nube_doc_name(net), nova_text(k, "OS-EXT-IPS-MAC:mac_addr"));
        }
    nube_add_address(o, nova_text(server, "accessIPv4"), NUBE_ADDRESS_FIXED, NULL, NULL);
    nube_add_address(o, nova_text(server, "accessIPv6"), NUBE_ADDRESS_FIXED, NULL, NULL);
}

/* Nova's tags are words; one with "=" in it is a name and its value, as Nube writes them. */
static void add_tags(nube_call *c, nube_obj *o, const nube_doc *list)
{
    const nube_doc *k;

    for (k = nube_doc_first(list); k; k = nube_doc_next(k)) {
        const char *text = nube_doc_text(k), *eq = text ? strchr(text, '=') : NULL;

        if (eq)
            nube_add_pair(o, NUBE_TAGS, nube_fmt(c, "%.*s", (int)(eq - text), text), eq + 1);
        else if (text)
            nube_add_pair(o, NUBE_TAGS, text, "");
    }
}

static void add_sets(nube_call *c, nube_obj *o, const nube_doc *server)
{
    const nube_doc *k;

    for (k = nube_doc_first(nube_doc_get(server, "metadata")); k; k = nube_doc_next(k))
        nube_add_pair(o, NUBE_METADATA, nube_doc_name(k), nube_doc_text(k));
    for (k = nube_doc_first(nube_doc_get(server, "security_groups")); k; k = nube_doc_next(k))
        nube_add(o, NUBE_FIREWALLS, nova_text(k, "name"));
    add_tags(c, o, nube_doc_get(server, "tags"));
    nube_extra(o, "volumes",
               nova_join(c, nube_doc_get(server, "os-extended-volumes:volumes_attached"), "id"));
    nube_extra(o, "server_groups", nova_join(c, nube_doc_get(server, "server_groups"), NULL));
}

void nova_emit_server(nube_call *c, nube_obj *o, const nube_doc *server)
{
    nova_fields(o, server, rows, NOVA_ROWS(rows));
    add_unusual(o, server);
    nube_set_state(o, state_of(c, server));
    add_addresses(o, server);
    add_sets(c, o, server);
    if (nova_text(server, "key_name"))
        nube_set(o, NUBE_AUTH_TYPE, "key");
    if (nova_dialect.server)
        nova_dialect.server(c, o, server);
}

static void listed(nube_call *c, const nube_doc *item)
{
    nova_emit_server(c, nube_emit(c, NUBE_KIND_NODE), item);
}

/* ---- Filters ------------------------------------------------------------------------ */

/* Each gives at least what is wanted; the library looks again at all of them. */

/* The server takes a pattern: only a name in which nothing has a meaning of its own is sent. */
static void filter_name(nube_call *c, nube_req *q)
{
    const char *name = nube_arg_str(c, "name"), *p;

    for (p = name; p && *p; p++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._ -", *p))
            return;
    if (name)
        nube_req_query(q, "name", nube_fmt(c, "^%s$", name));
}

static const struct {
    const char *state, *words[3];
} states[] = {
    {"running", {"ACTIVE"}}, {"stopped", {"SHUTOFF", "SHELVED", "SHELVED_OFFLOADED"}},
    {"paused", {"PAUSED"}},  {"suspended", {"SUSPENDED"}},
    {"error", {"ERROR"}},
};

static void filter_state(nube_call *c, nube_req *q)
{
    const char *state = nube_arg_str(c, "state");
    int several = nova_minor(c, NOVA_READ) >= 2; /* before it had versions, Nova looked at one */
    size_t i, w;

    for (i = 0; state && i < NOVA_ROWS(states); i++) {
        for (w = 0;
             strcmp(state, states[i].state) == 0 && (several || !states[i].words[1]) && w < 3; w++)
            nube_req_query(q, "status", states[i].words[w]);
        for (w = 0; w < 3; w++)
            if (states[i].words[w] && strcasecmp(state, states[i].words[w]) == 0)
                nube_req_query(q, "status", states[i].words[w]);
    }
}

static void filter_tags(nube_call *c, nube_req *q)
{
    const char *key, *value, *text = NULL;
    size_t i;

    if (nova_minor(c, NOVA_READ) < 26)
        return;
    for (i = 0; nube_arg_pair(c, "tag", i, &key, &value); i++) {
        if (!*value || strpbrk(key, ",/") || strpbrk(value, ",/"))
            return;
        text = text ? nube_fmt(c, "%s,%s=%s", text, key, value) : nube_fmt(c, "%s=%s", key, value);
    }
    nube_req_query(q, "tags", text);
}

static void narrow(nube_call *c, nube_req *q)
{
    filter_name(c, q);
    filter_state(c, q);
    filter_tags(c, q);
    nube_req_query(q, "image", nube_arg_str(c, "image"));
    nube_req_query(q, "flavor", nube_arg_str(c, "size"));
    nube_req_query(q, "changes-since", nube_arg_str(c, "changes_since"));
    if (nube_arg_bool(c, "all_projects", 0))
        nube_req_query(q, "all_tenants", "1");
}

/* ---- Verbs -------------------------------------------------------------------------- */

enum nube_step nova_node_list(nube_call *c, const nube_reply *r)
{
    static const struct nova_list l = {"compute", "servers/detail", "servers",
                                       listed,    NOVA_READ,        narrow};

    return nova_list(c, r, &l);
}

/* A node that was made a moment ago and cannot be seen yet. */
static enum nube_step not_yet(nube_call *c)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_NODE);

    nube_set(o, NUBE_ID, nube_arg_str(c, "id"));
    nube_set_state(o, "BUILD");
    return NUBE_DONE;
}

enum nube_step nova_node_get(nube_call *c, const nube_reply *r)
{
    const nube_doc *server;
    nube_req *q;

    if (!r) {
        q = nova_server(c, NUBE_GET, NOVA_READ, NULL);
        if (nube_was_created(c, nube_arg_str(c, "id")))
            nube_req_allow(q, 404);
        return NUBE_SEND;
    }
    if (nube_reply_status(r) == 404)
        return not_yet(c);
    server = nova_member(c, r, "server", NUBE_DOC_OBJECT);
    if (!server)
        return NUBE_FAIL;
    nova_emit_server(c, nube_emit(c, NUBE_KIND_NODE), server);
    return NUBE_DONE;
}
