/* Sessions: what a login found out, immutable once published, shared by reference. */
#include <stdio.h>
#include <string.h>

#include "call_int.h"
#include "mem.h"

struct nube_session *nube_session_new(void)
{
    struct nube_session *s = nube_mem_zalloc(sizeof(*s));

    if (s) {
        atomic_init(&s->refs, 1);
        s->arena.secret = true;
    }
    return s;
}

struct nube_session *nube_session_ref(struct nube_session *s)
{
    if (s)
        atomic_fetch_add(&s->refs, 1);
    return s;
}

void nube_session_unref(struct nube_session *s)
{
    if (!s || atomic_fetch_sub(&s->refs, 1) != 1)
        return;
    nube_arena_free(&s->arena);
    nube_mem_free(s);
}

const struct nube_session *nube_call_session(const nube_call *c)
{
    return c->building ? c->building : c->session;
}

const struct nube_endpoint *nube_session_find(const nube_call *c, const char *name)
{
    const struct nube_session *s = nube_call_session(c);
    const struct nube_endpoint *e;

    for (e = s ? s->endpoints : NULL; e && name; e = e->next)
        if (!strcmp(e->name, name))
            return e;
    return NULL;
}

/* The session being built; a driver that writes outside AUTH breaks its contract. */
static struct nube_session *writable(nube_call *c)
{
    if (!c->building)
        nube_fail(c, NUBE_E_DRIVER, "the driver wrote to the session outside auth");
    return c->building;
}

void nube_session_set(nube_call *c, const char *name, const char *value)
{
    struct nube_session *s = writable(c);
    struct nube_session_value *v;

    if (!s || !value)
        return;
    v = nube_arena_alloc(&s->arena, sizeof(*v));
    v->name = nube_arena_strdup(&s->arena, name);
    v->value = nube_arena_strdup(&s->arena, value);
    v->next = s->values;
    s->values = v;
}

void nube_session_secret(nube_call *c, const char *name, const char *value)
{
    struct nube_session *s = writable(c);
    struct nube_session_value *v;

    if (!s || !value)
        return;
    nube_session_set(c, name, value);
    v = nube_arena_alloc(&s->arena, sizeof(*v));
    v->value = s->values->value;
    v->next = s->secrets;
    s->secrets = v;
}

void nube_session_expires(nube_call *c, int64_t unix_ms)
{
    struct nube_session *s = writable(c);

    if (s)
        s->expires = unix_ms;
}

const char *nube_session_str(nube_call *c, const char *name)
{
    const struct nube_session *s = nube_call_session(c);
    const struct nube_session_value *v;

    for (v = s ? s->values : NULL; v; v = v->next)
        if (!strcmp(v->name, name))
            return v->value;
    return NULL;
}

static struct nube_endpoint *endpoint(nube_call *c, const char *name, const char *url)
{
    struct nube_session *s = writable(c);
    struct nube_endpoint *e;
    size_t len;

    if (!s)
        return NULL;
    if (!url || (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)) {
        nube_fail(c, NUBE_E_USAGE, "endpoint %s: \"%s\" is not an http or https URL", name,
                  url ? url : "");
        return NULL;
    }
    e = nube_arena_alloc(&s->arena, sizeof(*e));
    len = strlen(url);
    while (len && url[len - 1] == '/')
        len--;
    e->name = nube_arena_strdup(&s->arena, name);
    e->url = nube_arena_strndup(&s->arena, url, len);
    e->next = s->endpoints; /* the newest of a name is found first */
    s->endpoints = e;
    return e;
}

void nube_session_endpoint(nube_call *c, const char *name, const char *url)
{
    endpoint(c, name, url);
}

void nube_session_socket(nube_call *c, const char *name, const char *path, const char *url)
{
    struct nube_endpoint *e = endpoint(c, name, url);

    if (e)
        e->unix_path = nube_arena_strdup(&c->building->arena, path);
}

void nube_session_command(nube_call *c, const char *name, const char *const *argv, const char *url)
{
    struct nube_endpoint *e = endpoint(c, name, url);
    const char **copy;
    size_t n = 0, i;

    if (!e)
        return;
    while (argv[n])
        n++;
    copy = nube_arena_alloc(&c->building->arena, (n + 1) * sizeof(*copy));
    for (i = 0; i < n; i++)
        copy[i] = nube_arena_strdup(&c->building->arena, argv[i]);
    e->argv = copy;
}

void nube_session_transport(nube_call *c, const char *option, const char *value)
{
    struct nube_session *s = writable(c);

    if (!s || !value)
        return;
    value = nube_arena_strdup(&s->arena, value);
    if (!strcmp(option, "ca_file"))
        s->ca_file = value;
    else if (!strcmp(option, "cert_file"))
        s->cert_file = value;
    else if (!strcmp(option, "key_file"))
        s->key_file = value;
    else
        nube_fail(c, NUBE_E_DRIVER, "the driver may not set the transport option \"%s\"", option);
}
