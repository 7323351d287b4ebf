/* Programs on the loop: no shell, output with limits, no child left behind. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mem.h"
#include "needs_int.h"

struct nube_exec {
    struct nube_loop *loop;
    const char *const *argv;
    const char *input;
    nube_need_fn done;
    void *data;
    struct nube_timer timer; /* the turn that starts it; without a pidfd, the looks at the child */
    pid_t pid;               /* 0: not started, or reaped */
    int pidfd, out, err;     /* -1: none */
    struct nube_buf text_out, text_err;
    struct nube_need_end end;
};

/* Without a pidfd the child is looked at this often; of one turn at most 64 x 16 KiB are read. */
enum { LOOK_MS = 10, READS_A_TURN = 64, KILL_WAIT_MS = 1000 };

static void shut(struct nube_exec *x, int *fd)
{
    if (*fd < 0)
        return;
    nube_loop_watch(x->loop, *fd, 0, NULL, NULL);
    close(*fd);
    *fd = -1;
}

static void release(struct nube_exec *x)
{
    nube_loop_timer_stop(x->loop, &x->timer);
    shut(x, &x->out);
    shut(x, &x->err);
    shut(x, &x->pidfd);
}

static void dispose(struct nube_exec *x)
{
    nube_buf_free(&x->text_out);
    nube_buf_free(&x->text_err);
    nube_mem_free(x);
}

static void finish(struct nube_exec *x)
{
    release(x);
    x->end.body = x->end.status == 500 ? &x->text_err : &x->text_out;
    if (!x->end.status || x->end.status == 404)
        nube_buf_clear(x->end.body);
    x->done(x->data, &x->end);
    dispose(x);
}

/* A killed child is gone in well under a millisecond, unless it hangs in the kernel: that one is
 * not waited for. */
