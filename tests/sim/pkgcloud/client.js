// What npm's pkgcloud does with the simulators: one JSON object of results on standard output.
const pkgcloud = require("pkgcloud");

const url = process.env.SIM_URL;
const clients = {
  openstack: (more) => ({ provider: "openstack", authUrl: url, region: "RegionOne", username: "demo",
    password: process.env.SIM_SECRET, keystoneAuthVersion: "v3", domainName: "Default", tenantName: "demo",
    projectDomainName: "Default", ...more }),
  keystone2: (more) => ({ provider: "openstack", authUrl: url, region: "RegionOne", username: "demo",
    password: process.env.SIM_SECRET, ...more }), // a token without a tenant first, then the first tenant's
  rackspace: (more) => ({ provider: "rackspace", authUrl: url, region: "DFW", username: "demo",
    apiKey: process.env.SIM_SECRET, ...more }),
};

clients.hp = (more) => ({ provider: "hp", authUrl: url, region: "region-b.geo-1", username: "demo",
  password: process.env.SIM_SECRET, ...more });

// A method of callbacks as a promise.
const call = (client, name, ...args) => new Promise((done, failed) =>
  client[name](...args, (error, ...results) => (error ? failed(error) : done(results[0]))));

const parts = {
  async life(client) {
    const flavors = await call(client, "getFlavors");
    const images = await call(client, "getImages");
    const image = images.find((i) => /debian/i.test(i.name));
    const made = await call(client, "createServer", { name: "web é", flavor: flavors[0], image,
      metadata: { role: "front" } });
    const id = String(made.id); // HP's were numbers, which pkgcloud cannot join
    const list = (await call(client, "getServers")).map((s) => [s.name, s.status]);
    const shown = await call(client, "getServer", id);
    await call(client, "rebootServer", id, { type: "HARD" });
    await call(client, "resizeServer", id, flavors[1].id);
    await call(client, "getServer", id);
    await call(client, "confirmServerResize", id);
    const resized = (await call(client, "getServer", id)).original.flavor.id;
    await call(client, "renameServer", id, "www");
    await call(client, "destroyServer", id);
    return { list, addresses: shown.addresses, resized, wanted: flavors[1].id,
      left: (await call(client, "getServers")).length };
  },

  async extras(client) {
    const key = await call(client, "addKey", { name: "ops" });
    const keys = await call(client, "listKeys");
    const group = await call(client, "addGroup", { name: "web", description: "the web" });
    await call(client, "addRules", [{ groupId: group.id, ipProtocol: "tcp", fromPort: 80, toPort: 80,
      cidr: "0.0.0.0/0" }]);
    const rules = (await call(client, "listGroups")).find((g) => g.id === group.id).rules.length;
    await call(client, "destroyGroup", group.id);
    const address = await call(client, "allocateNewFloatingIp", "public");
    await call(client, "deallocateFloatingIp", address);
    await call(client, "destroyKey", "ops");
    return { key: key.private_key.split("\n")[0], keys: keys.length, rules, pool: address.pool };
  },

  async networks(client) {
    const network = await call(client, "createNetwork", { label: "isolated", cidr: "192.168.3.0/24" });
    const labels = (await call(client, "getNetworks")).map((n) => n.label);
    await call(client, "deleteNetwork", network.id);
    return labels;
  },

  async wrong(client) {
    return call(client, "getServers").then(() => "accepted", (e) => e.statusCode);
  },
};

const make = clients[process.argv[2]];
parts[process.argv[3]](pkgcloud.compute.createClient(make())).then((r) => console.log(JSON.stringify(r)),
  (e) => { console.error(e); process.exit(1); });
