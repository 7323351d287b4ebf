/* Sets of name/value pairs under construction, whose errors wait for the call that uses them. */
#include <stdio.h>
#include <string.h>

#include "args_int.h"
#include "error_int.h"
#include "mem.h"
#include "options.h"

struct nube_args {
    struct nube_arg *at;
    size_t count, size;
    int status; /* sticky: 0, NUBE_E_MEMORY or NUBE_E_USAGE */
    char why[128];
};

static void fail(nube_args *args, int code, const char *why, const char *name)
{
    if (args->status)
        return;
    args->status = code;
    snprintf(args->why, sizeof(args->why), "%s%.60s", why, name);
}

int nube_args_new(nube_args **out, struct nube_error *err)
{
    *out = nube_mem_zalloc(sizeof(**out));
    return *out ? NUBE_OK : nube_error_nomem(err);
}

static void forget(struct nube_arg *a)
{
    nube_mem_free(a->name);
    nube_mem_free_secret(a->value, a->len + 1);
}

void nube_args_drop(nube_args *args, const char *name)
{
    size_t i, kept = 0;

    for (i = 0; i < args->count; i++)
        if (strcmp(args->at[i].name, name) == 0)
            forget(&args->at[i]);
        else
            args->at[kept++] = args->at[i];
    args->count = kept;
}

void nube_args_free(nube_args *args)
{
    size_t i;

    if (!args)
        return;
    for (i = 0; i < args->count; i++)
        forget(&args->at[i]);
    nube_mem_free(args->at);
    nube_mem_free(args);
}

static int grow(nube_args *args)
{
    size_t size = args->size ? args->size * 2 : 8;
    struct nube_arg *at;

    if (args->count < args->size)
        return 0;
    at = nube_mem_realloc(args->at, size * sizeof(*at));
    if (!at)
        return -1;
    args->at = at;
    args->size = size;
    return 0;
}

/* Takes value, which has len octets and a NUL. */
static void take(nube_args *args, const char *name, size_t name_len, char *value, size_t len,
                 size_t key_len)
{
    char *copy = value ? nube_mem_strndup(name, name_len) : NULL;

    if (!copy || grow(args)) {
        nube_mem_free(copy);
        nube_mem_free_secret(value, len + 1);
        fail(args, NUBE_E_MEMORY, "out of memory", "");
        return;
    }
    args->at[args->count++] = (struct nube_arg){copy, value, len, key_len};
}

static int usable(nube_args *args, const char *name)
{
    if (args && (!name || !*name))
        fail(args, NUBE_E_USAGE, "an argument has no name", "");
    return args && !args->status;
}

void nube_args_set_data(nube_args *args, const char *name, const void *data, size_t len)
{
    if (data && usable(args, name))
        take(args, name, strlen(name), nube_mem_strndup(data, len), len, NUBE_ARG_NO_KEY);
}

void nube_args_set(nube_args *args, const char *name, const char *value)
{
    if (value)
        nube_args_set_data(args, name, value, strlen(value));
}

void nube_args_set_int(nube_args *args, const char *name, int64_t value)
{
    char text[24];

    snprintf(text, sizeof(text), "%lld", (long long)value);
    nube_args_set(args, name, text);
}

void nube_args_set_bool(nube_args *args, const char *name, int value)
{
    nube_args_set(args, name, value ? "true" : "false");
}

void nube_args_set_pair(nube_args *args, const char *name, const char *key, const char *value)
{
    size_t key_len, len;
    char *text;

    if (!value || !usable(args, name))
        return;
    if (!key || !*key) {
        fail(args, NUBE_E_USAGE, "a pair has no name before its value: ", name);
        return;
    }
    key_len = strlen(key);
    len = key_len + 1 + strlen(value);
    text = nube_mem_alloc(len + 1);
    if (text) {
        memcpy(text, key, key_len);
        text[key_len] = '=';
        memcpy(text + key_len + 1, value, len - key_len);
    }
    take(args, name, strlen(name), text, len, key_len);
}

void nube_args_set_obj(nube_args *args, const char *name, const nube_obj *obj)
{
    if (!obj || !usable(args, name))
        return;
    if (nube_id(obj))
        nube_args_set(args, name, nube_id(obj));
    else
        fail(args, NUBE_E_USAGE, "the object given has no id: ", name);
}

/* The text is not shown: it may be a secret whose name was forgotten. */
int nube_args_parse(nube_args *args, const char *text, struct nube_error *err)
{
    const char *eq = text ? strchr(text, '=') : NULL;

    if (!args || !eq || eq == text)
        return nube_error_set(err, NUBE_E_USAGE,
                              "an argument is not NAME=VALUE; write it as in region=eu-west-1");
    if (!args->status)
        take(args, text, (size_t)(eq - text), nube_mem_strdup(eq + 1), strlen(eq + 1),
             NUBE_ARG_NO_KEY);
    return nube_args_status(args, err);
}

size_t nube_args_count(const nube_args *args)
{
    return args ? args->count : 0;
}

const struct nube_arg *nube_args_at(const nube_args *args, size_t i)
{
    return i < nube_args_count(args) ? &args->at[i] : NULL;
}

const char *nube_args_name(const nube_args *args, size_t i)
{
    const struct nube_arg *a = nube_args_at(args, i);

    return a ? a->name : NULL;
}

const char *nube_args_value(const nube_args *args, size_t i, size_t *len)
{
    const struct nube_arg *a = nube_args_at(args, i);

    if (len)
        *len = a ? a->len : 0;
    return a ? a->value : NULL;
}

const char *nube_args_get(const nube_args *args, const char *name)
{
    size_t i;

    for (i = 0; i < nube_args_count(args); i++)
        if (strcmp(args->at[i].name, name) == 0)
            return args->at[i].value;
    return NULL;
}

int nube_args_status(const nube_args *args, struct nube_error *err)
{
    return args && args->status ? nube_error_set(err, args->status, "%s", args->why) : NUBE_OK;
}

int nube_args_copy(nube_args **out, const nube_args *args, struct nube_error *err)
{
    size_t i;
    int rc = nube_args_new(out, err);

    if (rc)
        return rc;
    for (i = 0; i < nube_args_count(args); i++) {
        const struct nube_arg *a = &args->at[i];

        take(*out, a->name, strlen(a->name), nube_mem_strndup(a->value, a->len), a->len,
             a->key_len);
    }
    if (args && args->status)
        fail(*out, args->status, args->why, "");
    if ((*out)->status != NUBE_E_MEMORY)
        return NUBE_OK;
    nube_args_free(*out);
    *out = NULL;
    return nube_error_nomem(err);
}
