/* What each kind of cloud answers: lists by pages, one node, a stop, and what clients ask before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"

#define NOVA_HEADERS "OpenStack-API-Version: compute 2.1\r\nVary: OpenStack-API-Version\r\n"

static const char json[] = "application/json", xml[] = "text/xml;charset=UTF-8";
static const char ec2_head[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\n"
    "    <requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>\n    <reservationSet>\n";
static char *keystone;

void answers_load(const char *dir)
{
    keystone = text_file(dir, "keystone.json");
}

static void part(struct answer *a, int i, const char *text, size_t len)
{
    a->part[i] = text;
    a->len[i] = len;
}

static void plain(struct answer *a, int status, const char *type, const char *text)
{
    a->status = status;
    a->type = type;
    part(a, 0, text, strlen(text));
}

static void own(struct answer *a, int status, const char *type, struct text *text)
{
    a->owned = text->at;
    plain(a, status, type, text->at);
}

/* head, the nodes, and a tail that the answer owns */
static void nodes(struct answer *a, enum kind kind, int first, int end, const char *head,
                  struct text *tail)
{
    size_t len;
    const char *slice = bodies_slice(kind, first, end, &len);

    plain(a, 200, kind == EC2 ? xml : json, head);
    part(a, 1, slice, len);
    part(a, 2, tail->at, tail->len);
    a->owned = tail->at;
}

static int limit_of(const struct request *r, const char *from, const char *name)
{
    char number[16];
    int n = request_arg(from, name, number, sizeof(number)) ? (int)strtol(number, NULL, 10) : PAGE;

    if (r->group->single)
        return r->group->nodes;
    return n > 0 && n < PAGE ? n : PAGE;
}

static int page_end(const struct request *r, int first, int limit)
{
    return first + limit < r->group->nodes ? first + limit : r->group->nodes;
}

/* ---- EC2 ---------------------------------------------------------------------------- */

/* One instance may be asked for in two ways. */
static bool ec2_one(const char *from, char *id, size_t size)
{
    return request_arg(from, "InstanceId.1", id, size) ||
           (request_arg(from, "Filter.1.Value.1", id, size) && strncmp(id, "i-", 2) == 0);
}

static void ec2_list(struct answer *a, const struct request *r, const char *from)
{
    char text[256];
    struct text tail = {0};
    int first = 0, end;
    bool one = ec2_one(from, text, sizeof(text));

    if (one) {
        first = bodies_number(EC2, text, 11);
        end = first + 1;
    } else {
        if (request_arg(from, "NextToken", text, sizeof(text)) && strlen(text) > 8)
            first = (int)strtol(text + strlen(text) - 8, NULL, 10) % (r->group->nodes + 1);
        end = page_end(r, first, limit_of(r, from, "MaxResults"));
    }
    text_format(&tail, "    </reservationSet>\n");
    if (end < r->group->nodes && !one)
        text_format(&tail,
                    "    <nextToken>eyJ2IjoiMiIsImMiOiJ6VnBRWlhKcGJtZGZkRzlyWlc1.%08d"
                    "</nextToken>\n",
                    end);
    text_format(&tail, "</DescribeInstancesResponse>");
    nodes(a, EC2, first, end, ec2_head, &tail);
}

static void ec2_start(struct answer *a, const char *from)
{
    struct text t = {0};
    char id[64] = "";

    request_arg(from, "InstanceId.1", id, sizeof(id));
    text_format(&t,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<StartInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\n"
                "    <requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>\n"
                "    <instancesSet>\n        <item>\n            <instanceId>%s</instanceId>\n"
                "            <currentState><code>0</code><name>pending</name></currentState>\n"
                "            <previousState><code>80</code><name>stopped</name></previousState>\n"
                "        </item>\n    </instancesSet>\n</StartInstancesResponse>",
                id);
    own(a, 200, xml, &t);
}

static void ec2(struct answer *a, const struct request *r)
{
    const char *from = *r->body ? r->body : r->query;
    char action[64] = "";

    request_arg(from, "Action", action, sizeof(action));
    if (strcmp(action, "DescribeInstances") == 0)
        ec2_list(a, r, from);
    else if (strcmp(action, "StartInstances") == 0)
        ec2_start(a, from);
    else if (strcmp(action, "DescribeAddresses") == 0)
        plain(a, 200, xml,
              "<DescribeAddressesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
              "<requestId>x</requestId><addressesSet/></DescribeAddressesResponse>");
    else
        plain(a, 404, "text/plain", "no such action\n");
}

/* ---- OpenStack ---------------------------------------------------------------------- */

static void keystone_token(struct answer *a, const struct request *r)
{
    struct text t = {0};
    const char *at = keystone, *mark;

    for (; (mark = strstr(at, "@{base}")); at = mark + 7) {
        text_put(&t, at, (size_t)(mark - at));
        text_put(&t, r->group->base, strlen(r->group->base));
    }
    text_put(&t, at, strlen(at));
    own(a, 201, json, &t);
    a->headers = "X-Subject-Token: gAAAAABkD8xk4Yw7P0pKf3cE2s5dGQ0d1vXbBv8m5b0q7u1JXoTQ2y3l4m5n6o7"
                 "p8q9r0s1t2u3v4w5x6y7z8A9B0C1D2E3F4G5H6I7J8K9L0M1N2O3P4Q5R6S7T8U9V0W1X2Y3Z4-_\r\n";
}

