/* A person's ssh_config, as far as it says how a machine is reached: ssh_config(5). libssh reads
 * such files too, but keeps neither ProxyJump nor a second IdentityFile where they can be read, and
 * takes the home directory from the password file. */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error_int.h"
#include "ssh_int.h"

enum { MAX_DEPTH = 16, MAX_WORDS = 64, MAX_FILE = 1 << 20 };

struct reading {
    struct nube_ssh_config *out;
    const struct nube_ssh_config_ask *ask;
    struct nube_error *err;
    const char *proxy; /* ProxyJump or ProxyCommand: the first one counts */
    int depth;
};

struct line {
    const char *file;
    unsigned number;
    char *word[MAX_WORDS];
    size_t n;
};

static int bad(const struct reading *r, const struct line *l, const char *what)
{
    return nube_error_set(r->err, NUBE_E_USAGE, "%s line %u: %s", l->file, l->number, what);
}

/* ---- Lines -------------------------------------------------------------------------- */

/* In place: words between blanks, "quoted" ones whole, '=' behind the keyword. */
static int split(const struct reading *r, struct line *l, char *text)
{
    l->n = 0;
    for (;;) {
        char *end, *next;

        text += strspn(text, " \t\r\f");
        if (l->n == 1 && *text == '=')
            text += 1 + strspn(text + 1, " \t");
        if (!*text || (*text == '#' && l->n != 1))
            return 0;
        if (l->n == MAX_WORDS)
            return bad(r, l, "there are more than 64 words in it");
        if (*text == '"') {
            end = strchr(++text, '"');
            if (!end)
                return bad(r, l, "a quote is not closed");
            next = end + 1;
        } else {
            end = text + strcspn(text, l->n ? " \t\r\f" : " \t\r\f=");
            next = *end == '=' ? end : end + (*end != '\0');
            if (*end == '=') { /* the word ends where the '=' is */
                *end = '\0';
                next = end + 1;
            }
        }
        *end = '\0';
        l->word[l->n++] = text;
        text = next;
    }
}

/* ---- Values --------------------------------------------------------------------------- */

static const char *host_now(const struct reading *r)
{
    return r->out->host_name ? r->out->host_name : r->ask->host;
}

static const char *user_now(const struct reading *r)
{
    return r->ask->user ? r->ask->user : r->out->user ? r->out->user : r->ask->local_user;
}

/* What a % stands for; NULL: not known here. */
static const char *token(const struct reading *r, char c)
{
    switch (c) {
    case '%':
        return "%";
    case 'd':
        return r->ask->home;
    case 'h':
        return host_now(r);
    case 'n':
        return r->ask->host;
    case 'p':
        return r->out->port ? r->out->port : "22";
    case 'r':
        return user_now(r);
    case 'u':
        return r->ask->local_user;
    default:
        return NULL;
    }
}

/* "~/" and %-tokens. NULL: refused. */
static const char *expand(const struct reading *r, const struct line *l, const char *text)
{
    struct nube_buf b;
    const char *kept, *part;

    nube_buf_init(&b, NUBE_MAX_NAME);
    if (strncmp(text, "~/", 2) == 0 && r->ask->home) {
        nube_buf_puts(&b, r->ask->home);
        text++;
    }
    for (; *text; text++) {
        part = *text == '%' ? token(r, text[1]) : NULL;
        if (*text == '%' && !part) {
            bad(r, l, "only %%, %d, %h, %n, %p, %r and %u are understood in a value here");
            nube_buf_free(&b);
            return NULL;
        }
        if (part)
            nube_buf_puts(&b, part);
        else
            nube_buf_putc(&b, *text);
        text += part != NULL;
    }
    kept = nube_arena_strdup(r->ask->arena, b.data ? b.data : "");
    nube_buf_free(&b);
    return kept;
}

static int set(const struct reading *r, const struct line *l, const char **field)
{
    if (!*field)
        *field = expand(r, l, l->word[1]);
    return *field ? 0 : NUBE_E_USAGE;
}

