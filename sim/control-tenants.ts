import { type AcquiredNumberRecord, ASSIGNMENTS, USER_CAPABILITIES } from './acquired-number.ts'
import { type CivicAddressRecord, companyNameOf } from './consent-record.ts'
import { ControlBody } from './control-body.ts'
import type { ControlCall } from './control-call.ts'
import { describeConsent, findConsents } from './control-consent-view.ts'
import { operatorNamed } from './control-consents.ts'
import { BadRequest } from './http-exchange.ts'
import { parseGuid } from './seed/guid.ts'
import type { World } from './world.ts'

const ADDRESS_TEXTS = {
  country: 'Country',
  houseNumber: 'HouseNumber',
  houseNumberSuffix: 'HouseNumberSuffix',
  preDirectional: 'PreDirectional',
  streetName: 'StreetName',
  streetSuffix: 'StreetSuffix',
  postDirectional: 'PostDirectional',
  stateOrProvince: 'StateOrProvince',
  countyOrDistrict: 'CountyOrDistrict',
  cityOrTown: 'CityOrTown',
  cityOrTownAlias: 'CityOrTownAlias',
  postalOrZipCode: 'PostalOrZipCode',
  description: 'Description',
  companyName: 'CompanyName',
  companyId: 'CompanyId',
} as const satisfies Record<string, keyof CivicAddressRecord>
const ADDRESS_FIELDS = [...Object.keys(ADDRESS_TEXTS), 'validationStatus', 'locations']

/** Companies found by a text, an id or a domain: one entry a tenant. */
export function findTenants(call: ControlCall) {
  const text = call.query.get('q')?.trim() ?? ''
  const tenantId = call.simulation.world.resolveTenant(text)
  if (tenantId !== undefined) call.query.set('tenantId', tenantId)
  if (tenantId !== undefined) call.query.delete('q')
  const { consents } = findConsents(call).body
  const tenants = new Map<string, { tenantId: string; company: string; operators: string[] }>()
  for (const consent of consents) {
    const tenant = tenants.get(consent.tenantId) ?? {
      tenantId: consent.tenantId,
      company: consent.company,
      operators: [],
    }
    tenant.operators.push(consent.operator)
    tenants.set(consent.tenantId, tenant)
  }
  return { status: 200, body: { tenants: [...tenants.values()].slice(0, 50) } }
}

/** One customer: its consents to all operators and its civic addresses. */
export function showTenant({ simulation, subject }: ControlCall) {
  const tenantId = tenantOf(subject)
  const consents = simulation.world.operators.flatMap((operator) =>
    operator.store.ordinalsOfTenant(tenantId).map((ordinal) => describeConsent(operator, ordinal)),
  )
  const body = { tenantId, company: consents[0]?.company ?? null, consents }
  const numbers = simulation.world.operators.flatMap(({ seed, numbers }) =>
    (numbers.get(tenantId) ?? []).map(({ TelephoneNumber, AssignmentStatus }) => ({
      ...{ operator: seed.key, number: TelephoneNumber, assignment: AssignmentStatus },
    })),
  )
  return { status: 200, body: { ...body, civicAddresses: simulation.world.addressesOf(tenantId), numbers } }
}

/** `{operator, numbers, country, assignment}`: numbers that the operator has uploaded are in the customer's inventory. */
export async function addNumbers({ simulation, exchange, subject }: ControlCall) {
  const body = await ControlBody.read(exchange, ['operator', 'numbers', 'country', 'assignment'])
  const { world } = simulation
  const tenantId = tenantOf(subject)
  const operator = operatorNamed(world, body.requiredText('operator'))
  const asked = body.texts('numbers') ?? []
  const wrong = asked.find((number) => !/^\+[1-9]\d{3,14}$/.test(number))
  if (asked.length === 0 || wrong !== undefined) {
    throw new BadRequest(
      `"numbers" must be a list of numbers in E.164${wrong === undefined ? '' : `: "${wrong}" is none`}.`,
    )
  }
  const holder = asked.find((number) => world.operators.some((one) => holds(one.numbers.values(), number)))
  if (holder !== undefined) throw new BadRequest(`The number ${holder} is in a tenant's inventory already.`, 409)
  const AcquiredOn = new Date().toISOString().replace('Z', '0000+00:00')
  const shared = {
    CallingProfileId: operator.callingProfiles[0]?.CallingProfileId ?? null,
    AcquiredCapabilities: [...USER_CAPABILITIES],
    AvailableCapabilities: [...USER_CAPABILITIES, 'Mobile'],
    IsoCountryCode: body.text('country') ?? 'GB',
    TnUploadJobId: world.newId(),
    AssignmentStatus: body.oneOf('assignment', ASSIGNMENTS) ?? 'Unassigned',
  }
  const added = asked.map((TelephoneNumber) => ({
    ...{ TelephoneNumber, ...shared, AcquiredOn, LocationId: null, CivicAddressId: null, TenantId: tenantId },
  }))
  const numbers = [...(operator.numbers.get(tenantId) ?? []), ...added]
  world.commit({ kind: 'numbers-put', operator: operator.seed.key, tenantId, numbers })
  return { status: 201, body: { numbers: added } }
}

