/* Attributes of an instance: read one, change one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../mem.h"
#include "ec2.h"

static bool must_stop(struct ec2_call *c, const struct ec2_instance *i)
{
    return i->state == EC2_STOPPED ||
           ec2_fail(c, "IncorrectInstanceState", "The instance '%s' is not in the 'stopped' state.",
                    i->res.id);
}

static bool read_bool(struct ec2_call *c, const char *value, bool *into)
{
    *into = !strcasecmp(value, "true");
    return *into || !strcasecmp(value, "false") ||
           ec2_fail(c, "InvalidParameterValue", "Value (%s) is invalid. Must be true or false.",
                    value);
}

static bool set_type(struct ec2_call *c, struct ec2_instance *i, const char *value)
{
    struct ec2_instance_type *t = ec2_type_find(c->cloud, value);
    if (!t)
        return ec2_fail(c, "InvalidInstanceAttributeValue", "Invalid value '%s' for InstanceType.",
                        value);
    if (!must_stop(c, i))
        return false;
    if (!strstr(t->arch, i->arch))
        return ec2_fail(c, "InvalidParameterCombination",
                        "The instance type %s does not support the architecture %s", value,
                        i->arch);
    i->type = t;
    return true;
}

static bool set_user_data(struct ec2_call *c, struct ec2_instance *i, const char *value)
{
    size_t len;
    unsigned char *data = sim_base64_decode(value, &len);
    free(data);
    if (!data)
        return ec2_fail(c, "InvalidUserData.Malformed", "Invalid BASE64 encoding of user data");
    if (!must_stop(c, i))
        return false;
    free(i->user_data);
    i->user_data = sim_strdup(value);
    return true;
}

static bool set_shutdown(struct ec2_call *c, struct ec2_instance *i, const char *value)
{
    if (strcmp(value, "stop") != 0 && strcmp(value, "terminate") != 0)
        return ec2_fail(c, "InvalidParameterValue",
                        "Value (%s) for instanceInitiatedShutdownBehavior is invalid", value);
    i->shutdown = ec2_intern(c->cloud, value);
    return true;
}

static bool set_termination(struct ec2_call *c, struct ec2_instance *i, const char *value)
{
    return read_bool(c, value, &i->no_termination);
}

static bool set_stop(struct ec2_call *c, struct ec2_instance *i, const char *value)
{
    return read_bool(c, value, &i->no_stop);
}

static bool set_check(struct ec2_call *c, struct ec2_instance *i, const char *value)
{
    return read_bool(c, value, &i->source_dest_check);
}

static bool set_ebs(struct ec2_call *c, struct ec2_instance *i, const char *value)
{
    return must_stop(c, i) && read_bool(c, value, &i->ebs_optimized);
}

static const char *yes(bool b)
{
    return b ? "true" : "false";
}

/* Getters give NULL for what has no value. */
static const char *get_type(const struct ec2_instance *i)
{
    return i->type->res.id;
}

static const char *get_user_data(const struct ec2_instance *i)
{
    return i->user_data;
}

static const char *get_shutdown(const struct ec2_instance *i)
{
    return i->shutdown;
}

static const char *get_termination(const struct ec2_instance *i)
{
    return yes(i->no_termination);
}

static const char *get_stop(const struct ec2_instance *i)
{
    return yes(i->no_stop);
}

static const char *get_check(const struct ec2_instance *i)
{
    return yes(i->source_dest_check);
}

static const char *get_ebs(const struct ec2_instance *i)
{
    return yes(i->ebs_optimized);
}

static const char *get_root(const struct ec2_instance *i)
{
    return i->root_device;
}