static int add(const struct reading *r, const struct line *l, const char ***list, size_t *n)
{
    const char **more = nube_arena_alloc(r->ask->arena, (*n + 2) * sizeof(*more));
    const char *value = expand(r, l, l->word[1]);

    if (!value)
        return NUBE_E_USAGE;
    if (*n)
        memcpy(more, *list, *n * sizeof(*more));
    more[(*n)++] = value;
    *list = more;
    return 0;
}

static int set_proxy(struct reading *r, const struct line *l, bool jump)
{
    if (r->proxy)
        return 0;
    r->proxy = l->word[1];
    if (!jump && strcasecmp(l->word[1], "none") != 0)
        return bad(r, l,
                   "ProxyCommand is not run here: write it as ProxyJump, or give the option jump");
    if (jump)
        r->out->jump = nube_arena_strdup(r->ask->arena, l->word[1]);
    return 0;
}

/* A keyword that says something here; the others are ssh's own business. */
static int take(struct reading *r, const struct line *l)
{
    struct nube_ssh_config *c = r->out;
    const struct {
        const char *keyword, **field;
    } plain[] = {
        {"hostname", &c->host_name},
        {"user", &c->user},
        {"port", &c->port},
        {"hostkeyalias", &c->known_as},
        {"userknownhostsfile", &c->known_hosts},
        {"globalknownhostsfile", &c->global_known_hosts},
        {"hostkeyalgorithms", &c->host_key_algorithms},
        {"stricthostkeychecking", &c->trust},
        {"identityagent", &c->agent},
        {"connecttimeout", &c->connect_timeout},
    };

    for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
        if (strcasecmp(l->word[0], plain[i].keyword) == 0)
            return set(r, l, plain[i].field);
    if (strcasecmp(l->word[0], "identityfile") == 0)
        return add(r, l, &c->key_files, &c->n_key_files);
    if (strcasecmp(l->word[0], "certificatefile") == 0)
        return add(r, l, &c->certificates, &c->n_certificates);
    if (strcasecmp(l->word[0], "identitiesonly") == 0)
        c->identities_only |= strcasecmp(l->word[1], "yes") == 0;
    if (strcasecmp(l->word[0], "proxyjump") == 0)
        return set_proxy(r, l, true);
    if (strcasecmp(l->word[0], "proxycommand") == 0)
        return set_proxy(r, l, false);
    return 0;
}

/* ---- Which lines count ------------------------------------------------------------------- */

static bool fits(const char *pattern, const char *text)
{
    return text && fnmatch(pattern, text, FNM_CASEFOLD) == 0;
}

/* Patterns, with '!' before those that must not fit. */
static bool fits_host(const struct line *l, const char *host)
{
    bool found = false;

    for (size_t i = 1; i < l->n; i++) {
        bool no = l->word[i][0] == '!';

        if (!fits(l->word[i] + no, host))
            continue;
        if (no)
            return false;
        found = true;
    }
    return found;
}

/* The same with commas between. */
static bool fits_list(char *list, const char *text)
{
    bool found = false;
    char *rest = list, *one;

    while ((one = strsep(&rest, ",")))
        if (fits(one + (*one == '!'), text)) {
            if (*one == '!')
                return false;
            found = true;
        }
    return found;
}

/* 1: it applies, 0: not, or an error. Criteria are looked at in turn, as ssh does. */
static int match(const struct reading *r, struct line *l)
{
    for (size_t i = 1; i < l->n; i++) {
        char *word = l->word[i];
        bool no = *word == '!', yes;

        word += no;
        if (strcasecmp(word, "all") == 0)
            continue;
        if (strcasecmp(word, "canonical") == 0 || strcasecmp(word, "final") == 0) {
            if (!no)
                return 0; /* there is no second reading here */
            continue;
        }
        if (++i == l->n)
            return bad(r, l, "a criterion of Match has no value");
        if (strcasecmp(word, "host") == 0)
            yes = fits_list(l->word[i], host_now(r));
        else if (strcasecmp(word, "originalhost") == 0)
            yes = fits_list(l->word[i], r->ask->host);
        else if (strcasecmp(word, "user") == 0)
            yes = fits_list(l->word[i], user_now(r));
        else if (strcasecmp(word, "localuser") == 0)
            yes = fits_list(l->word[i], r->ask->local_user);
        else
            return bad(r, l,
                       "Match is understood with all, host, originalhost, user and localuser only; "
                       "ssh_config=none reads no file");
        if (yes == no)
            return 0;
    }
    return 1;
}

