/* Images from a container (commit) or from a tar archive (import). */
#include <string.h>

#include "docker.h"

enum { ASK, MADE, SHOW };

struct image_create {
    const char *id;
};

static void add_changes(nube_call *c, nube_req *q)
{
    size_t i, n = nube_arg_count(c, "change");

    for (i = 0; i < n; i++)
        nube_req_query(q, "changes", nube_arg_at(c, "change", i));
}

static enum nube_step commit(nube_call *c, const char *node)
{
    nube_req *q = nube_req_new(c, NUBE_POST, DOCKER_ENGINE);
    const char *name = nube_arg_str(c, "name"), *repo = NULL, *tag = NULL;

    if (name)
        docker_split_reference(c, name, &repo, &tag);
    nube_req_path(q, "commit");
    nube_req_query(q, "container", node);
    nube_req_query(q, "repo", repo);
    nube_req_query(q, "tag", tag);
    nube_req_query(q, "comment", nube_arg_str(c, "comment"));
    nube_req_query(q, "author", nube_arg_str(c, "author"));
    nube_req_query(q, "pause", nube_arg_bool(c, "pause", 1) ? "1" : "0");
    add_changes(c, q);
    nube_req_json(q); /* an empty one: Podman wants a body */
    nube_req_about(q, nube_fmt(c, "container %s", node));
    nube_req_flag(q, NUBE_REQ_UNBOUNDED);
    return docker_send(c, MADE);
}

/* The last status of an import is the id of what it made. */
static void import_line(nube_call *c, const nube_doc *line)
{
    struct image_create *s = nube_state(c, sizeof(*s));
    const char *status = nube_doc_str(line, "status");

    docker_progress(c, line);
    if (status && strncmp(status, "sha256:", 7) == 0)
        s->id = nube_strdup(c, status);
}

static enum nube_step import(nube_call *c)
{
    nube_req *q = nube_req_new(c, NUBE_POST, DOCKER_ENGINE);

    nube_req_path(q, "images/create");
    nube_req_query(q, "fromSrc", "-");
    /* the engine takes a tag here too, Podman 4.3 does nowhere else */
    nube_req_query(q, "repo", nube_arg_str(c, "name"));
    nube_req_query(q, "message", nube_arg_str(c, "comment"));
    add_changes(c, q);
    nube_req_body_input(q, "application/x-tar");
    nube_req_values(q, import_line);
    nube_req_flag(q, NUBE_REQ_UNBOUNDED);
    return docker_send(c, MADE);
}

/* The source is said, never guessed: an import of nothing would succeed with an empty image. */
static enum nube_step ask(nube_call *c)
{
    const char *node = nube_arg_str(c, "node"), *source = nube_arg_str(c, "source");

    if ((node != NULL) == (source != NULL))
        return nube_fail(c, NUBE_E_USAGE,
                         "an image is made from a container (node=ID) or from a tar archive on the "
                         "input (source=input): give one of them");
    if (node)
        return commit(c, node);
    if (nube_arg_str(c, "author") || nube_arg_str(c, "pause"))
        return nube_fail(c, NUBE_E_USAGE, "author and pause go with node=ID only");
    return import(c);
}

enum nube_step docker_image_create(nube_call *c, const nube_reply *r)
{
    struct image_create *s = nube_state(c, sizeof(*s));
    const char *id;

    switch (nube_phase(c)) {
    case ASK:
        return ask(c);
    case MADE:
        id = nube_doc_str(nube_reply_doc(r), "Id");
        if (id)
            s->id = nube_strdup(c, id);
        if (!s->id)
            return nube_fail(c, NUBE_E_PROTOCOL, "the engine did not say which image it made");
        nube_created(c, s->id);
        docker_image(c, NUBE_GET, s->id, "json");
        return docker_send(c, SHOW);
    default:
        docker_image_inspected(c, nube_reply_doc(r));
        return NUBE_DONE;
    }
}
