/* Shared parts of the Docker driver: steps, presets, and what several verbs do alike. */
#ifndef NUBE_DRIVER_DOCKER_H
#define NUBE_DRIVER_DOCKER_H

#include <nube/driver/crypto.h>
#include <nube/driver/driver.h>

/* The one endpoint of a session; its base path holds the negotiated version. */
#define DOCKER_ENGINE         "engine"
#define DOCKER_DEFAULT_SOCKET "/var/run/docker.sock"
#define DOCKER_MIB            (1024 * 1024)
#define DOCKER_ROWS(a)        (sizeof(a) / sizeof(*(a)))

/* auth.c: how the engine is found, reached and spoken to. */
enum nube_step docker_auth(nube_call *c, const nube_reply *r);
enum nube_step docker_sign(nube_call *c, nube_req *q, const nube_reply *r);
/* A file of the directory where the docker command keeps its configuration. */
const char *docker_config_path(nube_call *c, const char *name);

/* host.c: a host as DOCKER_HOST and contexts write it. */
enum docker_transport { DOCKER_SOCKET = 1, DOCKER_TCP, DOCKER_SSH };
struct docker_host {
    enum docker_transport transport;
    int tls;                 /* in: TLS is asked for; out: https */
    int by_scheme;           /* http or https was written out: TLS settings do not change it */
    const char *path;        /* of the socket */
    const char *const *argv; /* of the command */
    const char *url;         /* scheme, host and base path, without a slash at the end */
};
/* Reads text into *h. FAIL with what is wrong; else DONE. */
enum nube_step docker_host_read(nube_call *c, struct docker_host *h, const char *text);
/* Makes it the session's endpoint; version "" or "/v1.41". */
void docker_host_use(nube_call *c, const struct docker_host *h, const char *version);

/* errors.c: the engine's words as Nube's classes. */
void docker_classify(nube_call *c, const nube_reply *r, struct nube_verdict *v);
enum nube_code docker_code(const char *text, enum nube_code otherwise);
enum nube_step docker_fail(nube_call *c, const char *what, const char *text);
/* The engine's message in a reply, NULL when there is none. */
const char *docker_message(nube_call *c, const nube_reply *r);
/* The image that a call is about, NULL when it is about none. */
const char *docker_image_arg(nube_call *c);
/* What a registry says when it refuses: it is not the engine, so where its login comes from is
 * told. */
const char *docker_image_refused(nube_call *c, const char *image, const char *text);

/* requests.c: requests about one container or image. */
nube_req *docker_container(nube_call *c, enum nube_method method, const char *id, const char *verb);
nube_req *docker_image(nube_call *c, enum nube_method method, const char *id, const char *verb);
/* Sends what was queued, and goes on in another phase. */
enum nube_step docker_send(nube_call *c, int phase);
/* Texts of an array with sep between; each only up to the octet `until` (0: all of it). NULL for
 * none. */
const char *docker_join(nube_call *c, const nube_doc *array, const char *sep, char until);
/* Repository and tag or digest of a reference; *tag is NULL when it has none. */
void docker_split_reference(nube_call *c, const char *text, const char **repo, const char **tag);
/* NULL for "", which is how the engine says that there is nothing. */
const char *docker_filled(const char *text);
/* Labels as tags. */
void docker_labels(nube_obj *o, const nube_doc *labels);
/* Members of the "filters" parameter: the tag argument as labels; one value, nothing for NULL. */
void docker_filter_tags(nube_call *c, nube_json *j);
void docker_filter(nube_json *j, const char *filter, const char *value);
/* The parameter itself, NULL when nothing was filtered. */
const char *docker_filters(nube_json *j);
/* What the engine warned of, for the log. */
void docker_warnings(nube_call *c, const nube_doc *doc);
/* A JSON list of strings from a list argument; nothing when it was not given. */
void docker_json_list(nube_call *c, nube_json *j, const char *name, const char *arg);
/* "K=V" from a pair argument, kept out of logs. */
void docker_json_env(nube_call *c, nube_json *j);

/* nodes.c */
enum nube_step docker_node_list(nube_call *c, const nube_reply *r);
enum nube_step docker_node_get(nube_call *c, const nube_reply *r);
/* Fills a node from an inspect reply. */
void docker_inspected(nube_call *c, nube_obj *o, const nube_doc *doc);

