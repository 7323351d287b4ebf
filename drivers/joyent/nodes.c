/* Machines as nodes: list by pages, count, get, and how CloudAPI's fields become Nube's. */
#include <stdlib.h>
#include <string.h>

#include "joyent.h"

/* ---- One machine ---------------------------------------------------------------------- */

static const struct nube_field_row rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"package", NUBE_SIZE, NUBE_TYPE_STRING, NULL},
    {"dataset", NUBE_IMAGE, NUBE_TYPE_STRING, NULL},
    {"image", NUBE_IMAGE, NUBE_TYPE_STRING, NULL},
    {"memory", NUBE_RAM, NUBE_TYPE_INT, NULL},
    {"created", NUBE_CREATED, NUBE_TYPE_STRING, NULL},
    {"updated", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "updated"},
    {"type", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "type"},
    {"brand", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "brand"},
    {"primaryIp", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "primary_ip"},
    {"compute_node", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "compute_node"},
    {"firewall_enabled", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "firewall_enabled"},
    {"deletion_protection", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "deletion_protection"},
    {"docker", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "docker"},
    {"encrypted", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "encrypted"},
    {"flexible", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "flexible"},
    {"free_space", NUBE_FIELD_NONE, NUBE_TYPE_INT, "free_space"},
    {"delegate_dataset", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "delegate_dataset"},
};

/* The nic says network and MAC of an address; T-40: "dhcp" in the list is no address, which the
 * library notes. */
static void add_addresses(nube_obj *o, const nube_doc *machine)
{
    const nube_doc *ip, *nic;

    for (ip = nube_doc_first(nube_doc_get(machine, "ips")); ip; ip = nube_doc_next(ip)) {
        const char *value = nube_doc_text(ip), *of;

        for (nic = nube_doc_first(nube_doc_get(machine, "nics")); nic; nic = nube_doc_next(nic)) {
            of = joy_text(nic, "ip");
            if (of && value && strcmp(of, value) == 0)
                break;
        }
        nube_add_address(o, value, NUBE_ADDRESS_FIXED, joy_text(nic, "network"),
                         joy_text(nic, "mac"));
    }
    for (ip = nube_doc_first(nube_doc_get(machine, "dns_names")); ip; ip = nube_doc_next(ip))
        nube_add_address(o, nube_doc_text(ip), NUBE_ADDRESS_DNS, NULL, NULL);
}

/* Tags may be numbers and truths; metadata may hold the credentials of the image's users. */
static void add_pairs(nube_obj *o, enum nube_field field, const nube_doc *map)
{
    const nube_doc *k;

    for (k = nube_doc_first(map); k; k = nube_doc_next(k))
        if (nube_doc_name(k) && nube_doc_text(k))
            nube_add_pair(o, field, nube_doc_name(k), nube_doc_text(k));
}

static void add_login(nube_call *c, nube_obj *o, const nube_doc *machine)
{
    const nube_doc *all = nube_doc_path(machine, "metadata.credentials"), *k;
    const char *password = joy_text(all, "root");

    for (k = nube_doc_first(all); k; k = nube_doc_next(k))
        nube_secret(c, nube_doc_text(k));
    if (!password)
        return;
    nube_set(o, NUBE_AUTH_TYPE, "password");
    nube_set(o, NUBE_USERNAME, "root");
    nube_set(o, NUBE_PASSWORD, password);
}

void joy_emit_machine(nube_call *c, nube_obj *o, const nube_doc *machine)
{
    int64_t disk = nube_doc_int(machine, "disk", -1);

    joy_fields(o, machine, rows, JOY_ROWS(rows));
    nube_set_state(o, joy_text(machine, "state"));
    if (disk >= 0)
        nube_set_int(o, NUBE_DISK, disk / 1024);
    add_addresses(o, machine);
    add_pairs(o, NUBE_TAGS, nube_doc_get(machine, "tags"));
    add_pairs(o, NUBE_METADATA, nube_doc_get(machine, "metadata"));
    add_login(c, o, machine);
}

/* ---- Filters --------------------------------------------------------------------------- */

/* Of the states only some may be asked for; a machine that is gone is shown only when it is. */
static const char *state_filter(const char *state)
{
    static const char *const pairs[][2] = {
        {"running", "running"},   {"stopped", "stopped"},     {"terminated", "destroyed"},
        {"deleted", "destroyed"}, {"destroyed", "destroyed"}, {"provisioning", "provisioning"},
        {"stopping", "stopping"},
    };
    size_t i;

    for (i = 0; state && i < JOY_ROWS(pairs); i++)
        if (strcmp(state, pairs[i][0]) == 0)
            return pairs[i][1];
    return NULL;
}

static void flag(nube_call *c, nube_req *q, const char *name)
{
    int on = joy_flag(c, name);

    if (on >= 0)
        nube_req_query(q, name, on ? "true" : "false");
}

/* T-08: the list and the count are narrowed by the same. The library looks again at what it knows.
 */
