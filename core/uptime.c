/* The line that `uptime` prints, in the spellings of every Unix. */
#include <stdlib.h>
#include <string.h>

#include "node_ssh.h"

static const char *skip(const char *p)
{
    return p + strspn(p, " \t,");
}

/* One "3 days", "3 day(s)", "2 hrs", "3 hr(s)", "5 mins" or "3:04" behind "up"; NULL: none. */
static const char *take_time(const char *p, int64_t *seconds)
{
    static const struct {
        const char *unit;
        int64_t seconds;
    } units[] = {{"day", 86400}, {"hr", 3600}, {"hour", 3600}, {"min", 60}, {"sec", 1}};
    char *end;
    long long n = strtoll(p, &end, 10);

    if (end == p || n < 0 || n > 1000000)
        return NULL;
    if (*end == ':') {
        p = end + 1;
        *seconds += n * 3600 + strtoll(p, &end, 10) * 60;
        return end > p ? end : NULL;
    }
    p = end + strspn(end, " \t");
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
        if (strncmp(p, units[i].unit, strlen(units[i].unit)) == 0) {
            *seconds += n * units[i].seconds;
            return p + strcspn(p, " \t,\n");
        }
    return NULL;
}

/* strtod() would want the point of the program's locale. */
static const char *take_number(const char *p, double *out)
{
    char *end;
    double value = (double)strtoll(p, &end, 10), unit = 1;

    if (end == p || value < 0)
        return NULL;
    if (*end == '.')
        for (end++; *end >= '0' && *end <= '9'; end++)
            value += (unit /= 10) * (*end - '0');
    *out = value;
    return end;
}

void nube_load_read(double load[3], const char *text)
{
    for (size_t i = 0; i < 3; i++) {
        text = take_number(skip(text), &load[i]);
        if (!text)
            return;
    }
}

void nube_uptime_read(struct nube_uptime *out, const char *text)
{
    const char *up = strstr(text, "up "), *load = strstr(text, "load average"), *next, *p;
    char *end;

    *out = (struct nube_uptime){-1, -1, {-1, -1, -1}};
    if (up) {
        int64_t seconds = 0;

        for (p = skip(up + 3); (next = take_time(p, &seconds)); p = skip(next))
            out->seconds = seconds;
        if (strstr(p, "user")) {
            long long users = strtoll(p, &end, 10);

            if (end > p && users >= 0)
                out->users = users;
        }
    }
    p = load ? strchr(load, ':') : NULL;
    if (p)
        nube_load_read(out->load, p + 1);
}
