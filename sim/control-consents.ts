import { type ConsentContact, type ConsentRecord, companyNameOf, isDirect } from './consent-record.ts'
import { ControlBody } from './control-body.ts'
import type { ControlCall } from './control-call.ts'
import { describeConsent } from './control-consent-view.ts'
import { directConsent } from './direct-consent.ts'
import { BadRequest } from './http-exchange.ts'
import { parseGuid } from './seed/guid.ts'
import { formatTimestamp } from './seed/timestamp.ts'
import type { Operator, World } from './world.ts'

const MAX_HOLD_MS = 30 * 86_400_000
const CONTACT_FIELDS = ['fullName', 'email', 'phoneNumber'] as const

/** The customer picks an operator in Teams admin center. A tenant that removed the operator before gets its consent back. */
export async function giveConsent({ simulation, exchange }: ControlCall) {
  const body = await ControlBody.read(exchange, [
    'operator',
    'company',
    'tenantId',
    'countries',
    'size',
    'contacts',
    'holdNotActiveMs',
    'at',
    'tenantOrigin',
  ])
  const { world } = simulation
  const operator = operatorNamed(world, body.requiredText('operator'))
  const tenantId = body.guid('tenantId') ?? world.newId()
  const former = consentedOrdinal(operator, tenantId)
  const formerConsent = former === undefined ? undefined : operator.store.at(former)
  if (formerConsent !== undefined && formerConsent.Status !== 'Removed') {
    throw new BadRequest(`Tenant ${tenantId} has already consented to ${operator.seed.name}.`, 409)
  }
  const stamp = stampOf(body)
  const holdMs = body.number('holdNotActiveMs', 0, MAX_HOLD_MS) ?? 0
  const company = body.requiredText('company')
  const contacts = contactsOf(body, company, sizeOf(body) ?? 'L10_U24') ?? [inventedContact(company, sizeOf(body))]
  const consent: ConsentRecord = {
    Id: formerConsent?.Id ?? world.newId(),
    TenantId: tenantId,
    TenantOrigin: body.text('tenantOrigin') ?? 'Office365',
    OperatorId: operator.seed.operatorId,
    Status: holdMs > 0 ? 'NotActive' : 'Active',
    ConsentedOn: stamp.text,
    LastModifiedOn: stamp.text,
    ConsentedCountries: countriesOf(body) ?? [],
    Contacts: contacts,
    ContactDetails: contacts[0] ?? null,
    CustomerRelationship: null,
    ProductContext: 'teams',
  }
  const held = holdMs > 0 ? { activeAtMs: stamp.ms + holdMs } : {}
  world.commit({ kind: 'consent-put', operator: operator.seed.key, consent, ...held })
  return created(operator, consent.Id)
}

/** The operator's own act: a direct lead. Refused when the tenant has any lead (portal.md 3.3). */
export async function createDirectLead({ simulation, exchange }: ControlCall) {
  const body = await ControlBody.read(exchange, ['operator', 'company', 'tenantId', 'at'])
  const { world } = simulation
  const operator = operatorNamed(world, body.requiredText('operator'))
  const tenantId = body.guid('tenantId') ?? world.newId()
  if (operator.store.ordinalsOfTenant(tenantId).length > 0) {
    throw new BadRequest(`Tenant ${tenantId} already has a lead with ${operator.seed.name}.`, 409)
  }
  const stamp = stampOf(body)
  const company = body.requiredText('company')
  const consent = directConsent({ id: world.newId(), tenantId, company, at: stamp.text })
  world.commit({ kind: 'consent-put', operator: operator.seed.key, consent })
  return created(operator, consent.Id)
}

