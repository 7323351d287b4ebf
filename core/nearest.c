/* "Did you mean": the known name nearest to one that is not known. */
#include "nearest.h"

#include <string.h>

enum { LONGEST = 64 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to insert, remove, replace or swap with their neighbour; both at most LONGEST. */
static size_t distance(const char *a, size_t m, const char *b, size_t n)
{
    size_t rows[3][LONGEST + 1], i, j;

    for (j = 0; j <= n; j++)
        rows[0][j] = j;
    for (i = 1; i <= m; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *higher = rows[(i + 1) % 3];

        row[0] = i;
        for (j = 1; j <= n; j++) {
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], higher[j - 2] + 1);
        }
    }
    return rows[m % 3][n];
}

void nube_nearest_init(struct nube_nearest *n, const char *name)
{
    n->name = name;
    n->best = NULL;
    n->distance = strnlen(name, LONGEST) < 6 ? 1 : strnlen(name, LONGEST) / 3;
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
