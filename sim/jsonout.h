/* Replies written as JSON, member by member: commas come by themselves. */
#ifndef NUBE_SIM_JSONOUT_H
#define NUBE_SIM_JSONOUT_H

#include "text.h"

/* Between elements of an array, and before what is written by hand. */
void sim_put_sep(struct sim_text *t);
void sim_put_name(struct sim_text *t, const char *name);
/* A NULL value is null. */
void sim_put_str(struct sim_text *t, const char *name, const char *value);
void sim_put_int(struct sim_text *t, const char *name, int64_t value);
void sim_put_bool(struct sim_text *t, const char *name, bool value);
/* Text that is JSON already. */
void sim_put_raw(struct sim_text *t, const char *name, const char *json);
/* 2026-11-21T23:26:04Z; 0 gives null. */
void sim_put_time(struct sim_text *t, const char *name, int64_t ms);
/* name NULL: an element of an array. */
void sim_put_object(struct sim_text *t, const char *name);
void sim_put_array(struct sim_text *t, const char *name);
void sim_put_end(struct sim_text *t, char bracket);
/* A string of an array. */
void sim_put_word(struct sim_text *t, const char *value);

/* 2026-11-21T23:26:04 into 20 octets, for who writes the rest. */
void sim_seconds_time(char buf[20], int64_t ms);

#endif
