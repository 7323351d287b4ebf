/* Parameters against what an action takes: unknown, missing, ill-formed ones are refused as EC2
 * does. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ec2.h"

static const char marks[] = "*#?@=";

/* "Filter.12.Value.3" as the table has it: "Filter.N.Value.N". */
static bool to_shape(char *out, size_t size, const char *name)
{
    size_t n = 0;
    for (const char *p = name; *p;) {
        size_t len = strcspn(p, ".");
        bool index = p > name && len && strspn(p, "0123456789") == len && *p != '0';
        if (n + len + 2 > size)
            return false;
        if (index)
            out[n++] = 'N';
        else
            memcpy(out + n, p, len), n += len;
        p += len;
        if (*p == '.')
            out[n++] = *p++;
    }
    out[n] = 0;
    return true;
}

/* The marks after the word, NULL: the action does not take it. */
static const char *find_word(const char *words, const char *shape)
{
    size_t want = strlen(shape);
    for (const char *p = words; *p;) {
        size_t len = strcspn(p, " "), name = strcspn(p, "*#?@= ");
        if (name == want && !memcmp(p, shape, want))
            return p + name;
        p += len;
        p += *p == ' ';
    }
    return NULL;
}

static bool is_number(const char *value)
{
    char *end;
    errno = 0;
    strtoll(value, &end, 10);
    return !errno && end != value && !*end;
}

static bool among(const char *words, const char *value)
{
    size_t want = strlen(value);
    for (const char *p = words; *p && *p != ' ';) {
        size_t len = strcspn(p, "| ");
        if (len == want && !memcmp(p, value, len))
            return true;
        p += len;
        p += *p == '|';
    }
    return false;
}

static bool check_value(struct ec2_call *c, const char *mark, const char *name, const char *value)
{
    if (*mark == '*')
        mark++;
    if (*mark == '#' && !is_number(value))
        return ec2_fail(c, c->sts ? "ValidationError" : "InvalidParameterValue",
                        "Invalid value '%s' for %s. Must be a number.", value, name);
    if (*mark == '?' && strcasecmp(value, "true") != 0 && strcasecmp(value, "false") != 0)
        return ec2_fail(c, "InvalidParameterValue",
                        "Value (%s) for parameter %s is invalid. Must be true or false.", value,
                        name);
    if (*mark == '=' && !among(mark + 1, value))
        return ec2_fail(c, "InvalidParameterValue", "Value (%s) for parameter %s is invalid.",
                        value, name);
    if (*mark == '@') {
        size_t len;
        unsigned char *data = sim_base64_decode(value, &len);
        free(data);
        if (!data)
            return ec2_fail(c, "InvalidParameterValue",
                            "Value for parameter %s is invalid. Invalid BASE64 encoding.", name);
    }
    return true;
}

static bool common(const char *name)
{
    return !strcmp(name, "Action") || !strcmp(name, "Version") || !strncmp(name, "X-Amz-", 6);
}

/* Every index has its elements without a gap: EC2 stops reading at the first that is missing. */
static bool check_gap(struct ec2_call *c, const char *name)
{
    for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.')) {
        char *end;
        long index = strtol(dot + 1, &end, 10);
        if (index <= 1 || (*end && *end != '.'))
            continue;
        char before[200];
        size_t n =
            (size_t)snprintf(before, sizeof before, "%.*s.%ld", (int)(dot - name), name, index - 1);
        bool found = false;
        for (size_t i = 0; i < c->q->n_params && !found; i++)
            found = !strncmp(c->q->params[i].name, before, n) &&
                    (!c->q->params[i].name[n] || c->q->params[i].name[n] == '.');
        if (!found)
            return ec2_fail(c, "InvalidParameterValue",
                            "The parameter %s has a gap in its indexes before it.", name);
    }
    return true;
}

bool ec2_check(struct ec2_call *c, const char *words)
{
    for (size_t i = 0; i < c->q->n_params; i++) {
        const struct sim_pair *p = &c->q->params[i];
        char shape[200];
        const char *mark = to_shape(shape, sizeof shape, p->name) ? find_word(words, shape) : NULL;
        if (common(p->name) || (!mark && !c->cloud->settings->strict))
            continue;
        if (i && !strcmp(p->name, p[-1].name))
            return ec2_fail(c, "InvalidParameterValue", "The parameter %s is given twice.",
                            p->name);
        if (!mark)
            return ec2_fail(c, "UnknownParameter", "The parameter %s is not recognized", p->name);
        if (!check_value(c, mark, p->name, p->value) || !check_gap(c, p->name))
            return false;
    }
    for (const char *p = words; *p; p += strcspn(p, " "), p += *p == ' ') {
        size_t len = strcspn(p, marks);
        if (len >= strcspn(p, " ") || p[len] != '*')
            continue;
        if (!sim_paramf(c->q, "%.*s", (int)len, p))
            return ec2_fail(c, c->sts ? "ValidationError" : "MissingParameter",
                            "The request must contain the parameter %.*s", (int)len, p);
    }
    return true;
}

bool ec2_bool(const struct ec2_call *c, const char *name, bool absent)
{
    const char *value = sim_param(c->q, name);
    return value ? !strcasecmp(value, "true") : absent;
}

int64_t ec2_int(const struct ec2_call *c, const char *name, int64_t absent)
{
    const char *value = sim_param(c->q, name);
    return value ? strtoll(value, NULL, 10) : absent;
}
