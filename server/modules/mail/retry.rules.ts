type Failure = { stage: string; code: number | null }

/** Minutes to wait after each failed attempt: greylisting takes some minutes, an outage a weekend. 48 hours in all. */
const DELAYS_MIN = [1, 5, 10, 20, 30, 60, 120, 240, 480, 480, 480, 480, 480] as const

export type Verdict =
  | { kind: 'again'; delayMs: number }
  /** The server refuses this very mail for good. */
  | { kind: 'bounced' }
  | { kind: 'given-up' }

/** Whether the failure tells of the server, or our settings for it, and not of one mail. */
export function isServerTrouble({ stage, code }: Failure): boolean {
  return code === null || stage === 'connect' || stage === 'tls' || stage === 'sign-in' || stage === 'sender'
}

/** What to do with a mail after its failed attempt number `attempts`. Source: RFC 5321 4.2.1, 4.5.4.1. */
export function judgeFailure(failure: Failure, attempts: number): Verdict {
  if (!isServerTrouble(failure) && (failure.code ?? 0) >= 500) return { kind: 'bounced' }
  const minutes = DELAYS_MIN[attempts - 1]
  return minutes === undefined ? { kind: 'given-up' } : { kind: 'again', delayMs: minutes * 60_000 }
}
