import { appendFileSync, closeSync, mkdtempSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { boundLogFile, lastLines, openLogFile } from './start-log-file.ts'

let path = ''
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'leadline-log-')), 'web.log')
})
afterEach(() => rmSync(join(path, '..'), { recursive: true }))

it('keeps a log bounded while somebody writes to it', () => {
  const file = openLogFile(path)
  writeSync(file, `${'a'.repeat(600)}\n`)
  boundLogFile(path, 500)
  writeSync(file, 'after\n')
  closeSync(file)
  expect(readFileSync(path, 'utf8')).toBe('after\n')
  expect(statSync(`${path}.1`).size).toBe(601)
  boundLogFile(path, 500)
  expect(readFileSync(path, 'utf8')).toBe('after\n')
})

it('turns the last lines into words, torn and plain ones too', () => {
  appendFileSync(
    path,
    '{"msg":"old"}\n{"level":30,"msg":"listening"}\n{"msg":"failed","err":{"message":"no disk"}}\nplain\n{"torn',
  )
  expect(lastLines(path, 4)).toEqual(['listening', 'failed: no disk', 'plain', '{"torn'])
  expect(lastLines(path, 8, statSync(path).size)).toEqual([])
  expect(lastLines(`${path}.none`)).toEqual([])
})
