/* Recordings: what was written is found again, and people can write them by hand. */
#include <pthread.h>
#include <sys/stat.h>

#include "cassette.h"
#include "mem.h"
#include "scratch.h"

static struct nube_error err = NUBE_ERROR_INIT;

static struct nube_cassette *open_cassette(const char *name, enum nube_cassette_mode mode)
{
    struct nube_cassette *cas;

    if (nube_cassette_open(&cas, scratch_path(name), mode, 0, &err) != 0)
        fail_msg("%s", err.message);
    return cas;
}

static void write_simple(struct nube_cassette *cas, const char *method, const char *url,
                         const char *body, const char *reply)
{
    struct nube_cassette_exchange x = {.method = method, .url = url, .status = 200, .message = ""};

    x.body = body;
    x.body_len = body ? strlen(body) : 0;
    x.reply = reply;
    x.reply_len = strlen(reply);
    assert_int_equal(nube_cassette_write(cas, &x, &err), 0);
}

static const struct nube_cassette_exchange *find(struct nube_cassette *cas, const char *method,
                                                 const char *url, const char *body)
{
    return nube_cassette_find(cas, method, url, body, body ? strlen(body) : 0, &err);
}

static void expect_reply(struct nube_cassette *cas, const char *method, const char *url,
                         const char *body, const char *reply)
{
    const struct nube_cassette_exchange *x = find(cas, method, url, body);

    if (!x)
        fail_msg("%s", err.message);
    assert_string_equal(x->reply, reply);
}

static void expect_parse_error(const char *text, const char *part)
{
    struct nube_cassette *cas;

    scratch_run("rm -rf bad; mkdir bad");
    scratch_write("bad/0001.http", text, strlen(text));
    assert_int_equal(nube_cassette_open(&cas, scratch_path("bad"), NUBE_CASSETTE_REPLAY, 0, &err),
                     NUBE_E_USAGE);
    assert_null(cas);
    assert_non_null(strstr(err.message, "0001.http, line "));
    if (!strstr(err.message, part))
        fail_msg("\"%s\" does not say \"%s\"", err.message, part);
}

static void an_exchange_comes_back_whole(void **state)
{
    static const char body[] = "\nHTTP/1.1 200\r\n\0\377", reply[] = "\0\r\n\r\nHTTP/1.1 999\n\n";
    const struct nube_pair out[] = {{"Accept", "application/json"}, {"X-A", "b: c"}};
    const struct nube_pair in[] = {{"Content-Type", "a/b"}, {"Content-Length", "77"}};
    const struct nube_cassette_exchange w = {
        "POST",        "https://h:1/p?q=1%20", out,       2, body, sizeof(body), 418, in, 2, reply,
        sizeof(reply), NUBE_E_TRANSPORT,       "cut\noff"};
    const struct nube_cassette_exchange *x;
    struct nube_cassette *cas = open_cassette("whole", NUBE_CASSETTE_RECORD);

    (void)state;
    assert_int_equal(nube_cassette_write(cas, &w, &err), 0);
    nube_cassette_close(cas);
    cas = open_cassette("whole", NUBE_CASSETTE_REPLAY);
    x = find(cas, "POST", "http://other/p?q=1%20", "different");
    assert_non_null(x);
    assert_string_equal(x->method, "POST");
    assert_string_equal(x->url, w.url);
    assert_int_equal(x->n_headers, 2);
    assert_string_equal(x->headers[1].name, "X-A");
    assert_string_equal(x->headers[1].value, "b: c");
    assert_int_equal(x->body_len, sizeof(body));
    assert_memory_equal(x->body, body, sizeof(body));
    assert_int_equal(x->status, 418);
    assert_int_equal(x->n_reply_headers, 2);
    assert_string_equal(x->reply_headers[1].value, "77");
    assert_int_equal(x->reply_len, sizeof(reply));
    assert_memory_equal(x->reply, reply, sizeof(reply));
    assert_int_equal(x->code, NUBE_E_TRANSPORT);
    assert_string_equal(x->message, "cut off");
    nube_cassette_close(cas);
}

static void a_failure_without_reply_comes_back(void **state)
{
    const struct nube_cassette_exchange w = {.method = "GET",
                                             .url = "http://h/",
                                             .code = NUBE_E_CONNECT,
                                             .message = "connect to h: refused"};
    const struct nube_cassette_exchange *x;
    struct nube_cassette *cas = open_cassette("fails", NUBE_CASSETTE_RECORD);

    (void)state;
    assert_int_equal(nube_cassette_write(cas, &w, &err), 0);
    nube_cassette_close(cas);
    cas = open_cassette("fails", NUBE_CASSETTE_REPLAY);
    x = find(cas, "GET", "http://h", NULL);
    assert_int_equal(x->status, 0);
    assert_int_equal(x->code, NUBE_E_CONNECT);
    assert_string_equal(x->message, "connect to h: refused");
    assert_int_equal(x->reply_len, 0);
    assert_null(x->body);
    nube_cassette_close(cas);
}

