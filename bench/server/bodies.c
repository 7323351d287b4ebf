/* The nodes: a template for each kind, filled in for every node once, at the start.
 *
 * @{KIND.L} in a template stands for a value made of the node's number and the letter L, so that
 * the same letter gives the same value again: x2 x4 x8 (hexadecimal), byte, digit, month, day,
 * hour, minute, or one of several words: @{a|b|c.L}. @{n} and @{id8} are the number itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"

static struct set {
    struct text text;
    size_t *at; /* where each node begins */
    int count;
} sets[KINDS];

static uint32_t mix(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x7feb352dU;
    x ^= x >> 15;
    x *= 0x846ca68bU;
    return x ^ x >> 16;
}

/* One of "a|b|c", without what is behind the dot. */
static void put_word(struct text *to, const char *words, const char *end, uint32_t value)
{
    uint32_t count = 1;

    for (const char *p = words; p < end; p++)
        count += *p == '|';
    for (value %= count; value; value--)
        words = strchr(words, '|') + 1;
    text_put(to, words,
             strcspn(words, "|}") < (size_t)(end - words) ? strcspn(words, "|}")
                                                          : (size_t)(end - words));
}

/* name to end: KIND.L */
static void put_value(struct text *to, const char *name, const char *end, int node)
{
    static const struct {
        const char *name, *format;
        uint32_t from, count;
    } kinds[] = {{"x2", "%02x", 0, 256}, {"x4", "%04x", 0, 65536}, {"x8", "%08x", 0, 0},
                 {"byte", "%u", 0, 256}, {"digit", "%u", 1, 9},    {"month", "%u", 1, 9},
                 {"day", "%02u", 1, 28}, {"hour", "%02u", 0, 24},  {"minute", "%02u", 0, 60}};
    const char *dot = end - 2;
    uint32_t value = mix((uint32_t)node * 32 + (uint32_t)(end[-1] - 'a') + 1);
    char text[16];
    int n;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strlen(kinds[i].name) == (size_t)(dot - name) &&
            strncmp(kinds[i].name, name, (size_t)(dot - name)) == 0) {
            value = kinds[i].count ? kinds[i].from + value % kinds[i].count : value;
            n = snprintf(text, sizeof(text), kinds[i].format, value);
            text_put(to, text, (size_t)n);
            return;
        }
    put_word(to, name, dot, value);
}

static void fill(struct text *to, const char *template, int node)
{
    const char *mark, *end;

    while ((mark = strstr(template, "@{"))) {
        text_put(to, template, (size_t)(mark - template));
        mark += 2;
        end = strchr(mark, '}');
        if (*mark == 'n' && end == mark + 1)
            text_format(to, "%06d", node);
        else if (strncmp(mark, "id8}", 4) == 0)
            text_format(to, "%08x", (unsigned)node);
        else
            put_value(to, mark, end, node);
        template = end + 1;
    }
    text_put(to, template, strlen(template));
}

/* JSON elements are separated: each begins with a comma, which bodies_slice() leaves out once. */
static void make(struct set *set, const char *template, bool json, int count)
{
    set->at = calloc((size_t)count + 1, sizeof(*set->at));
    for (; set->at && set->count < count; set->count++) {
        set->at[set->count] = set->text.len;
        if (json)
            text_put(&set->text, ",", 1);
        fill(&set->text, template, set->count);
    }
    if (set->at)
        set->at[count] = set->text.len;
}

void bodies_load(const char *dir, const int most[KINDS])
{
    static const char *const files[KINDS] = {"ec2.xml", "openstack.json", "docker.json"};

    for (int kind = 0; kind < KINDS; kind++) {
        char *template = text_file(dir, files[kind]);

        make(&sets[kind], template, kind != EC2, most[kind]);
        free(template);
    }
}

const char *bodies_slice(enum kind kind, int first, int end, size_t *len)
{
    const struct set *set = &sets[kind];
    size_t comma = kind != EC2 && first < end;

    *len = set->at[end] - set->at[first] - comma;
    return set->text.at ? set->text.at + set->at[first] + comma : "";
}

int bodies_number(enum kind kind, const char *id, size_t digits_at)
{
    char digits[9] = "";
    unsigned long number;

    if (strlen(id) >= digits_at + 8)
        memcpy(digits, id + digits_at, 8);
    number = strtoul(digits, NULL, 16);
    return number < (unsigned long)sets[kind].count ? (int)number : 0;
}
