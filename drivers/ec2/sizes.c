/* Instance types as sizes, live from the region. */
#include "ec2.h"

static const struct nube_field_row rows[] = {
    {"instanceType", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"instanceType", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"memoryInfo.sizeInMiB", NUBE_RAM, NUBE_TYPE_INT, NULL},
    {"vCpuInfo.defaultVCpus", NUBE_CORES, NUBE_TYPE_NUMBER, NULL},
    {"instanceStorageInfo.totalSizeInGB", NUBE_DISK, NUBE_TYPE_INT, NULL},
    {"currentGeneration", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "current_generation"},
    {"freeTierEligible", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "free_tier"},
    {"bareMetal", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "bare_metal"},
    {"hypervisor", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "hypervisor"},
    {"processorInfo.manufacturer", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "processor"},
    {"networkInfo.networkPerformance", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "network"},
    {"burstablePerformanceSupported", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "burstable"},
    {"hibernationSupported", NUBE_FIELD_NONE, NUBE_TYPE_BOOL, "hibernation"},
};

static void size(nube_call *c, const nube_doc *item)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_SIZE);

    ec2_fields(c, o, item, rows, EC2_ROWS(rows));
    nube_set(o, NUBE_DRIVER, "EC2");
    nube_extra(o, "architectures",
               ec2_join(c, nube_doc_path(item, "processorInfo.supportedArchitectures"), NULL));
    nube_extra(o, "gpus", ec2_join(c, nube_doc_path(item, "gpuInfo.gpus"), "name"));
}

static void narrow(nube_call *c, nube_req *q)
{
    struct ec2_filters f = {q, 0, 0};

    ec2_filter(c, &f, "instance-type",
               nube_arg_str(c, "id") ? nube_arg_str(c, "id") : nube_arg_str(c, "name"));
}

enum nube_step ec2_size_list(nube_call *c, const nube_reply *r)
{
    static const struct ec2_list l = {"DescribeInstanceTypes", "instanceTypeSet", size, 100,
                                      narrow};
    int region = ec2_region_arg(c);

    return region < 0 ? NUBE_FAIL : ec2_list(c, r, &l, region);
}
