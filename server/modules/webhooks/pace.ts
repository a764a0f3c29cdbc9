/** How many may begin now, and how many have begun. */
export type Pace = {
  /** At least one, so that a single event never waits. */
  room(): number
  take(count: number): void
}

/** What may be made good at once after it was held up, in milliseconds of the rate. */
const SAVED_MS = 100

/** Spreads attempts over time: no more than `perSecond` in the long run. `now` in milliseconds. */
export function createPace(perSecond: number, now: () => number = () => performance.now()): Pace {
  const most = (perSecond * SAVED_MS) / 1_000
  let left = most
  let filledAt = now()
  return {
    room() {
      const at = now()
      left = Math.min(most, left + ((at - filledAt) * perSecond) / 1_000)
      filledAt = at
      return Math.max(1, Math.floor(left))
    },
    take(count) {
      left -= count
    },
  }
}
