import { HOME_COUNTRIES, type WaitingKind, type WireHome } from '../../../contract/home.ts'

/** The counts of home.store.ts, by their meaning. */
export type Counted = {
  standing: readonly { status: string; in_channel: boolean; licensed: boolean; leads: number }[]
  arrivals: readonly { place: number; country: string | null; licensed: boolean; leads: number }[]
  handovers: readonly { place: number | null; given: number; seconds: number }[]
  licensings: readonly { place: number | null; seconds: number }[]
}

export type LeadFigures = Pick<
  WireHome,
  'leads' | 'weeks' | 'medianSeconds' | 'licenseMedianSeconds' | 'countries' | 'otherCountries'
>
export type Waiting = { kind: WaitingKind; count: number }

/** Figures for pictures, from the counts; `weeks` by their Mondays, in the order of places. */
export function figuresOf(
  weeks: readonly string[],
  { standing, arrivals, handovers, licensings }: Counted,
): LeadFigures {
  const cohort = (rows: Counted['arrivals']) => ({
    leads: sum(rows.map(({ leads }) => leads)),
    licensed: sum(rows.filter(({ licensed }) => licensed).map(({ leads }) => leads)),
  })
  const byCountry = Map.groupBy(
    arrivals.filter(({ country }) => country !== null),
    ({ country }) => country as string,
  )
  const countries = [...byCountry]
    .map(([country, rows]) => ({ country, ...cohort(rows) }))
    .sort((a, b) => b.leads - a.leads || (a.country < b.country ? -1 : 1))
  return {
    leads: {
      total: sum(standing.map(({ leads }) => leads)),
      licensed: sum(standing.filter(({ licensed }) => licensed).map(({ leads }) => leads)),
    },
    weeks: weeks.map((week, index) => {
      const place = index + 1
      const handover = handovers.find((one) => one.place === place)
      const ofWeek = arrivals.filter((one) => one.country === null && one.place === place)
      return {
        ...{ week, ...cohort(ofWeek), given: handover?.given ?? 0 },
        medianSeconds: secondsOf(handover?.seconds),
        licenseMedianSeconds: secondsOf(licensings.find((one) => one.place === place)?.seconds),
      }
    }),
    medianSeconds: secondsOf(handovers.find(({ place }) => place === null)?.seconds),
    licenseMedianSeconds: secondsOf(licensings.find(({ place }) => place === null)?.seconds),
    countries: countries.slice(0, HOME_COUNTRIES),
    otherCountries: Math.max(0, countries.length - HOME_COUNTRIES),
  }
}

/** Leads that wait for somebody. `hasChannels`: there is a channel that they could be given to, and it is for one to do so. */
export function waitingLeadsOf({ standing }: Pick<Counted, 'standing'>, hasChannels: boolean): Waiting[] {
  const open = (status: string) => standing.filter((row) => !row.licensed && fold(row.status) === status)
  const withoutChannel = sum(open('active').map(({ in_channel, leads }) => (in_channel ? 0 : leads)))
  return [
    ...(hasChannels ? [{ kind: 'leads-without-channel' as const, count: withoutChannel }] : []),
    { kind: 'leads-not-active', count: sum(open('notactive').map(({ leads }) => leads)) },
  ]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

function secondsOf(seconds: number | undefined): number | null {
  return seconds === undefined ? null : Math.round(seconds)
}

/** As filters of lists compare statuses: the words of Microsoft in any spelling. */
function fold(status: string): string {
  return status.toLowerCase().replace(/[ _-]/g, '')
}