static void narrow(nube_call *c, nube_req *q)
{
    const char *key, *value;
    size_t i;

    nube_req_query(q, "name", nube_arg_str(c, "name"));
    nube_req_query(q, "image", nube_arg_str(c, "image"));
    nube_req_query(q, "state", state_filter(nube_arg_str(c, "state")));
    nube_req_query(q, "type", nube_arg_str(c, "type"));
    nube_req_query(q, "brand", nube_arg_str(c, "brand"));
    nube_req_query(q, "memory", nube_arg_str(c, "memory"));
    flag(c, q, "docker");
    if (nube_arg_bool(c, "tombstone", 0))
        nube_req_query(q, "tombstone", "true");
    if (nube_arg_bool(c, "credentials", 0))
        nube_req_query(q, "credentials", "true");
    for (i = 0; nube_arg_pair(c, "tag", i, &key, &value); i++)
        nube_req_query(q, nube_fmt(c, "tag.%s", key), value);
}

/* ---- Lists --------------------------------------------------------------------------------- */

struct page {
    int64_t count;     /* machines that came */
    const char *first; /* the id of the first of them */
};

static void listed(nube_call *c, const nube_doc *item)
{
    struct page *p = nube_state(c, sizeof(*p));

    if (p->count++ == 0)
        p->first = nube_strdup(c, joy_text(item, "id"));
    joy_emit_machine(c, nube_emit(c, NUBE_KIND_NODE), item);
}

static int64_t header(const nube_reply *r, const char *name, int64_t otherwise)
{
    const char *text = nube_reply_header(r, name);

    return text && *text && strlen(text) < 10 && strspn(text, "0123456789") == strlen(text)
               ? strtol(text, NULL, 10)
               : otherwise;
}

/* "OFFSET ID": where the page begins, and with which machine the page before it began. */
static int64_t offset_of(nube_call *c)
{
    return nube_cursor(c) ? strtol(nube_cursor(c), NULL, 10) : nube_arg_int(c, "offset", 0);
}

static nube_req *ask_page(nube_call *c, enum nube_method method, int64_t limit, int64_t offset)
{
    nube_req *q = joy_request(c, method, "machines");

    narrow(c, q);
    nube_req_query_int(q, "limit", limit);
    nube_req_query_int(q, "offset", offset);
    return q;
}

/*
 * T-07: x-resource-count is the number of machines in this page with today's servers, and of all
 * there are with the first ones: more than came means that there are more. A full page may have
 * another behind it, of which the server may allow fewer than were asked for.
 */
static int64_t next_offset(const nube_reply *r, int64_t offset, int64_t count, int64_t limit)
{
    int64_t total = header(r, "x-resource-count", count);
    int64_t most = header(r, "x-query-limit", limit);

    if (count == 0)
        return 0;
    if (total > count)
        return offset + count < total ? offset + count : 0;
    return count >= limit || (most > 0 && count >= most) ? offset + count : 0;
}

/* T-07: a server that does not look at the offset would be asked for ever. */
static int is_same_page(nube_call *c, const struct page *p)
{
    const char *before = nube_cursor(c) ? strchr(nube_cursor(c), ' ') : NULL;

    return before && p->first && strcmp(before + 1, p->first) == 0;
}

enum nube_step joy_node_list(nube_call *c, const nube_reply *r)
{
    struct page *p = nube_state(c, sizeof(*p));
    int64_t limit = nube_opt_int(c, "page_size", JOY_PAGE), next;

    if (!r) {
        nube_req_items(ask_page(c, NUBE_GET, limit, offset_of(c)), "", listed);
        return NUBE_SEND;
    }
    if (!joy_array(c, r))
        return NUBE_FAIL;
    if (is_same_page(c, p))
        return nube_fail(c, NUBE_E_PROTOCOL,
                         "the server gives the same page again, whatever offset is asked for");
    next = next_offset(r, offset_of(c), p->count, limit);
    if (next)
        nube_next(c, nube_fmt(c, "%lld %s", (long long)next, p->first ? p->first : ""));
    return NUBE_DONE;
}

/* By headers alone; with more than fit in a page, once for each thousand. */
enum nube_step joy_count(nube_call *c, const nube_reply *r)
{
    struct page *p = nube_state(c, sizeof(*p));
    const char *text;
    int64_t n;

    if (r) {
        n = header(r, "x-resource-count", -1);
        if (n < 0)
            return nube_fail(c, NUBE_E_PROTOCOL,
                             "the reply does not say how many machines there are");
        p->count = n > JOY_PAGE ? n : p->count + n;
        if (n != JOY_PAGE) {
            text = nube_fmt(c, "%lld\n", (long long)p->count);
            nube_out_data(c, NUBE_STDOUT, text, strlen(text));
            return NUBE_DONE;
        }
    }
    ask_page(c, NUBE_HEAD, JOY_PAGE, p->count);
    return NUBE_SEND;
}

/* ---- Get ---------------------------------------------------------------------------------------
 */

/* One that is deleted is still shown, with status 410. */
enum nube_step joy_node_get(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc;
    nube_req *q;

    if (!r) {
        q = joy_machine(c, NUBE_GET, NULL);
        if (nube_arg_bool(c, "credentials", 0))
            nube_req_query(q, "credentials", "true");
        nube_req_allow(q, 410);
        return NUBE_SEND;
    }
    if (nube_reply_status(r) == 410 && !joy_text(nube_reply_doc(r), "id"))
        return nube_fail(c, NUBE_E_NOT_FOUND, "node %s is deleted", nube_arg_str(c, "id"));
    doc = joy_object(c, r, "id");
    if (!doc)
        return NUBE_FAIL;
    joy_emit_machine(c, nube_emit(c, NUBE_KIND_NODE), doc);
    return NUBE_DONE;
}
