/* Pull and push: progress lines in a 200 stream, which may still end in a failure. */
#include <string.h>

#include "docker.h"

enum { BEGIN, LOGIN, MOVE, SHOW };

struct transfer {
    struct docker_login login;
    const char *digest; /* of a push */
    int64_t size;
};

void docker_progress(nube_call *c, const nube_doc *line)
{
    const char *error = nube_doc_str(line, "errorDetail.message"), *image = docker_image_arg(c);

    if (!error)
        error = nube_doc_str(line, "error");
    if (error && image && docker_code(error, NUBE_E_PROVIDER) == NUBE_E_AUTH) {
        nube_fail(c, NUBE_E_AUTH, "%s", docker_image_refused(c, image, error));
        return;
    }
    if (error) {
        docker_fail(c, image ? nube_fmt(c, "image %s", image) : "import", error);
        return;
    }
    nube_out_progress(c, nube_doc_str(line, "id"), nube_doc_str(line, "status"),
                      nube_doc_int(line, "progressDetail.current", -1),
                      nube_doc_int(line, "progressDetail.total", -1));
}

/* Without a tag the engine would pull them all. */
void docker_pull(nube_call *c, const char *image, const struct docker_login *l)
{
    nube_req *q = nube_req_new(c, NUBE_POST, DOCKER_ENGINE);
    const char *repo, *tag;

    docker_split_reference(c, image, &repo, &tag);
    nube_req_path(q, "images/create");
    nube_req_query(q, "fromImage", repo);
    nube_req_query(q, "tag", tag ? tag : "latest");
    nube_req_header_secret(q, "X-Registry-Auth", l->header);
    nube_req_about(q, nube_fmt(c, "image %s", image));
    nube_req_flag(q, NUBE_REQ_UNBOUNDED);
    nube_req_values(q, docker_progress);
}

static enum nube_step show(nube_call *c, const char *image)
{
    docker_image(c, NUBE_GET, image, "json");
    return docker_send(c, SHOW);
}

enum nube_step docker_image_pull(nube_call *c, const nube_reply *r)
{
    struct transfer *s = nube_state(c, sizeof(*s));
    const char *image = nube_arg_str(c, "id");
    enum nube_step step;

    switch (nube_phase(c)) {
    case BEGIN:
    case LOGIN:
        step = docker_login(c, &s->login, image, r);
        if (step != NUBE_DONE)
            return step == NUBE_SEND ? docker_send(c, LOGIN) : step;
        docker_pull(c, image, &s->login);
        return docker_send(c, MOVE);
    case MOVE:
        return show(c, image);
    default:
        docker_image_inspected(c, nube_reply_doc(r));
        return NUBE_DONE;
    }
}

static void push_line(nube_call *c, const nube_doc *line)
{
    struct transfer *s = nube_state(c, sizeof(*s));
    const char *digest = nube_doc_str(line, "aux.Digest");

    if (digest) {
        s->digest = nube_strdup(c, digest);
        s->size = nube_doc_int(line, "aux.Size", 0);
        return;
    }
    docker_progress(c, line);
}

/* The engine insists on the header: without a login it is an empty one. */
static void push(nube_call *c, const char *image, const struct docker_login *l)
{
    const char *repo, *tag;
    nube_req *q;

    docker_split_reference(c, image, &repo, &tag);
    q = docker_image(c, NUBE_POST, repo, "push");
    nube_req_query(q, "tag", tag ? tag : "latest");
    nube_req_header_secret(q, "X-Registry-Auth", l->header ? l->header : "e30=");
    nube_req_flag(q, NUBE_REQ_UNBOUNDED);
    nube_req_values(q, push_line);
}

static void pushed(nube_call *c, const struct transfer *s, const char *image)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_IMAGE);

    nube_set(o, NUBE_ID, image);
    nube_set(o, NUBE_NAME, image);
    nube_extra(o, "digest", s->digest);
    if (s->digest)
        nube_extra_int(o, "manifest_size", s->size);
}

enum nube_step docker_image_push(nube_call *c, const nube_reply *r)
{
    struct transfer *s = nube_state(c, sizeof(*s));
    const char *image = nube_arg_str(c, "id");
    enum nube_step step;

    if (nube_phase(c) == MOVE) {
        pushed(c, s, image);
        return NUBE_DONE;
    }
    step = docker_login(c, &s->login, image, r);
    if (step != NUBE_DONE)
        return step == NUBE_SEND ? docker_send(c, LOGIN) : step;
    push(c, image, &s->login);
    return docker_send(c, MOVE);
}
