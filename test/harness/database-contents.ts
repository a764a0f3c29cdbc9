import type pg from 'pg'

/** What a database holds in the end, as texts that can be compared: table -> rows in a fixed order. */
export type Contents = Record<string, string[]>

/**
 * Everything that a clean run and one through trouble must agree on, row for row. Instants differ, and so do the counters of
 * how often something was tried; all else does not. The journal and the outbox are compared as what they tell, in any order:
 * which run told it is of no interest.
 */
const TABLES: Record<string, string> = {
  lead: columnsOf('lead', [
    'first_seen_at',
    'changed_at',
    'addresses_asked_at',
    'addresses_failed_at',
    'addresses_failed_hastily',
    'missing_since',
  ]),
  'missing leads': `select lead_id from lead where missing_since is not null`,
  lead_scope: columnsOf('lead_scope', ['version']),
  search: `select operator_id, arrival, channel_id, search from lead_search
           union all select operator_id, arrival, channel_id, search from lead_search_recent`,
  listing_page: columnsOf('listing_page', []),
  sync_finding: columnsOf('sync_finding', ['times', 'first_seen_at', 'last_seen_at']),
  'journal of leads': `
    select operator_id, channel_id, action, object_type, object_id, object_name, before, after, result, detail
    from journal_entry where object_type = 'lead' and action <> 'leads.baseline'`,
  'events of leads': `
    select operator_id, channel_id, name, key, payload from outbox_event where name like 'lead.%'`,
}

/** All columns but some, as one JSON text: a column that is added later is compared without anybody thinking of it. */
function columnsOf(table: string, without: string[]): string {
  const removed = without.map((column) => `- '${column}'`).join(' ')
  return `select to_jsonb(one) ${removed} from ${table} one`
}

/** Reads as the owner, past row security. `only` names the tables that matter to the caller. */
export async function contentsOf(owner: pg.Pool, only: string[] = Object.keys(TABLES)): Promise<Contents> {
  const contents: Contents = {}
  for (const name of only) {
    const { rows } = await owner.query(`select row_to_json(one)::text as row from (${TABLES[name]}) one`)
    contents[name] = rows.map(({ row }) => row).sort()
  }
  return contents
}

/** The first few differences, each with its table; empty = the same. `missing`: the other one has it and this one not. */
export function differences(found: Contents, clean: Contents): string[] {
  const told: string[] = []
  for (const [table, rows] of Object.entries(clean)) {
    const left = new Map<string, number>()
    for (const row of rows) left.set(row, (left.get(row) ?? 0) + 1)
    for (const row of found[table] ?? []) left.set(row, (left.get(row) ?? 0) - 1)
    for (const [row, count] of left) {
      if (count > 0) told.push(`${table}: missing ${shortened(row)}`)
      if (count < 0) told.push(`${table}: ${-count} too many of ${shortened(row)}`)
    }
  }
  return told
}

function shortened(row: string): string {
  return row.length > 400 ? `${row.slice(0, 400)}…` : row
}
