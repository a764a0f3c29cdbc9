import { type Clock, systemClock } from '../../../kernel/clock.ts'
import { emit } from '../../../platform/events/index.ts'
import { defineJob, type JobDefinition } from '../../../platform/jobs/index.ts'
import { journal } from '../../audit/index.ts'
import { connectionStore } from '../connection.store.ts'
import { secretExpiry } from '../secret-expiry.rules.ts'

export const WATCH_SECRETS_JOB = 'operators.watch-secrets-job'

const ONCE_A_DAY_SECONDS = 86_400

/**
 * Says in the journal, and to whoever hears of events, that the secret of a connection ends within 30 days, within 7, or
 * has ended: each once for a secret. Source: issue 3, 2.
 */
export function watchSecretsJob(clock: Clock = systemClock): JobDefinition {
  return defineJob({
    name: WATCH_SECRETS_JOB,
    summary: 'Warns before the secret of the connection to Microsoft expires',
    scope: 'each-operator',
    everySeconds: ONCE_A_DAY_SECONDS,
    timeoutSeconds: 60,
    async run(run) {
      await run.transact(async (tx) => {
        const store = connectionStore(tx)
        const row = await store.find(run.operatorId)
        if (!row) return
        const { on, daysLeft, state } = secretExpiry(row.secret_expires_on, clock.now())
        const due = state === 'unknown' || state === 'fine' ? null : state
        if (due === row.expiry_told) return
        await store.noteExpiryTold(run.operatorId, due)
        if (due === null) return
        const after = { on, daysLeft, state: due }
        await journal(tx).append({
          action: due === 'expired' ? 'connection.secret-expired' : 'connection.secret-expiring',
          object: { type: 'connection', id: String(run.operatorId) },
          after,
          detail: 'Make a new secret in the app registration and enter it in the connection.',
        })
        await emit(tx, { name: 'connection.secret-expiring', key: `connection/${run.operatorId}`, payload: after })
      })
      run.progress({ phase: 'done' })
    },
  })
}
