/* One argument under construction, as the checking of options reads it. */
#ifndef NUBE_CORE_ARGS_INT_H
#define NUBE_CORE_ARGS_INT_H

#include <nube/option.h>

#define NUBE_ARG_NO_KEY SIZE_MAX

struct nube_arg {
    char *name, *value; /* value: len octets and a NUL */
    size_t len;
    size_t key_len; /* value is "key=value" and this long the key, which may hold '='; or
                       NUBE_ARG_NO_KEY */
};

/* NULL past the end. */
const struct nube_arg *nube_args_at(const nube_args *args, size_t i);
/* Takes away all of a name. */
void nube_args_drop(nube_args *args, const char *name);

#endif
