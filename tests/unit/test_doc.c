/* Documents from JSON: grammar, getters, limits. */
#include "doc_help.h"

#include <locale.h>

static const struct nube_reader_conf whole = {0};

static void check_json(const char *text, const char *expect)
{
    check(whole, text, strlen(text), expect);
}

static void values_of_every_type(void **state)
{
    (void)state;
    check_json("null", "|null");
    check_json("true", "|true");
    check_json(" false\n", "|false");
    check_json("\"\"", "|\"0:\"");
    check_json("[]", "|[]");
    check_json("{}", "|{}");
    check_json(" [ 1 , [ ] , { } , \"a\" , null ] ", "|[1,[],{},\"1:a\",null]");
    check_json("{\"a\":1,\"b\":{\"c\":[true,false]},\"\":\"x\"}",
               "|{a=1,b={c=[true,false]},=\"1:x\"}");
    check_json("\t{\r\n\"a\"\t:\n\"b\" }", "|{a=\"1:b\"}");
    check_json("\xef\xbb\xbf{\"a\":1}", "|{a=1}");
    check_json("{\"a\":1,\"a\":2}", "|{a=1,a=2}");
}

static void numbers_stay_as_written(void **state)
{
    (void)state;
    check_json("0", "|0");
    check_json("-0", "|-0");
    check_json("[1,-1,10,1.5,-1.50,1e3,1E+3,1e-3,0.1e10]",
               "|[1,-1,10,1.5,-1.50,1e3,1E+3,1e-3,0.1e10]");
    check_json("123456789012345678901234567890.123456789012345678901234567890",
               "|123456789012345678901234567890.123456789012345678901234567890");
    check_json("[01]", "!JSON: byte 1: expected a number, found 01");
    check_json("[-]", "!JSON: byte 1: expected a number, found -");
    check_json("[1.]", "!JSON: byte 1: expected a number, found 1.");
    check_json("[1e]", "!JSON: byte 1: expected a number, found 1e");
    check_json("[1e+]", "!JSON: byte 1: expected a number, found 1e+");
    check_json("[1-2]", "!JSON: byte 1: expected a number, found 1-2");
    check_json("[.5]", "!JSON: byte 1: expected a value or ']', found '.'");
    check_json("[+1]", "!JSON: byte 1: expected a value or ']', found '+'");
    check_json("[0x1]", "!JSON: byte 2: expected ',' or ']' after an element, found 'x'");
}

static void strings(void **state)
{
    (void)state;
    check_json("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "|\"8:\"\\/\b\f\n\r\t\"");
    check_json("\"a long string without anything to decode in it\"",
               "|\"46:a long string without anything to decode in it\"");
    check_json("\"eight888\"", "|\"8:eight888\"");
    check_json("\"\\u0041\\u00e9\\u20AC\\ud83d\\uDE00\"",
               "|\"10:A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
    check_json("\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \x7f\"",
               "|\"13:\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \x7f\"");
    check_json("{\"na\\u006de\":1}", "|{name=1}");
    check_json("\"\\x\"", "!JSON: byte 1: no such escape in a string");
    check_json("\"ab\\u12g4\"", "!JSON: byte 3: no such escape in a string");
    check_json("\"ab\\u12\"", "!JSON: byte 3: no such escape in a string");
    check_json("\"a\nb\"", "!JSON: byte 2: a control character in a string must be escaped");
    check_json("['a']", "!JSON: byte 1: expected a value or ']', found '''");
}

/* Whichever octet of a machine word it is. */
static void odd_octets_are_found_wherever_they_stand(void **state)
{
    char text[64], expect[96];
    int c, at;

    (void)state;
    for (c = 1; c < 256; c++) {
        if (c >= 0x20 && c < 0x80)
            continue;
        for (at = 1; at < 18; at++) {
            snprintf(text, sizeof(text), "\"abcdefghijklmnopqrstuvwx\"");
            text[at] = (char)c;
            snprintf(expect, sizeof(expect), "!JSON: byte %d: %s", at,
                     c < 0x20 ? "a control character in a string must be escaped"
                              : "text that is not UTF-8");
            check_json(text, expect);
        }
    }
}

static void lone_surrogates_become_replacement_characters(void **state)
{
    (void)state;
    check_json("\"\\ud83d\"", "|\"3:\xef\xbf\xbd\"");
    check_json("\"\\ude00x\"", "|\"4:\xef\xbf\xbdx\"");
    check_json("\"\\ud83d\\ud83d\\ude00\"", "|\"7:\xef\xbf\xbd\xf0\x9f\x98\x80\"");
    check_json("\"\\ud83d\\n\"", "|\"4:\xef\xbf\xbd\n\"");
    check_json("\"\\ud83d\\u0041\"", "|\"4:\xef\xbf\xbd"
                                     "A\"");
}

static void text_that_is_not_utf8_is_refused(void **state)
{
    static const char *const bad[] = {
        "\x80", "\xc0\xaf",         "\xc1\xbf", "\xe0\x9f\x80", "\xed\xa0\x80", "\xf0\x8f\x80\x80",
        "\xff", "\xf4\x90\x80\x80", "\xc3",     "\xe2\x82",     "\xc3x",        "\xf0\x9f\x98"};
    char text[32];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        snprintf(text, sizeof(text), "[\"ab%s\"]", bad[i]);
        check_json(text, "!JSON: byte 4: text that is not UTF-8");
    }
}

