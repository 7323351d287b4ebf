/* Instances as nodes: list, get, and how EC2's fields become Nube's. */
#include <stdlib.h>
#include <string.h>

#include "ec2.h"

/* ---- One instance ------------------------------------------------------------------- */

static const struct nube_field_row rows[] = {
    {"instanceId", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"imageId", NUBE_IMAGE, NUBE_TYPE_STRING, NULL},
    {"instanceType", NUBE_SIZE, NUBE_TYPE_STRING, NULL},
    {"placement.availabilityZone", NUBE_LOCATION, NUBE_TYPE_STRING, NULL},
    {"keyName", NUBE_KEYS, NUBE_TYPE_LIST, NULL},
    {"launchTime", NUBE_CREATED, NUBE_TYPE_STRING, NULL},
    {"vpcId", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "vpc_id"},
    {"subnetId", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "subnet_id"},
    {"architecture", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "architecture"},
    {"platform", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "platform"},
    {"platformDetails", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "platform_details"},
    {"instanceLifecycle", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "lifecycle"},
    {"spotInstanceRequestId", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "spot_request_id"},
    {"reason", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "reason"},
    {"stateReason.code", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "state_reason.code"},
    {"stateReason.message", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "state_reason.message"},
    {"iamInstanceProfile.arn", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "instance_profile"},
    {"placement.groupName", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "placement_group"},
    {"placement.hostId", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "host_id"},
    {"clientToken", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "client_token"},
    {"metadataOptions.httpTokens", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "metadata_tokens"},
};

/* Told only when they are not as they nearly always are: a list of thousands is kept in memory. */
static const struct nube_field_row unusual[] = {
    {"rootDeviceType", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "root_device_type"},
    {"placement.tenancy", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "tenancy"},
    {"monitoring.state", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "monitoring"},
    {"virtualizationType", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "virtualization"},
    {"amiLaunchIndex", NUBE_FIELD_NONE, NUBE_TYPE_INT, "launch_index"},
    {"ebsOptimized", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "ebs_optimized"},
    {"sourceDestCheck", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "source_dest_check"},
    {"hibernationOptions.configured", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "hibernation"},
};
static const char *const usual[EC2_ROWS(unusual)] = {
    "ebs", "default", "disabled", "hvm", "0", "false", "true", "false",
};

/* The low byte of a state's number says the same as its word, which some leave out. */
static const char *state_of(nube_call *c, const nube_doc *instance)
{
    const char *word = ec2_text(c, instance, "instanceState.name");
    int64_t code = nube_doc_int(instance, "instanceState.code", -1);

    if (word || code < 0)
        return word;
    switch (code & 0xff) {
    case 0:
        return "pending";
    case 16:
        return "running";
    case 32:
        return "shutting-down";
    case 48:
        return "terminated";
    case 64:
        return "stopping";
    case 80:
        return "stopped";
    default:
        return nube_fmt(c, "%d", (int)(code & 0xff));
    }
}

/* Elastic addresses belong to the account, the others to Amazon. */
static enum nube_address_kind kind_of(const nube_doc *association)
{
    const char *owner = nube_doc_str(association, "ipOwnerId");

    return owner && *owner && strcmp(owner, "amazon") != 0 ? NUBE_ADDRESS_FLOATING
                                                           : NUBE_ADDRESS_FIXED;
}

static void add_address(nube_call *c, nube_obj *o, const nube_doc *doc, const char *path,
                        enum nube_address_kind kind, const char *mac)
{
    const char *text = ec2_text(c, doc, path);

    if (text)
        nube_add_address(o, text, kind, NULL, mac);
}

