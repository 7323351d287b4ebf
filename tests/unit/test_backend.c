/* Accounts: the file with its odd values, permissions, edits, two writers at once, and references.
 */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "backend_int.h"
#include "error_int.h"
#include "lib_int.h"
#include "mem.h"

static enum nube_step step(nube_call *c, const nube_reply *r)
{
    (void)c;
    (void)r;
    return NUBE_DONE;
}

static const struct nube_op_row ops[] = {{NUBE_OP_NODE_LIST, 0, step}};
static const struct nube_option options[] = {
    {.name = "user", .alias = "key"},
    {.name = "password", .alias = "secret", .flags = NUBE_OPTION_SECRET | NUBE_OPTION_MULTILINE},
    {.name = "port", .type = NUBE_TYPE_INT},
    {.name = "hosts", .type = NUBE_TYPE_LIST},
};
static const struct nube_driver acme = {
    .size = sizeof(struct nube_driver),
    .name = "acme",
    .title = "Acme Cloud",
    .options = NUBE_TABLE(options),
    .ops = NUBE_TABLE(ops),
};

/* The application's allocator, which can be told to fail once. */
static long fail_in; /* 0: never */

static int fails_now(void)
{
    return fail_in && --fail_in == 0;
}

static void *hook_alloc(size_t size)
{
    return fails_now() ? NULL : malloc(size);
}

static void *hook_realloc(void *ptr, size_t size)
{
    return fails_now() ? NULL : realloc(ptr, size);
}

/* Each test has a directory of its own, and an environment of its own. */
struct fixture {
    char dir[64], path[96];
    nube_lib *lib;
    const char *env[8][2];
};

static const char *env(void *payload, const char *name)
{
    const struct fixture *f = payload;

    for (size_t i = 0; i < 8 && f->env[i][0]; i++)
        if (strcmp(f->env[i][0], name) == 0)
            return f->env[i][1];
    return NULL;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct nube_hooks hooks = NUBE_HOOKS_INIT;

    snprintf(f->dir, sizeof(f->dir), "/tmp/nube-backend-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->path, sizeof(f->path), "%s/backends.ini", f->dir);
    hooks.alloc = hook_alloc;
    hooks.realloc = hook_realloc;
    hooks.free = free;
    hooks.env = env;
    hooks.payload = f;
    assert_int_equal(nube_lib_open(&f->lib, &hooks, NULL), 0);
    assert_int_equal(nube_driver_register(f->lib, &acme, NULL), 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];

    snprintf(command, sizeof(command), "rm -rf '%s'", f->dir);
    nube_lib_free(f->lib);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

static void put(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static const char *content(const char *path)
{
    static char text[8192];
    FILE *file = fopen(path, "r");
    size_t n;

    assert_non_null(file);
    n = fread(text, 1, sizeof(text) - 1, file);
    text[n] = '\0';
    fclose(file);
    return text;
}

static nube_backends *open_set(struct fixture *f)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_backends *set;

    if (nube_backends_open(&set, f->lib, f->path, &err))
        fail_msg("%s", err.message);
    return set;
}

static void add(nube_backends *set, const char *name, const char *option, const char *value)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_args *args;

    nube_args_new(&args, NULL);
    if (option)
        nube_args_set(args, option, value);
    if (nube_backends_add(set, name, "acme", args, NULL, &err))
        fail_msg("%s", err.message);
    nube_args_free(args);
}

/* ---- The file ------------------------------------------------------------------------ */

static void test_add_and_read(void **state)
{
    struct fixture *f = *state;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_backends *set = open_set(f);
    const nube_backend *b;
    const char *id, *value;
    nube_args *args;
    struct stat st;
    int secret;

    assert_int_equal(nube_backends_count(set), 0);
    nube_args_new(&args, NULL);
    nube_args_set(args, "key", "me");
    nube_args_set(args, "secret", "s3cret");
    nube_args_set(args, "hosts", "a");
    nube_args_set(args, "hosts", "b");
    assert_int_equal(nube_backends_add(set, "My Acme", "acme", args, &id, &err), 0);
    nube_args_free(args);
    assert_int_equal(strlen(id), 27);
    assert_int_equal(strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
                     27);
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);

    nube_backends_free(set);
    set = open_set(f);
    b = nube_backends_find(set, "My Acme");
    assert_non_null(b);
    assert_ptr_equal(nube_backends_find(set, nube_backend_id(b)), b);
    assert_string_equal(nube_backend_provider(b), "acme");
    assert_true(nube_backend_enabled(b));
    assert_string_equal(nube_backend_option(b, 0, &value, &secret), "key");
    assert_string_equal(value, "me");
    assert_false(secret);
    assert_string_equal(nube_backend_option(b, 1, &value, &secret), "secret");
    assert_string_equal(value, "s3cret");
    assert_true(secret); /* by the row that "secret" is an alias of */
    assert_string_equal(nube_backend_option(b, 3, &value, &secret), "hosts");
    assert_string_equal(value, "b");
    assert_null(nube_backend_option(b, 4, &value, &secret));
    nube_backends_free(set);
}

