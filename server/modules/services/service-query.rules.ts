import {
  type ConnectionModel,
  deploymentStates,
  healthStates,
  SERVICES_PAGE_SIZE_DEFAULT,
  type ServiceSort,
  serviceLicenses,
  serviceStates,
} from '../../../contract/services.ts'
import { badRequest, type FieldError } from '../../kernel/errors.ts'
import { isGuid } from '../../kernel/ids.ts'

/** Where a page ended: the last one's key in the order, and its arrival. */
export type ServicePosition = { key: string; arrival: number }

/** A list of services, checked: what it holds, in which order, and which part of it. */
export type ServiceQuery = {
  search?: string
  states?: string[]
  licenses?: string[]
  deployments?: string[]
  healths?: string[]
  model?: ConnectionModel
  /** 0: of none. */
  channelId?: number
  lcCustomerId?: number
  tenantId?: string
  leadId?: string
  /** Not those whose license is still being applied: as the documented API knows them. */
  licensedOnly?: boolean
  sort: ServiceSort
  offset: number
  /** Null: all of them. */
  limit: number | null
  after: ServicePosition | null
}

type ListInput = {
  q?: string
  state?: string
  license?: string
  deployment?: string
  health?: string
  model?: ConnectionModel
  channelId?: number
  lcCustomerId?: number
  tenantId?: string
  leadId?: string
  sort?: ServiceSort
  cursor?: string
  pageSize?: number
}

/** The query of the portal's list, without its cursor. 400 naming what cannot be used. */
export function readServiceQuery(input: ListInput): ServiceQuery {
  const errors: FieldError[] = []
  const choices = (name: 'state' | 'license' | 'deployment' | 'health', known: readonly string[]) =>
    readChoices(input[name], name, known, errors)
  const states = choices('state', [...serviceStates, 'Barred'])
  const licenses = choices('license', serviceLicenses)
  const deployments = choices('deployment', deploymentStates)
  const healths = choices('health', healthStates)
  const tenantId = readTenantId(input.tenantId, 'tenantId', errors)
  if (errors.length > 0) throw badRequest(errors)
  return {
    ...given({ search: readSearch(input.q), states, licenses, deployments, healths, tenantId }),
    ...given({
      model: input.model,
      channelId: input.channelId,
      lcCustomerId: input.lcCustomerId,
      leadId: input.leadId,
    }),
    sort: input.sort ?? 'arrival',
    offset: 0,
    limit: input.pageSize ?? SERVICES_PAGE_SIZE_DEFAULT,
    after: null,
  }
}

type DocumentedInput = {
  PageNumber?: number
  PageSize?: number
  q?: string
  msTenantId?: string
  licenseType?: number
  ovocChannelId?: number
}

/** The query of the documented lists; without a page size all of them. */
export function readCustomerQuery(input: DocumentedInput, licenseOf: (number: number) => string | null): ServiceQuery {
  const errors: FieldError[] = []
  const tenantId = readTenantId(input.msTenantId, 'msTenantId', errors)
  if (errors.length > 0) throw badRequest(errors)
  const limit = input.PageSize ?? null
  // A license that Operator Connect has not is one that nobody has.
  const licenses = input.licenseType === undefined ? undefined : [licenseOf(input.licenseType) ?? '']
  return {
    ...given({ search: readSearch(input.q), tenantId, licenses, channelId: input.ovocChannelId }),
    licensedOnly: true,
    sort: 'arrival',
    offset: limit === null ? 0 : (Math.max(input.PageNumber ?? 1, 1) - 1) * limit,
    limit,
    after: null,
  }
}

/** Whether anything but paging and order narrows the list. */
export function isFiltered(query: ServiceQuery): boolean {
  const { sort: _sort, offset: _offset, limit: _limit, after: _after, ...filters } = query
  return Object.values(filters).some((value) => value !== undefined)
}

function readSearch(text: string | undefined): string | undefined {
  const search = text?.normalize('NFC').toLowerCase().trim()
  return search === '' ? undefined : search
}

function readChoices(
  text: string | undefined,
  name: string,
  known: readonly string[],
  errors: FieldError[],
): string[] | undefined {
  const words = text?.split(',').map((part) => part.trim())
  if (words === undefined || words.every((part) => known.includes(part))) return words
  const detail = `Must be one of, or several separated by commas: ${known.join(', ')}.`
  errors.push({ pointer: `/query/${name}`, detail })
  return undefined
}

function readTenantId(text: string | undefined, name: string, errors: FieldError[]): string | undefined {
  const id = text?.trim().toLowerCase()
  if (id === undefined || isGuid(id)) return id
  const detail = 'Must be a tenant id: a GUID such as f94238e5-4f2c-4e1b-8125-2d27122ca75f, without braces.'
  errors.push({ pointer: `/query/${name}`, detail })
  return undefined
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>
}
