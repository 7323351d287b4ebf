/* Cutting items out of a JSON body: paths, values mode, reuse of memory. */
#include "doc_help.h"

static void check_items(const char *path, const char *text, const char *expect)
{
    check((struct nube_reader_conf){.items_path = path}, text, strlen(text), expect);
}

static void check_values(const char *text, const char *expect)
{
    check((struct nube_reader_conf){.values = true}, text, strlen(text), expect);
}

static void items_are_cut_out_and_the_rest_is_kept(void **state)
{
    (void)state;
    check_items("servers",
                "{\"servers\":[{\"id\":\"a\"},{\"id\":\"b\",\"x\":[1,{}]}],\"next\":\"n\"}",
                "{id=\"1:a\"};{id=\"1:b\",x=[1,{}]};|{servers=[],next=\"1:n\"}");
    check_items("servers",
                "{\"next\":\"n\",\"meta\":{\"servers\":[9]},\"servers\":[1,\"s\",null,[2]]}",
                "1;\"1:s\";null;[2];|{next=\"1:n\",meta={servers=[9]},servers=[]}");
    check_items("servers", "{\"servers\":[]}", "|{servers=[]}");
    check_items("servers", "{\"servers\":null,\"a\":1}", "|{servers=null,a=1}");
    check_items("servers", "{\"servers\":[1],\"servers\":[2]}", "1;2;|{servers=[],servers=[]}");
}

static void a_root_array_is_a_path_too(void **state)
{
    (void)state;
    check_items("", "[{\"a\":1},\"long enough to be copied in words\",[[]],2 , 3]",
                "{a=1};\"33:long enough to be copied in words\";[[]];2;3;|[]");
    check_items("", "[]", "|[]");
    check_items("", "null", "|null");
    check_items("", "{\"a\":1}", "!JSON: byte 0: expected an array of items, found an object");
}

static void a_path_goes_through_nested_objects(void **state)
{
    (void)state;
    check_items(
        "a.b.c",
        "{\"x\":{\"b\":{\"c\":[0]}},\"a\":{\"c\":[0],\"b\":{\"c\":[1,{\"c\":[2]}],\"d\":3}},"
        "\"b\":{\"c\":[0]},\"c\":[0]}",
        "1;{c=[2]};|{x={b={c=[0]}},a={c=[0],b={c=[],d=3}},b={c=[0]},c=[0]}");
    check_items("a.b", "{\"a\":{\"z\":1},\"a\":{\"b\":[1]}}", "1;|{a={z=1},a={b=[]}}");
}

static void a_path_that_is_absent_is_no_error(void **state)
{
    (void)state;
    check_items("a.b", "{\"error\":{\"code\":1}}", "|{error={code=1}}");
    check_items("a.b", "{\"a\":null}", "|{a=null}");
    check_items("a.b", "{\"a\":[{\"b\":[1]}]}", "|{a=[{b=[1]}]}");
    check_items("a", "[{\"a\":[1]}]", "|[{a=[1]}]");
    check_items("a", "\"x\"", "|\"1:x\"");
}

static void what_is_no_array_is_named(void **state)
{
    (void)state;
    check_items("a.b", "{\"a\":{\"b\":{\"c\":1}}}",
                "!JSON: byte 10: expected an array of items at a.b, found an object");
    check_items("a", "{\"a\":\"x\"}",
                "!JSON: byte 5: expected an array of items at a, found a string");
    check_items("a", "{\"a\":12}",
                "!JSON: byte 5: expected an array of items at a, found a number");
    check_items("a", "{\"a\":true}",
                "!JSON: byte 5: expected an array of items at a, found a boolean");
}

/* For who asks for it, an object in place of the array is a value like others; nothing else is. */
static void a_loose_path_lets_an_object_be(void **state)
{
    struct nube_reader_conf conf = {.items_path = "a", .loose = true};

    (void)state;
    check(conf, "{\"a\":{\"b\":[1]},\"c\":2}", 21, "|{a={b=[1]},c=2}");
    check(conf, "{\"a\":[1],\"c\":2}", 15, "1;|{a=[],c=2}");
    check(conf, "{\"a\":12}", 8, "!JSON: byte 5: expected an array of items at a, found a number");
}

static void a_list_that_is_cut_off_is_an_error(void **state)
{
    (void)state;
    check_items("a", "{\"a\":[1,2",
                "1;!JSON ends inside an array at byte 9: the reply was cut off");
    check_items("a", "{\"a\":[{\"x\":1},{\"x\"",
                "{x=1};!JSON ends inside an object at byte 18: the reply was cut off");
    check_items("a", "{\"a\":[1],",
                "1;!JSON ends inside an object at byte 9: the reply was cut off");
}

static void values_one_after_another(void **state)
{
    (void)state;
    check_values("{\"a\":1}\n{\"b\":2}\n", "{a=1};{b=2};|absent");
    check_values("{\"a\":1}\r\n\r\n{\"b\":2}\r\n", "{a=1};{b=2};|absent");
    check_values("{\"a\":1}{\"b\":2}[3]\"s\"", "{a=1};{b=2};[3];\"1:s\";|absent");
    check_values("1 2\ntrue null 3", "1;2;true;null;3;|absent");
    check_values("", "|absent");
    check_values("\n", "|absent");
    check_values("{\"a\":1}\n{\"b\":",
                 "{a=1};!JSON ends inside an object at byte 13: the reply was cut off");
    check_values("{\"a\":1},{\"b\":2}", "{a=1};!JSON: byte 7: expected a value, found ','");
}

