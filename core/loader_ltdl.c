/* Loading of modules through libltdl: absolute paths, eager binding, checked files, never unloaded.
 */
#include "loader.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <ltdl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "error_int.h"
#include "mem.h"

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

/* An open module; the list keeps its file name as long as the loader lives. */
struct module {
    lt_dlhandle handle;
    char *file;
    struct module *next;
};

struct nube_loader {
    const char *what; /* "driver" or "service": for people */
    int bind;         /* how the probe binds: see load() */
    char **dirs;      /* absolute, in the order they are searched; NULL at the end */
    size_t n_dirs;
    pthread_mutex_t lock; /* guards modules and initialised */
    struct module *modules;
    int initialised;
};

/* libltdl and its error text are process-wide and know no threads. */
static pthread_mutex_t ltdl_lock = PTHREAD_MUTEX_INITIALIZER;

static bool has_dir(const struct nube_loader *loader, const char *dir, size_t len)
{
    size_t i;

    for (i = 0; i < loader->n_dirs; i++)
        if (strncmp(loader->dirs[i], dir, len) == 0 && !loader->dirs[i][len])
            return true;
    return false;
}

static int add_dir(struct nube_loader *loader, const char *dir, size_t len)
{
    char **dirs = nube_mem_realloc(loader->dirs, (loader->n_dirs + 2) * sizeof(*dirs));

    if (!dirs)
        return -1;
    loader->dirs = dirs;
    if (has_dir(loader, dir, len))
        return 0;
    dirs[loader->n_dirs] = nube_mem_strndup(dir, len);
    if (!dirs[loader->n_dirs])
        return -1;
    dirs[++loader->n_dirs] = NULL;
    return 0;
}

/* Each directory of a ':' list; "" entries mean nothing here, not the working directory. */
static int add_path(struct nube_loader *loader, const char *path)
{
    int rc = 0;

    while (path && *path && !rc) {
        size_t len = strcspn(path, ":");

        if (len)
            rc = add_dir(loader, path, len);
        path += len + (path[len] == ':');
    }
    return rc;
}

/* A person's own drivers; a set-id program must not run them. */
static int add_home(struct nube_loader *loader)
{
    const char *home = getauxval(AT_SECURE) ? NULL : secure_getenv("HOME");
    struct nube_buf dir;
    int rc;

    if (!home || home[0] != '/')
        return 0;
    nube_buf_init(&dir, PATH_MAX);
    nube_buf_fmt(&dir, "%s/.local/lib/nube/" TEXT(NUBE_ABI) "/drivers", home);
    rc = dir.failed ? -1 : add_dir(loader, dir.data, dir.len);
    nube_buf_free(&dir);
    return rc;
}

/* Beside the library itself: a tree that was moved, or not installed yet, finds its own. */
static int add_beside(struct nube_loader *loader, const char *subdir)
{
    struct nube_buf dir;
    Dl_info self;
    char file[PATH_MAX], *slash;
    void *here;
    int rc;
    int (*function)(struct nube_loader **, const char *, const char *, struct nube_error *) =
        nube_loader_new;

    memcpy(&here, &function, sizeof(here)); /* ISO C has no cast from a function to an object */
    if (!dladdr(here, &self) || !self.dli_fname || self.dli_fname[0] != '/' ||
        !realpath(self.dli_fname, file))
        return 0;
    slash = strrchr(file, '/');
    nube_buf_init(&dir, PATH_MAX);
    nube_buf_fmt(&dir, "%.*s/nube/" TEXT(NUBE_ABI) "/%s", (int)(slash - file), file, subdir);
    rc = dir.failed ? -1 : add_dir(loader, dir.data, dir.len);
    nube_buf_free(&dir);
    return rc;
}

int nube_loader_new(struct nube_loader **out, const char *subdir, const char *path,
                    struct nube_error *err)
{
    struct nube_loader *loader = nube_mem_zalloc(sizeof(*loader));
    int drivers = strcmp(subdir, "drivers") == 0;
    const char *installed = drivers ? NUBE_LIBDIR "/drivers" : NUBE_LIBDIR "/services";

