import { expect, test } from 'vitest'
import { type CallBucket, takeCall } from './assign-call.rules.ts'

const start = new Date('2026-11-22T08:00:00Z')
const after = (seconds: number) => new Date(start.getTime() + seconds * 1_000)

/** Callers that each ask so often a second, for so many seconds: how many calls each got. */
function run(asking: Record<string, number>, seconds: number): Record<string, number> {
  let buckets: CallBucket[] = []
  const got: Record<string, number> = {}
  for (let tick = 0; tick < seconds * 20; tick++) {
    for (const [caller, perSecond] of Object.entries(asking)) {
      if (tick % Math.max(1, Math.round(20 / perSecond)) !== 0) continue
      const verdict = takeCall(buckets, caller, after(tick / 20))
      buckets = [
        ...buckets.filter((one) => !verdict.buckets.some(({ caller }) => caller === one.caller)),
        ...verdict.buckets,
      ]
      if (verdict.allowed) got[caller] = (got[caller] ?? 0) + 1
    }
  }
  return got
}

test('one caller alone has all 300 of the minute, and five a second after that', () => {
  const { alone = 0 } = run({ alone: 20 }, 60)
  expect(alone).toBeGreaterThanOrEqual(590)
  expect(alone).toBeLessThanOrEqual(600)
})

test('who asks all the time does not keep out who comes later', () => {
  let buckets: CallBucket[] = []
  const ask = (caller: string, at: Date) => {
    const verdict = takeCall(buckets, caller, at)
    buckets = [
      ...buckets.filter((one) => !verdict.buckets.some(({ caller }) => caller === one.caller)),
      ...verdict.buckets,
    ]
    return verdict
  }
  for (let i = 0; i < 300; i++) expect(ask('busy', start).allowed).toBe(true)
  expect(ask('busy', start)).toMatchObject({ allowed: false, retryAfterSeconds: 1 })
  const got = { busy: 0, late: 0 }
  for (let tick = 1; tick <= 200; tick++) {
    if (ask('busy', after(tick / 20)).allowed) got.busy++
    if (ask('late', after(tick / 20)).allowed) got.late++
  }
  expect(got.busy + got.late).toBeLessThanOrEqual(51)
  expect(got.late).toBeGreaterThanOrEqual(20)
})

test('the share of who has not called for a minute falls to the others', () => {
  const known: CallBucket[] = [
    { caller: '', tokens: 300, refilledAt: start },
    { caller: 'gone', tokens: 0, refilledAt: start },
  ]
  const soon = takeCall(known, 'here', after(30)).buckets.find(({ caller }) => caller === 'here')
  expect(soon?.tokens).toBe(149)
  const later = takeCall(known, 'here', after(61)).buckets.find(({ caller }) => caller === 'here')
  expect(later?.tokens).toBe(299)
})

test('a clock that is set back gives nothing', () => {
  const known: CallBucket[] = [{ caller: '', tokens: 0, refilledAt: after(10) }]
  expect(takeCall(known, 'a', start).allowed).toBe(false)
})
