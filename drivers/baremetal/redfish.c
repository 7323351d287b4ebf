/* Power through Redfish (DMTF DSP0266): the first system of a host's management controller. */
#include <string.h>

#include <nube/driver/crypto.h>

#include "baremetal.h"

/* HTTP Basic, which every service has (DSP0266, section 13.3.2). */
enum nube_step bm_sign(nube_call *c, nube_req *q, const nube_reply *r)
{
    const char *user = nube_opt_str(c, "bmc_user"), *password = nube_opt_str(c, "bmc_password");
    const char *both;

    (void)r;
    if (!user || !password)
        return nube_fail(c, NUBE_E_AUTH,
                         "the management controller wants a name and a password: set bmc_user "
                         "and bmc_password");
    both = nube_fmt(c, "%s:%s", user, password);
    nube_req_header_secret(q, "Authorization",
                           nube_fmt(c, "Basic %s", nube_base64(c, both, strlen(both))));
    return NUBE_DONE;
}

void bm_classify(nube_call *c, const nube_reply *r, struct nube_verdict *v)
{
    const nube_doc *error = nube_doc_get(nube_reply_doc(r), "error");
    const nube_doc *more = nube_doc_first(nube_doc_get(error, "@Message.ExtendedInfo"));
    const char *text = nube_doc_str(more, "Message");

    (void)c;
    v->message = text ? text : nube_doc_str(error, "message");
    v->provider_code = nube_doc_str(more, "MessageId");
    if (!v->provider_code)
        v->provider_code = nube_doc_str(error, "code");
}

static nube_req *new_req(nube_call *c, const struct bm_host *h, enum nube_method method,
                         const char *path)
{
    nube_req *q = nube_req_new(c, method, nube_fmt(c, "bmc.%s", h->name));

    nube_req_path(q, path);
    nube_req_tag(q, BM_BMC);
    nube_req_about(q, nube_fmt(c, "the management controller of %s", h->name));
    return q;
}

nube_req *bm_ask_systems(nube_call *c, const struct bm_host *h)
{
    return new_req(c, h, NUBE_GET, "redfish/v1/Systems");
}

/* A path that a reply names: of this service, and nothing but a path. */
static const char *own_path(nube_call *c, const char *path)
{
    if (path && strncmp(path, "/redfish/", 9) == 0 && !strstr(path, "..") &&
        !path[strspn(path,
                     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:%")])
        return path + 1;
    nube_fail(c, NUBE_E_PROTOCOL, "the management controller names no system of its own");
    return NULL;
}

nube_req *bm_ask_system(nube_call *c, const struct bm_host *h, const nube_reply *systems)
{
    const nube_doc *first = nube_doc_first(nube_doc_get(nube_reply_doc(systems), "Members"));
    const char *path = own_path(c, nube_doc_text(nube_doc_get(first, "@odata.id")));

    return path ? new_req(c, h, NUBE_GET, path) : NULL;
}

const char *bm_power_state(const nube_reply *system)
{
    return nube_doc_str(nube_reply_doc(system), "PowerState");
}

/* What the controller can do is said beside the action, in either of two ways; where neither is
 * there, it is tried. */
static int offers(const nube_doc *action, const char *type)
{
    const nube_doc *all = nube_doc_get(action, "ResetType@Redfish.AllowableValues");

    for (const nube_doc *k = nube_doc_first(all); k; k = nube_doc_next(k))
        if (nube_doc_text(k) && strcmp(nube_doc_text(k), type) == 0)
            return 1;
    return !all;
}

enum nube_step bm_reset(nube_call *c, const struct bm_host *h, const nube_reply *system,
                        const char *type)
{
    const nube_doc *action =
        nube_doc_get(nube_doc_get(nube_reply_doc(system), "Actions"), "#ComputerSystem.Reset");
    const char *path = own_path(c, nube_doc_str(action, "target"));
    nube_req *q;

    if (!path)
        return NUBE_FAIL;
    if (!offers(action, type))
        return nube_fail(c, NUBE_E_UNSUPPORTED, "the management controller of %s offers no %s",
                         h->name, type);
    q = new_req(c, h, NUBE_POST, path);
    nube_json_str(nube_req_json(q), "ResetType", type);
    return NUBE_SEND;
}
