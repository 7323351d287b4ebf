/* The loader over modules that are built here: what is loaded, what is refused, and the reason that
 * is given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "error_int.h"
#include "lib_int.h"
#include "loader.h"
#include "service.h"

static char root[64]; /* of this run, 0700 */

/* "ROOT/dir/file"; a few at a time. */
static const char *at(const char *dir, const char *file)
{
    static char path[4][256];
    static unsigned turn;
    char *p = path[turn++ % 4];

    snprintf(p, sizeof(path[0]), "%s/%s%s%s", root, dir, *file ? "/" : "", file);
    return p;
}

static void make_dir(const char *dir)
{
    assert_int_equal(mkdir(at(dir, ""), 0755), 0);
    assert_int_equal(chmod(at(dir, ""), 0755), 0);
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_int_equal(chmod(path, 0644), 0);
}

static void run(const char *const *argv)
{
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* The directory of this file, from where the headers are found. */
static const char *here(void)
{
    static char dir[256];
    char *slash;

    snprintf(dir, sizeof(dir), "%s", __FILE__);
    slash = strrchr(dir, '/');
    if (slash)
        *slash = '\0';
    return slash ? dir : ".";
}

/* A module of one source text; lazy: built so that undefined functions are found only when called.
 */
static void build(const char *dir, const char *name, const char *source)
{
    const char *cc = getenv("CC") ? getenv("CC") : "cc";
    char out[256], c_file[256], public_dir[512], core_dir[512];
    const char *argv[] = {cc,       "-shared", "-fPIC", "-Wl,-z,lazy", public_dir,
                          core_dir, "-o",      out,     c_file,        NULL};

    snprintf(out, sizeof(out), "%s/%s/%s.so", root, dir, name);
    snprintf(c_file, sizeof(c_file), "%s/%s.c", root, name);
    snprintf(public_dir, sizeof(public_dir), "-I%s/../../include", here());
    snprintf(core_dir, sizeof(core_dir), "-I%s/../../core", here());
    write_file(c_file, source);
    run(argv);
    assert_int_equal(chmod(out, 0755), 0);
}

#define DRIVER(name, title)                                                                        \
    "#include <nube/driver/driver.h>\n"                                                            \
    "static enum nube_step s(nube_call *c, const nube_reply *r)"                                   \
    "{ (void)c; (void)r; return NUBE_DONE; }\n"                                                    \
    "static const struct nube_op_row ops[] = {{NUBE_OP_NODE_LIST, 0, s}};\n"                       \
    "static const struct nube_provider_row p[] = {{\"" name "_here\", \"" title "\", 0, 0, 0}};\n" \
    "static const struct nube_driver d = {.size = sizeof(d), .name = \"" name                      \
    "\", .title = \"" title "\", .ops = NUBE_TABLE(ops), .providers = NUBE_TABLE(p)};\n"           \
    "NUBE_DRIVER(d)\n"

#define SERVICE(name, build)                                                                       \
    "#include \"service.h\"\n"                                                                     \
    "const struct nube_service_module *nube_service_v0(const struct nube_host *h);\n"              \
    "static const struct nube_service_module m = {sizeof(m), " build ", \"" name                   \
    "\", \"1\", &m};\n"                                                                            \
    "const struct nube_service_module *nube_service_v0(const struct nube_host *h)\n"               \
    "{ return h->build && h->loop && h->alloc ? &m : 0; }\n"

static int set_up(void **state)
{
    (void)state;
    snprintf(root, sizeof(root), "/tmp/nube-loader-XXXXXX");
    assert_non_null(mkdtemp(root));
    make_dir("a");
    make_dir("b");
    make_dir("open");
    make_dir("services");
    build("a", "good", DRIVER("good", "Good"));
    build("b", "good", DRIVER("good", "Second"));
    build("b", "other", DRIVER("other", "Other"));
    build("a", "wrong", DRIVER("else", "Else"));
    build("a", "hollow", "int nothing(void); int nothing(void) { return 1; }\n");
    build("a", "undefined",
          "int missing_function(void); const void *nube_driver_v0(unsigned v);\n"
          "const void *nube_driver_v0(unsigned v) { return v ? 0 : (void "
          "*)(long)missing_function(); }\n");
    build("a", "declines",
          "const void *nube_driver_v0(unsigned v);\n"
          "const void *nube_driver_v0(unsigned v) { return v ? 0 : &v; }\n");
    write_file(
        at("a", "text.so"),
        "This is not a module, and it is longer than the header that every module begins with.\n");
    build("services", "http", SERVICE("http", "NUBE_SERVICE_BUILD"));
    build("services", "crypto", SERVICE("crypto", "NUBE_SERVICE_BUILD + 6"));
    return 0;
}

static int tear_down(void **state)
{
    const char *argv[] = {"rm", "-rf", root, NULL};

    (void)state;
    run(argv);
    return 0;
}

static nube_lib *open_lib(const char *drivers, const char *services)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_lib *lib;

    hooks.driver_path = drivers;
    hooks.service_path = services;
    if (nube_lib_open(&lib, &hooks, &err))
        fail_msg("%s", err.message);
    return lib;
}

