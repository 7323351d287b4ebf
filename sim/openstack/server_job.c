/* What servers do and how long it takes: jobs, the states that allow them, and their end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "openstack.h"

#define MS(field) offsetof(struct os_settings, field)
#define BIT(vm)   (1u << OS_##vm)
#define RUNS      (BIT(ACTIVE) | BIT(STOPPED) | BIT(PAUSED) | BIT(SUSPENDED))

const struct os_job os_job_build = {"create", "spawning", "create", 0, OS_ACTIVE, MS(build_ms)};
const struct os_job os_job_delete = {"delete", "deleting", "delete", ~0u, OS_GONE, MS(delete_ms)};

static const struct os_job jobs[] = {
    {"os-start", "powering-on", "start", BIT(STOPPED), OS_ACTIVE, MS(start_ms)},
    {"os-stop", "powering-off", "stop", BIT(ACTIVE) | BIT(ERROR), OS_STOPPED, MS(stop_ms)},
    {"reboot", "rebooting", "reboot", BIT(ACTIVE), OS_ACTIVE, MS(reboot_ms)},
    {"reboot-hard", "rebooting_hard", "reboot", RUNS | BIT(ERROR), OS_ACTIVE, MS(reboot_ms)},
    {"pause", "pausing", "pause", BIT(ACTIVE), OS_PAUSED, MS(pause_ms)},
    {"unpause", "unpausing", "unpause", BIT(PAUSED), OS_ACTIVE, MS(pause_ms)},
    {"suspend", "suspending", "suspend", BIT(ACTIVE), OS_SUSPENDED, MS(pause_ms)},
    {"resume", "resuming", "resume", BIT(SUSPENDED), OS_ACTIVE, MS(pause_ms)},
    {"resize", "resize_prep", "resize", BIT(ACTIVE) | BIT(STOPPED), OS_RESIZED, MS(resize_ms)},
    {"confirmResize", NULL, "confirmResize", BIT(RESIZED), OS_SAME, MS(resize_ms)},
    {"revertResize", "resize_reverting", "revertResize", BIT(RESIZED), OS_SAME, MS(resize_ms)},
    {"rebuild", "rebuilding", "rebuild", BIT(ACTIVE) | BIT(STOPPED) | BIT(ERROR), OS_ACTIVE,
     MS(rebuild_ms)},
    {"rescue", "rescuing", "rescue", BIT(ACTIVE) | BIT(STOPPED) | BIT(ERROR), OS_RESCUED,
     MS(rescue_ms)},
    {"unrescue", "unrescuing", "unrescue", BIT(RESCUED), OS_ACTIVE, MS(rescue_ms)},
    {"shelve", "shelving", "shelve", RUNS, OS_SHELVED, MS(shelve_ms)},
    {"shelveOffload", "shelving_offloading", "shelveOffload", BIT(SHELVED), OS_SHELVED,
     MS(shelve_ms)},
    {"unshelve", "unshelving", "unshelve", BIT(SHELVED), OS_ACTIVE, MS(shelve_ms)},
    {"changePassword", "updating_password", "set_admin_password", BIT(ACTIVE), OS_ACTIVE,
     MS(password_ms)},
    {"createImage", "image_snapshot", "createImage", RUNS, OS_SAME, MS(image_ms)},
};

const struct os_job *os_job_find(const char *action)
{
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
        if (!strcmp(jobs[i].action, action))
            return &jobs[i];
    return NULL;
}

static const struct {
    const char *name, *status; /* status without a task */
    int power;
} states[] = {
    [OS_BUILDING] = {"building", "BUILD", 0},
    [OS_ACTIVE] = {"active", "ACTIVE", 1},
    [OS_STOPPED] = {"stopped", "SHUTOFF", 4},
    [OS_PAUSED] = {"paused", "PAUSED", 3},
    [OS_SUSPENDED] = {"suspended", "SUSPENDED", 7},
    [OS_RESIZED] = {"resized", "VERIFY_RESIZE", 1},
    [OS_RESCUED] = {"rescued", "RESCUE", 1},
    [OS_SHELVED] = {"shelved_offloaded", "SHELVED_OFFLOADED", 4},
    [OS_ERROR] = {"error", "ERROR", 0},
    [OS_GONE] = {"deleted", "DELETED", 0},
};

const char *os_vm_name(enum os_vm vm)
{
    return states[vm].name;
}

int os_vm_power(enum os_vm vm)
{
    return states[vm].power;
}

/* Tasks that show in the status. */
static const struct {
    const char *task, *status;
} task_status[] = {{"rebooting", "REBOOT"},   {"rebooting_hard", "HARD_REBOOT"},
                   {"resize_prep", "RESIZE"}, {"resize_reverting", "REVERT_RESIZE"},
                   {"rebuilding", "REBUILD"}, {"updating_password", "PASSWORD"}};

