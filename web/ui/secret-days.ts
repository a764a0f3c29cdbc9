import { localDay } from './dates.ts'

/** Days before the end of a secret from which on it is told, as the server's own warnings. Source: portal.md 16, 29. */
export const WARN_DAYS = 30
/** From here on every page tells it, not only that of the connection. */
export const URGENT_DAYS = 7
const DAY_MS = 86_400_000

/** When a secret ends and in how many days from now, 0 or less when it has ended; null while nobody said. */
export function secretEnd(endsOn: string | null, now: number): { end: Date; days: number } | null {
  const end = endsOn === null ? null : localDay(endsOn)
  return end && { end, days: Math.ceil((end.getTime() - now) / DAY_MS) }
}
