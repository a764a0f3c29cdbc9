import type pg from 'pg'
import { Compile } from 'typebox/compile'
import { closedSchema } from '../../contract/closed-schema.ts'
import { allEventNames, type EventName, eventSpec } from '../../contract/events.ts'

/** Every event that was written, against the catalogue: what is wrong with which, once for each kind of flaw. */
export async function eventFlaws(asOwner: pg.Pool): Promise<string[]> {
  const { rows } = await asOwner.query<{ name: string; payload: unknown }>(
    'select name, payload from outbox_event order by position limit 20000',
  )
  const checks = new Map(allEventNames.map((name) => [name, Compile(closedSchema(eventSpec(name).payload))]))
  const flaws = rows.flatMap(({ name, payload }) => {
    const check = checks.get(name as EventName)
    if (!check) return [`${name} is not in the catalogue`]
    return check.Errors(payload).map((flaw) => `${name}${flaw.instancePath} ${flaw.message}`)
  })
  return [...new Set(flaws)].slice(0, 20)
}
