/* Instance types as sizes: live from the region, and kept for a day, since they are 4 MB of XML. */
#include <string.h>

#include "ec2.h"

enum { BEGIN, KEPT, PAGES };
enum { DAY_MS = 86400000 };

/* What is kept of a size: a line of JSON, under the names of fields and extra values. */
struct line {
    struct line *next;
    const char *text;
    size_t len;
};

struct sizes {
    int region;
    const char *name; /* of what is kept */
    struct line *lines;
    size_t len;
};

static const struct nube_field_row rows[] = {
    {"instanceType", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"instanceType", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"memoryInfo.sizeInMiB", NUBE_RAM, NUBE_TYPE_INT, NULL},
    {"vCpuInfo.defaultVCpus", NUBE_CORES, NUBE_TYPE_NUMBER, NULL},
    {"instanceStorageInfo.totalSizeInGB", NUBE_DISK, NUBE_TYPE_INT, NULL},
    {"currentGeneration", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "current_generation"},
    {"freeTierEligible", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "free_tier"},
    {"bareMetal", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "bare_metal"},
    {"hypervisor", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "hypervisor"},
    {"processorInfo.manufacturer", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "processor"},
    {"networkInfo.networkPerformance", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "network"},
    {"burstablePerformanceSupported", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "burstable"},
    {"hibernationSupported", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "hibernation"},
};

/* Sets of words, joined. */
static const struct {
    const char *path, *member, *extra;
} sets[] = {
    {"processorInfo.supportedArchitectures", NULL, "architectures"},
    {"supportedVirtualizationTypes", NULL, "virtualization"},
    {"gpuInfo.gpus", "name", "gpus"},
};

static const char *key_of(const struct nube_field_row *row)
{
    return row->extra ? row->extra : nube_field_name((enum nube_field)row->field);
}

/* ---- Kept --------------------------------------------------------------------------- */

static const char *name_of(nube_call *c, int region)
{
    const char *url = nube_session_str(c, nube_fmt(c, "url.%d", region));
    unsigned char hash[NUBE_HASH_MAX];

    nube_digest(c, NUBE_SHA256, url, strlen(url), hash);
    return nube_fmt(c, "sizes-%s-%s", ec2_region_name(c, region), nube_hex(c, hash, 8));
}

static void remember(nube_call *c, const nube_doc *item)
{
    struct sizes *s = nube_state(c, sizeof(*s));
    struct line *line = nube_alloc(c, sizeof(*line));
    nube_json *j = nube_json_new(c);
    size_t i;

    for (i = 0; i < EC2_ROWS(rows); i++)
        if (rows[i].field != NUBE_NAME)
            nube_json_str(j, key_of(&rows[i]), ec2_text(c, item, rows[i].path));
    for (i = 0; i < EC2_ROWS(sets); i++)
        nube_json_str(j, sets[i].extra,
                      ec2_join(c, nube_doc_path(item, sets[i].path), sets[i].member));
    line->text = nube_json_text(j);
    line->len = strlen(line->text);
    line->next = s->lines;
    s->lines = line;
    s->len += line->len + 2;
}

/* Written from its end, since the last line is the first of the list. */
static void keep(nube_call *c, const struct sizes *s)
{
    char *text = nube_alloc(c, s->len + 1), *end = text + s->len + 1, *to = end;
    const struct line *line;

    *--to = ']';
    for (line = s->lines; line; line = line->next) {
        *--to = '\n';
        to -= line->len;
        memcpy(to, line->text, line->len);
        *--to = line->next ? ',' : '[';
    }
    nube_cache_put(c, s->name, to, (size_t)(end - to));
}

static void from_kept(nube_call *c, const nube_doc *doc)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_SIZE);
    size_t i;

    for (i = 0; i < EC2_ROWS(rows); i++) {
        struct nube_field_row row = rows[i];

        row.path = row.field == NUBE_NAME ? nube_field_name(NUBE_ID) : key_of(&rows[i]);
        ec2_fields(c, o, doc, &row, 1);
    }
    for (i = 0; i < EC2_ROWS(sets); i++)
        ec2_extra(c, o, sets[i].extra, doc, sets[i].extra);
    nube_set(o, NUBE_DRIVER, "EC2");
}

/* ---- Live --------------------------------------------------------------------------- */

static void size(nube_call *c, const nube_doc *item)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_SIZE);
    size_t i;

    ec2_fields(c, o, item, rows, EC2_ROWS(rows));
    for (i = 0; i < EC2_ROWS(sets); i++)
        nube_extra(o, sets[i].extra,
                   ec2_join(c, nube_doc_path(item, sets[i].path), sets[i].member));
    nube_set(o, NUBE_DRIVER, "EC2");
    remember(c, item);
}

static const char *wanted(nube_call *c)
{
    return nube_arg_str(c, "id") ? nube_arg_str(c, "id") : nube_arg_str(c, "name");
}

static enum nube_step ask_page(nube_call *c, const struct sizes *s, const char *token)
{
    nube_req *q = ec2_read(c, s->region, "DescribeInstanceTypes");
    int64_t page = nube_opt_int(c, "page_size", 100);
    struct ec2_filters f = {q, 0, 0};

    nube_req_form(q, "MaxResults", nube_fmt(c, "%d", (int)(page < 100 ? page : 100)));
    nube_req_form(q, "NextToken", token);
    ec2_filter(c, &f, "instance-type", wanted(c));
    nube_req_items(q, "DescribeInstanceTypesResponse.instanceTypeSet", size);
    return ec2_send(c, PAGES);
}

/* The list of a region is never empty: an empty one is an error, not a region without sizes. */
static enum nube_step page(nube_call *c, const nube_reply *r, const struct sizes *s)
{
    const nube_doc *doc = ec2_reply(c, r, "instanceTypeSet");
    const char *token = ec2_text(c, doc, "nextToken");

    if (!doc)
        return NUBE_FAIL;
    if (token)
        return ask_page(c, s, token);
    if (wanted(c))
        return NUBE_DONE;
    if (!s->lines)
        return nube_fail(c, NUBE_E_PROTOCOL, "EC2 lists no instance types in %s",
                         ec2_region_name(c, s->region));
    keep(c, s);
    return NUBE_DONE;
}

static enum nube_step kept(nube_call *c, const nube_reply *r, const struct sizes *s)
{
    const nube_doc *k = NULL;
    const char *text;
    size_t len;

    if (nube_reply_status(r) == 200) {
        text = nube_reply_body(r, &len);
        k = nube_doc_first(nube_doc_parse(c, text, len));
    }
    if (!k)
        return ask_page(c, s, NULL);
    for (; k; k = nube_doc_next(k))
        from_kept(c, k);
    return NUBE_DONE;
}

enum nube_step ec2_size_list(nube_call *c, const nube_reply *r)
{
    struct sizes *s = nube_state(c, sizeof(*s));

    switch (nube_phase(c)) {
    case KEPT:
        return kept(c, r, s);
    case PAGES:
        return page(c, r, s);
    default:
        s->region = ec2_region_arg(c);
        if (s->region < 0)
            return NUBE_FAIL;
        s->name = name_of(c, s->region);
        nube_need_cache(c, s->name, nube_arg_int(c, "max_age", DAY_MS), 0);
        return ec2_send(c, KEPT);
    }
}
