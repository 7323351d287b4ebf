// A peer in Go, over aws-sdk-go-v2, which wants answers that take a millisecond or two: ec2v2 list|fan URL...
package main

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

func list(url string) (int, error) {
	keys := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: "secret"}, nil
	})
	client := ec2.New(ec2.Options{HTTPClient: http.DefaultClient, Region: "us-west-2", Credentials: keys,
		EndpointResolver: ec2.EndpointResolverFromURL(url)})
	pages := ec2.NewDescribeInstancesPaginator(client, &ec2.DescribeInstancesInput{MaxResults: aws.Int32(1000)})
	n := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			return n, err
		}
		for _, r := range page.Reservations {
			n += len(r.Instances)
		}
	}
	return n, nil
}
