/* Page tokens: opaque, sealed, and good only for the question they were given for. */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#include "ec2.h"

enum { PLAIN = 24, SEAL = 12, TOKEN = PLAIN + SEAL };

static void seal(const struct ec2 *cloud, const unsigned char *plain, uint64_t question,
                 unsigned char *out)
{
    unsigned char text[PLAIN + 8], mac[32];
    unsigned len = sizeof mac;
    memcpy(text, plain, PLAIN);
    memcpy(text + PLAIN, &question, 8);
    HMAC(EVP_sha256(), cloud->page_key, sizeof cloud->page_key, text, sizeof text, mac, &len);
    memcpy(out, mac, SEAL);
}

/* What a token says is hidden too, so that nobody counts on it. */
static void mask(const struct ec2 *cloud, unsigned char *token)
{
    unsigned char stream[32];
    unsigned len = sizeof stream;
    HMAC(EVP_sha256(), cloud->page_key, sizeof cloud->page_key, token + PLAIN, SEAL, stream, &len);
    for (size_t i = 0; i < PLAIN; i++)
        token[i] ^= stream[i];
}

void ec2_page_token(struct ec2 *cloud, char *buf, size_t size, const struct ec2_page *page,
                    uint64_t question)
{
    unsigned char token[TOKEN];
    struct sim_text text = {0};
    memcpy(token, &page->from, 8);
    memcpy(token + 8, &page->number, 8);
    memcpy(token + 16, &page->size, 8);
    seal(cloud, token, question, token + PLAIN);
    mask(cloud, token);
    sim_text_base64(&text, token, sizeof token);
    *buf = 0;
    if (text.len < size)
        memcpy(buf, text.data, text.len + 1);
    sim_text_free(&text);
}

bool ec2_page_read(struct ec2 *cloud, const char *token, struct ec2_page *page, uint64_t question)
{
    size_t len = 0;
    unsigned char *data = sim_base64_decode(token, &len), want[SEAL];
    bool ok = data && len == TOKEN;
    if (ok) {
        mask(cloud, data);
        seal(cloud, data, question, want);
        ok = !CRYPTO_memcmp(want, data + PLAIN, SEAL);
    }
    if (ok) {
        memcpy(&page->from, data, 8);
        memcpy(&page->number, data + 8, 8);
        memcpy(&page->size, data + 16, 8);
    }
    free(data);
    return ok;
}
