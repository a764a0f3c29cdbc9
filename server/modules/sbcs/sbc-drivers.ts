import type { AddressGuard } from '../../platform/outbound/index.ts'
import { createGuardedAgent } from '../../platform/outbound/index.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import { createMediantDriver, MEDIANT, type SbcConnection, type SbcDriver, type SbcMakeFacts } from '../../sbc/index.ts'
import { passwordCell, type Sbc } from './sbc.ts'

/** Drivers of devices, each kept as long as the device's settings stay the same. */
export type SbcDrivers = {
  /** Null: there is no driver for its make, or no address or password to ask it with. */
  driverOf(sbc: Sbc): SbcDriver | null
  close(): Promise<void>
}

type Agent = ReturnType<typeof createGuardedAgent>

const MAKES: Readonly<Record<string, SbcMakeFacts>> = { mediant: MEDIANT }
/** To one device: it is changed by one at a time anyway. */
const CONNECTIONS = 4

/** What a make can do; null for one that is worked by hand. */
export function makeFacts(make: string): SbcMakeFacts | null {
  return Object.hasOwn(MAKES, make) ? (MAKES[make] ?? null) : null
}

export function createSbcDrivers({ sealer, guard }: { sealer: Sealer; guard: AddressGuard }): SbcDrivers {
  const kept = new Map<string, { version: number; driver: SbcDriver; agent: Agent }>()

  return {
    driverOf(sbc) {
      const key = `${sbc.operatorId}/${sbc.sbcId}`
      const known = kept.get(key)
      if (known && known.version === sbc.version) return known.driver
      // Whoever still works with it gets an error at his next call, and tries again with the new one.
      if (known) void known.agent.destroy()
      kept.delete(key)
      const { address, passwordSealed } = sbc
      if (!makeFacts(sbc.make) || address === null || passwordSealed === null) return null
      const { trust } = sbc
      const agent = createGuardedAgent({
        ...{ guard, connections: CONNECTIONS },
        ...(trust.kind === 'ca' && { ca: trust.pem }),
        ...(trust.kind === 'fingerprint' && { fingerprint: trust.sha256 }),
      })
      const connection: SbcConnection = {
        ...{ address, user: sbc.userName, password: sealer.open(passwordSealed, passwordCell(sbc)) },
        ...{ trust, timeoutMs: sbc.timeoutMs },
      }
      const driver = createMediantDriver(connection, { dispatcher: agent })
      kept.set(key, { version: sbc.version, driver, agent })
      return driver
    },

    async close() {
      await Promise.all([...kept.values()].map(({ agent }) => agent.destroy()))
      kept.clear()
    },
  }
}
