/* Names and types of fields; names of states. */
#include <string.h>

#include "object_int.h"

static const struct {
    const char *name;
    enum nube_type type;
} fields[NUBE_FIELD_COUNT] = {
    [NUBE_ID] = {"id", NUBE_TYPE_STRING},
    [NUBE_NAME] = {"name", NUBE_TYPE_STRING},
    [NUBE_STATE] = {"state", NUBE_TYPE_INT},
    [NUBE_RAW_STATE] = {"raw_state", NUBE_TYPE_STRING},
    [NUBE_IMAGE] = {"image", NUBE_TYPE_STRING},
    [NUBE_SIZE] = {"size", NUBE_TYPE_STRING},
    [NUBE_LOCATION] = {"location", NUBE_TYPE_STRING},
    [NUBE_KEYS] = {"keys", NUBE_TYPE_LIST},
    [NUBE_OWNER] = {"owner_id", NUBE_TYPE_STRING},
    [NUBE_CREATED] = {"created", NUBE_TYPE_INT},
    [NUBE_TAGS] = {"tags", NUBE_TYPE_PAIR},
    [NUBE_METADATA] = {"metadata", NUBE_TYPE_PAIR},
    [NUBE_FIREWALLS] = {"firewalls", NUBE_TYPE_LIST},
    [NUBE_AUTH_TYPE] = {"auth_type", NUBE_TYPE_STRING},
    [NUBE_USERNAME] = {"username", NUBE_TYPE_STRING},
    [NUBE_PASSWORD] = {"password", NUBE_TYPE_STRING},
    [NUBE_RAM] = {"ram", NUBE_TYPE_INT},
    [NUBE_CORES] = {"cores", NUBE_TYPE_NUMBER},
    [NUBE_DISK] = {"disk", NUBE_TYPE_INT},
    [NUBE_BANDWIDTH] = {"bandwidth", NUBE_TYPE_INT},
    [NUBE_PRICE] = {"price", NUBE_TYPE_NUMBER},
    [NUBE_CURRENCY] = {"currency", NUBE_TYPE_STRING},
    [NUBE_DEFAULT] = {"default", NUBE_TYPE_BOOL},
    [NUBE_DRIVER] = {"driver", NUBE_TYPE_STRING},
    [NUBE_ARCHITECTURE] = {"architecture", NUBE_TYPE_STRING},
    [NUBE_OS] = {"os", NUBE_TYPE_STRING},
    [NUBE_DISTRIBUTION] = {"distribution", NUBE_TYPE_STRING},
    [NUBE_PUBLIC] = {"public", NUBE_TYPE_BOOL},
    [NUBE_STAR] = {"star", NUBE_TYPE_BOOL},
    [NUBE_COUNTRY] = {"country", NUBE_TYPE_STRING},
    [NUBE_LOCATION_KIND] = {"kind", NUBE_TYPE_STRING},
    [NUBE_PARENT] = {"parent", NUBE_TYPE_STRING},
    [NUBE_FINGERPRINTS] = {"fingerprints", NUBE_TYPE_LIST},
    [NUBE_PUBLIC_KEY] = {"public_key", NUBE_TYPE_STRING},
    [NUBE_PRIVATE_KEY] = {"private_key", NUBE_TYPE_STRING},
    [NUBE_NODE] = {"node", NUBE_TYPE_STRING},
    [NUBE_DESCRIPTION] = {"description", NUBE_TYPE_STRING},
    [NUBE_BACKEND] = {"backend", NUBE_TYPE_STRING},
    [NUBE_PROVIDER] = {"provider", NUBE_TYPE_STRING},
};

static const char *const states[] = {
    [NUBE_STATE_UNKNOWN] = "unknown",       [NUBE_STATE_PENDING] = "pending",
    [NUBE_STATE_RUNNING] = "running",       [NUBE_STATE_REBOOTING] = "rebooting",
    [NUBE_STATE_STOPPING] = "stopping",     [NUBE_STATE_STOPPED] = "stopped",
    [NUBE_STATE_SUSPENDED] = "suspended",   [NUBE_STATE_PAUSED] = "paused",
    [NUBE_STATE_UPDATING] = "updating",     [NUBE_STATE_MIGRATING] = "migrating",
    [NUBE_STATE_TERMINATED] = "terminated", [NUBE_STATE_ERROR] = "error",
};
enum { N_STATES = sizeof(states) / sizeof(*states) };

const char *nube_field_name(enum nube_field field)
{
    return (unsigned)field < NUBE_FIELD_COUNT ? fields[field].name : NULL;
}

int nube_field_type(enum nube_field field)
{
    return nube_field_name(field) ? (int)fields[field].type : -1;
}

enum nube_field nube_field_find(const char *name)
{
    unsigned i;

    for (i = 1; name && i < NUBE_FIELD_COUNT; i++)
        if (strcmp(fields[i].name, name) == 0)
            return (enum nube_field)i;
    return NUBE_FIELD_NONE;
}

const char *nube_state_name(int state)
{
    return state >= 0 && state < N_STATES ? states[state] : states[NUBE_STATE_UNKNOWN];
}

int nube_state_find(const char *name)
{
    int i;

    for (i = 0; name && i < N_STATES; i++)
        if (strcmp(states[i], name) == 0)
            return i;
    return -1;
}
