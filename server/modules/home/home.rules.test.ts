import { describe, expect, test } from 'vitest'
import { eventCatalogue } from '../../../contract/events.ts'
import { HOME_COUNTRIES } from '../../../contract/home.ts'
import { goneLeadOf, handoverOf } from './handover.rules.ts'
import { figuresOf, waitingLeadsOf } from './home.rules.ts'
import { connectionTroubles, jobTroubles, mailTroubles, sbcTroubles, webhookTroubles } from './trouble.rules.ts'
import { weeksUntil } from './week.rules.ts'

const NOON = new Date('2026-11-22T12:00:00Z')

describe('weeks', () => {
  const sinceOf = (zone: string, now = NOON) =>
    weeksUntil(now, zone, 3).map(({ week, since }) => [week, since.toISOString()])

  test('begin on Monday at midnight there, the present one last', () => {
    expect(sinceOf('UTC')).toEqual([
      ['2026-11-02', '2026-11-02T00:00:00.000Z'],
      ['2026-11-09', '2026-11-09T00:00:00.000Z'],
      ['2026-11-16', '2026-11-16T00:00:00.000Z'],
    ])
    expect(sinceOf('Asia/Kolkata').at(-1)).toEqual(['2026-11-16', '2026-11-15T18:30:00.000Z'])
  })

  test('keep to midnight when the clocks change', () => {
    expect(sinceOf('Europe/Berlin', new Date('2026-11-01T12:00:00Z'))).toEqual([
      ['2026-10-12', '2026-10-11T22:00:00.000Z'],
      ['2026-10-19', '2026-10-18T22:00:00.000Z'],
      ['2026-10-26', '2026-10-25T23:00:00.000Z'],
    ])
  })

  test('go by the day it is there, not here', () => {
    const sundayEvening = new Date('2026-11-22T20:00:00Z')
    expect(sinceOf('Pacific/Auckland', sundayEvening).at(-1)?.[0]).toBe('2026-11-23')
    expect(sinceOf('America/Los_Angeles', new Date('2026-11-23T02:00:00Z')).at(-1)?.[0]).toBe('2026-11-16')
  })
})

describe('figures', () => {
  const counted = {
    standing: [
      { status: 'Active', in_channel: false, licensed: false, leads: 5 },
      { status: 'Active', in_channel: true, licensed: false, leads: 7 },
      { status: 'Active', in_channel: false, licensed: true, leads: 3 },
      { status: 'Not_Active', in_channel: false, licensed: false, leads: 2 },
      { status: 'Removed', in_channel: false, licensed: false, leads: 1 },
    ],
    arrivals: [
      { place: 1, country: null, licensed: false, leads: 4 },
      { place: 2, country: null, licensed: false, leads: 6 },
      { place: 2, country: null, licensed: true, leads: 1 },
      { place: 0, country: 'GB', licensed: false, leads: 6 },
      { place: 0, country: 'GB', licensed: true, leads: 1 },
      { place: 0, country: 'DE', licensed: false, leads: 9 },
    ],
    handovers: [
      { place: 2, given: 3, seconds: 90.4 },
      { place: null, given: 3, seconds: 90.4 },
    ],
    licensings: [
      { place: 2, seconds: 3_600.2 },
      { place: null, seconds: 3_600.2 },
    ],
  }

  test('put the counts in their weeks and countries', () => {
    expect(figuresOf(['2026-11-09', '2026-11-16'], counted)).toEqual({
      leads: { total: 18, licensed: 3 },
      weeks: [
        { week: '2026-11-09', leads: 4, licensed: 0, given: 0, medianSeconds: null, licenseMedianSeconds: null },
        { week: '2026-11-16', leads: 7, licensed: 1, given: 3, medianSeconds: 90, licenseMedianSeconds: 3_600 },
      ],
      medianSeconds: 90,
      licenseMedianSeconds: 3_600,
      countries: [
        { country: 'DE', leads: 9, licensed: 0 },
        { country: 'GB', leads: 7, licensed: 1 },
      ],
      otherCountries: 0,
    })
  })

  test('name the commonest countries and count the others', () => {
    const arrivals = Array.from({ length: 20 }, (_, n) => ({
      ...{ place: 0, country: `C${n}`, licensed: false, leads: n + 1 },
    }))
    const { countries, otherCountries } = figuresOf([], { ...counted, arrivals })
    expect([countries.length, otherCountries]).toEqual([HOME_COUNTRIES, 20 - HOME_COUNTRIES])
    expect(countries[0]).toEqual({ country: 'C19', leads: 20, licensed: 0 })
  })

  test('leads wait for a channel only where there is one; any spelling of a status counts', () => {
    expect(waitingLeadsOf(counted, true)).toEqual([
      { kind: 'leads-without-channel', count: 5 },
      { kind: 'leads-not-active', count: 2 },
    ])
    expect(waitingLeadsOf(counted, false)).toEqual([{ kind: 'leads-not-active', count: 2 }])
  })
})

