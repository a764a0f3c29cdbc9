import type { Tx } from '../../platform/db/transaction.ts'
import { type JournalEntry, journal } from '../audit/index.ts'
import { channelPeopleStore } from './channel-people.store.ts'
import { sessionStore } from './session.store.ts'

/** People of the channel tier of each channel that has any. */
export function countChannelPeople(tx: Tx): Promise<Map<number, number>> {
  return channelPeopleStore(tx).count()
}

/** Takes their role from all people of a channel that is being deleted, and ends its open invitations. */
export async function removeChannelPeople(tx: Tx, channelId: number, now: Date): Promise<void> {
  const store = channelPeopleStore(tx)
  const people = await store.list(channelId)
  const entries: JournalEntry[] = []
  for (const { personId, name, level, reachesBeyond } of people) {
    // While he is still in scope.
    if (!reachesBeyond) await sessionStore(tx, now).revoke(personId)
    const before = { tier: 'channel', level, operatorId: tx.operatorId, channelId }
    entries.push({ action: 'person.removed', object: { type: 'person', id: personId, name }, channelId, before })
  }
  await store.deleteMemberships(channelId)
  for (const { id, name } of await store.revokeInvitations(channelId, now)) {
    entries.push({ action: 'invitation.revoked', object: { type: 'invitation', id, name }, channelId })
  }
  await journal(tx).append(entries)
}
