/* The bare baselines: libcurl and one of the parsers, as little as the work can be done with.
 *
 * base list PROVIDER URL [sign]    every page of nodes; sign: as EC2 wants it, by libcurl itself
 * base warm PROVIDER URL COUNT     one node again and again on one connection
 * base fan PROVIDER URL...         a list from each, all at once on one thread
 * base start PROVIDER URL COUNT CONNECTIONS
 *                                  a start again and again, over so many connections
 * A URL that begins with "/" is a unix socket. BENCH_CAPATH names the directory of trusted
 * certificates.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "measure.h"

enum { TAIL = 2048, URL_MAX = 512, BODY_MAX = 1024 };

static const struct ask *ask;
static const char *ca_path;

/* One easy handle with what it asks and what it has got. */
struct transfer {
    CURL *easy;
    struct parser *parser;
    struct curl_slist *headers;
    char tail[TAIL], token[512];
    size_t tail_len;
    long counted;
    bool failed;
};

/* ---- one transfer ------------------------------------------------------------------- */

static void keep_tail(struct transfer *t, const char *bytes, size_t len)
{
    size_t room = TAIL - 1, n = len < room ? len : room;
    size_t old = t->tail_len < room - n ? t->tail_len : room - n;

    memmove(t->tail, t->tail + t->tail_len - old, old);
    memcpy(t->tail + old, bytes + len - n, n);
    t->tail_len = old + n;
    t->tail[t->tail_len] = '\0';
}

static size_t on_data(char *bytes, size_t size, size_t count, void *data)
{
    struct transfer *t = data;

    keep_tail(t, bytes, size * count);
    if (!t->parser)
        t->parser = parser_new();
    return t->parser && parser_feed(t->parser, bytes, size * count) ? size * count : 0;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *data)
{
    static const char name[] = "X-Subject-Token: ";
    struct transfer *t = data;

    if (size * count > sizeof(name) && strncmp(bytes, name, sizeof(name) - 1) == 0)
        snprintf(t->token, sizeof(t->token), "X-Auth-Token: %.*s",
                 (int)(size * count - sizeof(name) - 1), bytes + sizeof(name) - 1);
    return size * count;
}

static bool begin(struct transfer *t, const char *address)
{
    t->easy = curl_easy_init();
    if (!t->easy)
        return false;
    curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_data);
    curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    if (ca_path) {
        curl_easy_setopt(t->easy, CURLOPT_CAPATH, ca_path);
        curl_easy_setopt(t->easy, CURLOPT_CAINFO, NULL);
    }
    if (*address == '/')
        curl_easy_setopt(t->easy, CURLOPT_UNIX_SOCKET_PATH, address);
    return true;
}

/* Sets what is asked; body NULL: GET. */
static void request(struct transfer *t, const char *address, const char *path, const char *body)
{
    char url[URL_MAX];

    snprintf(url, sizeof(url), "%s%s", *address == '/' ? "http://localhost" : address, path);
    curl_easy_setopt(t->easy, CURLOPT_URL, url);
    if (body)
        curl_easy_setopt(t->easy, CURLOPT_COPYPOSTFIELDS, body);
    else
        curl_easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
}

static void done(struct transfer *t, CURLcode rc)
{
    long status = 0, counted = t->parser ? parser_end(t->parser) : 0;

    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    t->parser = NULL;
    t->counted += counted;
    t->failed = t->failed || rc || counted < 0 || status < 200 || status > 299;
    if (t->failed)
        fprintf(stderr, "base: %s, status %ld\n", curl_easy_strerror(rc), status);
}

static void end(struct transfer *t)
{
    curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->headers);
}

/* ---- list --------------------------------------------------------------------------- */

/* OpenStack's token, with which all further requests of the transfer are made. */
static void log_in(struct transfer *t, const char *address)
{
    struct curl_slist *type = curl_slist_append(NULL, "Content-Type: application/json");

    curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, type);
    request(t, address, "/v3/auth/tokens",
            "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":"
            "\"u\",\"domain\":{\"name\":\"Default\"},\"password\":\"secret\"}}}}}");
    done(t, curl_easy_perform(t->easy));
    t->headers = curl_slist_append(NULL, t->token);
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
    curl_slist_free_all(type);
    t->counted = 0;
}

/* The next page's cursor, cut out of the answer's tail; NULL after the last. */
static char *next_of(struct transfer *t)
{
    char *at = ask->next_begin && t->tail_len ? strstr(t->tail, ask->next_begin) : NULL;

    if (!at)
        return NULL;
    at += strlen(ask->next_begin);
    at[strcspn(at, ask->next_end)] = '\0';
    return at;
}

