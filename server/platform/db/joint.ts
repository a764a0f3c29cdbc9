import { AsyncLocalStorage } from 'node:async_hooks'
import type { Principal } from '../../kernel/principal.ts'
import type { Tx } from './tx.ts'

/**
 * Several transactions that are parts of one: whatever begins a transaction within `joined` work takes part in the one that
 * is open there, in its own scope, and all of it commits together. For what must be stored with an effect whose code does not
 * know of it (the answer of a write that may be repeated).
 */
export type Joint = {
  /** Runs one part; parts wait for each other, a part within a part does not. */
  part<T>(principal: Principal, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Parts that have been brought to their end, and will be stored if the whole is. */
  readonly completed: number
  closed: boolean
}

type Place = { joint: Joint; inPart: boolean }

const places = new AsyncLocalStorage<Place>()

/** The transaction that work begun here takes part in; null: none. */
export function currentJoint(): Joint | null {
  const place = places.getStore()
  return place && !place.joint.closed ? place.joint : null
}

/** Whether the work that asks is itself within a part. */
export function isInPart(): boolean {
  return places.getStore()?.inPart ?? false
}

export function joined<T>(joint: Joint, work: () => Promise<T>): Promise<T> {
  return places.run({ joint, inPart: false }, work)
}

export function asPart<T>(joint: Joint, work: () => Promise<T>): Promise<T> {
  return places.run({ joint, inPart: true }, work)
}
