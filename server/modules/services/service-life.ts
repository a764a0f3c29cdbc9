import { AppError } from '../../kernel/errors.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import { isWorse, mayTakeLicenses, poolState, poolUseOf } from './license-pool.rules.ts'
import { licensePoolStore } from './license-pool.store.ts'
import type { NewConnection, NewService, Service } from './service.rules.ts'
import { serviceStore, type Taken } from './service.store.ts'
import { sipConnectionStore } from './sip-connection.store.ts'

/**
 * The beginning and the end of services, in the caller's transaction: rows, pools and counters move together. Callers that
 * change leads too do that first: everybody takes the locks in the same order.
 */

/**
 * Makes a service with its first SIP connection. Throws 409 where the name, tenant or lead has one, 422 where no license is
 * left: the transaction has to be given up then.
 */
export async function makeService(tx: Tx, service: NewService, connection: NewConnection): Promise<void> {
  await movePools(tx, service, [{ channelId: service.channelId, by: 1 }])
  const taken = await serviceStore(tx).insert(service, connection.deployment)
  if (taken) throw refusalOf(taken, service)
  await sipConnectionStore(tx).insertFirst(service, connection)
}

/** Takes a service and its SIP connections away, with their secrets unless they may be needed again. */
export async function dropService(tx: Tx, service: Service, { keepSecrets = false } = {}): Promise<void> {
  const connections = sipConnectionStore(tx)
  const ids = (await connections.ofService(service.serviceId)).map(({ connectionId }) => connectionId)
  await movePools(tx, service, [{ channelId: service.channelId, by: -1 }])
  await serviceStore(tx).remove(service)
  if (!keepSecrets) await connections.dropPasswords(ids)
}

/** Follows its lead into a channel, or out of it; its LC customer is there already. */
export async function moveService(tx: Tx, service: Service, channelId: number | null): Promise<void> {
  await movePools(tx, service, [
    { channelId: service.channelId, by: -1 },
    { channelId, by: 1 },
  ])
  await serviceStore(tx).update(service, { channelId })
  await sipConnectionStore(tx).move(service.serviceId, channelId)
}

type PoolMove = { channelId: number | null; by: 1 | -1 }

/** The pool of the operator first, then those of channels by number: nobody waits for another crosswise. */
async function movePools(
  tx: Tx,
  { license, licensedUsers }: { license: Service['license']; licensedUsers?: number | null },
  moves: PoolMove[],
): Promise<void> {
  const { kind, count } = poolUseOf(license, licensedUsers ?? null)
  const changes = new Map<number, number>([[0, 0]])
  for (const { channelId, by } of moves) {
    changes.set(0, (changes.get(0) ?? 0) + by * count)
    if (channelId !== null) changes.set(channelId, (changes.get(channelId) ?? 0) + by * count)
  }
  const store = licensePoolStore(tx)
  for (const [channelId, change] of [...changes].sort(([a], [b]) => a - b)) {
    if (change === 0) continue
    const pool = await store.use(channelId, kind, change)
    const before = { ...pool, used: pool.used - change }
    const verdict = change > 0 ? mayTakeLicenses(before, change) : ({ ok: true } as const)
    if (!verdict.ok) throw new AppError({ code: verdict.code, status: 422, detail: verdict.reason })
    if (poolState(pool) !== pool.told) await writePool(tx, pool)
  }
}

/** Writes a pool and tells of a threshold that it has passed, once until it falls below it again. */
export async function writePool(
  tx: Tx,
  pool: Parameters<ReturnType<typeof licensePoolStore>['write']>[0],
): Promise<void> {
  const state = poolState(pool)
  const worse = isWorse(state, pool.told)
  await licensePoolStore(tx).write({ ...pool, told: state })
  if (!worse || state === 'ok') return
  const { channelId, kind, size, used } = pool
  await emit(tx, {
    name: 'license.threshold',
    channelId: channelId === 0 ? null : channelId,
    key: `license-pool/${channelId}/${kind}`,
    payload: { kind, channelId: channelId === 0 ? null : channelId, state, size: size ?? 0, used },
  })
}

function refusalOf(taken: Taken, { shortName }: NewService): AppError {
  switch (taken) {
    case 'short-name': {
      const detail = `Another service of the operator is called ${shortName}, in this or another letter case.`
      const errors = [{ pointer: '/body/shortName', detail }]
      return new AppError({ code: 'short-name-in-use', status: 409, detail, errors })
    }
    case 'service-id':
      return new AppError({ code: 'service-exists', status: 409, detail: 'There is a service with this id.' })
    default:
      return new AppError({
        code: 'service-exists',
        status: 409,
        detail: 'The tenant of this lead has a service already: one is all it can have.',
      })
  }
}
