/* Writing to files as a whole. */
#ifndef NUBE_CORE_FILE_WRITE_H
#define NUBE_CORE_FILE_WRITE_H

#include <stddef.h>

/* All of it, whatever the signals and the pieces; -1 and errno. */
int nube_write_all(int fd, const void *data, size_t len);
/* The file at path anew, for its owner alone: a reader sees the old one or the new one, whole. -1
 * and errno; the old one is as it was. */
int nube_file_replace(const char *path, const void *data, size_t len);

#endif
