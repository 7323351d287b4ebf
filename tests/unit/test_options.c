/* Options and arguments: sets under construction, and their check against a driver's tables. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "error_int.h"
#include "options.h"
#include "pattern.h"

static struct nube_option rows[] = {
    {.name = "host", .flags = NUBE_OPTION_REQUIRED, .alias = "address"},
    {.name = "secret", .flags = NUBE_OPTION_SECRET, .pattern = "[a-z]+"},
    {.name = "port", .type = NUBE_TYPE_INT, .min = 1, .max = 65535},
    {.name = "name", .op = NUBE_OP_NODE_CREATE, .pattern = "[a-z][a-z0-9-]*|_"},
    {.name = "memory",
     .op = NUBE_OP_NODE_CREATE,
     .type = NUBE_TYPE_BYTES,
     .min = 4096,
     .max = INT64_MAX},
    {.name = "cpus", .op = NUBE_OP_NODE_CREATE, .type = NUBE_TYPE_NUMBER},
    {.name = "timeout", .op = NUBE_OP_NODE_CREATE, .type = NUBE_TYPE_DURATION},
    {.name = "pull",
     .op = NUBE_OP_NODE_CREATE,
     .type = NUBE_TYPE_CHOICE,
     .choices = "always|never"},
    {.name = "tty", .op = NUBE_OP_NODE_CREATE, .type = NUBE_TYPE_BOOL},
    {.name = "key", .op = NUBE_OP_NODE_CREATE, .type = NUBE_TYPE_LIST},
    {.name = "tag", .op = NUBE_OP_NODE_CREATE, .type = NUBE_TYPE_PAIR},
    {.name = "user_data", .op = NUBE_OP_NODE_CREATE, .type = NUBE_TYPE_DATA},
    {.name = "note", .op = NUBE_OP_NODE_CREATE, .flags = NUBE_OPTION_MULTILINE, .max_len = 10},
    {.name = "signal", .op = NUBE_OP_NODE_ACTION, .action = "kill"},
};
static struct nube_driver_info driver = {
    .name = (char *)"acme", .options = rows, .n_options = sizeof(rows) / sizeof(*rows)};

static struct nube_arena arena;
static struct nube_checked_set set;
static struct nube_error err = NUBE_ERROR_INIT;
static nube_args *args;

static int setup(void **state)
{
    (void)state;
    memset(&arena, 0, sizeof(arena));
    nube_error_clear(&err);
    driver.patterns = nube_patterns_new();
    return driver.patterns ? nube_args_new(&args, NULL) : -1;
}

static int teardown(void **state)
{
    (void)state;
    nube_args_free(args);
    nube_arena_free(&arena);
    nube_patterns_free(driver.patterns);
    driver.patterns = NULL;
    return 0;
}

static int check(enum nube_op op)
{
    return nube_options_check(&set, &arena, &driver, op, NULL, args, 0, &err);
}

static void says(const char *part)
{
    if (!strstr(err.message, part))
        fail_msg("\"%s\" is not in: %s", part, err.message);
}

/* A new set with one argument of a create. */
static int create_with(const char *name, const char *value)
{
    nube_args_free(args);
    assert_int_equal(nube_args_new(&args, NULL), 0);
    nube_args_set(args, name, value);
    return check(NUBE_OP_NODE_CREATE);
}

