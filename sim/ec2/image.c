/* Images: what a region offers, filters over them, their XML. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

static const struct row {
    const char *name, *description, *owner, *alias, *arch, *platform, *root;
    int gb;
} rows[] = {
    {"al2023-ami-2023.6.20241121.0-kernel-6.1-x86_64", "Amazon Linux 2023 AMI", "137112412989",
     "amazon", "x86_64", NULL, "/dev/xvda", 8},
    {"al2023-ami-2023.7.20250331.0-kernel-6.1-x86_64", "Amazon Linux 2023 AMI", "137112412989",
     "amazon", "x86_64", NULL, "/dev/xvda", 8},
    {"al2023-ami-2023.7.20250331.0-kernel-6.1-arm64", "Amazon Linux 2023 AMI", "137112412989",
     "amazon", "arm64", NULL, "/dev/xvda", 8},
    {"ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20241120",
     "Canonical, Ubuntu, 22.04 LTS, amd64 jammy image", "099720109477", NULL, "x86_64", NULL,
     "/dev/sda1", 8},
    {"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20241119",
     "Canonical, Ubuntu, 24.04 LTS, amd64 noble image", "099720109477", NULL, "x86_64", NULL,
     "/dev/sda1", 8},
    {"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20250305",
     "Canonical, Ubuntu, 24.04 LTS, amd64 noble image", "099720109477", NULL, "x86_64", NULL,
     "/dev/sda1", 8},
    {"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-20250305",
     "Canonical, Ubuntu, 24.04 LTS, arm64 noble image", "099720109477", NULL, "arm64", NULL,
     "/dev/sda1", 8},
    {"debian-12-amd64-20241110-1927", "Debian 12 (20241110-1927)", "136693071363", NULL, "x86_64",
     NULL, "/dev/xvda", 8},
    {"debian-12-amd64-20250316-2053", "Debian 12 (20250316-2053)", "136693071363", NULL, "x86_64",
     NULL, "/dev/xvda", 8},
    {"debian-12-arm64-20250316-2053", "Debian 12 (20250316-2053)", "136693071363", NULL, "arm64",
     NULL, "/dev/xvda", 8},
    {"Windows_Server-2022-English-Full-Base-2025.03.12",
     "Microsoft Windows Server 2022 Full Locale English AMI provided by Amazon", "801119661308",
     "amazon", "x86_64", "windows", "/dev/sda1", 30},
};

struct ec2_image *ec2_image_new(struct ec2_region *region, const char *account, const char *id,
                                const char *name)
{
    struct ec2_image *m = sim_alloc(sizeof *m);
    m->arch = "x86_64";
    m->root_device = "/dev/xvda";
    m->virtualization = "hvm";
    m->hypervisor = "xen";
    m->state = "available";
    m->description = sim_strdup("");
    m->res.name = sim_strdup(name);
    ec2_add(region, &m->res, EC2_IMAGE, account, id);
    return m;
}

/* Ids are the same in every run: of the region and the name. */
void ec2_images_init(struct ec2_region *region)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char id[32];
        char *seed = sim_fmt("%s/%s", region->name, rows[i].name);
        uint64_t h = ec2_hash(seed);
        snprintf(id, sizeof id, "ami-0%016llx", (unsigned long long)h);
        free(seed);
        struct ec2_image *m = ec2_image_new(region, rows[i].owner, id, rows[i].name);
        free(m->description);
        m->description = sim_strdup(rows[i].description);
        m->owner_alias = rows[i].alias;
        m->arch = rows[i].arch;
        m->platform = rows[i].platform;
        m->root_device = rows[i].root;
        m->is_public = true;
        /* Older ones come first and differ by a month. */
        m->res.created = 1732147200000 + (int64_t)i * 2592000000;
        m->snapshot = ec2_snapshot_new(region, rows[i].owner, rows[i].gb, "vol-ffffffff");
        m->snapshot->images++;
    }
}

static bool shared_with(const struct ec2_image *m, const char *account)
{
    for (size_t i = 0; i < m->n_shared; i++)
        if (m->shared[i] == account)
            return true;
    return false;
}