static void a_value_is_handed_over_as_soon_as_it_is_whole(void **state)
{
    struct nube_arena arena = {0};
    struct reading r = {0};
    struct nube_reader_conf conf = {.values = true, .item = on_item, .data = &r, .arena = &arena};
    struct nube_reader *reader = nube_reader_new(&conf);

    (void)state;
    nube_buf_init(&r.seen, 1 << 20);
    assert_int_equal(nube_reader_push(reader, "{\"a\":1", 6, r.message), 0);
    assert_int_equal(r.items, 0);
    assert_int_equal(nube_reader_push(reader, "}", 1, r.message), 0);
    assert_int_equal(r.items, 1);
    nube_reader_free(reader);
    nube_buf_free(&r.seen);
    nube_arena_free(&arena);
}

static void the_receiver_may_end_the_reading(void **state)
{
    struct nube_reader_conf conf = {.items_path = "a"};
    struct reading r = {.stop_after = 2};
    const char *text = "{\"a\":[1,{\"b\":2},3,4]}";

    (void)state;
    read_cut(&r, conf, text, strlen(text), 0);
    assert_int_equal(r.code, NUBE_E_CANCELLED);
    assert_int_equal(r.items, 2);
    nube_buf_free(&r.seen);
}

struct flat {
    const struct nube_arena *arena;
    const nube_doc *place;
    size_t items, moved;
};

static bool count_moves(void *data, const nube_doc *item)
{
    struct flat *f = data;

    f->items++;
    if (item != f->place && f->items > 10)
        f->moved++;
    f->place = item;
    return true;
}

static void memory_is_reused_from_item_to_item(void **state)
{
    struct nube_arena arena = {0};
    struct flat f = {.arena = &arena};
    struct nube_reader_conf conf = {
        .items_path = "a", .item = count_moves, .data = &f, .arena = &arena};
    struct nube_reader *r = nube_reader_new(&conf);
    char message[256], piece[256];
    const nube_doc *root;
    size_t total = 0;
    int i;

    (void)state;
    assert_int_equal(nube_reader_push(r, "{\"a\":[0", 7, message), 0);
    for (i = 0; i < 100000; i++) {
        int n = snprintf(piece, sizeof(piece),
                         ",{\"id\":%d,\"name\":\"a name of a node %d\",\"l\":[1,2,3]}", i, i);

        assert_int_equal(nube_reader_push(r, piece, (size_t)n, message), 0);
        if (i == 10)
            total = arena.total;
    }
    assert_int_equal(nube_reader_push(r, "]}", 2, message), 0);
    assert_int_equal(nube_reader_end(r, &root, message), 0);
    assert_int_equal(f.items, 100001);
    assert_int_equal(f.moved, 0);
    assert_int_equal(arena.total, total);
    assert_in_range(total, 1, 16 << 10);
    nube_reader_free(r);
    nube_arena_free(&arena);
}

static void an_item_has_a_limit_of_its_own(void **state)
{
    struct nube_arena arena = {0};
    struct flat f = {.arena = &arena};
    struct nube_reader_conf conf = {
        .items_path = "", .item = count_moves, .data = &f, .arena = &arena};
    struct nube_reader *r = nube_reader_new(&conf);
    static char piece[1 << 20];
    char message[256];
    int code = 0, i, k;

    (void)state;
    memset(piece, 'x', sizeof(piece));
    assert_int_equal(nube_reader_push(r, "[0", 2, message), 0);
    for (i = 0; i < 3; i++) { /* each within the limit, together past it */
        assert_int_equal(nube_reader_push(r, ",\"", 2, message), 0);
        for (k = 0; k < 15; k++)
            assert_int_equal(nube_reader_push(r, piece, sizeof(piece), message), 0);
        assert_int_equal(nube_reader_push(r, "\"", 1, message), 0);
    }
    assert_int_equal(f.items, 4);
    assert_int_equal(nube_reader_push(r, ",\"", 2, message), 0);
    for (k = 0; k < 17 && !code; k++)
        code = nube_reader_push(r, piece, sizeof(piece), message);
    assert_int_equal(code, NUBE_E_TOO_LARGE);
    assert_non_null(strstr(message, "a value larger than 16 MiB"));
    nube_reader_free(r);
    nube_arena_free(&arena);
}

static void a_path_of_too_many_names_is_refused(void **state)
{
    struct nube_arena arena = {0};
    struct nube_reader_conf conf = {.items_path = "a.b.c.d.e.f.g.h.i", .arena = &arena};

    (void)state;
    assert_null(nube_reader_new(&conf));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_cut_out_and_the_rest_is_kept),
        cmocka_unit_test(a_root_array_is_a_path_too),
        cmocka_unit_test(a_path_goes_through_nested_objects),
        cmocka_unit_test(a_path_that_is_absent_is_no_error),
        cmocka_unit_test(what_is_no_array_is_named),
        cmocka_unit_test(a_loose_path_lets_an_object_be),
        cmocka_unit_test(a_list_that_is_cut_off_is_an_error),
        cmocka_unit_test(values_one_after_another),
        cmocka_unit_test(a_value_is_handed_over_as_soon_as_it_is_whole),
        cmocka_unit_test(the_receiver_may_end_the_reading),
        cmocka_unit_test(memory_is_reused_from_item_to_item),
        cmocka_unit_test(an_item_has_a_limit_of_its_own),
        cmocka_unit_test(a_path_of_too_many_names_is_refused),
    };

    return cmocka_run_group_tests_name("doc items", tests, NULL, NULL);
}