static void test_odd_values(void **state)
{
    static const char *const odd[] = {
        " leading",
        "trailing ",
        "\ttab",
        "a;b",
        "a ;b",
        "#hash",
        "a=b:c",
        "\"quoted\"",
        "\"",
        "\\",
        "back\\nslash",
        "line\nbreak\r\n",
        "\x01\x7f",
        "\xc3\xa9\xff",
        "",
        "[x]",
        "'",
        "a # b",
        " \\n\"\\",
        "text:env:X",
    };
    enum { N = sizeof(odd) / sizeof(*odd) };
    struct fixture *f = *state;
    nube_backends *set = open_set(f);
    char name[16], longest[3000];
    const char *value;

    memset(longest, 'k', sizeof(longest));
    longest[sizeof(longest) - 1] = '\0';
    longest[1000] = ' ';
    longest[1001] = ';';
    for (size_t i = 0; i <= N; i++) {
        snprintf(name, sizeof(name), "n%zu", i);
        add(set, name, "password", i < N ? odd[i] : longest);
    }
    nube_backends_free(set);
    set = open_set(f);
    assert_int_equal(nube_backends_count(set), N + 1);
    for (size_t i = 0; i <= N; i++) {
        assert_string_equal(nube_backend_option(nube_backends_at(set, i), 0, &value, NULL),
                            "password");
        assert_string_equal(value, i < N ? odd[i] : longest);
    }
    nube_backends_free(set);
}

/* Odd names too: they are what people choose. */
static void test_odd_names(void **state)
{
    struct fixture *f = *state;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_backends *set = open_set(f);

    add(set, " Ren\xc3\xa9's; \"#1\" ", NULL, NULL);
    nube_backends_free(set);
    set = open_set(f);
    assert_non_null(nube_backends_find(set, " Ren\xc3\xa9's; \"#1\" "));
    assert_int_equal(nube_backends_add(set, "a\nb", "acme", NULL, NULL, &err), NUBE_E_USAGE);
    assert_int_equal(nube_backends_add(set, "", "acme", NULL, NULL, &err), NUBE_E_USAGE);
    nube_backends_free(set);
}

/* What a person wrote by hand. */
static void test_by_hand(void **state)
{
    struct fixture *f = *state;
    const nube_backend *b;
    const char *value;
    nube_backends *set;

    put(f->path,
        "\xef\xbb\xbf; mine\r\n[london] # office\r\n  provider=acme\r\n\tpassword = p ; x # y\r\n"
        "user= \"a b\" ; c\r\nenabled = off\r\n[x2]\nname=X\nprovider = acme",
        0600);
    set = open_set(f);
    assert_int_equal(nube_backends_count(set), 2);
    b = nube_backends_find(set, "london");
    assert_string_equal(nube_backend_name(b), "london");
    assert_false(nube_backend_enabled(b));
    nube_backend_option(b, 0, &value, NULL);
    assert_string_equal(value, "p ; x # y");
    nube_backend_option(b, 1, &value, NULL);
    assert_string_equal(value, "a b");
    assert_string_equal(nube_backend_id(nube_backends_find(set, "X")), "x2");
    nube_backends_free(set);
}

