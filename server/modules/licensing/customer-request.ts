import type { WireLicenseAsked } from '../../../contract/licenses.ts'
import type { FieldError } from '../../kernel/errors.ts'
import { isGuid } from '../../kernel/ids.ts'
import { foldFqdn } from '../sbcs/index.ts'
import { fieldOfVariable, isTrunkVariable, variableFlaws } from './given-variables.ts'

type IdOrText = number | string | null
type SiteLocation = {
  siteLocationName?: string | null
  sbcId?: IdOrText
  sbcOnboardingScript?: IdOrText
  sbcCleanupScript?: IdOrText
  sbcOcUploadNumberScript?: IdOrText
  sbcOcReleaseNumberScript?: IdOrText
}

/** A body of the documented creation, every name of it. Source: rest-api.md C1, C2, X29. */
export type CustomerBody = {
  configurationName?: string
  customerShortName?: string | null
  shortName?: string | null
  customerFullName?: string | null
  fullName?: string | null
  CustomerFulName?: string | null
  msTenantID?: string | null
  ovocCustomerType?: string | null
  lcCustomerId?: IdOrText
  channelId?: IdOrText
  siteLocation?: SiteLocation | null
  scriptParameters?: Record<string, unknown> | null
}

export type CustomerRequest =
  | {
      ok: true
      target: string
      channelId: number | null
      /** With the device 0 where none is named: it is the one of the trunk, or the only one. */
      asked: WireLicenseAsked
      /** FQDN of Microsoft's trunk. */
      gateway: string | null
    }
  | { ok: false; flaws: FieldError[] }

const KINDS = { ocessential_tenant_type: 'tenant', ocessential_ipgroup_type: 'ip-group' } as const
const TYPES = { tenant_type: 'tenant', ipgroup_type: 'ip-group' } as const
/** Reads it into our own terms; each flaw under the documented name. Pure. */
export function readCustomerBody(body: CustomerBody): CustomerRequest {
  const flaws: FieldError[] = []
  const flaw = (field: string, detail: string) => flaws.push({ pointer: `/body/${field}`, detail })
  const kind = kindOf(body, flaw)
  const shortName = oneOf(body, ['customerShortName', 'shortName'], flaw)
  const fullName = oneOf(body, ['customerFullName', 'fullName', 'CustomerFulName'], flaw)
  const target =
    body.msTenantID
      ?.trim()
      .replace(/^\{(.*)\}$/, '$1')
      .toLowerCase() ?? ''
  if (shortName === null) flaw('customerShortName', 'Missing: give customerShortName.')
  if (target === '') flaw('msTenantID', "Missing: give msTenantID, the customer's tenant id.")
  else if (!isGuid(target)) flaw('msTenantID', 'Must be a GUID such as f94238e5-4f2c-4e1b-8125-2d27122ca75f.')
  const lcCustomerId = readId(body.lcCustomerId, 'lcCustomerId', flaw)
  const channelId = readId(body.channelId, 'channelId', flaw)
  const advanced = readAdvanced(body, kind, flaw)
  if (flaws.length > 0) return { ok: false, flaws }
  const asked: WireLicenseAsked = {
    shortName: shortName ?? '',
    ...(fullName !== null && { fullName }),
    ...(lcCustomerId !== null && { lcCustomerId }),
    ...(advanced && { advanced }),
  }
  return { ok: true, target, channelId, asked, gateway: gatewayOf(body.scriptParameters ?? {}) }
}

type Flaw = (field: string, detail: string) => void

function kindOf(body: CustomerBody, flaw: Flaw): 'tenant' | 'ip-group' | null {
  const name = body.configurationName?.trim().toLowerCase() ?? ''
  const kind = KINDS[name as keyof typeof KINDS] ?? null
  if (kind === null) {
    const known = 'OcEssential_TENANT_TYPE or OcEssential_IPGROUP_TYPE'
    flaw('configurationName', name === '' ? `Missing: give ${known}.` : `Not known: give ${known}.`)
  }
  const type = body.ovocCustomerType?.trim().toLowerCase()
  if (type && kind !== null && TYPES[type as keyof typeof TYPES] !== kind) {
    flaw('ovocCustomerType', 'Does not agree with configurationName: leave it out.')
  }
  return kind
}

