/* Lists and streams against a misbehaving server: whole or an error, in the memory of a page. */
#include "engine_help.h"

#include <malloc.h>

/* Memory that the library holds, and the most since the last look. */
static size_t held, most;

static void *count_alloc(size_t size)
{
    void *p = malloc(size);

    held += p ? malloc_usable_size(p) : 0;
    most = held > most ? held : most;
    return p;
}

static void count_free(void *p)
{
    held -= p ? malloc_usable_size(p) : 0;
    free(p);
}

static void *count_realloc(void *p, size_t size)
{
    size_t before = p ? malloc_usable_size(p) : 0;
    void *q = realloc(p, size);

    if (!q)
        return NULL;
    held += malloc_usable_size(q);
    most = held > most ? held : most;
    held -= before;
    return q;
}

static int setup(void **state)
{
    int rc = each_setup(state);

    hooks.alloc = count_alloc;
    hooks.realloc = count_realloc;
    hooks.free = count_free;
    return rc;
}

#define SERVERS(more) ROUTE("GET", "/servers", "{'token': 't', " more "}")
#define PAGES(n, page)                                                                             \
    SERVERS("'list': {'count': " #n ", 'page': " #page                                             \
            ", 'key': 'servers', 'item': {'id': '{i}', 'name': 'node-{i}', 'state': 'ACTIVE', "    \
            "'ip': '10.1.2.3', 'image': 'image-{i}'}}")

/* ---- Pages ----------------------------------------------------------------------------- */

static size_t peak_of(const char *routes, int nodes)
{
    size_t before;

    begin(routes);
    before = most = held;
    assert_int_equal(list(NULL, NULL), nodes);
    return most - before;
}

static void T24_100000_nodes_need_a_request_a_page_and_the_memory_of_pages(void **state)
{
    size_t few = peak_of(LOGIN PAGES(3000, 1000), 3000), many;

    assert_int_equal(count("GET /servers"), 3);
    assert_int_equal(each_teardown(state), 0);
    assert_int_equal(held, 0);
    assert_int_equal(setup(state), 0);
    many = peak_of(LOGIN PAGES(100000, 1000), 100000);
    assert_int_equal(count("GET /servers"), 100);
    assert_int_equal(count("POST /token"), 1);
    assert_in_range(many, 1, few + few / 8 + 8192); /* the cursors are kept as 8 octets each */
    assert_in_range(many, 1, 4 << 20);
}

static void T24_early_stop_asks_for_nothing_more(void **state)
{
    nube_iter *iter;
    const nube_obj *o;
    int i;

    (void)state;
    begin(LOGIN PAGES(100, 10));
    assert_int_equal(nube_node_list(&iter, conn, NULL, NULL, &err), 0);
    assert_int_equal(count("GET /servers"), 0);
    for (i = 0; i < 20; i++)
        assert_int_equal(nube_iter_next(&o, iter, &err), 1);
    assert_string_equal(nube_id(o), "19");
    nube_iter_free(iter);
    assert_int_equal(count("GET /servers"), 2);
}

static void page_that_names_itself_as_the_next_ends_with_protocol(void **state)
{
    (void)state;
    begin(LOGIN SERVERS("'list': {'count': 100, 'page': 10, 'key': 'servers', 'repeat_at': 3}"));
    assert_int_equal(list(NULL, NULL), NUBE_E_PROTOCOL);
    assert_non_null(strstr(err.message, "30"));
    assert_in_range(count("GET /servers"), 4, 5);
}

static void page_cut_in_the_middle_comes_again_without_doubles(void **state)
{
    (void)state;
    begin(
        LOGIN ROUTE("GET", "/servers",
                    "{'cut': 60, 'list': {'count': 9, 'page': 5, 'key': 'servers'}},"
                    "{'cut': 90, 'reset': true, 'list': {'count': 9, 'page': 5, 'key': 'servers'}},"
                    "{'list': {'count': 9, 'page': 5, 'key': 'servers'}}"));
    assert_int_equal(list(NULL, NULL), 9);
    assert_int_equal(count("GET /servers"), 4);
}