static void values_of_all_types_arrive(void **state)
{
    (void)state;
    nube_args_set(args, "name", "web-1");
    nube_args_set(args, "memory", "1.5G");
    nube_args_set(args, "cpus", "0.5");
    nube_args_set(args, "timeout", "5m");
    nube_args_set(args, "pull", "never");
    nube_args_set_bool(args, "tty", 1);
    nube_args_set(args, "key", "a");
    nube_args_set(args, "key", "b");
    nube_args_set_pair(args, "tag", "a=b", "c=d");
    nube_args_set(args, "tag", "x=y=z");
    nube_args_set_data(args, "user_data", "\0\n\xff", 3);
    nube_args_set(args, "note", "two\nlines");
    assert_int_equal(check(NUBE_OP_NODE_CREATE), 0);
    assert_string_equal(nube_checked_get(&set, "name")->text, "web-1");
    assert_int_equal(nube_checked_get(&set, "memory")->num, 1610612736);
    assert_true(nube_checked_get(&set, "cpus")->real == 0.5);
    assert_int_equal(nube_checked_get(&set, "timeout")->num, 300000);
    assert_int_equal(nube_checked_get(&set, "tty")->num, 1);
    assert_int_equal(nube_checked_count(&set, "key"), 2);
    assert_string_equal(nube_checked_at(&set, "key", 1)->text, "b");
    assert_null(nube_checked_at(&set, "key", 2));
    assert_string_equal(nube_checked_at(&set, "tag", 0)->key, "a=b");
    assert_string_equal(nube_checked_at(&set, "tag", 0)->text, "c=d");
    assert_string_equal(nube_checked_at(&set, "tag", 1)->key, "x");
    assert_string_equal(nube_checked_at(&set, "tag", 1)->text, "y=z");
    assert_int_equal(nube_checked_get(&set, "user_data")->len, 3);
    assert_memory_equal(nube_checked_get(&set, "user_data")->text, "\0\n\xff", 4);
    assert_null(nube_checked_get(&set, "pulll"));
}

static void unknown_names_get_the_nearest(void **state)
{
    (void)state;
    assert_int_equal(create_with("memroy", "1G"), NUBE_E_UNSUPPORTED);
    says("\"memroy\"");
    says("did you mean \"memory\"?");
    assert_int_equal(create_with("colour", "red"), NUBE_E_UNSUPPORTED);
    assert_null(strstr(err.message, "did you mean"));
    assert_int_equal(create_with("why", "x"), NUBE_E_UNSUPPORTED); /* two of three letters of tty */
    assert_null(strstr(err.message, "did you mean"));
    nube_args_free(args);
    nube_args_new(&args, NULL);
    nube_args_set(args, "hots", "h");
    assert_int_equal(check(NUBE_OP_NONE), NUBE_E_USAGE);
    says("did you mean \"host\"?");
}

