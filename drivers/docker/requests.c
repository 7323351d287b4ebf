/* Requests of the Docker driver that several verbs make alike, and small helpers around them. */
#include <string.h>

#include "docker.h"

static nube_req *about(nube_call *c, enum nube_method method, const char *kind, const char *id,
                       const char *verb)
{
    nube_req *q = nube_req_new(c, method, DOCKER_ENGINE);

    nube_req_path(q, nube_fmt(c, "%ss", kind));
    nube_req_seg(q, id);
    if (verb)
        nube_req_path(q, verb);
    nube_req_about(q, nube_fmt(c, "%s %s", kind, id ? id : ""));
    return q;
}

nube_req *docker_container(nube_call *c, enum nube_method method, const char *id, const char *verb)
{
    return about(c, method, "container", id, verb);
}

nube_req *docker_image(nube_call *c, enum nube_method method, const char *id, const char *verb)
{
    return about(c, method, "image", id, verb);
}

enum nube_step docker_send(nube_call *c, int phase)
{
    nube_set_phase(c, phase);
    return NUBE_SEND;
}

static size_t part_len(const nube_doc *item, char until)
{
    const char *text = nube_doc_text(item);
    const char *end = text && until ? strchr(text, until) : NULL;

    return end ? (size_t)(end - text) : text ? strlen(text) : 0;
}

const char *docker_join(nube_call *c, const nube_doc *array, const char *sep, char until)
{
    size_t gap = strlen(sep), total = 0, len;
    const nube_doc *k;
    char *out, *p;

    for (k = nube_doc_first(array); k; k = nube_doc_next(k))
        if ((len = part_len(k, until)))
            total += len + gap;
    if (!total)
        return NULL;
    p = out = nube_alloc(c, total + 1);
    for (k = nube_doc_first(array); k; k = nube_doc_next(k)) {
        if (!(len = part_len(k, until)))
            continue;
        if (p != out) {
            memcpy(p, sep, gap);
            p += gap;
        }
        memcpy(p, nube_doc_text(k), len);
        p += len;
    }
    *p = '\0';
    return out;
}

void docker_split_reference(nube_call *c, const char *text, const char **repo, const char **tag)
{
    const char *digest = strchr(text, '@'), *slash, *colon;
    size_t len = digest ? (size_t)(digest - text) : strlen(text);

    *repo = nube_fmt(c, "%.*s", (int)len, text);
    slash = strrchr(*repo, '/');
    colon = strrchr(slash ? slash : *repo, ':');
    *tag = digest ? digest + 1 : colon ? nube_strdup(c, colon + 1) : NULL;
    if (colon)
        *repo = nube_fmt(c, "%.*s", (int)(colon - *repo), *repo);
}

const char *docker_filled(const char *text)
{
    return text && *text ? text : NULL;
}

void docker_labels(nube_obj *o, const nube_doc *labels)
{
    const nube_doc *k;

    for (k = nube_doc_first(labels); k; k = nube_doc_next(k))
        nube_add_pair(o, NUBE_TAGS, nube_doc_name(k), nube_doc_text(k));
}

void docker_filter_tags(nube_call *c, nube_json *j)
{
    size_t i, n = nube_arg_count(c, "tag");
    const char *key, *value;

    if (!n)
        return;
    nube_json_array(j, "label");
    for (i = 0; i < n; i++)
        if (nube_arg_pair(c, "tag", i, &key, &value))
            nube_json_str(j, NULL, nube_fmt(c, "%s=%s", key, value));
    nube_json_end(j);
}

void docker_filter(nube_json *j, const char *filter, const char *value)
{
    if (!value)
        return;
    nube_json_array(j, filter);
    nube_json_str(j, NULL, value);
    nube_json_end(j);
}

const char *docker_filters(nube_json *j)
{
    const char *text = nube_json_text(j);

    return strcmp(text, "{}") == 0 ? NULL : text;
}

void docker_warnings(nube_call *c, const nube_doc *doc)
{
    const nube_doc *k;

    for (k = nube_doc_first(nube_doc_get(doc, "Warnings")); k; k = nube_doc_next(k))
        nube_note(c, "the engine warns: %s", nube_doc_text(k) ? nube_doc_text(k) : "");
}

void docker_json_list(nube_call *c, nube_json *j, const char *name, const char *arg)
{
    size_t i, n = nube_arg_count(c, arg);

    if (!n)
        return;
    nube_json_array(j, name);
    for (i = 0; i < n; i++)
        nube_json_str(j, NULL, nube_arg_at(c, arg, i));
    nube_json_end(j);
}

void docker_json_env(nube_call *c, nube_json *j)
{
    size_t i, n = nube_arg_count(c, "env");
    const char *key, *value;

    if (!n)
        return;
    nube_json_array(j, "Env");
    for (i = 0; i < n; i++)
        if (nube_arg_pair(c, "env", i, &key, &value))
            nube_json_secret(j, NULL, nube_fmt(c, "%s=%s", key, value));
    nube_json_end(j);
}
