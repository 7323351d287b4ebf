/* What an account says of itself: options, TRITON_* and SDC_* variables, a profile of Triton's
 * tools.
 */
#include <string.h>
#include <strings.h>

#include "joyent.h"

/* Where each setting is written: option, variables (the first that is set counts), member of a
 * profile. */
static const struct {
    const char *option, *env[3], *member;
} rows[JOY_SETTINGS] = {
    [JOY_URL] = {"endpoint", {"TRITON_URL", "SDC_URL", "SDC_CLI_URL"}, "url"},
    [JOY_ACCOUNT] = {"account", {"TRITON_ACCOUNT", "SDC_ACCOUNT", "SDC_CLI_ACCOUNT"}, "account"},
    [JOY_USER] = {"user", {"TRITON_USER", "SDC_USER"}, "user"},
    [JOY_KEY_ID] = {"key_id", {"TRITON_KEY_ID", "SDC_KEY_ID", "SDC_CLI_KEY_ID"}, "keyId"},
    [JOY_KEY_FILE] = {"key_file", {"SDC_CLI_IDENTITY"}, NULL},
    [JOY_ACT_AS] = {"act_as", {"TRITON_ACT_AS"}, "actAsAccount"},
    [JOY_ROLE] = {"role", {"TRITON_ROLE"}, NULL},
    [JOY_VERSION] = {"api_version", {"SDC_API_VERSION"}, NULL},
    [JOY_INSECURE] = {NULL, {"TRITON_TLS_INSECURE", "SDC_TLS_INSECURE", "SDC_TESTING"}, "insecure"},
};

const char *joy_env(nube_call *c, const char *name)
{
    return name ? joy_filled(nube_env(c, name)) : NULL;
}

void joy_take_options(nube_call *c, struct joy_auth *a)
{
    size_t s;

    for (s = 0; s < JOY_SETTINGS; s++)
        if (rows[s].option)
            a->value[s] = joy_filled(nube_opt_str(c, rows[s].option));
}

int joy_take_env(nube_call *c, struct joy_auth *a)
{
    const char *text;
    size_t s, i;
    int said = 0;

    for (s = 0; s < JOY_SETTINGS; s++)
        for (i = 0; i < 3; i++) {
            text = joy_env(c, rows[s].env[i]);
            said |= text && (s == JOY_URL || s == JOY_ACCOUNT || s == JOY_KEY_ID);
            if (text && !a->value[s])
                a->value[s] = text;
        }
    return said;
}

/* ---- Profiles ----------------------------------------------------------------------- */

static const char *joined(nube_call *c, const nube_doc *list)
{
    const char *text = NULL;
    const nube_doc *k;

    for (k = nube_doc_first(list); k; k = nube_doc_next(k))
        if (joy_filled(nube_doc_text(k)))
            text = text ? nube_fmt(c, "%s,%s", text, nube_doc_text(k))
                        : nube_strdup(c, nube_doc_text(k));
    return text;
}

enum nube_step joy_take_profile(nube_call *c, struct joy_auth *a, const nube_doc *profile)
{
    static const enum joy_setting needed[] = {JOY_URL, JOY_ACCOUNT, JOY_KEY_ID};
    size_t s;

    for (s = 0; s < JOY_ROWS(needed); s++)
        if (!joy_text(profile, rows[needed[s]].member))
            return nube_fail(c, NUBE_E_USAGE, "Triton's profile %s has no \"%s\"", a->profile,
                             rows[needed[s]].member);
    for (s = 0; s < JOY_SETTINGS; s++)
        if (rows[s].member && !a->value[s])
            a->value[s] = nube_strdup(c, joy_text(profile, rows[s].member));
    if (!a->value[JOY_ROLE])
        a->value[JOY_ROLE] = joined(c, nube_doc_get(profile, "roles"));
    return NUBE_DONE;
}

/* ---- What names the key ------------------------------------------------------------------ */

