/* What servers of Rackspace have beyond Nova's: RackConnect, names of networks, rescue, places. */
#include <string.h>
#include <strings.h>

#include "rackspace.h"

/* The same two in every region, with the names of the panel and of a server's addresses. */
#define PUBLIC  "00000000-0000-0000-0000-000000000000"
#define SERVICE "11111111-1111-1111-1111-111111111111"
const struct nova_network rack_networks[] = {
    {"PublicNet", PUBLIC}, {"public", PUBLIC},   {"ServiceNet", SERVICE},
    {"private", SERVICE},  {"service", SERVICE}, {NULL, NULL},
};

/* ---- Servers ------------------------------------------------------------------------ */

static const struct nube_field_row rows[] = {
    {"tenantId", NUBE_OWNER, NUBE_TYPE_STRING, NULL},
    {"RAX-SI:image_schedule.retention", NUBE_FIELD_NONE, NUBE_TYPE_INT, "image_schedule.retention"},
    {"RAX-SI:image_schedule.day_of_week", NUBE_FIELD_NONE, NUBE_TYPE_STRING,
     "image_schedule.day_of_week"},
    {"RAX-PUBLIC-IP-ZONE-ID:publicIPZoneId", NUBE_FIELD_NONE, NUBE_TYPE_STRING, "public_ip_zone"},
    {"metadata.rackconnect_automation_status", NUBE_FIELD_NONE, NUBE_TYPE_STRING,
     "rackconnect_status"},
    {"metadata.rax_service_level_automation", NUBE_FIELD_NONE, NUBE_TYPE_STRING,
     "service_level_automation"},
};

/* What goes on after Nova is done: until its end nobody should use the server. NULL: nothing. */
static const char *automation(nube_call *c, const nube_doc *server)
{
    const nube_doc *metadata = nube_doc_get(server, "metadata");
    const char *connect = nova_text(metadata, "rackconnect_automation_status");
    const char *level = nova_text(metadata, "rax_service_level_automation");

    if (connect ? strcasecmp(connect, "DEPLOYING") == 0 : nube_opt_int(c, "rackconnect", 0) != 0)
        return "DEPLOYING";
    return level && strcasecmp(level, "In Progress") == 0 ? level : NULL;
}

void rack_server(nube_call *c, nube_obj *o, const nube_doc *server)
{
    const char *status = nova_text(server, "status");

    nova_fields(o, server, rows, NOVA_ROWS(rows));
    nube_set(o, NUBE_LOCATION, nube_session_str(c, "region"));
    if (status && strcasecmp(status, "ACTIVE") == 0 &&
        !nova_text(server, "OS-EXT-STS:task_state") && automation(c, server))
        nube_set_state(o, automation(c, server));
}

/* "none" where Nova has null: from the image that it was made of. */
enum nube_step rack_rescue(nube_call *c, const nube_reply *r)
{
    const char *image = nube_arg_str(c, "image");
    nube_json *j;

    if (r) {
        nova_emit_password(c, nova_text(nube_reply_doc(r), "adminPass"));
        return NUBE_DONE;
    }
    if (image) {
        nube_json_str(nube_req_json(nova_act(c, "rescue", 0)), "rescue_image_ref", image);
        return NUBE_SEND;
    }
    j = nube_req_json(nova_server(c, NUBE_POST, NOVA_READ, "action"));
    nube_json_str(j, "rescue", "none");
    return NUBE_SEND;
}

/* ---- Places ------------------------------------------------------------------------- */

/* For people; a region that is not here is shown by its id. */
static const struct {
    const char *id, *name, *country;
} places[] = {
    {"DFW", "Dallas-Fort Worth", "US"},
    {"ORD", "Chicago", "US"},
    {"IAD", "Northern Virginia", "US"},
    {"LON", "London", "GB"},
    {"SYD", "Sydney", "AU"},
    {"HKG", "Hong Kong", "HK"},
};

/* There is no call for it: the place is the region that the login chose. */
enum nube_step rack_location_list(nube_call *c, const nube_reply *r)
{
    const char *region = nube_session_str(c, "region");
    nube_obj *o;
    size_t i;

    (void)r;
    if (!region)
        return NUBE_DONE;
    o = nube_emit(c, NUBE_KIND_LOCATION);
    nube_set(o, NUBE_ID, region);
    nube_set(o, NUBE_LOCATION_KIND, "region");
    nube_set_bool(o, NUBE_DEFAULT, 1);
    for (i = 0; i < NOVA_ROWS(places) && strcasecmp(places[i].id, region) != 0; i++)
        ;
    nube_set(o, NUBE_NAME, i < NOVA_ROWS(places) ? places[i].name : region);
    nube_set(o, NUBE_COUNTRY, i < NOVA_ROWS(places) ? places[i].country : NULL);
    return NUBE_DONE;
}
