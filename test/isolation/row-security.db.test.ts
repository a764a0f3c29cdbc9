import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { APP_ROLE } from '../../server/platform/db/scope.ts'
import { ask, eventually } from '../harness/client.ts'
import { type Leadline, startLeadline } from '../harness/leadline.ts'
import { allPlaces, fillPlaces, makeObjects, type Place, places, sees } from './places.ts'
import { tenantTables } from './truth.ts'

// The second lock: the application's role, in the scope of one place, asks every table and every function of the owner for
// what belongs to others, as a service with a forgotten `where` would. Source: design/architecture.md, names 4.

let leadline: Leadline
let tables: { name: string; hasChannel: boolean }[]

/** Tables that have no rows here, each with the reason; every other one must have some, or it is not tested. */
const EMPTY: Record<string, string> = {
  job_cursor: 'only while a listing is under way',
}

/** Rows of the whole operator that its channels see too, each with the reason. */
const OPERATOR_ROWS: Record<string, string> = {
  operator: 'its name',
  sync_state: 'whether the first sync is done',
  customer_mail_count: 'how many mails to customers were written: a channel counts in it, and learns nothing else',
  kept_answer: 'sealed, and found only by a hash of the caller and his key',
}

/** Rows that a channel sees although they do not bear its number, as a condition, each with the reason. */
const ALSO_OF_CHANNEL: Record<string, (place: Place) => string> = {
  // The version of the operator's whole list, which every change of a lead moves.
  lead_scope: () => 'channel_id = 0',
  // The same of services.
  service_scope: () => 'channel_id = 0',
  // How many licenses the operator has left: one of a channel takes one of them, and no answer tells the channel of it.
  license_pool: () => 'channel_id = 0',
  // The history of a lead that is its own now, but never where it came from.
  journal_entry: ({ operatorId, channelId }) =>
    `object_type = 'lead' and action not like 'lead.channel-%' and exists (select from lead
       where lead.operator_id = ${operatorId} and lead.channel_id = ${channelId} and lead.lead_id::text = object_id)`,
  // Mails to the customers of the leads that are its own now.
  mail: ({ operatorId, channelId }) =>
    `exists (select from lead
       where lead.operator_id = ${operatorId} and lead.channel_id = ${channelId} and lead.lead_id = mail.lead_id)`,
  // Runs of its own tasks.
  job_run: (place) => ofOwnTask(place),
  job_lease: (place) => ofOwnTask(place),
}
const ofOwnTask = ({ operatorId, channelId }: Place) =>
  `exists (select from task where task.operator_id = ${operatorId} and task.channel_id = ${channelId} and task.task_id::text = subject)`

beforeAll(async () => {
  leadline = await startLeadline({ leads: 20 })
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
  await leadline.stopWorkers()
  await fillPlaces(leadline)
  for (const place of allPlaces) await makeObjects(leadline, place)
  tables = await tenantTables(leadline.db.asOwner)
})

afterAll(async () => {
  await leadline?.close()
})

type Outcome<T> = { rows: T[]; count: number; refused: boolean }

/** A statement as the application's role in the scope of a place; rolled back. */
async function inScope<T>(place: Place | null, sql: string, parameters: unknown[] = []): Promise<Outcome<T>> {
  const client = await leadline.db.pool.connect()
  try {
    await client.query(
      `begin; set local role ${APP_ROLE}; select set_config('leadline.operator_id', '${place?.operatorId ?? ''}', true),
       set_config('leadline.channel_id', '${place?.channelId ?? ''}', true)`,
    )
    const { rows, rowCount } = await client.query(sql, parameters)
    return { rows: rows as T[], count: rowCount ?? 0, refused: false }
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return { rows: [], count: 0, refused: true }
    throw error
  } finally {
    await client.query('rollback')
    client.release()
  }
}

/** Which rows of a table are not of the place, as a condition. */
function foreignTo(place: Place, { name, hasChannel }: { name: string; hasChannel: boolean }): string {
  const { operatorId, channelId } = place
  const operator = `operator_id is distinct from ${operatorId}`
  if (channelId === null) return operator
  const also = ALSO_OF_CHANNEL[name]?.(place) ?? 'false'
  if (hasChannel) return `(${operator} or (channel_id is distinct from ${channelId} and not (${also})))`
  return name in OPERATOR_ROWS ? operator : `(${operator} or not (${also}))`
}

