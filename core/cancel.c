/* The switch that ends calls: an atomic and an eventfd, safe in signal handlers. */
#include <errno.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "call_int.h"
#include "error_int.h"
#include "mem.h"

struct nube_cancel {
    _Atomic int fired;
    int fd; /* readable from the first fire to the reset */
};

int nube_cancel_new(nube_cancel **out, struct nube_error *err)
{
    nube_cancel *c = nube_mem_zalloc(sizeof(*c));

    *out = NULL;
    nube_error_clear(err);
    if (!c)
        return nube_error_nomem(err);
    c->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (c->fd < 0) {
        nube_mem_free(c);
        return nube_error_set(err, NUBE_E_SYSTEM, "eventfd: out of file descriptors");
    }
    *out = c;
    return 0;
}

void nube_cancel_fire(nube_cancel *c)
{
    uint64_t one = 1;
    int kept = errno;

    atomic_store(&c->fired, 1);
    if (write(c->fd, &one, sizeof(one)) < 0) {
        /* The counter is full: it is readable already. */
    }
    errno = kept;
}

int nube_cancel_fired(const nube_cancel *c)
{
    return atomic_load(&((nube_cancel *)(uintptr_t)c)->fired);
}

void nube_cancel_reset(nube_cancel *c)
{
    uint64_t drop;

    atomic_store(&c->fired, 0);
    if (read(c->fd, &drop, sizeof(drop)) < 0) {
        /* It was not readable. */
    }
}

void nube_cancel_free(nube_cancel *c)
{
    if (!c)
        return;
    close(c->fd);
    nube_mem_free(c);
}

int nube_cancel_fd(const nube_cancel *c)
{
    return c->fd;
}
