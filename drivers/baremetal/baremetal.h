/* Shared parts of the bare-metal driver: the hosts, and what several verbs do with one. */
#ifndef NUBE_DRIVER_BAREMETAL_H
#define NUBE_DRIVER_BAREMETAL_H

#include <nube/driver/driver.h>

#define BM_ROWS(a) (sizeof(a) / sizeof(*(a)))

enum bm_source { BM_OPTION = 1, BM_FILE, BM_SSH_CONFIG };

/* A line of the hosts file, or what the options or ssh_config say like one. NULL: not said. */
struct bm_host {
    const char *name, *host; /* what it is called; its name or address for SSH */
    const char *port, *user, *key_file, *jump, *host_key, *location, *bmc;
    enum bm_source source;
};

/* hosts.c */
enum nube_step bm_auth(nube_call *c, const nube_reply *r);
const char *bm_ssh_host(nube_call *c, nube_req *q, const char *id);
/* The hosts of the session, in order; *count. */
const struct bm_host *bm_hosts(nube_call *c, size_t *count);
/* The host of the argument id; NULL: the call failed. */
const struct bm_host *bm_wanted(nube_call *c);
/* How the host is logged in to, on a request over SSH. */
void bm_login(nube_call *c, nube_req *q, const struct bm_host *h);
/* The host of one line "NAME [word=value]..."; 0: the line says nothing, -1: the call failed. */
int bm_parse(nube_call *c, struct bm_host *h, const char *line, const char *where, int number);
/* The hosts file; NULL: the account has its hosts from the option alone. */
const char *bm_file(nube_call *c);
enum nube_step bm_send(nube_call *c, int phase);

/* nodes.c */
enum nube_step bm_check(nube_call *c, const nube_reply *r);
enum nube_step bm_node_list(nube_call *c, const nube_reply *r);
enum nube_step bm_node_get(nube_call *c, const nube_reply *r);
/* A node with what is known of the host without asking it. */
nube_obj *bm_emit(nube_call *c, const struct bm_host *h, const char *state);

/* adopt.c: hosts into the file, and out of it. */
enum nube_step bm_node_create(nube_call *c, const nube_reply *r);
enum nube_step bm_node_destroy(nube_call *c, const nube_reply *r);
enum nube_step bm_node_rename(nube_call *c, const nube_reply *r);

/* power.c */
enum nube_step bm_node_start(nube_call *c, const nube_reply *r);
enum nube_step bm_node_stop(nube_call *c, const nube_reply *r);
enum nube_step bm_node_reboot(nube_call *c, const nube_reply *r);

/* redfish.c: the host's management controller, DMTF DSP0266. Requests carry the tag BM_BMC. */
enum { BM_BMC = 1 << 20 };
enum nube_step bm_sign(nube_call *c, nube_req *q, const nube_reply *r);
void bm_classify(nube_call *c, const nube_reply *r, struct nube_verdict *v);
/* Asks for the systems behind it, then for the first of them as the reply names it: NULL when it
 * names none and the call failed. */
nube_req *bm_ask_systems(nube_call *c, const struct bm_host *h);
nube_req *bm_ask_system(nube_call *c, const struct bm_host *h, const nube_reply *systems);
/* "On", "Off", ... of a system's reply, NULL: not said. */
const char *bm_power_state(const nube_reply *system);
/* ComputerSystem.Reset: "On", "GracefulShutdown", "ForceOff", "ForceRestart". */
enum nube_step bm_reset(nube_call *c, const struct bm_host *h, const nube_reply *system,
                        const char *type);

/* keys.c: authorized_keys of one host, or of all. */
enum nube_step bm_key_list(nube_call *c, const nube_reply *r);
enum nube_step bm_key_import(nube_call *c, const nube_reply *r);
enum nube_step bm_key_delete(nube_call *c, const nube_reply *r);

#endif
