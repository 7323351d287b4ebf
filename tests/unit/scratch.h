/* A directory of a test's own, shell commands in it, and its files; a step that fails, fails the
 * test. */
#ifndef NUBE_TEST_SCRATCH_H
#define NUBE_TEST_SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char scratch[] = "/tmp/nube-test-XXXXXX";

static inline void scratch_run(const char *command)
{
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        if (chdir(scratch) == 0 && freopen("log", "w", stdout) && dup2(1, 2) == 2)
            execl("/bin/sh", "sh", "-ec", command, (char *)NULL);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        fail_msg("failed: %s (see %s/log)", command, scratch);
}

static inline int scratch_make(void **state)
{
    (void)state;
    return mkdtemp(scratch) ? 0 : -1;
}

static inline int scratch_drop(void **state)
{
    (void)state;
    scratch_run("cd / && rm -rf \"$OLDPWD\"");
    return 0;
}

/* A path in the directory, until four more are asked for. */
static inline const char *scratch_path(const char *name)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof(*paths), "%s/%s", scratch, name);
    return path;
}

static inline void scratch_write(const char *name, const void *data, size_t len)
{
    FILE *f = fopen(scratch_path(name), "w");

    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    fclose(f);
}

/* The file's content, terminated, until the next one is read; at most 64 KiB. */
static inline char *scratch_read(const char *name, size_t *len)
{
    static char text[65536];
    FILE *f = fopen(scratch_path(name), "r");

    assert_non_null(f);
    *len = fread(text, 1, sizeof(text) - 1, f);
    text[*len] = '\0';
    fclose(f);
    return text;
}

#endif
