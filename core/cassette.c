/* Record and replay: the directory of a recording, and finding the exchange that answers a request.
 */
#include "cassette.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error_int.h"
#include "mem.h"

#define META_FILE "cassette.ini"

struct track {
    struct nube_cassette_exchange x;
    char *text; /* the file, which x points into */
    bool used;
};

struct nube_cassette {
    char *dir;
    size_t chunk;
    pthread_mutex_t lock; /* guards what follows */
    unsigned long next;   /* number of the next file */
    struct track *tracks; /* in the order of their names */
    size_t n;
};

/* ---- Files ----------------------------------------------------------------------- */

/* DIR/NAME; false with the error set. */
static bool path_of(struct nube_buf *path, const char *dir, const char *name,
                    struct nube_error *err)
{
    nube_buf_init(path, NUBE_MAX_NAME);
    nube_buf_fmt(path, "%s/%s", dir, name);
    if (!path->failed)
        return true;
    nube_error_set(err, NUBE_E_USAGE, "the name of directory %s is too long", dir);
    nube_buf_free(path);
    return false;
}

/* Adds what is left of a file; false with errno. */
static bool read_all(struct nube_buf *b, int fd)
{
    char part[16384];
    ssize_t n;

    do {
        n = read(fd, part, sizeof(part));
        if (n > 0)
            nube_buf_add(b, part, (size_t)n);
    } while ((n > 0 && !b->failed) || (n < 0 && errno == EINTR));
    nube_buf_add(b, "", 0);
    if (n >= 0 && b->failed)
        errno = b->over ? EFBIG : ENOMEM;
    return n >= 0 && !b->failed;
}

/* The content as owned text, terminated; NULL with the error set. */
static char *read_text(const char *path, size_t *len, struct nube_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct nube_buf b;

    nube_buf_init(&b, 2 * (size_t)NUBE_MAX_REPLY);
    if (fd < 0 || !read_all(&b, fd))
        nube_error_set(err, errno == ENOENT ? NUBE_E_NOT_FOUND : NUBE_E_SYSTEM,
                       "cannot read %s: %s", path, strerror(errno));
    else
        *len = b.len;
    if (fd >= 0)
        close(fd);
    if (fd < 0 || b.failed || !b.data) {
        nube_buf_free(&b);
        return NULL;
    }
    return nube_buf_take(&b);
}

