/* What each service answers: method, path after the version, function, name. */
#include "openstack.h"

#define ROW(method, path, run, action, flags)                                                      \
    {                                                                                              \
        method, path, run, action, flags, 0, 0                                                     \
    }
#define SINCE(method, path, run, action, minor)                                                    \
    {                                                                                              \
        method, path, run, action, 0, minor, 0                                                     \
    }
/* Removed after this microversion; Rackspace has none. */
#define UNTIL(method, path, run, action, minor)                                                    \
    {                                                                                              \
        method, path, run, action, 0, 0, minor                                                     \
    }

/* Neutron's collections differ in what they put. */
#define COLLECTION(path, word)                                                                     \
    ROW("GET", "/" path, os_neutron_list, word ".list", OS_ANY),                                   \
        ROW("GET", "/" path "/{}", os_neutron_show, word ".get", OS_ANY)

static const struct os_route identity[] = {
    ROW("GET", "/v3", os_identity_version, "versions.identity", OS_PUBLIC),
    ROW("GET", "/v3/", os_identity_version, "versions.identity", OS_PUBLIC),
    ROW("GET", "/v2.0", os_identity_version, "versions.identity", OS_PUBLIC),
    ROW("GET", "/v2.0/", os_identity_version, "versions.identity", OS_PUBLIC),
    ROW("POST", "/v3/auth/tokens", os_v3_login, "login", OS_PUBLIC),
    ROW("GET", "/v3/auth/tokens", os_v3_token, "tokens.get", OS_ANY),
    ROW("DELETE", "/v3/auth/tokens", os_v3_revoke, "tokens.revoke", OS_ANY),
    ROW("GET", "/v3/auth/catalog", os_v3_catalog, "catalog", OS_ANY),
    ROW("GET", "/v3/auth/projects", os_v3_projects, "projects.own", OS_ANY),
    ROW("GET", "/v3/auth/domains", os_v3_domains, "domains.list", OS_ANY),
    ROW("GET", "/v3/projects", os_v3_all_projects, "projects.list", OS_ANY),
    ROW("GET", "/v3/projects/{}", os_v3_project, "projects.get", OS_ANY),
    ROW("GET", "/v3/users", os_v3_users, "users.list", OS_ANY),
    ROW("GET", "/v3/users/{}", os_v3_user, "users.get", OS_ANY),
    ROW("GET", "/v3/users/{}/projects", os_v3_user_projects, "users.projects", OS_ANY),
    ROW("GET", "/v3/users/{}/application_credentials", os_v3_credentials, "credentials.list",
        OS_ANY),
    ROW("POST", "/v3/users/{}/application_credentials", os_v3_credential_create,
        "credentials.create", OS_ANY),
    ROW("GET", "/v3/users/{}/application_credentials/{}", os_v3_credential, "credentials.get",
        OS_ANY),
    ROW("DELETE", "/v3/users/{}/application_credentials/{}", os_v3_credential_delete,
        "credentials.delete", OS_ANY),
    ROW("GET", "/v3/domains", os_v3_domains, "domains.list", OS_ANY),
    ROW("GET", "/v3/domains/{}", os_v3_domain, "domains.get", OS_ANY),
    ROW("POST", "/v2.0/tokens", os_v2_login, "login", OS_PUBLIC),
    ROW("DELETE", "/v2.0/tokens", os_v2_revoke, "tokens.revoke", OS_ANY),
    ROW("GET", "/v2.0/tokens/{}", os_v2_token, "tokens.get", OS_ANY),
    ROW("DELETE", "/v2.0/tokens/{}", os_v2_revoke, "tokens.revoke", OS_ANY),
    ROW("GET", "/v2.0/tenants", os_v2_tenants, "tenants.list", OS_ANY),
    ROW("GET", "/v2.0/users/{}/OS-KSADM/credentials/RAX-KSKEY:apiKeyCredentials", os_v2_api_key,
        "users.api_key", OS_ANY),
};

