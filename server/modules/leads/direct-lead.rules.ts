import { COMPANY_NAME_MAX, type relationshipStatuses } from '../../../contract/direct-leads.ts'
import { isGuid } from '../../kernel/ids.ts'
import type { LocalFacts, Permitted, RemoteLead } from './lead.rules.ts'

const NIL = '00000000-0000-0000-0000-000000000000'

/** A tenant id as people paste it: in braces, with blanks, in capitals. Null when it is none; the nil GUID is nobody's. */
export function readTenantId(text: string): string | null {
  const id = text
    .trim()
    .replace(/^\{(.*)\}$/, '$1')
    .trim()
    .toLowerCase()
  return isGuid(id) && id !== NIL ? id : null
}

export type CompanyName = { ok: true; name: string } | { ok: false; detail: string }

/** Any script, any sign, on one line. */
export function readCompanyName(text: string): CompanyName {
  const name = text.trim()
  if (name === '') return { ok: false, detail: "Give the customer's name." }
  if ([...name].length > COMPANY_NAME_MAX) {
    return { ok: false, detail: `At most ${COMPANY_NAME_MAX} characters; these are ${[...name].length}.` }
  }
  if (/\p{Cc}/u.test(name) || !name.isWellFormed()) {
    return { ok: false, detail: 'Leave out line breaks and other control characters.' }
  }
  return { ok: true, name }
}

/** A domain as people paste it: of a mail address, of a web page, in capitals. Null when it is none. */
export function readDomain(text: string): string | null {
  const domain = text
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/[/?#].*$/, '')
    .replace(/\.$/, '')
  return /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/.test(domain) ? domain : null
}

/** Only what the operator made can the operator take away, and not from under a service. Source: rest-api.md L4. */
export function mayDelete(
  lead: Pick<RemoteLead, 'isDirectLead'>,
  local: Pick<LocalFacts, 'umpCustomerGuid' | 'processing'>,
): Permitted {
  if (!lead.isDirectLead) {
    const reason = 'The customer consented to this lead: only the customer can withdraw it, in Teams admin center.'
    return { ok: false, code: 'lead-not-deletable', reason }
  }
  if (local.umpCustomerGuid !== null) {
    return { ok: false, code: 'lead-not-deletable', reason: 'The lead has a service: delete the customer first.' }
  }
  if (local.processing === 'Updating') {
    return { ok: false, code: 'lead-not-deletable', reason: 'A task is at work on it: wait for its end.' }
  }
  return { ok: true }
}

export type Relationship = { status: string | null; comment: string | null; lastModifiedOn: string | null }
export type RelationshipStatus = (typeof relationshipStatuses)[number]

const ENDS: readonly RelationshipStatus[] = ['ConsentDeclined', 'ContractTerminated']

/** The end of a relation needs a reason. Source: microsoft.md A.4. */
export function needsComment(status: RelationshipStatus): boolean {
  return ENDS.includes(status)
}

/** The operator's side of the relation as Microsoft last told it; null while there is none. */
export function relationshipOf(remote: Pick<RemoteLead, 'extras'>): Relationship | null {
  const kept = remote.extras.customerRelationship
  if (kept === null || typeof kept !== 'object') return null
  const { status, comment, lastModifiedOn } = kept as Record<string, unknown>
  return { status: textOf(status), comment: textOf(comment), lastModifiedOn: textOf(lastModifiedOn) }
}

export function sameRelationship(a: Relationship | null, b: Relationship | null): boolean {
  return a?.status === b?.status && (a?.comment ?? '') === (b?.comment ?? '')
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
