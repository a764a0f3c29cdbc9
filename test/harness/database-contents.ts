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

/**
 * Each difference with its table; empty = the same. `missing`: the other one has it and this one not. Where both have a row
 * that is the same but for some columns, only these are told.
 */
export function differences(found: Contents, clean: Contents): string[] {
  return Object.entries(clean).flatMap(([table, rows]) => differencesOf(table, found[table] ?? [], rows))
}

function differencesOf(table: string, found: readonly string[], clean: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const row of clean) left.set(row, (left.get(row) ?? 0) + 1)
  for (const row of found) left.set(row, (left.get(row) ?? 0) - 1)
  const surplus = new Map([...left].flatMap(([row, count]) => (count < 0 ? [[row, -count] as const] : [])))
  const told: string[] = []
  for (const [row, count] of left) {
    if (count <= 0) continue
    const like = told.length < TOLD_BY_COLUMN ? mostLike(row, surplus.keys()) : undefined
    if (like === undefined) told.push(`${table}: missing ${shortened(row)}`)
    else {
      surplus.delete(like)
      told.push(`${table}: ${columnsThatDiffer(row, like)}`)
    }
  }
  return [...told, ...Array.from(surplus, ([row, count]) => `${table}: ${count} too many of ${shortened(row)}`)]
}

/** Rows are compared with each other only for as many as somebody reads. */
const TOLD_BY_COLUMN = 8

function cellsOf(row: string): Record<string, unknown> {
  const [first, ...others] = Object.values(JSON.parse(row) as Record<string, unknown>)
  // All columns but some come as one value.
  return others.length === 0 && typeof first === 'object' && first !== null
    ? (first as Record<string, unknown>)
    : (JSON.parse(row) as Record<string, unknown>)
}

/** The row that has most of its columns, and half of them at least. */
function mostLike(row: string, others: Iterable<string>): string | undefined {
  const cells = Object.entries(cellsOf(row))
  let best: string | undefined
  let most = cells.length / 2
  for (const other of others) {
    const theirs = cellsOf(other)
    const same = cells.filter(([name, value]) => JSON.stringify(theirs[name]) === JSON.stringify(value)).length
    if (same <= most) continue
    most = same
    best = other
  }
  return best
}

function columnsThatDiffer(clean: string, found: string): string {
  const theirs = cellsOf(found)
  return Object.entries(cellsOf(clean))
    .filter(([name, value]) => JSON.stringify(theirs[name]) !== JSON.stringify(value))
    .map(
      ([name, value]) =>
        `${name} is ${shortened(JSON.stringify(theirs[name]))}, not ${shortened(JSON.stringify(value))}`,
    )
    .join('; ')
    .concat(` in ${shortened(clean)}`)
}

function shortened(row: string): string {
  return row.length > 400 ? `${row.slice(0, 400)}…` : row
}
