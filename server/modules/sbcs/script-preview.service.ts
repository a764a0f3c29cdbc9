import { notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { SbcError, type ScriptPlan, type VariableProblem } from '../../sbc/index.ts'
import { askDevice } from './ask-device.ts'
import { sbcStore } from './sbc.store.ts'
import type { SbcDrivers } from './sbc-drivers.ts'
import type { Trouble } from './sbc-work.ts'
import { findTemplate, renderTemplate } from './script-template.service.ts'

export type ScriptPreview = {
  problems: VariableProblem[]
  /** Secrets as `<Name>`; null while there are problems. */
  script: string | null
  /** Null: no device was asked, or it did not answer. */
  plan: ScriptPlan | null
  trouble: Trouble | null
}

export type ScriptPreviewService = ReturnType<typeof createScriptPreviewService>

const ASK_TIMEOUT_MS = 30_000

/** The script for given values, and what it would do to a device; nothing is changed. */
export function createScriptPreviewService({ transact, drivers }: { transact: Transact; drivers: SbcDrivers }) {
  return {
    async preview(
      principal: OperatorPrincipal,
      templateId: number,
      asked: { variables: Record<string, string>; sbcId?: number },
      signal: AbortSignal,
    ): Promise<ScriptPreview> {
      const { template, sbc } = await transact(principal, async (tx) => ({
        template: await findTemplate(tx, templateId),
        sbc: asked.sbcId === undefined ? null : await sbcStore(tx).find(asked.sbcId),
      }))
      if (sbc === undefined) throw notFound('The SBC')
      const rendering = renderTemplate(template, asked.variables)
      if (!rendering.ok) return { problems: rendering.problems, script: null, plan: null, trouble: null }
      const { script, shown, secrets } = rendering.rendered
      const seen = { problems: [], script: shown }
      const driver = sbc && drivers.driverOf(sbc)
      if (!driver) return { ...seen, plan: null, trouble: null }
      try {
        const plan = await askDevice(signal, ASK_TIMEOUT_MS, (limited) =>
          driver.plan(script, { signal: limited, secrets, isOurs: () => false }),
        )
        return { ...seen, plan, trouble: null }
      } catch (error) {
        if (!(error instanceof SbcError)) throw error
        const { code, detail, remedy } = error
        return { ...seen, plan: null, trouble: { code, detail, remedy } }
      }
    },
  }
}
