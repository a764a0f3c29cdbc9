import type { Tx } from '../../platform/db/transaction.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import { type CredentialedPerson, personStore } from './person.store.ts'
import { matchingStep, recoveryHash } from './totp.ts'

/** The cell of a person's TOTP secret, confirmed or not. */
export function secondFactorCell(personId: string, column: 'second_factor_sealed' | 'second_factor_pending') {
  return { table: 'person', row: personId, column }
}

/** Spends a code of the app, or a recovery code; false when it is neither, or was used before. */
export async function spendCode(
  tx: Tx,
  { person, credentials }: CredentialedPerson,
  code: string,
  { sealer, now }: { sealer: Sealer; now: Date },
): Promise<boolean> {
  const { secondFactorSealed: sealed, secondFactorStep } = credentials
  if (sealed === null) return false
  const secret = sealer.open(sealed, secondFactorCell(person.personId, 'second_factor_sealed'))
  const step = matchingStep(secret, code, now, secondFactorStep)
  if (step !== null) return personStore(tx).useStep(person.personId, step)
  return personStore(tx).useRecoveryCode(person.personId, recoveryHash(code))
}