static void exchanges_are_used_in_order(void **state)
{
    struct nube_cassette *cas = open_cassette("order", NUBE_CASSETTE_RECORD);

    (void)state;
    write_simple(cas, "GET", "http://h/a", NULL, "1");
    write_simple(cas, "POST", "http://h/a", "one", "p1");
    write_simple(cas, "POST", "http://h/a", "two", "p2");
    write_simple(cas, "GET", "http://h/a?b=1", NULL, "q");
    write_simple(cas, "GET", "http://h/a", NULL, "2");
    write_simple(cas, "FILE", "~/.c/x", NULL, "content");
    nube_cassette_close(cas);
    cas = open_cassette("order", NUBE_CASSETTE_REPLAY);
    expect_reply(cas, "GET", "https://h2:8/a", NULL, "1");
    expect_reply(cas, "GET", "/a?b=1", NULL, "q");
    expect_reply(cas, "GET", "http://h/a", NULL, "2");
    expect_reply(cas, "GET", "http://h/a", NULL,
                 "2"); /* again: a reader may ask as often as it likes */
    expect_reply(cas, "POST", "http://h/a", "two", "p2");
    expect_reply(cas, "POST", "http://h/a", "two", "p1"); /* what is left */
    assert_null(find(cas, "POST", "http://h/a", "two"));
    expect_reply(cas, "FILE", "~/.c/x", NULL, "content");
    expect_reply(cas, "FILE", "~/.c/x", NULL, "content");
    nube_cassette_close(cas);
}

static void a_missing_exchange_is_named(void **state)
{
    struct nube_cassette *cas = open_cassette("order", NUBE_CASSETTE_REPLAY);

    (void)state;
    assert_null(find(cas, "DELETE", "http://h/a?c", NULL));
    assert_int_equal(err.code, NUBE_E_NOT_FOUND);
    assert_non_null(strstr(err.message, "DELETE http://h/a?c"));
    assert_non_null(strstr(err.message, scratch_path("order")));
    nube_cassette_close(cas);
    assert_int_equal(nube_cassette_open(&cas, scratch_path("none"), NUBE_CASSETTE_REPLAY, 0, &err),
                     NUBE_E_NOT_FOUND);
    assert_non_null(strstr(err.message, scratch_path("none")));
    scratch_run("mkdir empty");
    assert_int_equal(nube_cassette_open(&cas, scratch_path("empty"), NUBE_CASSETTE_REPLAY, 0, &err),
                     NUBE_E_NOT_FOUND);
}

static void hand_written_files_are_read(void **state)
{
    static const char text[] = "# The list, as the provider's page shows it.\r\n\r\n"
                               "POST /servers HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"
                               "{\"name\": \"x\"}\r\n\r\nHTTP/1.1 202 Accepted\r\n"
                               "Location:/servers/7\r\n\r\n{\"id\": 7}\n";
    static const char bare[] = "GET /servers\n\nHTTP/1.1 204";
    const struct nube_cassette_exchange *x;
    struct nube_cassette *cas;

    (void)state;
    scratch_run("mkdir hand");
    scratch_write("hand/10-create.http", text, sizeof(text) - 1);
    scratch_write("hand/9-list.http", bare, sizeof(bare) - 1);
    scratch_write("hand/11-list.http", "GET /servers\n\nHTTP/1.1 500", 26); /* after 9 */
    scratch_write("hand/README", "notes", 5);
    assert_int_equal(nube_cassette_open(&cas, scratch_path("hand"), NUBE_CASSETTE_REPLAY, 3, &err),
                     0);
    assert_int_equal(nube_cassette_chunk(cas), 3);
    x = find(cas, "POST", "https://api.example.com/servers", "{\"name\": \"x\"}");
    assert_non_null(x);
    assert_int_equal(x->body_len, 13);
    assert_int_equal(x->status, 202);
    assert_string_equal(x->reply_headers[0].value, "/servers/7");
    assert_string_equal(x->reply, "{\"id\": 7}\n");
    x = find(cas, "GET", "https://api.example.com/servers", NULL);
    assert_int_equal(x->status, 204);
    assert_int_equal(x->reply_len, 0);
    nube_cassette_close(cas);
}

static void mistakes_are_named_with_their_line(void **state)
{
    (void)state;
    expect_parse_error("", "the request");
    expect_parse_error("GET\n\nHTTP/1.1 200\n\n", "line 1: the request");
    expect_parse_error("GET /\nnonsense\n\nHTTP/1.1 200\n\n", "line 2");
    expect_parse_error("GET /\n\nbody\n", "HTTP/1.1 200");
    expect_parse_error("GET /\n\nHTTP/1.1 fine\n\n", "line 3: the status");
    expect_parse_error("GET /\n\nHTTP/1.1 -5\n\n", "line 3: the status");
    expect_parse_error("GET /\n\nHTTP/1.1\n\n", "line 3: ");
    expect_parse_error("GET /\nNube-Body: 9999\n\nx\nHTTP/1.1 200\n\n", "more octets");
    expect_parse_error("GET /\nNube-Body: 1\n\nxyz\nHTTP/1.1 200\n\n", "less");
    expect_parse_error("GET /\nNube-Body: -1\n\nx\nHTTP/1.1 200\n\n", "number of octets");
    expect_parse_error("GET /\n\nHTTP/1.1 200\nNube-Body: 4\n\nxyz", "more octets");
    expect_parse_error("GET /\n\nHTTP/1.1 200\nNube-End: bad luck\n\n", "line 4: Nube-End");
}

