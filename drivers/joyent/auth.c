/* The session: whose account it is, which key signs, where CloudAPI is. One request at most. */
#include <string.h>
#include <strings.h>

#include "joyent.h"

/* ---- Where it is ------------------------------------------------------------------------ */

/* From the datacenters that the endpoint knows, the one of this name, with the same key. */
static enum nube_step other_place(nube_call *c, const nube_reply *r)
{
    const char *region = nube_opt_str(c, "region"), *url, *all = NULL;
    const nube_doc *doc = nube_reply_doc(r), *k;

    if (nube_doc_type(doc) != NUBE_DOC_OBJECT)
        return nube_fail(c, NUBE_E_PROTOCOL,
                         "the list of datacenters is not what CloudAPI gives: is the endpoint "
                         "CloudAPI's?");
    for (k = nube_doc_first(doc); k; k = nube_doc_next(k)) {
        url = joy_filled(nube_doc_text(k));
        if (url && strcmp(nube_doc_name(k), region) == 0) {
            if (strncmp(nube_session_str(c, "url"), "https:", 6) == 0 &&
                strncmp(url, "https:", 6) != 0)
                return nube_fail(c, NUBE_E_TLS, "datacenter %s is at %s, which is not encrypted",
                                 region, url);
            nube_session_endpoint(c, "cloudapi", url);
            nube_session_set(c, "url", url);
            return NUBE_DONE;
        }
        all = all ? nube_fmt(c, "%s, %s", all, nube_doc_name(k)) : nube_doc_name(k);
    }
    return nube_fail(c, NUBE_E_NOT_FOUND, "there is no datacenter %s; there are: %.300s", region,
                     all ? all : "none");
}

/* An endpoint with a region's name beside it is asked for that region. */
static enum nube_step place(nube_call *c, const struct joy_auth *a)
{
    const char *region = joy_filled(nube_opt_str(c, "region")), *url = a->value[JOY_URL];
    int ask = url && region && !joy_is_host(region);
    nube_req *q;

    if (!url || (region && joy_is_host(region)))
        url = joy_region_url(c, region);
    nube_session_endpoint(c, "cloudapi", url);
    nube_session_set(c, "url", url);
    if (!ask)
        return NUBE_DONE;
    q = joy_request(c, NUBE_GET, "datacenters");
    nube_req_flag(q, NUBE_REQ_SIGNED);
    return joy_send(c, JOY_PLACES);
}

/* ---- Whose it is ------------------------------------------------------------------------- */

/* Variables and profiles may not take the check of certificates away; a person may. */
static enum nube_step check_tls(nube_call *c, const struct joy_auth *a)
{
    const char *insecure = a->value[JOY_INSECURE];

    if (!insecure || strcasecmp(insecure, "false") == 0 || strcmp(insecure, "0") == 0 ||
        strcasecmp(insecure, "no") == 0 || !nube_opt_int(c, "verify", 1))
        return NUBE_DONE;
    return nube_fail(c, NUBE_E_USAGE,
                     "this account's profile or environment wants the server's certificate not "
                     "checked: set verify=no in the backend for that, or ca_file to trust it");
}

static enum nube_step found(nube_call *c, struct joy_auth *a)
{
    const char *version = a->value[JOY_VERSION];

    if (joy_take_key_id(c, a) != NUBE_DONE || check_tls(c, a) != NUBE_DONE)
        return NUBE_FAIL;
    version = version ? version : "~9||~8||~7||~6.5";
    nube_session_set(c, "version", version);
    if (version[strspn(version, "~^>=v ")] == '6')
        nube_session_set(c, "legacy", "1");
    nube_session_set(c, "path", a->value[JOY_ACT_AS] ? a->value[JOY_ACT_AS] : "my");
    nube_session_set(c, "role", a->value[JOY_ROLE]);
    return joy_find_key(c, a);
}

/* Of Triton's two places for its files the older counts first. */
static enum nube_step ask_both(nube_call *c, struct joy_auth *a, const char *path, int phase)
{
    const char *config = joy_env(c, "XDG_CONFIG_HOME");

    nube_need_file(c, nube_fmt(c, "~/.triton/%s", path), 0, 0);
    nube_need_file(c, nube_fmt(c, "%s/triton/%s", config ? config : "~/.config", path), 0, 1);
    a->files = 2;
    return joy_send(c, phase);
}