/* 0 or errno. */
static int write_text(int fd, const char *text, size_t len)
{
    while (len) {
        ssize_t n = write(fd, text, len);

        if (n < 0 && errno != EINTR)
            return errno;
        text += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static int is_track(const struct dirent *e)
{
    size_t len = strlen(e->d_name);

    return len > 5 && *e->d_name != '.' && strcmp(e->d_name + len - 5, ".http") == 0;
}

/* ---- Open and close ---------------------------------------------------------------- */

static int load(struct nube_cassette *cas, const char *name, struct nube_error *err)
{
    struct track *t = &cas->tracks[cas->n];
    struct nube_buf path;
    size_t len = 0;
    int rc;

    if (!path_of(&path, cas->dir, name, err))
        return NUBE_E_USAGE;
    t->text = read_text(path.data, &len, err);
    rc = t->text ? nube_cassette_parse(&t->x, t->text, len, path.data, err) : NUBE_E_SYSTEM;
    cas->n++;
    nube_buf_free(&path);
    return rc;
}

static int load_all(struct nube_cassette *cas, struct dirent **list, size_t n,
                    struct nube_error *err)
{
    int rc = 0;

    if (n == 0)
        return nube_error_set(err, NUBE_E_NOT_FOUND, "there is no recorded exchange (*.http) in %s",
                              cas->dir);
    cas->tracks = nube_mem_zalloc(n * sizeof(*cas->tracks));
    if (!cas->tracks)
        return nube_error_nomem(err);
    for (size_t i = 0; i < n && !rc; i++)
        rc = load(cas, list[i]->d_name, err);
    return rc;
}

static void go_on_after(struct nube_cassette *cas, struct dirent **list, size_t n)
{
    cas->next = 1;
    for (size_t i = 0; i < n; i++) {
        unsigned long number = strtoul(list[i]->d_name, NULL, 10);

        if (number >= cas->next)
            cas->next = number + 1;
    }
}

static int scan(struct nube_cassette *cas, enum nube_cassette_mode mode, struct nube_error *err)
{
    struct dirent **list = NULL;
    int n, rc = 0;

    if (mode == NUBE_CASSETTE_RECORD && mkdir(cas->dir, 0700) < 0 && errno != EEXIST)
        return nube_error_set(err, NUBE_E_SYSTEM, "cannot make directory %s: %s", cas->dir,
                              strerror(errno));
    n = scandir(cas->dir, &list, is_track, versionsort);
    if (n < 0)
        return nube_error_set(err, errno == ENOENT ? NUBE_E_NOT_FOUND : NUBE_E_SYSTEM,
                              "cannot read directory %s: %s", cas->dir, strerror(errno));
    if (mode == NUBE_CASSETTE_RECORD)
        go_on_after(cas, list, (size_t)n);
    else
        rc = load_all(cas, list, (size_t)n, err);
    for (int i = 0; i < n; i++)
        free(list[i]); /* scandir's own memory */
    free(list);
    return rc;
}

int nube_cassette_open(struct nube_cassette **out, const char *dir, enum nube_cassette_mode mode,
                       size_t chunk, struct nube_error *err)
{
    struct nube_cassette *cas = nube_mem_zalloc(sizeof(*cas));
    int rc;

    *out = NULL;
    if (!cas)
        return nube_error_nomem(err);
    pthread_mutex_init(&cas->lock, NULL);
    cas->chunk = chunk;
    cas->dir = nube_mem_strdup(dir);
    rc = cas->dir ? scan(cas, mode, err) : nube_error_nomem(err);
    if (rc)
        nube_cassette_close(cas);
    else
        *out = cas;
    return rc;
}

void nube_cassette_close(struct nube_cassette *cas)
{
    if (!cas)
        return;
    for (size_t i = 0; i < cas->n; i++) {
        nube_mem_free((void *)cas->tracks[i].x.headers);
        nube_mem_free((void *)cas->tracks[i].x.reply_headers);
        nube_mem_free(cas->tracks[i].text);
    }
    nube_mem_free(cas->tracks);
    nube_mem_free(cas->dir);
    pthread_mutex_destroy(&cas->lock);
    nube_mem_free(cas);
}

size_t nube_cassette_chunk(const struct nube_cassette *cas)
{
    return cas->chunk;
}

/* ---- Record --------------------------------------------------------------------------- */

/* Opens the next file that is not there yet: another process may record into the same directory. -1
 * with the error set. */
static int open_next(struct nube_cassette *cas, struct nube_buf *path, struct nube_error *err)
{
    char name[32];
    int fd = -1;

    errno = EEXIST;
    while (fd < 0 && errno == EEXIST) {
        nube_buf_free(path);
        pthread_mutex_lock(&cas->lock);
        snprintf(name, sizeof(name), "%04lu.http", cas->next++);
        pthread_mutex_unlock(&cas->lock);
        if (!path_of(path, cas->dir, name, err))
            return -1;
        fd = open(path->data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    }
    if (fd < 0)
        nube_error_set(err, NUBE_E_SYSTEM, "cannot write %s: %s", path->data, strerror(errno));
    return fd;
}

int nube_cassette_write(struct nube_cassette *cas, const struct nube_cassette_exchange *x,
                        struct nube_error *err)
{
    struct nube_buf text, path;
    int fd, rc = 0, failed;

    nube_buf_init(&path, NUBE_MAX_NAME);
    nube_buf_init(&text, 2 * (size_t)NUBE_MAX_REPLY);
    nube_cassette_print(&text, x);
    if (text.failed) {
        rc = text.over ? nube_error_set(err, NUBE_E_TOO_LARGE,
                                        "the exchange %s %s is too large to be recorded in %s",
                                        x->method, x->url, cas->dir)
                       : nube_error_nomem(err);
        nube_buf_free(&text);
        return rc;
    }
    fd = open_next(cas, &path, err);
    if (fd < 0) {
        rc = NUBE_E_SYSTEM;
    } else {
        failed = write_text(fd, text.data, text.len);
        if (close(fd) < 0 && !failed)
            failed = errno;
        if (failed)
            rc = nube_error_set(err, NUBE_E_SYSTEM, "cannot write %s: %s", path.data,
                                strerror(failed));
    }
    nube_buf_free(&path);
    nube_buf_free(&text);
    return rc;
}

/* ---- Replay ------------------------------------------------------------------------------ */

/* From the path on. A need's URL has no host. */
static const char *without_host(const char *url)
{
    const char *host = strstr(url, "://");

    if (!host || memchr(url, '/', (size_t)(host - url)))
        return url;
    host += 3;
    return host + strcspn(host, "/?");
}

/* "http://host" and "http://host/" are the same. */
static bool same_target(const char *a, const char *b)
{
    a = without_host(a);
    b = without_host(b);
    if (*a == '/' && (!a[1] || a[1] == '?'))
        a++;
    if (*b == '/' && (!b[1] || b[1] == '?'))
        b++;
    return strcmp(a, b) == 0;
}

static bool same_body(const struct nube_cassette_exchange *x, const void *body, size_t len)
{
    return x->body_len == len && (!len || memcmp(x->body, body, len) == 0);
}

static bool may_repeat(const char *method)
{
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
           strcmp(method, "FILE") == 0 || strcmp(method, "EXEC") == 0;
}

/* With the lock held. */
static struct track *choose(struct nube_cassette *cas, const char *method, const char *url,
                            const void *body, size_t len)
{
    struct track *first = NULL, *last = NULL;

    for (size_t i = 0; i < cas->n; i++) {
        struct track *t = &cas->tracks[i];

        if (strcmp(t->x.method, method) != 0 || !same_target(t->x.url, url))
            continue;
        last = t;
        if (t->used)
            continue;
        if (same_body(&t->x, body, len))
            return t;
        if (!first)
            first = t;
    }
    if (!first && may_repeat(method))
        return last;
    return first;
}

const struct nube_cassette_exchange *nube_cassette_find(struct nube_cassette *cas,
                                                        const char *method, const char *url,
                                                        const void *body, size_t body_len,
                                                        struct nube_error *err)
{
    struct track *t;

    pthread_mutex_lock(&cas->lock);
    t = choose(cas, method, url, body, body_len);
    if (t)
        t->used = true;
    pthread_mutex_unlock(&cas->lock);
    if (t)
        return &t->x;
    nube_error_set(err, NUBE_E_NOT_FOUND,
                   "no recorded exchange is left for %s %s in %s; record it again, or write the "
                   "file by hand",
                   method, url, cas->dir);
    return NULL;
}

/* ---- cassette.ini --------------------------------------------------------------------------- */

static void put_option(struct nube_buf *b, const char *name, const char *value)
{
    if (value && !strpbrk(value, "\r\n"))
        nube_buf_fmt(b, "%s = %s\n", name, value);
}

int nube_cassette_meta_write(struct nube_cassette *cas, const char *provider,
                             const struct nube_pair *options, size_t n, struct nube_error *err)
{
    struct nube_buf text, path;
    int fd, failed;

    if (!path_of(&path, cas->dir, META_FILE, err))
        return NUBE_E_USAGE;
    nube_buf_init(&text, NUBE_MAX_CONFIG);
    nube_buf_puts(&text,
                  "# How the connection of this recording was made; secrets are left out.\n");
    put_option(&text, "provider", provider);
    for (size_t i = 0; i < n; i++)
        put_option(&text, options[i].name, options[i].value);
    fd = open(path.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    failed = fd < 0 ? errno : text.failed ? ENOMEM : write_text(fd, text.data, text.len);
    if (fd >= 0 && close(fd) < 0 && !failed)
        failed = errno;
    if (failed)
        nube_error_set(err, NUBE_E_SYSTEM, "cannot write %s: %s", path.data, strerror(failed));
    nube_buf_free(&text);
    nube_buf_free(&path);
    return failed ? NUBE_E_SYSTEM : 0;
}

static char *trim(char *text)
{
    size_t len;

    text += strspn(text, " \t");
    len = strlen(text);
    while (len && strchr(" \t\r", text[len - 1]))
        text[--len] = '\0';
    return text;
}

int nube_cassette_meta_read(const char *dir,
                            void (*fn)(void *data, const char *name, const char *value), void *data,
                            struct nube_error *err)
{
    struct nube_buf path;
    size_t len;
    char *text;
    int rc = 0, number = 0;

    if (!path_of(&path, dir, META_FILE, err))
        return NUBE_E_USAGE;
    text = read_text(path.data, &len, err);
    if (!text)
        rc = access(path.data, F_OK) == 0 ? NUBE_E_SYSTEM : NUBE_E_NOT_FOUND;
    for (char *next = text, *line; !rc && (line = strsep(&next, "\n")) != NULL;) {
        char *value;

        number++;
        line = trim(line);
        if (!*line || strchr("#;[", *line))
            continue;
        value = strchr(line, '=');
        if (!value) {
            rc = nube_error_set(err, NUBE_E_USAGE, "%s, line %d: not \"name = value\"", path.data,
                                number);
            break;
        }
        *value++ = '\0';
        fn(data, trim(line), trim(value));
    }
    nube_mem_free(text);
    nube_buf_free(&path);
    return rc;
}
