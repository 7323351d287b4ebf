/* Instance types: a table of common ones, more by seed, and their XML. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

/* Flags: c current, f free tier, m bare metal, b burstable. */
static const struct row {
    const char *name;
    unsigned short vcpus, cores;
    int memory_mib;
    const char *arch, *flags;
    int storage_gb;
    const char *network, *gpu;
    int gpus, gpu_mib;
} rows[] = {
    {"t1.micro", 1, 1, 627, "i386 x86_64", "", 0, "Very Low", NULL, 0, 0},
    {"t2.nano", 1, 1, 512, "i386 x86_64", "cb", 0, "Low to Moderate", NULL, 0, 0},
    {"t2.micro", 1, 1, 1024, "i386 x86_64", "cfb", 0, "Low to Moderate", NULL, 0, 0},
    {"t2.small", 1, 1, 2048, "i386 x86_64", "cb", 0, "Low to Moderate", NULL, 0, 0},
    {"t2.medium", 2, 2, 4096, "i386 x86_64", "cb", 0, "Low to Moderate", NULL, 0, 0},
    {"t2.large", 2, 2, 8192, "x86_64", "cb", 0, "Low to Moderate", NULL, 0, 0},
    {"t3.nano", 2, 1, 512, "x86_64", "cb", 0, "Up to 5 Gigabit", NULL, 0, 0},
    {"t3.micro", 2, 1, 1024, "x86_64", "cfb", 0, "Up to 5 Gigabit", NULL, 0, 0},
    {"t3.small", 2, 1, 2048, "x86_64", "cb", 0, "Up to 5 Gigabit", NULL, 0, 0},
    {"t3.medium", 2, 1, 4096, "x86_64", "cb", 0, "Up to 5 Gigabit", NULL, 0, 0},
    {"t3.large", 2, 1, 8192, "x86_64", "cb", 0, "Up to 5 Gigabit", NULL, 0, 0},
    {"t3.xlarge", 4, 2, 16384, "x86_64", "cb", 0, "Up to 5 Gigabit", NULL, 0, 0},
    {"t3.2xlarge", 8, 4, 32768, "x86_64", "cb", 0, "Up to 5 Gigabit", NULL, 0, 0},
    {"t4g.nano", 2, 2, 512, "arm64", "cb", 0, "Up to 5 Gigabit", NULL, 0, 0},
    {"t4g.micro", 2, 2, 1024, "arm64", "cb", 0, "Up to 5 Gigabit", NULL, 0, 0},
    {"t4g.small", 2, 2, 2048, "arm64", "cb", 0, "Up to 5 Gigabit", NULL, 0, 0},
    {"t4g.medium", 2, 2, 4096, "arm64", "cb", 0, "Up to 5 Gigabit", NULL, 0, 0},
    {"m1.small", 1, 1, 1740, "i386 x86_64", "", 160, "Low", NULL, 0, 0},
    {"m4.large", 2, 1, 8192, "x86_64", "c", 0, "Moderate", NULL, 0, 0},
    {"m5.large", 2, 1, 8192, "x86_64", "c", 0, "Up to 10 Gigabit", NULL, 0, 0},
    {"m5.xlarge", 4, 2, 16384, "x86_64", "c", 0, "Up to 10 Gigabit", NULL, 0, 0},
    {"m5.2xlarge", 8, 4, 32768, "x86_64", "c", 0, "Up to 10 Gigabit", NULL, 0, 0},
    {"m5.metal", 96, 48, 393216, "x86_64", "cm", 0, "25 Gigabit", NULL, 0, 0},
    {"m5d.large", 2, 1, 8192, "x86_64", "c", 75, "Up to 10 Gigabit", NULL, 0, 0},
    {"m6i.large", 2, 1, 8192, "x86_64", "c", 0, "Up to 12.5 Gigabit", NULL, 0, 0},
    {"m6i.xlarge", 4, 2, 16384, "x86_64", "c", 0, "Up to 12.5 Gigabit", NULL, 0, 0},
    {"m7g.medium", 1, 1, 4096, "arm64", "c", 0, "Up to 12.5 Gigabit", NULL, 0, 0},
    {"m7g.large", 2, 2, 8192, "arm64", "c", 0, "Up to 12.5 Gigabit", NULL, 0, 0},
    {"c5.large", 2, 1, 4096, "x86_64", "c", 0, "Up to 10 Gigabit", NULL, 0, 0},
    {"c5.xlarge", 4, 2, 8192, "x86_64", "c", 0, "Up to 10 Gigabit", NULL, 0, 0},
    {"c6g.large", 2, 2, 4096, "arm64", "c", 0, "Up to 10 Gigabit", NULL, 0, 0},
    {"c7i.large", 2, 1, 4096, "x86_64", "c", 0, "Up to 12.5 Gigabit", NULL, 0, 0},
    {"r5.large", 2, 1, 16384, "x86_64", "c", 0, "Up to 10 Gigabit", NULL, 0, 0},
    {"r6g.large", 2, 2, 16384, "arm64", "c", 0, "Up to 10 Gigabit", NULL, 0, 0},
    {"i3.large", 2, 1, 15616, "x86_64", "c", 475, "Up to 10 Gigabit", NULL, 0, 0},
    {"i3.metal", 72, 36, 524288, "x86_64", "cm", 15200, "25 Gigabit", NULL, 0, 0},
    {"g4dn.xlarge", 4, 2, 16384, "x86_64", "c", 125, "Up to 25 Gigabit", "T4", 1, 16384},
    {"g5.xlarge", 4, 2, 16384, "x86_64", "c", 250, "Up to 10 Gigabit", "A10G", 1, 22888},
    {"p4d.24xlarge", 96, 48, 1179648, "x86_64", "c", 8000, "4x 100 Gigabit", "A100", 8, 40960},
    {"u-6tb1.112xlarge", 448, 224, 6291456, "x86_64", "c", 0, "100 Gigabit", NULL, 0, 0},
};

