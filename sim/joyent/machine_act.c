/* What is done to a machine: power, package, name, switches, the end. */
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "joyent.h"

static bool wrong_state(struct joy_call *c, const struct joy_machine *m, const char *action)
{
    return joy_fail(c, "InvalidState", "unable to %s machine %s: its state is %s", action, m->id,
                    m->state);
}

static bool is_busy(const struct joy_machine *m)
{
    return m->next != NULL;
}

/* ---- Actions; each gives false when it refused --------------------------------------------------
 */

static bool start(struct joy_call *c, struct joy_machine *m)
{
    if (is_busy(m) || strcmp(m->state, "stopped") != 0)
        return wrong_state(c, m, "start");
    joy_become(c, m, "stopped", "running", c->cloud->settings->starting_ms, "start");
    return true;
}

static bool stop(struct joy_call *c, struct joy_machine *m)
{
    if (is_busy(m) || strcmp(m->state, "running") != 0)
        return wrong_state(c, m, "stop");
    joy_become(c, m, "stopping", "stopped", c->cloud->settings->stopping_ms, "stop");
    return true;
}

static bool reboot(struct joy_call *c, struct joy_machine *m)
{
    bool ready = joy_same(c->cloud->settings->reboot_state, "ready");
    if (is_busy(m) || strcmp(m->state, "running") != 0)
        return wrong_state(c, m, "reboot");
    joy_become(c, m, ready ? "ready" : "running", "running", c->cloud->settings->rebooting_ms,
               "reboot");
    return true;
}

static void told(struct joy_call *c, struct joy_machine *m, const char *action)
{
    m->updated = c->now;
    joy_audit(m, action, c->key ? c->key->print : NULL, c->now);
}

/* Not of kvm; of bhyve only with a package whose disk is flexible, which none here has. */
static bool resize(struct joy_call *c, struct joy_machine *m)
{
    const char *word = joy_param(c, "package");
    const struct joy_package *p = joy_package_find(c->cloud, word);
    const struct joy_image *image = joy_image_by_id(c->cloud, m->image);
    if (!word)
        return joy_fail(c, "MissingParameter", "package is a required argument");
    if (!p)
        return joy_fail(c, "ResourceNotFound", "package not found");
    if (p->inactive)
        return joy_fail(c, "InvalidArgument", "package %s is not active", p->name);
    if (joy_same(m->brand, "kvm") || joy_same(m->brand, "bhyve"))
        return joy_fail(c, "InvalidArgument", "resize is not supported for %s machines", m->brand);
    if (image && p->memory < image->min_memory)
        return joy_fail(c, "InvalidArgument", "package memory is less than the image's least");
    free(m->package);
    m->package = sim_strdup(p->name);
    m->memory = p->memory;
    m->disk = p->disk;
    told(c, m, "resize");
    return true;
}

static bool rename_it(struct joy_call *c, struct joy_machine *m)
{
    const char *name = joy_param(c, "name");
    if (!name || !*name)
        return joy_fail(c, "MissingParameter", "name is a required argument");
    free(m->name);
    m->name = sim_strdup(name);
    told(c, m, "rename");
    return true;
}

static bool enable_firewall(struct joy_call *c, struct joy_machine *m)
{
    m->firewall = true;
    told(c, m, "enable_firewall");
    return true;
}

static bool disable_firewall(struct joy_call *c, struct joy_machine *m)
{
    m->firewall = false;
    told(c, m, "disable_firewall");
    return true;
}

static bool protect(struct joy_call *c, struct joy_machine *m)
{
    m->protect = true;
    told(c, m, "enable_deletion_protection");
    return true;
}

static bool unprotect(struct joy_call *c, struct joy_machine *m)
{
    m->protect = false;
    told(c, m, "disable_deletion_protection");
    return true;
}

static const struct {
    const char *name;
    bool (*run)(struct joy_call *c, struct joy_machine *m);
    int major; /* since when */
} actions[] = {
    {"start", start, 6},
    {"stop", stop, 6},
    {"reboot", reboot, 6},
    {"resize", resize, 6},
    {"rename", rename_it, 7},
    {"enable_firewall", enable_firewall, 7},
    {"disable_firewall", disable_firewall, 7},
    {"enable_deletion_protection", protect, 8},
    {"disable_deletion_protection", unprotect, 8},
};

void joy_machine_action(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    const char *action = joy_param(c, "action");
    if (!m)
        return;
    if (!action) {
        joy_fail(c, "MissingParameter", "action is a required argument");
        return;
    }
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (joy_same(actions[i].name, action) && joy_is(c, actions[i].major, 0)) {
            if (actions[i].run(c, m))
                joy_empty(c, 202);
            return;
        }
    joy_fail(c, "InvalidArgument", "%s is not a valid action", action);
}

/* Before 8.0 only what was stopped could be deleted. Asked again meanwhile, it is fine. */
void joy_delete_machine(struct joy_call *c)
{
    struct joy_machine *m = joy_machine_of(c);
    if (!m)
        return;
    if (joy_same(m->next, "deleted")) {
        joy_empty(c, 204);
        return;
    }
    if (m->protect) {
        joy_fail(c, "CannotDestroyMachineError", "Instance has \"deletion_protection\" enabled");
        return;
    }
    if (!joy_is(c, 8, 0) && strcmp(m->state, "stopped") != 0 && strcmp(m->state, "failed") != 0) {
        wrong_state(c, m, "delete");
        return;
    }
    joy_become(c, m, "stopping", "deleted", c->cloud->settings->deleting_ms, "destroy");
    joy_empty(c, 204);
}
