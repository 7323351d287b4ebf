/* The simulator's verifier of signatures against the official vectors: each is accepted, each
 * change refused. */
#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ec2/sigv4.h"
#include "mem.h"
#include "sim_int.h"

static struct json_object *load(const char *name)
{
    char *path = sim_fmt("%s/tests/sim/vectors/%s", getenv("NUBE_TEST_SOURCE"), name);
    struct json_object *json = json_object_from_file(path);
    assert_non_null(json);
    free(path);
    return json;
}

/* A request read from the text of a vector. */
struct parsed {
    struct sim_request q;
    char *text, *target;
    struct sim_pair headers[16];
};

/* Folded header lines are part of the value, as they are for the signer. */
static void parse(struct parsed *p, const char *text)
{
    memset(p, 0, sizeof *p);
    p->text = sim_strdup(text);
    char *head = p->text, *body = strstr(head, "\n\n");
    assert_non_null(body);
    *body = 0;
    p->q.body = body + 2;
    p->q.body_len = strlen(p->q.body);
    char *line = strchr(head, '\n'), *space = strchr(head, ' ');
    *line++ = 0;
    *space = 0;
    p->q.method = head;
    p->target = space + 1;
    *strstr(p->target, " HTTP/1.1") = 0;
    char *question = strchr(p->target, '?');
    p->q.query = question ? question + 1 : "";
    if (question)
        *question = 0;
    p->q.path = p->target;
    while (line) {
        char *end = strchr(line, '\n');
        while (end && (end[1] == ' ' || end[1] == '\t'))
            end = strchr(end + 1, '\n');
        if (end)
            *end = 0;
        char *colon = strchr(line, ':');
        *colon = 0;
        p->headers[p->q.n_headers++] = (struct sim_pair){line, colon + 1};
        line = end ? end + 1 : NULL;
    }
    p->q.headers = p->headers;
    sim_request_decode(&p->q);
}

static void drop(struct parsed *p)
{
    sim_request_free(&p->q);
    free(p->text);
}

/* Whether the signature of a request holds; what was computed is compared with `want` if given. */
static bool holds(const char *request, const char *secret, const struct sigv4_rules *rules,
                  struct json_object *want)
{
    struct parsed p;
    struct sigv4_claim claim;
    struct sim_text why = {0}, canonical = {0}, to_sign = {0};
    unsigned char key[SIGV4_KEY];
    char hash[SIGV4_HEX], signature[SIGV4_HEX];
    parse(&p, request);
    assert_int_equal(sigv4_claim(&claim, &p.q, &why), SIGV4_CLAIM);
    sigv4_hash(hash, p.q.body, p.q.body_len);
    sigv4_canonical(&canonical, &p.q, &claim, hash, rules);
    sigv4_string_to_sign(&to_sign, &claim, &canonical);
    sigv4_key(key, secret, &claim);
    sigv4_signature(signature, key, &to_sign);
    if (want) {
        assert_string_equal(canonical.data, sim_json_text(want, "canonical"));
        assert_string_equal(to_sign.data, sim_json_text(want, "string_to_sign"));
        assert_string_equal(signature, sim_json_text(want, "signature"));
    }
    bool same = !strcmp(signature, claim.signature);
    free(claim.store);
    sim_text_free(&canonical);
    sim_text_free(&to_sign);
    sim_text_free(&why);
    drop(&p);
    return same;
}

static void official(void **state)
{
    static const char *const modes[] = {"header", "query"};
    struct json_object *all = load("sigv4.json");
    size_t n = json_object_array_length(all);
    (void)state;
    assert_int_equal(n, 38);
    for (size_t i = 0; i < n; i++) {
        struct json_object *one = json_object_array_get_idx(all, i);
        bool after = sim_json_bool(one, "omit_session_token", false);
        for (int mode = 0; mode < 2; mode++) {
            struct sigv4_rules rules = {.keep_path = !sim_json_bool(one, "normalize", true),
                                        .leave_out = after && mode ? "X-Amz-Security-Token" : NULL};
            struct json_object *want = sim_json_get(one, modes[mode]);
            print_message("%s, %s\n", sim_json_text(one, "name"), modes[mode]);
            assert_true(
                holds(sim_json_text(want, "request"), sim_json_text(one, "secret"), &rules, want));
            assert_false(holds(sim_json_text(want, "request"), "another secret", &rules, NULL));
        }
    }
    json_object_put(all);
}

