/* Settings by table: their initial values, from text, and as JSON. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim_int.h"

#define AT(field) offsetof(struct sim_settings, field)
const struct sim_setting sim_base_settings[] = {
    {"latency_ms", SIM_INT, AT(latency_ms), "0", "every reply waits so long; others go on"},
    {"clock_offset_ms", SIM_INT, AT(clock_offset_ms), "0",
     "how far the provider's clock is ahead of this machine's: Date, signatures"},
    {"log_size", SIM_INT, AT(log_size), "1000", "how many requests are kept for the control"},
    {"gzip", SIM_BOOL, AT(gzip), "true", "large replies are compressed for who accepts it"},
    {"chunked", SIM_BOOL, AT(chunked), "true", "large replies come in chunks, without a length"},
};
const size_t sim_n_base_settings = sizeof sim_base_settings / sizeof *sim_base_settings;

enum { WORD_SIZE = 64 };

static bool set(const struct sim_setting *row, char *into, const char *value)
{
    char *end = NULL, *at = into + row->offset;
    if (row->type == SIM_WORD) {
        size_t len = strlen(value);
        if (len >= WORD_SIZE)
            return false;
        memcpy(at, value, len + 1);
    } else if (row->type == SIM_BOOL) {
        bool yes = !strcmp(value, "true") || !strcmp(value, "1");
        if (!yes && strcmp(value, "false") && strcmp(value, "0"))
            return false;
        memcpy(at, &yes, sizeof yes);
    } else {
        errno = 0;
        int64_t n = strtoll(value, &end, 10);
        if (errno || end == value || *end)
            return false;
        memcpy(at, &n, sizeof n);
    }
    return true;
}

void sim_settings_init(const struct sim_setting *rows, size_t n, void *into)
{
    for (size_t i = 0; i < n; i++)
        set(&rows[i], into, rows[i].initial);
}

bool sim_settings_set(const struct sim_setting *rows, size_t n, void *into, const char *name,
                      const char *value)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(rows[i].name, name))
            return set(&rows[i], into, value);
    return false;
}

void sim_settings_json(const struct sim_setting *rows, size_t n, const void *from,
                       struct sim_text *json, bool *some)
{
    for (size_t i = 0; i < n; i++) {
        const char *at = (const char *)from + rows[i].offset;
        sim_text_puts(json, *some ? ", " : "");
        *some = true;
        sim_text_json(json, rows[i].name);
        SIM_LIT(json, ": ");
        int64_t number;
        bool yes;
        if (rows[i].type == SIM_WORD) {
            sim_text_json(json, at);
        } else if (rows[i].type == SIM_BOOL) {
            memcpy(&yes, at, sizeof yes);
            sim_text_puts(json, yes ? "true" : "false");
        } else {
            memcpy(&number, at, sizeof number);
            sim_text_int(json, number);
        }
    }
}
