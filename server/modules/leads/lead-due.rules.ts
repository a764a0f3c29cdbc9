import { relationshipOf } from './direct-lead.rules.ts'
import type { RemoteLead } from './lead.rules.ts'
import { foldStatus } from './lead.rules.ts'

/** When somebody is at work. Minutes of the day, in the time zone; days as ISO counts them, 1 is Monday. */
export type WorkWeek = { days: readonly number[]; fromMinute: number; toMinute: number; timeZone: string }
export type DueRule = { amount: number; unit: 'hours' | 'days'; week: WorkWeek }

export const DEFAULT_WEEK: WorkWeek = { days: [1, 2, 3, 4, 5], fromMinute: 8 * 60, toMinute: 17 * 60, timeZone: 'UTC' }

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** 500 working days with one day of work a week are less. */
const LONGEST_DAYS = 4_000

/** The instant at which so much working time has passed since `start`. A working day is as long as the week says. */
export function dueAfter(start: Date, { amount, unit, week }: DueRule): Date {
  const dayLength = week.toMinute - week.fromMinute
  let left = (unit === 'hours' ? amount * 60 : amount * dayLength) * MINUTE_MS
  const first = localMidnight(start, week.timeZone)
  for (let passed = 0; passed < LONGEST_DAYS; passed++) {
    const midnight = first + passed * DAY_MS
    if (!week.days.includes(isoDay(midnight))) continue
    const from = Math.max(instantOf(midnight, week.fromMinute, week.timeZone), start.getTime())
    const to = instantOf(midnight, week.toMinute, week.timeZone)
    if (to - from >= left && to > from) return new Date(from + left)
    left -= Math.max(to - from, 0)
  }
  throw new Error('A working week without working time.')
}

/** `08:30` as minutes of the day, and back. */
export function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}

export function timeText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** Relationships that say nothing of a judgement: nobody has been in touch yet. */
const UNJUDGED = ['', 'consentacknowledged']

/**
 * Whether a change of Microsoft's record is a judgement, so that a due date is met by it: the relationship goes beyond
 * ConsentAcknowledged, or changes there, or the lead is gone. Source: docs/decisions/0018.
 */
export function isJudgement(before: RemoteLead, after: RemoteLead): boolean {
  if (foldStatus(after.status) === 'removed' && foldStatus(before.status) !== 'removed') return true
  const [was, is] = [relationWord(before), relationWord(after)]
  return is !== was && !UNJUDGED.includes(is)
}

function relationWord(remote: RemoteLead): string {
  return foldStatus(relationshipOf(remote)?.status ?? '')
}

/** Midnight of the local day of an instant, as if that day were of UTC. */
function localMidnight(instant: Date, timeZone: string): number {
  const local = instant.getTime() + offsetOf(instant.getTime(), timeZone)
  return Math.floor(local / DAY_MS) * DAY_MS
}

function isoDay(midnight: number): number {
  return new Date(midnight).getUTCDay() || 7
}

/** When it is that minute of a local day. In the hour that a clock skips or repeats: the later reading. */
function instantOf(midnight: number, minute: number, timeZone: string): number {
  const local = midnight + minute * MINUTE_MS
  const guess = local - offsetOf(local, timeZone)
  return local - offsetOf(guess, timeZone)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** By how much clocks of the zone are ahead of UTC. */
function offsetOf(instant: number, timeZone: string): number {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    })
  formats.set(timeZone, format)
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1_000) * 1_000
}
