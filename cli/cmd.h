/* The functions behind the verbs; each gives the exit status. */
#ifndef NUBE_CLI_CMD_H
#define NUBE_CLI_CMD_H

#include "find.h"
#include "out.h"

int cmd_help(struct app *app);
int cmd_list(struct app *app); /* every list of objects */

int cmd_provider_list(struct app *app);
int cmd_driver_list(struct app *app);
int cmd_driver_show(struct app *app);
int cmd_driver_states(struct app *app);
/* The driver of a name, loaded; NULL: there is none (printed). */
const nube_driver_info *driver_word(struct app *app, const char *name);

int cmd_backend_add(struct app *app);
int cmd_backend_import(struct app *app);
int cmd_backend_list(struct app *app); /* and search */
int cmd_backend_show(struct app *app);
int cmd_backend_rename(struct app *app);
int cmd_backend_enable(struct app *app);
int cmd_backend_disable(struct app *app);
int cmd_backend_remove(struct app *app);
int cmd_backend_check(struct app *app);

int cmd_node_search(struct app *app);
int cmd_node_show(struct app *app);
int cmd_node_create(struct app *app);
int cmd_node_destroy(struct app *app);
int cmd_node_change(struct app *app); /* start, stop, reboot, suspend, resume */
int cmd_node_resize(struct app *app);
int cmd_node_rename(struct app *app);
int cmd_node_rebuild(struct app *app);
int cmd_node_metadata(struct app *app);
int cmd_node_tag(struct app *app);
int cmd_node_action(struct app *app);
int cmd_node_probe(struct app *app);
int cmd_node_wait(struct app *app);
int cmd_node_console(struct app *app);
int cmd_node_run(struct app *app);
int cmd_node_ssh(struct app *app);
int cmd_node_deploy(struct app *app);

int cmd_image_search(struct app *app);
int cmd_image_show(struct app *app);
int cmd_image_create(struct app *app);
int cmd_image_delete(struct app *app);
int cmd_image_pull(struct app *app);
int cmd_image_push(struct app *app); /* and tag */

int cmd_image_star(struct app *app); /* and unstar */

int cmd_size_list(struct app *app);
int cmd_size_show(struct app *app);

int cmd_snapshot_list(struct app *app);
int cmd_snapshot_create(struct app *app);
int cmd_snapshot_change(struct app *app); /* restore, delete */

int cmd_key_show(struct app *app);
int cmd_key_create(struct app *app);
int cmd_key_import(struct app *app);
int cmd_key_delete(struct app *app);
int cmd_key_generate(struct app *app);
int cmd_key_add(struct app *app);
int cmd_key_own(struct app *app);
int cmd_key_default(struct app *app);
int cmd_key_rename(struct app *app);
int cmd_key_forget(struct app *app);
int cmd_key_associate(struct app *app);
int cmd_key_disassociate(struct app *app);

int cmd_firewall_show(struct app *app);
int cmd_firewall_create(struct app *app);
int cmd_firewall_rule(struct app *app);
int cmd_firewall_delete(struct app *app);

int cmd_raw(struct app *app);

int cmd_inventory(struct app *app);
int cmd_completion(struct app *app);

/* cli/cmd_list.c: what is listed of all targets at once; failures stay with the targets until they
 * are told. */
struct listing {
    struct app *app;
    void (*each)(void *data, const nube_obj *obj);
    void *data;
};
void list_all(const struct listing *l, enum nube_op op, const nube_args *args);
void list_failures(struct app *app);

/* Shared by verbs. */
/* Tells what was done: a sentence, a record with -o csv, json, ...; nothing with --dry-run or
 * --quiet. */
struct did {
    const char *backend, *id, *title, *verb, *sentence;
};
void tell_did(struct app *app, const struct did *did, size_t count);
/* Everything about each; takes the array and what is in it. */
void show_and_free(struct app *app, nube_obj **objs, size_t count);
/* show of each word. */
typedef int find_fn(struct found *out, struct app *app, const char *text, enum find_mode mode);
int show_words(struct app *app, find_fn *find);
/* The end of a create: the object, which it takes, or the error. */
void show_made(struct app *app, int rc, const struct nube_error *err, nube_obj *obj);
/* Asks about each word and deletes it. by_name: as it was called, since it may have several names,
 * of which only that one goes. */
typedef int delete_fn(nube_conn *conn, const char *id, const nube_args *args,
                      const struct nube_call_opts *opts, struct nube_error *err);
int delete_words(struct app *app, find_fn *find, delete_fn *call, bool by_name);
/* The password that a reply alone holds, for people. */
void show_password(const struct app *app, const nube_obj *node);
/* Streams call output to our own standard streams. */
int stream_output(void *payload, int stream, const void *data, size_t len);
/* cli/cmd_ssh.c: arguments of a login, with secrets from where flags say; NULL: printed. */
nube_args *login_args(struct app *app);
/* cli/cmd_keyring.c: opens the person's own keys; 0 or an exit status. Then how one of them is
 * remembered to log in to a node, unless args say it. */
int app_ring(struct app *app);
void ring_login(struct app *app, const struct found *f, nube_args *args);
/* Adds the secrets of a login; 0, or an exit status. */
int login_secrets(struct app *app, nube_args *args);
/* Asks the operation of each node, all at once; `each` hears every answer, in the order they come.
 * 0, or an exit status. */
typedef void each_fn(void *data, const struct found *node, const nube_result *result,
                     const struct nube_error *err);
int ask_each(struct app *app, enum nube_op op, const struct found *list, size_t count,
             const nube_args *args, each_fn *each, void *data);
/* Waits for one node after an operation, when --wait was given. */
void wait_after_all(struct app *app, const struct found *list, size_t count, enum nube_op op,
                    int *codes); /* all at once; codes[i] not 0: not the i-th, or it failed */
int wait_after(struct app *app, const struct found *node, enum nube_op op);
/* Words of --wait, --until and --while that no state of the chosen backends has are refused, before
 * anything is asked; then those that the backends of what was found do not have, before anything
 * is changed. 0, or an exit status. */
int wait_check(struct app *app);
int wait_check_found(struct app *app, const struct found *list, size_t count);
/* Further words become the action's positional arguments, in the order of the driver's table. */
int action_words(struct app *app, nube_args *args, nube_conn *conn, enum nube_op op,
                 const char *action, const char *const *words, size_t count);
/* Prints objects and output of an action's result; 1 when there was something. */
int show_result(struct app *app, const nube_result *result);

#endif
