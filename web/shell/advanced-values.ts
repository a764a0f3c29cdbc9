import type { WireAdvancedSettings } from '../api/licenses.ts'
import type { WireScriptTemplate, WireScriptVariable } from '../api/sbcs.ts'

/** What a form of a SIP connection holds while it is filled in. */
export type TypedAdvanced = {
  model: 'ip-group' | 'tenant'
  sbcId: number | null
  connectionName: string
  onboardingScript: number | null
  cleanupScript: number | null
  addNumbersScript: number | null
  removeNumbersScript: number | null
  callingProfileId: string
  cacProfile: string
  proxySet: string
  carrierHostName: string
  carrierMainLine: string
  carrierUserName: string
  carrierPassword: string
  variables: Record<string, string>
}

export const emptyAdvanced: TypedAdvanced = {
  model: 'ip-group',
  sbcId: null,
  connectionName: '',
  onboardingScript: null,
  cleanupScript: null,
  addNumbersScript: null,
  removeNumbersScript: null,
  callingProfileId: '',
  cacProfile: '',
  proxySet: '',
  carrierHostName: '',
  carrierMainLine: '',
  carrierUserName: '',
  carrierPassword: '',
  variables: {},
}

export const scriptFields = [
  { field: 'onboardingScript', purpose: 'onboarding' },
  { field: 'cleanupScript', purpose: 'cleanup' },
  { field: 'addNumbersScript', purpose: 'number-add' },
  { field: 'removeNumbersScript', purpose: 'number-remove' },
] as const

export const textFields = [
  'connectionName',
  'proxySet',
  'cacProfile',
  'carrierHostName',
  'carrierMainLine',
  'carrierUserName',
  'carrierPassword',
] as const

/** Variables of scripts that have a field of their own in the form. Source: rest-api.md 2.7. */
const OWN_FIELDS: readonly string[] = [
  'ProxySet',
  'CacProfile',
  'CarrierHostName',
  'CarrierMainLine',
  'CarrierMailLine',
  'CarrierUserName',
  'CarrierPassword',
  'CarrierUserPassword',
].map(folded)

function folded(name: string): string {
  return name.replaceAll(' ', '').toLowerCase()
}

/** What the chosen scripts want to know beyond what Leadline knows and the form asks anyway; each once. */
export function askedVariables(typed: TypedAdvanced, templates: readonly WireScriptTemplate[]): WireScriptVariable[] {
  const chosen = new Set(scriptFields.map(({ field }) => typed[field]))
  const asked = new Map<string, WireScriptVariable>()
  for (const { id, variables } of templates) {
    if (!chosen.has(id)) continue
    for (const variable of variables)
      if (!variable.given && !OWN_FIELDS.includes(folded(variable.name)) && !asked.has(variable.name))
        asked.set(variable.name, variable)
  }
  return [...asked.values()]
}

/** As the API takes it; null while no device is chosen. What was left empty is left out, so that defaults hold. */
export function readAdvanced(typed: TypedAdvanced, asked: readonly WireScriptVariable[]): WireAdvancedSettings | null {
  const { model, sbcId, callingProfileId } = typed
  if (sbcId === null) return null
  const texts = Object.fromEntries(
    [...textFields.map((field) => [field, typed[field].trim()]), ['callingProfileId', callingProfileId]].filter(
      ([, text]) => text !== '',
    ),
  )
  const scripts = Object.fromEntries(
    scriptFields.map(({ field }) => [field, typed[field]]).filter(([, templateId]) => templateId !== null),
  )
  const variables = Object.fromEntries(
    asked.map(({ name }) => [name, typed.variables[name]?.trim() ?? '']).filter(([, text]) => text !== ''),
  )
  return { model, sbcId, ...texts, ...scripts, ...(Object.keys(variables).length > 0 && { variables }) }
}
