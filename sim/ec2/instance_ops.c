/* What is done to instances that exist: start, stop, reboot, terminate, watch, console. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

/* The instances of InstanceId.N. */
struct chosen {
    struct ec2_instance **at;
    size_t n, size;
};

static bool choose(struct ec2_call *c, struct chosen *s)
{
    struct sim_text gone = {0};
    const char *id;
    *s = (struct chosen){0};
    for (int n = 1; (id = sim_paramf(c->q, "InstanceId.%d", n)); n++) {
        if (strncmp(id, "i-", 2) != 0 || !id[2] ||
            strspn(id + 2, "0123456789abcdef") != strlen(id + 2)) {
            sim_text_free(&gone);
            return ec2_fail(c, "InvalidInstanceID.Malformed", "Invalid id: \"%s\"", id);
        }
        struct ec2_instance *i = (struct ec2_instance *)ec2_find(c, EC2_INSTANCE, id);
        if (i) {
            SIM_PUSH(s->at, s->n, s->size);
            s->at[s->n++] = i;
        } else {
            sim_text_fmt(&gone, "%s%s", gone.len ? ", " : "", id);
        }
    }
    if (gone.len)
        ec2_fail(c, "InvalidInstanceID.NotFound", "The instance ID%s '%s' do%s not exist",
                 strchr(gone.data, ',') ? "s" : "", gone.data, strchr(gone.data, ',') ? "" : "es");
    else if (!s->n)
        ec2_fail(c, "MissingParameter", "The request must contain the parameter InstanceId");
    sim_text_free(&gone);
    return !c->failed;
}

/* One change: whether it is allowed, and what it does. */
struct change {
    bool (*may)(struct ec2_call *c, const struct ec2_instance *i);
    void (*make)(struct ec2_call *c, struct ec2_instance *i);
};

/* All are asked before any is changed. */
static void change_all(struct ec2_call *c, const struct change *change)
{
    struct chosen s;
    bool ok = choose(c, &s);
    for (size_t k = 0; ok && k < s.n; k++)
        ok = change->may(c, s.at[k]);
    if (ok)
        SIM_LIT(c->out, "<instancesSet>");
    for (size_t k = 0; ok && k < s.n; k++) {
        struct ec2_instance *i = s.at[k];
        enum ec2_state before = i->state;
        change->make(c, i);
        SIM_LIT(c->out, "<item>");
        sim_elem(c->out, "instanceId", i->res.id);
        sim_text_fmt(c->out, "<currentState><code>%d</code><name>%s</name></currentState>",
                     (int)i->state, ec2_state_name(i->state));
        sim_text_fmt(c->out, "<previousState><code>%d</code><name>%s</name></previousState></item>",
                     (int)before, ec2_state_name(before));
    }
    if (ok)
        SIM_LIT(c->out, "</instancesSet>");
    free(s.at);
}

static bool wrong_state(struct ec2_call *c, const struct ec2_instance *i, const char *what)
{
    return ec2_fail(c, "IncorrectInstanceState",
                    "The instance '%s' is not in a state from which it can be %s.", i->res.id,
                    what);
}

static bool may_start(struct ec2_call *c, const struct ec2_instance *i)
{
    bool ok = i->state == EC2_STOPPED || i->state == EC2_RUNNING || i->state == EC2_PENDING;
    return ok || wrong_state(c, i, "started");
}

static void start(struct ec2_call *c, struct ec2_instance *i)
{
    if (i->state != EC2_STOPPED)
        return;
    *i->reason = 0;
    i->reason_code = i->reason_message = "";
    i->launched = c->now;
    if (i->had_public && !i->public_ip)
        i->public_ip = ec2_new_public_ip(c->cloud);
    ec2_instance_enter(i, EC2_PENDING, EC2_RUNNING, c->cloud->settings->pending_ms, c->now);
}

static bool may_stop(struct ec2_call *c, const struct ec2_instance *i)
{
    if (i->instance_store)
        return ec2_fail(c, "UnsupportedOperation",
                        "The instance '%s' does not have an 'ebs' root device type and cannot be "
                        "stopped.",
                        i->res.id);
    if (i->no_stop)
        return ec2_fail(c, "OperationNotPermitted",
                        "The instance '%s' may not be stopped. Modify its 'disableApiStop' "
                        "instance attribute and try again.",
                        i->res.id);
    if (ec2_bool(c, "Hibernate", false) && !i->hibernation)
        return ec2_fail(c, "UnsupportedHibernationConfiguration",
                        "The instance '%s' is not configured for hibernation.", i->res.id);
    bool ok = i->state == EC2_RUNNING || i->state == EC2_STOPPING || i->state == EC2_STOPPED;
    return ok || wrong_state(c, i, "stopped");
}

