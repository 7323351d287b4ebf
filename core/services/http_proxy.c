/* Which proxy a URL goes through: the connection's, else the environment's, unless no_proxy says
 * none. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http_int.h"

static const char *env(const char *lower, const char *upper)
{
    const char *value = secure_getenv(lower);

    if ((!value || !*value) && upper)
        value = secure_getenv(upper);
    return value && *value ? value : NULL;
}

/* The first octets of two addresses are alike. */
static bool same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
    unsigned rest = bits % 8;

    if (memcmp(a, b, bits / 8))
        return false;
    return !rest || !((a[bits / 8] ^ b[bits / 8]) >> (8 - rest));
}

/* host is an address and token one too, or a network in CIDR notation that has it. */
static bool address_matches(const char *token, const char *host)
{
    char network[INET6_ADDRSTRLEN];
    unsigned char a[16], b[16];
    const char *slash = strchr(token, '/');
    size_t len = slash ? (size_t)(slash - token) : strlen(token);
    int family = strchr(host, ':') ? AF_INET6 : AF_INET;
    unsigned long bits = family == AF_INET ? 32 : 128, want = bits;
    char *end;

    if (*token == '[' && len > 1 && token[len - 1] == ']') {
        token++;
        len -= 2;
    }
    if (!len || len >= sizeof network)
        return false;
    memcpy(network, token, len);
    network[len] = '\0';
    if (slash) {
        want = strtoul(slash + 1, &end, 10);
        if (end == slash + 1 || *end || want > bits)
            return false;
    }
    return inet_pton(family, host, a) == 1 && inet_pton(family, network, b) == 1 &&
           same_bits(a, b, (unsigned)want);
}

/* host is the domain or lies in it. */
static bool domain_matches(const char *token, const char *host)
{
    size_t t, h = strlen(host);

    while (*token == '.')
        token++;
    t = strlen(token);
    if (t && token[t - 1] == '.')
        t--;
    if (h && host[h - 1] == '.')
        h--;
    if (!t || t > h || strncasecmp(host + h - t, token, t) != 0)
        return false;
    return t == h || host[h - t - 1] == '.';
}

/* list: names, domains, addresses and networks between commas or blanks; "*" is all. */
static bool excepted(const char *list, const char *host)
{
    static const char between[] = ", \t";
    char token[NUBE_HTTP_HOST], bare[NUBE_HTTP_HOST];
    size_t len = strlen(host);

    if (!list || len >= sizeof bare)
        return false;
    memcpy(bare, host, len + 1);
    if (*bare == '[' && bare[len - 1] == ']') {
        bare[len - 1] = '\0';
        memmove(bare, bare + 1, len - 1);
    }
    while (*(list += strspn(list, between))) {
        size_t n = strcspn(list, between);

        if (n < sizeof token) {
            memcpy(token, list, n);
            token[n] = '\0';
            if (strcmp(token, "*") == 0 || address_matches(token, bare) ||
                domain_matches(token, bare))
                return true;
        }
        list += n;
    }
    return false;
}

const char *nube_http_proxy(const struct nube_http_req *q, const char *scheme, const char *host)
{
    const char *proxy = q->conf->proxy, *no_proxy = q->conf->no_proxy;

    if (q->flags & NUBE_HTTP_NO_PROXY || q->unix_path || q->argv)
        return NULL;
    if (!proxy || !*proxy) {
        /* Upper-case HTTP_PROXY is a request header in CGI programs: not ours to trust. */
        proxy = strcmp(scheme, "https") == 0 ? env("https_proxy", "HTTPS_PROXY")
                                             : env("http_proxy", NULL);
        if (!proxy)
            proxy = env("all_proxy", "ALL_PROXY");
    }
    if (!no_proxy || !*no_proxy)
        no_proxy = env("no_proxy", "NO_PROXY");
    return proxy && !excepted(no_proxy, host) ? proxy : NULL;
}
