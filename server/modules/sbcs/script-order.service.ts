import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest, notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { sendSignal } from '../../platform/tasks/index.ts'
import { SbcError } from '../../sbc/index.ts'
import { journal } from '../audit/index.ts'
import { askDevice } from './ask-device.ts'
import { opensAt } from './change-window.rules.ts'
import { sbcStore } from './sbc.store.ts'
import { makeFacts, type SbcDrivers } from './sbc-drivers.ts'
import { sbcObjectStore } from './sbc-object.store.ts'
import { type ScriptOrder, type ScriptOrderState, scriptOrderStore } from './script-order.store.ts'

export type ShownOrder = { order: ScriptOrder; opensAt: Date | null }
export type TickOff = { appliedBy?: string; appliedAt?: string; note?: string; unverified?: boolean }

export type ScriptOrderService = ReturnType<typeof createScriptOrderService>

const VERIFY_TIMEOUT_MS = 30_000

/** Name of the signal by which the task of an order hears of its end. */
export function orderSignal(orderId: string): string {
  return `script-order/${orderId}`
}

/** Scripts that somebody applies by hand: listed, handed out, ticked off or refused. */
export function createScriptOrderService({
  transact,
  clock,
  drivers,
}: {
  transact: Transact
  clock: Clock
  drivers: SbcDrivers
}) {
  async function found(tx: Tx, orderId: string): Promise<ScriptOrder> {
    const order = await scriptOrderStore(tx).find(orderId)
    if (!order) throw notFound('The script order')
    return order
  }

  async function shown(tx: Tx, order: ScriptOrder): Promise<ShownOrder> {
    const sbc = await sbcStore(tx).find(order.sbcId, true)
    return { order, opensAt: order.state === 'open' ? opensAt(sbc?.changeWindow ?? null, clock.now()) : null }
  }

  async function lockOpen(tx: Tx, orderId: string): Promise<ScriptOrder> {
    const order = await scriptOrderStore(tx).lock(orderId)
    if (!order) throw notFound('The script order')
    if (order.state !== 'open') throw over(order)
    return order
  }

  /** Whether the device is as the script says; null: it cannot be asked. Throws 409 naming what is missing. */
  async function verify(
    principal: OperatorPrincipal,
    order: ScriptOrder,
    signal: AbortSignal,
  ): Promise<boolean | null> {
    const sbc = await transact(principal, (tx) => sbcStore(tx).find(order.sbcId))
    const driver = sbc && drivers.driverOf(sbc)
    if (!driver) return null
    try {
      const { changes, missingReferences } = await askDevice(signal, VERIFY_TIMEOUT_MS, (limited) =>
        driver.plan(order.script, { signal: limited, isOurs: () => false }),
      )
      const missing = changes.filter(({ what }) => what !== 'keep' && what !== 'already-gone')
      const words = [
        ...missing.map(
          ({ table, name, what }) => `${table} "${name}" ${what === 'add' ? 'is not there' : 'is not as it should be'}`,
        ),
        ...missingReferences.map(({ table, name }) => `${table} "${name}" is not there`),
      ]
      if (words.length > 0) throw notSeen(order.sbcName, words)
      return true
    } catch (error) {
      // A device that cannot be asked at this moment is no reason to doubt the person.
      if (error instanceof SbcError) return null
      throw error
    }
  }

  async function close(
    tx: Tx,
    order: ScriptOrder,
    end: Pick<ScriptOrder, 'state' | 'appliedBy' | 'appliedAt' | 'note' | 'verified'>,
  ): Promise<ShownOrder> {
    const closed: ScriptOrder = { ...order, ...end, closedAt: clock.now(), closedBy: tx.principal.name }
    await scriptOrderStore(tx).close(closed)
    const { state, appliedBy, appliedAt, note, verified } = closed
    await journal(tx).append({
      action: state === 'done' ? 'script-order.done' : 'script-order.refused',
      object: { type: 'script-order', id: order.orderId, name: order.title },
      after: { sbcId: order.sbcId, owner: order.owner, state, appliedBy, appliedAt, note, verified },
    })
    if (order.taskId !== null) await sendSignal(tx, order.taskId, orderSignal(order.orderId), state)
    return shown(tx, closed)
  }

  return {
    list: (principal: OperatorPrincipal, state?: ScriptOrderState, sbcId?: number): Promise<ShownOrder[]> =>
      transact(principal, async (tx) => {
        const windows = new Map((await sbcStore(tx).list()).map((sbc) => [sbc.sbcId, sbc.changeWindow]))
        return (await scriptOrderStore(tx).list(state, sbcId)).map((order) => ({
          order,
          opensAt: order.state === 'open' ? opensAt(windows.get(order.sbcId) ?? null, clock.now()) : null,
        }))
      }),

    countOpen: (principal: OperatorPrincipal): Promise<number> =>
      transact(principal, (tx) => scriptOrderStore(tx).countOpen()),

    get: (principal: OperatorPrincipal, orderId: string): Promise<ShownOrder> =>
      transact(principal, async (tx) => shown(tx, await found(tx, orderId))),

    script: (principal: OperatorPrincipal, orderId: string): Promise<ScriptOrder> =>
      transact(principal, (tx) => found(tx, orderId)),

    async tickOff(
      principal: OperatorPrincipal,
      orderId: string,
      asked: TickOff,
      signal: AbortSignal,
    ): Promise<ShownOrder> {
      const appliedAt = asked.appliedAt === undefined ? clock.now() : new Date(asked.appliedAt)
      if (appliedAt.getTime() > clock.now().getTime() + 60_000) {
        throw badRequest([
          { pointer: '/body/appliedAt', detail: 'This is in the future: tick it off once it is applied.' },
        ])
      }
      const order = await transact(principal, (tx) => found(tx, orderId))
      if (order.state !== 'open') throw over(order)
      const verified = asked.unverified === true ? false : await verify(principal, order, signal)
      return transact(principal, async (tx) => {
        const open = await lockOpen(tx, orderId)
        await takeIntoBooks(tx, open, appliedAt)
        const appliedBy = asked.appliedBy?.trim() || principal.name
        return close(tx, open, { state: 'done', appliedBy, appliedAt, note: asked.note?.trim() ?? '', verified })
      })
    },

    refuse: (principal: OperatorPrincipal, orderId: string, reason: string): Promise<ShownOrder> =>
      transact(principal, async (tx) => {
        const open = await lockOpen(tx, orderId)
        return close(tx, open, {
          state: 'refused',
          appliedBy: null,
          appliedAt: null,
          note: reason.trim(),
          verified: null,
        })
      }),
  }
}

