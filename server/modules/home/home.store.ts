import type { OperatorPrincipal } from '../../kernel/principal.ts'
import { type Reader, settingOf } from '../../platform/db/reader.ts'

/** Of each kind of lead how many: few rows, whatever the number of leads. */
export type StandingRow = { status: string; in_channel: boolean; licensed: boolean; leads: number }
/** Place 1 is the oldest week; `country` null: of all countries, else of all weeks. */
export type ArrivalRow = { place: number; country: string | null; licensed: boolean; leads: number }
/** `place` null: of all weeks. */
export type HandoverRow = { place: number | null; given: number; seconds: number }
/** As `HandoverRow`, of leads with a license. */
export type LicensingRow = { place: number | null; seconds: number }
export type LeadCounts = {
  standing: StandingRow[]
  arrivals: ArrivalRow[]
  handovers: HandoverRow[]
  licensings: LicensingRow[]
}

/** Counts over all leads of a scope, in few passes over indexes that hold all they look at. */
export function homeStore(reader: Reader, principal: OperatorPrincipal) {
  const operatorId = Math.trunc(principal.operatorId)
  const channelId = principal.channelId === null ? null : Math.trunc(principal.channelId)
  // Row security says the channel too, but in a form that no index can be walked by.
  const inScope = `operator_id = ${operatorId}${channelId === null ? '' : ` and channel_id = ${channelId}`}`
  const hasChannels = `exists (select from channel where operator_id = ${operatorId} and deleted_at is null)`

  return {
    /** What the counts depend on, apart from the day: changes when they may. */
    async version(): Promise<string> {
      const [rows] = await reader.read(principal, [
        `select (select version from lead_scope where operator_id = ${operatorId} and channel_id = ${channelId ?? 0}) as leads,
           (select max(given_at) from lead_handover where ${inScope}) as given, ${hasChannels} as channels`,
      ])
      return JSON.stringify(rows?.[0] ?? null)
    },

    async hasChannels(): Promise<boolean> {
      const [rows] = await reader.read(principal, [`select ${hasChannels} as found`])
      return rows?.[0]?.found === true
    },

    /** Of weeks that begin at these instants, in order; and how all leads stand. */
    async counts(weeks: readonly Date[]): Promise<LeadCounts> {
      const settings = { f_weeks: weeks.map((since) => since.toISOString()).join(',') }
      const thresholds = `(select string_to_array(${settingOf('f_weeks')}, ',')::timestamptz[])`
      const inWeeks = `${inScope} and consented_at >= (${thresholds})[1]`
      // One walk of an index that holds all of it, into few combinations, whatever the number of leads.
      const leads = `
        with few as materialized (
          select width_bucket(consented_at, ${thresholds}) as place, status, channel_id is not null as in_channel,
            ump_customer_guid is not null as licensed,
            case when consented_at >= (${thresholds})[1] then countries end as countries, count(*) as leads
          from lead where ${inScope} group by 1, 2, 3, 4, 5
        )
        select null as place, null as country, status, in_channel, licensed, sum(leads)::int as leads
        from few group by 3, 4, 5
        union all
        select place, null, null, null, licensed, sum(leads)::int from few where place > 0 group by 1, 5
        union all
        select 0, country, null, null, licensed, sum(leads)::int
        from few, unnest(countries) country where place > 0 group by 2, 5`
      const handovers = `
        select place, count(*)::int as given, percentile_cont(0.5) within group (order by seconds) as seconds
        from (
          select width_bucket(consented_at, ${thresholds}) as place,
            greatest(0, extract(epoch from given_at - consented_at))::float8 as seconds
          from lead_handover where ${inWeeks}${channelId === null ? ' and is_first' : ''}
        ) one group by grouping sets ((place), ())`
      // A service that was adopted was licensed before anybody counted.
      const licensings = `
        select place, percentile_cont(0.5) within group (order by seconds) as seconds
        from (
          select width_bucket(l.consented_at, ${thresholds}) as place,
            greatest(0, extract(epoch from s.created_at - l.consented_at))::float8 as seconds
          from service s join (select * from lead where ${inWeeks}) l using (operator_id, lead_id)
          where s.origin = 'licensed' and l.ump_customer_guid is not null and not l.is_direct
        ) one group by grouping sets ((place), ())`
      // Side by side: each is a walk of its own.
      const [leadRows = [], handoverRows = [], licensingRows = []] = await Promise.all(
        [leads, handovers, licensings].map(async (sql) => (await reader.read(principal, [sql], settings))[0] ?? []),
      )
      return {
        standing: leadRows.filter(({ place }) => place === null) as StandingRow[],
        arrivals: leadRows.filter(({ place }) => place !== null) as ArrivalRow[],
        handovers: (handoverRows as HandoverRow[]).filter(({ given }) => given > 0),
        licensings: (licensingRows as LicensingRow[]).filter(({ seconds }) => seconds !== null),
      }
    },
  }
}
