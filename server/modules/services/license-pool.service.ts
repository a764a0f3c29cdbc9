import type { PoolKind, WireLicensePool } from '../../../contract/licenses.ts'
import { poolKinds } from '../../../contract/licenses.ts'
import { notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import { channelStore } from '../channels/index.ts'
import { type LicensePool, limitOf, NO_POOL, poolState } from './license-pool.rules.ts'
import { licensePoolStore } from './license-pool.store.ts'
import { writePool } from './service-life.ts'

export type PoolSetting = { size: number | null; warningPercent: number; gracePercent: number }
export type LicensePoolService = ReturnType<typeof createLicensePoolService>

/** How many licenses there are: of the operator, and of channels that have a pool of their own. */
export function createLicensePoolService({ transact }: { transact: Transact }) {
  return {
    list: (principal: OperatorPrincipal): Promise<WireLicensePool[]> =>
      transact(principal, async (tx) => {
        const names = new Map((await channelStore(tx).list()).map(({ channelId, name }) => [channelId, name]))
        const stored = await licensePoolStore(tx).list()
        // Nobody outside the operator learns how much of it is left.
        const shown = stored.filter(({ channelId }) => channelId === (principal.channelId ?? channelId))
        const scope = principal.channelId ?? 0
        const whole = poolKinds.map((kind) => shown.find((one) => isOf(one, scope, kind)) ?? noPool(scope, kind))
        const others = shown.filter((one) => one.channelId !== scope && (one.size !== null || one.used > 0))
        return [...whole, ...others].map((pool) => poolView(pool, names))
      }),

    set: (
      principal: OperatorPrincipal,
      kind: PoolKind,
      channelId: number,
      setting: PoolSetting,
    ): Promise<WireLicensePool> =>
      transact(principal, async (tx) => {
        const channel = channelId === 0 ? undefined : await channelStore(tx).lock(channelId)
        if (channelId !== 0 && !channel) throw notFound('The channel')
        const before = await licensePoolStore(tx).lock(channelId, kind)
        const pool = { ...before, ...setting }
        await writePool(tx, pool)
        await journal(tx).append({
          action: 'license-pool.changed',
          object: { type: 'license-pool', id: `${channelId}/${kind}`, name: channel?.name ?? null },
          channelId: channelId === 0 ? null : channelId,
          before: settingOf(before),
          after: setting,
        })
        return poolView(pool, new Map(channel ? [[channelId, channel.name]] : []))
      }),
  }
}

/** Whether a license could be taken in a channel (null: in none) now: the first pool that is in the way. */
export async function poolInTheWay(
  tx: Tx,
  channelId: number | null,
  fits: (pool: LicensePool) => boolean,
): Promise<LicensePool | null> {
  const scopes = new Set([0, channelId ?? 0])
  const pools = (await licensePoolStore(tx).list()).filter((pool) => scopes.has(pool.channelId))
  return pools.find((pool) => !fits(pool)) ?? null
}

function isOf(pool: LicensePool, channelId: number, kind: PoolKind): boolean {
  return pool.channelId === channelId && pool.kind === kind
}

function noPool(channelId: number, kind: PoolKind): LicensePool {
  return { channelId, kind, ...NO_POOL, used: 0, told: 'ok' }
}

function settingOf({ size, warningPercent, gracePercent }: PoolSetting): PoolSetting {
  return { size, warningPercent, gracePercent }
}

function poolView(pool: LicensePool, names: ReadonlyMap<number, string>): WireLicensePool {
  const { channelId, kind, size, warningPercent, gracePercent, used } = pool
  const limit = limitOf(pool)
  return {
    kind,
    channel: channelId === 0 ? null : { id: channelId, name: names.get(channelId) ?? '' },
    size,
    warningPercent,
    gracePercent,
    used,
    left: limit === null ? null : Math.max(0, limit - used),
    state: poolState(pool),
  }
}