static const struct os_route compute[] = {
    ROW("GET", "", os_compute_version, "versions.compute", OS_PUBLIC),
    ROW("GET", "/", os_compute_version, "versions.compute", OS_PUBLIC),
    ROW("GET", "/servers", os_servers, "servers.list", 0),
    ROW("GET", "/servers/detail", os_servers_detail, "servers.detail", 0),
    ROW("POST", "/servers", os_server_create, "servers.create", 0),
    ROW("GET", "/servers/{}", os_server_show, "servers.get", 0),
    ROW("PUT", "/servers/{}", os_server_update, "servers.update", 0),
    ROW("DELETE", "/servers/{}", os_server_delete, "servers.delete", 0),
    {"POST", "/servers/{}/action", os_server_act, NULL, 0, 0, 0},
    ROW("GET", "/servers/{}/metadata", os_metadata, "metadata.list", 0),
    ROW("POST", "/servers/{}/metadata", os_metadata_merge, "metadata.merge", 0),
    ROW("PUT", "/servers/{}/metadata", os_metadata_replace, "metadata.replace", 0),
    ROW("GET", "/servers/{}/metadata/{}", os_metadata_item, "metadata.get", 0),
    ROW("PUT", "/servers/{}/metadata/{}", os_metadata_set, "metadata.set", 0),
    ROW("DELETE", "/servers/{}/metadata/{}", os_metadata_delete, "metadata.delete", 0),
    SINCE("GET", "/servers/{}/tags", os_tags, "tags.list", 26),
    SINCE("PUT", "/servers/{}/tags", os_tags_replace, "tags.replace", 26),
    SINCE("DELETE", "/servers/{}/tags", os_tags_clear, "tags.clear", 26),
    SINCE("GET", "/servers/{}/tags/{}", os_tag_get, "tags.get", 26),
    SINCE("PUT", "/servers/{}/tags/{}", os_tag_add, "tags.add", 26),
    SINCE("DELETE", "/servers/{}/tags/{}", os_tag_delete, "tags.delete", 26),
    ROW("GET", "/servers/{}/ips", os_server_ips, "servers.ips", 0),
    ROW("GET", "/servers/{}/ips/{}", os_server_ips, "servers.ips", 0),
    ROW("GET", "/servers/{}/os-interface", os_server_interfaces, "interfaces.list", 0),
    ROW("POST", "/servers/{}/os-interface", os_server_attach, "interfaces.attach", 0),
    ROW("DELETE", "/servers/{}/os-interface/{}", os_server_detach, "interfaces.detach", 0),
    ROW("GET", "/servers/{}/os-instance-actions", os_server_events, "events.list", 0),
    ROW("GET", "/servers/{}/os-volume_attachments", os_server_volumes, "volumes.attached", 0),
    ROW("GET", "/servers/{}/os-security-groups", os_server_groups, "servers.groups", 0),
    ROW("GET", "/servers/{}/diagnostics", os_forbidden, "servers.diagnostics", 0),
    SINCE("POST", "/servers/{}/remote-consoles", os_server_console, "servers.console", 6),
    ROW("GET", "/servers/{}/os-virtual-interfacesv2", os_rax_interfaces, "interfaces.list", OS_RAX),
    ROW("POST", "/servers/{}/os-virtual-interfacesv2", os_rax_interface_create, "interfaces.attach",
        OS_RAX),
    ROW("DELETE", "/servers/{}/os-virtual-interfacesv2/{}", os_rax_interface_delete,
        "interfaces.detach", OS_RAX),
    ROW("GET", "/flavors", os_flavors, "flavors.list", OS_ANY),
    ROW("GET", "/flavors/detail", os_flavors_detail, "flavors.detail", OS_ANY),
    ROW("GET", "/flavors/{}", os_flavor_show, "flavors.get", OS_ANY),
    ROW("GET", "/flavors/{}/os-extra_specs", os_flavor_specs, "flavors.specs", OS_ANY),
    ROW("POST", "/flavors", os_flavor_create, "flavors.create", OS_ADMIN),
    ROW("DELETE", "/flavors/{}", os_flavor_delete, "flavors.delete", OS_ADMIN),
    ROW("GET", "/os-keypairs", os_keys, "keys.list", 0),
    ROW("POST", "/os-keypairs", os_key_create, "keys.create", 0),
    ROW("GET", "/os-keypairs/{}", os_key_show, "keys.get", 0),
    ROW("DELETE", "/os-keypairs/{}", os_key_delete, "keys.delete", 0),
    ROW("GET", "/limits", os_limits, "limits", 0),
    ROW("GET", "/os-quota-sets/{}", os_quota_set, "quota", 0),
    ROW("GET", "/os-quota-sets/{}/defaults", os_quota_set, "quota", 0),
    ROW("GET", "/os-availability-zone", os_zones, "zones.list", OS_ANY),
    ROW("GET", "/os-availability-zone/detail", os_forbidden, "zones.detail", 0),
    ROW("GET", "/extensions", os_extensions, "extensions", OS_ANY),
    UNTIL("GET", "/images", os_proxy_images, "images.list", 35),
    UNTIL("GET", "/images/detail", os_proxy_images_detail, "images.detail", 35),
    UNTIL("GET", "/images/{}", os_proxy_image, "images.get", 35),
    UNTIL("DELETE", "/images/{}", os_proxy_image_delete, "images.delete", 35),
    UNTIL("GET", "/images/{}/metadata", os_proxy_image_metadata, "images.metadata", 38),
    UNTIL("GET", "/os-security-groups", os_proxy_groups, "groups.list", 35),
    UNTIL("POST", "/os-security-groups", os_proxy_group_create, "groups.create", 35),
    UNTIL("GET", "/os-security-groups/{}", os_proxy_group, "groups.get", 35),
    UNTIL("DELETE", "/os-security-groups/{}", os_proxy_group_delete, "groups.delete", 35),
    UNTIL("POST", "/os-security-group-rules", os_proxy_rule_create, "rules.create", 35),
    UNTIL("DELETE", "/os-security-group-rules/{}", os_proxy_rule_delete, "rules.delete", 35),
    UNTIL("GET", "/os-floating-ips", os_proxy_floatings, "floatingips.list", 35),
    UNTIL("POST", "/os-floating-ips", os_proxy_floating_create, "floatingips.create", 35),
    UNTIL("GET", "/os-floating-ips/{}", os_proxy_floating, "floatingips.get", 35),
    UNTIL("DELETE", "/os-floating-ips/{}", os_proxy_floating_delete, "floatingips.delete", 35),
    UNTIL("GET", "/os-floating-ip-pools", os_proxy_pools, "floatingips.pools", 35),
    UNTIL("GET", "/os-networks", os_proxy_networks, "networks.list", 35),
    UNTIL("GET", "/os-tenant-networks", os_proxy_networks, "networks.list", 35),
    ROW("GET", "/os-networksv2", os_rax_networks, "networks.list", OS_RAX),
    ROW("POST", "/os-networksv2", os_rax_network_create, "networks.create", OS_RAX),
    ROW("GET", "/os-networksv2/{}", os_rax_network, "networks.get", OS_RAX),
    ROW("DELETE", "/os-networksv2/{}", os_rax_network_delete, "networks.delete", OS_RAX),
};

