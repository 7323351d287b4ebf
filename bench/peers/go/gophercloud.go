// A peer in Go, over gophercloud: gophercloud list|fan URL...
package main

import (
	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/pagination"
)

func list(url string) (int, error) {
	provider, err := openstack.AuthenticatedClient(gophercloud.AuthOptions{IdentityEndpoint: url + "/v3", Username: "admin",
		Password: "secret", DomainID: "default", TenantName: "demo"})
	if err != nil {
		return 0, err
	}
	compute, err := openstack.NewComputeV2(provider, gophercloud.EndpointOpts{Region: "RegionOne"})
	if err != nil {
		return 0, err
	}
	n := 0
	err = servers.List(compute, servers.ListOpts{Limit: 1000}).EachPage(func(page pagination.Page) (bool, error) {
		some, err := servers.ExtractServers(page)
		n += len(some)
		return true, err
	})
	return n, err
}
