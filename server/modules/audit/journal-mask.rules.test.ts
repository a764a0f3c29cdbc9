import { expect, test } from 'vitest'
import { ANOTHER_CHANNEL } from '../../../contract/journal.ts'
import { maskFor } from './journal-mask.rules.ts'

const row = {
  channel_id: 907 as number | null,
  actor_kind: 'person',
  actor_id: 'p1',
  actor_name: 'Rita',
  source_ip: '192.0.2.1',
  before: '{"channelId":907,"status":"Active"}',
  after: '{"status":"Suspended"}',
  detail: null as string | null,
}

test('the operator, and the channel itself, read an entry as it is', () => {
  expect(maskFor(null, row)).toBe(row)
  expect(maskFor(907, row)).toBe(row)
})

test('another channel learns neither who nor which channel', () => {
  expect(maskFor(908, row)).toEqual({
    ...row,
    channel_id: null,
    actor_id: '',
    actor_name: ANOTHER_CHANNEL,
    source_ip: null,
    before: '{"status":"Active"}',
  })
})

test('what the carrier or a job did before is told with who it was, and not from where', () => {
  const ofCarrier = { ...row, channel_id: null, before: null }
  expect(maskFor(908, ofCarrier)).toEqual({ ...ofCarrier, source_ip: null })
  const ofJob = { ...row, actor_kind: 'job', actor_name: 'peering.sync-leads-job' }
  expect(maskFor(908, ofJob)).toMatchObject({ channel_id: null, actor_name: 'peering.sync-leads-job' })
})

test('a lead that another channel has made does not tell by whom, also where its arrival was written for none', () => {
  const made = { ...row, channel_id: null, before: null }
  const told = { ...made, actor_id: '', actor_name: ANOTHER_CHANNEL, source_ip: null }
  expect(maskFor(908, made, true)).toEqual(told)
})

test('who had Microsoft asked for a lead that nobody had yet is told to no channel', () => {
  const asked = { ...row, channel_id: null, before: null, detail: 'Microsoft, by check-online' }
  const told = { ...asked, actor_kind: 'job', actor_id: 'check-online', actor_name: 'check-online', source_ip: null }
  expect(maskFor(908, asked)).toEqual(told)
  expect(maskFor(null, asked)).toBe(asked)
})

test('text that is no JSON any more is not passed on', () => {
  expect(maskFor(908, { ...row, before: '{"channelId":90' }).before).toBeNull()
})

test('a comment of the carrier is told as the carrier, in the channel’s own time, before it, and when deleted', () => {
  const said = JSON.stringify({ comment: { id: 'c1', text: 'x', company: 'Northwind Voice' } })
  const byCarrier = { actor_id: '', actor_name: 'Northwind Voice', source_ip: null }
  for (const [channelId, sides] of [
    [908, { before: null, after: said }],
    [907, { before: null, after: said }],
    [null, { before: said, after: null }],
  ] as const) {
    const shown = maskFor(908, { ...row, ...sides, channel_id: channelId })
    expect(shown).toEqual({ ...row, ...sides, ...byCarrier, channel_id: channelId === 908 ? 908 : null })
  }
  expect(maskFor(null, { ...row, after: said })).toMatchObject({ actor_name: 'Rita', source_ip: '192.0.2.1' })
})

test('a text that only speaks of a company hides nobody', () => {
  const after = JSON.stringify({ comment: { id: 'c1', text: 'Their "company": is it real?' } })
  const own = { ...row, after, channel_id: 908 }
  expect(maskFor(908, own)).toBe(own)
})
