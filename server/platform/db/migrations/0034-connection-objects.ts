import { type Kysely, sql } from 'kysely'

/**
 * SIP connections of one service no longer share names and ownership on an SBC: until now a further one on the same device
 * wrote over what the first had, and took it along when it went. Source: issue 7, 2.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table sip_connection add column object_name text`.execute(db)
  // All of a service are read together; the others are found by their exact owner.
  await sql`create index sbc_object_service on sbc_object (operator_id, split_part(owner, '/', 2))`.execute(db)
  await giveToConnections(db)
  await sql`
    update sip_connection set object_name = service.short_name from service
    where service.operator_id = sip_connection.operator_id and service.service_id = sip_connection.service_id`.execute(
    db,
  )
  await giveNamesOfTheirOwn(db)
  await sql`alter table sip_connection alter column object_name set not null`.execute(db)
}

/** What is alone on its device, and what a task has made for a further connection, is that connection's. */
async function giveToConnections(db: Kysely<unknown>): Promise<void> {
  const further = sql`o.operator_id = c.operator_id and o.sbc_id = c.sbc_id and c.position > 1
    and o.owner = 'service/' || c.service_id`
  await sql`
    update sbc_object o set owner = o.owner || '/' || c.connection_id from sip_connection c
    where ${further} and exists (
      select from task t where t.operator_id = o.operator_id and t.wire_id = o.task_id
        and t.kind in ('licensing.add-connection', 'licensing.change-connection')
        and t.input ->> 'connectionId' = c.connection_id::text)`.execute(db)
  await sql`
    update sbc_object o set owner = o.owner || '/' || c.connection_id from sip_connection c
    where ${further} and not exists (
      select from sip_connection other where other.operator_id = c.operator_id and other.service_id = c.service_id
        and other.sbc_id = c.sbc_id and other.connection_id <> c.connection_id)`.execute(db)
  await sql`
    update script_order o set owner = o.owner || '/' || c.connection_id from sip_connection c
    where ${further} and o.state = 'open' and o.key like '%/' || c.connection_id || '%'`.execute(db)
}

/** One that has no object of that name of its own, beside another on the device, has written over that one: its next change makes its own. */
async function giveNamesOfTheirOwn(db: Kysely<unknown>): Promise<void> {
  await sql`
    update sip_connection c set object_name = c.object_name || '.' || c.position
    where c.position > 1
      and exists (
        select from sip_connection other where other.operator_id = c.operator_id and other.service_id = c.service_id
          and other.sbc_id = c.sbc_id and other.position < c.position)
      and not exists (
        select from sbc_object o where o.operator_id = c.operator_id and o.sbc_id = c.sbc_id
          and o.owner = 'service/' || c.service_id || '/' || c.connection_id
          and starts_with(o.object_name, c.object_name))`.execute(db)
}
