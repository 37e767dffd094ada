// Run by the user's own Node: whether it trusts the proxy. Argument: a URL. It prints an object: outcome, said,
// version. The tunnel is opened by hand, since most releases of Node read no proxy variable.
const net = require('net'), tls = require('tls')
const { hostname } = new URL(process.argv[1])
const named = process.env.HTTPS_PROXY || process.env.https_proxy
const proxy = new URL(named.includes('://') ? named : 'http://' + named)
const secure = proxy.protocol === 'https:'
const place = { host: proxy.hostname.replace(/^\[|\]$/g, ''), port: proxy.port || (secure ? 443 : 80) }
const REFUSED = /CERT|SIGNED|ISSUER|SIGNATURE|UNABLE_TO/

function end(outcome, said) {
  console.log(JSON.stringify({ outcome, said, version: process.versions.node }))
  process.exit()
}
const failed = error => end(REFUSED.test(error.code) ? 'refused' : 'failed', error.message)

function login() {
  if (!proxy.username) return ''
  const words = decodeURIComponent(proxy.username) + ':' + decodeURIComponent(proxy.password)
  return `Proxy-Authorization: Basic ${Buffer.from(words).toString('base64')}\r\n`
}

const raw = secure ? tls.connect({ ...place, servername: net.isIP(place.host) ? '' : place.host }) : net.connect(place)
raw.on('error', failed)
raw.on('close', () => end('failed', 'the proxy closed the connection'))
raw.once(secure ? 'secureConnect' : 'connect', () => {
  raw.write(`CONNECT ${hostname}:443 HTTP/1.1\r\nHost: ${hostname}:443\r\n${login()}\r\n`)
  raw.once('data', head => {
    const status = head.toString('latin1').split(' ')[1]
    if (status !== '200') end('failed', `the proxy answered CONNECT with ${status}`)
    const inner = tls.connect({ socket: raw, servername: hostname }, () => end('accepted', ''))
    inner.on('error', failed)
  })
})
