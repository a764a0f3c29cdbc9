/** When changes may be made; `from` after `to` goes over midnight and counts to the day it begins. */
export type ChangeWindow = {
  /** 1 is Monday. */
  days: number[]
  /** HH:MM */
  from: string
  to: string
  /** Of the IANA list. */
  timeZone: string
}

const DAY_MINUTES = 1_440
const WEEK_MINUTES = 7 * DAY_MINUTES
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** Whether changes may be made now; without a window always. */
export function isOpen(window: ChangeWindow | null, now: Date): boolean {
  if (!window) return true
  const { weekday, minute } = localTime(now, window.timeZone)
  const [from, to] = [minutesOf(window.from), minutesOf(window.to)]
  if (from < to) return window.days.includes(weekday) && minute >= from && minute < to
  const yesterday = weekday === 1 ? 7 : weekday - 1
  return (window.days.includes(weekday) && minute >= from) || (window.days.includes(yesterday) && minute < to)
}

/** When the window opens next; null while it is open. To the minute. */
export function opensAt(window: ChangeWindow | null, now: Date): Date | null {
  if (!window || isOpen(window, now)) return null
  const first = afterMinutes(now, minutesUntil(window, now))
  // Clocks may be put forward or back in between, by an hour: looked at once more from shortly before.
  const before = new Date(Math.max(now.getTime(), first.getTime() - 90 * 60_000))
  const second = afterMinutes(before, minutesUntil(window, before))
  return isOpen(window, second) && second < first ? second : isOpen(window, first) ? first : second
}

function minutesUntil(window: ChangeWindow, now: Date): number {
  const { weekday, minute } = localTime(now, window.timeZone)
  const here = (weekday - 1) * DAY_MINUTES + minute
  const waits = window.days.map((day) => {
    const wait = ((day - 1) * DAY_MINUTES + minutesOf(window.from) - here + WEEK_MINUTES) % WEEK_MINUTES
    return wait === 0 ? WEEK_MINUTES : wait
  })
  return Math.min(...waits)
}

function afterMinutes(now: Date, minutes: number): Date {
  const whole = Math.floor(now.getTime() / 60_000)
  return new Date((whole + minutes) * 60_000)
}

function localTime(now: Date, timeZone: string): { weekday: number; minute: number } {
  const options = { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const parts = new Map(
    new Intl.DateTimeFormat('en', options).formatToParts(now).map(({ type, value }) => [type, value]),
  )
  return {
    weekday: WEEKDAYS.indexOf(parts.get('weekday') ?? '') + 1,
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  }
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}