/** The customer releases a number in Teams admin center: refused while somebody has it. Source: domain/microsoft.md A.8. */
export function releaseNumber({ simulation, subject, detail }: ControlCall) {
  const tenantId = tenantOf(subject)
  const number = decodeURIComponent(detail)
  for (const { seed, numbers } of simulation.world.operators) {
    const held = numbers.get(tenantId) ?? []
    const found = held.find(({ TelephoneNumber }) => TelephoneNumber === number)
    if (!found) continue
    if (found.AssignmentStatus !== 'Unassigned') {
      throw new BadRequest(`The number ${number} is ${found.AssignmentStatus}: unassign it first.`, 409)
    }
    const left = held.filter((one) => one !== found)
    simulation.world.commit({ kind: 'numbers-put', operator: seed.key, tenantId, numbers: left })
    return { status: 200, body: { numbers: left } }
  }
  throw new BadRequest(`The tenant has no number "${number}".`, 404)
}

function holds(lists: Iterable<AcquiredNumberRecord[]>, number: string): boolean {
  for (const list of lists) if (list.some(({ TelephoneNumber }) => TelephoneNumber === number)) return true
  return false
}

/** The customer makes an emergency address in Teams admin center, with at least one location. */
export async function addAddress({ simulation, exchange, subject }: ControlCall) {
  const body = await ControlBody.read(exchange, ADDRESS_FIELDS)
  const { world } = simulation
  const tenantId = tenantOf(subject)
  body.requiredText('country')
  const address = makeAddress(world, tenantId, body)
  world.commit({ kind: 'addresses-put', tenantId, addresses: [...world.addressesOf(tenantId), address] })
  return { status: 201, body: address }
}

export function removeAddress({ simulation, subject, detail }: ControlCall) {
  const tenantId = tenantOf(subject)
  const before = simulation.world.addressesOf(tenantId)
  const addresses = before.filter(({ Id }) => Id !== detail.toLowerCase())
  if (addresses.length === before.length) throw new BadRequest(`The tenant has no civic address "${detail}".`, 404)
  simulation.world.commit({ kind: 'addresses-put', tenantId, addresses })
  return { status: 200, body: { civicAddresses: addresses } }
}

function makeAddress(world: World, tenantId: string, body: ControlBody): CivicAddressRecord {
  const id = world.newId()
  const texts = Object.fromEntries(
    Object.entries(ADDRESS_TEXTS).map(([field, name]) => [name, body.text(field)?.trim() ?? '']),
  ) as Record<(typeof ADDRESS_TEXTS)[keyof typeof ADDRESS_TEXTS], string>
  const asked = body.objects('locations', ['description', 'additionalInfo', 'elin']) ?? [new ControlBody({})]
  const locations = asked.map((location, index) => ({
    Id: world.newId(),
    CivicAddressId: id,
    Description: location.text('description') ?? texts.Description,
    AdditionalInfo: location.text('additionalInfo') ?? null,
    IsDefault: index === 0,
    Elin: location.text('elin') ?? null,
  }))
  return {
    Id: id,
    ...texts,
    CompanyName: texts.CompanyName || companyOf(world, tenantId),
    DefaultLocationId: locations[0]?.Id ?? '',
    ValidationStatus: body.text('validationStatus') ?? 'Validated',
    TenantId: tenantId,
    PartnerId: '00000000-0000-0000-0000-000000000000',
    Locations: locations,
  }
}

function companyOf(world: World, tenantId: string): string {
  for (const { store } of world.operators) {
    const ordinal = store.ordinalsOfTenant(tenantId)[0]
    if (ordinal !== undefined) return companyNameOf(store.at(ordinal))
  }
  return ''
}

function tenantOf(subject: string): string {
  const tenantId = parseGuid(subject)
  if (tenantId === undefined) throw new BadRequest(`"${subject}" is not a tenant id.`)
  return tenantId
}
