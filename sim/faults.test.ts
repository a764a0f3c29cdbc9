import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { FAULT_CATALOGUE } from './fault-catalogue.ts'
import { api, askToken, control, type Json, startForTest } from './simulator.test-kit.ts'
import type { RunningSimulator } from './simulator.ts'

const LIST = '/operator-consents?top=10'
const TENANT = 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead'
const ADDRESSES = `/address-management/tenants/${TENANT}/civic-addresses`

type Answer = Awaited<ReturnType<typeof api>>

let simulator: RunningSimulator

beforeAll(async () => {
  simulator = await startForTest()
})
afterAll(() => simulator.close())
afterEach(() => control(simulator, 'POST', '/reset'))

async function withFault(order: Record<string, unknown>, path = LIST): Promise<Answer> {
  await control(simulator, 'POST', '/faults', { times: 1, ...order })
  return api(simulator, path)
}

/** One entry a fault: how its answer differs. Whole-connection faults and tokens have tests of their own. */
const SEEN: Record<string, (answer: Answer) => void> = {
  'throttle-1': (a) => expect([a.status, a.headers.get('retry-after')]).toEqual([429, '1']),
  'throttle-60': (a) => expect([a.status, a.headers.get('retry-after')]).toEqual([429, '60']),
  'throttle-315': (a) => expect([a.status, a.headers.get('retry-after')]).toEqual([429, '315']),
  'throttle-no-header': (a) => expect([a.status, a.headers.get('retry-after')]).toEqual([429, null]),
  'throttle-date': (a) => {
    const seconds = (Date.parse(a.headers.get('retry-after') ?? '') - Date.now()) / 1000
    expect([a.status, seconds > 0 && seconds <= 2]).toEqual([429, true])
  },
  'error-500': (a) => expect([a.status, a.body.error.code]).toEqual([500, 'InternalServerError']),
  'error-503': (a) => expect([a.status, a.body.error.code]).toEqual([503, 'ServiceUnavailable']),
  'html-page': (a) => expect(a.body).toContain('<!doctype html>'),
  unauthorized: (a) => expect(a.status).toBe(401),
  forbidden: (a) => expect(a.status).toBe(403),
  'endless-next-link': (a) => expect(a.body.NextLink).toContain('skip=10'),
  'next-link-to-itself': (a) => expect(a.body.NextLink).toContain('skip=0'),
  'foreign-next-link': (a) => expect(a.body.NextLink).toMatch(/^http:\/\/collector\.example\//),
  'no-next-link': (a) => expect(a.body).not.toHaveProperty('NextLink'),
  'shrunk-listing': (a) => expect(a.body.TotalCount).toBe(30),
  'empty-listing': (a) => expect(a.body).toEqual({ Values: [], TotalCount: 0 }),
  'total-count-lies': (a) => expect(a.body.TotalCount).toBe(67),
  'repeated-page': (a) => expect(a.body.NextLink).toContain('skip=0&'),
  'unknown-status': (a) => expect(struck(a, (v) => v.Status === 'Quarantined')).toBe(1),
  'unknown-company-size': (a) => expect(struck(a, (v) => v.ContactDetails.CompanySize === 'Colossal')).toBe(1),
  'null-contacts': (a) => expect(struck(a, (v) => v.Contacts === null && v.OperatorId !== null)).toBe(1),
  'null-contact-details': (a) => expect(struck(a, (v) => v.ContactDetails === null)).toBe(1),
  'null-record': (a) => expect(struck(a, (v) => v === null)).toBe(1),
  'malformed-record': (a) => expect(struck(a, (v) => v.Status === 17)).toBe(1),
  'country-uk': (a) => expect(struck(a, (v) => v.ConsentedCountries.includes('UK'))).toBe(1),
  'unknown-field': (a) => expect(struck(a, (v) => 'SovereignCloud' in v)).toBe(1),
  'fractional-digits': (a) => expect(struck(a, (v) => /:\d\dZ$/.test(v.ConsentedOn))).toBe(1),
  'offset-dates': (a) => expect(struck(a, (v) => v.LastModifiedOn.endsWith('+00:00'))).toBe(1),
  'is-default-text': (a) => expect(a.body.CivicAddresses[3].Locations[1].IsDefault).toBe('false'),
  'is-default-boolean': (a) => expect(a.body.CivicAddresses[3].Locations[1].IsDefault).toBe(false),
  'null-addresses': (a) => expect(a.body.CivicAddresses).toBeNull(),
  'null-locations': (a) => expect(a.body.CivicAddresses[0].Locations).toBeNull(),
}

function struck(answer: Answer, test: (value: Json) => boolean): number {
  return answer.body.Values.filter(test).length
}

describe('faults', () => {
  const ownTests = ['hang', 'reset-connection', 'slow', 'truncated-json', 'cut-connection']
  const tokenTests = Object.keys(FAULT_CATALOGUE).filter((name) => name.startsWith('token-'))

  it('stand in the README, each by name', () => {
    const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8')
    expect(Object.keys(FAULT_CATALOGUE).filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
  })

  it('have a test each', () => {
    expect(Object.keys(FAULT_CATALOGUE).toSorted()).toEqual(
      [...Object.keys(SEEN), ...ownTests, ...tokenTests].toSorted(),
    )
  })

  it.each(Object.entries(SEEN))('%s', async (name, check) => {
    const path = name.startsWith('is-default') || /addresses|locations/.test(name) ? ADDRESSES : LIST
    check(await withFault({ name }, path))
    const clean = await api(simulator, LIST)
    expect(clean.status).toBe(200)
    expect(clean.body).toMatchObject({ TotalCount: 60, NextLink: expect.stringContaining('skip=10') })
  })

  it('hang and reset-connection never answer', async () => {
    await control(simulator, 'POST', '/faults', { name: 'hang', times: 1 })
    const token = (await askToken(simulator)).body.access_token
    const init = { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(300) }
    await expect(fetch(`${simulator.url}/api${LIST}`, init)).rejects.toThrow('timeout')
    await expect(withFault({ name: 'reset-connection' })).rejects.toThrow('fetch failed')
    const { requests } = await control(simulator, 'GET', '/requests?limit=10')
    const silent = requests.filter(({ status }: { status: number }) => status === 0)
    expect(silent.map(({ faults }: { faults: string[] }) => faults[0]).toSorted()).toEqual(['hang', 'reset-connection'])
  })

  it('truncated-json and cut-connection break off', async () => {
    await expect(withFault({ name: 'truncated-json' })).rejects.toThrow(SyntaxError)
    await expect(withFault({ name: 'cut-connection' })).rejects.toThrow('terminated')
  })

  it('slow answers late and right', async () => {
    const startedAt = performance.now()
    const { body } = await withFault({ name: 'slow', delayMs: 250 })
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(245)
    expect(body.Values).toHaveLength(10)
  })

  it('token faults refuse, or hand out a dead token', async () => {
    const codes: Record<string, number> = {
      'token-refused': 7000215,
      'token-secret-expired': 7000222,
      'token-unavailable': 90033,
    }
    for (const name of tokenTests) {
      await control(simulator, 'POST', '/faults', { name, times: 1 })
      if (name === 'token-expired-already') expect((await api(simulator, LIST)).status).toBe(401)
      else expect((await askToken(simulator)).body.error_codes).toEqual([codes[name]])
    }
  })

  it('repeated-page gives the page before, and loses nothing for who follows its link', async () => {
    const { body: first } = await api(simulator, LIST)
    const repeated = await withFault({ name: 'repeated-page' }, '/operator-consents?skip=10&top=10')
    expect(repeated.body.Values).toEqual(first.Values)
    expect((await api(simulator, repeated.body.NextLink)).body.Values[0].Id).not.toBe(first.Values[0].Id)
  })

  it('endless-next-link goes on past the end', async () => {
    const { body } = await withFault({ name: 'endless-next-link' }, '/operator-consents?skip=5000&top=10')
    expect(body.Values).toHaveLength(10)
    expect(body.NextLink).toContain('skip=5010')
  })

  it('strike only the operator, endpoint and path they are meant for', async () => {
    await control(simulator, 'POST', '/faults', { name: 'error-500', operator: 'fabrikam' })
    await control(simulator, 'POST', '/faults', { name: 'error-503', match: TENANT })
    await control(simulator, 'POST', '/faults', { name: 'throttle-1', endpoint: 'addresses', match: 'f94238e5' })
    expect((await api(simulator, LIST)).status).toBe(200)
    expect((await api(simulator, LIST, 1)).status).toBe(500)
    expect((await api(simulator, ADDRESSES)).status).toBe(503)
    const direct = 'f94238e5-4f2c-4e1b-8125-2d27122ca75f'
    expect((await api(simulator, `/operator-consents/tenants/${direct}`)).status).toBe(200)
    expect((await api(simulator, `/address-management/tenants/${direct}/civic-addresses`)).status).toBe(429)
  })

  it('come the same way for the same seed, and differently for another', async () => {
    const run = async (seed: number) => {
      await control(simulator, 'DELETE', '/faults')
      await control(simulator, 'POST', '/faults', { name: 'error-503', probability: 0.5, seed })
      const seen: number[] = []
      for (let i = 0; i < 20; i++) seen.push((await api(simulator, LIST)).status)
      return seen.join()
    }
    const first = await run(5)
    expect(await run(5)).toBe(first)
    expect(await run(6)).not.toBe(first)
    expect(first).toContain('503')
    expect(first).toContain('200')
  })

  it('are refused by a name nobody knows', async () => {
    await expect(control(simulator, 'POST', '/faults', { name: 'meteor' })).rejects.toThrow('There is no fault')
    await expect(control(simulator, 'POST', '/faults', { name: 'hang', tiems: 1 })).rejects.toThrow('tiems')
  })
})

describe('sentinel companies', () => {
  it('carry a record fault in listing and single answer', async () => {
    const given = await control(simulator, 'POST', '/consents', {
      operator: 'northwind',
      company: 'Sentinel: unknown-status (Quarantine Ltd)',
    })
    const { body } = await api(simulator, '/operator-consents?skip=60&top=1')
    expect(body.Values[0]).toMatchObject({ Id: given.id, Status: 'Quarantined' })
    expect((await api(simulator, `/operator-consents/tenants/${given.tenantId}`)).body.Status).toBe('Quarantined')
  })

  it('disturb the calls about their own tenant only', async () => {
    const { tenantId } = await control(simulator, 'POST', '/consents', {
      operator: 'northwind',
      company: 'sentinel: throttle-60',
    })
    expect((await api(simulator, `/operator-consents/tenants/${tenantId}`)).status).toBe(429)
    expect((await api(simulator, `/address-management/tenants/${tenantId}/civic-addresses`)).status).toBe(429)
    expect((await api(simulator, LIST)).status).toBe(200)
  })
})
