/* Backends: the set of named accounts, its changes, and connections with resolved options. */
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "backend_int.h"
#include "error_int.h"
#include "lib_int.h"
#include "mem.h"
#include "options.h"

enum { ID_LEN = 27, MAX_TITLE = 128 };

struct nube_backends {
    nube_lib *lib;
    char *path;
    struct nube_accounts accounts;
};

/* ---- Reading --------------------------------------------------------------------- */

static void replace(nube_backends *set, struct nube_accounts *fresh)
{
    for (size_t i = 0; i < fresh->count; i++)
        fresh->at[i].set = set;
    nube_accounts_free(&set->accounts);
    set->accounts = *fresh;
}

static int read_file(struct nube_accounts *out, const nube_backends *set, struct nube_error *err)
{
    struct nube_buf text;
    int rc = nube_store_read(&text, set->path, err);

    return rc ? rc : nube_accounts_parse(out, &text, set->path, err);
}

int nube_backends_open(nube_backends **out, nube_lib *lib, const char *path, struct nube_error *err)
{
    nube_backends *set = nube_mem_zalloc(sizeof(*set));
    struct nube_accounts accounts;
    int rc;

    *out = NULL;
    if (!set)
        return nube_error_nomem(err);
    set->lib = lib;
    rc = nube_store_path(&set->path, lib, path, err);
    if (!rc)
        rc = read_file(&accounts, set, err);
    if (rc) {
        nube_backends_free(set);
        return rc;
    }
    replace(set, &accounts);
    *out = set;
    return 0;
}

void nube_backends_free(nube_backends *set)
{
    if (!set)
        return;
    nube_accounts_free(&set->accounts);
    nube_mem_free(set->path);
    nube_mem_free(set);
}

const char *nube_backends_path(const nube_backends *set)
{
    return set->path;
}

size_t nube_backends_count(const nube_backends *set)
{
    return set->accounts.count;
}

const nube_backend *nube_backends_at(const nube_backends *set, size_t i)
{
    return i < set->accounts.count ? &set->accounts.at[i] : NULL;
}

static const nube_backend *find(const struct nube_accounts *accounts, const char *id_or_name)
{
    for (size_t i = 0; i < accounts->count; i++)
        if (strcmp(accounts->at[i].id, id_or_name) == 0)
            return &accounts->at[i];
    for (size_t i = 0; i < accounts->count; i++)
        if (strcmp(accounts->at[i].name, id_or_name) == 0)
            return &accounts->at[i];
    return NULL;
}

const nube_backend *nube_backends_find(const nube_backends *set, const char *id_or_name)
{
    return find(&set->accounts, id_or_name);
}

const char *nube_backend_id(const nube_backend *backend)
{
    return backend->id;
}

const char *nube_backend_name(const nube_backend *backend)
{
    return backend->name;
}

const char *nube_backend_provider(const nube_backend *backend)
{
    return backend->provider;
}

int nube_backend_enabled(const nube_backend *backend)
{
    return backend->enabled;
}

int nube_backend_matches(const nube_backend *backend, const char *text)
{
    return strcasestr(backend->id, text) || strcasestr(backend->name, text) ||
           strcasestr(backend->provider, text);
}

const nube_driver_info *nube_backend_driver(const nube_backend *backend)
{
    const struct nube_driver_info *driver;
    const struct nube_provider_row *row;

    return nube_provider_find(backend->set->lib, backend->provider, &driver, &row, NULL) ? NULL
                                                                                         : driver;
}

/* What is not known to be harmless is secret. */
static int is_secret(const nube_backend *backend, const char *option)
{
    const nube_driver_info *driver = nube_backend_driver(backend);
    const struct nube_option *o =
        driver ? nube_driver_option_find(driver, NUBE_OP_NONE, NULL, option) : NULL;

    return !o || (o->flags & NUBE_OPTION_SECRET);
}

const char *nube_backend_option(const nube_backend *backend, size_t i, const char **value,
                                int *secret)
{
    const struct nube_setting *s = i < backend->n_settings ? &backend->settings[i] : NULL;

    if (!s)
        return NULL;
    if (value)
        *value = s->value;
    if (secret) {
        enum nube_reference kind = nube_reference_kind(s->value);

        *secret = kind != NUBE_REF_ENV && kind != NUBE_REF_FILE && is_secret(backend, s->name);
    }
    return s->name;
}

/* ---- Changing ---------------------------------------------------------------------- */

/* An edit of the file as it was read under the lock. path is for messages. */
typedef int (*edit_fn)(struct nube_buf *out, const struct nube_accounts *now, const char *path,
                       void *data, struct nube_error *err);

/* Edits, and reads the result: what would not read back is not written. */
static int edited(struct nube_accounts *out, const nube_backends *set, edit_fn edit, void *data,
                  struct nube_error *err)
{
    struct nube_accounts now;
    struct nube_buf text;
    int rc = read_file(&now, set, err);