static void a_nul_in_a_string_is_kept(void **state)
{
    struct nube_arena arena = {0};
    const char *text = "{\"a\":\"x\\u0000y\",\"b\\u0000c\":1}";
    const nube_doc *d = nube_doc_parse_json(&arena, text, strlen(text));

    (void)state;
    assert_int_equal(nube_doc_text_len(nube_doc_get(d, "a")), 3);
    assert_memory_equal(nube_doc_str(d, "a"), "x\0y", 4);
    assert_null(nube_doc_get(d, "b"));
    assert_null(nube_doc_parse_json(&arena, "{\"a\":\0 1}", 9));
    nube_arena_free(&arena);
}

static void what_is_not_json_says_where_and_what_was_expected(void **state)
{
    (void)state;
    check_json("{\"a\" 1}", "!JSON: byte 5: expected ':' after a member name, found '1'");
    check_json("{\"a\":1 \"b\"}", "!JSON: byte 7: expected ',' or '}' after a member, found '\"'");
    check_json("{\"a\":1,}", "!JSON: byte 7: expected a member name in double quotes, found '}'");
    check_json("[1,]", "!JSON: byte 3: expected a value, found ']'");
    check_json("[,1]", "!JSON: byte 1: expected a value or ']', found ','");
    check_json("{,}", "!JSON: byte 1: expected a member name or '}', found ','");
    check_json("{a:1}", "!JSON: byte 1: expected a member name or '}', found 'a'");
    check_json("{\"a\":}", "!JSON: byte 5: expected a value, found '}'");
    check_json("[1}", "!JSON: byte 2: expected ',' or ']' after an element, found '}'");
    check_json("{} x", "!JSON: byte 3: expected nothing after the end of the document, found 'x'");
    check_json("1 2", "!JSON: byte 2: expected nothing after the end of the document, found '2'");
    check_json("[True]", "!JSON: byte 1: expected a value, found True");
    check_json("[nul]", "!JSON: byte 1: expected a value, found nul");
    check_json("[NaN]", "!JSON: byte 1: expected a value, found NaN");
    check_json("[1,\x01]", "!JSON: byte 3: expected a value, found octet 0x01");
    check_json("[/**/1]", "!JSON: byte 1: expected a value or ']', found '/'");
    check_json("<html>", "!JSON: byte 0: expected a value, found '<' (is it an HTML or XML page?)");
}

