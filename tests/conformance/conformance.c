/* Runs the conformance tables: conformance DRIVERS SERVICES [DRIVER [SCENARIO]] */
#include "runner.h"

#include <ftw.h>
#include <regex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct conformance *const drivers[] = {
    &docker_conformance,          &ec2_conformance,        &ec2_errors_conformance,
    &ec2_auth_conformance,        &openstack_conformance,  &openstack_auth_conformance,
    &hpcloud_conformance,         &rackspace_conformance,  &rackspace_auth_conformance,
    &rackspace_plain_conformance, &first_gen_conformance,  &first_gen_auth_conformance,
    &baremetal_conformance,       &nephoscale_conformance, &joyent_conformance,
    &joyent_auth_conformance};

const struct conformance *table;
char dir[] = "/tmp/nube-conformance-XXXXXX";
char where[512];
const char *driver_path;
static const char *service_path, *chunk;
static int failures, runs;

static const struct scenario *current;
static bool in_order; /* its requests are looked at */
static int sent;      /* how many of them went out */

void fail(const char *format, ...)
{
    va_list ap;

    failures++;
    fprintf(stderr, "%s: %s: ", table->driver, where);
    va_start(ap, format);
    vfprintf(stderr, format, ap);
    va_end(ap);
    fputc('\n', stderr);
}

/* ---- Cassettes ---------------------------------------------------------------------------- */

/* How one reply is changed. */
enum mangle {
    AS_IT_IS,
    CUT_QUARTER,
    CUT_HALF,
    CUT_LAST,
    BROKEN_OFF, /* the connection ends in the middle */
    EMPTY,
    WRONG_OBJECT,
    WRONG_ARRAY,
    WRONG_NUMBER,
    WRONG_NULL,
    HTML_200,
    HTML_500,
    MANGLES
};
static const char *const mangle_names[] = {"as it is",
                                           "cut at a quarter",
                                           "cut in the middle",
                                           "cut before its end",
                                           "broken off",
                                           "empty",
                                           "{}",
                                           "[]",
                                           "17",
                                           "null",
                                           "a page for people",
                                           "a page for people with status 500"};

static void put_text(FILE *f, const char *text)
{
    for (; *text; text++)
        putc(*text == '\'' ? '"' : *text, f);
}

static void put_body(FILE *f, const struct exchange *x, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        putc(!x->len && x->body[i] == '\'' ? '"' : x->body[i], f);
}

size_t body_len(const struct exchange *x)
{
    return x->len ? x->len : x->body ? strlen(x->body) : 0;
}

static const char *replacement(enum mangle m)
{
    switch (m) {
    case WRONG_OBJECT:
        return "{}";
    case WRONG_ARRAY:
        return "[]";
    case WRONG_NUMBER:
        return "17";
    case WRONG_NULL:
        return "null";
    case HTML_200:
    case HTML_500:
        return "<!DOCTYPE html><html><body>Bad gateway</body></html>";
    default:
        return NULL;
    }
}

static size_t kept(const struct exchange *x, enum mangle m)
{
    size_t n = body_len(x);

    return m == CUT_QUARTER  ? n / 4
           : m == CUT_HALF   ? n / 2
           : m == CUT_LAST   ? n - 1
           : m == BROKEN_OFF ? n / 2
           : m == EMPTY      ? 0
                             : n;
}

static void write_exchange(int number, const struct exchange *x, enum mangle m)
{
    const char *text = replacement(m);
    const char *type = m == HTML_200 || m == HTML_500 ? "text/html"
                       : x->type                      ? x->type
                                                      : "application/json";
    char path[128];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%04d.http", dir, number);
    f = fopen(path, "w");
    if (!f)
        exit(2);
    fprintf(f, "%s %s", x->method, *x->url == '/' && strcmp(x->method, "FILE") ? "http://x" : "");
    put_text(f, x->url);
    fprintf(f, "\n\nHTTP/1.1 %d\n", m == HTML_500 ? 500 : x->status);
    if (*type && (x->body || text))
        fprintf(f, "Content-Type: %s\n", type);
    if (x->header)
        fprintf(f, "%s\n", x->header);
    if (m == BROKEN_OFF)
        fprintf(f, "Nube-End: transport the connection was reset\n");
    fprintf(f, "Nube-Body: %zu\n\n", text ? strlen(text) : kept(x, m));
    if (text)
        fputs(text, f);
    else
        put_body(f, x, kept(x, m));
    fclose(f);
}

static int drop(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    return at->level ? remove(path) : 0;
}

