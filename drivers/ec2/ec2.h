/* Shared parts of the EC2 driver: steps, sessions, requests, and what several verbs do alike. */
#ifndef NUBE_DRIVER_EC2_H
#define NUBE_DRIVER_EC2_H

#include <nube/driver/crypto.h>
#include <nube/driver/driver.h>

#define EC2_ROWS(a) (sizeof(a) / sizeof(*(a)))
#define EC2_VERSION "2016-11-15"

/* Tags of requests: the region's number in the session, or this for the token service. */
enum { EC2_TAG_STS = 1000 };

/* endpoint.c: where services are, by rule. */
struct ec2_places {
    int fips, dualstack;
};
/* "https://ec2.eu-west-1.amazonaws.com" */
const char *ec2_service_url(nube_call *c, const struct ec2_places *p, const char *service,
                            const char *region);
/* The region that requests to it are signed for: without "fips-" in front or "-fips" behind; then
 * *fips is set. */
const char *ec2_signing_region(nube_call *c, const char *region, int *fips);
/* The n-th of "a, b,c"; NULL past the end. */
const char *ec2_word(nube_call *c, const char *list, int n);

/* sign.c */
enum nube_step ec2_sign(nube_call *c, nube_req *q, const nube_reply *r);
/* Derives today's key for a region of the session that is being built. */
void ec2_keep_signing_key(nube_call *c, int region, const char *name, const char *secret);

/* errors.c */
void ec2_classify(nube_call *c, const nube_reply *r, struct nube_verdict *v);

/* query.c: requests and replies of the query protocol. */
int ec2_region_count(nube_call *c);
const char *ec2_region_name(nube_call *c, int region);
/* The number of a region's name, -1 when the session does not have it. */
int ec2_region_find(nube_call *c, const char *name);
/* The region that the argument of that name asks for, else the first. -1: the call failed. */
int ec2_region_arg(nube_call *c);
/* A request that changes something, and one that does not. */
nube_req *ec2_change(nube_call *c, int region, const char *action);
nube_req *ec2_read(nube_call *c, int region, const char *action);
/* PREFIX.N SUFFIX = value; nothing for NULL. */
void ec2_param(nube_req *q, const char *prefix, int n, const char *suffix, const char *value);
void ec2_param_bool(nube_req *q, const char *name, int value);
/* Each value of a list argument as NAME.N. */
void ec2_param_list(nube_call *c, nube_req *q, const char *name, const char *arg);
/* The tag argument, and a Name in front, for one kind of resource that is being made. */
void ec2_param_tags(nube_call *c, nube_req *q, const char *resource, const char *name);
struct ec2_filters {
    nube_req *q;
    int n, values;
};
/* Begins a filter with a value taken literally; further values of the same. Nothing for NULL. */
void ec2_filter(nube_call *c, struct ec2_filters *f, const char *name, const char *value);
void ec2_filter_also(nube_call *c, struct ec2_filters *f, const char *value);
/* The same with * and ? as wildcards. */
void ec2_filter_like(struct ec2_filters *f, const char *name, const char *pattern);
/* tag:KEY for each pair of the tag argument. */
void ec2_filter_tags(nube_call *c, struct ec2_filters *f);
/* The reply, when it is one of this API and has that member (NULL: any); NULL: the call failed. */
const nube_doc *ec2_reply(nube_call *c, const nube_reply *r, const char *member);
/* The end of a change without a result. */
enum nube_step ec2_done(nube_call *c, const nube_reply *r);
enum nube_step ec2_send(nube_call *c, int phase);
/* Text of a member without white space around it; NULL when there is none. */
const char *ec2_text(nube_call *c, const nube_doc *doc, const char *path);
void ec2_set(nube_call *c, nube_obj *o, enum nube_field field, const nube_doc *doc,
             const char *path);
void ec2_extra(nube_call *c, nube_obj *o, const char *name, const nube_doc *doc, const char *path);
/* Members into fields and extra values, empty ones left out. */
void ec2_fields(nube_call *c, nube_obj *o, const nube_doc *doc, const struct nube_field_row *rows,
                size_t count);
/* The same, but for members that have their row's usual text. */
void ec2_fields_but(nube_call *c, nube_obj *o, const nube_doc *doc,
                    const struct nube_field_row *rows, const char *const *usual, size_t count);
/* tagSet as tags; with name, the tag Name as the name. */
void ec2_tags(nube_obj *o, const nube_doc *doc, int name);
/* One member of each element, with commas between; NULL for none. */
const char *ec2_join(nube_call *c, const nube_doc *set, const char *path);

