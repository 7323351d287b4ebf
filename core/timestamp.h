/* Points in time as providers write them and as Nube prints them. */
#ifndef NUBE_CORE_TIMESTAMP_H
#define NUBE_CORE_TIMESTAMP_H

#include <stdint.h>

/*
 * ISO 8601: a date, or date and time with 'T' or a blank between, with or without
 * fraction (dropped) and zone (none: UTC). 0 and seconds since 1970, or -1: unreadable,
 * or outside 1970 to 9999.
 */
int nube_time_parse(const char *text, int64_t *out);
enum { NUBE_TIME_SIZE = 24 };
/* "2013-06-12T10:00:00Z"; "" outside 1970 to 9999. */
void nube_time_print(char out[NUBE_TIME_SIZE], int64_t seconds);

#endif
