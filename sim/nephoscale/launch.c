/* Creating a server: what is asked for is checked, and carried out by a job that does not name it.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "nephoscale.h"

const char *neph_bad_name(const char *name, size_t most, bool underscore)
{
    size_t len = strlen(name);
    if (!len || len > most)
        return len ? "is too long" : "is required";
    if (!isalpha((unsigned char)*name) || !isalnum((unsigned char)name[len - 1]))
        return "must begin with a letter and end with a letter or digit";
    for (const char *p = name; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '-' && !(underscore && *p == '_'))
            return "has a character that is not allowed";
    return NULL;
}

/* A field that libcloud does not set arrives as the text None. */
static const char *field(const struct sim_request *q, const char *name)
{
    const char *text = sim_param(q, name);
    return text && *text && strcmp(text, "None") != 0 ? text : NULL;
}

/* The id of a key of this group and type (0: any); 0: none was given; -1: the reply says what is
 * wrong. */
static int64_t key_of(const struct neph *n, const struct sim_request *q, struct sim_reply *r,
                      const char *name, int group, int type)
{
    const char *text = field(q, name);
    const struct neph_key *key = text ? neph_key(n, neph_number(text)) : NULL;
    if (!text)
        return 0;
    if (key && key->group == group && (!type || key->type == type))
        return key->id;
    neph_fail(n, r, 400, "%s %s is no key of group %d", name, text, group);
    return -1;
}

/* Takes the next word of a list with commas; NULL: there is none. */
static char *next_word(const char **list)
{
    const char *at = *list + strspn(*list, ", ");
    size_t len = strcspn(at, ", ");
    *list = at + len;
    return len ? sim_strndup(at, len) : NULL;
}

/* One address, which must be free and of the domain that is named beside it. */
static bool take_one(struct neph *n, struct sim_reply *r, int64_t server, const char *ip,
                     const char *domain)
{
    struct neph_address *a = neph_address(n, ip);
    if (!domain || !a || neph_domain_id(a->type) != neph_number(domain))
        neph_fail(n, r, 400, "ipaddress %s is not of network %s", ip, domain ? domain : "(none)");
    else if (a->server)
        neph_fail(n, r, 409, "ipaddress %s is assigned already", ip);
    else
        a->server = server;
    return a && a->server == server;
}

static void give_back(struct neph *n, int64_t server)
{
    for (size_t i = 0; i < n->addresses.n; i++)
        if (n->addresses.at[i].server == server)
            n->addresses.at[i].server = 0;
}

/* The addresses that are asked for, else one of each kind. */
static bool take_addresses(struct neph *n, const struct sim_request *q, struct sim_reply *r,
                           int64_t server)
{
    const char *ips = field(q, "ips"), *networks = field(q, "networks");
    bool good = true;
    for (int type = 0; !ips && type < NEPH_DOMAINS; type++) {
        struct neph_address *a = neph_free_address(n, type);
        if (!a) {
            neph_fail(n, r, 409, "there is no free address");
            give_back(n, server);
            return false;
        }
        a->server = server;
    }
    if (ips && !networks) {
        neph_fail(n, r, 400, "networks is required with ips");
        return false;
    }
    while (ips && good) {
        char *ip = next_word(&ips), *domain = ip ? next_word(&networks) : NULL;
        good = !ip || take_one(n, r, server, ip, domain);
        free(domain);
        if (!ip)
            break;
        free(ip);
    }
    if (!good)
        give_back(n, server);
    return good;
}

/* Image, size, zone and keys; false: the reply says what is wrong. */
static bool check(const struct neph *n, const struct sim_request *q, struct sim_reply *r,
                  struct neph_server *want)
{
    const char *zone = field(q, "zone");
    const struct neph_image *image = neph_image(n, neph_number(sim_param(q, "image")));
    const struct neph_type *type = neph_type(n, neph_number(sim_param(q, "service_type")));
    int billable = want->dedicated ? NEPH_DEDICATED : NEPH_CLOUD;
    if (!image || !image->active)
        neph_fail(n, r, 400, "image is invalid");
    else if (!type || type->billable != billable)
        neph_fail(n, r, 400, "service_type is invalid");
    else if (zone && !neph_zone(n, neph_number(zone)))
        neph_fail(n, r, 400, "zone is invalid");
    else if (n->settings->server_limit > 0 && (int64_t)n->servers.n >= n->settings->server_limit)
        neph_fail(n, r, 403, "the limit of servers is reached");
    else {
        want->image = image->id;
        want->type = type->id;
        want->zone = zone ? neph_number(zone) : n->zones.at[0].id;
        want->server_key = key_of(n, q, r, "server_key", NEPH_SERVER_KEYS, 0);
        if (want->server_key >= 0)
            want->console_key = key_of(n, q, r, "console_key", NEPH_CONSOLE_KEYS, NEPH_PASSWORD);
        if (want->server_key < 0 || want->console_key < 0)
            return false;
        if (want->dedicated || want->console_key || !n->settings->need_console_key)
            return true;
        neph_fail(n, r, 400, "console_key is required");
    }
    return false;
}

static void add(struct neph *n, struct sim_reply *r, struct neph_server want, const char *name,
                const char *hostname)
{
    int64_t done = sim_life_ms(n->sim) + n->settings->create_ms;
    bool failed = n->launches++ < n->settings->fail_creates;
    if (failed) {
        give_back(n, want.id);
        neph_job(n, r, done, true);
        return;
    }
    want.name = sim_strdup(name);
    want.hostname = sim_strndup(hostname, 15);
    want.created_ms = sim_life_ms(n->sim);
    want.shown_ms = done;
    want.power = "on";
    SIM_PUSH(n->servers.at, n->servers.n, n->servers.size);
    n->servers.at[n->servers.n++] = want;
    neph_job(n, r, done, false);
}

void neph_launch(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    const char *name = field(q, "name"), *hostname = field(q, "hostname");
    struct neph_server want = {.dedicated = !strncmp(q->path, "/server/dedicated/", 18)};
    (void)s;
    if (!neph_enter(n, q, r))
        return;
    const char *bad = neph_bad_name(name ? name : "", 64, true);
    if (bad) {
        neph_fail(n, r, 400, "name %s", bad);
    } else if (hostname && (bad = neph_bad_name(hostname, 15, false))) {
        neph_fail(n, r, 400, "hostname %s", bad);
    } else if (check(n, q, r, &want)) {
        want.id = n->next_server;
        if (take_addresses(n, q, r, want.id)) {
            n->next_server++;
            add(n, r, want, name, hostname ? hostname : name);
        }
    }
}