static void nova_list(struct answer *a, const struct request *r)
{
    struct text tail = {0};
    char marker[64] = "";
    size_t len;
    int first = request_arg(r->query, "marker", marker, sizeof(marker))
                    ? bodies_number(OPENSTACK, marker, 28) + 1
                    : 0,
        limit = limit_of(r, r->query, "limit"), end = page_end(r, first, limit);

    text_format(&tail, "]");
    if (end < r->group->nodes) {
        const char *last = bodies_slice(OPENSTACK, end - 1, end, &len);

        text_format(&tail,
                    ", \"servers_links\": [{\"rel\": \"next\", \"href\": "
                    "\"%s/v2.1/servers/detail?limit=%d&marker=%.36s\"}]",
                    r->group->base, limit, strstr(last, "\"id\": \"") + 7);
    }
    text_format(&tail, "}");
    nodes(a, OPENSTACK, first < end ? first : end, end, "{\"servers\": [", &tail);
    a->headers = NOVA_HEADERS;
}

static void nova_one(struct answer *a, const char *id)
{
    struct text tail = {0};
    int number = bodies_number(OPENSTACK, id, 28);

    text_format(&tail, "}");
    nodes(a, OPENSTACK, number, number + 1, "{\"server\": ", &tail);
    a->headers = NOVA_HEADERS;
}

static void version(struct answer *a, const struct request *r, int status, bool list,
                    const char *id, const char *path)
{
    struct text t = {0};

    text_format(&t,
                "{\"%s\": %s{\"id\": \"%s\", \"status\": \"CURRENT\", \"version\": \"2.1\", "
                "\"min_version\": \"2.1\", \"updated\": \"2020-04-07T00:00:00Z\", \"links\": "
                "[{\"rel\": \"self\", \"href\": \"%s%s/\"}], \"media-types\": []}%s}",
                list ? "versions" : "version", list ? "[" : "", id, r->group->base, path,
                list ? "]" : "");
    own(a, status, json, &t);
}

static void openstack(struct answer *a, const struct request *r)
{
    static const char servers[] = "/v2.1/servers";
    const char *rest = r->path + sizeof(servers) - 1;

    if (strncmp(r->path, servers, sizeof(servers) - 1) == 0) {
        if (*rest != '/' || strcmp(rest, "/detail") == 0)
            nova_list(a, r);
        else if (strstr(rest, "/action"))
            plain(a, 202, json, "");
        else
            nova_one(a, rest + 1);
    } else if (strcmp(r->path, "/v3/auth/tokens") == 0) {
        keystone_token(a, r);
    } else if (strncmp(r->path, "/v2.1/flavors", 13) == 0) {
        plain(a, 200, json, "{\"flavors\": []}");
    } else if (strncmp(r->path, "/image/v2/images", 16) == 0) {
        plain(a, 200, json, "{\"images\": []}");
    } else if (strncmp(r->path, "/image", 6) == 0) {
        version(a, r, 300, true, "v2.9", "/image/v2");
    } else if (strncmp(r->path, "/v3", 3) == 0) {
        version(a, r, 200, false, "v3.14", "/v3");
    } else {
        version(a, r, 200, strncmp(r->path, "/v2.1", 5) != 0, "v2.1", "/v2.1");
    }
}

/* ---- Docker ------------------------------------------------------------------------- */

static void docker(struct answer *a, const struct request *r)
{
    const char *at = strstr(r->path, "/containers/");
    struct text tail = {0};

    if (!at && strstr(r->path, "/version")) {
        plain(a, 200, json,
              "{\"Version\":\"20.10.24\",\"ApiVersion\":\"1.41\","
              "\"MinAPIVersion\":\"1.12\",\"Os\":\"linux\",\"Arch\":\"amd64\"}");
    } else if (!at) {
        plain(a, 200, "text/plain", "OK");
    } else if (strcmp(at, "/containers/json") == 0) {
        text_format(&tail, "]\n");
        nodes(a, DOCKER, 0, r->group->nodes, "[", &tail);
    } else if (strcmp(r->method, "POST") == 0) {
        plain(a, 204, json, "");
    } else {
        int number = bodies_number(DOCKER, at + 12, 0);

        text_format(&tail, "\n");
        nodes(a, DOCKER, number, number + 1, "", &tail);
    }
    a->headers = "Api-Version: 1.41\r\nDocker-Experimental: false\r\nOstype: linux\r\n";
}

void answer(struct answer *a, const struct request *r)
{
    static void (*const kinds[KINDS])(struct answer *, const struct request *) = {ec2, openstack,
                                                                                  docker};

    memset(a, 0, sizeof(*a));
    kinds[r->group->kind](a, r);
}
