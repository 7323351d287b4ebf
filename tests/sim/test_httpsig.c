/* CloudAPI's verifier of signatures against known ones: each is accepted, each change refused. */
#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "joyent/httpsig.h"
#include "joyent/joyent.h"
#include "mem.h"
#include "sshpub.h"

static struct json_object *all;

static int load(void **state)
{
    (void)state;
    char *path = sim_fmt("%s/tests/sim/vectors/httpsig.json", getenv("NUBE_TEST_SOURCE"));
    all = json_object_from_file(path);
    free(path);
    return all ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    json_object_put(all);
    return 0;
}

/* What became of one Authorization header. */
struct outcome {
    bool read, built, good;
    char *text;
};

static void forget(struct outcome *o)
{
    free(o->text);
}

static struct outcome try(const char *method, const char *target, const char *date,
                          const char *header, const char *key)
{
    struct outcome o = {0};
    struct sim_pair headers[] = {{"Date", date}, {"Authorization", header}};
    char *path = sim_strdup(target), *question = strchr(path, '?');
    struct sim_request q = {.method = method, .path = path, .headers = headers, .n_headers = 2};
    struct sim_text why = {0}, text = {0}, blob = {0};
    struct httpsig h;
    const char *kind = "";
    EVP_PKEY *pkey = sim_ssh_key(key, &kind, &blob);
    assert_non_null(pkey);
    q.query = question ? question + 1 : "";
    if (question)
        *question = 0;
    o.read = httpsig_read(header, &h, &why);
    o.built = o.read && httpsig_string(&q, &h, &text, &why);
    o.good = o.built && httpsig_verify(&h, pkey, kind, &text, &why);
    if (!o.good)
        assert_true(why.len > 0);
    o.text = sim_text_take(&text);
    httpsig_free(&h);
    EVP_PKEY_free(pkey);
    sim_text_free(&why);
    sim_text_free(&blob);
    free(path);
    return o;
}

static const char *member(struct json_object *v, const char *name)
{
    return sim_json_text(v, name);
}

static const char *key_of(struct json_object *v)
{
    return member(sim_json_get(all, "keys"), member(v, "key"));
}

static void each_vector_is_accepted_and_its_text_is_the_one_that_was_signed(void **state)
{
    size_t n = sim_json_list(all, "vectors");
    (void)state;
    assert_int_equal(n, 7);
    for (size_t i = 0; i < n; i++) {
        struct json_object *v = sim_json_nth(all, "vectors", i);
        struct outcome o = try(member(v, "method"), member(v, "target"), member(v, "date"),
                               member(v, "authorization"), key_of(v));
        if (!o.good)
            fail_msg("%s: refused", member(v, "name"));
        assert_string_equal(o.text, member(v, "signing_string"));
        forget(&o);
    }
}

static void each_change_is_refused(void **state)
{
    static const char other_date[] = "Tue, 22 Dec 2015 12:23:13 GMT";
    (void)state;
    for (size_t i = 0; i < sim_json_list(all, "vectors"); i++) {
        struct json_object *v = sim_json_nth(all, "vectors", i);
        bool target = strstr(member(v, "authorization"), "(request-target)") != NULL;
        const char *other = member(sim_json_get(all, "keys"), "ecdsa256");
        struct outcome o[] = {
            try(member(v, "method"), member(v, "target"), other_date, member(v, "authorization"),
                key_of(v)),
            try(member(v, "method"), member(v, "target"), member(v, "date"),
                member(v, "authorization"), other),
            try("POST", member(v, "target"), member(v, "date"), member(v, "authorization"),
                key_of(v)),
            try(member(v, "method"), "/demo/machines?limit=3", member(v, "date"),
                member(v, "authorization"), key_of(v)),
        };
        assert_false(o[0].good);
        assert_false(o[1].good);
        assert_int_equal(o[2].good, !target);
        assert_int_equal(o[3].good, !target);
        for (size_t k = 0; k < 4; k++)
            forget(&o[k]);
    }
}

/* Measured on npm's http-signature, which the servers use. */
static void the_header_is_read_strictly(void **state)
{
    static const struct {
        const char *header;
        bool read;
    } rows[] = {
        {"Signature keyId=\"a\",algorithm=\"rsa-sha256\",signature=\"b\"", true},
        {"signature keyId=\"a\",algorithm=\"RSA-SHA256\",signature=\"b\"", true},
        {"Signature keyId=\"a\", algorithm=\"rsa-sha256\",signature=\"b\"", false},
        {"Signature keyId=\"a\",algorithm=\"rsa-sha384\",signature=\"b\"", false},
        {"Signature keyId=\"a\",algorithm=\"rsa-sha256\"", false},
        {"Signature keyId=\"a\",signature=\"b\"", false},
        {"Signature algorithm=\"rsa-sha256\",signature=\"b\"", false},
        {"Signature keyId=a,algorithm=\"rsa-sha256\",signature=\"b\"", false},
        {"Signature keyId=\"a\",algorithm=\"rsa-sha256\",created=17,signature=\"b\"", true},
        {"Signature key-id=\"a\",algorithm=\"rsa-sha256\",signature=\"b\"", false},
        {"Signature keyId=\"a\",algorithm=\"rsa-sha256\" b", true},
        {"Signature keyId=\"a\",algorithm=\"rsa-sha256", false},
        {"Signature", false},
        {"Basic YTpi", false},
        {"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct httpsig h;
        struct sim_text why = {0};
        if (httpsig_read(rows[i].header, &h, &why) != rows[i].read)
            fail_msg("%s: %s", rows[i].header, why.data ? why.data : "read");
        httpsig_free(&h);
        sim_text_free(&why);
    }
}

static void versions_are_chosen_as_node_semver_does(void **state)
{
    static const struct {
        const char *range;
        int major, minor; /* major 0: none */
    } rows[] = {
        {"*", 9, 0},   {"", 9, 0},      {"~9||~8", 9, 0},   {"~8||~7", 8, 0},
        {"8", 8, 0},   {"~7.2", 7, 2},  {"~6.5", 6, 5},     {"7.x", 7, 3},
        {"~7", 7, 3},  {"7.1.0", 7, 1}, {"^7.1", 7, 3},     {">=7 <8", 7, 3},
        {"<7", 6, 5},  {"<=7.1", 7, 1}, {">8", 9, 0},       {"~8 || ~9", 9, 0},
        {"~10", 0, 0}, {"8.1", 0, 0},   {"nonsense", 0, 0}, {"~9||nonsense", 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct joy_version v = {{0, 0, 0}};
        bool found =
            joy_version_choose("6.5.0 7.0.0 7.1.0 7.2.0 7.3.0 8.0.0 9.0.0", rows[i].range, &v);
        if (found != (rows[i].major != 0) || v.v[0] != rows[i].major || v.v[1] != rows[i].minor)
            fail_msg("%s: %d.%d", rows[i].range, v.v[0], v.v[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_vector_is_accepted_and_its_text_is_the_one_that_was_signed),
        cmocka_unit_test(each_change_is_refused),
        cmocka_unit_test(the_header_is_read_strictly),
        cmocka_unit_test(versions_are_chosen_as_node_semver_does),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