static void add_interface(nube_call *c, nube_obj *o, const nube_doc *nic)
{
    const char *mac = ec2_text(c, nic, "macAddress");
    const nube_doc *k;

    for (k = nube_doc_first(nube_doc_get(nic, "privateIpAddressesSet")); k; k = nube_doc_next(k)) {
        const nube_doc *association = nube_doc_get(k, "association");

        add_address(c, o, association, "publicIp", kind_of(association), NULL);
        add_address(c, o, k, "privateIpAddress", NUBE_ADDRESS_FIXED, mac);
    }
    for (k = nube_doc_first(nube_doc_get(nic, "ipv6AddressesSet")); k; k = nube_doc_next(k))
        add_address(c, o, k, "ipv6Address", NUBE_ADDRESS_FIXED, mac);
}

/* The interfaces first, since they know more of an address; an instance names its main ones again.
 */
static void add_addresses(nube_call *c, nube_obj *o, const nube_doc *instance)
{
    const nube_doc *k;

    for (k = nube_doc_first(nube_doc_get(instance, "networkInterfaceSet")); k; k = nube_doc_next(k))
        add_interface(c, o, k);
    add_address(c, o, instance, "ipAddress", NUBE_ADDRESS_FIXED, NULL);
    add_address(c, o, instance, "privateIpAddress", NUBE_ADDRESS_FIXED, NULL);
    add_address(c, o, instance, "ipv6Address", NUBE_ADDRESS_FIXED, NULL);
    add_address(c, o, instance, "dnsName", NUBE_ADDRESS_DNS, NULL);
    add_address(c, o, instance, "privateDnsName", NUBE_ADDRESS_DNS, NULL);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* EC2 gives the same groups in another order each time: sorted, two looks are alike. */
static void add_groups(nube_call *c, nube_obj *o, const nube_doc *set)
{
    const char **ids = nube_alloc(c, (nube_doc_count(set) + 1) * sizeof(*ids));
    const nube_doc *k;
    size_t i, n = 0;

    for (k = nube_doc_first(set); k; k = nube_doc_next(k))
        if ((ids[n] = ec2_text(c, k, "groupId")))
            n++;
    if (n > 1)
        qsort(ids, n, sizeof(*ids), by_text);
    for (i = 0; i < n; i++)
        nube_add(o, NUBE_FIREWALLS, ids[i]);
}

static void add_sets(nube_call *c, nube_obj *o, const nube_doc *instance)
{
    add_groups(c, o, nube_doc_get(instance, "groupSet"));
    nube_extra(o, "volumes",
               ec2_join(c, nube_doc_get(instance, "blockDeviceMapping"), "ebs.volumeId"));
    nube_extra(o, "interfaces",
               ec2_join(c, nube_doc_get(instance, "networkInterfaceSet"), "networkInterfaceId"));
}

static void instance(nube_call *c, const nube_doc *doc, const nube_doc *reservation)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_NODE);

    ec2_fields(c, o, doc, rows, EC2_ROWS(rows));
    ec2_fields_but(c, o, doc, unusual, usual, EC2_ROWS(unusual));
    nube_set_state(o, state_of(c, doc));
    ec2_tags(o, doc, 1);
    add_addresses(c, o, doc);
    add_sets(c, o, doc);
    if (nube_doc_str(doc, "keyName"))
        nube_set(o, NUBE_AUTH_TYPE, "key");
    ec2_set(c, o, NUBE_OWNER, reservation, "ownerId");
    ec2_extra(c, o, "reservation_id", reservation, "reservationId");
    ec2_extra(c, o, "requester_id", reservation, "requesterId");
}

void ec2_reservation(nube_call *c, const nube_doc *reservation)
{
    const nube_doc *k;

    for (k = nube_doc_first(nube_doc_get(reservation, "instancesSet")); k; k = nube_doc_next(k))
        instance(c, k, reservation);
}

const nube_doc *ec2_find_instance(nube_call *c, const nube_doc *reply, const char *id,
                                  const nube_doc **reservation)
{
    const nube_doc *r, *k;

    for (r = nube_doc_first(nube_doc_get(reply, "reservationSet")); r; r = nube_doc_next(r))
        for (k = nube_doc_first(nube_doc_get(r, "instancesSet")); k; k = nube_doc_next(k))
            if (ec2_is(c, k, "instanceId", id)) {
                if (reservation)
                    *reservation = r;
                return k;
            }
    return NULL;
}

