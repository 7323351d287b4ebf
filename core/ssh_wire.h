/* Reading what SSH writes: big-endian numbers, strings with their length before them (RFC 4251,
 * section 5). For the agent's protocol and for OpenSSH's key files. */
#ifndef NUBE_CORE_SSH_WIRE_H
#define NUBE_CORE_SSH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed octets; what is taken goes from the front. */
struct nube_span {
    const unsigned char *at;
    size_t len;
};

static inline uint32_t nube_ssh_number(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* False, and nothing is taken, when it is not all there. */
static inline bool nube_ssh_take_number(struct nube_span *s, uint32_t *n)
{
    if (s->len < 4)
        return false;
    *n = nube_ssh_number(s->at);
    s->at += 4;
    s->len -= 4;
    return true;
}

/* False when it is not all there. */
static inline bool nube_ssh_take_string(struct nube_span *s, struct nube_span *out)
{
    uint32_t n;

    if (!nube_ssh_take_number(s, &n) || n > s->len)
        return false;
    *out = (struct nube_span){s->at, n};
    s->at += n;
    s->len -= n;
    return true;
}

static inline bool nube_span_is(struct nube_span s, const char *text)
{
    return s.len == strlen(text) && memcmp(s.at, text, s.len) == 0;
}

#endif