static void test_bad_lines(void **state)
{
    static const struct {
        const char *text, *line, *why;
    } bad[] = {
        {"[a]\nprovider = acme\nnonsense\n", "line 3:", "expected"},
        {"[a]\nprovider = acme\n= x\n", "line 3:", "expected"},
        {"[a]\nprovider = acme\nbad name = x\n", "line 3:", "expected"},
        {"[a]\nprovider = acme\nu:v = x\n", "line 3:", "expected"},
        {"user = x\n[a]\nprovider = acme\n", "line 1:", "before the first"},
        {"[a]\nprovider = acme\n\n[a\nprovider = acme\n", "line 4:", "']'"},
        {"[a]\nprovider = acme\n[a]\nprovider = acme\n", "line 3:", "line 1"},
        {"[a]\nprovider = acme\n[b] x\nprovider = acme\n", "line 3:", "']'"},
        {"[a b]\nprovider = acme\n", "line 1:", "id"},
        {"[]\nprovider = acme\n", "line 1:", "id"},
        {"# x\n[a]\nuser = b\n", "line 2:", "provider"},
        {"[a]\nprovider = acme\nname = N\n[b]\nprovider = acme\nname = N\n",
         "line 6:", "same name"},
        {"[a]\nprovider = acme\nprovider = acme\n", "line 3:", "already"},
        {"[a]\nprovider = acme\nenabled = maybe\n", "line 3:", "yes or no"},
        {"[a]\nprovider = acme\npassword = \"hunter2\n", "line 3:", "closing"},
        {"[a]\nprovider = acme\npassword = \"hunter2\\q\"\n", "line 3:", "backslash"},
        {"[a]\nprovider = acme\npassword = \"hunter2\\x00\"\n", "line 3:", "backslash"},
        {"[a]\nprovider = acme\npassword = \"hunter2\" 3\n", "line 3:", "follows"},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct nube_error err = NUBE_ERROR_INIT;
        nube_backends *set;

        put(f->path, bad[i].text, 0600);
        assert_int_equal(nube_backends_open(&set, f->lib, f->path, &err), NUBE_E_USAGE);
        assert_null(set);
        if (!strstr(err.message, bad[i].line) || !strstr(err.message, bad[i].why) ||
            !strstr(err.message, f->path))
            fail_msg("case %zu: \"%s\"", i, err.message);
        assert_null(strstr(err.message, "hunter2"));
    }
}

static void test_permissions(void **state)
{
    static const mode_t modes[] = {0640, 0604, 0620, 0602, 0644};
    struct fixture *f = *state;
    nube_backends *set;

    for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
        struct nube_error err = NUBE_ERROR_INIT;

        put(f->path, "[a]\nprovider = acme\n", modes[i]);
        assert_int_equal(nube_backends_open(&set, f->lib, f->path, &err), NUBE_E_USAGE);
        assert_non_null(strstr(err.message, "chmod 600 "));
        assert_non_null(strstr(err.message, f->path));
    }
    put(f->path, "[a]\nprovider = acme\n", 0400);
    nube_backends_free(open_set(f));
}

/* ---- Where it is ------------------------------------------------------------------------ */

static void expect_path(struct fixture *f, const char *end)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_backends *set;
    char want[160];

    snprintf(want, sizeof(want), "%s/%s", f->dir, end);
    if (nube_backends_open(&set, f->lib, NULL, &err))
        fail_msg("%s", err.message);
    assert_string_equal(nube_backends_path(set), want);
    nube_backends_free(set);
}

