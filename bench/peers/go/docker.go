// A peer in Go, over docker's own client: docker list|fan URL...
package main

import (
	"context"

	"github.com/docker/docker/api/types"
	"github.com/docker/docker/client"
)

func list(socket string) (int, error) {
	docker, err := client.NewClientWithOpts(client.WithHost("unix://"+socket), client.WithVersion("1.41"))
	if err != nil {
		return 0, err
	}
	all, err := docker.ContainerList(context.Background(), types.ContainerListOptions{All: true})
	return len(all), err
}
