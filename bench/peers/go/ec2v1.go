// A peer in Go, over aws-sdk-go: ec2v1 list|fan URL...
package main

import (
	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/ec2"
)

func list(url string) (int, error) {
	s, err := session.NewSession(&aws.Config{Region: aws.String("us-west-2"), Endpoint: aws.String(url), MaxRetries: aws.Int(0),
		Credentials: credentials.NewStaticCredentials("AKIAEXAMPLE", "secret", "")})
	if err != nil {
		return 0, err
	}
	n := 0
	err = ec2.New(s).DescribeInstancesPages(&ec2.DescribeInstancesInput{MaxResults: aws.Int64(1000)},
		func(page *ec2.DescribeInstancesOutput, last bool) bool {
			for _, r := range page.Reservations {
				n += len(r.Instances)
			}
			return true
		})
	return n, err
}