/* Sixteen octets: "aa:bb:...", with or without "MD5:" in front. */
static int is_md5(const char *text)
{
    size_t i;

    for (i = 0; i < 47; i++)
        if (i % 3 == 2 ? text[i] != ':' : !text[i] || !strchr("0123456789abcdefABCDEF", text[i]))
            return 0;
    return text[47] == '\0';
}

/* /ACCOUNT/keys/KEY or /ACCOUNT/users/USER/keys/KEY: gives KEY; NULL: it is neither. */
static const char *split(nube_call *c, struct joy_auth *a, const char *path)
{
    const char *part[6];
    size_t n = 0, len;

    for (; *path == '/' && n < 6; path += len, n++) {
        len = strcspn(++path, "/");
        part[n] = len ? nube_fmt(c, "%.*s", (int)len, path) : NULL;
        if (!len)
            return NULL;
    }
    if (*path || !((n == 3 && strcmp(part[1], "keys") == 0) ||
                   (n == 5 && strcmp(part[1], "users") == 0 && strcmp(part[3], "keys") == 0)))
        return NULL;
    a->value[JOY_ACCOUNT] = part[0];
    a->value[JOY_USER] = n == 5 ? part[2] : NULL;
    return part[n - 1];
}

/* In the path of a key id nothing is encoded. */
static int plain(const char *text)
{
    return !text[strcspn(text, "/\"\\?#% \r\n")];
}

enum nube_step joy_take_key_id(nube_call *c, struct joy_auth *a)
{
    const char *id = a->value[JOY_KEY_ID];

    if (id && *id == '/') {
        id = split(c, a, id);
        if (!id)
            return nube_fail(c, NUBE_E_USAGE,
                             "key_id: \"%s\" is neither /ACCOUNT/keys/NAME nor "
                             "/ACCOUNT/users/USER/keys/NAME",
                             a->value[JOY_KEY_ID]);
    }
    if (!id)
        return nube_fail(
            c, NUBE_E_AUTH,
            "no key: set key_id to the name or fingerprint of an SSH key of the "
            "account, or TRITON_KEY_ID, or make a profile with: triton profile create");
    if (!a->value[JOY_ACCOUNT])
        return nube_fail(c, NUBE_E_AUTH, "no account: set account to its login, or TRITON_ACCOUNT");
    if (!plain(a->value[JOY_ACCOUNT]) || (a->value[JOY_USER] && !plain(a->value[JOY_USER])) ||
        (strncmp(id, "SHA256:", 7) != 0 && !plain(id)))
        return nube_fail(c, NUBE_E_USAGE, "account, user and key_id are names: \"%s\" is none",
                         !plain(a->value[JOY_ACCOUNT]) ? a->value[JOY_ACCOUNT]
                         : !plain(id)                  ? id
                                                       : a->value[JOY_USER]);
    if (strncasecmp(id, "MD5:", 4) == 0)
        id += 4;
    if (strncmp(id, "SHA256:", 7) == 0 || is_md5(id))
        a->fingerprint = id;
    else
        a->name = id;
    return NUBE_DONE;
}

/* ---- Datacenters ---------------------------------------------------------------------------- */

int joy_is_host(const char *region)
{
    return strstr(region, "://") || strchr(region, '.') ||
           (strncmp(region, "localhost", 9) == 0 && (!region[9] || region[9] == ':'));
}

const char *joy_region_url(nube_call *c, const char *region)
{
    static const char *const known[][2] = {
        {"us-central-1", "https://us-central-1.api.mnx.io"},
        {"eu-lon-1", "https://api-eu-lon-1.instantservers.telefonica.com"},
        {"eu-mad-1", "https://api-eu-mad-1.instantservers.telefonica.com"},
    };
    size_t i;

    if (!region)
        return known[0][1];
    for (i = 0; i < JOY_ROWS(known); i++)
        if (strcmp(region, known[i][0]) == 0)
            return known[i][1];
    if (strstr(region, "://"))
        return region;
    return nube_fmt(c, joy_is_host(region) ? "https://%s" : "https://%s.api.joyentcloud.com",
                    region);
}
