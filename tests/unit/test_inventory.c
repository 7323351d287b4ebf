/* Inventories: which nodes and addresses are in, and what hosts are called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <nube/driver/driver.h>
#include <nube/inventory.h>

#include "arena.h"
#include "object_int.h"

static struct nube_arena arena;
static nube_inventory *inv;
static struct nube_error err = NUBE_ERROR_INIT;
static char *text;

static void start(enum nube_inventory_format format, unsigned flags)
{
    struct nube_inventory_opts opts = NUBE_INVENTORY_OPTS_INIT;

    opts.format = format;
    opts.flags = flags;
    nube_inventory_free(inv);
    assert_int_equal(nube_inventory_new(&inv, &opts, &err), 0);
}

static nube_obj *node(const char *name, const char *id)
{
    nube_obj *o = nube_obj_new(&arena, NUBE_KIND_NODE, NULL);

    nube_set(o, NUBE_NAME, name);
    nube_set(o, NUBE_ID, id);
    nube_set(o, NUBE_BACKEND, "b");
    return o;
}

static int add(const char *name, const char *id, const char *address)
{
    nube_obj *o = node(name, id);

    if (address)
        nube_add_address(o, address, NUBE_ADDRESS_FIXED, NULL, NULL);
    return nube_inventory_add(inv, o, &err);
}

static const char *printed(void)
{
    nube_free(text);
    text = nube_inventory_text(inv, &err);
    assert_non_null(text);
    return text;
}

static void shows(const char *part)
{
    if (!strstr(printed(), part))
        fail_msg("%s is not in %s", part, text);
}

static int teardown(void **state)
{
    (void)state;
    nube_inventory_free(inv);
    nube_free(text);
    nube_arena_free(&arena);
    inv = NULL;
    text = NULL;
    return 0;
}

static void node_without_an_address_of_use_is_left_out(void **state)
{
    (void)state;
    start(NUBE_INVENTORY_HOSTS, 0);
    assert_int_equal(add("none", "1", NULL), 0);
    assert_int_equal(add("link", "2", "fe80::1"), 0);
    assert_int_equal(add("name", "3", "host.example"), 0);
    assert_int_equal(add("web", "4", "10.0.0.4"), 1);
    assert_string_equal(printed(), "10.0.0.4\tweb\t# web (4) at b\n");
    start(NUBE_INVENTORY_SSH_CONFIG, 0);
    assert_int_equal(add("name", "3", "host.example"), 1);
    shows("Host name\n  HostName host.example\n");
}

static void address_is_chosen_by_scope_then_family(void **state)
{
    static const char *const all[] = {"host.example", "fd00::1",   "10.0.0.4",
                                      "2001:db8::4",  "127.0.0.1", "203.0.113.4"};
    nube_obj *o = node("web", "1");

    (void)state;
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        nube_add_address(o, all[i], NUBE_ADDRESS_FIXED, NULL, NULL);
    start(NUBE_INVENTORY_HOSTS, 0);
    assert_int_equal(nube_inventory_add(inv, o, &err), 1);
    shows("203.0.113.4\tweb");
    start(NUBE_INVENTORY_HOSTS, NUBE_INVENTORY_PRIVATE);
    assert_int_equal(nube_inventory_add(inv, o, &err), 1);
    shows("10.0.0.4\tweb");
}

static void ipv6_stands_in_brackets_before_a_port_only(void **state)
{
    (void)state;
    start(NUBE_INVENTORY_PROMETHEUS, 0);
    assert_int_equal(add("web", "1", "2001:db8::4"), 1);
    shows("[{\"targets\": [\"[2001:db8::4]:9100\"]");
    start(NUBE_INVENTORY_SSH_CONFIG, 0);
    assert_int_equal(add("web", "1", "2001:db8::4"), 1);
    shows("HostName 2001:db8::4\n");
}

static void hosts_are_valid_and_unique(void **state)
{
    static const char *const rows[][3] = {
        /* name, id, host */
        {"Web Server_1", "1", "web-server-1"},
        {"a..b.-.-c-", "2", "a.b.c"},
        {"-", "3", "node-3"},
        {"", "4", "node-4"},
        {"127.0.0.1", "5", "127.0.0.1-5"},
        {"10", "6", "10-6"},
        {"0x7f.1", "7", "0x7f.1-7"},
        {"localhost", "8", "localhost-8"},
        {"caf\xc3\xa9", "9", "caf"},
        {"same", "aa", "same-aa"},
        {"SAME", "bb", "same-bb"},
        {"same-bb", "cc", "same-bb-2"},
        {"twin", "dd", "twin-dd"},
        {"twin", "dd", "twin-dd-2"},
        {"* *\n?", "ee", "node-ee"},
        {"k8s.prod", "ff", "k8s.prod"},
    };
    char line[128];

    (void)state;
    start(NUBE_INVENTORY_HOSTS, 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        assert_int_equal(add(rows[i][0], rows[i][1], "10.0.0.4"), 1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        snprintf(line, sizeof(line), "10.0.0.4\t%s\t#", rows[i][2]);
        shows(line);
    }
}

