/* Rows that belong to the core: the options of every HTTP driver, the filters of every list. */
#include <string.h>

#include "options.h"

#define ROW(n, t, ...)                                                                             \
    {                                                                                              \
        .name = (n), .type = NUBE_TYPE_##t, __VA_ARGS__                                            \
    }

const struct nube_option nube_http_options[] = {
    ROW("endpoint", STRING, .max_len = 2048,
        .help = "URL of the service, instead of the provider's own"),
    ROW("region", STRING, .help = "region or data centre"),
    ROW("ca_file", STRING, .help = "file of certificates to trust, instead of the system's"),
    ROW("ca_path", STRING, .help = "directory of certificates to trust, with hash links"),
    ROW("verify", BOOL, .deflt = "yes", .help = "check the server's certificate and name"),
    ROW("cert_file", STRING, .help = "client certificate"),
    ROW("key_file", STRING, .help = "private key of the client certificate"),
    ROW("proxy", STRING, .max_len = 2048, .flags = NUBE_OPTION_SECRET,
        .help = "URL of a proxy, with user and password if it wants them"),
    ROW("no_proxy", STRING, .help = "hosts reached without the proxy, with commas between"),
    ROW("connect_timeout", DURATION, .min = 1, .max = 86400000, .deflt = "30s",
        .help = "how long to wait for a connection"),
    ROW("timeout", DURATION, .min = 1, .max = 604800000, .deflt = "10m",
        .help = "how long a whole call may take"),
    ROW("idle_timeout", DURATION, .min = 0, .max = 86400000, .deflt = "60s",
        .help = "silence that ends a transfer; 0: never"),
    ROW("retries", INT, .min = 0, .max = 10, .deflt = "4",
        .help = "repetitions of a request that is safe to repeat"),
};
const size_t nube_http_option_count = sizeof(nube_http_options) / sizeof(*nube_http_options);

enum { N_COMMON = 4 };
static const struct nube_option filters[] = {
    ROW("id", STRING, .help = "exactly this id"),
    ROW("name", STRING, .help = "exactly this name"),
    ROW("search", STRING, .help = "part of id, name or address, case ignored"),
    ROW("tag", PAIR, .help = "has this tag: name=value"),
    /* Nodes only, from here on. */
    ROW("state", STRING, .help = "in this state: Nube's word or the provider's"),
    ROW("image", STRING, .help = "made from the image of this id"),
    ROW("location", STRING, .help = "in the location of this id"),
    ROW("address", STRING, .help = "has this address"),
};

size_t nube_filter_rows(enum nube_op op, const struct nube_option **rows)
{
    *rows = filters;
    switch (op) {
    case NUBE_OP_NODE_LIST:
        return sizeof(filters) / sizeof(*filters);
    case NUBE_OP_IMAGE_LIST:
    case NUBE_OP_SIZE_LIST:
    case NUBE_OP_LOCATION_LIST:
    case NUBE_OP_KEY_LIST:
    case NUBE_OP_SNAPSHOT_LIST:
    case NUBE_OP_FIREWALL_LIST:
        return N_COMMON;
    default:
        return 0;
    }
}

const struct nube_option *nube_filter_row(enum nube_op op, const char *name)
{
    const struct nube_option *rows;
    size_t i, n = nube_filter_rows(op, &rows);

    for (i = 0; i < n; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}
