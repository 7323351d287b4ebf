/* Virtual interfaces: which networks a server is in, and being put into one and taken out. */
#include <string.h>

#include "rackspace.h"

static nube_req *interfaces(nube_call *c, enum nube_method method)
{
    return nova_server(c, method, NOVA_READ, "os-virtual-interfacesv2");
}

/* A line each: "ID MAC ADDRESS@NETWORK,ADDRESS@NETWORK". */
static void put(nube_call *c, const nube_doc *interface)
{
    const nube_doc *k = nube_doc_first(nube_doc_get(interface, "ip_addresses"));
    const char *text = NULL, *id = nova_text(interface, "id"), *label, *mac;

    for (; k; k = nube_doc_next(k)) {
        label = nova_text(k, "network_label");
        text =
            nube_fmt(c, "%s%s%s@%s", text ? text : "", text ? "," : "",
                     nova_text(k, "address") ? nova_text(k, "address") : "?", label ? label : "?");
    }
    mac = nova_text(interface, "mac_address");
    text = nube_fmt(c, "%s %s %s\n", id ? id : "?", mac ? mac : "?", text ? text : "-");
    nube_out_data(c, NUBE_STDOUT, text, strlen(text));
}

static enum nube_step show(nube_call *c, const nube_reply *r)
{
    const nube_doc *list = nova_member(c, r, "virtual_interfaces", NUBE_DOC_ARRAY), *k;

    if (!list)
        return NUBE_FAIL;
    for (k = nube_doc_first(list); k; k = nube_doc_next(k))
        put(c, k);
    return NUBE_DONE;
}

enum nube_step rack_interfaces(nube_call *c, const nube_reply *r)
{
    if (r)
        return show(c, r);
    interfaces(c, NUBE_GET);
    return NUBE_SEND;
}

enum nube_step rack_attach_network(nube_call *c, const nube_reply *r)
{
    nube_json *j;

    if (r)
        return show(c, r);
    j = nube_req_json(interfaces(c, NUBE_POST));
    nube_json_object(j, "virtual_interface");
    nube_json_str(j, "network_id", nova_network_id(nube_arg_str(c, "network")));
    return NUBE_SEND;
}

enum nube_step rack_detach_network(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = interfaces(c, NUBE_DELETE);
    nube_req_seg(q, nube_arg_str(c, "interface"));
    nube_req_flag(q, NUBE_REQ_TOKENED);
    return NUBE_SEND;
}
