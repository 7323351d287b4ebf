/* Readers of option text: numbers, booleans, quantities and durations. */
#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "options.h"

int nube_parse_int(const char *text, int64_t *out)
{
    const char *digits = text + (*text == '-' || *text == '+');
    long long v;

    if (!*digits || digits[strspn(digits, "0123456789")])
        return -1;
    v = strtoll(text, NULL, 10);
    /* What overflows comes back as one of the two ends: then only the ends themselves are right. */
    if (v == INT64_MAX || v == INT64_MIN) {
        const char *end = v == INT64_MAX ? "9223372036854775807" : "9223372036854775808";

        digits += strspn(digits, "0");
        if (strcmp(digits, end) != 0)
            return -1;
    }
    *out = v;
    return 0;
}

int nube_parse_number(const char *text, double *out)
{
    locale_t c;
    char *end;

    if (!*text || text[strspn(text, "0123456789+-.eE")])
        return -1;
    c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c)
        return -1;
    *out = strtod_l(text, &end, c);
    freelocale(c);
    return *end || !isfinite(*out) ? -1 : 0;
}

int nube_parse_bool(const char *text, int64_t *out)
{
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strcasecmp(text, words[i]) == 0) {
            *out = i & 1;
            return 0;
        }
    return -1;
}

enum { FRACTION = 1000000 }; /* millionths: times the largest unit they still fit */

/* "DIGITS[.DIGITS]", at most six of them significant; gives what follows, NULL when it is not that.
 */
static const char *decimal(const char *text, int64_t *whole, int64_t *millionths)
{
    int64_t weight = FRACTION / 10;

    *whole = *millionths = 0;
    if (!isdigit((unsigned char)*text))
        return NULL;
    for (; isdigit((unsigned char)*text); text++)
        if (__builtin_mul_overflow(*whole, 10, whole) ||
            __builtin_add_overflow(*whole, *text - '0', whole))
            return NULL;
    if (*text != '.')
        return text;
    if (!isdigit((unsigned char)*++text))
        return NULL;
    for (; isdigit((unsigned char)*text); text++, weight /= 10) {
        if (!weight && *text != '0')
            return NULL;
        *millionths += (*text - '0') * weight;
    }
    return text;
}

static int scale(int64_t whole, int64_t millionths, int64_t unit, int64_t *out)
{
    int64_t part = millionths * unit / FRACTION;

    if (unit == 1 && millionths)
        return -1;
    return __builtin_mul_overflow(whole, unit, out) || __builtin_add_overflow(*out, part, out) ? -1
                                                                                               : 0;
}

int nube_parse_bytes(const char *text, int64_t *out)
{
    static const char letters[] = "kmgt";
    int64_t whole, millionths, unit = 1;
    const char *rest = decimal(text, &whole, &millionths);
    const char *letter = rest && *rest ? strchr(letters, tolower((unsigned char)*rest)) : NULL;

    if (!rest)
        return -1;
    if (letter) {
        unit = INT64_C(1) << (10 * (letter - letters + 1));
        rest++;
        if (tolower((unsigned char)rest[0]) == 'i' && tolower((unsigned char)rest[1]) == 'b')
            rest++;
    }
    if (tolower((unsigned char)*rest) == 'b')
        rest++;
    return *rest ? -1 : scale(whole, millionths, unit, out);
}

int nube_parse_duration(const char *text, int64_t *out)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    int64_t whole, millionths;
    const char *rest = decimal(text, &whole, &millionths);
    size_t i;

    for (i = 0; rest && i < sizeof(units) / sizeof(*units); i++)
        if (strcmp(rest, units[i].name) == 0)
            return scale(whole, millionths, units[i].ms, out);
    return -1;
}
