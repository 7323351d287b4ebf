/* Which version of the API: node-semver's ranges, as restify reads Accept-Version. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "joyent.h"

/* A version of which the end may be missing or an x. */
struct part {
    struct joy_version version;
    int n; /* how many numbers are there */
};

static const char *read_part(const char *text, struct part *out)
{
    *out = (struct part){{{0, 0, 0}}, 0};
    text += *text == 'v';
    while (out->n < 3 && isdigit((unsigned char)*text)) {
        char *end;
        out->version.v[out->n++] = (int)strtol(text, &end, 10);
        text = *end == '.' && isdigit((unsigned char)end[1]) ? end + 1 : end;
    }
    return text + strspn(text, ".xX*");
}

static int compare(const struct joy_version *a, const struct joy_version *b, int n)
{
    for (int i = 0; i < n; i++)
        if (a->v[i] != b->v[i])
            return a->v[i] < b->v[i] ? -1 : 1;
    return 0;
}

static bool satisfies(const struct joy_version *v, const char *op, const struct part *p)
{
    int whole = compare(v, &p->version, 3), part = compare(v, &p->version, p->n);
    if (!p->n)
        return true;
    if (!strcmp(op, ">="))
        return whole >= 0;
    if (!strcmp(op, ">"))
        return part > 0;
    if (!strcmp(op, "<="))
        return part <= 0;
    if (!strcmp(op, "<"))
        return whole < 0;
    if (!strcmp(op, "^"))
        return v->v[0] == p->version.v[0] && whole >= 0;
    if (!strcmp(op, "~"))
        return compare(v, &p->version, p->n < 2 ? 1 : 2) == 0 && whole >= 0;
    return part == 0;
}

/* One alternative: comparators with blanks between, all of which must hold. False: not a range. */
static bool in_alternative(const char *text, size_t len, const struct joy_version *v, bool *bad)
{
    char copy[64], op[3];
    bool all = true;
    snprintf(copy, sizeof copy, "%.*s", (int)(len < sizeof copy ? len : sizeof copy - 1), text);
    for (const char *at = copy + strspn(copy, " "); *at; at += strspn(at, " ")) {
        struct part p;
        size_t n = strspn(at, "<>=~^");
        if (n > 2) {
            *bad = true;
            return false;
        }
        memcpy(op, at, n);
        op[n] = 0;
        at = read_part(at + n + strspn(at + n, " "), &p);
        if (*at && *at != ' ') {
            *bad = true;
            return false;
        }
        all = all && satisfies(v, op, &p);
    }
    return all;
}

static bool in_range(const char *range, const struct joy_version *v)
{
    bool some = false, bad = false;
    for (const char *at = range;;) {
        const char *end = strstr(at, "||");
        size_t len = end ? (size_t)(end - at) : strlen(at);
        some = in_alternative(at, len, v, &bad) || some;
        if (!end)
            return some && !bad;
        at = end + 2;
    }
}

bool joy_version_choose(const char *versions, const char *range, struct joy_version *out)
{
    bool found = false;
    for (const char *at = versions + strspn(versions, " ,"); *at; at += strspn(at, " ,")) {
        struct part p;
        const char *end = read_part(at, &p);
        if (end == at)
            break;
        at = end;
        if (in_range(range, &p.version) && (!found || compare(&p.version, out, 3) > 0)) {
            *out = p.version;
            found = true;
        }
    }
    return found;
}
