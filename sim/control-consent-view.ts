import { companyNameOf, isDirect } from './consent-record.ts'
import { matchesText } from './consent-store.ts'
import type { ControlCall } from './control-call.ts'
import type { Operator } from './world.ts'

/** A text search looks at this many consents from the seed, besides every one that was changed. */
const SEARCHED_SEED_CONSENTS = 20_000

/** A consent as the control API tells it. */
export function describeConsent(operator: Operator, ordinal: number) {
  const consent = operator.store.at(ordinal)
  const activeAtMs = operator.store.activeAtMs(ordinal)
  return {
    operator: operator.seed.key,
    operatorName: operator.seed.name,
    id: consent.Id,
    tenantId: consent.TenantId,
    status: consent.Status,
    company: companyNameOf(consent),
    size: consent.ContactDetails?.CompanySize ?? consent.Contacts?.[0]?.CompanySize ?? null,
    countries: consent.ConsentedCountries,
    contacts: (consent.Contacts ?? []).map((contact) => ({
      fullName: contact.FullName,
      email: contact.Email,
      phoneNumber: contact.PhoneNumber,
    })),
    consentedOn: consent.ConsentedOn,
    lastModifiedOn: consent.LastModifiedOn,
    isDirect: isDirect(consent),
    hidden: operator.store.hidingOf(ordinal) ?? null,
    activeAt: activeAtMs === undefined ? null : new Date(activeAtMs).toISOString(),
  }
}

/** Changed consents newest first, then those of the seed in order of arrival, filtered. */
export function findConsents({ simulation, query }: ControlCall) {
  const limit = Math.min(Number(query.get('limit') ?? 50) || 50, 1000)
  const text = query.get('q')?.trim().toLowerCase() ?? ''
  const tenantId = query.get('tenantId')?.toLowerCase()
  const status = query.get('status')
  const onlyChanged = query.get('changed') === 'true'
  const operatorKey = query.get('operator')
  const operators = simulation.world.operators.filter(({ seed }) => operatorKey === null || seed.key === operatorKey)
  const found: ReturnType<typeof describeConsent>[] = []
  for (const operator of operators) {
    let kept = 0
    for (const ordinal of candidates(operator, tenantId, onlyChanged)) {
      if (kept >= limit) break
      const consent = operator.store.at(ordinal)
      if (status !== null && consent.Status !== status) continue
      if (text !== '' && !matchesText(consent, text)) continue
      found.push(describeConsent(operator, ordinal))
      kept++
    }
  }
  return { status: 200, body: { consents: found } }
}

function* candidates(operator: Operator, tenantId: string | undefined, onlyChanged: boolean): Generator<number> {
  const { store } = operator
  if (tenantId !== undefined) {
    yield* store.ordinalsOfTenant(tenantId)
    return
  }
  const changed = store.changedOrdinals()
  yield* changed
  if (onlyChanged) return
  const seen = new Set(changed)
  const end = Math.min(store.ordinalLimit, SEARCHED_SEED_CONSENTS)
  for (let ordinal = 0; ordinal < end; ordinal++) if (!seen.has(ordinal)) yield ordinal
}
