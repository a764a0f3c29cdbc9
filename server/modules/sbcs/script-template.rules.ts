import type { ScriptPurpose } from '../../../contract/script-templates.ts'

/** A variable as the rules need it. */
type Declared = { name: string; required: boolean }

/** The given variables that a script uses are needed; the others may be given all the same. */
export function withGiven<V extends Declared>(script: string, declared: readonly V[], given: readonly V[]): V[] {
  const own = new Set(declared.map(({ name }) => name.toLowerCase()))
  const missing = given.filter(({ name }) => !own.has(name.toLowerCase()))
  return [...missing.map((variable) => ({ ...variable, required: uses(script, variable.name) })), ...declared]
}

export function uses(script: string, name: string): boolean {
  return new RegExp(`\\{\\{\\s*(#if\\s+)?${name}\\s*\\}\\}`, 'i').test(script)
}

/** Whether it has nothing but blanks and comments: then nothing is written to the SBC. */
export function writesNothing(script: string): boolean {
  return script.split(/\r?\n/).every((line) => /^\s*([!#].*|\{\{(#if\s.*|\/if)\}\}\s*)?$/.test(line))
}

/** The documented number of a purpose; null: the documented API knows no such script. Source: rest-api.md 2.9. */
export function documentedType(purpose: ScriptPurpose): number | null {
  if (purpose === 'onboarding') return 1
  if (purpose === 'cleanup') return 2
  return purpose === 'number-add' || purpose === 'number-remove' ? 0 : null
}
