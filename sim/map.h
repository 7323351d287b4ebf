/* A map from text to anything. Keys are the caller's: they live at least as long as their entry. */
#ifndef NUBE_SIM_MAP_H
#define NUBE_SIM_MAP_H

#include <stddef.h>

struct sim_map_entry {
    const char *key; /* NULL: never used */
    void *value;     /* NULL: removed */
};

struct sim_map {
    struct sim_map_entry *at;
    size_t size, used, live;
};

void *sim_map_get(const struct sim_map *m, const char *key);
/* Replaces what was there. */
void sim_map_put(struct sim_map *m, const char *key, void *value);
void sim_map_remove(struct sim_map *m, const char *key);
void sim_map_free(struct sim_map *m);

#endif
