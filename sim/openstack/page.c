/* Pages: limit, marker, and the link to the next. */
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "openstack.h"

bool os_page_read(struct os_call *c, struct os_page *p, int64_t usual, int64_t most)
{
    const char *limit = sim_param(c->q, "limit");
    char *end = NULL;
    *p = (struct os_page){usual, limit != NULL, sim_param(c->q, "marker")};
    if (limit) {
        p->limit = strtoll(limit, &end, 10);
        if (!*limit || *end || p->limit < 0)
            return os_fail(c, 400,
                           "Invalid input for query parameters limit. Value: %s. '%s' does "
                           "not match '^[0-9]*$'",
                           limit, limit);
    }
    if (p->limit > most)
        p->limit = most;
    return true;
}

/* The place after the marker; false: there is no such object. */
static bool begin(struct os_call *c, const struct os_store *store, const struct os_page *p,
                  bool newest_first, size_t *at)
{
    *at = 0;
    if (!p->marker)
        return true;
    struct os_res *res = sim_map_get(&store->by_id, p->marker);
    if (!res)
        return c->where.service == OS_COMPUTE
                   ? os_fail(c, 400, "marker [%s] not found", p->marker)
                   : os_fail(c, 404, "Marker %s could not be found", p->marker);
    size_t i = os_store_at(store, res->seq);
    *at = newest_first ? store->n - i : i + 1;
    return true;
}

bool os_page_select(struct os_call *c, const struct os_store *store, const struct os_page *p,
                    bool newest_first, os_match *match, const void *how, struct os_res ***found,
                    size_t *n)
{
    size_t at, size = 0;
    *n = 0;
    *found = NULL;
    if (!begin(c, store, p, newest_first, &at))
        return false;
    for (; at < store->n && *n < (size_t)p->limit; at++) {
        struct os_res *res = store->at[newest_first ? store->n - 1 - at : at];
        if (match(c, res, how)) {
            SIM_PUSH(*found, *n, size);
            (*found)[(*n)++] = res;
        }
    }
    return true;
}

/* What is left as it is in a query; the rest is percent-encoded. */
static void put_encoded(struct sim_text *url, const char *text)
{
    for (; *text; text++) {
        unsigned char ch = (unsigned char)*text;
        bool plain = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
                     (ch >= '0' && ch <= '9') || (ch && strchr("-_.~", ch));
        if (plain)
            sim_text_putc(url, (char)ch);
        else
            sim_text_fmt(url, "%%%02X", ch);
    }
}

void os_page_query(struct os_call *c, struct sim_text *url, const char *marker)
{
    for (size_t i = 0; i < c->q->n_params; i++) {
        const struct sim_pair *pair = &c->q->params[i];
        if (!strcmp(pair->name, "marker"))
            continue;
        put_encoded(url, pair->name);
        sim_text_putc(url, '=');
        put_encoded(url, pair->value);
        sim_text_putc(url, '&');
    }
    SIM_LIT(url, "marker=");
    const char *old = sim_param(c->q, "marker");
    put_encoded(url, c->set->page_repeat_link && old ? old : marker);
}

void os_page_links(struct os_call *c, const char *name, const struct os_page *p, size_t n,
                   const char *last)
{
    struct sim_text url = {0};
    if (!n || n < (size_t)p->limit)
        return;
    sim_text_fmt(&url, "%s%s?", c->base, c->where.rest);
    os_page_query(c, &url, last);
    sim_put_array(c->out, name);
    sim_put_object(c->out, NULL);
    sim_put_str(c->out, "rel", "next");
    sim_put_str(c->out, "href", url.data);
    SIM_LIT(c->out, "}]");
    sim_text_free(&url);
}
