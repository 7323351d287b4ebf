/* What an account says of itself: the backend's options, OS_* variables, a cloud of clouds.yaml. */
#include <string.h>
#include <strings.h>

#include "openstack.h"

/* Where each setting is written: option, variables, members of a cloud or of its "auth". */
static const struct {
    const char *option, *env[2], *member[3];
} rows[OS_SETTINGS] = {
    [OS_AUTH_URL] = {"auth_url", {"OS_AUTH_URL"}, {"auth_url"}},
    [OS_AUTH_TYPE] = {"auth_type",
                      {"OS_AUTH_TYPE", "OS_AUTH_PLUGIN"},
                      {"auth_type", "auth_plugin"}},
    [OS_TOKEN] = {"token", {"OS_TOKEN", "OS_AUTH_TOKEN"}, {"token", "auth_token"}},
    [OS_USERNAME] = {"username", {"OS_USERNAME"}, {"username", "user_name"}},
    [OS_USER_ID] = {"user_id", {"OS_USER_ID", "OS_USERID"}, {"user_id"}},
    [OS_PASSWORD] = {"password", {"OS_PASSWORD"}, {"password"}},
    [OS_PASSCODE] = {"passcode", {"OS_PASSCODE"}, {"passcode"}},
    [OS_PROJECT] = {"project",
                    {"OS_PROJECT_NAME", "OS_TENANT_NAME"},
                    {"project_name", "tenant_name", "project"}},
    [OS_PROJECT_ID] = {"project_id",
                       {"OS_PROJECT_ID", "OS_TENANT_ID"},
                       {"project_id", "tenant_id"}},
    [OS_USER_DOMAIN] = {"user_domain", {"OS_USER_DOMAIN_NAME"}, {"user_domain_name"}},
    [OS_USER_DOMAIN_ID] = {"user_domain_id", {"OS_USER_DOMAIN_ID"}, {"user_domain_id"}},
    [OS_PROJECT_DOMAIN] = {"project_domain", {"OS_PROJECT_DOMAIN_NAME"}, {"project_domain_name"}},
    [OS_PROJECT_DOMAIN_ID] = {"project_domain_id", {"OS_PROJECT_DOMAIN_ID"}, {"project_domain_id"}},
    [OS_DOMAIN] = {"domain", {"OS_DOMAIN_NAME"}, {"domain_name"}},
    [OS_DOMAIN_ID] = {"domain_id", {"OS_DOMAIN_ID"}, {"domain_id"}},
    [OS_DEFAULT_DOMAIN] = {"default_domain",
                           {"OS_DEFAULT_DOMAIN", "OS_DEFAULT_DOMAIN_ID"},
                           {"default_domain", "default_domain_id"}},
    [OS_SYSTEM_SCOPE] = {"system_scope", {"OS_SYSTEM_SCOPE"}, {"system_scope"}},
    [OS_TRUST_ID] = {"trust_id", {"OS_TRUST_ID"}, {"trust_id"}},
    [OS_CREDENTIAL_ID] = {"application_credential_id",
                          {"OS_APPLICATION_CREDENTIAL_ID"},
                          {"application_credential_id"}},
    [OS_CREDENTIAL_NAME] = {"application_credential_name",
                            {"OS_APPLICATION_CREDENTIAL_NAME"},
                            {"application_credential_name"}},
    [OS_CREDENTIAL_SECRET] = {"application_credential_secret",
                              {"OS_APPLICATION_CREDENTIAL_SECRET"},
                              {"application_credential_secret"}},
    [OS_REGION] = {"region", {"OS_REGION_NAME"}, {"region_name"}},
    [OS_INTERFACE] = {"interface",
                      {"OS_INTERFACE", "OS_ENDPOINT_TYPE"},
                      {"interface", "endpoint_type"}},
    [OS_IDENTITY_VERSION] = {"identity_api_version",
                             {"OS_IDENTITY_API_VERSION"},
                             {"identity_api_version"}},
    [OS_COMPUTE_VERSION] = {"compute_api_version",
                            {"OS_COMPUTE_API_VERSION"},
                            {"compute_api_version", "compute_default_microversion"}},
    [OS_COMPUTE_URL] = {"endpoint",
                        {"OS_COMPUTE_ENDPOINT_OVERRIDE"},
                        {"compute_endpoint_override", "compute_endpoint", "endpoint"}},
    [OS_IMAGE_URL] = {"image_endpoint",
                      {"OS_IMAGE_ENDPOINT_OVERRIDE"},
                      {"image_endpoint_override", "image_endpoint"}},
    [OS_NETWORK_URL] = {"network_endpoint",
                        {"OS_NETWORK_ENDPOINT_OVERRIDE"},
                        {"network_endpoint_override", "network_endpoint"}},
    [OS_CACERT] = {NULL, {"OS_CACERT"}, {"cacert"}},
    [OS_CERT] = {NULL, {"OS_CERT"}, {"cert"}},
    [OS_KEY] = {NULL, {"OS_KEY"}, {"key"}},
    [OS_VERIFY] = {NULL, {"OS_VERIFY"}, {"verify"}},
    [OS_INSECURE] = {NULL, {"OS_INSECURE"}, {"insecure"}},
};

