/* The private key of an account: from ssh-agent, from a file, opened once for the whole session. */
#include <string.h>
#include <strings.h>

#include "joyent.h"

static const char *const usual[JOY_FILES] = {"~/.ssh/id_rsa", "~/.ssh/id_ecdsa",
                                             "~/.ssh/id_ed25519"};

/* The files that are looked at: the one that was named; else the usual ones when a fingerprint says
 * which of them it is, and the first when only a name is known. */
static const char *path_of(const struct joy_auth *a, int i)
{
    if (a->value[JOY_KEY_FILE])
        return i == 0 ? a->value[JOY_KEY_FILE] : NULL;
    return a->fingerprint || i == 0 ? usual[i] : NULL;
}

static enum nube_step ask_files(nube_call *c, struct joy_auth *a)
{
    int i;

    for (i = 0; i < JOY_FILES && path_of(a, i); i++) {
        nube_need_file(c, path_of(a, i), NUBE_NEED_SECRET, i);
        nube_need_file(c, nube_fmt(c, "%s.pub", path_of(a, i)), 0, JOY_FILES + i);
        a->files += 2;
    }
    return joy_send(c, JOY_KEY_FILES);
}

static int agent_allowed(nube_call *c)
{
    return nube_opt_int(c, "agent", 1) != 0;
}

/* A signature over anything tells whether the agent has the key. */
static enum nube_step ask_agent(nube_call *c, struct joy_auth *a, const char *fingerprint)
{
    a->asked_agent = 1;
    a->fingerprint = fingerprint;
    nube_need_sign(c, NULL, NULL, fingerprint, "sha256|sha512", "nube", 4, 0);
    return joy_send(c, JOY_KEY_AGENT);
}

static enum nube_step open_text(nube_call *c, const char *name, const char *text)
{
    nube_need_key(c, name, text, joy_filled(nube_opt_str(c, "key_passphrase")), 0);
    return joy_send(c, JOY_KEY_OPENED);
}

enum nube_step joy_find_key(nube_call *c, struct joy_auth *a)
{
    const char *text = joy_filled(nube_opt_str(c, "private_key"));

    if (text)
        return open_text(c, "(private_key)", text);
    if (a->fingerprint && !a->value[JOY_KEY_FILE] && agent_allowed(c))
        return ask_agent(c, a, a->fingerprint);
    return ask_files(c, a);
}

/* ---- Fingerprints --------------------------------------------------------------------- */

static const char *md5_text(nube_call *c, const void *bytes, size_t len)
{
    unsigned char sum[NUBE_HASH_MAX];
    const char *hex = nube_hex(c, sum, nube_digest(c, NUBE_MD5, bytes, len, sum)), *text = NULL;

    for (; *hex && hex[1]; hex += 2)
        text = text ? nube_fmt(c, "%s:%.2s", text, hex) : nube_fmt(c, "%.2s", hex);
    return text;
}

static const char *sha256_text(nube_call *c, const void *bytes, size_t len)
{
    unsigned char sum[NUBE_HASH_MAX];
    const char *text = nube_base64(c, sum, nube_digest(c, NUBE_SHA256, bytes, len, sum));

    return nube_fmt(c, "SHA256:%.*s", (int)strcspn(text, "="), text);
}

/* Of a public key's line, in the form of `like` (NULL: MD5). NULL: it is no such line. */
static const char *fingerprint_of(nube_call *c, const char *line, const char *like)
{
    const char *blob = line ? strchr(line, ' ') : NULL, *bytes;
    size_t len;

    if (!blob)
        return NULL;
    blob++;
    bytes = nube_base64_decode(c, nube_fmt(c, "%.*s", (int)strcspn(blob, " \r\n"), blob), &len);
    if (!bytes)
        return NULL;
    return like && strncmp(like, "SHA256:", 7) == 0 ? sha256_text(c, bytes, len)
                                                    : md5_text(c, bytes, len);
}

static int same(const char *a, const char *b)
{
    size_t n = strcspn(a, "=");

    if (strncmp(a, "SHA256:", 7) == 0)
        return n == strcspn(b, "=") && strncmp(a, b, n) == 0;
    return strcasecmp(a, b) == 0;
}