/* ---- Files --------------------------------------------------------------------------------- */

static int read_file(struct reading *r, const char *path);

/* Relative ones are beside the person's own file; what a pattern finds is read in its order. */
static int include(struct reading *r, const struct line *l)
{
    int rc = 0;

    if (r->depth >= MAX_DEPTH)
        return bad(r, l, "files include each other too deeply");
    for (size_t i = 1; i < l->n && !rc; i++) {
        struct line one = {.file = l->file, .number = l->number, .word = {l->word[0], l->word[i]}};
        const char *path = expand(r, &one, l->word[i]);
        glob_t found;

        if (!path)
            return NUBE_E_USAGE;
        if (*path != '/')
            path =
                nube_arena_fmt(r->ask->arena, "%s/.ssh/%s", r->ask->home ? r->ask->home : "", path);
        if (glob(path, 0, NULL, &found) != 0)
            continue;
        for (size_t k = 0; k < found.gl_pathc && !rc; k++)
            rc = read_file(r, found.gl_pathv[k]);
        globfree(&found);
    }
    return rc;
}

static int read_lines(struct reading *r, const char *path, char *text)
{
    struct line l = {.file = path};
    bool active = true;
    char *next;

    for (; text; text = next) {
        int rc;

        next = strchr(text, '\n');
        if (next)
            *next++ = '\0';
        l.number++;
        rc = split(r, &l, text);
        if (rc)
            return rc;
        if (!l.n)
            continue;
        if (l.n == 1)
            return bad(r, &l, "the keyword has no value");
        if (strcasecmp(l.word[0], "host") == 0) {
            active = fits_host(&l, r->ask->host);
        } else if (strcasecmp(l.word[0], "match") == 0) {
            rc = match(r, &l);
            active = rc == 1;
        } else if (active) {
            rc = strcasecmp(l.word[0], "include") == 0 ? include(r, &l) : take(r, &l);
        }
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* Nothing but a regular file is read: no FIFO holds the loop up. */
static int load(struct nube_buf *b, const char *path, struct nube_error *err)
{
    char part[4096];
    struct stat st;
    ssize_t n = 0;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), failed;

    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? 0
                   : nube_error_set(err, NUBE_E_SYSTEM, "cannot open %s: %s", path,
                                    strerror(errno));
    failed = fstat(fd, &st) < 0 ? errno : S_ISREG(st.st_mode) ? 0 : EINVAL;
    while (!failed && (n = read(fd, part, sizeof(part))) > 0)
        nube_buf_add(b, part, (size_t)n);
    if (n < 0)
        failed = errno;
    close(fd);
    if (failed)
        return nube_error_set(err, NUBE_E_SYSTEM, "cannot read %s: %s", path, strerror(failed));
    return b->over     ? nube_error_set(err, NUBE_E_TOO_LARGE, "%s is larger than 1 MiB", path)
           : b->failed ? nube_error_nomem(err)
                       : 0;
}

static int read_file(struct reading *r, const char *path)
{
    struct nube_buf b;
    int rc;

    nube_buf_init(&b, MAX_FILE);
    rc = load(&b, path, r->err);
    r->depth++;
    if (!rc && b.data)
        rc = read_lines(r, nube_arena_strdup(r->ask->arena, path), b.data);
    r->depth--;
    nube_buf_free(&b);
    return rc;
}

int nube_ssh_config_read(struct nube_ssh_config *out, const struct nube_ssh_config_ask *ask,
                         struct nube_error *err)
{
    struct reading r = {.out = out, .ask = ask, .err = err};

    if (out->jump)
        r.proxy = out->jump;
    return read_file(&r, ask->file);
}
