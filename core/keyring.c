/* The keys that a person has by name: a file of lines, each of words, changed under a lock. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nube/driver/driver.h>
#include <nube/keyring.h>

#include "arena.h"
#include "backend_int.h"
#include "error_int.h"
#include "file_write.h"
#include "lib_int.h"
#include "mem.h"
#include "service.h"
#include "words.h"

enum { MAX_WORDS = 16 };

/* "key NAME FILE [default]" and "node BACKEND NODE KEY [user=..] [port=..] [address=..]". */
struct line {
    const char *text;
    const char *word[MAX_WORDS + 1];
    int n; /* 0: a comment */
};

struct nube_keyring {
    nube_lib *lib;
    char *path;
    struct nube_arena arena; /* of the lines */
    struct line *lines;
    size_t count;
};

/* ---- Reading ---------------------------------------------------------------------------- */

static int bad(const nube_keyring *r, size_t number, const char *what, struct nube_error *err)
{
    return nube_error_set(err, NUBE_E_USAGE, "%s line %zu: %s", r->path, number, what);
}

static int parse_line(nube_keyring *r, struct line *l, const char *text, size_t number,
                      struct nube_error *err)
{
    char *words = nube_arena_alloc(&r->arena, strlen(text) + 1);

    l->text = nube_arena_strdup(&r->arena, text);
    if (r->arena.failed)
        return nube_error_nomem(err);
    l->n = nube_words_split(l->word, MAX_WORDS, words, text);
    if (l->n < 0)
        return bad(r, number, "a quotation mark is not closed, or there are too many words", err);
    if (!l->n || *l->word[0] == '#') {
        l->n = 0;
        return 0;
    }
    if ((strcmp(l->word[0], "key") == 0 && l->n >= 3) ||
        (strcmp(l->word[0], "node") == 0 && l->n >= 4))
        return 0;
    return bad(r, number, "it is neither \"key NAME FILE\" nor \"node BACKEND NODE KEY\"", err);
}

static int parse(nube_keyring *r, char *text, struct nube_error *err)
{
    size_t number = 0, most = 1;
    char *rest = text, *line;
    int rc = 0;

    for (const char *p = text; *p; p++)
        most += *p == '\n';
    r->count = 0;
    r->lines = nube_arena_alloc(&r->arena, most * sizeof(*r->lines));
    if (r->arena.failed)
        return nube_error_nomem(err);
    while (!rc && (line = strsep(&rest, "\n")))
        if (*line || rest)
            rc = parse_line(r, &r->lines[r->count++], line, ++number, err);
    return rc;
}

static int load(nube_keyring *r, struct nube_error *err)
{
    struct nube_buf text;
    int rc = nube_store_read(&text, r->path, err);

    if (rc)
        return rc;
    nube_arena_reset(&r->arena);
    nube_buf_putc(&text, '\0');
    rc = text.failed ? nube_error_nomem(err) : parse(r, text.data, err);
    nube_buf_free(&text);
    return rc;
}

/* "keys" beside the file of backends. Owned; NULL: out of memory. */
static char *beside(const char *backends)
{
    const char *slash = strrchr(backends, '/');
    struct nube_buf b;

    nube_buf_init(&b, NUBE_MAX_NAME);
    if (slash)
        nube_buf_add(&b, backends, (size_t)(slash + 1 - backends));
    nube_buf_puts(&b, "keys");
    return nube_buf_take(&b);
}

int nube_keyring_open(nube_keyring **out, nube_lib *lib, const char *path, struct nube_error *err)
{
    nube_keyring *r = nube_mem_zalloc(sizeof(*r));
    char *backends = NULL;
    int rc;

    *out = NULL;
    nube_error_clear(err);
    if (!r)
        return nube_error_nomem(err);
    r->lib = lib;
    rc = nube_store_path(&backends, lib, path, err);
    if (!rc && path) {
        r->path = backends;
        backends = NULL;
    } else if (!rc && !(r->path = beside(backends))) {
        rc = nube_error_nomem(err);
    }
    nube_mem_free(backends);
    if (!rc)
        rc = load(r, err);
    if (rc)
        nube_keyring_free(r);
    else
        *out = r;
    return rc;
}

void nube_keyring_free(nube_keyring *ring)
{
    if (!ring)
        return;
    nube_arena_free(&ring->arena);
    nube_mem_free(ring->path);
    nube_mem_free(ring);
}

/* ---- Looking ----------------------------------------------------------------------------- */