static void what_is_cut_off_is_said_so(void **state)
{
    (void)state;
    check_json("{\"a\":\"bc", "!JSON ends inside a string at byte 8: the reply was cut off");
    check_json("\"abc\\\"", "!JSON ends inside a string at byte 6: the reply was cut off");
    check_json("{\"a\":1", "!JSON ends inside an object at byte 6: the reply was cut off");
    check_json("[1,", "!JSON ends inside an array at byte 3: the reply was cut off");
    check_json("tru", "!JSON ends inside a word at byte 3: the reply was cut off");
    check_json("-", "!JSON ends inside a number at byte 1: the reply was cut off");
    check_json("trux", "!JSON: byte 0: expected a value, found trux");
    check_json("\xef\xbb", "!JSON ends inside a byte order mark at byte 2: the reply was cut off");
}

static void an_empty_body_is_no_document_and_no_error(void **state)
{
    struct nube_arena arena = {0};

    (void)state;
    check_json("", "|absent");
    check_json(" \r\n", "|absent");
    assert_null(nube_doc_parse_json(&arena, "", 0));
    nube_arena_free(&arena);
}

/* n times text. */
static void repeat(struct nube_buf *b, const char *text, size_t n)
{
    while (n--)
        nube_buf_puts(b, text);
}

static void depth_has_a_limit(void **state)
{
    struct nube_buf text, shown;
    struct reading r = {0};

    (void)state;
    nube_buf_init(&text, 8 << 20);
    nube_buf_init(&shown, 8 << 20);
    repeat(&text, "[", NUBE_MAX_DEPTH);
    repeat(&text, "]", NUBE_MAX_DEPTH);
    nube_buf_fmt(&shown, "|%s", text.data);
    check_json(text.data, shown.data);
    nube_buf_clear(&text);
    repeat(&text, "{\"a\":", NUBE_MAX_DEPTH + 1);
    check_json(text.data, "!JSON: byte 640: nested deeper than 128");
    nube_buf_clear(&text);
    repeat(&text, "[", 4 << 20);
    read_cut(&r, whole, text.data, text.len, 0);
    assert_int_equal(r.code, NUBE_E_TOO_LARGE);
    nube_buf_free(&r.seen);
    nube_buf_free(&text);
    nube_buf_free(&shown);
}

static void a_string_of_a_megabyte_in_any_pieces(void **state)
{
    static const size_t pieces[] = {1, 1000, 16384, 2 << 20};
    struct nube_arena arena = {0};
    struct nube_reader_conf conf = {.arena = &arena};
    struct nube_buf text;
    size_t i, at;

    (void)state;
    nube_buf_init(&text, 8 << 20);
    nube_buf_puts(&text, "{\"a\":\"");
    repeat(&text, "0123456789abcde\\n", 1 << 16);
    nube_buf_puts(&text, "\",\"b\":2}");
    for (i = 0; i < 4; i++) {
        struct nube_reader *r = nube_reader_new(&conf);
        const nube_doc *root;
        char message[256];

        for (at = 0; at < text.len; at += pieces[i])
            assert_int_equal(nube_reader_push(r, text.data + at,
                                              text.len - at < pieces[i] ? text.len - at : pieces[i],
                                              message),
                             0);
        assert_int_equal(nube_reader_end(r, &root, message), 0);
        assert_int_equal(nube_doc_text_len(nube_doc_get(root, "a")), 1 << 20);
        assert_int_equal(nube_doc_str(root, "a")[(1 << 20) - 1], '\n');
        assert_int_equal(nube_doc_int(root, "b", 0), 2);
        nube_reader_free(r);
    }
    nube_buf_free(&text);
    nube_arena_free(&arena);
}

