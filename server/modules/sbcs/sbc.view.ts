import type { Static } from 'typebox'
import type { drift, WireSbc, WireSbcCheck } from '../../../contract/sbcs.ts'
import type { ShownSbc } from './sbc.service.ts'
import type { Sbc } from './sbc.ts'
import type { SbcFound } from './sbc-check.ts'
import type { OwnedObject } from './sbc-object.store.ts'

export function wireSbc({ sbc, openOrders, objects, drifts }: ShownSbc): WireSbc {
  return {
    id: sbc.sbcId,
    ...{ name: sbc.name, make: sbc.make, mode: sbc.mode, address: sbc.address, user: sbc.userName },
    hasPassword: sbc.passwordSealed !== null,
    ...{ trust: sbc.trust, trunkFqdns: sbc.trunkFqdns, changeWindow: sbc.changeWindow },
    ...{ ipGroupsMax: sbc.ipGroupsMax, timeoutMs: sbc.timeoutMs },
    health: {
      state: sbc.trouble ? 'trouble' : sbc.lastContactAt ? 'up' : 'unknown',
      checkedAt: sbc.checkedAt?.toISOString() ?? null,
      lastContactAt: sbc.lastContactAt?.toISOString() ?? null,
      trouble: sbc.trouble,
    },
    facts: sbc.facts,
    tables: wireTables(sbc.tables),
    drifts: drifts.flatMap(wireDrift),
    ...{ objects, openOrders, changedAt: sbc.changedAt.toISOString() },
  }
}

export function wireCheck({ asked, trouble, facts, tables, drifts }: SbcFound): WireSbcCheck {
  const ok = asked && trouble === null && drifts.length === 0
  return { ok, asked, trouble, facts, tables: wireTables(tables), drifts: drifts.flatMap(wireDrift) }
}

function wireTables(tables: Sbc['tables']): WireSbc['tables'] {
  return tables.map(({ table, used, limit }) => ({
    ...{ table, used, limit },
    left: limit === null ? null : Math.max(0, limit - used),
  }))
}

function wireDrift({ table, name, owner, drift: found, driftSince }: OwnedObject): Static<typeof drift>[] {
  if (!found || found.state === 'as-expected') return []
  const since = driftSince?.toISOString() ?? new Date(0).toISOString()
  return [{ table, name, state: found.state, differences: found.differences, owner, since }]
}
