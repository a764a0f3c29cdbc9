import type pg from 'pg'
import type { Place } from './places.ts'

/** Every table that has rows of operators, with whether its rows also belong to channels. */
export async function tenantTables(db: pg.Pool): Promise<{ name: string; hasChannel: boolean }[]> {
  const { rows } = await db.query<{ name: string; hasChannel: boolean }>(`
    select c.relname as name, exists (
      select from pg_attribute a where a.attrelid = c.oid and a.attname = 'channel_id' and not a.attisdropped) as "hasChannel"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and exists (
      select from pg_attribute a where a.attrelid = c.oid and a.attname = 'operator_id' and not a.attisdropped)
    order by 1`)
  return rows
}

/** Columns that change when somebody merely comes by. */
const FLEETING = ['last_used_at', 'last_seen_at', 'last_sign_in_at', 'previous_visit_at']

/**
 * Digest of everything that does not belong to what `of` may see, table by table: the same before and after means that nobody
 * who works for `of` has changed it. People and their sessions go by their memberships.
 */
export async function digestOfTheRest(db: pg.Pool, of: Place): Promise<Record<string, string>> {
  const digests: Record<string, string> = {}
  const isMine = of.channelId === null ? 'operator_id = $1' : `operator_id = $1 and channel_id = ${of.channelId}`
  const digest = async (name: string, from: string, parameters: unknown[]) => {
    const { rows } = await db.query<{ digest: string | null }>(
      `select md5(string_agg((to_jsonb(t) - $${parameters.length + 1}::text[])::text, '' order by (to_jsonb(t))::text)) as digest
       from ${name} t where ${from}`,
      [...parameters, FLEETING],
    )
    digests[name] = rows[0]?.digest ?? 'none'
  }
  for (const { name, hasChannel } of await tenantTables(db)) {
    // What a channel's people do is in the operator's journal and outbox: those grow, and belong to the operator.
    if (of.channelId !== null && GROW.has(name)) continue
    const mine = hasChannel ? isMine : 'operator_id = $1'
    // Operator 0 is the installation: anybody's failed sign-in is in its journal.
    await digest(name, `(${mine}) is not true and operator_id is distinct from 0`, [of.operatorId])
  }
  for (const name of ['person', 'session']) {
    await digest(
      name,
      `not exists (select from membership m where m.person_id = t.person_id and (${isMine.replace(/\b(operator_id|channel_id)/g, 'm.$1')}))
       and exists (select from membership m where m.person_id = t.person_id and m.tier <> 'platform')`,
      [of.operatorId],
    )
  }
  return digests
}

const GROW = new Set([
  ...['journal_unsealed', 'outbox_event', 'outbox_delivery', 'journal_entry', 'lead_scope'],
  // So do its list of services, and the licenses that are used of its pool.
  ...['service_scope', 'license_pool'],
])
