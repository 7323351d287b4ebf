/* Patterns of drivers' tables: compiling one costs more than the rest of a call's checks together.
 */
#include "pattern.h"

#include <pthread.h>
#include <regex.h>
#include <stdbool.h>

#include "buf.h"
#include "mem.h"

enum { LONGEST = 4096 };

struct pattern {
    const char *text; /* borrowed: the same row has the same address */
    regex_t regex;
    struct pattern *next;
};

struct nube_patterns {
    pthread_mutex_t lock; /* guards the list; what is in it does not change */
    struct pattern *first;
};

struct nube_patterns *nube_patterns_new(void)
{
    struct nube_patterns *all = nube_mem_zalloc(sizeof(*all));

    if (all && pthread_mutex_init(&all->lock, NULL)) {
        nube_mem_free(all);
        return NULL;
    }
    return all;
}

void nube_patterns_free(struct nube_patterns *all)
{
    struct pattern *p, *next;

    if (!all)
        return;
    for (p = all->first; p; p = next) {
        next = p->next;
        regfree(&p->regex);
        nube_mem_free(p);
    }
    pthread_mutex_destroy(&all->lock);
    nube_mem_free(all);
}

static bool compile(regex_t *to, const char *pattern)
{
    struct nube_buf whole;
    bool good;

    nube_buf_init(&whole, LONGEST);
    nube_buf_fmt(&whole, "^(%s)$", pattern);
    good = !whole.failed && regcomp(to, whole.data, REG_EXTENDED | REG_NOSUB) == 0;
    nube_buf_free(&whole);
    return good;
}

static struct pattern *find(struct nube_patterns *all, const char *pattern)
{
    struct pattern *p;

    for (p = all->first; p && p->text != pattern; p = p->next)
        ;
    if (p)
        return p;
    p = nube_mem_alloc(sizeof(*p));
    if (!p || !compile(&p->regex, pattern)) {
        nube_mem_free(p);
        return NULL;
    }
    p->text = pattern;
    p->next = all->first;
    all->first = p;
    return p;
}

static int matches_once(const char *pattern, const char *text)
{
    regex_t regex;
    int good;

    if (!compile(&regex, pattern))
        return -1;
    good = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return good;
}

int nube_pattern_matches(struct nube_patterns *all, const char *pattern, const char *text)
{
    const struct pattern *p;

    if (!all)
        return matches_once(pattern, text);
    pthread_mutex_lock(&all->lock);
    p = find(all, pattern);
    pthread_mutex_unlock(&all->lock);
    return p ? regexec(&p->regex, text, 0, NULL, 0) == 0 : -1;
}
