/* Lists of servers: filters, sorting, pages. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../mem.h"
#include "openstack.h"

/* What the query asks for; NULL: nothing of the kind. */
struct wanted {
    const char *status, *image, *flavor, *reservation, *key, *zone, *vm, *uuid;
    regex_t name, ip;
    bool by_name, by_ip, everyone;
    int64_t since; /* 0: not asked; else deleted ones too */
    char *tags;
};

static bool ip_matches(const struct wanted *w, const struct os_server *sv)
{
    char text[16];
    for (unsigned i = 0; i < sv->n_ports; i++) {
        os_ip(text, sv->ports[i]->ip);
        if (!regexec(&w->ip, text, 0, NULL, 0))
            return true;
    }
    return false;
}

static bool has_tags(const struct os_server *sv, const char *tags)
{
    while (*tags) {
        size_t len = strcspn(tags, ",");
        bool found = false;
        for (size_t i = 0; i < sv->tags.n && !found; i++)
            found = strlen(sv->tags.at[i].key) == len && !memcmp(sv->tags.at[i].key, tags, len);
        if (!found)
            return false;
        tags += len + (tags[len] == ',');
    }
    return true;
}

static bool is(const char *wanted, const char *value)
{
    return !wanted || (value && !strcmp(wanted, value));
}

static bool match(struct os_call *c, struct os_res *res, const void *how)
{
    struct os_server *sv = (struct os_server *)res;
    const struct wanted *w = how;
    if (res->project != c->project && !w->everyone)
        return false;
    if (sv->hidden > 0)
        return sv->hidden--, false;
    if (w->since ? res->updated < w->since : res->deleted)
        return false;
    return is(w->status, os_server_status(sv)) && is(w->image, sv->image) &&
           is(w->flavor, sv->flavor->res.id) && is(w->reservation, sv->reservation) &&
           is(w->key, sv->key) && is(w->zone, sv->zone ? sv->zone : "nova") &&
           is(w->vm, os_vm_name(sv->vm)) && is(w->uuid, res->id) &&
           (!w->by_name || !regexec(&w->name, res->name, 0, NULL, 0)) &&
           (!w->by_ip || ip_matches(w, sv)) && (!w->tags || has_tags(sv, w->tags));
}

static bool read_regex(struct os_call *c, const char *param, regex_t *re, bool *set)
{
    const char *text = sim_param(c->q, param);
    if (!text)
        return true;
    if (regcomp(re, text, REG_EXTENDED | REG_NOSUB))
        return os_fail(c, 400,
                       "Invalid input for query parameters %s. Value: %s. '%s' is not a "
                       "'regex'",
                       param, text, text);
    *set = true;
    return true;
}

/* Flavors and images are asked for by id or by URL. */
static const char *reference(struct os_call *c, const char *name)
{
    const char *value = sim_param(c->q, name);
    return value ? os_last_segment(value) : NULL;
}

static bool read_wanted(struct os_call *c, struct wanted *w)
{
    const char *since = sim_param(c->q, "changes-since"), *all = sim_param(c->q, "all_tenants");
    *w = (struct wanted){.status = sim_param(c->q, "status"),
                         .image = reference(c, "image"),
                         .flavor = reference(c, "flavor"),
                         .reservation = sim_param(c->q, "reservation_id"),
                         .key = sim_param(c->q, "key_name"),
                         .zone = sim_param(c->q, "availability_zone"),
                         .vm = sim_param(c->q, "vm_state"),
                         .uuid = sim_param(c->q, "uuid")};
    w->everyone = all && strcmp(all, "0") != 0 && strcasecmp(all, "false") != 0;
    if (w->everyone && !c->admin)
        return os_fail(c, 403,
                       "Policy doesn't allow os_compute_api:servers:detail:get_all_tenants "
                       "to be performed.");
    if (since && (w->since = sim_iso_parse(since)) < 0)
        return os_fail(c, 400, "Invalid changes-since value");
    if (c->micro >= 26)
        w->tags = sim_strdup(sim_param(c->q, "tags"));
    return read_regex(c, "name", &w->name, &w->by_name) && read_regex(c, "ip", &w->ip, &w->by_ip);
}

