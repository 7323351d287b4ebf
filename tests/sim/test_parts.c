/* The simulator's small parts: maps, text, base64, patterns, times, page tokens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ec2/ec2.h"
#include "map.h"
#include "mem.h"

static void maps(void **state)
{
    enum { N = 5000 };
    static char keys[N][12];
    struct sim_map m = {0};
    (void)state;
    assert_null(sim_map_get(&m, "nothing"));
    for (int i = 0; i < N; i++) {
        snprintf(keys[i], sizeof keys[i], "key-%d", i);
        sim_map_put(&m, keys[i], keys[i]);
    }
    for (int i = 0; i < N; i += 2)
        sim_map_remove(&m, keys[i]);
    for (int i = 0; i < N; i++)
        assert_ptr_equal(sim_map_get(&m, keys[i]), i % 2 ? keys[i] : NULL);
    for (int i = 0; i < N; i += 2)
        sim_map_put(&m, keys[i], keys[i]);
    for (int i = 0; i < N; i++)
        assert_ptr_equal(sim_map_get(&m, keys[i]), keys[i]);
    assert_int_equal(m.live, N);
    sim_map_free(&m);
}

static void patterns(void **state)
{
    (void)state;
    assert_true(sim_glob("*", ""));
    assert_true(sim_glob("web-*-?", "web-a-b-7"));
    assert_false(sim_glob("web-*-?", "web-77"));
    assert_true(sim_glob("a\\*b", "a*b"));
    assert_false(sim_glob("a\\*b", "axb"));
    assert_false(sim_glob("", "x"));
    assert_true(sim_glob("**x", "abcx"));
}

static void base64(void **state)
{
    static const char *const plain[] = {"", "f", "fo", "foo", "foob"};
    static const char *const coded[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="};
    static const char *const bad[] = {"Zg=", "Zg", "Z===", "Zg==Zg==", "Zm9v!"};
    size_t len;
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        struct sim_text t = {0};
        sim_text_base64(&t, plain[i], strlen(plain[i]));
        assert_string_equal(t.data ? t.data : "", coded[i]);
        char *back = (char *)sim_base64_decode(coded[i], &len);
        assert_string_equal(back, plain[i]);
        assert_int_equal(len, strlen(plain[i]));
        assert_null(sim_base64_decode(bad[i], &len));
        free(back);
        sim_text_free(&t);
    }
}

static void texts(void **state)
{
    struct sim_text t = {0};
    char buf[32];
    (void)state;
    sim_elem(&t, "v", "a<b>&\"c\"\1\xC3\xA9");
    sim_elem(&t, "none", NULL);
    sim_elem_int(&t, "n", INT64_MIN);
    assert_string_equal(t.data,
                        "<v>a&lt;b&gt;&amp;&quot;c&quot;\xC3\xA9</v><n>-9223372036854775808</n>");
    sim_text_clear(&t);
    sim_text_json(&t, "a\"\\\n");
    assert_string_equal(t.data, "\"a\\\"\\\\\\u000a\"");
    sim_text_clear(&t);
    sim_text_json(&t, "\xC3\xA9\xFF\xC3");
    sim_elem(&t, "v", "\xED\xA0\x80\xF0\x9F\x98\x80");
    assert_string_equal(t.data, "\"\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD\"<v>\xEF\xBF\xBD\xEF\xBF\xBD"
                                "\xEF\xBF\xBD\xF0\x9F\x98\x80</v>");
    sim_iso_time(buf, sizeof buf, 1440938160123);
    assert_string_equal(buf, "2015-08-30T12:36:00.123Z");
    assert_int_equal(sim_iso_parse(buf), 1440938160000);
    assert_int_equal(sim_iso_parse("yesterday"), -1);
    sim_text_free(&t);
}

static void tokens(void **state)
{
    struct ec2 cloud = {.page_key = {1, 2, 3}}, other = {.page_key = {3, 2, 1}};
    struct ec2_page page = {77, 3, 1000}, got;
    char token[128], again[128];
    (void)state;
    ec2_page_token(&cloud, token, sizeof token, &page, 99);
    assert_true(ec2_page_read(&cloud, token, &got, 99));
    assert_int_equal(got.from, 77);
    assert_int_equal(got.number, 3);
    assert_int_equal(got.size, 1000);
    /* Another question, another simulator, one changed letter: refused. */
    assert_false(ec2_page_read(&cloud, token, &got, 98));
    assert_false(ec2_page_read(&other, token, &got, 99));
    for (size_t i = 0; token[i] && token[i] != '='; i++) {
        memcpy(again, token, sizeof again);
        again[i] = again[i] == 'A' ? 'Q' : 'A';
        assert_false(ec2_page_read(&cloud, again, &got, 99));
    }
    assert_false(ec2_page_read(&cloud, "", &got, 99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(maps), cmocka_unit_test(patterns),
                                       cmocka_unit_test(base64), cmocka_unit_test(texts),
                                       cmocka_unit_test(tokens)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
