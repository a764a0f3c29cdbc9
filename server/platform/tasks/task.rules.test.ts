import { expect, test } from 'vitest'
import { AppError } from '../../kernel/errors.ts'
import { judgeStep } from './task.rules.ts'

const now = new Date('2026-11-23T10:00:00Z')
const judge = (thrown: unknown, failures = 0) => judgeStep(thrown, { failures }, now, 0)

test('what failed for good never says that it is tried again by itself', () => {
  const refusal = new AppError({ code: 'sbc-manual', status: 409, detail: 'The SBC is worked by hand.' })
  expect(judge(refusal)).toMatchObject({
    kind: 'fail',
    error: { retryAt: null, remedy: 'Put right what it says, then retry the task. See docs/errors/sbc-manual.md.' },
  })
  const late = new AppError({ code: 'microsoft-unavailable', status: 503, detail: 'Microsoft does not answer.' })
  expect(judge(late)).toMatchObject({
    kind: 'retry',
    error: { retryAt: expect.any(String), remedy: 'Nothing to do: it is tried again by itself.' },
  })
  for (const thrown of [late, new Error('x'), null, 'x']) {
    const { kind, error } = judge(thrown, 4)
    expect([kind, error.retryAt]).toEqual(['fail', null])
    expect(error.remedy).toMatch(/retry the task/i)
  }
})

test('what nobody expected is told in general words: those of the program are for the log', () => {
  for (const failures of [0, 4]) {
    const { error } = judge(new TypeError("Cannot destructure property 'from'"), failures)
    expect(error).toMatchObject({ code: 'unexpected-error', message: expect.stringContaining('The log of the worker') })
  }
})

test('a remedy of the error itself is kept', () => {
  const error = Object.assign(new Error('x'), { code: 'no-way', retryable: false, remedy: 'Ask Dana.' })
  expect(judge(error)).toMatchObject({ kind: 'fail', error: { code: 'no-way', remedy: 'Ask Dana.' } })
})
