import { setTimeout as sleep } from 'node:timers/promises'
import { connectionOf, type Tx } from '../db/transaction.ts'
import { type AnyTask, defineTask } from './task.ts'

/** What tests see of the work: each effect is a row, in order; one done twice must show, not fail. */
export const EFFECT_TABLE = `
  create table effect (n bigint generated always as identity, task text, what text, pid integer default 0);
  grant all on effect to leadline_app`

export async function effect(tx: Tx, task: string, what: string): Promise<void> {
  await connectionOf(tx).query('insert into effect (task, what, pid) values ($1, $2, $3)', [task, what, process.pid])
}

const permissions = { see: 'leads.read', run: 'leads.write' } as const

/**
 * Six steps, each an effect in the database, one after the other, with an undo each; `failAt` fails for good, `dieAt` takes
 * the worker down before it can write anything.
 */
export const sagaTask = defineTask<{ pauseMs?: number; failAt?: string; dieAt?: string }>({
  kind: 'test.saga',
  summary: 'x',
  permissions,
  steps: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({
    name,
    title: `Do ${name}`,
    async run({ taskId, input, transact, memory, remember }) {
      if (input.dieAt === name) process.kill(process.pid, 'SIGKILL')
      if (memory() === null) {
        await transact(async (tx) => {
          await effect(tx, taskId, `do ${name}`)
          await remember(tx, { did: name })
        })
      }
      await sleep(input.pauseMs ?? 0)
      if (input.failAt === name) throw Object.assign(new Error('It cannot be.'), { code: 'no-way', retryable: false })
      return { [name]: true }
    },
    async undo({ taskId, input, transact, memory, remember }) {
      if (memory() === null) return
      await transact(async (tx) => {
        await effect(tx, taskId, `undo ${name}`)
        await remember(tx, null)
      })
      await sleep(input.pauseMs ?? 0)
    },
  })),
})

let batches = 0

/** Items in batches, each an effect; with `dies` no worker gets further than one batch. */
export const batchTask = defineTask<{ pauseMs?: number; bad?: string[]; batchSize?: number; dies?: boolean }>({
  kind: 'test.batch',
  summary: 'x',
  permissions,
  steps: [
    {
      name: 'all',
      title: 'All of them',
      unit: 'things',
      batchSize: 25,
      async batch(tx, items, { taskId, input }) {
        if (input.dies && ++batches > 1) process.kill(process.pid, 'SIGKILL')
        for (const item of items) {
          if (input.bad?.includes(item.objectId)) throw Object.assign(new Error('Bad thing.'), { code: 'bad-thing' })
        }
        await connectionOf(tx).query(
          'insert into effect (task, what, pid) select $1, what, $3 from unnest($2::text[]) what',
          [taskId, items.map((item) => item.objectId), process.pid],
        )
        await sleep(input.pauseMs ?? 0)
        return items.map(() => ({ state: 'succeeded' as const }))
      },
      async undoBatch(tx, items, { taskId }) {
        for (const item of items) await effect(tx, taskId, `undo ${item.objectId}`)
      },
    },
  ],
})

export const fixtureTasks: AnyTask[] = [sagaTask, batchTask]
