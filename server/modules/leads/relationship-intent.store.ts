import type { Principal } from '../../kernel/principal.ts'
import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { JournalActor } from '../audit/index.ts'
import type { Relationship } from './direct-lead.rules.ts'

/** What Microsoft is being told of the relation with a customer, and by whom. */
export type RelationshipIntent = {
  intentId: string
  leadId: string
  status: string
  comment: string
  /** The channel of whoever asked; null: the operator. */
  channelId: number | null
  by: JournalActor
}

/** So long whoever asked may still be waiting for Microsoft: who comes meanwhile is told. */
const AT_WORK_SECONDS = 30
/** A sync must have run by then; what Microsoft tells later may be somebody else's doing. */
const KNOWN_HOURS = 24

type Row = {
  intentId: string
  leadId: string
  status: string
  comment: string
  channelId: number | null
  kind: Principal['kind']
  actorId: string
  name: string
  requestId: string
  sourceIp: string | null
}

const INTENT = `intent_id as "intentId", lead_id as "leadId", status, comment, channel_id as "channelId", actor_kind as kind,
  actor_id as "actorId", actor_name as name, request_id as "requestId", source_ip as "sourceIp"`

/** Written before Microsoft is told of a relation, gone with the transaction that stores and tells what became of it. */
export function relationshipIntentStore(tx: Tx) {
  const db = connectionOf(tx)
  const { operatorId } = tx
  return {
    async put({ intentId, leadId, status, comment, channelId, by }: RelationshipIntent): Promise<void> {
      await db.query(
        `delete from relationship_intent where operator_id = $1 and asked_at < now() - make_interval(hours => ${KNOWN_HOURS})`,
        [operatorId],
      )
      await db.query(
        `insert into relationship_intent (operator_id, intent_id, lead_id, status, comment, channel_id, actor_kind, actor_id,
           actor_name, request_id, source_ip)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [operatorId, intentId, leadId, status, comment, channelId, by.kind, by.id, by.name, by.requestId, by.sourceIp],
      )
    },

    /** Who is at the lead now, if anybody is. */
    async atWork(leadId: string): Promise<RelationshipIntent | null> {
      const { rows } = await db.query<Row>(
        `select ${INTENT} from relationship_intent
         where operator_id = $1 and lead_id = $2 and asked_at > now() - make_interval(secs => ${AT_WORK_SECONDS})
         order by asked_at limit 1`,
        [operatorId, leadId],
      )
      return rows[0] ? toIntent(rows[0]) : null
    },

    /** Takes an intent: it is given up, or told. False when somebody else has told it. */
    async take(intentId: string): Promise<boolean> {
      const { rowCount } = await db.query('delete from relationship_intent where operator_id = $1 and intent_id = $2', [
        operatorId,
        intentId,
      ])
      return rowCount === 1
    },

    /** The first intent that Microsoft's record of a lead is the outcome of. */
    async doneBy(leadId: string, { status, comment }: Relationship): Promise<RelationshipIntent | null> {
      const { rows } = await db.query<Row>(
        `select ${INTENT} from relationship_intent
         where operator_id = $1 and lead_id = $2 and status = $3 and comment = $4
           and asked_at > now() - make_interval(hours => ${KNOWN_HOURS})
         order by asked_at limit 1`,
        [operatorId, leadId, status, comment ?? ''],
      )
      return rows[0] ? toIntent(rows[0]) : null
    },

    /** Takes of each lead the first intent that Microsoft's record is the outcome of. */
    async takeDone(now: { leadId: string; relationship: Relationship }[]): Promise<Map<string, RelationshipIntent>> {
      if (now.length === 0) return new Map()
      const wanted = now.map(({ leadId, relationship }) => ({
        lead_id: leadId,
        status: relationship.status,
        comment: relationship.comment ?? '',
      }))
      const { rows } = await db.query<Row>({
        name: 'relationship-intent-done',
        text: `
          delete from relationship_intent i using (
            select distinct on (o.lead_id) o.intent_id
            from json_to_recordset($2::json) as n (lead_id uuid, status text, comment text)
            join relationship_intent o on o.operator_id = $1 and o.lead_id = n.lead_id and o.status = n.status
              and o.comment = n.comment and o.asked_at > now() - make_interval(hours => ${KNOWN_HOURS})
            order by o.lead_id, o.asked_at
          ) done
          where i.operator_id = $1 and i.intent_id = done.intent_id
          returning ${INTENT.replace('intent_id', 'i.intent_id')}`,
        values: [operatorId, JSON.stringify(wanted)],
      })
      return new Map(rows.map((row) => [row.leadId, toIntent(row)]))
    },
  }
}

function toIntent({ kind, actorId, name, requestId, sourceIp, ...row }: Row): RelationshipIntent {
  return { ...row, by: { kind, id: actorId, name, requestId, sourceIp } }
}
