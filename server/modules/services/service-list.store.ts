import type { Readable } from 'node:stream'
import type { Principal } from '../../kernel/principal.ts'
import { type Reader, type Settings, settingOf } from '../../platform/db/reader.ts'
import type { ServiceRow } from './service.store.ts'
import { isFiltered, type ServicePosition, type ServiceQuery } from './service-query.rules.ts'

/** What there is in a scope: a version that changes with every change of its services, and how many there are. */
export type ServiceScope = { version: number; total: number }

export type ListedService = Omit<ServiceRow, 'check_results' | 'test_calls' | 'short_name_folded' | 'search'> & {
  channel_name: string | null
  lc_customer_name: string | null
}

export type ServiceFacet = 'state' | 'license' | 'deployment' | 'health' | 'model'

const COLUMNS = [
  'operator_id',
  'service_id',
  'arrival',
  'tenant_id',
  'channel_id',
  'lead_id',
  'lc_customer_id',
  'short_name',
  'full_name',
  'license',
  'licensed_users',
  'model',
  'state',
  'origin',
  'calling_profile_id',
  'barred_since',
  'bar_reason',
  'connections',
  'deployment',
  'health',
  'checked_at',
  'task_id',
  'version',
  'created_at',
  'changed_at',
]

const SORT_COLUMNS: Record<string, string> = { arrival: 'arrival', fullName: 'full_name', shortName: 'short_name' }

/** Customers whose texts go into one row of a stream: some 30 KB. */
const PIECE_CUSTOMERS = 100
/** A wire date with offset and 7 decimals is nowhere in these: names and numbers only. */
const BRIEF_V2 = `json_build_object('Id', s.service_id, 'ShortName', s.short_name, 'FullName', s.full_name,
  'LicenseType', case s.license when 'OC Essential' then 3 when 'OC Essentials Plus' then 4 else 5 end)`
const SITES = `(select coalesce(json_agg(json_build_object('id', c.connection_id, 'name', c.name, 'sbcId', coalesce(c.sbc_id, 0),
    'sbcDeploymentState', c.deployment, 'sbcConfigurationType', 'SipTrunk') order by c.position), '[]')
  from sip_connection c where c.operator_id = s.operator_id and c.service_id = s.service_id)`
const V3_FIELDS = `'UmpCustomerGuid', s.service_id, 'CustomerShortName', s.short_name, 'CustomerFullName', s.full_name,
  'LicenseType', case s.license when 'OC Essential' then 3 when 'OC Essentials Plus' then 4 else 5 end,
  'LicensedUsersCount', s.licensed_users, 'MsTenantId', s.tenant_id, 'ActiveUserCount', 0,
  'LiveHubActiveUsersCount', null, 'LiveHubSimpleUsersCount', null`

/** How the documented lists show a customer. Source: rest-api.md 2.6. */
const DOCUMENTED = {
  v2: BRIEF_V2,
  v3: `json_build_object(${V3_FIELDS})`,
  'v3-details': `json_build_object(${V3_FIELDS}, 'SiteLocation', ${SITES})`,
} as const
export type DocumentedForm = keyof typeof DOCUMENTED

