import type { Clock } from '../../kernel/clock.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import { type ObjectCheck, SbcError, type SbcStatus, type TableUse } from '../../sbc/index.ts'
import { journal } from '../audit/index.ts'
import { askDevice } from './ask-device.ts'
import { sbcStore } from './sbc.store.ts'
import type { Sbc, StoredTrouble } from './sbc.ts'
import type { SbcDrivers } from './sbc-drivers.ts'
import { type OwnedObject, sbcObjectStore } from './sbc-object.store.ts'

/** What a device said when it was asked. */
export type SbcFound = {
  /** False: there is nothing to ask it with. */
  asked: boolean
  trouble: StoredTrouble | null
  facts: SbcStatus | null
  tables: TableUse[]
  drifts: OwnedObject[]
}

/** For all that a device is asked in one check. */
const LIMIT_MS = 30_000

export type CheckSbc = (sbc: Sbc, signal: AbortSignal) => Promise<SbcFound>

/**
 * Asks a device how it is and whether what is ours on it is as it was left, and keeps what was found. The first failure after
 * it had answered, the first answer after that, and each object that somebody has changed by hand are told as events, once.
 */
export function createCheckSbc({
  transact,
  drivers,
  clock,
}: {
  transact: Transact
  drivers: SbcDrivers
  clock: Clock
}): CheckSbc {
  return async (sbc, signal) => {
    const driver = drivers.driverOf(sbc)
    if (!driver) return { asked: false, trouble: null, facts: sbc.facts, tables: sbc.tables, drifts: [] }
    const principal = jobPrincipal('sbcs', sbc.operatorId, `sbc-${sbc.sbcId}`)
    const before = await transact(principal, (tx) => sbcObjectStore(tx).ofDevice(sbc.sbcId))
    try {
      const known = before.filter(({ appliedAt }) => appliedAt !== null)
      const { facts, tables, checks } = await askDevice(signal, LIMIT_MS, async (limited) => ({
        facts: await driver.status({ signal: limited }),
        tables: withLimit(await driver.tables({ signal: limited }), sbc.ipGroupsMax),
        checks: known.length === 0 ? [] : await driver.check(known, { signal: limited }),
      }))
      const drifts = await transact(principal, async (tx) => {
        await noteHeard(tx, sbc, { facts, tables, trouble: null, checked: true }, clock.now())
        return noteDrifts(tx, sbc, checks, clock.now())
      })
      return { asked: true, trouble: null, facts, tables, drifts }
    } catch (error) {
      if (!(error instanceof SbcError) || error.kind === 'aborted') throw error
      const trouble = await transact(principal, (tx) => noteTrouble(tx, sbc, error, clock.now()))
      return { asked: true, trouble, facts: sbc.facts, tables: sbc.tables, drifts: before.filter(({ drift }) => drift) }
    }
  }
}

/** The device cannot tell how many groups it takes; whoever registered it may know. */
export function withLimit(tables: readonly TableUse[], ipGroupsMax: number | null): TableUse[] {
  return tables.map((use) => (use.table === 'ip-group' ? { ...use, limit: use.limit ?? ipGroupsMax } : use))
}

/** Keeps that a device has failed; told once, until it has answered again. */
export async function noteTrouble(tx: Tx, sbc: Sbc, error: SbcError, now: Date): Promise<StoredTrouble> {
  const since = sbc.trouble?.since ?? now.toISOString()
  const trouble = { code: error.code, detail: error.detail, remedy: error.remedy, since }
  await noteHeard(tx, sbc, { trouble, checked: true }, now)
  return trouble
}

/** A device has done what it was told; told, where it had failed before. */
export function noteAnswer(tx: Tx, sbc: Sbc, tables: readonly TableUse[] | null, now: Date): Promise<void> {
  const heard = tables ? { tables: withLimit(tables, sbc.ipGroupsMax) } : {}
  return noteHeard(tx, sbc, { ...heard, trouble: null, checked: false }, now)
}

type Heard = Parameters<ReturnType<typeof sbcStore>['note']>[1]

async function noteHeard(tx: Tx, sbc: Sbc, heard: Heard, now: Date): Promise<void> {
  // As it is now: two checks at once tell what happened once.
  const present = await sbcStore(tx).lock(sbc.sbcId)
  if (!present) return
  const { trouble } = heard
  await sbcStore(tx).note(
    sbc.sbcId,
    trouble && present.trouble ? { ...heard, trouble: { ...trouble, since: present.trouble.since } } : heard,
    now,
  )
  if ((trouble === null) === (present.trouble === null)) return
  const key = `sbc/${sbc.operatorId}/${sbc.sbcId}`
  const named = { sbcId: sbc.sbcId, name: sbc.name }
  if (trouble) {
    const { code, detail, remedy } = trouble
    await emit(tx, { name: 'sbc.unreachable', key, payload: { ...named, code, detail, remedy } })
  } else if (present.checkedAt !== null) {
    await emit(tx, { name: 'sbc.recovered', key, payload: named })
  }
}

/** Returns what differs now. What was not told before is told, and stands in the journal. */
async function noteDrifts(tx: Tx, sbc: Sbc, checks: readonly ObjectCheck[], now: Date): Promise<OwnedObject[]> {
  const store = sbcObjectStore(tx)
  const known = new Map((await store.ofDevice(sbc.sbcId)).map((object) => [placeOf(object), object]))
  const fresh: OwnedObject[] = []
  for (const { table, name, state, differences } of checks) {
    const object = known.get(placeOf({ table, name }))
    if (!object) continue
    const drift = state === 'as-expected' ? null : { state, differences }
    if (JSON.stringify(drift) === JSON.stringify(object.drift)) continue
    await store.noteDrift(object, drift, now)
    if (drift) fresh.push({ ...object, drift, driftSince: now })
  }
  if (fresh.length > 0) await tellDrifts(tx, sbc, fresh)
  return (await store.ofDevice(sbc.sbcId)).filter(({ drift }) => drift !== null)
}

const NAMED_MAX = 20

async function tellDrifts(tx: Tx, sbc: Sbc, fresh: readonly OwnedObject[]): Promise<void> {
  const objects = fresh.slice(0, NAMED_MAX).map(({ table, name, owner, drift }) => ({
    ...{ table, name, owner },
    state: drift?.state === 'missing' ? ('missing' as const) : ('changed' as const),
  }))
  await journal(tx).append({
    action: 'sbc.changed-by-hand',
    object: { type: 'sbc', id: String(sbc.sbcId), name: sbc.name },
    after: { objects, count: fresh.length },
    detail: 'Somebody has changed on the device what Leadline had set.',
  })
  await emit(tx, {
    name: 'sbc.changed-by-hand',
    key: `sbc/${sbc.operatorId}/${sbc.sbcId}`,
    payload: { sbcId: sbc.sbcId, name: sbc.name, count: fresh.length, objects },
  })
}

const placeOf = ({ table, name }: { table: string; name: string }) => `${table}\n${name}`