static enum nube_step ask_profile(nube_call *c, struct joy_auth *a, const char *name)
{
    if (strcmp(name, "env") == 0) {
        joy_take_env(c, a);
        return found(c, a);
    }
    if (strchr(name, '/') || *name == '.')
        return nube_fail(c, NUBE_E_USAGE, "profile: \"%s\" is no name", name);
    a->profile = nube_strdup(c, name);
    return ask_both(c, a, nube_fmt(c, "profiles.d/%s.json", name), JOY_PROFILE);
}

/* Keeps what came; gives the document when both did. *failed: it is there, and is no JSON. */
static const nube_doc *both(nube_call *c, struct joy_auth *a, const nube_reply *r, int *failed)
{
    int i = nube_reply_tag(r) == 1;
    const nube_doc *doc;

    if (nube_reply_status(r) == 200)
        a->text[i] = nube_strdup(c, nube_reply_body(r, &a->len[i]));
    if (--a->files)
        return NULL;
    i = a->text[0] ? 0 : 1;
    doc = a->text[i] ? nube_doc_parse(c, a->text[i], a->len[i]) : NULL;
    *failed = a->text[i] && nube_doc_type(doc) != NUBE_DOC_OBJECT;
    a->text[0] = a->text[1] = NULL;
    return doc;
}

static enum nube_step config_reply(nube_call *c, struct joy_auth *a, const nube_reply *r)
{
    int failed = 0;
    const nube_doc *doc = both(c, a, r, &failed);

    if (a->files)
        return NUBE_SEND;
    if (failed)
        return nube_fail(c, NUBE_E_USAGE, "Triton's config.json is not JSON");
    if (!joy_text(doc, "profile"))
        return found(c, a);
    return ask_profile(c, a, joy_text(doc, "profile"));
}

static enum nube_step profile_reply(nube_call *c, struct joy_auth *a, const nube_reply *r)
{
    int failed = 0;
    const nube_doc *doc = both(c, a, r, &failed);

    if (a->files)
        return NUBE_SEND;
    if (failed)
        return nube_fail(c, NUBE_E_USAGE, "Triton's profile %s is not JSON", a->profile);
    if (!doc)
        return nube_fail(c, NUBE_E_USAGE,
                         "there is no profile %s in ~/.triton/profiles.d; see: triton profile list",
                         a->profile);
    return joy_take_profile(c, a, doc) == NUBE_DONE ? found(c, a) : NUBE_FAIL;
}

/*
 * An account that says which key it signs with says everything. Else a profile that is named, by
 * the backend or by TRITON_PROFILE, then the environment, then the profile in use.
 */
static enum nube_step begin(nube_call *c, struct joy_auth *a)
{
    const char *profile = joy_filled(nube_opt_str(c, "profile"));

    joy_take_options(c, a);
    if (!profile && a->value[JOY_KEY_ID] && (a->value[JOY_ACCOUNT] || *a->value[JOY_KEY_ID] == '/'))
        return found(c, a);
    if (!profile)
        profile = joy_env(c, "TRITON_PROFILE");
    if (profile)
        return ask_profile(c, a, profile);
    if (joy_take_env(c, a))
        return found(c, a);
    return ask_both(c, a, "config.json", JOY_CONFIG);
}

static enum nube_step step(nube_call *c, struct joy_auth *a, const nube_reply *r)
{
    switch ((enum joy_auth_phase)nube_phase(c)) {
    case JOY_CONFIG:
        return config_reply(c, a, r);
    case JOY_PROFILE:
        return profile_reply(c, a, r);
    case JOY_KEY_FILES:
        return joy_key_files(c, a, r);
    case JOY_KEY_AGENT:
        return joy_key_agent(c, a, r);
    case JOY_KEY_OPENED:
        return joy_key_opened(c, a, r);
    case JOY_PLACES:
        return other_place(c, r);
    case JOY_START:
        break;
    }
    return begin(c, a);
}

enum nube_step joy_auth(nube_call *c, const nube_reply *r)
{
    struct joy_auth *a = nube_state(c, sizeof(*a));
    enum nube_step s = step(c, a, r);

    return s == NUBE_DONE && nube_phase(c) != JOY_PLACES ? place(c, a) : s;
}
