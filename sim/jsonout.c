/* JSON replies: what was written last tells whether a comma is due. */
#include "jsonout.h"

#include <string.h>

void sim_put_sep(struct sim_text *t)
{
    char last = t->len ? t->data[t->len - 1] : '{';
    if (last != '{' && last != '[' && last != ' ')
        SIM_LIT(t, ", ");
}

void sim_put_name(struct sim_text *t, const char *name)
{
    sim_put_sep(t);
    if (!name)
        return;
    sim_text_putc(t, '"');
    sim_text_puts(t, name);
    SIM_LIT(t, "\": ");
}

void sim_put_str(struct sim_text *t, const char *name, const char *value)
{
    sim_put_name(t, name);
    sim_text_json(t, value);
}

void sim_put_int(struct sim_text *t, const char *name, int64_t value)
{
    sim_put_name(t, name);
    sim_text_int(t, value);
}

void sim_put_bool(struct sim_text *t, const char *name, bool value)
{
    sim_put_raw(t, name, value ? "true" : "false");
}

void sim_put_raw(struct sim_text *t, const char *name, const char *json)
{
    sim_put_name(t, name);
    sim_text_puts(t, json);
}

void sim_put_time(struct sim_text *t, const char *name, int64_t ms)
{
    char when[20];
    sim_put_name(t, name);
    if (!ms) {
        SIM_LIT(t, "null");
        return;
    }
    sim_seconds_time(when, ms);
    sim_text_putc(t, '"');
    sim_text_puts(t, when);
    SIM_LIT(t, "Z\"");
}

void sim_put_object(struct sim_text *t, const char *name)
{
    sim_put_name(t, name);
    sim_text_putc(t, '{');
}

void sim_put_array(struct sim_text *t, const char *name)
{
    sim_put_name(t, name);
    sim_text_putc(t, '[');
}

void sim_put_end(struct sim_text *t, char bracket)
{
    sim_text_putc(t, bracket);
}

void sim_put_word(struct sim_text *t, const char *value)
{
    sim_put_str(t, NULL, value);
}

static void digits(char *to, int64_t value, int n)
{
    for (to += n; n--; value /= 10)
        *--to = (char)('0' + value % 10);
}

/* Days to a date as in Hinnant's civil_from_days: gmtime() costs more than a whole record. */
void sim_seconds_time(char buf[20], int64_t ms)
{
    int64_t s = ms / 1000, day = s / 86400, rest = s % 86400;
    if (rest < 0) {
        rest += 86400;
        day--;
    }
    int64_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int64_t d = doy - (153 * mp + 2) / 5 + 1, m = mp < 10 ? mp + 3 : mp - 9;
    int64_t y = yoe + era * 400 + (m <= 2);
    memcpy(buf, "0000-00-00T00:00:00", 20);
    digits(buf, y, 4);
    digits(buf + 5, m, 2);
    digits(buf + 8, d, 2);
    digits(buf + 11, rest / 3600, 2);
    digits(buf + 14, rest / 60 % 60, 2);
    digits(buf + 17, rest % 60, 2);
}
