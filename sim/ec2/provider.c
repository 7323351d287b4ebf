/* EC2 as a provider: its settings, routes, and the life of its state. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "ec2.h"

#define AT(field) offsetof(struct ec2_settings, field)
static const struct sim_setting settings[] = {
    {"region", SIM_WORD, AT(region), "us-east-1", "of seeds and of the metadata service"},
    {"pending_ms", SIM_INT, AT(pending_ms), "0",
     "how long pending takes; 0: the next request sees what comes after"},
    {"stopping_ms", SIM_INT, AT(stopping_ms), "0", "... stopping"},
    {"shutting_down_ms", SIM_INT, AT(shutting_down_ms), "0", "... shutting-down"},
    {"image_ms", SIM_INT, AT(image_ms), "0", "... an image that is being made"},
    {"volume_ms", SIM_INT, AT(volume_ms), "0", "... a volume or snapshot"},
    {"status_ms", SIM_INT, AT(status_ms), "0", "... the status checks after a launch"},
    {"console_ms", SIM_INT, AT(console_ms), "0", "... console output after a launch"},
    {"keep_terminated_ms", SIM_INT, AT(keep_terminated_ms), "3600000",
     "how long terminated instances stay listed"},
    {"visible_after_requests", SIM_INT, AT(visible_after_requests), "0",
     "so many requests do not find a fresh id"},
    {"visible_after_ms", SIM_INT, AT(visible_after_ms), "0", "for so long a fresh id is not found"},
    {"page_cap", SIM_INT, AT(page_cap), "0", "pages hold no more, whatever MaxResults says"},
    {"page_default", SIM_INT, AT(page_default), "0", "the page without MaxResults; 0: all"},
    {"page_empty_every", SIM_INT, AT(page_empty_every), "0",
     "every n-th page is empty and has a token"},
    {"page_trailing_token", SIM_BOOL, AT(page_trailing_token), "true",
     "a full last page has a token for an empty one"},
    {"page_repeat_token", SIM_BOOL, AT(page_repeat_token), "false",
     "the second page's token is the first's: a faulty server"},
    {"throttle_rate", SIM_INT, AT(throttle_rate), "0",
     "requests a second and action, then RequestLimitExceeded; 0: any number"},
    {"throttle_burst", SIM_INT, AT(throttle_burst), "100", "how many at once"},
    {"skew_limit_s", SIM_INT, AT(skew_limit_s), "300", "how far a signature's time may be off"},
    {"skew_code", SIM_WORD, AT(skew_code), "AuthFailure", "EC2's code for a skewed clock"},
    {"secret_code", SIM_WORD, AT(secret_code), "AuthFailure", "EC2's code for a wrong signature"},
    {"instance_limit", SIM_INT, AT(instance_limit), "0", "running instances; 0: any number"},
    {"vcpu_limit", SIM_INT, AT(vcpu_limit), "0", "vCPUs of running instances; 0: any number"},
    {"fail_launches", SIM_INT, AT(fail_launches), "0", "so many launches end instead of running"},
    {"launch_failure", SIM_WORD, AT(launch_failure), "Server.InternalError", "their stateReason"},
    {"strict", SIM_BOOL, AT(strict), "true", "unknown parameters are refused"},
    {"imds_v1", SIM_BOOL, AT(imds_v1), "false", "the metadata service answers without a token"},
    {"imds_down", SIM_BOOL, AT(imds_down), "false", "it answers 503"},
    {"role", SIM_WORD, AT(role), "sim-role",
     "the instance's and the container's role; empty: none"},
    {"credentials_s", SIM_INT, AT(credentials_s), "21600", "how long its keys hold"},
    {"container_token", SIM_WORD, AT(container_token), "",
     "the Authorization the container endpoint asks for"},
};

static const struct sim_route routes[] = {
    {"", "/latest/*", ec2_metadata, "imds"},
    {"GET", "/credentials", ec2_container, "container"},
    {"GET", "/v2/credentials/{}", ec2_container, "container"},
    {"POST", "/*", ec2_query, NULL},
    {"GET", "/*", ec2_query, NULL},
};

static void *create(struct sim *s, void *own)
{
    struct ec2 *cloud = sim_alloc(sizeof *cloud);
    cloud->sim = s;
    cloud->settings = own;
    for (size_t i = 0; i < sizeof cloud->page_key; i++)
        cloud->page_key[i] = (unsigned char)sim_random(s);
    ec2_types_init(cloud);
    ec2_regions_init(cloud);
    ec2_identity_new(cloud, "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    return cloud;
}

static void free_state(void *state)
{
    struct ec2 *cloud = state;
    for (size_t i = 0; i < cloud->n_regions; i++)
        ec2_region_free(cloud->regions[i]);
    free(cloud->regions);
    for (size_t i = 0; i < cloud->types.n; i++)
        ec2_free_res(cloud->types.at[i]);
    free(cloud->types.at);
    sim_map_free(&cloud->types_by_name);
    ec2_identities_free(cloud);
    for (size_t i = 0; i < cloud->words.size; i++)
        free(cloud->words.at[i].value);
    sim_map_free(&cloud->words);
    free(cloud);
}

static void error(struct sim *s, const struct sim_request *q, struct sim_reply *r, unsigned status,
                  const char *code, const char *message)
{
    const char *version = sim_param(q, "Version");
    bool sts = version && !strcmp(version, "2011-06-15");
    if (!*code)
        code = status == 503 ? "Unavailable" : status >= 500 ? "InternalError" : "InvalidRequest";
    if (!*message)
        message = "The simulator was told to fail.";
    ec2_request_id(s, r);
    ec2_error_body(r, sts, status, code, message);
}

static void status(void *state, struct sim_text *json)
{
    static const char *const names[EC2_TYPES] = {
        [EC2_INSTANCE] = "instances", [EC2_IMAGE] = "images",   [EC2_KEY] = "keys",
        [EC2_GROUP] = "groups",       [EC2_VOLUME] = "volumes", [EC2_SNAPSHOT] = "snapshots",
        [EC2_ADDRESS] = "addresses"};
    const struct ec2 *cloud = state;
    const char *between = "";
    for (int type = 0; type < EC2_TYPES; type++) {
        size_t n = 0;
        if (!names[type])
            continue;
        for (size_t i = 0; i < cloud->n_regions; i++)
            n += cloud->regions[i]->stores[type].n;
        sim_text_fmt(json, "%s\"%s\": %zu", between, names[type], n);
        between = ", ";
    }
}

static const char help[] =
    "  EC2's query API with its errors and STS, on any path; the region is the signature's.\n"
    "  Keys: AKIAIOSFODNN7EXAMPLE and wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY, or those of the\n"
    "  seed. The metadata service is under /latest/ (AWS_EC2_METADATA_SERVICE_ENDPOINT), the\n"
    "  container's credentials are /credentials (AWS_CONTAINER_CREDENTIALS_FULL_URI).\n";

const struct sim_provider sim_ec2 = {
    .name = "ec2",
    .title = "Amazon EC2 and STS",
    .routes = routes,
    .n_routes = sizeof routes / sizeof *routes,
    .settings = settings,
    .n_settings = sizeof settings / sizeof *settings,
    .settings_size = sizeof(struct ec2_settings),
    .create = create,
    .free = free_state,
    .seed = ec2_seed,
    .action = ec2_action_name,
    .error = error,
    .status = status,
    .help = help,
};