static void cut_list_is_never_a_whole_one(void **state)
{
    (void)state;
    begin_with(LOGIN ROUTE("GET", "/servers",
                           "{'list': {'count': 9, 'page': 5, 'key': 'servers'}},"
                           "{'cut': 40, 'list': {'count': 9, 'page': 5, 'key': 'servers'}}"),
               "retries", "1");
    assert_int_equal(list(NULL, NULL), NUBE_E_TRANSPORT);
    assert_int_equal(count("GET /servers"), 3);
}

/* Its end is the end of the connection: only the document shows that it is not all of it. */
static void cut_list_without_a_length_is_never_a_whole_one(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers",
                      "{'length': 'none', 'body': '{`servers`: [{`id`: `1`}, {`id`: `2`}', 'type': "
                      "'application/json'}"));
    assert_int_equal(list(NULL, NULL), NUBE_E_PROTOCOL);
}

static void chunked_list_without_its_last_chunk_is_never_a_whole_one(void **state)
{
    (void)state;
    begin_with(
        LOGIN ROUTE("GET", "/servers", "{'chunked': 'cut', 'json': {'servers': [{'id': '1'}]}}"),
        "retries", "0");
    assert_int_equal(list(NULL, NULL), NUBE_E_TRANSPORT);
}

static void list_in_tiny_pieces_is_the_same_list(void **state)
{
    (void)state;
    begin(LOGIN SERVERS("'drip': [1, 0], 'chunked': true, 'json': {'servers': [{'id': '1', 'name': "
                        "'\\u00e9\\ud83d\\ude00'}, {'id': '2'}]}"));
    assert_int_equal(list("name", "\xc3\xa9\xf0\x9f\x98\x80"), 1);
}

static void filters_are_applied_by_the_core(void **state)
{
    (void)state;
    begin(LOGIN PAGES(100, 10));
    assert_int_equal(list("name", "node-7"), 1);
    assert_int_equal(list("search", "DE-7"), 11);
    assert_int_equal(list("state", "running"), 100);
    assert_int_equal(list("state", "SHUTOFF"), 0);
    assert_int_equal(list("address", "10.1.2.3"), 100);
    assert_int_equal(list("image", "image-99"), 1);
    assert_int_equal(list("colour", "red"), NUBE_E_UNSUPPORTED);
}

#define IMAGES "{'json': {'images': [{'id': 'a'}, {'id': 'b'}]}}"

static int64_t nth(size_t i)
{
    struct nube_value v = {.size = sizeof(v)};

    assert_int_equal(nube_extra_get(nube_result_at(result, i), "nth", &v), 1);
    return v.num;
}

static void state_that_is_none_is_refused(void **state)
{
    (void)state;
    begin(LOGIN);
    assert_int_equal(list("state", "runing"), NUBE_E_USAGE);
    assert_non_null(strstr(err.message, "did you mean \"running\"?"));
    assert_int_equal(count("requests"), 0);
}

static void state_of_a_call_is_restored_with_a_repeated_request(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/images/own",
                      "{'cut': 26, 'json': {'images': [{'id': 'a'}, {'id': 'b'}]}}," IMAGES)
              ROUTE("GET", "/images/public", "{'delay': 2, 'json': {'images': []}}"));
    assert_int_equal(CALL(IMAGE_LIST, NULL, NULL), 0);
    assert_int_equal(count("GET /images/own"), 2);
    assert_int_equal(nube_result_count(result), 2);
    assert_int_equal(nth(0), 1);
    assert_int_equal(nth(1), 2);
}

static void repeated_request_of_a_group_keeps_what_the_others_did(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/images/own", IMAGES)
              ROUTE("GET", "/images/public", "{'delay': 0.5, 'status': 502}," IMAGES));
    assert_int_equal(CALL(IMAGE_LIST, NULL, NULL), 0);
    assert_int_equal(nube_result_status(result), 2);
    assert_int_equal(nube_result_count(result), 4);
    assert_int_equal(nth(3), 4);
}

/* ---- Streams ------------------------------------------------------------------------------ */

static int64_t sums[2];

