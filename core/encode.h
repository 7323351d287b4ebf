/* Text encodings: hex, base64, percent. */
#ifndef NUBE_CORE_ENCODE_H
#define NUBE_CORE_ENCODE_H

#include <stdbool.h>

#include "buf.h"

void nube_encode_hex(struct nube_buf *out, const void *data, size_t len);
void nube_encode_base64(struct nube_buf *out, const void *data, size_t len, bool url);
bool nube_decode_base64(struct nube_buf *out, const char *text);
/* RFC 3986 unreserved kept; '/' too when slash. */
void nube_encode_uri(struct nube_buf *out, const char *text, bool slash);

#endif
