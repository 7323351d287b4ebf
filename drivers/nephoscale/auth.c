/* The session of the NephoScale driver: where the service is, and Basic authentication. */
#include <string.h>
#include <strings.h>

#include "nephoscale.h"

#define DEFAULT_ENDPOINT "https://api.nephoscale.com"

/* A password in the clear may go to this machine only: that is where tests are. */
static int is_loopback(const char *host)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    size_t i, n = strcspn(host, *host == '[' ? "/" : ":/");

    if (*host == '[' && strchr(host, ']'))
        n = (size_t)(strchr(host, ']') + 1 - host);
    for (i = 0; i < NEPHO_ROWS(names); i++)
        if (n == strlen(names[i]) && strncasecmp(host, names[i], n) == 0)
            return 1;
    return 0;
}

enum nube_step nepho_auth(nube_call *c, const nube_reply *r)
{
    const char *url = nube_opt_str(c, "endpoint");
    size_t n;

    (void)r;
    url = url ? url : DEFAULT_ENDPOINT;
    if (strncasecmp(url, "http://", 7) == 0 && !is_loopback(url + 7) &&
        !nube_opt_int(c, "plain_http", 0))
        return nube_fail(c, NUBE_E_USAGE,
                         "endpoint %s: the password would go over the network in the clear; use "
                         "https://, or plain_http=yes if that is meant",
                         url);
    for (n = strlen(url); n && url[n - 1] == '/'; n--)
        ;
    nube_session_endpoint(c, NEPHO_API, nube_fmt(c, "%.*s", (int)n, url));
    return NUBE_DONE;
}

enum nube_step nepho_sign(nube_call *c, nube_req *q, const nube_reply *r)
{
    const char *both =
        nube_fmt(c, "%s:%s", nube_opt_str(c, "username"), nube_opt_str(c, "password"));

    (void)r;
    nube_req_header_secret(q, "Authorization",
                           nube_fmt(c, "Basic %s", nube_base64(c, both, strlen(both))));
    return NUBE_DONE;
}
