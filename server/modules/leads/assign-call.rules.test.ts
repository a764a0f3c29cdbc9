import { expect, test } from 'vitest'
import { type CallLog, takeCall } from './assign-call.rules.ts'

const start = new Date('2026-11-22T08:00:00Z')
const after = (seconds: number) => new Date(start.getTime() + seconds * 1_000)

/** Callers that ask as they like; tells what each got, and when. */
function office() {
  let logs: CallLog[] = []
  const letThrough: { caller: string; at: Date }[] = []
  return {
    ask(caller: string, at: Date) {
      const verdict = takeCall(logs, caller, at)
      logs = [...logs.filter((one) => one.caller !== caller), verdict.log]
      if (verdict.allowed) letThrough.push({ caller, at })
      return verdict
    },
    got: (caller: string) => letThrough.filter((one) => one.caller === caller).length,
    /** The most that any minute held. */
    mostInAMinute: () =>
      Math.max(
        ...letThrough.map(
          ({ at: from }) => letThrough.filter(({ at }) => at >= from && at.getTime() < from.getTime() + 60_000).length,
        ),
      ),
  }
}

test('no minute holds more than 300 calls, and one caller alone has all of them', () => {
  const { ask, got, mostInAMinute } = office()
  for (let tick = 0; tick < 150 * 20; tick++) ask('alone', after(tick / 20))
  expect(mostInAMinute()).toBe(300)
  expect(got('alone')).toBe(900)
})

test('nor do several callers get more, however they are spread', () => {
  const { ask, got, mostInAMinute } = office()
  for (let tick = 0; tick < 120 * 20; tick++) {
    ask('a', after(tick / 20))
    if (tick % 3 === 0) ask('b', after(tick / 20))
    if (tick > 800) ask('c', after(tick / 20))
  }
  expect(mostInAMinute()).toBeLessThanOrEqual(300)
  expect(Math.min(got('a'), got('b'), got('c'))).toBeGreaterThanOrEqual(100)
})

test('who asks all the time does not keep out who comes later', () => {
  const { ask, got } = office()
  for (let tick = 0; tick < 300; tick++) expect(ask('busy', after(tick / 5)).allowed).toBe(true)
  expect(ask('late', after(60)).allowed).toBe(true)
  const before = got('busy')
  // What falls free is the late one's until both have their half.
  for (let tick = 1; tick <= 100; tick++) {
    ask('busy', after(60 + tick / 5))
    ask('late', after(60 + tick / 5))
  }
  expect([got('busy') - before, got('late')]).toEqual([0, 101])
  // It has its half when it is full, too: what was refused counts as asked.
  const full = office()
  for (let i = 0; i < 300; i++) full.ask('busy', start)
  expect(full.ask('late', after(1)).allowed).toBe(false)
  for (let i = 0; i < 300; i++) full.ask('busy', after(60))
  expect(full.got('busy')).toBe(450)
  expect(full.ask('late', after(60)).allowed).toBe(true)
})

test('says when a call will be let through', () => {
  const { ask } = office()
  for (let i = 0; i < 300; i++) ask('a', after(i / 10))
  const refused = ask('a', after(40))
  expect(refused).toMatchObject({ allowed: false, retryAfterSeconds: 20 })
  expect(ask('a', after(59.9)).allowed).toBe(false)
  expect(ask('a', after(60)).allowed).toBe(true)
})

test('the share of who has not asked for a minute falls to the others', () => {
  const { ask, got } = office()
  ask('gone', start)
  for (let i = 0; i < 300; i++) ask('here', after(30))
  expect(got('here')).toBe(150)
  for (let i = 0; i < 300; i++) ask('here', after(61))
  expect(got('here')).toBe(300)
})

test('a clock that is set back gives nothing', () => {
  const known: CallLog[] = [{ caller: 'b', calls: Array.from({ length: 300 }, () => after(10)), askedAt: after(10) }]
  expect(takeCall(known, 'a', start)).toMatchObject({ allowed: false, retryAfterSeconds: 70 })
})
