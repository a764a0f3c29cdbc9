import { dayRangeText, dayText, localDay, nextDay, startOfDay } from './dates.ts'

/**
 * A choice of days as it stands in an address: `today`, `7d`, `30d` (seed 000, toolbar), or days of one's own as
 * `2026-03-01..2026-03-31` with either end left out; a lone day means from that day on. undefined: all.
 */
export type DateChoice = string | undefined

/** Instants of the choice: from `since` on and before `before`, either may be missing. */
export type InstantRange = { since?: Date; before?: Date }

/** Days before today at which a preset begins. */
const PRESETS = { today: 0, '7d': 6, '30d': 29 } as const
export type DatePreset = keyof typeof PRESETS

export function isPreset(choice: DateChoice): choice is DatePreset {
  return choice !== undefined && Object.hasOwn(PRESETS, choice)
}

/** The first and the last day of one's own range as `<input type="date">` writes them, '' where open; null: not one. */
export function ownDays(choice: DateChoice): { first: string; last: string } | null {
  if (choice === undefined || isPreset(choice)) return null
  const [first = '', last = '', ...more] = choice.split('..')
  const days = [first, last].filter((text) => text !== '').map(localDay)
  if (more.length > 0 || days.length === 0 || days.includes(null)) return null
  return first !== '' && last !== '' && last < first ? null : { first, last }
}

/** The choice that these days make; undefined for none. */
export function choiceOf({ first, last }: { first: string; last: string }): DateChoice {
  return first === '' && last === '' ? undefined : `${first}..${last}`
}

/** Whole days in the user's time zone, those of a change of the clocks included; {} for what is no choice. */
export function rangeOf(choice: DateChoice, now: number): InstantRange {
  if (isPreset(choice)) return { since: startOfDay(now, PRESETS[choice]) }
  const days = ownDays(choice)
  const [first, last] = [localDay(days?.first ?? ''), localDay(days?.last ?? '')]
  return { ...(first && { since: first }), ...(last && { before: nextDay(last) }) }
}

export function isDateChoice(text: string): boolean {
  return isPreset(text) || ownDays(text) !== null
}

/** The days of a preset as a range of one's own, to go on from. */
export function daysOfPreset(preset: DatePreset, now: number): { first: string; last: string } {
  return { first: isoDay(startOfDay(now, PRESETS[preset])), last: isoDay(startOfDay(now, 0)) }
}

/** Words for days of one's own: "1 – 15 Mar 2026". `since` and `until` put one end into words. */
export function daysText(
  { first, last }: { first: string; last: string },
  words: { since: (day: string) => string; until: (day: string) => string },
): string {
  const [from, to] = [localDay(first), localDay(last)]
  if (from && to) return dayRangeText(from, to)
  return from ? words.since(dayText(from)) : to ? words.until(dayText(to)) : ''
}

export function isoDay(date: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
