import type { EventPayload } from '../../../contract/events.ts'
import { newId } from '../../kernel/ids.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { emit, type OutboxEvent, type Subscriber } from '../../platform/events/index.ts'
import { serviceStore } from '../services/index.ts'
import { serviceFacts } from './service-events.ts'

/** What becomes of services when something happens to their leads. */
export function followLeads(transact: Transact): Record<string, Subscriber> {
  const inOperator = <T>({ operatorId }: OutboxEvent, work: (tx: Tx) => Promise<T>) =>
    transact(jobPrincipal('events', operatorId, newId()), work)
  return {
    'licensing.decisions': {
      events: ['lead.suspended', 'lead.removed'],
      handle: (event, { done }) =>
        inOperator(event, async (tx) => {
          const { leadId, lead } = event.payload as EventPayload<'lead.removed'>
          await askForDecision(tx, leadId, lead.status)
          await done(tx)
        }),
    },
  }
}

/** Microsoft's word never bars a service by itself. */
async function askForDecision(tx: Tx, leadId: string, status: string): Promise<void> {
  const service = await serviceStore(tx).ofLead(leadId)
  if (service?.state !== 'Active') return
  await emit(tx, {
    name: 'service.needs-decision',
    channelId: service.channelId,
    key: `service/${service.serviceId}`,
    payload: { ...serviceFacts(service), leadId, status },
  })
}