static void long_name_is_cut_to_labels(void **state)
{
    char name[1024];
    const char *from, *to;

    (void)state;
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    start(NUBE_INVENTORY_HOSTS, 0);
    assert_int_equal(add(name, "1", "10.0.0.4"), 1);
    from = strchr(printed(), '\t') + 1;
    to = strchr(from, '\t');
    assert_int_equal(to - from, 63);
}

static void order_of_adding_changes_nothing(void **state)
{
    char first[4096];

    (void)state;
    start(NUBE_INVENTORY_ANSIBLE, 0);
    for (int i = 0; i < 3; i++)
        add(i ? "web" : "db", i == 1 ? "1" : "2", "10.0.0.4");
    snprintf(first, sizeof(first), "%s", printed());
    start(NUBE_INVENTORY_ANSIBLE, 0);
    for (int i = 2; i >= 0; i--)
        add(i ? "web" : "db", i == 1 ? "1" : "2", "10.0.0.4");
    assert_string_equal(printed(), first);
    assert_string_equal(printed(), first); /* and asking twice neither */
}

static void login_names_that_are_none_are_not_used(void **state)
{
    nube_obj *o = node("web", "1");

    (void)state;
    nube_set(o, NUBE_USERNAME, "-oProxyCommand=x");
    nube_add_address(o, "10.0.0.4", NUBE_ADDRESS_FIXED, NULL, NULL);
    start(NUBE_INVENTORY_SSH_CONFIG, 0);
    nube_inventory_add(inv, o, &err);
    assert_null(strstr(printed(), "User"));
    nube_set(o, NUBE_USERNAME, "core");
    nube_inventory_add(inv, o, &err);
    shows("  User core\n");
}

static void wrong_options_are_refused(void **state)
{
    struct nube_inventory_opts opts = NUBE_INVENTORY_OPTS_INIT;
    nube_inventory *none;

    (void)state;
    assert_int_equal(nube_inventory_new(&none, &opts, &err), NUBE_E_USAGE);
    opts.format = NUBE_INVENTORY_HOSTS;
    opts.port = 65536;
    assert_int_equal(nube_inventory_new(&none, &opts, &err), NUBE_E_USAGE);
    opts.port = 0;
    opts.user = "a\nb";
    assert_int_equal(nube_inventory_new(&none, &opts, &err), NUBE_E_USAGE);
    assert_null(none);
}

static void many_of_one_name_are_told_apart_quickly(void **state)
{
    char id[16];
    int lines = 0;

    (void)state;
    start(NUBE_INVENTORY_HOSTS, 0);
    for (int i = 0; i < 20000; i++) {
        snprintf(id, sizeof(id), "%d", i / 2);
        assert_int_equal(add("web", id, "10.0.0.4"), 1);
    }
    for (const char *p = printed(); (p = strchr(p, '\n')); p++)
        lines++;
    assert_int_equal(lines, 20000);
    assert_non_null(strstr(text, "\tweb-9999-2\t"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(node_without_an_address_of_use_is_left_out, teardown),
        cmocka_unit_test_teardown(address_is_chosen_by_scope_then_family, teardown),
        cmocka_unit_test_teardown(ipv6_stands_in_brackets_before_a_port_only, teardown),
        cmocka_unit_test_teardown(hosts_are_valid_and_unique, teardown),
        cmocka_unit_test_teardown(long_name_is_cut_to_labels, teardown),
        cmocka_unit_test_teardown(order_of_adding_changes_nothing, teardown),
        cmocka_unit_test_teardown(login_names_that_are_none_are_not_used, teardown),
        cmocka_unit_test_teardown(wrong_options_are_refused, teardown),
        cmocka_unit_test_teardown(many_of_one_name_are_told_apart_quickly, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
