/* Keys that may log in: authorized_keys of one host, or of all of them at once. */
#include <string.h>

#include <nube/driver/crypto.h>

#include "baremetal.h"

enum { LOOKED = 1, REMOVED };

struct keys {
    int left;  /* replies of the group */
    int found; /* what there was to do */
};

/* The hosts that are meant: the argument node's, or all; the tag is the place. */
static enum nube_step on_hosts(nube_call *c, struct keys *s, enum nube_authorized what,
                               const char *key)
{
    const char *node = nube_arg_str(c, "node");
    size_t n;
    const struct bm_host *h = bm_hosts(c, &n);

    for (size_t i = 0; i < n; i++) {
        nube_req *q;

        if (node && strcmp(h[i].name, node) != 0)
            continue;
        q = nube_req_authorized(c, h[i].host, what, key);
        bm_login(c, q, &h[i]);
        nube_req_tag(q, (int)i);
        s->left++;
    }
    if (!s->left && (node || what != NUBE_AUTHORIZED_READ))
        return nube_fail(c, NUBE_E_NOT_FOUND, "there is no host%s%s", node ? " " : "",
                         node ? node : "");
    return s->left ? bm_send(c, LOOKED) : NUBE_DONE;
}

static enum nube_step failed(nube_call *c, const nube_reply *r)
{
    size_t n;
    const struct bm_host *h = bm_hosts(c, &n);
    const char *text = nube_reply_errors(r, NULL);

    return nube_fail(c, NUBE_E_FORBIDDEN, "%s: authorized_keys: %.*s", h[nube_reply_tag(r)].name,
                     (int)strcspn(text, "\r\n"), *text ? text : "it cannot be read or changed");
}

/* ---- Lines ----------------------------------------------------------------------------- */

static int is_kind(const char *word)
{
    return strncmp(word, "ssh-", 4) == 0 || strncmp(word, "ecdsa-", 6) == 0 ||
           strncmp(word, "sk-", 3) == 0;
}

/* The key itself in a line of authorized_keys: behind the options, whose quotes may hold blanks. */
static const char *key_in(const char *line)
{
    int quoted = 0;

    if (is_kind(line))
        return line;
    for (; *line; line++) {
        if (*line == '"')
            quoted = !quoted;
        if (!quoted && (*line == ' ' || *line == '\t') && is_kind(line + 1))
            return line + 1;
    }
    return NULL;
}

/* What it is called: its comment, else its octets' end. */
static const char *comment_of(nube_call *c, const char *key)
{
    const char *octets = strpbrk(key, " \t"), *comment;

    if (!octets)
        return NULL;
    octets += strspn(octets, " \t");
    comment = octets + strcspn(octets, " \t");
    comment += strspn(comment, " \t");
    return nube_strdup(c, *comment ? comment : octets);
}

static void emit(nube_call *c, const char *line, const char *host)
{
    const char *key = *line == '#' ? NULL : key_in(line);
    nube_obj *o;

    if (!key || !comment_of(c, key))
        return;
    o = nube_emit(c, NUBE_KIND_KEY);
    nube_set(o, NUBE_NAME, comment_of(c, key));
    nube_set(o, NUBE_PUBLIC_KEY, key);
    nube_add_fingerprints(c, o, key);
    nube_extra(o, "host", host);
}

static void emit_all(nube_call *c, const nube_reply *r)
{
    size_t n, len;
    const struct bm_host *h = bm_hosts(c, &n);
    const char *text = nube_reply_body(r, &len);

    for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
        emit(c, nube_fmt(c, "%.*s", (int)strcspn(text, "\r\n"), text), h[nube_reply_tag(r)].name);
}

/* ---- Verbs ------------------------------------------------------------------------------- */

enum nube_step bm_key_list(nube_call *c, const nube_reply *r)
{
    if (!r)
        return on_hosts(c, nube_state(c, sizeof(struct keys)), NUBE_AUTHORIZED_READ, NULL);
    if (nube_reply_exit(r) != 0)
        return failed(c, r);
    emit_all(c, r);
    return NUBE_DONE;
}

/* Its comment is the name it has from then on. */
static const char *named(nube_call *c)
{
    const char *key = nube_arg_str(c, "public_key"), *name = nube_arg_str(c, "name");
    size_t kind, octets;

    key = nube_fmt(c, "%.*s", (int)strcspn(key, "\r\n"), key);
    kind = strcspn(key, " \t");
    if (!name || !key[kind])
        return key;
    octets = kind + strspn(key + kind, " \t");
    octets += strcspn(key + octets, " \t");
    return nube_fmt(c, "%.*s %s", (int)octets, key, name);
}

enum nube_step bm_key_import(nube_call *c, const nube_reply *r)
{
    struct keys *s = nube_state(c, sizeof(*s));

    if (!r)
        return on_hosts(c, s, NUBE_AUTHORIZED_ADD, named(c));
    if (nube_reply_exit(r) != 0)
        return failed(c, r);
    if (!s->found++)
        emit(c, named(c), nube_arg_str(c, "node"));
    return NUBE_DONE;
}

/* Lines of that comment, or without one of those octets, are taken out where they are. */
static void remove_where(nube_call *c, struct keys *s, const nube_reply *r)
{
    size_t n, len;
    const struct bm_host *h = bm_hosts(c, &n);
    const char *text = nube_reply_body(r, &len), *id = nube_arg_str(c, "id");

    for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
        const char *line = nube_fmt(c, "%.*s", (int)strcspn(text, "\r\n"), text);
        const char *key = *line == '#' ? NULL : key_in(line);
        nube_req *q;

        if (!key || !comment_of(c, key) || strcmp(comment_of(c, key), id) != 0)
            continue;
        q = nube_req_authorized(c, h[nube_reply_tag(r)].host, NUBE_AUTHORIZED_REMOVE, key);
        bm_login(c, q, &h[nube_reply_tag(r)]);
        nube_req_tag(q, nube_reply_tag(r));
        s->found++;
    }
}

enum nube_step bm_key_delete(nube_call *c, const nube_reply *r)
{
    struct keys *s = nube_state(c, sizeof(*s));

    if (!r)
        return on_hosts(c, s, NUBE_AUTHORIZED_READ, NULL);
    if (nube_reply_exit(r) != 0)
        return failed(c, r);
    if (nube_phase(c) == REMOVED)
        return NUBE_DONE;
    remove_where(c, s, r);
    if (--s->left)
        return NUBE_DONE;
    if (!s->found)
        return nube_fail(c, NUBE_E_NOT_FOUND, "no host lets a key %s log in",
                         nube_arg_str(c, "id"));
    return bm_send(c, REMOVED);
}
