/* The accounts file on disk: where it is, who may read it, its lock, and its replacement in one
 * step. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "backend_int.h"
#include "error_int.h"
#include "file_write.h"
#include "lib_int.h"
#include "mem.h"

static int failed(struct nube_error *err, const char *what, const char *path)
{
    if (errno == ENOMEM)
        return nube_error_nomem(err);
    return nube_error_set(err, NUBE_E_SYSTEM, "%s %s: %s", what, path, strerror(errno));
}

/* A variable's value, NULL when it is not set or empty. */
static const char *variable(nube_lib *lib, const char *name)
{
    const char *value = nube_lib_env(lib, name);

    return value && *value ? value : NULL;
}

/* A login without HOME still has one in the password database. Not for set-id programs, nor where
 * the application answers for the environment. */
static const char *home_of_user(char *room, size_t size, const nube_lib *lib)
{
    struct passwd entry, *found = NULL;

    if (lib->hooks.env || getauxval(AT_SECURE))
        return NULL;
    return getpwuid_r(getuid(), &entry, room, size, &found) == 0 && found ? found->pw_dir : NULL;
}

int nube_store_path(char **out, nube_lib *lib, const char *given, struct nube_error *err)
{
    const char *xdg = variable(lib, "XDG_CONFIG_HOME"), *home = variable(lib, "HOME");
    char room[4096];
    struct nube_buf path;

    if (!home)
        home = home_of_user(room, sizeof(room), lib);
    nube_buf_init(&path, PATH_MAX - 16); /* room for the lock's and the new file's endings */
    if (!given)
        given = variable(lib, "NUBE_CONFIG");
    if (given)
        nube_buf_puts(&path, given);
    else if (xdg && xdg[0] == '/')
        nube_buf_fmt(&path, "%s/nube/backends.ini", xdg);
    else if (home && home[0] == '/')
        nube_buf_fmt(&path, "%s/.config/nube/backends.ini", home);
    else
        return nube_error_set(err, NUBE_E_USAGE,
                              "no place for backends.ini: set HOME, or NUBE_CONFIG to a file");
    if (path.over || (!path.failed && !path.len)) {
        nube_buf_free(&path);
        return nube_error_set(err, NUBE_E_USAGE, "the path of backends.ini is %s",
                              *given ? "too long" : "empty");
    }
    *out = nube_buf_take(&path);
    return *out ? 0 : nube_error_nomem(err);
}

/* The file itself behind symbolic links, so that a link stays one; path itself when there is none
 * yet. */
static int resolve(char real[PATH_MAX], const char *path, struct nube_error *err)
{
    struct stat st;

    if (realpath(path, real))
        return 0;
    if (errno != ENOENT)
        return failed(err, "cannot find", path);
    if (lstat(path, &st) == 0)
        return nube_error_set(err, NUBE_E_SYSTEM,
                              "%s is a symbolic link to a file that does not exist", path);
    if (snprintf(real, PATH_MAX, "%s", path) >= PATH_MAX - 16) {
        errno = ENAMETOOLONG;
        return failed(err, "cannot use", path);
    }
    return 0;
}

static int check_private(const struct stat *st, const char *path, struct nube_error *err)
{
    if (!S_ISREG(st->st_mode))
        return nube_error_set(err, NUBE_E_USAGE, "%s is not a regular file", path);
    if (st->st_mode & (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH))
        return nube_error_set(
            err, NUBE_E_USAGE,
            "%s is refused because others can read or change it (mode %03o): chmod 600 %s", path,
            (unsigned)st->st_mode & 0777, path);
    return 0;
}

