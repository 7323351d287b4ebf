/* The state: regions, objects by id and in order, and words that are kept once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

const char *ec2_intern(struct ec2 *cloud, const char *text)
{
    if (!text)
        return NULL;
    char *kept = sim_map_get(&cloud->words, text);
    if (!kept) {
        kept = sim_strdup(text);
        sim_map_put(&cloud->words, kept, kept);
    }
    return kept;
}

static const struct {
    const char *prefix, *word;
} types[EC2_TYPES] = {
    [EC2_INSTANCE] = {"i-", "instance"},
    [EC2_IMAGE] = {"ami-", "image"},
    [EC2_INSTANCE_TYPE] = {"", "instance-type"},
    [EC2_KEY] = {"key-", "key-pair"},
    [EC2_GROUP] = {"sg-", "security-group"},
    [EC2_VOLUME] = {"vol-", "volume"},
    [EC2_SNAPSHOT] = {"snap-", "snapshot"},
    [EC2_ADDRESS] = {"eipalloc-", "elastic-ip"},
    [EC2_VPC] = {"vpc-", "vpc"},
    [EC2_SUBNET] = {"subnet-", "subnet"},
};

const char *ec2_prefix(enum ec2_type type)
{
    return types[type].prefix;
}

const char *ec2_type_word(enum ec2_type type)
{
    return types[type].word;
}

void ec2_new_id(struct ec2 *cloud, char *buf, size_t size, const char *prefix)
{
    char hex[18];
    sim_random_hex(cloud->sim, hex, 17);
    snprintf(buf, size, "%s%s", prefix, hex);
}

static void store_add(struct ec2_store *s, struct ec2_res *res)
{
    SIM_PUSH(s->at, s->n, s->size);
    s->at[s->n++] = res;
}

size_t ec2_store_at(const struct ec2_store *s, uint64_t seq)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->at[middle]->seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void store_remove(struct ec2_store *s, const struct ec2_res *res)
{
    size_t i = ec2_store_at(s, res->seq);
    memmove(s->at + i, s->at + i + 1, (s->n - i - 1) * sizeof *s->at);
    s->n--;
}

void ec2_hide_fresh(struct ec2_res *res)
{
    const struct ec2 *cloud = res->region->cloud;
    res->hidden_requests = cloud->settings->visible_after_requests;
    if (cloud->settings->visible_after_ms > 0)
        res->hidden_until = sim_life_ms(cloud->sim) + cloud->settings->visible_after_ms;
}

void ec2_add(struct ec2_region *region, struct ec2_res *res, enum ec2_type type,
             const char *account, const char *id)
{
    struct ec2 *cloud = region->cloud;
    res->type = type;
    res->region = region;
    res->seq = ++cloud->seq;
    res->owner = ec2_intern(cloud, account);
    if (!res->created)
        res->created = sim_life_ms(cloud->sim);
    do {
        if (id)
            snprintf(res->id, sizeof res->id, "%s", id);
        else
            ec2_new_id(cloud, res->id, sizeof res->id, types[type].prefix);
    } while (!id && sim_map_get(&region->by_id, res->id));
    store_add(&region->stores[type], res);
    sim_map_put(&region->by_id, res->id, res);
}

void ec2_remove(struct ec2_res *res)
{
    store_remove(&res->region->stores[res->type], res);
    sim_map_remove(&res->region->by_id, res->id);
    ec2_free_res(res);
}

bool ec2_hidden(struct ec2_call *c, struct ec2_res *res)
{
    if (c->now < res->hidden_until)
        return true;
    if (res->hidden_requests <= 0)
        return false;
    res->hidden_requests--;
    return true;
}

struct ec2_res *ec2_find(struct ec2_call *c, enum ec2_type type, const char *id)
{
    struct ec2_res *res = sim_map_get(&c->region->by_id, id);
    bool own = res && res->type == type && (res->owner == c->account || type == EC2_IMAGE);
    return own && !ec2_hidden(c, res) ? res : NULL;
}

struct ec2_res *ec2_find_name(struct ec2_call *c, enum ec2_type type, const char *name)
{
    const struct ec2_store *s = &c->region->stores[type];
    for (size_t i = 0; name && i < s->n; i++)
        if (s->at[i]->owner == c->account && s->at[i]->name && !strcmp(s->at[i]->name, name))
            return ec2_hidden(c, s->at[i]) ? NULL : s->at[i];
    return NULL;
}

static void free_key(struct ec2_key *k)
{
    free(k->fingerprint);
    free(k->public_key);
}

static void free_group(struct ec2_group *g)
{
    for (size_t i = 0; i < g->n_rules; i++)
        free(g->rules[i].description);
    free(g->rules);
    free(g->description);
}

void ec2_free_res(struct ec2_res *res)
{
    switch (res->type) {
    case EC2_INSTANCE:
        ec2_instance_free((struct ec2_instance *)res);
        break;
    case EC2_IMAGE:
        free(((struct ec2_image *)res)->description);
        free(((struct ec2_image *)res)->shared);
        break;
    case EC2_KEY:
        free_key((struct ec2_key *)res);
        break;
    case EC2_GROUP:
        free_group((struct ec2_group *)res);
        break;
    case EC2_SNAPSHOT:
        free(((struct ec2_snapshot *)res)->description);
        break;
    default:
        break;
    }
    ec2_tags_free(&res->tags);
    free(res->name);
    free(res);
}

void ec2_region_free(struct ec2_region *region)
{
    for (int type = 0; type < EC2_TYPES; type++) {
        for (size_t i = 0; i < region->stores[type].n; i++)
            ec2_free_res(region->stores[type].at[i]);
        free(region->stores[type].at);
    }
    ec2_tokens_free(region);
    sim_map_free(&region->by_id);
    free(region);
}

struct ec2_region *ec2_region_find(struct ec2 *cloud, const char *name)
{
    for (size_t i = 0; i < cloud->n_regions; i++)
        if (!strcmp(cloud->regions[i]->name, name))
            return cloud->regions[i];
    return NULL;
}