/** The value of whichever name was used; several have to agree. */
function oneOf<K extends 'customerShortName' | 'shortName' | 'customerFullName' | 'fullName' | 'CustomerFulName'>(
  body: CustomerBody,
  names: K[],
  flaw: Flaw,
): string | null {
  const given = names.flatMap((name) => (body[name] == null ? [] : [{ name, value: body[name] as string }]))
  const [first, ...others] = given
  for (const { name, value } of others) {
    if (value !== first?.value) flaw(name, `Does not agree with ${first?.name}: give one of them.`)
  }
  return first?.value ?? null
}

function readAdvanced(
  body: CustomerBody,
  kind: 'tenant' | 'ip-group' | null,
  flaw: Flaw,
): WireLicenseAsked['advanced'] {
  const site = body.siteLocation ?? null
  const id = (name: keyof SiteLocation) => readId(site?.[name] as IdOrText | undefined, `siteLocation/${name}`, flaw)
  const sbcId = id('sbcId')
  if (sbcId === null && kind !== 'ip-group') {
    if (site) flaw('siteLocation/sbcId', 'Missing: give the SBC, or leave siteLocation out.')
    return null
  }
  const scripts = {
    onboardingScript: id('sbcOnboardingScript'),
    cleanupScript: id('sbcCleanupScript'),
    addNumbersScript: id('sbcOcUploadNumberScript'),
    removeNumbersScript: id('sbcOcReleaseNumberScript'),
  }
  return {
    sbcId: sbcId ?? 0,
    model: kind ?? 'tenant',
    ...scripts,
    connectionName: site?.siteLocationName ?? null,
    ...readParameters(body.scriptParameters ?? {}, flaw),
  }
}

type Parameters = Partial<Record<NonNullable<ReturnType<typeof fieldOfVariable>>, string>> & {
  variables?: Record<string, string>
}

/** Names without regard to letter case and blanks; what we have no field for is a variable of the script. */
export function readParameters(parameters: Record<string, unknown>, flaw: Flaw): Parameters {
  const read: Parameters = {}
  const variables: Record<string, string> = {}
  for (const [name, value] of Object.entries(parameters)) {
    const folded = name.replace(/\s/g, '').toLowerCase()
    // Read by `gatewayOf`.
    if (folded === 'onlinepstngateway' || value === null) continue
    const isFlat = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    if (!isFlat) {
      flaw('scriptParameters', 'Values must be texts or numbers.')
      continue
    }
    const variable = name.replace(/^CustomVar\./i, '')
    // The original writes it with an l.
    const field = folded === 'carriermailline' ? 'carrierMainLine' : fieldOfVariable(variable)
    if (field) read[field] = String(value)
    else variables[variable] = String(value)
  }
  for (const { name, detail } of variableFlaws(variables)) flaw(`scriptParameters/${name}`, detail)
  return Object.keys(variables).length === 0 ? read : { ...read, variables }
}

/** Microsoft's trunk, by its FQDN; null where none is named. Source: rest-api.md C2, S2. */
export function gatewayOf(parameters: Record<string, unknown>): string | null {
  const [, value] = Object.entries(parameters).find(([name]) => isTrunkVariable(name)) ?? []
  return typeof value === 'string' && value.trim() !== '' ? foldFqdn(value) : null
}

/** An id as documented callers write it; 0 and the empty text are none. */
export function readId(value: IdOrText | undefined, field: string, flaw: Flaw): number | null {
  if (value == null || value === 0) return null
  const text = String(value).trim()
  if (text === '' || text === '0') return null
  if (/^\d{1,10}$/.test(text) && Number(text) <= 2_147_483_647) return Number(text)
  flaw(field, 'Must be a whole number.')
  return null
}
