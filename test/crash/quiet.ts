import type pg from 'pg'

/** What is not finished yet, in words; empty when runs, events and seals have all come to their end. */
export async function isQuiet(owner: pg.Pool): Promise<string[]> {
  const { rows } = await owner.query<{ what: string }>(
    `select 'run of ' || job || ' is ' || state as what from job_run where state in ('queued', 'running')
     union all select 'event ' || name || ' is not routed' from outbox_event where routed_at is null
     union all select 'delivery to ' || subscriber || ' is ' || state from outbox_delivery
     union all select 'journal entry is not sealed' from journal_unsealed
     union all select 'first sync of ' || c.operator_id || ' is not done' from connection c
       where not exists (select from sync_state s where s.operator_id = c.operator_id and s.baseline_at is not null)
     limit 5`,
  )
  return rows.map(({ what }) => what)
}