static const struct attribute {
    const char *name, *param; /* in replies, in requests */
    const char *(*get)(const struct ec2_instance *i);
    bool (*set)(struct ec2_call *c, struct ec2_instance *i, const char *value);
} attributes[] = {
    {"instanceType", "InstanceType.Value", get_type, set_type},
    {"userData", "UserData.Value", get_user_data, set_user_data},
    {"instanceInitiatedShutdownBehavior", "InstanceInitiatedShutdownBehavior.Value", get_shutdown,
     set_shutdown},
    {"disableApiTermination", "DisableApiTermination.Value", get_termination, set_termination},
    {"disableApiStop", "DisableApiStop.Value", get_stop, set_stop},
    {"sourceDestCheck", "SourceDestCheck.Value", get_check, set_check},
    {"ebsOptimized", "EbsOptimized.Value", get_ebs, set_ebs},
    {"rootDeviceName", NULL, get_root, NULL},
};
enum { N_ATTRIBUTES = sizeof attributes / sizeof *attributes };

static bool set_groups(struct ec2_call *c, struct ec2_instance *i)
{
    struct ec2_group **at = NULL;
    size_t n = 0, size = 0;
    const char *id;
    while ((id = sim_paramf(c->q, "GroupId.%zu", n + 1))) {
        struct ec2_group *g = (struct ec2_group *)ec2_find(c, EC2_GROUP, id);
        if (!g) {
            free(at);
            return ec2_fail(c, "InvalidGroup.NotFound", "The security group '%s' does not exist",
                            id);
        }
        SIM_PUSH(at, n, size);
        at[n++] = g;
    }
    free(i->groups);
    i->groups = at;
    i->n_groups = n;
    i->groups_size = size;
    return true;
}

void ec2_modify_instance_attribute(struct ec2_call *c)
{
    struct ec2_instance *i = ec2_instance_find(c);
    const char *old = sim_param(c->q, "Attribute"), *value = sim_param(c->q, "Value");
    int given = 0;
    if (!i)
        return;
    bool groups = sim_param(c->q, "GroupId.1");
    bool disks = sim_param(c->q, "BlockDeviceMapping.1.DeviceName");
    for (int k = 0; k < N_ATTRIBUTES; k++)
        given += attributes[k].param && sim_param(c->q, attributes[k].param);
    given += groups + disks + (old && value);
    if (given != 1) {
        ec2_fail(c, given ? "InvalidParameterCombination" : "MissingParameter",
                 given ? "Fields for multiple attribute types specified"
                       : "No attributes specified.");
        return;
    }
    if (groups && !set_groups(c, i))
        return;
    for (int k = 0; k < N_ATTRIBUTES; k++) {
        const struct attribute *a = &attributes[k];
        const char *text = a->param ? sim_param(c->q, a->param) : NULL;
        if (!text && old && !strcmp(old, a->name))
            text = value;
        if (text && a->set && !a->set(c, i, text))
            return;
    }
    const char *keep = sim_param(c->q, "BlockDeviceMapping.1.Ebs.DeleteOnTermination");
    for (size_t k = 0; disks && keep && k < i->n_volumes; k++)
        if (!strcmp(i->volumes[k]->device, sim_param(c->q, "BlockDeviceMapping.1.DeviceName")))
            i->volumes[k]->keep = strcasecmp(keep, "true") != 0;
    SIM_LIT(c->out, "<return>true</return>");
}

void ec2_describe_instance_attribute(struct ec2_call *c)
{
    const struct ec2_instance *i = ec2_instance_find(c);
    const char *name = sim_param(c->q, "Attribute");
    if (!i)
        return;
    sim_elem(c->out, "instanceId", i->res.id);
    if (!strcmp(name, "groupSet")) {
        SIM_LIT(c->out, "<groupSet>");
        for (size_t k = 0; k < i->n_groups; k++)
            sim_text_fmt(c->out, "<item><groupId>%s</groupId></item>", i->groups[k]->res.id);
        SIM_LIT(c->out, "</groupSet>");
        return;
    }
    for (int k = 0; k < N_ATTRIBUTES; k++) {
        if (strcmp(attributes[k].name, name) != 0)
            continue;
        sim_open(c->out, name);
        sim_elem(c->out, "value", attributes[k].get(i));
        sim_close(c->out, name);
        return;
    }
    sim_text_fmt(c->out, "<%s/>", name);
}
