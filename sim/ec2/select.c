/* Which objects a Describe call means: ids, names, filters, pages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

static void take(struct ec2_selection *s, struct ec2_res *res)
{
    SIM_PUSH(s->at, s->n, s->size);
    s->at[s->n++] = res;
}

static const struct ec2_store *store_of(const struct ec2_call *c, enum ec2_type type)
{
    return type == EC2_INSTANCE_TYPE ? &c->cloud->types : &c->region->stores[type];
}

static bool shown(struct ec2_call *c, const struct ec2_kind *k, const struct ec2_res *res)
{
    return k->shown ? k->shown(c, res) : res->owner == c->account;
}

static bool well_formed(const char *id, const char *prefix)
{
    size_t n = strlen(prefix);
    return !strncmp(id, prefix, n) && id[n] && strspn(id + n, "0123456789abcdef") == strlen(id + n);
}

static struct ec2_res *by_id(struct ec2_call *c, const struct ec2_kind *k, const char *id)
{
    const struct sim_map *m =
        k->type == EC2_INSTANCE_TYPE ? &c->cloud->types_by_name : &c->region->by_id;
    struct ec2_res *res = sim_map_get(m, id);
    bool there = res && res->type == k->type && shown(c, k, res) && !ec2_hidden(c, res);
    return there ? res : NULL;
}

/* The ids that were asked for; false: one is ill-formed or unknown. */
static bool by_ids(struct ec2_call *c, const struct ec2_kind *k, struct ec2_selection *s)
{
    struct sim_text gone = {0};
    const char *id;
    int missing = 0;
    for (int i = 1; (id = sim_paramf(c->q, "%s.%d", k->id_param, i)); i++) {
        const char *prefix = ec2_prefix(k->type);
        if (*prefix && !well_formed(id, prefix)) {
            sim_text_free(&gone);
            return ec2_fail(c, k->malformed, "Invalid id: \"%s\" (expecting \"%s...\")", id,
                            prefix);
        }
        struct ec2_res *res = by_id(c, k, id);
        if (res)
            take(s, res);
        else
            sim_text_fmt(&gone, "%s%s", missing++ ? ", " : "", id);
    }
    if (missing)
        ec2_fail(c, k->not_found, "The %s%s '%s' do%s not exist", k->word, missing > 1 ? "s" : "",
                 gone.data, missing > 1 ? "" : "es");
    sim_text_free(&gone);
    return !missing;
}

static bool by_names(struct ec2_call *c, const struct ec2_kind *k, struct ec2_selection *s)
{
    const char *name;
    for (int i = 1; k->name_param && (name = sim_paramf(c->q, "%s.%d", k->name_param, i)); i++) {
        struct ec2_res *res = ec2_find_name(c, k->type, name);
        if (!res)
            return ec2_fail(c, k->not_found, "The %s '%s' does not exist",
                            k->type == EC2_KEY ? "key pair" : "security group", name);
        take(s, res);
    }
    return true;
}

/* Keeps those that the filters let through. */
static void narrow(struct ec2_call *c, const struct ec2_kind *k, const struct ec2_filters *f,
                   struct ec2_selection *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (k->settle)
            k->settle(c, s->at[i]);
        if (ec2_filters_match(f, s->at[i], &s->at[i]->tags))
            s->at[kept++] = s->at[i];
    }
    s->n = kept;
}

