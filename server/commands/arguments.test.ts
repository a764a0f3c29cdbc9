import { expect, test } from 'vitest'
import { readArguments, UsageError } from './arguments.ts'
import { captured } from './captured.fixture.ts'
import { run as config } from './config.ts'

const options = { operator: { type: 'string' }, first: { type: 'boolean' } } as const

test('words and options are read, as many as the verb takes', () => {
  const { values, positionals } = readArguments(['run', 'sync', '--operator', '868'], options, { run: 2 })
  expect([positionals, { ...values }]).toEqual([['run', 'sync'], { operator: '868' }])
})

test.each([
  [['list', 'extra'], 'Not understood: extra'],
  [['run', 'sync', 'at', 'once'], 'Not understood: at once'],
  [['--operator', '1', '--operator', '2'], '--operator is given twice.'],
])('%j is refused', (args, words) => {
  expect(() => readArguments(args, options, { list: 1, run: 2 })).toThrow(new UsageError(words))
})

test('a verb that the command does not know is left to the command', () => {
  expect(readArguments(['dance', 'a', 'b'], options, { list: 1 }).positionals).toHaveLength(3)
})

test.each(['--foo', 'foo'])('config %s is refused', async (word) => {
  const { code, said } = await captured(config, [word])
  expect([code, said]).toEqual([2, expect.stringContaining('Usage: leadline config')])
})