static bool is_key(const struct line *l)
{
    return l->n && strcmp(l->word[0], "key") == 0;
}

static bool is_named(const struct line *l, const char *name)
{
    return is_key(l) && strcmp(l->word[1], name) == 0;
}

static bool is_node(const struct line *l, const char *backend, const char *node)
{
    return l->n && strcmp(l->word[0], "node") == 0 && strcmp(l->word[1], backend) == 0 &&
           strcmp(l->word[2], node) == 0;
}

static bool is_default(const struct line *l)
{
    return is_key(l) && l->n > 3 && strcmp(l->word[3], "default") == 0;
}

static const struct line *key_at(const nube_keyring *ring, size_t i)
{
    for (size_t k = 0; k < ring->count; k++)
        if (is_key(&ring->lines[k]) && !i--)
            return &ring->lines[k];
    return NULL;
}

size_t nube_keyring_count(const nube_keyring *ring)
{
    size_t n = 0;

    while (key_at(ring, n))
        n++;
    return n;
}

const char *nube_keyring_name(const nube_keyring *ring, size_t i)
{
    const struct line *l = key_at(ring, i);

    return l ? l->word[1] : NULL;
}

const char *nube_keyring_file(const nube_keyring *ring, size_t i)
{
    const struct line *l = key_at(ring, i);

    return l ? l->word[2] : NULL;
}

int nube_keyring_is_default(const nube_keyring *ring, size_t i)
{
    const struct line *l = key_at(ring, i);

    return l && is_default(l);
}

int nube_keyring_find(const nube_keyring *ring, const char *name)
{
    const struct line *l;

    for (int i = 0; (l = key_at(ring, (size_t)i)); i++)
        if (name ? strcmp(l->word[1], name) == 0 : is_default(l))
            return i;
    return -1;
}

int nube_keyring_login(const nube_keyring *ring, const char *backend, const char *node,
                       nube_args *args)
{
    static const char *const own[] = {"key", "key_file", "password"};
    const struct line *l = NULL;
    bool keyed = false;
    int i;

    for (size_t k = 0; k < ring->count && !l; k++)
        if (is_node(&ring->lines[k], backend, node))
            l = &ring->lines[k];
    if (!l)
        return 0;
    for (size_t k = 0; k < sizeof(own) / sizeof(*own); k++)
        keyed |= nube_args_get(args, own[k]) != NULL;
    i = nube_keyring_find(ring, l->word[3]);
    if (!keyed && i >= 0)
        nube_args_set(args, "key_file", nube_keyring_file(ring, (size_t)i));
    for (int k = 4; k < l->n; k++) {
        const char *value = strchr(l->word[k], '=');
        char name[16];

        if (!value || (size_t)(value - l->word[k]) >= sizeof(name))
            continue;
        memcpy(name, l->word[k], (size_t)(value - l->word[k]));
        name[value - l->word[k]] = '\0';
        if (!nube_args_get(args, name))
            nube_args_set(args, name, value + 1);
    }
    return 1;
}

/* ---- Changing ----------------------------------------------------------------------------- */

/* One change: what becomes of each line, and what comes behind the last. */
struct change {
    const char *name, *to, *file; /* of a key */
    const char *backend, *node;
    const nube_args *args;
    /* Writes the line as it will be; nothing: it goes. */
    void (*keep)(struct nube_buf *out, const struct line *l, const struct change *x);
    void (*append)(struct nube_buf *out, const nube_keyring *ring, const struct change *x);
    int (*check)(const nube_keyring *ring, const struct change *x, struct nube_error *err);
};

static void put_word(struct nube_buf *out, const char *word)
{
    nube_buf_puts(out, out->len && out->data[out->len - 1] != '\n' ? " \"" : "\"");
    for (; *word; word++) {
        if (*word == '"' || *word == '\\')
            nube_buf_putc(out, '\\');
        nube_buf_putc(out, *word);
    }
    nube_buf_putc(out, '"');
}

static void put_key(struct nube_buf *out, const char *name, const char *file, bool is_default)
{
    nube_buf_puts(out, "key");
    put_word(out, name);
    put_word(out, file);
    nube_buf_puts(out, is_default ? " default\n" : "\n");
}

