import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'

it('ends a process whose launcher was killed with kill -9', async () => {
  const guard = join(import.meta.dirname, 'start-child-guard.ts')
  const kept = `process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000)`
  const launcher = `
    import { spawn } from 'node:child_process'
    const child = spawn(process.execPath, ['--import', ${JSON.stringify(guard)}, '-e', ${JSON.stringify(kept)}],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: true })
    setTimeout(() => process.send(child.pid), 500)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', launcher], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [pid] = (await once(parent, 'message')) as [number]
  // Also false for one that has ended and only waits to be reaped.
  const runs = () => existsSync(`/proc/${pid}/cwd`)
  expect(runs()).toBe(true)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  for (let waited = 0; runs() && waited < 200; waited += 1) await sleep(50)
  expect(runs()).toBe(false)
})
