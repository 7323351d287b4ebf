/* When a failed request is sent again, how long that waits, and what a final failure is called. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "call_int.h"

/* What was asked too fast needs longer: quick retries keep an account throttled. */
enum { CONNECT_RETRIES = 2, DELAY_BASE_MS = 200, RATE_BASE_MS = 500, DELAY_MAX_MS = 20000 };

/* The classes that another attempt may cure without the provider saying so. */
static bool is_passing(int code)
{
    return code == NUBE_E_RATE || code == NUBE_E_PROVIDER || code == NUBE_E_CONNECT ||
           code == NUBE_E_TRANSPORT;
}

/* Can the server not have acted on it, or is acting twice the same as once? */
static bool is_repeatable(const struct nube_retry_facts *f)
{
    if (f->safe || f->tokened)
        return true;
    if (f->status == 0)
        return !f->sent;
    if (f->code == NUBE_E_RATE)
        return true;
    if (f->status == 503)
        return f->retry_after_ms > 0;
    return f->status >= 400 && f->status < 500 && f->retryable == NUBE_YES;
}

static int64_t jitter(int64_t base, int attempt, uint32_t random)
{
    int64_t most = DELAY_MAX_MS;

    if (attempt >= 0 && attempt < 7)
        most = base << attempt;
    if (most > DELAY_MAX_MS)
        most = DELAY_MAX_MS;
    return (int64_t)(((uint64_t)most * random) >> 32);
}

int64_t nube_retry_delay(const struct nube_retry_facts *f)
{
    int64_t delay;

    if (f->live || f->attempt >= f->max_attempts || f->retryable == NUBE_NO)
        return -1;
    if (!is_passing(f->code) && f->retryable != NUBE_YES)
        return -1;
    if (f->code == NUBE_E_CONNECT && f->attempt > CONNECT_RETRIES)
        return -1;
    if (!is_repeatable(f))
        return -1;
    delay = jitter(f->code == NUBE_E_RATE ? RATE_BASE_MS : DELAY_BASE_MS, f->attempt, f->random);
    return delay < f->retry_after_ms ? f->retry_after_ms : delay;
}

int nube_retry_code(const struct nube_retry_facts *f)
{
    if (!f->mutation || !f->sent || f->status != 0 || f->safe || f->tokened)
        return f->code;
    switch (f->code) {
    case NUBE_E_TRANSPORT:
    case NUBE_E_CONNECT:
    case NUBE_E_DEADLINE:
    case NUBE_E_CANCELLED:
    case NUBE_E_PROTOCOL:
        return NUBE_E_OUTCOME_UNKNOWN;
    default:
        return f->code;
    }
}

/* ---- Dates --------------------------------------------------------------------- */

struct date {
    int year, day, hour, minute, second;
    char month[4];
};

static int month_number(const char *name)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (int i = 0; i < 12; i++)
        if (!strncmp(name, names + (ptrdiff_t)3 * i, 3))
            return i + 1;
    return 0;
}

static int64_t date_ms(const struct date *d)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    int month = month_number(d->month), y = d->year;
    bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    int64_t days;

    if (!month || y < 1970 || y > 9999 || d->day < 1 ||
        d->day > before[month] - before[month - 1] + (month == 2 && leap))
        return -1;
    if (d->hour < 0 || d->hour > 23 || d->minute < 0 || d->minute > 59 || d->second < 0 ||
        d->second > 60)
        return -1;
    y--;
    days = (int64_t)y * 365 + y / 4 - y / 100 + y / 400 - 719162;
    days += before[month - 1] + (month > 2 && leap) + d->day - 1;
    return (((days * 24 + d->hour) * 60 + d->minute) * 60 + d->second) * 1000;
}

/* Did the pattern match all of the text? */
static bool whole(const char *text, int end)
{
    return end > 0 && text[end] == '\0';
}

static int two_digits(const char *p)
{
    return isdigit((unsigned char)p[0]) && isdigit((unsigned char)p[1])
               ? (p[0] - '0') * 10 + p[1] - '0'
               : -1;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT", as nearly every server writes it, in each of its replies. */
static bool usual(const char *p, struct date *d)
{
    static const char mold[] = "___, __ ___ ____ __:__:__ GMT";
    size_t i;

    for (i = 0; p[i] && (mold[i] == '_' || mold[i] == p[i]); i++)
        ;
    if (i != sizeof(mold) - 1 || p[i] || !isalpha((unsigned char)*p))
        return false;
    *d = (struct date){.day = two_digits(p + 5),
                       .year = two_digits(p + 14),
                       .hour = two_digits(p + 17),
                       .minute = two_digits(p + 20),
                       .second = two_digits(p + 23)};
    if (d->year >= 0)
        d->year += two_digits(p + 12) * 100;
    memcpy(d->month, p + 8, 3);
    return true;
}

int64_t nube_http_date(const char *text)
{
    struct date d = {0};
    int end = 0;

    if (!text)
        return -1;
    if (usual(text, &d))
        return date_ms(&d);
    sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &d.day, d.month, &d.year,
           &d.hour, &d.minute, &d.second, &end);
    if (whole(text, end))
        return date_ms(&d);
    sscanf(text, "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", &d.day, d.month, &d.year,
           &d.hour, &d.minute, &d.second, &end);
    if (whole(text, end)) {
        d.year += d.year < 70 ? 2000 : 1900;
        return date_ms(&d);
    }
    sscanf(text, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", d.month, &d.day, &d.hour,
           &d.minute, &d.second, &d.year, &end);
    return whole(text, end) ? date_ms(&d) : -1;
}

int64_t nube_retry_after(const char *text, int64_t now)
{
    size_t digits;
    int64_t value = 0;

    if (!text)
        return 0;
    while (*text == ' ' || *text == '\t')
        text++;
    digits = strspn(text, "0123456789");
    if (!digits || (text[digits] && !isspace((unsigned char)text[digits]))) {
        value = nube_http_date(text);
        return value > now ? value - now : 0;
    }
    /* Nine digits are thirty years: more says the same, and cannot overflow. */
    for (size_t i = 0; i < digits && i < 9; i++)
        value = value * 10 + (text[i] - '0');
    return value * 1000;
}