/* Where to begin and how many; false: the parameters are wrong. */
static bool read_page(struct ec2_call *c, const struct ec2_kind *k, uint64_t question,
                      struct ec2_page *p)
{
    const struct ec2_settings *set = c->cloud->settings;
    const char *token = sim_param(c->q, "NextToken"), *max = sim_param(c->q, "MaxResults");
    *p = (struct ec2_page){0, 0, set->page_default > 0 ? set->page_default : INT64_MAX};
    if (token && !*token)
        return ec2_fail(c, "InvalidParameterValue", "The parameter NextToken is empty");
    if (token && !ec2_page_read(c->cloud, token, p, question))
        return ec2_fail(c, "InvalidNextToken", "The token '%s' is invalid", token);
    if (max) {
        p->size = ec2_int(c, "MaxResults", 0);
        if (p->size < k->page_min || p->size > k->page_max)
            return ec2_fail(c, "InvalidParameterValue",
                            "Value ( %s ) for parameter maxResults is invalid. Expecting a value "
                            "of at least %lld and at most %lld",
                            max, (long long)k->page_min, (long long)k->page_max);
    }
    return true;
}

static void give_token(struct ec2_call *c, struct ec2_selection *s, struct ec2_page p, int64_t size,
                       uint64_t question)
{
    const char *token = sim_param(c->q, "NextToken");
    p.number++;
    p.size = size;
    if (token && c->cloud->settings->page_repeat_token)
        snprintf(s->next, sizeof s->next, "%s", token);
    else
        ec2_page_token(c->cloud, s->next, sizeof s->next, &p, question);
}

/* Walks the list from where the token says. */
static bool walk(struct ec2_call *c, const struct ec2_kind *k, const struct ec2_filters *f,
                 struct ec2_selection *s)
{
    const struct ec2_settings *set = c->cloud->settings;
    const struct ec2_store *store = store_of(c, k->type);
    uint64_t question = f->hash * 41 + ec2_hash(c->q->action);
    struct ec2_page p;
    if (!read_page(c, k, question, &p))
        return false;
    int64_t room = set->page_cap > 0 && set->page_cap < p.size ? set->page_cap : p.size;
    if (!k->page_max || p.size == INT64_MAX)
        room = INT64_MAX;
    size_t i = ec2_store_at(store, p.from);
    bool empty = room != INT64_MAX && set->page_empty_every > 0 &&
                 (p.number + 1) % set->page_empty_every == 0;
    for (; !empty && i < store->n && (int64_t)s->n < room; i++) {
        struct ec2_res *res = store->at[i];
        if (!shown(c, k, res) || (k->listed && !k->listed(c, res)))
            continue;
        if (k->settle)
            k->settle(c, res);
        if (ec2_filters_match(f, res, &res->tags) && !ec2_hidden(c, res))
            take(s, res);
    }
    bool full = room != INT64_MAX && (int64_t)s->n == room;
    if (i < store->n || (full && set->page_trailing_token)) {
        uint64_t last = store->n ? store->at[store->n - 1]->seq + 1 : 1;
        struct ec2_page next = {i < store->n ? store->at[i]->seq : last, p.number, p.size};
        give_token(c, s, next, p.size, question);
    }
    return true;
}

bool ec2_select(struct ec2_call *c, const struct ec2_kind *k, struct ec2_selection *s)
{
    struct ec2_filters f = {0};
    bool ok, named;
    *s = (struct ec2_selection){0};
    named = (k->id_param && sim_paramf(c->q, "%s.1", k->id_param)) ||
            (k->name_param && sim_paramf(c->q, "%s.1", k->name_param));
    if (named && sim_param(c->q, "MaxResults"))
        return ec2_fail(c, "InvalidParameterCombination",
                        "The parameter %s cannot be used with the parameter maxResults",
                        k->id_param);
    if (!ec2_filters_read(c, &f, k->fields, k->n_fields, true))
        return false;
    if (named) {
        ok = (!k->id_param || by_ids(c, k, s)) && by_names(c, k, s);
        if (ok)
            narrow(c, k, &f, s);
    } else {
        ok = walk(c, k, &f, s);
    }
    ec2_filters_free(&f);
    if (!ok) {
        free(s->at);
        s->at = NULL;
    }
    return ok;
}

void ec2_put_next(struct ec2_call *c, const struct ec2_selection *s)
{
    if (*s->next)
        sim_elem(c->out, "nextToken", s->next);
}
