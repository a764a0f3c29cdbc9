import { isoDay } from '../../ui/date-choice.ts'
import { dayRangeText, localDay } from '../../ui/dates.ts'

const WEEK_DAYS = 7

/** The list of leads as a link narrows it: archived ones count in the figures, and one's own view must not narrow it further. */
export type ListSearch = Record<string, string>
const WHOLE: ListSearch = { archived: 'include', view: 'all' }

/** Leads whose customers consented in the week that begins on this Monday. */
export function ofWeek(week: string): ListSearch {
  return { ...WHOLE, consented: `${week}..${lastDayOf(week)}` }
}

/** Leads of a country, of all the weeks that are told. */
export function ofCountry(country: string, weeks: readonly { week: string }[]): ListSearch {
  const first = weeks[0]?.week ?? ''
  return { ...WHOLE, country, ...(first && { consented: `${first}..` }) }
}

/** "16 – 22 Nov 2026" */
export function weekText(week: string): string {
  const [first, last] = [localDay(week), localDay(lastDayOf(week))]
  return first && last ? dayRangeText(first, last) : week
}

const short = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })

/** "16 Nov" */
export function mondayText(week: string): string {
  const day = localDay(week)
  return day ? short.format(day) : week
}

function lastDayOf(week: string): string {
  const monday = localDay(week)
  if (!monday) return week
  return isoDay(new Date(monday.getFullYear(), monday.getMonth(), monday.getDate() + WEEK_DAYS - 1))
}