/* Loading fails with NUBE_E_DRIVER and a message that has both texts. */
static void refused(const char *path, const char *name, const char *one, const char *two)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_lib *lib = open_lib(path, NULL);
    const nube_driver_info *d;

    assert_int_equal(nube_driver_load(&d, lib, name, &err), NUBE_E_DRIVER);
    assert_null(d);
    if (!strstr(err.message, one) || !strstr(err.message, two))
        fail_msg("\"%s\" lacks \"%s\" or \"%s\"", err.message, one, two);
    nube_lib_free(lib);
}

static void test_loads(void **state)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_lib *lib = open_lib(at("a", ""), NULL), *again = open_lib(at("a", ""), NULL);
    const nube_driver_info *d, *same;
    nube_step_fn step;

    (void)state;
    assert_int_equal(nube_driver_load(&d, lib, "good", &err), 0);
    assert_string_equal(nube_driver_title(d), "Good");
    assert_string_equal(nube_driver_file(d), at("a", "good.so"));
    assert_true(nube_driver_can(d, NUBE_OP_NODE_LIST));
    assert_int_equal(nube_driver_load(&same, lib, "good", &err), 0);
    assert_ptr_equal(same, d);
    assert_int_equal(nube_driver_load(&d, again, "good", &err), 0);
    nube_lib_free(lib);
    assert_string_equal(nube_driver_title(d),
                        "Good"); /* its module is not gone with the other handle */
    step = d->ops[NUBE_OP_NODE_LIST].step;
    nube_lib_free(again);
    assert_int_equal(step(NULL, NULL), NUBE_DONE); /* modules stay mapped */
}

static void test_order(void **state)
{
    char both[256];
    struct nube_error err = NUBE_ERROR_INIT;
    const nube_driver_info *d;
    nube_lib *lib;

    (void)state;
    snprintf(both, sizeof(both), "%s:%s", at("b", ""), at("a", ""));
    lib = open_lib(both, NULL);
    assert_int_equal(nube_driver_load(&d, lib, "good", &err), 0);
    assert_string_equal(nube_driver_title(d), "Second");
    nube_lib_free(lib);

    setenv("NUBE_DRIVER_PATH", at("a", ""), 1);
    lib = open_lib(at("b", ""), NULL); /* the application's path comes first */
    assert_int_equal(nube_driver_load(&d, lib, "good", &err), 0);
    assert_string_equal(nube_driver_title(d), "Second");
    nube_lib_free(lib);
    lib = open_lib(NULL, NULL);
    assert_int_equal(nube_driver_load(&d, lib, "good", &err), 0);
    assert_string_equal(nube_driver_title(d), "Good");
    nube_lib_free(lib);
    unsetenv("NUBE_DRIVER_PATH");
    refused(NULL, "other", "no driver other", "other.so");
}

/* ~/.local/lib/nube/0/drivers is a person's own. */
static void test_home(void **state)
{
    const char *old = getenv("HOME");
    char kept[256], own[256];
    struct nube_error err = NUBE_ERROR_INIT;
    const nube_driver_info *d;
    nube_lib *lib;

    (void)state;
    snprintf(kept, sizeof(kept), "%s", old ? old : "/");
    make_dir("home");
    make_dir("home/.local");
    make_dir("home/.local/lib");
    make_dir("home/.local/lib/nube");
    make_dir("home/.local/lib/nube/0");
    make_dir("home/.local/lib/nube/0/drivers");
    snprintf(own, sizeof(own), "%s", at("home/.local/lib/nube/0/drivers", "other.so"));
    run((const char *const[]){"cp", at("b", "other.so"), own, NULL});
    setenv("HOME", at("home", ""), 1);
    lib = open_lib(NULL, NULL);
    assert_int_equal(nube_driver_load(&d, lib, "other", &err), 0);
    assert_string_equal(nube_driver_file(d), own);
    nube_lib_free(lib);
    setenv("HOME", kept, 1);
}

