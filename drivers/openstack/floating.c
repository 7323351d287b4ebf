/* Floating addresses of a node: one given, taken from a network or from those that are free, and
 * taken away. */
#include <string.h>

#include "openstack.h"

enum phase { BEGIN, LOOKED, DONE };
enum { TAG_PORT, TAG_PLACE };

struct add {
    const char *port, *place; /* the id of an address, or of the network to take one from */
    int replies;
};

static nube_req *network(nube_call *c, enum nube_method method, const char *path)
{
    nube_req *q = nova_service(c, method, "network");

    nube_req_path(q, path);
    return q;
}

static void ask_address(nube_call *c, const char *address, int tag)
{
    nube_req *q = network(c, NUBE_GET, "floatingips");

    nube_req_query(q, "floating_ip_address", address);
    nube_req_tag(q, tag);
}

static const char *first_id(nube_call *c, const nube_doc *list)
{
    return nube_strdup(c, nova_text(nube_doc_first(list), "id"));
}

/* ---- Add ---------------------------------------------------------------------------- */

/* The port of the node, and at the same time the address or the network. */
static enum nube_step look(nube_call *c)
{
    const char *address = nube_arg_str(c, "address"), *from = nube_arg_str(c, "network");
    nube_req *q = network(c, NUBE_GET, "ports");

    nube_req_query(q, "device_id", nube_arg_str(c, "id"));
    nube_req_tag(q, TAG_PORT);
    if (address) {
        ask_address(c, address, TAG_PLACE);
    } else {
        q = network(c, NUBE_GET, "networks");
        nube_req_query(q, "router:external", "True");
        nube_req_query(q, "id", from);
        nube_req_tag(q, TAG_PLACE);
    }
    return nova_send(c, LOOKED);
}

static enum nube_step attach(nube_call *c, const struct add *s)
{
    int is_there = nube_arg_str(c, "address") != NULL;
    nube_req *q = network(c, is_there ? NUBE_PUT : NUBE_POST, "floatingips");
    nube_json *j = nube_req_json(q);

    nube_json_object(j, "floatingip");
    if (is_there) {
        nube_req_seg(q, s->place);
        nube_req_flag(q, NUBE_REQ_TOKENED);
    } else {
        nube_json_str(j, "floating_network_id", s->place);
    }
    nube_json_str(j, "port_id", s->port);
    return nova_send(c, DONE);
}

static enum nube_step looked(nube_call *c, struct add *s, const nube_reply *r)
{
    const char *address = nube_arg_str(c, "address");
    int is_port = nube_reply_tag(r) == TAG_PORT;
    const nube_doc *list = nova_member(c, r,
                                       is_port   ? "ports"
                                       : address ? "floatingips"
                                                 : "networks",
                                       NUBE_DOC_ARRAY);

    if (!list)
        return NUBE_FAIL;
    if (is_port)
        s->port = first_id(c, list);
    else
        s->place = first_id(c, list);
    if (is_port && !s->port)
        return nube_fail(c, NUBE_E_STATE, "node %s has no port in any network",
                         nube_arg_str(c, "id"));
    if (!is_port && !s->place)
        return nube_fail(c, NUBE_E_NOT_FOUND,
                         address ? "the account has no floating address %s"
                                 : "there is no network that gives floating addresses%s",
                         address ? address : "");
    return ++s->replies < 2 ? NUBE_SEND : attach(c, s);
}

/* The answer is the address. */
static enum nube_step told(nube_call *c, const nube_reply *r)
{
    const nube_doc *floating = nova_member(c, r, "floatingip", NUBE_DOC_OBJECT);
    const char *address = nova_text(floating, "floating_ip_address");

    if (!floating)
        return NUBE_FAIL;
    if (!address)
        return nube_fail(c, NUBE_E_PROTOCOL, "the reply has no floating address");
    address = nube_fmt(c, "%s\n", address);
    nube_out_data(c, NUBE_STDOUT, address, strlen(address));
    return NUBE_DONE;
}

enum nube_step os_add_floating(nube_call *c, const nube_reply *r)
{
    struct add *s = nube_state(c, sizeof(*s));

    switch ((enum phase)nube_phase(c)) {
    case LOOKED:
        return looked(c, s, r);
    case DONE:
        return told(c, r);
    case BEGIN:
        break;
    }
    return look(c);
}

/* ---- Remove ------------------------------------------------------------------------- */

/* It stays the account's unless it is released. */
static enum nube_step detach(nube_call *c, const nube_reply *r)
{
    const nube_doc *list = nova_member(c, r, "floatingips", NUBE_DOC_ARRAY);
    int release = nube_arg_bool(c, "release", 0);
    const char *id = first_id(c, list);
    nube_json *j;
    nube_req *q;

    if (!list)
        return NUBE_FAIL;
    if (!id)
        return nube_fail(c, NUBE_E_NOT_FOUND, "the account has no floating address %s",
                         nube_arg_str(c, "address"));
    q = network(c, release ? NUBE_DELETE : NUBE_PUT, "floatingips");
    nube_req_seg(q, id);
    nube_req_flag(q, NUBE_REQ_TOKENED);
    if (!release) {
        j = nube_req_json(q);
        nube_json_object(j, "floatingip");
        nube_json_null(j, "port_id");
    }
    return nova_send(c, DONE);
}

enum nube_step os_remove_floating(nube_call *c, const nube_reply *r)
{
    switch ((enum phase)nube_phase(c)) {
    case LOOKED:
        return detach(c, r);
    case DONE:
        return NUBE_DONE;
    case BEGIN:
        break;
    }
    ask_address(c, nube_arg_str(c, "address"), 0);
    return nova_send(c, LOOKED);
}