static void on_progress(void *payload, const struct nube_progress *p)
{
    (void)payload;
    assert_string_equal(p->verb, "image action");
    assert_string_equal(p->text, "get");
    sums[0]++;
    sums[1] += p->current;
}

static const struct nube_call_opts progress_opts = {.size = sizeof(struct nube_call_opts),
                                                    .progress = on_progress};

#define PULL(more)                                                                                 \
    ROUTE("POST", "/images/i/pull",                                                                \
          "{'body': '{`status`: `get`, `current`: 1} {`status`: `get`, `current`: 2}\\r\\n" more   \
          "'}")

static void live_values_arrive_one_by_one(void **state)
{
    (void)state;
    sums[0] = sums[1] = 0;
    begin(LOGIN PULL(""));
    assert_int_equal(CALL(IMAGE_ACTION, &progress_opts, "id", "i", "action", "pull"), 0);
    assert_int_equal(sums[0], 2);
    assert_int_equal(sums[1], 3);
}

static void error_inside_a_200_stream_is_an_error(void **state)
{
    (void)state;
    begin(LOGIN PULL("{`error`: `no such image`}"));
    assert_int_equal(CALL(IMAGE_ACTION, &progress_opts, "id", "i", "action", "pull"),
                     NUBE_E_PROVIDER);
    assert_string_equal(err.message, "no such image");
    assert_int_equal(count("POST /images/i/pull"), 1);
}

static void stream_that_breaks_is_not_repeated_and_not_good(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("POST", "/images/i/pull",
                      "{'cut': 33, 'body': '{`status`: `get`, `current`: 1} {`status`: `get`}'}"));
    assert_int_equal(CALL(IMAGE_ACTION, &progress_opts, "id", "i", "action", "pull"),
                     NUBE_E_OUTCOME_UNKNOWN);
    assert_int_equal(count("POST /images/i/pull"), 1);
}

static void sink_gets_its_rest_again_in_front_of_what_follows(void **state)
{
    size_t len;

    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1/console",
                      "{'drip': [3, 0], 'chunked': true, 'body': 'one\\ntwo and\\nthree'}"));
    assert_int_equal(CALL(NODE_CONSOLE, NULL, "id", "1"), 0);
    assert_string_equal(nube_result_output(result, NUBE_STDOUT, &len), "ONE\nTWO AND\nTHREE");
    assert_int_equal(len, 17);
}

static void sink_that_breaks_is_an_error_and_not_repeated(void **state)
{
    (void)state;
    begin(LOGIN ROUTE("GET", "/servers/1/console", "{'cut': 6, 'body': 'one\\ntwo and\\nthree'}"));
    assert_int_equal(CALL(NODE_CONSOLE, NULL, "id", "1"), NUBE_E_TRANSPORT);
    assert_int_equal(count("GET /servers/1/console"), 1);
}

#define LIST_TEST(name) cmocka_unit_test_setup_teardown(name, setup, each_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIST_TEST(T24_100000_nodes_need_a_request_a_page_and_the_memory_of_pages),
        LIST_TEST(T24_early_stop_asks_for_nothing_more),
        LIST_TEST(page_that_names_itself_as_the_next_ends_with_protocol),
        LIST_TEST(page_cut_in_the_middle_comes_again_without_doubles),
        LIST_TEST(cut_list_is_never_a_whole_one),
        LIST_TEST(cut_list_without_a_length_is_never_a_whole_one),
        LIST_TEST(chunked_list_without_its_last_chunk_is_never_a_whole_one),
        LIST_TEST(list_in_tiny_pieces_is_the_same_list),
        LIST_TEST(filters_are_applied_by_the_core),
        LIST_TEST(state_that_is_none_is_refused),
        LIST_TEST(state_of_a_call_is_restored_with_a_repeated_request),
        LIST_TEST(repeated_request_of_a_group_keeps_what_the_others_did),
        LIST_TEST(live_values_arrive_one_by_one),
        LIST_TEST(error_inside_a_200_stream_is_an_error),
        LIST_TEST(stream_that_breaks_is_not_repeated_and_not_good),
        LIST_TEST(sink_gets_its_rest_again_in_front_of_what_follows),
        LIST_TEST(sink_that_breaks_is_an_error_and_not_repeated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