static void write_cassette(const struct scenario *s, int which, enum mangle m)
{
    int i;

    nftw(dir, drop, 8, FTW_DEPTH | FTW_PHYS);
    for (i = 0; s->exchanges[i].method; i++)
        write_exchange(i + 1, &s->exchanges[i], i == which ? m : AS_IT_IS);
    if (i == 0) /* nothing is to be asked: a record is never empty */
        write_exchange(1, &(struct exchange){.method = "GET", .url = "/nothing", .status = 404},
                       AS_IT_IS);
}

/* ---- What is sent -----------------------------------------------------------------------------
 */

/* A part as it is in the text, where ' stands for ". */
static bool holds(const char *text, const char *part, size_t len)
{
    size_t i;

    for (; *text; text++) {
        for (i = 0; i < len && text[i] == (part[i] == '\'' ? '"' : part[i]); i++)
            ;
        if (i == len)
            return true;
    }
    return false;
}

static void check_sent(const char *text, const char *parts)
{
    size_t len;

    for (; *parts; parts += len + (parts[len] == '|')) {
        bool must = *parts != '!';

        parts += !must;
        len = strcspn(parts, "|");
        if (holds(text, parts, len) != must)
            fail("request %d %s \"%.*s\": %s", sent, must ? "does not hold" : "holds", (int)len,
                 parts, text);
    }
}

/* The wire log: one line for each request, in the order of the exchanges that are no files. */
static void log_line(void *payload, int level, const char *line)
{
    const struct exchange *x = current->exchanges;
    int i = 0;

    (void)payload;
    (void)level;
    if (!in_order || strncmp(line, "> ", 2) != 0)
        return;
    for (; x->method; x++)
        if (strcmp(x->method, "FILE") && strcmp(x->method, "EXEC") && strcmp(x->method, "ASK") &&
            i++ == sent)
            break;
    sent++;
    if (x->method && x->sent)
        check_sent(line, x->sent);
}

static int answer(void *payload, const char *prompt, char *buf, size_t size)
{
    (void)payload;
    (void)prompt;
    if (!current->answer)
        return -1;
    snprintf(buf, size, "%s", current->answer);
    return 0;
}

/* ---- Running --------------------------------------------------------------------------------- */

static const char *env(void *payload, const char *name)
{
    const char *const *pair = current ? current->env : NULL;

    (void)payload;
    for (; pair && *pair; pair += 2)
        if (!strcmp(pair[0], name))
            return pair[1];
    return !strcmp(name, "NUBE_REPLAY_CHUNK") ? chunk : !strcmp(name, "HOME") ? "/home/x" : NULL;
}

void add_all(nube_args *args, const char *const *pairs, const char *but)
{
    for (; pairs && *pairs; pairs += 2)
        if (!but || strcmp(pairs[0], but))
            nube_args_set(args, pairs[0], pairs[1]);
}

nube_args *args_of(const char *const *pairs)
{
    nube_args *args;

    if (nube_args_new(&args, NULL))
        exit(2);
    add_all(args, pairs, NULL);
    return args;
}

/* What a call that reads an input finds there: a few octets, once. */
static int64_t input(void *payload, void *buf, size_t size)
{
    int64_t *left = payload, n = *left < (int64_t)size ? *left : (int64_t)size;

    *left -= n;
    memset(buf, 'x', (size_t)n);
    return n;
}

void run_call(struct outcome *o, const struct scenario *s, const char *replay, nube_args *options,
              nube_args *args)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    struct nube_call_opts opts = NUBE_CALL_OPTS_INIT;
    int64_t octets = 100;

    memset(o, 0, sizeof(*o));
    current = s;
    in_order = replay != NULL;
    sent = 0;
    opts.input = input;
    opts.payload = &octets;
    o->err = (struct nube_error)NUBE_ERROR_INIT;
    hooks.driver_path = driver_path;
    hooks.service_path = service_path;
    hooks.replay_dir = replay;
    hooks.env = env;
    hooks.ask = answer;
    hooks.log = log_line;
    hooks.log_level = NUBE_LOG_WIRE;
    nube_args_set(options, "retries", "0");
    runs++;
    o->code = nube_lib_open(&o->lib, &hooks, &o->err);
    if (!o->code)
        o->code = nube_connect(&o->conn, o->lib, table->provider, "acc", options, &o->err);
    if (!o->code)
        o->code = nube_call_op(&o->result, o->conn, s->op, args, &opts, &o->err);
    nube_args_free(args);
    nube_args_free(options);
}

static void run(struct outcome *o, const struct scenario *s)
{
    run_call(o, s, dir, args_of(s->options ? s->options : table->options), args_of(s->args));
}

void forget(struct outcome *o)
{
    nube_result_free(o->result);
    nube_conn_free(o->conn);
    nube_lib_free(o->lib);
}