static void test_path(void **state)
{
    struct fixture *f = *state;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_backends *set;
    char xdg[96], own[96], made[128];
    struct stat st;

    snprintf(xdg, sizeof(xdg), "%s/xdg", f->dir);
    snprintf(own, sizeof(own), "%s/own.ini", f->dir);
    assert_int_equal(nube_backends_open(&set, f->lib, NULL, &err), NUBE_E_USAGE);
    f->env[0][0] = "HOME";
    f->env[0][1] = f->dir;
    expect_path(f, ".config/nube/backends.ini");
    f->env[1][0] = "XDG_CONFIG_HOME";
    f->env[1][1] = "relative";
    expect_path(f, ".config/nube/backends.ini");
    f->env[1][1] = xdg;
    expect_path(f, "xdg/nube/backends.ini");
    assert_int_equal(nube_backends_open(&set, f->lib, NULL, &err), 0);
    add(set, "first", NULL, NULL); /* makes the directories */
    nube_backends_free(set);
    snprintf(made, sizeof(made), "%s/nube", xdg);
    assert_int_equal(stat(made, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    f->env[2][0] = "NUBE_CONFIG";
    f->env[2][1] = own;
    expect_path(f, "own.ini");
}

/* A link to a file kept elsewhere stays a link. */
static void test_symlink(void **state)
{
    struct fixture *f = *state;
    struct nube_error err = NUBE_ERROR_INIT;
    char real[96];
    nube_backends *set;
    struct stat st;

    snprintf(real, sizeof(real), "%s/dotfiles.ini", f->dir);
    put(real, "# kept\n", 0600);
    assert_int_equal(symlink("dotfiles.ini", f->path), 0);
    set = open_set(f);
    add(set, "one", NULL, NULL);
    assert_int_equal(lstat(f->path, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_non_null(strstr(content(real), "# kept\n"));
    assert_non_null(strstr(content(real), "name = one\n"));
    assert_int_equal(unlink(real), 0);
    assert_int_equal(nube_backends_enable(set, "one", 0, &err), NUBE_E_SYSTEM);
    nube_backends_free(set);
}

/* ---- Changes ------------------------------------------------------------------------------- */

static const char commented[] = "# top\n"
                                "\n"
                                "; of one\n"
                                "[one]\n"
                                "  name = One   \n"
                                "# why this provider\n"
                                "provider = acme\n"
                                "user = u\n"
                                "\n"
                                "; of two\n"
                                "[two]\n"
                                "provider = acme\n"
                                "enabled = yes\n"
                                "# end";

static void test_edits_keep_the_rest(void **state)
{
    struct fixture *f = *state;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_backends *set;

    put(f->path, commented, 0600);
    set = open_set(f);
    assert_int_equal(nube_backends_rename(set, "One", "Uno; #1", &err), 0);
    assert_string_equal(nube_backend_id(nube_backends_find(set, "Uno; #1")), "one");
    assert_null(nube_backends_find(set, "One"));
    assert_int_equal(nube_backends_enable(set, "one", 0, &err), 0);
    assert_int_equal(nube_backends_enable(set, "two", 0, &err), 0);
    assert_int_equal(nube_backends_rename(set, "two", "Due", &err), 0);
    assert_string_equal(content(f->path), "# top\n"
                                          "\n"
                                          "; of one\n"
                                          "[one]\n"
                                          "name = \"Uno; #1\"\n"
                                          "enabled = no\n"
                                          "# why this provider\n"
                                          "provider = acme\n"
                                          "user = u\n"
                                          "\n"
                                          "; of two\n"
                                          "[two]\n"
                                          "name = Due\n"
                                          "provider = acme\n"
                                          "enabled = no\n"
                                          "# end\n");
    /* An argument may belong to the set that is replaced. */
    assert_int_equal(
        nube_backends_remove(set, nube_backend_name(nube_backends_find(set, "one")), &err), 0);
    assert_string_equal(content(f->path), "# top\n"
                                          "\n"
                                          "; of one\n"
                                          "\n"
                                          "; of two\n"
                                          "[two]\n"
                                          "name = Due\n"
                                          "provider = acme\n"
                                          "enabled = no\n"
                                          "# end\n");
    assert_int_equal(nube_backends_count(set), 1);
    nube_backends_free(set);
}

/* Adding and removing leaves no growing gap. */
static void test_add_remove(void **state)
{
    struct fixture *f = *state;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_backends *set;

    put(f->path, "# top\n[one]\nprovider = acme\n", 0600);
    set = open_set(f);
    for (int i = 0; i < 3; i++) {
        add(set, "temporary", "user", "u");
        assert_int_equal(nube_backends_remove(set, "temporary", &err), 0);
    }
    assert_string_equal(content(f->path), "# top\n[one]\nprovider = acme\n");
    nube_backends_free(set);
}

static void test_names_are_unique(void **state)
{
    struct fixture *f = *state;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_backends *set;

    put(f->path, commented, 0600);
    set = open_set(f);
    assert_int_equal(nube_backends_add(set, "One", "acme", NULL, NULL, &err), NUBE_E_CONFLICT);
    assert_non_null(strstr(err.message, "One"));
    assert_int_equal(nube_backends_rename(set, "two", "One", &err), NUBE_E_CONFLICT);
    assert_int_equal(nube_backends_rename(set, "One", "One", &err), 0); /* its own */
    assert_int_equal(nube_backends_rename(set, "three", "Three", &err), NUBE_E_NOT_FOUND);
    assert_int_equal(nube_backends_enable(set, "three", 1, &err), NUBE_E_NOT_FOUND);
    assert_int_equal(nube_backends_remove(set, "three", &err), NUBE_E_NOT_FOUND);
    assert_int_equal(nube_backends_count(set), 2);
    nube_backends_free(set);
}

static void expect_refused(nube_backends *set, int code, const char *provider, const char *option,
                           const char *value, const char *what)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_args *args;

    nube_args_new(&args, NULL);
    nube_args_set(args, option, value);
    assert_int_equal(nube_backends_add(set, "x", provider, args, NULL, &err), code);
    if (!strstr(err.message, what))
        fail_msg("\"%s\" lacks \"%s\"", err.message, what);
    nube_args_free(args);
}

static void test_add_checks(void **state)
{
    struct fixture *f = *state;
    nube_backends *set = open_set(f);
    struct stat st;

    expect_refused(set, NUBE_E_NOT_FOUND, "nowhere", "user", "u", "nowhere");
    expect_refused(set, NUBE_E_USAGE, "acme", "usr", "u", "usr");
    expect_refused(set, NUBE_E_USAGE, "acme", "usr", "env:U", "usr");
    expect_refused(set, NUBE_E_USAGE, "acme", "port", "many", "port");
    expect_refused(set, NUBE_E_USAGE, "acme", "provider", "x", "provider");
    assert_int_equal(stat(f->path, &st), -1); /* nothing was written */
    add(set, "referred", "port", "env:PORT"); /* its type is seen when it is resolved */
    nube_backends_free(set);
}

static void add_fifty(struct fixture *f, char which)
{
    nube_backends *set = open_set(f);
    char name[16];

    for (int i = 0; i < 50; i++) {
        snprintf(name, sizeof(name), "%c%d", which, i);
        add(set, name, "user", "u");
    }
    nube_backends_free(set);
}

static void test_two_writers(void **state)
{
    struct fixture *f = *state;
    nube_backends *set;
    char name[16];
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        add_fifty(f, 'c');
        _exit(0);
    }
    assert_true(pid > 0);
    add_fifty(f, 'p');
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    set = open_set(f);
    assert_int_equal(nube_backends_count(set), 100);
    for (int i = 0; i < 50; i++) {
        snprintf(name, sizeof(name), "c%d", i);
        assert_non_null(nube_backends_find(set, name));
    }
    nube_backends_free(set);
}

static int files_in(const char *path)
{
    DIR *dir = opendir(path);
    int n = 0;

    assert_non_null(dir);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

/* A crash before the rename leaves the old file and a torn new one beside it. */
static void test_crash(void **state)
{
    struct fixture *f = *state;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_backends *set;
    struct rlimit limit, full;
    char torn[128];
    int files;

    put(f->path, commented, 0600);
    snprintf(torn, sizeof(torn), "%s.Ab12Cd", f->path);
    put(torn, "[one]\nprov", 0600);
    set = open_set(f);
    assert_int_equal(nube_backends_count(set), 2);
    add(set, "three", NULL, NULL);
    assert_int_equal(nube_backends_count(set), 3);
    assert_string_equal(content(torn), "[one]\nprov");

    /* A full disk: file and set stay as they were, and nothing new is left beside them. */
    files = files_in(f->dir);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    full = limit;
    full.rlim_cur = 16;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
    assert_int_equal(nube_backends_remove(set, "three", &err), NUBE_E_SYSTEM);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(nube_backends_count(set), 3);
    assert_non_null(strstr(content(f->path), "name = three\n"));
    assert_int_equal(files_in(f->dir), files);
    nube_backends_free(set);
}

/* Whichever allocation fails, the error says so and the file is whole. */
static void test_out_of_memory(void **state)
{
    struct fixture *f = *state;
    nube_args *args;
    int rc = NUBE_E_MEMORY;
    long n = 0;

    put(f->path, commented, 0600);
    nube_args_new(&args, NULL);
    nube_args_set(args, "password", " odd;");
    while (rc) {
        struct nube_error err = NUBE_ERROR_INIT;
        nube_backends *set;

        fail_in = ++n;
        rc = nube_backends_open(&set, f->lib, f->path, &err);
        if (!rc) {
            rc = nube_backends_add(set, "three", "acme", args, NULL, &err);
            if (!rc)
                rc = nube_backends_rename(set, "three", "Three", &err);
        }
        fail_in = 0;
        if (rc && rc != NUBE_E_MEMORY)
            fail_msg("allocation %ld: %s", n, err.message);
        nube_backends_free(set);
        set = open_set(f);
        if (rc && nube_backends_find(set, "three"))
            assert_int_equal(nube_backends_remove(set, "three", NULL), 0);
        nube_backends_free(set);
    }
    assert_true(n > 20);
    nube_args_free(args);
}

/* ---- References ---------------------------------------------------------------------------- */

static const char *resolved(struct fixture *f, nube_args **args, const char *value)
{
    struct nube_error err = NUBE_ERROR_INIT;

    nube_args_new(args, NULL);
    if (nube_reference_resolve(*args, f->lib, "password", value, NUBE_E_AUTH, &err))
        fail_msg("%s", err.message);
    return nube_args_get(*args, "password");
}

static void resolves(struct fixture *f, const char *value, const char *want)
{
    nube_args *args;

    assert_string_equal(resolved(f, &args, value), want);
    nube_args_free(args);
}

static void unresolved(struct fixture *f, const char *value, int code, const char *what)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_args *args;

    nube_args_new(&args, NULL);
    assert_int_equal(nube_reference_resolve(args, f->lib, "password", value, NUBE_E_AUTH, &err),
                     code);
    if (!strstr(err.message, "password") || !strstr(err.message, what))
        fail_msg("\"%s\" lacks \"%s\"", err.message, what);
    assert_null(strstr(err.message, "hunter2"));
    assert_int_equal(nube_args_count(args), 0);
    nube_args_free(args);
}

static void test_references(void **state)
{
    struct fixture *f = *state;
    char file[96], value[128];

    f->env[0][0] = "HOME";
    f->env[0][1] = f->dir;
    f->env[1][0] = "ACME_PASSWORD";
    f->env[1][1] = " hunter2";
    snprintf(file, sizeof(file), "%s/secret", f->dir);
    put(file, "line one\nline two\r\n", 0600);
    snprintf(value, sizeof(value), "file:%s", file);
    resolves(f, "plain", "plain");
    resolves(f, "env:ACME_PASSWORD", " hunter2");
    resolves(f, value, "line one\nline two");
    resolves(f, "file:~/secret", "line one\nline two");
    resolves(f, "text:env:NAME", "env:NAME");
    resolves(f, "command:printf %s-%s a 'b  c'", "a-b  c");
    resolves(f, "command: printf  \"%s\\n\"  \"a \\\"q\\\" $HOME;ls\"\\ z ", "a \"q\" $HOME;ls z");
}

static void test_missing_references(void **state)
{
    struct fixture *f = *state;

    unresolved(f, "env:NOT_THERE", NUBE_E_AUTH, "env:NOT_THERE");
    unresolved(f, "file:/nonexistent/secret", NUBE_E_AUTH, "file:/nonexistent/secret");
    unresolved(f, "file:secret", NUBE_E_USAGE, "must begin with");
    unresolved(f, "command:nube-no-such-program --pass hunter2", NUBE_E_AUTH, "no such program");
    unresolved(f, "command:sh -c 'exit 3' hunter2", NUBE_E_AUTH, "it failed");
    unresolved(f, "command:sh -c 'echo locked >&2; exit 3'", NUBE_E_AUTH, "locked");
    unresolved(f, "command:", NUBE_E_USAGE, "no program");
    unresolved(f, "command:echo 'x hunter2", NUBE_E_USAGE, "quotation");
    unresolved(f, "command:true", NUBE_E_AUTH, "empty");
}

/* A reference is written as it is, shown as it is, and looked behind only when connecting. */
static void test_reference_in_file(void **state)
{
    struct fixture *f = *state;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_backends *set = open_set(f);
    const char *value;
    nube_conn *conn;
    int secret;

    add(set, "one", "password", "env:NOT_THERE");
    assert_non_null(strstr(content(f->path), "password = env:NOT_THERE\n"));
    nube_backend_option(nube_backends_at(set, 0), 0, &value, &secret);
    assert_string_equal(value, "env:NOT_THERE");
    assert_false(secret);
    assert_int_equal(nube_backend_connect(&conn, set, nube_backends_at(set, 0), &err), NUBE_E_AUTH);
    assert_null(conn);
    assert_string_equal(err.backend, "one");
    assert_non_null(strstr(err.message, "password: env:NOT_THERE"));
    add(set, "two", "user", "env:NOT_THERE");
    assert_int_equal(nube_backend_connect(&conn, set, nube_backends_find(set, "two"), &err),
                     NUBE_E_USAGE);
    nube_backends_free(set);
}

/* Without its driver nobody knows what is secret, so all of it is. */
static void test_missing_driver(void **state)
{
    struct fixture *f = *state;
    const char *value;
    nube_backends *set;
    int secret = 0;

    put(f->path, "[a]\nprovider = gone\nuser = u\n", 0600);
    set = open_set(f);
    assert_string_equal(nube_backend_option(nube_backends_at(set, 0), 0, &value, &secret), "user");
    assert_true(secret);
    nube_backends_free(set);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_add_and_read),
        TEST(test_odd_values),
        TEST(test_odd_names),
        TEST(test_by_hand),
        TEST(test_bad_lines),
        TEST(test_permissions),
        TEST(test_path),
        TEST(test_symlink),
        TEST(test_edits_keep_the_rest),
        TEST(test_add_remove),
        TEST(test_names_are_unique),
        TEST(test_add_checks),
        TEST(test_two_writers),
        TEST(test_crash),
        TEST(test_out_of_memory),
        TEST(test_references),
        TEST(test_missing_references),
        TEST(test_reference_in_file),
        TEST(test_missing_driver),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
