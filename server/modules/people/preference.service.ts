import type { WirePreferences } from '../../../contract/preferences.ts'
import { badRequest, type FieldError } from '../../kernel/errors.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { accountPrincipal, type Origin } from './person-principal.ts'
import { changePreferences, type PreferenceChange, preferencesOf } from './preference.store.ts'
import type { SignedIn } from './session.service.ts'

export type PreferenceService = ReturnType<typeof createPreferenceService>

/** How somebody has set up the portal for himself. A matter of taste, written with every column that is moved: not journaled. */
export function createPreferenceService({ transact }: { transact: Transact }) {
  const within = <T>({ person, memberships }: SignedIn, origin: Origin, work: (tx: Tx) => Promise<T>): Promise<T> =>
    transact(accountPrincipal(person, memberships, origin), work)

  return {
    get: (signedIn: SignedIn, origin: Origin): Promise<WirePreferences> =>
      within(signedIn, origin, (tx) => preferencesOf(tx, signedIn.person.personId)),

    async set(signedIn: SignedIn, change: PreferenceChange, origin: Origin): Promise<WirePreferences> {
      const errors = problemsOf(change, signedIn)
      if (errors.length > 0) throw badRequest(errors)
      return within(signedIn, origin, async (tx) => {
        await changePreferences(tx, signedIn.person.personId, change)
        return preferencesOf(tx, signedIn.person.personId)
      })
    },
  }
}

function problemsOf({ columns = {}, defaultView }: PreferenceChange, { choices }: SignedIn): FieldError[] {
  const errors: FieldError[] = []
  if (defaultView && !choices.some(({ operatorId }) => operatorId === defaultView.operatorId)) {
    errors.push({ pointer: '/body/defaultView/operatorId', detail: 'Must be an operator you work for.' })
  }
  for (const [list, chosen] of Object.entries(columns)) {
    if (chosen && new Set(chosen.map(({ id }) => id)).size < chosen.length) {
      errors.push({ pointer: `/body/columns/${list}`, detail: 'Must name each column once.' })
    }
  }
  return errors
}