static void test_not_there(void **state)
{
    char path[256], where[256];

    (void)state;
    snprintf(path, sizeof(path), "%s:%s:relative", at("a", ""), at("b", ""));
    snprintf(where, sizeof(where), "%s, %s", at("a", "nope.so"), at("b", "nope.so"));
    refused(path, "nope", "no driver nope", where);
    refused(path, "nope", "relative/nope.so (not an absolute path)", "/nube/0/drivers/nope.so");
}

static void test_name_rule(void **state)
{
    static const char *const bad[] = {"", "../a/good", "Good", "good.so", "a/good", "g ood"};
    nube_lib *lib = open_lib(at("a", ""), NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct nube_error err = NUBE_ERROR_INIT;
        const nube_driver_info *d;

        assert_int_equal(nube_driver_load(&d, lib, bad[i], &err), NUBE_E_USAGE);
    }
    nube_lib_free(lib);
}

/* Whoever could replace the file could run code here. */
static void test_distrusted(void **state)
{
    char link[256];

    (void)state;
    run((const char *const[]){"cp", at("b", "good.so"), at("open", "mine.so"), NULL});
    assert_int_equal(chmod(at("open", "mine.so"), 0775), 0);
    refused(at("open", ""), "mine", at("open", "mine.so"), "chmod go-w");
    assert_int_equal(chmod(at("open", "mine.so"), 0757), 0);
    refused(at("open", ""), "mine", "mine.so", "chmod go-w");
    snprintf(link, sizeof(link), "%s", at("open", "linked.so"));
    assert_int_equal(symlink(at("b", "good.so"), link), 0);
    refused(at("open", ""), "linked", link, "symbolic link");
    make_dir("open/folder.so");
    refused(at("open", ""), "folder", "folder.so", "not a regular file");

    assert_int_equal(chmod(at("open", "mine.so"), 0755), 0);
    assert_int_equal(chmod(at("open", ""), 0777), 0);
    refused(at("open", ""), "mine", "its directory", "chmod go-w");
    assert_int_equal(chmod(at("open", ""), 0755), 0);
}

/* A bad file is not passed over in silence for a good one further on. */
static void test_no_falling_through(void **state)
{
    char path[256];

    (void)state;
    run((const char *const[]){"cp", at("a", "text.so"), at("open", "good.so"), NULL});
    snprintf(path, sizeof(path), "%s:%s", at("open", ""), at("a", ""));
    refused(path, "good", at("open", "good.so"), "ELF");
    assert_int_equal(unlink(at("open", "good.so")), 0);
}

static void test_true_reason(void **state)
{
    (void)state;
    refused(at("a", ""), "undefined", at("a", "undefined.so"),
            "undefined symbol: missing_function");
    refused(at("a", ""), "hollow", at("a", "hollow.so"), "nube_driver_v0");
    refused(at("a", ""), "text", at("a", "text.so"), "ELF");
    refused(at("a", ""), "declines", at("a", "declines.so"), "declines Nube");
    refused(at("a", ""), "wrong", at("a", "wrong.so"), "must be called else.so");
}

/* libltdl would prefer a .la file and load what it names. */
static void test_la_ignored(void **state)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const nube_driver_info *d;
    nube_lib *lib;
    char text[512];

    (void)state;
    snprintf(text, sizeof(text),
             "# good.la - a libtool library file\ndlname='good.so'\nlibrary_names='good.so'\n"
             "old_library=''\ndependency_libs=''\ncurrent=0\nage=0\nrevision=0\ninstalled=yes\n"
             "shouldnotlink=yes\ndlopen=''\ndlpreopen=''\nlibdir='%s'\n",
             at("b", ""));
    write_file(at("a", "good.la"), text);
    write_file(at("a", "good.so.la"), text);
    lib = open_lib(at("a", ""), NULL);
    assert_int_equal(nube_driver_load(&d, lib, "good", &err), 0);
    assert_string_equal(nube_driver_title(d), "Good");
    nube_lib_free(lib);
    write_file(at("a", "lonely.la"), text);
    refused(at("a", ""), "lonely", "no driver lonely", "lonely.so");
}

/* Listing reads names only; the catalogue loads, and leaves out with a warning what cannot be
 * loaded. */
static int warnings;
static char warned[4096];

static void hear(void *payload, int level, const char *line)
{
    size_t len = strlen(warned);

    (void)payload;
    if (level != NUBE_LOG_WARN)
        return;
    warnings++;
    snprintf(warned + len, sizeof(warned) - len, "%s\n", line);
}