/* ---- Files ------------------------------------------------------------------------------- */

/* What needs no passphrase need not be asked of the agent. */
static int is_open(const char *text)
{
    return !strstr(text, "ENCRYPTED") &&
           (!strstr(text, "BEGIN OPENSSH") || strstr(text, "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"));
}

static enum nube_step none(nube_call *c, const struct joy_auth *a)
{
    return nube_fail(c, NUBE_E_AUTH, "there is no private key for key_id %s: looked at %s%s%s",
                     a->value[JOY_KEY_ID], a->asked_agent ? "ssh-agent, " : "",
                     a->value[JOY_KEY_FILE] ? "" : "~/.ssh/",
                     a->value[JOY_KEY_FILE] ? a->value[JOY_KEY_FILE]
                     : a->fingerprint       ? "id_rsa, id_ecdsa and id_ed25519; set key_file"
                                            : "id_rsa; set key_file");
}

/* The next file that may be it, from a->trial on: one whose public half says another is not. */
static enum nube_step try_files(nube_call *c, struct joy_auth *a)
{
    for (; a->trial < JOY_FILES; a->trial++) {
        const char *text = a->text[a->trial], *pub = a->text[JOY_FILES + a->trial], *fp;

        fp = fingerprint_of(c, pub, a->fingerprint);
        if (!text || (a->fingerprint && fp && !same(a->fingerprint, fp)))
            continue;
        if (fp && !a->asked_agent && agent_allowed(c) && !is_open(text) &&
            !nube_opt_str(c, "key_passphrase"))
            return ask_agent(c, a, fp);
        return open_text(c, path_of(a, a->trial), text);
    }
    return none(c, a);
}

enum nube_step joy_key_files(nube_call *c, struct joy_auth *a, const nube_reply *r)
{
    int i = nube_reply_tag(r);
    size_t len;

    if (nube_reply_status(r) == 200 && i >= 0 && i < 2 * JOY_FILES)
        a->text[i] = nube_strdup(c, nube_reply_body(r, &len));
    return --a->files ? NUBE_SEND : try_files(c, a);
}

/* ---- What was found -------------------------------------------------------------------------- */

/* /ACCOUNT[/users/USER]/keys/KEY, where KEY is the name, else the MD5 form: the only one that the
 * server keeps. */
static enum nube_step use(nube_call *c, const struct joy_auth *a, const char *md5)
{
    const char *user = a->value[JOY_USER];

    nube_session_set(c, "key_id",
                     nube_fmt(c, "/%s%s%s/keys/%s", a->value[JOY_ACCOUNT], user ? "/users/" : "",
                              user ? user : "", a->name ? a->name : md5));
    return NUBE_DONE;
}

enum nube_step joy_key_agent(nube_call *c, struct joy_auth *a, const nube_reply *r)
{
    const char *md5 = nube_reply_header(r, "fingerprint");

    if (nube_reply_status(r) != 200)
        return a->text[a->trial] ? open_text(c, path_of(a, a->trial), a->text[a->trial])
                                 : ask_files(c, a);
    nube_session_set(c, "agent", a->fingerprint);
    return use(c, a, md5 ? md5 : a->fingerprint);
}

/* A file without its public half may be another key: the next is looked at. */
enum nube_step joy_key_opened(nube_call *c, struct joy_auth *a, const nube_reply *r)
{
    const char *md5 = nube_reply_header(r, "fingerprint");
    int given = nube_opt_str(c, "private_key") != NULL;
    size_t len;

    if (!md5)
        return nube_fail(c, NUBE_E_AUTH, "the private key has no fingerprint");
    if (a->fingerprint && strncmp(a->fingerprint, "SHA256:", 7) != 0 &&
        !same(a->fingerprint, md5)) {
        if (!given && !a->value[JOY_KEY_FILE]) {
            a->trial++;
            return try_files(c, a);
        }
        return nube_fail(c, NUBE_E_AUTH,
                         "the private key %s has the fingerprint %s, and key_id names %s",
                         given ? "given" : path_of(a, a->trial), md5, a->fingerprint);
    }
    nube_session_secret(c, "key", nube_reply_body(r, &len));
    return use(c, a, md5);
}
