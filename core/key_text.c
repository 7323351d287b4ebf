/* Fingerprints of a public key as ssh-keygen shows them, for drivers whose provider gives the key.
 */
#include <string.h>

#include <nube/driver/crypto.h>

/* "aa:bb:..." */
static const char *with_colons(nube_call *c, const char *hex)
{
    size_t len = strlen(hex), i;
    char *out = nube_alloc(c, len / 2 * 3 + 1), *to = out;

    for (i = 0; i + 1 < len; i += 2) {
        if (i)
            *to++ = ':';
        *to++ = hex[i];
        *to++ = hex[i + 1];
    }
    return out;
}

void nube_add_fingerprints(nube_call *c, nube_obj *o, const char *line)
{
    const char *blob = line ? strchr(line, ' ') : NULL, *bytes, *text;
    unsigned char out[NUBE_HASH_MAX];
    size_t len;

    if (!blob)
        return;
    blob++;
    bytes = nube_base64_decode(c, nube_fmt(c, "%.*s", (int)strcspn(blob, " \r\n"), blob), &len);
    if (!bytes)
        return;
    text = nube_hex(c, out, nube_digest(c, NUBE_MD5, bytes, len, out));
    nube_add(o, NUBE_FINGERPRINTS, with_colons(c, text));
    text = nube_base64(c, out, nube_digest(c, NUBE_SHA256, bytes, len, out));
    nube_add(o, NUBE_FINGERPRINTS, nube_fmt(c, "SHA256:%.*s", (int)strcspn(text, "="), text));
}