static void listed(nube_call *c, const nube_doc *reservation)
{
    ec2_reservation(c, reservation);
}

/* ---- Filters ------------------------------------------------------------------------ */

/* Nube's and EC2's words for states, as the filter takes them. */
static const struct {
    const char *state, *words[2];
} states[] = {
    {"pending", {"pending"}},       {"running", {"running"}},
    {"stopped", {"stopped"}},       {"stopping", {"stopping", "shutting-down"}},
    {"terminated", {"terminated"}}, {"shutting-down", {"shutting-down"}},
};

static void filter_state(nube_call *c, struct ec2_filters *f, const char *state)
{
    size_t i;

    for (i = 0; state && i < EC2_ROWS(states); i++)
        if (strcmp(state, states[i].state) == 0) {
            ec2_filter(c, f, "instance-state-name", states[i].words[0]);
            if (states[i].words[1])
                ec2_filter_also(c, f, states[i].words[1]);
        }
}

/* As filters, also for an id: an id that is not there would fail a call that names it. The library
 * looks again at all of them. */
static void narrow(nube_call *c, nube_req *q)
{
    struct ec2_filters f = {q, 0, 0};
    const char *location = nube_arg_str(c, "location");

    ec2_filter(c, &f, "instance-id", nube_arg_str(c, "id"));
    ec2_filter(c, &f, "tag:Name", nube_arg_str(c, "name"));
    ec2_filter(c, &f, "image-id", nube_arg_str(c, "image"));
    filter_state(c, &f, nube_arg_str(c, "state"));
    ec2_filter_tags(c, &f);
    if (location && ec2_region_find(c, location) < 0)
        ec2_filter(c, &f, "availability-zone", location);
}

/* ---- Verbs -------------------------------------------------------------------------- */

enum nube_step ec2_node_list(nube_call *c, const nube_reply *r)
{
    static const struct ec2_list l = {"DescribeInstances", "reservationSet", listed, 1000, narrow};
    const char *location = nube_arg_str(c, "location");
    int region = location ? ec2_region_find(c, location) : -1;

    if (region >= 0)
        nube_filter_done(c, "location");
    if (nube_arg_str(c, "region")) {
        region = ec2_region_arg(c);
        if (region < 0)
            return NUBE_FAIL;
    }
    return ec2_list(c, r, &l, region);
}

/* A node that was made a moment ago and cannot be seen yet. */
static enum nube_step not_yet(nube_call *c, const char *id)
{
    nube_obj *o;

    if (!nube_was_created(c, id))
        return nube_fail(c, NUBE_E_NOT_FOUND, "there is no node %s", id);
    o = nube_emit(c, NUBE_KIND_NODE);
    nube_set(o, NUBE_ID, id);
    nube_set_state(o, "pending");
    return NUBE_DONE;
}

static enum nube_step show(nube_call *c, const nube_reply *r)
{
    struct ec2_target *t = nube_state(c, sizeof(*t));
    const nube_doc *doc, *found, *reservation;

    if (!r) {
        struct ec2_filters f = {ec2_read(c, t->region, "DescribeInstances"), 0, 0};

        ec2_filter(c, &f, "instance-id", nube_arg_str(c, "id"));
        return NUBE_SEND;
    }
    doc = ec2_reply(c, r, "reservationSet");
    if (!doc)
        return NUBE_FAIL;
    found = ec2_find_instance(c, doc, nube_arg_str(c, "id"), &reservation);
    if (!found)
        return not_yet(c, nube_arg_str(c, "id"));
    instance(c, found, reservation);
    return NUBE_DONE;
}

enum nube_step ec2_node_get(nube_call *c, const nube_reply *r)
{
    return ec2_on_node(c, r, nube_state(c, sizeof(struct ec2_target)), show);
}