/* ---- Judging ------------------------------------------------------------------------------- */

static void same_text(const char *what, const char *got, const char *wanted)
{
    if (wanted && (!got || strcmp(got, wanted)))
        fail("%s is \"%s\", not \"%s\"", what, got ? got : "(absent)", wanted);
}

static void has_text(const char *what, const char *got, const char *part)
{
    if (part && !strstr(got, part))
        fail("%s \"%s\" does not hold \"%s\"", what, got, part);
}

static void check_extra(const nube_obj *obj, const struct scenario *s)
{
    struct nube_value v = {.size = sizeof(v)};
    char number[32];

    if (!s->extra)
        return;
    if (!nube_extra_get(obj, s->extra, &v)) {
        fail("there is no extra value %s", s->extra);
        return;
    }
    snprintf(number, sizeof(number), "%lld", (long long)v.num);
    same_text(s->extra,
              v.type == NUBE_TYPE_STRING ? v.str
              : v.type == NUBE_TYPE_NULL ? "null"
                                         : number,
              s->value);
}

static void check_output(const struct outcome *o, const struct scenario *s)
{
    if (!s->out && !s->err)
        return;
    same_text("standard output", nube_result_output(o->result, NUBE_STDOUT, NULL), s->out);
    same_text("standard error", nube_result_output(o->result, NUBE_STDERR, NULL),
              s->err ? s->err : "");
    if (s->op == NUBE_OP_NODE_RUN && nube_result_status(o->result) != s->status)
        fail("the status is %d, not %d", nube_result_status(o->result), s->status);
}

void check(const struct outcome *o, const struct scenario *s)
{
    const nube_obj *first = nube_result_at(o->result, 0);
    int count = (int)nube_result_count(o->result);

    if (o->code != s->code) {
        fail("it is \"%s\" (%s), not \"%s\"", nube_code_name(o->code), o->err.message,
             nube_code_name(s->code));
        return;
    }
    if (o->code && !*o->err.message)
        fail("the error has no message");
    has_text("the message", o->err.message, s->message);
    has_text("the resource", o->err.resource, s->resource);
    same_text("the provider's code", o->err.provider_code, s->provider_code);
    if (s->retryable && o->err.retryable != s->retryable - 2)
        fail("the error is %sretryable", o->err.retryable == NUBE_YES ? "" : "not known to be ");
    if (s->count && count != (s->count < 0 ? 0 : s->count))
        fail("there are %d objects, not %d", count, s->count);
    if (s->id)
        same_text("the id", nube_id(first), s->id);
    if (s->label)
        same_text("the name", nube_name(first), s->label);
    if (s->raw) {
        same_text("the raw state", nube_str(first, NUBE_RAW_STATE), s->raw);
        if (nube_node_state(first) != (enum nube_state)s->state)
            fail("the state is %s", nube_state_name(nube_node_state(first)));
    }
    check_extra(first, s);
    check_output(o, s);
}

static bool known_id(const nube_result *r, const char *id)
{
    size_t i;

    for (i = 0; id && i < nube_result_count(r); i++)
        if (!strcmp(nube_id(nube_result_at(r, i)), id))
            return true;
    return false;
}

/* A reply that is none of the provider's gives an error that says so, and nothing is invented. */
static void check_mangled(const struct outcome *o, const struct outcome *good)
{
    size_t i;

    if (o->code) {
        if (!*o->err.message)
            fail("the error has no message");
        if (o->code == NUBE_E_DRIVER || o->code == NUBE_E_MEMORY || o->code == NUBE_E_SYSTEM)
            fail("\"%s\" (%s) is not the provider's fault", nube_code_name(o->code),
                 o->err.message);
        return;
    }
    for (i = 0; i < nube_result_count(o->result); i++)
        if (!known_id(good->result, nube_id(nube_result_at(o->result, i))))
            fail("an object with the id \"%s\" was invented",
                 nube_id(nube_result_at(o->result, i)));
}

/* With one object expected, success without it is a lie; an empty list may be the truth for "[]".
 */
static void check_not_empty(const struct outcome *o, const struct scenario *s, enum mangle m)
{
    if (!o->code && s->count > 0 && !nube_result_count(o->result) && m != WRONG_ARRAY &&
        m != WRONG_NULL)
        fail("it is good, and nothing came out");
}

static bool mangled_says_nothing(const struct exchange *x, enum mangle m)
{
    return x->flags & UNREAD || !x->body || x->status >= 300 || !strcmp(x->method, "FILE") ||
           !strcmp(x->method, "EXEC") || !strcmp(x->method, "ASK") ||
           (x->flags & BYTES && m != HTML_500 && m != BROKEN_OFF);
}