static void free_wanted(struct wanted *w)
{
    if (w->by_name)
        regfree(&w->name);
    if (w->by_ip)
        regfree(&w->ip);
    free(w->tags);
}

static int by_name(const void *a, const void *b)
{
    const struct os_res *x = *(struct os_res *const *)a, *y = *(struct os_res *const *)b;
    int order = strcmp(x->name, y->name);
    return order ? order : x->seq < y->seq ? 1 : -1;
}

static int by_created(const void *a, const void *b)
{
    const struct os_res *x = *(struct os_res *const *)a, *y = *(struct os_res *const *)b;
    return x->seq < y->seq ? -1 : 1;
}

static int by_updated(const void *a, const void *b)
{
    const struct os_res *x = *(struct os_res *const *)a, *y = *(struct os_res *const *)b;
    return x->updated != y->updated ? (x->updated < y->updated ? -1 : 1) : by_created(a, b);
}

static const struct {
    const char *key;
    int (*order)(const void *a, const void *b);
} orders[] = {{"display_name", by_name},
              {"name", by_name},
              {"created_at", by_created},
              {"updated_at", by_updated}};

/* Another order than newest first: all that match are sorted, then cut to the page. */
static bool select_sorted(struct os_call *c, const struct os_page *p, const struct wanted *w,
                          const char *key, struct os_res ***found, size_t *n)
{
    const struct os_store *store = &c->region->stores[OS_SERVER];
    const char *direction = sim_param(c->q, "sort_dir");
    struct os_page all = {.limit = (int64_t)store->n};
    bool down = !direction || !strcmp(direction, "desc");
    size_t k = 0, total, at = 0;
    while (k < sizeof orders / sizeof *orders && strcmp(orders[k].key, key) != 0)
        k++;
    if (k == sizeof orders / sizeof *orders)
        return os_fail(c, 400, "Invalid input for query parameters sort_key. Value: %s.", key);
    if (!os_page_select(c, store, &all, false, match, w, found, &total))
        return false;
    if (total)
        qsort(*found, total, sizeof **found, orders[k].order);
    for (size_t i = 0; down && i < total / 2; i++) {
        struct os_res *swap = (*found)[i];
        (*found)[i] = (*found)[total - 1 - i];
        (*found)[total - 1 - i] = swap;
    }
    for (size_t i = 0; p->marker && i < total; i++)
        if (!strcmp((*found)[i]->id, p->marker))
            at = i + 1;
    *n = total - at < (size_t)p->limit ? total - at : (size_t)p->limit;
    if (*n)
        memmove(*found, *found + at, *n * sizeof **found);
    return true;
}

static void list(struct os_call *c, bool detail)
{
    struct wanted w;
    struct os_page page;
    struct os_res **found = NULL;
    size_t n = 0;
    const char *key = sim_param(c->q, "sort_key");
    bool ok = read_wanted(c, &w) && os_page_read(c, &page, c->set->page_max, c->set->page_max);
    if (ok)
        ok = key ? select_sorted(c, &page, &w, key, &found, &n)
                 : os_page_select(c, &c->region->stores[OS_SERVER], &page, true, match, &w, &found,
                                  &n);
    if (ok) {
        SIM_LIT(c->out, "{\"servers\": [");
        for (size_t i = 0; i < n; i++)
            os_server_put(c, (struct os_server *)found[i], detail);
        sim_put_end(c->out, ']');
        if (n)
            os_page_links(c, "servers_links", &page, n, found[n - 1]->id);
        sim_put_end(c->out, '}');
    }
    free(found);
    free_wanted(&w);
}

void os_servers(struct os_call *c)
{
    list(c, false);
}

void os_servers_detail(struct os_call *c)
{
    list(c, true);
}
