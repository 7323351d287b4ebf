/* Errors of the Docker driver: the engine has no codes, so its words are read. */
#include <string.h>

#include "docker.h"

/*
 * Parts of messages, first match wins. Needed because the engine says 500 for many
 * mistakes of the caller and 409 for several classes, Podman says 500 for wrong
 * states, and errors inside a stream have no status at all.
 */
static const struct words {
    const char *part;
    enum nube_code code;
} words[] = {
    {"Client sent an HTTP request to an HTTPS server", NUBE_E_TLS},
    {"is too new. Maximum supported API version", NUBE_E_UNSUPPORTED},
    {"is too old. Minimum supported API version", NUBE_E_UNSUPPORTED},
    {"does not support reading", NUBE_E_UNSUPPORTED},
    {"Multiple IDs found", NUBE_E_AMBIGUOUS},
    {"more than one result for", NUBE_E_AMBIGUOUS},
    {"No such container", NUBE_E_NOT_FOUND},
    {"no such container", NUBE_E_NOT_FOUND},
    {"No such image", NUBE_E_NOT_FOUND},
    {"no such image", NUBE_E_NOT_FOUND},
    {"image not known", NUBE_E_NOT_FOUND},
    {"pull access denied",
     NUBE_E_NOT_FOUND}, /* "does not exist or may require login", says the engine */
    {"manifest unknown", NUBE_E_NOT_FOUND},
    {"toomanyrequests", NUBE_E_RATE},
    {"no basic auth credentials", NUBE_E_AUTH},
    {"authentication required", NUBE_E_AUTH},
    {"incorrect username or password", NUBE_E_AUTH},
    {"unauthorized", NUBE_E_AUTH},
    {"denied: ", NUBE_E_AUTH},
    {"resource is denied", NUBE_E_AUTH},
    {"The container name", NUBE_E_CONFLICT},
    {"name is already in use", NUBE_E_CONFLICT},
    {"port is already allocated", NUBE_E_CONFLICT},
    {"address already in use", NUBE_E_CONFLICT},
    {"unable to delete", NUBE_E_CONFLICT},
    {"unable to remove repository reference", NUBE_E_CONFLICT},
    {"is not running", NUBE_E_STATE},
    {"is not paused", NUBE_E_STATE},
    {"already paused", NUBE_E_STATE},
    {"is paused", NUBE_E_STATE},
    {"a paused container", NUBE_E_STATE},
    {"a running container", NUBE_E_STATE},
    {"container is running", NUBE_E_STATE},
    {"is restarting", NUBE_E_STATE},
    {"is marked for removal", NUBE_E_STATE},
    {"container state improper", NUBE_E_STATE},
    {"invalid reference format", NUBE_E_USAGE},
    {"invalid reference", NUBE_E_USAGE},
    {"cannot unmarshal", NUBE_E_USAGE},
    {"invalid character", NUBE_E_USAGE},
    {"strconv.", NUBE_E_USAGE},
};

enum nube_code docker_code(const char *text, enum nube_code otherwise)
{
    size_t i;

    for (i = 0; text && i < DOCKER_ROWS(words); i++)
        if (strstr(text, words[i].part))
            return words[i].code;
    return otherwise;
}

/* Text without the white space at its end, NULL when nothing is left. */
static const char *trimmed(nube_call *c, const char *text, size_t len)
{
    while (len && strchr(" \t\r\n", text[len - 1]))
        len--;
    return len ? nube_fmt(c, "%.*s", (int)(len < 2000 ? len : 2000), text) : NULL;
}

const char *docker_message(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc = nube_reply_doc(r);
    const char *text = nube_doc_str(doc, "message"), *type;
    size_t len = 0;

    if (text || doc)
        return text;
    type = nube_reply_header(r, "Content-Type");
    text = nube_reply_body(r, &len);
    if (!text || (type ? strncmp(type, "text/plain", 10) != 0 : *text == '<'))
        return NULL;
    return trimmed(c, text, len);
}

const char *docker_image_arg(nube_call *c)
{
    return nube_arg_str(c, nube_call_op_id(c) == NUBE_OP_IMAGE_ACTION ? "id" : "image");
}

const char *docker_image_refused(nube_call *c, const char *image, const char *text)
{
    return nube_fmt(c, "image %s: %s (a registry's login is read from %s)", image, text,
                    docker_config_path(c, "config.json"));
}

void docker_classify(nube_call *c, const nube_reply *r, struct nube_verdict *v)
{
    const char *text, *image = docker_image_arg(c);

    if (!v->code)
        return;
    text = docker_message(c, r);
    if (!text)
        return;
    v->code = docker_code(text, (enum nube_code)v->code);
    if (strcmp(text, "Not Found") == 0) { /* Podman, of a path; of a container it says more */
        v->code = NUBE_E_UNSUPPORTED;
        text = "this engine has no such part of the API";
    }
    v->message = image && v->code == NUBE_E_AUTH ? docker_image_refused(c, image, text) : text;
    if (v->code == NUBE_E_TLS)
        v->message = "this port of the engine speaks TLS: write the host as https://, or set "
                     "ca_file, cert_file and key_file";
}

enum nube_step docker_fail(nube_call *c, const char *what, const char *text)
{
    return nube_fail(c, docker_code(text, NUBE_E_PROVIDER), "%s: %s", what,
                     text ? text : "the engine does not say why");
}
