/* The log of calls that changed something: one line of JSON each, added to a file of the person's
 * own. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"

/* Owned; "" without any. */
static char *home_dir(void)
{
    const char *home = getenv("HOME");
    struct passwd pw, *found = NULL;
    char buf[4096];
    if (home && *home == '/')
        return xstrdup(home);
    bool known = !getpwuid_r(getuid(), &pw, buf, sizeof buf, &found) && found && found->pw_dir;
    return xstrdup(known ? found->pw_dir : "");
}

/* NUBE_AUDIT is the file, or "off" (NULL: none is kept). Owned. */
static char *audit_path(void)
{
    const char *given = getenv("NUBE_AUDIT"), *state = getenv("XDG_STATE_HOME");
    if (given && *given)
        return strcmp(given, "off") ? xstrdup(given) : NULL;
    if (state && *state == '/')
        return xasprintf("%s/nube/audit.log", state);
    char *home = home_dir(), *path = xasprintf("%s/.local/state/nube/audit.log", home);
    free(home);
    return path;
}

/* The directories above a file; the new ones are nobody else's. */
static void make_dirs(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700); /* whether it is there now, opening the file tells */
        *slash = '/';
    }
}

/* One write of the whole line, so that lines of several processes do not mix. */
static bool append(char *path, const char *line, size_t len)
{
    const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY;
    int fd = open(path, flags, 0600);
    if (fd < 0 && errno == ENOENT) {
        make_dirs(path);
        fd = open(path, flags, 0600);
    }
    if (fd < 0)
        return false;
    ssize_t n = write(fd, line, len);
    int reason = n < 0 ? errno : ENOSPC;
    if (close(fd) < 0 && n >= 0)
        reason = errno, n = -1;
    errno = reason;
    return n == (ssize_t)len;
}

/* What was done is done: a line that cannot be written is told, once, and nothing more. */
static void on_audit(void *payload, const struct nube_audit *record)
{
    struct app *app = payload;
    names_forget(app, record->backend, nube_op_kind((enum nube_op)record->op));
    char *path = audit_path(), *json = nube_audit_json(record);
    char *line = xasprintf("%s\n", json ? json : "{}");
    if (path && !append(path, line, strlen(line)) && !app->audit_failed) {
        app->audit_failed = true;
        app_note(app, "nube: the audit log %s cannot be written: %s; NUBE_AUDIT=off does without",
                 path, strerror(errno));
    }
    nube_free(json);
    free(line);
    free(path);
}

void audit_hook(struct app *app, struct nube_hooks *hooks)
{
    if (args_get(&app->args, "replay"))
        return; /* nothing is changed */
    hooks->payload = app;
    hooks->audit = on_audit;
}