struct ec2_instance_type *ec2_type_find(struct ec2 *cloud, const char *name)
{
    return sim_map_get(&cloud->types_by_name, name);
}

struct ec2_instance_type *ec2_type_add(struct ec2 *cloud, const char *name)
{
    struct ec2_instance_type *t = sim_alloc(sizeof *t);
    snprintf(t->res.id, sizeof t->res.id, "%s", name);
    t->res.type = EC2_INSTANCE_TYPE;
    t->res.seq = ++cloud->seq;
    t->arch = "x86_64";
    t->network = "Up to 10 Gigabit";
    t->hypervisor = "nitro";
    t->current = true;
    SIM_PUSH(cloud->types.at, cloud->types.n, cloud->types.size);
    cloud->types.at[cloud->types.n++] = &t->res;
    sim_map_put(&cloud->types_by_name, t->res.id, t);
    return t;
}

static void add_row(struct ec2 *cloud, const struct row *row)
{
    struct ec2_instance_type *t = ec2_type_add(cloud, row->name);
    t->vcpus = row->vcpus;
    t->cores = row->cores;
    t->memory_mib = row->memory_mib;
    t->arch = row->arch;
    t->current = strchr(row->flags, 'c');
    t->free_tier = strchr(row->flags, 'f');
    t->metal = strchr(row->flags, 'm');
    t->burst = strchr(row->flags, 'b');
    t->hypervisor = strncmp(row->name, "t1.", 3) && strncmp(row->name, "t2.", 3) &&
                            strncmp(row->name, "m1.", 3) && strncmp(row->name, "m4.", 3) &&
                            strncmp(row->name, "i3.l", 4)
                        ? "nitro"
                        : "xen";
    t->storage_gb = row->storage_gb;
    t->network = row->network;
    t->gpu = row->gpu;
    t->gpus = row->gpus;
    t->gpu_mib = row->gpu_mib;
}

void ec2_types_init(struct ec2 *cloud)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        add_row(cloud, &rows[i]);
}

static const struct ec2_instance_type *type_of(const void *o)
{
    return o;
}

static void get_name(const void *o, struct ec2_values *v)
{
    ec2_value(v, type_of(o)->res.id);
}

static void get_current(const void *o, struct ec2_values *v)
{
    ec2_value_bool(v, type_of(o)->current);
}

