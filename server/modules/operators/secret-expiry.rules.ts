import type { SecretExpiry } from '../../../contract/connections.ts'

/** Days before the end from which it is time to make a new secret, and from which it is high time. Source: portal.md 16, 29. */
export const SOON_DAYS = 30
export const URGENT_DAYS = 7

const DAY_MS = 86_400_000

/**
 * How long the secret of a connection is still good. Microsoft's token endpoint does not tell, so the date is what somebody
 * entered (YYYY-MM-DD, as Entra shows it; UTC). The last day counts as a good one: Entra ends a secret in its course.
 */
export function secretExpiry(on: string | null, now: Date): SecretExpiry {
  if (on === null) return { on, daysLeft: null, state: 'unknown' }
  const today = Math.floor(now.getTime() / DAY_MS)
  const daysLeft = Math.floor(Date.parse(`${on}T00:00:00Z`) / DAY_MS) - today
  return { on, daysLeft, state: stateOf(daysLeft) }
}

function stateOf(daysLeft: number): SecretExpiry['state'] {
  if (daysLeft < 0) return 'expired'
  if (daysLeft <= URGENT_DAYS) return 'urgent'
  return daysLeft <= SOON_DAYS ? 'soon' : 'fine'
}

/** What to tell somebody who tests a connection that works; null: nothing. */
export function expiryWarning({ on, daysLeft, state }: SecretExpiry): { detail: string; remedy: string } | null {
  switch (state) {
    case 'unknown':
    case 'fine':
      return null
    case 'expired':
      return {
        detail: `By the date that was entered (${on}) the secret has expired, but Microsoft still takes it.`,
        remedy: 'Correct the date, or make a new secret in the app registration and enter it here.',
      }
    case 'soon':
    case 'urgent':
      return {
        detail: `The secret expires on ${on}, ${daysLeft === 0 ? 'today' : daysLeft === 1 ? 'tomorrow' : `in ${daysLeft} days`}.`,
        remedy:
          'Make a new secret in the app registration and enter it here with its date; the old one works until then.',
      }
  }
}
