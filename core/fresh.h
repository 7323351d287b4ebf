/* The last seen states of an account's nodes. */
#ifndef NUBE_CORE_FRESH_H
#define NUBE_CORE_FRESH_H

#include <pthread.h>

#include <nube/driver/driver.h>

#include "buf.h"

struct nube_seen {
    uint64_t id; /* hash */
    const struct nube_state_row *row;
    int64_t when;
};

/* Fixed in size however many nodes there are; safe for threads. */
struct nube_fresh {
    pthread_mutex_t lock;
    struct nube_seen at[1024];
    struct nube_seen made[64]; /* what was created, by turns; without rows */
    unsigned n_made;
};

int nube_fresh_init(struct nube_fresh **out); /* 0 or -1 */
void nube_fresh_free(struct nube_fresh *f);
/* A reply showed the node in this state. now: mono ms. */
void nube_fresh_see(struct nube_fresh *f, const char *id, const struct nube_state_row *row,
                    int64_t now);
/* Something was done to it. */
void nube_fresh_forget(struct nube_fresh *f, const char *id);
/* It was created; and was it, within the last two minutes? */
void nube_fresh_make(struct nube_fresh *f, const char *id, int64_t now);
bool nube_fresh_made(struct nube_fresh *f, const char *id, int64_t now);
/* 0, or NUBE_E_STATE when its state was seen within the last ten seconds and forbids the operation.
 */
int nube_fresh_check(struct nube_fresh *f, const char *id, enum nube_op op, int64_t now,
                     struct nube_error *err);

#endif
