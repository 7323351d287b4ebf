/* Small helpers of the command: memory that cannot fail, text, files, terminals. */
#ifndef NUBE_CLI_UTIL_H
#define NUBE_CLI_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* End the process with status 1 when memory is out. */
void *xcalloc(size_t count, size_t size);
void *xgrow(void *ptr, size_t count, size_t size); /* room for one more after `count`, doubling */
char *xstrdup(const char *text);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A growing text: write to `file`, then text_take(). */
struct text {
    FILE *file;
    char *data;
    size_t len;
};
void text_open(struct text *t);
char *text_take(struct text *t); /* owned: free() */
/* Ends the text on standard error, in one write: lines of several processes do not mix. */
void text_tell(struct text *t);

/* A digest is known by its first twelve digits; everything else stays whole. Owned. */
char *short_id(const char *text);

/* Prints with control characters replaced, so that a provider's words cannot drive the terminal. */
void put_safe(FILE *f, const char *text);
/* Prints as a JSON string with quotes; NULL gives null; what is not UTF-8 becomes U+FFFD. */
void put_json(FILE *f, const char *text, size_t len);

/* The word of `words` nearest to `word`, NULL when none is near. Feed candidates one by one. */
struct nearest {
    const char *word, *best;
    size_t distance;
};
void nearest_feed(struct nearest *n, const char *candidate);

/* "500ms", "30s", "5m", "2h", bare seconds: milliseconds, or -1. */
int64_t parse_duration(const char *text);

/* A whole file, or standard input for "-"; NULL with errno set. At most `limit` octets (errno
 * EFBIG). Owned. */
char *read_whole(const char *path, size_t limit, size_t *len);

/* One line from the terminal (or standard input), echo off when secret; -1 at the end or without a
 * terminal. */
int ask_line(const char *prompt, char *buf, size_t size, bool secret);
/* One line of standard input, without its newline; -1 at the end. */
int read_line(int fd, char *buf, size_t size);
/* Zeroes memory in a way that is not optimised away. */
void wipe(void *data, size_t len);

#endif
