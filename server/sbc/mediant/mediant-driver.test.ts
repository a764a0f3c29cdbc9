import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SbcDevice } from '../../../sim/sbc/sbc-device.ts'
import { SbcServer } from '../../../sim/sbc/sbc-server.ts'
import { createAddressGuard, createGuardedAgent } from '../../platform/outbound/index.ts'
import type { ApplyOptions, SbcConnection, SbcDriver } from '../sbc-driver.ts'
import type { SbcError } from '../sbc-error.ts'
import { createMediantDriver, MEDIANT } from './mediant-driver.ts'

// The real simulator over TLS, on a port that the system chooses: what the driver believes is what the device holds.

const PIN = '31a92c00970606ac9373b13231b1c5902c1a101cb012082bcc30108e3bf15ad5'
const device = new SbcDevice('sbc1', '1')
const server = new SbcServer(device, '127.0.0.1')
const closing: (() => Promise<void>)[] = []
let driver: SbcDriver

const SCRIPT = `configure voip
 ! shared
 sbc cac-profile new
  name "10 sessions"
  activate
  cac-rule new
   request-type invite
   limit 10
   activate
  exit
  activate
 exit
 ip-group new
  name "contoso-c"
  description "Contoso 'East'"
  proxy-set-name "Customers"
  cac-profile "10 sessions"
  tags "Trunk=d1382f6b"
  activate
 exit
 ip-group new
  name "contoso-t"
  proxy-set-name "Teams-OC"
  activate
 exit
 sip-definition account new
  account-name "contoso"
  served-ip-group-name "contoso-t"
  serving-ip-group-name "contoso-c"
  user-name "contoso"
  password "hunter2-secret"
  activate
 exit
exit`
const CLEANUP = `configure voip
 no sip-definition account "contoso"
 no ip-group "contoso-t"
 no ip-group "contoso-c"
exit`