    if (rc)
        return rc;
    nube_buf_init(&text, NUBE_MAX_CONFIG);
    rc = edit(&text, &now, set->path, data, err);
    if (!rc && text.over)
        rc = nube_error_set(err, NUBE_E_TOO_LARGE, "%s would become larger than %d MiB", set->path,
                            NUBE_MAX_CONFIG >> 20);
    else if (!rc && text.failed)
        rc = nube_error_nomem(err);
    if (!rc)
        rc = nube_accounts_parse(out, &text, set->path, err);
    nube_buf_free(&text);
    nube_accounts_free(&now);
    return rc;
}

/* Lock, read, edit, write, unlock. Texts of the set may be arguments: it is replaced last. */
static int change(nube_backends *set, edit_fn edit, void *data, struct nube_error *err)
{
    struct nube_accounts fresh;
    int lock = nube_store_lock(set->path, err), rc;

    if (lock < 0)
        return lock;
    rc = edited(&fresh, set, edit, data, err);
    if (!rc) {
        rc = nube_store_write(set->path, &fresh.text, err);
        if (rc)
            nube_accounts_free(&fresh);
        else
            replace(set, &fresh);
    }
    close(lock);
    return rc;
}

static int check_title(const struct nube_accounts *now, const char *name, const nube_backend *self,
                       struct nube_error *err)
{
    const nube_backend *other;
    size_t len = name ? strlen(name) : 0;

    if (!len || len > MAX_TITLE)
        return nube_error_set(err, NUBE_E_USAGE, "the name of a backend has 1 to %d octets",
                              MAX_TITLE);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
            return nube_error_set(err, NUBE_E_USAGE,
                                  "the name of a backend may not have control characters");
    other = find(now, name);
    if (other && other != self)
        return nube_error_set(err, NUBE_E_CONFLICT, "there is a backend \"%s\" already (id %s)",
                              name, other->id);
    return 0;
}

static const nube_backend *need(const struct nube_accounts *now, const char *path,
                                const char *id_or_name, struct nube_error *err)
{
    const nube_backend *b = find(now, id_or_name);

    if (!b)
        nube_error_set(err, NUBE_E_NOT_FOUND, "there is no backend \"%s\" in %s", id_or_name, path);
    return b;
}

/* 27 characters out of 62: 160 bits, so that two machines never make the same. */
static int make_id(char id[ID_LEN + 1])
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    unsigned char octet;
    size_t n = 0;

    while (n < ID_LEN) {
        if (getrandom(&octet, 1, 0) != 1)
            return -1;
        if (octet < 248) /* 4 * 62: each character equally likely */
            id[n++] = alphabet[octet % 62];
    }
    id[n] = '\0';
    return 0;
}

/* References are not looked behind yet, so only their names are checked; the rest is, like for a
 * connection. */
static int check_options(nube_lib *lib, const char *provider, const nube_args *options,
                         struct nube_error *err)
{
    const struct nube_driver_info *driver;
    const struct nube_provider_row *row;
    struct nube_arena arena = {.secret = true};
    struct nube_checked_set checked;
    nube_args *literal = NULL;
    int rc = nube_provider_find(lib, provider, &driver, &row, err);

    if (!rc && options)
        rc = nube_args_status(options, err);
    if (!rc)
        rc = nube_args_new(&literal, err);
    for (size_t i = 0; !rc && i < nube_args_count(options); i++) {
        size_t len;
        const char *name = nube_args_name(options, i), *value = nube_args_value(options, i, &len);

        if (nube_account_reserved(name))
            rc = nube_error_set(err, NUBE_E_USAGE, "\"%s\" cannot be an option of a backend", name);
        else if (memchr(value, '\0', len))
            rc = nube_error_set(err, NUBE_E_USAGE,
                                "option %s: a NUL octet cannot be kept; use %s=file:PATH", name,
                                name);
        else if (nube_reference_kind(value) == NUBE_REF_NONE ||
                 !nube_driver_option_find(driver, NUBE_OP_NONE, NULL, name))
            nube_args_set(literal, name, value);
    }
    if (!rc)
        rc = nube_options_check(&checked, &arena, driver, NUBE_OP_NONE, NULL, literal, 0, err);
    if (!rc && row && row->flags & NUBE_PROVIDER_RETIRED)
        nube_lib_log(lib, NUBE_LOG_WARN,
                     "%s (%s) is retired: its provider has ended it; an account needs the address "
                     "of a service of its kind",
                     row->id, row->title);
    nube_args_free(literal);
    nube_arena_free(&arena);
    return rc;
}

struct addition {
    const char *name, *provider;
    const nube_args *options;
    char id[ID_LEN + 1];
};

