import type pg from 'pg'
import type { MasterKeys } from './master-keys.ts'
import { SealedValueError, type SealedValueProblem, type Sealer, type SealPlace } from './sealer.ts'

/**
 * A column that holds sealed values. The place a value is sealed to is exactly this table, this column, and `row`: an SQL
 * expression over the primary key, whose text names the row.
 */
export type SealedColumn = { table: string; row: string; column: string }

export type UnreadableValue = SealPlace & { problem: SealedValueProblem }
export type Resealed = { resealed: number; unreadable: UnreadableValue[] }

export type ResealSettings = {
  /** As the owner of the tables: the application may not write all of these columns. */
  pool: pg.Pool
  sealer: Sealer
  masterKeys: MasterKeys
  signal?: AbortSignal
  onProgress?: (resealed: number) => void
}

const BATCH = 200

/**
 * Seals every value of the columns with the current master key. Each batch is a transaction that locks its rows, so that a
 * secret entered meanwhile is not overwritten; called again after a break it goes on where it was. A value that does not
 * open stays as it is and is named.
 */
export async function resealColumns(columns: readonly SealedColumn[], settings: ResealSettings): Promise<Resealed> {
  const outcome: Resealed = { resealed: 0, unreadable: [] }
  for (const column of columns) {
    let after: string | null = ''
    while (after !== null) {
      settings.signal?.throwIfAborted()
      after = await resealBatch(column, after, settings, outcome)
      settings.onProgress?.(outcome.resealed)
    }
  }
  return outcome
}

type SealedRow = { row: string; sealed: string }

/** Returns where it ended, null when there was nothing more. */
async function resealBatch(
  { table, row: key, column }: SealedColumn,
  after: string,
  { pool, sealer, masterKeys }: ResealSettings,
  outcome: Resealed,
): Promise<string | null> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const { rows } = await client.query<SealedRow>(
      // "C": the order must be the one in which a key comes after another, whatever the language of the database.
      `select (${key})::text as row, ${column} as sealed from ${table}
       where ${column} not like 'v1.' || $1 || '.%' and (${key})::text collate "C" > $2
       order by (${key})::text collate "C" limit ${BATCH} for no key update`,
      [masterKeys.current.id, after],
    )
    const opened = rows.flatMap(({ row, sealed }) => reseal(sealer, sealed, { table, row, column }, outcome))
    await client.query(
      `update ${table} set ${column} = anew.sealed from unnest($1::text[], $2::text[]) as anew (row, sealed)
       where (${key})::text = anew.row`,
      [opened.map((one) => one.row), opened.map((one) => one.sealed)],
    )
    await client.query('commit')
    outcome.resealed += opened.length
    return rows.at(-1)?.row ?? null
  } catch (error) {
    await client.query('rollback').catch((rollbackError: Error) => {
      broken = rollbackError
    })
    throw error
  } finally {
    client.release(broken)
  }
}

function reseal(sealer: Sealer, sealed: string, place: SealPlace, outcome: Resealed): SealedRow[] {
  try {
    return [{ row: place.row, sealed: sealer.seal(sealer.open(sealed, place), place) }]
  } catch (error) {
    if (!(error instanceof SealedValueError)) throw error
    outcome.unreadable.push({ ...place, problem: error.problem })
    return []
  }
}

/** How many values each master key has sealed; ids as they are written, known or not. */
export async function countSealedValues(columns: readonly SealedColumn[], pool: pg.Pool): Promise<Map<string, number>> {
  const each = columns.map(
    ({ table, column }) => `select ${column} as sealed from ${table} where ${column} is not null`,
  )
  const { rows } = await pool.query<{ key_id: string; count: number }>(
    `select coalesce(substring(sealed from '^v1\\.([0-9a-f]{8})\\.'), 'damaged') as key_id, count(*)::int as count
     from (${each.join(' union all ')}) as every_one group by 1 order by 1`,
  )
  return new Map(rows.map((row) => [row.key_id, row.count]))
}