    *out = NULL;
    if (!loader)
        return nube_error_nomem(err);
    pthread_mutex_init(&loader->lock, NULL);
    loader->what = drivers ? "driver" : "service";
    loader->bind = drivers ? RTLD_NOW : RTLD_LAZY;
    if (add_path(loader, path) ||
        add_path(loader, secure_getenv(drivers ? "NUBE_DRIVER_PATH" : "NUBE_SERVICE_PATH")) ||
        (drivers && add_home(loader)) || add_beside(loader, subdir) ||
        add_dir(loader, installed, strlen(installed))) {
        nube_loader_free(loader);
        return nube_error_nomem(err);
    }
    *out = loader;
    return 0;
}

/* lt_dlexit() is balanced with the lt_dlinit() of the first load; modules are linked or probed as
 * nodelete. */
void nube_loader_free(struct nube_loader *loader)
{
    if (!loader)
        return;
    pthread_mutex_lock(&ltdl_lock);
    while (loader->modules) {
        struct module *m = loader->modules;

        loader->modules = m->next;
        lt_dlclose(m->handle);
        nube_mem_free(m->file);
        nube_mem_free(m);
    }
    if (loader->initialised)
        lt_dlexit();
    pthread_mutex_unlock(&ltdl_lock);
    for (size_t i = 0; i < loader->n_dirs; i++)
        nube_mem_free(loader->dirs[i]);
    nube_mem_free(loader->dirs);
    pthread_mutex_destroy(&loader->lock);
    nube_mem_free(loader);
}

static int name_ok(const char *name, size_t len)
{
    return len && len < 64 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") >= len;
}

/* What others could replace between this look and the load is not loaded. NULL: fine. */
static const char *distrusted(const struct stat *st)
{
    if (st->st_uid != 0 && st->st_uid != geteuid())
        return "belongs to another user; only root's and your own are loaded";
    if (st->st_mode & (S_IWGRP | S_IWOTH))
        return "group or others can write to it: chmod go-w";
    return NULL;
}

/* One candidate. 1: a trusted file is there. 0: no such file. -1: there is one, and *reason says
 * why it is refused. */
static int look(const char *dir, const char *file, char reason[256])
{
    struct stat st_dir, st;
    const char *why = NULL, *what = file;
    int fd = dir[0] == '/' ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (fd < 0)
        return 0;
    if (fstatat(fd, file, &st, AT_SYMLINK_NOFOLLOW)) {
        close(fd);
        return 0;
    }
    if (fstat(fd, &st_dir) == 0 && (why = distrusted(&st_dir)))
        what = "its directory";
    else if (S_ISLNK(st.st_mode))
        why = "is a symbolic link; put the file itself there";
    else if (!S_ISREG(st.st_mode))
        why = "is not a regular file";
    else
        why = distrusted(&st);
    close(fd);
    if (!why)
        return 1;
    snprintf(reason, 256, "%s %s", what, why);
    return -1;
}

/* The path of the first candidate there is, or NULL with the error set. Owned. */
static char *find(struct nube_loader *loader, const char *name, struct nube_error *err)
{
    char file[80], reason[256];
    struct nube_buf tried;
    char *path = NULL;
    size_t i;
    int found = 0;

    snprintf(file, sizeof(file), "%s.so", name);
    nube_buf_init(&tried, NUBE_MAX_URL);
    for (i = 0; i < loader->n_dirs; i++) {
        found = look(loader->dirs[i], file, reason);
        if (found)
            break;
        nube_buf_fmt(&tried, "%s%s/%s%s", tried.len ? ", " : "", loader->dirs[i], file,
                     loader->dirs[i][0] == '/' ? "" : " (not an absolute path)");
    }
    if (found > 0) {
        nube_buf_clear(&tried);
        nube_buf_fmt(&tried, "%s/%s", loader->dirs[i], file);
        path = nube_buf_take(&tried);
        if (!path)
            nube_error_nomem(err);
    } else if (found < 0) {
        nube_error_set(err, NUBE_E_DRIVER, "%s %s is refused: %s/%s: %s%s%s", loader->what, name,
                       loader->dirs[i], file, reason, tried.len ? "; not there: " : "",
                       tried.len ? tried.data : "");
    } else {
        nube_error_set(err, NUBE_E_DRIVER, "no %s %s is installed; tried %s", loader->what, name,
                       tried.len ? tried.data : "");
    }
    nube_buf_free(&tried);
    return path;
}

/* The module through libltdl; the caller holds ltdl_lock. */
static lt_dlhandle open_local(const char *path)
{
    lt_dladvise advise;
    lt_dlhandle handle = NULL;

    if (lt_dladvise_init(&advise))
        return NULL;
    if (lt_dladvise_local(&advise) == 0)
        handle = lt_dlopenadvise(path, advise);
    lt_dladvise_destroy(&advise);
    return handle;
}

