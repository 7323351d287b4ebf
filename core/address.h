/* What kind of address a text is. */
#ifndef NUBE_CORE_ADDRESS_H
#define NUBE_CORE_ADDRESS_H

/*
 * Family (enum nube_family) and scope (enum nube_scope, 0 for a name) of an IP address or DNS name.
 * 0, or -1 for what is neither: "", "dhcp", "10.0.0.300", "0.0.0.0". A name of one label only
 * counts when single is set, as words ("dhcp", "none") look like one.
 */
int nube_address_classify(const char *text, int single, int *family, int *scope);
/* Do two texts name the same address, however they are written? */
int nube_address_same(const char *a, const char *b);

#endif
