/* The AWS tools' configuration files: sections, keys, and what is indented under a key. */
#include <string.h>
#include <strings.h>

#include "auth.h"

static int blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Without white space around it. */
static void trim(const char **text, size_t *len)
{
    while (*len && blank(**text)) {
        ++*text;
        --*len;
    }
    while (*len && blank((*text)[*len - 1]))
        --*len;
}

static int same(const char *text, size_t len, const char *word)
{
    return strlen(word) == len && strncasecmp(text, word, len) == 0;
}

/* Is this line "[KIND NAME]", or "[NAME]" when kind is NULL? The name may be quoted. */
static int is_section(const char *line, size_t len, const char *kind, const char *name)
{
    const char *end = memchr(line, ']', len), *at = line + 1;
    size_t n;

    if (!len || *line != '[' || !end)
        return 0;
    n = (size_t)(end - at);
    trim(&at, &n);
    if (kind) {
        size_t k = strlen(kind);

        if (n <= k || strncmp(at, kind, k) != 0 || !blank(at[k]))
            return 0;
        at += k;
        n -= k;
        trim(&at, &n);
    }
    if (n >= 2 && (*at == '"' || *at == '\'') && at[n - 1] == *at) {
        at++;
        n -= 2;
    }
    return strlen(name) == n && strncmp(at, name, n) == 0;
}

static const char *next_line(const char *line)
{
    line += strcspn(line, "\n");
    return *line ? line + 1 : line;
}

static const char *find_section(const char *text, const char *kind, const char *name)
{
    for (; text && *text; text = next_line(text))
        if (is_section(text, strcspn(text, "\n"), kind, name))
            return next_line(text);
    return NULL;
}

/* "key = value": gives 1 and the value. */
static int is_key(const char *line, size_t len, const char *key, const char **value, size_t *n)
{
    const char *eq = memchr(line, '=', len), *at = line;
    size_t name;

    if (!eq)
        return 0;
    name = (size_t)(eq - line);
    trim(&at, &name);
    if (!same(at, name, key))
        return 0;
    *value = eq + 1;
    *n = len - (size_t)(eq + 1 - line);
    trim(value, n);
    return 1;
}

/* inside: only lines that are indented under "inside ="; else only those that are not indented. */
static const char *find_key(nube_call *c, const char *line, const char *inside, const char *key)
{
    const char *value, *found = NULL;
    int within = 0;
    size_t n;

    for (; line && *line && *line != '['; line = next_line(line)) {
        size_t len = strcspn(line, "\n");
        int indented = blank(*line);

        if (!len || *line == '#' || *line == ';')
            continue;
        if (!indented && inside)
            within = is_key(line, len, inside, &value, &n) && !n;
        else if (indented == (inside != NULL) && (!inside || within) &&
                 is_key(line, len, key, &value, &n))
            found = n ? nube_fmt(c, "%.*s", (int)n, value) : NULL;
    }
    return found;
}

const char *ec2_section_get(nube_call *c, const struct ec2_auth *a, const char *kind,
                            const char *name, const char *inside, const char *key)
{
    return name ? find_key(c, find_section(a->config, kind, name), inside, key) : NULL;
}

static const char *config_section(const struct ec2_auth *a, const char *profile)
{
    const char *at = find_section(a->config, "profile", profile);

    return at || strcmp(profile, "default") != 0 ? at : find_section(a->config, NULL, profile);
}

const char *ec2_credentials_get(nube_call *c, const struct ec2_auth *a, const char *profile,
                                const char *key)
{
    return find_key(c, find_section(a->credentials, NULL, profile), NULL, key);
}

const char *ec2_profile_get(nube_call *c, const struct ec2_auth *a, const char *profile,
                            const char *key)
{
    const char *value = ec2_credentials_get(c, a, profile, key);

    return value ? value : find_key(c, config_section(a, profile), NULL, key);
}

int ec2_profile_exists(const struct ec2_auth *a, const char *profile)
{
    return config_section(a, profile) || find_section(a->credentials, NULL, profile);
}
