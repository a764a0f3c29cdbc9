import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export type Judgement = { ok: true } | { ok: false; reason: string }

export type AddressGuard = {
  /** Whether a connection may be made to this literal address and port; plain http only to what is allowed by name. */
  judgeAddress(address: string, port: number, isPlain?: boolean): Judgement
  /**
   * What is wrong with the text of an address before anybody is asked for it: form, scheme, and a literal that is refused.
   * Names are judged by what they resolve to, when the connection is made.
   */
  judgeUrl(text: string): Judgement
}

export type GuardSettings = {
  /** Ranges that are allowed although they are not public: `10.20.0.0/16`, `fd00::/8`, `10.1.2.3`. */
  allowedRanges: readonly string[]
  /** Single receivers of our own, by address and port: the simulator's in the sandbox. */
  ownReceivers?: readonly { address: string; port: number }[]
  /** What is spoken there; default HTTP. Each has ports at which only others listen. */
  protocol?: 'http' | 'smtp'
}

type Ip = ReturnType<typeof ipaddr.parse>

const URL_MAX = 2_000
/** Ports of services that a request in HTTP could be mistaken by, as browsers refuse them (WHATWG fetch, "bad port"). */
const BAD_PORTS = new Set(
  (
    '1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 137 ' +
    '139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720 ' +
    '1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080'
  )
    .split(' ')
    .map(Number),
)

/**
 * Says where calls may go that somebody outside has chosen the address of: to public addresses and what the installation
 * allows by name, nowhere else. Source: design/quality.md S3.
 */
export function createAddressGuard({
  allowedRanges,
  ownReceivers = [],
  protocol = 'http',
}: GuardSettings): AddressGuard {
  const allowed = allowedRanges.map(readRange)
  const isAllowed = (ip: Ip) => allowed.some(([range, bits]) => range.kind() === ip.kind() && matches(ip, range, bits))
  const isOwn = (ip: Ip, port: number) =>
    ownReceivers.some((own) => own.port === port && ipaddr.parse(own.address).toString() === ip.toString())

  function judge(address: string, port: number): Judgement & { isOurs?: boolean } {
    if (isIP(address) === 0) return refuse(`${quote(address)} is no IP address.`)
    const ip = unmapped(ipaddr.parse(address))
    if (isOwn(ip, port)) return { ok: true, isOurs: true }
    if (!mayBe(protocol, port)) return refuse(`Port ${port} belongs to another service than ${protocol.toUpperCase()}.`)
    if (isAllowed(ip)) return { ok: true, isOurs: true }
    const kind = specialKind(ip)
    return kind === null
      ? { ok: true }
      : refuse(
          `${address} is ${kind}, not a public address. Give one that is, or have whoever runs Leadline allow it by LEADLINE_OUTBOUND_ALLOWED_RANGES.`,
        )
  }

  return {
    judgeAddress(address, port, isPlain = false) {
      const judgement = judge(address, port)
      if (judgement.ok && isPlain && judgement.isOurs !== true)
        return refuse(`${address} is public: only https goes there.`)
      return plain(judgement)
    },
    judgeUrl(text) {
      if (text.length > URL_MAX) return refuse(`The address is longer than ${URL_MAX} characters.`)
      const url = URL.parse(text)
      if (!url || /[^\x21-\x5b\x5d-\x7e\u0080-\uffff]/.test(text)) return refuse('This is no http or https address.')
      if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse('The address must begin with https://.')
      if (url.username !== '' || url.password !== '') return refuse('No user or password in the address: use a header.')
      if (url.hash !== '') return refuse('The address must not have a part after #.')
      const host = hostOf(url)
      const port = portOf(url)
      const literal = isIP(host) === 0 ? null : judge(host, port)
      if (literal && !literal.ok) return literal
      // Where private ranges are allowed, names of the own network are too: what they resolve to decides.
      if (!literal && allowed.length === 0 && !isPublicName(host))
        return refuse(`${quote(host)} is a name of this machine or of a local network.`)
      if (!literal && BAD_PORTS.has(port)) return refuse(`Port ${port} belongs to another service than HTTP.`)
      const mayBePlain = literal ? literal.isOurs === true : allowed.length > 0
      if (url.protocol === 'http:' && !mayBePlain) {
        return refuse('The address must begin with https://: what is sent holds personal data.')
      }
      return { ok: true }
    },
  }
}

/** Mail is taken at its own ports, and at those that anybody may open. */
function mayBe(protocol: 'http' | 'smtp', port: number): boolean {
  if (protocol === 'http') return !BAD_PORTS.has(port)
  return [25, 465, 587].includes(port) || (port >= 1_024 && !BAD_PORTS.has(port))
}

/** The host of an address as it is connected to: without brackets and the dot at the end. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
}

/** A range as it is written, `10.0.0.0/8`, or one address; throws for anything else. */
export function readRange(text: string): [Ip, number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  if (isIP(text) === 0) throw new Error(`${quote(text)} is neither an address nor a range.`)
  const ip = ipaddr.parse(text)
  return [ip, ip.kind() === 'ipv4' ? 32 : 128]
}

/** What is special of an address, in words; null: it is one of the public internet. */
function specialKind(ip: Ip): string | null {
  const range: string = ip.range()
  if (ip.kind() === 'ipv4') return range === 'unicast' ? null : (WORDS[range] ?? 'reserved')
  if (range !== 'unicast') return WORDS[range] ?? 'reserved'
  const { parts } = ip as InstanceType<typeof ipaddr.IPv6>
  // Everything else is not given to anybody, or carries an IPv4 address inside: ::7f00:1.
  if (((parts[0] ?? 0) & 0xe000) !== 0x2000) return 'outside of the public range 2000::/3'
  // ISATAP: the last four bytes are an IPv4 address.
  if (((parts[4] ?? 0) & 0xfdff) === 0 && parts[5] === 0x5efe) return 'a tunnel into an IPv4 network'
  return null
}

const WORDS: Record<string, string> = {
  loopback: 'this machine itself',
  private: 'in a private network',
  uniqueLocal: 'in a private network',
  deprecatedSiteLocal: 'in a private network',
  linkLocal: 'link-local (also where clouds keep their metadata)',
  carrierGradeNat: "behind a carrier's NAT",
  unspecified: 'no destination',
  broadcast: 'a broadcast address',
  multicast: 'a multicast address',
  rfc6052: 'a NAT64 form of an IPv4 address',
  rfc6145: 'a translated form of an IPv4 address',
  '6to4': 'a 6to4 form of an IPv4 address',
  teredo: 'a tunnel into an IPv4 network',
}

/** Names that no public name server answers. */
function isPublicName(host: string): boolean {
  const labels = host.toLowerCase().split('.')
  const last = labels.at(-1) ?? ''
  if (host === '' || labels.length < 2 || labels.some((label) => label === '' || label.length > 63)) return false
  return !['localhost', 'local', 'internal', 'localdomain', 'home', 'lan', 'intranet', 'onion'].includes(last)
}

function unmapped(ip: Ip): Ip {
  const six = ip as InstanceType<typeof ipaddr.IPv6>
  return ip.kind() === 'ipv6' && six.isIPv4MappedAddress() ? six.toIPv4Address() : ip
}

function matches(ip: Ip, range: Ip, bits: number): boolean {
  return (ip as { match(other: Ip, bits: number): boolean }).match(range, bits)
}

const plain = ({ isOurs: _, ...judgement }: Judgement & { isOurs?: boolean }): Judgement => judgement
const refuse = (reason: string) => ({ ok: false, reason }) as const
const quote = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
