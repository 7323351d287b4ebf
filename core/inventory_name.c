/* Host names of an inventory: those of the nodes, made valid and unique. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "inventory_int.h"
#include "mem.h"

enum { MAX_HOST = 200, MAX_LABEL = 63 };

static const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

static const char *name_of(const struct nube_inventory_entry *e)
{
    return text_or_empty(nube_name(e->node));
}

static const char *id_of(const struct nube_inventory_entry *e)
{
    return text_or_empty(nube_id(e->node));
}

/* A digest is known by its beginning. */
static size_t id_length(const char *id)
{
    return strlen(id) == 64 && strspn(id, "0123456789abcdef") == 64 ? 12 : strlen(id);
}

/* Adds text as labels of a host name: what cannot be in one is a '-', of which none is doubled, nor
 * at an end. */
static void add_host(struct nube_buf *b, const char *text, size_t len)
{
    size_t label = 0;

    for (size_t i = 0; i < len && b->len < MAX_HOST; i++) {
        unsigned char c = (unsigned char)text[i];
        char last = b->len ? b->data[b->len - 1] : '.';

        if (c < 0x80 && isalnum(c)) {
            if (label++ < MAX_LABEL)
                nube_buf_putc(b, (char)tolower(c));
        } else if (c == '.') {
            while (b->len && b->data[b->len - 1] == '-')
                b->len--;
            if (b->len && b->data[b->len - 1] != '.')
                nube_buf_putc(b, '.');
            label = 0;
        } else if (last != '-' && last != '.' && label++ < MAX_LABEL - 1) {
            nube_buf_putc(b, '-');
        }
    }
    while (b->len && strchr("-.", b->data[b->len - 1]))
        b->len--;
    if (b->data)
        b->data[b->len] = '\0';
}

/* A name that stands for something else than a node: the machine itself, or an address. */
static bool reserved(const char *host)
{
    static const char *const names[] = {"localhost", "localhost.localdomain", "broadcasthost",
                                        "ip6-localhost", "ip6-loopback"};
    struct in_addr parsed;

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(names[i], host) == 0)
            return true;
    return inet_aton(host, &parsed) || strspn(host, "0123456789.") == strlen(host);
}

static int by_node(const void *a, const void *b)
{
    const struct nube_inventory_entry *x = a, *y = b;
    int order = strcmp(text_or_empty(nube_str(x->node, NUBE_BACKEND)),
                       text_or_empty(nube_str(y->node, NUBE_BACKEND)));

    if (!order)
        order = strcmp(name_of(x), name_of(y));
    return order ? order : strcmp(id_of(x), id_of(y));
}

static int by_host(const void *a, const void *b)
{
    const struct nube_inventory_entry *const *x = a, *const *y = b;
    int order = strcmp((*x)->host, (*y)->host);

    return order ? order : (*x > *y) - (*x < *y);
}

/* "web", or "web-i-0123" with its id, or "web-i-0123-2" when even that is taken. */
static int set_host(struct nube_inventory_entry *e)
{
    struct nube_buf b;
    const char *id = id_of(e);

    nube_buf_init(&b, MAX_HOST * 2);
    add_host(&b, name_of(e), strlen(name_of(e)));
    if (!b.len)
        nube_buf_puts(&b, "node");
    if (e->shared) {
        nube_buf_putc(&b, '-');
        add_host(&b, id, id_length(id));
    }
    if (e->number)
        nube_buf_fmt(&b, "-%zu", e->number);
    nube_mem_free(e->host);
    e->host = nube_buf_take(&b);
    return e->host ? 0 : -1;
}

static bool same_host(const struct nube_inventory_entry *a, const struct nube_inventory_entry *b)
{
    return strcmp(a->host, b->host) == 0;
}

/* Where a name is that of several, each of them gets its id. */
static int add_ids(struct nube_inventory *inv, struct nube_inventory_entry **sorted)
{
    int rc = 0;

    qsort(sorted, inv->count, sizeof(*sorted), by_host);
    for (size_t i = 0; i < inv->count; i++)
        sorted[i]->shared = reserved(sorted[i]->host) || !*name_of(sorted[i]) ||
                            (i > 0 && same_host(sorted[i], sorted[i - 1])) ||
                            (i + 1 < inv->count && same_host(sorted[i], sorted[i + 1]));
    for (size_t i = 0; i < inv->count && !rc; i++)
        if (inv->at[i].shared)
            rc = set_host(&inv->at[i]);
    return rc;
}

/* The same id twice: one account in two backends. All but the first get numbers. How many did; -1:
 * out of memory. */
static int add_numbers(struct nube_inventory *inv, struct nube_inventory_entry **sorted)
{
    int changed = 0;

    qsort(sorted, inv->count, sizeof(*sorted), by_host);
    for (size_t i = 1, nth = 1; i < inv->count; i++) {
        nth = same_host(sorted[i], sorted[i - 1]) ? nth + 1 : 1;
        if (nth == 1)
            continue;
        sorted[i]->number += nth;
        changed++;
    }
    for (size_t i = 0; changed && i < inv->count; i++)
        if (inv->at[i].number && set_host(&inv->at[i]))
            return -1;
    return changed;
}

static int name_all(struct nube_inventory *inv, struct nube_inventory_entry **sorted)
{
    int rc = 0;

    for (size_t i = 0; i < inv->count && !rc; i++) {
        sorted[i] = &inv->at[i];
        inv->at[i].shared = false;
        inv->at[i].number = 0;
        rc = set_host(&inv->at[i]);
    }
    if (!rc)
        rc = add_ids(inv, sorted);
    while (!rc && (rc = add_numbers(inv, sorted)) > 0)
        rc = 0;
    return rc;
}

int nube_inventory_name(struct nube_inventory *inv)
{
    struct nube_inventory_entry **sorted;
    int rc;

    if (!inv->count)
        return 0;
    sorted = nube_mem_alloc(inv->count * sizeof(*sorted));
    if (!sorted)
        return -1;
    qsort(inv->at, inv->count, sizeof(*inv->at), by_node);
    rc = name_all(inv, sorted);
    nube_mem_free(sorted);
    return rc;
}
