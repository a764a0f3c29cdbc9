import { expect, it } from 'vitest'
import { QueuePerKey } from './queue-per-key.ts'

it('runs a few at once for one key, a few more in turn, and turns the rest away; other keys do not wait', async () => {
  const queue = new QueuePerKey({ running: 2, waiting: 3 })
  const ends: (() => void)[] = []
  let running = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++running)
    await new Promise<void>((resolve) => ends.push(resolve))
    running -= 1
    return 'done'
  }
  const results = Array.from({ length: 8 }, () => queue.run('a', work, () => new Error('full')).catch(String))
  const other = queue.run(
    'b',
    async () => 'at once',
    () => new Error('full'),
  )
  expect(await other).toBe('at once')
  for (let i = 0; i < 5; i++) {
    await expect.poll(() => ends.length).toBeGreaterThan(0)
    ends.shift()?.()
  }
  expect((await Promise.all(results)).sort()).toEqual([...Array(3).fill('Error: full'), ...Array(5).fill('done')])
  expect(most).toBe(2)
})

it('goes on after work that failed', async () => {
  const queue = new QueuePerKey({ running: 1, waiting: 1 })
  const failing = () => Promise.reject(new Error('broken'))
  const refuse = () => new Error('full')
  const results = await Promise.allSettled([
    queue.run('a', failing, refuse),
    queue.run('a', async () => 'fine', refuse),
  ])
  expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled'])
  expect(await queue.run('a', async () => 'fine', refuse)).toBe('fine')
})
