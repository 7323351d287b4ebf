/* Points in time as providers write them and as Nube prints them. */
#include "timestamp.h"

#include <stdio.h>

enum { DAY = 86400 };
static const int64_t last_second = INT64_C(253402300799); /* of 9999 */

/* Days since 1970-01-01; years count from March, so that the leap day is their last. */
static int64_t days(int y, int m, int d)
{
    int64_t year = y - (m <= 2), era = year / 400, yoe = year % 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static int month_days(int y, int m)
{
    static const char n[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) ? 29 : n[m - 1];
}

/* Exactly n digits between min and max; -1 when not. */
static int digits(const char **at, int n, int min, int max)
{
    int v = 0;

    for (; n; n--, ++*at) {
        if (**at < '0' || **at > '9')
            return -1;
        v = v * 10 + (**at - '0');
    }
    return v < min || v > max ? -1 : v;
}

/* One of the characters, which is passed over. */
static int skip(const char **at, const char *set)
{
    for (; *set; set++)
        if (**at == *set) {
            ++*at;
            return 1;
        }
    return 0;
}

/* Seconds east of UTC; -1 when what follows is not a zone. */
static int zone(const char **at, int *out)
{
    int sign = **at == '-' ? -1 : 1, h, m = 0;

    *out = 0;
    if (!**at || skip(at, "Zz"))
        return 0;
    if (!skip(at, "+-"))
        return -1;
    h = digits(at, 2, 0, 23);
    if (**at && (skip(at, ":") || **at))
        m = digits(at, 2, 0, 59);
    *out = sign * (h * 60 + m) * 60;
    return h < 0 || m < 0 ? -1 : 0;
}

static int clock_part(const char **at, int64_t *seconds)
{
    int h, m, s = 0, east;

    h = digits(at, 2, 0, 23);
    if (h < 0 || !skip(at, ":"))
        return -1;
    m = digits(at, 2, 0, 59);
    if (m < 0)
        return -1;
    if (skip(at, ":"))
        s = digits(at, 2, 0, 60);
    if (s < 0)
        return -1;
    if (skip(at, ".,")) {
        if (digits(at, 1, 0, 9) < 0)
            return -1;
        while (skip(at, "0123456789"))
            ;
    }
    if (zone(at, &east))
        return -1;
    *seconds += h * 3600 + m * 60 + s - east;
    return 0;
}

int nube_time_parse(const char *text, int64_t *out)
{
    int y, m, d;
    int64_t v;

    y = digits(&text, 4, 1969, 9999);
    if (y < 0 || !skip(&text, "-"))
        return -1;
    m = digits(&text, 2, 1, 12);
    if (m < 0 || !skip(&text, "-"))
        return -1;
    d = digits(&text, 2, 1, month_days(y, m));
    if (d < 0)
        return -1;
    v = days(y, m, d) * DAY;
    if (skip(&text, "Tt ") && clock_part(&text, &v))
        return -1;
    if (*text || v < 0 || v > last_second)
        return -1;
    *out = v;
    return 0;
}

void nube_time_print(char out[NUBE_TIME_SIZE], int64_t seconds)
{
    int64_t day = seconds / DAY, s = seconds % DAY;
    int y = 1970 + (int)(day / 366), m = 1;

    out[0] = '\0';
    if (seconds < 0 || seconds > last_second)
        return;
    while (days(y + 1, 1, 1) <= day)
        y++;
    day -= days(y, 1, 1);
    for (; day >= month_days(y, m); m++)
        day -= month_days(y, m);
    snprintf(out, NUBE_TIME_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)y % 10000u,
             (unsigned)m % 100u, (unsigned)(day + 1) % 100u, (unsigned)(s / 3600) % 100u,
             (unsigned)(s / 60 % 60), (unsigned)(s % 60));
}