bool ec2_image_shown(struct ec2_call *c, const struct ec2_res *res)
{
    const struct ec2_image *m = (const struct ec2_image *)res;
    return res->owner == c->account || m->is_public || shared_with(m, c->account);
}

/* Owner.N and ExecutableBy.N. */
static bool by_owner(struct ec2_call *c, const struct ec2_image *m)
{
    const char *want;
    int n = 1;
    for (; (want = sim_paramf(c->q, "Owner.%d", n)); n++)
        if (!strcmp(want, m->res.owner) || (m->owner_alias && !strcmp(want, m->owner_alias)) ||
            (!strcmp(want, "self") && m->res.owner == c->account))
            return true;
    return n == 1;
}

static bool by_launcher(struct ec2_call *c, const struct ec2_image *m)
{
    const char *want;
    int n = 1;
    for (; (want = sim_paramf(c->q, "ExecutableBy.%d", n)); n++) {
        bool self = !strcmp(want, "self");
        if ((!strcmp(want, "all") && m->is_public) || (self && shared_with(m, c->account)))
            return true;
    }
    return n == 1;
}

static bool listed(struct ec2_call *c, const struct ec2_res *res)
{
    const struct ec2_image *m = (const struct ec2_image *)res;
    return by_owner(c, m) && by_launcher(c, m);
}

static void settle(struct ec2_call *c, struct ec2_res *res)
{
    struct ec2_image *m = (struct ec2_image *)res;
    if (m->due && c->now >= m->due) {
        m->state = "available";
        m->due = 0;
    }
}

static const struct ec2_image *image_of(const void *o)
{
    return o;
}

static void get_id(const void *o, struct ec2_values *v)
{
    ec2_value(v, image_of(o)->res.id);
}

static void get_name(const void *o, struct ec2_values *v)
{
    ec2_value(v, image_of(o)->res.name);
}

static void get_description(const void *o, struct ec2_values *v)
{
    ec2_value(v, image_of(o)->description);
}

static void get_arch(const void *o, struct ec2_values *v)
{
    ec2_value(v, image_of(o)->arch);
}

static void get_state(const void *o, struct ec2_values *v)
{
    ec2_value(v, image_of(o)->state);
}

static void get_public(const void *o, struct ec2_values *v)
{
    ec2_value_bool(v, image_of(o)->is_public);
}

static void get_owner(const void *o, struct ec2_values *v)
{
    ec2_value(v, image_of(o)->res.owner);
}

static void get_alias(const void *o, struct ec2_values *v)
{
    ec2_value(v, image_of(o)->owner_alias);
}

static void get_root_type(const void *o, struct ec2_values *v)
{
    ec2_value(v, image_of(o)->instance_store ? "instance-store" : "ebs");
}

static void get_root_name(const void *o, struct ec2_values *v)
{
    ec2_value(v, image_of(o)->root_device);
}

static void get_virtualization(const void *o, struct ec2_values *v)
{
    ec2_value(v, image_of(o)->virtualization);
}

static void get_hypervisor(const void *o, struct ec2_values *v)
{
    ec2_value(v, image_of(o)->hypervisor);
}

static void get_platform(const void *o, struct ec2_values *v)
{
    ec2_value(v, image_of(o)->platform);
}

static void get_kind(const void *o, struct ec2_values *v)
{
    (void)o;
    ec2_value(v, "machine");
}

static void get_date(const void *o, struct ec2_values *v)
{
    if (!image_of(o)->no_date)
        ec2_value_time(v, image_of(o)->res.created);
}

static void get_snapshot(const void *o, struct ec2_values *v)
{
    if (image_of(o)->snapshot)
        ec2_value(v, image_of(o)->snapshot->res.id);
}

static const struct ec2_field fields[] = {
    {"image-id", get_id},
    {"name", get_name},
    {"description", get_description},
    {"architecture", get_arch},
    {"state", get_state},
    {"is-public", get_public},
    {"owner-id", get_owner},
    {"owner-alias", get_alias},
    {"root-device-type", get_root_type},
    {"root-device-name", get_root_name},
    {"virtualization-type", get_virtualization},
    {"hypervisor", get_hypervisor},
    {"platform", get_platform},
    {"image-type", get_kind},
    {"creation-date", get_date},
    {"block-device-mapping.snapshot-id", get_snapshot},
};

