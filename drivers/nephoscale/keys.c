/* Keys: SSH keys and passwords, for the login (group 1) and for the console (group 4). */
#include <string.h>

#include "nephoscale.h"

enum tag { TAG_ALL, TAG_SSH };

static const struct nube_field_row rows[] = {
    {"id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"name", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"public_key", NUBE_PUBLIC_KEY, NUBE_TYPE_STRING, NULL},
    {"create_time", NUBE_CREATED, NUBE_TYPE_STRING, NULL},
    {"key_type", NUBE_FIELD_NONE, NUBE_TYPE_INT, NULL},
    {"key_group", NUBE_FIELD_NONE, NUBE_TYPE_INT, NULL},
    {"uri", NUBE_FIELD_NONE, NUBE_TYPE_STRING, NULL},
};

static const char *group_word(int64_t group)
{
    return group == NEPHO_SERVER ? "server" : group == NEPHO_CONSOLE ? "console" : NULL;
}

static nube_obj *emit(nube_call *c, const nube_doc *key)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_KEY);

    nepho_fields(o, key, rows, NEPHO_ROWS(rows));
    nube_add_fingerprints(c, o, nepho_text(key, "public_key"));
    nube_extra(o, "group", group_word(nube_doc_int(key, "key_group", 0)));
    return o;
}

/* ---- List and get: the rows of one kind come with their public keys ------------------------ */

struct listing {
    size_t all, ssh;
    int left, found;
};

/* As get asks for it: by its id, or by its name. */
static int is_wanted(nube_call *c, const nube_doc *key)
{
    const char *wanted = nube_arg_str(c, "id"), *group = nube_arg_str(c, "group");
    const char *is = group_word(nube_doc_int(key, "key_group", 0));
    const char *id = nepho_text(key, "id"), *name = nepho_text(key, "name");

    if (nube_call_op_id(c) == NUBE_OP_KEY_LIST)
        return !group || (is && strcmp(group, is) == 0);
    return (id && strcmp(id, wanted) == 0) || (name && strcmp(name, wanted) == 0);
}

static void show(nube_call *c, const nube_doc *key)
{
    struct listing *s = nube_state(c, sizeof(*s));

    if (!is_wanted(c, key))
        return;
    s->found++;
    emit(c, key);
}

static void any(nube_call *c, const nube_doc *item)
{
    struct listing *s = nube_state(c, sizeof(*s));

    s->all++;
    if (nube_doc_int(item, "key_type", NEPHO_PASSWORD) != NEPHO_SSH)
        show(c, item);
}

static void ssh(nube_call *c, const nube_doc *item)
{
    struct listing *s = nube_state(c, sizeof(*s));

    s->ssh++;
    show(c, item);
}

/* The list of all has no secrets: that of passwords, which shows them, is never asked for. */
static enum nube_step list(nube_call *c, const nube_reply *r)
{
    struct listing *s = nube_state(c, sizeof(*s));
    int is_ssh = nube_reply_tag(r) == TAG_SSH;

    if (!r) {
        nube_req_tag(nepho_rows(c, "key", any), TAG_ALL);
        nube_req_tag(nepho_rows(c, "key/sshrsa", ssh), TAG_SSH);
        s->left = 2;
        return NUBE_SEND;
    }
    if (nepho_rows_end(c, r, is_ssh ? ssh : any, is_ssh ? s->ssh : s->all) == NUBE_FAIL)
        return NUBE_FAIL;
    return --s->left ? NUBE_SEND : NUBE_DONE;
}

enum nube_step nepho_key_list(nube_call *c, const nube_reply *r)
{
    return list(c, r);
}

enum nube_step nepho_key_get(nube_call *c, const nube_reply *r)
{
    enum nube_step step = list(c, r);
    struct listing *s = nube_state(c, sizeof(*s));

    if (step != NUBE_DONE || s->found == 1)
        return step;
    return s->found ? nube_fail(c, NUBE_E_AMBIGUOUS, "%d keys are called %s: use the id", s->found,
                                nube_arg_str(c, "id"))
                    : nube_fail(c, NUBE_E_NOT_FOUND, "there is no key %s", nube_arg_str(c, "id"));
}

/* ---- Make ------------------------------------------------------------------------------------ */

