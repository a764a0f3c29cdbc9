import type { Reply } from '../harness/client.ts'
import type { Objects } from '../sample-requests.ts'
import { type Caller, seesAsCaller } from './callers.ts'
import { allPlaces, type Place } from './places.ts'

/** What belongs to each place and must not be in an answer to whom it does not concern. */
export type Belongings = Map<Place, Objects>

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/**
 * What an answer gives away, in words; empty: nothing. Markers of other places, and ids of their objects that the request
 * did not name itself, in the body and in every header.
 */
export function leaksIn(reply: Reply, caller: Caller, belongings: Belongings, asked = ''): string[] {
  const all = `${[...reply.headers].map((pair) => pair.join(': ')).join('\n')}\n${reply.text}`.toLowerCase()
  // Links to other pages repeat what was searched for.
  const said = all.replaceAll(/[?&]q=[^&>"\s]*/g, '')
  const unseen = allPlaces.filter((place) => !seesAsCaller(caller, place))
  const leaks = unseen
    .filter((place) => said.includes(place.marker) && !mayName(caller, place, said))
    .map((place) => `the marker of ${place.name} at …${around(said, place.marker)}…`)
  const ids = new Set(said.match(GUID))
  for (const place of unseen) {
    for (const [kind, id] of Object.entries(belongings.get(place) ?? {})) {
      if (kind === 'operatorId' || asked.includes(String(id)) || !ids.has(String(id))) continue
      if (!isSharedWith(caller, place, kind)) leaks.push(`${kind} of ${place.name}`)
    }
  }
  return leaks
}

/** Runs are of the operator, so those of its channels are not foreign to it. */
function isSharedWith(caller: Caller, place: Place, kind: string): boolean {
  return kind === 'runId' && caller.place?.channelId === null && caller.place.operatorId === place.operatorId
}

/**
 * The platform tier works for every operator, and a channel belongs to one: they are told its name, and nothing else of it.
 */
function mayName(caller: Caller, place: Place, said: string): boolean {
  const mayKnow = caller.tier === 'platform' || caller.place?.operatorId === place.operatorId
  if (!mayKnow || place.channelId !== null) return false
  return !said.replaceAll(`${place.name} ${place.marker}`, '').includes(place.marker)
}

function around(text: string, part: string): string {
  const at = text.indexOf(part)
  return JSON.stringify(text.slice(Math.max(0, at - 60), at + 40))
}

/** What an answer says, without what must differ from one request to the next: its ids and times, and those of `named`. */
export function told({ status, body, headers, text }: Reply, named: Objects[]): string {
  let words =
    typeof body === 'object' && body !== null
      ? JSON.stringify({ ...body, requestId: '', instance: '', traceId: '', errorTicket: '' })
      : text
  // First: a number of an object may be in them by chance.
  words = words.replaceAll(/wst_[0-9a-f-]{36}/g, 'wst_…').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…')
  return `${status} ${headers.get('content-type')} ${withoutIds(words, named)}`
}

/** The longest first: a short number may be in a GUID by chance. */
export function withoutIds(text: string, named: Objects[]): string {
  const ids = named.flatMap((objects) => Object.values(objects)).map(String)
  return ids.sort((a, b) => b.length - a.length).reduce((rest, id) => rest.replaceAll(id, '…'), text)
}