static int change(nube_keyring *ring, const struct change *x, struct nube_error *err)
{
    struct nube_buf text;
    int lock, rc;

    nube_error_clear(err);
    lock = nube_store_lock(ring->path, err);
    if (lock < 0)
        return lock;
    nube_buf_init(&text, NUBE_MAX_CONFIG);
    rc = load(ring, err);
    if (!rc && x->check)
        rc = x->check(ring, x, err);
    for (size_t i = 0; !rc && i < ring->count; i++)
        if (x->keep && ring->lines[i].n)
            x->keep(&text, &ring->lines[i], x);
        else
            nube_buf_fmt(&text, "%s\n", ring->lines[i].text);
    if (!rc && x->append)
        x->append(&text, ring, x);
    if (!rc && text.failed)
        rc = nube_error_nomem(err);
    if (!rc)
        rc = nube_store_write(ring->path, &text, err);
    if (!rc)
        rc = load(ring, err);
    nube_buf_free(&text);
    close(lock);
    return rc;
}

static void put_same(struct nube_buf *out, const struct line *l)
{
    nube_buf_fmt(out, "%s\n", l->text);
}

static int must_be_there(const nube_keyring *ring, const struct change *x, struct nube_error *err)
{
    if (nube_keyring_find(ring, x->name) >= 0)
        return 0;
    return nube_error_set(err, NUBE_E_NOT_FOUND, "there is no key %s in %s", x->name, ring->path);
}

static int must_be_free(const nube_keyring *ring, const char *name, struct nube_error *err)
{
    if (!*name || strpbrk(name, "/\r\n"))
        return nube_error_set(err, NUBE_E_USAGE, "\"%s\" cannot be the name of a key", name);
    if (nube_keyring_find(ring, name) < 0)
        return 0;
    return nube_error_set(err, NUBE_E_CONFLICT, "there is a key %s already: %s", name,
                          nube_keyring_file(ring, (size_t)nube_keyring_find(ring, name)));
}

static int check_add(const nube_keyring *ring, const struct change *x, struct nube_error *err)
{
    struct stat st;

    if (stat(x->file, &st))
        return nube_error_set(err, NUBE_E_SYSTEM, "cannot find %s: %s", x->file, strerror(errno));
    return must_be_free(ring, x->name, err);
}

static void append_key(struct nube_buf *out, const nube_keyring *ring, const struct change *x)
{
    put_key(out, x->name, x->file, nube_keyring_count(ring) == 0);
}

int nube_keyring_add(nube_keyring *ring, const char *name, const char *file, struct nube_error *err)
{
    char real[PATH_MAX];

    if (!realpath(file, real))
        return nube_error_set(err, NUBE_E_SYSTEM, "cannot find %s: %s", file, strerror(errno));
    return change(
        ring,
        &(struct change){.name = name, .file = real, .check = check_add, .append = append_key},
        err);
}

/* A file that is not there yet, for the person alone. */
static int put_file(const char *path, const char *text, mode_t mode, struct nube_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode), failed;

    if (fd < 0)
        return nube_error_set(err, NUBE_E_SYSTEM, "cannot make %s: %s", path, strerror(errno));
    failed = nube_write_all(fd, text, strlen(text)) || fsync(fd) ? errno : 0;
    if (close(fd) && !failed)
        failed = errno;
    if (!failed)
        return 0;
    unlink(path);
    return nube_error_set(err, NUBE_E_SYSTEM, "cannot write %s: %s", path, strerror(failed));
}

static int keep_pair(const nube_keyring *ring, struct nube_buf *file, const char *name,
                     const char *private_key, const char *public_key, struct nube_error *err)
{
    int rc = 0, lock = nube_store_lock(ring->path, err); /* makes the directories, too */
    struct nube_buf pub;

    if (lock < 0)
        return lock;
    close(lock);
    nube_buf_fmt(file, "%.*skeys.d", (int)(strrchr(ring->path, '/') + 1 - ring->path), ring->path);
    if (!file->failed && mkdir(file->data, 0700) && errno != EEXIST)
        rc = nube_error_set(err, NUBE_E_SYSTEM, "cannot make %s: %s", file->data, strerror(errno));
    nube_buf_fmt(file, "/%s", name);
    nube_buf_init(&pub, NUBE_MAX_NAME);
    nube_buf_fmt(&pub, "%s.pub", file->failed ? "" : file->data);
    if (!rc && (file->failed || pub.failed))
        rc = nube_error_nomem(err);
    if (!rc)
        rc = put_file(file->data, private_key, 0600, err);
    if (!rc && (rc = put_file(pub.data, public_key, 0644, err)))
        unlink(file->data);
    nube_buf_free(&pub);
    return rc;
}