static nube_req *make(nube_call *c, const char *path, int group)
{
    const char *word = nube_arg_str(c, "group");
    nube_req *q = nepho_request(c, NUBE_POST, path, NULL);

    if (word)
        group = strcmp(word, "console") == 0 ? NEPHO_CONSOLE : NEPHO_SERVER;
    nube_req_form(q, "name", nube_arg_str(c, "name"));
    nube_req_form(q, "key_group", nube_fmt(c, "%d", group));
    return q;
}

/* The reply may be nothing but the id. */
static enum nube_step made(nube_call *c, const nube_reply *r)
{
    const nube_doc *key = nepho_first(r);
    const char *id = nube_strdup(c, nepho_text(key, "id")), *group = nube_arg_str(c, "group");
    nube_obj *o;

    if (!id)
        return nube_fail(c, NUBE_E_PROTOCOL, "the reply does not name the new key");
    nube_created(c, id);
    o = nube_emit(c, NUBE_KIND_KEY);
    nube_set(o, NUBE_NAME, nube_arg_str(c, "name"));
    nube_extra(o, "group", group);
    nube_set(o, NUBE_PUBLIC_KEY, nube_arg_str(c, "public_key"));
    nepho_fields(o, key, rows, NEPHO_ROWS(rows));
    nube_add_fingerprints(c, o, nube_arg_str(c, "public_key"));
    return NUBE_DONE;
}

/* A password is what this provider can be asked to make a key of; there are no generated pairs. */
enum nube_step nepho_key_create(nube_call *c, const nube_reply *r)
{
    const char *password = nube_arg_str(c, "password");

    if (r)
        return made(c, r);
    nube_secret(c, password);
    nube_req_form(make(c, "key/password", NEPHO_CONSOLE), "password", password);
    return NUBE_SEND;
}

/* On one line: what ends a key file is no part of the key. */
enum nube_step nepho_key_import(nube_call *c, const nube_reply *r)
{
    const char *text = nube_arg_str(c, "public_key");

    if (r)
        return made(c, r);
    nube_req_form(make(c, "key/sshrsa", NEPHO_SERVER), "public_key",
                  nube_fmt(c, "%.*s", (int)strcspn(text, "\r\n"), text));
    return NUBE_SEND;
}

/* ---- Delete: the path depends on the kind, which the list of all tells ----------------------- */

enum phase { BEGIN, LOOKED, GONE };

struct deletion {
    size_t rows;
    int found;
    int64_t type;
    const char *id;
};

static void look_for(nube_call *c, const nube_doc *item)
{
    struct deletion *s = nube_state(c, sizeof(*s));

    s->rows++;
    if (!is_wanted(c, item))
        return;
    s->found++;
    s->type = nube_doc_int(item, "key_type", 0);
    s->id = nube_strdup(c, nepho_text(item, "id"));
}

static enum nube_step looked(nube_call *c, const nube_reply *r)
{
    struct deletion *s = nube_state(c, sizeof(*s));
    const char *wanted = nube_arg_str(c, "id");
    nube_req *q;

    if (nepho_rows_end(c, r, look_for, s->rows) == NUBE_FAIL)
        return NUBE_FAIL;
    if (s->found > 1)
        return nube_fail(c, NUBE_E_AMBIGUOUS, "%d keys are called %s: use the id", s->found,
                         wanted);
    if (!s->found || !s->id)
        return nube_fail(c, NUBE_E_NOT_FOUND, "there is no key %s", wanted);
    if (s->type != NEPHO_SSH && s->type != NEPHO_PASSWORD)
        return nube_fail(c, NUBE_E_UNSUPPORTED,
                         "key %s is neither an SSH key nor a password (key_type %lld)", wanted,
                         (long long)s->type);
    q = nepho_request(c, NUBE_DELETE, s->type == NEPHO_SSH ? "key/sshrsa" : "key/password", s->id);
    nube_req_about(q, nube_fmt(c, "key %s", wanted));
    nube_req_flag(q, NUBE_REQ_TOKENED);
    return nepho_send(c, GONE);
}

enum nube_step nepho_key_delete(nube_call *c, const nube_reply *r)
{
    switch ((enum phase)nube_phase(c)) {
    case LOOKED:
        return looked(c, r);
    case GONE:
        return NUBE_DONE;
    case BEGIN:
        break;
    }
    nepho_rows(c, "key", look_for);
    return nepho_send(c, LOOKED);
}