/* list.c: lists of one or several regions, page by page. */
struct ec2_list {
    const char *action, *set; /* DescribeInstances, reservationSet */
    nube_item_fn item;
    int page; /* MaxResults; 0: the action has no pages */
    void (*build)(nube_call *c, nube_req *q);
};
/* region: its number, or -1 for all. */
enum nube_step ec2_list(nube_call *c, const nube_reply *r, const struct ec2_list *l, int region);

/* target.c: verbs on one node, which is looked for when the backend has several regions. */
enum { EC2_LOCATE = 1, EC2_ACT = 10 }; /* phases; a verb's own come after EC2_ACT */
struct ec2_target {
    int region, left, tries;
};
/* The node is the argument id, or node. Called first and with each reply; act is called with NULL
 * when the region is known, and then with the replies to what it sent. *t is the first member of
 * the verb's state. */
enum nube_step ec2_on_node(nube_call *c, const nube_reply *r, struct ec2_target *t,
                           nube_step_fn act);

/* nodes.c */
enum nube_step ec2_node_list(nube_call *c, const nube_reply *r);
enum nube_step ec2_node_get(nube_call *c, const nube_reply *r);
/* Emits the instances of one reservation. */
void ec2_reservation(nube_call *c, const nube_doc *reservation);
/* The instance of that id in the reply to DescribeInstances, whatever else is there: not every
 * imitation of EC2 heeds every filter. *reservation (may be NULL): the one it is in. */
const nube_doc *ec2_find_instance(nube_call *c, const nube_doc *reply, const char *id,
                                  const nube_doc **reservation);
/* Is the member of that name this text? */
int ec2_is(nube_call *c, const nube_doc *doc, const char *path, const char *text);

/* create.c */
enum nube_step ec2_node_create(nube_call *c, const nube_reply *r);
/* launch.c: the RunInstances request. -1: the call failed. */
int ec2_launch(nube_call *c, int region, const char *size);

/* actions.c */
enum nube_step ec2_node_start(nube_call *c, const nube_reply *r);
enum nube_step ec2_node_stop(nube_call *c, const nube_reply *r);
enum nube_step ec2_node_reboot(nube_call *c, const nube_reply *r);
enum nube_step ec2_node_destroy(nube_call *c, const nube_reply *r);
enum nube_step ec2_node_resize(nube_call *c, const nube_reply *r);
enum nube_step ec2_node_rename(nube_call *c, const nube_reply *r);
enum nube_step ec2_node_tag(nube_call *c, const nube_reply *r);
enum nube_step ec2_node_console(nube_call *c, const nube_reply *r);
enum nube_step ec2_node_probe(nube_call *c, const nube_reply *r);
enum nube_step ec2_node_protect(nube_call *c, const nube_reply *r);
enum nube_step ec2_node_unprotect(nube_call *c, const nube_reply *r);

/* images.c, image_change.c */
/* The image of that id in the reply to DescribeImages; NULL: it is not there. */
const nube_doc *ec2_find_image(nube_call *c, const nube_doc *reply, const char *id);
enum nube_step ec2_image_list(nube_call *c, const nube_reply *r);
enum nube_step ec2_image_search(nube_call *c, const nube_reply *r);
enum nube_step ec2_image_get(nube_call *c, const nube_reply *r);
enum nube_step ec2_image_create(nube_call *c, const nube_reply *r);
enum nube_step ec2_image_delete(nube_call *c, const nube_reply *r);
enum nube_step ec2_image_copy(nube_call *c, const nube_reply *r);

/* sizes.c */
enum nube_step ec2_size_list(nube_call *c, const nube_reply *r);
/* places.c */
enum nube_step ec2_location_list(nube_call *c, const nube_reply *r);
enum nube_step ec2_check(nube_call *c, const nube_reply *r);
enum nube_step ec2_raw(nube_call *c, const nube_reply *r);

/* keys.c */
enum nube_step ec2_key_list(nube_call *c, const nube_reply *r);
enum nube_step ec2_key_get(nube_call *c, const nube_reply *r);
enum nube_step ec2_key_create(nube_call *c, const nube_reply *r);
enum nube_step ec2_key_import(nube_call *c, const nube_reply *r);
enum nube_step ec2_key_delete(nube_call *c, const nube_reply *r);

/* firewalls.c */
enum nube_step ec2_firewall_list(nube_call *c, const nube_reply *r);
enum nube_step ec2_firewall_create(nube_call *c, const nube_reply *r);
enum nube_step ec2_firewall_delete(nube_call *c, const nube_reply *r);
enum nube_step ec2_rule_add(nube_call *c, const nube_reply *r);
enum nube_step ec2_rule_remove(nube_call *c, const nube_reply *r);

/* auth.c */
enum nube_step ec2_auth(nube_call *c, const nube_reply *r);

#endif
