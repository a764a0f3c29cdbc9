import { createInstance, type TFunction } from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import type { WireJournalEntry } from '../../api/journal.ts'
import { en } from '../../words/en.ts'
import { historyOf } from './lead-history-words.ts'

let t: TFunction
beforeAll(async () => {
  const words = createInstance()
  await words.init({ lng: 'en', resources: { en: { translation: en } }, interpolation: { escapeValue: false } })
  t = words.t
})

const channels = new Map([
  [907, 'Riverside IT'],
  [3, 'Alder Telecom'],
])

function entry(action: string, given: Partial<WireJournalEntry> = {}): WireJournalEntry {
  return {
    id: `${action} ${JSON.stringify(given.after ?? null)}`,
    at: '2026-11-22T08:00:00.000001Z',
    actor: { kind: 'person', id: 'dana', name: 'Dana' },
    sourceIp: null,
    requestId: 'one',
    action,
    object: { type: 'lead', id: 'lead', name: 'Contoso' },
    channelId: null,
    before: null,
    after: null,
    result: 'ok',
    detail: null,
    ...given,
  }
}

const sync = { actor: { kind: 'job', id: 'sync', name: 'peering.sync-leads-job' }, detail: 'Microsoft, by sync' }
const told = (entries: WireJournalEntry[], isWholeOperator = true) =>
  historyOf(entries, { t, channels, isWholeOperator }).map(({ sentences }) => sentences.join(' '))

describe('the history of a lead in words', () => {
  it('says who moved it from where to where', () => {
    const assigned = entry('lead.channel-assigned', { after: { channelId: 907 } })
    const removed = entry('lead.channel-removed', { before: { channelId: 907 } })
    expect(told([assigned])).toEqual(['Dana changed channel from none to Riverside IT.'])
    expect(told([removed])).toEqual(['Dana changed channel from Riverside IT to none.'])
    const gone = entry('lead.channel-assigned', { after: { channelId: 44 } })
    expect(told([gone])).toEqual(['Dana changed channel from none to Channel 44.'])
  })

  it('makes one step of both halves of a move, in whatever order they come, and not of two requests', () => {
    const to = entry('lead.channel-assigned', { after: { channelId: 3 } })
    const from = entry('lead.channel-removed', { before: { channelId: 907 } })
    const whole = ['Dana changed channel from Riverside IT to Alder Telecom.']
    expect(told([to, from])).toEqual(whole)
    expect(told([from, to])).toEqual(whole)
    expect(told([to, { ...from, requestId: 'two' }])).toHaveLength(2)
  })

  it('tells a channel nothing of where a lead came from', () => {
    const given = entry('lead.channel-assigned', { channelId: 907, after: { channelId: 907 } })
    const elsewhere = entry('lead.channel-removed', { requestId: 'two', before: {} })
    expect(told([given, elsewhere], false)).toEqual([
      'Dana gave this lead to Riverside IT.',
      'Dana took this lead from another channel.',
    ])
  })

  it('tells Microsoft’s changes field by field, without the date that changes every time', () => {
    const changed = entry('lead.changed', {
      ...sync,
      before: {
        status: 'Active',
        lastModifiedOn: 'a',
        consentedCountries: ['DE', 'FR'],
        contactDetails: { fullName: 'Ann', email: 'a@x.example' },
        newThing: null,
      },
      after: {
        status: 'Suspended',
        lastModifiedOn: 'b',
        consentedCountries: ['DE', 'AT'],
        contactDetails: { fullName: 'Bea', email: 'a@x.example' },
        newThing: { a: 1 },
      },
    })
    const [moment] = historyOf([changed], { t, channels, isWholeOperator: true })
    expect(moment).toMatchObject({ source: 'microsoft', topics: ['status', 'customer', 'other'], detail: null })
    expect(moment?.sentences).toEqual([
      'Microsoft changed the status from Active to Suspended.',
      'The customer added Austria.',
      'The customer dropped France.',
      'Contact name changed from Ann to Bea.',
      'newThing changed from none to {"a":1}.',
    ])
  })

  it('tells who made it, and that it came by itself', () => {
    const after = { tenantId: 'x', status: 'Active', consentedCountries: [] }
    expect(told([entry('lead.created', { after, detail: 'Microsoft, by direct lead' })])).toEqual([
      'Dana made this consentless lead.',
    ])
    expect(told([entry('lead.created', { ...sync, after: { ...after, consentedCountries: ['DE'] } })])).toEqual([
      'The lead came from Microsoft with the status Active. The customer consented for Germany.',
    ])
  })

  it('quotes what was written as it was written', () => {
    const before = { comment: { id: '1', text: 'old' } }
    const after = { comment: { id: '1', text: '<b>new</b> {{who}} $t(loading)' } }
    const [moment] = historyOf([entry('lead.comment-changed', { before, after })], {
      t,
      channels,
      isWholeOperator: true,
    })
    expect(moment).toMatchObject({ quote: after.comment.text, quoteBefore: 'old', topics: ['comments'] })
  })

  it('says to whom a mail went, and why it did not arrive, with its subject as it was written', () => {
    const after = { to: ['megan@contoso.example', 'ann@contoso.example'], subject: '<b>Hello</b>', template: 'T' }
    const [moment] = historyOf([entry('lead.mailed', { after })], { t, channels, isWholeOperator: true })
    expect(moment?.sentences).toEqual(['Dana wrote a mail to megan@contoso.example, ann@contoso.example.'])
    expect(moment).toMatchObject({ quote: '<b>Hello</b>', topics: ['mails'], source: 'people' })
    const job = { actor: { kind: 'job', id: 'mail', name: 'mail' }, result: 'failed' as const }
    const failed = (state: string, said: string | null) =>
      told([entry('lead.mail-failed', { ...job, after: { to: ['megan@contoso.example'], subject: 'S', state, said } })])
    expect(failed('bounced', '550 no such mailbox')).toEqual([
      'A mail to megan@contoso.example came back: its server refused it. 550 no such mailbox',
    ])
    expect(failed('given-up', null)).toEqual([
      'A mail to megan@contoso.example could not be delivered within two days.',
    ])
    expect(told([entry('lead.mail-retried', { after })])[0]).toMatch(/^Dana sent a mail to .* again\.$/)
  })

  it('puts the relationship into plain English, and keeps words it does not know', () => {
    const change = (from: string | null, to: string) =>
      entry('lead.relationship-changed', { before: from && { status: from }, after: { status: to, comment: 'why' } })
    expect(told([change(null, 'CustomerContacted'), change('AgreementSigned', 'NewWord')])).toEqual([
      'Dana changed the relationship from not set to Customer contacted.',
      'Dana changed the relationship from Agreement signed to NewWord.',
    ])
  })

  it('keeps what it has no words for, with every field', () => {
    expect(told([entry('lead.new-thing', { before: { license: null }, after: { license: 'OC Pro' } })])).toEqual([
      'Dana: lead.new-thing. License changed from none to OC Pro.',
    ])
  })
})
