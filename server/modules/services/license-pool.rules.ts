import type { PoolKind } from '../../../contract/licenses.ts'
import type { ServiceLicense } from '../../../contract/services.ts'
import type { Permitted } from './service.rules.ts'

/** How many licenses a scope may use. `channelId` 0: the operator as a whole. */
export type LicensePool = {
  channelId: number
  kind: PoolKind
  size: number | null
  warningPercent: number
  gracePercent: number
  used: number
  told: PoolState
}

export type PoolState = 'ok' | 'warning' | 'grace' | 'exhausted'
export const POOL_STATES: readonly PoolState[] = ['ok', 'warning', 'grace', 'exhausted']

/** A pool as nobody has set it. Source: portal.md 12.9. */
export const NO_POOL = { size: null, warningPercent: 80, gracePercent: 0 } as const

/** OC Essential takes one of the customers; Plus and Pro take as many users as they have. Source: issue 7, 1. */
export function poolUseOf(license: ServiceLicense, licensedUsers: number | null): { kind: PoolKind; count: number } {
  return license === 'OC Essential'
    ? { kind: 'customers', count: 1 }
    : { kind: 'licensed-users', count: licensedUsers ?? 0 }
}

type Sized = Pick<LicensePool, 'size' | 'gracePercent' | 'warningPercent' | 'used'>

/** How many it may hold, with the grace; null: without limit. */
export function limitOf({ size, gracePercent }: Pick<LicensePool, 'size' | 'gracePercent'>): number | null {
  return size === null ? null : size + Math.floor((size * gracePercent) / 100)
}

/** How full it is. */
export function poolState(pool: Sized): PoolState {
  const { size, used, warningPercent } = pool
  const limit = limitOf(pool)
  if (size === null || limit === null) return 'ok'
  if (used >= limit) return 'exhausted'
  if (used > size) return 'grace'
  return used > 0 && used * 100 >= size * warningPercent ? 'warning' : 'ok'
}

/** Whether `count` more fit. */
export function mayTakeLicenses(pool: Sized & Pick<LicensePool, 'kind' | 'channelId'>, count: number): Permitted {
  const limit = limitOf(pool)
  if (limit === null || pool.used + count <= limit) return { ok: true }
  const whose = pool.channelId === 0 ? 'of the operator' : 'of the channel'
  const what = pool.kind === 'customers' ? 'customers' : 'licensed users'
  const grace = limit === pool.size ? '' : ` (with the grace ${limit})`
  const reason = `The pool ${whose} is exhausted: ${pool.used} of ${pool.size}${grace} ${what} are used. Enlarge it, or delete a service.`
  return { ok: false, code: 'license-pool-exhausted', reason }
}

/** Whether the new state is worse than what was told last. */
export function isWorse(state: PoolState, told: PoolState): boolean {
  return POOL_STATES.indexOf(state) > POOL_STATES.indexOf(told)
}
