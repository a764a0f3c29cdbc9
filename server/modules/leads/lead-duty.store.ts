import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

/** Who a lead can belong to, as duties remember him. */
export type Owner = { personId: string; name: string; channelId: number | null }

/** The lead that a duty is of: where it is in the list, and whose. */
export type DutyLead = { leadId: string; arrival: number; channelId: number | null }

/** Who sees to a lead until when. */
export type Duty = {
  leadId: string
  ownerId: string | null
  ownerName: string | null
  ownerChannelId: number | null
  leftName: string | null
  dueAt: Date | null
  metAt: Date | null
}

/** What is written of a due date; `toldAt`: since when people know that it has passed. */
export type DueDate = { dueAt: Date | null; metAt: Date | null; toldAt: Date | null }

/** An owner who does not see his lead any more, and the channel that is told. */
export type LostOwner = { leadId: string; toldChannelId: number | null; ownerId: string; ownerName: string }

export type OwnedChannel = { ownerId: string; ownerChannelId: number | null; channelId: number | null }

const DUTY = `lead_id as "leadId", owner_id as "ownerId", owner_name as "ownerName", owner_channel_id as "ownerChannelId",
  left_name as "leftName", due_at as "dueAt", met_at as "metAt"`

/** Owners and due dates of leads: a row only where there is one. Writers hold the operator's lock (`lockArrival`). */
export function leadDutyStore(tx: Tx) {
  const db = connectionOf(tx)
  const { operatorId } = tx
  return {
    async find(leadIds: string[]): Promise<Map<string, Duty>> {
      const { rows } = await db.query<Duty>(
        `select ${DUTY} from lead_duty where operator_id = $1 and lead_id = any($2::uuid[])`,
        [operatorId, leadIds],
      )
      return new Map(rows.map((row) => [row.leadId, row]))
    },

    /** Of leads that have just come: there is no duty of them yet. */
    async insert(duties: { lead: DutyLead; owner: Owner | null; dueAt: Date | null }[]): Promise<void> {
      if (duties.length === 0) return
      const rows = duties.map(({ lead, owner, dueAt }) => ({
        ...{ lead_id: lead.leadId, arrival: lead.arrival, channel_id: lead.channelId },
        ...{ owner_id: owner?.personId ?? null, owner_name: owner?.name ?? null },
        ...{ owner_channel_id: owner?.channelId ?? null, due_at: dueAt },
      }))
      await db.query({
        name: 'lead-duty-insert',
        text: `
          insert into lead_duty (operator_id, lead_id, arrival, channel_id, owner_id, owner_name, owner_channel_id, owned_since, due_at)
          select $1, lead_id, arrival, channel_id, owner_id, owner_name, owner_channel_id,
            case when owner_id is not null then now() end, due_at
          from json_to_recordset($2::json) as d (lead_id uuid, arrival integer, channel_id integer, owner_id uuid,
            owner_name text, owner_channel_id integer, due_at timestamptz)`,
        values: [operatorId, JSON.stringify(rows)],
      })
    },

    /** Gives leads to somebody, or to nobody (null). */
    async setOwner(leads: DutyLead[], owner: Owner | null): Promise<void> {
      await db.query({
        name: 'lead-duty-owner',
        text: `
          insert into lead_duty as d (operator_id, lead_id, arrival, channel_id, owner_id, owner_name, owner_channel_id, owned_since)
          select $1, lead_id, arrival, channel_id, $3::uuid, $4::text, $5::integer, case when $3::uuid is not null then now() end
          from json_to_recordset($2::json) as l (lead_id uuid, arrival integer, channel_id integer)
          on conflict (operator_id, lead_id) do update set owner_id = excluded.owner_id, owner_name = excluded.owner_name,
            owner_channel_id = excluded.owner_channel_id, owned_since = excluded.owned_since, left_name = null`,
        values: [operatorId, leadsText(leads), owner?.personId ?? null, owner?.name ?? null, owner?.channelId ?? null],
      })
      await this.tidy(leads)
    },

    /** Sets a due date, or takes it away (null), whatever there was. */
    async setDue(leads: DutyLead[], { dueAt, metAt, toldAt }: DueDate): Promise<void> {
      await db.query({
        name: 'lead-duty-due',
        text: `
          insert into lead_duty as d (operator_id, lead_id, arrival, channel_id, due_at, met_at, told_at)
          select $1, lead_id, arrival, channel_id, $3::timestamptz, $4::timestamptz, $5::timestamptz
          from json_to_recordset($2::json) as l (lead_id uuid, arrival integer, channel_id integer)
          on conflict (operator_id, lead_id) do update set due_at = excluded.due_at, met_at = excluded.met_at,
            told_at = excluded.told_at`,
        values: [operatorId, leadsText(leads), dueAt, metAt, toldAt],
      })
      await this.tidy(leads)
    },

    /** Whether any of these leads belongs to this person, or to nobody (null). */
    async anyOwned(leadIds: string[], ownerId: string | null): Promise<boolean> {
      const { rowCount } = await db.query(
        `select from lead l left join lead_duty d using (operator_id, lead_id)
         where l.operator_id = $1 and l.lead_id = any($2::uuid[]) and d.owner_id is not distinct from $3::uuid limit 1`,
        [operatorId, leadIds, ownerId],
      )
      return rowCount === 1
    },

    /** Whether any of these leads is due then, or never (null), and not judged since. */
    async anyDue(leadIds: string[], dueAt: Date | null): Promise<boolean> {
      const { rowCount } = await db.query(
        `select from lead l left join lead_duty d using (operator_id, lead_id)
         where l.operator_id = $1 and l.lead_id = any($2::uuid[]) and d.due_at is not distinct from $3::timestamptz
           and d.met_at is null limit 1`,
        [operatorId, leadIds, dueAt],
      )
      return rowCount === 1
    },

    /** Forgets duties that say nothing any more. */
    async tidy(leads: Pick<DutyLead, 'leadId'>[]): Promise<void> {
      await db.query(
        `delete from lead_duty where operator_id = $1 and lead_id = any($2::uuid[])
           and owner_id is null and left_name is null and due_at is null`,
        [operatorId, leads.map(({ leadId }) => leadId)],
      )
    },

    /** Somebody has judged these leads: what was due is met. */
    async meet(leadIds: string[]): Promise<void> {
      if (leadIds.length === 0) return
      await db.query({
        name: 'lead-duty-meet',
        text: `
          update lead_duty set met_at = now()
          where operator_id = $1 and lead_id = any($2::uuid[]) and due_at is not null and met_at is null`,
        values: [operatorId, leadIds],
      })
    },

    /** Leads have gone to another channel, or to none: who cannot see them there owns them no longer. */
    async move(leadIds: string[], channelId: number | null): Promise<LostOwner[]> {
      if (leadIds.length === 0) return []
      const { rows } = await db.query<LostOwner>({
        name: 'lead-duty-move',
        text: `
          with moved as (
            select lead_id, owner_id, owner_name, owner_channel_id,
              owner_channel_id is not null and owner_channel_id is distinct from $3::integer as loses
            from lead_duty where operator_id = $1 and lead_id = any($2::uuid[]) for update
          ), written as (
            update lead_duty d set channel_id = $3::integer,
              owner_id = case when not loses then d.owner_id end, owner_name = case when not loses then d.owner_name end,
              owner_channel_id = case when not loses then d.owner_channel_id end,
              owned_since = case when not loses then d.owned_since end, left_name = case when not loses then d.left_name end
            from moved where d.operator_id = $1 and d.lead_id = moved.lead_id
          )
          select lead_id as "leadId", owner_channel_id as "toldChannelId", owner_id as "ownerId", owner_name as "ownerName"
          from moved where loses and owner_id is not null`,
        values: [operatorId, leadIds, channelId],
      })
      return rows
    },

    /** Who owns leads of which channels. */
    async ownersByChannel(): Promise<OwnedChannel[]> {
      const { rows } = await db.query<OwnedChannel>(
        `select owner_id as "ownerId", owner_channel_id as "ownerChannelId", channel_id as "channelId"
         from lead_duty where operator_id = $1 and owner_id is not null group by 1, 2, 3`,
        [operatorId],
      )
      return rows
    },

    /** Somebody works for another channel now, or for the operator, and still sees these leads. */
    async moveOwner(ownerId: string, ownerChannelId: number | null): Promise<void> {
      await db.query(
        `update lead_duty set owner_channel_id = $3
         where operator_id = $1 and owner_id = $2 and owner_channel_id is distinct from $3::integer`,
        [operatorId, ownerId, ownerChannelId],
      )
    },

    /** Takes up to `limit` leads from owners who do not see them any more; their names stay with the leads. */
    async release(lost: Pick<OwnedChannel, 'ownerId' | 'channelId'>[], limit: number): Promise<LostOwner[]> {
      const { rows } = await db.query<LostOwner>(
        `with lost as (
           select d.lead_id, d.owner_id, d.owner_name
           from lead_duty d join unnest($2::uuid[], $3::integer[]) as l (owner_id, channel_id)
             on d.owner_id = l.owner_id and d.channel_id is not distinct from l.channel_id
           where d.operator_id = $1 order by d.arrival limit $4 for update of d
         )
         update lead_duty d set owner_id = null, owner_name = null, owned_since = null, left_name = lost.owner_name
         from lost where d.operator_id = $1 and d.lead_id = lost.lead_id
         returning d.lead_id as "leadId", d.channel_id as "toldChannelId", lost.owner_id as "ownerId", lost.owner_name as "ownerName"`,
        [operatorId, lost.map(({ ownerId }) => ownerId), lost.map(({ channelId }) => channelId), limit],
      )
      return rows
    },

    /** Takes up to `limit` leads whose time has passed and of which nobody was told yet; they are told with this transaction. */
    async takeOverdue(now: Date, limit: number): Promise<{ leadId: string; ownerId: string | null; dueAt: Date }[]> {
      const { rows } = await db.query<{ leadId: string; ownerId: string | null; dueAt: Date }>(
        `with passed as (
           select lead_id from lead_duty
           where operator_id = $1 and due_at <= $2 and met_at is null and told_at is null
           order by due_at limit $3 for update
         )
         update lead_duty d set told_at = $2 from passed where d.operator_id = $1 and d.lead_id = passed.lead_id
         returning d.lead_id as "leadId", d.owner_id as "ownerId", d.due_at as "dueAt"`,
        [operatorId, now, limit],
      )
      return rows
    },

    /** Leads of each owner, and what nobody sees to. */
    async counts(now: Date): Promise<{ owners: Map<string, OwnerCount>; overdue: number; left: number }> {
      const { rows } = await db.query<OwnerCount & { ownerId: string | null; left: number }>(
        `select owner_id as "ownerId", count(*)::int as leads, count(left_name)::int as left,
           count(*) filter (where due_at <= $2 and met_at is null)::int as overdue
         from lead_duty where operator_id = $1 group by owner_id`,
        [operatorId, now],
      )
      const none = rows.find(({ ownerId }) => ownerId === null)
      const owners = rows.flatMap(({ ownerId, leads, overdue }): [string, OwnerCount][] =>
        ownerId === null ? [] : [[ownerId, { leads, overdue }]],
      )
      return { owners: new Map(owners), overdue: none?.overdue ?? 0, left: none?.left ?? 0 }
    },

    /** Marks leads as changed: their tags say so. */
    async touchLeads(leadIds: string[]): Promise<void> {
      await db.query(
        `update lead set changed_at = now() from unnest($2::uuid[]) as asked (id) where operator_id = $1 and lead_id = asked.id`,
        [operatorId, leadIds],
      )
    },
  }
}

export type OwnerCount = { leads: number; overdue: number }

function leadsText(leads: DutyLead[]): string {
  return JSON.stringify(
    leads.map(({ leadId, arrival, channelId }) => ({ lead_id: leadId, arrival, channel_id: channelId })),
  )
}