const char *os_server_status(const struct os_server *sv)
{
    if (sv->status)
        return sv->status;
    const char *task = sv->job ? sv->job->task : NULL;
    for (size_t i = 0; task && i < sizeof task_status / sizeof *task_status; i++)
        if (!strcmp(task_status[i].task, task))
            return task_status[i].status;
    return states[sv->vm].status;
}

void os_server_event(struct os_call *c, struct os_server *sv, const char *action)
{
    SIM_PUSH(sv->events, sv->n_events, sv->events_size);
    struct os_event *e = &sv->events[sv->n_events++];
    e->action = action;
    e->time = c->now;
    snprintf(e->request, sizeof e->request, "%s", c->request);
}

static void let_go(struct os_region *region, struct os_server *sv)
{
    struct os_project *p = sv->res.project;
    p->instances--;
    p->cores -= sv->flavor->vcpus;
    p->ram -= sv->flavor->ram;
    for (unsigned i = 0; i < sv->n_ports; i++) {
        struct os_port *port = sv->ports[i];
        port->server = NULL;
        if (!port->given)
            os_port_remove(region, port);
    }
    sv->n_ports = 0;
}

static void change_flavor(struct os_server *sv, struct os_flavor *to)
{
    struct os_project *p = sv->res.project;
    p->cores += to->vcpus - sv->flavor->vcpus;
    p->ram += to->ram - sv->flavor->ram;
    sv->flavor = to;
}

/* No host takes it. */
static void fail_build(struct os_server *sv)
{
    sv->vm = OS_ERROR;
    sv->fault_code = 500;
    free(sv->fault);
    sv->fault = sim_strdup("No valid host was found. There are not enough hosts available.");
}

static void end_job(struct os_region *region, struct os_server *sv)
{
    const struct os_job *job = sv->job;
    sv->job = NULL;
    sv->res.updated = sv->due;
    if (!strcmp(job->action, "resize")) {
        struct os_flavor *from = sv->flavor;
        change_flavor(sv, sv->other);
        sv->other = from;
    } else if (!strcmp(job->action, "revertResize")) {
        change_flavor(sv, sv->other);
        sv->vm = sv->before;
    } else if (!strcmp(job->action, "confirmResize")) {
        sv->vm = sv->before;
    }
    if (job->to != OS_SAME)
        sv->vm = job->to;
    if (job == &os_job_build) {
        sv->launched = sv->due;
        if (sv->fails)
            fail_build(sv);
    } else if (job == &os_job_delete) {
        sv->terminated = sv->due;
        sv->res.deleted = true;
        let_go(region, sv);
    }
}

void os_settle(struct os_region *region, int64_t now)
{
    size_t kept = 0;
    int64_t next = INT64_MAX;
    if (!region->n_moving || now < region->next_due)
        return;
    for (size_t i = 0; i < region->n_moving; i++) {
        struct os_server *sv = region->moving[i];
        if (sv->job && sv->due <= now)
            end_job(region, sv);
        if (!sv->job)
            continue;
        next = sv->due < next ? sv->due : next;
        region->moving[kept++] = sv;
    }
    region->n_moving = kept;
    region->next_due = next;
}

void os_job_begin(struct os_region *region, struct os_server *sv, const struct os_job *job,
                  int64_t now)
{
    const char *settings = (const char *)region->cloud->settings;
    bool there = sv->job != NULL; /* a delete in the middle of something else */
    int64_t ms;
    memcpy(&ms, settings + job->ms, sizeof ms);
    if (job->to == OS_RESCUED || job->to == OS_RESIZED || job->to == OS_SHELVED)
        sv->before = sv->vm;
    sv->job = job;
    sv->due = now + ms;
    sv->res.updated = now;
    if (!region->n_moving || sv->due < region->next_due)
        region->next_due = sv->due;
    if (!there) {
        SIM_PUSH(region->moving, region->n_moving, region->moving_size);
        region->moving[region->n_moving++] = sv;
    }
}

bool os_job_start(struct os_call *c, struct os_server *sv, const struct os_job *job)
{
    if (sv->locked && !c->admin)
        return os_fail(c, 409, "Instance %s is locked", sv->res.id);
    if (!(job->from & 1u << sv->vm))
        return os_fail(c, 409, "Cannot '%s' instance %s while it is in vm_state %s", job->word,
                       sv->res.id, states[sv->vm].name);
    if (sv->job && job != &os_job_delete)
        return os_fail(c, 409, "Cannot '%s' instance %s while it is in task_state %s", job->word,
                       sv->res.id, sv->job->task ? sv->job->task : "resize_confirming");
    os_server_event(c, sv, job->word);
    os_job_begin(c->region, sv, job, c->now);
    return true;
}
