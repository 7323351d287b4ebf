/* Containers as nodes: list, get, and how the engine's fields become Nube's. */
#include <string.h>

#include "docker.h"

/* ---- filters -------------------------------------------------------------------- */

/* Nube's and the engine's words for states, where the engine's status filter means exactly the
 * same. */
static const struct {
    const char *state, *status[3];
} statuses[] = {
    {"running", {"running"}}, {"paused", {"paused"}}, {"stopped", {"created", "exited"}},
    {"created", {"created"}}, {"exited", {"exited"}},
};

/* A name as a regular expression that fits nothing else: the engine's name filter is one. */
static const char *exactly(nube_call *c, const char *name)
{
    char *out = nube_alloc(c, 2 * strlen(name) + 8), *p = out;

    memcpy(p, "^/?", 3);
    for (p += 3; *name; name++) {
        if (strchr("\\.+*?()|[]{}^$", *name))
            *p++ = '\\';
        *p++ = *name;
    }
    *p++ = '$';
    *p = '\0';
    return out;
}

static void filter_state(nube_json *j, const char *state)
{
    size_t i, k;

    for (i = 0; state && i < DOCKER_ROWS(statuses); i++) {
        if (strcmp(state, statuses[i].state) != 0)
            continue;
        nube_json_array(j, "status");
        for (k = 0; statuses[i].status[k]; k++)
            nube_json_str(j, NULL, statuses[i].status[k]);
        nube_json_end(j);
    }
}

static int is_hex(const char *text)
{
    return text && *text && text[strspn(text, "0123456789abcdef")] == '\0';
}

/*
 * What the engine can narrow down it does; the core looks again at all but the image,
 * which only the engine can compare: a name, a tag, an id and a digest are one image to it.
 */
static const char *node_filters(nube_call *c)
{
    nube_json *j = nube_json_new(c);
    const char *id = nube_arg_str(c, "id"), *name = nube_arg_str(c, "name");
    const char *image = nube_arg_str(c, "image");

    if (is_hex(id))
        docker_filter(j, "id", id);
    if (name)
        docker_filter(j, "name", exactly(c, name));
    filter_state(j, nube_arg_str(c, "state"));
    docker_filter_tags(c, j);
    if (image) {
        docker_filter(j, "ancestor", image);
        nube_filter_done(c, "image");
    }
    return docker_filters(j);
}

/* ---- fields --------------------------------------------------------------------- */

