import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

/** How many may be written, and how many of them in one minute; null: no matter. */
export type MailLimits = { perMinute: number | null; perDay: number }

/** How many mails to customers the operator of the transaction writes: the minute and the day of UTC. */
export function customerMailCount(tx: Tx) {
  const db = connectionOf(tx)
  return {
    async today(now: Date): Promise<number> {
      const { rows } = await db.query<{ count: number }>(
        `select day_count as count from customer_mail_count where operator_id = $1 and day = ($2::timestamptz at time zone 'UTC')::date`,
        [tx.operatorId, now],
      )
      return rows[0]?.count ?? 0
    },

    async inMinute(now: Date): Promise<number> {
      const { rows } = await db.query<{ count: number }>(
        `select minute_count as count from customer_mail_count where operator_id = $1 and minute = date_trunc('minute', $2::timestamptz)`,
        [tx.operatorId, now],
      )
      return rows[0]?.count ?? 0
    },

    /** Takes `count` out of what may be written; false: not that many are left, and none is taken. */
    async take(count: number, { perMinute, perDay }: MailLimits, now: Date): Promise<boolean> {
      if (count > perDay || (perMinute !== null && count > perMinute)) return false
      const { rowCount } = await db.query(
        `insert into customer_mail_count as c (operator_id, minute, minute_count, day, day_count)
         values ($1, date_trunc('minute', $2::timestamptz), case when $4::integer is null then 0 else $3::integer end,
           ($2::timestamptz at time zone 'UTC')::date, $3)
         on conflict (operator_id) do update set
           minute = excluded.minute, day = excluded.day,
           minute_count = excluded.minute_count + case when c.minute = excluded.minute then c.minute_count else 0 end,
           day_count = excluded.day_count + case when c.day = excluded.day then c.day_count else 0 end
         where excluded.day_count + case when c.day = excluded.day then c.day_count else 0 end <= $5
           and ($4::integer is null
             or excluded.minute_count + case when c.minute = excluded.minute then c.minute_count else 0 end <= $4)`,
        [tx.operatorId, now, count, perMinute, perDay],
      )
      return rowCount === 1
    },
  }
}
