/* Progress of a wait for nodes. */
#ifndef NUBE_CLI_LIVE_H
#define NUBE_CLI_LIVE_H

#include "app.h"

/* From now on changes of state are told: in a table on a terminal, which appears after half a
 * second, in lines elsewhere; not with --quiet. */
void live_begin(struct app *app);
/* A node that is waited for. */
void live_add(const struct app *app, const char *id);
/* true: it was told here. */
bool live_update(struct app *app, const struct nube_progress *progress);
void live_clear(void); /* before anything else is printed */
void live_end(void);   /* harmless when nothing began */

#endif