static void stop(struct ec2_call *c, struct ec2_instance *i)
{
    if (i->state != EC2_RUNNING)
        return;
    ec2_instance_by_user(i, c->now);
    if (ec2_bool(c, "Hibernate", false)) {
        i->reason_code = "Client.UserInitiatedHibernate";
        i->reason_message = "Client.UserInitiatedHibernate: User initiated hibernate";
    }
    ec2_instance_enter(i, EC2_STOPPING, EC2_STOPPED, c->cloud->settings->stopping_ms, c->now);
}

static bool may_terminate(struct ec2_call *c, const struct ec2_instance *i)
{
    return !i->no_termination ||
           ec2_fail(c, "OperationNotPermitted",
                    "The instance '%s' may not be terminated. Modify its 'disableApiTermination' "
                    "instance attribute and try again.",
                    i->res.id);
}

static void terminate(struct ec2_call *c, struct ec2_instance *i)
{
    if (i->state == EC2_SHUTTING_DOWN || i->state == EC2_TERMINATED)
        return;
    ec2_instance_by_user(i, c->now);
    ec2_instance_enter(i, EC2_SHUTTING_DOWN, EC2_TERMINATED, c->cloud->settings->shutting_down_ms,
                       c->now);
}

void ec2_start_instances(struct ec2_call *c)
{
    change_all(c, &(struct change){may_start, start});
}

void ec2_stop_instances(struct ec2_call *c)
{
    change_all(c, &(struct change){may_stop, stop});
}

void ec2_terminate_instances(struct ec2_call *c)
{
    change_all(c, &(struct change){may_terminate, terminate});
}

void ec2_reboot_instances(struct ec2_call *c)
{
    struct chosen s;
    bool ok = choose(c, &s);
    for (size_t k = 0; ok && k < s.n; k++)
        if (s.at[k]->state == EC2_STOPPED || s.at[k]->state == EC2_STOPPING)
            ok = wrong_state(c, s.at[k], "rebooted");
    if (ok)
        SIM_LIT(c->out, "<return>true</return>");
    free(s.at);
}

static void monitor(struct ec2_call *c, bool on)
{
    struct chosen s;
    bool ok = choose(c, &s);
    if (ok)
        SIM_LIT(c->out, "<instancesSet>");
    for (size_t k = 0; ok && k < s.n; k++) {
        s.at[k]->monitoring = on;
        sim_text_fmt(c->out,
                     "<item><instanceId>%s</instanceId><monitoring><state>%s</state></monitoring>"
                     "</item>",
                     s.at[k]->res.id, on ? "pending" : "disabling");
    }
    if (ok)
        SIM_LIT(c->out, "</instancesSet>");
    free(s.at);
}

void ec2_monitor_instances(struct ec2_call *c)
{
    monitor(c, true);
}

void ec2_unmonitor_instances(struct ec2_call *c)
{
    monitor(c, false);
}

struct ec2_instance *ec2_instance_find(struct ec2_call *c)
{
    const char *id = sim_param(c->q, "InstanceId");
    struct ec2_instance *i = (struct ec2_instance *)ec2_find(c, EC2_INSTANCE, id);
    if (!i)
        ec2_fail(
            c, strncmp(id, "i-", 2) ? "InvalidInstanceID.Malformed" : "InvalidInstanceID.NotFound",
            "The instance ID '%s' does not exist", id);
    return i;
}

/* What its console says, a line for each thing that happened. */
static void put_console(struct sim_text *out, const struct ec2_instance *i)
{
    struct sim_text text = {0};
    char dns[96];
    ec2_private_dns(dns, sizeof dns, i);
    sim_text_fmt(&text,
                 "[    0.000000] Linux version 6.1.0-sim (%s)\r\n"
                 "[    0.421000] cloud-init: instance %s of image %s\r\n",
                 i->arch, i->res.id, i->image);
    if (i->user_data)
        SIM_LIT(&text, "[    1.500000] cloud-init: running user data\r\n");
    sim_text_fmt(&text, "\r\n%s login: ", dns);
    sim_text_base64(out, text.data, text.len);
    sim_text_free(&text);
}

void ec2_get_console_output(struct ec2_call *c)
{
    const struct ec2_instance *i = ec2_instance_find(c);
    if (!i)
        return;
    sim_elem(c->out, "instanceId", i->res.id);
    sim_elem_time(c->out, "timestamp", c->now);
    bool booted = i->state != EC2_PENDING && c->now >= i->launched + c->cloud->settings->console_ms;
    if (booted) { /* there is nothing before: the element is absent */
        SIM_LIT(c->out, "<output>");
        put_console(c->out, i);
        SIM_LIT(c->out, "</output>");
    }
}

void ec2_get_password_data(struct ec2_call *c)
{
    const struct ec2_instance *i = ec2_instance_find(c);
    if (!i)
        return;
    sim_elem(c->out, "instanceId", i->res.id);
    sim_elem_time(c->out, "timestamp", c->now);
    SIM_LIT(c->out, "<passwordData/>");
}
