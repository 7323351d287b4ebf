/* Endpoints by rule: partitions are told by the form of a region's name, never by a list of
 * regions. */
#include <string.h>

#include "ec2.h"

static const struct partition {
    const char *prefix, *suffix, *dualstack;
} partitions[] = {
    {"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"us-gov-", "amazonaws.com", "api.aws"},
    {"eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
    {"us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
    {"us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    {"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    {"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    {"", "amazonaws.com", "api.aws"}, /* all others, those of tomorrow too */
};

static const struct partition *partition_of(const char *region)
{
    const struct partition *p = partitions;

    while (strncmp(region, p->prefix, strlen(p->prefix)) != 0)
        p++;
    return p;
}

const char *ec2_service_url(nube_call *c, const struct ec2_places *p, const char *service,
                            const char *region)
{
    const struct partition *in = partition_of(region);
    int gov = strcmp(in->prefix, "us-gov-") == 0 && strcmp(service, "ec2") == 0;
    const char *fips = p->fips && !(gov && !p->dualstack) ? "-fips" : "";

    return nube_fmt(c, "https://%s%s.%s.%s", service, fips, region,
                    p->dualstack ? in->dualstack : in->suffix);
}

const char *ec2_signing_region(nube_call *c, const char *region, int *fips)
{
    size_t len = strlen(region);

    if (strncmp(region, "fips-", 5) == 0) {
        *fips = 1;
        return region + 5;
    }
    if (len > 5 && strcmp(region + len - 5, "-fips") == 0) {
        *fips = 1;
        return nube_fmt(c, "%.*s", (int)(len - 5), region);
    }
    return region;
}

const char *ec2_word(nube_call *c, const char *list, int n)
{
    size_t len;

    for (; list && *list; list += len) {
        list += strspn(list, ", ");
        len = strcspn(list, ", ");
        if (len && n-- == 0)
            return nube_fmt(c, "%.*s", (int)len, list);
    }
    return NULL;
}
