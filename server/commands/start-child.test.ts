import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fairLimit } from '../../test/harness/fair-limit.ts'
import { type ChildFailure, SupervisedChild } from './start-child.ts'

let directory = ''
let failures: ChildFailure[] = []
let restarts: string[] = []
let child: SupervisedChild | null = null

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'leadline-child-'))
  failures = []
  restarts = []
})
afterEach(async () => {
  await child?.stop(1)
  rmSync(directory, { recursive: true })
})

function supervise(code: string): SupervisedChild {
  const program = join(directory, 'program.mjs')
  writeFileSync(program, code)
  const plan = {
    name: 'worker',
    program: [program],
    env: { STARTS: join(directory, 'starts') },
    logFile: join(directory, 'log'),
  }
  child = new SupervisedChild(plan, {
    failure: (failure) => failures.push(failure),
    restart: (_name, ending) => restarts.push(ending),
  })
  child.start()
  return child
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition() && waited < 400; waited += 1) await sleep(25)
  expect(condition()).toBe(true)
}

const logged = () => readFileSync(join(directory, 'log'), 'utf8')

it('gives up on a program that fails three times at the start, with its last words', async () => {
  supervise(
    `console.log(JSON.stringify({ level: 60, msg: 'cannot go on', err: { message: 'no table' } })); process.exit(1)`,
  )
  await until(() => failures.length > 0)
  expect(failures).toMatchObject([{ name: 'worker', ending: 'exit code 1' }])
  expect(failures[0]?.lastLines.at(-1)).toBe('cannot go on: no table')
  expect(restarts).toEqual(['exit code 1', 'exit code 1'])
})

it('does not try again when the program says that its settings are wrong', async () => {
  supervise(`console.error('LEADLINE_X: wrong'); process.exit(2)`)
  await until(() => failures.length > 0)
  expect(failures).toMatchObject([{ ending: 'exit code 2', lastLines: ['LEADLINE_X: wrong'] }])
  expect(restarts).toEqual([])
})

it('brings a settled program back after it was killed', async () => {
  const worker = supervise(`console.log('up'); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000)
    if (!process.env.AGAIN) setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100)`)
  worker.settle()
  await until(() => logged().split('up').length > 2)
  expect(restarts[0]).toBe('killed by SIGKILL')
  expect(failures).toEqual([])
})

it('asks a program to stop, and ends one that does not listen', async () => {
  const polite = supervise(
    `process.on('SIGTERM', () => { console.log('bye'); process.exit(0) }); setInterval(() => {}, 1000); console.log('up')`,
  )
  await until(() => logged().includes('up'))
  await polite.stop(5)
  expect(logged()).toContain('bye')
  const deaf = supervise(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('deaf')`)
  await until(() => logged().includes('deaf'))
  const startedAt = Date.now()
  await deaf.stop(0.2)
  expect(Date.now() - startedAt).toBeLessThan(fairLimit(5_000))
  expect(restarts).toEqual([])
})
