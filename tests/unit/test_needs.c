/* Needs of drivers: files and programs, and that nothing of them is left behind. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "needs.h"
#include "scratch.h"

static struct nube_loop *loop;
static nube_lib *lib;

/* How a need ended, as a driver would see it. */
static struct {
    int calls, status, code;
    char message[256];
    char *body;
    size_t len;
} got;

static void forget(void)
{
    free(got.body);
    memset(&got, 0, sizeof(got));
}

static void on_done(void *data, const struct nube_need_end *end)
{
    assert_ptr_equal(data, &got);
    assert_non_null(end->body);
    got.calls++;
    got.status = end->status;
    got.code = end->code;
    snprintf(got.message, sizeof(got.message), "%s", end->message);
    got.len = end->body->len;
    got.body = malloc(got.len + 1);
    memcpy(got.body, got.len ? end->body->data : "", got.len);
    got.body[got.len] = '\0';
}

static void turn_until_done(void)
{
    for (int i = 0; i < 2000 && !got.calls; i++)
        assert_int_equal(nube_loop_turn(loop, 5000), 0);
    assert_int_equal(got.calls, 1);
}

static void need(const struct nube_need_req *req)
{
    forget();
    assert_non_null(nube_need_start(lib, loop, req, on_done, &got));
    assert_int_equal(got.calls, 0); /* never from inside start */
    turn_until_done();
}

static void need_file(const char *path, const char *home)
{
    need(&(struct nube_need_req){.kind = NUBE_NEED_FILE, .path = path, .home = home});
}

static void need_shell(const char *script, const char *input)
{
    need(&(struct nube_need_req){.kind = NUBE_NEED_EXEC,
                                 .argv = (const char *const[]){"sh", "-c", script, NULL},
                                 .input = input});
}

static void expect(int status, int code)
{
    if (got.status != status || got.code != code)
        fail_msg("ended with %d, %d: %s", got.status, got.code, got.message);
}

static void expect_message(const char *part)
{
    if (!strstr(got.message, part))
        fail_msg("\"%s\" does not say \"%s\"", got.message, part);
}

