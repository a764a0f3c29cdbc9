import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client, Json } from './harness/client.ts'
import { type Leadline, startLeadline } from './harness/leadline.ts'
import { runNow } from './harness/runs.ts'

// Calling profiles and trunks from the simulated Microsoft to both APIs, and the SBCs of the sandbox beside them.

const SYNC_TRUNKS = 'peering.sync-trunks-job'
const NOAM = '6f6f0f4d-6a0d-4f0e-8a35-3a1f6a9b7c01'
let leadline: Leadline
let carrier: Client

beforeAll(async () => {
  leadline = await startLeadline({ leads: 10 })
  carrier = await leadline.as('northwind-api')
})
afterAll(() => leadline?.close())

const control: Leadline['outside']['control'] = (...call) => leadline.outside.control(...call)
const profiles = async (): Promise<Json[]> => (await carrier.get('/api/v4/calling-profiles')).body.data
const profile = async (id = NOAM) => (await profiles()).find((one) => one.id === id)
const codes = (one: Json) => one.warnings.map(({ code }: Json) => code)

test('reads them, matches their trunks to our SBCs, and says what they lack', async () => {
  const run = await runNow(carrier, SYNC_TRUNKS)
  expect(run).toMatchObject({ state: 'succeeded', error: null })
  const all = await profiles()
  expect(all.map(({ name }) => name)).toEqual([
    ...['Northwind-EMEA-CommsGw', 'Northwind-NOAM-CommsGw', 'Northwind-NOAM-Emergency'],
  ])
  const noam = await profile()
  expect(noam.trunks.map(({ fqdn, sbcs }: Json) => [fqdn, sbcs[0]?.name])).toEqual([
    ['sbc1.northwind.example', 'Seattle 1'],
    ['sbc2.northwind.example', 'Seattle 2'],
  ])
  expect(noam.warnings).toEqual([])
  expect(codes(all[0])).toEqual(['single-trunk', 'trunk-without-sbc', 'no-emergency-profile'])
  expect((await carrier.get(`/api/v4/calling-profiles/${NOAM}`)).body).toEqual(noam)
})

test('shows them as documented, with the letter case and the misspelling of there', async () => {
  await runNow(carrier, SYNC_TRUNKS)
  const { body } = await carrier.get('/tenantui/api/v2/oc/callingprofile')
  const noam = body.find(({ callingProfileId }: Json) => callingProfileId === NOAM)
  expect(Object.keys(noam)).toEqual([
    ...['additionalSbcList', 'callingProfileId', 'name', 'enviroment', 'region', 'carrier', 'offerTypes'],
    ...['emergencyDialStrings', 'isEmergencyProfile', 'emergencyProfileId', 'trunksEnrolled', 'validation'],
  ])
  expect(noam.trunksEnrolled[0]).toEqual({
    trunkFqdn: 'sbc1.northwind.example',
    trunkId: '0a4f0c6e-14ad-4c54-8f21-2f4c3f7b5e10',
    matchingSbcList: [{ sbcId: 1, fqdn: 'sbc1.northwind.example', ipAddress: '127.0.0.1', name: 'Seattle 1' }],
  })
  expect(noam.validation).toEqual({ Calling: 'Validated' })
})

test('follows changes, keeps what Microsoft lists no more, and takes it up again', async () => {
  await control('PATCH', `/calling-profiles/${NOAM}`, { trunks: ['sbc1.northwind.example'] })
  await runNow(carrier, SYNC_TRUNKS)
  expect(codes(await profile())).toEqual(['single-trunk'])
  await control('DELETE', `/calling-profiles/${NOAM}`)
  await runNow(carrier, SYNC_TRUNKS)
  expect(codes(await profile())).toEqual(['removed'])
  const listed = (await carrier.get('/api/v2/oc/callingprofile')).body
  expect(listed.map(({ callingProfileId }: Json) => callingProfileId)).not.toContain(NOAM)
  const journal = (await carrier.get('/api/v4/journal?objectType=calling-profile&pageSize=50')).body.data
  expect(journal.map(({ action }: Json) => action)).toContain('calling-profile.removed')
})

test('tells of Microsoft failing in the history of the job, and changes nothing then', async () => {
  const before = await profiles()
  await control('POST', '/faults', { name: 'forbidden', endpoint: 'trunks', times: 50 })
  const run = await runNow(carrier, SYNC_TRUNKS)
  await control('DELETE', '/faults')
  expect(run).toMatchObject({ state: 'failed', error: { code: 'microsoft-forbidden' } })
  expect(await profiles()).toEqual(before)
})

test('knows both SBCs of the sandbox, and what they answer', async () => {
  const { body } = await carrier.get('/api/v4/sbcs')
  expect(body.data.map(({ name, mode }: Json) => [name, mode])).toEqual([
    ['Seattle 1', 'automatic'],
    ['Seattle 2', 'manual'],
  ])
  for (const { id } of body.data) {
    const check = await carrier.send('POST', `/api/v4/sbcs/${id}/check`)
    expect(check.body).toMatchObject({ ok: true, asked: true, trouble: null, facts: { version: '7.40A.500.357' } })
  }
  const preview = await carrier.send('POST', '/api/v4/script-templates/12/preview', {
    sbcId: 1,
    variables: {
      ...{ ShortName: 'contoso', FullName: 'Contoso', ProxySet: 'Customers' },
      MsTenantId: 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead',
    },
  })
  expect(preview.body).toMatchObject({ ok: true, problems: [], sbcTrouble: null })
  expect(preview.body.plan.changes.map(({ what, name }: Json) => `${what} ${name}`)).toEqual([
    'add contoso-c',
    'add contoso-t',
  ])
  expect(JSON.stringify(body)).not.toContain('sbc-sandbox-secret')
})
