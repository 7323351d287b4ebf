/* Growing text, and the ways replies are written into it: XML elements, JSON strings, base64,
 * times. */
#ifndef NUBE_SIM_TEXT_H
#define NUBE_SIM_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed to begin with; data is terminated once something was added. */
struct sim_text {
    char *data;
    size_t len, size;
};

void sim_text_add(struct sim_text *t, const void *data, size_t len);
void sim_text_puts(struct sim_text *t, const char *text);
void sim_text_putc(struct sim_text *t, char c);
void sim_text_int(struct sim_text *t, int64_t n);
void sim_text_fmt(struct sim_text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
#define SIM_LIT(t, literal) sim_text_add((t), "" literal, sizeof(literal) - 1)

/* With &, <, > and quotes escaped, what XML 1.0 cannot hold left out, and what is not UTF-8
 * replaced. */
void sim_text_xml(struct sim_text *t, const char *text);
/* <name>value</name>; nothing when the value is NULL. */
void sim_elem(struct sim_text *t, const char *name, const char *value);
void sim_elem_int(struct sim_text *t, const char *name, int64_t value);
void sim_elem_bool(struct sim_text *t, const char *name, bool value);
/* 2026-11-21T22:57:41.000Z from milliseconds since 1970. */
void sim_elem_time(struct sim_text *t, const char *name, int64_t ms);
void sim_open(struct sim_text *t, const char *name);
void sim_close(struct sim_text *t, const char *name);

/* A JSON string with its quotes; NULL gives null. */
void sim_text_json(struct sim_text *t, const char *text);
void sim_text_base64(struct sim_text *t, const void *data, size_t len);
void sim_text_hex(struct sim_text *t, const unsigned char *data, size_t len, char between);

void sim_text_clear(struct sim_text *t);
/* Takes the text away, never NULL: free(). */
char *sim_text_take(struct sim_text *t);
void sim_text_free(struct sim_text *t);

/* "2026-11-21T22:57:41.000Z" into a buffer of 32 octets or more. */
void sim_iso_time(char *buf, size_t size, int64_t ms);
/* Reads such a time, with or without a fraction; -1: it is not one. */
int64_t sim_iso_parse(const char *text);
/* Decodes base64 (white space allowed), terminated; NULL: it is not base64. free(). */
unsigned char *sim_base64_decode(const char *text, size_t *len);
/* Shell-like: * and ?, backslash escapes. */
bool sim_glob(const char *pattern, const char *text);

#endif
