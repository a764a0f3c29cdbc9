const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const short = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })

/** Instants of Microsoft carry up to 7 decimals, which a Date cannot hold: three are enough to show. */
export function instantOf(text: string): Date | null {
  const instant = new Date(text.replace(/(\.\d{3})\d+/, '$1'))
  return Number.isNaN(instant.getTime()) ? null : instant
}

/** The whole instant in words, with the user's time zone. */
export function exactText(instant: Date): string {
  return exact.format(instant)
}

export function dayText(instant: Date): string {
  return day.format(instant)
}

/** "1 – 15 Mar 2026", as short as the language allows. */
export function dayRangeText(from: Date, to: Date): string {
  return day.formatRange(from, to)
}

export function dayAndTimeText(instant: Date): string {
  return dayAndTime.format(instant)
}

/** Whether the distance says more than the date. */
export function isNear(instant: Date, now: number): boolean {
  return Math.abs(instant.getTime() - now) < 30 * DAY
}

/** "40 sec. ago", "yesterday", "in 3 min."; after 30 days the date itself, which then says more. */
export function relativeText(instant: Date, now: number): string {
  const distance = instant.getTime() - now
  const size = Math.abs(distance)
  if (size < MINUTE) return short.format(Math.round(distance / SECOND), 'second')
  if (size < HOUR) return short.format(Math.round(distance / MINUTE), 'minute')
  if (size < DAY) return short.format(Math.round(distance / HOUR), 'hour')
  if (size < 30 * DAY) return short.format(Math.round(distance / DAY), 'day')
  return day.format(instant)
}

const units = [
  { seconds: 86_400, unit: 'day' },
  { seconds: 3_600, unit: 'hour' },
  { seconds: 60, unit: 'minute' },
] as const

/** "2 minutes", "0.5 seconds": a span of time, at most one decimal, never nothing. */
export function durationText(exactly: number): string {
  const seconds = Math.max(0.1, exactly)
  const { seconds: one, unit } = units.find(({ seconds: size }) => seconds >= size) ?? { seconds: 1, unit: 'second' }
  const digits = seconds / one < 10 && seconds % one !== 0 ? 1 : 0
  const format = new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: digits,
  })
  return format.format(seconds / one)
}

/** Midnight that ends the day; it may be 23 or 25 hours away. */
export function nextDay(day: Date): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1)
}

/** Midnight that began the user's day, so many days ago. */
export function startOfDay(now: number, daysAgo: number): Date {
  const date = new Date(now)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysAgo)
}

/** A date as `<input type="date">` writes it, as the beginning of that day here; null when it is none. */
export function localDay(text: string): Date | null {
  const [year, month, dayOfMonth] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.slice(1).map(Number) ?? []
  if (year === undefined || month === undefined || dayOfMonth === undefined) return null
  // A year that is still being typed (0002) is none, and so is one that no API can write.
  if (year < 1970 || year > 2999) return null
  const date = new Date(year, month - 1, dayOfMonth)
  return date.getMonth() === month - 1 && date.getDate() === dayOfMonth ? date : null
}

/** The user's time zone in words, for example "Europe/Berlin (GMT+1)". */
export function timeZoneText(now: number): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const parts = new Intl.DateTimeFormat(undefined, { timeZoneName: 'shortOffset' }).formatToParts(new Date(now))
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value
  return offset && offset !== timeZone ? `${timeZone} (${offset})` : timeZone
}

const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** "4.1 MB": a size as file managers show it, in powers of 1,000. */
export function bytesText(bytes: number): string {
  const step = Math.min(sizes.length - 1, bytes < 1_000 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const amount = bytes / 1_000 ** step
  const format = new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: sizes[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: step > 0 && amount < 100 ? 1 : 0,
  })
  return format.format(amount)
}