int nube_keyring_generate(nube_keyring *ring, const char *name, const char *type,
                          const char *passphrase, struct nube_error *err)
{
    const struct nube_ssh_ops *ops;
    char *private_key = NULL, *public_key = NULL, message[256];
    struct nube_buf file;
    int rc = must_be_free(ring, name, err);

    if (rc)
        return rc;
    nube_error_clear(err);
    ops = nube_service_open(ring->lib, NUBE_SERVICE_SSH, err);
    if (!ops)
        return err->code;
    if (ops->generate(type, name, passphrase, &private_key, &public_key, message))
        return nube_error_set(err, NUBE_E_USAGE, "%s", message);
    nube_buf_init(&file, NUBE_MAX_NAME);
    rc = keep_pair(ring, &file, name, private_key, public_key, err);
    if (!rc)
        rc = nube_keyring_add(ring, name, file.data, err);
    nube_buf_free(&file);
    nube_mem_free_secret(private_key, strlen(private_key) + 1);
    nube_mem_free(public_key);
    return rc;
}

static int check_rename(const nube_keyring *ring, const struct change *x, struct nube_error *err)
{
    int rc = must_be_there(ring, x, err);

    return rc ? rc : must_be_free(ring, x->to, err);
}

/* The memories of nodes follow. */
static void keep_renamed(struct nube_buf *out, const struct line *l, const struct change *x)
{
    if (is_named(l, x->name)) {
        put_key(out, x->to, l->word[2], is_default(l));
    } else if (strcmp(l->word[0], "node") == 0 && strcmp(l->word[3], x->name) == 0) {
        nube_buf_puts(out, "node");
        for (int i = 1; i < l->n; i++)
            put_word(out, i == 3 ? x->to : l->word[i]);
        nube_buf_putc(out, '\n');
    } else {
        put_same(out, l);
    }
}

int nube_keyring_rename(nube_keyring *ring, const char *name, const char *to,
                        struct nube_error *err)
{
    return change(
        ring, &(struct change){.name = name, .to = to, .check = check_rename, .keep = keep_renamed},
        err);
}

static void keep_default(struct nube_buf *out, const struct line *l, const struct change *x)
{
    if (is_key(l))
        put_key(out, l->word[1], l->word[2], is_named(l, x->name));
    else
        put_same(out, l);
}

int nube_keyring_set_default(nube_keyring *ring, const char *name, struct nube_error *err)
{
    return change(
        ring, &(struct change){.name = name, .check = must_be_there, .keep = keep_default}, err);
}

static void keep_others(struct nube_buf *out, const struct line *l, const struct change *x)
{
    if (!is_named(l, x->name) &&
        !(strcmp(l->word[0], "node") == 0 && strcmp(l->word[3], x->name) == 0))
        put_same(out, l);
}

int nube_keyring_remove(nube_keyring *ring, const char *name, struct nube_error *err)
{
    return change(ring, &(struct change){.name = name, .check = must_be_there, .keep = keep_others},
                  err);
}

/* ---- Nodes -------------------------------------------------------------------------------- */

static void keep_other_nodes(struct nube_buf *out, const struct line *l, const struct change *x)
{
    if (!is_node(l, x->backend, x->node))
        put_same(out, l);
}

static void append_node(struct nube_buf *out, const nube_keyring *ring, const struct change *x)
{
    static const char *const kept[] = {"user", "port", "address"};
    char word[NUBE_MAX_NAME];

    (void)ring;
    nube_buf_puts(out, "node");
    put_word(out, x->backend);
    put_word(out, x->node);
    put_word(out, x->name);
    for (size_t i = 0; x->args && i < sizeof(kept) / sizeof(*kept); i++) {
        const char *value = nube_args_get(x->args, kept[i]);

        if (value && snprintf(word, sizeof(word), "%s=%s", kept[i], value) < (int)sizeof(word))
            put_word(out, word);
    }
    nube_buf_putc(out, '\n');
}

int nube_keyring_associate(nube_keyring *ring, const char *backend, const char *node,
                           const char *name, const nube_args *args, struct nube_error *err)
{
    return change(ring,
                  &(struct change){.name = name,
                                   .backend = backend,
                                   .node = node,
                                   .args = args,
                                   .check = must_be_there,
                                   .keep = keep_other_nodes,
                                   .append = append_node},
                  err);
}

int nube_keyring_disassociate(nube_keyring *ring, const char *backend, const char *node,
                              struct nube_error *err)
{
    return change(
        ring, &(struct change){.backend = backend, .node = node, .keep = keep_other_nodes}, err);
}
