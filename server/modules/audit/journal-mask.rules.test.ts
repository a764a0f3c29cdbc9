import { expect, test } from 'vitest'
import { ANOTHER_CHANNEL, maskFor } from './journal-mask.rules.ts'

const row = {
  channel_id: 907 as number | null,
  actor_kind: 'person',
  actor_id: 'p1',
  actor_name: 'Rita',
  source_ip: '192.0.2.1',
  before: '{"channelId":907,"status":"Active"}',
  after: '{"status":"Suspended"}',
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

test('text that is no JSON any more is not passed on', () => {
  expect(maskFor(908, { ...row, before: '{"channelId":90' }).before).toBeNull()
})
