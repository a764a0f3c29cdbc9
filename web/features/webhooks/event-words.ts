import type { TFunction } from 'i18next'
import type { WireCatalogueEvent } from '../../api/webhooks.ts'

export const eventGroups = ['leads', 'desk', 'microsoft', 'other'] as const
export type EventGroup = (typeof eventGroups)[number]

/** What Microsoft and the customer do with a lead; every other `lead.` is done at the desk. */
const AT_MICROSOFT = new Set(['created', 'changed', 'countries-changed', 'suspended', 'removed', 'merged', 'deleted'])

/** Events that come with a later release find a place of their own accord. */
export function eventGroupOf(name: string): EventGroup {
  const [subject = '', deed = ''] = name.split('.')
  if (subject === 'lead') return AT_MICROSOFT.has(deed) ? 'leads' : 'desk'
  return subject === 'sync' || subject === 'connection' ? 'microsoft' : 'other'
}

/** A name for people; an event that is new here keeps its own. */
export function eventTitle(t: TFunction, name: string): string {
  return t(`webhooks.event.${name as 'lead.created'}`, { defaultValue: name })
}

/** The catalogue as it can be chosen from: a channel is never told of what concerns the whole operator. */
export function groupedEvents(
  events: readonly WireCatalogueEvent[],
  isForChannel: boolean,
): { group: EventGroup; events: WireCatalogueEvent[] }[] {
  const offered = events.filter(({ operatorOnly }) => !(isForChannel && operatorOnly))
  return eventGroups
    .map((group) => ({ group, events: offered.filter(({ name }) => eventGroupOf(name) === group) }))
    .filter(({ events: some }) => some.length > 0)
}