/* Descriptors and children (zombies too) of this process. */
static int count_open(void)
{
    DIR *d = opendir("/proc/self/fd");
    int n = 0;

    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

static void expect_no_child(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* ---- Questions -------------------------------------------------------------------- */

static const char *said; /* by the person; NULL: nothing */

static int answer(void *payload, const char *prompt, char *buf, size_t size)
{
    assert_ptr_equal(payload, &said);
    assert_string_equal(prompt, "Code: ");
    if (!said)
        return -1;
    snprintf(buf, size, "%s", said);
    return 0;
}

static void a_person_is_asked(void **state)
{
    struct nube_need_req ask = {.kind = NUBE_NEED_ASK, .prompt = "Code: "};
    nube_lib *quiet = lib;
    struct nube_hooks hooks = NUBE_HOOKS_INIT;

    (void)state;
    need(&ask);
    expect(404, 0); /* nobody is there */
    hooks.ask = answer;
    hooks.payload = &said;
    assert_int_equal(nube_lib_open(&lib, &hooks, NULL), 0);
    said = "123456";
    need(&ask);
    expect(200, 0);
    assert_string_equal(got.body, "123456");
    said = NULL;
    need(&ask);
    expect(404, 0);
    nube_lib_free(lib);
    lib = quiet;
}

/* ---- Files ----------------------------------------------------------------------- */

static void a_file_is_read(void **state)
{
    (void)state;
    scratch_write("f", "one\0two\n", 8);
    need_file(scratch_path("f"), NULL);
    expect(200, 0);
    assert_int_equal(got.len, 8);
    assert_memory_equal(got.body, "one\0two\n", 8);
    scratch_write("f", "", 0);
    need_file(scratch_path("f"), NULL);
    expect(200, 0);
    assert_int_equal(got.len, 0);
    need_file("/proc/self/cmdline", NULL); /* says that it has no octets */
    expect(200, 0);
    assert_true(got.len > 0);
}

static void a_file_may_be_too_old(void **state)
{
    struct nube_need_req req = {.kind = NUBE_NEED_FILE, .since_ms = 1000000};
    const struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};

    (void)state;
    scratch_write("f", "x", 1);
    req.path = scratch_path("f");
    assert_int_equal(utimensat(AT_FDCWD, req.path, times, 0), 0);
    need(&req);
    expect(200, 0);
    req.since_ms++;
    need(&req);
    expect(404, 0);
    expect_message("too old");
}

static void home_is_put_for_a_tilde(void **state)
{
    (void)state;
    scratch_write("f", "mine", 4);
    need_file("~/f", scratch);
    expect(200, 0);
    assert_string_equal(got.body, "mine");
    need_file("~/f", NULL);
    expect(404, 0);
    expect_message("home");
}

static void an_absent_file_is_404(void **state)
{
    (void)state;
    need_file(scratch_path("none"), NULL);
    expect(404, 0);
    expect_message("none");
    scratch_write("f", "", 0);
    need_file(scratch_path("f/below"), NULL);
    expect(404, 0);
    need_file("", NULL);
    expect(0, NUBE_E_USAGE);
}

static void a_file_has_a_limit(void **state)
{
    char *big = calloc(1, NUBE_MAX_DATA + 1);

    (void)state;
    scratch_write("big", big, NUBE_MAX_DATA);
    need_file(scratch_path("big"), NULL);
    expect(200, 0);
    assert_int_equal(got.len, NUBE_MAX_DATA);
    scratch_write("big", big, NUBE_MAX_DATA + 1);
    need_file(scratch_path("big"), NULL);
    expect(0, NUBE_E_TOO_LARGE);
    assert_int_equal(got.len, 0);
    free(big);
}

/* Opening a FIFO that nobody writes to would block for ever. */
static void only_regular_files_are_read(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(scratch_path("fifo"), 0600), 0);
    need_file(scratch_path("fifo"), NULL);
    expect(0, NUBE_E_SYSTEM);
    expect_message("not a regular file");
    need_file("/dev/zero", NULL);
    expect(0, NUBE_E_SYSTEM);
    expect_message("not a regular file");
    need_file(scratch, NULL);
    expect(0, NUBE_E_SYSTEM);
}

static void a_cancelled_file_is_never_told(void **state)
{
    struct nube_need_req req = {.kind = NUBE_NEED_FILE, .path = "/proc/self/cmdline"};
    struct nube_need *n;

    (void)state;
    forget();
    n = nube_need_start(lib, loop, &req, on_done, &got);
    nube_need_cancel(n);
    nube_loop_turn(loop, 0);
    nube_loop_turn(loop, 0);
    assert_int_equal(got.calls, 0);
}

static void need_write(const char *name, const char *old, const char *text)
{
    need(&(struct nube_need_req){
        .kind = NUBE_NEED_WRITE, .path = scratch_path(name), .old = old, .text = text});
}