static void test_list(void **state)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    struct nube_error err = NUBE_ERROR_INIT;
    const char *id, *title, *driver;
    char path[256], all[512] = "";
    nube_lib *lib;
    int n;

    (void)state;
    write_file(at("b", "README"), "");
    write_file(at("b", "Upper.so"), "");
    snprintf(path, sizeof(path), "%s:%s", at("b", ""), at("a", ""));
    hooks.driver_path = path;
    hooks.log = hear;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    n = nube_driver_count(lib, &err);
    for (int i = 0; i < n; i++) {
        strncat(all, nube_driver_name(lib, i), sizeof(all) - strlen(all) - 2);
        strncat(all, " ", 2);
    }
    assert_string_equal(all, "declines good hollow other text undefined wrong ");
    assert_int_equal(warnings, 0);
    assert_int_equal(nube_provider_count(lib, &err), 2);
    assert_int_equal(warnings, 5);
    assert_non_null(strstr(warned, "undefined symbol: missing_function"));
    assert_int_equal(nube_provider_count(lib, &err), 2);
    assert_int_equal(warnings, 5); /* once each */
    assert_int_equal(nube_provider_at(lib, 0, &id, &title, &driver), 1);
    assert_string_equal(id, "good_here");
    assert_string_equal(title, "Second");
    assert_int_equal(nube_provider_at(lib, 1, &id, &title, &driver), 1);
    assert_string_equal(driver, "other");
    nube_lib_free(lib);
}

/* The error of the driver that is meant, not "no such provider". */
static void test_provider_of_broken_driver(void **state)
{
    struct nube_error err = NUBE_ERROR_INIT;
    const struct nube_driver_info *d;
    const struct nube_provider_row *row;
    nube_lib *lib = open_lib(at("a", ""), NULL);

    (void)state;
    assert_int_equal(nube_provider_find(lib, "undefined", &d, &row, &err), NUBE_E_DRIVER);
    assert_non_null(strstr(err.message, "missing_function"));
    assert_int_equal(nube_provider_find(lib, "good_here", &d, &row, &err), 0);
    assert_string_equal(row->title, "Good");
    nube_lib_free(lib);
}

static void test_services(void **state)
{
    struct nube_error err = NUBE_ERROR_INIT;
    nube_lib *lib = open_lib(NULL, at("services", ""));
    const void *http = nube_service_open(lib, NUBE_SERVICE_HTTP, &err);
    char builds[64];

    (void)state;
    if (!http)
        fail_msg("%s", err.message);
    assert_ptr_equal(nube_service_open(lib, NUBE_SERVICE_HTTP, &err), http);
    assert_null(nube_service_open(lib, NUBE_SERVICE_CRYPTO, &err));
    assert_int_equal(err.code, NUBE_E_DRIVER);
    snprintf(builds, sizeof(builds), "build %u, this library of build %u", NUBE_SERVICE_BUILD + 6,
             NUBE_SERVICE_BUILD);
    assert_non_null(strstr(err.message, builds));
    assert_null(nube_service_open(lib, NUBE_SERVICE_SSH, &err));
    assert_non_null(strstr(err.message, at("services", "ssh.so")));
    build("services", "ssh", SERVICE("yaml", "NUBE_SERVICE_BUILD"));
    assert_null(nube_service_open(lib, NUBE_SERVICE_SSH, &err));
    assert_non_null(strstr(err.message, "\"yaml\""));
    assert_null(nube_service_open(lib, NUBE_SERVICE_XML, &err)); /* no module: the core reads it */
    assert_non_null(strstr(err.message, "there is no service 4"));
    nube_lib_free(lib);

    setenv("NUBE_SERVICE_PATH", at("services", ""), 1);
    lib = open_lib(NULL, NULL);
    assert_non_null(nube_service_open(lib, NUBE_SERVICE_HTTP, &err));
    nube_lib_free(lib);
    unsetenv("NUBE_SERVICE_PATH");
}

/* Several threads ask one handle at once; each gets the same driver. */
static void *ask(void *lib)
{
    const nube_driver_info *d = NULL;

    nube_provider_count(lib, NULL);
    nube_driver_load(&d, lib, "good", NULL);
    return (void *)d;
}

static void test_threads(void **state)
{
    pthread_t thread[4];
    void *first = NULL, *got;
    nube_lib *lib = open_lib(at("a", ""), NULL);

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, ask, lib), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(thread[i], &got);
        assert_non_null(got);
        assert_true(!first || got == first);
        first = got;
    }
    nube_lib_free(lib);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loads),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_home),
        cmocka_unit_test(test_not_there),
        cmocka_unit_test(test_name_rule),
        cmocka_unit_test(test_distrusted),
        cmocka_unit_test(test_no_falling_through),
        cmocka_unit_test(test_true_reason),
        cmocka_unit_test(test_la_ignored),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_provider_of_broken_driver),
        cmocka_unit_test(test_services),
        cmocka_unit_test(test_threads),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
