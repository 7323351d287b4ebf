/* Encodings: hex, base64 both ways, percent, UTF-8, JSON strings and numbers. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "encode.h"
#include "object_int.h"

static struct nube_buf out;

static int setup(void **state)
{
    (void)state;
    nube_buf_init(&out, 1 << 16);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    nube_buf_free(&out);
    return 0;
}

static void base64_vectors(void **state)
{
    /* RFC 4648, section 10. */
    static const char *const want[] = {"",         "Zg==",     "Zm8=",    "Zm9v",
                                       "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    size_t i;

    (void)state;
    for (i = 0; i < 7; i++) {
        nube_buf_clear(&out);
        nube_encode_base64(&out, "foobar", i, false);
        assert_string_equal(out.len ? out.data : "", want[i]);
        nube_buf_clear(&out);
        assert_true(nube_decode_base64(&out, want[i]));
        assert_int_equal(out.len, i);
        assert_memory_equal(out.len ? out.data : "", "foobar", i);
    }
}

static void base64_url_is_padded_too(void **state)
{
    (void)state;
    nube_encode_base64(&out, "\xfb\xff\xfe\x01", 4, true);
    assert_string_equal(out.data, "-__-AQ==");
}

static void base64_reads_what_people_paste(void **state)
{
    static const char *const same[] = {"+//+AQ==", "-__-AQ", " +//\r\n+AQ=\t=\n"};
    size_t i;

    (void)state;
    for (i = 0; i < 3; i++) {
        nube_buf_clear(&out);
        assert_true(nube_decode_base64(&out, same[i]));
        assert_int_equal(out.len, 4);
        assert_memory_equal(out.data, "\xfb\xff\xfe\x01", 4);
    }
}

static void base64_refuses_what_is_none(void **state)
{
    static const char *const bad[] = {
        "Z", "Zm9vY", "Zg===", "Zm9v=", "=", "Zg==Zg==", "Zm9!", "Z=g="};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_false(nube_decode_base64(&out, bad[i]));
}

static void hex_and_percent(void **state)
{
    (void)state;
    nube_encode_hex(&out, "\x00\x7f\xff", 3);
    assert_string_equal(out.data, "007fff");
    nube_buf_clear(&out);
    nube_encode_uri(&out, "a/b c~%\xc3\xa9+", false);
    assert_string_equal(out.data, "a%2Fb%20c~%25%C3%A9%2B");
    nube_buf_clear(&out);
    nube_encode_uri(&out, "a/b", true);
    assert_string_equal(out.data, "a/b");
}

static void utf8_is_strict(void **state)
{
    static const char *const bad[] = {"\x80",         "\xc0\xaf",         "\xc3",
                                      "\xe0\x80\x80", "\xed\xa0\x80",     "\xf4\x90\x80\x80",
                                      "\xff",         "\xf0\x80\x80\x80", "\xe2\x82"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_int_equal(nube_utf8_next(bad[i], strlen(bad[i])), 0);
    assert_int_equal(nube_utf8_next("\xf0\x9f\x98\x80", 4), 4);
    assert_int_equal(nube_utf8_next("\xf0\x9f\x98\x80", 3), 0);
    assert_int_equal(nube_utf8_next("", 0), 0);
}

static void json_strings_survive_anything(void **state)
{
    (void)state;
    nube_json_quote(&out, "a\"\\\b\f\n\r\t\0\x1b\x7f", 11);
    assert_string_equal(out.data, "\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001b\\u007f\"");
    nube_buf_clear(&out);
    nube_json_quote(&out, "\xc3\xa9\xc2\x9b\xff\xe2\x82", 7);
    assert_string_equal(out.data, "\"\xc3\xa9\\u009b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void json_numbers_are_short_and_exact(void **state)
{
    static const struct {
        double value;
        const char *text;
    } want[] = {
        {0, "0"},      {0.1, "0.1"},       {-2.5, "-2.5"}, {1.0 / 3, "0.33333333333333331"},
        {NAN, "null"}, {INFINITY, "null"},
    };
    size_t i;

    (void)state;
    setlocale(LC_NUMERIC, "de_DE.UTF-8");
    for (i = 0; i < sizeof(want) / sizeof(*want); i++) {
        nube_buf_clear(&out);
        nube_json_real(&out, want[i].value);
        assert_string_equal(out.data, want[i].text);
    }
    setlocale(LC_NUMERIC, "C");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(base64_vectors),
        TEST(base64_url_is_padded_too),
        TEST(base64_reads_what_people_paste),
        TEST(base64_refuses_what_is_none),
        TEST(hex_and_percent),
        TEST(utf8_is_strict),
        TEST(json_strings_survive_anything),
        TEST(json_numbers_are_short_and_exact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
