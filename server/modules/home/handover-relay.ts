import type { Relay } from '../../platform/events/index.ts'
import { goneLeadOf, handoverOf } from './handover.rules.ts'
import { handoverStore } from './handover.store.ts'

/** Keeps, beside the leads, how long each took from the customer's consent to a channel. */
export function createHandoverRelay(): Relay {
  return {
    events: ['lead.channel-assigned', 'lead.deleted'],
    async take(tx, events) {
      const told = events.map((event) => ({ ...event, payload: JSON.parse(event.payload) as unknown }))
      const given = told
        .filter(({ name }) => name === 'lead.channel-assigned')
        .flatMap((event) => handoverOf(event) ?? [])
      const gone = told.filter(({ name }) => name === 'lead.deleted').flatMap((event) => goneLeadOf(event) ?? [])
      // A direct lead was never kept, so the order between the two does not matter.
      if (given.length > 0) await handoverStore(tx).add(given)
      if (gone.length > 0) await handoverStore(tx).forget(gone)
      return given.length + gone.length > 0
    },
  }
}
