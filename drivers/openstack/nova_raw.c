/* The check of an account, and raw requests. */
#include <string.h>

#include "nova.h"

/* The limits are the project's own: a login without a project does not get them. */
enum nube_step nova_check(nube_call *c, const nube_reply *r)
{
    if (!r) {
        nube_req_path(nova_request(c, NUBE_GET, NOVA_READ), "limits");
        return NUBE_SEND;
    }
    return nova_member(c, r, "limits", NUBE_DOC_OBJECT) ? NUBE_DONE : NUBE_FAIL;
}

/* ---- Raw ---------------------------------------------------------------------------- */

static enum nube_method method_of(const char *text)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"};
    size_t i;

    for (i = 0; i < NOVA_ROWS(names); i++)
        if (strcmp(text, names[i]) == 0)
            return (enum nube_method)(NUBE_GET + i);
    return NUBE_GET;
}

enum nube_step nova_raw(nube_call *c, const nube_reply *r)
{
    const char *service = nube_arg_str(c, "service"), *text, *key, *value;
    enum nube_method method = method_of(nube_arg_str(c, "method"));
    size_t len, i;
    nube_req *q;

    if (r) {
        text = nube_reply_body(r, &len);
        nube_out_data(c, NUBE_STDOUT, text, len);
        return NUBE_DONE;
    }
    q = !service || strcmp(service, "compute") == 0 ? nova_request(c, method, NOVA_READ)
                                                    : nova_service(c, method, service);
    nube_req_path(q, nube_arg_str(c, "path"));
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
