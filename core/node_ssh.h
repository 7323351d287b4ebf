/* The library's own verbs over SSH: what choosing an address, a user and reading a probe share. */
#ifndef NUBE_CORE_NODE_SSH_H
#define NUBE_CORE_NODE_SSH_H

#include <nube/object.h>

#include "arena.h"

/* core/reach.c: where and as whom a node is reached. */

/* The address of a node that fits `wanted` best: an address or name of its own right (borrowed), or
 * words (public, private, ipv4, ipv6, floating, a network's name) with commas, each looked for in
 * turn. NULL wanted: public before private, IPv4 before IPv6. NULL: none fits. */
const char *nube_reach_address(const nube_obj *node, const char *wanted);
/* Is it an address or a name with dots, not one of the words above? */
bool nube_reach_literal(const char *wanted);
/* The i-th user to try on a machine of an image that is described by these texts; NULL: no more. */
const char *nube_reach_user(const char *const *about, size_t n, size_t i);

/* core/probe.c: a command that measures any kind of Unix, and its answer read. */
extern const char nube_probe_script[];
void nube_probe_read(nube_obj *node, struct nube_arena *arena, const char *text, size_t len);

/* What `uptime` prints, in the spellings of Linux, the BSDs, macOS, Solaris and SmartOS. -1: not
 * said. */
struct nube_uptime {
    int64_t seconds, users;
    double load[3];
};
void nube_uptime_read(struct nube_uptime *out, const char *text);
/* Three numbers with blanks or commas between; those that are not there stay as they are. */
void nube_load_read(double load[3], const char *text);

#endif