/*
 * libltdl binds lazily and says "file not found" for nearly everything. So the file
 * is probed first: dlopen() binds eagerly, gives the true reason, and pins the module
 * for the life of the process. A service module is linked to bind itself at once
 * (-z now); asking for it here would bind the forty libraries under libcurl too, which
 * costs more than a whole call. NULL with reason, or an open handle.
 */
static lt_dlhandle load(struct nube_loader *loader, const char *path, const char *symbol,
                        void **entry, char reason[256])
{
    lt_dlhandle handle = NULL;
    const char *text = NULL;
    void *probe;

    pthread_mutex_lock(&ltdl_lock);
    if (!loader->initialised && lt_dlinit() == 0)
        loader->initialised = 1;
    probe = dlopen(path, loader->bind | RTLD_LOCAL | RTLD_NODELETE);
    if (!probe)
        text = dlerror();
    else if (!loader->initialised || !(handle = open_local(path)))
        text = lt_dlerror();
    if (handle && !(*entry = lt_dlsym(handle, symbol))) {
        lt_dlclose(handle);
        handle = NULL;
        snprintf(reason, 256, "it has no symbol %s: not a module of this generation of Nube",
                 symbol);
    } else if (!handle) {
        snprintf(reason, 256, "%s", text ? text : "cannot be loaded");
    }
    if (probe)
        dlclose(probe);
    pthread_mutex_unlock(&ltdl_lock);
    return handle;
}

int nube_loader_open(void **entry, const char **file, struct nube_loader *loader, const char *name,
                     const char *symbol, struct nube_error *err)
{
    struct module *m;
    char reason[256], *path;

    if (!name_ok(name, strlen(name)))
        return nube_error_set(err, NUBE_E_USAGE,
                              "\"%.64s\" cannot be the name of a %s: use a-z, 0-9, _ and -", name,
                              loader->what);
    path = find(loader, name, err);
    if (!path)
        return NUBE_E_DRIVER;
    m = nube_mem_zalloc(sizeof(*m));
    if (!m) {
        nube_mem_free(path);
        return nube_error_nomem(err);
    }
    m->file = path;
    m->handle = load(loader, path, symbol, entry, reason);
    if (!m->handle) {
        const char *again = strncmp(reason, path, strlen(path)) == 0 ? "" : path;

        nube_error_set(err, NUBE_E_DRIVER, "%s %s cannot be loaded: %s%s%s", loader->what, name,
                       again, *again ? ": " : "", reason);
        nube_mem_free(path);
        nube_mem_free(m);
        return NUBE_E_DRIVER;
    }
    pthread_mutex_lock(&loader->lock);
    m->next = loader->modules;
    loader->modules = m;
    pthread_mutex_unlock(&loader->lock);
    *file = m->file;
    return 0;
}

/* Was the file in a directory that is searched before this one? */
static int seen(const struct nube_loader *loader, size_t before, const char *file)
{
    char path[PATH_MAX];
    struct stat st;

    for (size_t i = 0; i < before; i++) {
        int n = snprintf(path, sizeof(path), "%s/%s", loader->dirs[i], file);

        if (loader->dirs[i][0] == '/' && n < (int)sizeof(path) && lstat(path, &st) == 0)
            return 1;
    }
    return 0;
}

int nube_loader_scan(struct nube_loader *loader, void (*fn)(void *data, const char *name),
                     void *data, struct nube_error *err)
{
    for (size_t i = 0; i < loader->n_dirs; i++) {
        const struct dirent *entry;
        DIR *dir = NULL;

        errno = 0;
        if (loader->dirs[i][0] == '/')
            dir = opendir(loader->dirs[i]);
        if (!dir && errno == ENOMEM)
            return nube_error_nomem(err);
        while (dir && (entry = readdir(dir))) {
            size_t len = strlen(entry->d_name);
            char name[64];

            if (len < 4 || strcmp(entry->d_name + len - 3, ".so") != 0 ||
                !name_ok(entry->d_name, len - 3) || seen(loader, i, entry->d_name))
                continue;
            memcpy(name, entry->d_name, len - 3);
            name[len - 3] = '\0';
            fn(data, name);
        }
        if (dir)
            closedir(dir);
    }
    return 0;
}
