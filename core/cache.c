/* What drivers keep between calls: small files in the person's cache directory, and the stored
 * logins of a provider's own tools. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "call_int.h"
#include "file_write.h"

/* "~/.cache/nube/ec2-sizes-us-east-1"; the name is the driver's, so only its characters are looked
 * at. */
static void path_of(nube_call *c, struct nube_buf *out, const char *name)
{
    const char *dir = nube_lib_env(c->lib, "XDG_CACHE_HOME");

    if (dir && *dir == '/')
        nube_buf_fmt(out, "%s/nube/%s-", dir, c->conn->driver->name);
    else
        nube_buf_fmt(out, "~/.cache/nube/%s-", c->conn->driver->name);
    for (; *name; name++)
        nube_buf_putc(out, isalnum((unsigned char)*name) || strchr("._-", *name) ? *name : '_');
}

void nube_need_cache(nube_call *c, const char *name, int64_t max_age_ms, int tag)
{
    struct nube_buf path;
    nube_req *q;

    nube_buf_init(&path, NUBE_MAX_NAME);
    path_of(c, &path, name);
    nube_need_file(c, path.failed ? "" : path.data, 0, tag);
    for (q = c->queue; q->next; q = q->next)
        ;
    q->need.since_ms = nube_lib_wall(c->lib) - max_age_ms;
    nube_buf_free(&path);
}

/* Makes the directories above a file; the last is nobody else's. */
static bool make_dirs(char *path)
{
    char *slash = path;

    while ((slash = strchr(slash + 1, '/'))) {
        *slash = '\0';
        if (mkdir(path, 0700) < 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return true;
}

/* With the home directory for "~"; empty: there is none. */
static void at_home(nube_call *c, struct nube_buf *full, const char *path)
{
    const char *home = nube_lib_env(c->lib, "HOME");

    nube_buf_init(full, NUBE_MAX_NAME);
    if (*path != '~')
        nube_buf_puts(full, path);
    else if (home && *home == '/')
        nube_buf_fmt(full, "%s%s", home, path + 1);
    if (full->failed)
        full->len = 0;
}

static void told(nube_call *c, const char *path, bool good)
{
    if (!good)
        nube_lib_log(c->lib, NUBE_LOG_DEBUG, "%s cannot be written: %s", path, strerror(errno));
}

void nube_cache_put(nube_call *c, const char *name, const void *data, size_t len)
{
    struct nube_buf path, full;

    if (len > NUBE_MAX_DATA || c->lib->hooks.replay_dir)
        return;
    nube_buf_init(&path, NUBE_MAX_NAME);
    path_of(c, &path, name);
    at_home(c, &full, path.failed ? "" : path.data);
    if (full.len)
        told(c, full.data, make_dirs(full.data) && nube_file_replace(full.data, data, len) == 0);
    nube_buf_free(&path);
    nube_buf_free(&full);
}

void nube_file_put(nube_call *c, const char *path, const void *data, size_t len)
{
    char real[PATH_MAX];
    struct nube_buf full;

    if (c->lib->hooks.replay_dir)
        return;
    at_home(c, &full, path);
    if (full.len)
        told(c, full.data, realpath(full.data, real) && nube_file_replace(real, data, len) == 0);
    nube_buf_free(&full);
}