static void get_free(const void *o, struct ec2_values *v)
{
    ec2_value_bool(v, type_of(o)->free_tier);
}

static void get_metal(const void *o, struct ec2_values *v)
{
    ec2_value_bool(v, type_of(o)->metal);
}

static void get_burst(const void *o, struct ec2_values *v)
{
    ec2_value_bool(v, type_of(o)->burst);
}

static void get_arch(const void *o, struct ec2_values *v)
{
    const char *arch = type_of(o)->arch;
    for (size_t len; *arch; arch += len + (arch[len] == ' ')) {
        len = strcspn(arch, " ");
        ec2_value_fmt(v, "%.*s", (int)len, arch);
    }
}

static void get_hypervisor(const void *o, struct ec2_values *v)
{
    ec2_value(v, type_of(o)->hypervisor);
}

static void get_memory(const void *o, struct ec2_values *v)
{
    ec2_value_fmt(v, "%lld", (long long)type_of(o)->memory_mib);
}

static void get_vcpus(const void *o, struct ec2_values *v)
{
    ec2_value_fmt(v, "%lld", (long long)type_of(o)->vcpus);
}

static void get_storage(const void *o, struct ec2_values *v)
{
    ec2_value_bool(v, type_of(o)->storage_gb > 0);
}

static const struct ec2_field fields[] = {
    {"instance-type", get_name},
    {"current-generation", get_current},
    {"free-tier-eligible", get_free},
    {"bare-metal", get_metal},
    {"burstable-performance-supported", get_burst},
    {"processor-info.supported-architecture", get_arch},
    {"hypervisor", get_hypervisor},
    {"memory-info.size-in-mib", get_memory},
    {"vcpu-info.default-vcpus", get_vcpus},
    {"instance-storage-supported", get_storage},
};

static bool everyone(struct ec2_call *c, const struct ec2_res *res)
{
    (void)c, (void)res;
    return true;
}

#define KIND(name, low)                                                                            \
    const struct ec2_kind name = {EC2_INSTANCE_TYPE,                                               \
                                  "InstanceType",                                                  \
                                  NULL,                                                            \
                                  "InvalidInstanceType",                                           \
                                  "InvalidInstanceType",                                           \
                                  "following supplied instance type",                              \
                                  fields,                                                          \
                                  sizeof fields / sizeof *fields,                                  \
                                  NULL,                                                            \
                                  everyone,                                                        \
                                  NULL,                                                            \
                                  5,                                                               \
                                  low}
KIND(ec2_instance_types, 100);
static KIND(offerings, 1000);

/* Words, each as an item. */
static void put_words(struct sim_text *out, const char *name, const char *words)
{
    sim_open(out, name);
    for (size_t len; *words; words += len + (words[len] == ' ')) {
        len = strcspn(words, " ");
        sim_text_fmt(out, "<item>%.*s</item>", (int)len, words);
    }
    sim_close(out, name);
}

static void put_storage(struct sim_text *out, const struct ec2_instance_type *t)
{
    sim_elem_bool(out, "instanceStorageSupported", t->storage_gb > 0);
    if (t->storage_gb > 0)
        sim_text_fmt(out,
                     "<instanceStorageInfo><totalSizeInGB>%lld</totalSizeInGB><disks><item>"
                     "<sizeInGB>%lld</sizeInGB><count>1</count><type>ssd</type></item></disks>"
                     "<nvmeSupport>required</nvmeSupport></instanceStorageInfo>",
                     (long long)t->storage_gb, (long long)t->storage_gb);
}

static void put_gpu(struct sim_text *out, const struct ec2_instance_type *t)
{
    if (!t->gpu)
        return;
    SIM_LIT(out, "<gpuInfo><gpus><item>");
    sim_elem(out, "name", t->gpu);
    SIM_LIT(out, "<manufacturer>NVIDIA</manufacturer>");
    sim_elem_int(out, "count", t->gpus);
    sim_text_fmt(out,
                 "<memoryInfo><sizeInMiB>%lld</sizeInMiB></memoryInfo></item></gpus>"
                 "<totalGpuMemoryInMiB>%lld</totalGpuMemoryInMiB></gpuInfo>",
                 (long long)t->gpu_mib, (long long)t->gpu_mib * t->gpus);
}