/* ports.c */
void docker_ports_listed(nube_call *c, nube_obj *o, const nube_doc *ports);
void docker_ports_inspected(nube_call *c, nube_obj *o, const nube_doc *ports);
/* Writes ExposedPorts from publish and expose; 0 or -1 when the call failed. */
int docker_ports_exposed(nube_call *c, nube_json *j);
int docker_ports_bound(nube_call *c, nube_json *j);

/* create.c */
enum nube_step docker_node_create(nube_call *c, const nube_reply *r);

/* limits.c: size presets, memory and CPU limits. */
struct docker_size {
    const char *id;
    int64_t memory;    /* bytes; 0: no limit */
    int64_t nano_cpus; /* 0: no limit */
};
extern const struct docker_size docker_sizes[];
extern const size_t docker_size_count;
/* The preset with exactly these limits, NULL when there is none. */
const struct docker_size *docker_size_of(int64_t memory, int64_t nano_cpus);
/* Writes Memory, MemorySwap, NanoCpus and RestartPolicy from the arguments; 0, or -1 when the call
 * failed. */
int docker_limits(nube_call *c, nube_json *j, int resize);
enum nube_step docker_node_resize(nube_call *c, const nube_reply *r);
enum nube_step docker_size_list(nube_call *c, const nube_reply *r);

/* actions.c */
enum nube_step docker_node_destroy(nube_call *c, const nube_reply *r);
enum nube_step docker_node_start(nube_call *c, const nube_reply *r);
enum nube_step docker_node_stop(nube_call *c, const nube_reply *r);
enum nube_step docker_node_reboot(nube_call *c, const nube_reply *r);
enum nube_step docker_node_suspend(nube_call *c, const nube_reply *r);
enum nube_step docker_node_resume(nube_call *c, const nube_reply *r);
enum nube_step docker_node_rename(nube_call *c, const nube_reply *r);
enum nube_step docker_node_wait(nube_call *c, const nube_reply *r);
enum nube_step docker_node_kill(nube_call *c, const nube_reply *r);
enum nube_step docker_node_top(nube_call *c, const nube_reply *r);
enum nube_step docker_node_changes(nube_call *c, const nube_reply *r);

/* probe.c */
enum nube_step docker_node_probe(nube_call *c, const nube_reply *r);

/* stream.c */
enum nube_step docker_node_console(nube_call *c, const nube_reply *r);
enum nube_step docker_node_run(nube_call *c, const nube_reply *r);

/* images.c */
enum nube_step docker_image_list(nube_call *c, const nube_reply *r);
enum nube_step docker_image_search(nube_call *c, const nube_reply *r);
enum nube_step docker_image_get(nube_call *c, const nube_reply *r);
enum nube_step docker_image_delete(nube_call *c, const nube_reply *r);
enum nube_step docker_image_tag(nube_call *c, const nube_reply *r);
/* Emits an image from an inspect reply. */
void docker_image_inspected(nube_call *c, const nube_doc *doc);

/* image_create.c */
enum nube_step docker_image_create(nube_call *c, const nube_reply *r);

/* registry.c: stored logins. Called with NULL first, then with replies while it gives SEND; DONE:
 * header is set, NULL for anonymous. */
struct docker_login {
    const char *server; /* as logins are filed: "host:port", Docker Hub by its old URL */
    const char *helper;
    const char *header; /* the value of X-Registry-Auth */
};
enum nube_step docker_login(nube_call *c, struct docker_login *l, const char *image,
                            const nube_reply *r);

/* transfer.c: pull and push. */
enum nube_step docker_image_pull(nube_call *c, const nube_reply *r);
enum nube_step docker_image_push(nube_call *c, const nube_reply *r);
/* Queues the pull of an image. */
void docker_pull(nube_call *c, const char *image, const struct docker_login *l);
/* One line of a progress stream: progress, or the failure of the call. */
void docker_progress(nube_call *c, const nube_doc *line);

/* engine.c: the engine itself. */
enum nube_step docker_check(nube_call *c, const nube_reply *r);
enum nube_step docker_raw(nube_call *c, const nube_reply *r);
enum nube_step docker_location_list(nube_call *c, const nube_reply *r);

#endif