/* The path and query of a URL. */
static const char *after_host(const char *url)
{
    return strchr(strstr(url, "//") + 2, '/');
}

static char *ec2_request(struct json_object *one)
{
    const char *url = sim_json_text(one, "url"), *token = sim_json_text(one, "session_token");
    const char *canonical = sim_json_text(one, "canonical_request");
    const char *host = strstr(canonical, "\nhost:") + 6, *type = sim_json_text(one, "content_type");
    const char *body = sim_json_text(one, "body");
    struct sim_text text = {0};
    sim_text_fmt(&text, "%s %s HTTP/1.1\nHost:%.*s\nX-Amz-Date:%s\n", sim_json_text(one, "method"),
                 after_host(url), (int)strcspn(host, "\n"), host, sim_json_text(one, "timestamp"));
    if (type)
        sim_text_fmt(&text, "Content-Type:%s\n", type);
    if (token)
        sim_text_fmt(&text, "X-Amz-Security-Token:%s\n", token);
    sim_text_fmt(&text, "Authorization:%s\n\n%s", sim_json_text(one, "authorization"),
                 body ? body : "");
    return sim_text_take(&text);
}

static void ec2_shaped(void **state)
{
    struct json_object *all = load("sigv4-ec2.json");
    (void)state;
    for (size_t i = 0; i < json_object_array_length(all); i++) {
        struct json_object *one = json_object_array_get_idx(all, i);
        char *request = ec2_request(one);
        print_message("%s\n", sim_json_text(one, "name"));
        assert_true(holds(request, sim_json_text(one, "secret_access_key"), NULL, NULL));
        free(request);
    }
    json_object_put(all);
}

/* Whatever is signed cannot be changed. */
static void changes(void **state)
{
    static const char request[] =
        "POST /?Param1=value1 HTTP/1.1\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z\n"
        "Authorization:AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/"
        "aws4_request, SignedHeaders=host;x-amz-date, Signature=28038455d6de14eafc1f9222cf5aa6f1a9"
        "6197d7deb8263271d420d138af7f11\n\n";
    static const char *const from[] = {"POST", "/?", "value1", "example", "123600Z\nA", "28038"};
    static const char *const to[] = {"GET", "/x?", "value2", "exampel", "123601Z\nA", "28039"};
    static const char secret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    (void)state;
    assert_true(holds(request, secret, NULL, NULL));
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        const char *at = strstr(request, from[i]);
        assert_non_null(at);
        char *changed =
            sim_fmt("%.*s%s%s", (int)(at - request), request, to[i], at + strlen(from[i]));
        print_message("%s instead of %s\n", to[i], from[i]);
        assert_false(holds(changed, secret, NULL, NULL));
        free(changed);
    }
    char *body = sim_fmt("%sbody", request);
    assert_false(holds(body, secret, NULL, NULL));
    free(body);
}

static void claims(void **state)
{
    static const char *const bad[] = {
        "AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/ec2/aws4_request, SignedHeaders=host",
        "AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256",
        "AWS3 x",
        "Basic Zm9vOmJhcg=="};
    struct sim_pair headers[] = {
        {"Host", "x"}, {"X-Amz-Date", "20150830T123600Z"}, {"Authorization", ""}};
    struct sim_request q = {
        .method = "POST", .path = "/", .query = "", .headers = headers, .n_headers = 2};
    struct sigv4_claim claim;
    struct sim_text why = {0};
    (void)state;
    assert_int_equal(sigv4_claim(&claim, &q, &why), SIGV4_NONE);
    q.n_headers = 3;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        headers[2].value = bad[i];
        sim_text_clear(&why);
        assert_int_equal(sigv4_claim(&claim, &q, &why), SIGV4_INCOMPLETE);
        assert_true(why.len > 0);
        free(claim.store);
    }
    assert_int_equal(sigv4_time("20150830T123600Z"), 1440938160000);
    assert_int_equal(sigv4_time("2015-08-30T12:36:00Z"), -1);
    sim_text_free(&why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(official), cmocka_unit_test(ec2_shaped),
                                       cmocka_unit_test(changes), cmocka_unit_test(claims)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