beforeAll(async () => {
  await server.listen(0)
})
afterAll(async () => {
  await server.close()
})
beforeEach(async () => {
  device.reset()
  device.certificate = 'good'
  await server.follow()
  driver = open()
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function open(change: Partial<SbcConnection> = {}): SbcDriver {
  const guard = createAddressGuard({ allowedRanges: ['127.0.0.0/8'] })
  const trust = change.trust ?? { kind: 'fingerprint' as const, sha256: PIN }
  const dispatcher = createGuardedAgent({
    guard,
    ...(trust.kind === 'ca' && { ca: trust.pem }),
    ...(trust.kind === 'fingerprint' && { fingerprint: trust.sha256 }),
  })
  closing.push(() => dispatcher.destroy())
  const connection: SbcConnection = {
    ...{ address: `https://127.0.0.1:${server.port}`, user: 'leadline', password: 'sbc-sandbox-secret' },
    ...{ trust, timeoutMs: 10_000, ...change },
  }
  return createMediantDriver(connection, { dispatcher })
}

const signal = new AbortController().signal
const options = (change: Partial<ApplyOptions> = {}): ApplyOptions => ({
  ...{ signal, secrets: ['hunter2-secret'], isOurs: () => true },
  ...change,
})
const failure = async (work: Promise<unknown>): Promise<SbcError> =>
  work.then(
    () => {
      throw new Error('It should have failed.')
    },
    (error: SbcError) => error,
  )

describe('a script', () => {
  it('is applied, read back and saved, and applied again adds nothing', async () => {
    const first = await driver.apply(SCRIPT, options())
    expect(first.plan.changes.map(({ table, name, what }) => `${what} ${table} ${name}`)).toEqual([
      'add sbc cac-profile 10 sessions',
      'add ip-group contoso-c',
      'add ip-group contoso-t',
      'add sip-definition account contoso',
    ])
    expect(first.sent).toBe(true)
    expect(device.namesOf('ip-group')).toEqual(['Teams-OC', 'Carrier', 'contoso-c', 'contoso-t'])
    expect(device.isSaved).toBe(true)
    const before = device.text
    const again = await driver.apply(SCRIPT, options())
    expect(again.plan.changes.map(({ what }) => what)).toEqual(['keep', 'keep', 'keep', 'change'])
    expect(device.text).toBe(before)
  })

  it('never shows its secrets', async () => {
    const plan = await driver.plan(SCRIPT, options())
    const applied = await driver.apply(SCRIPT, options())
    expect(JSON.stringify([plan, applied])).not.toContain('hunter2-secret')
    expect(plan.commands).toContain('password ********')
    expect(plan.expected.find(({ name }) => name === 'contoso')?.values).not.toHaveProperty('password')
  })

  it('removes what is ours, leaves what is not, and proves that it is gone', async () => {
    await driver.apply(SCRIPT, options())
    const spared = await driver.apply(CLEANUP, options({ isOurs: ({ table }) => table !== 'ip-group' }))
    expect(spared.plan.changes.map(({ what }) => what)).toEqual(['remove', 'leave', 'leave'])
    await driver.apply(CLEANUP, options())
    expect(device.namesOf('ip-group')).toEqual(['Teams-OC', 'Carrier'])
    // Others may use it.
    expect(device.namesOf('sbc cac-profile')).toEqual(['10 sessions'])
    const again = await driver.apply(CLEANUP, options())
    expect(again.plan.changes.map(({ what }) => what)).toEqual(['already-gone', 'already-gone', 'already-gone'])
    expect(again.sent).toBe(false)
  })

  it('corrects what is ours and refuses what is not', async () => {
    device.run('configure voip\n ip-group new\n  name "contoso-c"\n  proxy-set-name "Carrier"\n  activate\n exit\nexit')
    const refused = await failure(driver.apply(SCRIPT, options({ isOurs: () => false })))
    expect(refused).toMatchObject({ kind: 'conflict', retryable: false, code: 'sbc-conflict' })
    expect(refused.message).toContain('contoso-c')
    expect(device.namesOf('ip-group')).toHaveLength(3)
    const applied = await driver.apply(SCRIPT, options())
    expect(applied.plan.changes.find(({ name }) => name === 'contoso-c')?.what).toBe('change')
    expect(device.namesOf('ip-group')).toEqual(['Teams-OC', 'Carrier', 'contoso-c', 'contoso-t'])
  })

  it('is told what is about to be done before anything is sent', async () => {
    const stopped = await failure(
      driver.apply(SCRIPT, options({ beforeSending: () => Promise.reject(new Error('no books')) })),
    )
    expect(stopped.message).toBe('no books')
    expect(device.namesOf('ip-group')).toHaveLength(2)
  })

  it('names what it refers to that is not there', async () => {
    const script = SCRIPT.replaceAll('"Customers"', '"Nobody"')
    const refused = await failure(driver.apply(script, options()))
    expect(refused).toMatchObject({ kind: 'refused-line' })
    expect(refused.message).toContain('Nobody')
    expect((await driver.plan(script, options())).missingReferences).toEqual([
      { table: 'proxy-set', name: 'Nobody', referredBy: 'ip-group contoso-c' },
    ])
  })
})

it.each([
  ['an index', 'configure voip\n ip-group 7\n  name "x"', /Line 2.*index/],
  ['an unknown table', 'configure voip\n media-realm new', /Line 2.*no table/],
  ['quotes that do not close', 'configure voip\n ip-group new\n  name "x', /Line 3.*quotation marks/],
  ['two values', 'configure voip\n ip-group new\n  name a b', /Line 3.*one value/],
  ['a command that waits for a person', 'copy cli-script from tftp', /Line 1/],
  [
    'a loop of show commands',
    Array.from({ length: 21 }, () => 'show running-config').join('\n'),
    /Line 21.*at most 20/,
  ],
])('refuses %s by its line, before anything is sent', async (_what, script, words) => {
  const refused = await failure(driver.apply(script, options()))
  expect(refused).toMatchObject({ kind: 'refused-line', retryable: false })
  expect(refused.message).toMatch(words)
  expect(device.calls.filter(({ script: sent }) => sent !== null && !sent.startsWith('show'))).toEqual([])
})

describe('a device in trouble', () => {
  const behave = async (behaviour: SbcDevice['behaviour'], times: number | null = null) => {
    Object.assign(device, { behaviour, times })
    await server.follow()
  }

  it.each([
    ['busy', 'busy', true],
    ['down', 'unreachable', true],
    ['error-500', 'unreachable', true],
    ['garbage', 'malformed', true],
    ['nothing-applied', 'not-applied', false],
  ] as const)('%s is told as %s', async (behaviour, kind, retryable) => {
    await behave(behaviour)
    expect(await failure(driver.apply(SCRIPT, options()))).toMatchObject({ kind, retryable })
    expect(device.namesOf('ip-group')).toHaveLength(2)
  })

  it('says when a busy one wants to be asked again', async () => {
    await behave('busy')
    expect((await failure(driver.apply(SCRIPT, options()))).retryAfterMs).toBeGreaterThan(0)
  })

  it('is given up after its time', async () => {
    await behave('hang')
    const refused = await failure(open({ timeoutMs: 50 }).status({ signal }))
    expect(refused).toMatchObject({ kind: 'timeout', retryable: true })
  })

  it('goes on where half a script was applied', async () => {
    await behave('half-applied')
    expect(await failure(driver.apply(SCRIPT, options()))).toMatchObject({ kind: 'refused-line' })
    await behave('normal')
    await driver.apply(SCRIPT, options())
    expect(device.namesOf('ip-group')).toEqual(['Teams-OC', 'Carrier', 'contoso-c', 'contoso-t'])
  })

  it('goes on where the answer was lost', async () => {
    await driver.status({ signal })
    // The first script is the one that reads.
    await behave('normal')
    const reading = await driver.plan(SCRIPT, options())
    expect(reading.changes).toHaveLength(4)
    await behave('cut-answer', 2)
    expect(await failure(driver.apply(SCRIPT, options()))).toMatchObject({ kind: 'unreachable', retryable: true })
    await behave('normal')
    await driver.apply(SCRIPT, options())
    expect(device.namesOf('ip-group')).toEqual(['Teams-OC', 'Carrier', 'contoso-c', 'contoso-t'])
  })

  it('is told again what it lost in a restart before it was saved', async () => {
    const work = driver.apply(SCRIPT, options({ beforeSending: () => behave('restart-in-between', 1) }))
    await work
    expect(device.restarts).toBe(1)
    expect(device.has('ip-group', 'contoso-c')).toBe(true)
    expect(device.isSaved).toBe(true)
  })

  it('is not sent a password that its certificate does not deserve', async () => {
    device.certificate = 'expired'
    await server.follow()
    expect(await failure(driver.status({ signal }))).toMatchObject({ kind: 'certificate', retryable: false })
    expect(await failure(open({ trust: { kind: 'public' } }).status({ signal }))).toMatchObject({ kind: 'certificate' })
    device.certificate = 'other'
    await server.follow()
    const refused = await failure(open().status({ signal }))
    expect(refused.message).toContain('another certificate')
    expect(device.calls).toEqual([])
  })

  it('refuses a password that was changed behind our back', async () => {
    device.password = 'other'
    expect(await failure(driver.status({ signal }))).toMatchObject({ kind: 'credentials', retryable: false })
  })
})

it('reads version, state and how full the tables are', async () => {
  expect(await driver.status({ signal })).toMatchObject({
    ...{ version: '7.40A.500.357', productType: 'Mediant VE SBC', serialNumber: '1', ipAddress: '10.20.0.5' },
    state: 'UNLOCKED, Operational',
  })
  expect(await driver.tables({ signal })).toContainEqual({ table: 'ip-group', used: 2, limit: null })
})

it('finds what was changed by hand', async () => {
  const { plan } = await driver.apply(SCRIPT, options())
  device.run('configure voip\n no sip-definition account "contoso"\n no ip-group "contoso-t"\nexit')
  device.run('configure voip\n ip-group "contoso-c"\n  tags "Trunk=other"\n  activate\n exit\nexit')
  const states = (await driver.check(plan.expected, { signal })).map(({ name, state }) => `${name}: ${state}`)
  expect(states).toEqual(['10 sessions: as-expected', 'contoso-c: changed', 'contoso-t: missing', 'contoso: missing'])
  const removal = MEDIANT.removalScript(plan.expected.filter(({ isShared }) => !isShared))
  await driver.apply(removal, options())
  expect(device.namesOf('ip-group')).toEqual(['Teams-OC', 'Carrier'])
})

it('sends the difference of a dial plan, however long it is', async () => {
  const rule = (at: number) => ({
    name: 'contoso',
    prefix: MEDIANT.exactPrefix(`+1425555${1_000 + at}`),
    tag: 'contoso',
  })
  const rules = Array.from({ length: 450 }, (_, at) => rule(at))
  expect(await driver.changeDialPlan('OCDialPlan', { add: rules, remove: [] }, { signal })).toEqual({
    ...{ added: 450, removed: 0 },
  })
  device.forgetCalls()
  const change = { add: [rule(450), rule(1)], remove: [rule(0), { prefix: '+19995550000#' }] }
  expect(await driver.changeDialPlan('OCDialPlan', change, { signal })).toEqual({ added: 1, removed: 1 })
  const there = (await driver.dialPlan('OCDialPlan', { signal }))?.map(({ prefix }) => prefix)
  expect(there).toHaveLength(450)
  expect(there).toContain('+14255551450#')
  expect(there).not.toContain('+14255551000#')
  const sent = device.calls.filter(({ script }) => script?.startsWith('configure'))
  expect(sent).toHaveLength(1)
  expect(sent[0]?.script?.length).toBeLessThan(500)
  expect(await driver.dialPlan('Nobody', { signal })).toBeNull()
})