test('every table of tenants has rows of both operators, so that there is something to hide', async () => {
  const bare: string[] = []
  for (const { name } of tables) {
    const { rows } = await leadline.db.asOwner.query(
      `select count(*) filter (where operator_id = 868)::int as one, count(*) filter (where operator_id = 869)::int as other from ${name}`,
    )
    if ((rows[0].one === 0 || rows[0].other === 0) && !(name in EMPTY)) bare.push(name)
  }
  expect(bare, 'fill them in test/isolation/places.ts').toEqual([])
})

describe.each(allPlaces)('in the scope of $name', (place) => {
  test('no table shows, changes or loses a row of others', async () => {
    for (const table of tables) {
      const foreign = foreignTo(place, table)
      const { rows } = await inScope<{ count: number }>(
        place,
        `select count(*)::int as count from ${table.name} where ${foreign}`,
      )
      expect(rows[0]?.count ?? 0, `${table.name} shows`).toBe(0)
      const changed = await inScope(place, `update ${table.name} set operator_id = operator_id where ${foreign}`)
      expect(changed.count, `${table.name} changes`).toBe(0)
      const lost = await inScope(place, `delete from ${table.name} where ${foreign}`)
      expect(lost.count, `${table.name} loses`).toBe(0)
    }
  })

  test('no table takes a row in the name of another operator', async () => {
    const other = place.operatorId === 868 ? 869 : 868
    for (const { name } of tables) {
      const { rows } = await leadline.db.asOwner.query(
        `select to_jsonb(t) as row from ${name} t where operator_id = $1 limit 1`,
        [other],
      )
      if (rows.length === 0) continue
      const { refused } = await inScope(
        place,
        `insert into ${name} overriding system value select * from jsonb_populate_record(null::${name}, $1)`,
        [rows[0].row],
      )
      expect(refused, `${name} takes a row of operator ${other}`).toBe(true)
    }
  })

  test('people and sessions are those of its own memberships', async () => {
    const { rows } = await inScope<{ email: string }>(place, 'select email from person')
    const others = allPlaces.filter((one) => !sees(place, one)).map((one) => one.marker)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ email }) => others.some((marker) => email.includes(marker)))).toEqual([])
    const sessions = await inScope<{ user_agent: string }>(place, 'select user_agent from session')
    expect(sessions.rows.filter((session) => others.includes(session.user_agent))).toEqual([])
  })

  test('no function of the owner tells of others', async () => {
    const others = allPlaces.filter((one) => !sees(place, one))
    for (const other of others) {
      for (const search of ['leads_matching', 'leads_with_reference']) {
        const found = await inScope(place, `select * from ${search}($1)`, [`%${other.marker}%`])
        expect(found.count, `${search} finds ${other.name}`).toBe(0)
      }
      const first = await inScope(place, 'select * from leads_found_first($1, true, 100, 10000)', [other.marker])
      expect(first.count, `leads_found_first finds ${other.name}`).toBe(0)
      if (other.channelId !== null) {
        const named = await inScope<{ name: string | null }>(place, 'select membership_channel_name($1, $2) as name', [
          other.operatorId,
          other.channelId,
        ])
        expect(named.rows[0]?.name ?? null, `membership_channel_name names ${other.name}`).toBeNull()
      }
      const { rows } = await leadline.db.asOwner.query<{ person_id: string }>(
        `select person_id from membership where operator_id = $1 and channel_id is not distinct from $2 limit 1`,
        [other.operatorId, other.channelId],
      )
      const reach = await inScope<{ reach: boolean }>(place, 'select person_reaches_beyond($1) as reach', [
        rows[0]?.person_id,
      ])
      expect(reach.rows[0]?.reach ?? false, `person_reaches_beyond knows somebody of ${other.name}`).toBe(false)
    }
  })
})

test('without a scope there is nothing but people who sign in', async () => {
  const open = ['membership', 'invitation', 'person', 'session']
  for (const { name } of tables.filter((table) => !open.includes(table.name))) {
    const { rows } = await inScope<{ count: number }>(
      null,
      `select count(*)::int as count from ${name} where operator_id <> 0`,
    )
    expect(rows[0]?.count ?? 0, name).toBe(0)
  }
  for (const search of ['leads_matching', 'leads_with_reference']) {
    expect((await inScope(null, `select * from ${search}($1)`, ['%'])).count).toBe(0)
  }
  expect((await inScope(null, 'select * from leads_found_first($1, true, 100, 0)', ['e'])).count).toBe(0)
  expect(places.northwind.operatorId).toBe(868)
})