describe('troubles', () => {
  const failed = { state: 'failed', startedAt: NOON, finishedAt: NOON, error: { message: 'No.', remedy: 'Do this.' } }
  const good = { state: 'succeeded', startedAt: NOON, finishedAt: NOON, error: null }

  test('a job that failed last, or fails now; not one that works again', () => {
    const job = { name: 'peering.sync-leads-job', summary: 'Brings leads' }
    expect(jobTroubles([{ ...job, current: null, last: failed }])).toMatchObject([
      { kind: 'job-failing', id: job.name, name: 'Brings leads', detail: 'No.', remedy: 'Do this.' },
    ])
    const trying = { ...failed, state: 'queued', finishedAt: null }
    expect(jobTroubles([{ ...job, current: trying, last: good }])).toHaveLength(1)
    expect(jobTroubles([{ ...job, current: null, last: good }])).toEqual([])
  })

  test('a webhook that fails or was paused for it; not one that somebody has paused', () => {
    const webhook = {
      ...{ webhookId: 'w', name: 'CRM', state: 'active' as const, pausedBecause: null, pausedAt: null },
      ...{ failingSince: null, lastError: null, dead: 0 },
    }
    const kinds = (more: object) => webhookTroubles([{ ...webhook, ...more }]).map(({ kind }) => kind)
    expect(kinds({})).toEqual([])
    expect(kinds({ failingSince: NOON })).toEqual(['webhook-failing'])
    expect(kinds({ state: 'paused', pausedBecause: 'failing', pausedAt: NOON })).toEqual(['webhook-paused'])
    expect(kinds({ state: 'paused', pausedBecause: 'asked', pausedAt: NOON })).toEqual([])
    expect(kinds({ state: 'paused', pausedBecause: 'asked', pausedAt: NOON, dead: 1 })).toEqual(['webhook-dead'])
    expect(webhookTroubles([{ ...webhook, dead: 3 }])).toMatchObject([{ id: 'w', name: 'CRM', count: 3 }])
    expect(kinds({ failingSince: NOON, dead: 3 })).toEqual(['webhook-failing', 'webhook-dead'])
  })

  test('mail that is on and fails; a secret that ends; a connection that is not set', () => {
    const mail = { enabled: true, failingSince: NOON, lastError: 'connect: nobody' }
    expect(mailTroubles(mail)).toMatchObject([{ kind: 'mail-failing', detail: 'connect: nobody' }])
    expect([mailTroubles({ ...mail, enabled: false }), mailTroubles(null)]).toEqual([[], []])
    const secret = (state: 'soon' | 'fine' | 'unknown') => ({ on: '2026-12-01', daysLeft: 9, state })
    expect(connectionTroubles({ isSet: true, secretExpiry: secret('soon') })).toMatchObject([
      { kind: 'secret-expiring', detail: '2026-12-01', count: 9 },
    ])
    expect(connectionTroubles({ isSet: true, secretExpiry: secret('fine') })).toEqual([])
    expect(connectionTroubles({ isSet: true, secretExpiry: secret('unknown') })).toEqual([])
    expect(connectionTroubles({ isSet: false, secretExpiry: secret('unknown') })).toMatchObject([
      { kind: 'not-connected' },
    ])
  })
})

test('SBCs that cannot be worked with, and those that were changed by hand', () => {
  const failing = { code: 'sbc-timeout', detail: 'No answer', remedy: 'Look at it', since: NOON.toISOString() }
  const device = { sbcId: 1, name: 'Seattle 1', trouble: null, changed: 0 }
  expect(sbcTroubles([device])).toEqual([])
  expect(sbcTroubles([{ ...device, trouble: failing, changed: 2 }])).toEqual([
    {
      ...{ kind: 'sbc-failing', id: '1', name: 'Seattle 1', since: NOON.toISOString(), detail: 'No answer' },
      ...{ remedy: 'Look at it', count: null },
    },
    { kind: 'sbc-changed', id: '1', name: 'Seattle 1', since: null, detail: null, remedy: null, count: 2 },
  ])
})

describe('a handover', () => {
  const event = (lead: object, channelId: number | null = 907) => ({
    ...{ operatorId: 868, channelId, at: NOON },
    payload: { ...eventCatalogue['lead.channel-assigned'].example, lead },
  })

  test('counts from the consent, whatever decimals Microsoft writes', () => {
    expect(handoverOf(event({ consentedOn: '2026-11-22T08:15:30.1234567Z', isDirectLead: false }))).toMatchObject({
      channelId: 907,
      consentedAt: new Date('2026-11-22T08:15:30.123Z'),
      givenAt: NOON,
    })
  })

  test('of a lead that nobody consented to, or that says nothing readable, is none', () => {
    const leads = [
      { consentedOn: '2026-11-22', isDirectLead: true },
      { consentedOn: null },
      { consentedOn: 'soon' },
      {},
    ]
    expect(leads.map((lead) => handoverOf(event(lead)))).toEqual([null, null, null, null])
    expect(handoverOf(event({ consentedOn: '2026-11-22' }, null))).toBeNull()
    expect(handoverOf({ ...event({}), payload: null })).toBeNull()
    expect(goneLeadOf({ ...event({}), payload: { leadId: 7 } })).toBeNull()
  })
})