int nube_store_read(struct nube_buf *out, const char *path, struct nube_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char block[4096];
    struct stat st;
    ssize_t n = 1;
    int rc;

    nube_buf_init(out, NUBE_MAX_CONFIG);
    if (fd < 0)
        return errno == ENOENT ? 0 : failed(err, "cannot read", path);
    rc = fstat(fd, &st) ? failed(err, "cannot read", path) : check_private(&st, path, err);
    while (!rc && n) {
        n = read(fd, block, sizeof(block));
        if (n > 0)
            nube_buf_add(out, block, (size_t)n);
        else if (n < 0 && errno != EINTR)
            rc = failed(err, "cannot read", path);
    }
    explicit_bzero(block, sizeof(block));
    close(fd);
    if (!rc && out->failed)
        rc = out->over ? nube_error_set(err, NUBE_E_TOO_LARGE, "%s is larger than %d MiB", path,
                                        NUBE_MAX_CONFIG >> 20)
                       : nube_error_nomem(err);
    if (rc)
        nube_buf_free(out);
    return rc;
}

/* mkdir -p of what is in front of the last '/'. */
static int make_parents(const char *path, struct nube_error *err)
{
    char dir[PATH_MAX];

    snprintf(dir, sizeof(dir), "%s", path);
    for (char *p = strchr(dir + 1, '/'); p; p = strchr(p + 1, '/')) {
        *p = '\0';
        if (mkdir(dir, 0700) && errno != EEXIST && access(dir, F_OK))
            return failed(err, "cannot make the directory", dir);
        *p = '/';
    }
    return 0;
}

/* Others hold the lock for as long as a file takes to write: who has it longer is stuck. */
static int wait_for(int fd)
{
    struct timespec pause = {0, 20000000};
    int tries = 500;

    while (flock(fd, LOCK_EX | LOCK_NB)) {
        if (errno == EINTR)
            continue;
        if (errno != EWOULDBLOCK || !tries--)
            return -1;
        nanosleep(&pause, NULL);
    }
    return 0;
}

int nube_store_lock(const char *path, struct nube_error *err)
{
    char real[PATH_MAX], lock[PATH_MAX + 8];
    int fd, rc = resolve(real, path, err);

    if (!rc)
        rc = make_parents(real, err);
    if (rc)
        return rc;
    snprintf(lock, sizeof(lock), "%s.lock", real);
    fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return failed(err, "cannot make the lock file", lock);
    if (wait_for(fd)) {
        rc = errno == EWOULDBLOCK
                 ? nube_error_set(err, NUBE_E_CONFLICT,
                                  "%s: another process has held this lock for 10 seconds", lock)
                 : failed(err, "cannot lock", lock);
        close(fd);
        return rc;
    }
    return fd;
}

/* The new file, whole and on disk, with the owner of the old one. */
static int fill(int fd, const char *real, const struct nube_buf *text)
{
    struct stat st;

    if (fchmod(fd, 0600))
        return -1;
    if (stat(real, &st) == 0 && (st.st_uid != geteuid() || st.st_gid != getegid()) &&
        fchown(fd, st.st_uid, st.st_gid) && st.st_uid != geteuid())
        return -1;
    return nube_write_all(fd, text->data, text->len) || fsync(fd) ? -1 : 0;
}

/* Makes the new name last. The file is in place already, so a failure is none. */
static void sync_directory(const char *real)
{
    char dir[PATH_MAX];
    char *slash;
    int fd;

    snprintf(dir, sizeof(dir), "%s", real);
    slash = strrchr(dir, '/');
    if (slash)
        slash[slash == dir] = '\0';
    fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

int nube_store_write(const char *path, const struct nube_buf *text, struct nube_error *err)
{
    char real[PATH_MAX], fresh[PATH_MAX + 8];
    int fd, bad, kept, rc = resolve(real, path, err);

    if (rc)
        return rc;
    snprintf(fresh, sizeof(fresh), "%s.XXXXXX", real);
    fd = mkostemp(fresh, O_CLOEXEC);
    if (fd < 0)
        return failed(err, "cannot make a new file for", real);
    bad = fill(fd, real, text);
    kept = errno;
    if (close(fd) && !bad) {
        bad = 1;
        kept = errno;
    }
    if (!bad && rename(fresh, real)) {
        bad = 1;
        kept = errno;
    }
    if (bad) {
        unlink(fresh);
        errno = kept;
        return failed(err, "cannot write", real);
    }
    sync_directory(real);
    return 0;
}
