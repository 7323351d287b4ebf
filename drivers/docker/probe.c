/* What a container uses now: processor, memory, network, disk, processes. */
#include "docker.h"

enum { STATS = 1, STATE };

struct probe {
    nube_obj *node;
};

static const struct nube_field_row stats_rows[] = {
    {"cpu_stats.cpu_usage.total_usage", NUBE_FIELD_NONE, NUBE_TYPE_INT, "cpu_ns"},
    {"cpu_stats.online_cpus", NUBE_FIELD_NONE, NUBE_TYPE_INT, "cpus"},
    {"memory_stats.limit", NUBE_FIELD_NONE, NUBE_TYPE_INT, "memory_limit"},
    {"pids_stats.current", NUBE_FIELD_NONE, NUBE_TYPE_INT, "pids"},
};

/* Counters are unsigned and some are beyond int64; as doubles they do for a ratio. */
static double number(const nube_doc *doc, const char *path)
{
    double value = 0;

    nube_doc_as_number(nube_doc_path(doc, path), &value);
    return value;
}

/* Percent of one CPU, between the two samples that the engine takes a second apart. */
static void add_cpu(nube_obj *o, const nube_doc *doc)
{
    double used = number(doc, "cpu_stats.cpu_usage.total_usage") -
                  number(doc, "precpu_stats.cpu_usage.total_usage");
    double all =
        number(doc, "cpu_stats.system_cpu_usage") - number(doc, "precpu_stats.system_cpu_usage");
    double cpus = number(doc, "cpu_stats.online_cpus");

    if (all > 0 && used >= 0 && cpus > 0)
        nube_extra_number(o, "cpu_percent", used / all * cpus * 100);
}

/* Without the file cache that the kernel gives back on demand, as `docker stats` counts. */
static void add_memory(nube_obj *o, const nube_doc *memory)
{
    int64_t usage = nube_doc_int(memory, "usage", -1);
    int64_t cache = nube_doc_int(memory, "stats.total_inactive_file", -1);

    if (usage < 0)
        return;
    if (cache < 0)
        cache = nube_doc_int(memory, "stats.inactive_file", 0);
    nube_extra_int(o, "memory_used", cache < usage ? usage - cache : usage);
}

static void add_network(nube_obj *o, const nube_doc *networks)
{
    int64_t in = 0, out = 0;
    const nube_doc *k;

    if (!nube_doc_count(networks))
        return;
    for (k = nube_doc_first(networks); k; k = nube_doc_next(k)) {
        in += nube_doc_int(k, "rx_bytes", 0);
        out += nube_doc_int(k, "tx_bytes", 0);
    }
    nube_extra_int(o, "network_in", in);
    nube_extra_int(o, "network_out", out);
}

/* A stopped container has no figures: then there is only its state. */
static void add_stats(nube_obj *o, const nube_doc *doc)
{
    const nube_doc *memory = nube_doc_get(doc, "memory_stats");

    if (!nube_doc_count(memory))
        return;
    nube_set_fields(o, doc, stats_rows, DOCKER_ROWS(stats_rows));
    add_cpu(o, doc);
    add_memory(o, memory);
    add_network(o, nube_doc_get(doc, "networks"));
}

enum nube_step docker_node_probe(nube_call *c, const nube_reply *r)
{
    struct probe *s = nube_state(c, sizeof(*s));
    const char *id = nube_arg_str(c, "id");
    nube_req *q;

    if (!r) {
        q = docker_container(c, NUBE_GET, id, "stats");
        nube_req_query(q, "stream", "0");
        nube_req_tag(q, STATS);
        nube_req_tag(docker_container(c, NUBE_GET, id, "json"), STATE);
        return NUBE_SEND;
    }
    if (!s->node)
        s->node = nube_emit(c, NUBE_KIND_NODE);
    if (nube_reply_tag(r) == STATS)
        add_stats(s->node, nube_reply_doc(r));
    else
        docker_inspected(c, s->node, nube_reply_doc(r));
    return NUBE_DONE;
}
