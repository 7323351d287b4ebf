/* Text encodings: UTF-8, hex, base64, percent. */
#ifndef NUBE_CORE_ENCODE_H
#define NUBE_CORE_ENCODE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

/* Octets of the UTF-8 character that text begins with; 0 when that is none. */
size_t nube_utf8_next(const char *text, size_t len);
/* Writes the character of that number, U+10FFFF at most; its octets. */
size_t nube_utf8_put(char to[4], uint32_t c);
void nube_encode_hex(struct nube_buf *out, const void *data, size_t len);
/* url: the alphabet of RFC 4648 section 5, without padding. */
/* RFC 4648, section 4, or with url section 5: both padded, or a Docker registry's login is ignored.
 */
void nube_encode_base64(struct nube_buf *out, const void *data, size_t len, bool url);
/* Both alphabets; white space and missing padding are fine. Appends; false when it is not base64.
 */
bool nube_decode_base64(struct nube_buf *out, const char *text);
/* RFC 3986 unreserved kept; '/' too when slash. */
void nube_encode_uri(struct nube_buf *out, const char *text, bool slash);

#endif
