/* Images of the Docker driver: list, search, get, tag, delete. */
#include <string.h>

#include "docker.h"

static const struct nube_field_row listed_rows[] = {
    {"Id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"Created", NUBE_CREATED, NUBE_TYPE_INT, NULL},
    {"Size", NUBE_FIELD_NONE, NUBE_TYPE_INT, "size"},
};

static const struct nube_field_row inspected_rows[] = {
    {"Id", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"Os", NUBE_OS, NUBE_TYPE_STRING, NULL},
    {"Size", NUBE_FIELD_NONE, NUBE_TYPE_INT, "size"},
    {"Variant", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "variant"},
};

/* Go's words for processors, and those of everyone else. */
static const struct {
    const char *go, *name;
} machines[] = {{"amd64", "x86_64"}, {"386", "i386"}};

/* One entry however many tags: the first is the name, all are in the extra value "tags". */
static void add_tags(nube_call *c, nube_obj *o, const nube_doc *doc)
{
    const nube_doc *tags = nube_doc_get(doc, "RepoTags");
    const char *first = nube_doc_text(nube_doc_first(tags));

    if (first && strncmp(first, "<none>", 6) != 0) {
        nube_set(o, NUBE_NAME, first);
        nube_extra(o, "tags", docker_join(c, tags, ", ", 0));
    } else {
        nube_set(o, NUBE_NAME, "<none>");
    }
    nube_extra(o, "digests", docker_join(c, nube_doc_get(doc, "RepoDigests"), ", ", 0));
}

static void listed(nube_call *c, const nube_doc *item)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_IMAGE);

    nube_set_fields(o, item, listed_rows, DOCKER_ROWS(listed_rows));
    add_tags(c, o, item);
    docker_labels(o, nube_doc_get(item, "Labels"));
}

/* A name is matched by the engine: an image has several, and the list shows one entry for them. */
static const char *image_filters(nube_call *c)
{
    const char *name = nube_arg_str(c, "name");
    nube_json *j = nube_json_new(c);

    if (name && !strpbrk(name, "*?[\\")) {
        docker_filter(j, "reference", name);
        nube_filter_done(c, "name");
    }
    docker_filter_tags(c, j);
    return docker_filters(j);
}

enum nube_step docker_image_list(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = nube_req_new(c, NUBE_GET, DOCKER_ENGINE);
    nube_req_path(q, "images/json");
    nube_req_query(q, "filters", image_filters(c));
    nube_req_items(q, "", listed);
    return NUBE_SEND;
}

static void found(nube_call *c, const nube_doc *item)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_IMAGE);
    const char *name = nube_doc_str(item, "name"), *text = nube_doc_str(item, "description");

    nube_set(o, NUBE_ID, name);
    nube_set(o, NUBE_NAME, name);
    nube_set(o, NUBE_DESCRIPTION, docker_filled(text));
    nube_set_bool(o, NUBE_PUBLIC, 1);
    nube_extra_doc(o, "stars", nube_doc_get(item, "star_count"));
    nube_extra_doc(o, "official", nube_doc_get(item, "is_official"));
}

/* The engine asks Docker Hub. */
enum nube_step docker_image_search(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = nube_req_new(c, NUBE_GET, DOCKER_ENGINE);
    nube_req_path(q, "images/search");
    nube_req_query(q, "term", nube_arg_str(c, "term"));
    nube_req_query_int(q, "limit", nube_arg_int(c, "limit", 25));
    nube_req_items(q, "", found);
    return NUBE_SEND;
}

void docker_image_inspected(nube_call *c, const nube_doc *doc)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_IMAGE);
    const char *machine = nube_doc_str(doc, "Architecture");
    size_t i;

    for (i = 0; machine && i < DOCKER_ROWS(machines); i++)
        if (strcmp(machine, machines[i].go) == 0)
            machine = machines[i].name;
    nube_set_fields(o, doc, inspected_rows, DOCKER_ROWS(inspected_rows));
    nube_set(o, NUBE_ARCHITECTURE, docker_filled(machine));
    nube_set_time(o, NUBE_CREATED, nube_doc_str(doc, "Created"));
    add_tags(c, o, doc);
    docker_labels(o, nube_doc_path(doc, "Config.Labels"));
    nube_extra(o, "command", docker_join(c, nube_doc_path(doc, "Config.Cmd"), " ", 0));
    nube_extra(o, "entrypoint", docker_join(c, nube_doc_path(doc, "Config.Entrypoint"), " ", 0));
}

enum nube_step docker_image_get(nube_call *c, const nube_reply *r)
{
    if (!r) {
        docker_image(c, NUBE_GET, nube_arg_str(c, "id"), "json");
        return NUBE_SEND;
    }
    docker_image_inspected(c, nube_reply_doc(r));
    return NUBE_DONE;
}

enum nube_step docker_image_delete(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = docker_image(c, NUBE_DELETE, nube_arg_str(c, "id"), NULL);
    nube_req_query(q, "force", nube_arg_bool(c, "force", 0) ? "1" : "0");
    nube_req_query(q, "noprune", nube_arg_bool(c, "prune", 1) ? "0" : "1");
    return NUBE_SEND;
}

enum nube_step docker_image_tag(nube_call *c, const nube_reply *r)
{
    const char *repo, *tag;
    nube_req *q;

    if (r)
        return NUBE_DONE;
    docker_split_reference(c, nube_arg_str(c, "name"), &repo, &tag);
    q = docker_image(c, NUBE_POST, nube_arg_str(c, "id"), "tag");
    nube_req_query(q, "repo", repo);
    nube_req_query(q, "tag", tag);
    return NUBE_SEND;
}
