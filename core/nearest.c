/* "Did you mean": the known name nearest to one that is not known. */
#include "nearest.h"

#include <string.h>

enum { LONGEST = 64 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to insert, remove or replace; both at most LONGEST. */
static size_t distance(const char *a, size_t m, const char *b, size_t n)
{
    size_t row[LONGEST + 1], i, j;

    for (j = 0; j <= n; j++)
        row[j] = j;
    for (i = 1; i <= m; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (j = 1; j <= n; j++) {
            size_t replaced = corner + (a[i - 1] != b[j - 1]);

            corner = row[j];
            row[j] = least(least(row[j], row[j - 1]) + 1, replaced);
        }
    }
    return row[n];
}

void nube_nearest_init(struct nube_nearest *n, const char *name)
{
    n->name = name;
    n->best = NULL;
    n->distance = strnlen(name, LONGEST) / 3 + 1;
}

void nube_nearest_try(struct nube_nearest *n, const char *candidate)
{
    size_t a = strlen(n->name), b = candidate ? strlen(candidate) : 0, d;

    if (!b || a > LONGEST || b > LONGEST)
        return;
    d = distance(n->name, a, candidate, b);
    if (d <= n->distance && (!n->best || d < n->distance)) {
        n->best = candidate;
        n->distance = d;
    }
}
