/* Lists that count from 0, as libcloud's do: EC2 takes them; here they are counted from 1 like all
 * others. */
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct sim_pair *)a)->name, ((const struct sim_pair *)b)->name);
}

/* The length of the list's name in "Tag.0.Key"; 0: no index is 0. */
static size_t zero_list(const char *name)
{
    const char *at = strstr(name, ".0");
    while (at && at[2] && at[2] != '.')
        at = strstr(at + 1, ".0");
    return at ? (size_t)(at - name) : 0;
}

/* "Tag.3.Key" of the list "Tag" becomes "Tag.4.Key". */
static void shift(struct ec2 *cloud, struct sim_pair *p, const char *list, size_t len)
{
    char *end;
    if (strncmp(p->name, list, len) != 0 || p->name[len] != '.')
        return;
    long index = strtol(p->name + len + 1, &end, 10);
    if (end == p->name + len + 1 || (*end && *end != '.'))
        return;
    char *name = sim_fmt("%.*s.%ld%s", (int)len, list, index + 1, end);
    p->name = ec2_intern(cloud, name);
    free(name);
}

void ec2_count_from_one(struct ec2 *cloud, struct sim_request *q)
{
    bool changed = false;
    for (size_t i = 0; i < q->n_params; i++) {
        size_t len = zero_list(q->params[i].name);
        if (!len)
            continue;
        char *list = sim_strndup(q->params[i].name, len);
        for (size_t k = 0; k < q->n_params; k++)
            shift(cloud, &q->params[k], list, len);
        free(list);
        changed = true;
        i--; /* another of its indexes may be 0 too */
    }
    if (changed)
        qsort(q->params, q->n_params, sizeof *q->params, by_name);
}
