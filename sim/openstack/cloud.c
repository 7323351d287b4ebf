/* What a cloud has before a seed: projects, users, flavors, images and networks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../mem.h"
#include "openstack.h"

struct os_project *os_project_find(const struct os_cloud *cloud, const char *name_or_id)
{
    for (size_t i = 0; name_or_id && i < cloud->n_projects; i++)
        if (!strcmp(cloud->projects[i]->id, name_or_id) ||
            !strcmp(cloud->projects[i]->name, name_or_id))
            return cloud->projects[i];
    return NULL;
}

struct os_user *os_user_find(const struct os_cloud *cloud, const char *name_or_id)
{
    for (size_t i = 0; name_or_id && i < cloud->n_users; i++)
        if (!strcmp(cloud->users[i]->id, name_or_id) || !strcmp(cloud->users[i]->name, name_or_id))
            return cloud->users[i];
    return NULL;
}

static void new_id(struct os_cloud *cloud, char id[40], const char *given)
{
    if (given)
        snprintf(id, 40, "%s", given);
    else
        sim_random_hex(cloud->sim, id, 32);
}

struct os_project *os_project_new(struct os_cloud *cloud, const char *name, const char *id)
{
    struct os_project *p = sim_alloc(sizeof *p);
    new_id(cloud, p->id, id);
    p->name = sim_strdup(name);
    p->domain = sim_strdup("Default");
    SIM_PUSH(cloud->projects, cloud->n_projects, cloud->projects_size);
    cloud->projects[cloud->n_projects++] = p;
    for (size_t i = 0; i < cloud->n_regions; i++)
        os_default_group(cloud->regions[i], p);
    return p;
}

struct os_user *os_user_new(struct os_cloud *cloud, const char *name, const char *password)
{
    struct os_user *u = sim_alloc(sizeof *u);
    new_id(cloud, u->id, NULL);
    u->name = sim_strdup(name);
    u->domain = sim_strdup("Default");
    u->password = sim_strdup(password);
    u->enabled = true;
    SIM_PUSH(cloud->users, cloud->n_users, cloud->users_size);
    cloud->users[cloud->n_users++] = u;
    return u;
}

void os_user_role(struct os_user *u, struct os_project *p, const char *role)
{
    SIM_PUSH(u->roles, u->n_roles, u->roles_size);
    u->roles[u->n_roles++] = (struct os_role){p, role};
}

const char *os_role_in(const struct os_user *u, const struct os_project *p)
{
    for (size_t i = 0; i < u->n_roles; i++)
        if (u->roles[i].project == p)
            return u->roles[i].name;
    return NULL;
}

struct os_credential *os_credential_new(struct os_cloud *cloud, struct os_user *u,
                                        struct os_project *p, const char *name, const char *id,
                                        const char *secret)
{
    struct os_credential *k = sim_alloc(sizeof *k);
    const char *role = os_role_in(u, p);
    new_id(cloud, k->id, id);
    k->name = sim_strdup(name);
    k->secret = sim_strdup(secret);
    k->user = u;
    k->project = p;
    k->role = role ? role : "member";
    SIM_PUSH(cloud->credentials, cloud->n_credentials, cloud->credentials_size);
    cloud->credentials[cloud->n_credentials++] = k;
    return k;
}

struct os_flavor *os_flavor_new(struct os_region *region, const char *id, const char *name,
                                int64_t ram, int64_t disk, int64_t vcpus)
{
    struct os_flavor *f = sim_alloc(sizeof *f);
    f->ram = ram;
    f->disk = disk;
    f->vcpus = vcpus;
    f->rxtx = 1.0;
    os_add(region, OS_FLAVOR, &f->res, NULL, name, id);
    return f;
}

struct os_image *os_image_new(struct os_region *region, struct os_project *owner, const char *name,
                              const char *id)
{
    struct os_image *m = sim_alloc(sizeof *m);
    m->status = "active";
    m->visibility = owner ? "shared" : "public";
    m->size = 16 << 20;
    m->disk_format = "qcow2";
    m->container_format = "bare";
    os_add(region, OS_IMAGE, &m->res, owner, name, id);
    sim_random_hex(region->cloud->sim, m->checksum, 32);
    return m;
}

static uint32_t first_ip(const char *cidr)
{
    unsigned a = 0, b = 0, d = 0, e = 0;
    char *end = NULL;
    a = (unsigned)strtoul(cidr, &end, 10);
    b = *end ? (unsigned)strtoul(end + 1, &end, 10) : 0;
    d = *end ? (unsigned)strtoul(end + 1, &end, 10) : 0;
    e = *end ? (unsigned)strtoul(end + 1, &end, 10) : 0;
    return (uint32_t)(a << 24 | b << 16 | d << 8 | e);
}

struct os_network *os_network_new(struct os_region *region, struct os_project *project,
                                  const char *name, const char *id, const char *cidr)
{
    struct os_network *n = sim_alloc(sizeof *n);
    os_add(region, OS_NETWORK, &n->res, project, name, id);
    n->next_ip = first_ip("10.0.0.3");
    if (cidr) {
        struct os_subnet *s = sim_alloc(sizeof *s);
        n->next_ip = first_ip(cidr) + 3;
        s->network = n;
        snprintf(s->cidr, sizeof s->cidr, "%s", cidr);
        os_ip(s->gateway, first_ip(cidr) + 1);
        char *label = sim_fmt("%s-subnet", name);
        os_add(region, OS_SUBNET, &s->res, project, label, NULL);
        free(label);
    }
    return n;
}

struct os_group *os_default_group(struct os_region *region, struct os_project *project)
{
    struct os_group *g = os_group_find(region, project, "default");
    return g ? g : os_group_new(region, project, "default", "Default security group");
}

static void stock_region(struct os_region *region)
{
    static const struct {
        const char *id, *name;
        int64_t ram, disk, vcpus;
    } flavors[] = {{"1", "m1.tiny", 512, 1, 1},
                   {"2", "m1.small", 2048, 20, 1},
                   {"3", "m1.medium", 4096, 40, 2},
                   {"4", "m1.large", 8192, 80, 4},
                   {"5", "m1.xlarge", 16384, 160, 8}};
    for (size_t i = 0; i < sizeof flavors / sizeof *flavors; i++)
        os_flavor_new(region, flavors[i].id, flavors[i].name, flavors[i].ram, flavors[i].disk,
                      flavors[i].vcpus);
    struct os_flavor *gpu =
        os_flavor_new(region, "9f1e6e2c-0000-4000-8000-000000000001", "g1.large", 32768, 100, 8);
    sim_dict_set(&gpu->specs, "pci_passthrough:alias", "gpu:1");
    sim_dict_set(&gpu->specs, "hw:cpu_policy", "dedicated");
    os_flavor_new(region, "9f1e6e2c-0000-4000-8000-000000000002", "x1.impossible", 1 << 20, 1, 512)
        ->impossible = true;
    struct os_image *m = os_image_new(region, NULL, "cirros-0.6.2-x86_64-disk", NULL);
    sim_dict_set(&m->properties, "os_distro", "cirros");
    m = os_image_new(region, NULL, "debian-12-genericcloud-amd64", NULL);
    sim_dict_set(&m->properties, "os_distro", "debian");
    sim_dict_set(&m->properties, "os_version", "12");
    sim_dict_set(&m->properties, "architecture", "x86_64");
    m->min_ram = 256;
    m = os_image_new(region, NULL, "needs-2g", NULL);
    m->min_ram = 2048;
    os_network_new(region, NULL, "private", NULL, "10.20.0.0/16")->shared = true;
    os_network_new(region, NULL, "public", NULL, "203.0.113.0/24")->external = true;
}

static void rackspace_image(struct os_region *region, const char *id, const char *name,
                            const char *distro, const char *version)
{
    struct os_image *m = os_image_new(region, NULL, name, id);
    sim_dict_set(&m->properties, "os_distro", distro);
    sim_dict_set(&m->properties, "os_version", version);
    sim_dict_set(&m->properties, "os_type", "linux");
    sim_dict_set(&m->properties, "arch", "x86-64");
    sim_dict_set(&m->properties, "image_type", "base");
    sim_dict_set(&m->properties, "auto_disk_config", "True");
    m->min_ram = 512;
    m->min_disk = 20;
}

static void rackspace_region(struct os_region *region)
{
    static const struct {
        const char *id, *name, *class;
        int64_t ram, disk, vcpus;
    } flavors[] = {{"2", "512MB Standard Instance", "standard1", 512, 20, 1},
                   {"3", "1GB Standard Instance", "standard1", 1024, 40, 1},
                   {"4", "2GB Standard Instance", "standard1", 2048, 80, 2},
                   {"5", "4GB Standard Instance", "standard1", 4096, 160, 2},
                   {"general1-1", "1 GB General Purpose v1", "general1", 1024, 20, 1},
                   {"general1-2", "2 GB General Purpose v1", "general1", 2048, 40, 2},
                   {"general1-4", "4 GB General Purpose v1", "general1", 4096, 80, 4},
                   {"general1-8", "8 GB General Purpose v1", "general1", 8192, 160, 8},
                   {"compute1-4", "3.75 GB Compute v1", "compute1", 3840, 0, 2},
                   {"io1-15", "15 GB I/O v1", "io1", 15360, 40, 4},
                   {"memory1-15", "15 GB Memory v1", "memory1", 15360, 0, 2}};
    for (size_t i = 0; i < sizeof flavors / sizeof *flavors; i++) {
        struct os_flavor *f = os_flavor_new(region, flavors[i].id, flavors[i].name, flavors[i].ram,
                                            flavors[i].disk, flavors[i].vcpus);
        f->rxtx = (double)flavors[i].ram / 10;
        sim_dict_set(&f->specs, "class", flavors[i].class);
        sim_dict_set(&f->specs, "policy_class", "general_flavor");
        sim_dict_set(&f->specs, "number_of_data_disks", "0");
    }
    rackspace_image(region, "1d3ea64f-1ead-4042-8cb6-8ceb523b6149", "Debian 12 (Bookworm) (PVHVM)",
                    "debian", "12");
    rackspace_image(region, "09de0a66-3156-48b4-90a5-1cf25a905207",
                    "Ubuntu 22.04 LTS (Jammy Jellyfish) (PVHVM)", "ubuntu", "22.04");
    struct os_network *n = os_network_new(region, NULL, "public",
                                          "00000000-0000-0000-0000-000000000000", "198.51.0.0/16");
    n->shared = n->label_v6 = true;
    os_network_new(region, NULL, "private", "11111111-1111-1111-1111-111111111111", "10.176.0.0/12")
        ->shared = true;
}

struct os_region *os_region_new(struct os_cloud *cloud, const char *name)
{
    struct os_region *region = sim_alloc(sizeof *region);
    region->cloud = cloud;
    snprintf(region->name, sizeof region->name, "%s", name);
    SIM_PUSH(cloud->regions, cloud->n_regions, cloud->regions_size);
    cloud->regions[cloud->n_regions++] = region;
    if (cloud->rackspace)
        rackspace_region(region);
    else
        stock_region(region);
    for (size_t i = 0; i < cloud->n_projects; i++)
        os_default_group(region, cloud->projects[i]);
    return region;
}

static void stock_people(struct os_cloud *cloud)
{
    struct os_project *demo = os_project_new(cloud, "demo", NULL);
    struct os_project *demo2 = os_project_new(cloud, "demo2", NULL);
    struct os_project *tiny = os_project_new(cloud, "tiny", NULL);
    struct os_project *ops = os_project_new(cloud, "admin", NULL);
    struct os_user *u = os_user_new(cloud, "demo", "secret");
    os_user_role(u, demo, "member");
    os_user_role(u, demo2, "member");
    u->access_key = sim_strdup("DEMOACCESSKEY0000000");
    u->secret_key = sim_strdup("0123456789abcdef0123456789abcdef01234567");
    os_credential_new(cloud, u, demo, "demo-app", "5e1f0000000000000000000000000001", "app-secret");
    os_user_role(os_user_new(cloud, "reader", "secret"), demo, "reader");
    u = os_user_new(cloud, "tiny", "secret");
    os_user_role(u, tiny, "member");
    tiny->own_quota = true;
    tiny->quota = (struct os_quota){1, 20, 51200, 1, 128, 1, 10};
    u = os_user_new(cloud, "disabled", "secret");
    os_user_role(u, demo, "member");
    u->enabled = false;
    u = os_user_new(cloud, "admin", "secret");
    os_user_role(u, ops, "admin");
    u->admin = true;
}

static void rackspace_people(struct os_cloud *cloud)
{
    struct os_project *p = os_project_new(cloud, "123456", "123456");
    struct os_user *u = os_user_new(cloud, "demo", "secret");
    snprintf(u->id, sizeof u->id, "10000001");
    u->api_key = sim_strdup("0123456789abcdef0123456789abcdef");
    os_user_role(u, p, "member");
    u->initial = p;
    u = os_user_new(cloud, "careful", "secret"); /* asked for a passcode */
    snprintf(u->id, sizeof u->id, "10000002");
    u->api_key = sim_strdup("fedcba9876543210fedcba9876543210");
    os_user_role(u, p, "member");
    u->initial = p;
    u->mfa = true;
}

static void hp_people(struct os_cloud *cloud)
{
    struct os_project *p = os_project_new(cloud, "demo-Project1", "10873218563681");
    struct os_user *u = os_user_new(cloud, "demo", "secret");
    u->access_key = sim_strdup("DEMOACCESSKEY0000000");
    u->secret_key = sim_strdup("0123456789abcdef0123456789abcdef01234567");
    os_user_role(u, p, "member");
}

void os_cloud_init(struct os_cloud *cloud)
{
    static const char *const stock[] = {"RegionOne", "RegionTwo", NULL};
    static const char *const rackspace[] = {"DFW", "ORD", "IAD", "SYD", "HKG", "LON", NULL};
    static const char *const hp[] = {"region-a.geo-1", "region-b.geo-1", NULL};
    const char *const *names = cloud->rackspace ? rackspace : cloud->hp ? hp : stock;
    if (cloud->rackspace)
        rackspace_people(cloud);
    else if (cloud->hp)
        hp_people(cloud);
    else
        stock_people(cloud);
    for (; *names; names++)
        os_region_new(cloud, *names);
}
