import type { Clock } from '../../kernel/clock.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import type { AddressGuard } from '../../platform/outbound/index.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import { foldVariable } from '../../sbc/index.ts'
import { BUILT_IN_SCRIPTS } from './built-in-scripts.ts'
import { createDeviceTurn } from './device-turn.ts'
import { createSbcService, type SbcService } from './sbc.service.ts'
import { sbcStore } from './sbc.store.ts'
import { type CheckSbc, createCheckSbc } from './sbc-check.ts'
import { createSbcDrivers } from './sbc-drivers.ts'
import { createSbcWork } from './sbc-work.service.ts'
import type { SbcWork } from './sbc-work.ts'
import { createScriptOrderService, type ScriptOrderService } from './script-order.service.ts'
import { createScriptPreviewService, type ScriptPreviewService } from './script-preview.service.ts'
import {
  createScriptTemplateService,
  findTemplate,
  type ScriptTemplateService,
  variablesOf,
} from './script-template.service.ts'
import { scriptTemplateStore } from './script-template.store.ts'

/** All that has to do with SBC devices, joined. */
export type Sbcs = {
  devices: SbcService
  templates: ScriptTemplateService
  previews: ScriptPreviewService
  orders: ScriptOrderService
  /** For tasks of process modules. */
  work: SbcWork
  check: CheckSbc
  /** Names of devices, also of those that were taken out. */
  namesOf(operatorId: number, sbcIds: readonly number[]): Promise<Map<number, string>>
  /** Names of all variables that a template may be given, folded. Throws 404. */
  variablesOf(operatorId: number, templateId: number): Promise<ReadonlySet<string>>
  /**
   * Names of the variables that one of these templates calls secret, or did in any of its versions, folded; the password of
   * a registration always.
   */
  secretsOf(operatorId: number, templateIds: readonly (number | null)[]): Promise<ReadonlySet<string>>
  close(): Promise<void>
}

export type SbcsOptions = { transact: Transact; sealer: Sealer; clock: Clock; guard: AddressGuard }

export function createSbcs({ transact, sealer, clock, guard }: SbcsOptions): Sbcs {
  const drivers = createSbcDrivers({ sealer, guard })
  const check = createCheckSbc({ transact, drivers, clock })
  const acting = (operatorId: number) => jobPrincipal('sbcs', operatorId, 'sbcs')
  return {
    devices: createSbcService({ transact, sealer, clock, guard, check }),
    templates: createScriptTemplateService({ transact, clock }),
    previews: createScriptPreviewService({ transact, drivers }),
    orders: createScriptOrderService({ transact, clock, drivers }),
    work: createSbcWork({ transact, clock, drivers, turn: createDeviceTurn({ transact }) }),
    check,
    namesOf: (operatorId, sbcIds) =>
      transact(acting(operatorId), async (tx) => {
        const names = new Map<number, string>()
        for (const sbcId of new Set(sbcIds)) {
          const sbc = await sbcStore(tx).find(sbcId, true)
          if (sbc) names.set(sbcId, sbc.name)
        }
        return names
      }),
    variablesOf: (operatorId, templateId) =>
      transact(acting(operatorId), async (tx) => {
        const variables = variablesOf(await findTemplate(tx, templateId))
        return new Set(variables.map(({ name }) => foldVariable(name)))
      }),
    async secretsOf(operatorId, templateIds) {
      const ids = templateIds.filter((id) => id !== null)
      const own = await transact(acting(operatorId), (tx) => scriptTemplateStore(tx).variablesOf(ids))
      const builtIn = BUILT_IN_SCRIPTS.filter(({ templateId }) => ids.includes(templateId))
      const secret = [...own, ...builtIn.flatMap(({ variables }) => variables)].filter(({ type }) => type === 'secret')
      return new Set(['CarrierUserPassword', ...secret.map(({ name }) => name)].map(foldVariable))
    },
    close: () => drivers.close(),
  }
}