static const struct os_route images[] = {
    ROW("GET", "/images", os_glance_images, "images.list", OS_ANY),
    ROW("POST", "/images", os_glance_create, "images.create", 0),
    ROW("GET", "/images/{}", os_glance_show, "images.get", OS_ANY),
    ROW("PATCH", "/images/{}", os_glance_update, "images.update", OS_RAW),
    ROW("DELETE", "/images/{}", os_glance_delete, "images.delete", 0),
    ROW("PUT", "/images/{}/file", os_glance_upload, "images.upload", OS_RAW),
    ROW("GET", "/images/{}/file", os_glance_download, "images.download", 0),
    ROW("POST", "/images/{}/actions/deactivate", os_glance_deactivate, "images.deactivate", 0),
    ROW("POST", "/images/{}/actions/reactivate", os_glance_reactivate, "images.reactivate", 0),
    ROW("PUT", "/images/{}/tags/{}", os_glance_tag, "images.tag", 0),
    ROW("DELETE", "/images/{}/tags/{}", os_glance_untag, "images.untag", 0),
    ROW("GET", "/images/{}/members", os_glance_members, "members.list", 0),
    ROW("POST", "/images/{}/members", os_glance_member_add, "members.add", 0),
    ROW("GET", "/images/{}/members/{}", os_glance_member, "members.get", 0),
    ROW("PUT", "/images/{}/members/{}", os_glance_member_update, "members.update", 0),
    ROW("DELETE", "/images/{}/members/{}", os_glance_member_delete, "members.delete", 0),
    ROW("GET", "/schemas/{}", os_glance_schema, "images.schema", OS_ANY),
};

