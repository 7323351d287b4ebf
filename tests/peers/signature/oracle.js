// CloudAPI's check of a signature, by npm's http-signature: the layout of 1.x first, then that of 0.9.
// oracle.js PUBLICKEY...: prints "ready PORT", answers 200, 400 or 401 with what it found, until its input ends.
// A key is known by its MD5 fingerprint or by the name of its file without .pub.
const http = require('http'), fs = require('fs'), path = require('path'), sshpk = require('sshpk')
const modern = require('http-signature'), old = require('http-signature-09')
const algorithms = ['rsa-sha1', 'rsa-sha256', 'rsa-sha512', 'ecdsa-sha256', 'ecdsa-sha512', 'ed25519-sha512']
const keys = {}
for (const file of process.argv.slice(2)) {
  const key = sshpk.parseKey(fs.readFileSync(file), 'ssh')
  keys[key.fingerprint('md5').toString('hex')] = keys[path.basename(file, '.pub')] = key
}

function parse(req) {
  try {
    return { parsed: modern.parseRequest(req, { algorithms }), layout: '1.x' }
  } catch (first) {
    try {
      return { parsed: old.parseRequest(req, { algorithms }), layout: '0.9' }
    } catch (second) {
      return { error: first.message }
    }
  }
}

function check(req) {
  const { parsed, layout, error } = parse(req)
  if (error) return [400, { code: 'InvalidHeader', message: error }]
  const part = parsed.keyId.split('/')
  const four = part.length === 4 && part[2] === 'keys'
  const six = part.length === 6 && part[2] === 'users' && part[4] === 'keys'
  const key = keys[part[part.length - 1]]
  if (!(four || six) || !key) return [401, { code: 'InvalidCredentials', message: 'Invalid KeyId ' + parsed.keyId }]
  const good = layout === '1.x' ? modern.verifySignature(parsed, key) : old.verifySignature(parsed, key.toString('pkcs8'))
  if (!good) return [401, { code: 'InvalidCredentials', message: 'Invalid authorization credentials supplied' }]
  return [200, { layout, algorithm: parsed.algorithm, keyId: parsed.keyId, signed: parsed.signingString }]
}

const server = http.createServer((req, res) => {
  req.resume()
  req.on('end', () => {
    const [status, body] = check(req)
    res.writeHead(status, { 'content-type': 'application/json', 'api-version': '9.0.0' })
    res.end(JSON.stringify(body))
  })
})
server.listen(0, '127.0.0.1', () => console.log('ready ' + server.address().port))
process.stdin.on('end', () => process.exit(0)).resume()
