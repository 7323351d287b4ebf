/* What help and the man pages say alike. */
#ifndef NUBE_CLI_HELP_H
#define NUBE_CLI_HELP_H

#include "cmd.h"

struct status_text {
    const char *status, *text;
};
extern const struct status_text help_statuses[];
extern const size_t help_n_statuses;
extern const char help_run_status[];

typedef void put_text_fn(FILE *f, const char *text);
/* What a verb's help says below its first line: paragraphs, columns, examples. Each goes to `put`
 * as one text. */
void help_paragraphs(FILE *f, const struct verb *v, put_text_fn *put);
void help_columns(FILE *f, const struct verb *v, put_text_fn *put);

/* cli/examples.c: the i-th example of a verb; NULL past the last. */
const char *help_example(const struct verb *v, size_t i);

/* cli/man.c: the page of a noun, nube(1) without one. False: there is no such noun. */
bool man_page(FILE *f, const char *noun);

#endif
