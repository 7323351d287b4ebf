/* Stars: which images a person wants to see first, kept on this machine. */
#ifndef NUBE_STAR_H
#define NUBE_STAR_H

#include <nube/lib.h>
#include <nube/object.h>

NUBE_BEGIN

/*
 * Reads $XDG_STATE_HOME/nube/stars, else ~/.local/state/nube/stars; no file is an empty set. An
 * image is known by its account (any text that stays the same: the id of a backend) and its id.
 * Not shared between threads.
 */
typedef struct nube_stars nube_stars;
NUBE_API int nube_stars_open(nube_stars **out, nube_lib *lib, struct nube_error *err);
NUBE_API void nube_stars_free(nube_stars *stars);
/* 1: starred, 0: not, whatever its driver says; -1: the person said nothing of it. */
NUBE_API int nube_stars_get(const nube_stars *stars, const char *account, const char *image);
/* Written under a lock on the file as it is then: two processes lose nothing. */
NUBE_API int nube_stars_set(nube_stars *stars, const char *account, const char *image, int on,
                            struct nube_error *err);
/* A copy of an image with the person's star. *out is owned: nube_obj_free(). */
NUBE_API int nube_stars_apply(nube_image **out, const nube_stars *stars, const char *account,
                              const nube_image *image, struct nube_error *err);

NUBE_END

#endif
