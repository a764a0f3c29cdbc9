import { t } from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import { loadWords } from '../words/words.ts'
import { countWords, stateWord } from './task-words.ts'

beforeAll(loadWords)

const items = { total: 7, pending: 0, succeeded: 5, failed: 2, skipped: 0, undone: 0, notUndone: 0 }

test('what came of the items is told without zeros, and of those taken back no more as done', () => {
  expect(countWords(t, items)).toBe('5 done, 2 failed')
  const half = { ...items, undone: 3, notUndone: 1 }
  expect(countWords(t, half)).toBe('3 taken back, 1 stays as it is, 1 done, 2 failed')
  expect(countWords(t, { ...items, failed: 0, undone: 3, notUndone: 2 })).toBe('3 taken back, 2 stay as they are')
})

test('a task that was taken back in part says so', () => {
  const task = { state: 'cancelled', undone: 'asked' } as const
  expect(stateWord({ ...task, items: { ...items, undone: 5 } })).toBe('takenBack')
  expect(stateWord({ ...task, items: { ...items, undone: 4, notUndone: 1 } })).toBe('takenBackInPart')
  expect(stateWord({ ...task, items: null })).toBe('takenBack')
  expect(stateWord({ ...task, undone: 'cancel', items })).toBe('cancelled')
})
