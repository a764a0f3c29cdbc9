/** How far somebody has read: everything up to a position, and some after it. */
export type Reading = { readUpTo: number; readAhead: number[] }

export const NOTHING_READ: Reading = { readUpTo: 0, readAhead: [] }

/** Singly read ones that are remembered; beyond it the oldest of them count with all before them. */
export const READ_AHEAD_MAX = 500

export function isRead({ readUpTo, readAhead }: Reading, position: number): boolean {
  return position <= readUpTo || readAhead.includes(position)
}

/** The reading after more of it. `upTo` beyond `newest` would mark what is still to come. */
export function readingAfter(
  { readUpTo, readAhead }: Reading,
  { upTo = 0, positions = [], newest }: { upTo?: number; positions?: readonly number[]; newest: number },
): Reading {
  const bottom = Math.max(readUpTo, Math.min(upTo, newest))
  const ahead = [...new Set([...readAhead, ...positions])].filter((one) => one > bottom).sort((a, b) => a - b)
  const over = ahead.length - READ_AHEAD_MAX
  if (over <= 0) return { readUpTo: bottom, readAhead: ahead }
  return { readUpTo: ahead[over - 1] ?? bottom, readAhead: ahead.slice(over) }
}