static void recording_goes_on_and_is_private(void **state)
{
    struct nube_cassette *cas = open_cassette("again", NUBE_CASSETTE_RECORD);
    struct stat st;

    (void)state;
    write_simple(cas, "GET", "http://h/1", NULL, "1");
    nube_cassette_close(cas);
    cas = open_cassette("again", NUBE_CASSETTE_RECORD);
    write_simple(cas, "GET", "http://h/2", NULL, "2");
    nube_cassette_close(cas);
    assert_int_equal(stat(scratch_path("again"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(stat(scratch_path("again/0002.http"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    scratch_write("file", "", 0);
    assert_int_not_equal(
        nube_cassette_open(&cas, scratch_path("file"), NUBE_CASSETTE_RECORD, 0, &err), 0);
    assert_non_null(strstr(err.message, scratch_path("file")));
}

static void headers_cannot_break_the_file(void **state)
{
    const struct nube_pair bad[] = {{"Nube-Body", "9"}, {"A", "b\r\n\r\nHTTP/1.1 500\n\nC: d"}};
    const struct nube_cassette_exchange w = {
        .method = "GET", .url = "http://h/", .headers = bad, .n_headers = 2, .status = 200};
    struct nube_cassette *cas = open_cassette("break", NUBE_CASSETTE_RECORD);
    const struct nube_cassette_exchange *x;

    (void)state;
    assert_int_equal(nube_cassette_write(cas, &w, &err), 0);
    nube_cassette_close(cas);
    cas = open_cassette("break", NUBE_CASSETTE_REPLAY);
    x = find(cas, "GET", "http://h/", NULL);
    assert_int_equal(x->status, 200);
    assert_int_equal(x->n_headers, 1);
    nube_cassette_close(cas);
}

static void note(void *data, const char *name, const char *value)
{
    char *all = data;
    size_t len = strlen(all);

    snprintf(all + len, 256 - len, "%s=%s;", name, value);
}

static void the_connection_is_kept(void **state)
{
    const struct nube_pair options[] = {
        {"region", "lon"}, {"endpoint", "https://h/?a=b"}, {"odd", "two\nlines"}, {"empty", ""}};
    struct nube_cassette *cas = open_cassette("meta", NUBE_CASSETTE_RECORD);
    char all[256] = "";

    (void)state;
    assert_int_equal(nube_cassette_meta_read(scratch_path("meta"), note, all, &err),
                     NUBE_E_NOT_FOUND);
    assert_int_equal(nube_cassette_meta_write(cas, "rackspace:lon", options, 4, &err), 0);
    nube_cassette_close(cas);
    assert_int_equal(nube_cassette_meta_read(scratch_path("meta"), note, all, &err), 0);
    assert_string_equal(all, "provider=rackspace:lon;region=lon;endpoint=https://h/?a=b;empty=;");
    scratch_write("meta/cassette.ini", "; note\n[connection]\r\n a=b \r\nnonsense", 37);
    assert_int_equal(nube_cassette_meta_read(scratch_path("meta"), note, all, &err), NUBE_E_USAGE);
    assert_non_null(strstr(err.message, "line 4"));
}

static void *write_many(void *data)
{
    for (int i = 0; i < 25; i++)
        write_simple(data, "POST", "http://h/x", "b", "r");
    return NULL;
}

static void *find_many(void *data)
{
    intptr_t n = 0;

    while (nube_cassette_find(data, "POST", "http://h/x", "b", 1, NULL))
        n++;
    return (void *)n;
}

static void threads_share_a_cassette(void **state)
{
    struct nube_cassette *cas = open_cassette("threads", NUBE_CASSETTE_RECORD);
    pthread_t t[4];
    void *n;
    intptr_t total = 0;

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, write_many, cas), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    nube_cassette_close(cas);
    cas = open_cassette("threads", NUBE_CASSETTE_REPLAY);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, find_many, cas), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(t[i], &n);
        total += (intptr_t)n;
    }
    assert_int_equal(total, 100); /* each of them once */
    nube_cassette_close(cas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exchange_comes_back_whole),
        cmocka_unit_test(a_failure_without_reply_comes_back),
        cmocka_unit_test(exchanges_are_used_in_order),
        cmocka_unit_test(a_missing_exchange_is_named),
        cmocka_unit_test(hand_written_files_are_read),
        cmocka_unit_test(mistakes_are_named_with_their_line),
        cmocka_unit_test(recording_goes_on_and_is_private),
        cmocka_unit_test(headers_cannot_break_the_file),
        cmocka_unit_test(the_connection_is_kept),
        cmocka_unit_test(threads_share_a_cassette),
    };

    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