static const struct nube_field_row listed_rows[] = {
    {"Id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"Image", NUBE_IMAGE, NUBE_TYPE_STRING, NULL},
    {"Created", NUBE_CREATED, NUBE_TYPE_INT, NULL},
    {"ImageID", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "image_id"},
    {"Command", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "command"},
    {"Status", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "status"},
    {"HostConfig.NetworkMode", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "network_mode"},
};

static const struct nube_field_row inspected_rows[] = {
    {"Id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"Config.Image", NUBE_IMAGE, NUBE_TYPE_STRING, NULL},
    {"Image", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "image_id"},
    {"HostConfig.NetworkMode", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "network_mode"},
    {"Config.Hostname", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "hostname"},
    {"Config.Tty", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "tty"},
    {"HostConfig.RestartPolicy.Name", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "restart"},
    {"HostConfig.RestartPolicy.MaximumRetryCount", NUBE_FIELD_NONE, NUBE_TYPE_INT, "restart_max"},
    {"HostConfig.AutoRemove", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "auto_remove"},
    {"HostConfig.Privileged", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "privileged"},
    {"RestartCount", NUBE_FIELD_NONE, NUBE_TYPE_INT, "restart_count"},
    {"State.ExitCode", NUBE_FIELD_NONE, NUBE_TYPE_INT, "exit_code"},
    {"State.OOMKilled", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "oom_killed"},
    {"State.Health.Status", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "health"},
};

/* Texts for which the engine writes "" when there is nothing to say. */
static const struct {
    const char *path, *extra;
} worded[] = {
    {"State.Error", "error"},
    {"Config.User", "user"},
    {"Config.WorkingDir", "workdir"},
};

static const char *bare_name(const char *name)
{
    return name && *name == '/' ? name + 1 : name;
}

/* A container's own name is the one without a second slash: the others are links to it. */
static const char *own_name(const nube_doc *names)
{
    const nube_doc *k;
    const char *name;

    for (k = nube_doc_first(names); k; k = nube_doc_next(k)) {
        name = bare_name(nube_doc_text(k));
        if (name && !strchr(name, '/'))
            return name;
    }
    return NULL;
}

static void add_networks(nube_obj *o, const nube_doc *networks)
{
    const nube_doc *k;

    for (k = nube_doc_first(networks); k; k = nube_doc_next(k)) {
        const char *v4 = docker_filled(nube_doc_str(k, "IPAddress"));
        const char *v6 = docker_filled(nube_doc_str(k, "GlobalIPv6Address"));
        const char *mac = docker_filled(nube_doc_str(k, "MacAddress"));

        if (v4)
            nube_add_address(o, v4, NUBE_ADDRESS_FIXED, nube_doc_name(k), mac);
        if (v6)
            nube_add_address(o, v6, NUBE_ADDRESS_FIXED, nube_doc_name(k), mac);
    }
}

/* As the engine's list writes it, so that list and get agree. */
static const char *command_line(nube_call *c, const nube_doc *doc)
{
    const char *line = nube_doc_str(doc, "Path"), *arg;
    const nube_doc *k;

    for (k = nube_doc_first(nube_doc_get(doc, "Args")); line && k; k = nube_doc_next(k)) {
        arg = nube_doc_text(k);
        if (arg)
            line = nube_fmt(c, strchr(arg, ' ') ? "%s '%s'" : "%s %s", line, arg);
    }
    return line;
}

static void add_limits(nube_obj *o, const nube_doc *host)
{
    int64_t memory = nube_doc_int(host, "Memory", 0), swap = nube_doc_int(host, "MemorySwap", 0);
    int64_t nano = nube_doc_int(host, "NanoCpus", 0), quota = nube_doc_int(host, "CpuQuota", 0);
    int64_t period = nube_doc_int(host, "CpuPeriod", 0);
    const struct docker_size *size = docker_size_of(memory, nano);

    if (size && quota <= 0)
        nube_set(o, NUBE_SIZE, size->id);
    if (memory > 0) {
        nube_set_int(o, NUBE_RAM, memory / DOCKER_MIB);
        nube_extra_int(o, "memory", memory);
    }
    if (swap)
        nube_extra_int(o, "memory_swap", swap);
    if (nano > 0)
        nube_set_number(o, NUBE_CORES, (double)nano / 1e9);
    else if (quota > 0)
        nube_set_number(o, NUBE_CORES, (double)quota / (double)(period > 0 ? period : 100000));
}

/* Names only: the values of an environment are often secrets, in a record too. */
static void add_environment(nube_call *c, nube_obj *o, const nube_doc *env)
{
    const nube_doc *k;

    for (k = nube_doc_first(env); k; k = nube_doc_next(k))
        if (nube_doc_text(k))
            nube_secret(c, nube_doc_text(k));
    nube_extra(o, "env_names", docker_join(c, env, ", ", '='));
}

/* The engine's "never" is the year 1. */
static void add_moment(nube_obj *o, const char *extra, const char *text)
{
    if (text && strncmp(text, "0001-", 5) != 0)
        nube_extra(o, extra, text);
}

void docker_inspected(nube_call *c, nube_obj *o, const nube_doc *doc)
{
    size_t i;

    nube_set_fields(o, doc, inspected_rows, DOCKER_ROWS(inspected_rows));
    nube_set(o, NUBE_NAME, bare_name(nube_doc_str(doc, "Name")));
    nube_set_state(o, nube_doc_str(doc, "State.Status"));
    nube_set_time(o, NUBE_CREATED, nube_doc_str(doc, "Created"));
    docker_labels(o, nube_doc_path(doc, "Config.Labels"));
    add_networks(o, nube_doc_path(doc, "NetworkSettings.Networks"));
    docker_ports_inspected(c, o, nube_doc_path(doc, "NetworkSettings.Ports"));
    add_limits(o, nube_doc_get(doc, "HostConfig"));
    for (i = 0; i < DOCKER_ROWS(worded); i++)
        nube_extra(o, worded[i].extra, docker_filled(nube_doc_str(doc, worded[i].path)));
    nube_extra(o, "command", command_line(c, doc));
    nube_extra(o, "volumes", docker_join(c, nube_doc_path(doc, "HostConfig.Binds"), ", ", 0));
    add_environment(c, o, nube_doc_path(doc, "Config.Env"));
    add_moment(o, "started_at", nube_doc_str(doc, "State.StartedAt"));
    add_moment(o, "finished_at", nube_doc_str(doc, "State.FinishedAt"));
}

static void listed(nube_call *c, const nube_doc *item)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_NODE);

    nube_set_fields(o, item, listed_rows, DOCKER_ROWS(listed_rows));
    nube_set(o, NUBE_NAME, own_name(nube_doc_get(item, "Names")));
    nube_set_state(o, nube_doc_str(item, "State"));
    docker_labels(o, nube_doc_get(item, "Labels"));
    add_networks(o, nube_doc_path(item, "NetworkSettings.Networks"));
    docker_ports_listed(c, o, nube_doc_get(item, "Ports"));
}

/* ---- verbs ---------------------------------------------------------------------- */

enum nube_step docker_node_list(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = nube_req_new(c, NUBE_GET, DOCKER_ENGINE);
    nube_req_path(q, "containers/json");
    nube_req_query(q, "all", "1");
    nube_req_query(q, "filters", node_filters(c));
    nube_req_items(q, "", listed);
    return NUBE_SEND;
}

enum nube_step docker_node_get(nube_call *c, const nube_reply *r)
{
    if (!r) {
        docker_container(c, NUBE_GET, nube_arg_str(c, "id"), "json");
        return NUBE_SEND;
    }
    docker_inspected(c, nube_emit(c, NUBE_KIND_NODE), nube_reply_doc(r));
    return NUBE_DONE;
}