static void run_mangled(const struct scenario *s, const struct outcome *good)
{
    struct outcome o;
    int i, m;

    for (i = 0; s->exchanges[i].method; i++)
        for (m = CUT_QUARTER; m < MANGLES; m++) {
            if (mangled_says_nothing(&s->exchanges[i], (enum mangle)m))
                continue;
            snprintf(where, sizeof(where), "%s, reply %d %s", s->name, i + 1, mangle_names[m]);
            write_cassette(s, i, (enum mangle)m);
            run(&o, s);
            check_mangled(&o, good);
            check_not_empty(&o, s, (enum mangle)m);
            if (m == HTML_500 && !o.code)
                fail("a status of 500 is good");
            forget(&o);
        }
}

static void run_scenario(const struct scenario *s)
{
    struct outcome good, o;

    chunk = NULL;
    snprintf(where, sizeof(where), "%s", s->name);
    write_cassette(s, -1, AS_IT_IS);
    run(&good, s);
    check(&good, s);
    chunk = "1";
    snprintf(where, sizeof(where), "%s, octet by octet", s->name);
    run(&o, s);
    check(&o, s);
    forget(&o);
    chunk = NULL;
    if (!good.code)
        run_mangled(s, &good);
    forget(&good);
}

/* ---- Rules that need no exchange ----------------------------------------------------------- */

static void check_methods(const struct scenario *s)
{
    bool changes = false;
    int i;

    snprintf(where, sizeof(where), "%s", s->name);
    for (i = 0; s->exchanges[i].method; i++) {
        if (s->op == NUBE_OP_NODE_STOP && !strcmp(s->exchanges[i].method, "DELETE"))
            fail("T-11: stop deletes");
        changes |= strcmp(s->exchanges[i].method, "GET") &&
                   strcmp(s->exchanges[i].method, "FILE") &&
                   strcmp(s->exchanges[i].method, "EXEC") && strcmp(s->exchanges[i].method, "ASK");
    }
    if (!s->code && nube_op_mutates(s->op) && s->op != NUBE_OP_RAW && !changes &&
        /* or it prints what it read */
        !((s->op == NUBE_OP_IMAGE_ACTION || s->op == NUBE_OP_NODE_ACTION) && s->out))
        fail("T-16: it changes something by GET alone");
}

static void check_tables(void)
{
    struct nube_hooks hooks = NUBE_HOOKS_INIT;
    const struct nube_option *option;
    const nube_driver_info *driver;
    nube_lib *lib;
    size_t i, r;
    regex_t re;
    int op;

    snprintf(where, sizeof(where), "tables");
    hooks.driver_path = driver_path;
    if (nube_lib_open(&lib, &hooks, NULL) || nube_driver_load(&driver, lib, table->driver, NULL)) {
        fail("it cannot be loaded");
        return;
    }
    for (op = NUBE_OP_CHECK; op < NUBE_OP_COUNT; op++) {
        for (r = 0; r < table->count && table->rows[r].op != (enum nube_op)op; r++)
            ;
        if (nube_driver_can(driver, (enum nube_op)op) && r == table->count)
            fail("no scenario for %s", nube_op_name((enum nube_op)op));
    }
    for (i = 0; (option = nube_driver_option(driver, i)); i++) {
        if (!option->help || !*option->help)
            fail("option %s has no help", option->name);
        if (!option->pattern)
            continue;
        if (regcomp(&re, option->pattern, REG_EXTENDED | REG_NOSUB))
            fail("the pattern of %s does not compile", option->name);
        else
            regfree(&re);
    }
    nube_lib_free(lib);
}

int main(int argc, char **argv)
{
    const char *driver = argc > 3 ? argv[3] : NULL, *part = argc > 4 ? argv[4] : NULL;
    size_t d, i;

    if (argc < 3 || !mkdtemp(dir))
        return 2;
    driver_path = argv[1];
    service_path = argv[2];
    for (d = 0; d < sizeof(drivers) / sizeof(*drivers); d++) {
        table = drivers[d];
        if (driver && strcmp(table->driver, driver))
            continue;
        if (!table->part)
            check_tables();
        for (i = 0; i < table->count; i++) {
            if (part && !strstr(table->rows[i].name, part))
                continue;
            check_methods(&table->rows[i]);
            run_scenario(&table->rows[i]);
        }
        if (!part && !table->part) {
            check_account();
            check_hostile();
        }
        printf("%s: %zu scenarios\n", table->driver, table->count);
    }
    nftw(dir, drop, 8, FTW_DEPTH | FTW_PHYS);
    rmdir(dir);
    printf("%d runs, %d failures\n", runs, failures);
    return failures != 0;
}
