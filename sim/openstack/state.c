/* The state: regions, their objects by id and in order, and words that are kept once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "openstack.h"

const char *os_word(struct os_cloud *cloud, const char *text)
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

void os_uuid(struct os_cloud *cloud, char id[40])
{
    char hex[33];
    sim_random_hex(cloud->sim, hex, 32);
    hex[12] = '4';
    hex[16] = "89ab"[hex[16] & 3];
    char *to = id;
    for (int i = 0; i < 32; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            *to++ = '-';
        *to++ = hex[i];
    }
    *to = 0;
}

void os_add(struct os_region *region, enum os_kind kind, struct os_res *res,
            struct os_project *project, const char *name, const char *id)
{
    struct os_store *s = &region->stores[kind];
    if (id)
        snprintf(res->id, sizeof res->id, "%s", id);
    else
        os_uuid(region->cloud, res->id);
    res->seq = ++region->cloud->seq;
    res->project = project;
    res->name = sim_strdup(name);
    if (!res->created)
        res->created = sim_life_ms(region->cloud->sim);
    if (!res->updated)
        res->updated = res->created;
    SIM_PUSH(s->at, s->n, s->size);
    s->at[s->n++] = res;
    sim_map_put(&s->by_id, res->id, res);
}

size_t os_store_at(const struct os_store *s, uint64_t seq)
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

struct os_res *os_find(const struct os_region *region, enum os_kind kind, const char *id)
{
    return id ? sim_map_get(&region->stores[kind].by_id, id) : NULL;
}

static void free_image(struct os_image *m)
{
    sim_dict_free(&m->properties);
    sim_dict_free(&m->members);
    sim_dict_free(&m->tags);
    sim_text_free(&m->data);
}

static void free_flavor(struct os_flavor *f)
{
    sim_dict_free(&f->specs);
    free(f->description);
}

static void free_key(struct os_key *k)
{
    free(k->public_key);
    free(k->fingerprint);
}

static void free_res(enum os_kind kind, struct os_res *res)
{
    if (kind == OS_SERVER)
        os_server_free((struct os_server *)res);
    else if (kind == OS_IMAGE)
        free_image((struct os_image *)res);
    else if (kind == OS_FLAVOR)
        free_flavor((struct os_flavor *)res);
    else if (kind == OS_KEY)
        free_key((struct os_key *)res);
    else if (kind == OS_GROUP)
        os_group_free((struct os_group *)res);
    else if (kind == OS_ROUTER)
        sim_dict_free(&((struct os_router *)res)->subnets);
    free(res->name);
    free(res);
}

void os_remove(struct os_region *region, enum os_kind kind, struct os_res *res)
{
    struct os_store *s = &region->stores[kind];
    size_t i = os_store_at(s, res->seq);
    memmove(s->at + i, s->at + i + 1, (s->n - i - 1) * sizeof *s->at);
    s->n--;
    sim_map_remove(&s->by_id, res->id);
    free_res(kind, res);
}

void os_region_free(struct os_region *region)
{
    for (int kind = 0; kind < OS_KINDS; kind++) {
        struct os_store *s = &region->stores[kind];
        for (size_t i = 0; i < s->n; i++)
            free_res((enum os_kind)kind, s->at[i]);
        free(s->at);
        sim_map_free(&s->by_id);
    }
    free(region->moving);
    free(region);
}

struct os_region *os_region_find(const struct os_cloud *cloud, const char *name, size_t len)
{
    for (size_t i = 0; i < cloud->n_regions; i++) {
        const char *own = cloud->regions[i]->name;
        if (strlen(own) == len && !memcmp(own, name, len))
            return cloud->regions[i];
    }
    return NULL;
}
