import type { WireScriptOrder } from '../../../contract/script-orders.ts'
import type {
  WireDocumentedScriptTemplate,
  WireScriptPlan,
  WireScriptPreview,
  WireScriptTemplate,
} from '../../../contract/script-templates.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { ScriptPlan, TemplateVariable } from '../../sbc/index.ts'
import { GIVEN_VARIABLES } from './sbc-work.ts'
import type { ShownOrder } from './script-order.service.ts'
import type { ScriptPreview } from './script-preview.service.ts'
import { documentedType, writesNothing } from './script-template.rules.ts'
import { type ScriptTemplate, variablesOf } from './script-template.service.ts'

export function wireScriptTemplate(template: ScriptTemplate): WireScriptTemplate {
  const { templateId, name, purpose, description, make, script, isBuiltIn, version, changedAt, changedBy } = template
  return {
    ...{ id: templateId, name, purpose, description, make, script, version, isBuiltIn, changedBy },
    variables: variablesOf(template).map(wireVariable),
    writesNothing: writesNothing(script),
    changedAt: changedAt?.toISOString() ?? null,
  }
}

function wireVariable(variable: TemplateVariable): WireScriptTemplate['variables'][number] {
  const { name, type, title, help, required, choices, lengthMax, minimum, maximum } = variable
  const isGiven = GIVEN_VARIABLES.some((given) => given.toLowerCase() === name.toLowerCase())
  return {
    ...{ name, type, title, help, required, default: variable.default },
    ...(choices !== undefined && { choices }),
    ...(lengthMax !== undefined && { lengthMax }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(isGiven && { given: true }),
  }
}

export function wirePreview({ problems, script, plan, trouble }: ScriptPreview): WireScriptPreview {
  const isClear = plan === null || (plan.conflicts.length === 0 && plan.missingReferences.length === 0)
  return {
    ok: problems.length === 0 && trouble === null && isClear,
    ...{ problems, script, plan: plan && wirePlan(plan), sbcTrouble: trouble },
  }
}

function wirePlan({ changes, conflicts, missingReferences, commands }: ScriptPlan): WireScriptPlan {
  const named = conflicts.map(({ table, name }) => ({ table, name }))
  return { changes, conflicts: named, missingReferences, commands }
}

/** By id, and only those that the documented API has a number for. Source: rest-api.md P3. */
export function documentedTemplates(
  templates: readonly ScriptTemplate[],
  { scriptType, allDetails }: { scriptType: string; allDetails: boolean },
): WireDocumentedScriptTemplate[] {
  const wanted = scriptType.trim().toLowerCase()
  return templates
    .flatMap((template) => {
      const type = documentedType(template.purpose)
      const isWanted = wanted === 'any' || wanted === 'sbc' || wanted === String(type)
      return type === null || !isWanted ? [] : [documentedTemplate(template, type, allDetails)]
    })
    .sort((a, b) => a.id - b.id)
}

function documentedTemplate(template: ScriptTemplate, scriptType: number, allDetails: boolean) {
  const { templateId, name, description, script, variables } = template
  return {
    ...{ id: templateId, name, scriptType, description: description === '' ? null : description },
    script: allDetails ? script : null,
    customerVariables: allDetails
      ? variables.map((variable) => ({
          name: variable.name,
          description: variable.help,
          defaultValue: variable.default,
        }))
      : null,
    relatedScripts: null,
  }
}

export function wireScriptOrder({ order, opensAt }: ShownOrder, principal: OperatorPrincipal): WireScriptOrder {
  const { orderId, title, sbcId, sbcName, purpose, owner, taskId, templateId, templateVersion, state } = order
  const verdict = mayClose(order.state, principal)
  return {
    ...{ id: orderId, title, sbcId, sbcName, purpose, owner, taskId, templateId, templateVersion, state },
    createdAt: order.createdAt.toISOString(),
    opensAt: opensAt?.toISOString() ?? null,
    closedAt: order.closedAt?.toISOString() ?? null,
    ...{ closedBy: order.closedBy, appliedBy: order.appliedBy, note: order.note, verified: order.verified },
    appliedAt: order.appliedAt?.toISOString() ?? null,
    actions: { tickOffScriptOrder: verdict, refuseScriptOrder: verdict },
  }
}

function mayClose(state: string, { permissions }: OperatorPrincipal): { allowed: boolean; reason?: string } {
  if (state !== 'open') return { allowed: false, reason: 'This script is not open any more.' }
  if (!permissions.has('sbcs.apply')) return { allowed: false, reason: 'This takes the permission sbcs.apply.' }
  return { allowed: true }
}