/** What a person has made or removed is ours, or no longer, as if the driver had done it. */
async function takeIntoBooks(tx: Tx, order: ScriptOrder, appliedAt: Date): Promise<void> {
  const sbc = await sbcStore(tx).find(order.sbcId, true)
  const facts = sbc && makeFacts(sbc.make)
  if (!facts) return
  const { expected, gone } = facts.wishes(order.script)
  const own = expected.filter(({ isShared }) => !isShared)
  await sbcObjectStore(tx).put(order.sbcId, order.owner, own, { taskId: order.taskId, appliedAt })
  await sbcObjectStore(tx).forget(order.sbcId, order.owner, gone)
}

const STATE_WORDS: Record<ScriptOrderState, string> = {
  open: 'open',
  done: 'ticked off already',
  refused: 'refused already',
  withdrawn: 'withdrawn: nobody needs it any more',
}

function over({ state }: ScriptOrder): AppError {
  return new AppError({ code: 'script-order-over', status: 409, detail: `This script is ${STATE_WORDS[state]}.` })
}

function notSeen(name: string, words: readonly string[]): AppError {
  const more = words.length > 3 ? ` and ${words.length - 3} more` : ''
  return new AppError({
    code: 'script-not-seen',
    status: 409,
    detail: `${name} was read, and is not as the script says: ${words.slice(0, 3).join('; ')}${more}. Nothing was ticked off.`,
  })
}
