/* The last seen states of an account's nodes: what they forbid is refused before any request. */
#include "fresh.h"

#include "error_int.h"
#include "mem.h"

enum { FRESH_MS = 10000, MADE_MS = 120000 };

static uint64_t hash(const char *id)
{
    uint64_t h = 14695981039346656037u;

    for (; *id; id++)
        h = (h ^ (unsigned char)*id) * 1099511628211u;
    return h;
}

/* A node has one place; two that want the same forget each other, and then the provider decides. */
static struct nube_seen *place(struct nube_fresh *f, uint64_t h)
{
    return &f->at[h % (sizeof(f->at) / sizeof(*f->at))];
}

int nube_fresh_init(struct nube_fresh **out)
{
    struct nube_fresh *f = nube_mem_zalloc(sizeof(*f));

    *out = f;
    return f ? pthread_mutex_init(&f->lock, NULL) : -1;
}

void nube_fresh_free(struct nube_fresh *f)
{
    if (!f)
        return;
    pthread_mutex_destroy(&f->lock);
    nube_mem_free(f);
}

void nube_fresh_see(struct nube_fresh *f, const char *id, const struct nube_state_row *row,
                    int64_t now)
{
    uint64_t h = hash(id);

    pthread_mutex_lock(&f->lock);
    *place(f, h) = (struct nube_seen){h, row, now};
    pthread_mutex_unlock(&f->lock);
}

void nube_fresh_forget(struct nube_fresh *f, const char *id)
{
    nube_fresh_see(f, id, NULL, 0);
}

static bool allows(const uint16_t *ops, enum nube_op op)
{
    for (; *ops; ops++)
        if (*ops == op)
            return true;
    return false;
}

/* "start, destroy" */
static void names(struct nube_buf *out, const uint16_t *ops)
{
    for (; *ops; ops++)
        if (*nube_op_action((enum nube_op) * ops))
            nube_buf_fmt(out, "%s%s", out->len ? ", " : "", nube_op_action((enum nube_op) * ops));
}

int nube_fresh_check(struct nube_fresh *f, const char *id, enum nube_op op, int64_t now,
                     struct nube_error *err)
{
    uint64_t h = hash(id);
    struct nube_buf can;
    struct nube_seen seen;

    pthread_mutex_lock(&f->lock);
    seen = *place(f, h);
    pthread_mutex_unlock(&f->lock);
    if (seen.id != h || !seen.row || !seen.row->ops || now - seen.when > FRESH_MS ||
        !*nube_op_action(op) || allows(seen.row->ops, op))
        return 0;
    nube_buf_init(&can, NUBE_MAX_NAME);
    names(&can, seen.row->ops);
    nube_error_set(err, NUBE_E_STATE, "%s is %s, where %s is not possible; possible now: %s", id,
                   seen.row->raw, nube_op_action(op), can.data ? can.data : "nothing");
    nube_buf_free(&can);
    return NUBE_E_STATE;
}

void nube_fresh_make(struct nube_fresh *f, const char *id, int64_t now)
{
    pthread_mutex_lock(&f->lock);
    f->made[f->n_made++ % (sizeof(f->made) / sizeof(*f->made))] =
        (struct nube_seen){hash(id), NULL, now};
    pthread_mutex_unlock(&f->lock);
}

bool nube_fresh_made(struct nube_fresh *f, const char *id, int64_t now)
{
    uint64_t h = hash(id);
    bool made = false;
    size_t i;

    pthread_mutex_lock(&f->lock);
    for (i = 0; i < sizeof(f->made) / sizeof(*f->made); i++)
        made |= f->made[i].id == h && now - f->made[i].when < MADE_MS;
    pthread_mutex_unlock(&f->lock);
    return made;
}
