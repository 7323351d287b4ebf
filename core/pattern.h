/* Patterns of drivers' tables, compiled when they are used first and kept. */
#ifndef NUBE_CORE_PATTERN_H
#define NUBE_CORE_PATTERN_H

struct nube_patterns;

struct nube_patterns *nube_patterns_new(void);
void nube_patterns_free(struct nube_patterns *all);
/* Does the whole text match? all: NULL, nothing is kept for the next time. 1, 0, or -1: the pattern
 * cannot be used. pattern: lives as long as the patterns do. From any thread. */
int nube_pattern_matches(struct nube_patterns *all, const char *pattern, const char *text);

#endif