static void a_document_of_many_small_values_has_a_limit_of_memory(void **state)
{
    struct nube_arena arena = {0};
    struct nube_reader_conf conf = {.arena = &arena};
    struct nube_reader *r = nube_reader_new(&conf);
    char message[256], piece[4096];
    int code = nube_reader_push(r, "[0", 2, message);
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(piece); i += 2)
        memcpy(piece + i, ",1", 2);
    for (i = 0; !code && i < NUBE_MAX_REPLY / sizeof(piece); i++)
        code = nube_reader_push(r, piece, sizeof(piece), message);
    assert_int_equal(code, NUBE_E_TOO_LARGE);
    assert_non_null(strstr(message, "the document takes more than 65536 KiB"));
    assert_in_range(arena.total, NUBE_MAX_REPLY / 2, NUBE_MAX_REPLY + (1 << 20));
    assert_int_equal(nube_reader_push(r, " ", 1, message), NUBE_E_TOO_LARGE);
    nube_reader_free(r);
    nube_arena_free(&arena);
}

static void an_arena_that_is_full_is_an_error(void **state)
{
    struct nube_arena arena = {.cap = 8 << 10};
    struct nube_reader_conf conf = {.arena = &arena};
    struct nube_reader *r = nube_reader_new(&conf);
    char message[256], text[16 << 10];

    (void)state;
    memset(text, 'a', sizeof(text));
    text[0] = text[sizeof(text) - 1] = '"';
    assert_int_equal(nube_reader_push(r, text, sizeof(text), message), NUBE_E_TOO_LARGE);
    assert_string_equal(message, "JSON: byte 0: the document takes more than 8 KiB");
    nube_reader_free(r);
    nube_arena_free(&arena);
}

static void getters_accept_null_and_answer_absent(void **state)
{
    int64_t n = 7;
    double x = 7;
    int b = 7;

    (void)state;
    assert_int_equal(nube_doc_type(NULL), NUBE_DOC_ABSENT);
    assert_null(nube_doc_get(NULL, "a"));
    assert_null(nube_doc_path(NULL, "a.b"));
    assert_null(nube_doc_first(NULL));
    assert_null(nube_doc_next(NULL));
    assert_int_equal(nube_doc_count(NULL), 0);
    assert_null(nube_doc_name(NULL));
    assert_null(nube_doc_text(NULL));
    assert_int_equal(nube_doc_text_len(NULL), 0);
    assert_false(nube_doc_as_int(NULL, &n) || nube_doc_as_number(NULL, &x) ||
                 nube_doc_as_bool(NULL, &b));
    assert_true(n == 7 && x == 7 && b == 7);
    assert_null(nube_doc_str(NULL, "a"));
    assert_int_equal(nube_doc_int(NULL, "a", -3), -3);
    assert_int_equal(nube_doc_bool(NULL, "a", -1), -1);
}

static void getters_find_members(void **state)
{
    struct nube_arena arena = {0};
    const char *text =
        "{\"a\":{\"b\":{\"c\":\"deep\"}},\"a.b\":\"dotted\",\"n\":null,\"l\":[10,20],"
        "\"t\":true,\"s\":\"true\",\"dup\":1,\"dup\":2,\"a long member name\":3}";
    const nube_doc *d = nube_doc_parse_json(&arena, text, strlen(text)), *k;

    (void)state;
    assert_string_equal(nube_doc_str(d, "a.b.c"), "deep");
    assert_string_equal(nube_doc_text(nube_doc_get(d, "a.b")), "dotted");
    assert_null(nube_doc_str(d, "a.b"));
    assert_null(nube_doc_str(d, "a.b.c.d"));
    assert_null(nube_doc_str(d, "n"));
    assert_int_equal(nube_doc_type(nube_doc_get(d, "n")), NUBE_DOC_NULL);
    assert_null(nube_doc_get(d, "A"));
    assert_null(nube_doc_get(d, ""));
    assert_null(nube_doc_get(nube_doc_get(d, "l"), ""));
    assert_int_equal(nube_doc_int(d, "dup", 0), 1);
    assert_int_equal(nube_doc_int(d, "a long member name", 0), 3);
    assert_int_equal(nube_doc_bool(d, "t", 0), 1);
    assert_int_equal(nube_doc_bool(d, "s", 0), 1);
    assert_int_equal(nube_doc_bool(d, "dup", -1), -1);
    assert_string_equal(nube_doc_str(d, "t"), "true");
    assert_int_equal(nube_doc_count(d), 9);
    assert_null(nube_doc_name(d));
    k = nube_doc_first(nube_doc_get(d, "l"));
    assert_null(nube_doc_name(k));
    assert_string_equal(nube_doc_text(k), "10");
    assert_string_equal(nube_doc_text(nube_doc_next(k)), "20");
    assert_null(nube_doc_next(nube_doc_next(k)));
    assert_null(nube_doc_first(k));
    nube_arena_free(&arena);
}

