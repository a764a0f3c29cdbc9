import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { ServiceFact } from './license-usage.rules.ts'

/** What was used on one day. */
export type UsageDay = { day: string; license: string; services: number; licensedUsers: number }

/** Facts of use, written once and never rewritten; in the scope of the transaction. */
export function licenseUsageStore(tx: Tx) {
  const client = connectionOf(tx)
  const { operatorId } = tx
  return {
    /** Writes down a day: once, whoever asks again. True: it was this call that did. */
    async recordDay(day: string): Promise<boolean> {
      const { rowCount } = await client.query(
        `insert into license_usage_day (operator_id, day, channel_id, license, services, licensed_users)
         select operator_id, $2::date, coalesce(channel_id, 0), license, count(*), coalesce(sum(licensed_users), 0)
         from service where operator_id = $1 and state <> 'Creating' group by operator_id, channel_id, license
         on conflict do nothing`,
        [operatorId, day],
      )
      return (rowCount ?? 0) > 0
    },

    /** Writes what is another than the last fact of each service says; up to `limit` of them. Answers how many there were. */
    async recordFacts(day: string, limit: number): Promise<number> {
      const { rowCount } = await client.query(
        `insert into service_usage (operator_id, service_id, day, channel_id, tenant_id, license, licensed_users, used_numbers, present)
         select s.operator_id, s.service_id, $2::date, s.channel_id, s.tenant_id, s.license, coalesce(s.licensed_users, 0), 0, true
         from service s
         left join lateral (
           select * from service_usage u where u.operator_id = $1 and u.service_id = s.service_id order by day desc limit 1
         ) last on true
         where s.operator_id = $1 and s.state <> 'Creating' and (
           last.service_id is null or not last.present or last.license <> s.license
           or last.licensed_users <> coalesce(s.licensed_users, 0) or last.channel_id is distinct from s.channel_id)
           and (last.day is null or last.day < $2::date)
         limit $3
         on conflict do nothing`,
        [operatorId, day, limit],
      )
      return rowCount ?? 0
    },

    /** Services that are gone, of which the last fact still says that they are there. */
    async recordGone(day: string, limit: number): Promise<number> {
      const { rowCount } = await client.query(
        `insert into service_usage (operator_id, service_id, day, channel_id, tenant_id, license, licensed_users, used_numbers, present)
         select operator_id, service_id, $2::date, channel_id, tenant_id, license, 0, 0, false
         from (
           select distinct on (service_id) * from service_usage where operator_id = $1 order by service_id, day desc
         ) last
         where present and day < $2::date and not exists (
           select from service s where s.operator_id = $1 and s.service_id = last.service_id)
         limit $3
         on conflict do nothing`,
        [operatorId, day, limit],
      )
      return rowCount ?? 0
    },

    /** By day and license; `channelId` 0: of services without channel, null: all. */
    async days(from: string, to: string, channelId: number | null): Promise<UsageDay[]> {
      const { rows } = await client.query<UsageDay>(
        `select to_char(day, 'YYYY-MM-DD') as day, license, sum(services)::int as services,
           sum(licensed_users)::int as "licensedUsers"
         from license_usage_day
         where operator_id = $1 and day between $2::date and $3::date and ($4::integer is null or channel_id = $4)
         group by day, license order by day, license`,
        [operatorId, from, to, channelId],
      )
      return rows
    },

    /** Facts of a service that hold somewhere in these days, the oldest first. */
    async factsOf(serviceId: string, from: string, to: string): Promise<ServiceFact[]> {
      const { rows } = await client.query<ServiceFact>(
        `select to_char(day, 'YYYY-MM-DD') as day, licensed_users as "licensedUsers", used_numbers as "usedNumbers", present,
           recorded_at as "recordedAt"
         from service_usage u
         where operator_id = $1 and service_id = $2 and day <= $4::date and day >= coalesce((
           select max(day) from service_usage where operator_id = $1 and service_id = $2 and day <= $3::date), $3::date)
         order by u.day`,
        [operatorId, serviceId, from, to],
      )
      return rows
    },
  }
}
