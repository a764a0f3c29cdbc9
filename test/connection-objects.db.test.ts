import { Kysely, PostgresDialect } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { up } from '../server/platform/db/migrations/0034-connection-objects.ts'
import { type FreshDatabase, freshDatabase } from './harness/database.ts'

// What services had on SBCs before each of their SIP connections had objects of its own.

const OPERATOR = 868
let db: FreshDatabase

beforeAll(async () => {
  db = await freshDatabase()
  await db.asOwner.query(`
    alter table sip_connection drop column object_name;
    drop index sbc_object_service;
    insert into operator (operator_id, name) values (${OPERATOR}, 'Northwind') on conflict do nothing;
    insert into sbc (operator_id, sbc_id, name, name_folded, make, mode, trust, timeout_ms, created_at, changed_at)
      select ${OPERATOR}, n, 'sbc' || n, 'sbc' || n, 'mediant', 'automatic', '{}', 1000, now(), now()
      from generate_series(1, 2) as n`)
})
afterAll(() => db?.close())

const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

/** A service with connections by number of their SBC, and its objects by SBC and the task that made them. */
async function service(number: number, sbcIds: number[], objects: [sbcId: number, name: string, taskId: string][]) {
  const run = (sql: string, values: unknown[]) => db.asOwner.query(sql, values)
  const serviceId = uuid(number)
  await run(
    `insert into service (operator_id, service_id, arrival, tenant_id, lead_id, short_name, short_name_folded, full_name,
       license, model, state, origin)
     values ($1, $2, $3, $2, $2, $4, lower($4), $4, 'OC Essential', 'ip-group', 'Active', 'licensed')`,
    [OPERATOR, serviceId, number, `Old-${number}`],
  )
  for (const [at, sbcId] of sbcIds.entries()) {
    await run(
      `insert into sip_connection (operator_id, connection_id, service_id, tenant_id, position, name, model, sbc_id, deployment)
       values ($1, $2, $3, $3, $4, 'Site', 'ip-group', $5, 'Deployed')`,
      [OPERATOR, uuid(number + at), serviceId, at + 1, sbcId],
    )
    await run(
      `insert into task (operator_id, task_id, wire_id, kind, title, input, state, actor_kind, actor_id, actor_name, request_id)
       values ($1, $2, $3, 'licensing.add-connection', 'Add', $4, 'succeeded', 'job', 'x', 'x', 'x')`,
      [OPERATOR, uuid(number + at), `wst_${number + at}`, JSON.stringify({ connectionId: uuid(number + at) })],
    )
  }
  for (const [sbcId, name, taskId] of objects) {
    await run(
      `insert into sbc_object (operator_id, sbc_id, table_name, object_name, owner, values, task_id)
       values ($1, $2, 'ip-group', $3, $4, '{}', $5)`,
      [OPERATOR, sbcId, name, `service/${serviceId}`, taskId],
    )
  }
}

test('objects go to the SIP connection that they were made for; one that wrote over another gets names of its own', async () => {
  await service(10, [1], [[1, 'Old-10-c', 'wst_license']])
  await service(
    20,
    [1, 2],
    [
      [1, 'Old-20-c', 'wst_license'],
      [2, 'Old-20-c', 'wst_21'],
    ],
  )
  await service(
    30,
    [1, 1],
    [
      [1, 'Old-30-c', 'wst_license'],
      [1, 'Old-30', 'wst_31'],
    ],
  )
  await service(
    40,
    [1, 1],
    [
      [1, 'Old-40-c', 'wst_license'],
      [1, 'PS-Berlin', 'wst_41'],
    ],
  )
  await db.asOwner.query(
    `insert into script_order (operator_id, order_id, sbc_id, task_id, key, title, purpose, owner, template_id,
       template_version, script, state, created_at)
     values ($1, $2, 2, 'wst_x', $3, '', 'cleanup', $4, 13, 1, '', 'open', now())`,
    [OPERATOR, uuid(1), `remove/${uuid(21)}`, `service/${uuid(20)}`],
  )
  await up(new Kysely<unknown>({ dialect: new PostgresDialect({ pool: db.asOwner }) }))

  const { rows: connections } = await db.asOwner.query(
    'select connection_id, object_name from sip_connection order by connection_id',
  )
  expect(connections.map(({ connection_id, object_name }) => [connection_id, object_name])).toEqual([
    [uuid(10), 'Old-10'],
    [uuid(20), 'Old-20'],
    [uuid(21), 'Old-20'],
    [uuid(30), 'Old-30'],
    [uuid(31), 'Old-30'],
    [uuid(40), 'Old-40'],
    [uuid(41), 'Old-40.2'],
  ])
  const { rows: objects } = await db.asOwner.query(
    'select sbc_id, object_name, owner from sbc_object order by object_name, sbc_id',
  )
  expect(objects.map(({ sbc_id, object_name, owner }) => [sbc_id, object_name, owner])).toEqual([
    [1, 'Old-10-c', `service/${uuid(10)}`],
    [1, 'Old-20-c', `service/${uuid(20)}`],
    [2, 'Old-20-c', `service/${uuid(20)}/${uuid(21)}`],
    [1, 'Old-30', `service/${uuid(30)}/${uuid(31)}`],
    [1, 'Old-30-c', `service/${uuid(30)}`],
    [1, 'Old-40-c', `service/${uuid(40)}`],
    [1, 'PS-Berlin', `service/${uuid(40)}/${uuid(41)}`],
  ])
  const { rows: orders } = await db.asOwner.query('select owner from script_order')
  expect(orders).toEqual([{ owner: `service/${uuid(20)}/${uuid(21)}` }])
})