static void file_is_written_over_what_was_read_and_nothing_else(void **state)
{
    struct stat st;
    size_t len;

    (void)state;
    need_write("new/dir/f", NULL, "one");
    expect(200, 0);
    need_write("new/dir/f", NULL, "two");
    expect(409, 0);
    need_write("new/dir/f", "on", "two");
    expect(409, 0);
    assert_string_equal(scratch_read("new/dir/f", &len), "one");
    need_write("new/dir/f", "one", "two");
    expect(200, 0);
    assert_string_equal(scratch_read("new/dir/f", &len), "two");
    assert_int_equal(stat(scratch_path("new/dir/f"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    need_write("new/dir/gone", "was there", "two");
    expect(409, 0);
}

static void file_that_cannot_be_written_says_why(void **state)
{
    (void)state;
    scratch_write("f", "x", 1);
    need_write("f/below", NULL, "one");
    expect(500, 0);
    expect_message("f/below");
    scratch_run("ln -sf target link && echo -n old >target");
    need_write("link", "old", "new");
    expect(200, 0);
    scratch_run("test -L link && test \"$(cat target)\" = new");
}

/* ---- Programs ----------------------------------------------------------------------- */

static void a_program_gives_its_output(void **state)
{
    (void)state;
    need_shell("echo out; echo err >&2", NULL);
    expect(200, 0);
    assert_string_equal(got.body, "out\n");
    need_shell("echo out; echo err >&2; exit 3", NULL);
    expect(500, 0);
    assert_string_equal(got.body, "err\n");
    expect_message("status 3");
    need_shell("kill -9 $$", NULL);
    expect(500, 0);
    expect_message("signal 9");
}

static void arguments_meet_no_shell(void **state)
{
    const char *const argv[] = {"printf", "%s", "$HOME; `id`", NULL};

    (void)state;
    need(&(struct nube_need_req){.kind = NUBE_NEED_EXEC, .argv = argv});
    expect(200, 0);
    assert_string_equal(got.body, "$HOME; `id`");
}

static void an_absent_program_is_404(void **state)
{
    const char *const argv[] = {"nube-no-such-program", NULL}, *const none[] = {NULL};
    const char *const script[] = {scratch_path("script"), NULL};

    (void)state;
    need(&(struct nube_need_req){.kind = NUBE_NEED_EXEC, .argv = argv});
    expect(404, 0);
    expect_message("nube-no-such-program");
    need(&(struct nube_need_req){.kind = NUBE_NEED_EXEC, .argv = none});
    expect(0, NUBE_E_USAGE);
    scratch_write("script", "#!/bin/sh\n", 10); /* not executable */
    need(&(struct nube_need_req){.kind = NUBE_NEED_EXEC, .argv = script});
    expect(0, NUBE_E_SYSTEM);
    expect_message("Permission denied");
}

static void input_reaches_the_program(void **state)
{
    char *big = calloc(1, 500001);

    (void)state;
    need_shell("cat", "line 1\nline 2");
    assert_string_equal(got.body, "line 1\nline 2");
    need_shell("cat", NULL);
    expect(200, 0);
    assert_int_equal(got.len, 0);
    memset(big, 'x', 500000);
    need_shell("cat", big);
    expect(200, 0);
    assert_string_equal(got.body, big);
    need_shell("exit 0", big); /* not read: no SIGPIPE for us */
    expect(200, 0);
    free(big);
}

static void output_has_a_limit(void **state)
{
    (void)state;
    need_shell("head -c 1048576 /dev/zero", NULL);
    expect(200, 0);
    assert_int_equal(got.len, 1048576);
    need_shell("cat /dev/zero", NULL);
    expect(0, NUBE_E_TOO_LARGE);
    assert_int_equal(got.len, 0);
    need_shell("head -c 3000000 /dev/zero >&2; echo fine", NULL);
    expect(200, 0);
    assert_string_equal(got.body, "fine\n");
    expect_no_child();
}

/* A daemon that keeps the streams open does not keep the driver waiting. */
static void the_end_of_the_program_is_the_end(void **state)
{
    char pid[32];

    (void)state;
    need_shell("sleep 60 & echo $!", NULL);
    expect(200, 0);
    snprintf(pid, sizeof(pid), "%s", got.body);
    assert_int_equal(kill((pid_t)strtol(pid, NULL, 10), SIGKILL), 0);
    need_shell("exec >&- 2>&-; exit 4", NULL); /* and closing them is not the end */
    expect(500, 0);
    expect_message("status 4");
}

static void other_descriptors_stay_here(void **state)
{
    int leak = open("/dev/null", O_RDONLY); /* as careless applications do */

    (void)state;
    need_shell("ls /proc/self/fd | wc -l", NULL);
    assert_int_equal(strtol(got.body, NULL, 10), 4); /* three streams, and the folder */
    close(leak);
}

/* Turns until the file is there: then the program runs. */
static void turn_until_file(const char *name)
{
    for (int i = 0; i < 5000 && access(scratch_path(name), F_OK) != 0; i++)
        nube_loop_turn(loop, 2);
    assert_int_equal(access(scratch_path(name), F_OK), 0);
}

static void cancel_kills_and_reaps(void **state)
{
    char script[600];
    const char *const argv[] = {"sh", "-c", script, NULL};
    struct nube_need_req req = {.kind = NUBE_NEED_EXEC, .argv = argv};
    int before = count_open();
    struct nube_need *n;

    (void)state;
    forget();
    snprintf(script, sizeof(script), "trap '' TERM INT; : >%s; while :; do read x </dev/zero; done",
             scratch_path("runs"));
    n = nube_need_start(lib, loop, &req, on_done, &got);
    turn_until_file("runs");
    nube_need_cancel(n);
    expect_no_child();
    assert_int_equal(count_open(), before);
    n = nube_need_start(lib, loop, &req, on_done, &got);
    nube_need_cancel(n); /* before its turn: nothing was started */
    nube_loop_turn(loop, 0);
    expect_no_child();
    assert_int_equal(got.calls, 0);
    nube_need_cancel(NULL);
}

static void nothing_is_left_behind(void **state)
{
    int before = count_open();

    (void)state;
    for (int i = 0; i < 50; i++) {
        need_shell(i % 2 ? "exit 1" : "echo x", i % 3 ? "input" : NULL);
        expect(i % 2 ? 500 : 200, 0);
    }
    expect_no_child();
    assert_int_equal(count_open(), before);
}

static void a_lost_exit_status_is_told(void **state)
{
    (void)state;
    signal(SIGCHLD, SIG_IGN);
    need_shell("exit 0", NULL);
    signal(SIGCHLD, SIG_DFL);
    expect(0, NUBE_E_SYSTEM);
    expect_message("SIGCHLD");
}

/* Kernels before 5.3, and containers, do not have pidfd_open: here it is taken away, for good. */
static void it_works_without_pidfd(void **state)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof(code) / sizeof(*code), code};

    (void)state;
    assert_int_equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    assert_int_equal(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
    assert_int_equal(syscall(SYS_pidfd_open, getpid(), 0), -1);
    a_program_gives_its_output(state);
    need_shell("sleep 0.2; echo slow", NULL); /* longer than the first look */
    assert_string_equal(got.body, "slow\n");
    output_has_a_limit(state);
    unlink(scratch_path("runs"));
    cancel_kills_and_reaps(state);
    nothing_is_left_behind(state);
}

static int set_up(void **state)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;

    return scratch_make(state) || nube_lib_open(&lib, &hooks, NULL) ||
           nube_loop_new(&loop, NULL, NULL);
}

static int tear_down(void **state)
{
    forget();
    nube_loop_free(loop);
    nube_lib_free(lib);
    return scratch_drop(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_is_asked),
        cmocka_unit_test(a_file_is_read),
        cmocka_unit_test(a_file_may_be_too_old),
        cmocka_unit_test(home_is_put_for_a_tilde),
        cmocka_unit_test(an_absent_file_is_404),
        cmocka_unit_test(a_file_has_a_limit),
        cmocka_unit_test(file_is_written_over_what_was_read_and_nothing_else),
        cmocka_unit_test(file_that_cannot_be_written_says_why),
        cmocka_unit_test(only_regular_files_are_read),
        cmocka_unit_test(a_cancelled_file_is_never_told),
        cmocka_unit_test(a_program_gives_its_output),
        cmocka_unit_test(arguments_meet_no_shell),
        cmocka_unit_test(an_absent_program_is_404),
        cmocka_unit_test(input_reaches_the_program),
        cmocka_unit_test(output_has_a_limit),
        cmocka_unit_test(the_end_of_the_program_is_the_end),
        cmocka_unit_test(other_descriptors_stay_here),
        cmocka_unit_test(cancel_kills_and_reaps),
        cmocka_unit_test(nothing_is_left_behind),
        cmocka_unit_test(a_lost_exit_status_is_told),
        cmocka_unit_test(it_works_without_pidfd),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
