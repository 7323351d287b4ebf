/* Creating a container: pull when the image is missing, create, start, and undo what is half made.
 */
#include <string.h>

#include "docker.h"

enum phase { BEGIN, FIRST, LOGIN, PULL, AGAIN, START, SHOW };

struct create {
    struct docker_login login;
    const char *id;
    nube_obj *node; /* emitted as soon as the container exists, filled in when it runs */
};

/* ---- the request ---------------------------------------------------------------- */

/* "SRC:DST[:MODE]" is a bind, a lone path an anonymous volume. */
static void write_volumes(nube_call *c, nube_json *j, int binds)
{
    size_t i, n = nube_arg_count(c, "volume"), wanted = 0;

    for (i = 0; i < n; i++)
        wanted += (strchr(nube_arg_at(c, "volume", i), ':') != NULL) == binds;
    if (!wanted)
        return;
    if (binds)
        nube_json_array(j, "Binds");
    else
        nube_json_object(j, "Volumes");
    for (i = 0; i < n; i++) {
        const char *text = nube_arg_at(c, "volume", i);

        if ((strchr(text, ':') != NULL) != binds)
            continue;
        if (binds) {
            nube_json_str(j, NULL, text);
        } else {
            nube_json_object(j, text);
            nube_json_end(j);
        }
    }
    nube_json_end(j);
}

static void write_labels(nube_call *c, nube_json *j)
{
    size_t i, n = nube_arg_count(c, "tag");
    const char *key, *value;

    if (!n)
        return;
    nube_json_object(j, "Labels");
    for (i = 0; i < n; i++)
        if (nube_arg_pair(c, "tag", i, &key, &value))
            nube_json_str(j, key, value);
    nube_json_end(j);
}

static void write_flag(nube_call *c, nube_json *j, const char *name, const char *arg)
{
    if (nube_arg_str(c, arg))
        nube_json_bool(j, name, nube_arg_bool(c, arg, 0));
}

static int write_host_config(nube_call *c, nube_json *j)
{
    nube_json_object(j, "HostConfig");
    nube_json_str(j, "NetworkMode", nube_arg_str(c, "network"));
    write_flag(c, j, "PublishAllPorts", "publish_all");
    write_flag(c, j, "Privileged", "privileged");
    write_flag(c, j, "Init", "init");
    write_volumes(c, j, 1);
    if (docker_ports_bound(c, j) || docker_limits(c, j, 0))
        return -1;
    nube_json_end(j);
    return 0;
}

static enum nube_step send_create(nube_call *c, enum phase phase)
{
    nube_req *q = nube_req_new(c, NUBE_POST, DOCKER_ENGINE);
    nube_json *j = nube_req_json(q);

    nube_req_path(q, "containers/create");
    nube_req_query(q, "name", nube_arg_str(c, "name"));
    nube_req_about(q, nube_fmt(c, "image %s", nube_arg_str(c, "image")));
    if (phase == FIRST)
        nube_req_allow(q, 404);
    nube_json_str(j, "Image", nube_arg_str(c, "image"));
    docker_json_list(c, j, "Cmd", "command");
    docker_json_list(c, j, "Entrypoint", "entrypoint");
    docker_json_env(c, j);
    nube_json_str(j, "Hostname", nube_arg_str(c, "hostname"));
    nube_json_str(j, "User", nube_arg_str(c, "user"));
    nube_json_str(j, "WorkingDir", nube_arg_str(c, "workdir"));
    write_flag(c, j, "Tty", "tty");
    write_flag(c, j, "OpenStdin", "stdin");
    write_labels(c, j);
    write_volumes(c, j, 0);
    if (docker_ports_exposed(c, j) || write_host_config(c, j))
        return NUBE_FAIL;
    return docker_send(c, phase);
}

/* ---- the steps ------------------------------------------------------------------ */

static enum nube_step login(nube_call *c, struct create *s, const nube_reply *r)
{
    const char *image = nube_arg_str(c, "image");
    enum nube_step step = docker_login(c, &s->login, image, r);

    if (step != NUBE_DONE)
        return step == NUBE_SEND ? docker_send(c, LOGIN) : step;
    docker_pull(c, image, &s->login);
    return docker_send(c, PULL);
}

static enum nube_step begin(nube_call *c, struct create *s)
{
    const char *pull = nube_arg_str(c, "pull");

    if (pull && strcmp(pull, "always") == 0)
        return login(c, s, NULL);
    return send_create(c, FIRST);
}

/* A 404 may also be about a network or a volume driver: only a missing image is pulled, and an id
 * cannot be. */
static enum nube_step not_found(nube_call *c, struct create *s, const nube_reply *r)
{
    const char *pull = nube_arg_str(c, "pull"), *image = nube_arg_str(c, "image");
    const char *text = docker_message(c, r);
    int missing = text && (strstr(text, "o such image") || strstr(text, "image not known"));

    if (missing && strncmp(image, "sha256:", 7) != 0 && !(pull && strcmp(pull, "never") == 0))
        return login(c, s, NULL);
    return nube_fail(c, NUBE_E_NOT_FOUND, "image %s: %s", image,
                     text ? text
                          : "the engine did not find it, or something else it was asked for");
}

static enum nube_step show(nube_call *c, struct create *s)
{
    nube_keep(c);
    docker_container(c, NUBE_GET, s->id, "json");
    return docker_send(c, SHOW);
}

static enum nube_step created(nube_call *c, struct create *s, const nube_reply *r)
{
    const nube_doc *doc = nube_reply_doc(r);

    s->id = nube_strdup(c, nube_doc_str(doc, "Id"));
    if (!s->id)
        return nube_fail(c, NUBE_E_PROTOCOL, "the engine created a container without an Id");
    nube_created(c, s->id);
    nube_undo(c, NUBE_OP_NODE_DESTROY, s->id, "volumes=yes");
    s->node = nube_emit(c, NUBE_KIND_NODE);
    nube_set(s->node, NUBE_ID, s->id);
    nube_set(s->node, NUBE_NAME, nube_arg_str(c, "name"));
    nube_set(s->node, NUBE_IMAGE, nube_arg_str(c, "image"));
    nube_set_state(s->node, "created");
    docker_warnings(c, doc);
    if (!nube_arg_bool(c, "start", 1))
        return show(c, s);
    nube_req_allow(docker_container(c, NUBE_POST, s->id, "start"), 304);
    return docker_send(c, START);
}

enum nube_step docker_node_create(nube_call *c, const nube_reply *r)
{
    struct create *s = nube_state(c, sizeof(*s));

    switch ((enum phase)nube_phase(c)) {
    case FIRST:
        return nube_reply_status(r) == 404 ? not_found(c, s, r) : created(c, s, r);
    case LOGIN:
        return login(c, s, r);
    case PULL:
        return send_create(c, AGAIN);
    case AGAIN:
        return created(c, s, r);
    case START:
        return show(c, s);
    case SHOW:
        docker_inspected(c, s->node, nube_reply_doc(r));
        return NUBE_DONE;
    case BEGIN:
        break;
    }
    return begin(c, s);
}
