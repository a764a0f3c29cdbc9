import { allMailKinds, isMailOpenTo, type MailKind, type WireMailChoices } from '../../../contract/mail-choices.ts'
import { permissionsOf } from '../../../contract/roles.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import { type ChosenMail, chooseMail, chosenMail, type MailDelivery } from './mail-choice.store.ts'
import { accountPrincipal, type Origin } from './person-principal.ts'
import type { SignedIn } from './session.service.ts'

export type MailChoiceService = ReturnType<typeof createMailChoiceService>

/** What somebody wants to be told by mail; the same for every operator he works for. */
export function createMailChoiceService({ transact }: { transact: Transact }) {
  const within = <T>({ person, memberships }: SignedIn, origin: Origin, work: (tx: Tx) => Promise<T>): Promise<T> =>
    transact(accountPrincipal(person, memberships, origin), work)

  return {
    get: (signedIn: SignedIn, origin: Origin): Promise<WireMailChoices> =>
      within(signedIn, origin, async (tx) => shown(signedIn, await chosenMail(tx, signedIn.person.personId))),

    set: (signedIn: SignedIn, wanted: ChosenMail, origin: Origin): Promise<WireMailChoices> =>
      within(signedIn, origin, async (tx) => {
        const { personId, name } = signedIn.person
        const before = await chosenMail(tx, personId)
        const changed = allMailKinds.filter(
          (kind) => wanted[kind] !== undefined && wanted[kind] !== (before[kind] ?? 'at-once'),
        )
        if (changed.length > 0) {
          await chooseMail(tx, personId, wanted)
          const of = (choices: ChosenMail) =>
            Object.fromEntries(changed.map((kind) => [kind, choices[kind] ?? 'at-once']))
          await journal(tx).append({
            action: 'person.mail-chosen',
            object: { type: 'person', id: personId, name },
            before: of(before),
            after: of(wanted),
          })
        }
        return shown(signedIn, { ...before, ...wanted })
      }),
  }
}

function shown({ memberships }: SignedIn, chosen: ChosenMail): WireMailChoices {
  const entries = allMailKinds.map((kind): [MailKind, MailDelivery] => [kind, chosen[kind] ?? 'at-once'])
  return {
    choices: Object.fromEntries(entries) as WireMailChoices['choices'],
    open: allMailKinds.filter((kind) =>
      memberships.some(({ tier, level }) => isMailOpenTo(kind, tier, permissionsOf(tier, level))),
    ),
  }
}
