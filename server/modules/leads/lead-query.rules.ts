import type { EndpointInput } from '../../../contract/endpoint.ts'
import {
  type exportLeads,
  LEAD_IDS_MAX,
  type LeadSort,
  type listDeskLeads,
  type listLeads,
  PAGE_SIZE_DEFAULT,
  PAGE_SIZE_DEFAULT_ONE_TENANT,
} from '../../../contract/leads.ts'
import { badRequest, type FieldError } from '../../kernel/errors.ts'
import { isGuid } from '../../kernel/ids.ts'
import { parseInstant } from '../../kernel/instant.ts'
import type { Principal } from '../../kernel/principal.ts'
import { foldSearch, foldStatus } from './lead.rules.ts'

/** Which leads, in what order, from where. Texts are as the caller sent them, already checked. */
export type LeadQuery = {
  leadId?: string
  /** These, and of what matches not these. */
  leadIds?: string[]
  exceptLeadIds?: string[]
  tenantId?: string
  statuses?: string[]
  countries?: string[]
  licenses?: string[]
  processings?: string[]
  licensed?: boolean
  channelId?: number
  isDirectLead?: boolean
  /** Removed leads that were archived; left out: with the others. */
  archived?: 'hide' | 'only'
  /** The id of a person, or nobody; `left`: nobody, since the owner has left. */
  owner?: string
  overdue?: boolean
  modifiedSince?: string
  modifiedBefore?: string
  consentedSince?: string
  consentedBefore?: string
  /** Already folded (`foldSearch`); matched as a substring. */
  search?: string
  /** `tenant`: the newest consented lead first, then the direct one (design/decisions.md, Lead key). */
  sort: LeadSort | 'tenant'
  offset: number
  limit: number
  after: LeadPosition | null
}

/** Where a page ended: the sort key as text and the arrival that breaks ties. */
export type LeadPosition = { key: string; arrival: number }

type ListInput = EndpointInput<typeof listLeads>['query']
type DeskInput = EndpointInput<typeof listDeskLeads>['query']
type ExportInput = EndpointInput<typeof exportLeads>['query']
type Filters = Pick<
  ListInput,
  | 'status'
  | 'country'
  | 'channelId'
  | 'isDirectLead'
  | 'modifiedSince'
  | 'modifiedBefore'
  | 'consentedSince'
  | 'consentedBefore'
  | 'q'
>

const DESK_PAGE_SIZE = 50
const WORD = /^[\p{L}\p{N} _-]{1,60}$/u
/** Words of our own: another one is a slip, and an empty answer would hide it. */
const LICENSES = ['none', 'OC Essential', 'OC Essentials Plus', 'OC Pro']
const PROCESSINGS = ['Updating', 'Success', 'Failed']
const COUNTRY = /^[A-Za-z][A-Za-z0-9-]{0,9}$/

/** The documented list's query, checked; page 0 and 1 are the first (rest-api.md X1), sizes as X2. Without the cursor. */
export function readListQuery(query: ListInput): LeadQuery {
  const errors: FieldError[] = []
  const tenantId = readTenantId(query.msTenantId, 'msTenantId', errors)
  const limit = query.PageSize ?? (tenantId === undefined ? PAGE_SIZE_DEFAULT : PAGE_SIZE_DEFAULT_ONE_TENANT)
  const page = Math.max(query.PageNumber ?? 1, 1)
  if (query.cursor !== undefined && query.PageNumber !== undefined) {
    errors.push({ pointer: '/query/cursor', detail: 'Give either PageNumber or cursor, not both.' })
  }
  const filters = readFilters(query, errors)
  refuse(errors)
  const sort = query.sort ?? (tenantId === undefined ? 'arrival' : 'tenant')
  return { ...given({ tenantId }), ...filters, sort, offset: (page - 1) * limit, limit, after: null }
}

type Asker = Pick<Principal, 'kind' | 'id'>

/** The desk's query, checked; without the cursor. `asker` is whom `owner=me` means: it must be known before anything is kept. */
export function readDeskQuery(query: DeskInput, asker?: Asker): LeadQuery {
  const errors: FieldError[] = []
  const tenantId = readTenantId(query.tenantId, 'tenantId', errors)
  const licenses = readChoices(query.license, 'license', LICENSES, errors)
  const processings = readChoices(query.processing, 'processing', PROCESSINGS, errors)
  const owner = readOwner(query.owner, asker, errors)
  const leadIds = readLeadIds(query.leadIds, errors)
  const filters = readFilters(query, errors)
  refuse(errors)
  return {
    ...given({ owner, overdue: query.overdue === true ? true : undefined }),
    ...given({
      leadIds,
      tenantId,
      licenses,
      processings,
      licensed: query.licensed,
      archived: archivedOf(query.archived),
    }),
    ...filters,
    sort: query.sort ?? '-consentedOn',
    offset: 0,
    limit: query.pageSize ?? DESK_PAGE_SIZE,
    after: null,
  }
}

