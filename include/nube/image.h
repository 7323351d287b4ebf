/* Images, sizes and locations: the verbs on what nodes are made from. */
#ifndef NUBE_IMAGE_H
#define NUBE_IMAGE_H

#include <nube/conn.h>

NUBE_BEGIN

/* Filters: id, name, search, tag; what the driver does not send the library applies. */
NUBE_API int nube_image_list(nube_iter **out, nube_conn *conn, const nube_args *filters,
                             const struct nube_call_opts *opts, struct nube_error *err);
/* Also what is public or shared by a community; `term` goes to the provider. */
NUBE_API int nube_image_search(nube_iter **out, nube_conn *conn, const char *term,
                               const struct nube_call_opts *opts, struct nube_error *err);
NUBE_API int nube_image_get(nube_image **out, nube_conn *conn, const char *id,
                            const struct nube_call_opts *opts, struct nube_error *err);
/* From a node (argument node) or from a file (opts->input), as the driver's table says. */
NUBE_API int nube_image_create(nube_image **out, nube_conn *conn, const nube_args *args,
                               const struct nube_call_opts *opts, struct nube_error *err);
/* Waits until an image can be used, or never will; at most opts->deadline_ms, or half an hour.
 * *out, owned, is the image as it was seen last, on failure too. */
NUBE_API int nube_image_wait(nube_image **out, nube_conn *conn, const char *id,
                             const struct nube_call_opts *opts, struct nube_error *err);
NUBE_API int nube_image_delete(nube_conn *conn, const char *id, const nube_args *args,
                               const struct nube_call_opts *opts, struct nube_error *err);
/* A named action of the driver: "pull", "push", "tag". */
NUBE_API int nube_image_action(nube_result **out, nube_conn *conn, const char *id,
                               const char *action, const nube_args *args,
                               const struct nube_call_opts *opts, struct nube_error *err);

NUBE_API int nube_size_list(nube_iter **out, nube_conn *conn, const nube_args *filters,
                            const struct nube_call_opts *opts, struct nube_error *err);
NUBE_API int nube_location_list(nube_iter **out, nube_conn *conn, const nube_args *filters,
                                const struct nube_call_opts *opts, struct nube_error *err);

NUBE_END

#endif