static void put_type(struct sim_text *out, const struct ec2_instance_type *t)
{
    SIM_LIT(out, "<item>");
    sim_elem(out, "instanceType", t->res.id);
    sim_elem_bool(out, "currentGeneration", t->current);
    sim_elem_bool(out, "freeTierEligible", t->free_tier);
    put_words(out, "supportedUsageClasses", "on-demand spot");
    put_words(out, "supportedRootDeviceTypes", t->storage_gb ? "ebs instance-store" : "ebs");
    put_words(out, "supportedVirtualizationTypes", "hvm");
    sim_elem_bool(out, "bareMetal", t->metal);
    if (!t->metal)
        sim_elem(out, "hypervisor", t->hypervisor);
    SIM_LIT(out, "<processorInfo>");
    put_words(out, "supportedArchitectures", t->arch);
    SIM_LIT(out, "<sustainedClockSpeedInGhz>2.5</sustainedClockSpeedInGhz></processorInfo>"
                 "<vCpuInfo>");
    sim_elem_int(out, "defaultVCpus", t->vcpus);
    sim_elem_int(out, "defaultCores", t->cores);
    sim_elem_int(out, "defaultThreadsPerCore", t->cores ? t->vcpus / t->cores : 1);
    SIM_LIT(out, "</vCpuInfo><memoryInfo>");
    sim_elem_int(out, "sizeInMiB", t->memory_mib);
    SIM_LIT(out, "</memoryInfo>");
    put_storage(out, t);
    SIM_LIT(out, "<ebsInfo><ebsOptimizedSupport>default</ebsOptimizedSupport>"
                 "<encryptionSupport>supported</encryptionSupport></ebsInfo><networkInfo>");
    sim_elem(out, "networkPerformance", t->network);
    SIM_LIT(out, "<maximumNetworkInterfaces>4</maximumNetworkInterfaces>"
                 "<ipv4AddressesPerInterface>15</ipv4AddressesPerInterface>"
                 "<ipv6Supported>true</ipv6Supported></networkInfo>");
    put_gpu(out, t);
    sim_elem_bool(out, "hibernationSupported", t->current && !t->metal);
    sim_elem_bool(out, "burstablePerformanceSupported", t->burst);
    put_words(out, "supportedBootModes", "legacy-bios uefi");
    SIM_LIT(out, "</item>");
}

void ec2_describe_instance_types(struct ec2_call *c)
{
    struct ec2_selection s;
    if (!ec2_select(c, &ec2_instance_types, &s))
        return;
    SIM_LIT(c->out, "<instanceTypeSet>");
    for (size_t i = 0; i < s.n; i++)
        put_type(c->out, (const struct ec2_instance_type *)s.at[i]);
    SIM_LIT(c->out, "</instanceTypeSet>");
    ec2_put_next(c, &s);
    free(s.at);
}

void ec2_describe_instance_type_offerings(struct ec2_call *c)
{
    struct ec2_selection s;
    const char *kind = sim_param(c->q, "LocationType");
    bool region = !kind || !strcmp(kind, "region");
    bool ids = kind && !strcmp(kind, "availability-zone-id");
    if (!ec2_select(c, &offerings, &s))
        return;
    SIM_LIT(c->out, "<instanceTypeOfferingSet>");
    for (size_t i = 0; i < s.n; i++)
        for (int zone = 0; zone < (region ? 1 : 3); zone++) {
            SIM_LIT(c->out, "<item>");
            sim_elem(c->out, "instanceType", s.at[i]->id);
            sim_elem(c->out, "locationType", kind ? kind : "region");
            if (region)
                sim_elem(c->out, "location", c->region->name);
            else if (ids)
                sim_text_fmt(c->out, "<location>%s-az%d</location>", c->region->short_name,
                             zone + 1);
            else
                sim_text_fmt(c->out, "<location>%s%c</location>", c->region->name, 'a' + zone);
            SIM_LIT(c->out, "</item>");
        }
    SIM_LIT(c->out, "</instanceTypeOfferingSet>");
    ec2_put_next(c, &s);
    free(s.at);
}