/** Countries, company, size, contacts: what the customer can change in place; and the relationship, as in Microsoft's own portal. */
export async function changeConsent({ simulation, exchange, subject }: ControlCall) {
  const body = await ControlBody.read(exchange, [
    'countries',
    'company',
    'size',
    'contacts',
    'relationshipStatus',
    'relationshipComment',
    'at',
  ])
  const { operator, ordinal, consent } = locate(simulation.world, subject)
  if (consent.Status === 'Removed') throw new BadRequest('The operator was removed: consent to it again first.', 409)
  const company = body.text('company')?.trim() || companyNameOf(consent)
  const size = sizeOf(body) ?? consent.ContactDetails?.CompanySize ?? null
  const renamed = consent.Contacts?.map((contact) => ({ ...contact, CompanyName: company, CompanySize: size })) ?? null
  const contacts = contactsOf(body, company, size) ?? renamed
  const details = consent.ContactDetails && { ...consent.ContactDetails, CompanyName: company, CompanySize: size }
  const at = stampOf(body).text
  const status = body.text('relationshipStatus')
  const comment = body.text('relationshipComment') ?? ''
  return update(simulation.world, operator, ordinal, {
    ...consent,
    ConsentedCountries: countriesOf(body) ?? consent.ConsentedCountries,
    Contacts: contacts,
    ContactDetails: contacts?.[0] ?? details,
    CustomerRelationship:
      status === undefined ? consent.CustomerRelationship : { Status: status, Comment: comment, LastModifiedOn: at },
    LastModifiedOn: at,
  })
}

const STATUS_ACTIONS = {
  suspend: { from: ['Active', 'NotActive'], to: 'Suspended' },
  resume: { from: ['Suspended'], to: 'Active' },
  activate: { from: ['NotActive'], to: 'Active' },
  remove: { from: ['Active', 'NotActive', 'Suspended'], to: 'Removed' },
} as const

export type StatusAction = keyof typeof STATUS_ACTIONS

/** Suspends, resumes, activates or removes: 409 when the present status does not allow it. */
export function changeStatus(action: StatusAction) {
  return async ({ simulation, exchange, subject }: ControlCall) => {
    const body = await ControlBody.read(exchange, ['at'])
    const { operator, ordinal, consent } = locate(simulation.world, subject)
    const { from, to } = STATUS_ACTIONS[action]
    if (!(from as readonly string[]).includes(consent.Status)) {
      throw new BadRequest(`A consent that is ${consent.Status} cannot be told to ${action}.`, 409)
    }
    const held = operator.numbers.get(consent.TenantId)?.length ?? 0
    // Source: domain/microsoft.md A.4, Customer side.
    if (to === 'Removed' && held > 0) {
      throw new BadRequest(
        `The tenant holds ${held} numbers of ${operator.seed.name}: they have to be released first.`,
        409,
      )
    }
    return update(
      simulation.world,
      operator,
      ordinal,
      { ...consent, Status: to, LastModifiedOn: stampOf(body).text },
      true,
    )
  }
}

/** Lets a consent vanish from the listing, and unless `from` is "listing", from by-tenant calls too. */
export async function purgeConsent({ simulation, exchange, subject }: ControlCall) {
  const body = await ControlBody.read(exchange, ['from'])
  const { operator, ordinal } = locate(simulation.world, subject)
  const hiding = body.oneOf('from', ['listing', 'everywhere']) ?? 'everywhere'
  const id = operator.store.at(ordinal).Id
  simulation.world.commit({ kind: 'consent-hidden', operator: operator.seed.key, id, hiding })
  return { status: 200, body: describeConsent(operator, ordinal) }
}

/** Brings a purged consent back to its old place in the listing. */
export function restoreConsent({ simulation, subject }: ControlCall) {
  const { operator, ordinal, consent } = locate(simulation.world, subject)
  simulation.world.commit({ kind: 'consent-hidden', operator: operator.seed.key, id: consent.Id, hiding: null })
  return { status: 200, body: describeConsent(operator, ordinal) }
}

export function showConsent({ simulation, subject }: ControlCall) {
  const { operator, ordinal, consent } = locate(simulation.world, subject)
  return { status: 200, body: { ...describeConsent(operator, ordinal), record: consent } }
}

