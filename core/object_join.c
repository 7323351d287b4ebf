/* What a look at an object says, and what only its making said. */
#include "error_int.h"
#include "object_int.h"

int nube_obj_join(nube_obj **out, const nube_obj *now, const nube_obj *made, struct nube_error *err)
{
    static const enum nube_field told[] = {NUBE_PASSWORD, NUBE_PRIVATE_KEY, NUBE_USERNAME,
                                           NUBE_AUTH_TYPE};
    struct nube_arena arena = {.secret = true};
    nube_obj *copy = nube_obj_copy(&arena, now);
    int rc;

    *out = NULL;
    for (size_t i = 0; copy && i < sizeof(told) / sizeof(*told); i++)
        if (!nube_str(now, told[i]))
            nube_set(copy, told[i], nube_str(made, told[i]));
    rc = copy && !arena.failed ? nube_obj_dup(out, copy, err) : nube_error_nomem(err);
    nube_arena_free(&arena);
    return rc;
}
