import { allTemplateVariables, type TemplateVariable } from '../../../contract/mail-templates.ts'
import { nearestName } from '../../kernel/nearest-name.ts'

/** A text in pieces: what stands there, and what is put in. */
export type TemplatePart = { text: string } | { variable: TemplateVariable }

const BRACES = /\{\{([^{}\n]*)\}\}/g
const BY_FOLDED = new Map(allTemplateVariables.map((name) => [name.toLowerCase(), name]))

/** What of a template's text cannot be used, each in a sentence with the remedy; empty: nothing. */
export function templateProblems(text: string): string[] {
  const problems: string[] = []
  const known = new Set<string>(allTemplateVariables)
  const rest = text.replace(BRACES, (whole, inner: string) => {
    const name = inner.trim()
    if (!known.has(name)) problems.push(unknownName(whole, name))
    return ''
  })
  const line = rest.split('\n').find((one) => /\{\{|\}\}/.test(one))
  if (line !== undefined) {
    const shown = line.trim().slice(0, 60)
    problems.push(`Braces open or close alone in “${shown}”: a variable is written {{companyName}}.`)
  }
  return [...new Set(problems)]
}

function unknownName(whole: string, name: string): string {
  const folded = name.toLowerCase().replace(/[\s_.-]/g, '')
  const near = BY_FOLDED.get(folded) ?? nearestOf(folded)
  const meant = near === null ? `There are: ${allTemplateVariables.join(', ')}.` : `Did you mean {{${near}}}?`
  return `${whole.slice(0, 80)} is no variable. ${meant}`
}

function nearestOf(folded: string): TemplateVariable | null {
  if (folded === '') return null
  return BY_FOLDED.get(nearestName(folded, [...BY_FOLDED.keys()]) ?? '') ?? null
}

/** The pieces of a text without problems. */
export function templateParts(text: string): TemplatePart[] {
  const parts: TemplatePart[] = []
  let from = 0
  for (const match of text.matchAll(BRACES)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index) })
    parts.push({ variable: (match[1] ?? '').trim() as TemplateVariable })
    from = match.index + match[0].length
  }
  if (from < text.length) parts.push({ text: text.slice(from) })
  return parts
}

/** A language that dates and countries can be written in, in its usual spelling; null: there is none of this name. */
export function knownLanguage(tag: string): string | null {
  try {
    return Intl.DisplayNames.supportedLocalesOf([tag])[0] ?? null
  } catch {
    return null
  }
}