static void kill_child(struct nube_exec *x)
{
    struct pollfd p = {.fd = x->pidfd, .events = POLLIN};

    if (x->pid <= 0)
        return;
    if (x->pidfd >= 0) {
        (void)syscall(SYS_pidfd_send_signal, x->pidfd, SIGKILL, NULL, 0);
        while (poll(&p, 1, KILL_WAIT_MS) < 0 && errno == EINTR)
            ;
        (void)waitpid(x->pid, NULL, WNOHANG);
    } else {
        kill(x->pid, SIGKILL);
        while (waitpid(x->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    x->pid = 0;
}

/* ---- Output and end -------------------------------------------------------------- */

/* Takes what is there, and drops what the buffer refuses. false: nothing more will come. */
static bool take(int fd, struct nube_buf *b)
{
    char part[16384];
    ssize_t n = 1;

    for (int i = 0; i < READS_A_TURN && n > 0; i++) {
        n = read(fd, part, sizeof(part));
        if (n > 0)
            nube_buf_add(b, part, (size_t)n);
        else if (n < 0 && errno == EINTR)
            n = 1;
    }
    explicit_bzero(part, sizeof(part));
    return n > 0 || (n < 0 && errno == EAGAIN);
}

/* true: the output broke its limit, and the end says so. */
static bool overflowed(struct nube_exec *x)
{
    if (!x->text_out.failed)
        return false;
    if (x->text_out.over)
        nube_need_say(&x->end, 0, NUBE_E_TOO_LARGE, "program %s wrote more than %d octets",
                      x->argv[0], NUBE_MAX_DATA);
    else
        nube_need_say(&x->end, 0, NUBE_E_MEMORY, "out of memory for the output of program %s",
                      x->argv[0]);
    return true;
}

static void on_output(void *data, int fd, unsigned events)
{
    struct nube_exec *x = data;
    int *end = fd == x->out ? &x->out : &x->err;

    (void)events;
    if (!take(fd, fd == x->out ? &x->text_out : &x->text_err))
        shut(x, end);
    if (overflowed(x)) {
        kill_child(x);
        finish(x);
    }
}

static void tell_status(struct nube_exec *x, int status)
{
    if (WIFSIGNALED(status))
        nube_need_say(&x->end, 500, 0, "program %s was ended by signal %d", x->argv[0],
                      WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        nube_need_say(&x->end, 500, 0, "program %s ended with status %d", x->argv[0],
                      WEXITSTATUS(status));
    else
        x->end.status = 200;
}

/*
 * The end of the program is the end of its output: what it wrote is in the pipes by
 * now, and a daemon that it left behind may hold them open for ever.
 */
static void look(void *data)
{
    struct nube_exec *x = data;
    int status = 0;
    pid_t got = waitpid(x->pid, &status, WNOHANG);

    if (got == 0) {
        if (x->pidfd < 0)
            nube_loop_timer_set(x->loop, &x->timer, LOOK_MS);
        return;
    }
    x->pid = 0;
    if (x->out >= 0)
        take(x->out, &x->text_out);
    if (x->err >= 0)
        take(x->err, &x->text_err);
    if (got < 0)
        nube_need_say(&x->end, 0, NUBE_E_SYSTEM,
                      "the exit status of program %s was lost: this process ignores SIGCHLD or "
                      "reaps all children",
                      x->argv[0]);
    else if (!overflowed(x))
        tell_status(x, status);
    finish(x);
}

static void on_exited(void *data, int fd, unsigned events)
{
    (void)fd;
    (void)events;
    look(data);
}

/* ---- Start ------------------------------------------------------------------------ */

/* Out of the way of 0, 1 and 2, which the child's streams are put on: a daemon may have them
 * closed. */
static int above_std(int fd)
{
    int up;

    if (fd < 0 || fd > 2)
        return fd;
    up = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    close(fd);
    return up;
}

/* A memory file and not a pipe: nothing to write while the program runs, and no SIGPIPE when it
 * does not read. */
static int open_input(const char *input)
{
    size_t len = input ? strlen(input) : 0, at = 0;
    ssize_t n = 0;
    int fd;

    if (!len)
        return above_std(open("/dev/null", O_RDONLY | O_CLOEXEC));
    fd = above_std(memfd_create("nube-input", MFD_CLOEXEC));
    while (fd >= 0 && at < len) {
        n = write(fd, input + at, len - at);
        if (n < 0 && errno != EINTR)
            break;
        at += n > 0 ? (size_t)n : 0;
    }
    if (fd >= 0 && (at < len || lseek(fd, 0, SEEK_SET) < 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* ends[0] is ours and never blocks, ends[1] the child's. */
static int open_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    ends[0] = above_std(ends[0]);
    ends[1] = above_std(ends[1]);
    if (ends[0] < 0 || ends[1] < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0)
        return -1;
    return 0;
}

/* The environment is inherited; blocked signals, an ignored SIGPIPE and other descriptors are not.
 * 0 or errno. */
static int spawn_on(struct nube_exec *x, const int streams[3])
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, reset;
    int rc;

    sigemptyset(&none);
    sigemptyset(&reset);
    sigaddset(&reset, SIGPIPE);
    sigaddset(&reset, SIGCHLD);
    rc = posix_spawn_file_actions_init(&files);
    if (rc)
        return rc;
    rc = posix_spawnattr_init(&attr);
    if (rc) {
        posix_spawn_file_actions_destroy(&files);
        return rc;
    }
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &reset);
    for (int i = 0; i < 3 && !rc; i++)
        rc = posix_spawn_file_actions_adddup2(&files, streams[i], i);
    if (!rc)
        rc = posix_spawn_file_actions_addclosefrom_np(&files, 3);
    if (!rc)
        rc = posix_spawnp(&x->pid, x->argv[0], &files, &attr, (char *const *)x->argv, environ);
    if (rc)
        x->pid = 0;
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

/* 0 or errno. */
static int spawn(struct nube_exec *x)
{
    int out[2] = {-1, -1}, err[2] = {-1, -1}, in = open_input(x->input), rc;

    if (in < 0 || open_pipe(out) < 0 || open_pipe(err) < 0)
        rc = errno;
    else
        rc = spawn_on(x, (int[3]){in, out[1], err[1]});
    x->out = out[0];
    x->err = err[0];
    for (int i = 0; i < 3; i++) {
        int fd = (int[3]){in, out[1], err[1]}[i];

        if (fd >= 0)
            close(fd);
    }
    return rc;
}

/* false: the loop cannot take its descriptors. */
static bool watch(struct nube_exec *x)
{
    x->timer.fn = look;
    x->pidfd = (int)syscall(SYS_pidfd_open, x->pid, 0);
    if (nube_loop_watch(x->loop, x->out, NUBE_LOOP_IN, on_output, x) < 0 ||
        nube_loop_watch(x->loop, x->err, NUBE_LOOP_IN, on_output, x) < 0)
        return false;
    if (x->pidfd >= 0)
        return nube_loop_watch(x->loop, x->pidfd, NUBE_LOOP_IN, on_exited, x) == 0;
    nube_loop_timer_set(x->loop, &x->timer, LOOK_MS);
    return true;
}

static void begin(void *data)
{
    struct nube_exec *x = data;
    int rc = spawn(x);

    if (!rc && watch(x))
        return;
    if (!rc)
        nube_need_say(&x->end, 0, NUBE_E_SYSTEM, "cannot watch program %s", x->argv[0]);
    else if (rc == ENOENT)
        nube_need_say(&x->end, 404, 0, "there is no program %s", x->argv[0]);
    else
        nube_need_say(&x->end, 0, NUBE_E_SYSTEM, "cannot run program %s: %s", x->argv[0],
                      strerror(rc));
    kill_child(x);
    finish(x);
}

struct nube_exec *nube_exec_start(struct nube_loop *loop, const char *const *argv,
                                  const char *input, nube_need_fn done, void *data)
{
    struct nube_exec *x = nube_mem_zalloc(sizeof(*x));

    if (!x)
        return NULL;
    x->loop = loop;
    x->argv = argv;
    x->input = input;
    x->done = done;
    x->data = data;
    x->pidfd = x->out = x->err = -1;
    nube_buf_init(&x->text_out, NUBE_MAX_DATA);
    nube_buf_init(&x->text_err, NUBE_MAX_ERROR_BODY);
    x->timer.fn = begin;
    x->timer.data = x;
    nube_loop_timer_set(loop, &x->timer, 0);
    return x;
}

void nube_exec_cancel(struct nube_exec *x)
{
    kill_child(x);
    release(x);
    dispose(x);
}