const char *os_env(nube_call *c, const char *name)
{
    return nova_filled(nube_env(c, name));
}

void os_take_options(nube_call *c, struct os_auth *a)
{
    int s;

    for (s = 0; s < OS_SETTINGS; s++)
        if (rows[s].option)
            a->value[s] = nova_filled(nube_opt_str(c, rows[s].option));
}

void os_take_env(nube_call *c, struct os_auth *a)
{
    int s, i;

    for (s = 0; s < OS_SETTINGS; s++)
        for (i = 0; i < 2 && rows[s].env[i] && !a->value[s]; i++)
            a->value[s] = nube_strdup(c, os_env(c, rows[s].env[i]));
}

const char *os_in_cloud(nube_call *c, const nube_doc *cloud, enum os_setting s)
{
    const char *text = NULL;
    int i;

    for (i = 0; i < 3 && rows[s].member[i] && !text; i++) {
        text = nova_text(nube_doc_get(cloud, "auth"), rows[s].member[i]);
        if (!text)
            text = nova_text(cloud, rows[s].member[i]);
    }
    return nube_strdup(c, text);
}

/* ---- The kind of login --------------------------------------------------------------- */

static const struct {
    const char *word;
    enum os_kind kind;
    int identity; /* 0: either */
} kinds[] = {
    {"password", OS_BY_PASSWORD, 0},
    {"v2password", OS_BY_PASSWORD, 2},
    {"v3password", OS_BY_PASSWORD, 3},
    {"v3totp", OS_BY_PASSWORD, 3},
    {"v3multifactor", OS_BY_PASSWORD, 3},
    {"token", OS_BY_TOKEN, 0},
    {"v2token", OS_BY_TOKEN, 2},
    {"v3token", OS_BY_TOKEN, 3},
    {"v3applicationcredential", OS_BY_CREDENTIAL, 3},
    {"none", OS_BY_NOTHING, 0},
    {"admin_token", OS_BY_NOTHING, 0},
};

static enum nube_step by_word(nube_call *c, struct os_auth *a)
{
    const char *word = a->value[OS_AUTH_TYPE];
    size_t i;

    for (i = 0; i < NOVA_ROWS(kinds); i++)
        if (strcasecmp(word, kinds[i].word) == 0) {
            a->kind = kinds[i].kind;
            a->identity = kinds[i].identity;
            return NUBE_DONE;
        }
    return nube_fail(c, NUBE_E_UNSUPPORTED,
                     "auth_type: \"%s\" is not a way to log in that is known here: password, "
                     "token, v3applicationcredential, v3totp, none",
                     word);
}

