/* Keys: passwords and SSH keys, for servers (group 1) and consoles (group 4). */
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "nephoscale.h"

struct neph_key *neph_key(const struct neph *n, int64_t id)
{
    for (size_t i = 0; i < n->keys.n; i++)
        if (n->keys.at[i].id == id)
            return &n->keys.at[i];
    return NULL;
}

struct neph_key *neph_add_key(struct neph *n, int64_t id, int type, int group, const char *name,
                              const char *text)
{
    SIM_PUSH(n->keys.at, n->keys.n, n->keys.size);
    struct neph_key *key = &n->keys.at[n->keys.n++];
    *key = (struct neph_key){.id = id ? id : n->next_key++,
                             .created_ms = sim_life_ms(n->sim),
                             .type = type,
                             .group = group,
                             .name = sim_strdup(name),
                             .text = sim_strdup(text)};
    return key;
}

/* text: the public key, or the password as it is, which only their own lists tell. */
void neph_key_record(struct sim_text *t, const struct neph_key *key, bool whole, bool text)
{
    neph_open(t, NULL, '{');
    neph_int(t, "id", key->id);
    neph_int(t, "key_type", key->type);
    neph_int(t, "key_group", key->group);
    if (whole) {
        neph_str(t, "name", key->name);
        neph_time(t, "create_time", key->created_ms);
    }
    if (text)
        neph_str(t, key->type == NEPH_SSH ? "public_key" : "password", key->text);
    neph_uri(t, key->type == NEPH_SSH ? "/key/sshrsa/" : "/key/password/", key->id);
    neph_close(t, '}');
}

/* /key/sshrsa/, /key/password/; 0: /key/ */
static int type_of(const struct sim_request *q)
{
    return strstr(q->path, "/sshrsa/")     ? NEPH_SSH
           : strstr(q->path, "/password/") ? NEPH_PASSWORD
                                           : 0;
}

void neph_keys(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    size_t count = 0;
    (void)s;
    if (!neph_enter(n, q, r))
        return;
    neph_begin(r);
    for (size_t i = 0; i < n->keys.n; i++) {
        if (type_of(q) && n->keys.at[i].type != type_of(q))
            continue;
        neph_key_record(&r->body, &n->keys.at[i], true, type_of(q) != 0);
        count++;
    }
    neph_end(n, r, count);
}

void neph_key_make(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    int type = type_of(q);
    (void)s;
    if (!neph_enter(n, q, r))
        return;
    const char *name = sim_param(q, "name"), *group = sim_param(q, "key_group");
    const char *text = sim_param(q, type == NEPH_SSH ? "public_key" : "password");
    int64_t wanted = group              ? neph_number(group)
                     : type == NEPH_SSH ? NEPH_SERVER_KEYS
                                        : NEPH_CONSOLE_KEYS;
    if (!name || !*name || !text || !*text)
        neph_fail(n, r, 400, "%s is required",
                  name && *name ? type == NEPH_SSH ? "public_key" : "password" : "name");
    else if (wanted != NEPH_SERVER_KEYS && wanted != NEPH_CONSOLE_KEYS)
        neph_fail(n, r, 400, "key_group is invalid");
    else if (type == NEPH_SSH && strncmp(text, "ssh-rsa ", 8) != 0)
        neph_fail(n, r, 400, "public_key is not an SSH RSA key");
    else
        neph_created(n, r, neph_add_key(n, 0, type, (int)wanted, name, text)->id);
}

void neph_key_delete(struct sim *s, void *state, struct sim_request *q, struct sim_reply *r)
{
    struct neph *n = state;
    (void)s;
    if (!neph_enter(n, q, r))
        return;
    struct neph_key *key = neph_key(n, neph_number(q->seg[0]));
    if (!key || key->type != type_of(q)) {
        neph_fail(n, r, 404, "resource not found");
        return;
    }
    free(key->name);
    free(key->text);
    *key = n->keys.at[--n->keys.n];
    neph_begin(r);
    neph_end(n, r, 0);
}
