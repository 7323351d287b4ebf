/* Signature Version 4: every official vector with its intermediate results, and EC2's own forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <nube/nube.h>

#include "../../drivers/ec2/sigv4.h"
#include "registry.h"

static char vectors[1 << 19];
static size_t vectors_len;
static int checked;

/* ---- One request of a vector ------------------------------------------------------------ */

struct request {
    struct ec2_sigv4 s;
    struct ec2_header headers[EC2_SIGV4_HEADERS];
    const char *body;
};

static void add(struct request *r, const char *name, const char *value)
{
    assert_true(r->s.n_headers < EC2_SIGV4_HEADERS);
    r->headers[r->s.n_headers++] = (struct ec2_header){name, value};
    r->s.headers = r->headers;
}

static char *line_end(char *line)
{
    char *end = strchr(line, '\n');

    return end ? end : line + strlen(line);
}

/* "Name:value", its value going on in lines that begin with a blank. */
static char *read_header(struct request *r, char *line)
{
    char *colon = strchr(line, ':'), *end = line_end(line);

    while (*end && (end[1] == ' ' || end[1] == '\t'))
        end = line_end(end + 1);
    *colon = '\0';
    add(r, line, colon + 1);
    if (*end)
        *end++ = '\0';
    return end;
}

static void read_request(nube_call *c, struct request *r, const char *text)
{
    char *at = (char *)(uintptr_t)nube_strdup(c, text), *end = line_end(at), *target, *query;

    r->body = "";
    if (*end)
        *end++ = '\0';
    target = strchr(at, ' ');
    *target++ = '\0';
    r->s.method = at;
    r->s.path = target;
    target[strlen(target) - strlen(" HTTP/1.1")] = '\0';
    query = strchr(target, '?');
    if (query)
        *query++ = '\0';
    r->s.query = query ? query : "";
    while (*end && *end != '\n')
        end = read_header(r, end);
    if (*end)
        r->body = end + 1;
}

static void begin(nube_call *c, struct request *r, const nube_doc *v)
{
    memset(r, 0, sizeof(*r));
    read_request(c, r, nube_doc_str(v, "request"));
    r->s.body_hash = ec2_sigv4_hash(c, r->body, strlen(r->body));
    r->s.when = nube_doc_str(v, "time");
    r->s.region = nube_doc_str(v, "region");
    r->s.service = nube_doc_str(v, "service");
    r->s.keep_path = nube_doc_bool(v, "keep_path", 0);
}

/* ---- The results ---------------------------------------------------------------------- */

static void same(const nube_doc *v, const char *path, const char *got)
{
    const char *wanted = nube_doc_str(v, path);

    if (!wanted || strcmp(wanted, got))
        fail_msg("%s, %s:\n%s\ninstead of\n%s", nube_doc_str(v, "name"), path, got,
                 wanted ? wanted : "(nothing)");
    checked++;
}

static void check(nube_call *c, const struct request *r, const nube_doc *v, const char *mode)
{
    const char *canonical = ec2_sigv4_canonical(c, &r->s);
    const char *to_sign = ec2_sigv4_to_sign(c, &r->s, canonical);
    unsigned char key[NUBE_HASH_MAX];

    ec2_sigv4_key(c, &r->s, nube_doc_str(v, "secret"), key);
    same(v, nube_fmt(c, "%s.canonical", mode), canonical);
    same(v, nube_fmt(c, "%s.to_sign", mode), to_sign);
    same(v, nube_fmt(c, "%s.signature", mode), ec2_sigv4_signature(c, key, to_sign));
    if (nube_doc_get(v, "signing_key"))
        same(v, "signing_key", nube_hex(c, key, EC2_SIGV4_KEY));
}

static const char *token(const nube_doc *v)
{
    return nube_doc_bool(v, "omit_token", 0) ? NULL : nube_doc_str(v, "token");
}

static void by_header(nube_call *c, const nube_doc *v)
{
    struct request r;

    begin(c, &r, v);
    add(&r, "X-Amz-Date", r.s.when);
    if (nube_doc_bool(v, "sign_body", 0))
        add(&r, "x-amz-content-sha256", r.s.body_hash);
    if (token(v))
        add(&r, "X-Amz-Security-Token", token(v));
    check(c, &r, v, "header");
}

static void by_query(nube_call *c, const nube_doc *v)
{
    struct request r;
    const char *query;

    begin(c, &r, v);
    query =
        nube_fmt(c,
                 "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=%s%%2F%s&X-Amz-Date=%s"
                 "&X-Amz-Expires=%s&X-Amz-SignedHeaders=%s",
                 nube_doc_str(v, "key"), nube_uri_encode(c, ec2_sigv4_scope(c, &r.s), 0), r.s.when,
                 nube_doc_str(v, "expires"), nube_uri_encode(c, ec2_sigv4_names(c, &r.s), 0));
    if (token(v))
        query = nube_fmt(c, "%s&X-Amz-Security-Token=%s", query, nube_uri_encode(c, token(v), 0));
    r.s.query = *r.s.query ? nube_fmt(c, "%s&%s", r.s.query, query) : query;
    check(c, &r, v, "query");
}

static enum nube_step all(nube_call *c, const nube_reply *reply)
{
    const nube_doc *v = nube_doc_first(nube_doc_parse(c, vectors, vectors_len));

    (void)reply;
    for (; v; v = nube_doc_next(v)) {
        by_header(c, v);
        if (nube_doc_get(v, "query"))
            by_query(c, v);
    }
    return NUBE_DONE;
}

/* ---- A driver without requests, to have a call ------------------------------------------ */

static const struct nube_provider_row providers[] = {{.id = "vectors", .title = "Vectors"}};
static const struct nube_op_row ops[] = {{NUBE_OP_CHECK, 0, all}};
static const struct nube_driver driver = {
    .size = sizeof(driver),
    .services = NUBE_SERVICE_CRYPTO,
    .name = "vectors",
    .title = "Vectors",
    .version = "1",
    .license = "Apache-2.0",
    .providers = NUBE_TABLE(providers),
    .ops = NUBE_TABLE(ops),
};

static void every_vector_with_its_stages(void **state)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    struct nube_error err = NUBE_ERROR_INIT;
    nube_result *result = NULL;
    nube_lib *lib;
    nube_conn *conn;

    (void)state;
    hooks.service_path = NUBE_TEST_SERVICES;
    assert_int_equal(nube_lib_open(&lib, &hooks, &err), 0);
    assert_int_equal(nube_driver_register(lib, &driver, &err), 0);
    assert_int_equal(nube_connect(&conn, lib, "vectors", NULL, NULL, &err), 0);
    if (nube_call_op(&result, conn, NUBE_OP_CHECK, NULL, NULL, &err))
        fail_msg("%s", err.message);
    assert_int_equal(checked, 38 * 2 * 3 + 9 * 4);
    nube_result_free(result);
    nube_conn_free(conn);
    nube_lib_free(lib);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_vector_with_its_stages)};
    const char *source = getenv("NUBE_TEST_SOURCE");
    char path[4096];
    FILE *f;

    snprintf(path, sizeof(path), "%s/tests/unit/vectors/sigv4.json", source ? source : ".");
    f = fopen(path, "r");
    if (!f)
        return 2;
    vectors_len = fread(vectors, 1, sizeof(vectors), f);
    fclose(f);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
