// What npm's @aws-sdk/client-ec2 does with the simulator: one JSON object of results on standard output.
const ec2 = require("@aws-sdk/client-ec2");
const sts = require("@aws-sdk/client-sts");

const endpoint = process.env.SIM_URL;
const region = "us-east-1";
const keys = { accessKeyId: process.env.SIM_KEY, secretAccessKey: process.env.SIM_SECRET };

const parts = {
  // A launch, every page of instances and of types, and what is done to them.
  async life() {
    const client = new ec2.EC2Client({ endpoint, region, credentials: keys });
    const images = await client.send(new ec2.DescribeImagesCommand({ Owners: ["136693071363"] }));
    const image = images.Images.find((i) => i.Architecture === "x86_64");
    const made = await client.send(new ec2.RunInstancesCommand({
      ImageId: image.ImageId, InstanceType: "t3.micro", MinCount: 13, MaxCount: 13,
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: "é <&>" }] }],
    }));
    const pages = [];
    const names = new Set();
    for await (const page of ec2.paginateDescribeInstances({ client, pageSize: 5 }, {})) {
      const found = (page.Reservations || []).flatMap((r) => r.Instances);
      found.forEach((i) => names.add(i.Tags[0].Value));
      pages.push(found.map((i) => i.InstanceId));
    }
    const types = [];
    for await (const page of ec2.paginateDescribeInstanceTypes({ client, pageSize: 10 }, {})) {
      types.push(...page.InstanceTypes.map((t) => t.InstanceType));
    }
    const one = { InstanceIds: [made.Instances[0].InstanceId] };
    const state = async () =>
      (await client.send(new ec2.DescribeInstancesCommand(one))).Reservations[0].Instances[0].State.Name;
    const states = [];
    for (const Command of [ec2.StopInstancesCommand, ec2.StartInstancesCommand, ec2.TerminateInstancesCommand]) {
      await client.send(new Command(one));
      states.push(await state());
    }
    const key = await client.send(new ec2.CreateKeyPairCommand({ KeyName: "k", KeyType: "ed25519" }));
    return { made: made.Instances.map((i) => i.InstanceId), pages, names: [...names], types, states,
      key: key.KeyMaterial.split("\n")[0] };
  },

  // Keys of a role, and of whatever the default chain finds.
  async role() {
    const own = new sts.STSClient({ endpoint, region, credentials: keys });
    const c = (await own.send(new sts.AssumeRoleCommand({
      RoleArn: process.env.SIM_ROLE, RoleSessionName: "node" }))).Credentials;
    const other = new sts.STSClient({ endpoint, region, credentials: {
      accessKeyId: c.AccessKeyId, secretAccessKey: c.SecretAccessKey, sessionToken: c.SessionToken } });
    return (await other.send(new sts.GetCallerIdentityCommand({}))).Arn;
  },

  async chain() {
    const client = new sts.STSClient({ endpoint, region });
    return (await client.send(new sts.GetCallerIdentityCommand({}))).Arn;
  },

  async wrong() {
    const client = new ec2.EC2Client({ endpoint, region, credentials: { ...keys, secretAccessKey: "wrong" } });
    return client.send(new ec2.DescribeRegionsCommand({})).then(() => "accepted", (e) => e.name);
  },

  // Server errors and a cut connection: the SDK tries again.
  async faults() {
    const client = new ec2.EC2Client({ endpoint, region, credentials: keys });
    return (await client.send(new ec2.DescribeRegionsCommand({}))).Regions.length;
  },
};

parts[process.argv[2]]().then((r) => console.log(JSON.stringify(r)),
  (e) => { console.error(e); process.exit(1); });
