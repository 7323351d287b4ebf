/* The account's surroundings: locations, the check of credentials, and raw requests. */
#include <string.h>

#include "ec2.h"

/* ---- Locations ---------------------------------------------------------------------- */

static const struct nube_field_row zone_rows[] = {
    {"zoneName", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"zoneName", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"regionName", NUBE_PARENT, NUBE_TYPE_STRING, NULL},
    {"zoneId", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "zone_id"},
    {"zoneType", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "zone_type"},
    {"groupName", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "group"},
    {"networkBorderGroup", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "network_border_group"},
    {"parentZoneName", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "parent_zone"},
    {"optInStatus", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "opt_in"},
};

static void zone(nube_call *c, const nube_doc *item)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_LOCATION);

    ec2_fields(c, o, item, zone_rows, EC2_ROWS(zone_rows));
    nube_set(o, NUBE_LOCATION_KIND, "zone");
    nube_set_state(o, ec2_text(c, item, "zoneState"));
}

static const struct nube_field_row region_rows[] = {
    {"regionName", NUBE_ID, NUBE_TYPE_STRING, NULL},
    {"regionName", NUBE_NAME, NUBE_TYPE_STRING, NULL},
    {"regionEndpoint", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "endpoint"},
    {"optInStatus", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "opt_in"},
};

static void region(nube_call *c, const nube_doc *item)
{
    nube_obj *o = nube_emit(c, NUBE_KIND_LOCATION);

    ec2_fields(c, o, item, region_rows, EC2_ROWS(region_rows));
    nube_set(o, NUBE_LOCATION_KIND, "region");
}

static void all_zones(nube_call *c, nube_req *q)
{
    if (nube_arg_bool(c, "all", 0))
        nube_req_form(q, "AllAvailabilityZones", "true");
}

static void all_regions(nube_call *c, nube_req *q)
{
    if (nube_arg_bool(c, "all", 0))
        nube_req_form(q, "AllRegions", "true");
}

/* The zones of the backend's regions; or, when asked, the regions that the account may use. */
enum nube_step ec2_location_list(nube_call *c, const nube_reply *r)
{
    static const struct ec2_list zones = {"DescribeAvailabilityZones", "availabilityZoneInfo", zone,
                                          0, all_zones};
    static const struct ec2_list regions = {"DescribeRegions", "regionInfo", region, 0,
                                            all_regions};
    const char *kind = nube_arg_str(c, "kind");

    if (kind && strcmp(kind, "region") == 0)
        return ec2_list(c, r, &regions, 0);
    return ec2_list(c, r, &zones, -1);
}

/* ---- Check -------------------------------------------------------------------------- */

/* What nearly every account may do, and every imitation of EC2 can: credentials, clock, region. */
enum nube_step ec2_check(nube_call *c, const nube_reply *r)
{
    if (r)
        return ec2_reply(c, r, "availabilityZoneInfo") ? NUBE_DONE : NUBE_FAIL;
    ec2_read(c, 0, "DescribeAvailabilityZones");
    return NUBE_SEND;
}

/* ---- Raw ---------------------------------------------------------------------------- */

static int has_parameter(nube_call *c, const char *name)
{
    const char *key, *value;
    size_t i;

    for (i = 0; nube_arg_pair(c, "query", i, &key, &value); i++)
        if (strcmp(key, name) == 0)
            return 1;
    return 0;
}

static void add_parameters(nube_call *c, nube_req *q, const char *version, int form)
{
    void (*put)(nube_req *, const char *, const char *) = form ? nube_req_form : nube_req_query;
    const char *key, *value;
    size_t i;

    for (i = 0; nube_arg_pair(c, "query", i, &key, &value); i++)
        put(q, key, value);
    if (!has_parameter(c, "Version"))
        put(q, "Version", version);
}

static int reads_only(nube_call *c)
{
    const char *key, *value;
    size_t i;

    for (i = 0; nube_arg_pair(c, "query", i, &key, &value); i++)
        if (strcmp(key, "Action") == 0)
            return strncmp(value, "Describe", 8) == 0 || strncmp(value, "Get", 3) == 0;
    return 0;
}

static void answer(nube_call *c, const nube_reply *r)
{
    size_t len;
    const char *text = nube_reply_body(r, &len);

    nube_out_data(c, NUBE_STDOUT, text, len);
}

/* One action, its parameters in the body or, with GET, in the URL; signed for EC2 or for the token
 * service. */
enum nube_step ec2_raw(nube_call *c, const nube_reply *r)
{
    const char *method = nube_arg_str(c, "method"), *service = nube_arg_str(c, "service");
    int get = method && strcmp(method, "GET") == 0, sts = service && strcmp(service, "sts") == 0;
    int region = ec2_region_arg(c), safe = reads_only(c);
    const char *path = nube_arg_str(c, "path");
    nube_req *q;

    if (r) {
        answer(c, r);
        return NUBE_DONE;
    }
    if (region < 0)
        return NUBE_FAIL;
    if (get && !safe)
        return nube_fail(c, NUBE_E_USAGE,
                         "GET is for actions that read (Describe..., Get...); use POST");
    q = nube_req_new(c, get ? NUBE_GET : NUBE_POST, sts ? "sts" : nube_fmt(c, "ec2.%d", region));
    nube_req_tag(q, sts ? EC2_TAG_STS : region);
    if (path && strcmp(path, "/") != 0 && *path)
        nube_req_path(q, path);
    add_parameters(c, q, sts ? "2011-06-15" : EC2_VERSION, !get);
    if (safe)
        nube_req_flag(q, NUBE_REQ_SAFE);
    return NUBE_SEND;
}
