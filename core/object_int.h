/* Objects inside the core: compact slots in an arena; the driver's setters and the application's getters work on them. */
#ifndef NUBE_CORE_OBJECT_INT_H
#define NUBE_CORE_OBJECT_INT_H

#include <nube/object.h>

#include "arena.h"
#include "buf.h"
#include "registry.h"

/* An object without fields in the arena. driver may be NULL (no states). It keeps the arena's address. */
nube_obj *nube_obj_new(struct nube_arena *arena, enum nube_kind kind,
                       const struct nube_driver_info *driver);
/* Does a filter value match? name: "id", "name", "search", "state", "tag" (key given), "image", "location", "address". */
int nube_obj_matches(const nube_obj *obj, const char *filter, const char *key, const char *value);
/* A deep copy of the object into another arena. */
nube_obj *nube_obj_copy(struct nube_arena *arena, const nube_obj *obj);
/* Appends the JSON form. */
void nube_obj_json_add(struct nube_buf *out, const nube_obj *obj, unsigned flags);
/* Appends text as a JSON string with quotes; bytes that are not UTF-8 become U+FFFD. In core/json_write.c. */
void nube_json_quote(struct nube_buf *out, const char *text, size_t len);
/* Appends the shortest form that reads back the same; null for what JSON cannot say. */
void nube_json_real(struct nube_buf *out, double value);

#endif