static void whole_numbers_are_whole_as_written(void **state)
{
    static const struct {
        const char *text;
        int ok;
        int64_t value;
    } rows[] = {
        {"0", 1, 0},
        {"-0", 1, 0},
        {"42", 1, 42},
        {"\"42\"", 1, 42},
        {"\"0042\"", 1, 42},
        {"9223372036854775807", 1, INT64_MAX},
        {"-9223372036854775808", 1, INT64_MIN},
        {"9223372036854775808", 0, 0},
        {"-9223372036854775809", 0, 0},
        {"99999999999999999999999", 0, 0},
        {"1e3", 0, 0},
        {"1.0", 0, 0},
        {"\"+1\"", 0, 0},
        {"\" 1\"", 0, 0},
        {"\"\"", 0, 0},
        {"\"-\"", 0, 0},
        {"\"1\\u00002\"", 0, 0},
        {"true", 0, 0},
    };
    struct nube_arena arena = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t v = 0;
        const nube_doc *d = nube_doc_parse_json(&arena, rows[i].text, strlen(rows[i].text));

        assert_non_null(d);
        if (nube_doc_as_int(d, &v) != rows[i].ok)
            print_error("as_int of %s\n", rows[i].text);
        assert_int_equal(nube_doc_as_int(d, &v), rows[i].ok);
        assert_true(v == rows[i].value);
    }
    nube_arena_free(&arena);
}

static void numbers_do_not_depend_on_the_locale(void **state)
{
    struct nube_arena arena = {0};
    const char *text = "[1.5,\"-2.25e1\",1e999,\"inf\",\"0x10\",\"1,5\",\"\"]";
    const nube_doc *k = nube_doc_first(nube_doc_parse_json(&arena, text, strlen(text)));
    double v = 0;

    (void)state;
    setlocale(LC_NUMERIC, "de_DE.UTF-8"); /* where it exists */
    assert_true(nube_doc_as_number(k, &v) && v == 1.5);
    k = nube_doc_next(k);
    assert_true(nube_doc_as_number(k, &v) && v == -22.5);
    for (k = nube_doc_next(k); k; k = nube_doc_next(k))
        assert_false(nube_doc_as_number(k, &v));
    setlocale(LC_NUMERIC, "C");
    nube_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_every_type),
        cmocka_unit_test(numbers_stay_as_written),
        cmocka_unit_test(strings),
        cmocka_unit_test(odd_octets_are_found_wherever_they_stand),
        cmocka_unit_test(lone_surrogates_become_replacement_characters),
        cmocka_unit_test(text_that_is_not_utf8_is_refused),
        cmocka_unit_test(a_nul_in_a_string_is_kept),
        cmocka_unit_test(what_is_not_json_says_where_and_what_was_expected),
        cmocka_unit_test(what_is_cut_off_is_said_so),
        cmocka_unit_test(an_empty_body_is_no_document_and_no_error),
        cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(a_string_of_a_megabyte_in_any_pieces),
        cmocka_unit_test(a_document_of_many_small_values_has_a_limit_of_memory),
        cmocka_unit_test(an_arena_that_is_full_is_an_error),
        cmocka_unit_test(getters_accept_null_and_answer_absent),
        cmocka_unit_test(getters_find_members),
        cmocka_unit_test(whole_numbers_are_whole_as_written),
        cmocka_unit_test(numbers_do_not_depend_on_the_locale),
    };

    return cmocka_run_group_tests_name("doc", tests, NULL, NULL);
}
