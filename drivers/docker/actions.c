/* Verbs on a container that are one request: start, stop, reboot, suspend, resume, destroy, rename,
 * wait, and named actions. */
#include <string.h>

#include "docker.h"

static const char *id_arg(nube_call *c)
{
    return nube_arg_str(c, "id");
}

static nube_req *post(nube_call *c, const char *verb)
{
    return docker_container(c, NUBE_POST, id_arg(c), verb);
}

/* 304: it runs already. */
enum nube_step docker_node_start(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nube_req_allow(post(c, "start"), 304);
    return NUBE_SEND;
}

/* The engine answers when the container has ended, after `timeout` at the latest: seconds, rounded
 * up. */
static void add_timeout(nube_call *c, nube_req *q)
{
    int64_t ms = nube_arg_int(c, "timeout", -1);

    if (ms >= 0)
        nube_req_query_int(q, "t", (ms + 999) / 1000);
    nube_req_flag(q, NUBE_REQ_UNBOUNDED);
}

/* 304: it does not run. */
enum nube_step docker_node_stop(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = post(c, "stop");
    add_timeout(c, q);
    nube_req_allow(q, 304);
    return NUBE_SEND;
}

enum nube_step docker_node_reboot(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    add_timeout(c, post(c, "restart"));
    return NUBE_SEND;
}

enum nube_step docker_node_suspend(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    post(c, "pause");
    return NUBE_SEND;
}

enum nube_step docker_node_resume(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    post(c, "unpause");
    return NUBE_SEND;
}

/* Destroying a running container means it: without force the engine would refuse. Named volumes
 * always stay. */
enum nube_step docker_node_destroy(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = docker_container(c, NUBE_DELETE, id_arg(c), NULL);
    nube_req_query(q, "force", nube_arg_bool(c, "force", 1) ? "1" : "0");
    nube_req_query(q, "v", nube_arg_bool(c, "volumes", 0) ? "1" : "0");
    nube_req_flag(q, NUBE_REQ_UNBOUNDED);
    return NUBE_SEND;
}

enum nube_step docker_node_rename(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nube_req_query(post(c, "rename"), "name", nube_arg_str(c, "name"));
    return NUBE_SEND;
}

/* Who waits for a container to be removed has what he wants when it is not there. */
enum nube_step docker_node_wait(nube_call *c, const nube_reply *r)
{
    const char *until = nube_arg_str(c, "until"), *error;
    int gone = until && strcmp(until, "gone") == 0;
    nube_req *q;

    if (!r) {
        q = post(c, "wait");
        nube_req_query(q, "condition", gone ? "removed" : "not-running");
        nube_req_flag(q, NUBE_REQ_UNBOUNDED | NUBE_REQ_SAFE);
        if (gone)
            nube_req_allow(q, 404);
        return NUBE_SEND;
    }
    if (nube_reply_status(r) == 404)
        return NUBE_DONE;
    error = nube_doc_str(nube_reply_doc(r), "Error.Message");
    if (error && *error)
        return docker_fail(c, nube_fmt(c, "wait for container %s", id_arg(c)), error);
    nube_out_status(c, (int)nube_doc_int(nube_reply_doc(r), "StatusCode", -1));
    return NUBE_DONE;
}

enum nube_step docker_node_kill(nube_call *c, const nube_reply *r)
{
    if (r)
        return NUBE_DONE;
    nube_req_query(post(c, "kill"), "signal", nube_arg_str(c, "signal"));
    return NUBE_SEND;
}

static void out_line(nube_call *c, const char *text)
{
    if (text)
        nube_out_data(c, NUBE_STDOUT, text, strlen(text));
    nube_out_data(c, NUBE_STDOUT, "\n", 1);
}

/* The processes as a table with tabs. */
enum nube_step docker_node_top(nube_call *c, const nube_reply *r)
{
    const nube_doc *doc, *k;

    if (!r) {
        nube_req_query(docker_container(c, NUBE_GET, id_arg(c), "top"), "ps_args",
                       nube_arg_str(c, "ps_args"));
        return NUBE_SEND;
    }
    doc = nube_reply_doc(r);
    out_line(c, docker_join(c, nube_doc_get(doc, "Titles"), "\t", 0));
    for (k = nube_doc_first(nube_doc_get(doc, "Processes")); k; k = nube_doc_next(k))
        out_line(c, docker_join(c, k, "\t", 0));
    return NUBE_DONE;
}

/* What differs from the image, a line each: C changed, A added, D deleted. */
enum nube_step docker_node_changes(nube_call *c, const nube_reply *r)
{
    static const char kinds[] = "CAD";
    const nube_doc *k;
    int64_t kind;

    if (!r) {
        docker_container(c, NUBE_GET, id_arg(c), "changes");
        return NUBE_SEND;
    }
    for (k = nube_doc_first(nube_reply_doc(r)); k; k = nube_doc_next(k)) {
        kind = nube_doc_int(k, "Kind", -1);
        out_line(c, nube_fmt(c, "%c %s", kind >= 0 && kind < 3 ? kinds[kind] : '?',
                             nube_doc_str(k, "Path") ? nube_doc_str(k, "Path") : ""));
    }
    return NUBE_DONE;
}
