/* What kind of address a text is. */
#include "address.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <nube/object.h>

static int scope4(uint32_t a)
{
    static const struct {
        uint32_t net, mask;
        int scope;
    } nets[] = {
        {0x0a000000, 0xff000000, NUBE_SCOPE_PRIVATE},    /* RFC 1918 */
        {0xac100000, 0xfff00000, NUBE_SCOPE_PRIVATE},    /* RFC 1918 */
        {0xc0a80000, 0xffff0000, NUBE_SCOPE_PRIVATE},    /* RFC 1918 */
        {0x64400000, 0xffc00000, NUBE_SCOPE_SHARED},     /* RFC 6598 */
        {0xa9fe0000, 0xffff0000, NUBE_SCOPE_LINK_LOCAL}, /* RFC 3927 */
        {0x7f000000, 0xff000000, NUBE_SCOPE_LOOPBACK},
    };
    size_t i;

    for (i = 0; i < sizeof(nets) / sizeof(*nets); i++)
        if ((a & nets[i].mask) == nets[i].net)
            return nets[i].scope;
    return NUBE_SCOPE_PUBLIC;
}

static int scope6(const struct in6_addr *a)
{
    uint32_t low;

    if (IN6_IS_ADDR_V4MAPPED(a)) {
        memcpy(&low, a->s6_addr + 12, sizeof(low));
        return scope4(ntohl(low));
    }
    if (IN6_IS_ADDR_LOOPBACK(a))
        return NUBE_SCOPE_LOOPBACK;
    if (IN6_IS_ADDR_LINKLOCAL(a))
        return NUBE_SCOPE_LINK_LOCAL;
    return (a->s6_addr[0] & 0xfe) == 0xfc ? NUBE_SCOPE_PRIVATE : NUBE_SCOPE_PUBLIC;
}

/* IPv6 with or without a zone ("fe80::1%eth0"). */
static int parse6(const char *text, struct in6_addr *out)
{
    char bare[INET6_ADDRSTRLEN];
    size_t n;

    if (!strchr(text, ':'))
        return 0;
    n = strcspn(text, "%");
    if (n >= sizeof(bare))
        return 0;
    memcpy(bare, text, n);
    bare[n] = '\0';
    return inet_pton(AF_INET6, bare, out) == 1;
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int in_label(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' || c == '_';
}

/* RFC 1123 labels, underscores too; the last one is not a number. */
static int is_name(const char *text, int single)
{
    size_t n, digits, dots = 0;

    if (strlen(text) > 253)
        return 0;
    for (;; text += n + 1, dots++) {
        for (n = digits = 0; in_label(text[n]); n++)
            digits += is_digit(text[n]);
        if (n == 0 || n > 63 || *text == '-' || text[n - 1] == '-')
            return 0;
        if (!text[n] || strcmp(text + n, ".") == 0)
            break;
        if (text[n] != '.')
            return 0;
    }
    return (dots || single) && digits < n;
}

int nube_address_classify(const char *text, int single, int *family, int *scope)
{
    struct in6_addr six;
    struct in_addr four;

    if (inet_pton(AF_INET, text, &four) == 1 && four.s_addr) {
        *family = NUBE_IPV4;
        *scope = scope4(ntohl(four.s_addr));
        return 0;
    }
    if (parse6(text, &six) && !IN6_IS_ADDR_UNSPECIFIED(&six)) {
        *family = NUBE_IPV6;
        *scope = scope6(&six);
        return 0;
    }
    *family = NUBE_DNS;
    *scope = 0;
    return is_name(text, single) && strcasecmp(text, "dhcp") != 0 ? 0 : -1;
}

int nube_address_same(const char *a, const char *b)
{
    struct in6_addr x, y;

    if (strcasecmp(a, b) == 0)
        return 1;
    return parse6(a, &x) && parse6(b, &y) && memcmp(&x, &y, sizeof(x)) == 0 &&
           strcmp(a + strcspn(a, "%"), b + strcspn(b, "%")) == 0;
}
