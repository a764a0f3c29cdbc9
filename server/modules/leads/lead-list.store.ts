import type { Readable } from 'node:stream'
import type { Principal } from '../../kernel/principal.ts'
import { type Reader, type Settings, settingOf } from '../../platform/db/reader.ts'
import { phoneDigitsOf } from './lead.rules.ts'
import type { LeadPosition, LeadQuery } from './lead-query.rules.ts'
import { searchKey } from './search-key.rules.ts'

/** What there is in a scope: a version that changes with every change of its leads, and how many there are. */
export type ScopeState = {
  version: number
  total: number
  /** Arrival numbers go from 1 to the total: until a lead is deleted a place in the list is an arrival number. */
  gapless: boolean
  unaddressedDirect: boolean
  /** Some leads are archived; until then nobody need look for them. */
  archived: boolean
}

/** Null: of owners whose names are not the reader's to know, or of nobody. */
export type DutyCount = { ownerId: string | null; leads: number; left: number; overdue: number }

type ListFacet = 'status' | 'license' | 'processing' | 'isDirectLead' | 'country'

/** `total` of everything that matches, where it was counted along with the page. */
export type LeadPage = { count: number; last: LeadPosition | null; total?: number }

const SORT_KEYS: Record<string, { column: string; type: string }> = {
  arrival: { column: 'arrival', type: 'integer' },
  consentedOn: { column: 'consented_at', type: 'timestamptz' },
  lastModifiedOn: { column: 'modified_at', type: 'timestamptz' },
  companyName: { column: 'company_name', type: 'text' },
  companySize: { column: 'company_size', type: 'integer' },
}

/** Leads whose texts go into one row of a stream: some 70 KB. */
const PIECE_LEADS = 50
/** The setting that holds a streamed page's arrival numbers. */
const CHOSEN = 'f_chosen'

const UNADDRESSED = `is_direct and status <> 'Removed' and coalesce(civic_addresses, '[]') = '[]'`
/** One that came back is archived no longer. */
const ARCHIVED = `archived_at is not null and status = 'Removed'`
/** A direct lead is asked about again after a failure or an empty answer, but not at every reading. */
const ASK_AGAIN = `coalesce(addresses_failed_at, addresses_asked_at, '-infinity') < now() - interval '10 minutes'`