/** The export's query, checked: all that matches, in the desk's order. */
export function readExportQuery({ leadId, ...query }: ExportInput, asker?: Asker): LeadQuery {
  return { ...given({ leadId }), ...readDeskQuery(query, asker) }
}

/** Whoever is no person owns nothing: of the nil id there is none. */
const NOBODYS = '00000000-0000-0000-0000-000000000000'

function readOwner(text: string | undefined, asker: Asker | undefined, errors: FieldError[]): string | undefined {
  const owner = text?.trim().toLowerCase()
  if (owner === undefined || owner === 'none' || owner === 'left' || isGuid(owner)) return owner
  if (owner === 'me') return asker?.kind === 'person' ? asker.id : NOBODYS
  errors.push({ pointer: '/query/owner', detail: 'Must be me, none, left, or the id of a person.' })
  return undefined
}

function archivedOf(asked: DeskInput['archived'] = 'hide'): LeadQuery['archived'] {
  return asked === 'include' ? undefined : asked
}

function readFilters(query: Filters, errors: FieldError[]): Partial<LeadQuery> {
  const search = query.q === undefined ? undefined : foldSearch(query.q).trim()
  return given({
    statuses: readWords(query.status, 'status', WORD, errors)?.map(foldStatus),
    countries: readWords(query.country, 'country', COUNTRY, errors)?.map((country) => country.toUpperCase()),
    channelId: query.channelId,
    isDirectLead: query.isDirectLead,
    modifiedSince: readInstant(query.modifiedSince, 'modifiedSince', errors),
    modifiedBefore: readInstant(query.modifiedBefore, 'modifiedBefore', errors),
    consentedSince: readInstant(query.consentedSince, 'consentedSince', errors),
    consentedBefore: readInstant(query.consentedBefore, 'consentedBefore', errors),
    search: search === '' ? undefined : search,
  })
}

function readTenantId(text: string | undefined, name: string, errors: FieldError[]): string | undefined {
  const id = text?.trim().toLowerCase()
  if (id === undefined || isGuid(id)) return id
  errors.push({
    pointer: `/query/${name}`,
    detail: 'Must be a tenant id: a GUID such as f94238e5-4f2c-4e1b-8125-2d27122ca75f, without braces.',
  })
  return undefined
}

function readLeadIds(text: string | undefined, errors: FieldError[]): string[] | undefined {
  const ids = text?.split(',').map((part) => part.trim().toLowerCase())
  if (ids === undefined || (ids.length <= LEAD_IDS_MAX && ids.every(isGuid))) return ids
  errors.push({
    pointer: '/query/leadIds',
    detail: `Must be the id of a lead, or up to ${LEAD_IDS_MAX} of them separated by commas.`,
  })
  return undefined
}

function readWords(text: string | undefined, name: string, word: RegExp, errors: FieldError[]): string[] | undefined {
  const words = text?.split(',').map((part) => part.trim())
  if (words === undefined || words.every((part) => word.test(part))) return words
  errors.push({
    pointer: `/query/${name}`,
    detail: 'Must be one value, or several separated by commas, none of them empty.',
  })
  return undefined
}

function readChoices(
  text: string | undefined,
  name: string,
  choices: string[],
  errors: FieldError[],
): string[] | undefined {
  const words = text?.split(',').map((part) => part.trim())
  if (words === undefined || words.every((part) => choices.includes(part))) return words
  errors.push({
    pointer: `/query/${name}`,
    detail: `Must be one of, or several separated by commas: ${choices.join(', ')}.`,
  })
  return undefined
}

function readInstant(text: string | undefined, name: string, errors: FieldError[]): string | undefined {
  const instant = text === undefined ? undefined : parseInstant(text)
  if (instant !== null) return instant?.toISOString()
  errors.push({
    pointer: `/query/${name}`,
    detail: 'Must be a date or an instant in ISO 8601, such as 2026-03-01 or 2026-03-01T08:30:00Z.',
  })
  return undefined
}

function refuse(errors: FieldError[]): void {
  if (errors.length > 0) throw badRequest(errors)
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>
}
