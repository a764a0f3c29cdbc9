import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fairLimit } from '../../../test/harness/fair-limit.ts'
import { createAddressGuard } from './address-guard.ts'
import { EXPIRED_CERTIFICATE, EXPIRED_CERTIFICATE_KEY } from './expired-certificate.fixture.ts'
import { createGuardedAgent } from './guarded-agent.ts'
import { headerNameProblem, headerValueProblem } from './header.rules.ts'
import { post } from './post.ts'

// Outbound addresses that somebody else has chosen. Source: design/quality.md S3; issue 6, bad input.

/** What listens where nothing of ours may go: every request that arrives is an escape. */
let canary: Server
let port: number
let escapes = 0
let behave: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end('ok')

beforeAll(async () => {
  canary = createServer((request, response) => {
    escapes++
    request.resume()
    behave(request, response)
  })
  await new Promise<void>((done) => canary.listen(0, '::', done))
  port = (canary.address() as AddressInfo).port
})
afterAll(() => {
  canary.closeAllConnections()
  canary.close()
})

const LIMITS = { deadlineMs: 3_000, bodyMs: 500, bodyBytes: 16_384 }
const strict = createAddressGuard({ allowedRanges: [] })

/** Hosts as they stand in an address: literals in every spelling, all of them this machine or a network beside it. */
const LITERALS = [
  ...['127.0.0.1', '127.1', '127.0.1', '127.0.0.1.', '127.255.255.254', '2130706433', '0x7f000001', '0x7f.0.0.1'],
  ...[
    '0177.0.0.1',
    '017700000001',
    '0x7f.1',
    '0x7F.0x00.0x00.0x01',
    '00000177.0.0.1',
    '127.0.0.0x1',
    '%31%32%37.0.0.1',
  ],
  ...['１２７.0.0.1', '①②⑦.0.0.1', '127。0。0。1', '0', '0.0.0.0', '0.1.2.3', '00', '0x0'],
  ...['10.0.0.1', '10.255.255.255', '167772161', '0xa000001', '012.0.0.1', '172.16.0.1', '172.31.255.255'],
  ...['192.168.0.1', '192.168.1', '3232235521', '169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376'],
  ...['169.254.1.1', '100.64.0.1', '100.100.100.200', '192.0.0.192', '192.0.2.1', '198.18.0.1', '198.51.100.7'],
  ...['203.0.113.9', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255', '192.88.99.1'],
  ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::127.0.0.1]', '[::7f00:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
  ...[
    '[::ffff:10.0.0.1]',
    '[::ffff:a00:1]',
    '[::ffff:169.254.169.254]',
    '[::ffff:0:127.0.0.1]',
    '[0:0:0:0:0:ffff:7f00:1]',
  ],
  ...['[64:ff9b::127.0.0.1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::a00:1]', '[2002:7f00:1::]', '[2002:a9fe:a9fe::1]'],
  ...['[2001::7f00:1]', '[fe80::1]', '[febf::1]', '[fc00::1]', '[fd00:ec2::254]', '[fec0::1]', '[ff02::1]', '[100::1]'],
  ...['[2001:db8::1]', '[3fff::1]', '[5f00::1]', '[4000::1]', '[2600::5efe:10.0.0.1]', '[2600::200:5efe:7f00:1]'],
]
/** Names, with what an evil name server says of them. */
const NAMES: Record<string, string[]> = {
  'loopback.example': ['127.0.0.1'],
  'six.example': ['::1'],
  'metadata.example': ['169.254.169.254'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'mapped-ten.example': ['::ffff:10.1.2.3'],
  'ten.example': ['10.1.2.3'],
  'nat64.example': ['64:ff9b::7f00:1'],
  'sixtofour.example': ['2002:7f00:1::1'],
  'mixed.example': ['93.184.216.34', '127.0.0.1'],
  'mixed-six.example': ['2606:2800:220:1:248:1893:25c8:1946', '::1'],
  'zone.example': ['fe80::1%lo'],
  'nonsense.example': ['not an address'],
  'unspecified.example': ['0.0.0.0'],
  'local.example.': ['192.168.4.4'],
}
const resolve = async (name: string) => {
  const found = NAMES[name] ?? NAMES[`${name}.`]
  if (!found) throw Object.assign(new Error(name), { code: 'ENOTFOUND' })
  return found
}

describe('hostile addresses', () => {
  test('there are at least 60 of them', () => {
    expect(new Set(LITERALS).size + Object.keys(NAMES).length).toBeGreaterThanOrEqual(60)
  })

  test.each(LITERALS)('https://%s is refused by its text', (host) => {
    expect(strict.judgeUrl(`https://${host}:${port}/`).ok).toBe(false)
    expect(strict.judgeUrl(`https://${host}/`).ok).toBe(false)
  })

  test.each([...LITERALS, ...Object.keys(NAMES)])('no connection is made to %s', async (host) => {
    const agent = createGuardedAgent({ guard: strict, resolve })
    const before = escapes
    try {
      for (const scheme of ['http', 'https']) {
        const url = `${scheme}://${host}:${port}/hook`
        if (!URL.canParse(url)) continue
        const outcome = await post(agent, { url, headers: {}, body: '{}' }, LIMITS)
        expect(outcome).toMatchObject({ kind: 'failed', code: 'address-refused' })
      }
      expect(escapes).toBe(before)
    } finally {
      await agent.close()
    }
  })

  test.each([
    ...[
      '',
      'hooks.example',
      '//hooks.example/',
      'ftp://hooks.example/',
      'file:///etc/passwd',
      'gopher://hooks.example/',
    ],
    ...[
      'javascript:alert(1)',
      'data:text/plain,x',
      'https://',
      'https://user@hooks.example/',
      'https://a:b@hooks.example/',
    ],
    ...[
      'https://hooks.example/#x',
      'https://hooks.example\\@127.0.0.1/',
      'https://hooks.example/\n',
      ' https://hooks.example/',
    ],
    ...[
      'https://localhost/',
      'https://LOCALHOST./',
      'https://foo.localhost/',
      'https://intranet/',
      'https://db.internal/',
    ],
    ...[
      'https://printer.local/',
      'http://hooks.example/',
      'https://hooks.example:22/',
      'https://8.8.8.8:25/',
      'https://..example/',
    ],
    `https://hooks.example/${'a'.repeat(2_000)}`,
  ])('%j is no address to send to', (url) => {
    expect(strict.judgeUrl(url).ok).toBe(false)
  })

  test.each([
    'https://hooks.example/',
    'https://8.8.8.8/x?y=1',
    'https://[2606:4700::1111]:8443/',
    'https://hooks.example:443/',
  ])('%s may be one', (url) => {
    expect(strict.judgeUrl(url)).toEqual({ ok: true })
  })

  test('a name that resolves to a private address the second time gets no second connection', async () => {
    let asked = 0
    const guard = createAddressGuard({ allowedRanges: [], ownReceivers: [{ address: '127.0.0.1', port }] })
    const agent = createGuardedAgent({ guard, resolve: async () => (asked++ === 0 ? ['127.0.0.1'] : ['127.0.0.2']) })
    behave = (_request, response) => response.writeHead(200, { connection: 'close' }).end('ok')
    const send = () => post(agent, { url: `http://rebinding.example:${port}/`, headers: {}, body: '{}' }, LIMITS)
    const before = escapes
    expect(await send()).toMatchObject({ kind: 'answered', status: 200 })
    expect(await send()).toMatchObject({ kind: 'failed', code: 'address-refused' })
    expect([escapes - before, asked]).toEqual([1, 2])
    await agent.close()
  })
})

describe('what an installation allows', () => {
  const guard = createAddressGuard({ allowedRanges: ['10.20.0.0/16', 'fd12::/16', '192.168.7.9'] })

  test('is that, and nothing beside it', () => {
    const judged = (host: string) => guard.judgeUrl(`https://${host}/`).ok
    expect(['10.20.3.4', '[::ffff:10.20.3.4]', '[fd12::1]', '192.168.7.9'].map(judged)).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(['10.21.0.1', '[fd13::1]', '192.168.7.8', '127.0.0.1', '169.254.169.254'].map(judged)).not.toContain(true)
    expect(guard.judgeUrl('http://10.20.3.4/').ok).toBe(true)
    expect(guard.judgeUrl('http://8.8.8.8/').ok).toBe(false)
    expect(guard.judgeUrl('https://10.20.3.4:25/').ok).toBe(false)
  })

  test('plain http goes to an allowed address only, also by name', async () => {
    // A name is judged by what it resolves to.
    expect(guard.judgeUrl('http://hooks.example/').ok).toBe(true)
    expect(guard.judgeUrl('https://crm.internal/').ok).toBe(true)
    expect(guard.judgeAddress('10.20.3.4', 80, true).ok).toBe(true)
    expect(guard.judgeAddress('8.8.8.8', 80, true).ok).toBe(false)
    expect(guard.judgeAddress('8.8.8.8', 443).ok).toBe(true)
  })

  test('a receiver of our own is one address and one port', () => {
    const own = createAddressGuard({ allowedRanges: [], ownReceivers: [{ address: '127.0.0.1', port: 8081 }] })
    expect(own.judgeUrl('http://127.0.0.1:8081/receiver').ok).toBe(true)
    expect(own.judgeUrl('http://127.0.0.1:8080/').ok).toBe(false)
    expect(own.judgeUrl('http://127.0.0.2:8081/').ok).toBe(false)
  })
})

describe('a receiver that', () => {
  const open = () => {
    const guard = createAddressGuard({ allowedRanges: ['127.0.0.0/8'] })
    const agent = createGuardedAgent({ guard, resolve: async () => ['127.0.0.1'], ca: EXPIRED_CERTIFICATE })
    const send = (url = `http://127.0.0.1:${port}/`) =>
      post(agent, { url, headers: { 'x-key': 'one' }, body: '{"a":1}' }, LIMITS)
    return { agent, send }
  }

  test('redirects is not followed', async () => {
    behave = (_request, response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/else` }).end()
    const before = escapes
    const { agent, send } = open()
    expect(await send()).toMatchObject({ kind: 'answered', status: 307 })
    expect(escapes - before).toBe(1)
    await agent.close()
  })

  test('answers a gigabyte is read for 16 kB, and quickly', async () => {
    behave = (_request, response) => {
      response.writeHead(200, { 'content-length': String(1024 ** 3) })
      const chunk = Buffer.alloc(65_536, 'x')
      const more = () => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    }
    const { agent, send } = open()
    const outcome = await send()
    expect(outcome).toMatchObject({ kind: 'answered', status: 200, isBodyCut: true })
    expect(outcome.kind === 'answered' && outcome.body.length).toBe(16_384)
    expect(outcome.durationMs).toBeLessThan(fairLimit(2_000))
    await agent.destroy()
  })

  test('never ends its answer is left after half a second', async () => {
    behave = (_request, response) => {
      response.writeHead(202)
      const timer = setInterval(() => response.write('.'), 50)
      response.on('close', () => clearInterval(timer))
    }
    const { agent, send } = open()
    const outcome = await send()
    expect(outcome).toMatchObject({ kind: 'answered', status: 202, isBodyCut: true })
    expect(outcome.durationMs).toBeLessThan(fairLimit(2_000))
    await agent.destroy()
  })

  test('never answers is left at the deadline', async () => {
    behave = () => {}
    const { agent, send } = open()
    expect(await send()).toMatchObject({ kind: 'failed', code: 'timed-out', detail: 'No answer within 3 s.' })
    await agent.destroy()
  })

  test('answers with an endless head is no HTTP to us', async () => {
    behave = (_request, response) => {
      for (let i = 0; i < 400; i++) response.setHeader(`x-${i}`, 'y'.repeat(100))
      response.end()
    }
    const { agent, send } = open()
    expect(await send()).toMatchObject({ kind: 'failed', code: 'answer-malformed' })
    await agent.destroy()
  })

  test('breaks off is told as that', async () => {
    behave = (request) => request.socket.resetAndDestroy()
    const { agent, send } = open()
    expect(await send()).toMatchObject({ kind: 'failed', code: 'connection-failed' })
    await agent.destroy()
  })

  test('has a certificate that expired is told what to do, and gets nothing', async () => {
    let got = 0
    const server = createTlsServer(
      { cert: EXPIRED_CERTIFICATE, key: EXPIRED_CERTIFICATE_KEY },
      (_request, response) => {
        got++
        response.end()
      },
    )
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { agent, send } = open()
    const outcome = await send(`https://hooks.example:${(server.address() as AddressInfo).port}/`)
    expect(outcome).toMatchObject({ kind: 'failed', code: 'certificate-refused' })
    expect(outcome.kind === 'failed' && outcome.detail).toMatch(/has expired: the receiver must renew it/)
    expect(got).toBe(0)
    await agent.destroy()
    server.close()
  })
})

describe('headers that somebody chose', () => {
  test.each([
    ...[
      '',
      'Host',
      'host',
      'Content-Length',
      'transfer-encoding',
      'Connection',
      'Keep-Alive',
      'Upgrade',
      'TE',
      'Trailer',
    ],
    ...['Expect', 'Proxy-Authorization', 'Sec-Fetch-Site', 'Cookie', 'webhook-id', 'Webhook-Signature', 'content-type'],
    ...['X Key', 'X-Key:', 'X-Key\r\nHost: evil', 'X\nY', 'X\u0000', 'Schlüssel', 'X-Key ', '\tX', 'a'.repeat(101)],
  ])('%j is refused as a name', (name) => {
    expect(headerNameProblem(name)).not.toBeNull()
  })

  test.each(['a\r\nHost: evil', 'a\nb', 'a\u0000', 'ä', ' a', 'a ', 'x'.repeat(4_097)])(
    '%j is refused as a value',
    (value) => {
      expect(headerValueProblem(value)).not.toBeNull()
    },
  )

  test('good ones pass', () => {
    expect(['X-Api-Key', 'Authorization', 'x_token~1'].map(headerNameProblem)).toEqual([null, null, null])
    expect(['Bearer abc==', '', 'a b'].map(headerValueProblem)).toEqual([null, null, null])
  })
})
