/* Export marks, version and the attributes that every other header uses. */
#ifndef NUBE_BASE_H
#define NUBE_BASE_H

#include <stddef.h>
#include <stdint.h>

#define NUBE_VERSION_MAJOR 0
#define NUBE_VERSION_MINOR 1
#define NUBE_VERSION_PATCH 0
#define NUBE_VERSION       "0.1.0"

/* Generation of the driver ABI: modules live in lib/nube/ABI/. */
#define NUBE_ABI 0

#if defined(__GNUC__)
#define NUBE_API          __attribute__((visibility("default")))
#define NUBE_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define NUBE_API
#define NUBE_PRINTF(f, a)
#endif

#ifdef __cplusplus
#define NUBE_BEGIN extern "C" {
#define NUBE_END   }
#else
#define NUBE_BEGIN
#define NUBE_END
#endif

NUBE_BEGIN

/* The version of the library that runs, as "MAJOR.MINOR.PATCH". Static; any thread. */
NUBE_API const char *nube_version(void);

/* Frees what a nube function returned as owned text. NULL is fine. */
NUBE_API void nube_free(void *ptr);

NUBE_END

#endif