/** Reads of leads for lists: the page leaves the database as JSON text and is not parsed on the way. */
export function leadListStore(reader: Reader, principal: Principal) {
  const operatorId = principal.operatorId ?? 0
  // Row security says the channel too, but in a form that no index can be walked by.
  const inChannel = principal.channelId === null ? '' : ` and channel_id = ${Math.trunc(principal.channelId)}`
  const inOperator = `operator_id = ${operatorId}${inChannel}`

  const stateSql = `
    select s.version, s.total, s.total = s.last_arrival as gapless,
      exists (select from lead where ${inOperator} and ${UNADDRESSED} and ${ASK_AGAIN}) as unaddressed,
      exists (select from lead where ${inOperator} and archived_at is not null) as archived
    from (select 1) one left join lead_scope s on s.operator_id = ${operatorId} and s.channel_id = ${principal.channelId ?? 0}`

  return {
    async state(): Promise<ScopeState> {
      const [rows] = await reader.read(principal, [stateSql])
      const row = rows?.[0]
      return {
        version: row?.version ?? 0,
        total: row?.total ?? 0,
        gapless: row?.gapless ?? false,
        unaddressedDirect: row?.unaddressed ?? false,
        archived: row?.archived ?? false,
      }
    },

    async count(query: LeadQuery): Promise<number> {
      const [rows] = await reader.read(
        principal,
        [`select count(*)::int as count from lead ${where(query, 'all')}`],
        settings(query),
      )
      return rows?.[0]?.count ?? 0
    },

    /** A page as one JSON array, for pages up to about 1,000 leads. `state` as it was read just now. */
    async page(query: LeadQuery, state: ScopeState, counted = false): Promise<LeadPage & { json: Buffer }> {
      const { page, statements, inOne } = pageOf(query, state, counted)
      const { results, bytes } = await reader.bytes(principal, statements, inOne, settings(query))
      return { json: bytes, ...(page ?? positionOf(results[0]?.[0])) }
    },

    /** A large page as a stream of `,`-led JSON texts; where it ends is known before it begins. */
    async stream(query: LeadQuery, state: ScopeState): Promise<LeadPage & { rows: Readable }> {
      const { page, statements, inPieces } = pageOf(query, state, false)
      const { results, rows } = await reader.stream(principal, statements, inPieces, settings(query))
      return { rows, ...(page ?? positionOf(results[0]?.[0])) }
    },

    /** Everything that matches as lines of CSV (leadCsvColumns), made by the database, and how many they are: of one snapshot. */
    async csv(query: LeadQuery): Promise<{ total: number; lines: Readable }> {
      const [found] = await reader.read(principal, [
        `select exists (select from lead_reference where ${inOperator}) as references,
           exists (select from lead_duty where ${inOperator}) as duties`,
      ])
      // Looked for lead by lead, so that the order stays; where there are none at all, nobody looks.
      const references = found?.[0]?.references ? REFERENCE_CELLS : `'${NO_REFERENCE_CELLS}'`
      const duties = found?.[0]?.duties ? dutyCells(principal) : `'${NO_DUTY_CELLS}'`
      const sql = `
        select contact_cells || ',' || ${[...CSV_CELLS, references, duties].join(` || ',' || `)} || e'\\r\\n'
        from (select * from lead ${where(query)} order by ${orderOf(query).inTable}) l`
      const count = isFiltered(query)
        ? `select count(*)::int as total from lead ${where(query)}`
        : `select total from lead_scope where operator_id = ${operatorId} and channel_id = ${principal.channelId ?? 0}`
      const { results, rows } = await reader.stream(principal, [count], sql, settings(query))
      return { total: results[0]?.[0]?.total ?? 0, lines: rows }
    },

    /** Tenants of direct leads on the page that have no addresses and were not asked about lately. */
    async unaddressedTenants(query: LeadQuery, limit: number): Promise<string[]> {
      const sql = `
        select distinct tenant_id from (
          select tenant_id, ${UNADDRESSED} and ${ASK_AGAIN} as due from lead ${window(query)}
        ) page where due limit ${limit}`
      const [rows] = await reader.read(principal, [sql], settings(query))
      return (rows ?? []).map((row) => row.tenant_id)
    },

    /** The columns of a page for the desk, and where it ends. */
    async rows(query: LeadQuery, counted = false): Promise<Omit<LeadPage, 'count'> & { rows: DeskRow[] }> {
      const order = orderOf(query)
      // Chosen first, by an index that holds all it takes: only leads of the page are read.
      const sql = `with ${chosenPage(query, counted)}
        select l.*, ${keyText(order)} as last_key, l.arrival as last_arrival, c.name as channel_name, ${dutyColumns(principal)}
          ${counted ? ', (select count(*)::int from matching) as total' : ''}
        from page join (select ${DESK_COLUMNS.join(', ')} from lead where ${inOperator}) l on l.arrival = page.a
        left join channel c on c.operator_id = ${operatorId} and c.channel_id = l.channel_id
        left join lead_duty d on d.operator_id = ${operatorId} and d.lead_id = l.lead_id
        order by ${order.inPage}`
      const [rows = []] = await reader.read(principal, [sql], settings(query))
      const { last } = positionOf(rows.at(-1))
      return { rows: rows as DeskRow[], last, ...(counted ? { total: rows[0]?.total ?? 0 } : {}) }
    },

    async one(leadId: string): Promise<DeskRow | null> {
      const sql = `
        select l.*, c.name as channel_name, r.crm_id, r.order_id, r.billing_account, ${dutyColumns(principal)} from (
          select ${DESK_COLUMNS.join(', ')}, civic_addresses from lead
          where ${inOperator} and lead_id = ${settingOf('f_lead')}::uuid
        ) l left join channel c on c.operator_id = ${operatorId} and c.channel_id = l.channel_id
        left join lead_reference r on r.operator_id = ${operatorId} and r.lead_id = l.lead_id
        left join lead_duty d on d.operator_id = ${operatorId} and d.lead_id = l.lead_id`
      const [rows] = await reader.read(principal, [sql], { f_lead: leadId })
      return (rows?.[0] as DeskRow | undefined) ?? null
    },

    /** Ids and names of everything that matches, in order of arrival, up to `limit`. */
    async chosen(query: LeadQuery, limit: number): Promise<{ lead_id: string; company_name: string }[]> {
      const sql = `select lead_id, company_name from lead ${where(query)} order by arrival limit ${Math.trunc(limit)}`
      const [rows = []] = await reader.read(principal, [sql], settings(query))
      return rows as { lead_id: string; company_name: string }[]
    },

    /** Of everything that matches: leads of each owner, those that were left, and overdue ones. */
    async duties(query: LeadQuery): Promise<DutyCount[]> {
      // Few leads have an owner or a due date, so these are looked up, not the others.
      const sql = `
        select case when ${seesOwner(principal)} then owner_id end as "ownerId", count(owner_id)::int as leads,
          count(left_name)::int as left, count(*) filter (where ${OVERDUE})::int as overdue
        from lead_duty d where operator_id = ${operatorId} and arrival in (select arrival from lead ${where(query, 'all')}) group by 1`
      const [rows = []] = await reader.read(principal, [sql], settings(query))
      return rows as DutyCount[]
    },

    /** Counts of everything that matches, by each facet. */
    async facets(query: LeadQuery): Promise<{ facet: ListFacet; value: string; count: number }[]> {
      const sql = `
        with matching as materialized (
          -- Few combinations, whatever the number of leads: each facet is then summed from them.
          select status, coalesce(license, 'none') as license, processing, is_direct, countries, count(*) as leads
          from lead ${where(query, 'all')} group by 1, 2, 3, 4, 5
        )
        select 'status' as facet, status as value, sum(leads)::int as count from matching group by 2
        union all select 'license', license, sum(leads)::int from matching group by 2
        union all select 'processing', processing, sum(leads)::int from matching where processing is not null group by 2
        union all select 'isDirectLead', is_direct::text, sum(leads)::int from matching group by 2
        union all select 'country', country, sum(leads)::int from matching, unnest(countries) country group by 2
        order by 1, 3 desc, 2`
      const [rows] = await reader.read(principal, [sql], settings(query))
      return (rows ?? []) as { facet: ListFacet; value: string; count: number }[]
    },
  }

  /** `all`: every lead that matches is looked at, and not the first of an order. */
  function where(query: LeadQuery, extent: 'page' | 'all' = 'page'): string {
    const rules = [inOperator]
    if (query.leadId !== undefined) rules.push(`lead_id = ${settingOf('f_lead')}::uuid`)
    if (query.leadIds) rules.push(`lead_id = any(string_to_array(${settingOf('f_leads')}, ',')::uuid[])`)
    if (query.exceptLeadIds) {
      rules.push(`lead_id <> all(string_to_array(${settingOf('f_except')}, ',')::uuid[])`)
    }
    if (query.tenantId !== undefined) rules.push(`tenant_id = ${settingOf('f_tenant')}::uuid`)
    if (query.statuses) {
      rules.push(`lower(translate(status, ' _-', '')) = any(string_to_array(${settingOf('f_status')}, ','))`)
    }
    if (query.countries) rules.push(`countries && string_to_array(${settingOf('f_country')}, ',')`)
    if (query.licenses) {
      rules.push(`coalesce(license, 'none') = any(string_to_array(${settingOf('f_license')}, ','))`)
    }
    if (query.processings) rules.push(`processing = any(string_to_array(${settingOf('f_processing')}, ','))`)
    if (query.licensed !== undefined) rules.push(`ump_customer_guid is ${query.licensed ? 'not null' : 'null'}`)
    if (query.channelId !== undefined) {
      rules.push(query.channelId === 0 ? 'channel_id is null' : `channel_id = ${Math.trunc(query.channelId)}`)
    }
    if (query.archived !== undefined)
      rules.push(query.archived === 'only' ? ARCHIVED : `not coalesce(${ARCHIVED}, false)`)
    if (query.owner !== undefined) rules.push(ownerRule(query.owner, extent))
    if (query.overdue) rules.push(inDuties(OVERDUE, extent))
    if (query.isDirectLead !== undefined) rules.push(query.isDirectLead ? 'is_direct' : 'not is_direct')
    if (query.modifiedSince !== undefined) rules.push(`modified_at >= ${settingOf('f_modified')}::timestamptz`)
    if (query.consentedSince !== undefined) rules.push(`consented_at >= ${settingOf('f_consented')}::timestamptz`)
    if (query.modifiedBefore !== undefined) rules.push(`modified_at < ${settingOf('f_modified_before')}::timestamptz`)
    if (query.consentedBefore !== undefined)
      rules.push(`consented_at < ${settingOf('f_consented_before')}::timestamptz`)
    // As an array: the index is then walked once in its order, not searched anew for each lead.
    if (query.search !== undefined) rules.push(`arrival = any(array(${found(query)}))`)
    return `where ${rules.join(' and ')}`
  }

  /**
   * Joined by arrival: both sides then come from an index that leaves the leads' texts alone. Where all are looked at, as
   * an array: one walk of the index then finds them all, in half the time.
   */
  function inDuties(rule: string, extent: 'page' | 'all'): string {
    const duties = `from lead_duty d where d.operator_id = ${operatorId}`
    if (extent === 'all') return `arrival = any(array(select d.arrival ${duties} and ${rule}))`
    return `exists (select ${duties} and d.arrival = lead.arrival and ${rule})`
  }

  function ownerRule(owner: string, extent: 'page' | 'all'): string {
    if (owner === 'none') return `not ${inDuties('d.owner_id is not null', 'page')}`
    if (owner === 'left') return inDuties(`d.left_name is not null and ${seesOwner(principal)}`, extent)
    return inDuties(`d.owner_id = ${settingOf('f_owner')}::uuid and ${seesOwner(principal)}`, extent)
  }

  /**
   * How a page is read: `inOne` row that is a JSON array, or `inPieces` of some leads each (each row costs a message), after
   * the statements. Where arrival numbers have no gaps, a page in their order is a range of them, and `page` says where it
   * ends; else its arrival numbers are chosen first, and all that match are counted then if that is wanted.
   */
  function pageOf(query: LeadQuery, state: ScopeState, counted: boolean): PageReading {
    if (state.gapless && isPlainArrival(query)) {
      const from = Math.trunc(query.after?.arrival ?? query.offset)
      const to = Math.max(from, Math.min(from + Math.trunc(query.limit), state.total))
      const texts = (what: string, after: string, upTo: string) =>
        `select ${what} from lead where ${inOperator} and arrival > ${after} and arrival <= ${upTo}`
      const piece = texts(joined('body', 'arrival', ','), 'lo', `least(lo + ${PIECE_LEADS}, ${to})`)
      return {
        page: { count: to - from, last: to > from ? { key: String(to), arrival: to } : null },
        statements: [],
        inOne: texts(asArray(joined('body', 'arrival')), `${from}`, `${to}`),
        inPieces: `select (${piece}) from generate_series(${from}, ${to - 1}, ${PIECE_LEADS}) lo`,
      }
    }
    const order = orderOf(query)
    const choose = `with ${chosenPage(query, counted)}
      select ${endOf(order)}, ${counted ? '(select count(*)::int from matching) as total,' : ''} length(set_config('leadline.${CHOSEN}', coalesce(
        (select array_agg(a order by ${order.inPage}) from page), '{}')::text, true))`
    const chosen = `with page as materialized (select ${settingOf(CHOSEN)}::integer[] as arrivals)`
    const texts = (
      what: string,
      arrivals: string,
    ) => `(select ${what} from unnest(${arrivals}) with ordinality chosen (arrival, place)
      join lead l on l.operator_id = ${operatorId} and l.arrival = chosen.arrival)`
    const piece = texts(joined('l.body', 'chosen.place', ','), `arrivals[lo:lo + ${PIECE_LEADS - 1}]`)
    return {
      page: null,
      statements: [choose],
      inOne: `${chosen} select ${texts(asArray(joined('l.body', 'chosen.place')), 'arrivals')} from page`,
      inPieces: `${chosen} select ${piece} from page, generate_series(1, cardinality(arrivals), ${PIECE_LEADS}) lo`,
    }
  }

  /** Order and arrival numbers of a page as `page`; `counted`, and without a cursor, of everything that matches as `matching`. */
  function chosenPage(query: LeadQuery, counted: boolean): string {
    const order = orderOf(query)
    if (!counted) return `page as materialized (select ${order.columns} from lead ${window(query)})`
    const extent = `limit ${Math.trunc(query.limit)} offset ${Math.trunc(query.offset)}`
    // What a search finds is of the scope already: where nothing else is asked, the leads need not be looked at to count them.
    const { search: _search, ...others } = query
    const isSearchAlone = order.column === 'arrival' && !isFiltered(others)
    const matching = isSearchAlone
      ? `select distinct arrival as k, arrival as a from (${found(query)}) found (arrival)`
      : `select ${order.columns} from lead ${where(query)}`
    return `matching as materialized (${matching}),
      page as materialized (select * from matching order by ${order.inPage} ${extent})`
  }

  /** Filter, order and extent of a page. */
  function window(query: LeadQuery): string {
    const order = `order by ${orderOf(query).inTable} limit ${Math.trunc(query.limit)}`
    if (query.after) return `${where(query)} and ${afterRule(query)} ${order}`
    const offset = Math.trunc(query.offset)
    if (offset === 0) return `${where(query)} ${order}`
    if (!isPlainArrival(query)) return `${where(query)} ${order} offset ${offset}`
    // Arrival numbers have no gaps until a direct lead is deleted: then the page begins right after that many numbers.
    // Else the place is found in the index alone, without reading the leads that are skipped.
    return `${where(query)} and arrival > coalesce(
      (select ${offset} from lead_scope where ${inOperator} and channel_id = 0 and total = last_arrival),
      (select arrival from lead where ${inOperator} order by arrival offset ${offset - 1} limit 1), 2147483647) ${order}`
  }

  function isPlainArrival(query: LeadQuery): boolean {
    return principal.channelId === null && query.sort === 'arrival' && !isFiltered(query)
  }
}

