/* The baseline of long EC2 lists: libcurl and, unless -DBARE, libxml2's push SAX that only counts: raw URL [PAGE] */
#include <curl/curl.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#include "peak.h"

#define KEYS "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" /* nube-sim's */
#define ASK  "Action=DescribeInstances&Version=2016-11-15&MaxResults="

static struct page {
    xmlParserCtxtPtr parser;
    size_t elements, token_len;
    int in_token;
    char token[1024];
} page;

#ifndef BARE
static void start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                  int n_ns, const xmlChar **ns, int n, int n_default, const xmlChar **attributes)
{
    (void)data, (void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n, (void)n_default;
    (void)attributes;
    page.elements++;
    page.in_token = *name == 'n' && strcmp((const char *)name, "nextToken") == 0;
}

static void end(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)data, (void)name, (void)prefix, (void)uri;
    page.in_token = 0;
}

static void characters(void *data, const xmlChar *text, int len)
{
    (void)data;
    if (page.in_token && page.token_len + (size_t)len < sizeof(page.token)) {
        memcpy(page.token + page.token_len, text, (size_t)len);
        page.token_len += (size_t)len;
    }
}

static size_t take(char *bytes, size_t size, size_t count, void *user)
{
    static xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                                .startElementNs = start,
                                .endElementNs = end,
                                .characters = characters};

    (void)user;
    if (!page.parser) {
        page.parser = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
        xmlCtxtUseOptions(page.parser, XML_PARSE_NONET);
    }
    return xmlParseChunk(page.parser, bytes, (int)(size * count), 0) ? 0 : size * count;
}

static int finish(void)
{
    int bad = !page.parser || xmlParseChunk(page.parser, NULL, 0, 1) != 0;

    if (page.parser)
        xmlFreeParserCtxt(page.parser);
    page.parser = NULL;
    return bad;
}
#else
static char tail[2048]; /* the last octets of the page, where the token is */

static size_t take(char *bytes, size_t size, size_t count, void *user)
{
    size_t len = size * count, n = len < sizeof(tail) - 1 ? len : sizeof(tail) - 1;

    (void)user;
    memmove(tail, tail + n, sizeof(tail) - 1 - n);
    memcpy(tail + sizeof(tail) - 1 - n, bytes + len - n, n);
    return len;
}

static int finish(void)
{
    const char *mark = "<nextToken>", *at = strstr(tail, mark);

    if (at) {
        at += strlen(mark);
        page.token_len = strcspn(at, "<");
        memcpy(page.token, at, page.token_len);
    }
    memset(tail, ' ', sizeof(tail) - 1);
    return 0;
}
#endif

/* One page; the token of the next is left in page. */
static int list(CURL *easy, const char *size)
{
    char body[4096], *escaped = NULL;
    long status = 0;
    int bad;

    if (page.token_len)
        escaped = curl_easy_escape(easy, page.token, (int)page.token_len);
    snprintf(body, sizeof(body), ASK "%s%s%s", size, escaped ? "&NextToken=" : "",
             escaped ? escaped : "");
    curl_free(escaped);
    page.token_len = 0;
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    bad = curl_easy_perform(easy) != CURLE_OK;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return bad || status != 200 || finish();
}

int main(int argc, char **argv)
{
    int bad = argc < 2 || curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *easy = curl_easy_init();

    if (bad || !easy)
        return 2;
    curl_easy_setopt(easy, CURLOPT_URL, argv[1]);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, "aws:amz:us-east-1:ec2");
    curl_easy_setopt(easy, CURLOPT_USERPWD, KEYS);
    do
        bad = list(easy, argc > 2 ? argv[2] : "1000");
    while (!bad && page.token_len);
    printf("%zu %ld\n", page.elements, peak_kib());
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return bad;
}
