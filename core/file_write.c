/* Writing to files as a whole. */
#include "file_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "buf.h"

int nube_write_all(int fd, const void *data, size_t len)
{
    const char *at = data;

    while (len) {
        ssize_t n = write(fd, at, len);

        if (n < 0 && errno != EINTR)
            return -1;
        at += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static int fill(int fd, const void *data, size_t len)
{
    int kept;

    if (nube_write_all(fd, data, len) == 0)
        return close(fd);
    kept = errno;
    close(fd);
    errno = kept;
    return -1;
}

int nube_file_replace(const char *path, const void *data, size_t len)
{
    struct nube_buf part;
    int fd, kept, rc = -1;

    nube_buf_init(&part, NUBE_MAX_NAME);
    nube_buf_fmt(&part, "%s.XXXXXX", path);
    errno = ENAMETOOLONG;
    fd = part.failed ? -1 : mkostemp(part.data, O_CLOEXEC);
    if (fd >= 0) {
        rc = fill(fd, data, len) || rename(part.data, path) ? -1 : 0;
        kept = errno;
        if (rc)
            unlink(part.data);
        errno = kept;
    }
    nube_buf_free(&part);
    return rc;
}
