/* YAML as JSON text, through the service module, which is compiled into this test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mem.h"
#include "service.h"

const struct nube_service_module *nube_service_v0(const struct nube_host *);

static struct nube_host host = {.size = sizeof(host),
                                .build = NUBE_SERVICE_BUILD,
                                .alloc = nube_mem_alloc,
                                .realloc = nube_mem_realloc,
                                .free = nube_mem_free};
static const struct nube_yaml_ops *yaml;
static char message[256];

static int open_module(void **state)
{
    const struct nube_service_module *m = nube_service_v0(&host);

    (void)state;
    yaml = m ? m->ops : NULL;
    return yaml ? 0 : -1;
}

static void check(const char *text, const char *wanted)
{
    char *json;
    size_t len;

    *message = '\0';
    if (yaml->to_json(text, strlen(text), &json, &len, message))
        fail_msg("%s: %s", text, message);
    if (len != strlen(wanted) || memcmp(json, wanted, len) != 0)
        fail_msg("%.*s is not %s", (int)len, json, wanted);
    nube_mem_free(json);
}

static void refuse(const char *text, const char *part)
{
    char *json;
    size_t len;

    assert_int_equal(yaml->to_json(text, strlen(text), &json, &len, message), -1);
    assert_null(json);
    if (!strstr(message, part))
        fail_msg("\"%s\" does not hold \"%s\"", message, part);
}

static void the_module_fits_one_build_only(void **state)
{
    struct nube_host other = host;

    (void)state;
    other.build++;
    assert_null(nube_service_v0(&other));
    assert_null(nube_service_v0(NULL));
    assert_string_equal(nube_service_v0(&host)->name, "yaml");
}

static void values(void **state)
{
    (void)state;
    check("", "null");
    check("a: 1\nb: [x, 'y', \"z\\n\"]\nc: {}\n",
          "{\"a\":\"1\",\"b\":[\"x\",\"y\",\"z\\u000a\"],\"c\":{}}");
    check("t: yes\nf: Off\nn: ~\ne:\nq: 'yes'\nz: 012\n",
          "{\"t\":true,\"f\":false,\"n\":null,\"e\":null,\"q\":\"yes\",\"z\":\"012\"}");
    check("p: |\n  two\n  lines\nk: \"\\u00e9\\\"\"\n",
          "{\"p\":\"two\\u000alines\\u000a\",\"k\":\"\xc3\xa9\\u0022\"}");
    check("a: 1\n---\nb: 2\n", "{\"a\":\"1\"}");
    check("{\"json\": {\"is\": [true, null]}}", "{\"json\":{\"is\":[true,null]}}");
}

static void aliases_and_merged_maps(void **state)
{
    (void)state;
    check("x: &x {a: 1, b: 2}\ny: *x\nz:\n  <<: *x\n  b: 3\n",
          "{\"x\":{\"a\":\"1\",\"b\":\"2\"},\"y\":{\"a\":\"1\",\"b\":\"2\"},"
          "\"z\":{\"b\":\"3\",\"a\":\"1\",\"b\":\"2\"}}");
    check("x: &x {a: 1}\ny: &y {c: 2}\nz: {<<: [*x, *y]}\n",
          "{\"x\":{\"a\":\"1\"},\"y\":{\"c\":\"2\"},\"z\":{\"a\":\"1\",\"c\":\"2\"}}");
    check("'<<': 1\n", "{\"<<\":\"1\"}");
    refuse("a: {<<: text}\n", "line 1: << takes");
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
    (void)state;
    refuse("a: 1\nb: [1, 2\n", "line 3");
    refuse("a: 1\n\tb: 2\n", "line 2");
    refuse("? [a, b]\n: 1\n", "must be text");
    refuse("a: *nothing\n", "line 1");
}

/* Ten lines that stand for ten thousand million values, with and without text in them. */
static void a_few_lines_do_not_fill_the_memory(void **state)
{
    char text[2048];
    int form, i, at;

    (void)state;
    for (form = 0; form < 2; form++) {
        at = snprintf(text, sizeof(text), form ? "a0: &a0 {}\n" : "a0: &a0 [x, x]\n");
        for (i = 1; i < 11; i++)
            at += snprintf(text + at, sizeof(text) - (size_t)at,
                           form ? "a%d: &a%d {<<: [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]}\n"
                                : "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n",
                           i, i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
        refuse(text, form ? "stands for too much" : "too");
    }
    refuse("a: &a [*a]\n", "too");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_module_fits_one_build_only),
        cmocka_unit_test(values),
        cmocka_unit_test(aliases_and_merged_maps),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
        cmocka_unit_test(a_few_lines_do_not_fill_the_memory),
    };

    return cmocka_run_group_tests(tests, open_module, NULL);
}