static void wrong_values_are_named_with_what_is_accepted(void **state)
{
    static const struct {
        const char *name, *value, *says;
    } bad[] = {
        {"memory", "lots", "\"lots\" is not a quantity of bytes"},
        {"memory", "1K", "4096 to"},
        {"memory", "99999999T", "quantity"},
        {"cpus", "1,5", "a number"},
        {"cpus", "nan", "a number"},
        {"timeout", "5 minutes", "a time"},
        {"pull", "alw", "one of always|never"},
        {"pull", "", "one of always|never"},
        {"pull", "always|never", "one of"},
        {"tty", "maybe", "yes or no"},
        {"tag", "novalue", "name=value"},
        {"tag", "=v", "name=value"},
        {"name", "Web", "[a-z][a-z0-9-]*|_"},
        {"name", "web_1", "of the form"},
        {"name", "web\r\nX: y", "line break"},
        {"note", "12345678901", "too long: 11 octets, at most 10"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        assert_int_equal(create_with(bad[i].name, bad[i].value), NUBE_E_USAGE);
        assert_int_equal(set.count, 0);
        says(bad[i].name);
        says(bad[i].says);
    }
}

static void limits_of_integers(void **state)
{
    static const char *const bad[] = {"0", "65536", "", "8 ", "0x50", "99999999999999999999",
                                      "-", "1.0"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        nube_args_free(args);
        nube_args_new(&args, NULL);
        nube_args_set(args, "port", bad[i]);
        assert_int_equal(check(NUBE_OP_NONE), NUBE_E_USAGE);
        says("port");
    }
    nube_args_free(args);
    nube_args_new(&args, NULL);
    nube_args_set_int(args, "port", 65535);
    assert_int_equal(check(NUBE_OP_NONE), 0);
    assert_int_equal(nube_checked_get(&set, "port")->num, 65535);
}

static void hostile_text_is_refused(void **state)
{
    char *huge = malloc((1 << 20) + 1);

    (void)state;
    assert_non_null(huge);
    memset(huge, 'a', 1 << 20);
    huge[1 << 20] = '\0';
    assert_int_equal(create_with("name", huge), NUBE_E_USAGE);
    says("\"name\" is too long: 1048576 octets, at most 4096");
    assert_int_equal(create_with(huge, "x"), NUBE_E_UNSUPPORTED);
    free(huge);
    nube_args_free(args);
    nube_args_new(&args, NULL);
    nube_args_set_data(args, "name", "a\0b", 3);
    assert_int_equal(check(NUBE_OP_NODE_CREATE), NUBE_E_USAGE);
    says("\"name\" holds a NUL");
}

static void secrets_are_not_shown_and_zeroed(void **state)
{
    (void)state;
    nube_args_set(args, "secret", "HUNTER2");
    assert_int_equal(check(NUBE_OP_NONE), NUBE_E_USAGE);
    assert_null(strstr(err.message, "HUNTER"));
    says("\"secret\"");
    assert_true(arena.secret);
}

static void a_scalar_comes_once_under_all_its_names(void **state)
{
    (void)state;
    nube_args_set(args, "host", "a");
    nube_args_set(args, "address", "b");
    assert_int_equal(check(NUBE_OP_NONE), NUBE_E_USAGE);
    says("\"host\" is given twice");
    nube_args_free(args);
    nube_args_new(&args, NULL);
    nube_args_set(args, "address", "b");
    assert_int_equal(check(NUBE_OP_NONE), 0);
    assert_string_equal(nube_checked_get(&set, "host")->text, "b");
}

static void required_ones_are_required_when_asked(void **state)
{
    (void)state;
    assert_int_equal(nube_options_check(&set, &arena, &driver, NUBE_OP_NONE, NULL, NULL, 0, &err),
                     0);
    assert_int_equal(nube_options_check(&set, &arena, &driver, NUBE_OP_NONE, NULL, NULL, 1, &err),
                     NUBE_E_USAGE);
    says("\"host\" is required");
    nube_args_set(args, "host", "");
    assert_int_equal(nube_options_check(&set, &arena, &driver, NUBE_OP_NONE, NULL, args, 1, &err),
                     NUBE_E_USAGE);
    says("may not be empty");
}

static void actions_have_arguments_of_their_own(void **state)
{
    (void)state;
    nube_args_set(args, "signal", "TERM");
    assert_int_equal(
        nube_options_check(&set, &arena, &driver, NUBE_OP_NODE_ACTION, "kill", args, 1, &err), 0);
    assert_int_equal(
        nube_options_check(&set, &arena, &driver, NUBE_OP_NODE_ACTION, "pause", args, 1, &err),
        NUBE_E_UNSUPPORTED);
}

static void lists_take_filters(void **state)
{
    (void)state;
    nube_args_set(args, "search", "web");
    nube_args_set(args, "tag", "env=prod");
    nube_args_set(args, "state", "running");
    assert_int_equal(check(NUBE_OP_NODE_LIST), 0);
    assert_string_equal(nube_checked_get(&set, "tag")->key, "env");
    assert_int_equal(check(NUBE_OP_IMAGE_LIST), NUBE_E_UNSUPPORTED);
    assert_int_equal(check(NUBE_OP_NODE_CREATE), NUBE_E_UNSUPPORTED);
    assert_null(nube_filter_row(NUBE_OP_NODE_GET, "id"));
}

static void errors_of_a_set_wait_for_its_use(void **state)
{
    nube_args *copy;

    (void)state;
    nube_args_set(args, "host", NULL);
    assert_int_equal(nube_args_count(args), 0);
    nube_args_set(args, "", "value");
    nube_args_set(args, "host", "h");
    assert_int_equal(nube_args_copy(&copy, args, &err), 0);
    assert_int_equal(nube_args_status(copy, &err), NUBE_E_USAGE);
    nube_args_free(copy);
    assert_int_equal(check(NUBE_OP_NONE), NUBE_E_USAGE);
    says("no name");
}

static void command_line_text_is_split(void **state)
{
    (void)state;
    assert_int_equal(nube_args_parse(args, "host=a=b", &err), 0);
    assert_string_equal(nube_args_get(args, "host"), "a=b");
    assert_int_equal(nube_args_parse(args, "port=", &err), 0);
    assert_string_equal(nube_args_get(args, "port"), "");
    assert_int_equal(nube_args_parse(args, "hunter2", &err), NUBE_E_USAGE);
    assert_null(strstr(err.message, "hunter2"));
    assert_int_equal(nube_args_parse(args, "=x", &err), NUBE_E_USAGE);
    assert_int_equal(nube_args_count(args), 2);
    assert_null(nube_args_get(args, "secret"));
    assert_null(nube_args_value(args, 2, NULL));
}

static void quantities_are_exact(void **state)
{
    static const struct {
        const char *text;
        int64_t value; /* -1: refused */
    } want[] = {
        {"0", 0},
        {"1000000", 1000000},
        {"512M", INT64_C(512) << 20},
        {"4GiB", INT64_C(4) << 30},
        {"4gb", INT64_C(4) << 30},
        {"1.5G", 1610612736},
        {"0.25k", 256},
        {"10B", 10},
        {"8388607T", INT64_C(8388607) << 40},
        {"8388608T", -1},
        {"9223372036854775807", INT64_MAX},
        {"9223372036854775808", -1},
        {"1.5", -1},
        {"-1", -1},
        {".5G", -1},
        {"1.G", -1},
        {"1Gi", -1},
        {"1 G", -1},
        {"1X", -1},
        {"", -1},
    };
    size_t i;
    int64_t v;

    (void)state;
    for (i = 0; i < sizeof(want) / sizeof(*want); i++) {
        int rc = nube_parse_bytes(want[i].text, &v);

        if ((rc == 0) != (want[i].value >= 0) || (rc == 0 && v != want[i].value))
            fail_msg("\"%s\" gives %d, %lld", want[i].text, rc, (long long)v);
    }
}

static void durations_are_milliseconds(void **state)
{
    static const struct {
        const char *text;
        int64_t value;
    } want[] = {{"500ms", 500}, {"30s", 30000},  {"30", 30000}, {"1.5", 1500},
                {"5m", 300000}, {"2h", 7200000}, {"0", 0},      {"-1s", -1},
                {"5min", -1},   {"1.5ms", -1},   {"", -1},      {"ms", -1}};
    size_t i;
    int64_t v;

    (void)state;
    for (i = 0; i < sizeof(want) / sizeof(*want); i++) {
        int rc = nube_parse_duration(want[i].text, &v);

        if ((rc == 0) != (want[i].value >= 0) || (rc == 0 && v != want[i].value))
            fail_msg("\"%s\" gives %d, %lld", want[i].text, rc, (long long)v);
    }
}

static void integers_reach_both_ends(void **state)
{
    int64_t v;

    (void)state;
    assert_int_equal(nube_parse_int("-9223372036854775808", &v), 0);
    assert_true(v == INT64_MIN);
    assert_int_equal(nube_parse_int("9223372036854775807", &v), 0);
    assert_true(v == INT64_MAX);
    assert_int_equal(nube_parse_int("9223372036854775808", &v), -1);
    assert_int_equal(nube_parse_int("-9223372036854775809", &v), -1);
    assert_int_equal(nube_parse_int("+7", &v), 0);
    assert_int_equal(v, 7);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_of_all_types_arrive),
        TEST(unknown_names_get_the_nearest),
        TEST(wrong_values_are_named_with_what_is_accepted),
        TEST(limits_of_integers),
        TEST(hostile_text_is_refused),
        TEST(secrets_are_not_shown_and_zeroed),
        TEST(a_scalar_comes_once_under_all_its_names),
        TEST(required_ones_are_required_when_asked),
        TEST(actions_have_arguments_of_their_own),
        TEST(lists_take_filters),
        TEST(errors_of_a_set_wait_for_its_use),
        TEST(command_line_text_is_split),
        TEST(quantities_are_exact),
        TEST(durations_are_milliseconds),
        TEST(integers_reach_both_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
