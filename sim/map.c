/* Open addressing with linear probing; removed entries keep their place until the next growth. */
#include "map.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static uint64_t hash(const char *key)
{
    uint64_t h = 14695981039346656037u;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 1099511628211u;
    return h ^ h >> 29;
}

static struct sim_map_entry *find(const struct sim_map *m, const char *key)
{
    size_t i = (size_t)hash(key) & (m->size - 1);
    while (m->at[i].key && strcmp(m->at[i].key, key))
        i = (i + 1) & (m->size - 1);
    return &m->at[i];
}

void *sim_map_get(const struct sim_map *m, const char *key)
{
    return m->size && key ? find(m, key)->value : NULL;
}

static void grow(struct sim_map *m)
{
    struct sim_map old = *m;
    m->size = 16;
    while (m->size < old.live * 3)
        m->size *= 2;
    m->at = sim_alloc(m->size * sizeof *m->at);
    m->used = m->live;
    for (size_t i = 0; i < old.size; i++)
        if (old.at[i].value)
            *find(m, old.at[i].key) = old.at[i];
    free(old.at);
}

void sim_map_put(struct sim_map *m, const char *key, void *value)
{
    if ((m->used + 1) * 3 > m->size * 2)
        grow(m);
    struct sim_map_entry *e = find(m, key);
    m->used += !e->key;
    m->live += !e->value;
    e->key = key;
    e->value = value;
}

void sim_map_remove(struct sim_map *m, const char *key)
{
    struct sim_map_entry *e = m->size ? find(m, key) : NULL;
    if (!e || !e->value)
        return;
    /* The key's owner goes away: what stays must not be read. */
    static const char removed[] = "\1removed";
    e->key = removed;
    e->value = NULL;
    m->live--;
}

void sim_map_free(struct sim_map *m)
{
    free(m->at);
    *m = (struct sim_map){0};
}
