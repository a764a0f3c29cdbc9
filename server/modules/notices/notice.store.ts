import { NOTICE_LEADS_MAX, type NoticeEvent, UNREAD_MAX } from '../../../contract/notices.ts'
import { newId } from '../../kernel/ids.ts'
import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { NoticeAddition } from './notice.rules.ts'

export type NoticeRow = {
  noticeId: string
  name: NoticeEvent
  channelId: number | null
  channelName: string | null
  actor: string | null
  count: number
  leads: { id: string; companyName: string | null }[] | null
  details: Record<string, unknown>
  position: number
  firstAt: Date
  lastAt: Date
}

/** Who reads, and what of it: the events that are open to him, within his channel. */
export type NoticeScope = { reader: string; channelId: number | null; names: readonly NoticeEvent[] }
/** Only what is after `readUpTo`, not in `readAhead` and not his own doing. */
export type UnreadRule = { readUpTo: number; readAhead: number[] }

/** Row security says the channel too, but in a form that no index can be walked by. */
const VISIBLE = `n.operator_id = $1 and ($2::int is null or n.channel_id = $2::int) and n.name = any($3::text[])
  and (n.reader is null or n.reader = $4)`
const UNREAD = `n.position > $5 and not n.position = any($6::bigint[]) and n.actor is distinct from $4`

/** What people are told of, in the scope of the transaction. */
export function noticeStore(tx: Tx) {
  const db = connectionOf(tx)
  const scoped = ({ channelId, names, reader }: NoticeScope) => [tx.operatorId, channelId, names, reader]
  return {
    /** In their order, each with a position after all there are. Only one routing at a time does this: no two get the same. */
    async add(additions: readonly NoticeAddition[]): Promise<void> {
      const rows = additions.map((one, index) => ({
        ...{ operator_id: one.operatorId, notice_id: newId(), channel_id: one.channelId, name: one.name },
        ...{ group_key: one.groupKey, reader: one.reader, actor: one.actor, count: one.count, lead_ids: one.leadIds },
        ...{ details: one.details, place: index + 1, first_at: one.firstAt, last_at: one.lastAt },
      }))
      await db.query(
        `insert into notice as n (operator_id, notice_id, channel_id, name, group_key, reader, actor, count, lead_ids, details,
           position, first_at, last_at)
         select operator_id, notice_id, channel_id, name, group_key, reader, actor, count, lead_ids, details,
           place + greatest((extract(epoch from clock_timestamp()) * 1000000)::bigint, coalesce(
             (select max(o.position) from notice o where o.operator_id = a.operator_id), 0)),
           first_at, last_at
         from json_to_recordset($1::json) as a (operator_id integer, notice_id uuid, channel_id integer, name text,
           group_key text, reader text, actor text, count integer, lead_ids uuid[], details json, place integer,
           first_at timestamptz, last_at timestamptz)
         on conflict (operator_id, group_key) do update set
           count = n.count + excluded.count,
           lead_ids = (excluded.lead_ids || array(select old from unnest(n.lead_ids) old
             where not old = any(excluded.lead_ids)))[1:${NOTICE_LEADS_MAX}],
           details = excluded.details,
           actor = case when n.actor = excluded.actor then n.actor end,
           position = excluded.position,
           first_at = least(n.first_at, excluded.first_at),
           last_at = greatest(n.last_at, excluded.last_at)`,
        [JSON.stringify(rows)],
      )
    },

    /** Newest first, those before a position; with names of leads and channels as they are to be seen now. */
    async list(
      scope: NoticeScope,
      { before, limit, unread }: { before: number | null; limit: number; unread: UnreadRule | null },
    ): Promise<NoticeRow[]> {
      const { rows } = await db.query<NoticeRow>(
        `select n.notice_id as "noticeId", n.name, n.channel_id as "channelId", c.name as "channelName", n.actor, n.count,
           (select json_agg(json_build_object('id', chosen.id, 'companyName', nullif(l.company_name, '')) order by place)
            from unnest(n.lead_ids) with ordinality chosen (id, place)
            left join lead l on l.operator_id = n.operator_id and l.lead_id = chosen.id) as leads,
           n.details, n.position, n.first_at as "firstAt", n.last_at as "lastAt"
         from notice n left join channel c on c.operator_id = n.operator_id and c.channel_id = n.channel_id
         where ${VISIBLE} and (not $7::boolean or (${UNREAD})) and n.position < coalesce($8::bigint, ${Number.MAX_SAFE_INTEGER})
         order by n.position desc limit $9`,
        [...scoped(scope), unread?.readUpTo ?? 0, unread?.readAhead ?? [], unread !== null, before, limit],
      )
      return rows
    },

    /** At most UNREAD_MAX. */
    async countUnread(scope: NoticeScope, { readUpTo, readAhead }: UnreadRule): Promise<number> {
      const { rows } = await db.query<{ count: number }>(
        `select count(*)::int as count from (select from notice n where ${VISIBLE} and ${UNREAD} limit ${UNREAD_MAX}) u`,
        [...scoped(scope), readUpTo, readAhead],
      )
      return rows[0]?.count ?? 0
    },

    /** The newest position within a channel, or the operator; 0: there is none. */
    async newest(channelId: number | null): Promise<number> {
      const { rows } = await db.query<{ newest: number | null }>(
        `select max(position) as newest from notice where operator_id = $1 and ($2::int is null or channel_id = $2::int)`,
        [tx.operatorId, channelId],
      )
      return rows[0]?.newest ?? 0
    },

    /** Where those of the named ones stand that are to be seen. */
    async positionsOf(scope: NoticeScope, noticeIds: readonly string[]): Promise<number[]> {
      const { rows } = await db.query<{ position: number }>(
        `select position from notice n where ${VISIBLE} and notice_id = any($5::uuid[])`,
        [...scoped(scope), noticeIds],
      )
      return rows.map(({ position }) => position)
    },

    /** Removes notices up to a position, at most so many, and what was read of them. */
    async trim(upTo: number, limit: number): Promise<number> {
      const { rowCount } = await db.query(
        `delete from notice where operator_id = $1 and notice_id = any (array(
           select notice_id from notice where operator_id = $1 and position <= $2 order by position limit $3))`,
        [tx.operatorId, upTo, limit],
      )
      // Whoever has read nothing that is still there is as one who was never here.
      await db.query(
        'delete from notice_reading where operator_id = $1 and read_up_to <= $2 and cardinality(read_ahead) = 0',
        [tx.operatorId, upTo],
      )
      return rowCount ?? 0
    },
  }
}