static void by_what_is_there(struct os_auth *a)
{
    if (!a->value[OS_AUTH_URL] && a->value[OS_COMPUTE_URL])
        a->kind = OS_BY_NOTHING;
    else if (a->value[OS_CREDENTIAL_ID] || a->value[OS_CREDENTIAL_NAME])
        a->kind = OS_BY_CREDENTIAL;
    else if (a->value[OS_TOKEN] && !a->value[OS_PASSWORD])
        a->kind = OS_BY_TOKEN;
    else
        a->kind = OS_BY_PASSWORD;
}

static int has_user(const struct os_auth *a)
{
    return a->value[OS_USERNAME] || a->value[OS_USER_ID];
}

/* What it cannot do without; NULL: nothing is missing. */
static enum os_setting missing(const struct os_auth *a)
{
    const char *const *v = a->value;

    switch (a->kind) {
    case OS_BY_NOTHING:
        return v[OS_COMPUTE_URL] ? OS_SETTINGS : OS_COMPUTE_URL;
    case OS_BY_TOKEN:
        return !v[OS_AUTH_URL] ? OS_AUTH_URL : v[OS_TOKEN] ? OS_SETTINGS : OS_TOKEN;
    case OS_BY_CREDENTIAL:
        if (!v[OS_AUTH_URL])
            return OS_AUTH_URL;
        if (!v[OS_CREDENTIAL_ID] && !v[OS_CREDENTIAL_NAME])
            return OS_CREDENTIAL_ID;
        if (!v[OS_CREDENTIAL_ID] && !has_user(a))
            return OS_USERNAME; /* a credential's name is its user's own */
        return v[OS_CREDENTIAL_SECRET] ? OS_SETTINGS : OS_CREDENTIAL_SECRET;
    case OS_BY_PASSWORD:
        break;
    }
    if (!v[OS_AUTH_URL])
        return OS_AUTH_URL;
    if (!has_user(a))
        return OS_USERNAME;
    return v[OS_PASSWORD] || v[OS_PASSCODE] ? OS_SETTINGS : OS_PASSWORD;
}

enum nube_step os_choose_kind(nube_call *c, struct os_auth *a)
{
    enum os_setting s;

    if (!a->value[OS_AUTH_TYPE])
        by_what_is_there(a);
    else if (by_word(c, a) != NUBE_DONE)
        return NUBE_FAIL;
    s = missing(a);
    if (s == OS_SETTINGS)
        return NUBE_DONE;
    return nube_fail(c, NUBE_E_AUTH, "no %s: set it, or %s, or %s of a cloud in clouds.yaml%s%s",
                     rows[s].option, rows[s].env[0], rows[s].member[0],
                     a->cloud ? ", where it is missing from " : "", a->cloud ? a->cloud : "");
}

/* ---- Transport ------------------------------------------------------------------------ */

static const char *file_path(nube_call *c, const char *path)
{
    const char *home = os_env(c, "HOME");

    return path && strncmp(path, "~/", 2) == 0 && home ? nube_fmt(c, "%s%s", home, path + 1) : path;
}

static int says(const char *text, const char *const words[4])
{
    int i;

    for (i = 0; text && i < 4; i++)
        if (strcasecmp(text, words[i]) == 0)
            return 1;
    return 0;
}

/* Verification stays the backend's own, written decision. */
enum nube_step os_take_transport(nube_call *c, const struct os_auth *a)
{
    static const char *const no[] = {"false", "no", "0", "off"}, *const yes[] = {"true", "yes", "1",
                                                                                 "on"};

    nube_session_transport(c, "ca_file", file_path(c, a->value[OS_CACERT]));
    nube_session_transport(c, "cert_file", file_path(c, a->value[OS_CERT]));
    nube_session_transport(c, "key_file", file_path(c, a->value[OS_KEY]));
    if (!nube_opt_int(c, "verify", 1) ||
        (!says(a->value[OS_VERIFY], no) && !says(a->value[OS_INSECURE], yes)))
        return NUBE_DONE;
    return nube_fail(c, NUBE_E_USAGE,
                     "%s%s asks for TLS without verification; set verify=no on the backend if that "
                     "is meant, or name the cloud's CA as ca_file or cacert",
                     a->cloud ? "cloud " : "the environment", a->cloud ? a->cloud : "");
}