static int edit_add(struct nube_buf *out, const struct nube_accounts *now, const char *path,
                    void *data, struct nube_error *err)
{
    struct addition *a = data;
    const struct nube_buf *text = &now->text;
    int rc = check_title(now, a->name, NULL, err);

    (void)path;
    if (rc)
        return rc;
    if (make_id(a->id))
        return nube_error_set(err, NUBE_E_SYSTEM, "the system gave no random octets");
    if (text->len)
        nube_buf_add(out, text->data, text->len);
    else
        nube_buf_puts(out, "# Accounts of nube. A value runs to the end of its line; one in "
                           "quotation marks\n# may have \\\" \\\\ \\n \\r \\t and \\xHH.\n");
    if (text->len && text->data[text->len - 1] != '\n')
        nube_buf_putc(out, '\n');
    nube_buf_fmt(out, "\n[%s]\n", a->id);
    nube_accounts_line(out, "name", a->name);
    nube_accounts_line(out, "provider", a->provider);
    for (size_t i = 0; i < nube_args_count(a->options); i++)
        nube_accounts_line(out, nube_args_name(a->options, i),
                           nube_args_value(a->options, i, NULL));
    return 0;
}

int nube_backends_add(nube_backends *set, const char *name, const char *provider,
                      const nube_args *options, const char **id, struct nube_error *err)
{
    struct addition a = {name, provider, options, ""};
    int rc = check_options(set->lib, provider, options, err);

    if (id)
        *id = NULL;
    if (!rc)
        rc = change(set, edit_add, &a, err);
    if (!rc && id)
        *id = nube_backends_find(set, a.id)->id;
    return rc;
}

struct edit {
    const char *id_or_name, *name;
    int on;
};

/* Sets one line of a section: the one it has, or a new one. */
static void set_line(struct nube_buf *out, const struct nube_buf *text, size_t line, size_t after,
                     const char *name, const char *value)
{
    struct nube_buf fresh;

    nube_buf_init(&fresh, NUBE_MAX_NAME);
    nube_accounts_line(&fresh, name, value);
    if (fresh.failed)
        out->failed = true;
    else if (line)
        nube_accounts_splice(out, text, line, line, fresh.data);
    else
        nube_accounts_splice(out, text, after + 1, after, fresh.data);
    nube_buf_free(&fresh);
}

static int edit_rename(struct nube_buf *out, const struct nube_accounts *now, const char *path,
                       void *data, struct nube_error *err)
{
    const struct edit *e = data;
    const nube_backend *b = need(now, path, e->id_or_name, err);
    int rc = b ? check_title(now, e->name, b, err) : NUBE_E_NOT_FOUND;

    if (!rc)
        set_line(out, &now->text, b->name_line, b->head_line, "name", e->name);
    return rc;
}

static int edit_enable(struct nube_buf *out, const struct nube_accounts *now, const char *path,
                       void *data, struct nube_error *err)
{
    const struct edit *e = data;
    const nube_backend *b = need(now, path, e->id_or_name, err);

    if (!b)
        return NUBE_E_NOT_FOUND;
    set_line(out, &now->text, b->enabled_line, b->name_line ? b->name_line : b->head_line,
             "enabled", e->on ? "yes" : "no");
    return 0;
}

static int blank_line(const struct nube_buf *text, size_t line)
{
    const char *p = text->data;

    while (--line)
        p = strchr(p, '\n') + 1;
    return p[strspn(p, " \t\r")] == '\n';
}

/* Takes the blank line in front of the section along, when there is one. */
static int edit_remove(struct nube_buf *out, const struct nube_accounts *now, const char *path,
                       void *data, struct nube_error *err)
{
    const struct edit *e = data;
    const nube_backend *b = need(now, path, e->id_or_name, err);
    size_t first;

    if (!b)
        return NUBE_E_NOT_FOUND;
    first = b->head_line - (b->head_line > 1 && blank_line(&now->text, b->head_line - 1));
    nube_accounts_splice(out, &now->text, first, b->last_line, "");
    return 0;
}

int nube_backends_rename(nube_backends *set, const char *id_or_name, const char *name,
                         struct nube_error *err)
{
    struct edit e = {id_or_name, name, 0};

    return change(set, edit_rename, &e, err);
}

int nube_backends_enable(nube_backends *set, const char *id_or_name, int on, struct nube_error *err)
{
    struct edit e = {id_or_name, NULL, on};

    return change(set, edit_enable, &e, err);
}

int nube_backends_remove(nube_backends *set, const char *id_or_name, struct nube_error *err)
{
    struct edit e = {id_or_name, NULL, 0};

    return change(set, edit_remove, &e, err);
}

/* ---- Connecting ----------------------------------------------------------------------- */

int nube_backend_connect(nube_conn **out, nube_backends *set, const nube_backend *backend,
                         struct nube_error *err)
{
    nube_args *args;
    int rc;

    *out = NULL;
    nube_error_about(err, 0, backend->name, NULL);
    rc = nube_args_new(&args, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < backend->n_settings && !rc; i++) {
        const struct nube_setting *s = &backend->settings[i];
        int missing = is_secret(backend, s->name) ? NUBE_E_AUTH : NUBE_E_USAGE;

        rc = nube_reference_resolve(args, set->lib, s->name, s->value, missing, err);
    }
    if (!rc)
        rc = nube_connect(out, set->lib, backend->provider, backend->name, args, err);
    nube_args_free(args);
    return rc;
}
