/** Failed attempts under one key, and when the last one was. */
export type Failures = { failures: number; lastFailedAt: Date }

/** `free` failures cost nothing; each further one doubles the wait, up to `waitSecondsMax`. */
export type ThrottleRule = { free: number; waitSecondsMax: number }

/**
 * An address that guesses is slowed wherever it tries; an address that guesses at one account sooner; and an account that
 * is guessed at from many addresses is slowed for addresses it never signed in from, so that nobody can lock its owner out.
 */
export const THROTTLES = {
  pair: { free: 5, waitSecondsMax: 900 },
  address: { free: 20, waitSecondsMax: 300 },
  account: { free: 10, waitSecondsMax: 60 },
} as const satisfies Record<string, ThrottleRule>

/** Failures are forgotten after a time without any. */
export const FORGET_SECONDS = 3600

/** Seconds until the next attempt is let in; 0: now. */
export function waitSeconds({ free, waitSecondsMax }: ThrottleRule, known: Failures | undefined, now: Date): number {
  if (!known || known.failures < free) return 0
  const passed = (now.getTime() - known.lastFailedAt.getTime()) / 1000
  if (passed >= FORGET_SECONDS) return 0
  const wait = Math.min(waitSecondsMax, 2 ** Math.min(known.failures - free, 20))
  // A clock that was set back makes nobody wait longer than the rule says.
  return Math.max(0, Math.ceil(wait - Math.max(0, passed)))
}

/** How an address is counted: IPv6 by its /64, since one subscriber has all of that. */
export function addressKey(sourceIp: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(sourceIp)
  if (mapped?.[1]) return mapped[1]
  if (!sourceIp.includes(':')) return sourceIp
  const [head = '', tail = ''] = (sourceIp.split('%')[0] ?? '').toLowerCase().split('::')
  const before = head.split(':').filter((group) => group !== '')
  const after = sourceIp.includes('::') ? tail.split(':').filter((group) => group !== '') : []
  const missing = Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
