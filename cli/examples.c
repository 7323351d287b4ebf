/* An example of each verb whose own text has none. */
#include <string.h>

#include "help.h"

static const struct {
    const char *noun, *verb, *example;
} examples[] = {
    {"provider", "list", "nube provider list -o csv --columns provider,title"},
    {"driver", "list", "nube driver list -o wide"},
    {"driver", "show", "nube driver show ec2"},
    {"driver", "states", "nube driver states ec2 --dot | dot -Tsvg >ec2.svg"},
    {"backend", "import", "nube backend import"},
    {"backend", "search", "nube backend search work"},
    {"backend", "list", "nube backend list"},
    {"backend", "show", "nube backend show work -o json"},
    {"backend", "rename", "nube backend rename work \"Work, Frankfurt\""},
    {"backend", "enable", "nube backend enable work"},
    {"backend", "disable", "nube backend disable work"},
    {"backend", "remove", "nube backend remove old --yes"},
    {"backend", "check", "nube backend check"},
    {"node", "show", "nube node show web1 -o yaml"},
    {"node", "search", "nube node search web"},
    {"node", "ssh", "nube node ssh web1"},
    {"node", "destroy", "nube node destroy web1 web2 --yes --wait"},
    {"node", "start", "nube node start web1 --wait"},
    {"node", "stop", "nube node stop web1 web2 --wait --deadline 5m"},
    {"node", "reboot", "nube node reboot web1"},
    {"node", "suspend", "nube node suspend web1 --wait"},
    {"node", "resume", "nube node resume web1 --wait"},
    {"node", "resize", "nube node resize web1 --size t3.large"},
    {"node", "rename", "nube node rename web1 front"},
    {"node", "action", "nube node action web1 protect"},
    {"node", "console", "nube node console web1 --tail 50"},
    {"node", "probe", "nube node probe web1 web2"},
    {"image", "list", "nube image list --search debian"},
    {"image", "search", "nube image search debian-12"},
    {"image", "show", "nube image show ami-062c9e843776b7315"},
    {"image", "create", "nube image create --node web1 --name before-upgrade"},
    {"image", "delete", "nube image delete before-upgrade --yes"},
    {"image", "pull", "nube image pull debian:12 -b docker"},
    {"image", "push", "nube image push registry.example/web:1 -b docker"},
    {"size", "list", "nube size list -o wide"},
    {"location", "list", "nube location list"},
    {"key", "list", "nube key list"},
    {"key", "show", "nube key show laptop"},
    {"key", "own", "nube key own"},
    {"key", "default", "nube key default laptop"},
    {"key", "rename", "nube key rename laptop old-laptop"},
    {"key", "forget", "nube key forget old-laptop"},
    {"key", "disassociate", "nube key disassociate laptop web1"},
    {"key", "delete", "nube key delete laptop --yes"},
    {"firewall", "list", "nube firewall list"},
    {"firewall", "show", "nube firewall show web"},
    {"firewall", "create", "nube firewall create web --description \"front ends\""},
    {"firewall", "delete", "nube firewall delete web --yes"},
    {"node", "rebuild", "nube node rebuild web1 --image debian-12 --yes"},
    {"node", "metadata", "nube node metadata web1 role=front"},
    {"image", "star", "nube image star debian-12"},
    {"image", "unstar", "nube image unstar debian-12"},
    {"size", "show", "nube size show t3.micro -b cloud"},
    {"snapshot", "list", "nube snapshot list web1"},
    {"snapshot", "create", "nube snapshot create web1"},
    {"snapshot", "restore", "nube snapshot restore web1 before-upgrade --yes"},
    {"snapshot", "delete", "nube snapshot delete web1 before-upgrade --yes"},
    {"help", "", "nube help node create"},
};

const char *help_example(const struct verb *v, size_t n)
{
    if (v->more && strstr(v->more, "Example:"))
        return NULL;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        if (!strcmp(examples[i].noun, v->noun) && !strcmp(examples[i].verb, v->name) && !n--)
            return examples[i].example;
    return NULL;
}
