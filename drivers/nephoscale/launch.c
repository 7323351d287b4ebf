/* The request that creates a server: its fields, and names that NephoScale would refuse. */
#include <string.h>

#include "nephoscale.h"

enum { HOSTNAME_MAX = 15 };

/* The name as far as a host name may be as it: 15 letters, digits and "-", ending in none. */
static const char *hostname_of(nube_call *c, const char *name)
{
    char text[HOSTNAME_MAX + 1];
    size_t n;

    for (n = 0; n < HOSTNAME_MAX && name[n]; n++)
        text[n] = (char)(name[n] == '_' ? '-' : name[n]);
    while (n && text[n - 1] == '-')
        n--;
    text[n] = '\0';
    return nube_fmt(c, "%s", text);
}

/* NETWORK@ADDRESS, given again and again, as two lists in the same order. */
static int add_addresses(nube_call *c, nube_req *q)
{
    const char *ips = NULL, *networks = NULL, *text, *at;
    size_t i;

    for (i = 0; (text = nube_arg_at(c, "network", i)); i++) {
        at = strchr(text, '@');
        if (!at || at == text || !at[1] || strchr(text, ',')) {
            nube_fail(c, NUBE_E_USAGE,
                      "network: \"%s\" is not NETWORK@ADDRESS, as 59887@203.0.113.7", text);
            return -1;
        }
        ips = nube_fmt(c, "%s%s%s", ips ? ips : "", ips ? "," : "", at + 1);
        networks = nube_fmt(c, "%s%s%.*s", networks ? networks : "", networks ? "," : "",
                            (int)(at - text), text);
    }
    nube_req_form(q, "ips", ips);
    nube_req_form(q, "networks", networks);
    return 0;
}

int nepho_launch(nube_call *c, const struct nepho_launch *l)
{
    const char *hostname = nube_arg_str(c, "hostname");
    nube_req *q = nepho_request(c, NUBE_POST, nube_fmt(c, "server/%s", l->kind), NULL);

    nube_req_form(q, "name", l->name);
    nube_req_form(q, "hostname", hostname ? hostname : hostname_of(c, l->name));
    nube_req_form(q, "service_type", l->size);
    nube_req_form(q, "image", nube_arg_str(c, "image"));
    nube_req_form(q, "server_key", l->key);
    nube_req_form(q, "console_key", l->console_key);
    nube_req_form(q, "zone", nube_arg_str(c, "location"));
    nube_req_about(q, nube_fmt(c, "image %s", nube_arg_str(c, "image")));
    return add_addresses(c, q);
}
