import { createHash } from 'node:crypto'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { installationPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { emailKey } from './person.rules.ts'
import { personStore } from './person.store.ts'
import { QueuePerKey } from './queue-per-key.ts'
import { sessionStore } from './session.store.ts'
import { addressKey, FORGET_SECONDS, THROTTLES, waitSeconds } from './throttle.rules.ts'
import { throttleStore } from './throttle.store.ts'

/** An attempt that was let in; it counts as failed until one of these says otherwise. */
export type Attempt = {
  /** It was the right person: what this address guessed at this account is forgiven. */
  succeeded(): Promise<void>
  /** It was neither right nor wrong (a second factor is still to come): as if it had not been. */
  withdrawn(): Promise<void>
}

export type Throttle = { attempt(email: string, sourceIp: string, requestId: string): Promise<Attempt> }

/**
 * Slows guessing, on all instances together. An attempt is counted before its password is looked at, so that a thousand at
 * once are slowed like a thousand in a row. Throws 429 `sign-in-slowed`; a refused attempt costs no argon2 and counts for nothing.
 */
export function createThrottle({ transact, clock }: { transact: Transact; clock: Clock }): Throttle {
  // All attempts from one address wait for one row: without this a flood would hold every database connection.
  const queue = new QueuePerKey({ running: 2, waiting: 30 })
  return {
    async attempt(email, sourceIp, requestId) {
      const principal = installationPrincipal('sign-in', requestId)
      const now = clock.now()
      const keys = keysOf(email, sourceIp)
      const count = () =>
        transact(principal, async (tx) => {
          const store = throttleStore(tx)
          await store.forgetOld(now)
          const found = await personStore(tx).findByEmail(emailKey(email))
          // Asked for nobody too, so that an account that exists takes no longer.
          const isKnown = await sessionStore(tx, now).isKnownAddress(found?.person.personId ?? NOBODY, sourceIp)
          const known = await store.lock(Object.values(keys), now)
          const wait = Math.max(
            waitSeconds(THROTTLES.pair, known.get(keys.pair), now),
            waitSeconds(THROTTLES.address, known.get(keys.address), now),
            isKnown ? 0 : waitSeconds(THROTTLES.account, known.get(keys.account), now),
          )
          if (wait > 0) throw slowed(wait)
          for (const key of Object.values(keys)) {
            const { failures = 0, lastFailedAt = now } = known.get(key) ?? {}
            const isForgotten = now.getTime() - lastFailedAt.getTime() >= FORGET_SECONDS * 1000
            await store.set(key, { failures: (isForgotten ? 0 : failures) + 1, lastFailedAt: now })
          }
        })
      await queue.run(keys.address, count, () => slowed(1))
      const takeBack = (forgotten: readonly string[]) =>
        transact(principal, async (tx) => {
          const store = throttleStore(tx)
          const counted = await store.lock(Object.values(keys), now)
          for (const [key, { failures, lastFailedAt }] of counted) {
            if (!forgotten.includes(key)) await store.set(key, { failures: Math.max(0, failures - 1), lastFailedAt })
          }
          if (forgotten.length > 0) await store.forget(forgotten)
        })
      return { succeeded: () => takeBack([keys.pair]), withdrawn: () => takeBack([]) }
    },
  }
}

const NOBODY = '00000000-0000-0000-0000-000000000000'

function keysOf(email: string, sourceIp: string) {
  const address = addressKey(sourceIp)
  const account = createHash('sha256').update(emailKey(email)).digest('base64url')
  return { pair: `pair ${address} ${account}`, address: `address ${address}`, account: `account ${account}` }
}

function slowed(seconds: number): AppError {
  return new AppError({
    code: 'sign-in-slowed',
    status: 429,
    detail: `Too many failed attempts. Try again in ${seconds} s.`,
    retryAfterSeconds: seconds,
  })
}
