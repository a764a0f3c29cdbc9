import type { LeadReferences } from '../../../contract/lead-references.ts'
import type { FieldError } from '../../kernel/errors.ts'
import { foldSearch } from './lead.rules.ts'
import { joinSearchKeys } from './search-key.rules.ts'

export const NO_REFERENCES: LeadReferences = { crmId: null, orderId: null, billingAccount: null }

const NAMES = ['crmId', 'orderId', 'billingAccount'] as const

/** References as people paste them: without blanks around them, and null instead of nothing. */
export function readReferences(
  given: LeadReferences,
): { ok: true; references: LeadReferences } | { ok: false; errors: FieldError[] } {
  const references = { ...NO_REFERENCES }
  const errors: FieldError[] = []
  for (const name of NAMES) {
    const text = given[name]?.trim() ?? ''
    if (/\p{Cc}/u.test(text) || !text.isWellFormed()) {
      errors.push({ pointer: `/body/${name}`, detail: 'Leave out line breaks and other control characters.' })
    } else references[name] = text === '' ? null : text
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, references }
}

/** The references that differ, as the journal tells them; null: none does. */
export function changedReferences(
  before: LeadReferences,
  after: LeadReferences,
): { before: Partial<LeadReferences>; after: Partial<LeadReferences> } | null {
  const changed = NAMES.filter((name) => before[name] !== after[name])
  if (changed.length === 0) return null
  const only = (all: LeadReferences) => Object.fromEntries(changed.map((name) => [name, all[name]]))
  return { before: only(before), after: only(after) }
}

/** What a lead can be found by beside Microsoft's words, spelt as those are. */
export function searchTextOfReferences(references: LeadReferences): string {
  return joinSearchKeys(NAMES.flatMap((name) => references[name] ?? []).map(foldSearch))
}
