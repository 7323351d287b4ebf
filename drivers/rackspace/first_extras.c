/* What only the first generation has: backup schedules, and addresses that several servers share.
 */
#include <string.h>

#include "first.h"

static enum nube_step say(nube_call *c, const char *line)
{
    nube_out_data(c, NUBE_STDOUT, line, strlen(line));
    return NUBE_DONE;
}

/* ---- Backups ------------------------------------------------------------------------ */

/* "enabled, weekly THURSDAY, daily H_0400_0600" */
enum nube_step first_backup_schedule(nube_call *c, const nube_reply *r)
{
    const char *weekly, *daily;
    const nube_doc *doc;

    if (!r) {
        first_server(c, NUBE_GET, "backup_schedule");
        return NUBE_SEND;
    }
    doc = nova_member(c, r, "backupSchedule", NUBE_DOC_OBJECT);
    if (!doc)
        return NUBE_FAIL;
    weekly = nova_text(doc, "weekly");
    daily = nova_text(doc, "daily");
    return say(c, nube_fmt(c, "%s, weekly %s, daily %s\n",
                           nube_doc_bool(doc, "enabled", 0) ? "enabled" : "disabled",
                           weekly ? weekly : "DISABLED", daily ? daily : "DISABLED"));
}

enum nube_step first_set_backup_schedule(nube_call *c, const nube_reply *r)
{
    nube_json *j;
    nube_req *q;

    if (r)
        return NUBE_DONE;
    if (!nube_arg_str(c, "weekly") && !nube_arg_str(c, "daily"))
        return nube_fail(c, NUBE_E_USAGE, "say when: weekly=THURSDAY, daily=H_0400_0600, or both");
    q = first_server(c, NUBE_POST, "backup_schedule");
    nube_req_flag(q, NUBE_REQ_TOKENED);
    j = nube_req_json(q);
    nube_json_object(j, "backupSchedule");
    nube_json_bool(j, "enabled", 1);
    nube_json_str(j, "weekly", nube_arg_str(c, "weekly"));
    nube_json_str(j, "daily", nube_arg_str(c, "daily"));
    return NUBE_SEND;
}

enum nube_step first_delete_backup_schedule(nube_call *c, const nube_reply *r)
{
    if (!r)
        nube_req_flag(first_server(c, NUBE_DELETE, "backup_schedule"), NUBE_REQ_TOKENED);
    return first_send(c, r);
}

/* ---- Groups of servers that share addresses ------------------------------------------- */

static int has_server(const nube_doc *group, const char *id)
{
    const nube_doc *k = nube_doc_first(nube_doc_get(group, "servers"));

    for (; k; k = nube_doc_next(k))
        if (nube_doc_text(k) && strcmp(nube_doc_text(k), id) == 0)
            return 1;
    return 0;
}

/* A line each of those that the node is in: "ID SERVERS NAME". */
enum nube_step first_ip_groups(nube_call *c, const nube_reply *r)
{
    const nube_doc *groups, *k;
    const char *id, *name;

    if (!r) {
        first_request(c, NUBE_GET, "shared_ip_groups/detail");
        return NUBE_SEND;
    }
    groups = nova_member(c, r, "sharedIpGroups", NUBE_DOC_ARRAY);
    if (!groups)
        return NUBE_FAIL;
    for (k = nube_doc_first(groups); k; k = nube_doc_next(k)) {
        id = nova_text(k, "id");
        name = nova_text(k, "name");
        if (has_server(k, nube_arg_str(c, "id")))
            say(c, nube_fmt(c, "%s %s %s\n", id ? id : "?",
                            nova_join(c, nube_doc_get(k, "servers"), NULL), name ? name : ""));
    }
    return NUBE_DONE;
}

/* The node is the first one in it. */
enum nube_step first_create_ip_group(nube_call *c, const nube_reply *r)
{
    const nube_doc *group;
    nube_json *j;

    if (!r) {
        j = nube_req_json(first_request(c, NUBE_POST, "shared_ip_groups"));
        nube_json_object(j, "sharedIpGroup");
        nube_json_str(j, "name", nube_arg_str(c, "name"));
        first_json_id(j, "server", nube_arg_str(c, "id"));
        return NUBE_SEND;
    }
    group = nova_member(c, r, "sharedIpGroup", NUBE_DOC_OBJECT);
    if (!group)
        return NUBE_FAIL;
    if (!nova_text(group, "id"))
        return nube_fail(c, NUBE_E_PROTOCOL, "the new group has no id");
    nube_created(c, nova_text(group, "id"));
    return say(c, nube_fmt(c, "%s\n", nova_text(group, "id")));
}

enum nube_step first_delete_ip_group(nube_call *c, const nube_reply *r)
{
    nube_req *q;

    if (r)
        return NUBE_DONE;
    q = first_request(c, NUBE_DELETE, "shared_ip_groups");
    nube_req_seg(q, nube_arg_str(c, "group"));
    nube_req_about(q, nube_fmt(c, "shared IP group %s", nube_arg_str(c, "group")));
    nube_req_flag(q, NUBE_REQ_TOKENED);
    return NUBE_SEND;
}

static nube_req *shared(nube_call *c, enum nube_method method)
{
    nube_req *q = first_server(c, method, "ips/public");

    nube_req_seg(q, nube_arg_str(c, "address"));
    nube_req_flag(q, NUBE_REQ_TOKENED);
    return q;
}

/* An address of another server of the group, for this one too. */
enum nube_step first_share_ip(nube_call *c, const nube_reply *r)
{
    nube_json *j;

    if (r)
        return NUBE_DONE;
    j = nube_req_json(shared(c, NUBE_PUT));
    nube_json_object(j, "shareIp");
    first_json_id(j, "sharedIpGroupId", nube_arg_str(c, "group"));
    nube_json_bool(j, "configureServer", nube_arg_bool(c, "configure", 1));
    return NUBE_SEND;
}

enum nube_step first_unshare_ip(nube_call *c, const nube_reply *r)
{
    if (!r)
        shared(c, NUBE_DELETE);
    return first_send(c, r);
}