/** Changes a share of all consents of an operator at once: for benches of the sync. */
export async function touchConsents({ simulation, exchange }: ControlCall) {
  const body = await ControlBody.read(exchange, ['operator', 'percent', 'seed', 'at'])
  const operator = operatorNamed(simulation.world, body.requiredText('operator'))
  const percent = body.number('percent', 0, 100)
  if (percent === undefined) throw new BadRequest('"percent" must be a number from 0 to 100.')
  const touch = { percent, seed: body.number('seed', 0, 0xffff_ffff) ?? 1, atMs: stampOf(body).ms }
  simulation.world.commit({ kind: 'touched', operator: operator.seed.key, touch })
  return { status: 200, body: { operator: operator.seed.key, touched: operator.store.countTouched(touch) } }
}

/** The operator with a key or operator id. @throws BadRequest 404 */
export function operatorNamed(world: World, name: string): Operator {
  const operator = world.operatorByKey(name)
  if (operator === undefined) {
    const known = world.operators.map(({ seed }) => seed.key).join(', ')
    throw new BadRequest(`There is no operator "${name}". Known: ${known}.`, 404)
  }
  return operator
}

function locate(world: World, id: string): { operator: Operator; ordinal: number; consent: ConsentRecord } {
  const guid = parseGuid(id)
  for (const operator of guid === undefined ? [] : world.operators) {
    const ordinal = operator.store.ordinalOfHidden(guid ?? '')
    if (ordinal !== undefined) return { operator, ordinal, consent: operator.store.at(ordinal) }
  }
  throw new BadRequest(`There is no consent "${id}".`, 404)
}

/** A hold in NotActive ends with a change of status, and survives any other change. */
function update(world: World, operator: Operator, ordinal: number, consent: ConsentRecord, endsHold = false) {
  const activeAtMs = endsHold ? undefined : operator.store.activeAtMs(ordinal)
  const held = activeAtMs === undefined ? {} : { activeAtMs }
  world.commit({ kind: 'consent-put', operator: operator.seed.key, consent, ...held })
  return { status: 200, body: describeConsent(operator, ordinal) }
}

function created(operator: Operator, id: string) {
  const ordinal = operator.store.ordinalOfHidden(id)
  if (ordinal === undefined) throw new Error(`Consent ${id} was stored and cannot be found.`)
  return { status: 201, body: describeConsent(operator, ordinal) }
}

function consentedOrdinal(operator: Operator, tenantId: string): number | undefined {
  return operator.store.ordinalsOfTenant(tenantId).find((ordinal) => !isDirect(operator.store.at(ordinal)))
}

/** `at`, kept to the letter when given, else now. */
function stampOf(body: ControlBody): { text: string; ms: number } {
  const text = body.text('at')
  if (text === undefined) {
    const ms = Date.now()
    return { text: formatTimestamp(ms, Number((process.hrtime.bigint() / 100n) % 10_000n)), ms }
  }
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new BadRequest('"at" must be a date with time, such as 2026-03-01T10:00:00.1234567Z.')
  return { text, ms }
}

/** Any text up to 40 characters: unknown sizes are part of the game. */
function sizeOf(body: ControlBody): string | undefined {
  return body.text('size', 40)
}

/** Any codes: "UK" is part of the game. */
function countriesOf(body: ControlBody): string[] | undefined {
  return body.texts('countries')
}

function contactsOf(body: ControlBody, company: string, size: string | null): ConsentContact[] | undefined {
  return body.objects('contacts', CONTACT_FIELDS)?.map((contact) => ({
    FullName: contact.text('fullName') ?? null,
    Email: contact.text('email') ?? null,
    PhoneNumber: contact.text('phoneNumber') || null,
    CompanyName: company,
    CompanySize: size,
  }))
}

function inventedContact(company: string, size: string | undefined): ConsentContact {
  const domain = `${
    company
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'company'
  }.example`
  return {
    FullName: 'Robin Admin',
    Email: `robin@${domain}`,
    PhoneNumber: null,
    CompanyName: company,
    CompanySize: size ?? 'L10_U24',
  }
}
