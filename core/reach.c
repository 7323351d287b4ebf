/* Where and as whom a node is reached over SSH: one of its addresses, and the user its image has.
 */
#include <string.h>
#include <strings.h>

#include "node_ssh.h"

/* ---- Addresses ------------------------------------------------------------------------- */

bool nube_reach_literal(const char *wanted)
{
    return wanted && !strchr(wanted, ',') && (strchr(wanted, '.') || strchr(wanted, ':'));
}

static bool usable(const struct nube_address *a)
{
    return a->value && *a->value && a->scope != NUBE_SCOPE_LINK_LOCAL;
}

static bool is(const char *word, size_t len, const char *text)
{
    return strlen(text) == len && strncasecmp(word, text, len) == 0;
}

/* Does the address answer to this word? */
static bool fits(const struct nube_address *a, const char *word, size_t len)
{
    if (is(word, len, "public"))
        return a->scope == NUBE_SCOPE_PUBLIC;
    if (is(word, len, "private"))
        return a->scope == NUBE_SCOPE_PRIVATE || a->scope == NUBE_SCOPE_SHARED;
    if (is(word, len, "ipv4"))
        return a->family == NUBE_IPV4;
    if (is(word, len, "ipv6"))
        return a->family == NUBE_IPV6;
    if (is(word, len, "floating"))
        return a->kind == NUBE_ADDRESS_FLOATING;
    return a->network && is(word, len, a->network);
}

/* Without a wish: what is seen from afar before what is near, an address before a name. */
static int worth(const struct nube_address *a)
{
    return (a->scope == NUBE_SCOPE_PUBLIC    ? 8
            : a->scope == NUBE_SCOPE_PRIVATE ? 4
                                             : 0) +
           (a->family == NUBE_IPV4   ? 2
            : a->family == NUBE_IPV6 ? 1
                                     : 0);
}

/* The best of those that fit the word. */
static const char *best(const nube_obj *node, const char *word, size_t len)
{
    const char *found = NULL;
    int most = -1;

    for (size_t i = 0; i < nube_address_count(node); i++) {
        struct nube_address a = {.size = sizeof(a)};

        if (!nube_address_at(node, i, &a) || !usable(&a) || (len && !fits(&a, word, len)))
            continue;
        if (worth(&a) > most) {
            most = worth(&a);
            found = a.value;
        }
    }
    return found;
}

const char *nube_reach_address(const nube_obj *node, const char *wanted)
{
    const char *found = NULL;
    size_t len;

    if (nube_reach_literal(wanted))
        return wanted;
    if (!wanted || !*wanted)
        return best(node, "", 0);
    for (; *wanted && !found; wanted += len + (wanted[len] == ',')) {
        len = strcspn(wanted, ",");
        if (len)
            found = best(node, wanted, len);
    }
    return found;
}

/* ---- Users ------------------------------------------------------------------------------- */

/* What the makers of images call the first user, the likeliest first. */
static const struct {
    const char *word, *users[4];
} makers[] = {
    {"ubuntu", {"ubuntu", "root"}},
    {"debian", {"admin", "debian", "root"}},
    {"amazon", {"ec2-user"}},
    {"amzn", {"ec2-user"}},
    {"al2023", {"ec2-user"}},
    {"centos", {"centos", "cloud-user", "root"}},
    {"rocky", {"rocky", "cloud-user", "root"}},
    {"alma", {"almalinux", "ec2-user", "root"}},
    {"rhel", {"ec2-user", "cloud-user", "root"}},
    {"red hat", {"ec2-user", "cloud-user", "root"}},
    {"fedora", {"fedora", "root"}},
    {"coreos", {"core"}},
    {"flatcar", {"core"}},
    {"suse", {"ec2-user", "opensuse", "root"}},
    {"sles", {"ec2-user", "root"}},
    {"arch", {"arch", "root"}},
    {"alpine", {"alpine", "root"}},
    {"cirros", {"cirros"}},
    {"bitnami", {"bitnami"}},
    {"freebsd", {"freebsd", "ec2-user", "root"}},
    {"openbsd", {"root"}},
    {"smartos", {"root", "admin"}},
    {"base-64", {"root", "admin"}},
};

const char *nube_reach_user(const char *const *about, size_t n, size_t i)
{
    for (size_t k = 0; k < n; k++)
        for (size_t m = 0; about[k] && m < sizeof(makers) / sizeof(*makers); m++)
            if (strcasestr(about[k], makers[m].word))
                return i < 4 ? makers[m].users[i] : NULL;
    return NULL;
}
