/* Lists: every wanted region at once, each with its own pages; the cursor holds a token a region.
 */
#include <stdlib.h>
#include <string.h>

#include "ec2.h"

struct listing {
    const char *next; /* "N TOKEN" lines of what is not at its end */
};

static void ask(nube_call *c, const struct ec2_list *l, int region, const char *token)
{
    nube_req *q = ec2_read(c, region, l->action);
    int64_t page = nube_opt_int(c, "page_size", l->page);

    if (l->page)
        nube_req_form(q, "MaxResults",
                      nube_fmt(c, "%lld", (long long)(page < l->page ? page : l->page)));
    nube_req_form(q, "NextToken", token);
    if (l->build)
        l->build(c, q);
    nube_req_items(q, nube_fmt(c, "%sResponse.%s", l->action, l->set), l->item);
}

static void ask_first(nube_call *c, const struct ec2_list *l, int region)
{
    int i, n = ec2_region_count(c);

    for (i = region < 0 ? 0 : region; i < (region < 0 ? n : region + 1); i++)
        ask(c, l, i, NULL);
}

static void ask_next(nube_call *c, const struct ec2_list *l, const char *cursor)
{
    const char *space;
    size_t len;

    for (; *cursor; cursor += len + (cursor[len] == '\n')) {
        len = strcspn(cursor, "\n");
        space = memchr(cursor, ' ', len);
        if (space)
            ask(c, l, (int)strtol(cursor, NULL, 10),
                nube_fmt(c, "%.*s", (int)(len - (size_t)(space + 1 - cursor)), space + 1));
    }
}

/* A page may be short or empty and still have a token: only its absence is the end. */
enum nube_step ec2_list(nube_call *c, const nube_reply *r, const struct ec2_list *l, int region)
{
    struct listing *at = nube_state(c, sizeof(*at));
    const nube_doc *doc;
    const char *token;

    if (!r) {
        if (nube_cursor(c))
            ask_next(c, l, nube_cursor(c));
        else
            ask_first(c, l, region);
        return NUBE_SEND;
    }
    doc = ec2_reply(c, r, l->set);
    if (!doc)
        return NUBE_FAIL;
    token = ec2_text(c, doc, "nextToken");
    if (token) {
        at->next = nube_fmt(c, "%s%d %s\n", at->next ? at->next : "", nube_reply_tag(r), token);
        nube_next(c, at->next);
    }
    return NUBE_DONE;
}
