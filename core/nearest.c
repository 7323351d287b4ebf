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
    size_t rows[3][LONGEST + 1], *before = rows[0], *last = rows[1], *now = rows[2], *t, i, j;

    memset(rows, 0, sizeof(rows));
    for (j = 0; j <= n; j++)
        last[j] = j;
    for (i = 1; i <= m; i++) {
        now[0] = i;
        for (j = 1; j <= n; j++) {
            now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
        t = before;
        before = last;
        last = now;
        now = t;
    }
    return last[n];
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