static void page(struct transfer *t, const char *address, const char *cursor)
{
    char path[URL_MAX], body[BODY_MAX];

    snprintf(path, sizeof(path), "%s", ask->list);
    snprintf(body, sizeof(body), "%s", ask->list_body ? ask->list_body : "");
    if (cursor && ask->list_body)
        snprintf(body, sizeof(body), "%s&%s=%s", ask->list_body, ask->next_name, cursor);
    else if (cursor)
        snprintf(path, sizeof(path), "%s?%s=%s", ask->list, ask->next_name, cursor);
    t->tail_len = 0;
    request(t, address, path, ask->list_body ? body : NULL);
    done(t, curl_easy_perform(t->easy));
}

static int run_list(const char *provider, const char *address, bool sign)
{
    struct measure from = measure_begin();
    struct transfer t = {0};
    char *cursor = NULL;

    if (!begin(&t, address))
        return 1;
    if (sign) {
        curl_easy_setopt(t.easy, CURLOPT_AWS_SIGV4, "aws:amz:us-west-2:ec2");
        curl_easy_setopt(t.easy, CURLOPT_USERPWD, "AKIAEXAMPLE:secret");
    }
    if (strcmp(provider, "openstack") == 0)
        log_in(&t, address);
    do
        page(&t, address, cursor);
    while (!t.failed && (cursor = next_of(&t)));
    measure_end(from, (size_t)t.counted);
    end(&t);
    return t.failed;
}

/* ---- warm --------------------------------------------------------------------------- */

static int run_warm(const char *address, size_t count)
{
    struct transfer t = {0};
    struct measure from = {0};

    if (!begin(&t, address))
        return 1;
    request(&t, address, ask->one, ask->one_body);
    for (size_t i = 0; i <= count && !t.failed; i++) {
        if (i == 1)
            from = measure_begin();
        done(&t, curl_easy_perform(t.easy));
    }
    measure_end(from, count);
    end(&t);
    return t.failed;
}

/* ---- many at once ------------------------------------------------------------------- */

static int run_multi(CURLM *multi, struct transfer *all, size_t count)
{
    int running = 1, left;
    size_t good = 0;
    CURLMsg *m;

    for (size_t i = 0; i < count; i++)
        curl_multi_add_handle(multi, all[i].easy);
    while (running && curl_multi_perform(multi, &running) == CURLM_OK) {
        while ((m = curl_multi_info_read(multi, &left))) {
            struct transfer *t;
            CURLcode rc = m->data.result;

            curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t);
            done(t, rc);
            good += !t->failed;
        }
        if (running)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    return good == count ? 0 : 1;
}

/* count transfers, over addresses in turn. */
static int run_many(char **addresses, size_t n_addresses, size_t count, bool start,
                    long connections)
{
    struct measure from = measure_begin();
    struct transfer *all = calloc(count, sizeof(*all));
    CURLM *multi = curl_multi_init();
    int rc = all && multi ? 0 : 1;

    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)count);
    for (size_t i = 0; !rc && i < count; i++) {
        const char *address = addresses[i % n_addresses];

        rc = begin(&all[i], address) ? 0 : 1;
        if (!rc)
            request(&all[i], address, start ? ask->start : ask->list,
                    start ? ask->start_body : ask->list_body);
    }
    if (!rc)
        rc = run_multi(multi, all, count);
    measure_end(from, count);
    for (size_t i = 0; all && i < count; i++)
        end(&all[i]);
    curl_multi_cleanup(multi);
    free(all);
    return rc;
}

int main(int argc, char **argv)
{
    const char *verb = argc > 3 ? argv[1] : "";

    ca_path = getenv("BENCH_CAPATH");
    ask = argc > 3 ? ask_named(argv[2]) : NULL;
    if (!ask || curl_global_init(CURL_GLOBAL_DEFAULT))
        return 2;
    if (strcmp(verb, "list") == 0)
        return run_list(argv[2], argv[3], argc > 4);
    if (strcmp(verb, "warm") == 0 && argc > 4)
        return run_warm(argv[3], strtoul(argv[4], NULL, 10));
    if (strcmp(verb, "fan") == 0)
        return run_many(argv + 3, (size_t)argc - 3, (size_t)argc - 3, false, 0);
    if (strcmp(verb, "start") == 0 && argc > 5)
        return run_many(argv + 3, 1, strtoul(argv[4], NULL, 10), true, strtol(argv[5], NULL, 10));
    return 2;
}
