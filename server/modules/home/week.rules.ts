/** A week by its Monday, and the instant at which that day begins. */
export type Week = { week: string; since: Date }

const DAY_MS = 86_400_000

/** The last `count` weeks in a time zone, the present one included, the oldest first. */
export function weeksUntil(now: Date, timeZone: string, count: number): Week[] {
  // The day there, as an instant of UTC: days can be counted with it.
  const today = new Date(wallClock(now, timeZone)).setUTCHours(0, 0, 0, 0)
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * DAY_MS
  return Array.from({ length: count }, (_, index) => {
    const day = monday - (count - 1 - index) * 7 * DAY_MS
    return { week: new Date(day).toISOString().slice(0, 10), since: new Date(midnight(day, timeZone)) }
  })
}

/** When a day begins in the zone. The second look is for days beside a change of the clocks. */
function midnight(day: number, timeZone: string): number {
  const near = day - (wallClock(new Date(day), timeZone) - day)
  return near - (wallClock(new Date(near), timeZone) - day)
}

/** What clocks show there, as if it were UTC. */
function wallClock(instant: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}