/** Reads of services for lists, within the scope of whoever asks. */
export function serviceListStore(reader: Reader, principal: Principal) {
  const operatorId = Math.trunc(principal.operatorId ?? 0)
  // Row security says the channel too, but in a form that no index can be walked by.
  const inChannel = principal.channelId === null ? '' : ` and channel_id = ${Math.trunc(principal.channelId)}`
  const inScope = `operator_id = ${operatorId}${inChannel}`

  return {
    /** Null for people of the customer tier, who see one company of a list whose version is not theirs to know. */
    async scope(): Promise<ServiceScope | null> {
      if (principal.customerTenantId !== undefined) return null
      const [rows] = await reader.read(principal, [
        `select version, total from service_scope where operator_id = ${operatorId} and channel_id = ${principal.channelId ?? 0}`,
      ])
      const row = rows?.[0]
      return { version: Number(row?.version ?? 0), total: row?.total ?? 0 }
    },

    async count(query: ServiceQuery): Promise<number> {
      const sql = `select count(*)::int as count from service s ${where(query)}`
      const [rows] = await reader.read(principal, [sql], settings(query))
      return rows?.[0]?.count ?? 0
    },

    /** A page; `last` is where it ended. */
    async page(query: ServiceQuery): Promise<{ rows: ListedService[]; last: ServicePosition | null }> {
      const sql = `
        select s.*, c.name as channel_name, l.name as lc_customer_name
        from (select ${COLUMNS.join(', ')} from service s ${window(query)}) s
        left join channel c on c.operator_id = ${operatorId} and c.channel_id = s.channel_id
        left join lc_customer l on l.operator_id = ${operatorId} and l.customer_id = s.lc_customer_id
        order by ${order(query, 's.')}`
      const [found = []] = await reader.read(principal, [sql], settings(query))
      const rows = found as ListedService[]
      const row = rows.at(-1)
      return { rows, last: row ? { key: keyOf(row, query), arrival: row.arrival } : null }
    },

    /** Counts of everything that matches, by each facet. */
    async facets(query: ServiceQuery): Promise<{ facet: ServiceFacet; value: string; count: number }[]> {
      const sum = (facet: ServiceFacet) =>
        `select '${facet}' as facet, ${facet} as value, sum(services)::int as count from matching group by 2`
      const sql = `
        with matching as materialized (
          -- Few combinations, whatever the number of services.
          select case when barred_since is null then state else 'Barred' end as state, license, deployment, health, model,
            count(*) as services
          from service s ${where(query)} group by 1, 2, 3, 4, 5
        )
        ${(['state', 'license', 'deployment', 'health', 'model'] as const).map(sum).join(' union all ')}
        order by 1, 3 desc, 2`
      const [rows] = await reader.read(principal, [sql], settings(query))
      return (rows ?? []) as { facet: ServiceFacet; value: string; count: number }[]
    },

    /** `,`-led JSON texts of the documented list, made by the database. */
    async documented(query: ServiceQuery, form: DocumentedForm): Promise<Readable> {
      const sql = `
        select string_agg(',' || item, '' order by n) from (
          select ${DOCUMENTED[form]}::text as item, row_number() over (order by ${order(query, 's.')}) - 1 as n
          from (select * from service s ${window(query)}) s
        ) numbered group by n / ${PIECE_CUSTOMERS} order by n / ${PIECE_CUSTOMERS}`
      return (await reader.stream(principal, [], sql, settings(query))).rows
    },
  }

  function where(query: ServiceQuery): string {
    const rules = [inScope]
    const among = (column: string, setting: string) =>
      rules.push(`${column} = any(string_to_array(${settingOf(setting)}, ','))`)
    if (query.states) among(`case when barred_since is null then state else 'Barred' end`, 'f_state')
    if (query.licenses) among('license', 'f_license')
    if (query.deployments) among('deployment', 'f_deployment')
    if (query.healths) among('health', 'f_health')
    if (query.model) rules.push(`model = ${settingOf('f_model')}`)
    if (query.licensedOnly) rules.push(`state <> 'Creating'`)
    if (query.channelId !== undefined) rules.push(idRule('channel_id', query.channelId))
    if (query.lcCustomerId !== undefined) rules.push(idRule('lc_customer_id', query.lcCustomerId))
    if (query.tenantId !== undefined) rules.push(`tenant_id = ${settingOf('f_tenant')}::uuid`)
    if (query.leadId !== undefined) rules.push(`lead_id = ${settingOf('f_lead')}::uuid`)
    if (query.search !== undefined) {
      const customers = `select customer_id from lc_customer where operator_id = ${operatorId} and name_folded like ${settingOf('f_search')}`
      rules.push(`(search like ${settingOf('f_search')} or lc_customer_id in (${customers}))`)
    }
    return `where ${rules.join(' and ')}`
  }

  function window(query: ServiceQuery): string {
    const after = query.after ? ` and ${afterRule(query)}` : ''
    const limit = query.limit === null ? '' : ` limit ${Math.trunc(query.limit)}`
    const offset = query.offset === 0 ? '' : ` offset ${Math.trunc(query.offset)}`
    return `${where(query)}${after} order by ${order(query, '')}${limit}${offset}`
  }
}

function idRule(column: string, id: number): string {
  return id === 0 ? `${column} is null` : `${column} = ${Math.trunc(id)}`
}

function columnOf(query: ServiceQuery): { column: string; descending: boolean } {
  const column = SORT_COLUMNS[query.sort.replace('-', '')]
  if (!column) throw new Error(`No such order: ${query.sort}`)
  return { column, descending: query.sort.startsWith('-') }
}

function order(query: ServiceQuery, table: string): string {
  const { column, descending } = columnOf(query)
  const direction = descending ? 'desc' : 'asc'
  const arrival = `${table}arrival ${direction}`
  return column === 'arrival' ? arrival : `${table}${column} ${direction}, ${arrival}`
}

function afterRule(query: ServiceQuery): string {
  const { column, descending } = columnOf(query)
  const sign = descending ? '<' : '>'
  const arrival = Math.trunc(query.after?.arrival ?? 0)
  if (column === 'arrival') return `arrival ${sign} ${arrival}`
  return `(${column}, arrival) ${sign} (coalesce(${settingOf('f_after')}, ''), ${arrival})`
}

function keyOf(row: ListedService, query: ServiceQuery): string {
  const { column } = columnOf(query)
  return column === 'full_name' ? row.full_name : column === 'short_name' ? row.short_name : String(row.arrival)
}

function settings(query: ServiceQuery): Settings | undefined {
  const values: Record<string, string | undefined> = {
    f_state: query.states?.join(','),
    f_license: query.licenses?.join(','),
    f_deployment: query.deployments?.join(','),
    f_health: query.healths?.join(','),
    f_model: query.model,
    f_tenant: query.tenantId,
    f_lead: query.leadId,
    f_search: query.search === undefined ? undefined : `%${query.search.replace(/[\\%_]/g, '\\$&')}%`,
    f_after: query.after?.key,
  }
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return isFiltered(query) || query.after ? Object.fromEntries(given) : undefined
}
