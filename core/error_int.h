/* Filling of errors inside the core. */
#ifndef NUBE_CORE_ERROR_INT_H
#define NUBE_CORE_ERROR_INT_H

#include <stdarg.h>

#include <nube/error.h>

/*
 * Sets code and message, clears the rest but size, backend and verb; gives the code, so that
 * callers can return it. err may be NULL. Only the part that err->size covers is
 * written. Text is cut at a character, never in the middle of UTF-8; control
 * characters become spaces.
 */
int nube_error_set(struct nube_error *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int nube_error_vset(struct nube_error *err, int code, const char *format, va_list ap)
    __attribute__((format(printf, 3, 0)));
/* Out of memory: allocates nothing. */
int nube_error_nomem(struct nube_error *err);
void nube_error_clear(struct nube_error *err); /* to "no error", size kept */
/* Copies what both sizes cover; to->size is kept. NULLs are fine. Gives from's code. */
int nube_error_copy(struct nube_error *to, const struct nube_error *from);
/* Says which account and which verb it is about, NULL: as before; gives code. */
int nube_error_about(struct nube_error *err, int code, const char *backend, const char *verb);
/* Copies text into a fixed field with the rules above. NULL: "". */
void nube_error_text(char *field, size_t size, const char *text);

#endif