/** Arrival numbers of what a search finds, in the scope of whoever asks; some of them twice. */
const FOUND = `
  select leads_matching(${settingOf('f_search')}) union all select leads_with_reference(${settingOf('f_search')})
  union all select leads_in_channels_named(${settingOf('f_name')}) union all select leads_with_service(${settingOf('f_name')})`
/** Numbers are typed with other blanks and signs than they are stored with. */
const FOUND_BY_PHONE = ` union all select leads_matching(${settingOf('f_phone')})`

function found(query: LeadQuery): string {
  return phoneDigitsOf(query.search) === undefined ? FOUND : FOUND + FOUND_BY_PHONE
}

/** Whether anything but paging and order narrows the query. */
export function isFiltered(query: LeadQuery): boolean {
  const { sort: _sort, offset: _offset, limit: _limit, after: _after, ...filters } = query
  return Object.values(filters).some((value) => value !== undefined)
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`
/** What follows contact_cells in a line, one for each of the other leadCsvColumns; what cannot hold a quote is only put in. */
const CSV_CELLS = [
  'csv_cell(status)',
  quoted(`coalesce(license, '')`),
  quoted(`coalesce(processing, '')`),
  quoted('tenant_id'),
  quoted(`to_char(consented_at at time zone 'UTC', ${ISO})`),
  quoted(`to_char(modified_at at time zone 'UTC', ${ISO})`),
  `case when channel_id is null then '""' else csv_cell(
    (select c.name from channel c where c.operator_id = l.operator_id and c.channel_id = l.channel_id)) end`,
  `case when is_direct then '"yes"' else '"no"' end`,
  quoted(`coalesce(ump_customer_guid::text, '')`),
  quoted('lead_id'),
]

const NO_REFERENCE_CELLS = '"","",""'
const REFERENCE_CELLS = `coalesce((
  select csv_cell(r.crm_id) || ',' || csv_cell(r.order_id) || ',' || csv_cell(r.billing_account)
  from lead_reference r where r.operator_id = l.operator_id and r.lead_id = l.lead_id), '${NO_REFERENCE_CELLS}')`

const NO_DUTY_CELLS = '"",""'
function dutyCells(principal: Principal): string {
  return `coalesce((
    select csv_cell(case when d.owner_id is not null and ${seesOwner(principal)} then d.owner_name else '' end)
      || ',' || ${quoted(`coalesce(to_char(d.due_at at time zone 'UTC', ${ISO}), '')`)}
    from lead_duty d where d.operator_id = l.operator_id and d.lead_id = l.lead_id), '${NO_DUTY_CELLS}')`
}

function quoted(value: string): string {
  return `'"' || ${value} || '"'`
}

const OVERDUE = 'd.due_at <= now() and d.met_at is null'

/** A channel knows who owns its leads only where he is one of its own. */
function seesOwner({ channelId }: Principal): string {
  return channelId === null ? 'true' : `d.owner_channel_id = ${Math.trunc(channelId)}`
}

function dutyColumns(principal: Principal): string {
  const seen = seesOwner(principal)
  return `d.owned_since, d.due_at, d.met_at, case when ${seen} then d.owner_id end as owner_id,
    case when ${seen} then d.owner_name end as owner_name, case when ${seen} then d.left_name end as left_name,
    coalesce(${OVERDUE}, false) as overdue`
}

const DESK_COLUMNS = [
  'lead_id',
  'arrival',
  'tenant_id',
  'channel_id',
  'is_direct',
  'status',
  'company_name',
  'consented_at',
  'modified_at',
  'body',
  'extras',
  'ump_customer_guid',
  'license',
  'processing',
  'is_not_active',
  'missing_since',
  'archived_at',
  'first_seen_at',
  'changed_at',
  'addresses_asked_at',
  // Microsoft's words name the operator's own directory, which is not its channels' to know.
  `case when addresses_failure is null then null
     when coalesce(current_setting('leadline.channel_id', true), '') = '' then addresses_failure
     else 'Microsoft did not answer; your operator can see why.' end as addresses_failure`,
  'case when civic_addresses is null then null else json_array_length(civic_addresses::json) end as address_count',
  'case when comments is null then 0 else json_array_length(comments::json) end as comment_count',
]

/** A row of the desk: columns of the lead as they are stored, with the channel's name. */
export type DeskRow = {
  lead_id: string
  arrival: number
  tenant_id: string
  channel_id: number | null
  channel_name: string | null
  is_direct: boolean
  status: string
  body: string
  extras: string | null
  ump_customer_guid: string | null
  license: 'OC Essential' | 'OC Essentials Plus' | 'OC Pro' | null
  processing: 'Updating' | 'Success' | 'Failed' | null
  is_not_active: boolean | null
  missing_since: Date | null
  archived_at: Date | null
  first_seen_at: Date
  changed_at: Date
  addresses_asked_at: Date | null
  addresses_failure: string | null
  address_count: number | null
  comment_count: number
  owner_id: string | null
  owner_name: string | null
  /** Set wherever there is an owner, also one whose name is not the reader's to know. */
  owned_since: Date | null
  left_name: string | null
  due_at: Date | null
  met_at: Date | null
  overdue: boolean
  civic_addresses?: string | null
  /** References are read with one lead only. */
  crm_id?: string | null
  order_id?: string | null
  billing_account?: string | null
}

function settings(query: LeadQuery): Settings | undefined {
  const digits = phoneDigitsOf(query.search)
  const values: Record<string, string | undefined> = {
    f_lead: query.leadId,
    f_leads: query.leadIds?.join(','),
    f_except: query.exceptLeadIds?.join(','),
    f_tenant: query.tenantId,
    f_owner: query.owner === 'none' || query.owner === 'left' ? undefined : query.owner,
    f_status: query.statuses?.join(','),
    f_country: query.countries?.join(','),
    f_license: query.licenses?.join(','),
    f_processing: query.processings?.join(','),
    f_modified: query.modifiedSince,
    f_consented: query.consentedSince,
    f_modified_before: query.modifiedBefore,
    f_consented_before: query.consentedBefore,
    f_search: query.search === undefined ? undefined : `%${searchKey(query.search)}%`,
    f_phone: digits === undefined ? undefined : `%${digits}%`,
    f_name: query.search === undefined ? undefined : `%${query.search.replace(/[\\%_]/g, '\\$&')}%`,
    f_after: query.after?.key,
  }
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return given.length === 0 ? undefined : Object.fromEntries(given)
}

type PageReading = { page: LeadPage | null; statements: string[]; inOne: string; inPieces: string }

/** Texts in their order: separated by commas, or each led by one, so that pieces can be put together. */
function joined(text: string, place: string, lead = ''): string {
  return lead === ''
    ? `string_agg(${text}, ',' order by ${place})`
    : `string_agg('${lead}' || ${text}, '' order by ${place})`
}

function asArray(texts: string): string {
  return `'[' || coalesce(${texts}, '') || ']'`
}

type Order = {
  inTable: string
  inPage: string
  inPageReversed: string
  columns: string
  column: string
  type: string
  descending: boolean
}

function orderOf(query: LeadQuery): Order {
  if (query.sort === 'tenant') {
    return {
      inTable: 'is_direct, consented_at desc, arrival desc',
      inPage: 'd, k desc, a desc',
      inPageReversed: 'd desc, k, a',
      columns: 'is_direct as d, consented_at as k, arrival as a',
      column: 'consented_at',
      type: 'timestamptz',
      descending: true,
    }
  }
  const key = SORT_KEYS[query.sort.replace('-', '')]
  if (!key) throw new Error(`No such order: ${query.sort}`)
  const descending = query.sort.startsWith('-')
  const [direction, reverse] = descending ? ['desc', 'asc'] : ['asc', 'desc']
  return {
    inTable: key.column === 'arrival' ? `arrival ${direction}` : `${key.column} ${direction}, arrival ${direction}`,
    inPage: `k ${direction}, a ${direction}`,
    inPageReversed: `k ${reverse}, a ${reverse}`,
    columns: `${key.column} as k, arrival as a`,
    ...key,
    descending,
  }
}

function afterRule(query: LeadQuery): string {
  const { column, type, descending } = orderOf(query)
  const sign = descending ? '<' : '>'
  const arrival = Math.trunc(query.after?.arrival ?? 0)
  if (column === 'arrival') return `arrival ${sign} ${arrival}`
  // An empty key (a lead without company name) reads as null from a setting.
  const key = type === 'text' ? `coalesce(${settingOf('f_after')}, '')` : `${settingOf('f_after')}::${type}`
  return `(${column}, arrival) ${sign} (${key}, ${arrival})`
}

/** The sort key as text that reads back to the very same value. */
function keyText(order: Order): string {
  return order.type === 'timestamptz' ? `to_char(k at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` : 'k::text'
}

function endOf(order: Order): string {
  // The text has a name of its own: `order by k` would sort by a result called k, and "5" comes after "10" there.
  const last = (what: string) => `(select ${what} as last from page order by ${order.inPageReversed} limit 1)`
  return `${last(keyText(order))} as last_key, ${last('a')} as last_arrival, (select count(*)::int from page) as count`
}

function positionOf(
  row: { last_key?: string; last_arrival?: number; count?: number; total?: number } | undefined,
): LeadPage {
  const arrival = row?.last_arrival ?? null
  const last = arrival === null ? null : { key: row?.last_key ?? '', arrival }
  return { count: row?.count ?? 0, last, ...(row?.total === undefined ? {} : { total: row.total }) }
}
