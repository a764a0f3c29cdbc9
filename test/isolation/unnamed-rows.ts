import { randomUUID } from 'node:crypto'
import { WORK_TASK_JOB } from '../../server/platform/tasks/start-task.ts'
import type { Leadline } from '../harness/leadline.ts'

/** Whose the rows are; `marker` is a text that occurs nowhere else. */
type Scope = { operatorId: number; channelId: number | null; marker: string }

/** What no request names by itself, and is of an operator or channel all the same. A new table of the kind joins here. */
export async function addUnnamedRows({ db }: Leadline, of: Scope): Promise<void> {
  const { operatorId, channelId, marker } = of
  const taskId = randomUUID()
  const job = WORK_TASK_JOB
  const statements: [sql: string, values: unknown[]][] = [
    [
      `insert into task (operator_id, channel_id, task_id, wire_id, kind, title, object_name, input, state, actor_kind,
         actor_id, actor_name, request_id)
       values ($1, $2, $3::uuid, 'tsk_' || $3::text, 'test.seed', $4, $4, json_build_object('note', $4::text), 'succeeded', 'job', $4, $4, $4)`,
      [operatorId, channelId, taskId, marker],
    ],
    [
      `insert into task_step (operator_id, channel_id, task_id, position, name, title, state) values ($1, $2, $3, 0, 'seed', $4, 'succeeded')`,
      [operatorId, channelId, taskId, marker],
    ],
    [
      `insert into task_item (operator_id, channel_id, task_id, position, object_id, object_name, state, message)
       values ($1, $2, $3, 0, $4, $4, 'succeeded', $4)`,
      [operatorId, channelId, taskId, marker],
    ],
    [
      `insert into task_message (operator_id, channel_id, task_id, level, message) values ($1, $2, $3, 'Information', $4)`,
      [operatorId, channelId, taskId, marker],
    ],
    [
      `insert into job_run (run_id, job, operator_id, subject, trigger, requested_by, state, finished_at, error, phase)
       values ($1, $2, $3, $4, 'api', $5, 'failed', now(), json_build_object('code', 'seeded', 'message', $5::text), $5)`,
      [randomUUID(), job, operatorId, taskId, marker],
    ],
    [
      `insert into job_lease (job, operator_id, subject, token, holder, expires_at) values ($1, $2, $3, 0, $4, now())`,
      [job, operatorId, taskId, marker],
    ],
    [
      `insert into lead_intent (operator_id, tenant_id, kind, company_name, channel_id, asked_by) values ($1, $2, 'create', $3, $4, $3)`,
      [operatorId, randomUUID(), marker, channelId],
    ],
    [
      `insert into direct_lead_trace (operator_id, lead_id, tenant_id, deleted_at) values ($1, $2, $2, now())`,
      [operatorId, randomUUID()],
    ],
    [
      `insert into lead_rule_owed (operator_id, lead_id) select operator_id, lead_id from lead
       where operator_id = $1 and channel_id is not distinct from $2 limit 1 on conflict do nothing`,
      [operatorId, channelId],
    ],
    [
      `insert into relationship_intent (operator_id, intent_id, lead_id, status, comment, channel_id, actor_kind, actor_id,
         actor_name, request_id)
       select operator_id, $3, lead_id, 'CustomerContacted', $4, $2, 'person', $4, $4, $4 from lead
       where operator_id = $1 and channel_id is not distinct from $2 limit 1`,
      [operatorId, channelId, randomUUID(), marker],
    ],
    [
      `insert into assign_call_allowance (operator_id, caller, calls, asked_at) values ($1, $2, array[now()], now())`,
      [operatorId, marker],
    ],
    [
      `insert into kept_answer (operator_id, key_hash, answer, busy_until, expires_at) values ($1, $2, $3, now(), now() + interval '1 day')`,
      [operatorId, taskId, marker],
    ],
    [
      `insert into outbox_delivery (subscriber, position, key, operator_id, state, error, dead_at)
       select $2::text, max(position), $2::text, $1, 'dead', $2::text, now() from outbox_event where operator_id = $1`,
      [operatorId, marker],
    ],
    [
      `insert into mail_notice (operator_id, event_id, channel_id, name, payload, at)
       values ($1, $2, $3, 'lead.created', json_build_object('companyName', $4::text), now())`,
      [operatorId, randomUUID(), channelId, marker],
    ],
    [
      `insert into journal_countersignature (operator_id, position, signature) values ($1, 1, $2) on conflict do nothing`,
      [operatorId, marker],
    ],
  ]
  for (const [sql, values] of statements) await db.asOwner.query(sql, values)
}
