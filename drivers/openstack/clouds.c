/* clouds.yaml, secure.yaml and clouds-public.yaml: one cloud of them, merged as its tools do. */
#include <string.h>

#include "openstack.h"

/* Of each kind the first that is there counts; six places each. */
enum kind { CLOUDS, SECURE, PUBLIC, KINDS };
enum { PLACES = OS_FILE_COUNT / KINDS };
static const char *const names[KINDS] = {"clouds", "secure", "clouds-public"};

/* ---- Reading ------------------------------------------------------------------------ */

static void ask(nube_call *c, struct os_auth *a, int kind, int i, const char *path)
{
    nube_need_file(c, path, NUBE_NEED_SECRET, kind * PLACES + i);
    a->files++;
}

/* Of the person before the machine's, and the directory one is in before both. */
static void ask_everywhere(nube_call *c, struct os_auth *a, int kind)
{
    static const char *const endings[] = {"yaml", "yml"};
    const char *config = os_env(c, "XDG_CONFIG_HOME");
    const char *dirs[3] = {"./", "~/.config/openstack/", "/etc/openstack/"};
    int d, e;

    if (config)
        dirs[1] = nube_fmt(c, "%s/openstack/", config);
    for (d = 0; d < 3; d++)
        for (e = 0; e < 2; e++)
            ask(c, a, kind, 2 * d + e, nube_fmt(c, "%s%s.%s", dirs[d], names[kind], endings[e]));
}

/* The others are looked for beside the file that a person names. */
static void ask_beside(nube_call *c, struct os_auth *a, const char *path)
{
    const char *slash = strrchr(path, '/'), *secure = os_env(c, "OS_CLIENT_SECURE_FILE");
    const char *dir = nube_fmt(c, "%.*s", slash ? (int)(slash + 1 - path) : 0, path);

    ask(c, a, CLOUDS, 0, path);
    ask(c, a, SECURE, 0, secure ? secure : nube_fmt(c, "%ssecure.yaml", dir));
    ask(c, a, PUBLIC, 0, nube_fmt(c, "%sclouds-public.yaml", dir));
}

enum nube_step os_ask_files(nube_call *c, struct os_auth *a)
{
    const char *chosen = os_env(c, "OS_CLIENT_CONFIG_FILE");
    int kind;

    if (chosen)
        ask_beside(c, a, chosen);
    else
        for (kind = 0; kind < KINDS; kind++)
            ask_everywhere(c, a, kind);
    return nova_send(c, OS_FILES);
}

/* NULL: there is no such file, or the call failed. */
static const nube_doc *parse(nube_call *c, const struct os_auth *a, int kind)
{
    int i;

    for (i = kind * PLACES; i < (kind + 1) * PLACES; i++)
        if (a->text[i])
            return nube_doc_parse_yaml(c, nube_fmt(c, "%s.yaml", names[kind]), a->text[i],
                                       a->len[i]);
    return NULL;
}

/* ---- Merging ------------------------------------------------------------------------ */

/* The only cloud of a file needs no name. */
static const char *only_cloud(const nube_doc *clouds)
{
    return nube_doc_count(clouds) == 1 ? nube_doc_name(nube_doc_first(clouds)) : NULL;
}

static void take(nube_call *c, struct os_auth *a, const nube_doc *cloud)
{
    int s;

    for (s = 0; s < OS_SETTINGS; s++)
        if (!a->value[s])
            a->value[s] = os_in_cloud(c, cloud, (enum os_setting)s);
}

/* "regions" has names, or names with values of their own; the first when none is wanted. */
static void take_region(nube_call *c, struct os_auth *a, const nube_doc *cloud)
{
    const char *wanted = a->value[OS_REGION], *name;
    const nube_doc *k;

    if (!wanted)
        wanted = os_in_cloud(c, cloud, OS_REGION);
    for (k = nube_doc_first(nube_doc_get(cloud, "regions")); k; k = nube_doc_next(k)) {
        name = nova_text(k, "name") ? nova_text(k, "name") : nube_doc_text(k);
        if (!name || (wanted && strcmp(name, wanted) != 0))
            continue;
        a->value[OS_REGION] = nube_strdup(c, name);
        take(c, a, nube_doc_get(k, "values"));
        return;
    }
}

static enum nube_step take_profile(nube_call *c, struct os_auth *a, const nube_doc *cloud)
{
    const char *name = nova_text(cloud, "profile");
    const nube_doc *clouds = nube_doc_get(parse(c, a, PUBLIC), "public-clouds"), *profile;

    if (!name)
        name = nova_text(cloud, "cloud");
    if (!name)
        return NUBE_DONE;
    profile = nube_doc_get(clouds, name);
    if (profile)
        take(c, a, profile);
    else if (!a->value[OS_AUTH_URL])
        return nube_fail(c, NUBE_E_USAGE,
                         "cloud %s of clouds.yaml is of the profile %s, which is in no "
                         "clouds-public.yaml: name its auth_url",
                         a->cloud, name);
    return NUBE_DONE;
}

static enum nube_step merge(nube_call *c, struct os_auth *a)
{
    const nube_doc *clouds = nube_doc_get(parse(c, a, CLOUDS), "clouds"), *cloud;

    if (!a->cloud)
        a->cloud = nube_strdup(c, only_cloud(clouds));
    cloud = a->cloud ? nube_doc_get(clouds, a->cloud) : NULL;
    if (a->cloud && !cloud)
        return nube_fail(c, NUBE_E_USAGE, "there is no cloud %s in %s", a->cloud,
                         clouds ? "clouds.yaml"
                                : "any clouds.yaml (looked at OS_CLIENT_CONFIG_FILE, ., "
                                  "~/.config/openstack and /etc/openstack)");
    take(c, a, nube_doc_get(nube_doc_get(parse(c, a, SECURE), "clouds"), a->cloud));
    take_region(c, a, cloud);
    take(c, a, cloud);
    return take_profile(c, a, cloud);
}

enum nube_step os_file_reply(nube_call *c, struct os_auth *a, const nube_reply *r)
{
    int i = nube_reply_tag(r);
    const char *text;

    if (nube_reply_status(r) == 200 && i >= 0 && i < OS_FILE_COUNT) {
        text = nube_reply_body(r, &a->len[i]);
        a->text[i] = nube_strdup(c, text);
    }
    return --a->files ? NUBE_SEND : merge(c, a);
}