static const struct os_route networks[] = {
    ROW("GET", "", os_neutron_version, "versions.network", OS_PUBLIC),
    ROW("GET", "/", os_neutron_version, "versions.network", OS_PUBLIC),
    ROW("GET", "/extensions", os_neutron_extensions, "extensions", OS_ANY),
    ROW("GET", "/extensions/{}", os_neutron_extensions, "extensions", OS_ANY),
    ROW("GET", "/quotas/{}", os_neutron_quota, "quota", 0),
    ROW("GET", "/quotas/{}/{}", os_neutron_quota, "quota", 0),
    ROW("POST", "/networks", os_network_create, "networks.create", 0),
    ROW("PUT", "/networks/{}", os_network_update, "networks.update", 0),
    ROW("DELETE", "/networks/{}", os_network_delete, "networks.delete", 0),
    ROW("POST", "/subnets", os_subnet_create, "subnets.create", 0),
    ROW("DELETE", "/subnets/{}", os_subnet_delete, "subnets.delete", 0),
    ROW("POST", "/ports", os_port_create, "ports.create", 0),
    ROW("PUT", "/ports/{}", os_port_update, "ports.update", 0),
    ROW("DELETE", "/ports/{}", os_port_delete, "ports.delete", 0),
    ROW("POST", "/floatingips", os_floating_create, "floatingips.create", 0),
    ROW("PUT", "/floatingips/{}", os_floating_update, "floatingips.update", 0),
    ROW("DELETE", "/floatingips/{}", os_floating_delete, "floatingips.delete", 0),
    ROW("POST", "/security-groups", os_group_create, "groups.create", 0),
    ROW("PUT", "/security-groups/{}", os_group_update, "groups.update", 0),
    ROW("DELETE", "/security-groups/{}", os_group_delete, "groups.delete", 0),
    ROW("POST", "/security-group-rules", os_rule_create, "rules.create", 0),
    ROW("DELETE", "/security-group-rules/{}", os_rule_delete, "rules.delete", 0),
    ROW("POST", "/routers", os_router_create, "routers.create", 0),
    ROW("DELETE", "/routers/{}", os_router_delete, "routers.delete", 0),
    ROW("PUT", "/routers/{}/{}", os_router_interface, "routers.interface", 0),
    COLLECTION("networks", "networks"),
    COLLECTION("subnets", "subnets"),
    COLLECTION("ports", "ports"),
    COLLECTION("floatingips", "floatingips"),
    COLLECTION("security-groups", "groups"),
    COLLECTION("security-group-rules", "rules"),
    COLLECTION("routers", "routers"),
};

#define TABLE(rows)                                                                                \
    {                                                                                              \
        rows, sizeof(rows) / sizeof *(rows)                                                        \
    }
const struct os_table os_tables[] = {[OS_IDENTITY] = TABLE(identity),
                                     [OS_COMPUTE] = TABLE(compute),
                                     [OS_IMAGES] = TABLE(images),
                                     [OS_NETWORKS] = TABLE(networks)};