const struct ec2_kind ec2_images = {EC2_IMAGE,
                                    "ImageId",
                                    NULL,
                                    "InvalidAMIID.NotFound",
                                    "InvalidAMIID.Malformed",
                                    "image id",
                                    fields,
                                    sizeof fields / sizeof *fields,
                                    settle,
                                    ec2_image_shown,
                                    listed,
                                    1,
                                    1000};

static void put_disk(struct sim_text *out, const struct ec2_image *m)
{
    SIM_LIT(out, "<blockDeviceMapping>");
    if (m->snapshot) {
        SIM_LIT(out, "<item>");
        sim_elem(out, "deviceName", m->root_device);
        SIM_LIT(out, "<ebs><deleteOnTermination>true</deleteOnTermination>");
        sim_elem(out, "snapshotId", m->snapshot->res.id);
        sim_elem_int(out, "volumeSize", m->snapshot->size_gb);
        SIM_LIT(out, "<volumeType>gp3</volumeType>");
        sim_elem_bool(out, "encrypted", m->snapshot->encrypted);
        SIM_LIT(out, "</ebs></item>");
    }
    SIM_LIT(out, "</blockDeviceMapping>");
}

static void put_image(struct sim_text *out, const struct ec2_image *m)
{
    SIM_LIT(out, "<item>");
    sim_elem(out, "imageId", m->res.id);
    sim_text_fmt(out, "<imageLocation>%s/", m->owner_alias ? m->owner_alias : m->res.owner);
    sim_text_xml(out, m->res.name);
    SIM_LIT(out, "</imageLocation>");
    sim_elem(out, "imageState", m->state);
    sim_elem(out, "imageOwnerId", m->res.owner);
    if (!m->no_date)
        sim_elem_time(out, "creationDate", m->res.created);
    sim_elem_bool(out, "isPublic", m->is_public);
    sim_elem(out, "architecture", m->arch);
    SIM_LIT(out, "<imageType>machine</imageType>");
    sim_elem(out, "imageOwnerAlias", m->owner_alias);
    sim_elem(out, "platform", m->platform);
    sim_elem(out, "platformDetails", m->platform ? "Windows" : "Linux/UNIX");
    sim_elem(out, "usageOperation", m->platform ? "RunInstances:0002" : "RunInstances");
    sim_elem(out, "name", m->res.name);
    if (*m->description)
        sim_elem(out, "description", m->description);
    sim_elem(out, "rootDeviceType", m->instance_store ? "instance-store" : "ebs");
    sim_elem(out, "rootDeviceName", m->root_device);
    put_disk(out, m);
    sim_elem(out, "virtualizationType", m->virtualization);
    ec2_put_tags(out, &m->res.tags);
    sim_elem(out, "hypervisor", m->hypervisor);
    SIM_LIT(out, "<enaSupport>true</enaSupport><sriovNetSupport>simple</sriovNetSupport>");
    sim_elem(out, "bootMode", m->boot);
    if (*m->source_instance)
        sim_elem(out, "sourceInstanceId", m->source_instance);
    if (!strcmp(m->state, "failed"))
        SIM_LIT(out, "<stateReason><code>Client.InvalidSnapshot.NotFound</code>"
                     "<message>The snapshot does not exist</message></stateReason>");
    SIM_LIT(out, "</item>");
}

void ec2_describe_images(struct ec2_call *c)
{
    struct ec2_selection s;
    if (!ec2_select(c, &ec2_images, &s))
        return;
    SIM_LIT(c->out, "<imagesSet>");
    for (size_t i = 0; i < s.n; i++)
        put_image(c->out, (const struct ec2_image *)s.at[i]);
    SIM_LIT(c->out, "</imagesSet>");
    ec2_put_next(c, &s);
    free(s.at);
}
